//! Takeover: an owner whose token changed makes the ledger of the old token its own.
//!
//! The owner's own ledger stays where it is and points to the other one (`same_as`); nothing is copied.

use std::fs::File;
use std::path::Path;

use super::account::{AccountLedger, LedgerOwner, known_accounts};
use super::catalogue::AccountFiles;
use super::error::LedgerError;

/// How reliable the records of a ledger are that was taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reliability {
    /// They are all that is known of the account.
    Trusted,
    /// The new owner had sent contacts that they do not hold.
    Doubtful,
}

/// Makes another account's ledger the owner's own, from here on.
///
/// If the owner has a ledger already, its fingerprints cannot be compared with the other's, because the salts differ:
/// what the other ledger records as accepted may have been overtaken by what this one sent, and counts as changed.
///
/// # Errors
/// When it cannot be written, or a run is writing either of them.
pub fn take_over(
    state: &Path,
    owner: &LedgerOwner,
    other: &AccountLedger,
) -> Result<(AccountLedger, Reliability), LedgerError> {
    let own = AccountLedger::open(state, owner)?;
    if own.directory() == other.directory() {
        return Ok((own, Reliability::Trusted));
    }
    let _alone = lock_both(&own, other)?;
    let mine = AccountFiles::of(&own)?;
    // A run that is writing would keep recording into a ledger that no longer counts.
    if !mine.written()?.is_empty() {
        return Err(LedgerError::AtWork {
            path: own.directory().to_owned(),
        });
    }
    let (taken, reliability) = taken(other, owner, &mine)?;
    // In this order: after a kill between the two, both ledgers are still in force, which costs repeats at most.
    taken.save()?;
    own.give_up_for(&taken)?;
    Ok((taken, reliability))
}

/// Whether the owner gave up a ledger of its own for another's.
///
/// # Errors
/// When there is one that cannot be read, or is of a newer bp-import.
pub(crate) fn has_taken_over(state: &Path, owner: &LedgerOwner) -> Result<bool, LedgerError> {
    let own = AccountLedger::exactly_of(state, owner)?;
    Ok(own.is_some_and(|own| own.is_given_up()))
}

/// The other's ledger as it would be after [`take_over`]. Writes nothing.
///
/// # Errors
/// When a ledger cannot be read.
pub(crate) fn as_taken_over(
    state: &Path,
    owner: &LedgerOwner,
    other: AccountLedger,
) -> Result<AccountLedger, LedgerError> {
    match AccountLedger::find(state, owner)? {
        Some(own) if own.directory() != other.directory() => {
            let _shared = (own.lock_shared()?, other.lock_shared()?);
            taken(&other, owner, &AccountFiles::of(&own)?).map(|(taken, _)| taken)
        }
        _ => Ok(other),
    }
}

fn taken(
    other: &AccountLedger,
    owner: &LedgerOwner,
    mine: &AccountFiles,
) -> Result<(AccountLedger, Reliability), LedgerError> {
    if mine.is_blank() {
        let taken = other.taken_over_by(owner, None);
        return Ok((taken, Reliability::Trusted));
    }
    let before = AccountFiles::of(other)?.next;
    let taken = other.taken_over_by(owner, Some(before));
    Ok((taken, Reliability::Doubtful))
}

/// Always in the order of their names, so that two who take each other over do not deadlock.
fn lock_both(one: &AccountLedger, other: &AccountLedger) -> Result<(File, File), LedgerError> {
    let (first, second) = if one.directory() < other.directory() {
        (one, other)
    } else {
        (other, one)
    };
    Ok((first.lock_alone()?, second.lock_alone()?))
}

/// The ledgers that were given up for this one and hold something.
///
/// # Errors
/// When one of them cannot be read.
pub(crate) fn given_up_for(
    state: &Path,
    account: &AccountLedger,
) -> Result<Vec<AccountLedger>, LedgerError> {
    let mut found = Vec::new();
    // One that cannot be read cannot be shown to be this account's: it must not stop a run of this account.
    for known in known_accounts(state)?.into_iter().flatten() {
        let is_own = known.is_given_up()
            && known
                .in_force()
                .is_some_and(|it| it.directory() == account.directory());
        if is_own && !AccountFiles::of(&known)?.is_blank() {
            found.push(known);
        }
    }
    Ok(found)
}
