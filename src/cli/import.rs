//! `bp-import FILE…`: from settings to an exit code, with everything a user is told on the way.

use std::time::Instant;

use clap::CommandFactory;

use super::Typed;
use super::again::{Again, command};
use super::args::{Args, AuthArg, OutputArg};
use super::environment::Environment;
use super::exit::Exit;
use super::settings::{self, Loudness, Manner, Target};
use super::signals::{self, Begun};
use super::streams::Streams;
use super::words::explained;
use crate::deliver::stop::Stop;
use crate::event::Halt;
use crate::import::{self, Ending, Outputs, PrepareError, Prepared, Preview};
use crate::record::Place;
use crate::report::account::{Account, Destination};
use crate::report::progress::Progress;
use crate::report::rejects::{self, Rejects};
use crate::report::screen::{safe, safe_lines};
use crate::report::{json, summary};
use crate::source::{Cause, Input};
use crate::tally::Tally;

/// What stays the same from the beginning of a run to its account.
pub(super) struct Frame<'a> {
    pub(super) manner: Manner,
    pub(super) streams: &'a Streams,
    pub(super) names: Vec<String>,
    pub(super) destination: Destination,
    pub(super) bot_id: Option<String>,
    pub(super) auth: AuthArg,
    pub(super) began: Instant,
    pub(super) filters: &'static str,
}

pub(super) fn run(
    typed: &Typed,
    environment: &Environment,
    streams: &Streams,
) -> anyhow::Result<Exit> {
    let args = &typed.args;
    let began = Instant::now();
    let stop = Stop::default();
    let begun = Begun::default();
    signals::listen(&stop, &begun);
    std::thread::spawn(crate::contact::phone::warm_up);

    let inputs = settings::inputs(&args.files)?;
    let options = settings::options(args);
    let place = settings::rejects(args.output.rejects.as_deref(), &inputs)?;
    let Target {
        destination,
        bot_id,
        client,
        note,
        sandbox,
    } = settings::target(
        &args.account,
        args.output.dry_run,
        args.delivery.timeout,
        typed,
        environment,
    )?;
    let names = inputs.iter().map(Input::name).collect();
    let (manner, filters) = (manner(args), filters(args));
    let frame = Frame {
        manner,
        streams,
        names,
        destination,
        bot_id,
        auth: args.account.auth,
        began,
        filters,
    };
    frame.note(note.unwrap_or_default());

    let mut prepared = match import::prepare(&inputs, args.input.input_format, &options) {
        Ok(prepared) => prepared,
        Err(error) => return frame.never_began(&error),
    };
    frame.show_plans(&mut prepared);
    let rejects = match rejects_of(args, &place, &inputs, &prepared) {
        Ok(rejects) => rejects,
        Err(error) => return Ok(frame.conclude(nothing(Halt::Output(error.to_string())), None)),
    };
    let outputs = frame.outputs(&prepared, rejects);
    let delivery = settings::delivery(client, args.delivery.concurrency, args.delivery.retry_for);
    begun.begin();
    let ending = import::run(prepared, options, delivery, outputs, &stop);
    drop(sandbox);
    let next = next_step(typed, &ending, &frame);
    Ok(frame.conclude(ending, next))
}

fn manner(args: &Args) -> Manner {
    let output = &args.output;
    let loudness = match (output.quiet, output.verbose) {
        (true, _) => Loudness::Quiet,
        (false, true) => Loudness::Verbose,
        (false, false) => Loudness::Normal,
    };
    settings::manner(output.output, output.json, output.progress, loudness)
}

fn filters(args: &Args) -> &'static str {
    match (args.input.only.is_empty(), args.input.except.is_empty()) {
        (true, _) => "--except",
        (false, true) => "--only",
        (false, false) => "--only and --except",
    }
}

/// A dry run writes rejects only where it is told to.
fn rejects_of(
    args: &Args,
    place: &rejects::Place,
    inputs: &[Input],
    prepared: &Prepared,
) -> anyhow::Result<Option<Rejects>> {
    if args.output.dry_run && args.output.rejects.is_none() {
        return Ok(None);
    }
    let shapes = inputs
        .iter()
        .map(Input::stem)
        .zip(prepared.shapes().cloned())
        .collect();
    Ok(Some(Rejects::prepare(shapes, place)?))
}

/// The ending of a run that took nothing.
fn nothing(halt: Halt) -> Ending {
    Ending {
        read: 0,
        complete: false,
        last_read: None,
        halts: vec![halt],
        tally: Tally::default(),
        rejects: Vec::new(),
    }
}

