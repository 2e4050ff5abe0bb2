//! `bp-import FILE…`: from settings to an exit code.

use std::time::Instant;

use clap::CommandFactory;

use super::Typed;
use super::again::{Again, command};
use super::args::Args;
use super::clock::run_name;
use super::environment::Environment;
use super::exit::Exit;
use super::frame::{Frame, Recorded, nothing};
use super::ledger::{Purpose, RunLedger, Scope, Takeover, Unfinished, Wanted};
use super::settings::{self, Loudness, Manner};
use super::signals;
use super::state::state_directory;
use super::streams::Streams;
use crate::deliver::pacer::Pace;
use crate::event::Halt;
use crate::import::{self, Ending, Journal, Prepared};
use crate::ledger::InputsId;
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

    let stdin = args.input.input_name.as_deref();
    let inputs = settings::inputs(&args.files, stdin)?;
    let mut options = settings::options(args);
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
        run: run_name(),
        shard: args.scope.shard,
    };
    let state = state_directory(environment)?;
    let wanted = wanted(args, settings::inputs_id(&inputs, stdin), &frame);
    let mut ledger = match RunLedger::open(&state, target.owner.as_ref(), &wanted) {
        Ok(ledger) => ledger,
        Err(halt) => return Ok(frame.conclude(nothing(halt), None)),
    };
    options.salt = ledger.salt();
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
    let book = match ledger.begin(&frame.run, &frame.names) {
        Ok(book) => book,
        Err(halt) => return Ok(frame.conclude(nothing(halt), None)),
    };
    begun.begin();
    let journal = Journal {
        earlier: std::mem::take(&mut ledger.earlier),
        book: book.clone(),
    };
    let ending = import::run(prepared, options, delivery, journal, outputs, &stop);
    drop(target.sandbox);
    let next = next_step(typed, &ending, &frame, &ledger);
    let recorded = Recorded {
        ledger: &ledger,
        book,
    };
    Ok(frame.conclude_recorded(ending, next, &recorded))
}

fn wanted<'a>(args: &Args, inputs_id: Option<InputsId>, frame: &'a Frame<'_>) -> Wanted<'a> {
    Wanted {
        purpose: Purpose::of(&args.output.show),
        inputs_id,
        shard: args.scope.shard,
        unfinished: if args.scope.restart {
            Unfinished::Forget
        } else {
            Unfinished::GoOn
        },
        scope: if args.scope.changed {
            Scope::Changed
        } else {
            Scope::All
        },
        takeover: Takeover::of(&args.account),
        wait: args.scope.wait,
        say: frame,
    }
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
    let rejects = Rejects::plan(shapes, place, args.scope.shard);
    settings::spare_inputs(&rejects, inputs, args.account.token_file.as_deref())?;
    Ok(Some(rejects))
}

/// One command that goes on from here.
fn next_step(
    typed: &Typed,
    ending: &Ending,
    frame: &Frame<'_>,
    ledger: &RunLedger,
) -> Option<String> {
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
        (false, 0) if ledger.can_be_resumed() => Some(format!(
            "what was not accepted goes with the same command: {}",
            run(Again::Same, &same)
        )),
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
        Halt::Locked(_)
        | Halt::Unreachable(_)
        | Halt::Interrupted
        | Halt::Terminated
        | Halt::Output(_) => "run the same command again",
    }
}
