//! What an account holds for sure: the latest form of each contact, where that form was accepted.
//!
//! Serves `--changed`, and a run that goes on with another: what that one had accepted and nothing has overtaken since, in
//! any run, is left out. A million contacts take 30 MB: of each hash, 8 of its 16 bytes are kept. Two phones that agree in
//! these (one chance in 10⁷ among a million) overwrite each other and count as changed, since their JSON differs. To be
//! taken for unchanged, a contact that did change must agree in 8 bytes with its own last form: one chance in 10¹⁹ each
//! time, less than that of a fault in memory.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use super::account::Account;
use super::catalogue::{Base, COMPACTED, Files, Listed, chain};
use super::error::LedgerError;
use super::frame::{Frame, Mark, SIZE, lead};
use super::scan::{self, Tail};
use super::segment::{self, Opened};
use crate::fingerprint::Fingerprint;
use crate::hash_table::{HashTable, Slot};

/// What an account holds, as far as this machine's ledger knows.
#[derive(Debug)]
pub struct Memory {
    table: HashTable<Entry>,
    damage: Damage,
}

/// Whether a part of the ledger could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Damage {
    None,
    Found,
}

impl Memory {
    /// Reads all that is recorded of the account, and which of it was accepted by the run that is gone on with.
    ///
    /// # Errors
    /// When a file cannot be read, or is of a newer bp-import.
    pub fn load(account: &Account, goes_on_with: Option<&str>) -> Result<Memory, LedgerError> {
        let _here = account.lock_shared()?;
        let files = Files::of(account)?;
        let segments = files.list_all_known()?;
        let parts = goes_on_with
            .map(|run| chain(&segments, run))
            .unwrap_or_default();
        let parts: HashSet<u64> = parts.iter().map(|part| part.place.number).collect();
        let fold = Fold::over(account.directory(), &files, &segments, &parts)?;
        Ok(Memory {
            table: fold.table,
            damage: fold.damage,
        })
    }

    /// Whether a part of the ledger was damaged: what it could contradict counts as changed until it is compacted.
    pub(crate) fn is_damaged(&self) -> bool {
        self.damage == Damage::Found
    }

    /// Whether the run that is gone on with had the contact accepted in this form, and no run has sent another since.
    pub(crate) fn is_resumed(&self, contact: &Fingerprint) -> bool {
        let probe = Entry::of(contact);
        let found = self.table.get(&probe);
        found.is_some_and(|entry| entry.is_resumed() && entry.form == probe.form)
    }

    /// The same, but before the ledger was taken over: that holds unless the new owner's own ledger contradicts.
    pub(crate) fn was_resumed_early(&self, contact: &Fingerprint) -> bool {
        let probe = Entry::of(contact);
        let found = self.table.get(&probe);
        found.is_some_and(|entry| entry.is_early() && entry.form == probe.form)
    }

    /// Whether anything is known of the contact that is not this form, accepted.
    pub(crate) fn contradicts(&self, contact: &Fingerprint) -> bool {
        let found = self.table.get(&Entry::of(contact));
        found.is_some() && !self.is_accepted(contact)
    }

    /// How many contacts the run had accepted that is gone on with.
    pub fn resumed(&self) -> usize {
        let all = self.table.iter();
        all.filter(|entry| entry.is_resumed() || entry.is_early())
            .count()
    }

    /// Whether nothing was ever recorded, or nothing that still counts.
    pub(crate) fn is_empty(&self) -> bool {
        self.table.iter().next().is_none()
    }

    /// Whether the contact's latest form is this one, and was accepted. When in doubt, it was not.
    pub(crate) fn is_accepted(&self, contact: &Fingerprint) -> bool {
        let probe = Entry::of(contact);
        let found = self.table.get(&probe);
        found.is_some_and(|entry| entry.is_accepted() && entry.form == probe.form)
    }
}

