//! What can be typed. The names are a promise to scripts; what they mean is `settings`'.

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::styling::Styles;
use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::contact::Attribute;
use crate::contact::phone::Home;
use crate::deliver::pacer::{Concurrency, Rate};
use crate::import::MaxErrors;
use crate::mapping::{self, Condition, Rule};
use crate::sandbox::{FAULTS_HELP, Faults};
use crate::shard::Shard;
use crate::source::Format;
use crate::units;

mod text;

pub use text::TextArgs;

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
#[derive(Debug, Parser)]
#[command(
    name = "bp-import",
    version,
    about = ABOUT,
    after_help = AFTER_HELP,
    after_long_help = AFTER_LONG_HELP,
    styles = Styles::plain(),
    max_term_width = 100,
    args_conflicts_with_subcommands = true,
)]
pub struct Args {
    /// Another thing to do than import files.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// CSV, TSV, Excel, OpenDocument, vCard, JSON or NDJSON files, also .gz and .zst; - or none reads stdin. Several are one import
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Where contacts come from.
    #[command(flatten)]
    pub input: InputArgs,
    /// Columns to fields.
    #[command(flatten)]
    pub mapping: MappingArgs,
    /// Country and doubts.
    #[command(flatten)]
    pub country: CountryArgs,
    /// How they are sent.
    #[command(flatten)]
    pub delivery: DeliveryArgs,
    /// What of it is sent.
    #[command(flatten)]
    pub scope: ScopeArgs,
    /// What is shown and written.
    #[command(flatten)]
    pub output: OutputArgs,
    /// Where they go.
    #[command(flatten)]
    pub account: AccountArgs,
}

/// What to do instead of importing files.
#[derive(Debug, Subcommand)]
pub enum Command {
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

/// Where contacts come from.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Input")]
pub struct InputArgs {
    /// What the input is: csv, tsv, json, ndjson, xlsx (any workbook) or vcard [default: by content and name]
    #[arg(long, value_name = "FORMAT", hide_short_help = true)]
    pub input_format: Option<Format>,
    /// A name for stdin, by which the same command goes on with an unfinished run
    #[arg(long, value_name = "NAME", value_parser = name, hide_short_help = true)]
    pub input_name: Option<String>,
    /// How text is written.
    #[command(flatten)]
    pub text: TextArgs,
    /// The sheet of a workbook [default: the first that has a header]
    #[arg(long, value_name = "NAME|N", hide_short_help = true)]
    pub sheet: Option<String>,
    /// Send the first N contacts for real, then stop in order
    #[arg(long, value_name = "N", value_parser = count::<NonZeroU64>)]
    pub limit: Option<NonZeroU64>,
    /// Take only rows with this value in this column; repeatable
    #[arg(long, value_name = "HEADER=VALUE", hide_short_help = true)]
    pub only: Vec<Condition>,
    /// Leave out rows with this value in this column; repeatable
    #[arg(long, value_name = "HEADER=VALUE", hide_short_help = true)]
    pub except: Vec<Condition>,
}

/// Columns to fields.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Mapping")]
pub struct MappingArgs {
    /// Fill a field from a column: --map name="{First} {Last}"; repeatable
    #[arg(long, value_name = "FIELD=TEMPLATE")]
    pub map: Vec<Rule>,
    /// Add a tag to every contact; repeatable
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    /// Set an attribute on every contact; repeatable
    #[arg(long, value_name = "KEY=VALUE", value_parser = mapping::attribute, hide_short_help = true)]
    pub attr: Vec<Attribute>,
    /// What separates the tags in a cell [default: any of , ; |]
    #[arg(long, value_name = "S", hide_short_help = true)]
    pub tag_separator: Option<String>,
    /// Make an attribute of every column that is used for nothing else
    #[arg(long, hide_short_help = true)]
    pub all_attributes: bool,
    /// How lists without an element are sent
    #[arg(
        long,
        value_name = "HOW",
        default_value = "send",
        hide_short_help = true
    )]
    pub empty_lists: EmptyListsArg,
    /// What to do with a row whose e-mail is none: reject it, or drop the e-mail
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "reject",
        hide_short_help = true
    )]
    pub on_bad_email: OnBadEmailArg,
}

