//! Options on who is sent: what is left out by default, and phones that are never sent.

use std::fmt;
use std::path::PathBuf;

use clap::ValueEnum;

use crate::import::Include;

/// Who is sent.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Who is sent")]
pub(crate) struct AudienceArgs {
    /// Send these too: contacts that opted out, or rows that the sheet hides; repeatable
    #[arg(long, value_name = "WHAT")]
    pub(crate) include: Vec<IncludeArg>,
    /// What is never sent.
    #[command(flatten)]
    pub(crate) suppress: SuppressArgs,
}

/// Phones that are never sent.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Who is sent")]
pub(crate) struct SuppressArgs {
    /// Never send the phones in this file (a list, or any file that can be imported); repeatable
    #[arg(long, value_name = "FILE")]
    pub(crate) suppress: Vec<PathBuf>,
}

/// `--include`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum IncludeArg {
    /// Contacts that said no, or gave no answer
    OptedOut,
    /// Only contacts that were asked whether they agree, and gave no answer
    Unanswered,
    /// Rows that the sheet hides, by hand or by a filter
    Hidden,
}

impl AudienceArgs {
    /// What of it is sent.
    pub(crate) fn included(&self) -> Include {
        let has = |wanted| self.include.contains(&wanted);
        Include {
            opted_out: has(IncludeArg::OptedOut),
            unanswered: has(IncludeArg::OptedOut) || has(IncludeArg::Unanswered),
            hidden: has(IncludeArg::Hidden),
        }
    }
}

/// As it is typed.
impl fmt::Display for IncludeArg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
}
