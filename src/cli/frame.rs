//! The frame around a run: what is said before it, shown meanwhile, and concluded from its ending.

use std::io;
use std::time::Instant;

use anyhow::bail;

use super::args::{AuthArg, OutputArg};
use super::clock::RunName;
use super::environment::Environment;
use super::exit::Exit;
use super::ledger::{self, Obstacle, RunLedger, Says, Wanted};
use super::settings::{self, Loudness, Manner};
use super::state::state_directory;
use super::streams::Streams;
use crate::event::{DuplicateOf, Halt, InputFault, SharedError};
use crate::import::{ImportEnding, Outputs, PrepareError, PreparedInputs, RunLog, Suppression};
use crate::ledger::Owner;
use crate::record::Place;
use crate::report::destination::Destination;
use crate::report::ended_run::EndedRun;
use crate::report::preview::{self, Preview};
use crate::report::progress::Progress;
use crate::report::rejects::Rejects;
use crate::report::run_summary::RunSummary;
use crate::report::{duplicates, summary};
use crate::shard::Shard;
use crate::source::Cause;
use crate::tally::Tally;
use crate::text::{safe, safe_lines};

/// Said after the first Ctrl-C or SIGTERM.
const STOPPING: &str =
    "stopping: waiting for the answers under way (a second signal leaves at once)";

/// What stays the same from the beginning of a run to its conclusion.
pub(super) struct Frame<'a> {
    pub(super) manner: Manner,
    pub(super) streams: &'a Streams,
    pub(super) names: Vec<String>,
    pub(super) destination: Destination,
    pub(super) bot_id: Option<String>,
    pub(super) auth: AuthArg,
    pub(super) began: Instant,
    pub(super) filters: &'static str,
    /// The run's name.
    pub(super) run: RunName,
    pub(super) shard: Option<Shard>,
}

/// What a run leaves behind in the ledger.
pub(super) struct Recorded<'a> {
    pub(super) ledger: &'a RunLedger,
    pub(super) run_log: RunLog,
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

impl Says for Frame<'_> {
    fn say(&self, words: &str) {
        self.note(&safe_lines(words));
    }
}

