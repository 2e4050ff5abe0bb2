//! What an import has to do with the ledger: what earlier runs had accepted is left out, and what becomes of each contact
//! is written down.
//!
//! Owns what is recorded, and what is left out. How it is kept is the ledger's; a dry run has a book without pages.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::batch::Item;
use crate::event::Event;
use crate::fingerprint::{Fingerprint, Salt};
use crate::ledger::{Additions, Ending, LedgerError, Mark, Memory, Run};
use crate::outcome::{Outcome, Skip};

/// What earlier runs had accepted, and what of it is left out.
#[derive(Debug, Default)]
pub(crate) struct Earlier {
    /// What the account holds, where anything is left out.
    pub(crate) memory: Option<Memory>,
    /// Which of it.
    pub(crate) left_out: LeftOut,
    /// What the ledgers hold, each under a salt of its own, that this one was taken over for.
    pub(crate) beside: Vec<(Salt, Memory)>,
}

/// What is not sent again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LeftOut {
    /// What the run had accepted that is gone on with.
    #[default]
    Resumed,
    /// Everything that is unchanged.
    Unchanged,
}

impl Earlier {
    /// Why the contact is left out, if it is.
    pub(super) fn skip(&self, item: &Item) -> Option<Skip> {
        let (memory, contact) = (self.memory.as_ref()?, item.fingerprint.as_ref()?);
        let was_early = || memory.was_resumed_early(contact) && !self.is_contradicted(item);
        if memory.is_resumed(contact) || was_early() {
            return Some(Skip::Resumed);
        }
        let is_unchanged = self.left_out == LeftOut::Unchanged && memory.is_accepted(contact);
        is_unchanged.then_some(Skip::Unchanged)
    }

    fn is_contradicted(&self, item: &Item) -> bool {
        self.beside.iter().any(|(salt, memory)| {
            memory.contradicts(&salt.fingerprint(item.phone.key(), &item.json))
        })
    }
}

/// Where a run writes down what becomes of its contacts. Shared by the sending and the collecting thread.
#[derive(Clone, Debug)]
pub(crate) struct Book(Arc<Mutex<Pages>>);

#[derive(Debug)]
enum Pages {
    /// Nothing is kept.
    None,
    Run(Run),
    Additions(Additions),
}

impl Book {
    /// A book that forgets: for a dry run, and for a sandbox that forgets as well.
    pub(crate) fn blank() -> Book {
        Book::of(Pages::None)
    }

    /// The book of a run.
    pub(crate) fn of_run(run: Run) -> Book {
        Book::of(Pages::Run(run))
    }

    /// The book of contacts that are added singly.
    pub(crate) fn of_additions(additions: Additions) -> Book {
        Book::of(Pages::Additions(additions))
    }

    fn of(pages: Pages) -> Book {
        Book(Arc::new(Mutex::new(pages)))
    }

    /// The run's name, as the ledger has it.
    pub(crate) fn name(&self) -> Option<String> {
        match &*self.pages() {
            Pages::Run(run) => Some(run.name().to_owned()),
            Pages::Additions(_) | Pages::None => None,
        }
    }

    /// Records the end of the run, and waits until all of it is on the disk. Nothing is recorded after it.
    ///
    /// # Errors
    /// When it cannot be written: then the run counts as unfinished.
    pub(crate) fn close(&self, ending: &Ending) -> Result<(), LedgerError> {
        match std::mem::replace(&mut *self.pages(), Pages::None) {
            Pages::Run(run) => run.end(ending),
            Pages::Additions(_) | Pages::None => Ok(()),
        }
    }

    /// Records that these are about to be sent.
    pub(super) fn departing(&self, items: &[Item]) -> Result<(), LedgerError> {
        self.record(Mark::Sent, items.iter().map(|item| &item.fingerprint))
    }

    /// Records that the platform took these. The sending thread does so itself: an acceptance that waited for somebody
    /// to look at it would be lost with a kill, although its sender had gone on.
    pub(super) fn arrived(&self, items: &[Item]) -> Result<(), LedgerError> {
        self.record(Mark::Accepted, items.iter().map(|item| &item.fingerprint))
    }

    /// Records what an event says of contacts, before anybody counts or shows it.
    pub(super) fn note(&self, event: &Event) -> Result<(), LedgerError> {
        match event {
            Event::Failed(failure) if failure.outcome == Outcome::Refused => {
                self.record(Mark::Refused, [&failure.fingerprint])
            }
            _ => Ok(()),
        }
    }

    fn record<'a>(
        &self,
        mark: Mark,
        contacts: impl IntoIterator<Item = &'a Option<Fingerprint>>,
    ) -> Result<(), LedgerError> {
        let mut contacts = contacts.into_iter().flatten();
        match &mut *self.pages() {
            Pages::None => Ok(()),
            Pages::Run(run) => run.record(mark, contacts),
            Pages::Additions(additions) => {
                contacts.try_for_each(|contact| additions.record(mark, contact))
            }
        }
    }

    /// A thread that panicked leaves whole records behind: each is one write.
    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
