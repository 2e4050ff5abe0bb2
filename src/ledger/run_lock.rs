//! One run at a time for an account, its inputs and its shard.
//!
//! The system drops a lock with its process, however that ends. The holder is named in a second file, because Windows
//! lets no other process read a locked one.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::account::AccountLedger;
use super::error::LedgerError;
use super::files;
use super::inputs_id::InputsId;
use crate::event::LockHolder;
use crate::hint::WAIT;
use crate::shard::Shard;

const LOCKS: &str = "locks";

/// A run's lock; dropping it lets the next run begin.
#[derive(Debug)]
pub(crate) struct RunLock {
    _file: File,
    holder: PathBuf,
}

/// Why a run may not begin.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LockError {
    /// Another run has the lock; its holder, if it has written that already.
    #[error(
        "another run of the same inputs into the same account is at work: wait for its end, or pass {WAIT}"
    )]
    Held(Option<LockHolder>),
    /// The lock cannot be asked for.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl RunLock {
    /// Takes the lock without waiting, and records its holder.
    ///
    /// # Errors
    /// When another run has it, or the file system does not lock files.
    pub(crate) fn take(
        account: &AccountLedger,
        inputs: &InputsId,
        shard: Option<Shard>,
        holder: LockHolder,
    ) -> Result<RunLock, LockError> {
        let directory = account.directory().join(LOCKS);
        files::make_directory(&directory)?;
        let name = name(inputs, shard);
        // This file is never removed: two runs could then lock two different files of one name.
        let path = directory.join(format!("{name}.lock"));
        let holder_path = directory.join(format!("{name}.holder"));
        let file = files::open_lock(&path)?;
        if !files::take(&file).map_err(LedgerError::write(&path))? {
            return Err(LockError::Held(read(&holder_path)));
        }
        let text = format!("{} {}\n", holder.pid, holder.since);
        files::replace(&holder_path, text.as_bytes())?;
        Ok(RunLock {
            _file: file,
            holder: holder_path,
        })
    }
}

impl Drop for RunLock {
    /// The file that names the holder is removed before the lock is released, so that the next holder's is never
    /// removed. One that is left by a kill does no harm.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.holder);
    }
}

fn name(inputs: &InputsId, shard: Option<Shard>) -> String {
    match shard {
        Some(shard) => format!("{}.{}", inputs.as_str(), shard.in_file_name()),
        None => inputs.as_str().to_owned(),
    }
}

fn read(path: &Path) -> Option<LockHolder> {
    let text = fs::read_to_string(path).ok()?;
    let (pid, since) = text.trim_end().split_once(' ')?;
    Some(LockHolder {
        pid: pid.parse().ok()?,
        since: since.parse().ok()?,
    })
}
