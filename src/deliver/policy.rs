//! What a verdict leads to. Pure: the whole table of retries, splits and halts stands here, and nothing waits or sends.

use std::time::Duration;

use crate::outcome::Code;
use crate::verdict::{Trouble, Verdict};

/// How often a batch of several goes unanswered before it is split to find the contact that does it.
const STRIKES: u32 = 3;
/// How often it is met with long silence before one is tried in halves, although nothing else got through either.
pub(crate) const SILENCES: u32 = 2;
/// A server that orders pause after pause is believed for this many budgets, all pauses counted.
const PATIENCE: u32 = 12;
/// How often `Retry-After: 0` is taken at its word before a busy server gets a rest.
const AT_ONCE: u32 = 5;

/// What has happened to a batch so far, the answer at hand included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Trial {
    /// Requests that carried it, since it was cut to this size.
    pub(crate) attempts: u32,
    /// How many of them got no clear answer.
    pub(crate) unclear: u32,
    /// How many of those were long waits for nothing.
    pub(crate) silent: u32,
    /// Time since its first failure (halves inherit the moment), pauses that the server ordered left out.
    pub(crate) spent: Duration,
    /// The same, with those pauses.
    pub(crate) elapsed: Duration,
}

/// How the run stands, as far as this batch's fate depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RunSoFar {
    /// The platform has accepted something in this run.
    pub(crate) accepted: Happened,
    /// It has accepted something since this batch's first failure.
    pub(crate) accepted_since: Happened,
    /// It has given any clear answer since this batch's first failure.
    pub(crate) answered_since: Happened,
    /// Something else is left to send, or may still be read.
    pub(crate) others_left: Happened,
    /// Refusals for this reason look as if they were everybody's, and the batch can be probed.
    pub(crate) worth_a_probe: Happened,
    /// Another batch that was met with silence is being tried in smaller pieces.
    pub(crate) pieces_tried: Happened,
}

/// Whether something has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happened {
    /// It has.
    Yes,
    /// Not yet.
    No,
}

impl Happened {
    /// From a fact.
    pub(crate) fn when(fact: bool) -> Happened {
        if fact { Happened::Yes } else { Happened::No }
    }

    fn yes(self) -> bool {
        self == Happened::Yes
    }
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
    /// Its budget is spent: unsent, or unknown where it may have arrived.
    GiveUp,
    /// End the run.
    Halt(Cause),
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
pub(crate) enum Cause {
    /// The credentials are not taken.
    Denied,
    /// Something else answers.
    WrongAddress,
    /// The host cannot be spoken to.
    NoRoute,
    /// A budget ended and nothing but silence since.
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
        Verdict::Refused(_) if run.worth_a_probe.yes() => Step::Probe,
        Verdict::Refused(_) => Step::Split,
        Verdict::TooLarge(_) if size == 1 => Step::Refuse(Code::TooLarge),
        Verdict::TooLarge(_) => Step::Shrink,
        Verdict::Busy(trouble) => again(trouble, trial, run, retry_for),
        Verdict::Unclear(_) if poisonous(trial, size, run) || ponderous(trial, size, run) => {
            Step::Split
        }
        Verdict::Unclear(trouble) => again(trouble, trial, run, retry_for),
        Verdict::Denied(_) => Step::Halt(Cause::Denied),
        Verdict::WrongAddress(_) => misrouted(trial, size, run, retry_for),
        Verdict::Unreachable(_) => Step::Halt(Cause::NoRoute),
    }
}

/// One contact may be what the server chokes on: others get through, or there are none to compare with.
fn poisonous(trial: &Trial, size: usize, run: &RunSoFar) -> bool {
    size > 1 && trial.unclear >= STRIKES && (run.accepted_since.yes() || !run.others_left.yes())
}

/// The batch may be more than the server gets done in time. One at a time is tried in halves: in an outage that would
/// be so of every batch.
fn ponderous(trial: &Trial, size: usize, run: &RunSoFar) -> bool {
    size > 1 && trial.silent >= SILENCES && !run.pieces_tried.yes()
}

fn again(trouble: &Trouble, trial: &Trial, run: &RunSoFar, retry_for: Duration) -> Step {
    match trouble.retry_after {
        Some(asked) if asked > retry_for => Step::Halt(Cause::AskedTooMuch(asked)),
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
    let last_of_a_good_run = run.accepted.yes() && !run.others_left.yes();
    if run.answered_since.yes() || last_of_a_good_run {
        Step::GiveUp
    } else {
        Step::Halt(Cause::Unreachable)
    }
}

/// Before the first acceptance the address is wrong; after it, a deploy or a proxy's page is in the way for a while.
fn misrouted(trial: &Trial, size: usize, run: &RunSoFar, retry_for: Duration) -> Step {
    if !run.accepted.yes() {
        Step::Halt(Cause::WrongAddress)
    } else if poisonous(trial, size, run) {
        Step::Split
    } else if trial.spent < retry_for {
        Step::Again(Delay::Backoff)
    } else {
        Step::Halt(Cause::WrongAddress)
    }
}

#[cfg(test)]
mod tests;
