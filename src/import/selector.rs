//! The selector: takes records in row order over all inputs, skips what is not to be sent, and cuts the rest into
//! batches.
//!
//! Owns the order of the checks: opted out, duplicate, shard, ledger. A record counts as read once the selector takes
//! it: what the reader has read beyond that when a run ends is in no count and no file.

use std::ops::ControlFlow;
use std::sync::mpsc::SyncSender;

use tokio::sync::mpsc::Sender;

use super::duplicates::{Decision, Duplicates, ShardOwner};
use super::encoder::{Encoded, EncodedRecord};
use super::ending::Selection;
use super::options::ImportOptions;
use super::phone_set::PhoneSet;
use super::previously_sent::PreviouslySent;
use super::workers::{Chunk, EncodedChunks};
use crate::batch::{Batch, BatchCutter, Item};
use crate::contact::phone::Phone;
use crate::deliver::stop::Stop;
use crate::event::{DuplicateOf, Event, Failure, Halt, InputFault};
use crate::mapping::Warning;
use crate::outcome::{Code, Outcome, Reason, Skip};
use crate::record::Place;
use crate::units::grouped;

struct Selector<'a> {
    cutter: BatchCutter,
    options: &'a ImportOptions,
    context: SelectorContext<'a>,
    /// Contacts that may still be sent.
    left: Option<u64>,
    batches: &'a Sender<Batch>,
    events: &'a SyncSender<Event>,
    selection: Selection,
    /// The last record that is not a continuation of another, and what it has in common with its continuations.
    head: Option<(Place, Option<u64>)>,
    broken: bool,
    /// The last record of the last input that broke off, if it gave any.
    broke_after: Option<Place>,
}

/// What the selector knows before it begins.
pub(super) struct SelectorContext<'a> {
    /// What earlier runs got accepted.
    pub(super) previously_sent: &'a PreviouslySent,
    /// What the inputs are called.
    pub(super) names: &'a [String],
    /// The phones of a first reading, if there was one.
    pub(super) duplicates: Duplicates,
    /// The phones that a row opts out, as far as the inputs were read.
    pub(super) opted_out: PhoneSet,
}

/// Takes chunks until their end, the limit, or a stop.
pub(super) fn select(
    mut chunks: EncodedChunks,
    options: &ImportOptions,
    context: SelectorContext<'_>,
    batches: &Sender<Batch>,
    events: &SyncSender<Event>,
    stop: &Stop,
) -> Selection {
    let mut selector = Selector {
        cutter: BatchCutter::new(options.limits),
        options,
        context,
        left: options.limit,
        batches,
        events,
        selection: Selection::default(),
        head: None,
        broken: false,
        broke_after: None,
    };
    while let Some(chunk) = chunks.next(stop) {
        if selector.take_chunk(chunk, stop).is_break() {
            break;
        }
    }
    selector.finish(stop)
}

