//! Options on phones: where they are from, and what becomes of doubtful ones.

use crate::contact::phone::Home;
use crate::mapping::OnDoubtfulPhone;

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
    pub(crate) on_doubtful_phone: OnDoubtfulPhone,
}