impl Frame<'_> {
    pub(super) fn note(&self, words: &str) {
        if self.manner.loudness != Loudness::Quiet {
            self.streams.say(words);
        }
    }

    /// What a user should know of the files of `--suppress`; that one leaves out nobody, under `--quiet` too.
    pub(super) fn note_suppression(&self, suppression: &Suppression) {
        for line in &suppression.of_nobody {
            self.streams.say(&safe(line));
        }
        for line in &suppression.warnings {
            self.note(&safe(line));
        }
    }

    /// The ledger of a run, or how the run ends that cannot have it.
    pub(super) fn open_ledger(
        &self,
        environment: &Environment,
        owner: Option<&Owner>,
        wanted: &Wanted<'_>,
    ) -> anyhow::Result<Result<RunLedger, Exit>> {
        let state = state_directory(environment)?;
        match RunLedger::open(&state, owner, wanted) {
            Ok(ledger) => Ok(Ok(ledger)),
            Err(Obstacle::Usage(words)) => bail!("{words}"),
            Err(Obstacle::Halt(halt)) => Ok(Err(self.conclude(nothing(halt), None))),
        }
    }

    /// The mapping in use, before anything is sent.
    pub(super) fn show_plans(&self, prepared: &mut PreparedInputs) {
        if self.manner.loudness != Loudness::Quiet {
            show_plans(self.streams, prepared);
        }
    }

    pub(super) fn outputs(&self, total: Option<u64>, rejects: Option<Rejects>) -> Outputs {
        let progress = Progress::new(self.manner.progress, total, Instant::now());
        let (manner, names) = (self.manner, self.names.clone());
        let streams = Streams;
        let on_preview = move |progress: &Progress, preview: &Preview| {
            progress.beside(|| show_preview(&streams, manner, &names, preview));
        };
        let on_stopping = move |progress: &Progress| {
            if manner.loudness != Loudness::Quiet {
                progress.say(STOPPING);
            }
        };
        let (loudness, names) = (self.manner.loudness, self.names.clone());
        let on_detail = move |progress: &Progress, place: Place, words: &str| {
            if loudness == Loudness::Verbose {
                progress.say(&safe(&format!(
                    "{} row {}: {words}",
                    name_of(&names, place),
                    place.row
                )));
            }
        };
        let names = self.names.clone();
        let on_repeat = move |progress: &Progress, place: Place, other: DuplicateOf| {
            if loudness == Loudness::Verbose {
                let words = duplicates::words(&names, place, other);
                let (name, row) = (name_of(&names, place), place.row);
                progress.say(&safe(&format!("{name} row {row}: skipped: {words}")));
            }
        };
        Outputs {
            rejects,
            progress,
            on_preview: Box::new(on_preview),
            on_stopping: Box::new(on_stopping),
            on_detail: Box::new(on_detail),
            on_repeat: Box::new(on_repeat),
        }
    }

    /// An import that cannot begin: what it says and returns depends on whose fault it is.
    pub(super) fn never_began(&self, error: PrepareError) -> anyhow::Result<Exit> {
        match error.cause() {
            Cause::Usage => {
                let alone = match (&error, self.names.len()) {
                    (PrepareError::Mapping { .. }, 2..) => {
                        " (options go for all files: where their columns differ, import each by itself)"
                    }
                    _ => "",
                };
                let words = format!("error: {error}{alone}");
                self.streams.say(&safe_lines(&words));
                Ok(Exit::Usage)
            }
            Cause::Input => {
                let fault = InputFault::Unprepared(SharedError::new(error));
                Ok(self.conclude(nothing(Halt::Input(fault)), None))
            }
        }
    }

    /// Concludes a run that never was in the ledger.
    pub(super) fn conclude(&self, ending: ImportEnding, next: Option<String>) -> Exit {
        let (ended, exit) = self.ended(ending, next);
        self.show(&ended, &RunSummary::of(&ended), exit)
    }

    /// Concludes a run: the ledger first, so that whoever reads the summary can rely on it.
    pub(super) fn conclude_recorded(
        &self,
        ending: ImportEnding,
        next: Option<String>,
        recorded: &Recorded<'_>,
    ) -> Exit {
        let (mut ended, mut exit) = self.ended(ending, next);
        ended.resumes = recorded.ledger.resumes().map(ToOwned::to_owned);
        ended.run = recorded.run_log.name().unwrap_or(ended.run);
        let mut summary = RunSummary::of(&ended);
        let archived = ledger::ending(&ended, &summary);
        if let Err(error) = recorded.run_log.close(&archived) {
            exit = exit.or_output();
            ended.exit_code = exit.code();
            let is_known = |halt: &Halt| matches!(halt, Halt::Output(_));
            if !ended.halts.iter().any(is_known) {
                ended.halts.push(Halt::unwritable(error));
            }
            summary = RunSummary::of(&ended);
        }
        let exit = self.show(&ended, &summary, exit);
        recorded.ledger.tidy();
        exit
    }

    /// Turns an ending into an account and an exit code.
    fn ended(&self, ending: ImportEnding, next: Option<String>) -> (EndedRun, Exit) {
        let flaw = flaw(&ending);
        let exit = flaw.map_or_else(|| exit_of(&ending), |_| Exit::Bug);
        let ended = EndedRun {
            run: self.run.name.clone(),
            shard: self.shard,
            resumes: None,
            inputs: self.names.clone(),
            destination: self.destination.clone(),
            auth: settings::auth(self.auth),
            bot_id: self.bot_id.clone(),
            read: ending.read,
            complete: ending.complete,
            last_read: ending.last_read,
            halts: ending.halts,
            elapsed: self.began.elapsed(),
            tally: ending.tally,
            rejects: ending.rejects,
            filters: self.filters,
            next,
            exit_code: exit.code(),
        };
        if let Some(flaw) = flaw {
            self.streams.say(&format!(
                "error: {flaw}: this is a bug in bp-import, please report it"
            ));
        }
        (ended, exit)
    }

    fn show(&self, ended: &EndedRun, summary: &RunSummary, exit: Exit) -> Exit {
        self.say_what_went_wrong(ended, exit);
        match self.print_summary(ended, summary) {
            Ok(()) => exit,
            Err(error) => {
                self.streams
                    .say(&format!("error: the summary cannot be printed ({error})"));
                exit.or_output()
            }
        }
    }

    fn print_summary(&self, ended: &EndedRun, summary: &RunSummary) -> io::Result<()> {
        match (self.manner.format, self.manner.loudness) {
            (OutputArg::Json, _) => self.streams.print(&format!("{}\n", summary.to_json())),
            (OutputArg::Text, Loudness::Quiet) => Ok(()),
            (OutputArg::Text, _) => self.streams.print(&summary::text(ended)),
        }
    }

    fn say_what_went_wrong(&self, ended: &EndedRun, exit: Exit) {
        let on_one_screen = self.manner.format == OutputArg::Text && self.streams.are_one_screen();
        match (self.manner.loudness, exit) {
            (Loudness::Quiet, Exit::Done) => {
                if let Some(line) = summary::audience_line(ended) {
                    self.streams.say(&line);
                }
            }
            (Loudness::Quiet, _) => self.streams.say(&summary::one_line(ended)),
            // The summary says it too: on one screen once is enough.
            _ if on_one_screen => {}
            _ => self.say_errors(ended),
        }
    }

    fn say_errors(&self, ended: &EndedRun) {
        for words in ended.explained().filter_map(|(_, words)| words) {
            self.streams.say(&safe(&format!("error: {words}")));
        }
    }
}

/// How the inputs are read and understood, and who says no in them.
pub(super) fn show_plans(streams: &Streams, prepared: &mut PreparedInputs) {
    for (name, line) in prepared.assumed() {
        streams.say(&safe_lines(&format!("{name}: {line}")));
    }
    for name in prepared.blank() {
        let words = "there are no contacts in it";
        streams.say(&format!("warning: {}: {words}", safe(&name)));
    }
    let mut shown: Option<Vec<String>> = None;
    for (name, plan) in prepared.plans().filter(|(_, plan)| !plan.is_empty()) {
        let lines = match shown.as_deref() == Some(plan) {
            true => " the same columns".to_owned(),
            false => format!("\n  {}", plan.join("\n  ")),
        };
        streams.say(&safe_lines(&format!("{name}:{lines}")));
        shown = Some(plan.to_vec());
    }
    for (name, line) in prepared.consent() {
        streams.say(&safe(&format!("warning: {name}: {line}")));
    }
}

fn show_preview(streams: &Streams, manner: Manner, names: &[String], preview: &Preview) {
    if manner.loudness == Loudness::Quiet && manner.format == OutputArg::Text {
        return;
    }
    let text = match manner.format {
        OutputArg::Text => preview::text(names, preview),
        OutputArg::Json => {
            let line = preview::json(&name_of(names, preview.place), preview);
            line.map(|line| format!("{line}\n")).unwrap_or_default()
        }
    };
    // What cannot be printed now will be said of the summary.
    let _ = streams.print(&text);
}

fn name_of(names: &[String], place: Place) -> String {
    names.get(place.input.0).cloned().unwrap_or_default()
}

/// What no run may end with, whatever happened in it.
fn flaw(ending: &ImportEnding) -> Option<&'static str> {
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
