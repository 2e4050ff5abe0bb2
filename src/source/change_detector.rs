//! Whether a file is at its end what it was when it was opened.
//!
//! Owns what is compared, and how long a file must lie still. Only regular files: the end of a pipe is the end.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::file_name::FileIdentity;

/// A program that writes row by row pauses between two: a file whose last line has no end is believed to be whole when
/// nothing was written to it for so long. Unit tests read hundreds of files that they have just written, and wait for
/// none.
const AT_REST: Duration = Duration::from_secs(if cfg!(test) { 0 } else { 1 });

/// Remembers a file as it was opened.
pub(super) struct ChangeDetector {
    file: File,
    path: PathBuf,
    opened: Stamp,
}

/// What changes when a file does.
#[derive(PartialEq, Eq)]
struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
}

/// How the text that was read ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LastLine {
    Ended,
    /// Without a line end: it may be half a line.
    Open,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Stamp {
        Stamp {
            size: metadata.len(),
            modified: metadata.modified().ok(),
        }
    }

    /// How long nothing was written; nothing where clocks disagree.
    fn age(&self) -> Duration {
        let modified = self.modified.map(|modified| modified.elapsed());
        modified.and_then(Result::ok).unwrap_or_default()
    }
}

impl ChangeDetector {
    /// The state of a file that was just opened.
    pub(super) fn new(file: &File, path: &Path, metadata: &Metadata) -> io::Result<ChangeDetector> {
        Ok(ChangeDetector {
            file: file.try_clone()?,
            path: path.to_owned(),
            opened: Stamp::of(metadata),
        })
    }

    /// Whether the file is another than it was. One that may be written at this moment is given time to grow.
    pub(super) fn has_changed(&self, last: LastLine) -> bool {
        // Half a phone is another person's phone: wait until a writer in mid-row has had time to write on.
        if last == LastLine::Open && !self.is_changed() {
            std::thread::sleep(AT_REST.saturating_sub(self.opened.age()));
        }
        self.is_changed()
    }

    fn is_changed(&self) -> bool {
        // A network drive that went away: nothing shows that the file is still the same.
        let Ok(now) = self.file.metadata() else {
            return true;
        };
        Stamp::of(&now) != self.opened || self.is_replaced()
    }

    /// Whether another file has its name. One that was removed was read whole.
    fn is_replaced(&self) -> bool {
        let is_there = self.path.exists();
        is_there && FileIdentity::of_path(&self.path) != FileIdentity::of_file(&self.file).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::*;

    fn after(change: impl FnOnce(&Path)) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, "name,phone\nAnn,1\n").unwrap();
        let file = File::open(&path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(60))
            .unwrap();
        let guard = ChangeDetector::new(&file, &path, &file.metadata().unwrap()).unwrap();
        change(&path);
        guard.has_changed(LastLine::Open)
    }

    #[test]
    fn a_file_that_grew_shrank_was_written_over_or_replaced_is_changed() {
        assert!(!after(|_| ()));
        let open = |path: &Path| File::options().append(true).open(path).unwrap();
        let grown = after(|path| open(path).write_all(b"Bob,2").unwrap());
        assert!(grown);
        let shrunk = after(|path| open(path).set_len(3).unwrap());
        assert!(shrunk);
        let rewritten = after(|path| fs::write(path, "name,phone\nBob,2\n").unwrap());
        assert!(rewritten);
        assert!(!after(|path| fs::remove_file(path).unwrap()));
    }

    /// Wine does not replace a file that is open.
    #[cfg(unix)]
    #[test]
    fn a_file_in_whose_place_is_another_of_the_same_size_and_age_is_changed() {
        let replaced = after(|path| {
            let new = path.with_extension("new");
            fs::write(&new, "name,phone\nBob,2\n").unwrap();
            let written = path.metadata().unwrap().modified().unwrap();
            let file = File::options().append(true).open(&new).unwrap();
            file.set_modified(written).unwrap();
            fs::rename(new, path).unwrap();
        });
        assert!(replaced);
    }
}