/// Country and doubts.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Phones")]
pub struct CountryArgs {
    /// The country of numbers without +: IN, India, or intl where they start with their calling code
    #[arg(long, value_name = "REGION", value_parser = Home::parse)]
    pub country: Option<Home>,
    /// What to do with a phone that its numbering plan does not know: reject or send
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "reject",
        hide_short_help = true
    )]
    pub on_doubtful_phone: OnDoubtfulPhoneArg,
}

/// How contacts are sent.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Delivery")]
pub struct DeliveryArgs {
    /// The most contacts in a request
    #[arg(long, value_name = "N", default_value = "100", value_parser = batch_size, hide_short_help = true)]
    pub batch_size: NonZeroUsize,
    /// The most bytes in a request
    #[arg(long, value_name = "SIZE", default_value = "90kB", value_parser = units::parse_size, hide_short_help = true)]
    pub batch_bytes: usize,
    /// Requests in flight at once; auto starts at 1, and finds out what the server answers well, up to 16
    #[arg(long, value_name = "N|auto", default_value = "auto", value_parser = concurrency, hide_short_help = true)]
    pub concurrency: Concurrency,
    /// The most requests a second, evenly spaced: 5, or 0.5 for one every 2 s
    #[arg(long, value_name = "N", value_parser = rate, hide_short_help = true)]
    pub rate: Option<Rate>,
    /// How long anything is waited for.
    #[command(flatten)]
    pub patience: PatienceArgs,
    /// Stop when more rows than this are invalid, refused or unknown: 50 or 2%
    #[arg(long, value_name = "N|N%", value_parser = max_errors)]
    pub max_errors: Option<MaxErrors>,
}

/// What of it is sent.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What to send")]
pub struct ScopeArgs {
    /// Leave out what this machine already sent to this account in this form
    #[arg(long)]
    pub changed: bool,
    /// Forget the unfinished run of these inputs, and send everything
    #[arg(long, hide_short_help = true)]
    pub restart: bool,
    /// How long to wait for another run of the same import
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = units::parse_duration, hide_short_help = true)]
    pub wait: Duration,
    /// Send the Kth of N parts, each by a process of its own: 2/4
    #[arg(long, value_name = "K/N", hide_short_help = true)]
    pub shard: Option<Shard>,
}

/// How long anything is waited for.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Delivery")]
pub struct PatienceArgs {
    /// The most one request may take, its answer included
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = timeout, hide_short_help = true)]
    pub timeout: Duration,
    /// How long a batch is tried again
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = units::parse_duration, hide_short_help = true)]
    pub retry_for: Duration,
}

/// What is shown.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct ShowArgs {
    /// Send nothing: show what would be sent, and what is wrong
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// The summary as text or as JSON lines
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        hide_short_help = true
    )]
    pub output: OutputArg,
    /// The same as --output json
    #[arg(long, overrides_with = "output")]
    pub json: bool,
    /// How progress is shown
    #[arg(
        long,
        value_name = "HOW",
        default_value = "auto",
        hide_short_help = true
    )]
    pub progress: ProgressArg,
    /// Print nothing when all is well, and one line otherwise
    #[arg(short, long)]
    pub quiet: bool,
}

/// What is shown and written.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// What is shown.
    #[command(flatten)]
    pub show: ShowArgs,
    /// Where rows go that did not arrive [default: STEM.rejected.csv here]
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Name every row that is not fine, and why
    #[arg(short, long, conflicts_with = "quiet")]
    pub verbose: bool,
}

