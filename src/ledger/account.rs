//! An account's directory: whose it is, its salt, and the lock under which files come and go.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::catalogue::Files;
use super::error::LedgerError;
use super::files;
use crate::digest::identity;
use crate::fingerprint::Salt;

const LEDGER: &str = "ledger";
const FACTS: &str = "account.json";
const LOCK: &str = "lock";
const VERSION: u16 = 1;
/// Ledgers that stand for each other in a circle are damage.
const MOST_HOPS: usize = 64;

/// Whose ledger it is. Two owners who differ in address, bot or key share nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The API's address; without credentials.
    pub base_url: String,
    /// The bot.
    pub bot: String,
    /// What tells accounts of one bot apart: the account's name, a token's `sub`, or its fingerprint. Kept as a hash only.
    pub key: String,
    /// What a user is shown for it; no secret.
    pub label: String,
}

impl Owner {
    fn id(&self) -> String {
        identity(&[
            self.base_url.as_bytes(),
            self.bot.as_bytes(),
            self.key.as_bytes(),
        ])
    }
}

/// An account that has a ledger on this machine.
#[derive(Clone, Debug)]
pub struct Account {
    directory: PathBuf,
    salt: Salt,
    facts: Facts,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Facts {
    base_url: String,
    bot: String,
    label: String,
    salt: String,
    /// The directory of the ledger that this owner took over: it stands for this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    same_as: Option<String>,
    /// What segments below this number accepted may have been overtaken by the owner who took this ledger over.
    #[serde(default)]
    doubted_before: u64,
}

#[derive(Serialize, Deserialize)]
struct Versioned<T> {
    version: u16,
    #[serde(flatten)]
    rest: T,
}

#[derive(Deserialize)]
struct Anything {}

impl Account {
    /// Opens the owner's ledger below the state directory, and makes it where there is none.
    ///
    /// # Errors
    /// When it cannot be made, or is of a newer bp-import.
    pub fn open(state: &Path, owner: &Owner) -> Result<Account, LedgerError> {
        if let Some(account) = Account::find(state, owner)? {
            return Ok(account);
        }
        let directory = state.join(LEDGER).join(owner.id());
        files::make_directory(&directory)?;
        let _alone = lock(&directory)?;
        // Another process may have made it meanwhile: there is one salt, the first.
        match Account::at(&directory)? {
            Some(account) => Ok(account),
            None => Account::make(directory, owner),
        }
    }

    /// The owner's ledger, if there is one. Writes nothing.
    ///
    /// # Errors
    /// When there is one that cannot be read, or is of a newer bp-import.
    pub(crate) fn find(state: &Path, owner: &Owner) -> Result<Option<Account>, LedgerError> {
        Account::at(&state.join(LEDGER).join(owner.id()))
    }

    fn make(directory: PathBuf, owner: &Owner) -> Result<Account, LedgerError> {
        let salt = Salt::random().map_err(LedgerError::write(&directory))?;
        let facts = Facts {
            base_url: owner.base_url.clone(),
            bot: owner.bot.clone(),
            label: owner.label.clone(),
            salt: salt.to_hex(),
            same_as: None,
            doubted_before: 0,
        };
        write(&directory, &facts)?;
        Ok(Account {
            directory,
            salt,
            facts,
        })
    }

    /// The ledger in a directory, or the one that stands for it in the end.
    fn at(directory: &Path) -> Result<Option<Account>, LedgerError> {
        let mut found = Account::exactly_at(directory)?;
        for _ in 0..MOST_HOPS {
            match found.as_ref().and_then(Account::stand_in) {
                Some(other) => found = Account::exactly_at(&other)?,
                None => return Ok(found),
            }
        }
        Err(LedgerError::Damaged {
            path: directory.join(FACTS),
        })
    }

    fn stand_in(&self) -> Option<PathBuf> {
        let name = self.facts.same_as.as_ref()?;
        Some(self.directory.parent()?.join(name))
    }

