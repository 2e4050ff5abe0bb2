//! What can go wrong with the ledger, in words for a user.

use std::io;
use std::path::{Path, PathBuf};

use crate::event::{Halt, LockFault, SharedError};
use crate::file_name::{HELD_OPEN, is_held_open};

/// Why the ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// It cannot be written.
    #[error("{}: the ledger cannot be written ({}): {}, or name another directory with BP_IMPORT_STATE_DIR", .path.display(), why(.error), remedy(.error, "writable"))]
    Write {
        /// The file or directory.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// It cannot be read.
    #[error("{}: the ledger cannot be read ({}): {}, or name another directory with BP_IMPORT_STATE_DIR", .path.display(), why(.error), remedy(.error, "readable"))]
    Read {
        /// The file or directory.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// It is of a format that this version does not know.
    #[error("{}: this ledger was written by a newer bp-import: use that one, or name another directory with BP_IMPORT_STATE_DIR", .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
    },
    /// The account's facts are not readable; without its salt, no fingerprint can be compared.
    #[error("{}: the ledger is damaged: move its directory away, and everything is sent again", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The account's ledger is to be given up while a run writes to it.
    #[error("{}: a run into this account is at work: wait for its end, then take the other ledger over", .path.display())]
    AtWork {
        /// The account's directory.
        path: PathBuf,
    },
    /// Another process made this ledger a part of another one.
    #[error("{}: another process has just merged this ledger into another account's: run the same command again", .path.display())]
    GivenUp {
        /// The account's directory.
        path: PathBuf,
    },
    /// Another process holds the account's lock for too long.
    #[error("{}: another bp-import holds this ledger and does not let go: end it, then run the same command again", .path.display())]
    Stuck {
        /// The lock.
        path: PathBuf,
    },
    /// A run's name cannot be a file's name.
    #[error("\"{0}\" cannot name a run: use letters, digits, dots and dashes")]
    Name(String),
}

/// A run whose ledger cannot be used is halted.
impl From<LedgerError> for Halt {
    fn from(error: LedgerError) -> Halt {
        match error {
            LedgerError::AtWork { .. }
            | LedgerError::GivenUp { .. }
            | LedgerError::Stuck { .. } => Halt::Locked(LockFault::Ledger(SharedError::new(error))),
            LedgerError::Write { .. }
            | LedgerError::Read { .. }
            | LedgerError::Newer { .. }
            | LedgerError::Damaged { .. }
            | LedgerError::Name(_) => Halt::unwritable(error),
        }
    }
}

impl LedgerError {
    pub(super) fn write(path: &Path) -> impl FnOnce(io::Error) -> LedgerError + '_ {
        move |error| LedgerError::Write {
            path: path.to_owned(),
            error,
        }
    }

    pub(super) fn read(path: &Path) -> impl FnOnce(io::Error) -> LedgerError + '_ {
        move |error| LedgerError::Read {
            path: path.to_owned(),
            error,
        }
    }
}

/// What to do about it; `access` is what is missing if no better reason is known.
fn remedy(error: &io::Error, access: &str) -> String {
    match error.kind() {
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "move that file away".to_owned()
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            "make room".to_owned()
        }
        _ if is_held_open(error) => "run again once it is closed".to_owned(),
        _ => format!("make it {access}"),
    }
}

fn why(error: &io::Error) -> String {
    match error.kind() {
        _ if is_held_open(error) => HELD_OPEN.to_owned(),
        io::ErrorKind::PermissionDenied => "no permission".to_owned(),
        io::ErrorKind::NotFound => "it is not there".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::QuotaExceeded => "your quota is used up".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
        io::ErrorKind::NotADirectory => "a part of its path is a file".to_owned(),
        io::ErrorKind::AlreadyExists => "a file stands in its place".to_owned(),
        io::ErrorKind::FileTooLarge => "a file may not grow so large here".to_owned(),
        io::ErrorKind::Unsupported => "its disk cannot lock files".to_owned(),
        _ => error.to_string(),
    }
}
