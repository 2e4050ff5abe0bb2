//! Duplicates: which contact is sent when several rows, over all inputs, have the same phone.
//!
//! Owns what `--on-duplicate` means. Only contacts that can be sent count: a row is not a duplicate of an invalid row,
//! or the phone would be sent by neither.

mod checksum;
mod phone_index;

use std::collections::{HashMap, HashSet};

use self::checksum::Checksum;
use self::phone_index::PhoneIndex;
use super::encoder::{Encoded, EncodedRecord};
use super::options::OnDuplicate;
use super::phone_set::PhoneSet;
use super::workers::{Chunk, EncodedChunks};
use crate::batch::Item;
use crate::contact::phone::Phone;
use crate::deliver::stop::Stop;
use crate::event::{DuplicateOf, Event};
use crate::fingerprint::Salt;
use crate::record::{InputId, Place};
use crate::wire;

/// Which process sends a contact, where `--shard` splits an import.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ShardOwner {
    Us,
    OtherShard,
}

/// What happens to a contact in view of the other rows with its phone.
pub(super) enum Decision {
    /// It is the one that is sent.
    Keep(Box<Item>),
    /// Another row is sent instead.
    Repeats(DuplicateOf),
    /// It waits to be merged into a later row.
    Waits,
}

/// Contacts of one phone that wait to be merged into its last row.
struct Waiting {
    last: Place,
    /// In row order.
    items: Vec<Item>,
}

/// The phones seen so far, or in a first reading of all inputs.
pub(super) struct Duplicates {
    policy: OnDuplicate,
    /// The row of each phone that is sent: the first, or the last. With `Send`, the phones sent in this run so far.
    index: PhoneIndex,
    /// The contacts of phones whose last row is still to come.
    waiting: HashMap<u64, Waiting>,
    expected: Checksum,
    seen: Checksum,
    /// The phones that a row of the first reading opts out.
    opted_out: PhoneSet,
}

impl Duplicates {
    /// Nothing seen yet.
    pub(super) fn new(policy: OnDuplicate) -> Duplicates {
        Duplicates {
            policy,
            index: PhoneIndex::new(),
            waiting: HashMap::new(),
            expected: Checksum::default(),
            seen: Checksum::default(),
            opted_out: PhoneSet::default(),
        }
    }

    /// Reads everything once to find the last row of each phone. An input that breaks off is not reported here: it
    /// breaks off again in the second reading, which reports it.
    pub(super) fn scan(&mut self, chunks: &mut EncodedChunks, stop: &Stop, emit: impl Fn(Event)) {
        while let Some(chunk) = chunks.next(stop) {
            match chunk {
                Chunk::Records { records, .. } => {
                    if let Some(EncodedRecord { place, bytes, .. }) = records.last() {
                        emit(Event::LookedThrough(*place, *bytes));
                    }
                    records.iter().for_each(|record| self.note_last_row(record));
                }
                Chunk::Broken(..) => {}
                Chunk::End => return,
            }
        }
    }

    fn note_last_row(&mut self, record: &EncodedRecord) {
        for phone in &record.opted_out {
            self.opted_out.insert(phone);
        }
        if let Encoded::Item(item, _) = &record.encoded {
            self.index.set(item.phone.key(), record.place);
            self.expected.note(record.place, item);
        }
    }

    /// The phones that a row of the first reading opts out.
    pub(super) fn opted_out(&mut self) -> PhoneSet {
        std::mem::take(&mut self.opted_out)
    }

    /// Notes a contact that is skipped without a decision, so that the checksums of both readings stay comparable.
    pub(super) fn note_skipped(&mut self, place: Place, item: &Item) {
        self.seen.note(place, item);
    }

    /// Decides on the next contact in row order.
    pub(super) fn decide(
        &mut self,
        place: Place,
        item: Box<Item>,
        owner: ShardOwner,
        salt: Option<&Salt>,
    ) -> Decision {
        let phone = item.phone.key();
        self.seen.note(place, &item);
        match self.policy {
            OnDuplicate::Send => Decision::Keep(item),
            OnDuplicate::First => match self.index.first(phone, place) {
                Some(first) => Decision::Repeats(DuplicateOf::Earlier(first)),
                None => Decision::Keep(item),
            },
            OnDuplicate::Last | OnDuplicate::Merge => match self.index.get(phone) {
                Some(last) if last != place => self.skip_for_later(phone, *item, owner, last),
                _ => Decision::Keep(self.merged(phone, item, salt)),
            },
        }
    }

