//! `bp-import add`: one contact from flags, by the same way as all others.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::bail;

use super::Typed;
use super::args::AddArgs;
use super::clock::RunName;
use super::environment::Environment;
use super::exit::Exit;
use super::frame::{Frame, Recorded, nothing};
use super::ledger::{Purpose, Scope, Takeover, Unfinished, Wanted};
use super::settings::{self, Loudness};
use super::signals;
use super::streams::Streams;
use crate::batch::Limits;
use crate::deliver::pacer::Pace;
use crate::import::{
    self, ImportOptions, Include, LedgerAccess, OnDuplicate, PreviouslySent, Suppression,
};
use crate::mapping::{self, AllAttributes, Filter, OnBadEmail};

/// What messages call the input.
const FLAGS: &str = "the flags";

pub(super) fn run(
    add: &AddArgs,
    typed: &Typed,
    environment: &Environment,
    streams: &Streams,
) -> anyhow::Result<Exit> {
    let began = Instant::now();
    let (stop, begun) = signals::listen();
    let suppression = settings::suppression(&add.suppress, &add.country)?;
    let mut options = options(add, &suppression)?;
    let prepared = import::prepare_one(&record(add), &options)?;
    if let Err(reason) = prepared.check(&options) {
        bail!("{}", reason.full);
    }
    let target = settings::target(
        &add.account,
        add.show.dry_run,
        add.patience.timeout,
        typed,
        environment,
    )?;
    let loudness = if add.show.quiet {
        Loudness::Quiet
    } else {
        Loudness::Normal
    };
    let manner = settings::manner(&add.show, loudness);
    let names = vec![FLAGS.to_owned()];
    let frame = Frame {
        manner,
        streams,
        names,
        destination: target.destination,
        bot_id: target.bot_id,
        auth: add.account.auth,
        began,
        filters: "--except",
        run: RunName::now(),
        shard: None,
    };
    let wanted = wanted(add, &frame);
    let ledger = match frame.open_ledger(environment, target.owner.as_ref(), &wanted)? {
        Ok(ledger) => ledger,
        Err(exit) => return Ok(exit),
    };
    options.salt = ledger.salt();
    frame.note_suppression(&suppression);
    let outputs = frame.outputs(None, None);
    let delivery = settings::delivery(
        target.client,
        Pace::fixed(NonZeroUsize::MIN),
        add.patience.retry_for,
    );
    let run_log = match ledger.begin_addition() {
        Ok(run_log) => run_log,
        Err(halt) => return Ok(frame.conclude(nothing(halt), None)),
    };
    begun.begin();
    let ledger_access = LedgerAccess {
        previously_sent: PreviouslySent::default(),
        run_log: run_log.clone(),
    };
    let ending = import::run(prepared, &options, delivery, ledger_access, outputs, &stop);
    drop(target.sandbox);
    let recorded = Recorded {
        ledger: &ledger,
        run_log,
    };
    Ok(frame.conclude_recorded(ending, None, &recorded))
}

/// One contact has no past of its own: nothing is left out, nothing is gone on with, and nobody is waited for.
fn wanted<'a>(add: &AddArgs, frame: &'a Frame<'_>) -> Wanted<'a> {
    Wanted {
        purpose: Purpose::of(&add.show),
        inputs_id: None,
        shard: None,
        unfinished: Unfinished::Forget,
        scope: Scope::All,
        takeover: Takeover::of(&add.account),
        wait: Duration::ZERO,
        say: frame,
    }
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

fn options(add: &AddArgs, suppression: &Suppression) -> anyhow::Result<ImportOptions> {
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
            home: settings::home(&add.country),
            tags: settings::tags(&add.tag),
            attributes: add.attr.clone(),
            tag_separator: None,
            all_attributes: AllAttributes::No,
            on_bad_email: OnBadEmail::Reject,
            on_doubtful_phone: settings::on_doubtful_phone(add.country.on_doubtful_phone),
        },
        filter: Filter::default(),
        include: Include::default(),
        suppressed: Arc::clone(&suppression.phones),
        empty_lists: settings::empty_lists(add.empty_lists),
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
