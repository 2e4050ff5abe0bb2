//! The collector: the one thread that owns tally, rejects and progress, and sees every event.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::ending::{ImportEnding, Selection};
use super::options::ImportOptions;
use super::preview;
use super::run_log::RunLog;
use crate::batch::Item;
use crate::deliver::stop::Stop;
use crate::event::{DuplicateOf, Event, Halt, MaxErrors, TooManyErrors, WaitScope};
use crate::record::{Place, Record};
use crate::report::preview::Preview;
use crate::report::progress::{Progress, ProgressState};
use crate::report::rejects::Rejects;
use crate::report::words;
use crate::tally::Tally;

/// The progress is shown anew this often, although nothing happens.
const TICK: Duration = Duration::from_millis(100);
/// A share of errors means nothing before so many rows.
const SHARE_FROM: u64 = 1_000;
/// So many contacts of a dry run are kept to be shown.
const PREVIEWS: usize = 3;

/// Is shown a contact of a dry run, above the progress.
pub(crate) type OnPreview = Box<dyn FnMut(&Progress, &Preview)>;
/// Is told of a record's place and of what is to be said about it.
pub(crate) type OnDetail = Box<dyn FnMut(&Progress, Place, &str)>;

/// Is told of a record that was left out for another of its phone.
pub(crate) type OnRepeat = Box<dyn FnMut(&Progress, Place, DuplicateOf)>;

/// What the collector writes to.
pub(crate) struct Outputs {
    /// Where failed records go; a dry run may have none.
    pub(crate) rejects: Option<Rejects>,
    /// What a user sees meanwhile.
    pub(crate) progress: Progress,
    /// Takes the first contacts of a dry run.
    pub(crate) on_preview: OnPreview,
    /// Is told once that the run was interrupted and waits for the answers under way.
    pub(crate) on_stopping: Box<dyn FnMut(&Progress)>,
    /// Takes each failed record and each warning with its place: `-v` shows them.
    pub(crate) on_detail: OnDetail,
    /// Takes each record that was left out for another of its phone: `-v` shows them.
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
            Ok(event) => collector.hear(event),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        collector.note_stop();
        collector
            .outputs
            .progress
            .show(&collector.tally, &collector.state, Instant::now());
    }
    collector.finish()
}

impl Collector<'_> {
    /// The ledger first.
    fn hear(&mut self, event: Event) {
        if let Err(error) = self.run_log.note(&event) {
            self.output_failed(Halt::unwritable(error));
        }
        self.take(event);
    }

    fn take(&mut self, event: Event) {
        self.tally.note(&event);
        self.state.looked_through = None;
        match event {
            Event::Accepted(items) | Event::WouldSend(items) if items.is_empty() => {}
            Event::Accepted(items) => {
                self.moving();
                items.iter().for_each(|item| self.settled(item));
            }
            Event::WouldSend(items) => {
                for item in items {
                    self.settled(&item);
                    self.preview(&item);
                }
            }
            Event::Duplicate(place, other) => self.repeated(place, other),
            Event::LookedThrough(place, bytes) => {
                self.state.looked_through = Some(self.offset(place) + bytes);
            }
            Event::Failed(failure) => {
                self.moved(&failure.record);
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
        self.mind_errors();
    }

    /// Something was accepted: one batch's wait is no longer the news, a pause of all still is.
    fn moving(&mut self) {
        self.state
            .wait
            .take_if(|(wait, _)| wait.who == WaitScope::OneBatch);
    }

    /// A contact has its outcome, and so have the records that were united in it.
    fn settled(&mut self, item: &Item) {
        self.moved(&item.record);
        let united = DuplicateOf::Merged(item.record.place);
        for other in &item.merged {
            self.repeated(other.place, united);
        }
    }

    fn repeated(&mut self, place: Place, other: DuplicateOf) {
        (self.outputs.on_repeat)(&self.outputs.progress, place, other);
    }

    fn moved(&mut self, record: &Record) {
        let bytes = self.offset(record.place) + record.bytes;
        self.state.bytes = self.state.bytes.max(bytes);
    }

    /// Bytes of all inputs before this one.
    fn offset(&self, place: Place) -> u64 {
        self.offsets.get(place.input.0).copied().unwrap_or(0)
    }

    fn preview(&mut self, item: &Item) {
        if self.previews < PREVIEWS {
            self.previews += 1;
            let preview = preview::of(item, self.options);
            (self.outputs.on_preview)(&self.outputs.progress, &preview);
        }
    }

    fn reject(&mut self, failure: &crate::event::Failure) {
        let Some(rejects) = &mut self.outputs.rejects else {
            return;
        };
        if let Err(error) = rejects.write(failure) {
            self.output_failed(Halt::unwritable(error));
        }
    }

    fn output_failed(&mut self, halt: Halt) {
        self.stop.set(halt.clone());
        self.note_stop();
        if !self
            .halts
            .iter()
            .any(|halt| matches!(halt, Halt::Output(_)))
        {
            self.halts.push(halt);
        }
    }

    /// Remembers a stop when it is first seen: the first fault in time decides the exit code.
    fn note_stop(&mut self) {
        if let Some(halt) = self.stop.halt()
            && !self.halts.contains(halt)
        {
            self.halts.push(halt.clone());
            if matches!(halt, Halt::Interrupted | Halt::Terminated) {
                (self.outputs.on_stopping)(&self.outputs.progress);
            }
        }
    }

    fn mind_errors(&mut self) {
        let judged = self.options.max_errors.filter(|limit| match limit {
            MaxErrors::Count(_) => true,
            MaxErrors::Share(_) => self.tally.settled() >= SHARE_FROM,
        });
        if let Some(halt) = judged.and_then(|limit| too_many(limit, &self.tally)) {
            self.stop.set(halt);
        }
    }

    fn finish(mut self) -> Collection {
        self.note_stop();
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

fn too_many(allowed: MaxErrors, tally: &Tally) -> Option<Halt> {
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
    /// The ending of the run, with what the selector knows of the reading.
    pub(super) fn into_ending(
        mut self,
        selection: &Selection,
        max_errors: Option<MaxErrors>,
    ) -> ImportEnding {
        self.halts.extend(selection.halt());
        if self.halts.is_empty() {
            self.halts
                .extend(max_errors.and_then(|limit| too_many(limit, &self.tally)));
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
