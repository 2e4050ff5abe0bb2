//! The options of a delivery.

use std::time::Duration;

use super::pacer::Pace;
use crate::batch::Limits;

/// How to deliver.
#[derive(Clone, Copy, Debug)]
pub struct DeliveryOptions {
    /// The number of concurrent requests, and of requests a second.
    pub pace: Pace,
    /// The budget of one batch: how long it is retried after its first failure.
    pub retry_for: Duration,
    /// How many contacts may be in hand (in flight, waiting, set aside) before no more are taken.
    pub hold: usize,
    /// Whether contacts of one phone may overtake each other.
    pub order: PhoneOrder,
    /// The seed of the jitter.
    pub seed: u64,
}

/// Whether contacts of one phone may overtake each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhoneOrder {
    /// No phone comes twice.
    Any,
    /// Each waits until the one before it has its answer; what has waited is cut into batches within these limits.
    ByPhone(Limits),
}
