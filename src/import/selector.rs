//! The selector: takes records in row order over all inputs, leaves out what repeats, and cuts the rest into batches.
//!
//! A record counts as read once the selector takes it: what was read ahead when a run ends is in no count and no file.

use std::sync::mpsc::SyncSender;

use tokio::sync::mpsc::Sender;

use super::duplicates::{Decision, Duplicates, ShardOwner};
use super::encoder::{Encoded, EncodedRecord};
use super::ending::Selection;
use super::options::{ImportOptions, Include};
use super::phone_set::PhoneSet;
use super::previously_sent::PreviouslySent;
use super::workers::{Chunk, EncodedChunks};
use crate::batch::{Batch, BatchCutter, Item};
use crate::contact::phone::Phone;
use crate::deliver::stop::Stop;
use crate::event::{DuplicateOf, Event, Failure, Halt, InputFault};
use crate::fingerprint::Salt;
use crate::mapping::Warning;
use crate::outcome::{Code, Outcome, Reason, Skip};
use crate::record::Place;
use crate::shard::Shard;
use crate::units::grouped;

/// Whether to go on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Go {
    On,
    NoFurther,
}

struct Selector<'a> {
    cutter: BatchCutter,
    duplicates: Duplicates,
    /// The phones of which a row says no, as far as it is known.
    opted_out: PhoneSet,
    include: Include,
    salt: Option<Salt>,
    shard: Option<Shard>,
    previously_sent: &'a PreviouslySent,
    /// What the inputs are called.
    names: &'a [String],
    /// Contacts that may still be sent.
    left: Option<u64>,
    batches: &'a Sender<Batch>,
    events: &'a SyncSender<Event>,
    selection: Selection,
    /// The last record that does not go on with another, and what it has in common with those that go on with it.
    head: Option<(Place, Option<u64>)>,
    broken: bool,
    /// The last record of the last input that broke off, where it gave any.
    broke_after: Option<Place>,
}

/// What the selector is told before it begins.
pub(super) struct Known<'a> {
    /// What earlier runs had accepted.
    pub(super) previously_sent: &'a PreviouslySent,
    /// What the inputs are called.
    pub(super) names: &'a [String],
    /// The phones of a first reading, where there was one.
    pub(super) duplicates: Duplicates,
    /// The phones of which a row is known to say no.
    pub(super) opted_out: PhoneSet,
}

/// Selects from all chunks, until their end, the limit, or a stop.
pub(super) fn select(
    mut chunks: EncodedChunks,
    options: &ImportOptions,
    known: Known<'_>,
    batches: &Sender<Batch>,
    events: &SyncSender<Event>,
    stop: &Stop,
) -> Selection {
    let mut selector = Selector {
        cutter: BatchCutter::new(options.limits),
        duplicates: known.duplicates,
        opted_out: known.opted_out,
        include: options.include,
        salt: options.salt,
        shard: options.shard,
        previously_sent: known.previously_sent,
        names: known.names,
        left: options.limit,
        batches,
        events,
        selection: Selection::default(),
        head: None,
        broken: false,
        broke_after: None,
    };
    while let Some(chunk) = chunks.next(stop) {
        if selector.unpack(chunk, stop) == Go::NoFurther {
            break;
        }
    }
    selector.finish(stop)
}

