//! Options of the commands that import no files.

use std::path::PathBuf;

use super::{AccountArgs, CountryArgs, OutputArg, PatienceArgs, ShowArgs, SuppressArgs};
use crate::contact::Attribute;
use crate::mapping;
use crate::sandbox::Faults;
use crate::wire::EmptyLists;

/// One contact from flags.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct AddArgs {
    /// The phone: +91 98765 43210, or a local number with --country
    #[arg(long, value_name = "P", allow_hyphen_values = true)]
    pub(crate) phone: String,
    /// The name
    #[arg(long, value_name = "N")]
    pub(crate) name: Option<String>,
    /// The e-mail address
    #[arg(long, value_name = "E")]
    pub(crate) email: Option<String>,
    /// A tag; repeatable
    #[arg(long, value_name = "T")]
    pub(crate) tag: Vec<String>,
    /// An attribute; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = mapping::attribute)]
    pub(crate) attr: Vec<Attribute>,
    /// How lists without an element are sent
    #[arg(
        long,
        value_name = "HOW",
        default_value = "send",
        hide_short_help = true
    )]
    pub(crate) empty_lists: EmptyLists,
    /// Country and doubts.
    #[command(flatten)]
    pub(crate) country: CountryArgs,
    /// What is never sent.
    #[command(flatten)]
    pub(crate) suppress: SuppressArgs,
    /// How long anything is waited for.
    #[command(flatten)]
    pub(crate) patience: PatienceArgs,
    /// What is shown.
    #[command(flatten)]
    pub(crate) show: ShowArgs,
    /// Where it goes.
    #[command(flatten)]
    pub(crate) account: AccountArgs,
}

/// A loopback API to try things on.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct SandboxArgs {
    /// The port; 0 takes any that is free
    #[arg(long, value_name = "N", default_value_t = 8080)]
    pub(crate) port: u16,
    /// Faults to play, such as 503:0.1,reject:+911234…
    #[arg(long, value_name = "SPEC")]
    pub(crate) faults: Option<Faults>,
    /// Write what is received to this file, one JSON object a line
    #[arg(long, value_name = "FILE")]
    pub(crate) store: Option<PathBuf>,
}

/// Past runs.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct HistoryArgs {
    /// The run to show: its name, or last [default: a line for each]
    #[arg(value_name = "RUN")]
    pub(crate) run: Option<String>,
    /// As text, or as a JSON line for each run
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) output: OutputArg,
    /// The same as --output json
    #[arg(long, overrides_with = "output")]
    pub(crate) json: bool,
}
