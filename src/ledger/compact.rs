//! Compaction: many segments into one file that says the same.
//!
//! What is merged is always a beginning of the order: all segments before the first that lives, or that may yet be
//! resumed. The new file is complete and on the disk before it takes the old one's place, and says which segments it
//! stands for, so a kill at any moment leaves either the old state, or the new one with files that count no more.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::account::Account;
use super::catalogue::{Base, COMPACTED, Files, Listed, Place, chain};
use super::error::LedgerError;
use super::files::{self, DRAFT, Draft, Hold};
use super::frame::{Frame, Mark, SIZE, Seal};
use super::history::{self, RunFacts};
use super::inputs_id::InputsId;
use super::memory::{Fold, Remains};
use super::scan;
use super::segment::{self, Store};
use crate::shard::Shard;

/// So many runs are remembered once their segments are gone…
const RUNS: usize = 1_000;
/// …if they take no more than so many bytes: each run reads them.
const RUNS_BYTES: usize = 2_000_000;
/// So many segments are worth merging, however small they are: each costs a reader a file.
const MANY: usize = 64;

/// Merges the segments that are free, if they have so many bytes, and tells how many it merged.
///
/// # Errors
/// When a file cannot be read or written, or is of a newer bp-import: then nothing was changed.
pub(crate) fn compact_if_worth(
    account: &Account,
    threshold: u64,
    now: u64,
) -> Result<usize, LedgerError> {
    let _alone = account.lock_alone()?;
    let files = Files::of(account)?;
    remove_leftovers(account.directory(), &files);
    // Reading what cannot be worth merging would cost each run more than it saves.
    if !is_worth(&files.segments, threshold) {
        return Ok(0);
    }
    let listed = files.list_all_known()?;
    let facts = all_facts(&listed)?;
    let kept_from = first_kept(&listed, &facts, now)?;
    let (merged, _) = listed.split_at_checked(kept_from).unwrap_or_default();
    let places: Vec<Place> = merged.iter().map(|listed| listed.place.clone()).collect();
    if !is_worth(&places, threshold) {
        return Ok(0);
    }
    let before = listed
        .get(kept_from)
        .map_or(files.next, |kept| kept.place.number);
    let runs = facts.into_iter().take(kept_from).flatten();
    merge(account, &files, merged, before, runs)?;
    merged.iter().for_each(|listed| remove(&listed.place.path));
    Ok(merged.len())
}

fn all_facts(listed: &[Listed]) -> Result<Vec<Option<RunFacts>>, LedgerError> {
    listed.iter().map(history::facts).collect()
}

fn is_worth(segments: &[Place], threshold: u64) -> bool {
    let size = |place: &Place| fs::metadata(&place.path).map_or(0, |metadata| metadata.len());
    let bytes: u64 = segments.iter().map(size).sum();
    !segments.is_empty() && (segments.len() >= MANY || bytes >= threshold)
}

/// Where the segments begin that must stay: locked ones, and what the next run of some inputs would go on with.
fn first_kept(
    listed: &[Listed],
    facts: &[Option<RunFacts>],
    now: u64,
) -> Result<usize, LedgerError> {
    let resumable = resumable(listed, facts, now);
    for (at, listed) in listed.iter().enumerate() {
        if resumable.contains(&listed.place.number) || listed.place.hold()? == Hold::Held {
            return Ok(at);
        }
    }
    Ok(listed.len())
}

/// The segments of every run that is the last of its inputs and did not finish, and of those it continues.
fn resumable(listed: &[Listed], facts: &[Option<RunFacts>], now: u64) -> HashSet<u64> {
    let mut seen: HashSet<(&InputsId, Option<Shard>)> = HashSet::new();
    let mut numbers = HashSet::new();
    for facts in facts.iter().rev().flatten() {
        let Some(inputs) = &facts.start.inputs_id else {
            continue;
        };
        if seen.insert((inputs, facts.start.shard)) && facts.is_resumable(now) {
            let chain = chain(listed, &facts.start.name);
            numbers.extend(chain.iter().map(|listed| listed.place.number));
        }
    }
    numbers
}

