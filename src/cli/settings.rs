//! What was typed, resolved: arguments and environment in, the settings of a run out.

use std::path::PathBuf;
use std::sync::Arc;

use super::args::{AccountArgs, Args, ShowArgs, SuppressArgs};
use super::environment::Environment;
use super::inputs::{inputs_id, reading, rejects};
use super::state::state_directory;
use super::typed::Typed;
use crate::batch::Limits;
use crate::deliver::pacer::Pace;
use crate::import::{self, ImportOptions, Suppression};
use crate::mapping::{self, AllAttributes, Filter};
use crate::run::{
    self, DeliverySettings, ImportSource, Past, Protected, Purpose, Recipient, Scope, Settings,
    Takeover, Unfinished,
};
use crate::source::Input;
use crate::text::without_controls;

/// An import into this account.
///
/// # Errors
/// Where no state can be kept, or rejects cannot go where they are wanted.
pub(super) fn of_import(
    typed: &Typed,
    environment: &Environment,
    inputs: Vec<Input>,
    recipient: Recipient,
) -> anyhow::Result<Settings> {
    let args = &typed.args;
    let stdin = args.input.input_name.as_deref();
    let state = state_directory(environment)?;
    Ok(Settings {
        options: options(args),
        suppress: lists(&args.audience.suppress),
        recipient,
        delivery: DeliverySettings {
            pace: Pace {
                concurrency: args.delivery.concurrency,
                rate: args.delivery.rate,
            },
            timeout: args.delivery.patience.timeout,
            retry_for: args.delivery.patience.retry_for,
        },
        past: Past {
            state: state.clone(),
            purpose: purpose(&args.output.show),
            inputs_id: inputs_id(&inputs, stdin),
            shard: args.scope.shard,
            unfinished: if args.scope.restart {
                Unfinished::Forget
            } else {
                Unfinished::Resume
            },
            scope: if args.scope.changed {
                Scope::Changed
            } else {
                Scope::All
            },
            takeover: takeover(&args.account),
            wait: args.scope.wait,
        },
        rejects: rejects(args, &inputs)?,
        protected: protected(args, state),
        typed: run::TypedCommand {
            files: args.files.clone(),
            given: typed.given.clone(),
            format: args.input.input_format,
        },
        source: ImportSource::Files {
            inputs,
            reading: reading(args),
        },
    })
}

/// What the import does with its records, but for the phones that are never sent: see [`suppression`].
pub(super) fn options(args: &Args) -> ImportOptions {
    ImportOptions {
        mapping: mapping::Options {
            not_phones: mapping::NotPhones::default(),
            rules: args.mapping.map.clone(),
            home: args.country.country.unwrap_or_default(),
            tags: tags(&args.mapping.tag),
            attributes: args.mapping.attr.clone(),
            tag_separator: args.mapping.tag_separator.clone(),
            all_attributes: if args.mapping.all_attributes {
                AllAttributes::Yes
            } else {
                AllAttributes::No
            },
            on_bad_email: args.mapping.on_bad_email,
            on_doubtful_phone: args.country.on_doubtful_phone,
        },
        filter: Filter {
            only: args.input.only.clone(),
            except: args.input.except.clone(),
        },
        include: args.audience.included(),
        suppressed: Arc::default(),
        empty_lists: args.mapping.empty_lists,
        on_duplicate: args.scope.on_duplicate,
        limits: Limits {
            items: args.delivery.batch_size,
            bytes: args.delivery.batch_bytes,
        },
        limit: args.input.limit.map(std::num::NonZeroU64::get),
        max_errors: args.delivery.max_errors,
        shard: args.scope.shard,
        salt: None,
    }
}

/// The phones that are never sent.
///
/// # Errors
/// One of the files, or a row of it, cannot be read.
pub(super) fn suppression(args: &Args) -> Result<Suppression, import::SuppressionError> {
    let home = args.country.country.unwrap_or_default();
    import::suppression(&lists(&args.audience.suppress), home)
}

/// The lists of phones that are never sent.
pub(super) fn lists(suppress: &SuppressArgs) -> Vec<Input> {
    suppress.suppress.iter().map(Input::file).collect()
}

/// Tags as those of a cell are read: trimmed, none blank.
pub(super) fn tags(typed: &[String]) -> Vec<String> {
    typed
        .iter()
        .map(|tag| without_controls(tag).trim().to_owned())
        .filter(|tag| !tag.is_empty())
        .collect()
}

/// What the run may do to the ledger.
pub(super) fn purpose(show: &ShowArgs) -> Purpose {
    if show.dry_run {
        Purpose::Rehearse
    } else {
        Purpose::Send
    }
}

/// What `--same-account` says.
pub(super) fn takeover(account: &AccountArgs) -> Takeover {
    match account.same_account.as_deref().map(str::trim) {
        None => Takeover::No,
        Some("") => Takeover::Obvious,
        Some(label) => Takeover::Of(label.to_owned()),
    }
}

fn protected(args: &Args, state: PathBuf) -> Protected {
    let named = |what: &str, file: Option<&PathBuf>| Some((what.to_owned(), file?.clone()));
    let token = named("the token's file", args.account.token_file.as_ref());
    let lists = args.audience.suppress.suppress.iter();
    let lists = lists.filter_map(|list| named("a list of --suppress", Some(list)));
    let mapping = &args.mapping;
    let mappings = [
        named("the mapping's file", mapping.mapping.as_ref()),
        named("the file of --save-mapping", mapping.save_mapping.as_ref()),
    ];
    Protected {
        files: token.into_iter().chain(lists).collect(),
        mappings: mappings.into_iter().flatten().collect(),
        state: Some(state),
    }
}
