//! A past run, and its outcome in a word or two. Lines, list and page are made in the files beside this one.

use std::time::Duration;

use crate::hint::{LIMIT, MAX_ERRORS};
use crate::report::run_summary::RunSummary;
use crate::shard::Shard;
use crate::units::grouped;

/// A run of the past.
#[derive(Clone, Debug)]
pub(crate) struct PastRun {
    /// Its name.
    pub(crate) run: String,
    /// When it began, in seconds since the epoch; `None` for an unreadable run.
    pub(crate) began: Option<u64>,
    /// Its inputs, as they were shown.
    pub(crate) inputs: Vec<String>,
    /// The part that it sent.
    pub(crate) shard: Option<Shard>,
    /// Where it sent contacts.
    pub(crate) account: AccountName,
    /// The run that it resumed.
    pub(crate) continues: Option<String>,
    /// The next run of the same inputs and part into this account.
    pub(crate) followed_by: Option<String>,
    /// How far it got.
    pub(crate) stage: RunStage,
    /// What was recorded of its contacts, one by one.
    pub(crate) recorded: RecordCounts,
    /// What the same command would do now, where it left something to do.
    pub(crate) same_command: SameCommand,
}

/// An account, as a user knows it.
#[derive(Clone, Debug)]
pub(crate) struct AccountName {
    /// The API's base URL.
    pub(crate) base_url: String,
    /// The bot; `None` where the account has only one.
    pub(crate) bot: Option<String>,
    /// The label that distinguishes it from other accounts of this address.
    pub(crate) label: String,
}

/// How far a run got.
#[derive(Clone, Debug)]
pub(crate) enum RunStage {
    /// It left nothing to do.
    Finished(RunEnd),
    /// It was stopped, or contacts are unsent or unknown.
    Unfinished(RunEnd),
    /// It ended without an end record: killed, or the power was cut.
    Killed,
    /// It is running.
    Running,
    /// What it wrote is damaged, or a newer bp-import wrote it.
    Unreadable,
}

/// A run's end.
#[derive(Clone, Debug)]
pub(crate) struct RunEnd {
    /// When, in seconds since the epoch.
    pub(crate) at: u64,
    /// What it archived, where that can be read.
    pub(crate) archive: Option<RunSummary>,
}

/// What was recorded of contacts before and after they were sent.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RecordCounts {
    /// May have arrived.
    pub(crate) sent: u64,
    /// Accepted by the platform.
    pub(crate) accepted: u64,
    /// Refused by the platform.
    pub(crate) refused: u64,
    /// No answer was recorded.
    pub(crate) unknown: u64,
}

/// What the same command does about a run that left something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SameCommand {
    /// It resumes it.
    Resumes,
    /// It sends everything again.
    StartsOver,
}

impl PastRun {
    pub(super) fn end(&self) -> Option<&RunEnd> {
        match &self.stage {
            RunStage::Finished(end) | RunStage::Unfinished(end) => Some(end),
            RunStage::Killed | RunStage::Running | RunStage::Unreadable => None,
        }
    }

    /// When it ended, in seconds since the epoch, where that was recorded.
    pub(crate) fn ended(&self) -> Option<u64> {
        Some(self.end()?.at)
    }

    pub(super) fn archive(&self) -> Option<&RunSummary> {
        self.end()?.archive.as_ref()
    }

    /// The word that scripts read.
    pub(super) fn state(&self) -> &'static str {
        match self.stage {
            RunStage::Finished(_) => "finished",
            RunStage::Unfinished(_) => "unfinished",
            RunStage::Killed => "killed",
            RunStage::Running => "running",
            RunStage::Unreadable => "unreadable",
        }
    }

    /// Wall time: to the millisecond from the archive, else the seconds between its two records.
    pub(super) fn took(&self) -> Option<Duration> {
        let end = self.end()?;
        let said = end.archive.as_ref().map(|archive| archive.seconds);
        said.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            .or_else(|| Some(Duration::from_secs(end.at.checked_sub(self.began?)?)))
    }

    /// How it ended, in a word or two.
    pub(super) fn outcome(&self) -> String {
        match &self.stage {
            RunStage::Finished(end) => ending("finished", end),
            RunStage::Unfinished(end) => ending("not finished", end),
            RunStage::Killed | RunStage::Running | RunStage::Unreadable => self.state().to_owned(),
        }
    }

    /// What is left to do. A later run of the same inputs took over what this one left.
    pub(super) fn next(&self) -> Option<&str> {
        match &self.stage {
            RunStage::Finished(end) => end.archive.as_ref()?.next.as_deref(),
            RunStage::Running | RunStage::Unreadable => None,
            // Told to resume it, a user would resume the later run.
            _ if self.followed_by.is_some() => None,
            RunStage::Killed | RunStage::Unfinished(_) => {
                let said = self.archive().and_then(|archive| archive.next.as_deref());
                said.or(Some(self.same_command.words()))
            }
        }
    }
}

impl SameCommand {
    fn words(self) -> &'static str {
        match self {
            SameCommand::Resumes => "run the same command again: it goes on with this run",
            SameCommand::StartsOver => "run the same command again: it sends everything",
        }
    }
}

impl AccountName {
    /// `api.example.com (shop)`
    pub(super) fn words(&self) -> String {
        let host = host(&self.base_url);
        if self.label.is_empty() {
            host.to_owned()
        } else {
            format!("{host} ({})", self.label)
        }
    }
}

fn host(base_url: &str) -> &str {
    // By hand: a damaged ledger's URL need not be one, and is shown all the same.
    let rest = base_url
        .split_once("://")
        .map_or(base_url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

fn ending(word: &str, end: &RunEnd) -> String {
    let Some(archive) = &end.archive else {
        return word.to_owned();
    };
    match (archive.stopped.as_deref(), archive.missing()) {
        (Some(stopped), _) => stop(stopped, archive.exit_code),
        (None, 0) => word.to_owned(),
        (None, missing) => format!("{word}, {} not delivered", grouped(missing)),
    }
}

/// The exit code of a run that SIGTERM ended.
const TERMINATED: u8 = 143;

/// Why it stopped, for a user. A word that a later version has added is shown as it is.
fn stop(stopped: &str, exit_code: u8) -> String {
    match stopped {
        "interrupted" if exit_code == TERMINATED => "terminated".to_owned(),
        "interrupted" | "denied" => stopped.to_owned(),
        "limit" => format!("stopped by {LIMIT}"),
        "max_errors" => format!("stopped by {MAX_ERRORS}"),
        "all_refused" => "stopped: everything refused".to_owned(),
        "input" => "stopped: input not readable".to_owned(),
        "output" => "stopped: could not write".to_owned(),
        _ => format!("stopped: {}", stopped.replace('_', " ")),
    }
}
