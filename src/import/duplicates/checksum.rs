//! Whether two readings of the inputs gave the same contacts in the same rows.
//!
//! Only phones and rows count, not the other fields: `--on-duplicate` skips rows because of the phone alone.

use crate::batch::Item;
use crate::record::{InputId, Place};

/// What a reading came to: one number per input.
#[derive(Default)]
pub(super) struct Checksum(Vec<u64>);

/// The prime of 64-bit FNV-1a (draft-eastlake-fnv): each step is a bijection of what came before.
const PRIME: u64 = 0x0000_0100_0000_01b3;

impl Checksum {
    pub(super) fn note(&mut self, place: Place, item: &Item) {
        let index = place.input.0;
        if self.0.len() <= index {
            self.0.resize(index + 1, 0);
        }
        if let Some(sum) = self.0.get_mut(index) {
            for number in [place.row, item.phone.key()] {
                *sum = (*sum ^ number).wrapping_mul(PRIME).rotate_left(7);
            }
        }
    }

    /// The first input in which the two differ.
    pub(super) fn differs_from(&self, other: &Checksum) -> Option<InputId> {
        let of = |trace: &Checksum, index| trace.0.get(index).copied();
        let inputs = self.0.len().max(other.0.len());
        (0..inputs)
            .find(|index| of(self, *index) != of(other, *index))
            .map(InputId)
    }
}
