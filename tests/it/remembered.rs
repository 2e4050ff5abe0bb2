//! What runs left in the ledger of a folder, read as the next run would read it.

use std::time::{SystemTime, UNIX_EPOCH};

use bp_import::ledger::{
    AccountLedger, InputsId, KnownContacts, RunCounts, RunFacts, RunState, accounts,
    last_unfinished, runs,
};

use crate::run::Folder;

/// The ledger of the one account that a folder's runs sent to.
pub struct Remembered(AccountLedger);

impl Remembered {
    /// Fails where a ledger cannot be read; none where no run came as far as to have one.
    pub fn of(folder: &Folder) -> Option<Remembered> {
        let mut all = accounts(&folder.state()).unwrap();
        assert!(all.len() <= 1, "{all:?}");
        let remembered = Remembered(all.pop()?);
        KnownContacts::load(&remembered.0, None).unwrap();
        for run in remembered.runs() {
            assert_ne!(run.state, RunState::Unreadable, "{run:?}");
        }
        Some(remembered)
    }

    /// All runs, the oldest first.
    pub fn runs(&self) -> Vec<RunFacts> {
        runs(&self.0).unwrap()
    }

    /// The unfinished run that the next run of this file resumes, and how many contacts that will skip.
    pub fn unfinished(&self, folder: &Folder, file: &str) -> Option<(RunFacts, usize)> {
        let path = folder.path().join(file).canonicalize().unwrap();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let inputs = InputsId::of(&[path]);
        let run = last_unfinished(&self.0, &inputs, None, now.as_secs()).unwrap()?;
        let resumed = KnownContacts::load(&self.0, Some(&run.start.name)).unwrap();
        Some((run, resumed.resumed()))
    }
}

/// What the last run of a folder recorded of contacts so far.
pub fn last_counts(folder: &Folder) -> RunCounts {
    let runs = Remembered::of(folder).map(|remembered| remembered.runs());
    let last = runs.and_then(|mut runs| runs.pop());
    last.map_or_else(RunCounts::default, |run| run.counts)
}
