//! The stager: takes records in row order over all inputs, leaves out what repeats, and cuts the rest into batches.
//!
//! A record counts as read once the stager takes it: what was read ahead when a run ends is in no count and no file.

use std::sync::mpsc::SyncSender;

use tokio::sync::mpsc::Sender;

use super::lanes::{Lanes, Parcel, Sorted};
use super::maker::Made;
use super::previously_sent::PreviouslySent;
use super::twins::{Owner, Ruling, Twins};
use super::{ImportOptions, Include, PhoneSet};
use crate::batch::{Batch, Cutter, Item};
use crate::contact::phone::Phone;
use crate::deliver::stop::Stop;
use crate::event::{Event, Failure, Halt, Twin};
use crate::fingerprint::Salt;
use crate::mapping::Warning;
use crate::outcome::{Code, Outcome, Reason, Skip};
use crate::record::Place;
use crate::shard::Shard;
use crate::units::grouped;

/// What the stager took.
#[derive(Debug, Default)]
pub(super) struct Staged {
    /// Records taken, by the reader's numbers.
    pub(super) read: u64,
    /// Every input was read to its end.
    pub(super) complete: bool,
    /// The last record taken.
    pub(super) last: Option<Place>,
    /// `--limit` was reached, and there was more.
    pub(super) limited: bool,
}

/// Whether to go on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Go {
    On,
    NoFurther,
}

struct Stager<'a> {
    cutter: Cutter,
    twins: Twins,
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
    staged: Staged,
    /// The last record that does not go on with another, and what it has in common with those that go on with it.
    head: Option<(Place, Option<u64>)>,
    broken: bool,
    /// The last record of the last input that broke off, where it gave any.
    broke_after: Option<Place>,
}

/// What the stager is told before it begins.
pub(super) struct Known<'a> {
    /// What earlier runs had accepted.
    pub(super) previously_sent: &'a PreviouslySent,
    /// What the inputs are called.
    pub(super) names: &'a [String],
    /// The phones of a first reading, where there was one.
    pub(super) twins: Twins,
    /// The phones of which a row is known to say no.
    pub(super) opted_out: PhoneSet,
}

/// Stages everything that comes down the lanes, until their end, the limit, or a stop.
pub(super) fn stage(
    mut lanes: Lanes,
    options: &ImportOptions,
    known: Known<'_>,
    batches: &Sender<Batch>,
    events: &SyncSender<Event>,
    stop: &Stop,
) -> Staged {
    let mut stager = Stager {
        cutter: Cutter::new(options.limits),
        twins: known.twins,
        opted_out: known.opted_out,
        include: options.include,
        salt: options.salt,
        shard: options.shard,
        previously_sent: known.previously_sent,
        names: known.names,
        left: options.limit,
        batches,
        events,
        staged: Staged::default(),
        head: None,
        broken: false,
        broke_after: None,
    };
    while let Some(parcel) = lanes.next(stop) {
        if stager.unpack(parcel, stop) == Go::NoFurther {
            break;
        }
    }
    stager.finish(stop)
}

