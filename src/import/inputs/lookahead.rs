//! An open input, and its first records, which are read before anything is sent.
//!
//! Owns how far an input is read ahead. What its records are judged for is up to the other files of this folder.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;

use super::consent_count::ConsentCount;
use crate::import::encoder::Encoder;
use crate::mapping::{NotPhone, Rule};
use crate::record::{Cell, Header, InputId, Record};
use crate::source::{Opened, SourceError};

/// So many records are looked at before anything is sent.
pub(super) const LOOK_AHEAD: usize = 1_000;
/// …and so many bytes of them at the most, so that huge rows stay out of memory.
const LOOK_AHEAD_BYTES: u64 = 16_000_000;

/// So many records are looked at to tell whether a column holds phones.
const JUDGED: usize = 50;

/// An open input, and the records that were looked at already.
pub(crate) struct Lookahead {
    pub(crate) name: String,
    pub(super) id: InputId,
    pub(super) opened: Opened,
    pub(super) records: VecDeque<Record>,
    /// The error that ended the looking, to be met again in its place.
    pub(super) broken: Option<SourceError>,
    /// There is nothing behind what was looked at.
    pub(super) ended: bool,
    /// What names its columns: of objects, the keys of the first taken together.
    pub(super) header: Option<Arc<Header>>,
    pub(super) plan: Vec<String>,
    /// The rules that would pin it.
    pub(super) pins: Vec<Rule>,
    /// Columns with headers of phones that are not phones by what is in them.
    pub(super) not_phones: BTreeMap<String, NotPhone>,
    /// Whether it is a regular file: what comes through a pipe may come slowly.
    pub(super) is_file: bool,
    /// What its consent columns say.
    pub(super) consent: ConsentCount,
}

impl Lookahead {
    /// The next record: first those that were looked at.
    pub(crate) fn next(&mut self) -> Result<Option<Record>, SourceError> {
        if let Some(record) = self.records.pop_front() {
            return Ok(Some(record));
        }
        match self.broken.take() {
            Some(error) => Err(error),
            None => self.opened.next(),
        }
    }

    /// Reads one more record ahead; false at the end, at an error, or when enough was read.
    pub(super) fn read_ahead(&mut self) -> bool {
        let enough = self.records.len() >= LOOK_AHEAD
            || self
                .records
                .back()
                .is_some_and(|record| record.bytes > LOOK_AHEAD_BYTES);
        if enough || self.broken.is_some() {
            return false;
        }
        match self.opened.next() {
            Ok(Some(record)) => self.records.push_back(record),
            Ok(None) => {
                self.ended = true;
                return false;
            }
            Err(error) => {
                self.broken = Some(error);
                return false;
            }
        }
        true
    }

    pub(super) fn new(name: String, id: InputId, opened: Opened) -> Lookahead {
        Lookahead {
            name,
            id,
            opened,
            records: VecDeque::new(),
            broken: None,
            ended: false,
            header: None,
            plan: Vec::new(),
            pins: Vec::new(),
            not_phones: BTreeMap::new(),
            is_file: false,
            consent: ConsentCount::default(),
        }
    }

    /// The first records, their cells in the order of a header: that of objects is put together from several.
    pub(super) fn first_records(&mut self, header: &Arc<Header>) -> Vec<Record> {
        while self.records.len() < JUDGED && self.read_ahead() {}
        let records = self.records.iter().take(JUDGED);
        records.map(|record| aligned(record, header)).collect()
    }

    /// The keys that were met so far, in that order; objects that go through as they are have none to map.
    pub(super) fn keys(&self) -> Vec<String> {
        let mut seen = HashSet::new();
        let mapped = self
            .records
            .iter()
            .filter(|record| record.defect.is_none() && !Encoder::passes_through(record));
        let keys = mapped.flat_map(|record| &record.header.names);
        // One object calls it `phone`, another `Phone`: each is mapped by its own.
        keys.filter(|key| seen.insert(key.trim().to_lowercase()))
            .cloned()
            .collect()
    }
}

fn aligned(record: &Record, header: &Arc<Header>) -> Record {
    let mut record = record.clone();
    if !Arc::ptr_eq(&record.header, header) {
        let own = Arc::clone(&record.header);
        let cell = |name: &String| {
            let at = own.names.iter().position(|own| own == name)?;
            record.cells.get(at).cloned()
        };
        record.cells = header
            .names
            .iter()
            .map(|name| cell(name).unwrap_or(Cell::Absent))
            .collect();
        record.header = Arc::clone(header);
    }
    record
}
