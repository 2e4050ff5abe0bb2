//! The records of a chunk in one piece of memory: the text of all cells in one string, and where in it each is.
//!
//! Owns how records are kept, and the one way to add one: its cells in order, then [`Records::finish`]. What was
//! pushed since the last record is the open row; [`Records::abandon`] drops it.

use std::ops::Deref;
use std::sync::Arc;

use super::cells::{Cell, CellFault, CellSpan, CellValue, Cells};
use super::texts::{Mark, Span, Texts};
use super::{Defect, Header, Place, Remark};

/// The records of a chunk.
#[derive(Clone, Default)]
pub struct Records {
    texts: Texts,
    cells: Vec<CellSpan>,
    /// Those of the rows; each that follows another header.
    headers: Vec<Arc<Header>>,
    rows: Vec<Row>,
    /// The text of the object that the open row is.
    raw: Option<Span>,
    /// Whether a cell of the open row shows no value.
    has_faults: bool,
}

#[derive(Clone)]
struct Row {
    facts: RecordFacts,
    header: usize,
    cells: Span,
    raw: Option<Span>,
    has_faults: bool,
    /// Bytes of its texts.
    size: usize,
    /// How much text there was behind it.
    end: Mark,
}

/// What is known of a record besides its cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordFacts {
    /// Where it is.
    pub place: Place,
    /// Whether the sheet hides the row, by hand or by a filter.
    pub hidden: bool,
    /// What was wrong on reading.
    pub defect: Option<Defect>,
    /// What is worth a warning.
    pub remark: Option<Remark>,
    /// Bytes of its input that were read up to its end.
    pub bytes: u64,
}

impl RecordFacts {
    /// A record with nothing wrong about it.
    pub fn new(place: Place, bytes: u64) -> RecordFacts {
        RecordFacts {
            place,
            hidden: false,
            defect: None,
            remark: None,
            bytes,
        }
    }
}

/// Reading.
impl Records {
    /// How many they are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no records.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// One of them.
    pub(crate) fn get(&self, index: usize) -> Option<Record<'_>> {
        let row = self.rows.get(index)?;
        Some(Record { records: self, row })
    }

    /// The last one.
    pub(crate) fn last(&self) -> Option<Record<'_>> {
        self.get(self.len().checked_sub(1)?)
    }

    /// All of them in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Record<'_>> + Clone {
        self.rows.iter().map(|row| Record { records: self, row })
    }

    /// All of them in order, each to be kept as long as it is needed.
    pub fn shared(self: &Arc<Records>) -> impl Iterator<Item = SharedRecord> {
        let records = Arc::clone(self);
        (0..self.len()).map(move |index| SharedRecord {
            records: Arc::clone(&records),
            index,
        })
    }

    /// What they take in memory, in bytes.
    pub(crate) fn memory(&self) -> usize {
        let (cell, row) = (size_of::<CellSpan>(), size_of::<Row>());
        self.texts.len() + self.cells.len() * cell + self.rows.len() * row
    }
}