    fn exactly_at(directory: &Path) -> Result<Option<Account>, LedgerError> {
        let path = directory.join(FACTS);
        let json = match fs::read(&path) {
            Ok(json) => json,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(LedgerError::Read { path, error }),
        };
        let (facts, salt) = read(&json, path)?;
        Ok(Some(Account {
            directory: directory.to_owned(),
            salt,
            facts,
        }))
    }

    /// What makes this account's fingerprints its own.
    pub fn salt(&self) -> Salt {
        self.salt
    }

    /// The API's address.
    pub(crate) fn base_url(&self) -> &str {
        &self.facts.base_url
    }

    /// The bot.
    pub(crate) fn bot(&self) -> &str {
        &self.facts.bot
    }

    /// What a user is shown for the account.
    pub(crate) fn label(&self) -> &str {
        &self.facts.label
    }

    /// Whether its owner took another ledger over: what ran before stays here, nothing is added.
    pub(crate) fn is_given_up(&self) -> bool {
        self.facts.same_as.is_some()
    }

    pub(super) fn doubted_before(&self) -> u64 {
        self.facts.doubted_before
    }

    /// Where its files are.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Keeps files from coming and going as long as the answer lives, for somebody who is about to write.
    ///
    /// # Errors
    /// When nobody may write here any more, or the lock cannot be had.
    pub(super) fn lock_alone(&self) -> Result<File, LedgerError> {
        let lock = lock(&self.directory)?;
        // Who opened it may have waited long.
        match Account::exactly_at(&self.directory)? {
            Some(now) if !now.is_given_up() => Ok(lock),
            _ => Err(LedgerError::GivenUp {
                path: self.directory.clone(),
            }),
        }
    }

    /// Keeps files from coming and going, as others may at the same time. Where the lock's file was removed (a backup may
    /// leave it out), nobody writes.
    pub(super) fn lock_shared(&self) -> Result<Option<File>, LedgerError> {
        let path = self.directory.join(LOCK);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(LedgerError::Read { path, error }),
        };
        files::wait_for(&path, || file.try_lock_shared())?;
        Ok(Some(file))
    }
}

/// What the record of a ledger is worth that was taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// It is all that is known of the account.
    Trusted,
    /// The new owner had sent contacts that it does not know of.
    Doubtful,
}

/// Makes another account's ledger the owner's own, from here on.
///
/// Where the owner has a ledger already, its fingerprints cannot be compared with the other's: what the other says was
/// accepted may have been overtaken by what this one sent, and counts as changed.
///
/// # Errors
/// When it cannot be written, or a run of either is at work.
pub fn take_over(
    state: &Path,
    owner: &Owner,
    other: &Account,
) -> Result<(Account, Record), LedgerError> {
    let own = Account::open(state, owner)?;
    if own.directory == other.directory {
        return Ok((own, Record::Trusted));
    }
    let _alone = lock_both(&own, other)?;
    let mine = Files::of(&own)?;
    if mine.is_written()? {
        return Err(LedgerError::AtWork {
            path: own.directory,
        });
    }
    let (taken, record) = taken(other, owner, &mine)?;
    write(&taken.directory, &taken.facts)?;
    let name = taken.directory.file_name().and_then(OsStr::to_str);
    let facts = Facts {
        same_as: name.map(ToOwned::to_owned),
        ..own.facts
    };
    write(&own.directory, &facts)?;
    Ok((taken, record))
}

/// Whether the owner gave up a ledger of its own for another's.
///
/// # Errors
/// When there is one that cannot be read, or is of a newer bp-import.
pub(crate) fn has_taken_over(state: &Path, owner: &Owner) -> Result<bool, LedgerError> {
    let own = Account::exactly_at(&state.join(LEDGER).join(owner.id()))?;
    Ok(own.is_some_and(|own| own.is_given_up()))
}

/// The other's ledger as it would be after [`take_over`]. Writes nothing.
///
/// # Errors
/// When a ledger cannot be read.
pub(crate) fn as_taken_over(
    state: &Path,
    owner: &Owner,
    other: Account,
) -> Result<Account, LedgerError> {
    match Account::find(state, owner)? {
        Some(own) if own.directory != other.directory => {
            let _here = (own.lock_shared()?, other.lock_shared()?);
            taken(&other, owner, &Files::of(&own)?).map(|(taken, _)| taken)
        }
        _ => Ok(other),
    }
}

