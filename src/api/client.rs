//! The one HTTP client: posts a body, reads the answer within its limits.
//!
//! The only home of reqwest. What an answer means is `reply`'s to say; a request is never repeated here.

use std::error::Error as StdError;
use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{
    AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER,
};
use reqwest::{Certificate, Client as Http, ClientBuilder, Response, Url, redirect};

use super::reply::{Body, Reply, classify};
use crate::secret::{Auth, Token};
use crate::verdict::{
    CertificateFault, ConnectionFault, CutBody, DeliveryFault, ServerWords, StrangeAnswer, Trouble,
    Verdict,
};

/// The path of the import endpoint below a base URL.
const ENDPOINT: &str = "/inbox/users/import";
/// An answer that is longer did not come from this API.
const ANSWER_LIMIT: usize = 64 * 1024;
/// No connection is waited for any longer, whatever the timeout.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
const USER_AGENT: &str = concat!("bp-import/", env!("CARGO_PKG_VERSION"));

/// Where to post, and as whom.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// The API.
    pub(crate) base: BaseUrl,
    /// The token.
    pub(crate) token: Token,
    /// What kind of token it is.
    pub(crate) auth: Auth,
    /// The bot the contacts belong to, where the user names one.
    pub(crate) bot_id: Option<String>,
}

/// Where the API is: `https`, or loopback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaseUrl(Url);

/// Why an account cannot be spoken for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccountError {
    /// No URL at all.
    #[error("is no URL: write it like https://api.v7.botpenguin.com")]
    NotAUrl,
    /// Neither https nor loopback: the token and the contacts would travel in clear.
    #[error("must begin with https:// (plain http is taken for this machine only)")]
    NotHttps,
    /// It has a user name, a query or a fragment, which nobody would send.
    #[error("must be a host, or a host and a path: no user name, no ?query, no #fragment")]
    Surplus,
    /// The bot id cannot stand in a header.
    #[error("the bot id holds a character that no bot id has")]
    BotId,
}

/// Where the certificates come from that the host is checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Roots {
    /// The system's.
    System,
    /// Those built in: the system has none.
    BuiltIn,
    /// None are needed: plain http on this machine.
    Unneeded,
}

impl BaseUrl {
    /// Takes the host, a host with a path, or the whole address of the import endpoint.
    ///
    /// # Errors
    /// When it is no URL, or contacts would travel in clear.
    pub(crate) fn parse(text: &str) -> Result<BaseUrl, AccountError> {
        let text = text.trim();
        let spelled = if text.contains("://") {
            text.to_owned()
        } else {
            with_scheme(text)
        };
        let mut url = Url::parse(&spelled).map_err(|_| AccountError::NotAUrl)?;
        if url.host_str().is_none_or(str::is_empty) {
            return Err(AccountError::NotAUrl);
        }
        if !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some()
        {
            return Err(AccountError::Surplus);
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            _ => return Err(AccountError::NotHttps),
        }
        let path = url.path().trim_end_matches('/').to_owned();
        let path = path
            .strip_suffix(ENDPOINT)
            .unwrap_or(&path)
            .trim_end_matches('/')
            .to_owned();
        url.set_path(&path);
        Ok(BaseUrl(url))
    }

    /// The host, for a user: with its port where it is not the scheme's own.
    pub(crate) fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The whole URL without the endpoint, for scripts.
    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    fn endpoint(&self, bot_id: Option<&str>) -> Url {
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

/// A bare host is meant as https; one on this machine is a sandbox, which speaks http.
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

/// A client for one account.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    http: Http,
    endpoint: Url,
    headers: HeaderMap,
    host: String,
    timeout: Duration,
    token: Token,
}

/// Why no client can be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    /// The account cannot be spoken for.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// TLS cannot be set up.
    #[error("secure connections cannot be set up: {0}")]
    Tls(String),
}