/// Adding.
impl Records {
    /// The cells of the open row.
    pub(crate) fn open(&self) -> Cells<'_> {
        let cells = self.cells.get(self.cells_end()..);
        Cells::new(&self.texts, cells.unwrap_or_default())
    }

    /// Adds a cell of text to the open row.
    pub(crate) fn push_text(&mut self, text: &str) {
        let span = self.texts.add(text);
        self.cells.push(CellSpan::Text(span));
    }

    /// Adds a cell that shows no value to the open row.
    pub(crate) fn push_faulty(&mut self, fault: CellFault, text: &str) {
        self.has_faults = true;
        let span = self.texts.add(text);
        self.cells.push(CellSpan::Faulty(fault, span));
    }

    /// Adds a list to the open row.
    pub(crate) fn push_list<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) {
        let elements = self.texts.add_list(texts);
        self.cells.push(CellSpan::List(elements));
    }

    /// Adds a cell that is not there to the open row.
    pub(crate) fn push_absent(&mut self) {
        self.cells.push(CellSpan::Absent);
    }

    /// Adds a copy of a cell to the open row.
    pub(crate) fn push_copy(&mut self, cell: Cell<'_>) {
        match cell {
            Cell::Text(text) => self.push_text(text),
            Cell::List(list) => self.push_list(list.iter()),
            Cell::Faulty(fault, text) => self.push_faulty(fault, text),
            Cell::Absent => self.push_absent(),
        }
    }

    /// Adds a cell that was kept by itself to the open row.
    pub(crate) fn push_value(&mut self, cell: &CellValue) {
        match cell {
            CellValue::Text(text) => self.push_text(text),
            CellValue::List(list) => self.push_list(list.iter().map(String::as_str)),
            CellValue::Faulty(fault, text) => self.push_faulty(*fault, text),
            CellValue::Absent => self.push_absent(),
        }
    }

    /// Brings the open row to this many cells: absent ones are added, others dropped.
    pub(crate) fn resize(&mut self, width: usize) {
        let from = self.cells_end();
        self.cells.resize(from + width, CellSpan::Absent);
    }

    /// Keeps the text of the object that the open row is.
    pub(crate) fn keep_raw(&mut self, text: &str) {
        self.raw = Some(self.texts.add(text));
    }

    /// Drops the open row.
    pub(crate) fn abandon(&mut self) {
        self.texts.go_back(self.end());
        self.cells.truncate(self.cells_end());
        self.raw = None;
        self.has_faults = false;
    }

    /// Drops all records, and keeps the memory for others.
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
        self.headers.clear();
        self.abandon();
    }

    /// Makes a record of the open row.
    pub fn finish(&mut self, header: &Arc<Header>, facts: RecordFacts) {
        let is_last = |known: &Arc<Header>| Arc::ptr_eq(known, header);
        if !self.headers.last().is_some_and(is_last) {
            self.headers.push(Arc::clone(header));
        }
        self.rows.push(Row {
            facts,
            header: self.headers.len() - 1,
            cells: Span::new(self.cells_end(), self.cells.len()),
            raw: self.raw.take(),
            has_faults: std::mem::take(&mut self.has_faults),
            size: self.texts.size_since(self.end()),
            end: self.texts.mark(),
        });
    }

    /// Adds a copy of a record with other cells, under another header.
    pub(crate) fn add<'c>(
        &mut self,
        record: Record<'_>,
        header: &Arc<Header>,
        cells: impl IntoIterator<Item = Cell<'c>>,
    ) {
        cells.into_iter().for_each(|cell| self.push_copy(cell));
        if let Some(raw) = record.raw() {
            self.keep_raw(raw);
        }
        self.finish(header, record.row.facts.clone());
    }

    /// Where the texts of the open row begin.
    fn end(&self) -> Mark {
        self.rows.last().map(|row| row.end).unwrap_or_default()
    }

    /// Where the cells of the open row begin.
    fn cells_end(&self) -> usize {
        self.rows.last().map_or(0, |row| row.cells.end())
    }
}

/// A record as it is in its input.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    records: &'a Records,
    row: &'a Row,
}

impl<'a> Record<'a> {
    /// The columns.
    pub(crate) fn header(self) -> &'a Arc<Header> {
        #[expect(clippy::indexing_slicing, reason = "each row has its header")]
        &self.records.headers[self.row.header]
    }

    /// The cells, one a column; a defective row may have more.
    pub(crate) fn cells(self) -> Cells<'a> {
        let cells = self.records.cells.get(self.row.cells.range());
        Cells::new(&self.records.texts, cells.unwrap_or_default())
    }

    /// The cell of a column, from 0.
    pub(crate) fn cell(self, column: usize) -> Option<Cell<'a>> {
        self.cells().get(column)
    }

    /// JSON only: the text of the object (or of what should have been one) as in the input.
    pub(crate) fn raw(self) -> Option<&'a str> {
        self.row.raw.map(|raw| self.records.texts.text(raw))
    }

    /// Bytes of its texts.
    pub(crate) fn size(self) -> usize {
        self.row.size
    }

    /// Whether a cell shows no value; most records have none of these.
    pub(crate) fn has_faults(self) -> bool {
        self.row.has_faults
    }
}

impl Deref for Record<'_> {
    type Target = RecordFacts;

    fn deref(&self) -> &RecordFacts {
        &self.row.facts
    }
}

impl std::fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Record");
        shown.field("facts", &self.row.facts);
        shown.field("names", &self.header().names);
        shown.field("cells", &self.cells());
        shown.field("raw", &self.raw()).finish()
    }
}

/// A record that is kept, and its chunk with it.
#[derive(Clone)]
pub struct SharedRecord {
    records: Arc<Records>,
    index: usize,
}

impl SharedRecord {
    /// The record.
    pub(crate) fn get(&self) -> Record<'_> {
        #[expect(
            clippy::indexing_slicing,
            reason = "it was made for a row of its chunk"
        )]
        let row = &self.records.rows[self.index];
        Record {
            records: &self.records,
            row,
        }
    }

    /// A copy that keeps nothing of its chunk.
    pub(crate) fn detached(&self) -> SharedRecord {
        let record = self.get();
        let mut alone = Records::default();
        alone.add(record, record.header(), record.cells().iter());
        SharedRecord {
            records: Arc::new(alone),
            index: 0,
        }
    }
}

impl Deref for SharedRecord {
    type Target = RecordFacts;

    fn deref(&self) -> &RecordFacts {
        &self.get().row.facts
    }
}

impl std::fmt::Debug for SharedRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.get().fmt(f)
    }
}
