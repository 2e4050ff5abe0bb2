//! Reading an account's whole ledger, file by file, into the latest form of each contact.
//!
//! Owns the order of reading and what damage does to trust; what an entry does to a contact is in `latest_form`.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use super::catalogue::{AccountFiles, COMPACTED, CompactedHeader, ListedSegment};
use super::entry::{LedgerEntry, SIZE};
use super::error::LedgerError;
use super::latest_form::{LatestForm, SegmentTrust, SegmentTurn, Survivor};
use super::scan::{self, SegmentTail};
use super::segment::{self, FormatError, OpenedSegment};
use crate::fingerprint::Fingerprint;
use crate::hash_table::HashTable;

/// What the segments read so far came to.
#[derive(Debug)]
pub(super) struct Replay {
    forms: HashTable<LatestForm>,
    /// Until when each segment lasted, by its turn.
    ends: Vec<u64>,
    pub(super) distrusted_before: u64,
    /// What segments below this number accepted may have been overtaken by the ledger's new owner.
    taken_over_before: u64,
    is_damaged: bool,
}

impl Replay {
    /// Reads what was compacted, and then these segments in their order.
    pub(super) fn over(
        directory: &Path,
        files: &AccountFiles,
        segments: &[ListedSegment],
        resumed: &HashSet<u64>,
    ) -> Result<Replay, LedgerError> {
        let compacted = directory.join(COMPACTED);
        let mut replay = Replay {
            forms: HashTable::with_room(room(&compacted, segments)),
            ends: Vec::new(),
            distrusted_before: files.compacted.distrusted_before,
            taken_over_before: files.doubted_before,
            is_damaged: files.is_compacted_damaged,
        };
        replay.read_compacted(&compacted, files.next)?;
        // A compaction that did not know of the takeover kept what is in doubt since.
        if files.doubted_before > files.compacted.doubted_before {
            replay.doubt_all();
        }
        for segment in segments {
            let turn = replay.turn(segment, resumed.contains(&segment.file.number));
            replay.read(segment, &turn)?;
        }
        Ok(replay)
    }

    fn read_compacted(&mut self, path: &Path, next: u64) -> Result<(), LedgerError> {
        if !path.exists() {
            return Ok(());
        }
        let tail = read_entries(path, segment::open::<CompactedHeader>(path)?, |entries| {
            self.look_ahead(entries);
            entries.iter().for_each(|entry| self.restore(entry));
        })?;
        // It was renamed into place complete, so a missing end is damage too.
        if !matches!(tail, SegmentTail::Ended(_)) {
            self.is_damaged = true;
            self.distrust(next);
        }
        Ok(())
    }

    fn restore(&mut self, entry: &LedgerEntry) {
        let (mark, contact) = match entry {
            LedgerEntry::Contact(mark, contact) => (mark, contact),
            LedgerEntry::Until(number) => return self.ends.push(*number),
            LedgerEntry::End { .. } => return,
        };
        let rank = self.ends.len().saturating_sub(1);
        let form = LatestForm::of(contact);
        self.forms.change(form, |known| known.restore(*mark, rank));
    }

    fn read(&mut self, segment: &ListedSegment, turn: &SegmentTurn) -> Result<(), LedgerError> {
        self.ends.push(segment.until);
        // The numbers of writers begin anew, and an old entry must not look like this segment's own.
        if turn.starts_numbering() {
            self.forms.iter_mut().for_each(LatestForm::forget_writer);
        }
        let tail = read_entries(&segment.file.path, segment.file.open()?, |entries| {
            self.look_ahead(entries);
            for (mark, contact) in scan::contacts(entries) {
                let form = LatestForm::of(contact);
                self.forms
                    .change(form, |known| known.apply(turn, &self.ends, mark, &form));
            }
        })?;
        match tail {
            SegmentTail::Damaged => {
                self.is_damaged = true;
                self.distrust(segment.until);
            }
            // After a power cut, its last entries may never have reached the disk.
            SegmentTail::Open if segment.may_lack_its_end()? => {
                self.distrust_others(segment.until, turn);
            }
            SegmentTail::Open | SegmentTail::Ended(_) => {}
        }
        Ok(())
    }

    fn turn(&self, segment: &ListedSegment, is_of_resumed_run: bool) -> SegmentTurn {
        let number = segment.file.number;
        let trust = if number < self.distrusted_before {
            SegmentTrust::Doubt
        } else if number < self.taken_over_before {
            SegmentTrust::Early
        } else {
            SegmentTrust::Full
        };
        SegmentTurn::new(self.ends.len(), segment, trust, is_of_resumed_run)
    }

    /// Entries were lost that may have overtaken all that was accepted so far, and what segments of that time accept.
    fn distrust(&mut self, until: u64) {
        self.distrusted_before = self.distrusted_before.max(until);
        self.doubt_all();
    }

    fn doubt_all(&mut self) {
        self.forms.iter_mut().for_each(LatestForm::doubt);
    }

    /// The same, except for the entries of the segment itself: a run sends each contact in one form.
    fn distrust_others(&mut self, until: u64, turn: &SegmentTurn) {
        self.distrusted_before = self.distrusted_before.max(until);
        let others = self.forms.iter_mut();
        others
            .filter(|form| !form.is_written_by(turn))
            .for_each(LatestForm::doubt);
    }

    /// See [`HashTable::look_ahead`].
    pub(super) fn look_ahead(&self, entries: &[LedgerEntry]) {
        let forms = scan::contacts(entries).map(|(_, contact)| LatestForm::of(contact));
        self.forms.look_ahead(forms);
    }

    /// What a compaction keeps of the contact if this is its latest form; `None` for a second time.
    pub(super) fn take(&mut self, contact: &Fingerprint) -> Option<Survivor> {
        let form = LatestForm::of(contact);
        self.forms.get(&form)?;
        let mut survivor = None;
        let ends = &self.ends;
        self.forms
            .change(form, |known| survivor = known.survivor(ends, &form));
        survivor
    }

    /// The forms, and whether a part of the ledger was damaged.
    pub(super) fn into_forms(self) -> (HashTable<LatestForm>, bool) {
        (self.forms, self.is_damaged)
    }
}

/// A file whose header cannot be read is damaged as a whole.
fn read_entries<H>(
    path: &Path,
    opened: Result<OpenedSegment<H>, FormatError>,
    each: impl FnMut(&[LedgerEntry]),
) -> Result<SegmentTail, LedgerError> {
    match opened {
        Ok(OpenedSegment { mut file, seal, .. }) => {
            scan::entries(&mut file, seal, each).map_err(LedgerError::read(path))
        }
        Err(_) => Ok(SegmentTail::Damaged),
    }
}

/// About the number of contacts there will be. Each has two entries (sent, accepted), and most segments hold the same
/// contacts, so the largest file decides.
fn room(compacted: &Path, segments: &[ListedSegment]) -> usize {
    let entries = |path: &Path| {
        let bytes = fs::metadata(path).map_or(0, |metadata| metadata.len());
        usize::try_from(bytes).unwrap_or_default() / SIZE
    };
    let largest = segments
        .iter()
        .map(|segment| entries(&segment.file.path) / 2)
        .max();
    largest.unwrap_or_default().max(entries(compacted))
}