    fn skip_for_later(
        &mut self,
        phone: u64,
        mut item: Item,
        owner: ShardOwner,
        last: Place,
    ) -> Decision {
        match (self.policy, owner) {
            (OnDuplicate::Merge, ShardOwner::Us) => {
                // Most duplicates come in pairs. The default capacity of 4 would waste most of the memory of a merge.
                let waiting = self.waiting.entry(phone).or_insert_with(|| Waiting {
                    last,
                    items: Vec::with_capacity(1),
                });
                // It may wait until the end of the run: its chunk must not.
                item.record = item.record.detached();
                waiting.items.push(item);
                Decision::Waits
            }
            (OnDuplicate::Merge, ShardOwner::OtherShard) => {
                Decision::Repeats(DuplicateOf::Merged(last))
            }
            _ => Decision::Repeats(DuplicateOf::Later(last)),
        }
    }

    fn merged(&mut self, phone: u64, item: Box<Item>, salt: Option<&Salt>) -> Box<Item> {
        let Some(Waiting { items: earlier, .. }) = self.waiting.remove(&phone) else {
            return item;
        };
        let mut merged = merge(earlier, *item);
        merged.fingerprint = salt.map(|salt| salt.fingerprint(phone, &merged.json));
        Box::new(merged)
    }

    /// The row that is sent for a phone, if one was seen. The message about an invalid row with the same phone names
    /// it.
    pub(super) fn sent_row(&self, phone: &Phone) -> Option<Place> {
        self.index.get(phone.key())
    }

    /// Notes that a contact is sent in this run; only `Send` needs it.
    pub(super) fn note_sent(&mut self, item: &Item) {
        if self.policy == OnDuplicate::Send {
            self.index.set(item.phone.key(), item.record.place);
        }
    }

    /// Whether this run already sends another row of the phone. If so, an earlier run's acceptance no longer means
    /// that the platform holds this contact: the other row has overwritten it.
    pub(super) fn sends_another(&self, item: &Item) -> bool {
        self.policy == OnDuplicate::Send && self.index.get(item.phone.key()).is_some()
    }

    /// The contacts that still wait, in row order, each with the row that it would have been merged into and that was
    /// not read.
    pub(super) fn still_waiting(&mut self) -> Vec<(Item, DuplicateOf)> {
        let mut left: Vec<(Item, DuplicateOf)> = self
            .waiting
            .drain()
            .flat_map(|(_, Waiting { last, items })| {
                items
                    .into_iter()
                    .map(move |item| (item, DuplicateOf::Merged(last)))
            })
            .collect();
        left.sort_by_key(|(item, _)| item.record.place);
        left
    }

    /// The first input whose second reading differs from the first. It lost contacts if a row that others were skipped
    /// for is gone.
    pub(super) fn changed_input(&self) -> Option<InputId> {
        let reads_twice = self.policy.reads_twice();
        reads_twice
            .then(|| self.expected.differs_from(&self.seen))
            .flatten()
    }
}

/// The last contact, with the fields that only earlier ones have.
fn merge(earlier: Vec<Item>, last: Item) -> Item {
    let all = || earlier.iter().chain([&last]);
    let json: Vec<&[u8]> = all().map(|item| item.json.as_slice()).collect();
    let json = wire::unite(&json);
    let tags = distinct(all().flat_map(|item| &item.tags));
    let attributes = distinct(all().flat_map(|item| &item.attributes));
    let without_consent = all().any(|item| item.without_consent);
    Item {
        without_consent,
        merged: earlier.into_iter().map(|item| item.record).collect(),
        json,
        tags,
        attributes,
        ..last
    }
}

fn distinct<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut seen = HashSet::new();
    texts.filter(|text| seen.insert(*text)).cloned().collect()
}
