//! Delivery: batches in, events out. Requests, waits, splits and halts, on one current-thread runtime.
//!
//! Every contact that enters gets an outcome, however the run ends. What an answer means is decided before it comes
//! here (`Verdict`), what it leads to in `policy`.

pub mod pacer;
pub(crate) mod policy;
pub mod stop;

mod courier;
mod dispatcher;
mod mass_refusal;
mod options;
mod size_limit;

#[cfg(test)]
mod tests;

use std::sync::mpsc::SyncSender;

use tokio::sync::mpsc::Receiver;

use crate::batch::Batch;
use crate::event::Event;

pub use courier::Courier;
pub use options::{DeliveryOptions, PhoneOrder};

use stop::Stop;

/// Delivers everything that comes in, until the intake ends or the run is stopped; then all of it has an outcome.
pub async fn deliver(
    courier: impl Courier,
    options: DeliveryOptions,
    mut intake: Receiver<Batch>,
    events: SyncSender<Event>,
    stop: Stop,
) {
    dispatcher::Dispatcher::new(courier, options, events, stop)
        .work(&mut intake)
        .await;
}

/// A dry run: takes everything, sends nothing.
pub(crate) async fn rehearse(mut intake: Receiver<Batch>, events: SyncSender<Event>) {
    while let Some(batch) = intake.recv().await {
        // A closed channel means that the collector is gone: the rest is drained so that the reader ends too.
        let _ = events.send(Event::WouldSend(batch.into_items()));
    }
}
