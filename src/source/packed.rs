//! Compressed inputs: gzip and zstd, told by their first bytes and unpacked as they are read.
//!
//! Owns the two crates. Memory is that of a window or a few of them; what is inside is judged like any other input.

mod zst;

use std::io::{BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use zst::Unzstd;

/// How an input is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstd,
}

impl Packing {
    /// How an input is compressed that begins like this.
    pub(super) fn of(start: &[u8]) -> Option<Packing> {
        match start {
            [0x1f, 0x8b, 8, ..] => Some(Packing::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Packing::Zstd),
            // A frame of other data before the first that counts (RFC 8878, 3.1.2).
            [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Packing::Zstd),
            _ => None,
        }
    }

    /// What is inside, all members or frames of it.
    pub(super) fn unpack(self, packed: Box<dyn Read + Send>) -> Box<dyn Read + Send> {
        let packed = BufReader::new(packed);
        match self {
            Packing::Gzip => Box::new(MultiGzDecoder::new(packed)),
            Packing::Zstd => Box::new(Unzstd::new(packed)),
        }
    }
}

/// The name of what is inside: `contacts.csv` for `contacts.csv.gz`.
pub(super) fn inner_name(name: &str) -> &str {
    let ends = |extension: &&str| {
        let at = name.len().checked_sub(extension.len());
        at.and_then(|at| name.get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case(extension))
    };
    let extension = [".gz", ".gzip", ".zst", ".zstd"].into_iter().find(ends);
    let length = name.len() - extension.map_or(0, str::len);
    name.get(..length).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compressed_file_is_called_after_what_is_in_it() {
        assert_eq!(inner_name("contacts.csv.gz"), "contacts.csv");
        assert_eq!(inner_name("a/contacts.tsv.ZST"), "a/contacts.tsv");
        assert_eq!(inner_name("gz"), "gz");
        assert_eq!(inner_name("é"), "é");
    }
}
