//! The ledgers of other tokens and names for the same address and bot: is one of them this account's?

use std::path::Path;

use super::{Obstacle, Purpose, Takeover, Unfinished, Wanted};
use crate::cli::clock::unix_seconds;
use crate::ledger::{self, Account, LedgerError, Memory, Owner, Record, RunFacts};
use crate::report::when::shown;
use crate::text::shell_word;
use crate::units::counted;

/// The ledgers that a run may have to do with.
pub(super) struct Others<'a> {
    pub(super) state: &'a Path,
    pub(super) owner: Option<&'a Owner>,
    pub(super) wanted: &'a Wanted<'a>,
}

impl Others<'_> {
    /// The account's ledger: the owner's own, or the one that is taken over; and what is to be said of that.
    pub(super) fn account(&self) -> Result<(Option<Account>, Option<String>), Obstacle> {
        let Some(owner) = self.owner else {
            return Ok((None, None));
        };
        match (self.same(owner)?, self.wanted.purpose) {
            (Some(other), Purpose::Send) => {
                let (taken, record) = ledger::take_over(self.state, owner, &other)?;
                Ok((Some(taken), Some(taken_over(other.label(), record))))
            }
            (Some(other), Purpose::Rehearse) => {
                Ok((Some(ledger::as_taken_over(self.state, owner, other)?), None))
            }
            (None, Purpose::Send) => Ok((Some(Account::open(self.state, owner)?), None)),
            (None, Purpose::Rehearse) => Ok((Account::find(self.state, owner)?, None)),
        }
    }

    /// The ledgers that were given up for this account's; in a rehearsal of a takeover, the one that would be.
    pub(super) fn given_up_for(&self, account: &Account) -> Result<Vec<Account>, LedgerError> {
        let mut given_up = ledger::given_up_for(self.state, account)?;
        if self.wanted.purpose == Purpose::Rehearse
            && let Some(owner) = self.owner
        {
            let own = Account::find(self.state, owner)?;
            given_up.extend(own.filter(|own| own.directory() != account.directory()));
        }
        Ok(given_up)
    }

    /// Ledgers of other tokens for the same address and bot.
    fn others(&self) -> Vec<Account> {
        let Some(owner) = self.owner else {
            return Vec::new();
        };
        let own = Account::find(self.state, owner).ok().flatten();
        let mut all = ledger::accounts(self.state).unwrap_or_default();
        all.retain(|account| {
            account.base_url() == owner.base_url
                && account.bot() == owner.bot
                && own.as_ref().map(Account::directory) != Some(account.directory())
        });
        all
    }

    /// Of those, the one whose run of these inputs did not finish, the latest if there are several. One that cannot be
    /// read is another account's trouble.
    fn unfinished(&self) -> Option<(Account, RunFacts)> {
        self.unfinished_of(self.others())
    }

    fn unfinished_of(&self, accounts: Vec<Account>) -> Option<(Account, RunFacts)> {
        let unfinished = |account: Account| {
            let facts = self.wanted.last_unfinished(&account).ok()??;
            Some((account, facts))
        };
        accounts
            .into_iter()
            .filter_map(unfinished)
            .max_by_key(|(_, facts)| facts.start.began)
    }

    /// The ledger that is meant by "the same account", where it is not the owner's own. An owner who has taken one over
    /// has what the option is for: a job that keeps passing it must not take in an account that came later.
    fn same(&self, owner: &Owner) -> Result<Option<Account>, Obstacle> {
        let is_done = ledger::has_taken_over(self.state, owner)?;
        match &self.wanted.takeover {
            Takeover::No => Ok(None),
            Takeover::Obvious if is_done => Ok(None),
            Takeover::Obvious => self.obvious(owner),
            Takeover::Of(label) => match self.labelled(label) {
                Err(Obstacle::Usage(_)) if is_done => Ok(None),
                found => found,
            },
        }
    }

    /// Where an unfinished run of these inputs stands; else, unless one stands here, the only other one.
    fn obvious(&self, owner: &Owner) -> Result<Option<Account>, Obstacle> {
        let own = Account::find(self.state, owner)?;
        let mut earlier = self.others();
        if let Some(own) = &own {
            earlier.retain(|other| came_before(other, own));
        }
        if let Some((account, _)) = self.unfinished_of(earlier.clone()) {
            return Ok(Some(account));
        }
        let goes_on = own
            .map(|own| self.wanted.last_unfinished(&own))
            .transpose()?;
        if goes_on.flatten().is_some() {
            return Ok(None);
        }
        match earlier.len() {
            0 | 1 => Ok(earlier.pop()),
            _ => Err(Obstacle::Usage(format!(
                "--same-account: several accounts of this address have a ledger here: {}; say which one it is, as in {}",
                labels(&earlier),
                earlier.first().map_or_else(String::new, option),
            ))),
        }
    }

    fn labelled(&self, label: &str) -> Result<Option<Account>, Obstacle> {
        let mut others = self.others();
        let all = labels(&others);
        others.retain(|account| is_called(account, label));
        match others.len() {
            0 if all.is_empty() => Err(Obstacle::Usage(format!(
                "--same-account={label}: no other account of this address has a ledger here"
            ))),
            1 => Ok(others.pop()),
            _ => Err(Obstacle::Usage(format!(
                "--same-account={label}: the accounts of this address that have a ledger here are {all}"
            ))),
        }
    }

    /// That an unfinished run of these inputs stands under another token.
    pub(super) fn hint(&self) -> Option<String> {
        if self.wanted.unfinished == Unfinished::Forget {
            return None;
        }
        let (account, facts) = self.unfinished()?;
        let memory = Memory::load(&account, Some(&facts.start.name)).ok()?;
        Some(format!(
            "a run of these inputs that did not finish stands under another token ({}; of {}, {} accepted): if it is \
             the same account, {} goes on with it; without it everything is sent",
            account.label(),
            shown(facts.start.began),
            counted(memory.resumed() as u64, "contact"),
            self.option(&account),
        ))
    }

    /// That `--changed` has nothing to compare with.
    pub(super) fn no_record(&self) -> String {
        let others = self.others();
        let known = others.first().map_or_else(String::new, |first| {
            format!(
                "; if it was used under another token or name before ({}), {} goes on with that record",
                labels(&others),
                self.option(first),
            )
        });
        let why = match self.owner {
            Some(_) => "this machine has no record of this account",
            None => "there is no record to compare with (a sandbox inside the process keeps none)",
        };
        format!("warning: --changed: {why}, so everything is sent{known}")
    }

    /// The option that goes on with an account's ledger; which one is said only where it is not obvious.
    fn option(&self, account: &Account) -> String {
        let own = self.owner.map(|owner| Account::find(self.state, owner));
        let own = own.and_then(Result::ok).flatten();
        let came_later = own.is_some_and(|own| !came_before(account, &own));
        if came_later || self.others().len() > 1 {
            option(account)
        } else {
            "--same-account".to_owned()
        }
    }
}

