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
    pub fn find(state: &Path, owner: &Owner) -> Result<Option<Account>, LedgerError> {
        Account::at(&state.join(LEDGER).join(owner.id()))
    }

    fn make(directory: PathBuf, owner: &Owner) -> Result<Account, LedgerError> {
        let salt = Salt::random();
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

    /// The ledger in a directory, or the one that stands for it.
    fn at(directory: &Path) -> Result<Option<Account>, LedgerError> {
        let found = Account::exactly_at(directory)?;
        match found.as_ref().and_then(Account::stand_in) {
            Some(other) => Account::exactly_at(&other),
            None => Ok(found),
        }
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
    pub fn base_url(&self) -> &str {
        &self.facts.base_url
    }

    /// The bot.
    pub fn bot(&self) -> &str {
        &self.facts.bot
    }

    /// What a user is shown for the account.
    pub fn label(&self) -> &str {
        &self.facts.label
    }

    /// Whether its owner took another ledger over: what ran before stays here, nothing is added.
    pub fn is_given_up(&self) -> bool {
        self.facts.same_as.is_some()
    }

    pub(super) fn doubted_before(&self) -> u64 {
        self.facts.doubted_before
    }

    /// Where its files are.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Keeps files from coming and going as long as the answer lives.
    pub(super) fn lock_alone(&self) -> Result<File, LedgerError> {
        lock(&self.directory)
    }

    /// Keeps files from coming and going, as others may at the same time.
    pub(super) fn lock_shared(&self) -> Result<File, LedgerError> {
        let path = self.directory.join(LOCK);
        let read = || {
            let file = File::open(&path)?;
            file.lock_shared()?;
            Ok(file)
        };
        read().map_err(LedgerError::read(&path))
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
    let _alone = (own.lock_alone()?, other.lock_alone()?);
    let mine = Files::of(&own)?;
    if mine.is_written()? {
        return Err(LedgerError::AtWork {
            path: own.directory,
        });
    }
    let mut taken = other.clone();
    taken.facts.label.clone_from(&owner.label);
    let record = if mine.is_blank() {
        Record::Trusted
    } else {
        taken.facts.doubted_before = Files::of(other)?.next;
        Record::Doubtful
    };
    write(&taken.directory, &taken.facts)?;
    let name = other.directory.file_name().and_then(OsStr::to_str);
    let facts = Facts {
        same_as: name.map(ToOwned::to_owned),
        ..own.facts
    };
    write(&own.directory, &facts)?;
    Ok((taken, record))
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
    files::replace(&path, &json)
}

fn lock(directory: &Path) -> Result<File, LedgerError> {
    let path = directory.join(LOCK);
    let file = files::open_lock(&path)?;
    file.lock().map_err(LedgerError::write(&path))?;
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

/// All accounts that ever had a ledger below the state directory: given up ones too, and what keeps any from being read.
///
/// # Errors
/// When the directory is there and cannot be read.
pub fn known_accounts(state: &Path) -> Result<Vec<Result<Account, LedgerError>>, LedgerError> {
    let directory = state.join(LEDGER);
    if !directory.exists() {
        return Ok(Vec::new());
    }
    let mut names = files::names(&directory)?;
    names.sort_unstable();
    // Files that a system puts into every directory are no accounts.
    let places = names.iter().map(|name| directory.join(name));
    let found = places
        .filter(|place| place.is_dir())
        .map(|place| Account::exactly_at(&place));
    Ok(found.filter_map(Result::transpose).collect())
}
