//! Shards: an import that is split over processes, each of which sends its own part.
//!
//! Every process reads everything and decides alone, by a rule that all share, which contacts are its own. Nothing is
//! salted: the machines of one import have nothing in common but the command.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::contact::phone::Phone;
use crate::digest;

/// A part of an import: `2/4` is the second of four.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Shard {
    index: NonZeroU32,
    count: NonZeroU32,
}

/// Why a text names no shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("takes K/N: which part, counted from 1, of how many (2/4)")]
pub struct ShardError;

impl Shard {
    /// Whether a contact with this phone is this shard's: SHA-256 of the E.164 digits (no `+`), its first 8 bytes as a
    /// big-endian number, modulo the number of shards.
    pub(crate) fn has_phone(self, phone: &Phone) -> bool {
        let digest = digest::sha256(&[phone.key().to_string().as_bytes()]);
        let [a, b, c, d, e, f, g, h, ..] = digest;
        self.has(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
    }

    /// Whether a record without a valid phone is this shard's: by its number over all inputs, from 0.
    pub(crate) fn has_record(self, number: u64) -> bool {
        self.has(number)
    }

    fn has(self, number: u64) -> bool {
        // A `K/N` counts from 1, a remainder from 0.
        number % u64::from(self.count.get()) == u64::from(self.index.get() - 1)
    }

    /// How the shard is written in a file's name: `2-of-4`.
    pub(crate) fn in_file_name(self) -> String {
        format!("{}-of-{}", self.index, self.count)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Shard, ShardError> {
        let (index, count) = text.trim().split_once('/').ok_or(ShardError)?;
        let number = |text: &str| text.trim().parse::<NonZeroU32>().map_err(|_| ShardError);
        let shard = Shard {
            index: number(index)?,
            count: number(count)?,
        };
        (shard.index <= shard.count)
            .then_some(shard)
            .ok_or(ShardError)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn phone(prefix: u16, number: &str) -> Phone {
        Phone {
            prefix,
            number: number.to_owned(),
            region: None,
        }
    }

    fn shards(count: u32) -> impl Iterator<Item = Shard> {
        (1..=count).map(move |index| format!("{index}/{count}").parse().unwrap())
    }

    #[test]
    fn a_phone_goes_where_the_sha_256_of_its_digits_says() {
        // printf 919876543210 | sha256sum | cut -c1-16, and so on, modulo 4, plus 1.
        for (prefix, number, index) in [
            (91, "9876543210", 4),
            (44, "7400123456", 1),
            (39, "0669812345", 1),
        ] {
            let owners: Vec<u32> = shards(4)
                .filter(|shard| shard.has_phone(&phone(prefix, number)))
                .map(|shard| shard.index.get())
                .collect();
            assert_eq!(owners, [index], "+{prefix}{number}");
        }
    }

    #[test]
    fn only_a_part_counted_from_1_of_so_many_is_a_shard() {
        for right in ["1/1", "4/4", " 2 / 4 "] {
            assert!(right.parse::<Shard>().is_ok(), "{right:?}");
        }
        for wrong in [
            "",
            "1",
            "0/4",
            "5/4",
            "1/0",
            "-1/4",
            "1/4/4",
            "a/b",
            "1/4294967296",
        ] {
            assert_eq!(wrong.parse::<Shard>(), Err(ShardError), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn every_phone_and_every_record_has_one_shard(
            count in 1u32..50, prefix in 1u16..999, number in "[0-9]{4,11}", record: u64,
        ) {
            let phone = phone(prefix, &number);
            prop_assert_eq!(shards(count).filter(|shard| shard.has_phone(&phone)).count(), 1);
            prop_assert_eq!(shards(count).filter(|shard| shard.has_record(record)).count(), 1);
        }
    }
}
