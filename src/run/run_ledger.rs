//! The ledger of a run: whose it is, the lock, the unfinished run that is resumed, and the end of the run.
//!
//! Owns the order of these; what is in the files is the ledger's.

use super::clock::{RunName, unix_seconds};
use super::lock;
use super::notice::{Notice, Tell};
use super::settings::{ImportSource, Past, Purpose, Scope, Settings, Unfinished};
use super::takeover::{Obstacle, OtherLedgers};
use crate::event::Halt;
use crate::fingerprint::Salt;
use crate::import::{ImportEnding, LeftOut, PreviouslySent, RunLog};
use crate::ledger::{
    self, AccountLedger, AdditionRecorder, Completion, KnownContacts, LedgerError, RunEnding,
    RunFacts, RunLock, RunRecorder, RunStart,
};
use crate::report::archive::archived;
use crate::report::ended_run::EndedRun;
use crate::report::run_summary::RunSummary;

/// Segments are merged when together they have this many bytes: some 100,000 contacts at two entries of 37 bytes.
const WORTH_COMPACTING: u64 = 8_000_000;

/// What the same command does the next time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NextTime {
    /// It resumes this run, if that does not finish.
    Resumes,
    /// It begins anew: an input has no name to be known by.
    Unnamed,
    /// It begins anew: nothing is kept.
    Forgets,
}

/// What this machine remembers of an account, for one run.
#[derive(Default)]
pub(super) struct RunLedger {
    purpose: Purpose,
    account: Option<AccountLedger>,
    resumes: Option<RunFacts>,
    /// Whether the same inputs will be known another time.
    has_named_inputs: bool,
    /// What earlier runs had accepted.
    pub(super) previously_sent: PreviouslySent,
    is_damaged: bool,
    /// Held until the run has ended.
    _lock: Option<RunLock>,
}

impl RunLedger {
    /// Opens the account's ledger, and finds out what is left out. Without an account nothing is kept.
    ///
    /// # Errors
    /// When another run of the same import is at work, or the ledger cannot be used.
    pub(super) fn open(settings: &Settings, tell: Tell<'_>) -> Result<RunLedger, Obstacle> {
        let past = &settings.past;
        let others = OtherLedgers {
            past,
            own: settings.recipient.account.as_ref(),
        };
        let (account, taken_over) = others.account()?;
        let lock = match (&account, &past.inputs_id, past.purpose) {
            (Some(account), Some(inputs), Purpose::Send) => {
                Some(lock::take(account, inputs, past, tell).map_err(Obstacle::Halt)?)
            }
            _ => None,
        };
        let mut ledger = RunLedger {
            purpose: past.purpose,
            account,
            has_named_inputs: past.inputs_id.is_some(),
            _lock: lock,
            ..RunLedger::default()
        };
        // A single contact leaves nothing out: it reads nothing of what is there.
        if matches!(settings.source, ImportSource::Files { .. }) {
            ledger.look_back(&others, tell)?;
        }
        // After what is resumed: that is the first thing to know.
        taken_over.iter().for_each(tell);
        Ok(ledger)
    }

    fn look_back(&mut self, others: &OtherLedgers<'_>, tell: Tell<'_>) -> Result<(), LedgerError> {
        let past = others.past;
        self.resumes = self.unfinished(others)?;
        self.remember(past, tell)?;
        self.look_beside(others)?;
        match (&self.resumes, &self.previously_sent.memory) {
            (Some(facts), Some(memory)) => tell(&Notice::Resumed {
                began: facts.start.began,
                accepted: memory.resumed(),
            }),
            _ => others.unfinished_elsewhere().iter().for_each(tell),
        }
        let memory = self.previously_sent.memory.as_ref();
        if past.scope == Scope::Changed && memory.is_none_or(KnownContacts::is_empty) {
            tell(&others.nothing_to_compare());
        }
        Ok(())
    }

    /// What was sent into the account under a name or token whose ledger was given up.
    fn look_beside(&mut self, others: &OtherLedgers<'_>) -> Result<(), LedgerError> {
        if let (Some(account), Some(_)) = (&self.account, &self.resumes) {
            for given_up in others.given_up_for(account)? {
                let memory = KnownContacts::load(&given_up, None)?;
                self.previously_sent.beside.push((given_up.salt(), memory));
            }
        }
        Ok(())
    }

