//! `bp-import FILE…`: settings, what is asked, the run, and what is printed of it.

use std::path::Path;

use anyhow::{Context, bail};
use clap::CommandFactory;

use super::args::{Args, OutputArg};
use super::asking::NOTHING_SENT;
use super::dialogue::{self, Talk, Topic};
use super::environment::Environment;
use super::inputs::inputs;
use super::mapping_file::{self, Guessed};
use super::printer::{Loudness, Printer};
use super::recipient::recipient;
use super::settings;
use super::signals::{self, Signals};
use super::streams::Streams;
use super::typed::Typed;
use crate::import::{self, PreparedInputs};
use crate::report::rejects::Rejects;
use crate::run::{self, Exit, ImportSource, NotStarted, Settings};
use crate::text::{safe, shell_word};

pub(super) fn run(
    typed: &Typed,
    environment: &Environment,
    streams: &Streams,
) -> anyhow::Result<Exit> {
    let signals = signals::listen();
    let args = &typed.args;
    let inputs = inputs(args)?;
    let dry_run = args.output.show.dry_run;
    let recipient = recipient(&args.account, dry_run, &typed.given, environment)?;
    let settings = settings::of_import(typed, environment, inputs, recipient)?;
    let talk = dialogue::settle(&Topic {
        typed,
        environment,
        inputs: settings.source.inputs(),
        target: &settings.recipient.target,
        streams,
    })?;
    match talk {
        Talk::Silent => carry_out(&settings, typed, Shown::Plans, streams, &signals),
        Talk::Answered(answered) => {
            let settings = with_answers(settings, &answered, environment)?;
            // The user has seen the plans; `-y` only took the guesses.
            let shown = if answered.args.output.yes {
                Shown::Plans
            } else {
                Shown::Nothing
            };
            carry_out(&settings, &answered, shown, streams, &signals)
        }
        Talk::Stopped(None) => Ok(call_off(&settings, typed, streams)),
        Talk::Stopped(Some(answered)) => {
            let settings = with_answers(settings, &answered, environment)?;
            keep_answers(&settings, &answered, streams)?;
            Ok(call_off(&settings, &answered, streams))
        }
    }
}

/// What is shown before anything is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// How the inputs are understood.
    Plans,
    /// The dialogue has shown it.
    Nothing,
}

/// The same import with the answers. The account is not asked for again: a token may come from a pipe.
fn with_answers(
    settings: Settings,
    answered: &Typed,
    environment: &Environment,
) -> anyhow::Result<Settings> {
    let Settings {
        recipient, source, ..
    } = settings;
    let inputs = source.inputs().to_vec();
    settings::of_import(answered, environment, inputs, recipient)
}

/// An import about which nothing is in doubt any more.
fn carry_out(
    settings: &Settings,
    typed: &Typed,
    shown: Shown,
    streams: &Streams,
    signals: &Signals,
) -> anyhow::Result<Exit> {
    let printer = printer(&typed.args, settings, streams);
    let tell = printer.teller();
    let mut run = match run::prepare(settings, &tell) {
        Ok(run) => run,
        Err(NotStarted::Usage(error)) => return Err((*error).into()),
        Err(NotStarted::Ended(outcome)) => return Ok(printer.conclude(*outcome)),
    };
    if shown == Shown::Plans {
        printer.plans(&mut run.inputs);
    }
    let rejects = run::plan_rejects(settings, &run.inputs)?;
    save_mapping(settings, typed, &run.inputs, rejects.as_ref(), &printer)?;
    let outputs = printer.outputs(run.total(), rejects);
    signals.begin();
    Ok(printer.conclude(run.run(outputs, &signals.stop)))
}

/// Nothing is sent, but answers are kept where that was asked for.
fn keep_answers(settings: &Settings, typed: &Typed, streams: &Streams) -> anyhow::Result<()> {
    let ImportSource::Files { inputs, reading } = &settings.source else {
        return Ok(());
    };
    let prepared = import::prepare(inputs, reading, &settings.options)?;
    let rejects = run::plan_rejects(settings, &prepared)?;
    let printer = printer(&typed.args, settings, streams);
    save_mapping(settings, typed, &prepared, rejects.as_ref(), &printer)
}

/// Reports that nothing was sent: to a script as a summary line.
fn call_off(settings: &Settings, typed: &Typed, streams: &Streams) -> Exit {
    let printer = printer(&typed.args, settings, streams);
    match printer.format {
        OutputArg::Json => printer.conclude(run::called_off(settings)),
        OutputArg::Text => {
            streams.say(NOTHING_SENT);
            Exit::Interrupted
        }
    }
}

/// Writes the mapping in force, where that was asked for; of several inputs, that of the first.
fn save_mapping(
    settings: &Settings,
    typed: &Typed,
    prepared: &PreparedInputs,
    rejects: Option<&Rejects>,
    printer: &Printer,
) -> anyhow::Result<()> {
    let Some(file) = &typed.args.mapping.save_mapping else {
        return Ok(());
    };
    run::check_saved_mapping(settings, rejects, file)?;
    refuse_anything_else(file)?;
    let guessed = Guessed {
        rules: prepared.pins().iter().map(ToString::to_string).collect(),
        reading: prepared.guesses(),
    };
    let text = mapping_file::in_force(&Args::command(), &typed.given, &guessed);
    std::fs::write(file, text)
        .with_context(|| format!("{}: the mapping cannot be saved", file.display()))?;
    let name = shell_word(&file.display().to_string());
    printer.note(&safe(&format!(
        "the mapping is saved: --mapping {name} uses it"
    )));
    Ok(())
}

fn refuse_anything_else(file: &Path) -> anyhow::Result<()> {
    if file.is_file() && !mapping_file::is_one(file) {
        bail!(
            "{}: there is such a file, and it is no mapping: name another with --save-mapping",
            file.display()
        );
    }
    Ok(())
}

fn printer(args: &Args, settings: &Settings, streams: &Streams) -> Printer {
    let loudness = match (args.output.show.quiet, args.output.verbose) {
        (true, _) => Loudness::Quiet,
        (false, true) => Loudness::Verbose,
        (false, false) => Loudness::Normal,
    };
    Printer::new(
        &args.output.show,
        loudness,
        settings.source.names(),
        *streams,
    )
}
