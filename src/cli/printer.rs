//! Everything a run prints: notices before it, progress and previews meanwhile, summary and errors at its end.
//!
//! Owns how much is printed (quiet, normal, verbose) and in which form (text, JSON lines). Strangers' text is made safe
//! for a terminal here, on its way out.

use std::io::{self, IsTerminal};
use std::time::Instant;

use super::args::{OutputArg, ProgressArg, ShowArgs};
use super::streams::Streams;
use crate::event::DuplicateOf;
use crate::import::{Outputs, PreparedInputs};
use crate::record::Place;
use crate::report::ended_run::EndedRun;
use crate::report::preview::{self, Preview};
use crate::report::progress::{Progress, ProgressMode};
use crate::report::rejects::Rejects;
use crate::report::run_summary::RunSummary;
use crate::report::{duplicates, summary};
use crate::run::{Exit, Notice, RunOutcome};
use crate::text::{safe, safe_lines};

/// Said after the first Ctrl-C or SIGTERM.
const STOPPING: &str =
    "stopping: waiting for the answers under way (a second signal leaves at once)";

/// How much is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loudness {
    /// Nothing when all is well.
    Quiet,
    /// What everybody should know.
    Normal,
    /// Every row that has a problem.
    Verbose,
}

/// Prints what a run tells.
pub(super) struct Printer {
    streams: Streams,
    pub(super) format: OutputArg,
    progress: ProgressMode,
    loudness: Loudness,
    /// The inputs, as a user knows them.
    names: Vec<String>,
}

impl Printer {
    pub(super) fn new(
        show: &ShowArgs,
        loudness: Loudness,
        names: Vec<String>,
        streams: Streams,
    ) -> Printer {
        Printer {
            streams,
            format: if show.json {
                OutputArg::Json
            } else {
                show.output
            },
            progress: mode(show.progress, loudness),
            loudness,
            names,
        }
    }

    /// Takes what a run tells before it begins.
    pub(super) fn teller(&self) -> impl Fn(&Notice) {
        |notice| {
            if notice.is_urgent() || self.loudness != Loudness::Quiet {
                self.streams.say(&safe_lines(&notice.to_string()));
            }
        }
    }

    pub(super) fn note(&self, words: &str) {
        if self.loudness != Loudness::Quiet {
            self.streams.say(words);
        }
    }

    /// How the inputs are understood, before anything is sent.
    pub(super) fn plans(&self, prepared: &mut PreparedInputs) {
        if self.loudness != Loudness::Quiet {
            show_plans(&self.streams, prepared);
        }
    }

    /// What is written and shown while the import goes on.
    pub(super) fn outputs(&self, total: Option<u64>, rejects: Option<Rejects>) -> Outputs {
        let progress = Progress::new(self.progress, total, Instant::now());
        let (streams, format, loudness) = (self.streams, self.format, self.loudness);
        let names = self.names.clone();
        let on_preview = move |progress: &Progress, preview: &Preview| {
            if loudness != Loudness::Quiet || format == OutputArg::Json {
                progress.beside(|| show_preview(&streams, format, &names, preview));
            }
        };
        let on_stopping = move |progress: &Progress| {
            if loudness != Loudness::Quiet {
                progress.say(STOPPING);
            }
        };
        let names = self.names.clone();
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

    /// Prints the outcome of a run, and gives the exit code: another one where the summary cannot be printed.
    pub(super) fn conclude(&self, outcome: RunOutcome) -> Exit {
        if let Some(invariant) = outcome.broken_invariant {
            self.streams.say(&format!(
                "error: {invariant}: this is a bug in bp-import, please report it"
            ));
        }
        let exit = self.show(&outcome.ended, &outcome.summary, outcome.exit);
        outcome.tidy();
        exit
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
        match (self.format, self.loudness) {
            (OutputArg::Json, _) => self.streams.print(&format!("{}\n", summary.to_json())),
            (OutputArg::Text, Loudness::Quiet) => Ok(()),
            (OutputArg::Text, _) => self.streams.print(&summary::text(ended)),
        }
    }

    fn say_what_went_wrong(&self, ended: &EndedRun, exit: Exit) {
        let on_one_screen = self.format == OutputArg::Text && self.streams.are_one_screen();
        match (self.loudness, exit) {
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

/// How progress is shown on this stderr.
fn mode(progress: ProgressArg, loudness: Loudness) -> ProgressMode {
    match progress {
        _ if loudness == Loudness::Quiet => ProgressMode::None,
        ProgressArg::Bar => ProgressMode::Bar,
        ProgressArg::Plain => ProgressMode::Plain,
        ProgressArg::None => ProgressMode::None,
        ProgressArg::Auto if io::stderr().is_terminal() => ProgressMode::Bar,
        ProgressArg::Auto => ProgressMode::Plain,
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

fn show_preview(streams: &Streams, format: OutputArg, names: &[String], preview: &Preview) {
    let text = match format {
        OutputArg::Text => preview::text(names, preview),
        OutputArg::Json => {
            let line = preview::json(&name_of(names, preview.place), preview);
            line.map(|line| format!("{line}\n")).unwrap_or_default()
        }
    };
    // A failure to print is reported when the summary is printed: it fails, too.
    let _ = streams.print(&text);
}

fn name_of(names: &[String], place: Place) -> String {
    names.get(place.input.0).cloned().unwrap_or_default()
}
