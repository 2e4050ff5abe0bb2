//! The stager: takes records in row order over all inputs, leaves out what repeats, and cuts the rest into batches.
//!
//! A record counts as read once the stager takes it: what was read ahead when a run ends is in no count and no file.

use std::collections::HashSet;
use std::sync::mpsc::{RecvTimeoutError, SyncSender};
use std::time::Duration;

use tokio::sync::mpsc::Sender;

use super::Options;
use super::journal::Earlier;
use super::lanes::{Lanes, Parcel, Sorted};
use super::maker::Made;
use crate::batch::{Batch, Cutter, Item};
use crate::deliver::stop::Stop;
use crate::event::{Event, Failure, Halt};
use crate::outcome::{Code, Outcome, Reason, Skip};
use crate::record::Place;
use crate::shard::Shard;

/// How soon a stop is noticed while nothing comes in.
const GLANCE: Duration = Duration::from_millis(50);

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
    seen: HashSet<u64>,
    shard: Option<Shard>,
    earlier: &'a Earlier,
    /// Contacts that may still be sent.
    left: Option<u64>,
    batches: &'a Sender<Batch>,
    events: &'a SyncSender<Event>,
    staged: Staged,
    broken: bool,
    /// The last record of the last input that broke off, where it gave any.
    broke_after: Option<Place>,
}

/// Stages everything that comes down the lanes, until their end, the limit, or a stop.
pub(super) fn stage(
    mut lanes: Lanes,
    options: &Options,
    earlier: &Earlier,
    batches: &Sender<Batch>,
    events: &SyncSender<Event>,
    stop: &Stop,
) -> Staged {
    let mut stager = Stager {
        cutter: Cutter::new(options.limits),
        seen: HashSet::new(),
        shard: options.shard,
        earlier,
        left: options.limit,
        batches,
        events,
        staged: Staged::default(),
        broken: false,
        broke_after: None,
    };
    while let Some(parcel) = next(&mut lanes, stop) {
        if stager.unpack(parcel, stop) == Go::NoFurther {
            break;
        }
    }
    stager.finish(stop)
}

/// The next parcel; `None` when the run is ending.
fn next(lanes: &mut Lanes, stop: &Stop) -> Option<Parcel<Sorted>> {
    loop {
        match lanes.current()?.recv_timeout(GLANCE) {
            Ok(parcel) => {
                lanes.turn();
                return Some(parcel);
            }
            Err(RecvTimeoutError::Timeout) if stop.halt().is_none() => {}
            Err(_) => return None,
        }
    }
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
                Go::NoFurther
            }
        }
    }

    fn is_at_limit(&mut self) -> bool {
        self.staged.limited = self.left == Some(0);
        self.staged.limited
    }

    fn take(&mut self, number: u64, sorted: Sorted) {
        self.staged.read = number + 1;
        self.staged.last = Some(sorted.place);
        match (self.skip(number, &sorted.made), sorted.made) {
            (Some(skip), _) => self.tell(Event::Skipped(sorted.place, skip)),
            (None, Made::Filtered) => self.tell(Event::Skipped(sorted.place, Skip::Filtered)),
            (None, Made::Invalid(failure, _)) => self.tell(Event::Failed(failure)),
            (None, Made::Item(item, warnings)) => {
                warnings
                    .into_iter()
                    .for_each(|warning| self.tell(Event::Warned(sorted.place, warning)));
                self.pass_on(*item);
            }
        }
    }

    /// Why a record that the filter takes is left out, if it is: a duplicate is one in every shard, whoever sends the first.
    fn skip(&mut self, number: u64, made: &Made) -> Option<Skip> {
        match made {
            Made::Filtered => None,
            Made::Item(item, _) if !self.seen.insert(item.phone.key()) => Some(Skip::Duplicate),
            _ if !self.is_ours(number, made) => Some(Skip::OtherShard),
            Made::Item(item, _) => self.earlier.skip(item),
            Made::Invalid(..) => None,
        }
    }

    fn is_ours(&self, number: u64, made: &Made) -> bool {
        let Some(shard) = self.shard else {
            return true;
        };
        match made {
            Made::Item(item, _) => shard.has_phone(&item.phone),
            Made::Invalid(_, Some(phone)) => shard.has_phone(phone),
            Made::Invalid(_, None) => shard.has_record(number),
            Made::Filtered => true,
        }
    }

    fn pass_on(&mut self, item: Item) {
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
            self.leave_unsent(refused.0);
        }
    }

    fn leave_unsent(&self, batch: Batch) {
        let reason = Reason::plain(Code::NotSent, "not sent before the run ended");
        for item in batch.into_items() {
            let failure = Failure::of(item, Outcome::Unsent, reason.clone());
            self.tell(Event::Failed(Box::new(failure)));
        }
    }

    fn finish(mut self, stop: &Stop) -> Staged {
        match (self.cutter.finish(), stop.halt()) {
            (Some(rest), Some(_)) => self.leave_unsent(rest),
            (rest, _) => self.hand_over(rest),
        }
        self.staged
    }

    fn tell(&self, event: Event) {
        // A closed channel means that nobody watches any more: then there is nobody to tell.
        let _ = self.events.send(event);
    }
}

impl Staged {
    /// What `--limit` ended, as a halt.
    pub(super) fn halt(&self) -> Option<Halt> {
        self.limited.then_some(Halt::Limit)
    }
}