impl Client {
    /// Makes a client; `timeout` bounds one whole request, its answer included.
    ///
    /// # Errors
    /// When the bot id cannot stand in a header, or TLS cannot be set up.
    pub(crate) fn new(
        account: &Account,
        timeout: Duration,
    ) -> Result<(Client, Roots), ClientError> {
        let (http, roots) = connectable(&account.base, timeout)?;
        let client = Client {
            http,
            endpoint: account.base.endpoint(account.bot_id.as_deref()),
            headers: headers(account)?,
            host: account.base.host(),
            timeout,
            token: account.token.clone(),
        };
        Ok((client, roots))
    }

    /// Posts a JSON array of profiles once.
    pub(crate) async fn post(&self, body: Vec<u8>) -> Verdict {
        let request = self
            .http
            .post(self.endpoint.clone())
            .headers(self.headers.clone())
            .timeout(self.timeout)
            .body(body);
        match request.send().await {
            Ok(response) => self.judge(response).await,
            Err(error) => self.silence(&error),
        }
    }

    async fn judge(&self, response: Response) -> Verdict {
        let status = response.status();
        let header = |name: HeaderName| {
            response
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(ToOwned::to_owned)
        };
        let redirect = header(LOCATION).filter(|_| status.is_redirection());
        let reply = Reply {
            status: status.as_u16(),
            phrase: status.canonical_reason().unwrap_or_default(),
            retry_after: header(RETRY_AFTER),
            redirect: redirect.map(|to| {
                self.endpoint
                    .join(&to)
                    .ok()
                    .and_then(|url| host_of(&url))
                    .unwrap_or(to)
            }),
            body: self.read(response).await,
        };
        self.blotted(classify(&reply, Timestamp::now()))
    }

    async fn read(&self, mut response: Response) -> Body {
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > ANSWER_LIMIT => {
                    return Body::Cut(CutBody::Endless);
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => return Body::Whole(self.token.blot_bytes(body)),
                Err(error) if error.is_timeout() => return Body::Cut(CutBody::Late),
                Err(_) => return Body::Cut(CutBody::Broken),
            }
        }
    }

    /// A server may echo what it was sent: the token goes no further than this.
    fn blotted(&self, verdict: Verdict) -> Verdict {
        let blot = |words: ServerWords| ServerWords::new(self.token.blot(words.as_str()));
        match verdict {
            Verdict::Refused(mut answer) => {
                answer.words = blot(answer.words);
                Verdict::Refused(answer)
            }
            Verdict::Denied(mut answer) => {
                answer.words = blot(answer.words);
                Verdict::Denied(answer)
            }
            Verdict::TooLarge(mut answer) => {
                answer.words = blot(answer.words);
                Verdict::TooLarge(answer)
            }
            Verdict::WrongAddress(mut stranger) => {
                if let Some(StrangeAnswer::Redirect(host)) = stranger.sent {
                    stranger.sent = Some(StrangeAnswer::Redirect(blot(host)));
                }
                Verdict::WrongAddress(stranger)
            }
            Verdict::Accepted { warnings } => Verdict::Accepted {
                warnings: warnings.into_iter().map(blot).collect(),
            },
            Verdict::Busy(_) | Verdict::Unclear(_) | Verdict::Unreachable(_) => verdict,
        }
    }

    /// No answer: what that means depends on how far the request got.
    fn silence(&self, error: &reqwest::Error) -> Verdict {
        let trouble = |fault: DeliveryFault| Trouble {
            fault,
            retry_after: None,
        };
        if cause::<Unresolved>(error).is_some() {
            let host = self.host.clone();
            return Verdict::Unreachable(trouble(DeliveryFault::Unresolved(host)));
        }
        if let Some(rustls::Error::InvalidCertificate(why)) = cause::<rustls::Error>(error) {
            let fault = DeliveryFault::Untrusted(self.host.clone(), certificate_fault(why));
            return Verdict::Unreachable(trouble(fault));
        }
        let why = cause::<std::io::Error>(error).map(connection_fault);
        if error.is_connect() {
            let fault = why.unwrap_or(ConnectionFault::NotMade);
            Verdict::Busy(trouble(DeliveryFault::Connection(fault)))
        } else if error.is_timeout() {
            Verdict::Unclear(trouble(DeliveryFault::NoAnswer(self.timeout)))
        } else {
            let fault = why.unwrap_or(ConnectionFault::Broke);
            Verdict::Unclear(trouble(DeliveryFault::Connection(fault)))
        }
    }
}

