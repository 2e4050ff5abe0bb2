//! `bp-import FILE…`: from settings to an exit code.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};
use clap::CommandFactory;

use super::Typed;
use super::args::{Args, OutputArg};
use super::clock::RunName;
use super::dialogue::{self, NOTHING_SENT, Talk, Topic};
use super::environment::Environment;
use super::exit::Exit;
use super::frame::{Frame, Recorded, nothing};
use super::ledger::{Purpose, Scope, Takeover, Unfinished, Wanted};
use super::mapping_file::{self, Guessed};
use super::next::next_step;
use super::settings::{self, Loudness, Manner, Spared, Target};
use super::signals::{self, Begun};
use super::streams::Streams;
use crate::api::client::Client;
use crate::deliver::pacer::Pace;
use crate::deliver::stop::Stop;
use crate::event::Halt;
use crate::import::{self, Delivery, LedgerAccess, PreparedInputs};
use crate::ledger::InputsId;
use crate::report::rejects::{self, Rejects};
use crate::source::Input;
use crate::text::{safe, shell_word};

pub(super) fn run(
    typed: &Typed,
    environment: &Environment,
    streams: &Streams,
) -> anyhow::Result<Exit> {
    let args = &typed.args;
    let (stop, begun) = signals::listen();
    std::thread::spawn(crate::contact::phone::warm_up);

    let inputs = settings::inputs(&args.files, args.input.input_name.as_deref())?;
    let place = settings::rejects(args.output.rejects.as_deref(), &inputs)?;
    let target = settings::target(
        &args.account,
        args.output.show.dry_run,
        args.delivery.patience.timeout,
        typed,
        environment,
    )?;
    let talk = dialogue::settle(&Topic {
        typed,
        environment,
        inputs: &inputs,
        destination: &target.destination,
        streams,
    })?;
    let errand = Errand {
        typed: match &talk {
            Talk::Answered(answered) | Talk::Stopped(Some(answered)) => answered,
            Talk::Silent | Talk::Stopped(None) => typed,
        },
        environment,
        streams,
        inputs,
        place,
    };
    match talk {
        Talk::Stopped(_) => errand.call_off(&target, &talk),
        Talk::Silent | Talk::Answered(_) => errand.run(target, &talk, &stop, &begun),
    }
}

/// An import about which nothing is in doubt any more.
struct Errand<'a> {
    typed: &'a Typed,
    environment: &'a Environment,
    streams: &'a Streams,
    inputs: Vec<Input>,
    place: rejects::Place,
}

