//! What can be typed. The names are a promise to scripts; what they mean is `settings`'.

use std::path::PathBuf;

use clap::builder::styling::Styles;
use clap::{Parser, Subcommand};
use clap_complete::Shell;

use crate::sandbox::FAULTS_HELP;

mod account;
mod audience;
mod choices;
mod commands;
mod delivery;
mod input;
mod mapping;
mod output;
mod phones;
mod text;
mod values;

pub(crate) use account::AccountArgs;
pub(crate) use audience::{AudienceArgs, IncludeArg, SuppressArgs};
pub(crate) use commands::{AddArgs, HistoryArgs, SandboxArgs};
pub(crate) use delivery::{DeliveryArgs, PatienceArgs, ScopeArgs};
pub(crate) use input::InputArgs;
pub(crate) use mapping::MappingArgs;
pub(crate) use output::{OutputArg, OutputArgs, ProgressArg, ShowArgs};
pub(crate) use phones::CountryArgs;
pub(crate) use text::TextArgs;

const ABOUT: &str = "Imports WhatsApp contacts into BotPenguin, and accounts for every row.";

const AFTER_HELP: &str = "\
Try it first: bp-import --sandbox contacts.csv (nothing leaves this machine), then
bp-import --dry-run contacts.csv. The token comes from BP_IMPORT_TOKEN or --token-file.
--help shows all options and exit codes.";

const AFTER_LONG_HELP: &str = "\
FIELD is name, phone, prefix, country, email, tags or attr.KEY. TEMPLATE is a column's name (upper
or lower case), its number from 1, or a dotted path in JSON; or text with {Column} in it; or =TEXT,
the same text for everyone. Given twice, the first usable value wins. FIELD= leaves the field out.
Fields not named are still recognised.

REGION is a country: IN, in or India. It says what a number without + or 00 is: local to that
country; with intl, it starts with its calling code. Without it such a number is invalid.

DURATION is 300ms, 2s, 5m or 1h30m. SIZE is in bytes, or 90kB (1,000 each), or 90KiB (1,024).

Every option can come from the environment: --batch-size is BP_IMPORT_BATCH_SIZE; options that can
be repeated take one a line; switches take yes or no. What is typed goes first. The token is
BP_IMPORT_TOKEN. BP_IMPORT_STATE_DIR names another directory for what is known of past runs.

Exit codes:
  0    everything that was read is accepted, or was left out on purpose
  1    a bug, or something unforeseen
  2    the command line or the mapping is wrong; nothing was sent
  3    finished, but some contacts are invalid, refused, unsent or unknown
  4    the input cannot be read, or broke off
  5    the API does not take the credentials
  6    stopped before the end: unreachable, wrong address, everything refused, --max-errors, or
       another run of the same import is at work
  7    the ledger or the rejects file cannot be written
  130  interrupted; 143 terminated: after putting everything in order";

/// What was typed.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "bp-import",
    // Not as it was started: on Windows that is `bp-import.exe`.
    bin_name = "bp-import",
    version,
    about = ABOUT,
    after_help = AFTER_HELP,
    after_long_help = AFTER_LONG_HELP,
    styles = Styles::plain(),
    max_term_width = 100,
    args_conflicts_with_subcommands = true,
)]
pub(crate) struct Args {
    /// Another thing to do than import files.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// CSV, TSV, Excel, OpenDocument, vCard, JSON or NDJSON files, also .gz and .zst; - or none reads stdin. Several are one import
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// Where contacts come from.
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Columns to fields.
    #[command(flatten)]
    pub(crate) mapping: MappingArgs,
    /// Country and doubts.
    #[command(flatten)]
    pub(crate) country: CountryArgs,
    /// How they are sent.
    #[command(flatten)]
    pub(crate) delivery: DeliveryArgs,
    /// Who is sent.
    #[command(flatten)]
    pub(crate) audience: AudienceArgs,
    /// What of it is sent.
    #[command(flatten)]
    pub(crate) scope: ScopeArgs,
    /// What is shown and written.
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    /// Where they go.
    #[command(flatten)]
    pub(crate) account: AccountArgs,
}

/// What to do instead of importing files.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    /// Import one contact from flags
    Add(Box<AddArgs>),
    /// Run a loopback API that behaves as documented, to try things on
    #[command(after_long_help = FAULTS_HELP, after_help = "--help shows the language of --faults.")]
    Sandbox(SandboxArgs),
    /// Show past runs, or one run's outcome
    History(HistoryArgs),
    /// Print the completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Args;
    use crate::hint;

    #[test]
    fn every_option_that_a_message_names_exists() {
        let command = Args::command();
        for option in hint::ALL {
            let is_it = |arg: &clap::Arg| arg.get_long() == Some(hint::long(option));
            assert!(command.get_arguments().any(is_it), "{option}");
        }
    }

    #[test]
    fn every_command_is_known_as_one() {
        let mut command = Args::command();
        command.build();
        let mut commands: Vec<&str> = command.get_subcommands().map(|it| it.get_name()).collect();
        commands.sort_unstable();
        assert_eq!(commands, hint::COMMANDS);
    }
}
