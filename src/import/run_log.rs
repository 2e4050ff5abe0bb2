//! Records in the ledger what becomes of each contact of a run.
//!
//! Owns which events are recorded. How they are stored is the ledger's; a dry run has a log that records nothing.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::batch::Item;
use crate::event::Event;
use crate::fingerprint::Fingerprint;
use crate::ledger::{AdditionRecorder, LedgerError, LedgerMark, RunEnding, RunRecorder};
use crate::outcome::Outcome;

/// Where a run records what becomes of its contacts. Shared by the sending and the collecting thread.
#[derive(Clone, Debug)]
pub(crate) struct RunLog(Arc<Mutex<LogTarget>>);

#[derive(Debug)]
enum LogTarget {
    /// Nothing is kept.
    None,
    Run(RunRecorder),
    Additions(AdditionRecorder),
}

impl RunLog {
    /// Records nothing: for a dry run, and for a sandbox that forgets as well.
    pub(crate) fn disabled() -> RunLog {
        RunLog::of(LogTarget::None)
    }

    /// Records in the ledger of a run.
    pub(crate) fn of_run(run: RunRecorder) -> RunLog {
        RunLog::of(LogTarget::Run(run))
    }

    /// Records contacts that are added one by one, outside any run.
    pub(crate) fn of_additions(additions: AdditionRecorder) -> RunLog {
        RunLog::of(LogTarget::Additions(additions))
    }

    fn of(target: LogTarget) -> RunLog {
        RunLog(Arc::new(Mutex::new(target)))
    }

    /// The run's name, as the ledger has it.
    pub(crate) fn name(&self) -> Option<String> {
        match &*self.target() {
            LogTarget::Run(run) => Some(run.name().to_owned()),
            LogTarget::Additions(_) | LogTarget::None => None,
        }
    }

    /// Records the end of the run, and waits until all of it is on the disk. Nothing is recorded after it.
    ///
    /// # Errors
    /// When it cannot be written: then the run counts as unfinished.
    pub(crate) fn close(&self, ending: &RunEnding) -> Result<(), LedgerError> {
        match std::mem::replace(&mut *self.target(), LogTarget::None) {
            LogTarget::Run(run) => run.end(ending),
            LogTarget::Additions(_) | LogTarget::None => Ok(()),
        }
    }

    /// Records that these are about to be sent.
    pub(super) fn sending(&self, items: &[Item]) -> Result<(), LedgerError> {
        self.record(LedgerMark::Sent, items.iter().map(|item| &item.fingerprint))
    }

    /// Records that the platform accepted these. Called by the sending thread itself: if the collector recorded them,
    /// a kill would lose acceptances that were still in its queue, and the next run would send those contacts again.
    pub(super) fn accepted(&self, items: &[Item]) -> Result<(), LedgerError> {
        self.record(
            LedgerMark::Accepted,
            items.iter().map(|item| &item.fingerprint),
        )
    }

    /// Records the contacts that an event refuses. Called before the event is counted or shown.
    pub(super) fn note(&self, event: &Event) -> Result<(), LedgerError> {
        match event {
            Event::Failed(failure) if failure.outcome == Outcome::Refused => {
                self.record(LedgerMark::Refused, [&failure.fingerprint])
            }
            _ => Ok(()),
        }
    }

    fn record<'a>(
        &self,
        mark: LedgerMark,
        contacts: impl IntoIterator<Item = &'a Option<Fingerprint>>,
    ) -> Result<(), LedgerError> {
        let mut contacts = contacts.into_iter().flatten();
        match &mut *self.target() {
            LogTarget::None => Ok(()),
            LogTarget::Run(run) => run.record(mark, contacts),
            LogTarget::Additions(additions) => {
                contacts.try_for_each(|contact| additions.record(mark, contact))
            }
        }
    }

    /// A panic in another thread leaves no half-written record (each is one write), so the log stays usable.
    fn target(&self) -> MutexGuard<'_, LogTarget> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
