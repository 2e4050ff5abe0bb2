//! The catalogue: which segments an account has, their order, and what was compacted before them.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::account::AccountLedger;
use super::error::LedgerError;
use super::files;
use super::run_facts::{RunFacts, RunStart};
use super::segment::{self, FormatError, OpenedSegment};

const EXTENSION: &str = ".seg";
/// A segment's lock is a file of its own: on Windows a lock hides the locked bytes from every other handle.
const LOCK_EXTENSION: &str = "lock";
pub(super) const COMPACTED: &str = "compacted.led";

/// The header of a segment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SegmentHeader {
    pub(super) number: u64,
    /// The segments whose writers were running when this one was begun.
    pub(super) alive: Vec<u64>,
    /// The run that writes it; `None` for what `add` sends.
    pub(super) run: Option<RunStart>,
    /// The boot of the system under which it was written, if the system names it.
    #[serde(default)]
    pub(super) boot: Option<String>,
}

/// The header of what was compacted.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct CompactedHeader {
    /// It replaces all segments below this number; such a file that is still there no longer counts.
    pub(super) before: u64,
    /// What segments below this number accepted may have been overtaken by something that was lost.
    pub(super) distrusted_before: u64,
    /// The takeover that was known when this was compacted.
    #[serde(default)]
    pub(super) doubted_before: u64,
    /// What ran, the oldest first.
    pub(super) runs: Vec<RunFacts>,
}

/// A segment's file, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SegmentFile {
    pub(super) number: u64,
    pub(super) run: String,
    pub(super) path: PathBuf,
}

/// The files of an account. Valid only while the account's lock is held.
#[derive(Debug)]
pub(super) struct AccountFiles {
    pub(super) compacted: CompactedHeader,
    /// The segments, the oldest first.
    pub(super) segments: Vec<SegmentFile>,
    /// Segments that no longer count: a compaction was killed before it removed them.
    pub(super) leftovers: Vec<SegmentFile>,
    /// The number of the next segment.
    pub(super) next: u64,
    /// What segments below this number accepted may have been overtaken elsewhere.
    pub(super) doubted_before: u64,
    /// The compacted file can no longer be read.
    pub(super) is_compacted_damaged: bool,
}

/// A segment whose header was read.
#[derive(Debug)]
pub(super) struct ListedSegment {
    pub(super) file: SegmentFile,
    pub(super) header: Result<SegmentHeader, FormatError>,
    /// The first segment that was begun after this one had ended, as far as headers tell.
    pub(super) until: u64,
}

impl SegmentFile {
    pub(super) fn new(directory: &Path, number: u64, run: &str) -> SegmentFile {
        SegmentFile {
            number,
            run: run.to_owned(),
            path: directory.join(format!("{number:09}.{run}{EXTENSION}")),
        }
    }

    fn of(directory: &Path, file: &str) -> Option<SegmentFile> {
        let (number, run) = file.strip_suffix(EXTENSION)?.split_once('.')?;
        Some(SegmentFile {
            number: number.parse().ok()?,
            run: run.to_owned(),
            path: directory.join(file),
        })
    }

    pub(super) fn open(
        &self,
    ) -> Result<Result<OpenedSegment<SegmentHeader>, FormatError>, LedgerError> {
        segment::open(&self.path)
    }

    pub(super) fn lock_path(&self) -> PathBuf {
        self.path.with_extension(LOCK_EXTENSION)
    }

    /// Becomes the segment's only writer until the returned file is dropped; `None` if another process is. Only for
    /// holders of the account's lock: a reader that asks `is_written` would look like a writer.
    pub(super) fn lock(&self) -> Result<Option<File>, LedgerError> {
        let path = self.lock_path();
        let file = files::open_lock(&path)?;
        let is_taken = files::take(&file).map_err(LedgerError::write(&path))?;
        Ok(is_taken.then_some(file))
    }

    /// Whether the segment's writer is running.
    pub(super) fn is_written(&self) -> Result<bool, LedgerError> {
        let path = self.lock_path();
        match files::is_locked(&path) {
            // A backup may leave it out: then no process writes.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            asked => asked.map_err(LedgerError::read(&path)),
        }
    }
}

/// Whether it is the name of a segment's lock, and the segment is missing: its writer was killed before it was begun.
pub(super) fn is_orphaned_lock(directory: &Path, name: &str) -> bool {
    let path = directory.join(name);
    path.extension().is_some_and(|it| it == LOCK_EXTENSION)
        && !path.with_extension(&EXTENSION[1..]).exists()
}

