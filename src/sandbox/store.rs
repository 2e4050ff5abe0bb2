//! The file that a sandbox stores contacts in: how it is opened, and which existing file it may replace.
//!
//! Owns how a store is recognised: by a first line that is a contact as the sandbox takes it. Writes no contact.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::Path;

use super::shape;

/// A longer first line is not a contact: the body limit is far below.
const LONGEST_LINE: u64 = 64_000_000;

/// Opens a file for the store, with mode 0600: a new or empty file, a device, or an older store, which is emptied.
///
/// # Errors
/// It cannot be opened, or holds something else.
pub(crate) fn open_store(path: &Path) -> io::Result<File> {
    // A device such as /dev/null has no content to check or to empty.
    let is_device = path.metadata().is_ok_and(|metadata| !metadata.is_file());
    let mut file = private()
        .read(!is_device)
        .write(true)
        .create(true)
        // Not yet: what it holds is checked first.
        .truncate(false)
        .open(path)?;
    // Windows has no metadata of NUL.
    if file.metadata().is_ok_and(|metadata| metadata.is_file()) {
        if !is_empty_or_store(&mut file)? {
            return Err(io::Error::other(
                "there is such a file, and it is not the store of a sandbox: name another",
            ));
        }
        make_private(&file)?;
        file.set_len(0)?;
        file.rewind()?;
    }
    Ok(file)
}

fn is_empty_or_store(file: &mut File) -> io::Result<bool> {
    let mut first = Vec::new();
    BufReader::new(file.by_ref().take(LONGEST_LINE)).read_until(b'\n', &mut first)?;
    let is_store = || std::str::from_utf8(&first).is_ok_and(shape::is_stored);
    Ok(first.is_empty() || is_store())
}

/// Only its owner may read what is stored: it is contacts. Not `private_file`, which the sandbox may not use.
fn private() -> OpenOptions {
    let mut options = File::options();
    owners_alone(&mut options);
    options
}

#[cfg(unix)]
fn owners_alone(options: &mut OpenOptions) {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}

#[cfg(not(unix))]
fn owners_alone(_: &mut OpenOptions) {}

/// An older store may be readable by others.
#[cfg(unix)]
fn make_private(file: &File) -> io::Result<()> {
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))
}

#[cfg(not(unix))]
fn make_private(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn only_an_empty_file_or_an_older_store_is_replaced() {
        let contact = r#"{"userProvidedName":"Asha","contact":{"phone":{"prefix":"91","number":"9876543210"}}}"#;
        let truncated = &contact[..40];
        let wrapped = format!(r#"{{"profile":{{"userDetails":{contact}}}}}"#);
        let two = format!("{contact}\n{contact}\n");
        let broken_later = format!("{contact}\n{truncated}");
        for (content, is_replaced) in [
            ("", true),
            (contact, true),
            (&two, true),
            (&broken_later, true),
            (truncated, false),
            (&wrapped, false),
            ("{\"phone\":\"+919876543210\"}\n", false),
            ("phone\n+919876543210\n", false),
            ("\n", false),
        ] {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), content).unwrap();
            let opened = open_store(file.path());
            assert_eq!(opened.is_ok(), is_replaced, "{content}");
            let left = if is_replaced { "" } else { content };
            assert_eq!(std::fs::read_to_string(file.path()).unwrap(), left);
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_a_store() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (new, old) = (folder.path().join("new"), folder.path().join("old"));
        std::fs::write(&old, "").unwrap();
        std::fs::set_permissions(&old, std::fs::Permissions::from_mode(0o644)).unwrap();
        for path in [new, old] {
            let store = open_store(&path).unwrap();
            let mode = store.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", path.display());
        }
    }
}
