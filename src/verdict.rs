//! What one answer means for the batch that was sent. Decides nothing: `deliver::policy` does.

use std::fmt;
use std::time::Duration;

/// What the answer to one request, or its absence, means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The platform accepted the whole batch.
    Accepted {
        /// Its warnings about single contacts.
        warnings: Vec<ServerWords>,
    },
    /// The platform refused the batch: one bad contact can be the cause.
    Refused(ServerAnswer),
    /// The body is over the server's limit.
    TooLarge(ServerAnswer),
    /// It did certainly not arrive; a later attempt may succeed.
    Busy(Trouble),
    /// No clear answer: it may have arrived.
    Unclear(Trouble),
    /// The credentials are not accepted.
    Denied(ServerAnswer),
    /// What answers at this address is not the API.
    WrongAddress(Stranger),
    /// The host cannot be spoken to at all: its name does not resolve, or its certificate is not trusted.
    Unreachable(Trouble),
}

/// An answer of the platform that is not a yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerAnswer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// What the server said, or its status line where the body said nothing.
    pub(crate) words: ServerWords,
}

/// Text that a server chose. It may quote a contact, so it goes into rejects files and on the screen, never into the
/// ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerWords(String);

/// An HTTP status and its standard phrase: `503 Service Unavailable`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusLine {
    /// The status.
    pub status: u16,
    /// The phrase, or nothing where the status has none.
    pub phrase: &'static str,
}

/// What answered instead of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// How it answered.
    pub(crate) line: StatusLine,
    /// With what body or redirect, where that tells more than the status.
    pub(crate) sent: Option<StrangeAnswer>,
}

/// An answer that the API does not give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StrangeAnswer {
    /// A redirect to this host.
    Redirect(ServerWords),
    /// A 2xx without a body.
    Blank,
    /// A 2xx with HTML.
    WebPage,
    /// A 2xx with a JSON object that says neither success nor failure.
    OtherJson,
    /// A 2xx with another body.
    NotJson,
}

/// Why there is no clear answer yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What went wrong.
    pub fault: DeliveryFault,
    /// How long the server asks everyone to wait (RFC 9110, section 10.2.3).
    pub retry_after: Option<Duration>,
}

/// What kept a request from a clear answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryFault {
    /// This status; with how the body ended, where it did not end as it should.
    Status(StatusLine, Option<CutBody>),
    /// No whole answer within `--timeout`.
    NoAnswer(Duration),
    /// No connection, or it ended before the answer did.
    Connection(ConnectionFault),
    /// The host's name does not resolve.
    Unresolved(String),
    /// The host's certificate is not trusted.
    Untrusted(String, CertificateFault),
    /// Something else than the API answers for a while: a deploy, a proxy's page.
    Stranger(Stranger),
    /// The task of the request ended without a result.
    RequestLost,
}

/// Why a body is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutBody {
    /// It is over the limit and was not read to its end.
    Endless,
    /// The connection broke in the middle of it.
    Broken,
    /// It did not end in time.
    Late,
}

/// What happened to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionFault {
    /// Nothing listens there.
    Refused,
    /// It broke.
    Broke,
    /// It was not made in time.
    TimedOut,
    /// There is no route to the host.
    NoRoute,
    /// Another error of the system.
    Failed,
    /// It was not made, and the system does not say why.
    NotMade,
}

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateFault {
    /// It has expired.
    Expired,
    /// It is not valid yet.
    NotYetValid,
    /// It was made for another host.
    OtherHost,
    /// No authority that this machine trusts has signed it.
    UnknownIssuer,
    /// It was withdrawn.
    Revoked,
    /// Anything else.
    Unsound,
}

impl ServerAnswer {
    /// An answer with this status and these words.
    pub(crate) fn new(status: u16, words: impl Into<String>) -> ServerAnswer {
        ServerAnswer {
            status,
            words: ServerWords(words.into()),
        }
    }
}

impl ServerWords {
    /// Words of a server, or what is left of them after masking.
    pub(crate) fn new(words: impl Into<String>) -> ServerWords {
        ServerWords(words.into())
    }

    /// The text itself. It has not been made safe for a terminal.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StatusLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        match self.phrase {
            // No blank at the end.
            "" => Ok(()),
            phrase => write!(f, " {phrase}"),
        }
    }
}

impl Stranger {
    /// Whether the status is a 2xx: then the body may have been taken, whatever answered.
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.line.status)
    }
}

impl Verdict {
    /// Whether the platform itself decided about the batch: it is neither busy nor unclear, nor is it another server.
    pub(crate) fn is_clear(&self) -> bool {
        matches!(
            self,
            Verdict::Accepted { .. }
                | Verdict::Refused(_)
                | Verdict::TooLarge(_)
                | Verdict::Denied(_)
        )
    }

    /// What kept the platform from a clear answer, where that is what the verdict says.
    pub(crate) fn fault(&self) -> Option<DeliveryFault> {
        match self {
            Verdict::Busy(trouble) | Verdict::Unclear(trouble) | Verdict::Unreachable(trouble) => {
                Some(trouble.fault.clone())
            }
            Verdict::WrongAddress(stranger) => Some(DeliveryFault::Stranger(stranger.clone())),
            // Named one by one, so that a new verdict must be decided on here.
            Verdict::Accepted { .. }
            | Verdict::Refused(_)
            | Verdict::TooLarge(_)
            | Verdict::Denied(_) => None,
        }
    }
}
