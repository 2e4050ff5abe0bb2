//! One import from end to end: inputs to records to contacts to batches to outcomes.
//!
//! The only pipeline module that knows the others. `prepare` finds out what can be known before the first request; `run`
//! does the work and comes back with an ending that carries the tally, whatever happened.

mod collector;
mod inputs;
mod lanes;
mod maker;
mod phone_set;
mod preview;
mod previously_sent;
mod reader;
mod run_log;
mod stager;
mod suppression;
mod twins;

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use crate::api::client::Client;
use crate::batch::{Batch, Limits};
use crate::deliver::pacer::Pace;
use crate::deliver::stop::Stop;
use crate::deliver::{self, Courier, Order};
use crate::event::{Event, Halt};
use crate::fingerprint::Salt;
use crate::mapping::{self, Filter};
use crate::record::Place;
use crate::shard::Shard;
use crate::tally::Tally;
use crate::verdict::Verdict;
use crate::wire::EmptyLists;

pub(crate) use collector::{MaxErrors, Outputs};
pub(crate) use inputs::{
    Answered, InspectedInputs, Inspection, PrepareError, PreparedInputs, Question, Withheld,
    inspect, prepare, prepare_one,
};
pub(crate) use phone_set::PhoneSet;
pub(crate) use previously_sent::{LeftOut, PreviouslySent};
pub(crate) use run_log::RunLog;
pub(crate) use suppression::{Suppression, SuppressionError, suppression};
pub(crate) use twins::OnDuplicate;
use twins::Twins;

/// Events that may lie between the work and the collector. Each may hold a batch: this bounds memory.
const EVENTS_BETWEEN: usize = 64;
/// Batches that may lie between the stager and the senders.
const BATCHES_BETWEEN: usize = 4;
/// Batches in hand for every sender: in flight, waiting, or set aside.
const HELD_PER_SENDER: usize = 4;

/// What an import does with its records.
#[derive(Clone, Debug)]
pub(crate) struct ImportOptions {
    /// Columns to fields.
    pub(crate) mapping: mapping::Options,
    /// The rows to take.
    pub(crate) filter: Filter,
    /// What is sent although it is left out by default.
    pub(crate) include: Include,
    /// The phones that are never sent.
    pub(crate) suppressed: Arc<PhoneSet>,
    /// Lists without an element.
    pub(crate) empty_lists: EmptyLists,
    /// What is sent of a phone that stands in several rows.
    pub(crate) on_duplicate: OnDuplicate,
    /// How large a batch may be.
    pub(crate) limits: Limits,
    /// So many contacts are sent, and no more.
    pub(crate) limit: Option<u64>,
    /// So many errors end the run.
    pub(crate) max_errors: Option<MaxErrors>,
    /// The part that this process sends.
    pub(crate) shard: Option<Shard>,
    /// What fingerprints are made with, where a ledger is asked or kept.
    pub(crate) salt: Option<Salt>,
}

/// What is sent although it is left out by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Include {
    /// Contacts that opted out.
    pub(crate) opted_out: bool,
    /// Contacts that were asked whether they agree, and gave no answer.
    pub(crate) unanswered: bool,
    /// Rows that the sheet hides.
    pub(crate) hidden: bool,
}

/// How contacts are delivered.
#[derive(Clone, Debug)]
pub(crate) enum Delivery {
    /// To the API.
    Post {
        /// The client.
        client: Box<Client>,
        /// How many requests at once, and a second.
        pace: Pace,
        /// The budget of one batch.
        retry_for: Duration,
        /// The seed of the jitter.
        seed: u64,
    },
    /// Nowhere: a dry run.
    Rehearse,
}

/// What an import has to do with the ledger.
pub(crate) struct LedgerAccess {
    /// What is left out.
    pub(crate) previously_sent: PreviouslySent,
    /// Where the run is recorded.
    pub(crate) run_log: RunLog,
}

/// How an import ended.
#[derive(Debug)]
pub(crate) struct ImportEnding {
    /// Records taken, as the reader numbered them: the tally is checked against it.
    pub(crate) read: u64,
    /// Every input was read to its end.
    pub(crate) complete: bool,
    /// The last record that was taken, where there is more that was not.
    pub(crate) last_read: Option<Place>,
    /// What ended it early, the first in time first.
    pub(crate) halts: Vec<Halt>,
    /// Counts and reasons.
    pub(crate) tally: Tally,
    /// The rejects files that were written.
    pub(crate) rejects: Vec<PathBuf>,
}

/// The client and the book, as the delivery knows them.
struct Post {
    client: Client,
    run_log: RunLog,
}

