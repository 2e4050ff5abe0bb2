//! Where to post, and as whom: base URL, token and bot.
//!
//! Owns which addresses are allowed: contacts never travel in clear. Sends nothing.

use reqwest::Url;

use crate::secret::{Auth, Token};

/// The path of the import endpoint below a base URL.
const ENDPOINT: &str = "/inbox/users/import";

/// Where to post, and as whom.
#[derive(Clone, Debug)]
pub(crate) struct Credentials {
    /// The API.
    pub(crate) base: BaseUrl,
    /// The token.
    pub(crate) token: Token,
    /// What kind of token it is.
    pub(crate) auth: Auth,
    /// The bot the contacts belong to, if the user names one.
    pub(crate) bot_id: Option<String>,
}

/// Where the API is: `https`, or loopback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaseUrl(Url);

/// Why credentials cannot be sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CredentialsError {
    /// It is not a URL.
    #[error("is no URL: write it like https://api.v7.botpenguin.com")]
    NotAUrl,
    /// Neither https nor loopback: the token and the contacts would travel in clear.
    #[error("must begin with https:// (plain http is taken for this machine only)")]
    NotHttps,
    /// It has a user name, a query or a fragment, which would not be sent.
    #[error("must be a host, or a host and a path: no user name, no ?query, no #fragment")]
    Surplus,
    /// The bot id cannot be a header.
    #[error("the bot id holds a character that no bot id has")]
    BotId,
}

impl Credentials {
    /// The address that is posted to.
    pub(super) fn endpoint(&self) -> Url {
        self.base.endpoint(self.bot_id.as_deref())
    }
}

impl BaseUrl {
    /// Takes the host, a host with a path, or the whole address of the import endpoint.
    ///
    /// # Errors
    /// When it is not a URL, or contacts would travel in clear.
    pub(crate) fn parse(text: &str) -> Result<BaseUrl, CredentialsError> {
        let text = text.trim();
        let spelled = if text.contains("://") {
            text.to_owned()
        } else {
            with_scheme(text)
        };
        let mut url = Url::parse(&spelled).map_err(|_| CredentialsError::NotAUrl)?;
        if url.host_str().is_none_or(str::is_empty) {
            return Err(CredentialsError::NotAUrl);
        }
        if !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some()
        {
            return Err(CredentialsError::Surplus);
        }
        // Plain http never leaves this machine: it would show the token and the contacts to the network.
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            _ => return Err(CredentialsError::NotHttps),
        }
        // People paste the whole address from the API's page, or a base with a slash at its end.
        let path = url.path().trim_end_matches('/').to_owned();
        let path = path
            .strip_suffix(ENDPOINT)
            .unwrap_or(&path)
            .trim_end_matches('/')
            .to_owned();
        url.set_path(&path);
        Ok(BaseUrl(url))
    }

    /// The host, for a user; with its port if that is not the default of the scheme.
    pub(crate) fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Whether it is this machine.
    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// Whether no certificate is needed.
    pub(super) fn is_plain_http(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// The whole URL without the endpoint, for scripts.
    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    pub(super) fn endpoint(&self, bot_id: Option<&str>) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!(
            "{}{ENDPOINT}",
            self.0.path().trim_end_matches('/')
        ));
        if let Some(bot_id) = bot_id {
            url.query_pairs_mut().append_pair("botId", bot_id);
        }
        url
    }
}

/// A bare host means https, except on this machine: that is a sandbox, which speaks http.
fn with_scheme(text: &str) -> String {
    let plain = format!("http://{text}");
    match Url::parse(&plain) {
        Ok(url) if is_loopback(&url) => plain,
        _ => format!("https://{text}"),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => {
            let host = host.trim_start_matches('[').trim_end_matches(']');
            host.parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
        }
        None => false,
    }
}

#[cfg(test)]
mod tests;
