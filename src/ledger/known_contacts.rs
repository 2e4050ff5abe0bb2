//! What an account holds for certain: the latest form of each contact whose latest form was accepted.
//!
//! Serves `--changed`, and a run that resumes another: what that one had accepted, and no run has overtaken since, is
//! left out. A million contacts take 30 MB.

use std::collections::HashSet;

use super::account::AccountLedger;
use super::catalogue::{AccountFiles, chain};
use super::error::LedgerError;
use super::latest_form::LatestForm;
use super::replay::Replay;
use crate::fingerprint::Fingerprint;
use crate::hash_table::HashTable;

/// What an account holds, as far as this machine's ledger knows.
#[derive(Debug)]
pub struct KnownContacts {
    forms: HashTable<LatestForm>,
    is_damaged: bool,
}

impl KnownContacts {
    /// Reads all that is recorded of the account, and which of it was accepted by the run that is resumed.
    ///
    /// # Errors
    /// When a file cannot be read, or is of a newer bp-import.
    pub fn load(
        account: &AccountLedger,
        resumed_run: Option<&str>,
    ) -> Result<KnownContacts, LedgerError> {
        let _shared = account.lock_shared()?;
        let files = AccountFiles::of(account)?;
        let segments = files.list_all_known()?;
        let resumed: HashSet<u64> = resumed_run
            .into_iter()
            .flat_map(|run| chain(&segments, run))
            .map(|segment| segment.file.number)
            .collect();
        let replay = Replay::over(account.directory(), &files, &segments, &resumed)?;
        let (forms, is_damaged) = replay.into_forms();
        Ok(KnownContacts { forms, is_damaged })
    }

    /// Whether a part of the ledger was damaged: what it could contradict counts as changed until it is compacted.
    pub(crate) fn is_damaged(&self) -> bool {
        self.is_damaged
    }

    /// Whether the resumed run had the contact accepted in this form, and no run has sent another form since.
    pub(crate) fn is_resumed(&self, contact: &Fingerprint) -> bool {
        self.has(contact, LatestForm::is_resumed)
    }

    /// The same, but before the ledger was taken over: true unless the new owner's own ledger contradicts.
    pub(crate) fn was_resumed_early(&self, contact: &Fingerprint) -> bool {
        self.has(contact, LatestForm::is_resumed_early)
    }

    /// Whether anything is known of the contact other than that this form was accepted.
    pub(crate) fn contradicts(&self, contact: &Fingerprint) -> bool {
        let found = self.forms.get(&LatestForm::of(contact));
        found.is_some() && !self.is_accepted(contact)
    }

    /// The number of contacts that the resumed run had accepted.
    pub fn resumed(&self) -> usize {
        let all = self.forms.iter();
        all.filter(|form| form.is_resumed() || form.is_resumed_early())
            .count()
    }

    /// Whether nothing was ever recorded, or nothing that still counts.
    pub(crate) fn is_empty(&self) -> bool {
        self.forms.iter().next().is_none()
    }

    /// Whether the contact's latest form is this one, and was accepted. When in doubt, it was not.
    pub(crate) fn is_accepted(&self, contact: &Fingerprint) -> bool {
        self.has(contact, LatestForm::is_accepted)
    }

    fn has(&self, contact: &Fingerprint, is_wanted: impl Fn(&LatestForm) -> bool) -> bool {
        let probe = LatestForm::of(contact);
        let found = self.forms.get(&probe);
        found.is_some_and(|form| form.is_same_form(&probe) && is_wanted(form))
    }
}