impl Stager<'_> {
    fn unpack(&mut self, parcel: Parcel<Sorted>, stop: &Stop) -> Go {
        match parcel {
            Parcel::Records { first, records } => {
                for (number, sorted) in (first..).zip(records) {
                    if stop.halt().is_some() || self.is_at_limit() {
                        return Go::NoFurther;
                    }
                    self.take(number, sorted);
                }
                Go::On
            }
            Parcel::Broken(input, halt) => {
                self.broken = true;
                self.broke_after = self.staged.last.filter(|last| last.input == input);
                self.tell(Event::BrokeOff(halt));
                Go::On
            }
            Parcel::End => {
                self.staged.complete = !self.broken;
                // The other inputs were read to their ends: what is missing stands behind this row.
                self.staged.last = self.broke_after;
                self.compare_readings();
                Go::NoFurther
            }
        }
    }

    /// What was left out for a later row is lost where that row is gone.
    fn compare_readings(&self) {
        if let Some(input) = self.twins.changed() {
            let name = self.names.get(input.0).map_or("an input", String::as_str);
            self.tell(Event::BrokeOff(Halt::Input(format!(
                "{name}: it changed while it was read, and --on-duplicate has read it twice: run again once it is whole"
            ))));
        }
    }

    fn is_at_limit(&mut self) -> bool {
        self.staged.limited = self.left == Some(0);
        self.staged.limited
    }

    fn take(&mut self, number: u64, sorted: Sorted) {
        let Sorted {
            place,
            made,
            group,
            opted_out,
            ..
        } = sorted;
        let says_no = !opted_out.is_empty();
        self.opted_out.extend(opted_out.iter());
        self.staged.read = number + 1;
        self.staged.last = Some(place);
        let head = self
            .head
            .filter(|(head, of)| head.input == place.input && *of == group);
        if !matches!(made, Made::Continuation(_)) {
            self.head = Some((place, group));
        }
        match made {
            Made::Continuation(failure) => match head {
                Some((head, _)) => self.tell(Event::Repeated(place, Twin::Earlier(head))),
                None => self.reject(number, failure, None),
            },
            Made::LeftOut(skip) => self.tell(Event::Skipped(skip)),
            // Corrected, it would be sent from its rejects file, where the row that says no is missing.
            Made::Invalid(_, Some(phone)) if !says_no && self.is_opted_out(&phone) => {
                self.tell(Event::Skipped(Skip::OptedOut));
            }
            Made::Invalid(failure, phone) => self.reject(number, failure, phone),
            Made::Item(item, warnings) => self.take_item(number, item, warnings),
        }
    }

    fn reject(&self, number: u64, mut failure: Box<Failure>, phone: Option<Phone>) {
        let place = failure.record.place;
        if self.owner(number, phone.as_ref()) == Owner::OtherShard {
            return self.tell(Event::Skipped(Skip::OtherShard));
        }
        let twin = phone.and_then(|phone| self.twins.earlier(&phone));
        if let Some(twin) = twin.filter(|twin| twin.input == place.input) {
            let row = grouped(twin.row);
            let words = format!("; the same phone stands in row {row}, which can be sent");
            failure.reason.full.push_str(&words);
        }
        self.tell(Event::Failed(failure));
    }

    /// A duplicate is one in every shard, whoever sends the other.
    fn take_item(&mut self, number: u64, item: Box<Item>, warnings: Vec<Warning>) {
        let place = item.record.place;
        if self.is_opted_out(&item.phone) {
            self.twins.pass_by(place, &item);
            return self.tell(Event::Skipped(Skip::OptedOut));
        }
        let owner = self.owner(number, Some(&item.phone));
        match (
            self.twins.rule(place, item, owner, self.salt.as_ref()),
            owner,
        ) {
            (Ruling::Repeats(twin), _) => self.tell(Event::Repeated(place, twin)),
            (Ruling::Waits, _) => self.warn(place, warnings),
            (Ruling::Stands(_), Owner::OtherShard) => self.tell(Event::Skipped(Skip::OtherShard)),
            (Ruling::Stands(item), Owner::Us) => match self.skip(&item) {
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

    fn owner(&self, number: u64, phone: Option<&Phone>) -> Owner {
        let is_ours = match (self.shard, phone) {
            (None, _) => true,
            (Some(shard), Some(phone)) => shard.has_phone(phone),
            (Some(shard), None) => shard.has_record(number),
        };
        if is_ours {
            Owner::Us
        } else {
            Owner::OtherShard
        }
    }

    /// Why a contact is left out for what earlier runs had accepted, if it is.
    fn skip(&self, item: &Item) -> Option<Skip> {
        let skip = self.previously_sent.skip(item)?;
        (!self.twins.is_overtaken(item)).then_some(skip)
    }

    fn leave_out(&self, item: &Item, skip: Skip) {
        let place = item.record.place;
        for twin in &item.twins {
            self.tell(Event::Repeated(twin.place, Twin::United(place)));
        }
        self.tell(Event::Skipped(skip));
    }

    fn warn(&self, place: Place, warnings: Vec<Warning>) {
        for warning in warnings {
            self.tell(Event::Warned(place, warning));
        }
    }

    fn pass_on(&mut self, item: Item) {
        self.twins.sends(&item);
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
            for failure in Failure::all_of(item, Outcome::Unsent, reason) {
                self.tell(Event::Failed(Box::new(failure)));
            }
        }
    }

    fn finish(mut self, stop: &Stop) -> Staged {
        match (self.cutter.finish(), stop.halt()) {
            (Some(rest), Some(_)) => self.leave_unsent(rest.into_items(), &not_sent()),
            (rest, _) => self.hand_over(rest),
        }
        for (item, twin) in self.twins.left_over() {
            match self.staged.limited {
                // It is left to the run that goes on from here, as everything behind the limit is.
                true => self.tell(Event::Repeated(item.record.place, twin)),
                false => self.leave_unsent([item], &not_united()),
            }
        }
        self.staged
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

impl Staged {
    /// What `--limit` ended, as a halt.
    pub(super) fn halt(&self) -> Option<Halt> {
        self.limited.then_some(Halt::Limit)
    }
}
