//! The ledgers of other tokens and names for the same address and bot: whether one of them is this account's.

use std::path::Path;

use super::clock::unix_seconds;
use super::notice::Notice;
use super::settings::{Past, Purpose, Takeover, Unfinished};
use crate::event::Halt;
use crate::hint::SAME_ACCOUNT;
use crate::ledger::{self, AccountLedger, KnownContacts, LedgerError, LedgerOwner, RunFacts};
use crate::text::shell_option;

/// Why a run cannot have the ledger it asks for.
pub(super) enum Obstacle {
    /// The command line does not say enough.
    Usage(TakeoverError),
    /// Another run is at work, or the ledger cannot be used.
    Halt(Halt),
}

impl From<LedgerError> for Obstacle {
    fn from(error: LedgerError) -> Obstacle {
        Obstacle::Halt(error.into())
    }
}

/// `--same-account` names no one ledger.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TakeoverError {
    /// Several could be meant.
    #[error(
        "{SAME_ACCOUNT}: several accounts of this address have a ledger here: {labels}; say which one it is, as in \
         {example}"
    )]
    Several { labels: String, example: String },
    /// No other account has a ledger.
    #[error("{SAME_ACCOUNT}={label}: no other account of this address has a ledger here")]
    NoOther { label: String },
    /// None of them is called so, or several are.
    #[error(
        "{SAME_ACCOUNT}={label}: the accounts of this address that have a ledger here are {labels}"
    )]
    NotOne { label: String, labels: String },
}

/// The ledgers of other accounts that a run may have to do with.
pub(super) struct OtherLedgers<'a> {
    pub(super) past: &'a Past,
    /// The account of this run.
    pub(super) own: Option<&'a LedgerOwner>,
}

