//! The ledger of a run: whose it is, the lock, the unfinished run that is gone on with, and the account at the end.
//!
//! Owns the order of these and what is said of them; what stands in the files is the library's.

use std::path::Path;
use std::process;
use std::thread;
use std::time::{Duration, Instant};

use super::args::{AccountArgs, ShowArgs};
use super::clock::{shown, unix_seconds};
use crate::event::Halt;
use crate::fingerprint::Salt;
use crate::import::{Book, Earlier};
use crate::ledger::{
    self, Account, Additions, Completion, Ending, Holder, InputsId, LedgerError, LockError, Memory,
    Owner, Resumed, Run, RunFacts, RunLock, Start,
};
use crate::report;
use crate::report::kept::Kept;
use crate::shard::Shard;
use crate::units::{counted, duration};

/// A run's records are merged with earlier ones when together they have so many bytes.
const WORTH_COMPACTING: u64 = 8_000_000;
/// How soon it is noticed that another run has ended.
const GLANCE: Duration = Duration::from_millis(100);

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
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Takeover {
    No,
    /// `--same-account`.
    Wanted,
}

impl Takeover {
    pub(super) fn of(account: &AccountArgs) -> Takeover {
        if account.same_account {
            Takeover::Wanted
        } else {
            Takeover::No
        }
    }
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
    pub(super) earlier: Earlier,
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
    ) -> Result<RunLedger, Halt> {
        let others = Others {
            state,
            owner,
            wanted,
        };
        let account = others.account()?;
        let lock = match (&account, &wanted.inputs_id, wanted.purpose) {
            (Some(account), Some(inputs), Purpose::Send) => Some(lock(account, inputs, wanted)?),
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
        Ok(ledger)
    }

    fn look_back(&mut self, others: &Others<'_>) -> Result<(), LedgerError> {
        let wanted = others.wanted;
        if let Some(account) = &self.account
            && wanted.unfinished == Unfinished::GoOn
            && let Some(facts) = wanted.last_unfinished(account)?
        {
            let resumed = Resumed::load(account, &facts.start.name)?;
            wanted.say.say(&goes_on(&facts, &resumed));
            self.earlier.resumed = Some(resumed);
            self.resumes = Some(facts);
        } else if let Some(words) = others.hint()? {
            wanted.say.say(&words);
        }
        if wanted.scope == Scope::Changed {
            self.remember(others)?;
        }
        Ok(())
    }

    fn remember(&mut self, others: &Others<'_>) -> Result<(), LedgerError> {
        let memory = self.account.as_ref().map(Memory::load).transpose()?;
        if memory.as_ref().is_none_or(Memory::is_empty) {
            others.wanted.say.say(&others.no_record());
        }
        self.earlier.memory = memory;
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

    /// Whether the same command would go on with this run.
    pub(super) fn can_be_resumed(&self) -> bool {
        self.account.is_some() && self.inputs_id.is_some()
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
    pub(super) fn begin(&self, name: &str, inputs: &[String]) -> Result<Book, Halt> {
        let Some(account) = self.written() else {
            return Ok(Book::blank());
        };
        let start = Start {
            name: name.to_owned(),
            began: unix_seconds(),
            inputs: inputs.to_vec(),
            inputs_id: self.inputs_id.clone(),
            shard: self.shard,
            continues: self.resumes().map(ToOwned::to_owned),
        };
        let run = Run::begin(account, start)?;
        Ok(Book::of_run(run))
    }

    /// Begins the record of a contact that is added singly. Reads nothing of what is there.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn begin_addition(&self) -> Result<Book, Halt> {
        let Some(account) = self.written() else {
            return Ok(Book::blank());
        };
        let additions = Additions::open(account)?;
        Ok(Book::of_additions(additions))
    }

    /// Merges what has grown large. What fails now succeeds another time.
    pub(super) fn tidy(&self) {
        if let Some(account) = self.written() {
            let _ = ledger::compact_if_worth(account, WORTH_COMPACTING, unix_seconds());
        }
    }
}

/// The end of a run, for the next one and for `history`.
pub(super) fn ending(account: &report::account::Account) -> Ending {
    let tally = &account.tally;
    let is_finished =
        account.complete && account.halts.is_empty() && tally.unknown == 0 && tally.unsent == 0;
    Ending {
        ended: unix_seconds(),
        completion: if is_finished {
            Completion::Finished
        } else {
            Completion::Unfinished
        },
        summary: Kept::of(account).to_json(),
    }
}

/// The ledgers that a run may have to do with.
struct Others<'a> {
    state: &'a Path,
    owner: Option<&'a Owner>,
    wanted: &'a Wanted<'a>,
}