impl Courier for Post {
    fn carry(&self, body: Vec<u8>) -> impl Future<Output = Verdict> + Send + 'static {
        let client = self.client.clone();
        async move { client.post(body).await }
    }

    fn depart(&self, batch: &Batch) -> Result<(), Halt> {
        Ok(self.run_log.sending(batch.items())?)
    }

    fn arrive(&self, batch: &Batch) -> Result<(), Halt> {
        Ok(self.run_log.accepted(batch.items())?)
    }
}

/// Runs a prepared import to its end. The calling thread collects: it alone owns the outputs.
pub(crate) fn run(
    prepared: PreparedInputs,
    options: &ImportOptions,
    delivery: Delivery,
    ledger_access: LedgerAccess,
    outputs: Outputs,
    stop: &Stop,
) -> ImportEnding {
    let LedgerAccess {
        previously_sent,
        run_log,
    } = ledger_access;
    let options = Arc::new(prepared.fitted(options));
    let (events, collected) = sync_channel(EVENTS_BETWEEN);
    let (batches, intake) = tokio::sync::mpsc::channel(BATCHES_BETWEEN);
    let offsets = prepared.offsets();

    let hold = options.limits.items.get().saturating_mul(HELD_PER_SENDER);
    let sender = {
        let (events, stop, run_log) = (events.clone(), stop.clone(), run_log.clone());
        let order = match options.on_duplicate {
            OnDuplicate::Send => Order::ByPhone(options.limits),
            OnDuplicate::First | OnDuplicate::Last | OnDuplicate::Merge => Order::Any,
        };
        thread::spawn(move || send(delivery, run_log, hold, order, intake, events, stop))
    };
    let stager = {
        let (options, stop) = (Arc::clone(&options), stop.clone());
        thread::spawn(move || {
            stage(
                prepared,
                &options,
                &previously_sent,
                &batches,
                &events,
                &stop,
            )
        })
    };
    let collection = collector::collect(&collected, outputs, run_log, &offsets, &options, stop);
    let staged = joined(stager).unwrap_or_default();
    if joined(sender).is_none() {
        stop.set(Halt::Output(
            "the sending thread broke down: this is a bug".to_owned(),
        ));
    }
    collection.into_ending(&staged, options.max_errors)
}

/// Reads the inputs for good, after a first look through them where `--on-duplicate` needs it.
fn stage(
    mut prepared: PreparedInputs,
    options: &Arc<ImportOptions>,
    previously_sent: &PreviouslySent,
    batches: &tokio::sync::mpsc::Sender<Batch>,
    events: &SyncSender<Event>,
    stop: &Stop,
) -> stager::Staged {
    let mut twins = Twins::new(options.on_duplicate);
    let asked = prepared.asked_keys(options);
    if options.on_duplicate.reads_twice() {
        let halt = stop.clone();
        let again = prepared.once_more(move |words| halt.set(Halt::Input(words)));
        let mut lanes = lanes::lay(again, options, &asked, stop);
        // A closed channel means that nobody watches any more: then there is nobody to tell.
        twins.look_through(&mut lanes, stop, |event| drop(events.send(event)));
    }
    let names = prepared.names();
    let mut opted_out = prepared.opted_out();
    opted_out.absorb(twins.opted_out());
    let lanes = lanes::lay(prepared.into_readers(), options, &asked, stop);
    let known = stager::Known {
        previously_sent,
        opted_out,
        names: &names,
        twins,
    };
    stager::stage(lanes, options, known, batches, events, stop)
}

/// A thread's result; `None` after a panic, which the conservation check then makes visible.
fn joined<T>(thread: thread::JoinHandle<T>) -> Option<T> {
    thread.join().ok()
}

fn send(
    delivery: Delivery,
    run_log: RunLog,
    hold: usize,
    order: Order,
    intake: tokio::sync::mpsc::Receiver<Batch>,
    events: SyncSender<Event>,
    stop: Stop,
) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    else {
        stop.set(Halt::Unreachable(
            "the system gives no resources for network connections".to_owned(),
        ));
        return;
    };
    match delivery {
        Delivery::Rehearse => runtime.block_on(deliver::rehearse(intake, events)),
        Delivery::Post {
            client,
            pace,
            retry_for,
            seed,
        } => {
            let hold = hold.saturating_mul(pace.concurrency.most());
            let options = deliver::Options {
                pace,
                retry_for,
                hold,
                order,
                seed,
            };
            runtime.block_on(deliver::deliver(
                Post {
                    client: *client,
                    run_log,
                },
                options,
                intake,
                events,
                stop,
            ));
        }
    }
}
