//! What an answer says of the pace.

use crate::verdict::Verdict;

/// What an answer says of the pace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// The platform took the batch: so long does that take.
    Taken,
    /// It is asked too much.
    Busy,
    /// No clear answer. One that takes long to be lost tells of a server that is slow.
    Lost,
    /// It is not about the pace: what is refused may be refused fast.
    Nothing,
}

impl Signal {
    /// What a verdict says of the pace.
    pub(crate) fn of(verdict: &Verdict) -> Signal {
        match verdict {
            Verdict::Accepted { .. } => Signal::Taken,
            Verdict::Busy(_) => Signal::Busy,
            Verdict::Unclear(_) => Signal::Lost,
            Verdict::Refused(_)
            | Verdict::TooLarge(_)
            | Verdict::Denied(_)
            | Verdict::WrongAddress(_)
            | Verdict::Unreachable(_) => Signal::Nothing,
        }
    }
}
