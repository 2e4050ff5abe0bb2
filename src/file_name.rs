//! Names of files: which are names of one file, and which are no files but devices.
//!
//! The only home of the same-file crate. Reads and writes no content.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use same_file::Handle;

/// What makes two names one file: links, case, `..` and stdin do not hide it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FileIdentity {
    /// A file that is there, by what the system knows it by.
    Existing(Handle),
    /// A file that is not there yet, or that another program lets nobody open: by its path.
    Named(PathBuf),
}

impl FileIdentity {
    /// The identity of a file by its name. `None` for what is not a file: a directory, a pipe, a device.
    pub(crate) fn of_path(path: &Path) -> Option<FileIdentity> {
        match path.metadata() {
            _ if is_device(path) => None,
            // Opening a pipe would wait for its other end.
            Ok(metadata) if !metadata.is_file() => None,
            Ok(_) => Handle::from_path(path)
                .map(FileIdentity::Existing)
                .ok()
                .or_else(|| FileIdentity::by_name(path)),
            Err(_) => FileIdentity::by_name(path),
        }
    }

    /// The identity of an open file.
    ///
    /// # Errors
    /// When the system does not tell.
    pub(crate) fn of_file(file: &File) -> io::Result<FileIdentity> {
        Handle::from_file(file.try_clone()?).map(FileIdentity::Existing)
    }

    /// The identity of what stdin is redirected from; of a pipe, one that no file has.
    pub(crate) fn of_stdin() -> Option<FileIdentity> {
        Handle::stdin().map(FileIdentity::Existing).ok()
    }

    fn by_name(path: &Path) -> Option<FileIdentity> {
        let path = resolved(path)?;
        Some(FileIdentity::Named(unified_case(&path)))
    }
}

/// The path with its links followed; of a file that does not exist yet, those of its directory.
pub(crate) fn resolved(path: &Path) -> Option<PathBuf> {
    let of_directory = || {
        let directory = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let directory = directory.unwrap_or(Path::new(".")).canonicalize().ok()?;
        Some(directory.join(path.file_name()?))
    };
    path.canonicalize().ok().or_else(of_directory)
}

/// A path that is equal to all others that name the same file in other letters, where the system does not tell them
/// apart: Windows and macOS, as they are installed.
pub(crate) fn unified_case(path: &Path) -> PathBuf {
    match path.to_str() {
        // Windows passes over dots and spaces at a name's end.
        Some(text) if cfg!(windows) => text.trim_end_matches(['.', ' ']).to_lowercase().into(),
        Some(text) if cfg!(target_os = "macos") => text.to_lowercase().into(),
        _ => path.to_owned(),
    }
}

/// Whether there is something at this path that is not a file: it has no content to check, to keep or to empty.
pub(crate) fn is_device(path: &Path) -> bool {
    (cfg!(windows) && is_dos_device(path))
        || path.metadata().is_ok_and(|metadata| !metadata.is_file())
}

/// Whether Windows takes the path for a device in whatever directory it is: `NUL`, `CON`, `COM1` …
/// ("Naming Files, Paths, and Namespaces", learn.microsoft.com). A name such as `nul.csv` is a file since Windows 11.
fn is_dos_device(path: &Path) -> bool {
    let text = path.to_string_lossy();
    let name = text.rsplit(['\\', '/']).next().unwrap_or_default();
    is_dos_name(name)
}

/// Whether Windows before 11 takes a file of this name for a device, whatever its extension.
pub(crate) fn names_device(name: &str) -> bool {
    cfg!(windows) && is_dos_name(name.split('.').next().unwrap_or_default())
}

fn is_dos_name(name: &str) -> bool {
    let name = name.trim_end_matches([' ', ':']).to_uppercase();
    let is_port = |rest: &str| rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_digit());
    match name.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" => true,
        _ => ["COM", "LPT"]
            .iter()
            .any(|port| name.strip_prefix(port).is_some_and(is_port)),
    }
}

