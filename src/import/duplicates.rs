//! Duplicates: contacts of one phone in several rows, over all inputs, and which of them is sent.
//!
//! Owns what `--on-duplicate` means. Only contacts that can be sent are duplicates: a row whose phone stood in an invalid row
//! repeats nothing.

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

/// Whose contact it is where an import is split over processes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ShardOwner {
    Us,
    OtherShard,
}

/// What becomes of a contact for the sake of the others of its phone.
pub(super) enum Decision {
    /// It stands for its phone.
    Keep(Box<Item>),
    /// Another stands for it.
    Repeats(DuplicateOf),
    /// It waits to be united with a later one.
    Waits,
}

/// The contacts that were met so far, or in a first reading of everything.
pub(super) struct Duplicates {
    policy: OnDuplicate,
    /// Where each phone stands: first, or last. With `Send`, the phones that were sent in this run.
    index: PhoneIndex,
    /// The contacts of phones whose last row is still to come, in row order.
    held: HashMap<u64, Vec<Item>>,
    expected: Checksum,
    met: Checksum,
    /// The phones of which a row says no, of a first reading.
    opted_out: PhoneSet,
}

impl Duplicates {
    /// Nothing met yet.
    pub(super) fn new(policy: OnDuplicate) -> Duplicates {
        Duplicates {
            policy,
            index: PhoneIndex::new(),
            held: HashMap::new(),
            expected: Checksum::default(),
            met: Checksum::default(),
            opted_out: PhoneSet::default(),
        }
    }

    /// Reads everything once, in order to know the last row of each phone. What breaks off breaks off again when it is
    /// read for good, and says so then.
    pub(super) fn look_through(
        &mut self,
        chunks: &mut EncodedChunks,
        stop: &Stop,
        tell: impl Fn(Event),
    ) {
        while let Some(chunk) = chunks.next(stop) {
            match chunk {
                Chunk::Records { records, .. } => {
                    if let Some(EncodedRecord { place, bytes, .. }) = records.last() {
                        tell(Event::LookedThrough(*place, *bytes));
                    }
                    records.iter().for_each(|record| self.expect(record));
                }
                Chunk::Broken(..) => {}
                Chunk::End => return,
            }
        }
    }

    fn expect(&mut self, record: &EncodedRecord) {
        for phone in &record.opted_out {
            self.opted_out.insert(phone);
        }
        if let Encoded::Item(item, _) = &record.encoded {
            self.index.set(item.phone.key(), record.place);
            self.expected.note(record.place, item);
        }
    }

    /// The phones of which a row said no in the first reading.
    pub(super) fn opted_out(&mut self) -> PhoneSet {
        std::mem::take(&mut self.opted_out)
    }

    /// Meets a contact that is left out for what another row of its phone says.
    pub(super) fn pass_by(&mut self, place: Place, item: &Item) {
        self.met.note(place, item);
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
        self.met.note(place, &item);
        match self.policy {
            OnDuplicate::Send => Decision::Keep(item),
            OnDuplicate::First => match self.index.first(phone, place) {
                Some(first) => Decision::Repeats(DuplicateOf::Earlier(first)),
                None => Decision::Keep(item),
            },
            OnDuplicate::Last | OnDuplicate::Merge => match self.index.get(phone) {
                Some(last) if last != place => self.give_way(phone, item, owner, last),
                _ => Decision::Keep(self.united(phone, item, salt)),
            },
        }
    }

    fn give_way(
        &mut self,
        phone: u64,
        item: Box<Item>,
        owner: ShardOwner,
        last: Place,
    ) -> Decision {
        match (self.policy, owner) {
            (OnDuplicate::Merge, ShardOwner::Us) => {
                // Most phones stand in two rows: room for more would cost more than all else.
                let held = self.held.entry(phone);
                held.or_insert_with(|| Vec::with_capacity(1)).push(*item);
                Decision::Waits
            }
            (OnDuplicate::Merge, ShardOwner::OtherShard) => {
                Decision::Repeats(DuplicateOf::Merged(last))
            }
            _ => Decision::Repeats(DuplicateOf::Later(last)),
        }
    }

    fn united(&mut self, phone: u64, item: Box<Item>, salt: Option<&Salt>) -> Box<Item> {
        let Some(earlier) = self.held.remove(&phone) else {
            return item;
        };
        let mut united = unite(earlier, *item);
        united.fingerprint = salt.map(|salt| salt.fingerprint(phone, &united.json));
        Box::new(united)
    }

    /// The row that stands for a phone, where one was met: whoever mends another row of it should know.
    pub(super) fn earlier(&self, phone: &Phone) -> Option<Place> {
        self.index.get(phone.key())
    }

    /// Remembers that a contact is sent in this run, where every row of a phone is.
    pub(super) fn sends(&mut self, item: &Item) {
        if self.policy == OnDuplicate::Send {
            self.index.set(item.phone.key(), item.record.place);
        }
    }

    /// Whether another contact of the phone is sent in this run: then nothing that was known of the phone before holds.
    pub(super) fn is_overtaken(&self, item: &Item) -> bool {
        self.policy == OnDuplicate::Send && self.index.get(item.phone.key()).is_some()
    }

    /// The contacts that still wait, in row order, each with the row it waits for, which was not reached.
    pub(super) fn left_over(&mut self) -> Vec<(Item, DuplicateOf)> {
        let held: Vec<(u64, Vec<Item>)> = self.held.drain().collect();
        let mut left = Vec::new();
        for (phone, items) in held {
            let last = self.index.get(phone);
            let wait = |item: Item| {
                let own = item.record.place;
                (item, DuplicateOf::Merged(last.unwrap_or(own)))
            };
            left.extend(items.into_iter().map(wait));
        }
        left.sort_by_key(|(item, _)| item.record.place);
        left
    }

    /// The first input that read otherwise the second time: what was left out for a later row may have none.
    pub(super) fn changed(&self) -> Option<InputId> {
        let reads_twice = self.policy.reads_twice();
        reads_twice
            .then(|| self.expected.differs_from(&self.met))
            .flatten()
    }
}

/// The last contact with all that only earlier ones said.
fn unite(earlier: Vec<Item>, last: Item) -> Item {
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
