//! The ledger of a run: whose it is, the lock, the unfinished run that is gone on with, and the account at the end.
//!
//! Owns the order of these and what is said of them; what stands in the files is the library's.

mod others;
mod turn;

use std::path::Path;
use std::time::Duration;

use self::others::Others;
use self::turn::turn;
use super::args::{AccountArgs, ShowArgs};
use super::clock::{RunName, unix_seconds};
use crate::event::Halt;
use crate::fingerprint::Salt;
use crate::import::{self, LeftOut, PreviouslySent, RunLog};
use crate::ledger::{
    self, Account, Additions, Completion, Ending, InputsId, LedgerError, Memory, Owner, Run,
    RunFacts, RunLock, Start,
};
use crate::report::archive::archived;
use crate::report::ended_run::EndedRun;
use crate::report::run_summary::RunSummary;
use crate::report::when::shown;
use crate::shard::Shard;
use crate::units::grouped;

/// A run's records are merged with earlier ones when together they have so many bytes.
const WORTH_COMPACTING: u64 = 8_000_000;

/// Said once; the damage is left behind when the run has ended.
const DAMAGED: &str =
    "warning: a part of the ledger is damaged: what it may have held is sent again";

/// Which import this is, and what is wanted of its past.
pub(super) struct Wanted<'a> {
    pub(super) purpose: Purpose,
    /// Which inputs these are, where that can be told.
    pub(super) inputs_id: Option<InputsId>,
    pub(super) shard: Option<Shard>,
    pub(super) unfinished: Unfinished,
    pub(super) scope: Scope,
    pub(super) takeover: Takeover,
    /// How long another run of the same import is waited for.
    pub(super) wait: Duration,
    /// Takes what is to be known at once.
    pub(super) say: &'a dyn Says,
}

/// Takes what a user is to know before anything is sent.
pub(super) trait Says {
    fn say(&self, words: &str);
}

/// What a run may do to the ledger.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Lock it, and write it.
    Send,
    /// Read it.
    #[default]
    Rehearse,
}

impl Purpose {
    pub(super) fn of(show: &ShowArgs) -> Purpose {
        if show.dry_run {
            Purpose::Rehearse
        } else {
            Purpose::Send
        }
    }
}

/// What becomes of a run that did not finish.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfinished {
    GoOn,
    /// `--restart`.
    Forget,
}

/// Which contacts are sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    All,
    /// `--changed`.
    Changed,
}

/// Whether another token's ledger becomes this one's.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Takeover {
    No,
    /// `--same-account`: the one that is obviously meant.
    Obvious,
    /// `--same-account=LABEL`
    Of(String),
}

impl Takeover {
    pub(super) fn of(account: &AccountArgs) -> Takeover {
        match account.same_account.as_deref().map(str::trim) {
            None => Takeover::No,
            Some("") => Takeover::Obvious,
            Some(label) => Takeover::Of(label.to_owned()),
        }
    }
}

/// What the same command does the next time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Footing {
    /// It goes on with this run, if that does not finish.
    GoesOn,
    /// It begins anew: an input has no name to be known by.
    Unnamed,
    /// It begins anew: nothing is kept.
    Forgets,
}

/// Why a run cannot begin.
pub(super) enum Obstacle {
    /// The command line does not say enough.
    Usage(String),
    /// Another run is at work, or the ledger cannot be used.
    Halt(Halt),
}

impl From<LedgerError> for Obstacle {
    fn from(error: LedgerError) -> Obstacle {
        Obstacle::Halt(error.into())
    }
}

/// Whether the ledger was read whole.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Damage {
    #[default]
    None,
    Found,
}

/// What this machine remembers of an account, for one run.
#[derive(Default)]
pub(super) struct RunLedger {
    purpose: Purpose,
    account: Option<Account>,
    inputs_id: Option<InputsId>,
    shard: Option<Shard>,
    resumes: Option<RunFacts>,
    /// What earlier runs had accepted.
    pub(super) previously_sent: PreviouslySent,
    damage: Damage,
    /// Held until the run has ended.
    _lock: Option<RunLock>,
}

