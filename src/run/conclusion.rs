//! From the ending of an import to the outcome of a run: summary, exit code, and the end in the ledger.

use std::time::Instant;

use super::clock::RunName;
use super::exit::Exit;
use super::next::next_step;
use super::run_ledger::{self, RunLedger};
use super::settings::{Settings, Target};
use crate::event::Halt;
use crate::hint::{EXCEPT, ONLY};
use crate::import::{ImportEnding, RunLog};
use crate::report::destination::Destination;
use crate::report::ended_run::EndedRun;
use crate::report::run_summary::RunSummary;
use crate::secret::Auth;
use crate::tally::Tally;

/// How a run ended, ready to be printed.
pub(crate) struct RunOutcome {
    /// What is known of it.
    pub(crate) ended: EndedRun,
    /// What is printed as JSON, and archived.
    pub(crate) summary: RunSummary,
    pub(crate) exit: Exit,
    /// What no run may end with: a bug of the program.
    pub(crate) broken_invariant: Option<&'static str>,
    /// Its lock is held until the outcome is dropped.
    ledger: Option<RunLedger>,
}

impl RunOutcome {
    /// Compacts the ledger where that is due. Call it after the summary is printed: it may take a second.
    pub(crate) fn tidy(self) {
        if let Some(ledger) = &self.ledger {
            ledger.tidy();
        }
    }
}

/// What is the same from the beginning of a run to its summary.
pub(super) struct RunContext<'a> {
    pub(super) settings: &'a Settings,
    pub(super) run: RunName,
    pub(super) began: Instant,
    pub(super) destination: Destination,
}

/// The ending of a run that took nothing.
pub(super) fn nothing(halt: Halt) -> ImportEnding {
    ImportEnding {
        read: 0,
        complete: false,
        last_read: None,
        halts: vec![halt],
        tally: Tally::default(),
        rejects: Vec::new(),
    }
}

impl RunContext<'_> {
    /// The run ends before it took a record.
    pub(super) fn ended(&self, halt: Halt) -> Box<RunOutcome> {
        Box::new(self.conclude(nothing(halt), None))
    }

    /// Concludes a run that never was in the ledger.
    pub(super) fn conclude(&self, ending: ImportEnding, next: Option<String>) -> RunOutcome {
        let broken_invariant = broken_invariant(&ending);
        let exit = broken_invariant.map_or_else(|| exit_of(&ending), |_| Exit::Bug);
        let ended = self.run_of(ending, next, exit);
        RunOutcome {
            summary: RunSummary::of(&ended),
            ended,
            exit,
            broken_invariant,
            ledger: None,
        }
    }

    /// Concludes a run: the ledger first, so that the summary can be relied on.
    pub(super) fn conclude_recorded(
        &self,
        ending: ImportEnding,
        ledger: RunLedger,
        run_log: &RunLog,
    ) -> RunOutcome {
        let next = next_step(self.settings, &ending, &ledger);
        let mut outcome = self.conclude(ending, next);
        let ended = &mut outcome.ended;
        ended.resumes = ledger.resumes().map(ToOwned::to_owned);
        if let Some(name) = run_log.name() {
            ended.run = name;
        }
        outcome.summary = RunSummary::of(ended);
        if let Err(error) = run_log.close(&run_ledger::ending(ended, &outcome.summary)) {
            outcome.exit = outcome.exit.or_output();
            ended.exit_code = outcome.exit.code();
            let is_known = |halt: &Halt| matches!(halt, Halt::Output(_));
            if !ended.halts.iter().any(is_known) {
                ended.halts.push(Halt::unwritable(error));
            }
            outcome.summary = RunSummary::of(ended);
        }
        outcome.ledger = Some(ledger);
        outcome
    }

    fn run_of(&self, ending: ImportEnding, next: Option<String>, exit: Exit) -> EndedRun {
        let settings = self.settings;
        let auth = match &settings.recipient.target {
            Target::Platform { credentials, .. } => credentials.auth,
            Target::Sandbox | Target::Nowhere { .. } => Auth::Key,
        };
        EndedRun {
            run: self.run.name.clone(),
            shard: settings.past.shard,
            resumes: None,
            inputs: settings.source.names(),
            destination: self.destination.clone(),
            auth,
            bot_id: settings.recipient.bot_id.clone(),
            read: ending.read,
            complete: ending.complete,
            last_read: ending.last_read,
            halts: ending.halts,
            elapsed: self.began.elapsed(),
            tally: ending.tally,
            rejects: ending.rejects,
            filters: filters(settings),
            next,
            exit_code: exit.code(),
        }
    }
}

/// The options that leave rows out, as a message names them.
fn filters(settings: &Settings) -> String {
    let filter = &settings.options.filter;
    match (filter.only.is_empty(), filter.except.is_empty()) {
        (true, _) => EXCEPT.to_owned(),
        (false, true) => ONLY.to_owned(),
        (false, false) => format!("{ONLY} and {EXCEPT}"),
    }
}

/// What no run may end with, whatever happened in it.
fn broken_invariant(ending: &ImportEnding) -> Option<&'static str> {
    if ending.read != ending.tally.settled() {
        Some("the counts do not add up")
    } else if !ending.complete && ending.halts.is_empty() {
        Some("reading ended before its time")
    } else {
        None
    }
}

/// The first fault in time decides; without one, the tally does.
fn exit_of(ending: &ImportEnding) -> Exit {
    let fault = ending.halts.iter().find_map(Exit::of);
    let tally = if ending.tally.has_failures() {
        Exit::SomeFailed
    } else {
        Exit::Done
    };
    fault.unwrap_or(tally)
}
