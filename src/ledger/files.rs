//! Private files and directories: readable by their owner alone, and replaced atomically. Locks on them.
//!
//! The only home of the tempfile crate.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::io::{self, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::error::LedgerError;
use crate::file_name::is_held_open;
use crate::private_file;

/// The prefix of files that are not complete yet; a kill may leave one behind.
pub(super) const DRAFT: &str = ".draft-";

/// A file that is not in its place yet; dropping it removes it.
pub(super) struct DraftFile(tempfile::NamedTempFile);

impl DraftFile {
    /// Starts a file in the directory, in append mode: two writers never overwrite each other.
    pub(super) fn in_directory(directory: &Path) -> io::Result<DraftFile> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(DRAFT).append(true);
        builder.tempfile_in(directory).map(DraftFile)
    }

    pub(super) fn file(&mut self) -> &mut File {
        self.0.as_file_mut()
    }

    /// Renames the file into its place, over what was there.
    pub(super) fn persist(self, path: &Path) -> io::Result<File> {
        let mut draft = Some(self.0);
        patiently(|| {
            let persisted = draft.take().map(|draft| draft.persist(path));
            match persisted {
                Some(Ok(file)) => Ok(file),
                Some(Err(failed)) => {
                    draft = Some(failed.file);
                    Err(failed.error)
                }
                // It is put back after every failure.
                None => Err(io::ErrorKind::NotFound.into()),
            }
        })
    }
}

/// Tries something again while another program has the file open.
pub(super) fn patiently<T>(mut attempt: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let began = Instant::now();
    loop {
        match attempt() {
            Err(error) if may_be_open(&error) && began.elapsed() < HELD_OPEN => thread::sleep(POLL),
            answer => return answer,
        }
    }
}

/// How long a virus scanner, a backup, or another run that reads the file may keep it: all need milliseconds.
const HELD_OPEN: Duration = Duration::from_secs(2);

/// Whether a file may be open elsewhere. Where one cannot be replaced for that, Windows says that there is no permission.
fn may_be_open(error: &io::Error) -> bool {
    is_held_open(error) || (cfg!(windows) && error.kind() == io::ErrorKind::PermissionDenied)
}

/// Opens a file to write at its end only: two writers never overwrite each other.
pub(super) fn append_to(path: &Path) -> io::Result<File> {
    File::options().read(true).append(true).open(path)
}

/// Shortens a file. On Windows a handle in append mode may not do that.
pub(super) fn cut(path: &Path, length: u64) -> io::Result<()> {
    File::options().write(true).open(path)?.set_len(length)
}

/// Writes a small file atomically: readers see all of it or what was there before.
pub(super) fn replace(path: &Path, content: &[u8]) -> Result<(), LedgerError> {
    put(path, content, |_| Ok(()))
}

/// The same, and durably: it survives a power cut.
pub(super) fn replace_durably(path: &Path, content: &[u8]) -> Result<(), LedgerError> {
    put(path, content, |file| file.sync_all())?;
    let directory = path.parent().unwrap_or(Path::new(""));
    // A rename survives a power cut only once its directory is synced, too.
    sync_directory(directory).map_err(LedgerError::write(path))
}

fn put(
    path: &Path,
    content: &[u8],
    settle: impl FnOnce(&File) -> io::Result<()>,
) -> Result<(), LedgerError> {
    let write = || {
        let mut draft = DraftFile::in_directory(path.parent().unwrap_or(Path::new("")))?;
        draft.file().write_all(content)?;
        settle(draft.file())?;
        draft.persist(path)
    };
    write().map(drop).map_err(LedgerError::write(path))
}

/// An account's lock is held for milliseconds, even for a compaction of a million contacts for seconds. A process that
/// holds it for longer is stuck.
const STUCK: Duration = Duration::from_secs(30);
/// The pause between two attempts to take a lock.
const POLL: Duration = Duration::from_millis(10);

/// Tries to take a lock until it succeeds, or until its holder must be stuck.
pub(super) fn wait_for(
    path: &Path,
    ask: impl Fn() -> Result<(), TryLockError>,
) -> Result<(), LedgerError> {
    // std has no lock with a timeout, and waiting for ever for a stuck process would look like a hang.
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
            Err(TryLockError::WouldBlock) => thread::sleep(POLL),
        }
    }
}

/// Makes a directory and those above it, with mode 0700 where the system has modes.
pub(super) fn make_directory(path: &Path) -> Result<(), LedgerError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(LedgerError::write(path))
}

/// Opens a lock file, and creates it (0600) if it does not exist.
pub(super) fn open_lock(path: &Path) -> Result<File, LedgerError> {
    let mut options = private_file::options();
    options.read(true).append(true).create(true);
    patiently(|| options.open(path)).map_err(LedgerError::write(path))
}

/// Whether the file is locked by its writer. A shared lock is tried, so that two that ask at once do not see each
/// other.
pub(super) fn is_locked(path: &Path) -> io::Result<bool> {
    let file = patiently(|| File::open(path))?;
    let is_free = is_granted(file.try_lock_shared())?;
    if is_free {
        // Closing the file releases it, too, so a failure does not matter: Wine reports one each time.
        let _ = file.unlock();
    }
    Ok(!is_free)
}

/// Takes the file's exclusive lock; `false` if another process has it.
pub(super) fn take(file: &File) -> io::Result<bool> {
    is_granted(file.try_lock())
}

fn is_granted(lock: Result<(), TryLockError>) -> io::Result<bool> {
    match lock {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The identity of the system's current boot (Linux, random(4)); `None` on other systems.
pub(super) fn boot() -> Option<String> {
    let text = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(text.trim().to_owned())
}

/// Syncs the names in a directory to the disk. Only Unix can open a directory for that.
pub(super) fn sync_directory(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(path)?.sync_all()
    } else {
        Ok(())
    }
}

/// The names in a directory that are UTF-8; others are not the ledger's.
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
