//! A piece of work on the desk: a batch or a part of one, with its past and its fate.

use std::time::Duration;

use tokio::time::Instant;

use crate::batch::Batch;
use crate::deliver::pacer::Started;
use crate::deliver::suspicion::Origin;
use crate::outcome::{Code, Outcome, Reason};
use crate::verdict::DeliveryFault;

/// A batch in hand, or a part of one, and what has happened to it.
pub(super) struct Work {
    pub(super) batch: Batch,
    pub(super) origin: Origin,
    pub(super) part: Part,
    pub(super) past: Past,
}

/// A piece of work whose answer is awaited.
pub(super) struct Flight {
    pub(super) work: Work,
    pub(super) started: Started,
}

/// What a piece of work is of the batch that came in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Piece,
}

/// What has happened to the contacts of a piece of work; the pieces of a split inherit it.
#[derive(Clone, Default)]
pub(super) struct Past {
    pub(super) attempts: u32,
    pub(super) unclear: u32,
    /// How many of them were met with long silence.
    pub(super) silent: u32,
    pub(super) may_have_arrived: bool,
    pub(super) departure: Departure,
    pub(super) first_failure: Option<Failed>,
    /// What the last failure was.
    pub(super) fault: Option<DeliveryFault>,
}

/// Whether it is known elsewhere that these contacts may have arrived.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Departure {
    #[default]
    Ahead,
    Known,
}

/// The moment of a first failure.
#[derive(Clone, Copy)]
pub(super) struct Failed {
    pub(super) at: Instant,
    /// What ordered pauses had taken by then.
    pub(super) paused: Duration,
}

impl Past {
    /// The past of a piece: a smaller batch is a new question, but the budget goes on.
    pub(super) fn inherited(&self) -> Past {
        Past {
            attempts: 0,
            unclear: 0,
            silent: 0,
            ..self.clone()
        }
    }
}

/// What becomes of contacts that are not sent again.
pub(super) fn fate(past: &Past) -> (Outcome, Reason) {
    if past.may_have_arrived {
        let reason = Reason::plain(Code::NoAnswer, "sent, no answer came");
        (Outcome::Unknown, reason)
    } else {
        let reason = Reason::plain(Code::NotSent, "not sent before the run ended");
        (Outcome::Unsent, reason)
    }
}
