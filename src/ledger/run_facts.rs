//! What is recorded of a run: its start, its ending, its counts. Plain data; reads and writes nothing.

use serde::{Deserialize, Serialize};

use super::entry::LedgerMark;
use super::inputs_id::InputsId;
use crate::shard::Shard;

/// How long a run can be resumed: 7 days, in seconds. README and `--help` name the same figure.
pub(super) const RESUMABLE: u64 = 7 * 24 * 60 * 60;

/// What is known of a run when it begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunStart {
    /// Its name: letters, digits, dots, dashes, underscores. If it is taken, `-2` and so on is added.
    pub name: String,
    /// When it began, in seconds since the epoch.
    pub began: u64,
    /// The inputs, as they are shown.
    pub inputs: Vec<String>,
    /// Which inputs these are; without it the run cannot be resumed.
    pub inputs_id: Option<InputsId>,
    /// The part that it sends.
    pub shard: Option<Shard>,
    /// The run that it resumes.
    pub continues: Option<String>,
}

/// Whether anything is left to be done by a later run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Completion {
    /// Nothing: the next run of these inputs begins anew.
    Finished,
    /// It was halted or interrupted, or contacts are unsent or unknown: the next run resumes it.
    Unfinished,
}

/// What is known of a run when it ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunEnding {
    /// When it ended, in seconds since the epoch.
    pub ended: u64,
    /// Whether anything is left to do.
    pub completion: Completion,
    /// Counts, reasons and the like, as the caller writes and reads them: kept as it is.
    pub summary: String,
}

/// A run, as its segment records it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFacts {
    /// What was known when it began; of an unreadable run only the name.
    pub start: RunStart,
    /// What was known when it ended; `None` if it is running or was killed.
    pub ending: Option<RunEnding>,
    /// Whether it finished.
    pub state: RunState,
    /// What its segment records of contacts, also for a run that was killed.
    pub counts: RunCounts,
}

/// Whether a run finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RunState {
    /// Nothing is left to do.
    Finished,
    /// It was killed, or ended with something left to do.
    Unfinished,
    /// It is running.
    Running,
    /// Its header is damaged, or was written by a newer bp-import.
    Unreadable,
}

/// The outcomes of a run's contacts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunCounts {
    /// Contacts that may have arrived: sent once or more often.
    pub sent: u64,
    /// Contacts that the platform accepted.
    pub accepted: u64,
    /// Contacts that the platform refused.
    pub refused: u64,
}

impl RunCounts {
    /// Contacts whose outcome was never recorded.
    pub fn unknown(&self) -> u64 {
        self.sent
            .saturating_sub(self.accepted)
            .saturating_sub(self.refused)
    }

    pub(super) fn count(&mut self, mark: LedgerMark) {
        match mark {
            LedgerMark::Sent => self.sent += 1,
            LedgerMark::Accepted => self.accepted += 1,
            LedgerMark::Refused => self.refused += 1,
        }
    }
}

impl RunFacts {
    /// Whether the same command at this moment resumes the run, if no later run of the same inputs exists.
    pub(crate) fn is_resumable(&self, now: u64) -> bool {
        self.state == RunState::Unfinished
            && self.start.inputs_id.is_some()
            && now.saturating_sub(self.start.began) <= RESUMABLE
    }
}
