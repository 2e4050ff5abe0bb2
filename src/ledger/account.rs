//! An account's directory: whose it is, its salt, and the lock under which files are added and removed.
//!
//! Does not know the segments in it: `catalogue` does.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::error::LedgerError;
use super::files;
use crate::digest::identity;
use crate::fingerprint::Salt;

const LEDGER: &str = "ledger";
const FACTS: &str = "account.json";
const LOCK: &str = "lock";
const VERSION: u16 = 1;
/// Ledgers that replace each other in a circle are damaged. A takeover is a deliberate act: 64 in a row are not
/// expected.
const MOST_HOPS: usize = 64;

/// The owner of a ledger. Owners that differ in address, bot or key share nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerOwner {
    /// The API's address; without credentials.
    pub base_url: String,
    /// The bot.
    pub bot: String,
    /// What distinguishes accounts of one bot: the account's name, a token's `sub`, or its fingerprint. Stored as a
    /// hash only.
    pub key: String,
    /// What a user is shown for it; not a secret.
    pub label: String,
}

impl LedgerOwner {
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
pub struct AccountLedger {
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
    /// The directory of the ledger that this owner took over: it replaces this one.
    // Ledgers from before takeovers existed have neither this field nor the next.
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
struct AnyFacts {}

impl AccountLedger {
    /// Opens the owner's ledger below the state directory, and creates it if it does not exist.
    ///
    /// # Errors
    /// When it cannot be made, or is of a newer bp-import.
    pub fn open(state: &Path, owner: &LedgerOwner) -> Result<AccountLedger, LedgerError> {
        // Without the lock, which only creation needs: the facts are replaced atomically.
        if let Some(account) = AccountLedger::find(state, owner)? {
            return Ok(account);
        }
        let directory = state.join(LEDGER).join(owner.id());
        files::make_directory(&directory)?;
        let _alone = lock(&directory)?;
        // Another process may have made it meanwhile. Its salt must be used, or each would see the other's contacts as
        // new.
        match AccountLedger::at(&directory)? {
            Some(account) => Ok(account),
            None => AccountLedger::make(directory, owner),
        }
    }

    /// The owner's ledger, if there is one. Writes nothing.
    ///
    /// # Errors
    /// When there is one that cannot be read, or is of a newer bp-import.
    pub(crate) fn find(
        state: &Path,
        owner: &LedgerOwner,
    ) -> Result<Option<AccountLedger>, LedgerError> {
        AccountLedger::at(&state.join(LEDGER).join(owner.id()))
    }

    fn make(directory: PathBuf, owner: &LedgerOwner) -> Result<AccountLedger, LedgerError> {
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
        Ok(AccountLedger {
            directory,
            salt,
            facts,
        })
    }

    /// The ledger in a directory, or the one that replaces it in the end.
    fn at(directory: &Path) -> Result<Option<AccountLedger>, LedgerError> {
        let mut found = AccountLedger::exactly_at(directory)?;
        for _ in 0..MOST_HOPS {
            match found.as_ref().and_then(AccountLedger::replaced_by) {
                Some(other) => found = AccountLedger::exactly_at(&other)?,
                None => return Ok(found),
            }
        }
        Err(LedgerError::Damaged {
            path: directory.join(FACTS),
        })
    }

    fn replaced_by(&self) -> Option<PathBuf> {
        let name = self.facts.same_as.as_ref()?;
        Some(self.directory.parent()?.join(name))
    }

    /// The ledger that replaces this one in the end, or this one; `None` if it cannot be read.
    pub(super) fn in_force(&self) -> Option<AccountLedger> {
        AccountLedger::at(&self.directory).ok().flatten()
    }

    /// The owner's own ledger, even if another one replaces it.
    pub(super) fn exactly_of(
        state: &Path,
        owner: &LedgerOwner,
    ) -> Result<Option<AccountLedger>, LedgerError> {
        AccountLedger::exactly_at(&state.join(LEDGER).join(owner.id()))
    }

    /// The same ledger under the owner's label, where given with segments below this number in doubt; not saved yet.
    pub(super) fn taken_over_by(&self, owner: &LedgerOwner, doubted: Option<u64>) -> AccountLedger {
        let mut taken = self.clone();
        taken.facts.label.clone_from(&owner.label);
        taken.facts.doubted_before = doubted.unwrap_or(self.facts.doubted_before);
        taken
    }

    /// Writes its facts, durably.
    pub(super) fn save(&self) -> Result<(), LedgerError> {
        write(&self.directory, &self.facts)
    }

