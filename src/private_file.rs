//! Files that hold contacts and that only their owner may read: mode 0600 where the system has modes. On Windows a file
//! has the rights of its directory: the user's profile is private to its owner.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek};
use std::path::Path;

use crate::file_name::is_device;

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
        check(&mut file)?;
        // Before it is emptied and written: no contact is ever readable by others.
        make_private(&file)?;
        file.set_len(0)?;
        file.rewind()?;
    }
    Ok(file)
}

#[cfg(unix)]
fn make_private(file: &File) -> io::Result<()> {
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))
}

#[cfg(not(unix))]
fn make_private(_: &File) -> io::Result<()> {
    Ok(())
}