/// How things stand with a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    /// Nothing is known that still counts.
    Blank,
    Sent,
    Accepted,
    Refused,
    /// Accepted by a segment beside this one in the same form, and sent again here.
    SentToo,
    /// Accepted in one form by all segments that ran side by side.
    AcceptedToo,
    /// Accepted before another owner, who had sent contacts of its own, took the ledger over.
    Early,
    /// Which form the account holds cannot be told, as far as this segment goes.
    Doubtful,
    /// Compaction has copied it.
    Copied,
}

/// A contact's latest form.
#[derive(Clone, Copy, Debug)]
struct Entry {
    phone: u64,
    form: u64,
    /// Of the segments that ran side by side and wrote, the one that lasted longest.
    lasting: u32,
    /// The segment that wrote last, or [`EARLIER`].
    writer: u16,
    status: Status,
    part: Part,
}

/// Whether the form was accepted by the run that is gone on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Other,
    OfRun,
}

/// Any segment before the last 65,535: there is no room for more in an entry.
const EARLIER: u16 = u16::MAX;

/// A segment on its turn to speak.
#[derive(Clone, Copy, Debug)]
struct Speaker {
    /// Its place in the order of reading.
    rank: u32,
    writer: u16,
    number: u64,
    until: u64,
    trust: Trust,
    part: Part,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    Full,
    /// The new owner of the ledger may have overtaken it: its own ledger can tell.
    Early,
    /// Something beside this segment was lost: what it accepted may have been overtaken.
    Doubt,
}

impl Default for Entry {
    fn default() -> Entry {
        Entry {
            phone: 0,
            form: 0,
            lasting: 0,
            writer: 0,
            status: Status::Blank,
            part: Part::Other,
        }
    }
}

impl Slot for Entry {
    fn key(&self) -> u64 {
        self.phone
    }

    fn is_vacant(&self) -> bool {
        self.status == Status::Blank
    }

    fn is_same(&self, other: &Entry) -> bool {
        self.phone == other.phone
    }
}

impl Entry {
    fn of(contact: &Fingerprint) -> Entry {
        Entry {
            phone: lead(contact.phone.0),
            form: lead(contact.json.0),
            ..Entry::default()
        }
    }

    fn is_accepted(&self) -> bool {
        matches!(self.status, Status::Accepted | Status::AcceptedToo)
    }

    fn is_resumed(&self) -> bool {
        self.is_accepted() && self.part == Part::OfRun
    }

    fn is_early(&self) -> bool {
        self.status == Status::Early && self.part == Part::OfRun
    }

    fn hear(&mut self, speaker: &Speaker, ends: &[u64], mark: Mark, form: u64) {
        if self.is_vacant() || self.writer != speaker.writer {
            self.meet(speaker, ends);
        }
        let is_same = self.form == form;
        self.status = match (self.status, mark) {
            (Status::Blank | Status::Accepted | Status::Early | Status::Refused, Mark::Sent) => {
                Status::Sent
            }
            (Status::AcceptedToo, Mark::Sent) if is_same => Status::SentToo,
            (Status::Sent, Mark::Refused) if is_same => Status::Refused,
            (Status::Sent, Mark::Accepted) if is_same && speaker.is_trusted() => Status::Accepted,
            (Status::SentToo, Mark::Accepted) if is_same && speaker.is_trusted() => {
                Status::AcceptedToo
            }
            (Status::Sent, Mark::Accepted) if is_same && speaker.trust == Trust::Early => {
                Status::Early
            }
            // Two forms in flight at once, or in two segments that ran side by side: which came last?
            _ => Status::Doubtful,
        };
        if self.status == Status::Sent {
            self.part = if is_same { self.part } else { Part::Other };
            self.form = form;
        }
        if mark == Mark::Accepted && speaker.part == Part::OfRun {
            self.part = Part::OfRun;
        }
    }

    /// A segment speaks of the contact for the first time: it supersedes those that had ended before it began.
    fn meet(&mut self, speaker: &Speaker, ends: &[u64]) {
        self.writer = speaker.writer;
        let until = self.until(ends);
        if self.is_vacant() || until <= speaker.number {
            self.status = Status::Blank;
            self.lasting = speaker.rank;
            return;
        }
        self.status = if self.is_accepted() {
            Status::AcceptedToo
        } else {
            Status::Doubtful
        };
        if until < speaker.until {
            self.lasting = speaker.rank;
        }
    }

