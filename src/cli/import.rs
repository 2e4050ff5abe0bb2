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
use crate::deliver::pacer::Pace;
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
    let timeout = args.delivery.patience.timeout;
    let target = settings::target(
        &args.account,
        args.output.show.dry_run,
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
    let rejects = rejects_of(args, &place, &inputs, &prepared)?;
    if let Some(Err(error)) = rejects.as_ref().map(Rejects::prove) {
        return Ok(frame.conclude(nothing(Halt::Output(error.to_string())), None));
    }
    // With a limit nobody knows how much of the input it takes.
    let total = prepared.total().filter(|_| options.limit.is_none());
    let outputs = frame.outputs(total, rejects);
    let delivery = settings::delivery(
        target.client,
        Pace {
            concurrency: args.delivery.concurrency,
            rate: args.delivery.rate,
        },
        args.delivery.patience.retry_for,
    );
    begun.begin();
    let ending = import::run(prepared, options, delivery, outputs, &stop);
    drop(target.sandbox);
    let next = next_step(typed, &ending, &frame);
    Ok(frame.conclude(ending, next))
}

fn manner(args: &Args) -> Manner {
    let loudness = match (args.output.show.quiet, args.output.verbose) {
        (true, _) => Loudness::Quiet,
        (false, true) => Loudness::Verbose,
        (false, false) => Loudness::Normal,
    };
    settings::manner(&args.output.show, loudness)
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
    if args.output.show.dry_run && args.output.rejects.is_none() {
        return Ok(None);
    }
    let shapes = inputs
        .iter()
        .map(Input::stem)
        .zip(prepared.shapes().cloned())
        .collect();
    let rejects = Rejects::plan(shapes, place);
    settings::spare_inputs(&rejects, inputs, args.account.token_file.as_deref())?;
    Ok(Some(rejects))
}

/// One command that goes on from here.
fn next_step(typed: &Typed, ending: &Ending, frame: &Frame<'_>) -> Option<String> {
    let definition = Args::command();
    let run = |again: Again, inputs: &[String]| {
        let unset = again.unset(&typed.from_environment);
        format!(
            "{unset}{}",
            command(again, &definition, &typed.matches, inputs)
        )
    };
    let same: Vec<String> = typed
        .args
        .files
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let rejects: Vec<String> = ending
        .rejects
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    if matches!(frame.destination, Destination::Nowhere { .. }) {
        let something = ending.tally.would_send > 0;
        return something.then(|| format!("send them: {}", run(Again::ForReal, &same)));
    }
    if let Some(halt) = ending.halts.first() {
        let again = if *halt == Halt::Limit {
            Again::Unlimited
        } else {
            Again::Same
        };
        return Some(format!("{}: {}", lead(halt), run(again, &same)));
    }
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

/// What is to be done before the same command can go better.
fn lead(halt: &Halt) -> &'static str {
    match halt {
        Halt::Limit => "go on without the limit",
        Halt::Denied(_) => "with a token that is taken, run the same command again",
        Halt::WrongAddress(_) => "with the right --base-url, run the same command again",
        Halt::AllRefused(_) => "once the platform takes contacts, run the same command again",
        Halt::MaxErrors(_) => {
            "mend the input or allow more errors, then run the same command again"
        }
        Halt::Input(_) => "mend the input, then run the same command again",
        Halt::Unreachable(_) | Halt::Interrupted | Halt::Terminated | Halt::Output(_) => {
            "run the same command again"
        }
    }
}
