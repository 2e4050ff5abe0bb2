//! A temporary copy of what cannot be read twice: a pipe, or the inside of a compressed file.
//!
//! Owns the copy and its bound. Nobody else can read it, and it is gone with the program, however that ends.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, Write};

use super::SourceError;
use super::workbook::WorkbookError;

/// Bytes of a copy.
const LIMIT: u64 = 1_000_000_000;

/// Copies all that a reader gives.
pub(super) fn copy(mut reader: Box<dyn Read + Send>) -> Result<File, SourceError> {
    // Without a name, of mode 0600.
    let mut file = tempfile::tempfile().map_err(|error| unspooled(&error))?;
    let mut buffer = vec![0; 64 * 1024];
    let mut size = 0;
    loop {
        let count = match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(SourceError::BrokeOff(error)),
        };
        size += count as u64;
        if size > LIMIT {
            let what = "it is a workbook of more than 1 GB";
            return Err(WorkbookError::TooLarge { what }.into());
        }
        file.write_all(buffer.get(..count).unwrap_or_default())
            .map_err(|error| unspooled(&error))?;
    }
    file.rewind().map_err(|error| unspooled(&error))?;
    Ok(file)
}

fn unspooled(error: &io::Error) -> SourceError {
    WorkbookError::Unspooled(error.kind().to_string()).into()
}
