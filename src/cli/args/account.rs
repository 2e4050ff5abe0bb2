//! Options on where contacts go, and with which token.

use std::path::PathBuf;

use crate::secret::Auth;

/// Where contacts go.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Account")]
pub(crate) struct AccountArgs {
    /// Import into an API inside this process: nothing leaves this machine
    #[arg(long)]
    pub(crate) sandbox: bool,
    /// The file that holds the access token, where BP_IMPORT_TOKEN does not
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// The API's host, or the whole …/inbox/users/import
    // Not parsed by clap: its message would repeat the value, and with it a password in the URL.
    #[arg(
        long,
        value_name = "URL",
        default_value = "https://api.v7.botpenguin.com",
        hide_short_help = true
    )]
    pub(crate) base_url: String,
    /// The bot the contacts belong to, where the account has several
    #[arg(long, value_name = "ID", hide_short_help = true)]
    pub(crate) bot_id: Option<String>,
    /// A name for the account in this machine's ledger, whatever the token
    #[arg(long, value_name = "NAME", value_parser = super::values::name, hide_short_help = true)]
    pub(crate) account: Option<String>,
    /// Go on with the ledger of the token that was used before: it is the same account. Where there are several, WHICH
    /// names it as history shows it
    #[arg(
        long,
        value_name = "WHICH",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        hide_short_help = true
    )]
    pub(crate) same_account: Option<String>,
    /// What the token is: a platform access token (key), or one copied from the browser (session)
    #[arg(
        long,
        value_name = "KIND",
        default_value = "key",
        hide_short_help = true
    )]
    pub(crate) auth: Auth,
}