impl Selector<'_> {
    fn take_chunk(&mut self, chunk: Chunk<Vec<EncodedRecord>>, stop: &Stop) -> ControlFlow<()> {
        match chunk {
            Chunk::Records { first, records } => {
                let taken = records.len();
                for (number, record) in (first..).zip(records) {
                    // Before each record, not each chunk: a halt must not take 63 more, and the limit counts as
                    // reached only if there is another record.
                    if stop.halt().is_some() || self.is_at_limit() {
                        return ControlFlow::Break(());
                    }
                    self.take(number, record);
                }
                self.cutter.leave_chunk(taken);
                ControlFlow::Continue(())
            }
            Chunk::Broken(input, halt) => {
                self.broken = true;
                self.broke_after = self.selection.last.filter(|last| last.input == input);
                self.emit(Event::BrokeOff(halt));
                ControlFlow::Continue(())
            }
            Chunk::End => {
                self.selection.complete = !self.broken;
                // The other inputs were read to their ends, so the rows that are missing come after this one.
                self.selection.last = self.broke_after;
                self.compare_readings();
                ControlFlow::Break(())
            }
        }
    }

    /// Reports an input that changed between both readings: a row may have been skipped for a later one that is gone.
    fn compare_readings(&self) {
        if let Some(input) = self.context.duplicates.changed_input() {
            #[expect(clippy::indexing_slicing, reason = "each input has a name")]
            let name = self.context.names[input.0].clone();
            let fault = InputFault::Changed(name);
            self.emit(Event::BrokeOff(Halt::Input(fault)));
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
        // First of all, so that an opt-out holds even if its own row is invalid or filtered out.
        self.context.opted_out.extend(opted_out.iter());
        self.selection.read = number + 1;
        self.selection.last = Some(place);
        // A continuation belongs to the record above it only within one input and group: otherwise it has no contact.
        let head = self
            .head
            .filter(|(head, of)| head.input == place.input && *of == group);
        if !matches!(encoded, Encoded::Continuation(_)) {
            self.head = Some((place, group));
        }
        match encoded {
            Encoded::Continuation(failure) => match head {
                Some((head, _)) => self.emit(Event::Duplicate(place, DuplicateOf::Earlier(head))),
                None => self.reject(number, failure, None),
            },
            Encoded::Skipped(skip) => self.emit(Event::Skipped(skip)),
            // Not a reject: once corrected, the rejects file would send it, and the row that opts out is not in that
            // file.
            Encoded::Invalid(_, Some(phone)) if !says_no && self.is_opted_out(&phone) => {
                self.emit(Event::Skipped(Skip::OptedOut));
            }
            Encoded::Invalid(failure, phone) => self.reject(number, failure, phone),
            Encoded::Item(item, warnings) => self.take_item(number, item, warnings),
        }
    }

    fn reject(&self, number: u64, mut failure: Box<Failure>, phone: Option<Phone>) {
        let place = failure.record.place;
        // Every process reads all rows, but only one of them may report a reject.
        if self.owner(number, phone.as_ref()) == ShardOwner::OtherShard {
            return self.emit(Event::Skipped(Skip::OtherShard));
        }
        // The message names a row without its file, so only a row of the same file will do.
        let other = phone.and_then(|phone| self.context.duplicates.sent_row(&phone));
        if let Some(other) = other.filter(|other| other.input == place.input) {
            let row = grouped(other.row);
            let words = format!("; the same phone stands in row {row}, which can be sent");
            failure.reason.full.push_str(&words);
        }
        self.emit(Event::Failed(failure));
    }

    /// Duplicates are found before shards are separated: every process counts the same row as the duplicate.
    fn take_item(&mut self, number: u64, item: Box<Item>, warnings: Vec<Warning>) {
        let place = item.record.place;
        if self.is_opted_out(&item.phone) {
            self.context.duplicates.note_skipped(place, &item);
            return self.emit(Event::Skipped(Skip::OptedOut));
        }
        let owner = self.owner(number, Some(&item.phone));
        match (
            self.context
                .duplicates
                .decide(place, item, owner, self.options.salt.as_ref()),
            owner,
        ) {
            (Decision::Repeats(other), _) => self.emit(Event::Duplicate(place, other)),
            (Decision::Waits, _) => self.warn(place, warnings),
            (Decision::Keep(_), ShardOwner::OtherShard) => {
                self.emit(Event::Skipped(Skip::OtherShard))
            }
            (Decision::Keep(item), ShardOwner::Us) => match self.skip(&item) {
                Some(skip) => self.skip_item(&item, skip),
                None => {
                    self.warn(place, warnings);
                    self.send_item(*item);
                }
            },
        }
    }

    /// Whether a row of this phone opts out, as far as the inputs were read.
    fn is_opted_out(&self, phone: &Phone) -> bool {
        !self.options.include.opted_out && self.context.opted_out.has(phone)
    }

    fn owner(&self, number: u64, phone: Option<&Phone>) -> ShardOwner {
        let is_ours = match (self.options.shard, phone) {
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

    /// Why a contact is left out because of earlier runs, if it is.
    fn skip(&self, item: &Item) -> Option<Skip> {
        let skip = self.context.previously_sent.skip(item)?;
        (!self.context.duplicates.sends_another(item)).then_some(skip)
    }

    fn skip_item(&self, item: &Item, skip: Skip) {
        let place = item.record.place;
        for other in &item.merged {
            self.emit(Event::Duplicate(other.place, DuplicateOf::Merged(place)));
        }
        self.emit(Event::Skipped(skip));
    }

    fn warn(&self, place: Place, warnings: Vec<Warning>) {
        for warning in warnings {
            self.emit(Event::Warned(place, warning));
        }
    }

    fn send_item(&mut self, item: Item) {
        self.context.duplicates.note_sent(&item);
        let full = self.cutter.push(item);
        self.send_batch(full);
        if let Some(left) = &mut self.left {
            *left = left.saturating_sub(1);
            // At the limit, send the last batch now: a pipe may not give the next row for hours.
            if *left == 0 {
                let rest = self.cutter.finish();
                self.send_batch(rest);
            }
        }
    }

    fn send_batch(&self, batch: Option<Batch>) {
        if let Some(batch) = batch
            && let Err(refused) = self.batches.blocking_send(batch)
        {
            // The sender is gone after a halt. Nothing more is sent, but every contact has to be counted.
            self.leave_unsent(refused.0.into_items(), &not_sent());
        }
    }

    fn leave_unsent(&self, items: impl IntoIterator<Item = Item>, reason: &Reason) {
        for item in items {
            for failure in Failure::all_of(item, Outcome::Unsent, reason, None) {
                self.emit(Event::Failed(Box::new(failure)));
            }
        }
    }

    fn finish(mut self, stop: &Stop) -> Selection {
        match (self.cutter.finish(), stop.halt()) {
            (Some(rest), Some(_)) => self.leave_unsent(rest.into_items(), &not_sent()),
            (rest, _) => self.send_batch(rest),
        }
        for (item, other) in self.context.duplicates.still_waiting() {
            match self.selection.limited {
                // The run that resumes from here will send it, as it will all rows after the limit.
                true => self.emit(Event::Duplicate(item.record.place, other)),
                false => self.leave_unsent([item], &not_merged()),
            }
        }
        self.selection
    }

    fn emit(&self, event: Event) {
        // The channel is closed only when the collector is gone; then nobody needs the event.
        let _ = self.events.send(event);
    }
}

fn not_sent() -> Reason {
    Reason::plain(Code::NotSent, "not sent before the run ended")
}

fn not_merged() -> Reason {
    Reason::plain(
        Code::NotSent,
        "not sent: a later row of the same phone, which it is united with, was not reached",
    )
}