impl Selector<'_> {
    fn unpack(&mut self, chunk: Chunk<EncodedRecord>, stop: &Stop) -> Go {
        match chunk {
            Chunk::Records { first, records } => {
                for (number, record) in (first..).zip(records) {
                    if stop.halt().is_some() || self.is_at_limit() {
                        return Go::NoFurther;
                    }
                    self.take(number, record);
                }
                Go::On
            }
            Chunk::Broken(input, halt) => {
                self.broken = true;
                self.broke_after = self.selection.last.filter(|last| last.input == input);
                self.tell(Event::BrokeOff(halt));
                Go::On
            }
            Chunk::End => {
                self.selection.complete = !self.broken;
                // The other inputs were read to their ends: what is missing stands behind this row.
                self.selection.last = self.broke_after;
                self.compare_readings();
                Go::NoFurther
            }
        }
    }

    /// What was left out for a later row is lost where that row is gone.
    fn compare_readings(&self) {
        if let Some(input) = self.duplicates.changed() {
            let name = self.names.get(input.0).map_or("an input", String::as_str);
            let fault = InputFault::Changed(name.to_owned());
            self.tell(Event::BrokeOff(Halt::Input(fault)));
        }
    }

    fn is_at_limit(&mut self) -> bool {
        self.selection.limited = self.left == Some(0);
        self.selection.limited
    }

    fn take(&mut self, number: u64, record: EncodedRecord) {
        let EncodedRecord {
            place,
            encoded,
            group,
            opted_out,
            ..
        } = record;
        let says_no = !opted_out.is_empty();
        self.opted_out.extend(opted_out.iter());
        self.selection.read = number + 1;
        self.selection.last = Some(place);
        let head = self
            .head
            .filter(|(head, of)| head.input == place.input && *of == group);
        if !matches!(encoded, Encoded::Continuation(_)) {
            self.head = Some((place, group));
        }
        match encoded {
            Encoded::Continuation(failure) => match head {
                Some((head, _)) => self.tell(Event::Duplicate(place, DuplicateOf::Earlier(head))),
                None => self.reject(number, failure, None),
            },
            Encoded::Skipped(skip) => self.tell(Event::Skipped(skip)),
            // Corrected, it would be sent from its rejects file, where the row that says no is missing.
            Encoded::Invalid(_, Some(phone)) if !says_no && self.is_opted_out(&phone) => {
                self.tell(Event::Skipped(Skip::OptedOut));
            }
            Encoded::Invalid(failure, phone) => self.reject(number, failure, phone),
            Encoded::Item(item, warnings) => self.take_item(number, item, warnings),
        }
    }

    fn reject(&self, number: u64, mut failure: Box<Failure>, phone: Option<Phone>) {
        let place = failure.record.place;
        if self.owner(number, phone.as_ref()) == ShardOwner::OtherShard {
            return self.tell(Event::Skipped(Skip::OtherShard));
        }
        let other = phone.and_then(|phone| self.duplicates.earlier(&phone));
        if let Some(other) = other.filter(|other| other.input == place.input) {
            let row = grouped(other.row);
            let words = format!("; the same phone stands in row {row}, which can be sent");
            failure.reason.full.push_str(&words);
        }
        self.tell(Event::Failed(failure));
    }

    /// A duplicate is one in every shard, whoever sends the other.
    fn take_item(&mut self, number: u64, item: Box<Item>, warnings: Vec<Warning>) {
        let place = item.record.place;
        if self.is_opted_out(&item.phone) {
            self.duplicates.pass_by(place, &item);
            return self.tell(Event::Skipped(Skip::OptedOut));
        }
        let owner = self.owner(number, Some(&item.phone));
        match (
            self.duplicates
                .decide(place, item, owner, self.salt.as_ref()),
            owner,
        ) {
            (Decision::Repeats(other), _) => self.tell(Event::Duplicate(place, other)),
            (Decision::Waits, _) => self.warn(place, warnings),
            (Decision::Keep(_), ShardOwner::OtherShard) => {
                self.tell(Event::Skipped(Skip::OtherShard))
            }
            (Decision::Keep(item), ShardOwner::Us) => match self.skip(&item) {
                Some(skip) => self.leave_out(&item, skip),
                None => {
                    self.warn(place, warnings);
                    self.pass_on(*item);
                }
            },
        }
    }

    /// Whether a row of a phone says no, as far as it is known.
    fn is_opted_out(&self, phone: &Phone) -> bool {
        !self.include.opted_out && self.opted_out.has(phone)
    }

    fn owner(&self, number: u64, phone: Option<&Phone>) -> ShardOwner {
        let is_ours = match (self.shard, phone) {
            (None, _) => true,
            (Some(shard), Some(phone)) => shard.has_phone(phone),
            (Some(shard), None) => shard.has_record(number),
        };
        if is_ours {
            ShardOwner::Us
        } else {
            ShardOwner::OtherShard
        }
    }

    /// Why a contact is left out for what earlier runs had accepted, if it is.
    fn skip(&self, item: &Item) -> Option<Skip> {
        let skip = self.previously_sent.skip(item)?;
        (!self.duplicates.is_overtaken(item)).then_some(skip)
    }

    fn leave_out(&self, item: &Item, skip: Skip) {
        let place = item.record.place;
        for other in &item.merged {
            self.tell(Event::Duplicate(other.place, DuplicateOf::Merged(place)));
        }
        self.tell(Event::Skipped(skip));
    }

    fn warn(&self, place: Place, warnings: Vec<Warning>) {
        for warning in warnings {
            self.tell(Event::Warned(place, warning));
        }
    }

    fn pass_on(&mut self, item: Item) {
        self.duplicates.sends(&item);
        let full = self.cutter.push(item);
        self.hand_over(full);
        if let Some(left) = &mut self.left {
            *left = left.saturating_sub(1);
            if *left == 0 {
                let rest = self.cutter.finish();
                self.hand_over(rest);
            }
        }
    }

    fn hand_over(&self, batch: Option<Batch>) {
        if let Some(batch) = batch
            && let Err(refused) = self.batches.blocking_send(batch)
        {
            self.leave_unsent(refused.0.into_items(), &not_sent());
        }
    }

    fn leave_unsent(&self, items: impl IntoIterator<Item = Item>, reason: &Reason) {
        for item in items {
            for failure in Failure::all_of(item, Outcome::Unsent, reason, None) {
                self.tell(Event::Failed(Box::new(failure)));
            }
        }
    }

    fn finish(mut self, stop: &Stop) -> Selection {
        match (self.cutter.finish(), stop.halt()) {
            (Some(rest), Some(_)) => self.leave_unsent(rest.into_items(), &not_sent()),
            (rest, _) => self.hand_over(rest),
        }
        for (item, other) in self.duplicates.left_over() {
            match self.selection.limited {
                // It is left to the run that goes on from here, as everything behind the limit is.
                true => self.tell(Event::Duplicate(item.record.place, other)),
                false => self.leave_unsent([item], &not_united()),
            }
        }
        self.selection
    }

    fn tell(&self, event: Event) {
        // A closed channel means that nobody watches any more: then there is nobody to tell.
        let _ = self.events.send(event);
    }
}

fn not_sent() -> Reason {
    Reason::plain(Code::NotSent, "not sent before the run ended")
}

fn not_united() -> Reason {
    Reason::plain(
        Code::NotSent,
        "not sent: a later row of the same phone, which it is united with, was not reached",
    )
}