impl OtherLedgers<'_> {
    fn state(&self) -> &Path {
        &self.past.state
    }

    /// The account's ledger: its own, or the one that is taken over, with the notice of that.
    pub(super) fn account(&self) -> Result<(Option<AccountLedger>, Option<Notice>), Obstacle> {
        let Some(own) = self.own else {
            return Ok((None, None));
        };
        match (self.same(own)?, self.past.purpose) {
            (Some(other), Purpose::Send) => {
                let (taken, record) = ledger::take_over(self.state(), own, &other)?;
                let label = other.label().to_owned();
                Ok((Some(taken), Some(Notice::TakenOver { label, record })))
            }
            (Some(other), Purpose::Rehearse) => {
                Ok((Some(ledger::as_taken_over(self.state(), own, other)?), None))
            }
            (None, Purpose::Send) => Ok((Some(AccountLedger::open(self.state(), own)?), None)),
            (None, Purpose::Rehearse) => Ok((AccountLedger::find(self.state(), own)?, None)),
        }
    }

    /// The ledgers that were given up for this account's; in a rehearsal of a takeover, the one that would be.
    pub(super) fn given_up_for(
        &self,
        account: &AccountLedger,
    ) -> Result<Vec<AccountLedger>, LedgerError> {
        let mut given_up = ledger::given_up_for(self.state(), account)?;
        if self.past.purpose == Purpose::Rehearse
            && let Some(owner) = self.own
        {
            let own = AccountLedger::find(self.state(), owner)?;
            given_up.extend(own.filter(|own| own.directory() != account.directory()));
        }
        Ok(given_up)
    }

    /// Ledgers of other tokens for the same address and bot.
    fn others(&self) -> Vec<AccountLedger> {
        let Some(owner) = self.own else {
            return Vec::new();
        };
        let own = AccountLedger::find(self.state(), owner).ok().flatten();
        let mut all = ledger::accounts(self.state()).unwrap_or_default();
        all.retain(|account| {
            account.base_url() == owner.base_url
                && account.bot() == owner.bot
                && own.as_ref().map(AccountLedger::directory) != Some(account.directory())
        });
        all
    }

    /// Of those, the one whose run of these inputs did not finish, the latest if there are several. One that cannot be
    /// read is another account's trouble.
    fn unfinished(&self) -> Option<(AccountLedger, RunFacts)> {
        self.unfinished_of(self.others())
    }

    fn unfinished_of(&self, accounts: Vec<AccountLedger>) -> Option<(AccountLedger, RunFacts)> {
        let unfinished = |account: AccountLedger| {
            let facts = self.last_unfinished(&account).ok()??;
            Some((account, facts))
        };
        accounts
            .into_iter()
            .filter_map(unfinished)
            .max_by_key(|(_, facts)| facts.start.began)
    }

    /// The ledger that is meant by "the same account", where it is not the owner's own. An owner who has taken one over
    /// has what the option is for: a job that keeps passing it must not take in an account that came later.
    fn same(&self, owner: &LedgerOwner) -> Result<Option<AccountLedger>, Obstacle> {
        let is_done = ledger::has_taken_over(self.state(), owner)?;
        match &self.past.takeover {
            Takeover::No => Ok(None),
            Takeover::Obvious if is_done => Ok(None),
            Takeover::Obvious => self.obvious(owner),
            Takeover::Of(label) => match self.labelled(label) {
                Err(Obstacle::Usage(_)) if is_done => Ok(None),
                found => found,
            },
        }
    }

    /// The ledger with an unfinished run of these inputs; else, if this account's has none, the only other ledger.
    fn obvious(&self, owner: &LedgerOwner) -> Result<Option<AccountLedger>, Obstacle> {
        let own = AccountLedger::find(self.state(), owner)?;
        let mut earlier = self.others();
        if let Some(own) = &own {
            earlier.retain(|other| came_before(other, own));
        }
        if let Some((account, _)) = self.unfinished_of(earlier.clone()) {
            return Ok(Some(account));
        }
        let goes_on = own.map(|own| self.last_unfinished(&own)).transpose()?;
        if goes_on.flatten().is_some() {
            return Ok(None);
        }
        match earlier.len() {
            0 | 1 => Ok(earlier.pop()),
            _ => Err(Obstacle::Usage(TakeoverError::Several {
                labels: labels(&earlier),
                example: earlier.first().map_or_else(String::new, option),
            })),
        }
    }

    fn labelled(&self, label: &str) -> Result<Option<AccountLedger>, Obstacle> {
        let mut others = self.others();
        let all = labels(&others);
        others.retain(|account| is_called(account, label));
        match others.len() {
            0 if all.is_empty() => Err(Obstacle::Usage(TakeoverError::NoOther {
                label: label.to_owned(),
            })),
            1 => Ok(others.pop()),
            _ => Err(Obstacle::Usage(TakeoverError::NotOne {
                label: label.to_owned(),
                labels: all,
            })),
        }
    }

    /// The run of these inputs that an account did not finish.
    pub(super) fn last_unfinished(
        &self,
        account: &AccountLedger,
    ) -> Result<Option<RunFacts>, LedgerError> {
        let past = self.past;
        match &past.inputs_id {
            Some(inputs) => ledger::last_unfinished(account, inputs, past.shard, unix_seconds()),
            None => Ok(None),
        }
    }

    /// That another token's ledger has an unfinished run of these inputs.
    pub(super) fn unfinished_elsewhere(&self) -> Option<Notice> {
        if self.past.unfinished == Unfinished::Forget {
            return None;
        }
        let (account, facts) = self.unfinished()?;
        let memory = KnownContacts::load(&account, Some(&facts.start.name)).ok()?;
        Some(Notice::UnfinishedElsewhere {
            label: account.label().to_owned(),
            began: facts.start.began,
            accepted: memory.resumed(),
            option: self.option(&account),
        })
    }

    /// That `--changed` has nothing to compare with.
    pub(super) fn nothing_to_compare(&self) -> Notice {
        let others = self.others();
        Notice::NothingToCompare {
            is_account_known: self.own.is_some(),
            others: others
                .first()
                .map(|first| (labels(&others), self.option(first))),
        }
    }

    /// The option that takes over an account's ledger; it names the ledger only where that is not obvious.
    fn option(&self, account: &AccountLedger) -> String {
        let own = self
            .own
            .map(|owner| AccountLedger::find(self.state(), owner));
        let own = own.and_then(Result::ok).flatten();
        let came_later = own.is_some_and(|own| !came_before(account, &own));
        if came_later || self.others().len() > 1 {
            option(account)
        } else {
            SAME_ACCOUNT.to_owned()
        }
    }
}

/// Whether the other's last run came before the first of this one: a new token kills the old one, so a token that was
/// used since is of another account.
fn came_before(other: &AccountLedger, own: &AccountLedger) -> bool {
    let began = |account: &AccountLedger| -> Vec<u64> {
        let runs = ledger::runs(account).unwrap_or_default();
        runs.into_iter().map(|facts| facts.start.began).collect()
    };
    match (began(other).into_iter().max(), began(own).into_iter().min()) {
        (Some(last), Some(first)) => last <= first,
        _ => true,
    }
}

fn labels(accounts: &[AccountLedger]) -> String {
    let labels: Vec<&str> = accounts.iter().map(AccountLedger::label).collect();
    labels.join(", ")
}

/// The word by which an account is called: its name, or the letters of its token.
fn option(account: &AccountLedger) -> String {
    let word = account.label().rsplit(' ').next().unwrap_or_default();
    let is_unique = is_called(account, word);
    let called = if is_unique { word } else { account.label() };
    shell_option(SAME_ACCOUNT, called)
}

fn is_called(account: &AccountLedger, label: &str) -> bool {
    let own = account.label();
    let letters = own.strip_prefix("token ").or(own.strip_prefix("session "));
    own.eq_ignore_ascii_case(label) || letters == Some(label)
}
