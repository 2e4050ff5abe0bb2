//! Who gets the contacts: address, bot and token, from wherever they were given.

use std::path::Path;

use anyhow::{Context, bail};

use super::args::AccountArgs;
use super::environment::Environment;
use crate::api::credentials::{BaseUrl, Credentials};
use crate::run::{Given, OptionOrigin, Recipient, Target, account_key};
use crate::secret::Token;
use crate::source::read_small_text;

/// The token's variable.
const TOKEN: &str = "BP_IMPORT_TOKEN";

/// Resolves where contacts go: the sandbox, nowhere, or the platform.
///
/// # Errors
/// An address that is not a URL, or no token where one is needed.
pub(super) fn recipient(
    account: &AccountArgs,
    dry_run: bool,
    given: &Given,
    environment: &Environment,
) -> anyhow::Result<Recipient> {
    let base = base_url(account, given)?;
    let bot_id = account.bot_id.as_deref();
    let key = |token: Option<&Token>| account_key(&base, bot_id, account.account.as_deref(), token);
    if dry_run {
        // It needs no token; one that is there tells which ledger is asked.
        let token = token(account, given, environment).ok();
        let key = key(token.as_ref().map(|(token, _)| token));
        return Ok(Recipient {
            target: Target::Nowhere {
                base_url: base.as_str().to_owned(),
            },
            bot_id: account.bot_id.clone(),
            account: key.filter(|_| !account.sandbox),
        });
    }
    if account.sandbox {
        return Ok(Recipient {
            target: Target::Sandbox,
            bot_id: None,
            // The sandbox forgets its contacts when the process ends, so a later run must send them again.
            account: None,
        });
    }
    let (token, token_from) = token(account, given, environment)?;
    Ok(Recipient {
        account: key(Some(&token)),
        target: Target::Platform {
            credentials: Credentials {
                base,
                token,
                auth: account.auth,
                bot_id: account.bot_id.clone(),
            },
            token_from,
        },
        bot_id: account.bot_id.clone(),
    })
}

fn base_url(account: &AccountArgs, given: &Given) -> anyhow::Result<BaseUrl> {
    let named = match given.origin("base-url") {
        Some(OptionOrigin::Environment) => "BP_IMPORT_BASE_URL",
        _ => "--base-url",
    };
    BaseUrl::parse(&account.base_url).context(named)
}

/// The token and where it comes from: a file that was typed, the variable, a file that a variable names.
fn token(
    account: &AccountArgs,
    given: &Given,
    environment: &Environment,
) -> anyhow::Result<(Token, String)> {
    let file_was_typed = given.origin("token-file") == Some(OptionOrigin::CommandLine);
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
    let text =
        read_small_text(path).with_context(|| format!("{name}: the token file cannot be read"))?;
    let token = Token::new(&text).with_context(|| format!("{name}: the token file"))?;
    Ok((token, name))
}
