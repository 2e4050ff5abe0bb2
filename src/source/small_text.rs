//! Small files of text that people write by hand: a token, a mapping.
//!
//! Unlike contacts they are short and their encoding is not guessed: UTF-8, or what their byte order mark says, as
//! PowerShell's `>` and Notepad write it.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use encoding_rs::{Encoding, UTF_8};

use crate::file_name::{CLOSE_IT, HELD_OPEN, is_held_open};

/// The file's text, without a byte order mark.
///
/// # Errors
/// When it cannot be read; `InvalidData` if it is no text in its encoding.
pub(crate) fn read_small_text(path: &Path) -> io::Result<String> {
    let bytes = fs::read(path).map_err(|error| match is_held_open(&error) {
        true => io::Error::other(format!("{HELD_OPEN}: {CLOSE_IT}")),
        false => error,
    })?;
    let (encoding, mark) = Encoding::for_bom(&bytes).unwrap_or((UTF_8, 0));
    let text = bytes
        .get(mark..)
        .and_then(|text| encoding.decode_without_bom_handling_and_without_replacement(text));
    let text = text.ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "it is no UTF-8"))?;
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_text_is_read_as_the_tools_of_windows_write_it() {
        let utf16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            "\u{feff}é".encode_utf16().flat_map(order).collect()
        };
        let file = tempfile::NamedTempFile::new().unwrap();
        for (bytes, text) in [
            ("é".into(), Some("é")),
            ("\u{feff}é".into(), Some("é")),
            (utf16(u16::to_le_bytes), Some("é")),
            (utf16(u16::to_be_bytes), Some("é")),
            (vec![], Some("")),
            (vec![0xe9], None),
        ] {
            fs::write(file.path(), bytes).unwrap();
            assert_eq!(read_small_text(file.path()).ok().as_deref(), text);
        }
    }
}
