//! A piece of work: a batch or a part of one, what has happened to it, and its outcome when it is not sent again.

use std::time::Duration;

use tokio::time::Instant;

use crate::batch::Batch;
use crate::deliver::mass_refusal::BatchId;
use crate::deliver::pacer::Started;
use crate::outcome::{Code, Outcome, Reason};
use crate::verdict::DeliveryFault;

/// A batch in hand, or a part of one, and what has happened to it.
pub(super) struct Work {
    pub(super) batch: Batch,
    /// The batch that came in, whatever it was split into since.
    pub(super) id: BatchId,
    /// Whether it is all of that batch.
    pub(super) is_whole: bool,
    pub(super) past: SendHistory,
}

impl Work {
    /// A part of a batch. Attempts are counted anew for the smaller body, but the budget is not renewed.
    pub(super) fn piece(batch: Batch, id: BatchId, past: &SendHistory) -> Work {
        Work {
            batch,
            id,
            is_whole: false,
            past: SendHistory {
                attempts: 0,
                unclear: 0,
                silent: 0,
                ..past.clone()
            },
        }
    }
}

/// A piece of work whose answer is awaited.
pub(super) struct InFlight {
    pub(super) work: Work,
    pub(super) started: Started,
}

/// What has happened to the contacts of a piece of work; the pieces of a split inherit it.
#[derive(Clone, Default)]
pub(super) struct SendHistory {
    pub(super) attempts: u32,
    pub(super) unclear: u32,
    /// How many of them ended in a long wait without an answer.
    pub(super) silent: u32,
    pub(super) may_have_arrived: bool,
    /// Whether the ledger holds that these contacts may have arrived.
    pub(super) is_recorded_as_sent: bool,
    pub(super) first_failure: Option<FirstFailure>,
    /// What the last failure was.
    pub(super) fault: Option<DeliveryFault>,
}

/// The moment of a first failure.
#[derive(Clone, Copy)]
pub(super) struct FirstFailure {
    pub(super) at: Instant,
    /// What ordered pauses had taken by then: they use up no budget.
    pub(super) paused: Duration,
}

/// The outcome of contacts that are not sent again.
pub(super) fn fate(past: &SendHistory) -> (Outcome, Reason) {
    if past.may_have_arrived {
        let reason = Reason::plain(Code::NoAnswer, "sent, no answer came");
        (Outcome::Unknown, reason)
    } else {
        let reason = Reason::plain(Code::NotSent, "not sent before the run ended");
        (Outcome::Unsent, reason)
    }
}
