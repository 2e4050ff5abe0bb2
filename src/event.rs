//! What the threads of an import report to the collector: facts, never text for a terminal.
//!
//! Owns what can happen in an import, and the reasons a run may end before its input does.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::batch::Item;
use crate::fingerprint::Fingerprint;
use crate::mapping::Warning;
use crate::outcome::{Outcome, Reason, Skip};
use crate::record::{Place, SharedRecord};
use crate::verdict::{DeliveryFault, ServerWords, Stranger};

/// Something that happened. Every record that was taken is in exactly one of the first five.
#[derive(Debug)]
pub enum Event {
    /// The platform took these contacts.
    Accepted(Vec<Item>),
    /// These contacts would be sent, were this no dry run.
    WouldSend(Vec<Item>),
    /// A record was left out on purpose.
    Skipped(Skip),
    /// A record was left out for another one of its phone.
    Duplicate(Place, DuplicateOf),
    /// A record ended badly.
    Failed(Box<Failure>),
    /// A record is sent, with a warning about it.
    Warned(Place, Warning),
    /// The platform accepted a batch, and its answer has warnings.
    ServerWarned(ServerWords),
    /// A request was sent.
    Requested,
    /// A batch goes out again, after a wait.
    Retried,
    /// Sending waits. The last such event is shown until something is accepted.
    Waiting(Wait),
    /// The server's limit of bytes was learnt: later batches stay below.
    Capped(usize),
    /// An input broke off or could not be read further.
    BrokeOff(Halt),
    /// Progress of the first of two readings, which only looks for phones in several rows: up to this record, which
    /// ends at this byte of its input.
    LookedThrough(Place, u64),
}

/// The record that is sent of a phone with several, and why that one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DuplicateOf {
    /// It came first.
    Earlier(Place),
    /// It comes last.
    Later(Place),
    /// It comes last, and this record was merged into it.
    Merged(Place),
}

impl DuplicateOf {
    /// Where it is.
    pub(crate) fn place(self) -> Place {
        match self {
            DuplicateOf::Earlier(place)
            | DuplicateOf::Later(place)
            | DuplicateOf::Merged(place) => place,
        }
    }
}

/// A record that ended badly, with what its rejects file needs.
#[derive(Debug)]
pub struct Failure {
    /// The record as it was read.
    pub record: SharedRecord,
    /// `Invalid`, `Refused`, `Unknown` or `Unsent`.
    pub outcome: Outcome,
    /// Why.
    pub reason: Reason,
    /// What kept it from a clear answer the last time that it was sent.
    pub(crate) fault: Option<DeliveryFault>,
    /// The contact's key in the ledger, where the record became a contact.
    pub fingerprint: Option<Fingerprint>,
}

impl Failure {
    /// A contact that did not arrive, or may not have: a failure for each record that was merged into it, in row order.
    /// Without all of them in the rejects file, the next import would send another contact.
    pub(crate) fn all_of(
        item: Item,
        outcome: Outcome,
        reason: &Reason,
        fault: Option<&DeliveryFault>,
    ) -> impl Iterator<Item = Failure> {
        let merged = item.merged.into_iter();
        let own = std::iter::once((item.record, item.fingerprint));
        merged
            // The contact has one fingerprint: the ledger must not count its refusal once a row.
            .map(|record| (record, None))
            .chain(own)
            .map(move |(record, fingerprint)| Failure {
                record,
                outcome,
                reason: reason.clone(),
                fault: fault.cloned(),
                fingerprint,
            })
    }
}

/// Why nothing is being sent right now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// What went wrong.
    pub(crate) why: DeliveryFault,
    /// For how long.
    pub(crate) lasts: Duration,
    /// Who waits.
    pub(crate) who: WaitScope,
}

/// Who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WaitScope {
    /// All senders: the server ordered it.
    AllSenders,
    /// One batch; others may go out meanwhile.
    OneBatch,
}