    fn until(&self, ends: &[u64]) -> u64 {
        let rank = usize::try_from(self.lasting).ok();
        rank.and_then(|rank| ends.get(rank))
            .copied()
            .unwrap_or(u64::MAX)
    }
}

impl Speaker {
    fn is_trusted(&self) -> bool {
        self.trust == Trust::Full
    }
}

/// What is left of a contact when a compaction copies it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Remains {
    /// `Accepted`, or `Sent` where the contact counts as changed.
    pub(super) mark: Mark,
    /// Segments that began below this number ran beside it.
    pub(super) until: u64,
}

/// Segments, read one after the other into one table.
#[derive(Debug)]
pub(super) struct Fold {
    table: HashTable<Entry>,
    /// Until when each segment lasted, by rank.
    ends: Vec<u64>,
    pub(super) distrusted_before: u64,
    /// What segments below this number accepted may have been overtaken by the ledger's new owner.
    taken_over_before: u64,
    damage: Damage,
}

impl Fold {
    /// Reads what was compacted, and then these segments in their order.
    pub(super) fn over(
        directory: &Path,
        files: &Files,
        segments: &[Listed],
        parts: &HashSet<u64>,
    ) -> Result<Fold, LedgerError> {
        let compacted = directory.join(COMPACTED);
        let mut fold = Fold {
            table: HashTable::with_room(room(&compacted, segments)),
            ends: Vec::new(),
            distrusted_before: files.base.distrusted_before,
            taken_over_before: files.doubted_before,
            damage: Damage::None,
        };
        if files.is_base_damaged {
            fold.damage = Damage::Found;
        }
        fold.read_compacted(&compacted, files.next)?;
        // A compaction that did not know of the takeover kept what is in doubt since.
        if files.doubted_before > files.base.doubted_before {
            fold.doubt_all();
        }
        for segment in segments {
            let part = if parts.contains(&segment.place.number) {
                Part::OfRun
            } else {
                Part::Other
            };
            fold.read(segment, part)?;
        }
        Ok(fold)
    }

    fn read_compacted(&mut self, path: &Path, next: u64) -> Result<(), LedgerError> {
        if !path.exists() {
            return Ok(());
        }
        let tail = match segment::open::<Base>(path)? {
            Ok(Opened { mut file, seal, .. }) => scan::frames(&mut file, seal, |frames| {
                self.look_ahead(frames);
                frames.iter().for_each(|frame| self.restore(frame));
            })
            .map_err(LedgerError::read(path))?,
            Err(_) => Tail::Damaged,
        };
        // It was put in its place whole, so a missing end is damage too.
        if !matches!(tail, Tail::Ended(_)) {
            self.damage = Damage::Found;
            self.distrust(next);
        }
        Ok(())
    }

    fn restore(&mut self, frame: &Frame) {
        let (mark, contact) = match frame {
            Frame::Contact(mark, contact) => (mark, contact),
            Frame::Until(number) => return self.ends.push(*number),
            Frame::End { .. } => return,
        };
        let lasting = rank(self.ends.len().saturating_sub(1));
        self.table.change(Entry::of(contact), |entry| {
            entry.lasting = lasting;
            entry.writer = EARLIER;
            entry.status = match mark {
                Mark::Accepted => Status::Accepted,
                Mark::Sent | Mark::Refused => Status::Doubtful,
            };
        });
    }