fn taken(other: &Account, owner: &Owner, mine: &Files) -> Result<(Account, Record), LedgerError> {
    let mut taken = other.clone();
    taken.facts.label.clone_from(&owner.label);
    if mine.is_blank() {
        return Ok((taken, Record::Trusted));
    }
    taken.facts.doubted_before = Files::of(other)?.next;
    Ok((taken, Record::Doubtful))
}

/// In the order of their names: two who take each other over do not wait for each other.
fn lock_both(one: &Account, other: &Account) -> Result<(File, File), LedgerError> {
    let (first, second) = if one.directory < other.directory {
        (one, other)
    } else {
        (other, one)
    };
    Ok((first.lock_alone()?, second.lock_alone()?))
}

fn write(directory: &Path, facts: &Facts) -> Result<(), LedgerError> {
    let path = directory.join(FACTS);
    let versioned = Versioned {
        version: VERSION,
        rest: facts,
    };
    let json = serde_json::to_vec_pretty(&versioned)
        .map_err(std::io::Error::from)
        .map_err(LedgerError::write(&path))?;
    files::replace_for_good(&path, &json)
}

fn lock(directory: &Path) -> Result<File, LedgerError> {
    let path = directory.join(LOCK);
    let file = files::open_lock(&path)?;
    files::wait_for(&path, || file.try_lock())?;
    Ok(file)
}

fn read(json: &[u8], path: PathBuf) -> Result<(Facts, Salt), LedgerError> {
    // The version first: a newer format may have other facts.
    match serde_json::from_slice::<Versioned<Anything>>(json) {
        Ok(Versioned { version, .. }) if version > VERSION => {
            return Err(LedgerError::Newer { path });
        }
        _ => {}
    }
    let read = || {
        let facts: Facts = serde_json::from_slice(json).ok()?;
        let salt = Salt::from_hex(&facts.salt)?;
        Some((facts, salt))
    };
    read().ok_or(LedgerError::Damaged { path })
}

/// All accounts that have a ledger of their own below the state directory; those that cannot be read are left out.
///
/// # Errors
/// When the directory is there and cannot be read.
pub fn accounts(state: &Path) -> Result<Vec<Account>, LedgerError> {
    let known = known_accounts(state)?.into_iter();
    Ok(known
        .filter_map(Result::ok)
        .filter(|account| !account.is_given_up())
        .collect())
}

/// The ledgers that were given up for this one and hold something.
///
/// # Errors
/// When one of them cannot be read.
pub(crate) fn given_up_for(state: &Path, account: &Account) -> Result<Vec<Account>, LedgerError> {
    let mut found = Vec::new();
    // What cannot be read is not known to be this account's.
    for known in known_accounts(state)?.into_iter().flatten() {
        let stands_in = Account::at(&known.directory).ok().flatten();
        let is_own = stands_in.is_some_and(|other| other.directory == account.directory);
        if known.is_given_up() && is_own && !Files::of(&known)?.is_blank() {
            found.push(known);
        }
    }
    Ok(found)
}

/// All accounts that ever had a ledger below the state directory: given up ones too, and what keeps any from being read.
///
/// # Errors
/// When the directory is there and cannot be read.
pub fn known_accounts(state: &Path) -> Result<Vec<Result<Account, LedgerError>>, LedgerError> {
    let directory = state.join(LEDGER);
    let mut names = match files::names(&directory) {
        Err(LedgerError::Read { error, .. }) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Vec::new());
        }
        names => names?,
    };
    names.sort_unstable();
    // Files that a system puts into every directory are no accounts.
    let places = names.iter().map(|name| directory.join(name));
    let found = places
        .filter(|place| place.is_dir())
        .map(|place| Account::exactly_at(&place));
    Ok(found.filter_map(Result::transpose).collect())
}
