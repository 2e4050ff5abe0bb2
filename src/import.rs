//! One import from end to end: inputs to records to contacts to batches to outcomes.
//!
//! The only module that knows the whole pipeline. [`prepare`] finds every mistake that can be found before the first
//! request; [`run`] starts the threads and returns an ending that carries the tally, whatever happened. Threads, in
//! the order in which a record passes them: a reader, several workers that map and encode, a selector, a sender, and
//! the calling thread as the collector.

mod collector;
mod delivery;
mod duplicates;
mod encoder;
mod ending;
mod inputs;
mod options;
mod phone_columns;
mod phone_set;
mod preview;
mod previously_sent;
mod run_log;
mod selector;
mod suppression;
mod workers;

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use crate::batch::Batch;
use crate::deliver::stop::Stop;
use crate::event::{Event, Halt, OutputFault};

pub(crate) use collector::Outputs;
pub(crate) use delivery::Delivery;
use duplicates::Duplicates;
pub(crate) use ending::ImportEnding;
use ending::Selection;
pub(crate) use inputs::{
    Answered, InspectedInputs, Inspection, PrepareError, PreparedInputs, Question, Withheld,
    inspect, prepare, prepare_one,
};
pub(crate) use options::{ImportOptions, Include, OnDuplicate};
pub(crate) use previously_sent::{LeftOut, PreviouslySent};
pub(crate) use run_log::RunLog;
pub(crate) use suppression::{Suppression, SuppressionError, suppression};

/// Events that may wait for the collector. Each may hold a batch, so this bounds memory.
const EVENTS_BETWEEN: usize = 64;
/// Batches that may wait for the sender. A few keep it busy while the selector cuts the next; more would only cost
/// memory.
const BATCHES_BETWEEN: usize = 4;

/// How an import uses the ledger.
pub(crate) struct LedgerAccess {
    /// What is left out because it was sent before.
    pub(crate) previously_sent: PreviouslySent,
    /// Where the run is recorded.
    pub(crate) run_log: RunLog,
}

/// Runs a prepared import to its end. The calling thread is the collector: it alone owns the outputs.
pub(crate) fn run(
    prepared: PreparedInputs,
    options: &ImportOptions,
    delivery: Delivery,
    ledger: LedgerAccess,
    outputs: Outputs,
    stop: &Stop,
) -> ImportEnding {
    let options = Arc::new(prepared.fitted(options));
    // Every channel is bounded, so a slow API slows down the reader and memory does not grow with the input.
    let (events, collected) = sync_channel(EVENTS_BETWEEN);
    let (batches, intake) = tokio::sync::mpsc::channel(BATCHES_BETWEEN);
    let offsets = prepared.offsets();

    let sender = {
        let (options, events) = (Arc::clone(&options), events.clone());
        let (stop, run_log) = (stop.clone(), ledger.run_log.clone());
        thread::spawn(move || delivery::send(delivery, run_log, &options, intake, events, stop))
    };
    // The last ends of both channels move into this thread and the sender: when they end, the channels close, and so
    // the sender and the collector end, too.
    let selector = {
        let (options, stop) = (Arc::clone(&options), stop.clone());
        thread::spawn(move || {
            read_and_select(
                prepared,
                &options,
                &ledger.previously_sent,
                &batches,
                &events,
                &stop,
            )
        })
    };
    let run_log = ledger.run_log;
    let collection = collector::collect(&collected, outputs, run_log, &offsets, &options, stop);
    // After a panic nothing counts as read, so the check of the counts reports a bug and never a success.
    let selection = joined(selector).unwrap_or_default();
    let lost = joined(sender).is_none();
    let lost = lost.then_some(Halt::Output(OutputFault::SenderLost));
    collection.into_ending(&selection, lost, options.max_errors)
}

/// Reads the inputs and selects what is sent. Where `--on-duplicate` needs it, reads them once before to find the last
/// row of each phone.
fn read_and_select(
    mut prepared: PreparedInputs,
    options: &Arc<ImportOptions>,
    previously_sent: &PreviouslySent,
    batches: &tokio::sync::mpsc::Sender<Batch>,
    events: &SyncSender<Event>,
    stop: &Stop,
) -> Selection {
    let mut duplicates = Duplicates::new(options.on_duplicate);
    let asked = prepared.asked_keys(options);
    if options.on_duplicate.reads_twice() {
        let halt = stop.clone();
        let again = prepared.reopened(move |fault| halt.set(Halt::Input(fault)));
        let mut chunks = workers::spawn(again, options, &asked, stop);
        // The channel is closed only when the collector is gone; then nobody needs the event.
        duplicates.scan(&mut chunks, stop, |event| drop(events.send(event)));
    }
    let names = prepared.names();
    // What opts out in the first reading, or in a file that was counted before, holds from the first row on.
    let mut opted_out = prepared.opted_out();
    opted_out.absorb(duplicates.opted_out());
    let chunks = workers::spawn(prepared.into_readers(), options, &asked, stop);
    let context = selector::SelectorContext {
        previously_sent,
        opted_out,
        names: &names,
        duplicates,
    };
    selector::select(chunks, options, context, batches, events, stop)
}

/// A thread's result; `None` after a panic.
fn joined<T>(thread: thread::JoinHandle<T>) -> Option<T> {
    thread.join().ok()
}
