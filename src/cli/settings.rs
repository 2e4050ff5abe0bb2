//! What was typed, as the library understands it: `Args` in, options of each module out.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};

use super::Typed;
use super::args::{
    AccountArgs, Args, AuthArg, CountryArgs, EmptyListsArg, OnBadEmailArg, OnDoubtfulPhoneArg,
    OnDuplicateArg, OutputArg, ProgressArg, ShowArgs, SuppressArgs,
};
use super::environment::Environment;
use super::given::Origin;
use super::owner::owner;
use crate::api::client::{Account, BaseUrl, Client, Roots};
use crate::batch::Limits;
use crate::contact::phone::Home;
use crate::deliver::pacer::Pace;
use crate::import::{self, Delivery, ImportOptions, OnDuplicate, Suppression, SuppressionError};
use crate::ledger::{InputsId, Owner};
use crate::mapping::{self, AllAttributes, Filter, OnBadEmail, OnDoubtfulPhone};
use crate::report::destination::Destination;
use crate::report::progress::ProgressMode;
use crate::sandbox::{self, Running};
use crate::secret::{Auth, Token};
use crate::source::{self, HeaderRow, Input, SheetChoice};
use crate::wire::EmptyLists;

mod outputs;

pub(super) use outputs::{Spared, check_rejects, rejects};

/// The token's variable.
const TOKEN: &str = "BP_IMPORT_TOKEN";
/// The token of a sandbox of ours is no secret.
const SANDBOX_TOKEN: &str = "sandbox-token";

/// How a run shows itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    pub(super) format: OutputArg,
    pub(super) progress: ProgressMode,
    pub(super) loudness: Loudness,
}

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loudness {
    /// Nothing when all is well.
    Quiet,
    /// What everybody should know.
    Normal,
    /// Every row that is not fine.
    Verbose,
}

/// Where contacts go, ready to be used.
pub(super) struct Target {
    pub(super) destination: Destination,
    pub(super) bot_id: Option<String>,
    /// Whose ledger it is; `None` where nothing is remembered, or nobody can tell.
    pub(super) owner: Option<Owner>,
    /// `None`: a dry run.
    pub(super) client: Option<Box<Client>>,
    /// What a user should know of the connection.
    pub(super) note: Option<&'static str>,
    /// Lives as long as the run.
    pub(super) sandbox: Option<Running>,
}

pub(super) fn manner(show: &ShowArgs, loudness: Loudness) -> Manner {
    let progress = match show.progress {
        _ if loudness == Loudness::Quiet => ProgressMode::None,
        ProgressArg::Bar => ProgressMode::Bar,
        ProgressArg::Plain => ProgressMode::Plain,
        ProgressArg::None => ProgressMode::None,
        ProgressArg::Auto if std::io::stderr().is_terminal() => ProgressMode::Bar,
        ProgressArg::Auto => ProgressMode::Plain,
    };
    let format = if show.json {
        OutputArg::Json
    } else {
        show.output
    };
    Manner {
        format,
        progress,
        loudness,
    }
}

/// The inputs that were named, or stdin where it is no terminal.
pub(super) fn inputs(files: &[PathBuf], stdin: Option<&str>) -> anyhow::Result<Vec<Input>> {
    let is_stdin = |path: &&PathBuf| path.as_path() == Path::new("-");
    if files.is_empty() && std::io::stdin().is_terminal() {
        bail!("no input: name a file, or pipe contacts in (bp-import --help shows how)");
    }
    if files.iter().filter(is_stdin).count() > 1 {
        bail!("stdin (-) can be read only once");
    }
    let read_stdin = || stdin.map_or_else(Input::stdin, Input::named_stdin);
    if files.is_empty() {
        return Ok(vec![read_stdin()]);
    }
    if stdin.is_some() && !files.iter().any(|path| is_stdin(&path)) {
        bail!(
            "--input-name names stdin, which is not read here: leave it out, or add - to the files"
        );
    }
    Ok(files
        .iter()
        .map(|path| {
            if is_stdin(&path) {
                read_stdin()
            } else {
                Input::file(path)
            }
        })
        .collect())
}

/// Which inputs these are: `None` where one of them cannot be told from another, as a pipe without a name.
pub(super) fn inputs_id(inputs: &[Input], stdin: Option<&str>) -> Option<InputsId> {
    let identity = |input: &Input| match (input.path(), stdin) {
        (Some(path), _) => path
            .canonicalize()
            .ok()
            .filter(|path| path.is_file())
            .map(PathBuf::into_os_string),
        // No path begins so.
        (None, Some(name)) => Some(format!("-/{name}").into()),
        (None, None) => None,
    };
    let identities: Option<Vec<OsString>> = inputs.iter().map(identity).collect();
    identities.map(|identities| InputsId::of(&identities))
}

