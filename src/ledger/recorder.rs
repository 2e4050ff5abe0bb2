//! Writing: a run's own segment, and the segment that `add` appends to.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::account::AccountLedger;
use super::catalogue::{AccountFiles, SegmentFile, SegmentHeader};
use super::entry::{LedgerEntry, LedgerMark, SIZE};
use super::error::LedgerError;
use super::files;
use super::run_facts::{RunEnding, RunStart};
use super::segment::{self, Segment};
use crate::fingerprint::Fingerprint;

/// The name of segments that hold what `add` sent.
const ADDED: &str = "add";
/// A run's name is a part of a file's name, which may have 255 bytes on common file systems.
const LONGEST_NAME: usize = 100;

/// Writes a run's segment, which is locked until this is dropped.
#[derive(Debug)]
pub struct RunRecorder {
    name: String,
    directory: PathBuf,
    segment: Segment,
    _lock: File,
}

impl RunRecorder {
    /// Begins a run's segment.
    ///
    /// # Errors
    /// When it cannot be written, or the name cannot be a file's.
    pub fn begin(account: &AccountLedger, start: RunStart) -> Result<RunRecorder, LedgerError> {
        check_name(&start.name)?;
        let _alone = account.lock_alone()?;
        let files = AccountFiles::of(account)?;
        let name = free_name(&files, &start.name);
        let start = RunStart {
            name: name.clone(),
            ..start
        };
        let (segment, lock) = begin(account, &files, &name, Some(start))?;
        let directory = account.directory().to_owned();
        Ok(RunRecorder {
            name,
            directory,
            segment,
            _lock: lock,
        })
    }

    /// The run's name, as it turned out.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Records the same mark for several contacts, in one write. `Sent` must be recorded before they are first sent,
    /// `Accepted` before it is counted or shown.
    ///
    /// # Errors
    /// When they cannot be written: then nothing is recorded of any of them, and a later attempt may succeed.
    pub fn record<'a>(
        &mut self,
        mark: LedgerMark,
        contacts: impl IntoIterator<Item = &'a Fingerprint>,
    ) -> Result<(), LedgerError> {
        record(&mut self.segment, mark, contacts)
    }

    /// Records the run's end, and waits until everything is on the disk.
    ///
    /// # Errors
    /// When it cannot be written: then the run counts as unfinished.
    pub fn end(mut self, ending: &RunEnding) -> Result<(), LedgerError> {
        let facts = serde_json::to_vec(ending)
            .map_err(|error| LedgerError::write(self.segment.path())(error.into()))?;
        self.segment.end(&facts)?;
        files::sync_directory(&self.directory).map_err(LedgerError::write(&self.directory))
    }
}

/// Writes what `add` sends: each appends to the segment of the one before, without reading its entries.
///
/// The segment is locked until this is dropped. Keep it until the request has its answer: both entries of a contact
/// must be in one segment.
#[derive(Debug)]
pub(crate) struct AdditionRecorder {
    segment: Segment,
    _lock: File,
}

impl AdditionRecorder {
    /// Continues the account's newest segment, if it is one of additions and no other process writes it, or begins
    /// one.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn open(account: &AccountLedger) -> Result<AdditionRecorder, LedgerError> {
        let _alone = account.lock_alone()?;
        let files = AccountFiles::of(account)?;
        let joined = match files.segments.last() {
            Some(newest) if newest.run == ADDED => join(newest)?,
            _ => None,
        };
        let (segment, lock) = match joined {
            Some(joined) => joined,
            None => begin(account, &files, ADDED, None)?,
        };
        Ok(AdditionRecorder {
            segment,
            _lock: lock,
        })
    }

    /// Records a mark of a contact: `Sent` before it is sent, and then its outcome.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn record(
        &mut self,
        mark: LedgerMark,
        contact: &Fingerprint,
    ) -> Result<(), LedgerError> {
        record(&mut self.segment, mark, [contact])?;
        match mark {
            // No end follows that would be synced: that it was sent must survive a power cut.
            LedgerMark::Sent => self.segment.settle(),
            LedgerMark::Accepted | LedgerMark::Refused => Ok(()),
        }
    }
}

fn record<'a>(
    segment: &mut Segment,
    mark: LedgerMark,
    contacts: impl IntoIterator<Item = &'a Fingerprint>,
) -> Result<(), LedgerError> {
    let entry = |contact: &Fingerprint| LedgerEntry::Contact(mark, *contact);
    segment.append(contacts.into_iter().map(entry))
}

fn begin(
    account: &AccountLedger,
    files: &AccountFiles,
    name: &str,
    run: Option<RunStart>,
) -> Result<(Segment, File), LedgerError> {
    let file = SegmentFile::new(account.directory(), files.next, name);
    // Locked before it is visible: a reader would take an unlocked segment for one whose writer was killed.
    let lock = file.lock()?.ok_or_else(|| LedgerError::AtWork {
        path: account.directory().to_owned(),
    })?;
    let header = SegmentHeader {
        number: files.next,
        // The caller holds the account's lock, so no other writer can begin in between.
        alive: files.written()?,
        run,
        boot: files::boot(),
    };
    Ok((segment::create(file.path, &header)?, lock))
}

/// Only the newest segment may be joined: what is appended must not come before what began meanwhile.
fn join(newest: &SegmentFile) -> Result<Option<(Segment, File)>, LedgerError> {
    let Ok(opened) = newest.open()? else {
        return Ok(None);
    };
    if opened.header.run.is_some() {
        return Ok(None);
    }
    let Some(lock) = newest.lock()? else {
        return Ok(None);
    };
    let open_whole = || {
        let length = cut_torn_tail(&newest.path, opened.begins)?;
        Ok((files::append_to(&newest.path)?, length))
    };
    let (file, length) = open_whole().map_err(LedgerError::write(&newest.path))?;
    let segment = Segment::new(newest.path.clone(), file, opened.seal, length);
    Ok(Some((segment, lock)))
}

/// A killed writer may have left a part of an entry, after which no entry could be read.
fn cut_torn_tail(path: &Path, begins: u64) -> std::io::Result<u64> {
    let length = path.metadata()?.len();
    let torn = length.saturating_sub(begins) % SIZE as u64;
    if torn > 0 {
        files::cut(path, length - torn)?;
    }
    Ok(length - torn)
}

fn check_name(name: &str) -> Result<(), LedgerError> {
    // A name becomes part of a file's name: no separators, and nothing that Windows forbids.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(is_plain) {
        return Err(LedgerError::Name(name.to_owned()));
    }
    Ok(())
}

fn free_name(files: &AccountFiles, wanted: &str) -> String {
    let is_taken = |name: &str| {
        name == ADDED
            || files.segments.iter().any(|file| file.run == name)
            || files
                .compacted
                .runs
                .iter()
                .any(|run| run.start.name == name)
    };
    let mut name = wanted.to_owned();
    let mut count: u64 = 2;
    while is_taken(&name) {
        name = format!("{wanted}-{count}");
        count += 1;
    }
    name
}