    fn read(&mut self, segment: &Listed, part: Part) -> Result<(), LedgerError> {
        let speaker = Speaker {
            part,
            ..self.speaker(segment)
        };
        self.ends.push(segment.until);
        if speaker.writer == 0 {
            self.table
                .iter_mut()
                .for_each(|entry| entry.writer = EARLIER);
        }
        let tail = match segment.place.open()? {
            Ok(Opened { mut file, seal, .. }) => {
                let (table, ends) = (&mut self.table, &self.ends);
                scan::frames(&mut file, seal, |frames| {
                    look_ahead(table, frames);
                    for (mark, contact) in scan::contacts(frames) {
                        let probe = Entry::of(contact);
                        table.change(probe, |entry| entry.hear(&speaker, ends, mark, probe.form));
                    }
                })
                .map_err(LedgerError::read(&segment.place.path))?
            }
            Err(_) => Tail::Damaged,
        };
        match tail {
            Tail::Damaged => {
                self.damage = Damage::Found;
                self.distrust(segment.until);
            }
            Tail::Open if segment.may_lack_its_end()? => {
                self.distrust_others(segment.until, speaker.writer);
            }
            Tail::Open | Tail::Ended(_) => {}
        }
        Ok(())
    }

    fn speaker(&self, segment: &Listed) -> Speaker {
        let rank = rank(self.ends.len());
        let number = segment.place.number;
        Speaker {
            rank,
            writer: turn(rank),
            number,
            until: segment.until,
            trust: if number < self.distrusted_before {
                Trust::Doubt
            } else if number < self.taken_over_before {
                Trust::Early
            } else {
                Trust::Full
            },
            part: Part::Other,
        }
    }

    /// Something was lost that may have overtaken all that was accepted up to here, and what segments beside it accept.
    fn distrust(&mut self, until: u64) {
        self.distrusted_before = self.distrusted_before.max(until);
        self.doubt_all();
    }

    fn doubt_all(&mut self) {
        for entry in self.table.iter_mut() {
            entry.status = Status::Doubtful;
        }
    }

    /// The same, but for what the segment itself says: a run sends each contact in one form.
    fn distrust_others(&mut self, until: u64, writer: u16) {
        self.distrusted_before = self.distrusted_before.max(until);
        for entry in self.table.iter_mut().filter(|entry| entry.writer != writer) {
            entry.status = Status::Doubtful;
        }
    }

    /// See [`HashTable::look_ahead`].
    pub(super) fn look_ahead(&self, frames: &[Frame]) {
        look_ahead(&self.table, frames);
    }

    /// What is to be kept of the contact if this is its latest form; nothing on a second time.
    pub(super) fn take(&mut self, contact: &Fingerprint) -> Option<Remains> {
        let mut remains = None;
        let ends = &self.ends;
        let probe = Entry::of(contact);
        if self.table.get(&probe).is_some() {
            self.table.change(probe, |entry| {
                remains = entry.remains(ends, probe.form);
                if remains.is_some() {
                    entry.status = Status::Copied;
                }
            });
        }
        remains
    }
}

impl Entry {
    fn remains(&self, ends: &[u64], form: u64) -> Option<Remains> {
        let mark = match self.status {
            Status::Blank | Status::Copied => return None,
            Status::Accepted | Status::AcceptedToo if self.form == form => Mark::Accepted,
            Status::Accepted | Status::AcceptedToo => return None,
            Status::Sent | Status::Refused | Status::SentToo | Status::Early | Status::Doubtful => {
                Mark::Sent
            }
        };
        let until = self.until(ends);
        Some(Remains { mark, until })
    }
}

fn look_ahead(table: &HashTable<Entry>, frames: &[Frame]) {
    table.look_ahead(scan::contacts(frames).map(|(_, contact)| Entry::of(contact)));
}

fn rank(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// A segment's name in entries. It repeats; whenever it is 0, all entries are [`EARLIER`].
fn turn(rank: u32) -> u16 {
    u16::try_from(rank % u32::from(EARLIER)).unwrap_or_default()
}

/// About as many contacts as there will be: each is sent and accepted, and most files tell of the same contacts.
fn room(compacted: &Path, segments: &[Listed]) -> usize {
    let frames = |path: &Path| {
        let bytes = fs::metadata(path).map_or(0, |metadata| metadata.len());
        usize::try_from(bytes).unwrap_or_default() / SIZE
    };
    let largest = segments
        .iter()
        .map(|segment| frames(&segment.place.path) / 2)
        .max();
    largest.unwrap_or_default().max(frames(compacted))
}
