//! The one language between the work and those who watch it: facts, never text for a terminal.
//!
//! Owns what can happen in an import, and the reasons a run may end before its input does.

use std::time::Duration;

use crate::batch::Item;
use crate::fingerprint::Fingerprint;
use crate::mapping::Warning;
use crate::outcome::{Outcome, Reason, Skip};
use crate::record::{Place, Record};

/// Something that happened. Every record that was taken is in exactly one of the first five.
#[derive(Debug)]
pub enum Event {
    /// The platform took these contacts.
    Accepted(Vec<Item>),
    /// These contacts would be sent, were this no dry run.
    WouldSend(Vec<Item>),
    /// A record was left out on purpose.
    Skipped(Skip),
    /// A record was left out for another one of the same phone.
    Repeated(Place, Twin),
    /// A record ended badly.
    Failed(Box<Failure>),
    /// A record is fine, yet something about it is to be known.
    Warned(Place, Warning),
    /// The platform accepted a batch and had something to say.
    Remarked(String),
    /// A request was sent.
    Requested,
    /// A batch goes out again, after a wait.
    Retried,
    /// Sending waits; the last word on it stands until the next request or answer.
    Waiting(Wait),
    /// The server's limit of bytes was learnt: later batches stay below.
    Capped(usize),
    /// An input broke off or could not be read further.
    BrokeOff(Halt),
    /// The inputs are looked through for repeated phones, before the first record is taken: so far up to this record,
    /// and so many bytes of its input.
    LookedThrough(Place, u64),
}

/// The other record of a phone that stands in several, and why that one is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twin {
    /// It came first.
    Earlier(Place),
    /// It comes last.
    Later(Place),
    /// It comes last, and has in it what is said here.
    United(Place),
}

impl Twin {
    /// Where it stands.
    pub(crate) fn place(self) -> Place {
        match self {
            Twin::Earlier(place) | Twin::Later(place) | Twin::United(place) => place,
        }
    }
}

/// A record that ended badly, with what its rejects file needs.
#[derive(Debug)]
pub struct Failure {
    /// The record as it stood.
    pub record: Record,
    /// `Invalid`, `Refused`, `Unknown` or `Unsent`.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// What the ledger knows the contact by, where it was made one.
    pub fingerprint: Option<Fingerprint>,
}

impl Failure {
    /// A contact that was ready to be sent, and did not arrive, or nobody knows: a failure for each record that it was
    /// made of, in their order, since each must be given back for the contact to be what it was.
    pub(crate) fn all_of(
        item: Item,
        outcome: Outcome,
        reason: &Reason,
    ) -> impl Iterator<Item = Failure> {
        let failure = move |record, fingerprint| Failure {
            record,
            outcome,
            reason: reason.clone(),
            fingerprint,
        };
        let twins = item.twins.into_iter();
        let own = std::iter::once((item.record, item.fingerprint));
        twins
            .map(|record| (record, None))
            .chain(own)
            .map(move |(record, fingerprint)| failure(record, fingerprint))
    }
}

/// Why nothing is being sent right now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// What went wrong: `503 Service Unavailable`.
    pub(crate) why: String,
    /// For how long.
    pub(crate) lasts: Duration,
    /// Who waits.
    pub(crate) who: Waiters,
}

/// Who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Waiters {
    /// All senders: the server ordered it.
    Everyone,
    /// One batch; others may go out meanwhile.
    OneBatch,
}

/// Why a run ended, or could not read on, before it was through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Halt {
    /// An input cannot be read, or broke off.
    Input(String),
    /// The API cannot be reached, or is too busy for too long.
    Unreachable(String),
    /// The API does not take the credentials.
    Denied(String),
    /// Something else answers at that address.
    WrongAddress(String),
    /// Everything is refused for one reason.
    AllRefused(String),
    /// More errors than `--max-errors` allows.
    MaxErrors(String),
    /// `--limit` is reached.
    Limit,
    /// Ctrl-C.
    Interrupted,
    /// SIGTERM.
    Terminated,
    /// The ledger, the rejects file or a report cannot be written.
    Output(String),
    /// Another run of the same import is at work.
    Locked(String),
}

impl Halt {
    /// The word that scripts read in `stopped`.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Halt::Input(_) => "input",
            Halt::Unreachable(_) => "unreachable",
            Halt::Denied(_) => "denied",
            Halt::WrongAddress(_) => "wrong_address",
            Halt::AllRefused(_) => "all_refused",
            Halt::MaxErrors(_) => "max_errors",
            Halt::Limit => "limit",
            Halt::Interrupted | Halt::Terminated => "interrupted",
            Halt::Output(_) => "output",
            Halt::Locked(_) => "locked",
        }
    }

    /// What happened and what to do, for a user; nothing where the user asked for it.
    pub(crate) fn words(&self) -> Option<&str> {
        match self {
            Halt::Input(words)
            | Halt::Unreachable(words)
            | Halt::Denied(words)
            | Halt::WrongAddress(words)
            | Halt::AllRefused(words)
            | Halt::MaxErrors(words)
            | Halt::Output(words)
            | Halt::Locked(words) => Some(words),
            Halt::Limit | Halt::Interrupted | Halt::Terminated => None,
        }
    }
}
