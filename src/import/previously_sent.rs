//! What earlier runs sent, and which contacts are therefore left out.
//!
//! Owns the decision. What an account accepted is the ledger's to say.

use crate::batch::Item;
use crate::fingerprint::Salt;
use crate::ledger::KnownContacts;
use crate::outcome::Skip;

/// What earlier runs had accepted, and what of it is left out.
#[derive(Debug, Default)]
pub(crate) struct PreviouslySent {
    /// What the account holds, where anything is left out.
    pub(crate) memory: Option<KnownContacts>,
    /// Which of it.
    pub(crate) left_out: LeftOut,
    /// What the ledgers hold, each under a salt of its own, that this one was taken over for.
    pub(crate) beside: Vec<(Salt, KnownContacts)>,
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

impl PreviouslySent {
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