impl Frame<'_> {
    fn note(&self, words: &str) {
        if self.manner.loudness != Loudness::Quiet {
            self.streams.say(words);
        }
    }

    /// The mapping in use, before anything is sent.
    fn show_plans(&self, prepared: &mut Prepared) {
        for name in prepared.blank() {
            self.note(&format!(
                "warning: {}: there are no contacts in it",
                safe(&name)
            ));
        }
        let mut shown: Option<Vec<String>> = None;
        for (name, plan) in prepared.plans().filter(|(_, plan)| !plan.is_empty()) {
            let same = shown.as_deref() == Some(plan);
            let lines = if same {
                "the same columns".to_owned()
            } else {
                plan.join("\n  ")
            };
            self.note(&safe_lines(&format!(
                "{name}:{}{lines}",
                if same { " " } else { "\n  " }
            )));
            shown = Some(plan.to_vec());
        }
    }

    pub(super) fn outputs(&self, prepared: &Prepared, rejects: Option<Rejects>) -> Outputs {
        let progress = Progress::new(self.manner.progress, prepared.total(), Instant::now());
        let (manner, names) = (self.manner, self.names.clone());
        let streams = Streams;
        let on_preview = move |preview: &Preview| show_preview(&streams, manner, &names, preview);
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
        Outputs {
            rejects,
            progress,
            on_preview: Box::new(on_preview),
            on_detail: Box::new(on_detail),
        }
    }

    /// An import that cannot begin: what it says and returns depends on whose fault it is.
    pub(super) fn never_began(&self, error: &PrepareError) -> anyhow::Result<Exit> {
        match error.cause() {
            Cause::Usage => {
                self.streams.say(&safe_lines(&format!("error: {error}")));
                Ok(Exit::Usage)
            }
            Cause::Input => Ok(self.conclude(nothing(Halt::Input(error.to_string())), None)),
        }
    }

    /// Turns an ending into an account, shows it, and gives the exit code.
    pub(super) fn conclude(&self, ending: Ending, next: Option<String>) -> Exit {
        let adds_up = ending.read == ending.tally.settled();
        let exit = if adds_up { exit_of(&ending) } else { Exit::Bug };
        let halts = ending
            .halts
            .into_iter()
            .map(|halt| explained(halt, &self.destination, self.auth))
            .collect();
        let account = Account {
            run: run_name(),
            inputs: self.names.clone(),
            destination: self.destination.clone(),
            bot_id: self.bot_id.clone(),
            read: ending.read,
            complete: ending.complete,
            last_read: ending.last_read,
            halts,
            elapsed: self.began.elapsed(),
            tally: ending.tally,
            rejects: ending.rejects,
            filters: self.filters,
            next,
            exit_code: exit.code(),
        };
        if !adds_up {
            self.streams.say(
                "error: the counts do not add up: this is a bug in bp-import; please report it",
            );
        }
        self.show(&account, exit);
        exit
    }

    fn show(&self, account: &Account, exit: Exit) {
        if self.manner.format == OutputArg::Json {
            match json::summary(account) {
                Ok(line) => self.streams.print(&format!("{line}\n")),
                Err(error) => self
                    .streams
                    .say(&format!("error: the summary cannot be written: {error}")),
            }
        }
        match (self.manner.loudness, self.manner.format, exit) {
            (Loudness::Quiet, _, Exit::Done) => {}
            (Loudness::Quiet, _, _) => self.streams.say(&summary::one_line(account)),
            (_, OutputArg::Json, _) => self.say_errors(account),
            (_, OutputArg::Text, _) => {
                // The summary says it too: on one screen once is enough.
                if !self.streams.are_one_screen() {
                    self.say_errors(account);
                }
                self.streams.print(&summary::text(account));
            }
        }
    }

    fn say_errors(&self, account: &Account) {
        for words in account.halts.iter().filter_map(Halt::words) {
            self.streams.say(&safe(&format!("error: {words}")));
        }
    }
}

fn show_preview(streams: &Streams, manner: Manner, names: &[String], preview: &Preview) {
    if manner.loudness == Loudness::Quiet && manner.format == OutputArg::Text {
        return;
    }
    let (name, row) = (name_of(names, preview.place), preview.place.row);
    match manner.format {
        OutputArg::Text => streams.print(&format!(
            "{} row {row}: {}\n",
            safe(&name),
            safe(&preview.json)
        )),
        OutputArg::Json => {
            if let Ok(line) = json::preview(&name, row, &preview.json) {
                streams.print(&format!("{line}\n"));
            }
        }
    }
}

fn name_of(names: &[String], place: Place) -> String {
    names.get(place.input.0).cloned().unwrap_or_default()
}

/// The first fault in time decides; without one, the tally does.
fn exit_of(ending: &Ending) -> Exit {
    let fault = ending.halts.iter().find_map(Exit::of);
    let tally = if ending.tally.has_failures() {
        Exit::SomeFailed
    } else {
        Exit::Done
    };
    fault.unwrap_or(tally)
}

/// When the run ended, and four letters that tell two of one second apart.
fn run_name() -> String {
    let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H-%M-%SZ");
    format!("{now}-{:04x}", fastrand::u16(..))
}

/// One command that goes on from here.
fn next_step(typed: &Typed, ending: &Ending, frame: &Frame<'_>) -> Option<String> {
    let definition = Args::command();
    let run = |again, inputs: &[String]| command(again, &definition, &typed.matches, inputs);
    let same: Vec<String> = typed
        .args
        .files
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    if ending.halts.contains(&Halt::Limit) && !ending.tally.has_failures() {
        return Some(format!(
            "go on without the limit: {}",
            run(Again::Unlimited, &same)
        ));
    }
    if !ending.halts.is_empty() {
        return Some(format!(
            "run the same command again: {}",
            run(Again::Same, &same)
        ));
    }
    if matches!(frame.destination, Destination::Nowhere { .. }) {
        return Some(format!("send them: {}", run(Again::ForReal, &same)));
    }
    let rejects: Vec<String> = ending
        .rejects
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let given_back = || run(Again::Rejects, &rejects);
    match (
        rejects.is_empty(),
        ending.tally.invalid + ending.tally.refused,
    ) {
        (true, _) => None,
        (false, 0) => Some(format!("run: {}", given_back())),
        (false, _) => Some(format!(
            "mend {}, then run: {}",
            rejects.join(" and "),
            given_back()
        )),
    }
}
