//! Which row each phone is in. The only thing kept in memory for every contact of an import, so it is kept small.
//!
//! A slot has 16 bytes, and a phone costs 18 to 22 bytes because tables grow by a fifth. The phones are spread over
//! many tables that grow at different moments, so that only one of them is held twice while it is copied.

use std::hash::{BuildHasher, RandomState};

use crate::hash_table::{HashTable, Slot};
use crate::record::{InputId, Place};

/// How many tables the phones are spread over.
const TABLES: u64 = 64;
/// Bits of a packed place for the row; the remaining 20 are for the input.
const ROW_BITS: u32 = 44;

/// The row that is kept for each phone.
pub(super) struct PhoneIndex {
    tables: Vec<HashTable<IndexEntry>>,
    seed: u64,
}

/// A phone and its row. 0 marks a vacant slot: no phone is scrambled to it.
#[derive(Clone, Copy, Debug, Default)]
struct IndexEntry {
    phone: u64,
    place: u64,
}

impl Slot for IndexEntry {
    fn key(&self) -> u64 {
        self.phone
    }

    fn is_vacant(&self) -> bool {
        self.phone == 0
    }

    fn is_same(&self, other: &IndexEntry) -> bool {
        self.phone == other.phone
    }
}

impl PhoneIndex {
    pub(super) fn new() -> PhoneIndex {
        PhoneIndex {
            tables: (0..TABLES).map(|_| HashTable::with_room(0)).collect(),
            // A phone has at most 15 digits (E.164), so it never has this bit: seed ^ phone is never 0, nor is what it
            // is scrambled to. The rest is random because nobody should be able to craft an input whose phones
            // collide.
            seed: RandomState::new().hash_one(0) | 1 << 63,
        }
    }

    /// The first row of a phone, unless it is this one.
    pub(super) fn first(&mut self, phone: u64, place: Place) -> Option<Place> {
        let entry = self.entry(phone, place);
        let mut known = entry.place;
        self.table(entry).change(entry, |kept| known = kept.place);
        (known != entry.place).then(|| unpacked(known))
    }

    /// Sets the row that is kept for a phone.
    pub(super) fn set(&mut self, phone: u64, place: Place) {
        let entry = self.entry(phone, place);
        self.table(entry)
            .change(entry, |kept| kept.place = entry.place);
    }

    /// The row that is kept for a phone.
    pub(super) fn get(&self, phone: u64) -> Option<Place> {
        let probe = IndexEntry {
            phone: scrambled(phone ^ self.seed),
            place: 0,
        };
        let found = self.tables.get(table_of(probe))?.get(&probe)?;
        Some(unpacked(found.place))
    }

    fn entry(&self, phone: u64, place: Place) -> IndexEntry {
        IndexEntry {
            phone: scrambled(phone ^ self.seed),
            place: packed(place),
        }
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "table_of is below TABLES, the number of tables"
    )]
    fn table(&mut self, entry: IndexEntry) -> &mut HashTable<IndexEntry> {
        &mut self.tables[table_of(entry)]
    }
}

/// The table of a phone, by its lowest bits: within a table, slots are placed by the highest.
fn table_of(entry: IndexEntry) -> usize {
    (entry.phone % TABLES) as usize
}

fn packed(place: Place) -> u64 {
    let rows = (1 << ROW_BITS) - 1;
    let inputs = u64::MAX >> ROW_BITS;
    let input = place.input.0 as u64;
    input.min(inputs) << ROW_BITS | place.row.min(rows)
}

fn unpacked(packed: u64) -> Place {
    Place {
        input: InputId((packed >> ROW_BITS) as usize),
        row: packed & ((1 << ROW_BITS) - 1),
    }
}

/// A bijection that spreads neighbours apart (Steele, Lea and Flood: SplittableRandom, 2014; its variant 13 by
/// Stafford).
fn scrambled(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    fn place(input: usize, row: u64) -> Place {
        Place {
            input: InputId(input),
            row,
        }
    }

    #[test]
    fn a_phone_keeps_the_row_it_stood_in_first() {
        let mut rows = PhoneIndex::new();
        assert_eq!(rows.first(919_876_543_210, place(0, 2)), None);
        assert_eq!(rows.first(919_876_543_211, place(0, 3)), None);
        assert_eq!(rows.first(919_876_543_210, place(3, 9)), Some(place(0, 2)));
        assert_eq!(rows.first(919_876_543_210, place(4, 1)), Some(place(0, 2)));
    }

    #[test]
    fn no_row_and_no_input_is_too_far_out_to_be_named() {
        for place in [place(0, 1), place((1 << 20) - 1, (1 << 44) - 1)] {
            assert_eq!(unpacked(packed(place)), place);
        }
    }

    /// Bytes of slots for each phone, at the moment when most are vacant.
    #[test]
    fn a_million_phones_take_at_most_24_bytes_each() {
        let mut rows = PhoneIndex::new();
        for phone in 0..1_000_000 {
            rows.set(910_000_000_000 + phone * 7, place(0, phone));
            if phone > 20_000 && phone % 10_000 == 0 {
                let slots: usize = rows.tables.iter().map(HashTable::slots).sum();
                let bytes = slots * size_of::<IndexEntry>();
                assert!(bytes as u64 <= 24 * phone, "{bytes} bytes for {phone}");
            }
        }
        assert_eq!(rows.get(910_000_000_000 + 700), Some(place(0, 100)));
    }

    proptest! {
        #[test]
        fn it_answers_like_a_map(steps in prop::collection::vec((1u64..50, 0usize..3, 1u64..100, any::<bool>()), 0..300)) {
            let (mut rows, mut map) = (PhoneIndex::new(), HashMap::new());
            for (phone, input, row, is_set) in steps {
                let place = place(input, row);
                if is_set {
                    rows.set(phone, place);
                    map.insert(phone, place);
                } else {
                    let known = *map.entry(phone).or_insert(place);
                    let expected = (known != place).then_some(known);
                    prop_assert_eq!(rows.first(phone, place), expected);
                }
            }
            for phone in 0..60 {
                prop_assert_eq!(rows.get(phone), map.get(&phone).copied());
            }
        }
    }
}