/// Where contacts go.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Account")]
pub struct AccountArgs {
    /// Import into an API inside this process: nothing leaves this machine
    #[arg(long)]
    pub sandbox: bool,
    /// The file that holds the access token, where BP_IMPORT_TOKEN does not
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// The API's host, or the whole …/inbox/users/import
    // A text until it is judged: a message of clap's would repeat a password that stands in it.
    #[arg(
        long,
        value_name = "URL",
        default_value = "https://api.v7.botpenguin.com",
        hide_short_help = true
    )]
    pub base_url: String,
    /// The bot the contacts belong to, where the account has several
    #[arg(long, value_name = "ID", hide_short_help = true)]
    pub bot_id: Option<String>,
    /// A name for the account in this machine's ledger, whatever the token
    #[arg(long, value_name = "NAME", value_parser = name, hide_short_help = true)]
    pub account: Option<String>,
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
    pub same_account: Option<String>,
    /// What the token is: a platform access token (key), or one copied from the browser (session)
    #[arg(
        long,
        value_name = "KIND",
        default_value = "key",
        hide_short_help = true
    )]
    pub auth: AuthArg,
}

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

/// `--output`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputArg {
    /// For people
    Text,
    /// For scripts
    Json,
}

/// `--progress`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProgressArg {
    /// A bar on a terminal, lines off it
    Auto,
    /// A bar
    Bar,
    /// A line every 30 s
    Plain,
    /// Nothing
    None,
}

/// `--auth`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AuthArg {
    /// A platform access token
    Key,
    /// A web-session token
    Session,
}

/// `--empty-lists`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EmptyListsArg {
    /// As []
    Send,
    /// Not at all
    Omit,
}

/// `--on-bad-email`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnBadEmailArg {
    /// The row is invalid
    Reject,
    /// It goes without the e-mail
    Drop,
}

/// `--on-doubtful-phone`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnDoubtfulPhoneArg {
    /// The row is invalid
    Reject,
    /// It goes, with a warning
    Send,
}

/// A batch is held in memory as a whole.
const LARGEST_BATCH: usize = 100_000;
/// No server is well served by more.
const MOST_CONCURRENT: usize = 64;

fn concurrency(text: &str) -> Result<Concurrency, String> {
    if text.trim().eq_ignore_ascii_case("auto") {
        return Ok(Concurrency::Auto);
    }
    let count = text.trim().parse().ok();
    let count = count.filter(|count: &NonZeroUsize| count.get() <= MOST_CONCURRENT);
    count
        .map(Concurrency::Fixed)
        .ok_or_else(|| format!("takes auto, or a number from 1 to {MOST_CONCURRENT}"))
}

fn rate(text: &str) -> Result<Rate, &'static str> {
    let requests = text.trim().parse().ok();
    requests
        .and_then(Rate::per_second)
        .ok_or("takes requests a second, such as 5 or 0.5")
}

fn name(text: &str) -> Result<String, &'static str> {
    let name = text.trim();
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err("takes a name: letters, digits, spaces");
    }
    Ok(name.to_owned())
}

fn count<N: std::str::FromStr>(text: &str) -> Result<N, &'static str> {
    text.trim().parse().map_err(|_| "takes a number from 1")
}

fn batch_size(text: &str) -> Result<NonZeroUsize, String> {
    let size = count::<NonZeroUsize>(text)?;
    if size.get() > LARGEST_BATCH {
        return Err(format!("takes at most {}", units::grouped(LARGEST_BATCH)));
    }
    Ok(size)
}

fn timeout(text: &str) -> Result<Duration, String> {
    match units::parse_duration(text) {
        Ok(Duration::ZERO) => Err("no request is answered in no time".to_owned()),
        Ok(timeout) => Ok(timeout),
        Err(error) => Err(error.to_string()),
    }
}

fn max_errors(text: &str) -> Result<MaxErrors, String> {
    let wrong = || "takes a count (50) or a share of the rows read (2%)".to_owned();
    match text.trim().strip_suffix('%') {
        None => text
            .trim()
            .parse()
            .map(MaxErrors::Count)
            .map_err(|_| wrong()),
        Some(percent) => match percent.trim().parse::<f64>() {
            Ok(percent) if (0.0..=100.0).contains(&percent) => {
                Ok(MaxErrors::Share(percent / 100.0))
            }
            _ => Err(wrong()),
        },
    }
}
