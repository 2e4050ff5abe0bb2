//! The one HTTP client: posts a body, reads the answer within its limits.
//!
//! What an answer means is decided in `reply`; a request is never repeated here.

use std::error::Error as StdError;
use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{
    AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER,
};
use reqwest::{Certificate, Client as Http, ClientBuilder, Response, Url, redirect};

use super::credentials::{BaseUrl, Credentials, CredentialsError};
use super::reply::{Body, Reply, classify};
use crate::secret::{Auth, Token};
use crate::verdict::{
    CertificateFault, ConnectionFault, CutBody, DeliveryFault, ServerWords, StrangeAnswer, Trouble,
    Verdict,
};

/// The API's answers are a few hundred bytes. A longer one is not read to its end, so that it cannot fill the memory.
const ANSWER_LIMIT: usize = 64 * 1024;
/// The longest wait for a connection, whatever `--timeout`: without one, nothing was sent, and a retry is safe.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
const USER_AGENT: &str = concat!("bp-import/", env!("CARGO_PKG_VERSION"));

/// The source of the certificates that the host is checked against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Roots {
    /// The system's.
    System,
    /// Those built in: the system has none.
    BuiltIn,
    /// None is needed: plain http on this machine.
    Unneeded,
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
    /// The credentials cannot be sent.
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    /// TLS cannot be set up.
    #[error("secure connections cannot be set up: {0}")]
    Tls(String),
}

impl Client {
    /// Makes a client; `timeout` bounds one whole request, its answer included.
    ///
    /// # Errors
    /// When the bot id cannot be a header, or TLS cannot be set up.
    pub(crate) fn new(
        credentials: &Credentials,
        timeout: Duration,
    ) -> Result<(Client, Roots), ClientError> {
        let (http, roots) = connectable(&credentials.base, timeout)?;
        let client = Client {
            http,
            endpoint: credentials.endpoint(),
            headers: headers(credentials)?,
            host: credentials.base.host(),
            timeout,
            token: credentials.token.clone(),
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
            Err(error) => self.no_answer(&error),
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
        self.without_token(classify(&reply, Timestamp::now()))
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

    /// A server may echo what it was sent; the token must not reach a log or a screen.
    fn without_token(&self, mut verdict: Verdict) -> Verdict {
        let blot = |words: &mut ServerWords| {
            *words = ServerWords::new(self.token.blot(words.as_str()));
        };
        match &mut verdict {
            Verdict::Refused(answer) | Verdict::Denied(answer) | Verdict::TooLarge(answer) => {
                blot(&mut answer.words);
            }
            Verdict::WrongAddress(stranger) => {
                if let Some(StrangeAnswer::Redirect(host)) = &mut stranger.sent {
                    blot(host);
                }
            }
            Verdict::Accepted { warnings } => warnings.iter_mut().for_each(blot),
            Verdict::Busy(_) | Verdict::Unclear(_) | Verdict::Unreachable(_) => {}
        }
        verdict
    }

    /// The verdict without an answer: it depends on how far the request got.
    fn no_answer(&self, error: &reqwest::Error) -> Verdict {
        let trouble = |fault: DeliveryFault| Trouble {
            fault,
            retry_after: None,
        };
        // Before `is_connect`, which is true for these two as well: a retry would not help.
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

fn headers(credentials: &Credentials) -> Result<HeaderMap, CredentialsError> {
    let mut headers = HeaderMap::new();
    let mut bearer = HeaderValue::from_str(&credentials.token.bearer())
        .map_err(|_| CredentialsError::NotAUrl)?;
    // Keeps the token out of `Debug` output of the headers.
    bearer.set_sensitive(true);
    headers.insert(AUTHORIZATION, bearer);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if credentials.auth == Auth::Key {
        headers.insert("authtype", HeaderValue::from_static("Key"));
    }
    if let Some(bot_id) = &credentials.bot_id {
        headers.insert(
            "botid",
            HeaderValue::from_str(bot_id).map_err(|_| CredentialsError::BotId)?,
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
    if base.is_plain_http() {
        let http = builder(base, timeout)
            .tls_certs_only([])
            .build()
            .map_err(tls)?;
        return Ok((http, Roots::Unneeded));
    }
    // Fails on a system without any CA certificate, such as a minimal container.
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
        // A redirected POST would become a GET, or carry the contacts to another host.
        .redirect(redirect::Policy::none())
        // Before the whole request times out: a connection that is not made is a surer verdict than no answer.
        .connect_timeout(CONNECT_LIMIT.min(timeout.mul_f64(0.9)))
        .dns_resolver(Resolver)
        // Else a small last packet can wait 40 ms for a delayed acknowledgement.
        .tcp_nodelay(true);
    // A proxy could not reach this machine, and would see the contacts.
    if base.is_loopback() {
        builder.no_proxy()
    } else {
        builder
    }
}

/// A name that did not resolve.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unresolved(String);

/// The system's resolver. Its own error type distinguishes a name that does not resolve from a host that is down.
struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // reqwest replaces port 0 by the port of the URL.
            match tokio::net::lookup_host((name.as_str(), 0)).await {
                Ok(found) => Ok(Box::new(found.collect::<Vec<SocketAddr>>().into_iter()) as Addrs),
                Err(error) => Err(Unresolved(error.to_string()).into()),
            }
        })
    }
}
