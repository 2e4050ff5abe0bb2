//! `bp-import history [RUN]`: what ran, from the ledgers of all accounts below the state directory.

use std::path::Path;

use anyhow::bail;

use super::args::{HistoryArgs, OutputArg};
use super::environment::Environment;
use super::state::state_directory;
use super::streams::Streams;
use crate::ledger::{self, AccountLedger, LedgerError, RunFacts, RunState};
use crate::report::history::{
    self, AccountName, PastRun, RecordCounts, RunEnd, RunStage, SameCommand,
};
use crate::report::run_summary::RunSummary;
use crate::run::{Exit, unix_seconds};
use crate::text::safe_lines;

/// The RUN that needs no name.
const LAST: &str = "last";
/// How many runs a message suggests where the one that was named does not exist.
const NAMED: usize = 3;

pub(super) fn run(
    args: &HistoryArgs,
    environment: &Environment,
    streams: &Streams,
) -> anyhow::Result<Exit> {
    let state = state_directory(environment)?;
    let found = Found::below(&state, unix_seconds());
    for trouble in &found.troubles {
        streams.say(&safe_lines(&format!("warning: {trouble}")));
    }
    if found.is_blank() {
        streams.say(&safe_lines(&nothing(&state)));
    }
    let runs = chosen(args.run.as_deref(), &found.runs)?;
    let text = match (args.json || args.output == OutputArg::Json, &args.run) {
        (true, _) => json_lines(&runs)?,
        (false, None) => history::list(&runs),
        (false, Some(_)) => pages(&runs),
    };
    match streams.print(&text) {
        Ok(()) => Ok(found.exit()),
        Err(error) => {
            streams.say(&format!("error: the history cannot be printed ({error})"));
            Ok(Exit::Output)
        }
    }
}

/// All runs that are known, and what keeps others from being known.
#[derive(Default)]
struct Found {
    /// By when they began, the last at the end, as a log reads.
    runs: Vec<PastRun>,
    troubles: Vec<LedgerError>,
}

impl Found {
    fn below(state: &Path, now: u64) -> Found {
        let mut found = Found::default();
        let mut moments = Vec::new();
        match ledger::known_accounts(state) {
            Ok(accounts) => {
                for account in accounts {
                    match account.and_then(|account| pasts(&account, now)) {
                        Ok(pasts) => moments.extend(dated(pasts)),
                        Err(trouble) => found.troubles.push(trouble),
                    }
                }
            }
            Err(trouble) => found.troubles.push(trouble),
        }
        // Of runs that began in one second, the one that ended last was probably the last.
        moments.sort_by_key(|(moment, past)| (*moment, past.ended().unwrap_or(u64::MAX)));
        found.runs = moments.into_iter().map(|(_, past)| past).collect();
        found
    }

    /// Nothing has run, for all that can be read.
    fn is_blank(&self) -> bool {
        self.runs.is_empty() && self.troubles.is_empty()
    }

    /// A script is to know that runs may be missing.
    fn exit(&self) -> Exit {
        if self.troubles.is_empty() {
            Exit::Done
        } else {
            Exit::Input
        }
    }
}

/// Each run with its place in time. The time of an unreadable one is unknown: it stays behind the one before it.
fn dated(pasts: Vec<PastRun>) -> impl Iterator<Item = (u64, PastRun)> {
    pasts.into_iter().scan(0, |latest, past| {
        *latest = past.began.unwrap_or(*latest);
        Some((*latest, past))
    })
}

fn pasts(account: &AccountLedger, now: u64) -> Result<Vec<PastRun>, LedgerError> {
    let runs = ledger::runs(account)?;
    let past = |at| past(account, &runs, at, now);
    Ok((0..runs.len()).filter_map(past).collect())
}