/// How inputs are read.
pub(super) fn reading(args: &Args) -> source::ReadOptions {
    let (input, mapping) = (&args.input, &args.mapping);
    source::ReadOptions {
        format: input.input_format,
        encoding: input.text.encoding,
        delimiter: input.text.delimiter,
        escape: input.text.escape,
        header: if input.text.no_header {
            HeaderRow::None
        } else {
            HeaderRow::First
        },
        sheet: input.sheet.clone(),
        pick: match (mapping.map.is_empty(), input.text.no_header) {
            (true, false) => SheetChoice::Contacts,
            _ => SheetChoice::First,
        },
        records: input.records.clone(),
    }
}

/// The phones that are never sent.
///
/// # Errors
/// One of the files, or a row of it, cannot be read.
pub(super) fn suppression(
    suppress: &SuppressArgs,
    country: &CountryArgs,
) -> Result<Suppression, SuppressionError> {
    let files: Vec<Input> = suppress.suppress.iter().map(Input::file).collect();
    import::suppression(&files, home(country))
}

/// What the import does with its records, but for the phones that are never sent: see [`suppression`].
pub(super) fn options(args: &Args) -> ImportOptions {
    ImportOptions {
        mapping: mapping::Options {
            not_phones: mapping::NotPhones::default(),
            rules: args.mapping.map.clone(),
            home: home(&args.country),
            tags: tags(&args.mapping.tag),
            attributes: args.mapping.attr.clone(),
            tag_separator: args.mapping.tag_separator.clone(),
            all_attributes: if args.mapping.all_attributes {
                AllAttributes::Yes
            } else {
                AllAttributes::No
            },
            on_bad_email: on_bad_email(args.mapping.on_bad_email),
            on_doubtful_phone: on_doubtful_phone(args.country.on_doubtful_phone),
        },
        filter: Filter {
            only: args.input.only.clone(),
            except: args.input.except.clone(),
        },
        include: args.audience.included(),
        suppressed: Arc::default(),
        empty_lists: empty_lists(args.mapping.empty_lists),
        on_duplicate: on_duplicate(args.scope.on_duplicate),
        limits: Limits {
            items: args.delivery.batch_size,
            bytes: args.delivery.batch_bytes,
        },
        limit: args.input.limit.map(std::num::NonZeroU64::get),
        max_errors: args.delivery.max_errors,
        shard: args.scope.shard,
        salt: None,
    }
}

/// Tags as those of a cell are read: trimmed, none blank.
pub(super) fn tags(typed: &[String]) -> Vec<String> {
    typed
        .iter()
        .map(|tag| tag.trim().to_owned())
        .filter(|tag| !tag.is_empty())
        .collect()
}

pub(super) fn home(country: &CountryArgs) -> Home {
    country.country.unwrap_or_default()
}

pub(super) fn on_bad_email(arg: OnBadEmailArg) -> OnBadEmail {
    match arg {
        OnBadEmailArg::Reject => OnBadEmail::Reject,
        OnBadEmailArg::Drop => OnBadEmail::Drop,
    }
}

pub(super) fn on_doubtful_phone(arg: OnDoubtfulPhoneArg) -> OnDoubtfulPhone {
    match arg {
        OnDoubtfulPhoneArg::Reject => OnDoubtfulPhone::Reject,
        OnDoubtfulPhoneArg::Send => OnDoubtfulPhone::Send,
    }
}

fn on_duplicate(arg: OnDuplicateArg) -> OnDuplicate {
    match arg {
        OnDuplicateArg::First => OnDuplicate::First,
        OnDuplicateArg::Last => OnDuplicate::Last,
        OnDuplicateArg::Merge => OnDuplicate::Merge,
        OnDuplicateArg::Send => OnDuplicate::Send,
    }
}

pub(super) fn empty_lists(arg: EmptyListsArg) -> EmptyLists {
    match arg {
        EmptyListsArg::Send => EmptyLists::Send,
        EmptyListsArg::Omit => EmptyLists::Omit,
    }
}

