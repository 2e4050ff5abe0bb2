//! Files that hold contacts and that only their owner may read: mode 0600 where the system has modes. On Windows a file
//! has the rights of its directory: the user's profile is private to its owner.

#[cfg(unix)]
use std::fs::TryLockError;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek};
use std::path::Path;

use crate::file_name::{FileIdentity, is_device};

/// Options that create a file with mode 0600. A file that exists keeps its mode.
pub(crate) fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    owners_alone(&mut options);
    options
}

#[cfg(unix)]
fn owners_alone(options: &mut OpenOptions) {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}

#[cfg(not(unix))]
fn owners_alone(_: &mut OpenOptions) {}

/// Opens a file that only this process may write until it is closed, creating it if it does not exist. What it holds
/// stays. `None` if another process has claimed it.
///
/// # Errors
/// It cannot be opened. On Windows that is also the answer to a second claim.
pub(crate) fn claim(path: &Path) -> io::Result<Option<File>> {
    /// Some network drives number a file anew each time it is opened.
    const MOST_ATTEMPTS: usize = 5;
    let mut options = options();
    read_by_others_only(&mut options);
    options.read(true).write(true).create(true).truncate(false);
    let mut attempt = 1;
    loop {
        let file = options.open(path)?;
        if !is_alone(&file)? {
            return Ok(None);
        }
        // The process that had it before may have removed it meanwhile.
        let is_there = FileIdentity::of_path(path) == FileIdentity::of_file(&file).ok();
        if is_there || attempt == MOST_ATTEMPTS {
            return Ok(Some(file));
        }
        attempt += 1;
    }
}

#[cfg(unix)]
fn read_by_others_only(_: &mut OpenOptions) {}

/// Others may read and remove it: `FILE_SHARE_READ`, `FILE_SHARE_DELETE`.
#[cfg(windows)]
fn read_by_others_only(options: &mut OpenOptions) {
    std::os::windows::fs::OpenOptionsExt::share_mode(options, 1 | 4);
}

/// Whether no other process has claimed the open file. A file system without locks lets everybody in.
#[cfg(unix)]
fn is_alone(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// It could not have been opened.
#[cfg(windows)]
fn is_alone(_: &File) -> io::Result<bool> {
    Ok(true)
}

/// Opens a file to write it anew: creates it, or empties it and makes it private. `check` sees the existing file
/// through the same handle, at its start: by its path, another file could be checked than is emptied. A device is
/// opened as it is.
///
/// # Errors
/// It cannot be opened, or `check` refuses it; then it is not changed.
pub(crate) fn replace(
    path: &Path,
    check: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<File> {
    let mut file = options()
        // A device such as /dev/null has no content to check or to cut, and its mode is not ours to change.
        .read(!is_device(path))
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)?;
    // Windows has no metadata of NUL.
    if file.metadata().is_ok_and(|metadata| metadata.is_file()) {
        empty(&mut file, check)?;
    }
    Ok(file)
}

/// Empties an open file and makes it private, as [`replace`] does.
///
/// # Errors
/// `check` refuses it; then it is not changed.
pub(crate) fn empty(
    file: &mut File,
    check: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    check(file)?;
    // Before it is emptied and written: no contact is ever readable by others.
    make_private(file)?;
    file.set_len(0)?;
    file.rewind()
}

#[cfg(unix)]
fn make_private(file: &File) -> io::Result<()> {
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))
}

#[cfg(not(unix))]
fn make_private(_: &File) -> io::Result<()> {
    Ok(())
}