/// A run as the report knows one.
fn past(account: &AccountLedger, runs: &[RunFacts], at: usize, now: u64) -> Option<PastRun> {
    let facts = runs.get(at)?;
    let start = &facts.start;
    let followed_by = follower(start, runs.get(at + 1..)?);
    let resumes = followed_by.is_none() && facts.is_resumable(now) && !account.is_given_up();
    Some(PastRun {
        run: start.name.clone(),
        began: (facts.state != RunState::Unreadable).then_some(start.began),
        inputs: start.inputs.clone(),
        shard: start.shard,
        account: whose(account),
        continues: start.continues.clone(),
        followed_by,
        stage: stage(facts),
        recorded: RecordCounts {
            sent: facts.counts.sent,
            accepted: facts.counts.accepted,
            refused: facts.counts.refused,
            unknown: facts.counts.unknown(),
        },
        same_command: if resumes {
            SameCommand::Resumes
        } else {
            SameCommand::StartsOver
        },
    })
}

/// The next run of the same inputs and part.
fn follower(start: &ledger::RunStart, later: &[RunFacts]) -> Option<String> {
    let inputs = start.inputs_id.as_ref()?;
    later
        .iter()
        .map(|facts| &facts.start)
        .find(|later| later.inputs_id.as_ref() == Some(inputs) && later.shard == start.shard)
        .map(|later| later.name.clone())
}

fn stage(facts: &RunFacts) -> RunStage {
    let end = facts.ending.as_ref().map(|ending| RunEnd {
        at: ending.ended,
        archive: RunSummary::from_json(&ending.summary),
    });
    match (facts.state, end) {
        (RunState::Unreadable, _) => RunStage::Unreadable,
        (RunState::Running, _) => RunStage::Running,
        (RunState::Finished, Some(end)) => RunStage::Finished(end),
        (RunState::Unfinished, Some(end)) => RunStage::Unfinished(end),
        (RunState::Finished | RunState::Unfinished, None) => RunStage::Killed,
    }
}

fn whose(account: &AccountLedger) -> AccountName {
    AccountName {
        base_url: account.base_url().to_owned(),
        bot: Some(account.bot().to_owned()).filter(|bot| !bot.is_empty()),
        label: account.label().to_owned(),
    }
}

/// All runs, the last one, or those of a name: two accounts may each have one.
fn chosen<'a>(run: Option<&str>, all: &'a [PastRun]) -> anyhow::Result<Vec<&'a PastRun>> {
    let Some(run) = run else {
        return Ok(all.iter().collect());
    };
    if run == LAST {
        return Ok(all.last().into_iter().collect());
    }
    let named: Vec<&PastRun> = all.iter().filter(|past| past.run == run).collect();
    if named.is_empty() {
        bail!("there is no run \"{run}\"{}", advice(run, all));
    }
    Ok(named)
}

/// Those whose name holds what was typed, or else the last ones.
fn advice(typed: &str, runs: &[PastRun]) -> String {
    let last_of = |names: Vec<&str>| {
        let from = names.len().saturating_sub(NAMED);
        names.get(from..).unwrap_or_default().join(", ")
    };
    let all = || runs.iter().map(|past| past.run.as_str());
    let near: Vec<&str> = all().filter(|name| name.contains(typed)).collect();
    match (runs.is_empty(), near.is_empty()) {
        (true, _) => String::new(),
        (false, true) => format!("; the last ones are {}", last_of(all().collect())),
        (false, false) => format!("; did you mean {}?", last_of(near)),
    }
}

fn nothing(state: &Path) -> String {
    format!(
        "nothing has run yet: no run is recorded in {}",
        state.display()
    )
}

fn json_lines(runs: &[&PastRun]) -> anyhow::Result<String> {
    let mut lines = String::new();
    for past in runs {
        lines.push_str(&history::line(past)?);
        lines.push('\n');
    }
    Ok(lines)
}

fn pages(runs: &[&PastRun]) -> String {
    let pages: Vec<String> = runs.iter().map(|past| history::page(past)).collect();
    pages.join("\n")
}