    /// The run that is resumed.
    fn unfinished(&self, others: &OtherLedgers<'_>) -> Result<Option<RunFacts>, LedgerError> {
        match (&self.account, others.past.unfinished) {
            (Some(account), Unfinished::Resume) => others.last_unfinished(account),
            _ => Ok(None),
        }
    }

    /// Reads what the account holds, where any of it may be left out.
    fn remember(&mut self, past: &Past, tell: Tell<'_>) -> Result<(), LedgerError> {
        self.previously_sent.left_out = match past.scope {
            Scope::All => LeftOut::Resumed,
            Scope::Changed => LeftOut::Unchanged,
        };
        let run = self.resumes.as_ref().map(|facts| facts.start.name.as_str());
        if let Some(account) = &self.account
            && (run.is_some() || past.scope == Scope::Changed)
        {
            let memory = KnownContacts::load(account, run)?;
            if memory.is_damaged() {
                self.is_damaged = true;
                tell(&Notice::LedgerDamaged);
            }
            self.previously_sent.memory = Some(memory);
        }
        Ok(())
    }

    /// What fingerprints of this account are made with.
    pub(super) fn salt(&self) -> Option<Salt> {
        self.account.as_ref().map(AccountLedger::salt)
    }

    /// The run that this one resumes.
    pub(super) fn resumes(&self) -> Option<&str> {
        self.resumes.as_ref().map(|facts| facts.start.name.as_str())
    }

    /// Inputs that hold less than half of what they held when an import of them last finished: an export may have broken
    /// off, which nothing in the file shows.
    pub(super) fn shrinkage(&self, ending: &ImportEnding, settings: &Settings) -> Option<Notice> {
        let (account, inputs) = (self.account.as_ref()?, settings.past.inputs_id.as_ref()?);
        if !ending.complete {
            return None;
        }
        // A ledger that cannot be read is reported where it is needed.
        let last = ledger::last_finished(account, inputs).ok()??.ending?;
        let before = RunSummary::from_json(&last.summary)?.read;
        let is_half = ending.read.saturating_mul(2) < before;
        is_half.then(|| Notice::Shrunk {
            names: settings.source.names(),
            now: ending.read,
            before,
        })
    }

    /// What the same command does after this run.
    pub(super) fn next_time(&self) -> NextTime {
        match (&self.account, self.has_named_inputs) {
            (None, _) => NextTime::Forgets,
            (Some(_), false) => NextTime::Unnamed,
            (Some(_), true) => NextTime::Resumes,
        }
    }

    /// The account, where this run may write.
    fn written(&self) -> Option<&AccountLedger> {
        let may_write = self.purpose == Purpose::Send;
        self.account.as_ref().filter(|_| may_write)
    }

    /// Begins the run's records; of a single contact, which is no run, those beside all runs.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(super) fn begin(&self, run: &RunName, settings: &Settings) -> Result<RunLog, Halt> {
        let Some(account) = self.written() else {
            return Ok(RunLog::disabled());
        };
        if let ImportSource::Contact(_) = settings.source {
            return Ok(RunLog::of_additions(AdditionRecorder::open(account)?));
        }
        let start = RunStart {
            name: run.name.clone(),
            began: run.began,
            inputs: settings.source.names(),
            inputs_id: settings.past.inputs_id.clone(),
            shard: settings.past.shard,
            continues: self.resumes().map(ToOwned::to_owned),
        };
        Ok(RunLog::of_run(RunRecorder::begin(account, start)?))
    }

    /// Merges what has grown large. What fails now succeeds another time.
    pub(super) fn tidy(&self) {
        // A damaged part costs repeats, run after run, until it is left behind.
        let worth = if self.is_damaged { 0 } else { WORTH_COMPACTING };
        if let Some(account) = self.written() {
            let _ = ledger::compact_if_worth(account, worth, unix_seconds());
        }
    }
}

/// The end of a run, for the next one and for `history`.
pub(super) fn ending(ended: &EndedRun, summary: &RunSummary) -> RunEnding {
    let tally = &ended.tally;
    let is_finished =
        ended.complete && ended.halts.is_empty() && tally.unknown == 0 && tally.unsent == 0;
    RunEnding {
        ended: unix_seconds(),
        completion: if is_finished {
            Completion::Finished
        } else {
            Completion::Unfinished
        },
        summary: archived(summary, tally).to_json(),
    }
}
