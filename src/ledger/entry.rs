//! Entries: the records of fixed size that segments are made of, each with a checksum.
//!
//! Owns the bytes of an entry and the seal. Knows no files.

use crate::fingerprint::{Fingerprint, JsonHash, PhoneHash};

/// Bytes of an entry: its kind, two fields of 16, and the checksum.
pub(super) const SIZE: usize = 37;
const FIELD: usize = 16;

const SENT: u8 = b'>';
const ACCEPTED: u8 = b'+';
const REFUSED: u8 = b'-';
const UNTIL: u8 = b'@';
const END: u8 = b'=';

/// What is recorded of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerMark {
    /// It is about to be sent for the first time in this run: from now on it may have arrived.
    Sent,
    /// The platform accepted it.
    Accepted,
    /// The platform refused it.
    Refused,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LedgerEntry {
    Contact(LedgerMark, Fingerprint),
    /// In compacted files only: the entries that follow were written by segments that had ended when this number
    /// began.
    Until(u64),
    /// The end: the number of bytes of JSON that follow, and their checksum.
    End {
        length: u64,
        checksum: u64,
    },
}

/// A checksum keyed to one file: a block of another file, or one of zeros, does not pass.
///
/// Not CRC-32, which costs a table and five times the time. Every step is a bijection of the state, so no change
/// within eight bytes is lost before the state is folded; what is left is a chance of 2⁻³² for damage to pass. That is
/// for accidents: a person who can write here needs no forged checksum.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seal(u64);

impl Seal {
    pub(super) fn of(header: &[u8]) -> Seal {
        // The bytes of "bpledger"; any odd-looking start would do.
        Seal(Seal(0x6270_6c65_6467_6572).state(header))
    }

    fn state(self, bytes: &[u8]) -> u64 {
        let (words, rest) = bytes.as_chunks::<8>();
        let state = words.iter().fold(self.0, |state, word| {
            stirred(state, u64::from_le_bytes(*word))
        });
        // Without the length, `a` and `a` with a zero after it would have one checksum.
        let length = bytes.len().to_le_bytes();
        rest.iter()
            .chain(&length)
            .fold(state, |state, byte| stirred(state, u64::from(*byte)))
    }

    pub(super) fn checksum(self, bytes: &[u8]) -> u64 {
        self.state(bytes)
    }

    /// The checksum of an entry's 33 bytes.
    fn short(self, bytes: &[u8; SIZE - 4]) -> [u8; 4] {
        let [kind, fields @ ..] = bytes;
        let (words, _) = fields.as_chunks::<8>();
        let state = words
            .iter()
            .fold(stirred(self.0, u64::from(*kind)), |state, word| {
                stirred(state, u64::from_le_bytes(*word))
            });
        let [a, b, c, d, e, f, g, h] = state.to_le_bytes();
        [a ^ e, b ^ f, c ^ g, d ^ h]
    }
}

/// Multiplying by an odd number and xoring with a shift can both be undone: nothing is lost.
fn stirred(state: u64, word: u64) -> u64 {
    // 2^64 divided by the golden ratio, as in Fibonacci hashing (Knuth, The Art of Computer Programming, 6.4).
    let product = (state ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    product ^ (product >> 29)
}

impl LedgerEntry {
    pub(super) fn write(self, seal: Seal, to: &mut Vec<u8>) {
        let (kind, first, second) = self.parts();
        let mut bytes = [0; SIZE - 4];
        let fields = [kind].into_iter().chain(first).chain(second);
        bytes
            .iter_mut()
            .zip(fields)
            .for_each(|(to, byte)| *to = byte);
        to.extend_from_slice(&bytes);
        to.extend_from_slice(&seal.short(&bytes));
    }

    /// Reads an entry; `None` if it is damaged.
    pub(super) fn read(seal: Seal, bytes: &[u8; SIZE]) -> Option<LedgerEntry> {
        let (body, checksum) = bytes.split_first_chunk::<{ SIZE - 4 }>()?;
        if checksum != seal.short(body) {
            return None;
        }
        let (kind, fields) = body.split_first()?;
        let (first, second) = fields.split_first_chunk::<FIELD>()?;
        let second = second.first_chunk::<FIELD>()?;
        LedgerEntry::from_parts(*kind, *first, *second)
    }

    fn parts(self) -> (u8, [u8; FIELD], [u8; FIELD]) {
        match self {
            LedgerEntry::Contact(mark, contact) => (kind(mark), contact.phone.0, contact.json.0),
            LedgerEntry::Until(number) => (UNTIL, wide(number), wide(0)),
            LedgerEntry::End { length, checksum } => (END, wide(length), wide(checksum)),
        }
    }

    fn from_parts(kind: u8, first: [u8; FIELD], second: [u8; FIELD]) -> Option<LedgerEntry> {
        let contact = Fingerprint {
            phone: PhoneHash(first),
            json: JsonHash(second),
        };
        Some(match kind {
            SENT => LedgerEntry::Contact(LedgerMark::Sent, contact),
            ACCEPTED => LedgerEntry::Contact(LedgerMark::Accepted, contact),
            REFUSED => LedgerEntry::Contact(LedgerMark::Refused, contact),
            UNTIL => LedgerEntry::Until(lead(first)),
            END => LedgerEntry::End {
                length: lead(first),
                checksum: lead(second),
            },
            _ => return None,
        })
    }
}

fn kind(mark: LedgerMark) -> u8 {
    match mark {
        LedgerMark::Sent => SENT,
        LedgerMark::Accepted => ACCEPTED,
        LedgerMark::Refused => REFUSED,
    }
}

fn wide(number: u64) -> [u8; FIELD] {
    u128::from(number).to_le_bytes()
}

/// The first eight bytes as a number: what is kept of a hash in memory.
pub(super) fn lead(field: [u8; FIELD]) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = field;
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}