impl Others<'_> {
    /// The account's ledger: the owner's own, or the one that is taken over.
    fn account(&self) -> Result<Option<Account>, LedgerError> {
        let Some(owner) = self.owner else {
            return Ok(None);
        };
        let other = match self.wanted.takeover {
            Takeover::Wanted => self.same()?,
            Takeover::No => None,
        };
        match (self.wanted.purpose, other) {
            (Purpose::Send, Some(other)) => ledger::take_over(self.state, owner, &other).map(Some),
            (Purpose::Send, None) => Account::open(self.state, owner).map(Some),
            (Purpose::Rehearse, Some(other)) => Ok(Some(other)),
            (Purpose::Rehearse, None) => Account::find(self.state, owner),
        }
    }

    /// Ledgers of other tokens for the same address and bot.
    fn others(&self) -> Result<Vec<Account>, LedgerError> {
        let Some(owner) = self.owner else {
            return Ok(Vec::new());
        };
        let own = Account::find(self.state, owner)?;
        let mut all = ledger::accounts(self.state)?;
        all.retain(|account| {
            account.base_url() == owner.base_url
                && account.bot() == owner.bot
                && own.as_ref().map(Account::directory) != Some(account.directory())
        });
        Ok(all)
    }

    /// Of those, the one whose run of these inputs did not finish, the latest if there are several.
    fn unfinished(&self) -> Result<Option<(Account, RunFacts)>, LedgerError> {
        let mut found: Option<(Account, RunFacts)> = None;
        for account in self.others()? {
            let Some(facts) = self.wanted.last_unfinished(&account)? else {
                continue;
            };
            let is_later =
                |(_, earlier): &(Account, RunFacts)| earlier.start.began <= facts.start.began;
            if found.as_ref().is_none_or(is_later) {
                found = Some((account, facts));
            }
        }
        Ok(found)
    }

    /// The ledger that is meant by "the same account": where an unfinished run stands, else the only other one.
    fn same(&self) -> Result<Option<Account>, LedgerError> {
        if let Some((account, _)) = self.unfinished()? {
            return Ok(Some(account));
        }
        let mut others = self.others()?;
        match others.len() {
            0 | 1 => Ok(others.pop()),
            _ => {
                self.wanted.say.say(
                    "warning: --same-account: several other tokens were used here, and no run of these inputs tells \
                     which is meant; nothing is taken over",
                );
                Ok(None)
            }
        }
    }

    /// That an unfinished run of these inputs stands under another token.
    fn hint(&self) -> Result<Option<String>, LedgerError> {
        if self.wanted.unfinished == Unfinished::Forget {
            return Ok(None);
        }
        let Some((account, facts)) = self.unfinished()? else {
            return Ok(None);
        };
        let resumed = Resumed::load(&account, &facts.start.name)?;
        Ok(Some(format!(
            "a run of these inputs that did not finish stands under another token ({}; of {}, {} accepted): if it is \
             the same account, --same-account goes on with it; without it everything is sent",
            account.label(),
            shown(facts.start.began),
            counted(resumed.accepted() as u64, "contact"),
        )))
    }

    /// That `--changed` has nothing to compare with.
    fn no_record(&self) -> String {
        let renewed = match self.others() {
            Ok(others) if !others.is_empty() => {
                "; if only the token is new, --same-account goes on with the old one's record"
            }
            _ => "",
        };
        let why = match self.owner {
            Some(_) => "this machine has no record of this account",
            None => "nothing tells which account this is",
        };
        format!("warning: --changed: {why}, so everything is sent{renewed}")
    }
}

impl Wanted<'_> {
    fn last_unfinished(&self, account: &Account) -> Result<Option<RunFacts>, LedgerError> {
        match &self.inputs_id {
            Some(inputs) => ledger::last_unfinished(account, inputs, self.shard, unix_seconds()),
            None => Ok(None),
        }
    }
}

fn goes_on(facts: &RunFacts, resumed: &Resumed) -> String {
    format!(
        "going on with the run of {} that did not finish: {} it had accepted {} skipped (--restart sends everything)",
        shown(facts.start.began),
        counted(resumed.accepted() as u64, "contact"),
        if resumed.accepted() == 1 { "is" } else { "are" },
    )
}

/// Takes the import's lock, or waits for it as long as is wanted.
fn lock(account: &Account, inputs: &InputsId, wanted: &Wanted<'_>) -> Result<RunLock, Halt> {
    let began = Instant::now();
    let mut has_said = false;
    loop {
        let holder = Holder {
            pid: process::id(),
            since: unix_seconds(),
        };
        let held = match RunLock::take(account, inputs, wanted.shard, holder) {
            Ok(lock) => return Ok(lock),
            Err(LockError::Ledger(error)) => return Err(error.into()),
            Err(LockError::Held(held)) => at_work(held),
        };
        if began.elapsed() >= wanted.wait {
            return Err(Halt::Locked(given_up(&held, wanted.wait)));
        }
        if !has_said {
            wanted
                .say
                .say(&format!("{held}: waiting up to {}", duration(wanted.wait)));
            has_said = true;
        }
        thread::sleep(GLANCE.min(wanted.wait.saturating_sub(began.elapsed())));
    }
}

fn at_work(holder: Option<Holder>) -> String {
    let who = holder.map_or_else(String::new, |Holder { pid, since }| {
        format!(" (pid {pid}, since {})", shown(since))
    });
    format!("another run of this import is at work{who}")
}

fn given_up(held: &str, waited: Duration) -> String {
    if waited == Duration::ZERO {
        format!("{held}: wait for its end, or pass --wait 10m")
    } else {
        format!("{held}, and was so for {}", duration(waited))
    }
}