impl RunLedger {
    /// Opens the owner's ledger, and finds out what is left out. Without an owner nothing is kept.
    ///
    /// # Errors
    /// When another run of the same import is at work, or the ledger cannot be used.
    pub(super) fn open(
        state: &Path,
        owner: Option<&Owner>,
        wanted: &Wanted<'_>,
    ) -> Result<RunLedger, Obstacle> {
        let others = Others {
            state,
            owner,
            wanted,
        };
        let (account, taken_over) = others.account()?;
        let lock = match (&account, &wanted.inputs_id, wanted.purpose) {
            (Some(account), Some(inputs), Purpose::Send) => {
                Some(turn(account, inputs, wanted).map_err(Obstacle::Halt)?)
            }
            _ => None,
        };
        let mut ledger = RunLedger {
            purpose: wanted.purpose,
            account,
            inputs_id: wanted.inputs_id.clone(),
            shard: wanted.shard,
            _lock: lock,
            ..RunLedger::default()
        };
        ledger.look_back(&others)?;
        // After what is gone on with: that is the first thing to know.
        taken_over.iter().for_each(|words| wanted.say.say(words));
        Ok(ledger)
    }

    fn look_back(&mut self, others: &Others<'_>) -> Result<(), LedgerError> {
        let wanted = others.wanted;
        self.resumes = self.unfinished(wanted)?;
        self.remember(wanted)?;
        self.look_beside(others)?;
        match (&self.resumes, &self.previously_sent.memory) {
            (Some(facts), Some(memory)) => wanted.say.say(&goes_on(facts, memory.resumed())),
            _ => others.hint().iter().for_each(|words| wanted.say.say(words)),
        }
        if wanted.scope == Scope::Changed
            && self
                .previously_sent
                .memory
                .as_ref()
                .is_none_or(Memory::is_empty)
        {
            wanted.say.say(&others.no_record());
        }
        Ok(())
    }

    /// What was sent into the account under a name or token of which the ledger was given up.
    fn look_beside(&mut self, others: &Others<'_>) -> Result<(), LedgerError> {
        if let (Some(account), Some(_)) = (&self.account, &self.resumes) {
            for given_up in others.given_up_for(account)? {
                let memory = Memory::load(&given_up, None)?;
                self.previously_sent.beside.push((given_up.salt(), memory));
            }
        }
        Ok(())
    }

    /// The run that is gone on with.
    fn unfinished(&self, wanted: &Wanted<'_>) -> Result<Option<RunFacts>, LedgerError> {
        match (&self.account, wanted.unfinished) {
            (Some(account), Unfinished::GoOn) => wanted.last_unfinished(account),
            _ => Ok(None),
        }
    }

    /// Reads what the account holds, where any of it may be left out.
    fn remember(&mut self, wanted: &Wanted<'_>) -> Result<(), LedgerError> {
        self.previously_sent.left_out = match wanted.scope {
            Scope::All => LeftOut::Resumed,
            Scope::Changed => LeftOut::Unchanged,
        };
        let run = self.resumes.as_ref().map(|facts| facts.start.name.as_str());
        if let Some(account) = &self.account
            && (run.is_some() || wanted.scope == Scope::Changed)
        {
            let memory = Memory::load(account, run)?;
            if memory.is_damaged() {
                self.damage = Damage::Found;
                wanted.say.say(DAMAGED);
            }
            self.previously_sent.memory = Some(memory);
        }
        Ok(())
    }

    /// What fingerprints of this account are made with.
    pub(super) fn salt(&self) -> Option<Salt> {
        self.account.as_ref().map(Account::salt)
    }

    /// The run that this one goes on with.
    pub(super) fn resumes(&self) -> Option<&str> {
        self.resumes.as_ref().map(|facts| facts.start.name.as_str())
    }

