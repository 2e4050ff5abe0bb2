//! Past runs: what ran when, and how it ended.

use serde::{Deserialize, Serialize};

use super::account::Account;
use super::catalogue::{Files, Listed};
use super::error::LedgerError;
use super::files::Hold;
use super::frame::Mark;
use super::inputs_id::InputsId;
use super::run::{Completion, Ending, Start};
use super::scan::{self, Tail};
use super::segment::Opened;
use crate::shard::Shard;

/// How long a run can be resumed: 7 days, in seconds.
pub(super) const RESUMABLE: u64 = 7 * 24 * 60 * 60;

/// A run, as its segment tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFacts {
    /// What was known when it began; of an unreadable run only the name.
    pub start: Start,
    /// What was known when it ended; none where it runs or was killed.
    pub ending: Option<Ending>,
    /// Where it stands.
    pub state: RunState,
    /// What its segment says of contacts: also of a run that was killed.
    pub counts: Counts,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunState {
    /// Nothing is left to do.
    Finished,
    /// It was killed, or ended with something left to do.
    Unfinished,
    /// It runs.
    Running,
    /// Its header is damaged, or was written by a newer bp-import.
    Unreadable,
}

/// What became of a run's contacts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Contacts that may have arrived: sent once or more often.
    pub sent: u64,
    /// Contacts that the platform took.
    pub accepted: u64,
    /// Contacts to which the platform said no.
    pub refused: u64,
}

impl Counts {
    /// Contacts whose fate was never recorded.
    pub fn unknown(&self) -> u64 {
        self.sent
            .saturating_sub(self.accepted)
            .saturating_sub(self.refused)
    }

    fn count(&mut self, mark: Mark) {
        match mark {
            Mark::Sent => self.sent += 1,
            Mark::Accepted => self.accepted += 1,
            Mark::Refused => self.refused += 1,
        }
    }
}

/// All runs of an account that are still known, the oldest first.
///
/// # Errors
/// When a file cannot be read, or what was compacted is of a newer bp-import.
pub fn runs(account: &Account) -> Result<Vec<RunFacts>, LedgerError> {
    let _here = account.lock_shared()?;
    let files = Files::of(account)?;
    let mut runs = files.base.runs.clone();
    for listed in files.list()? {
        runs.extend(facts(&listed)?);
    }
    Ok(runs)
}

/// The last run of these inputs and this shard, if it did not finish and is not older than 7 days.
///
/// # Errors
/// When a file cannot be read, or is of a newer bp-import.
pub fn last_unfinished(
    account: &Account,
    inputs: &InputsId,
    shard: Option<Shard>,
    now: u64,
) -> Result<Option<RunFacts>, LedgerError> {
    let _here = account.lock_shared()?;
    let segments = Files::of(account)?.list_all_known()?;
    let last = segments.iter().rev().find(|listed| {
        listed
            .run()
            .is_some_and(|start| start.inputs_id.as_ref() == Some(inputs) && start.shard == shard)
    });
    let facts = last.map(facts).transpose()?.flatten();
    Ok(facts.filter(|facts| facts.is_resumable(now)))
}

/// The last run of these inputs that finished, whatever part of them it sent: what they held then.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn last_finished(
    account: &Account,
    inputs: &InputsId,
) -> Result<Option<RunFacts>, LedgerError> {
    let _here = account.lock_shared()?;
    let files = Files::of(account)?;
    let is_wanted = |start: &Start| start.inputs_id.as_ref() == Some(inputs);
    for listed in files.list()?.iter().rev() {
        if !listed.run().is_some_and(is_wanted) {
            continue;
        }
        let facts = facts(listed)?;
        if facts
            .as_ref()
            .is_some_and(|facts| facts.state == RunState::Finished)
        {
            return Ok(facts);
        }
    }
    let mut compacted = files.base.runs.into_iter().rev();
    Ok(compacted.find(|facts| facts.state == RunState::Finished && is_wanted(&facts.start)))
}

impl RunFacts {
    /// Whether the same command at this moment goes on with the run, were it the last.
    pub(crate) fn is_resumable(&self, now: u64) -> bool {
        self.state == RunState::Unfinished
            && self.start.inputs_id.is_some()
            && now.saturating_sub(self.start.began) <= RESUMABLE
    }
}

/// What a segment tells of its run; nothing where it is no run's.
pub(super) fn facts(listed: &Listed) -> Result<Option<RunFacts>, LedgerError> {
    let start = match &listed.heading {
        Ok(heading) => heading.run.clone(),
        Err(_) => return Ok(Some(unreadable(listed))),
    };
    // Whether it runs is asked first: one that ends meanwhile has then all its records.
    let hold = listed.place.hold()?;
    let Some((start, opened)) = start.zip(listed.place.open()?.ok()) else {
        return Ok(None);
    };
    let Opened { mut file, seal, .. } = opened;
    let mut counts = Counts::default();
    let tail = scan::frames(&mut file, seal, |frames| {
        scan::contacts(frames).for_each(|(mark, _)| counts.count(mark));
    })
    .map_err(LedgerError::read(&listed.place.path))?;
    let ending = ending(&tail);
    Ok(Some(RunFacts {
        state: state(hold, ending.as_ref()),
        start,
        ending,
        counts,
    }))
}

fn ending(tail: &Tail) -> Option<Ending> {
    match tail {
        Tail::Ended(facts) => serde_json::from_slice(facts).ok(),
        Tail::Open | Tail::Damaged => None,
    }
}

fn state(hold: Hold, ending: Option<&Ending>) -> RunState {
    match (ending.map(|ending| ending.completion), hold) {
        (Some(Completion::Finished), _) => RunState::Finished,
        (Some(Completion::Unfinished), _) | (None, Hold::Free) => RunState::Unfinished,
        (None, Hold::Held) => RunState::Running,
    }
}

fn unreadable(listed: &Listed) -> RunFacts {
    RunFacts {
        start: Start {
            name: listed.place.run.clone(),
            ..Start::default()
        },
        ending: None,
        state: RunState::Unreadable,
        counts: Counts::default(),
    }
}
