//! What earlier runs sent, and which contacts are therefore left out.
//!
//! Owns the decision. The ledger knows what an account accepted.

use crate::batch::Item;
use crate::fingerprint::Salt;
use crate::ledger::KnownContacts;
use crate::outcome::Skip;

/// What earlier runs got accepted, and which of it is left out.
#[derive(Debug, Default)]
pub(crate) struct PreviouslySent {
    /// What the account accepted; `None` if nothing is left out.
    pub(crate) memory: Option<KnownContacts>,
    /// Which of it is left out.
    pub(crate) left_out: LeftOut,
    /// The records of ledgers that this one replaced (`--same-account`), each with its own salt.
    pub(crate) beside: Vec<(Salt, KnownContacts)>,
}

/// What is not sent again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LeftOut {
    /// What the resumed run got accepted.
    #[default]
    Resumed,
    /// Every contact that was accepted and has not changed since (`--changed`).
    Unchanged,
}

impl PreviouslySent {
    /// Why a contact is left out, if it is.
    pub(super) fn skip(&self, item: &Item) -> Option<Skip> {
        let (memory, contact) = (self.memory.as_ref()?, item.fingerprint.as_ref()?);
        // An acceptance from before a takeover (`--same-account`) was recorded under another name or token. It counts
        // unless a ledger that was replaced knows the contact in another form, or knows that it was sent again since.
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
