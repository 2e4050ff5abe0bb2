//! Private files and directories: made for their owner alone, and put in place whole or not at all.
//!
//! The only home of the tempfile crate.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::io::{self, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::error::LedgerError;
use crate::private_file;

/// Files that are still being made begin so; a kill may leave one behind.
pub(super) const DRAFT: &str = ".draft-";

/// Whether somebody holds a file's lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    Free,
    Held,
}

/// A file that is not in its place yet; it vanishes when it is dropped before.
pub(super) struct Draft(tempfile::NamedTempFile);

impl Draft {
    /// Starts a file in the directory. It is appended to, whatever others do.
    pub(super) fn in_directory(directory: &Path) -> io::Result<Draft> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(DRAFT).append(true);
        builder.tempfile_in(directory).map(Draft)
    }

    pub(super) fn file(&mut self) -> &mut File {
        self.0.as_file_mut()
    }

    /// Puts the file in its place, at once, over what was there.
    pub(super) fn place(self, path: &Path) -> io::Result<File> {
        self.0.persist(path).map_err(|error| error.error)
    }
}

/// Writes a small file, so that readers see all of it or what was there before.
pub(super) fn replace(path: &Path, content: &[u8]) -> Result<(), LedgerError> {
    place(path, content, |_| Ok(()))
}

/// The same, and the power may go off at any time.
pub(super) fn replace_for_good(path: &Path, content: &[u8]) -> Result<(), LedgerError> {
    place(path, content, |file| file.sync_all())?;
    let directory = path.parent().unwrap_or(Path::new(""));
    sync_directory(directory).map_err(LedgerError::write(path))
}

fn place(
    path: &Path,
    content: &[u8],
    settle: impl FnOnce(&File) -> io::Result<()>,
) -> Result<(), LedgerError> {
    let write = || {
        let mut draft = Draft::in_directory(path.parent().unwrap_or(Path::new("")))?;
        draft.file().write_all(content)?;
        settle(draft.file())?;
        draft.place(path)
    };
    write().map(drop).map_err(LedgerError::write(path))
}

/// Whoever holds an account's lock does so for moments. One who holds it for so long is stuck.
const STUCK: Duration = Duration::from_secs(30);
/// How soon a lock that came free is noticed.
const GLANCE: Duration = Duration::from_millis(10);

/// Asks for a lock until it is had, or until whoever holds it must be stuck.
pub(super) fn wait_for(
    path: &Path,
    ask: impl Fn() -> Result<(), TryLockError>,
) -> Result<(), LedgerError> {
    let began = Instant::now();
    loop {
        match ask() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(LedgerError::write(path)(error)),
            Err(TryLockError::WouldBlock) if began.elapsed() >= STUCK => {
                return Err(LedgerError::Stuck {
                    path: path.to_owned(),
                });
            }
            Err(TryLockError::WouldBlock) => thread::sleep(GLANCE),
        }
    }
}

/// Makes a directory and those above it, 0700 where the system knows such modes.
pub(super) fn make_directory(path: &Path) -> Result<(), LedgerError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(LedgerError::write(path))
}

/// Opens a lock file, and makes it (0600) where there is none.
pub(super) fn open_lock(path: &Path) -> Result<File, LedgerError> {
    private_file::options()
        .read(true)
        .append(true)
        .create(true)
        .open(path)
        .map_err(LedgerError::write(path))
}

/// Whether the file is locked by whoever writes it. Two who ask do not see each other.
pub(super) fn hold(file: &File) -> io::Result<Hold> {
    match file.try_lock_shared() {
        Ok(()) => file.unlock().map(|()| Hold::Free),
        Err(TryLockError::WouldBlock) => Ok(Hold::Held),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Takes the file's lock alone, unless somebody has it.
pub(super) fn take(file: &File) -> io::Result<Hold> {
    match file.try_lock() {
        Ok(()) => Ok(Hold::Free),
        Err(TryLockError::WouldBlock) => Ok(Hold::Held),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Which start of the system this is, where it says so (Linux, random(4)).
pub(super) fn boot() -> Option<String> {
    let text = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(text.trim().to_owned())
}

/// Waits until the names in a directory are on the disk, where a directory can be opened for that.
pub(super) fn sync_directory(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(path)?.sync_all()
    } else {
        Ok(())
    }
}

/// The names in a directory that are text; others are not the ledger's.
pub(super) fn names(directory: &Path) -> Result<Vec<String>, LedgerError> {
    let list = || -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(directory)? {
            names.extend(entry?.file_name().into_string());
        }
        Ok(names)
    };
    list().map_err(LedgerError::read(directory))
}