/// Resolves where contacts go: the sandbox, nowhere, or the platform.
pub(super) fn target(
    account: &AccountArgs,
    dry_run: bool,
    timeout: Duration,
    typed: &Typed,
    environment: &Environment,
) -> anyhow::Result<Target> {
    let from_environment = typed.given.origin("base-url") == Some(Origin::Environment);
    let named = if from_environment {
        "BP_IMPORT_BASE_URL"
    } else {
        "--base-url"
    };
    let base = BaseUrl::parse(&account.base_url).context(named)?;
    let owned_by = |token: Option<&Token>| {
        owner(
            &base,
            account.bot_id.as_deref(),
            account.account.as_deref(),
            token,
        )
    };
    if dry_run {
        let destination = Destination::Nowhere {
            base_url: base.as_str().to_owned(),
        };
        // It needs no token; one that is there tells which ledger is asked.
        let token = token(account, typed, environment)
            .ok()
            .map(|(token, _)| token);
        return Ok(Target {
            destination,
            bot_id: account.bot_id.clone(),
            owner: owned_by(token.as_ref()).filter(|_| !account.sandbox),
            client: None,
            note: None,
            sandbox: None,
        });
    }
    if account.sandbox {
        return embedded(timeout);
    }
    let (token, token_from) = token(account, typed, environment)?;
    let owner = owned_by(Some(&token));
    let account = Account {
        base,
        token,
        auth: auth(account.auth),
        bot_id: account.bot_id.clone(),
    };
    platform(&account, owner, token_from, timeout)
}

/// The platform, ready to be sent to.
fn platform(
    account: &Account,
    owner: Option<Owner>,
    token_from: String,
    timeout: Duration,
) -> anyhow::Result<Target> {
    let (client, roots) = Client::new(account, timeout)?;
    let note = (roots == Roots::BuiltIn).then_some(
        "note: this system has no CA certificates; the host is checked against the built-in ones",
    );
    let destination = Destination::Platform {
        base_url: account.base.as_str().to_owned(),
        host: account.base.host(),
        token_from,
    };
    Ok(Target {
        destination,
        bot_id: account.bot_id.clone(),
        owner,
        client: Some(Box::new(client)),
        note,
        sandbox: None,
    })
}

pub(super) fn auth(arg: AuthArg) -> Auth {
    match arg {
        AuthArg::Key => Auth::Key,
        AuthArg::Session => Auth::Session,
    }
}

/// An API inside this process, with a token of its own making: no account, no environment.
fn embedded(timeout: Duration) -> anyhow::Result<Target> {
    let options = sandbox::Options {
        token: Some(SANDBOX_TOKEN.to_owned()),
        ..sandbox::Options::default()
    };
    let running = sandbox::start(options).context("the sandbox does not start")?;
    let base_url = running.base_url();
    let account = Account {
        base: BaseUrl::parse(&base_url).context("the sandbox has no address")?,
        token: Token::new(SANDBOX_TOKEN).context("the sandbox's token")?,
        auth: Auth::Key,
        bot_id: None,
    };
    let (client, _) = Client::new(&account, timeout)?;
    let destination = Destination::Sandbox { base_url };
    Ok(Target {
        destination,
        bot_id: None,
        // What it was given is gone with it: to leave anything out another time would be wrong.
        owner: None,
        client: Some(Box::new(client)),
        note: None,
        sandbox: Some(running),
    })
}

/// The token and where it comes from: a file that was typed, the variable, a file that a variable names.
fn token(
    account: &AccountArgs,
    typed: &Typed,
    environment: &Environment,
) -> anyhow::Result<(Token, String)> {
    let file_was_typed = typed.given.origin("token-file") == Some(Origin::CommandLine);
    match (&account.token_file, environment.text(TOKEN)?) {
        (Some(file), _) if file_was_typed => from_file(file),
        (_, Some(text)) => Ok((
            Token::new(text).with_context(|| TOKEN.to_owned())?,
            TOKEN.to_owned(),
        )),
        (Some(file), None) => from_file(file),
        (None, None) => bail!(
            "no access token: make one under More > Developers > API Tokens, and pass it in {TOKEN} or in a file with \
             --token-file (--sandbox and --dry-run need none)"
        ),
    }
}

fn from_file(path: &Path) -> anyhow::Result<(Token, String)> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{name}: the token file cannot be read"))?;
    let token = Token::new(&text).with_context(|| format!("{name}: the token file"))?;
    Ok((token, name))
}

/// How to deliver.
pub(super) fn delivery(client: Option<Box<Client>>, pace: Pace, retry_for: Duration) -> Delivery {
    match client {
        None => Delivery::Rehearse,
        Some(client) => Delivery::Post {
            client,
            pace,
            retry_for,
            seed: fastrand::u64(..),
        },
    }
}
