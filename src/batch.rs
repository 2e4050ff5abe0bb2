//! Batches: items cut by count and by the exact bytes of the array they make.
//!
//! Owns the arithmetic of sizes. Knows nothing of HTTP or of what is in an item's JSON.

use std::num::NonZeroUsize;

use crate::contact::phone::Phone;
use crate::fingerprint::Fingerprint;
use crate::record::SharedRecord;

/// A contact that is ready to be sent: encoded once, whatever is split or sent again.
#[derive(Clone, Debug)]
pub struct Item {
    /// The record it came from: what a rejects file needs.
    pub record: SharedRecord,
    /// The records before it that were united with it.
    pub merged: Vec<SharedRecord>,
    /// The contact's phone.
    pub phone: Phone,
    /// The contact's tags, for counting.
    pub tags: Vec<String>,
    /// The keys of its attributes, likewise.
    pub attributes: Vec<String>,
    /// The profile as JSON, exactly as it will be sent.
    pub json: Vec<u8>,
    /// What the ledger knows it by; `None` where nothing is kept.
    pub fingerprint: Option<Fingerprint>,
    /// A row of it says no, or gives no answer, and is sent all the same.
    pub without_consent: bool,
}

/// How large a batch may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Contacts.
    pub items: NonZeroUsize,
    /// Bytes of the encoded array. One contact alone may exceed it: only the server can say whether it is too large.
    pub bytes: usize,
}

/// Items that are sent in one request. Never empty.
#[derive(Clone, Debug)]
pub struct Batch {
    items: Vec<Item>,
    bytes: usize,
    weight: usize,
}

/// A batch is closed before its records weigh more than this, whatever its limits: most of a record may never be sent,
/// but its rejects file needs it.
const HEAVIEST: usize = 4_000_000;

/// `[` and `]`.
const BRACKETS: usize = 2;

impl Item {
    /// Whether the sheet hides a row of it.
    pub(crate) fn is_hidden(&self) -> bool {
        self.record.hidden || self.merged.iter().any(|other| other.hidden)
    }

    /// What it takes in memory, about, in bytes: its records with it.
    pub(crate) fn weight(&self) -> usize {
        let records = self.merged.iter().chain([&self.record]);
        self.json.len() + records.map(|record| record.get().size()).sum::<usize>()
    }
}

impl Batch {
    /// These items, unless there are none.
    pub(crate) fn new(items: Vec<Item>) -> Option<Batch> {
        (!items.is_empty()).then(|| Batch::of(items))
    }

    fn of(items: Vec<Item>) -> Batch {
        let bytes = items.iter().map(cost).sum::<usize>() + BRACKETS;
        Batch {
            bytes: bytes.saturating_sub(1),
            weight: items.iter().map(Item::weight).sum(),
            items,
        }
    }

    /// The number of contacts.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// The exact length of `encode`, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// What it takes in memory, about, in bytes: its records with it.
    pub(crate) fn weight(&self) -> usize {
        self.weight
    }

    /// The items.
    pub(crate) fn items(&self) -> &[Item] {
        &self.items
    }

    /// The items, without the batch.
    pub(crate) fn into_items(self) -> Vec<Item> {
        self.items
    }

    /// The request's body: a JSON array of the items.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.bytes);
        body.push(b'[');
        for (index, item) in self.items.iter().enumerate() {
            if index > 0 {
                body.push(b',');
            }
            body.extend_from_slice(&item.json);
        }
        body.push(b']');
        body
    }

    /// Two halves in order; `None` for the second half of a single item.
    pub(crate) fn halves(mut self) -> (Batch, Option<Batch>) {
        // Rounded up: the first half of a single item is the item, and no half is ever empty.
        let rest = self.items.split_off(self.items.len().div_ceil(2));
        (Batch::of(self.items), Batch::new(rest))
    }

    /// The same items in batches within a smaller limit of bytes.
    pub(crate) fn recut(self, bytes: usize) -> Vec<Batch> {
        // Only bytes limit here; the count cannot exceed what the batch has.
        let items = NonZeroUsize::new(self.len()).unwrap_or(NonZeroUsize::MIN);
        let mut cutter = BatchCutter::new(Limits { items, bytes });
        let mut batches: Vec<Batch> = self
            .items
            .into_iter()
            .filter_map(|item| cutter.push(item))
            .collect();
        batches.extend(cutter.finish());
        batches
    }

    /// The first, the middle and the last contact, each alone, and what is left of the batch.
    pub(crate) fn probes(self) -> (Vec<Batch>, Option<Batch>) {
        let last = self.items.len().saturating_sub(1);
        let chosen = [0, last / 2, last];
        let (mut probes, mut rest) = (Vec::new(), Vec::new());
        for (index, item) in self.items.into_iter().enumerate() {
            if chosen.contains(&index) {
                probes.push(Batch::of(vec![item]));
            } else {
                rest.push(item);
            }
        }
        (probes, Batch::new(rest))
    }
}

/// What an item adds to an array: itself and a comma.
fn cost(item: &Item) -> usize {
    item.json.len() + 1
}

/// Cuts a stream of items into batches.
#[derive(Debug)]
pub struct BatchCutter {
    limits: Limits,
    items: Vec<Item>,
    bytes: usize,
    weight: usize,
    /// The last items of these whose records are of the chunk that is cut now.
    fresh: usize,
}

impl BatchCutter {
    /// Starts with nothing.
    pub fn new(limits: Limits) -> BatchCutter {
        BatchCutter {
            limits,
            items: Vec::new(),
            bytes: 0,
            weight: 0,
            fresh: 0,
        }
    }

    /// Takes an item, and gives the batch that has no room for another.
    pub fn push(&mut self, item: Item) -> Option<Batch> {
        // The commas are one fewer than the items; the brackets are two.
        let needed = self.bytes + cost(&item) + BRACKETS - 1;
        let full = if needed > self.limits.bytes || self.weight + item.weight() > HEAVIEST {
            self.finish()
        } else {
            None
        };
        self.bytes += cost(&item);
        self.weight += item.weight();
        self.items.push(item);
        self.fresh += 1;
        full.or_else(|| {
            if self.items.len() >= self.limits.items.get() {
                self.finish()
            } else {
                None
            }
        })
    }

    /// The items that follow are of another chunk than those before, which had this many records. Where few of them wait
    /// here, they are copied out of it: a batch of the rare contacts that are new would keep a chunk for each of them.
    pub(crate) fn leave_chunk(&mut self, records: usize) {
        const SPARSE: usize = 8;
        let fresh = std::mem::take(&mut self.fresh);
        if fresh * SPARSE < records {
            let from = self.items.len() - fresh;
            for item in self.items.iter_mut().skip(from) {
                item.record = item.record.detached();
            }
        }
    }

    /// Gives what is left.
    pub fn finish(&mut self) -> Option<Batch> {
        self.bytes = 0;
        self.weight = 0;
        self.fresh = 0;
        Batch::new(std::mem::take(&mut self.items))
    }
}

#[cfg(test)]
pub(crate) mod tests;
