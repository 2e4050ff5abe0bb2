//! Options on what is shown and written.

use std::path::PathBuf;

use clap::ValueEnum;

/// What is shown.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct ShowArgs {
    /// Send nothing: show what would be sent, and what is wrong
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
    /// The summary as text or as JSON lines
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        hide_short_help = true
    )]
    pub(crate) output: OutputArg,
    /// The same as --output json
    #[arg(long, overrides_with = "output")]
    pub(crate) json: bool,
    /// How progress is shown
    #[arg(
        long,
        value_name = "HOW",
        default_value = "auto",
        hide_short_help = true
    )]
    pub(crate) progress: ProgressArg,
    /// Print nothing when all is well and nobody opted out, and one line otherwise
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// What is shown and written.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// What is shown.
    #[command(flatten)]
    pub(crate) show: ShowArgs,
    /// Where rows go that did not arrive [default: STEM.rejected.csv here]
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
    /// Take every guess instead of asking
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Never ask, not even on a terminal: what is in doubt is an error, or told (so when CI is set)
    #[arg(long, hide_short_help = true)]
    pub(crate) no_input: bool,
    /// Name every row that is not fine, and why
    #[arg(short, long, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
}

/// `--output`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputArg {
    /// For people
    Text,
    /// For scripts
    Json,
}

/// `--progress`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressArg {
    /// A bar on a terminal, lines off it
    Auto,
    /// A bar
    Bar,
    /// A line every 30 s
    Plain,
    /// Nothing
    None,
}
