//! Options on phones: where they are from, and what becomes of doubtful ones.

use clap::ValueEnum;

use crate::contact::phone::Home;

/// Country and doubts.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Phones")]
pub(crate) struct CountryArgs {
    /// The country of numbers without +: IN, India, or intl where they start with their calling code
    #[arg(long, value_name = "REGION", value_parser = Home::parse)]
    pub(crate) country: Option<Home>,
    /// What to do with a phone that its numbering plan does not know: reject or send
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "reject",
        hide_short_help = true
    )]
    pub(crate) on_doubtful_phone: OnDoubtfulPhoneArg,
}

/// `--on-doubtful-phone`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnDoubtfulPhoneArg {
    /// The row is invalid
    Reject,
    /// It goes, with a warning
    Send,
}