    /// What a user is to know of inputs that hold less than half of what they held when an import of them last finished:
    /// an export may have broken off, which nothing in the file shows.
    pub(super) fn shrinkage(
        &self,
        ending: &import::ImportEnding,
        names: &[String],
    ) -> Option<String> {
        let (account, inputs) = (self.account.as_ref()?, self.inputs_id.as_ref()?);
        if !ending.complete {
            return None;
        }
        // A ledger that cannot be read is reported where it is needed.
        let last = ledger::last_finished(account, inputs).ok()??.ending?;
        let before = RunSummary::from_json(&last.summary)?.read;
        let is_half = ending.read.saturating_mul(2) < before;
        is_half.then(|| shrunk(names, ending.read, before))
    }

    /// What the same command does after this run.
    pub(super) fn footing(&self) -> Footing {
        match (&self.account, &self.inputs_id) {
            (None, _) => Footing::Forgets,
            (_, None) => Footing::Unnamed,
            (Some(_), Some(_)) => Footing::GoesOn,
        }
    }

    /// The account, where this run may write.
    fn written(&self) -> Option<&Account> {
        let may_write = self.purpose == Purpose::Send;
        self.account.as_ref().filter(|_| may_write)
    }

    /// Begins the run's records.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(super) fn begin(&self, run: &RunName, inputs: &[String]) -> Result<RunLog, Halt> {
        let Some(account) = self.written() else {
            return Ok(RunLog::disabled());
        };
        let start = Start {
            name: run.name.clone(),
            began: run.began,
            inputs: inputs.to_vec(),
            inputs_id: self.inputs_id.clone(),
            shard: self.shard,
            continues: self.resumes().map(ToOwned::to_owned),
        };
        let run = Run::begin(account, start)?;
        Ok(RunLog::of_run(run))
    }

    /// Begins the record of a contact that is added singly. Reads nothing of what is there.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn begin_addition(&self) -> Result<RunLog, Halt> {
        let Some(account) = self.written() else {
            return Ok(RunLog::disabled());
        };
        let additions = Additions::open(account)?;
        Ok(RunLog::of_additions(additions))
    }

    /// Merges what has grown large. What fails now succeeds another time.
    pub(super) fn tidy(&self) {
        // What is damaged costs repeats, run after run, until it is left behind.
        let worth = match self.damage {
            Damage::None => WORTH_COMPACTING,
            Damage::Found => 0,
        };
        if let Some(account) = self.written() {
            let _ = ledger::compact_if_worth(account, worth, unix_seconds());
        }
    }
}

/// The end of a run, for the next one and for `history`.
pub(super) fn ending(ended: &EndedRun, summary: &RunSummary) -> Ending {
    let tally = &ended.tally;
    let is_finished =
        ended.complete && ended.halts.is_empty() && tally.unknown == 0 && tally.unsent == 0;
    Ending {
        ended: unix_seconds(),
        completion: if is_finished {
            Completion::Finished
        } else {
            Completion::Unfinished
        },
        summary: archived(summary, tally).to_json(),
    }
}

fn shrunk(names: &[String], now: u64, before: u64) -> String {
    let (name, question) = match names {
        [name] => (name.clone(), "is the file complete?"),
        _ => (format!("{} files", names.len()), "are the files complete?"),
    };
    let rows = if now == 1 { "row" } else { "rows" };
    format!(
        "warning: {name}: {} {rows}, the last finished run had {}: {question}",
        grouped(now),
        grouped(before)
    )
}

fn goes_on(facts: &RunFacts, accepted: usize) -> String {
    let began = shown(facts.start.began);
    let accepted = match accepted {
        0 => "nothing of it was accepted".to_owned(),
        1 => "1 contact it had accepted is skipped, unless it changed".to_owned(),
        many => format!(
            "{} contacts it had accepted are skipped, unless they changed",
            grouped(many as u64)
        ),
    };
    format!(
        "going on with the run of {began} that did not finish: {accepted} (--restart sends everything)"
    )
}
