//! An open input, and its first records, which are read before anything is sent.
//!
//! Owns how far an input is read ahead. What its records are judged for is up to the other files of this folder.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::consent_count::ConsentCount;
use crate::import::encoder::Encoder;
use crate::mapping::{NotPhone, Rule};
use crate::record::{Cell, Header, InputId, Record, Records};
use crate::source::{OpenInput, SourceError};

/// How many records are read ahead before anything is sent.
pub(super) const LOOK_AHEAD: usize = 1_000;
/// Reading ahead stops after this many bytes of input, so that huge rows do not fill the memory.
const LOOK_AHEAD_BYTES: u64 = 16_000_000;

/// How many records are judged to tell whether a column holds phones.
const JUDGED: usize = 50;

/// An open input, and the records that were read ahead.
pub(crate) struct Lookahead {
    pub(crate) name: String,
    pub(super) id: InputId,
    pub(super) opened: OpenInput,
    pub(super) records: Arc<Records>,
    /// The error that ended the reading ahead; it is returned when the records before it are used up.
    pub(super) broken: Option<SourceError>,
    /// The input ends after these records.
    pub(super) ended: bool,
    /// The names of its columns; for objects, the keys of the first records taken together.
    pub(super) header: Option<Arc<Header>>,
    pub(super) plan: Vec<String>,
    /// The rules that would make the same mapping explicit (`--save-mapping`).
    pub(super) pins: Vec<Rule>,
    /// Columns whose header says phone and whose cells do not.
    pub(super) not_phones: BTreeMap<String, NotPhone>,
    /// Whether it is a regular file; a pipe may be slow.
    pub(super) is_file: bool,
    /// What its consent columns say.
    pub(super) consent: ConsentCount,
}

impl Lookahead {
    /// The records that were read ahead.
    pub(crate) fn take_ahead(&mut self) -> Arc<Records> {
        std::mem::take(&mut self.records)
    }

    /// Adds the next record behind those that were read ahead; false at the end.
    pub(crate) fn read(&mut self, records: &mut Records) -> Result<bool, SourceError> {
        // Records before a break are sent: the error costs only what comes after it.
        match self.broken.take() {
            Some(error) => Err(error),
            None => self.opened.read(records),
        }
    }

    /// Whether the next record may be long in coming. Those before it must not wait for it.
    pub(crate) fn may_wait(&self) -> bool {
        !self.is_file && !self.opened.holds_record()
    }

    /// Reads one more record ahead; `false` at the end, at an error, or when enough was read.
    pub(super) fn read_ahead(&mut self) -> bool {
        // `bytes` is the position in the input, so a single huge row is enough.
        let enough = self.records.len() >= LOOK_AHEAD
            || self
                .records
                .last()
                .is_some_and(|record| record.bytes > LOOK_AHEAD_BYTES);
        if enough || self.broken.is_some() {
            return false;
        }
        match self.opened.read(Arc::make_mut(&mut self.records)) {
            Ok(is_read) => {
                self.ended = !is_read;
                is_read
            }
            Err(error) => {
                self.broken = Some(error);
                false
            }
        }
    }

    pub(super) fn new(name: String, id: InputId, opened: OpenInput) -> Lookahead {
        Lookahead {
            name,
            id,
            opened,
            records: Arc::default(),
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

    /// The first records, with their cells in the order of a header: objects have their keys in any order.
    pub(super) fn first_records(&mut self, header: &Arc<Header>) -> Records {
        while self.records.len() < JUDGED && self.read_ahead() {}
        let mut first = Records::default();
        for record in self.records.iter().take(JUDGED) {
            first.add(record, header, aligned(record, header));
        }
        first
    }

    /// The keys of the records that were read ahead, in their order. Objects in the API's own shape need no mapping.
    pub(super) fn keys(&self) -> Vec<String> {
        let mut seen = HashSet::new();
        let mapped = self
            .records
            .iter()
            .filter(|record| record.defect.is_none() && !Encoder::passes_through(*record));
        let keys = mapped.flat_map(|record| &record.header().names);
        // `phone` in one object and `Phone` in another are one column: each object is mapped by its own keys.
        keys.filter(|key| seen.insert(key.trim().to_lowercase()))
            .cloned()
            .collect()
    }
}

/// The cells of a record in the order of a header.
fn aligned<'r>(record: Record<'r>, header: &Arc<Header>) -> Vec<Cell<'r>> {
    if Arc::ptr_eq(record.header(), header) {
        return record.cells().iter().collect();
    }
    let cell = |name: &String| {
        let at = record.header().names.iter().position(|own| own == name)?;
        record.cell(at)
    };
    let names = header.names.iter();
    names
        .map(|name| cell(name).unwrap_or(Cell::Absent))
        .collect()
}