fn host_of(url: &Url) -> Option<String> {
    url.host_str().map(ToOwned::to_owned)
}

fn certificate_fault(error: &rustls::CertificateError) -> CertificateFault {
    use rustls::CertificateError as E;
    match error {
        E::Expired | E::ExpiredContext { .. } => CertificateFault::Expired,
        E::NotValidYet | E::NotValidYetContext { .. } => CertificateFault::NotYetValid,
        E::NotValidForName | E::NotValidForNameContext { .. } => CertificateFault::OtherHost,
        E::UnknownIssuer => CertificateFault::UnknownIssuer,
        E::Revoked => CertificateFault::Revoked,
        _ => CertificateFault::Unsound,
    }
}

fn connection_fault(error: &std::io::Error) -> ConnectionFault {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::ConnectionRefused => ConnectionFault::Refused,
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof => {
            ConnectionFault::Broke
        }
        ErrorKind::TimedOut => ConnectionFault::TimedOut,
        ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => ConnectionFault::NoRoute,
        _ => ConnectionFault::Failed,
    }
}

/// The first error of type `E` in the chain; io errors hide theirs behind `get_ref`.
fn cause<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        let inner = error
            .downcast_ref::<std::io::Error>()
            .and_then(|io| io.get_ref());
        if let Some(found) = inner.and_then(|inner| cause::<E>(inner)) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

fn headers(account: &Account) -> Result<HeaderMap, AccountError> {
    let mut headers = HeaderMap::new();
    let mut bearer =
        HeaderValue::from_str(&account.token.bearer()).map_err(|_| AccountError::NotAUrl)?;
    bearer.set_sensitive(true);
    headers.insert(AUTHORIZATION, bearer);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if account.auth == Auth::Key {
        headers.insert("authtype", HeaderValue::from_static("Key"));
    }
    if let Some(bot_id) = &account.bot_id {
        headers.insert(
            "botid",
            HeaderValue::from_str(bot_id).map_err(|_| AccountError::BotId)?,
        );
    }
    Ok(headers)
}

fn connectable(base: &BaseUrl, timeout: Duration) -> Result<(Http, Roots), ClientError> {
    let tls = |error: reqwest::Error| {
        ClientError::Tls(
            cause::<rustls::Error>(&error).map_or_else(|| error.to_string(), ToString::to_string),
        )
    };
    if base.0.scheme() == "http" {
        let http = builder(base, timeout)
            .tls_certs_only([])
            .build()
            .map_err(tls)?;
        return Ok((http, Roots::Unneeded));
    }
    if let Ok(http) = builder(base, timeout).build() {
        return Ok((http, Roots::System));
    }
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS
        .iter()
        .filter_map(|root| Certificate::from_der(root).ok());
    let http = builder(base, timeout)
        .tls_certs_only(roots)
        .build()
        .map_err(tls)?;
    Ok((http, Roots::BuiltIn))
}

fn builder(base: &BaseUrl, timeout: Duration) -> ClientBuilder {
    let builder = Http::builder()
        .user_agent(USER_AGENT)
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT_LIMIT.min(timeout.mul_f64(0.9)))
        .dns_resolver(Resolver)
        .tcp_nodelay(true);
    if is_loopback(&base.0) {
        builder.no_proxy()
    } else {
        builder
    }
}

/// A name that did not resolve.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unresolved(String);

/// The system's resolver, whose failures can be told from a connection's.
struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // Port 0 stands for the scheme's own.
            match tokio::net::lookup_host((name.as_str(), 0)).await {
                Ok(found) => Ok(Box::new(found.collect::<Vec<SocketAddr>>().into_iter()) as Addrs),
                Err(error) => Err(Unresolved(error.to_string()).into()),
            }
        })
    }
}

#[cfg(test)]
mod tests;
