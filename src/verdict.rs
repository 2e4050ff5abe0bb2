//! What one answer means for the batch that was sent. Decides nothing: `deliver::policy` does.

use std::time::Duration;

/// What the answer to one request, or its absence, means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The platform took the whole batch.
    Accepted {
        /// What it had to say all the same.
        warnings: Vec<String>,
    },
    /// The platform said no to the batch: one bad contact can be the cause.
    Refused(Answer),
    /// The body is over the server's limit.
    TooLarge(Answer),
    /// Surely not arrived; later it may.
    Busy(Trouble),
    /// No clear answer: it may have arrived.
    Unclear(Trouble),
    /// The credentials are not taken.
    Denied(Answer),
    /// What answers at this address is not the API.
    WrongAddress(Answer),
    /// The host cannot be spoken to at all: its name does not resolve, or its certificate is not trusted.
    Unreachable(Trouble),
}

/// An answer in the server's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub(crate) status: u16,
    /// What the server said, or what the answer was where it said nothing.
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

impl Answer {
    /// Whether the status is a 2xx: then the body may have been taken, whatever answered.
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl Verdict {
    /// Whether the platform itself answered the question: neither busy, nor unclear, nor somebody else.
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
