//! Past runs, as a user and a script see them: the list, one run's page, and JSON lines.
//!
//! Takes what a ledger tells of each run, in order; asks no ledger and no clock, and decides nothing.

mod json;
mod list;
mod page;

#[cfg(test)]
mod tests;

pub(crate) use json::line;
pub(crate) use list::list;
pub(crate) use page::page;

use std::time::Duration;

use super::run_summary::RunSummary;
use crate::shard::Shard;
use crate::units::grouped;

/// A run of the past.
#[derive(Clone, Debug)]
pub(crate) struct Past {
    /// Its name.
    pub(crate) run: String,
    /// When it began, in seconds since the epoch; unknown of an unreadable run.
    pub(crate) began: Option<u64>,
    /// Its inputs, as they were shown.
    pub(crate) inputs: Vec<String>,
    /// The part that it sent.
    pub(crate) shard: Option<Shard>,
    /// Where it sent contacts.
    pub(crate) account: Whose,
    /// The run that it went on with.
    pub(crate) continues: Option<String>,
    /// The next run of the same inputs and part into this account.
    pub(crate) followed_by: Option<String>,
    /// How far it came.
    pub(crate) stage: Stage,
    /// What was recorded of its contacts, one by one.
    pub(crate) recorded: Recorded,
    /// What the same command would do now, where it left something to do.
    pub(crate) again: Again,
}

/// An account, as a user knows it.
#[derive(Clone, Debug)]
pub(crate) struct Whose {
    /// The API's base URL.
    pub(crate) base_url: String,
    /// The bot; none where the account has one only.
    pub(crate) bot: Option<String>,
    /// What tells it from others of this address.
    pub(crate) label: String,
}

/// How far a run came.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    /// It left nothing to do.
    Finished(End),
    /// It was stopped, or contacts are unsent or unknown.
    Unfinished(End),
    /// It ended without a word.
    Killed,
    /// It is at work.
    Running,
    /// What it wrote is damaged, or a newer bp-import wrote it.
    Unreadable,
}

/// A run's end.
#[derive(Clone, Debug)]
pub(crate) struct End {
    /// When, in seconds since the epoch.
    pub(crate) at: u64,
    /// What it archived, where that can be read.
    pub(crate) archive: Option<RunSummary>,
}

/// What was recorded of contacts before and after they were sent.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Recorded {
    /// May have arrived.
    pub(crate) sent: u64,
    /// The platform took them.
    pub(crate) accepted: u64,
    /// The platform said no.
    pub(crate) refused: u64,
    /// Nothing was recorded of their fate.
    pub(crate) unknown: u64,
}

/// What the same command does about a run that left something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// It goes on with it.
    GoesOn,
    /// It sends everything again.
    BeginsAnew,
}

impl Past {
    fn end(&self) -> Option<&End> {
        match &self.stage {
            Stage::Finished(end) | Stage::Unfinished(end) => Some(end),
            Stage::Killed | Stage::Running | Stage::Unreadable => None,
        }
    }

    /// When it ended, in seconds since the epoch, where it said so.
    pub(crate) fn ended(&self) -> Option<u64> {
        Some(self.end()?.at)
    }

    fn archive(&self) -> Option<&RunSummary> {
        self.end()?.archive.as_ref()
    }

    /// The word that scripts read.
    fn state(&self) -> &'static str {
        match self.stage {
            Stage::Finished(_) => "finished",
            Stage::Unfinished(_) => "unfinished",
            Stage::Killed => "killed",
            Stage::Running => "running",
            Stage::Unreadable => "unreadable",
        }
    }

    /// Wall time, to the millisecond where the run said so itself.
    fn took(&self) -> Option<Duration> {
        let end = self.end()?;
        let said = end.archive.as_ref().map(|archive| archive.seconds);
        said.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            .or_else(|| Some(Duration::from_secs(end.at.checked_sub(self.began?)?)))
    }

    /// How it ended, in a word or two.
    fn outcome(&self) -> String {
        match &self.stage {
            Stage::Finished(end) => ending("finished", end),
            Stage::Unfinished(end) => ending("not finished", end),
            Stage::Killed | Stage::Running | Stage::Unreadable => self.state().to_owned(),
        }
    }

    /// What is left to do. A later run of the same inputs took over what this one left.
    fn next(&self) -> Option<&str> {
        match &self.stage {
            Stage::Finished(end) => end.archive.as_ref()?.next.as_deref(),
            Stage::Running | Stage::Unreadable => None,
            _ if self.followed_by.is_some() => None,
            Stage::Killed | Stage::Unfinished(_) => {
                let said = self.archive().and_then(|archive| archive.next.as_deref());
                said.or(Some(self.again.words()))
            }
        }
    }
}

impl Again {
    fn words(self) -> &'static str {
        match self {
            Again::GoesOn => "run the same command again: it goes on with this run",
            Again::BeginsAnew => "run the same command again: it sends everything",
        }
    }
}

impl Whose {
    /// `api.example.com (shop)`
    fn words(&self) -> String {
        let host = host(&self.base_url);
        if self.label.is_empty() {
            host.to_owned()
        } else {
            format!("{host} ({})", self.label)
        }
    }
}

fn host(base_url: &str) -> &str {
    let rest = base_url
        .split_once("://")
        .map_or(base_url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

fn ending(word: &str, end: &End) -> String {
    let Some(archive) = &end.archive else {
        return word.to_owned();
    };
    match (archive.stopped.as_deref(), archive.missing()) {
        (Some(stopped), _) => stop(stopped, archive.exit_code),
        (None, 0) => word.to_owned(),
        (None, missing) => format!("{word}, {} not delivered", grouped(missing)),
    }
}

/// The exit code of a run that was told to end by SIGTERM.
const TERMINATED: u8 = 143;

/// Why it stopped, for a user; a word that a later version may add stands as it is.
fn stop(stopped: &str, exit_code: u8) -> String {
    match stopped {
        "interrupted" if exit_code == TERMINATED => "terminated".to_owned(),
        "interrupted" | "denied" => stopped.to_owned(),
        "limit" => "stopped by --limit".to_owned(),
        "max_errors" => "stopped by --max-errors".to_owned(),
        "all_refused" => "stopped: everything refused".to_owned(),
        "input" => "stopped: input not readable".to_owned(),
        "output" => "stopped: could not write".to_owned(),
        _ => format!("stopped: {}", stopped.replace('_', " ")),
    }
}
