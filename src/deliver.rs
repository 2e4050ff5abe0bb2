//! Delivery: batches in, events out. Senders, waits, splits and halts, on one current-thread runtime.
//!
//! Owns the work in hand: nothing that enters is ever without an outcome, however the run ends. What an answer means is
//! decided before it comes here (`Verdict`), what it leads to in `policy`.

pub mod pacer;
pub(crate) mod policy;
pub mod stop;
pub(crate) mod suspicion;

mod desk;
mod girth;
#[cfg(test)]
mod simulation;

use std::future::Future;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use tokio::sync::mpsc::Receiver;

use crate::batch::{Batch, Limits};
use crate::event::{Event, Halt};
use crate::verdict::Verdict;

use pacer::Pace;
use stop::Stop;

/// Carries one body to the platform and says what became of it.
pub trait Courier: Send + Sync + 'static {
    /// Sends `body`, a JSON array of profiles, in one request.
    fn carry(&self, body: Vec<u8>) -> impl Future<Output = Verdict> + Send + 'static;

    /// Told once of each contact, before it is first sent: from then on it may have arrived.
    ///
    /// # Errors
    /// Why nothing may be sent any more: the run ends, and these contacts are unsent.
    fn depart(&self, batch: &Batch) -> Result<(), Halt>;

    /// Told of contacts that the platform took, before anybody counts them and before the next request starts.
    ///
    /// # Errors
    /// Why it cannot be remembered: the run ends, and what became of these contacts is unknown.
    fn arrive(&self, batch: &Batch) -> Result<(), Halt>;
}

/// How to deliver.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many requests at once, and a second.
    pub pace: Pace,
    /// The budget of one batch: how long it is tried again after its first failure.
    pub retry_for: Duration,
    /// How many contacts may be in hand (in flight, waiting, set aside) before no more are taken.
    pub hold: usize,
    /// Whether contacts of one phone may overtake each other.
    pub order: Order,
    /// The seed of the jitter.
    pub seed: u64,
}

/// Whether contacts of one phone may overtake each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// No phone comes twice.
    Any,
    /// Each waits until the one before it has its answer; what has waited is cut into batches within these limits.
    ByPhone(Limits),
}

/// Delivers everything that comes in, until the intake ends or the run is stopped; then all of it has an outcome.
pub async fn deliver(
    courier: impl Courier,
    options: Options,
    mut intake: Receiver<Batch>,
    events: SyncSender<Event>,
    stop: Stop,
) {
    desk::Desk::new(courier, options, events, stop)
        .work(&mut intake)
        .await;
}

/// A dry run: takes everything, sends nothing.
pub(crate) async fn rehearse(mut intake: Receiver<Batch>, events: SyncSender<Event>) {
    while let Some(batch) = intake.recv().await {
        // A closed channel means that nobody watches any more: then there is nobody to tell.
        let _ = events.send(Event::WouldSend(batch.into_items()));
    }
}