fn merge(
    account: &Account,
    files: &Files,
    merged: &[Listed],
    before: u64,
    runs: impl Iterator<Item = RunFacts>,
) -> Result<(), LedgerError> {
    let directory = account.directory();
    let fold = Fold::over(directory, files, merged, &HashSet::new())?;
    let mut runs: Vec<RunFacts> = files.base.runs.iter().cloned().chain(runs).collect();
    let kept = last_within(&runs, RUNS, RUNS_BYTES);
    runs.drain(..runs.len() - kept);
    let base = Base {
        before,
        distrusted_before: fold.distrusted_before,
        doubted_before: files.doubted_before,
        runs,
    };
    let path = directory.join(COMPACTED);
    let (header, seal) = segment::header(&base).map_err(LedgerError::write(&path))?;
    let mut draft = Draft::in_directory(directory).map_err(LedgerError::write(&path))?;
    let mut copy = Copy {
        fold,
        before,
        until: None,
        seal,
        buffer: header,
        draft: &mut draft,
    };
    copy.all(&path, merged)?;
    let place = || {
        draft.place(&path)?;
        files::sync_directory(directory)
    };
    place().map_err(LedgerError::write(&path))
}

/// How many of the last runs have room.
pub(super) fn last_within(runs: &[RunFacts], most: usize, bytes: usize) -> usize {
    let size = |run: &RunFacts| serde_json::to_vec(run).map_or(usize::MAX, |json| json.len());
    let sums = runs.iter().rev().scan(0usize, |sum, run| {
        *sum = sum.saturating_add(size(run));
        Some(*sum)
    });
    sums.take(most).take_while(|sum| *sum <= bytes).count()
}

/// A second reading, which copies of each contact the frame that counts.
struct Copy<'a> {
    fold: Fold,
    before: u64,
    /// The number that the frames written last stand under.
    until: Option<u64>,
    seal: Seal,
    buffer: Vec<u8>,
    draft: &'a mut Draft,
}

/// Bytes that are written at once.
const AT_ONCE: usize = 8_192 * SIZE;

impl Copy<'_> {
    fn all(&mut self, compacted: &Path, merged: &[Listed]) -> Result<(), LedgerError> {
        if let Some(Ok(mut old)) = compacted
            .exists()
            .then(|| segment::open::<Base>(compacted))
            .transpose()?
        {
            self.file(compacted, &mut old.file, old.seal)?;
        }
        for listed in merged {
            if let Ok(mut opened) = listed.place.open()? {
                self.file(&listed.place.path, &mut opened.file, opened.seal)?;
            }
        }
        self.finish().map_err(LedgerError::write(compacted))
    }

    fn file(&mut self, path: &Path, file: &mut fs::File, seal: Seal) -> Result<(), LedgerError> {
        let mut written = Ok(());
        scan::frames(file, seal, |frames| {
            self.fold.look_ahead(frames);
            for (_, contact) in scan::contacts(frames) {
                if let Some(remains) = self.fold.take(contact)
                    && written.is_ok()
                {
                    written = self.write(remains, |mark| Frame::Contact(mark, *contact));
                }
            }
        })
        .map_err(LedgerError::read(path))?;
        written.map_err(LedgerError::write(path))
    }

    fn write(&mut self, remains: Remains, frame: impl Fn(Mark) -> Frame) -> io::Result<()> {
        // Whatever comes later began after it had ended, so when exactly no longer matters.
        let until = if remains.until <= self.before {
            0
        } else {
            remains.until
        };
        if until == 0 && remains.mark != Mark::Accepted {
            return Ok(());
        }
        if self.until.replace(until) != Some(until) {
            Frame::Until(until).write(self.seal, &mut self.buffer);
        }
        frame(remains.mark).write(self.seal, &mut self.buffer);
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
        let end = Frame::End {
            length: 0,
            checksum: self.seal.checksum(&[]),
        };
        end.write(self.seal, &mut self.buffer);
        self.flush()?;
        self.draft.file().sync()
    }
}

/// What earlier compactions and killed processes left. Drafts are made under the account's lock, which is ours now.
fn remove_leftovers(directory: &Path, files: &Files) {
    files.leftovers.iter().for_each(|place| remove(&place.path));
    let names = files::names(directory).unwrap_or_default();
    let drafts = names.iter().filter(|name| name.starts_with(DRAFT));
    drafts.for_each(|name| remove(&directory.join(name)));
}

/// A file that counts no more does no harm where it cannot be removed.
fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}
