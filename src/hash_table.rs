//! A hash table without fat: one flat array, open addressing, and keys that are hashes already.
//!
//! std's table doubles from 1,048,576 slots to 2,097,152 at 917,504 entries: a million contacts would cost twice what
//! they need, and thrice while it grows.

use std::hint::black_box;

/// What lies in a table. A fresh one (`default`) is a vacant place.
pub(crate) trait Slot: Copy + Default {
    /// Where it lies; evenly spread.
    fn key(&self) -> u64;
    /// Whether nothing lies there.
    fn is_vacant(&self) -> bool;
    /// Whether the two have the same identity.
    fn is_same(&self, other: &Self) -> bool;
}

/// Entries that are found by their keys.
#[derive(Debug)]
pub(crate) struct HashTable<S> {
    slots: Vec<S>,
    used: usize,
}

/// Slots of the smallest table, and how many more there are at least when it has grown.
const LEAST: usize = 64;

impl<S: Slot> HashTable<S> {
    /// A table that takes this many entries before it grows.
    pub(crate) fn with_room(entries: usize) -> HashTable<S> {
        HashTable {
            // With a quarter more slots than entries the table stays below the load at which `change` grows it.
            slots: vec![S::default(); LEAST + entries + entries / 4],
            used: 0,
        }
    }

    /// The entry that is the same as the probe.
    pub(crate) fn get(&self, probe: &S) -> Option<&S> {
        let found = self.slots.get(self.position(probe));
        found.filter(|slot| !slot.is_vacant())
    }

    /// Looks at the places of these, so that memory delivers many at once instead of one after the other: in a table
    /// larger than the processor's caches that halves the time.
    pub(crate) fn look_ahead(&self, probes: impl Iterator<Item = S>) {
        let look = |probe: S| self.slots.get(self.home(probe.key())).map_or(0, S::key);
        black_box(probes.fold(0, |seen, probe| seen ^ look(probe)));
    }

    /// Hands the entry that is the same as the probe to `change`, or else the probe itself, which then lies here.
    pub(crate) fn change(&mut self, probe: S, change: impl FnOnce(&mut S)) {
        // Linear probing degrades quickly when more than 7/8 of the slots are taken.
        if self.used >= self.slots.len() / 8 * 7 {
            self.grow();
        }
        let position = self.position(&probe);
        if let Some(slot) = self.slots.get_mut(position) {
            if slot.is_vacant() {
                *slot = probe;
                self.used += 1;
            }
            change(slot);
        }
    }

    /// All entries, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &S> {
        self.slots.iter().filter(|slot| !slot.is_vacant())
    }

    /// All entries, in no order, to be changed where that leaves their keys alone.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut S> {
        self.slots.iter_mut().filter(|slot| !slot.is_vacant())
    }

    /// How many places it has, vacant ones too: what it costs.
    #[cfg(test)]
    pub(crate) fn slots(&self) -> usize {
        self.slots.len()
    }

    /// Where the entry lies, or where it would.
    fn position(&self, probe: &S) -> usize {
        let mut at = self.home(probe.key());
        while let Some(slot) = self.slots.get(at)
            && !slot.is_vacant()
            && !slot.is_same(probe)
        {
            at = if at + 1 < self.slots.len() { at + 1 } else { 0 };
        }
        at
    }

    /// The key as a fraction of all keys, of the table's length: no power of two is needed.
    fn home(&self, key: u64) -> usize {
        let length = self.slots.len() as u128;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a fraction of the length, which is a usize"
        )]
        let home = ((u128::from(key) * length) >> u64::BITS) as usize;
        home
    }

    /// By a fifth: more would leave memory unused, less would copy the table too often.
    fn grow(&mut self) {
        let grown = HashTable {
            slots: vec![S::default(); LEAST + self.slots.len() / 5 * 6],
            used: 0,
        };
        let old = std::mem::replace(self, grown);
        for slot in old.slots.into_iter().filter(|slot| !slot.is_vacant()) {
            self.change(slot, |_| {});
        }
    }
}
