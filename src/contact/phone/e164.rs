//! A phone as E.164 splits it, and the key by which two contacts are the same.

use std::fmt;

use crate::contact::region::Region;

/// A phone that can be sent, as E.164 splits it. Its `Display` is E.164: `+919876543210`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Phone {
    /// The country calling code, no `+`.
    pub prefix: u16,
    /// The national significant number: digits, no trunk zero (Italy keeps its own).
    pub number: String,
    /// The region the number belongs to; `None` for international networks (`+800`).
    pub region: Option<Region>,
}

impl Phone {
    /// The E.164 digits (no `+`) as one number: the key by which two contacts are the same.
    pub(crate) fn key(&self) -> u64 {
        self.number
            .bytes()
            .fold(u64::from(self.prefix), |key, digit| {
                key.wrapping_mul(10)
                    .wrapping_add(u64::from(digit.wrapping_sub(b'0')))
            })
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}{}", self.prefix, self.number)
    }
}
