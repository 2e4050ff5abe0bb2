//! `bp-import add`: one contact from flags, by the same way as all others.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use super::args::AddArgs;
use super::environment::Environment;
use super::printer::{Loudness, Printer};
use super::recipient::recipient;
use super::settings::{lists, purpose, tags, takeover};
use super::signals;
use super::state::state_directory;
use super::streams::Streams;
use super::typed::Typed;
use crate::batch::Limits;
use crate::deliver::pacer::Pace;
use crate::import::{ImportOptions, Include, OnDuplicate};
use crate::mapping::{self, AllAttributes, Filter, OnBadEmail, RuleError};
use crate::run::{
    self, DeliverySettings, Exit, ImportSource, NotStarted, Past, Protected, Scope, Settings,
    Unfinished,
};

pub(super) fn run(
    add: &AddArgs,
    typed: &Typed,
    environment: &Environment,
    streams: &Streams,
) -> anyhow::Result<Exit> {
    let signals = signals::listen();
    let settings = settings(add, typed, environment)?;
    let loudness = if add.show.quiet {
        Loudness::Quiet
    } else {
        Loudness::Normal
    };
    let printer = Printer::new(&add.show, loudness, settings.source.names(), *streams);
    let tell = printer.teller();
    let run = match run::prepare(&settings, &tell) {
        Ok(run) => run,
        Err(NotStarted::Usage(error)) => return Err((*error).into()),
        Err(NotStarted::Ended(outcome)) => return Ok(printer.conclude(*outcome)),
    };
    signals.begin();
    let outputs = printer.outputs(run.total(), None);
    Ok(printer.conclude(run.run(outputs, &signals.stop)))
}

fn settings(add: &AddArgs, typed: &Typed, environment: &Environment) -> anyhow::Result<Settings> {
    let options = options(add)?;
    let source = ImportSource::Contact(record(add));
    // A bad phone is reported before a missing token: the first can be corrected at once.
    run::check_contact(&source, &options)?;
    let dry_run = add.show.dry_run;
    Ok(Settings {
        recipient: recipient(&add.account, dry_run, &typed.given, environment)?,
        source,
        options,
        suppress: lists(&add.suppress),
        delivery: DeliverySettings {
            pace: Pace::fixed(NonZeroUsize::MIN),
            timeout: add.patience.timeout,
            retry_for: add.patience.retry_for,
        },
        // A single contact is not a run: nothing is skipped or resumed, and no lock is waited for.
        past: Past {
            state: state_directory(environment)?,
            purpose: purpose(&add.show),
            inputs_id: None,
            shard: None,
            unfinished: Unfinished::Forget,
            scope: Scope::All,
            takeover: takeover(&add.account),
            wait: Duration::ZERO,
        },
        rejects: None,
        protected: Protected::default(),
        typed: run::TypedCommand::default(),
    })
}

/// The flags as a record, so that a reason names the flag it is about.
fn record(add: &AddArgs) -> Vec<(String, String)> {
    let flags = [
        ("--phone", Some(&add.phone)),
        ("--name", add.name.as_ref()),
        ("--email", add.email.as_ref()),
    ];
    flags
        .into_iter()
        .filter_map(|(flag, value)| Some((flag.to_owned(), value?.clone())))
        .collect()
}

fn options(add: &AddArgs) -> Result<ImportOptions, RuleError> {
    let given = [
        ("phone", true),
        ("name", add.name.is_some()),
        ("email", add.email.is_some()),
    ];
    let rules = given
        .into_iter()
        .filter(|(_, given)| *given)
        .map(|(field, _)| format!("{field}=--{field}").parse());
    Ok(ImportOptions {
        mapping: mapping::Options {
            not_phones: mapping::NotPhones::default(),
            rules: rules.collect::<Result<_, _>>()?,
            home: add.country.country.unwrap_or_default(),
            tags: tags(&add.tag),
            attributes: add.attr.clone(),
            tag_separator: None,
            all_attributes: AllAttributes::No,
            on_bad_email: OnBadEmail::Reject,
            on_doubtful_phone: add.country.on_doubtful_phone,
        },
        filter: Filter::default(),
        include: Include::default(),
        suppressed: Arc::default(),
        empty_lists: add.empty_lists,
        on_duplicate: OnDuplicate::First,
        limits: Limits {
            items: NonZeroUsize::MIN,
            bytes: usize::MAX,
        },
        limit: None,
        max_errors: None,
        shard: None,
        salt: None,
    })
}
