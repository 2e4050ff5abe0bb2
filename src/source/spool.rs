//! A temporary copy of what cannot be read twice: a pipe, or the inside of a compressed file.
//!
//! Owns the copy and its bound. Nobody else can read it, and it is gone with the program, however that ends.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

use super::SourceError;
use super::workbook::WorkbookError;

/// Bytes of a copy that a workbook is read from.
const LIMIT: u64 = 1_000_000_000;

/// A copy that may be read by several, each from the beginning.
#[derive(Clone, Debug)]
pub(super) struct SpooledCopy {
    file: Arc<Mutex<File>>,
    pub(super) size: u64,
}

/// One reading of a copy.
pub(super) struct CopyReader {
    file: Arc<Mutex<File>>,
    at: u64,
}

impl SpooledCopy {
    pub(super) fn reader(&self) -> CopyReader {
        CopyReader {
            file: Arc::clone(&self.file),
            at: 0,
        }
    }
}

impl Read for CopyReader {
    /// All readers share the file's own position, so each read sets where it begins.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.at))?;
        let count = file.read(buffer)?;
        self.at += count as u64;
        Ok(count)
    }
}

/// Copies all that a reader gives, to be read as often as is needed.
pub(super) fn keep(reader: Box<dyn Read + Send>) -> Result<SpooledCopy, SourceError> {
    let (file, size) = copied(reader, u64::MAX)?;
    let file = Arc::new(Mutex::new(file));
    Ok(SpooledCopy { file, size })
}

/// As [`keep`], where reading may break off: what was read until then, and why it ended.
pub(super) fn keep_what_comes(
    reader: Box<dyn Read + Send>,
) -> Result<(SpooledCopy, Option<io::Error>), SourceError> {
    let broken = Arc::new(Mutex::new(None));
    let ending = UntilFailure {
        reader,
        broken: Arc::clone(&broken),
    };
    let copy = keep(Box::new(ending))?;
    let broken = broken.lock().unwrap_or_else(PoisonError::into_inner).take();
    Ok((copy, broken))
}

/// A reader that ends where another one fails, and keeps the failure.
struct UntilFailure {
    reader: Box<dyn Read + Send>,
    broken: Arc<Mutex<Option<io::Error>>>,
}

impl Read for UntilFailure {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.reader.read(buffer) {
            Err(error) if error.kind() != ErrorKind::Interrupted => {
                *self.broken.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                Ok(0)
            }
            read => read,
        }
    }
}

/// Copies all of a workbook that a reader gives.
pub(super) fn copy(reader: Box<dyn Read + Send>) -> Result<File, SourceError> {
    let (mut file, _) = copied(reader, LIMIT)?;
    file.rewind().map_err(|error| unspooled(&error))?;
    Ok(file)
}

fn copied(mut reader: Box<dyn Read + Send>, limit: u64) -> Result<(File, u64), SourceError> {
    // Without a name, of mode 0600.
    let mut file = tempfile::tempfile().map_err(|error| unspooled(&error))?;
    let mut buffer = vec![0; 64 * 1024];
    let mut size = 0;
    loop {
        let count = match reader.read(&mut buffer) {
            Ok(0) => return Ok((file, size)),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(SourceError::BrokeOff(error)),
        };
        // Checked before writing: a small packed file can be unpacked to fill the disk.
        size += count as u64;
        if size > limit {
            return Err(WorkbookError::TooLarge("it is a workbook of more than 1 GB").into());
        }
        file.write_all(buffer.get(..count).unwrap_or_default())
            .map_err(|error| unspooled(&error))?;
    }
}

fn unspooled(error: &io::Error) -> SourceError {
    WorkbookError::Unspooled(error.kind().to_string()).into()
}
