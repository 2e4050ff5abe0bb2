//! All that decides a run, resolved: nothing here depends on how it was given.

use std::path::PathBuf;
use std::time::Duration;

use super::given::Given;
use crate::api::credentials::Credentials;
use crate::deliver::pacer::Pace;
use crate::import::ImportOptions;
use crate::ledger::{InputsId, LedgerOwner};
use crate::report::destination::Destination;
use crate::report::rejects::RejectsPlace;
use crate::shard::Shard;
use crate::source::{Format, Input, ReadOptions};

/// What messages call the input of a single contact.
const FLAGS: &str = "the flags";

/// A run as it is wanted.
pub(crate) struct Settings {
    pub(crate) source: ImportSource,
    /// What becomes of the records, but for the phones that are never sent.
    pub(crate) options: ImportOptions,
    /// The lists of phones that are never sent.
    pub(crate) suppress: Vec<Input>,
    pub(crate) recipient: Recipient,
    pub(crate) delivery: DeliverySettings,
    pub(crate) past: Past,
    /// Where rejects go; a dry run may have none.
    pub(crate) rejects: Option<RejectsPlace>,
    /// The files that no output may replace.
    pub(crate) protected: Protected,
    pub(crate) typed: TypedCommand,
}

/// What is imported.
pub(crate) enum ImportSource {
    /// Files, or stdin.
    Files {
        inputs: Vec<Input>,
        reading: ReadOptions,
    },
    /// One contact: flags and their values.
    Contact(Vec<(String, String)>),
}

impl ImportSource {
    /// The inputs, as a user knows them, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        match self {
            ImportSource::Files { inputs, .. } => inputs.iter().map(Input::name).collect(),
            ImportSource::Contact(_) => vec![FLAGS.to_owned()],
        }
    }

    /// The inputs that are read; none for a single contact.
    pub(crate) fn inputs(&self) -> &[Input] {
        match self {
            ImportSource::Files { inputs, .. } => inputs,
            ImportSource::Contact(_) => &[],
        }
    }
}

/// Who gets the contacts.
pub(crate) struct Recipient {
    pub(crate) target: Target,
    /// The bot that was named.
    pub(crate) bot_id: Option<String>,
    /// The account that owns the ledger; `None` if no ledger is kept or the account is unknown.
    pub(crate) account: Option<LedgerOwner>,
}

/// Where contacts go.
pub(crate) enum Target {
    /// Nowhere: a dry run of what would go to this address.
    Nowhere { base_url: String },
    /// An API inside this process, with a token of its own making: no account, no environment.
    Sandbox,
    /// The platform.
    Platform {
        credentials: Credentials,
        /// Where the token came from, for messages.
        token_from: String,
    },
}

impl Target {
    /// Where it is, as far as that is known before there is a connection.
    pub(crate) fn unconnected(&self) -> Destination {
        match self {
            Target::Nowhere { base_url } => Destination::Nowhere {
                base_url: base_url.clone(),
            },
            Target::Sandbox => Destination::Sandbox {
                base_url: String::new(),
            },
            Target::Platform {
                credentials,
                token_from,
            } => Destination::Platform {
                base_url: credentials.base.as_str().to_owned(),
                host: credentials.base.host(),
                token_from: token_from.clone(),
            },
        }
    }
}

/// How contacts are delivered.
pub(crate) struct DeliverySettings {
    /// Requests at once, and a second.
    pub(crate) pace: Pace,
    /// The most one request may take.
    pub(crate) timeout: Duration,
    /// How long a batch is retried.
    pub(crate) retry_for: Duration,
}

/// What a run has to do with earlier ones.
pub(crate) struct Past {
    /// Where runs are recorded.
    pub(crate) state: PathBuf,
    pub(crate) purpose: Purpose,
    /// The identity of the inputs; without one the run cannot be resumed.
    pub(crate) inputs_id: Option<InputsId>,
    pub(crate) shard: Option<Shard>,
    pub(crate) unfinished: Unfinished,
    pub(crate) scope: Scope,
    pub(crate) takeover: Takeover,
    /// How long another run of the same import is waited for.
    pub(crate) wait: Duration,
}

/// What a run may do to the ledger.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Lock it, and write it.
    Send,
    /// Read it.
    #[default]
    Rehearse,
}

/// What becomes of a run that did not finish.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unfinished {
    Resume,
    /// `--restart`.
    Forget,
}

/// Which contacts are sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    All,
    /// `--changed`.
    Changed,
}

/// Whether another token's ledger becomes this one's.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Takeover {
    No,
    /// `--same-account`: the one that is obviously meant.
    Obvious,
    /// `--same-account=LABEL`
    Of(String),
}

/// The command line as it was given: the next command is made of it.
#[derive(Default)]
pub(crate) struct TypedCommand {
    pub(crate) files: Vec<PathBuf>,
    pub(crate) given: Given,
    /// The format that was given for the inputs.
    pub(crate) format: Option<Format>,
}

/// The files that no output may replace, under any name.
#[derive(Default)]
pub(crate) struct Protected {
    /// Files, and what a user calls them.
    pub(crate) files: Vec<(String, PathBuf)>,
    /// The mapping that is read and the one that is saved, which may be one file: rejects must replace neither.
    pub(crate) mappings: Vec<(String, PathBuf)>,
    /// Where runs are recorded.
    pub(crate) state: Option<PathBuf>,
}
