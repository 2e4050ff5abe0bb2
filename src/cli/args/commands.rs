//! Options of the commands that import no files.

use std::path::PathBuf;

use super::{
    AccountArgs, CountryArgs, EmptyListsArg, OutputArg, PatienceArgs, ShowArgs, SuppressArgs,
};
use crate::contact::Attribute;
use crate::mapping;
use crate::sandbox::Faults;

/// One contact from flags.
#[derive(Debug, clap::Args)]
pub struct AddArgs {
    /// The phone: +91 98765 43210, or a local number with --country
    #[arg(long, value_name = "P", allow_hyphen_values = true)]
    pub phone: String,
    /// The name
    #[arg(long, value_name = "N")]
    pub name: Option<String>,
    /// The e-mail address
    #[arg(long, value_name = "E")]
    pub email: Option<String>,
    /// A tag; repeatable
    #[arg(long, value_name = "T")]
    pub tag: Vec<String>,
    /// An attribute; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = mapping::attribute)]
    pub attr: Vec<Attribute>,
    /// How lists without an element are sent
    #[arg(
        long,
        value_name = "HOW",
        default_value = "send",
        hide_short_help = true
    )]
    pub empty_lists: EmptyListsArg,
    /// Country and doubts.
    #[command(flatten)]
    pub country: CountryArgs,
    /// What is never sent.
    #[command(flatten)]
    pub suppress: SuppressArgs,
    /// How long anything is waited for.
    #[command(flatten)]
    pub patience: PatienceArgs,
    /// What is shown.
    #[command(flatten)]
    pub show: ShowArgs,
    /// Where it goes.
    #[command(flatten)]
    pub account: AccountArgs,
}

/// A loopback API to try things on.
#[derive(Debug, clap::Args)]
pub struct SandboxArgs {
    /// The port; 0 takes any that is free
    #[arg(long, value_name = "N", default_value_t = 8080)]
    pub port: u16,
    /// Faults to play, such as 503:0.1,reject:+911234…
    #[arg(long, value_name = "SPEC")]
    pub faults: Option<Faults>,
    /// Write what is received to this file, one JSON object a line
    #[arg(long, value_name = "FILE")]
    pub store: Option<PathBuf>,
}

/// Past runs.
#[derive(Debug, clap::Args)]
pub struct HistoryArgs {
    /// The run to show: its name, or last [default: a line for each]
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// As text, or as a JSON line for each run
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub output: OutputArg,
    /// The same as --output json
    #[arg(long, overrides_with = "output")]
    pub json: bool,
}