/// Why a run ended, or could not read on, before it was through: facts, which `report::words` puts into words.
#[derive(Clone, Debug, PartialEq)]
pub enum Halt {
    /// An input cannot be read, or broke off.
    Input(InputFault),
    /// The API cannot be reached, or is too busy for too long.
    Unreachable(Unreachable),
    /// The API does not take the credentials.
    Denied(ServerWords),
    /// Something else answers at that address.
    WrongAddress(Stranger),
    /// Everything is refused for one reason, in which digits are masked.
    AllRefused(ServerWords),
    /// More errors than `--max-errors` allows.
    MaxErrors(TooManyErrors),
    /// `--limit` is reached.
    Limit,
    /// Ctrl-C.
    Interrupted,
    /// SIGTERM.
    Terminated,
    /// The ledger, the rejects file or a report cannot be written.
    Output(OutputFault),
    /// Another run of the same import is at work.
    Locked(LockFault),
}

/// What is wrong with an input.
#[derive(Clone, Debug, PartialEq)]
pub enum InputFault {
    /// An input of this name cannot be opened, or broke off.
    Broken(String, SharedError),
    /// An input of this name changed between the two times that `--on-duplicate` reads it.
    Changed(String),
    /// The inputs cannot be prepared; the error names the input.
    Unprepared(SharedError),
}

/// Why no answer can be had from the API.
#[derive(Clone, Debug, PartialEq)]
pub enum Unreachable {
    /// It is in the way at once, whatever the budget.
    AtOnce(DeliveryFault),
    /// It outlasted `--retry-for`.
    BudgetSpent(DeliveryFault),
    /// The server asks for a wait that is longer than `--retry-for`.
    AskedTooLong(DeliveryFault, Duration),
    /// This machine gives no resources for network connections.
    NoResources,
}

/// What cannot be written.
#[derive(Clone, Debug, PartialEq)]
pub enum OutputFault {
    /// The ledger or a file; the error names it.
    Unwritable(SharedError),
    /// The sending thread panicked: a bug.
    SenderLost,
}

/// What another process holds.
#[derive(Clone, Debug, PartialEq)]
pub enum LockFault {
    /// The ledger; the error names it.
    Ledger(SharedError),
    /// The lock of this import, after this long a wait for it.
    Run(Option<LockHolder>, Duration),
}

/// The process that holds the lock of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockHolder {
    /// Its id.
    pub(crate) pid: u32,
    /// Since when, in seconds since the epoch.
    pub(crate) since: u64,
}

/// Errors beyond what `--max-errors` allows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TooManyErrors {
    /// Records that are invalid, refused or unknown.
    pub(crate) errors: u64,
    /// Of this many that have an outcome.
    pub(crate) settled: u64,
    /// What is allowed.
    pub(crate) allowed: MaxErrors,
}

/// When errors end a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum MaxErrors {
    /// More than this many.
    Count(u64),
    /// More than this part of the rows read (0 to 1), judged from 1,000 rows on and at the end.
    Share(f64),
}

/// An error as the module returned it that met it. Two are equal where they read the same: a fault that is reported by
/// two threads is one.
#[derive(Clone, Debug)]
pub struct SharedError(Arc<dyn Error + Send + Sync>);

impl SharedError {
    pub(crate) fn new(error: impl Error + Send + Sync + 'static) -> SharedError {
        SharedError(Arc::new(error))
    }
}

impl PartialEq for SharedError {
    fn eq(&self, other: &SharedError) -> bool {
        // Errors of the system have no equality; their texts do.
        self.0.to_string() == other.0.to_string()
    }
}

impl fmt::Display for SharedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Halt {
    /// An output that cannot be written.
    pub(crate) fn unwritable(error: impl Error + Send + Sync + 'static) -> Halt {
        Halt::Output(OutputFault::Unwritable(SharedError::new(error)))
    }

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
            // The exit code tells the two apart.
            Halt::Interrupted | Halt::Terminated => "interrupted",
            Halt::Output(_) => "output",
            Halt::Locked(_) => "locked",
        }
    }
}