/// Whether a file cannot be opened, replaced or removed because another program has it open. Only Windows refuses
/// that: Excel keeps others from the workbook that it shows.
pub(crate) fn is_held_open(error: &io::Error) -> bool {
    /// `ERROR_SHARING_VIOLATION` and `ERROR_LOCK_VIOLATION` (winerror.h).
    const HELD: [i32; 2] = [32, 33];
    cfg!(windows)
        && error
            .raw_os_error()
            .is_some_and(|code| HELD.contains(&code))
}

/// What [`is_held_open`] means, in a user's words.
pub(crate) const HELD_OPEN: &str = "it is open in another program";
/// What a user does about it.
pub(crate) const CLOSE_IT: &str = "close it in Excel, then run again";

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn one_file_has_one_identity_by_whatever_name() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("sub")).unwrap();
        std::fs::write(at("a.csv"), "phone\n").unwrap();
        std::fs::write(at("b.csv"), "phone\n").unwrap();
        std::fs::hard_link(at("a.csv"), at("link.csv")).unwrap();
        let of = |name: &str| FileIdentity::of_path(&at(name));
        for other in ["a.csv", "link.csv", "./a.csv", "sub/../a.csv"] {
            assert_eq!(of(other), of("a.csv"), "{other}");
        }
        let open = File::open(at("a.csv")).unwrap();
        assert_eq!(FileIdentity::of_file(&open).ok(), of("a.csv"));
        assert_ne!(of("b.csv"), of("a.csv"));
        // What is not there yet has a name only.
        assert_eq!(of("sub/../new.csv"), of("new.csv"));
        assert_ne!(of("sub/new.csv"), of("new.csv"));
        let other_case = of("NEW.csv") == of("new.csv");
        assert_eq!(other_case, cfg!(any(windows, target_os = "macos")));
        assert_eq!(of("sub"), None);
    }

    #[cfg(windows)]
    #[test]
    fn one_file_has_one_identity_in_any_case_and_with_any_prefix() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Contacts.csv");
        std::fs::write(&path, "phone\n").unwrap();
        let text = path.to_str().unwrap();
        let known = FileIdentity::of_path(&path);
        assert!(matches!(known, Some(FileIdentity::Existing(_))));
        for other in [
            text.to_uppercase(),
            text.to_lowercase(),
            text.replace('\\', "/"),
            format!(r"\\?\{text}"),
        ] {
            assert_eq!(FileIdentity::of_path(Path::new(&other)), known, "{other}");
        }
    }

    #[test]
    fn names_of_devices_are_known_in_any_directory_and_case() {
        for name in [
            "NUL",
            "nul",
            "NUL:",
            r"C:\data\nul",
            "./NUL",
            r"\\.\NUL",
            "con",
            "COM1",
            "lpt9",
            "AUX ",
        ] {
            assert!(is_dos_device(Path::new(name)), "{name}");
        }
        for name in [
            "nul.csv", "null", "COM", "COM10", "console", "", "a/NULL", "LPTx",
        ] {
            assert!(!is_dos_device(Path::new(name)), "{name}");
        }
    }

    #[cfg(windows)]
    #[test]
    fn a_name_with_the_stem_of_a_device_is_one_and_dots_at_the_end_are_none() {
        assert!(names_device("com1.rejected.csv") && names_device("NUL"));
        assert!(!names_device("common.csv") && !names_device("a.nul"));
        let of = |name: &str| FileIdentity::of_path(Path::new(name));
        assert_eq!(of("new.out. "), of("NEW.OUT"));
    }

    #[test]
    fn the_null_device_is_no_file_and_a_missing_file_is_no_device() {
        let null = if cfg!(windows) { "NUL" } else { "/dev/null" };
        assert!(is_device(Path::new(null)));
        assert_eq!(FileIdentity::of_path(Path::new(null)), None);
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_device(&folder.path().join("missing.csv")));
        assert!(is_device(folder.path()));
    }
}