/// Whether the other's last run came before the first of this one: a new token kills the old one, so a token that was
/// used since is of another account.
fn came_before(other: &Account, own: &Account) -> bool {
    let began = |account: &Account| -> Vec<u64> {
        let runs = ledger::runs(account).unwrap_or_default();
        runs.into_iter().map(|facts| facts.start.began).collect()
    };
    match (began(other).into_iter().max(), began(own).into_iter().min()) {
        (Some(last), Some(first)) => last <= first,
        _ => true,
    }
}

fn taken_over(label: &str, record: Record) -> String {
    let doubt = match record {
        Record::Trusted => "",
        Record::Doubtful => {
            "; it does not know what was sent since without it, so --changed sends everything once more"
        }
    };
    format!("--same-account: the ledger of {label} is this account's from now on{doubt}")
}

fn labels(accounts: &[Account]) -> String {
    let labels: Vec<&str> = accounts.iter().map(Account::label).collect();
    labels.join(", ")
}

/// The word by which an account is called: its name, or the letters of its token.
fn option(account: &Account) -> String {
    let word = account.label().rsplit(' ').next().unwrap_or_default();
    let is_unique = is_called(account, word);
    let called = if is_unique { word } else { account.label() };
    format!("--same-account={}", shell_word(called))
}

fn is_called(account: &Account, label: &str) -> bool {
    let own = account.label();
    let letters = own.strip_prefix("token ").or(own.strip_prefix("session "));
    own.eq_ignore_ascii_case(label) || letters == Some(label)
}

impl Wanted<'_> {
    pub(super) fn last_unfinished(
        &self,
        account: &Account,
    ) -> Result<Option<RunFacts>, LedgerError> {
        match &self.inputs_id {
            Some(inputs) => ledger::last_unfinished(account, inputs, self.shard, unix_seconds()),
            None => Ok(None),
        }
    }
}
