//! `bp-import FILE…`: from settings to an exit code.

use std::time::Instant;

use clap::CommandFactory;

use super::Typed;
use super::again::{Again, command};
use super::args::Args;
use super::environment::Environment;
use super::exit::Exit;
use super::frame::{Frame, nothing};
use super::settings::{self, Loudness, Manner};
use super::signals;
use super::streams::Streams;
use crate::event::Halt;
use crate::import::{self, Ending, Prepared};
use crate::report::account::Destination;
use crate::report::rejects::{self, Rejects};
use crate::source::Input;

pub(super) fn run(
    typed: &Typed,
    environment: &Environment,
    streams: &Streams,
) -> anyhow::Result<Exit> {
    let (args, began) = (&typed.args, Instant::now());
    let (stop, begun) = signals::listen();
    std::thread::spawn(crate::contact::phone::warm_up);

    let inputs = settings::inputs(&args.files)?;
    let options = settings::options(args);
    let place = settings::rejects(args.output.rejects.as_deref(), &inputs)?;
    let timeout = args.delivery.timeout;
    let target = settings::target(
        &args.account,
        args.output.dry_run,
        timeout,
        typed,
        environment,
    )?;
    let frame = Frame {
        manner: manner(args),
        streams,
        names: inputs.iter().map(Input::name).collect(),
        destination: target.destination,
        bot_id: target.bot_id,
        auth: args.account.auth,
        began,
        filters: filters(args),
    };
    frame.note(target.note.unwrap_or_default());

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
    let delivery = settings::delivery(
        target.client,
        args.delivery.concurrency,
        args.delivery.retry_for,
    );
    begun.begin();
    let ending = import::run(prepared, options, delivery, outputs, &stop);
    drop(target.sandbox);
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