    /// Records, durably, that another ledger replaces this one.
    pub(super) fn give_up_for(self, other: &AccountLedger) -> Result<(), LedgerError> {
        let name = other.directory.file_name().and_then(OsStr::to_str);
        let facts = Facts {
            same_as: name.map(ToOwned::to_owned),
            ..self.facts
        };
        write(&self.directory, &facts)
    }

    fn exactly_at(directory: &Path) -> Result<Option<AccountLedger>, LedgerError> {
        let path = directory.join(FACTS);
        let json = match files::patiently(|| fs::read(&path)) {
            Ok(json) => json,
            // A missing file is an account without a ledger, if nothing was recorded beside it; anything else must
            // not look like one, or all would be sent again.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return match holds_records(directory) {
                    false => Ok(None),
                    // Another process has made it meanwhile.
                    true if path.exists() => AccountLedger::exactly_at(directory),
                    true => Err(LedgerError::Damaged { path }),
                };
            }
            Err(error) => return Err(LedgerError::Read { path, error }),
        };
        let (facts, salt) = read(&json, path)?;
        Ok(Some(AccountLedger {
            directory: directory.to_owned(),
            salt,
            facts,
        }))
    }

    /// The salt of this account's fingerprints.
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

    /// Whether another ledger replaced this one: past runs stay here, nothing is added.
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

    /// Locks the account for a writer: no file is added or removed by others while the returned lock lives.
    ///
    /// # Errors
    /// When the ledger was given up, or the lock cannot be taken.
    pub(super) fn lock_alone(&self) -> Result<File, LedgerError> {
        let lock = lock(&self.directory)?;
        // A takeover may have happened while this waited for the lock.
        match AccountLedger::exactly_at(&self.directory)? {
            Some(now) if !now.is_given_up() => Ok(lock),
            _ => Err(LedgerError::GivenUp {
                path: self.directory.clone(),
            }),
        }
    }

    /// Locks the account for a reader. `None` if the lock's file is missing (a backup may leave it out): then no
    /// process writes.
    pub(super) fn lock_shared(&self) -> Result<Option<File>, LedgerError> {
        let path = self.directory.join(LOCK);
        let file = match files::patiently(|| File::open(&path)) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(LedgerError::Read { path, error }),
        };
        files::wait_for(&path, || file.try_lock_shared())?;
        Ok(Some(file))
    }
}

/// Whether anything but facts, locks and drafts is in an account's directory.
fn holds_records(directory: &Path) -> bool {
    let names = files::names(directory).unwrap_or_default();
    let is_none =
        |name: &str| name == FACTS || name.starts_with(LOCK) || name.starts_with(files::DRAFT);
    names.iter().any(|name| !is_none(name))
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
    files::replace_durably(&path, &json)
}

fn lock(directory: &Path) -> Result<File, LedgerError> {
    let path = directory.join(LOCK);
    let file = files::open_lock(&path)?;
    files::wait_for(&path, || file.try_lock())?;
    Ok(file)
}

fn read(json: &[u8], path: PathBuf) -> Result<(Facts, Salt), LedgerError> {
    // The version first: a newer format may have other facts.
    match serde_json::from_slice::<Versioned<AnyFacts>>(json) {
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

/// All accounts with a ledger in force below the state directory; those that cannot be read are left out.
///
/// # Errors
/// When the directory is there and cannot be read.
pub fn accounts(state: &Path) -> Result<Vec<AccountLedger>, LedgerError> {
    let known = known_accounts(state)?.into_iter();
    Ok(known
        .filter_map(Result::ok)
        .filter(|account| !account.is_given_up())
        .collect())
}

/// All accounts that ever had a ledger below the state directory, given-up ones too; an error for each that cannot be
/// read.
///
/// # Errors
/// When the directory is there and cannot be read.
pub fn known_accounts(
    state: &Path,
) -> Result<Vec<Result<AccountLedger, LedgerError>>, LedgerError> {
    let directory = state.join(LEDGER);
    let mut names = match files::names(&directory) {
        Err(LedgerError::Read { error, .. }) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Vec::new());
        }
        names => names?,
    };
    names.sort_unstable();
    // Systems put files such as .DS_Store into every directory: these are not accounts.
    let places = names.iter().map(|name| directory.join(name));
    let found = places
        .filter(|place| place.is_dir())
        .map(|place| AccountLedger::exactly_at(&place));
    Ok(found.filter_map(Result::transpose).collect())
}
