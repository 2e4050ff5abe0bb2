//! Options on how text inputs are written.

use crate::source::{Delimiter, Encoding, Escape};

/// How text is written.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Input")]
pub(crate) struct TextArgs {
    /// The encoding of the text, such as windows-1252 [default: by content]
    #[arg(long, value_name = "LABEL", hide_short_help = true)]
    pub(crate) encoding: Option<Encoding>,
    /// What stands between columns: a character, tab, comma, semicolon or pipe [default: by content]
    #[arg(long, value_name = "C", hide_short_help = true)]
    pub(crate) delimiter: Option<Delimiter>,
    /// What escapes a quote inside quotes where it is not doubled: a character such as '\', or none [default: by content]
    #[arg(long, value_name = "C", hide_short_help = true)]
    pub(crate) escape: Option<Escape>,
    /// The first row is a contact: columns go by their numbers, as in --map phone=2
    #[arg(long, hide_short_help = true)]
    pub(crate) no_header: bool,
}
