//! `bp-import add`: one contact from flags, by the same way as all others.

use std::num::NonZeroUsize;
use std::time::Instant;

use anyhow::bail;

use super::Typed;
use super::args::AddArgs;
use super::environment::Environment;
use super::exit::Exit;
use super::frame::Frame;
use super::settings::{self, Loudness, Target};
use super::signals;
use super::streams::Streams;
use crate::batch::Limits;
use crate::deliver::pacer::Pace;
use crate::import::{self, Options};
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
    let options = options(add)?;
    let prepared = import::prepare_one(&record(add), &options)?;
    if let Err(reason) = prepared.check(&options) {
        bail!("{}", reason.full);
    }
    let Target {
        destination,
        bot_id,
        client,
        note: _,
        sandbox,
    } = settings::target(
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
        destination,
        bot_id,
        auth: add.account.auth,
        began,
        filters: "--except",
    };
    let outputs = frame.outputs(None, None);
    let delivery = settings::delivery(
        client,
        Pace::fixed(NonZeroUsize::MIN),
        add.patience.retry_for,
    );
    begun.begin();
    let ending = import::run(prepared, options, delivery, outputs, &stop);
    drop(sandbox);
    Ok(frame.conclude(ending, None))
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

fn options(add: &AddArgs) -> anyhow::Result<Options> {
    let given = [
        ("phone", true),
        ("name", add.name.is_some()),
        ("email", add.email.is_some()),
    ];
    let rules = given
        .into_iter()
        .filter(|(_, given)| *given)
        .map(|(field, _)| format!("{field}=--{field}").parse());
    Ok(Options {
        mapping: mapping::Options {
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
        empty_lists: settings::empty_lists(add.empty_lists),
        limits: Limits {
            items: NonZeroUsize::MIN,
            bytes: usize::MAX,
        },
        limit: None,
        max_errors: None,
    })
}
