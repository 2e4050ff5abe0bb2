//! Past runs, read from the segments: what ran when, and how it ended.

use super::account::AccountLedger;
use super::catalogue::{AccountFiles, ListedSegment};
use super::error::LedgerError;
use super::inputs_id::InputsId;
use super::run_facts::{Completion, RunCounts, RunEnding, RunFacts, RunStart, RunState};
use super::scan::{self, SegmentTail};
use super::segment::OpenedSegment;
use crate::shard::Shard;

/// All runs of an account that are still known, the oldest first.
///
/// # Errors
/// When a file cannot be read, or what was compacted is of a newer bp-import.
pub fn runs(account: &AccountLedger) -> Result<Vec<RunFacts>, LedgerError> {
    let _shared = account.lock_shared()?;
    let files = AccountFiles::of(account)?;
    let mut runs = files.compacted.runs.clone();
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
    account: &AccountLedger,
    inputs: &InputsId,
    shard: Option<Shard>,
    now: u64,
) -> Result<Option<RunFacts>, LedgerError> {
    let _shared = account.lock_shared()?;
    // Compacted runs are left out on purpose: a run that can be resumed is never compacted.
    let segments = AccountFiles::of(account)?.list_all_known()?;
    let last = segments.iter().rev().find(|listed| {
        listed
            .run()
            .is_some_and(|start| start.inputs_id.as_ref() == Some(inputs) && start.shard == shard)
    });
    let facts = last.map(facts).transpose()?.flatten();
    Ok(facts.filter(|facts| facts.is_resumable(now)))
}

/// The last finished run of these inputs, whatever shard it sent: its summary says what the inputs held then.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn last_finished(
    account: &AccountLedger,
    inputs: &InputsId,
) -> Result<Option<RunFacts>, LedgerError> {
    let _shared = account.lock_shared()?;
    let files = AccountFiles::of(account)?;
    let is_wanted = |start: &RunStart| start.inputs_id.as_ref() == Some(inputs);
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
    // All compacted runs are older than any segment.
    let mut compacted = files.compacted.runs.into_iter().rev();
    Ok(compacted.find(|facts| facts.state == RunState::Finished && is_wanted(&facts.start)))
}

/// What a segment records of its run; `None` if it is not a run's.
pub(super) fn facts(listed: &ListedSegment) -> Result<Option<RunFacts>, LedgerError> {
    let start = match &listed.header {
        Ok(header) => header.run.clone(),
        Err(_) => return Ok(Some(unreadable(listed))),
    };
    // The lock is checked before the entries are read. The other way round, a run that ends in between would look
    // killed.
    let is_running = listed.file.is_written()?;
    let Some((start, opened)) = start.zip(listed.file.open()?.ok()) else {
        return Ok(None);
    };
    let OpenedSegment { mut file, seal, .. } = opened;
    let mut counts = RunCounts::default();
    let tail = scan::entries(&mut file, seal, |entries| {
        scan::contacts(entries).for_each(|(mark, _)| counts.count(mark));
    })
    .map_err(LedgerError::read(&listed.file.path))?;
    let ending: Option<RunEnding> = match tail {
        SegmentTail::Ended(facts) => serde_json::from_slice(&facts).ok(),
        SegmentTail::Open | SegmentTail::Damaged => None,
    };
    let state = match ending.as_ref().map(|ending| ending.completion) {
        Some(Completion::Finished) => RunState::Finished,
        None if is_running => RunState::Running,
        Some(Completion::Unfinished) | None => RunState::Unfinished,
    };
    Ok(Some(RunFacts {
        start,
        ending,
        state,
        counts,
    }))
}

fn unreadable(listed: &ListedSegment) -> RunFacts {
    RunFacts {
        start: RunStart {
            name: listed.file.run.clone(),
            ..RunStart::default()
        },
        ending: None,
        state: RunState::Unreadable,
        counts: RunCounts::default(),
    }
}
