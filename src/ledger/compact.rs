//! Compaction: many segments into one file with the same meaning.
//!
//! Always merges the oldest segments: all before the first that is being written, or that may yet be resumed. The new
//! file is complete and on the disk before it replaces the old one, and names the segments it replaces. So a kill at
//! any moment leaves either the old state, or the new one with files that no longer count.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::account::AccountLedger;
use super::catalogue::{
    AccountFiles, COMPACTED, CompactedHeader, ListedSegment, SegmentFile, chain, is_orphaned_lock,
};
use super::entry::{LedgerEntry, LedgerMark, SIZE, Seal};
use super::error::LedgerError;
use super::files::{self, DRAFT, DraftFile};
use super::history;
use super::inputs_id::InputsId;
use super::latest_form::Survivor;
use super::replay::Replay;
use super::run_facts::RunFacts;
use super::scan;
use super::segment::{self, Store};
use crate::fingerprint::Fingerprint;
use crate::shard::Shard;

/// Runs that stay in the history once their segments are gone.
const RUNS: usize = 1_000;
/// The most bytes that these may take: each run reads them.
const RUNS_BYTES: usize = 2_000_000;
/// Segments that are worth merging, however small they are: each costs a reader one more file to open.
const MANY: usize = 64;

/// Merges the segments that no run needs, if together they have `threshold` bytes, and returns how many it merged.
///
/// # Errors
/// When a file cannot be read or written, or is of a newer bp-import: then nothing was changed.
pub(crate) fn compact_if_worth(
    account: &AccountLedger,
    threshold: u64,
    now: u64,
) -> Result<usize, LedgerError> {
    // Exclusive: no segment may be begun, joined or read while files are replaced.
    let _alone = account.lock_alone()?;
    let files = AccountFiles::of(account)?;
    remove_leftovers(account.directory(), &files);
    // By the names alone, before any header is read: this check is part of every run.
    if !is_worth(&files.segments, threshold) {
        return Ok(0);
    }
    let listed = files.list_all_known()?;
    let facts: Vec<Option<RunFacts>> = listed
        .iter()
        .map(history::facts)
        .collect::<Result<_, LedgerError>>()?;
    let kept_from = first_kept(&listed, &facts, now)?;
    let (merged, kept) = listed.split_at(kept_from);
    let merged_files: Vec<SegmentFile> = merged.iter().map(|listed| listed.file.clone()).collect();
    if !is_worth(&merged_files, threshold) {
        return Ok(0);
    }
    let before = kept.first().map_or(files.next, |kept| kept.file.number);
    let runs = facts.into_iter().take(kept_from).flatten();
    merge(account, &files, merged, before, runs)?;
    // Only now: the compacted file is synced and in its place.
    merged
        .iter()
        .for_each(|listed| remove_segment(&listed.file));
    Ok(merged.len())
}

fn is_worth(segments: &[SegmentFile], threshold: u64) -> bool {
    let size = |file: &SegmentFile| fs::metadata(&file.path).map_or(0, |metadata| metadata.len());
    let bytes: u64 = segments.iter().map(size).sum();
    !segments.is_empty() && (segments.len() >= MANY || bytes >= threshold)
}

/// The index of the first segment that must stay: it is locked, or the next run of its inputs would resume it.
fn first_kept(
    listed: &[ListedSegment],
    facts: &[Option<RunFacts>],
    now: u64,
) -> Result<usize, LedgerError> {
    let resumable = resumable(listed, facts, now);
    for (at, listed) in listed.iter().enumerate() {
        // A run that can be resumed keeps its segment: a compacted entry does not say which run accepted it.
        if resumable.contains(&listed.file.number) || listed.file.is_written()? {
            return Ok(at);
        }
    }
    Ok(listed.len())
}

/// The segments of every run that is the last of its inputs and did not finish, and of those it continues.
fn resumable(listed: &[ListedSegment], facts: &[Option<RunFacts>], now: u64) -> HashSet<u64> {
    let mut seen: HashSet<(&InputsId, Option<Shard>)> = HashSet::new();
    let mut numbers = HashSet::new();
    for facts in facts.iter().rev().flatten() {
        let Some(inputs) = &facts.start.inputs_id else {
            continue;
        };
        if seen.insert((inputs, facts.start.shard)) && facts.is_resumable(now) {
            let chain = chain(listed, &facts.start.name);
            numbers.extend(chain.iter().map(|listed| listed.file.number));
        }
    }
    numbers
}

