//! What one answer means for the batch that was sent. Decides nothing: `deliver::policy` does.

use std::time::Duration;

/// What the answer to one request, or its absence, means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The platform accepted the whole batch.
    Accepted {
        /// The warnings in its answer.
        warnings: Vec<String>,
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
    WrongAddress(ServerAnswer),
    /// No request can reach the host: its name does not resolve, or its certificate is not trusted.
    Unreachable(Trouble),
}

/// An answer in the server's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerAnswer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The server's message, or a description of an answer without one.
    pub(crate) words: String,
}

/// Why there is no clear answer yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What went wrong, for a user: `503 Service Unavailable`, `connection refused`.
    pub words: String,
    /// How long the server asks everyone to wait (RFC 9110, section 10.2.3).
    pub retry_after: Option<Duration>,
}

impl ServerAnswer {
    /// Whether the status is a 2xx: then the body may have been accepted, whatever the answer looks like.
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
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
}
