//! The collector: counts every event and shows it.
//!
//! Owns the tally, the rejects and the progress, on one thread. What is sent is decided by the other stages.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::ending::{ImportEnding, Selection};
use super::options::ImportOptions;
use super::preview;
use super::run_log::RunLog;
use crate::batch::Item;
use crate::deliver::stop::Stop;
use crate::event::{DuplicateOf, Event, Halt, MaxErrors, TooManyErrors, WaitScope};
use crate::record::{Place, RecordFacts};
use crate::report::preview::Preview;
use crate::report::progress::{Progress, ProgressState};
use crate::report::rejects::Rejects;
use crate::report::words;
use crate::tally::Tally;

/// How often the progress is redrawn when no event comes: the clock and the time of a wait go on.
const TICK: Duration = Duration::from_millis(100);
/// `--max-errors 5%` is not judged before this many rows: three bad rows among the first ten say nothing about a file.
const SHARE_FROM: u64 = 1_000;
/// How many contacts a dry run shows.
const PREVIEWS: usize = 3;

/// Shows a contact of a dry run above the progress.
pub(crate) type OnPreview = Box<dyn FnMut(&Progress, &Preview)>;
/// Shows a failed record or a warning, with its place.
pub(crate) type OnDetail = Box<dyn FnMut(&Progress, Place, &str)>;

/// Shows a record that was left out because another row has its phone.
pub(crate) type OnRepeat = Box<dyn FnMut(&Progress, Place, DuplicateOf)>;

/// Where the collector writes.
pub(crate) struct Outputs {
    /// Where failed records go; a dry run may have none.
    pub(crate) rejects: Option<Rejects>,
    /// The progress on the terminal.
    pub(crate) progress: Progress,
    /// Takes the first contacts of a dry run.
    pub(crate) on_preview: OnPreview,
    /// Called once when the run is interrupted and waits for requests in flight.
    pub(crate) on_stopping: Box<dyn FnMut(&Progress)>,
    /// Takes each failed record and each warning; `-v` prints them.
    pub(crate) on_detail: OnDetail,
    /// Takes each record that was left out as a duplicate; `-v` prints them.
    pub(crate) on_repeat: OnRepeat,
}

/// What was collected.
pub(super) struct Collection {
    tally: Tally,
    halts: Vec<Halt>,
    rejects: Vec<std::path::PathBuf>,
}

struct Collector<'a> {
    outputs: Outputs,
    run_log: RunLog,
    offsets: &'a [u64],
    options: &'a ImportOptions,
    stop: &'a Stop,
    tally: Tally,
    halts: Vec<Halt>,
    state: ProgressState,
    previews: usize,
}

