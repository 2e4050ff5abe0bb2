//! Twins: contacts of one phone in several rows, over all inputs, and which of them is sent.
//!
//! Owns what `--on-duplicate` means. Only contacts that can be sent are twins: a row whose phone stood in an invalid row
//! repeats nothing.

mod rows;
mod trace;

use std::collections::{HashMap, HashSet};

use self::rows::Rows;
use self::trace::Trace;
use super::PhoneSet;
use super::lanes::{Lanes, Parcel, Sorted};
use super::maker::Made;
use crate::batch::Item;
use crate::contact::phone::Phone;
use crate::deliver::stop::Stop;
use crate::event::{Event, Twin};
use crate::fingerprint::Salt;
use crate::record::{InputId, Place};
use crate::wire;

/// What is sent of a phone that stands in several rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum OnDuplicate {
    /// The first row.
    #[default]
    First,
    /// The last row.
    Last,
    /// One contact made of all rows: what is said later counts, tags and attributes are united.
    Merge,
    /// Every row, one after the other.
    Send,
}

impl OnDuplicate {
    /// Whether all inputs are read once before anything is sent: only their end tells which row is the last.
    pub(crate) fn reads_twice(self) -> bool {
        matches!(self, OnDuplicate::Last | OnDuplicate::Merge)
    }
}

/// Whose contact it is where an import is split over processes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Us,
    OtherShard,
}

/// What becomes of a contact for the sake of the others of its phone.
pub(super) enum Ruling {
    /// It stands for its phone.
    Stands(Box<Item>),
    /// Another stands for it.
    Repeats(Twin),
    /// It waits to be united with a later one.
    Waits,
}

/// The contacts that were met so far, or in a first reading of everything.
pub(super) struct Twins {
    policy: OnDuplicate,
    /// Where each phone stands: first, or last. With `Send`, the phones that were sent in this run.
    rows: Rows,
    /// The contacts of phones whose last row is still to come, in row order.
    held: HashMap<u64, Vec<Item>>,
    expected: Trace,
    met: Trace,
    /// The phones of which a row says no, of a first reading.
    opted_out: PhoneSet,
}

impl Twins {
    /// Nothing met yet.
    pub(super) fn new(policy: OnDuplicate) -> Twins {
        Twins {
            policy,
            rows: Rows::new(),
            held: HashMap::new(),
            expected: Trace::default(),
            met: Trace::default(),
            opted_out: PhoneSet::default(),
        }
    }

    /// Reads everything once, in order to know the last row of each phone. What breaks off breaks off again when it is
    /// read for good, and says so then.
    pub(super) fn look_through(&mut self, lanes: &mut Lanes, stop: &Stop, tell: impl Fn(Event)) {
        while let Some(parcel) = lanes.next(stop) {
            match parcel {
                Parcel::Records { records, .. } => {
                    if let Some(Sorted { place, bytes, .. }) = records.last() {
                        tell(Event::LookedThrough(*place, *bytes));
                    }
                    records.iter().for_each(|sorted| self.expect(sorted));
                }
                Parcel::Broken(..) => {}
                Parcel::End => return,
            }
        }
    }

    fn expect(&mut self, sorted: &Sorted) {
        for phone in &sorted.opted_out {
            self.opted_out.insert(phone);
        }
        if let Made::Item(item, _) = &sorted.made {
            self.rows.set(item.phone.key(), sorted.place);
            self.expected.note(sorted.place, item);
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

    /// Rules on the next contact in row order.
    pub(super) fn rule(
        &mut self,
        place: Place,
        item: Box<Item>,
        owner: Owner,
        salt: Option<&Salt>,
    ) -> Ruling {
        let phone = item.phone.key();
        self.met.note(place, &item);
        match self.policy {
            OnDuplicate::Send => Ruling::Stands(item),
            OnDuplicate::First => match self.rows.first(phone, place) {
                Some(first) => Ruling::Repeats(Twin::Earlier(first)),
                None => Ruling::Stands(item),
            },
            OnDuplicate::Last | OnDuplicate::Merge => match self.rows.get(phone) {
                Some(last) if last != place => self.give_way(phone, item, owner, last),
                _ => Ruling::Stands(self.united(phone, item, salt)),
            },
        }
    }

    fn give_way(&mut self, phone: u64, item: Box<Item>, owner: Owner, last: Place) -> Ruling {
        match (self.policy, owner) {
            (OnDuplicate::Merge, Owner::Us) => {
                // Most phones stand in two rows: room for more would cost more than all else.
                let held = self.held.entry(phone);
                held.or_insert_with(|| Vec::with_capacity(1)).push(*item);
                Ruling::Waits
            }
            (OnDuplicate::Merge, Owner::OtherShard) => Ruling::Repeats(Twin::United(last)),
            _ => Ruling::Repeats(Twin::Later(last)),
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
        self.rows.get(phone.key())
    }

    /// Remembers that a contact is sent in this run, where every row of a phone is.
    pub(super) fn sends(&mut self, item: &Item) {
        if self.policy == OnDuplicate::Send {
            self.rows.set(item.phone.key(), item.record.place);
        }
    }

    /// Whether another contact of the phone is sent in this run: then nothing that was known of the phone before holds.
    pub(super) fn is_overtaken(&self, item: &Item) -> bool {
        self.policy == OnDuplicate::Send && self.rows.get(item.phone.key()).is_some()
    }

    /// The contacts that still wait, in row order, each with the row it waits for, which was not reached.
    pub(super) fn left_over(&mut self) -> Vec<(Item, Twin)> {
        let held: Vec<(u64, Vec<Item>)> = self.held.drain().collect();
        let mut left = Vec::new();
        for (phone, items) in held {
            let last = self.rows.get(phone);
            let wait = |item: Item| {
                let own = item.record.place;
                (item, Twin::United(last.unwrap_or(own)))
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
        twins: earlier.into_iter().map(|item| item.record).collect(),
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