fn merge(
    account: &AccountLedger,
    files: &AccountFiles,
    merged: &[ListedSegment],
    before: u64,
    runs: impl Iterator<Item = RunFacts>,
) -> Result<(), LedgerError> {
    let directory = account.directory();
    let replay = Replay::over(directory, files, merged, &HashSet::new())?;
    let mut runs: Vec<RunFacts> = files.compacted.runs.iter().cloned().chain(runs).collect();
    let kept = last_within(&runs, RUNS, RUNS_BYTES);
    // The oldest runs are dropped from the history first.
    runs.drain(..runs.len() - kept);
    let base = CompactedHeader {
        before,
        distrusted_before: replay.distrusted_before,
        doubted_before: files.doubted_before,
        runs,
    };
    let path = directory.join(COMPACTED);
    let (header, seal) = segment::header_bytes(&base).map_err(LedgerError::write(&path))?;
    let mut draft = DraftFile::in_directory(directory).map_err(LedgerError::write(&path))?;
    let mut compactor = Compactor {
        replay,
        before,
        until: None,
        seal,
        buffer: header,
        draft: &mut draft,
    };
    compactor.copy_all(&path, merged)?;
    let put = || {
        draft.persist(&path)?;
        files::sync_directory(directory)
    };
    put().map_err(LedgerError::write(&path))
}

/// How many of the last runs fit.
pub(super) fn last_within(runs: &[RunFacts], most: usize, bytes: usize) -> usize {
    let size = |run: &RunFacts| serde_json::to_vec(run).map_or(usize::MAX, |json| json.len());
    let sums = runs.iter().rev().scan(0usize, |sum, run| {
        *sum = sum.saturating_add(size(run));
        Some(*sum)
    });
    sums.take(most).take_while(|sum| *sum <= bytes).count()
}

/// The second reading, which copies the entry of each contact that counts.
struct Compactor<'a> {
    replay: Replay,
    before: u64,
    /// The number that applies to the entries written last.
    until: Option<u64>,
    seal: Seal,
    buffer: Vec<u8>,
    draft: &'a mut DraftFile,
}

/// Bytes of one write: about 300 kB.
const AT_ONCE: usize = 8_192 * SIZE;

impl Compactor<'_> {
    fn copy_all(&mut self, compacted: &Path, merged: &[ListedSegment]) -> Result<(), LedgerError> {
        if let Some(Ok(mut old)) = compacted
            .exists()
            .then(|| segment::open::<CompactedHeader>(compacted))
            .transpose()?
        {
            self.copy(compacted, &mut old.file, old.seal)?;
        }
        for listed in merged {
            if let Ok(mut opened) = listed.file.open()? {
                self.copy(&listed.file.path, &mut opened.file, opened.seal)?;
            }
        }
        self.finish().map_err(LedgerError::write(compacted))
    }

    fn copy(&mut self, path: &Path, file: &mut fs::File, seal: Seal) -> Result<(), LedgerError> {
        let mut written = Ok(());
        scan::entries(file, seal, |entries| {
            self.replay.look_ahead(entries);
            for (_, contact) in scan::contacts(entries) {
                // A scan cannot be stopped from within: the first error is kept and returned after it.
                if let Some(survivor) = self.replay.take(contact)
                    && written.is_ok()
                {
                    written = self.write(survivor, contact);
                }
            }
        })
        .map_err(LedgerError::read(path))?;
        written.map_err(LedgerError::write(path))
    }

    fn write(&mut self, survivor: Survivor, contact: &Fingerprint) -> io::Result<()> {
        // All segments to come begin after these had ended, so the exact number no longer matters.
        let until = if survivor.until <= self.before {
            0
        } else {
            survivor.until
        };
        // Without an entry, a contact counts as changed: only an acceptance needs one.
        if until == 0 && survivor.mark != LedgerMark::Accepted {
            return Ok(());
        }
        if self.until.replace(until) != Some(until) {
            LedgerEntry::Until(until).write(self.seal, &mut self.buffer);
        }
        LedgerEntry::Contact(survivor.mark, *contact).write(self.seal, &mut self.buffer);
        if self.buffer.len() >= AT_ONCE {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.draft.file().write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        // A compacted file without an end is damaged, because it is renamed into place only when complete.
        let end = LedgerEntry::End {
            length: 0,
            checksum: self.seal.checksum(&[]),
        };
        end.write(self.seal, &mut self.buffer);
        self.flush()?;
        self.draft.file().sync()
    }
}

/// Removes what killed compactions and killed writers left. Drafts are made under the account's lock, which is ours
/// now.
fn remove_leftovers(directory: &Path, files: &AccountFiles) {
    files.leftovers.iter().for_each(remove_segment);
    let names = files::names(directory).unwrap_or_default();
    let is_leftover = |name: &&String| name.starts_with(DRAFT) || is_orphaned_lock(directory, name);
    let leftovers = names.iter().filter(is_leftover);
    leftovers.for_each(|name| remove(&directory.join(name)));
}

fn remove_segment(file: &SegmentFile) {
    remove(&file.path);
    remove(&file.lock_path());
}

/// Failure is ignored: a file that no longer counts does no harm.
fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}
