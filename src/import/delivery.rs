//! The sending thread: delivers batches to the API, or nowhere in a dry run.
//!
//! Owns the thread's runtime, and what is recorded in the ledger before and after a request. When a batch is sent is
//! decided by the dispatcher.

use std::future::Future;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use super::options::{ImportOptions, OnDuplicate};
use super::run_log::RunLog;
use crate::api::client::Client;
use crate::batch::Batch;
use crate::deliver::pacer::Pace;
use crate::deliver::stop::Stop;
use crate::deliver::{self, Courier, PhoneOrder};
use crate::event::{Event, Halt, Unreachable};
use crate::verdict::Verdict;

/// Batches in hand for every sender: in flight, waiting, or set aside. Bounds the memory of a run.
const HELD_PER_SENDER: usize = 4;

/// How contacts are delivered.
#[derive(Clone, Debug)]
pub(crate) enum Delivery {
    /// Posts to the API.
    Post {
        /// The client.
        client: Box<Client>,
        /// How many requests at once, and per second.
        pace: Pace,
        /// How long one batch is retried.
        retry_for: Duration,
        /// The seed of the jitter.
        seed: u64,
    },
    /// A dry run: nothing is sent.
    Rehearse,
}

/// Sends to the API, and records each batch before and after.
struct ApiCourier {
    client: Client,
    run_log: RunLog,
}

impl Courier for ApiCourier {
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

/// Delivers batches until there are no more, or the run is stopped.
pub(super) fn send(
    delivery: Delivery,
    run_log: RunLog,
    import: &ImportOptions,
    intake: tokio::sync::mpsc::Receiver<Batch>,
    events: SyncSender<Event>,
    stop: Stop,
) {
    // One thread is enough: it only waits for the network.
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    else {
        stop.set(Halt::Unreachable(Unreachable::NoResources));
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
            let options = deliver::DeliveryOptions {
                pace,
                retry_for,
                hold: held(import, &pace),
                order: order(import),
                seed,
            };
            let client = *client;
            let courier = ApiCourier { client, run_log };
            runtime.block_on(deliver::deliver(courier, options, intake, events, stop));
        }
    }
}

/// The most contacts in hand at once.
fn held(options: &ImportOptions, pace: &Pace) -> usize {
    let batches = pace.concurrency.most().saturating_mul(HELD_PER_SENDER);
    options.limits.items.get().saturating_mul(batches)
}

/// With `--on-duplicate send`, a phone's rows must arrive one after the other: the last one sent is what the platform
/// keeps.
fn order(options: &ImportOptions) -> PhoneOrder {
    match options.on_duplicate {
        OnDuplicate::Send => PhoneOrder::ByPhone(options.limits),
        OnDuplicate::First | OnDuplicate::Last | OnDuplicate::Merge => PhoneOrder::Any,
    }
}
