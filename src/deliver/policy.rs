//! What a verdict leads to: the whole table of retries, splits and halts. Pure: it neither waits nor sends.

use std::time::Duration;

use crate::outcome::Code;
use crate::verdict::{Trouble, Verdict};

/// Unclear answers before a batch of several is split to find the contact that causes them.
const STRIKES: u32 = 3;
/// Timeouts before a batch is tried in halves although no other batch was accepted either.
pub(crate) const SILENCES: u32 = 2;
/// A server that orders pause after pause is obeyed for this many budgets in all: an endless `Retry-After` must not
/// hold a run for ever.
const PATIENCE: u32 = 12;
/// Attempts for which `Retry-After: 0` is obeyed before a busy server gets a backoff.
const AT_ONCE: u32 = 5;

/// What has happened to a batch so far, the answer at hand included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Trial {
    /// Requests that carried it, since it was cut to this size.
    pub(crate) attempts: u32,
    /// How many of them got no clear answer.
    pub(crate) unclear: u32,
    /// How many of those timed out.
    pub(crate) silent: u32,
    /// Time since its first failure (halves inherit the moment), pauses that the server ordered left out.
    pub(crate) spent: Duration,
    /// The same, with those pauses.
    pub(crate) elapsed: Duration,
}

/// The state of the run, as far as the decision about this batch depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RunSoFar {
    /// The platform has accepted something in this run.
    pub(crate) accepted: bool,
    /// It has accepted something since this batch's first failure.
    pub(crate) accepted_since: bool,
    /// It has given any clear answer since this batch's first failure.
    pub(crate) answered_since: bool,
    /// Something else is left to send, or may still come in.
    pub(crate) others_left: bool,
    /// The platform may be refusing everything for this reason, and the batch can be probed.
    pub(crate) worth_a_probe: bool,
    /// Another batch that timed out is being tried in smaller pieces.
    pub(crate) pieces_tried: bool,
}

/// What to do with a batch now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// It is done and never sent again.
    Done,
    /// Its one contact is refused.
    Refuse(Code),
    /// Cut it in half.
    Split,
    /// Cut it, and keep later batches below its size.
    Shrink,
    /// Send its first, middle and last contact alone.
    Probe,
    /// Send it again.
    Again(Delay),
    /// Its budget is used up: unsent, or unknown if it may have arrived.
    GiveUp,
    /// End the run.
    Halt(HaltCause),
}

/// How long to wait before a batch goes out again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delay {
    /// Full-jitter backoff, for this batch alone.
    Backoff,
    /// As the server ordered, for all senders.
    Ordered(Duration),
}

/// Why a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HaltCause {
    /// The credentials are not accepted.
    Denied,
    /// Something else answers.
    WrongAddress,
    /// The host cannot be spoken to.
    NoRoute,
    /// A budget ended without a single answer since its first failure.
    Unreachable,
    /// The server asks for a longer wait than the budget.
    AskedTooMuch(Duration),
}

/// What a verdict leads to, for a batch of `size` contacts with a budget of `retry_for`.
pub(crate) fn policy(
    verdict: &Verdict,
    trial: &Trial,
    size: usize,
    run: &RunSoFar,
    retry_for: Duration,
) -> Step {
    match verdict {
        Verdict::Accepted { .. } => Step::Done,
        Verdict::Refused(_) if size == 1 => Step::Refuse(Code::Refused),
        Verdict::Refused(_) if run.worth_a_probe => Step::Probe,
        Verdict::Refused(_) => Step::Split,
        Verdict::TooLarge(_) if size == 1 => Step::Refuse(Code::TooLarge),
        Verdict::TooLarge(_) => Step::Shrink,
        Verdict::Busy(trouble) => again(trouble, trial, run, retry_for),
        Verdict::Unclear(_) if poisonous(trial, size, run) || ponderous(trial, size, run) => {
            Step::Split
        }
        Verdict::Unclear(trouble) => again(trouble, trial, run, retry_for),
        Verdict::Denied(_) => Step::Halt(HaltCause::Denied),
        Verdict::WrongAddress(_) => misrouted(trial, size, run, retry_for),
        Verdict::Unreachable(_) => Step::Halt(HaltCause::NoRoute),
    }
}

/// One contact may make the server fail: other batches are accepted, or none is left to compare with.
fn poisonous(trial: &Trial, size: usize, run: &RunSoFar) -> bool {
    size > 1 && trial.unclear >= STRIKES && (run.accepted_since || !run.others_left)
}

/// The batch may be more than the server can process in time. One batch at a time is tried in halves: in an outage,
/// every batch times out.
fn ponderous(trial: &Trial, size: usize, run: &RunSoFar) -> bool {
    size > 1 && trial.silent >= SILENCES && !run.pieces_tried
}

fn again(trouble: &Trouble, trial: &Trial, run: &RunSoFar, retry_for: Duration) -> Step {
    match trouble.retry_after {
        // Longer than the user lets a batch be retried. Halting names the time, so that the run can be repeated
        // then.
        Some(asked) if asked > retry_for => Step::Halt(HaltCause::AskedTooMuch(asked)),
        // Without this, a server that always answers `Retry-After: 0` would be asked in a tight loop.
        Some(Duration::ZERO) if trial.attempts > AT_ONCE => within_budget(trial, run, retry_for),
        Some(asked) if trial.elapsed < retry_for * PATIENCE && trial.spent < retry_for => {
            Step::Again(Delay::Ordered(asked))
        }
        Some(_) => out_of_budget(run),
        None => within_budget(trial, run, retry_for),
    }
}

fn within_budget(trial: &Trial, run: &RunSoFar, retry_for: Duration) -> Step {
    if trial.spent < retry_for {
        Step::Again(Delay::Backoff)
    } else {
        out_of_budget(run)
    }
}

fn out_of_budget(run: &RunSoFar) -> Step {
    // Something was accepted earlier and nothing else is left to send: the run is finished, except for these
    // contacts.
    let last_of_a_good_run = run.accepted && !run.others_left;
    if run.answered_since || last_of_a_good_run {
        Step::GiveUp
    } else {
        Step::Halt(HaltCause::Unreachable)
    }
}

/// Before the first acceptance the address is wrong; after it, a deploy or a proxy page answers for a while.
fn misrouted(trial: &Trial, size: usize, run: &RunSoFar, retry_for: Duration) -> Step {
    if !run.accepted {
        Step::Halt(HaltCause::WrongAddress)
    } else if poisonous(trial, size, run) {
        Step::Split
    } else if trial.spent < retry_for {
        Step::Again(Delay::Backoff)
    } else {
        Step::Halt(HaltCause::WrongAddress)
    }
}

#[cfg(test)]
mod tests;