impl Errand<'_> {
    fn run(self, target: Target, talk: &Talk, stop: &Stop, begun: &Begun) -> anyhow::Result<Exit> {
        let (typed, args) = (self.typed, &self.typed.args);
        let frame = self.frame(&target);
        let mut options = settings::options(args);
        let suppression = settings::suppression(&args.audience.suppress, &args.country)?;
        options.suppressed = Arc::clone(&suppression.phones);
        let stdin = args.input.input_name.as_deref();
        let wanted = wanted(args, settings::inputs_id(&self.inputs, stdin), &frame);
        let owner = target.owner.as_ref();
        let mut ledger = match frame.open_ledger(self.environment, owner, &wanted)? {
            Ok(ledger) => ledger,
            Err(exit) => return Ok(exit),
        };
        options.salt = ledger.salt();
        frame.note(target.note.unwrap_or_default());
        frame.note_suppression(&suppression);

        let reading = settings::reading(args);
        let mut prepared = match import::prepare(&self.inputs, &reading, &options) {
            Ok(prepared) => prepared,
            Err(error) => return frame.never_began(error),
        };
        if !matches!(talk, Talk::Answered(_)) || args.output.yes {
            frame.show_plans(&mut prepared);
        }
        let rejects = self.rejects(&prepared)?;
        self.save_mapping(&prepared, rejects.as_ref(), &frame)?;
        if let Some(Err(error)) = rejects.as_ref().map(Rejects::prove) {
            return Ok(frame.conclude(nothing(Halt::unwritable(error)), None));
        }
        // With a limit nobody knows how much of the input it takes.
        let total = prepared.total().filter(|_| options.limit.is_none());
        let outputs = frame.outputs(total, rejects);
        let delivery = delivery(args, target.client);
        let run_log = match ledger.begin(&frame.run, &frame.names) {
            Ok(run_log) => run_log,
            Err(halt) => return Ok(frame.conclude(nothing(halt), None)),
        };
        begun.begin();
        let ledger_access = LedgerAccess {
            previously_sent: std::mem::take(&mut ledger.previously_sent),
            run_log: run_log.clone(),
        };
        let ending = import::run(prepared, &options, delivery, ledger_access, outputs, stop);
        drop(target.sandbox);
        if let Some(words) = ledger.shrinkage(&ending, &frame.names) {
            self.streams.say(&safe(&words));
        }
        let next = next_step(typed, &ending, &frame, &ledger);
        let recorded = Recorded {
            ledger: &ledger,
            run_log,
        };
        Ok(frame.conclude_recorded(ending, next, &recorded))
    }

    /// Nothing is sent, but answers are kept where that was asked for; a script is told so in its own words.
    fn call_off(&self, target: &Target, talk: &Talk) -> anyhow::Result<Exit> {
        let frame = self.frame(target);
        if matches!(talk, Talk::Stopped(Some(_))) {
            let args = &self.typed.args;
            let (reading, options) = (settings::reading(args), settings::options(args));
            let prepared = import::prepare(&self.inputs, &reading, &options)?;
            let rejects = self.rejects(&prepared)?;
            self.save_mapping(&prepared, rejects.as_ref(), &frame)?;
        }
        Ok(match frame.manner.format {
            OutputArg::Json => frame.conclude(nothing(Halt::Interrupted), None),
            OutputArg::Text => {
                self.streams.say(NOTHING_SENT);
                Exit::Interrupted
            }
        })
    }

    /// Writes the mapping in force; of several inputs, that of the first.
    fn save_mapping(
        &self,
        prepared: &PreparedInputs,
        rejects: Option<&Rejects>,
        frame: &Frame<'_>,
    ) -> anyhow::Result<()> {
        let Some(file) = &self.typed.args.mapping.save_mapping else {
            return Ok(());
        };
        let rejects = rejects.into_iter().flat_map(Rejects::replaced);
        rejects
            .fold(self.spared(), |spared, path| {
                spared.and("the file that --rejects names", Some(path))
            })
            .check("--save-mapping", file)?;
        if file.is_file() && !mapping_file::is_one(file) {
            bail!(
                "{}: there is such a file, and it is no mapping: name another with --save-mapping",
                file.display()
            );
        }
        let guessed = Guessed {
            rules: prepared.pins().iter().map(ToString::to_string).collect(),
            reading: prepared.guesses(),
        };
        let text = mapping_file::in_force(&Args::command(), &self.typed.given, &guessed);
        std::fs::write(file, text)
            .with_context(|| format!("{}: the mapping cannot be saved", file.display()))?;
        let name = shell_word(&file.display().to_string());
        frame.note(&safe(&format!(
            "the mapping is saved: --mapping {name} uses it"
        )));
        Ok(())
    }

    /// A dry run writes rejects only where `--rejects` asks for them.
    fn rejects(&self, prepared: &PreparedInputs) -> anyhow::Result<Option<Rejects>> {
        let args = &self.typed.args;
        if args.output.show.dry_run && args.output.rejects.is_none() {
            return Ok(None);
        }
        let stems = self.inputs.iter().map(Input::stem);
        let shapes = stems.zip(prepared.shapes().cloned()).collect();
        let rejects = Rejects::plan(shapes, &self.place, args.scope.shard);
        let mapping = &args.mapping;
        let spared = self
            .spared()
            .and("the mapping's file", mapping.mapping.as_deref())
            .and(
                "the file of --save-mapping",
                mapping.save_mapping.as_deref(),
            );
        settings::check_rejects(&rejects, &spared)?;
        Ok(Some(rejects))
    }

    fn spared(&self) -> Spared<'_> {
        let args = &self.typed.args;
        let lists = args.audience.suppress.suppress.iter();
        lists.fold(
            Spared::new(args, &self.inputs, self.environment),
            |spared, list| spared.and("a list of --suppress", Some(list)),
        )
    }

    fn frame(&self, target: &Target) -> Frame<'_> {
        let args = &self.typed.args;
        Frame {
            manner: manner(args),
            streams: self.streams,
            names: self.inputs.iter().map(Input::name).collect(),
            destination: target.destination.clone(),
            bot_id: target.bot_id.clone(),
            auth: args.account.auth,
            began: Instant::now(),
            filters: filters(args),
            run: RunName::now(),
            shard: args.scope.shard,
        }
    }
}

fn delivery(args: &Args, client: Option<Box<Client>>) -> Delivery {
    let pace = Pace {
        concurrency: args.delivery.concurrency,
        rate: args.delivery.rate,
    };
    settings::delivery(client, pace, args.delivery.patience.retry_for)
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
