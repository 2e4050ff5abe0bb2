//! Reading a file's entries, up to the first that is not whole.

use std::io::{self, Read};

use super::entry::{LedgerEntry, LedgerMark, SIZE, Seal};
use crate::fingerprint::Fingerprint;

/// Entries of one read: about 300 kB.
const AT_ONCE: usize = 8_192;

/// How a file's entries end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SegmentTail {
    /// With an end and its JSON.
    Ended(Vec<u8>),
    /// Without an end: its writer is running, or was killed.
    Open,
    /// An entry has its full length and a wrong checksum. What came after it is unknown.
    Damaged,
}

/// Entries that are handed over together: enough for the processor to fetch their slots of the table ahead
/// (`HashTable::look_ahead`).
const TOGETHER: usize = 256;

/// The contacts among entries.
pub(super) fn contacts(
    entries: &[LedgerEntry],
) -> impl Iterator<Item = (LedgerMark, &Fingerprint)> + Clone {
    entries.iter().filter_map(|entry| match entry {
        LedgerEntry::Contact(mark, contact) => Some((*mark, contact)),
        LedgerEntry::Until(_) | LedgerEntry::End { .. } => None,
    })
}

/// Hands over the entries without the end, in their order and 256 at a time, so that the caller can look ahead.
pub(super) fn entries(
    from: &mut impl Read,
    seal: Seal,
    mut each: impl FnMut(&[LedgerEntry]),
) -> io::Result<SegmentTail> {
    let mut together = Vec::with_capacity(TOGETHER);
    let tail = single_frames(from, seal, |entry| {
        together.push(entry);
        if together.len() >= TOGETHER {
            each(&together);
            together.clear();
        }
    });
    each(&together);
    tail
}

fn single_frames(
    from: &mut impl Read,
    seal: Seal,
    mut each: impl FnMut(LedgerEntry),
) -> io::Result<SegmentTail> {
    let most = AT_ONCE * SIZE;
    let mut buffer = Vec::with_capacity(most);
    loop {
        buffer.clear();
        from.take(most as u64).read_to_end(&mut buffer)?;
        let mut rest = buffer.as_slice();
        while let Some((bytes, after)) = rest.split_first_chunk::<SIZE>() {
            rest = after;
            match LedgerEntry::read(seal, bytes) {
                None => return Ok(SegmentTail::Damaged),
                Some(LedgerEntry::End { length, checksum }) => {
                    return facts(&mut rest.chain(from), seal, length, checksum);
                }
                Some(entry) => each(entry),
            }
        }
        // Less than a buffer was read, so the file has ended; a torn entry at its end is ignored.
        if buffer.len() < most {
            return Ok(SegmentTail::Open);
        }
    }
}

fn facts(from: &mut impl Read, seal: Seal, length: u64, checksum: u64) -> io::Result<SegmentTail> {
    let mut facts = Vec::new();
    from.take(length).read_to_end(&mut facts)?;
    // Not damage: a writer that was killed while it wrote its end leaves a part of the JSON, and no entry is lost.
    if seal.checksum(&facts) == checksum {
        Ok(SegmentTail::Ended(facts))
    } else {
        Ok(SegmentTail::Open)
    }
}