/// Collects until the work has ended.
pub(super) fn collect(
    events: &Receiver<Event>,
    outputs: Outputs,
    run_log: RunLog,
    offsets: &[u64],
    options: &ImportOptions,
    stop: &Stop,
) -> Collection {
    let mut collector = Collector {
        outputs,
        run_log,
        offsets,
        options,
        stop,
        tally: Tally::default(),
        halts: Vec::new(),
        state: ProgressState::default(),
        previews: 0,
    };
    loop {
        match events.recv_timeout(TICK) {
            Ok(event) => collector.handle(event),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        collector.record_stop();
        collector
            .outputs
            .progress
            .show(&collector.tally, &collector.state, Instant::now());
    }
    collector.finish()
}

impl Collector<'_> {
    /// Records an event in the ledger before it is counted and shown: the summary must not report what the ledger
    /// lacks.
    fn handle(&mut self, event: Event) {
        if let Err(error) = self.run_log.note(&event) {
            self.output_failed(Halt::unwritable(error));
        }
        self.count_and_show(event);
    }

    fn count_and_show(&mut self, event: Event) {
        self.tally.note(&event);
        // Any other event means that the first reading is over.
        self.state.looked_through = None;
        match event {
            Event::Accepted(items) | Event::WouldSend(items) if items.is_empty() => {}
            Event::Accepted(items) => {
                self.clear_batch_wait();
                items.iter().for_each(|item| self.finish_item(item));
            }
            Event::WouldSend(items) => {
                for item in items {
                    self.finish_item(&item);
                    self.preview(&item);
                }
            }
            Event::Duplicate(place, other) => self.repeated(place, other),
            Event::LookedThrough(place, bytes) => {
                self.state.looked_through = Some(self.offset(place) + bytes);
            }
            Event::Failed(failure) => {
                self.advance(&failure.record);
                let words = format!("{}: {}", failure.outcome, words::reason(&failure));
                (self.outputs.on_detail)(&self.outputs.progress, failure.record.place, &words);
                self.reject(&failure);
            }
            Event::Warned(place, warning) => {
                (self.outputs.on_detail)(&self.outputs.progress, place, &warning.full)
            }
            Event::Waiting(wait) => {
                let until = Instant::now().checked_add(wait.lasts);
                self.state.wait = Some((wait, until));
            }
            Event::Capped(bytes) => self.outputs.progress.note(&words::capped(bytes)),
            Event::BrokeOff(halt) => self.halts.push(halt),
            Event::Skipped(..) | Event::ServerWarned(_) | Event::Requested | Event::Retried => {}
        }
        self.stop_at_max_errors();
    }

    /// Stops showing the wait of a single batch, because others are accepted meanwhile. A pause of all senders stays.
    fn clear_batch_wait(&mut self) {
        self.state
            .wait
            .take_if(|(wait, _)| wait.who == WaitScope::OneBatch);
    }

    /// Advances the progress by a contact that has its outcome, and by the rows that were merged into it.
    fn finish_item(&mut self, item: &Item) {
        self.advance(&item.record);
        let merged = DuplicateOf::Merged(item.record.place);
        for other in &item.merged {
            self.repeated(other.place, merged);
        }
    }

    fn repeated(&mut self, place: Place, other: DuplicateOf) {
        (self.outputs.on_repeat)(&self.outputs.progress, place, other);
    }

    fn advance(&mut self, record: &RecordFacts) {
        // Batches finish out of order; the progress must not go back.
        let bytes = self.offset(record.place) + record.bytes;
        self.state.bytes = self.state.bytes.max(bytes);
    }

    /// Bytes of all inputs before this one.
    #[expect(clippy::indexing_slicing, reason = "each input has an offset")]
    fn offset(&self, place: Place) -> u64 {
        self.offsets[place.input.0]
    }

    fn preview(&mut self, item: &Item) {
        if self.previews < PREVIEWS {
            self.previews += 1;
            let preview = preview::of(item, self.options);
            (self.outputs.on_preview)(&self.outputs.progress, &preview);
        }
    }

    fn reject(&mut self, failure: &crate::event::Failure) {
        if let Some(rejects) = &mut self.outputs.rejects
            && let Err(error) = rejects.write(failure)
        {
            self.output_failed(Halt::unwritable(error));
        }
    }

    fn output_failed(&mut self, halt: Halt) {
        self.stop.set(halt.clone());
        self.record_stop();
        // Reported even if another halt came first: the user must know that the files are incomplete.
        let is_of_output = |halt: &Halt| matches!(halt, Halt::Output(_));
        if !self.halts.iter().any(is_of_output) {
            self.halts.push(halt);
        }
    }

    /// Records a stop as soon as it is seen, because the first fault in time decides the exit code.
    fn record_stop(&mut self) {
        if let Some(halt) = self.stop.halt()
            && !self.halts.contains(halt)
        {
            self.halts.push(halt.clone());
            if matches!(halt, Halt::Interrupted | Halt::Terminated) {
                (self.outputs.on_stopping)(&self.outputs.progress);
            }
        }
    }

    fn stop_at_max_errors(&mut self) {
        let judged = self.options.max_errors.filter(|limit| match limit {
            MaxErrors::Count(_) => true,
            MaxErrors::Share(_) => self.tally.settled() >= SHARE_FROM,
        });
        if let Some(halt) = judged.and_then(|limit| errors_halt(limit, &self.tally)) {
            self.stop.set(halt);
        }
    }

    fn finish(mut self) -> Collection {
        self.record_stop();
        self.outputs.progress.finish();
        let rejects = match self.outputs.rejects.take().map(Rejects::finish) {
            None => Vec::new(),
            Some(Ok(paths)) => paths,
            Some(Err(error)) => {
                self.output_failed(Halt::unwritable(error));
                Vec::new()
            }
        };
        Collection {
            tally: self.tally,
            halts: self.halts,
            rejects,
        }
    }
}

fn errors_halt(allowed: MaxErrors, tally: &Tally) -> Option<Halt> {
    let (errors, settled) = (tally.errors(), tally.settled());
    let exceeded = match allowed {
        MaxErrors::Count(most) => errors > most,
        MaxErrors::Share(most) => share(errors, settled) > most,
    };
    exceeded.then_some(Halt::MaxErrors(TooManyErrors {
        errors,
        settled,
        allowed,
    }))
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no 16 digits")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

impl Collection {
    /// The ending of the run, with how far the selector read and whether a thread was lost: that is known only when the
    /// last event has been collected.
    pub(super) fn into_ending(
        mut self,
        selection: &Selection,
        lost: Option<Halt>,
        max_errors: Option<MaxErrors>,
    ) -> ImportEnding {
        self.halts.extend(selection.halt());
        self.halts.extend(lost);
        // Judged once more at the end: a share was not judged before SHARE_FROM rows. A run that was halted is not
        // finished, so its share would say nothing.
        if self.halts.is_empty() {
            self.halts
                .extend(max_errors.and_then(|limit| errors_halt(limit, &self.tally)));
        }
        ImportEnding {
            read: selection.read,
            complete: selection.complete,
            last_read: selection.last,
            halts: self.halts,
            tally: self.tally,
            rejects: self.rejects,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::OutputFault;

    #[test]
    fn a_sending_thread_that_broke_down_is_in_the_ending_although_all_counts_add_up() {
        let collection = Collection {
            tally: Tally::default(),
            halts: Vec::new(),
            rejects: Vec::new(),
        };
        let lost = Some(Halt::Output(OutputFault::SenderLost));
        let selection = Selection {
            complete: true,
            ..Selection::default()
        };
        let ending = collection.into_ending(&selection, lost.clone(), None);
        assert_eq!(ending.halts.first(), lost.as_ref());
    }
}