impl AccountFiles {
    pub(super) fn of(account: &AccountLedger) -> Result<AccountFiles, LedgerError> {
        let directory = account.directory();
        let names = files::names(directory)?;
        let mut files: Vec<SegmentFile> = names
            .iter()
            .filter_map(|name| SegmentFile::of(directory, name))
            .collect();
        files.sort_unstable_by_key(|file| file.number);
        let highest = files.last().map_or(0, |file| file.number);
        let header = compacted_header(directory)?;
        let is_compacted_damaged = header.is_none();
        let compacted = header.unwrap_or_else(|| CompactedHeader {
            // Which segments the lost file replaced is unknown, so none that is left can be trusted.
            distrusted_before: highest.saturating_add(1),
            ..CompactedHeader::default()
        });
        // Numbers are never reused, even when the files are gone: the order of segments depends on them.
        let next = compacted.before.max(highest.saturating_add(1));
        let counting = files.partition_point(|file| file.number < compacted.before);
        let segments = files.split_off(counting);
        Ok(AccountFiles {
            compacted,
            segments,
            leftovers: files,
            next,
            doubted_before: account.doubted_before(),
            is_compacted_damaged,
        })
    }

    /// Whether nothing was ever recorded.
    pub(super) fn is_blank(&self) -> bool {
        self.segments.is_empty()
            && self.compacted.before == 0
            && self.compacted.distrusted_before == 0
    }

    /// The numbers of the segments whose writers are running.
    pub(super) fn written(&self) -> Result<Vec<u64>, LedgerError> {
        let mut written = Vec::new();
        for file in &self.segments {
            if file.is_written()? {
                written.push(file.number);
            }
        }
        Ok(written)
    }

    /// Reads the headers, and derives from them which segments had ended when others began.
    pub(super) fn list(&self) -> Result<Vec<ListedSegment>, LedgerError> {
        let mut listed = Vec::with_capacity(self.segments.len());
        for file in &self.segments {
            listed.push(ListedSegment {
                file: file.clone(),
                header: file.open()?.map(|opened| opened.header),
                until: self.next,
            });
        }
        // `until` is what the later headers say, so it is known only after all of them were read.
        note_ends(&mut listed);
        Ok(listed)
    }

    /// As `list`, but a segment of a newer version is an error: to skip it could repeat or lose contacts.
    pub(super) fn list_all_known(&self) -> Result<Vec<ListedSegment>, LedgerError> {
        let listed = self.list()?;
        let newer = listed
            .iter()
            .find(|listed| matches!(listed.header, Err(FormatError::Newer)));
        match newer {
            Some(ListedSegment { file, .. }) => Err(LedgerError::Newer {
                path: file.path.clone(),
            }),
            None => Ok(listed),
        }
    }
}

impl ListedSegment {
    /// Whether the system stopped before this run could end: then its last entries may be lost although they were
    /// written, and with them what they would have overtaken. What `add` sends is synced each time.
    pub(super) fn may_lack_its_end(&self) -> Result<bool, LedgerError> {
        let Ok(SegmentHeader {
            run: Some(_),
            boot: Some(boot),
            ..
        }) = &self.header
        else {
            return Ok(false);
        };
        // Without a crash of the system, the page cache keeps what a killed process wrote.
        let is_of_now = files::boot().as_ref() == Some(boot);
        Ok(!is_of_now && !self.file.is_written()?)
    }

    /// The run whose segment it is, if it is a run's and its header can be read.
    pub(super) fn run(&self) -> Option<&RunStart> {
        self.header.as_ref().ok()?.run.as_ref()
    }
}

/// A run's segment and those of the runs it continues, the latest first.
pub(super) fn chain<'a>(segments: &'a [ListedSegment], run: &str) -> Vec<&'a ListedSegment> {
    let mut found: Vec<&ListedSegment> = Vec::new();
    let mut wanted = Some(run);
    for segment in segments.iter().rev() {
        if let Some(start) = segment.run()
            && Some(start.name.as_str()) == wanted
        {
            wanted = start.continues.as_deref();
            found.push(segment);
        }
    }
    found
}

/// The header of the compacted file. `None` if it is damaged: which segments it replaced is then unknown, so none that
/// is left can be relied on.
fn compacted_header(directory: &Path) -> Result<Option<CompactedHeader>, LedgerError> {
    let path = directory.join(COMPACTED);
    if !path.exists() {
        return Ok(Some(CompactedHeader::default()));
    }
    match segment::open::<CompactedHeader>(&path)? {
        Ok(opened) => Ok(Some(opened.header)),
        Err(FormatError::Newer) => Err(LedgerError::Newer { path }),
        Err(FormatError::Damaged) => Ok(None),
    }
}

fn note_ends(segments: &mut [ListedSegment]) {
    let mut open: Vec<&mut ListedSegment> = Vec::new();
    for segment in segments {
        if let Ok(SegmentHeader { alive, .. }) = &segment.header {
            let alive: HashSet<u64> = alive.iter().copied().collect();
            open.retain_mut(|earlier| {
                let is_alive = alive.contains(&earlier.file.number);
                if !is_alive {
                    earlier.until = segment.file.number;
                }
                is_alive
            });
        }
        open.push(segment);
    }
}
