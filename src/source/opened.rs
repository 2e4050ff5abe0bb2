//! An input that is open, whatever its format: its records, one at a time.
//!
//! Owns the one way to read them all. Which format an input has was decided before.

use super::assumed::Assumed;
use super::csv::CsvTable;
use super::error::SourceError;
use super::header_row::HeaderRow;
use super::json::JsonDocuments;
use super::ndjson::NdjsonLines;
use super::vcard::Cards;
use super::workbook::Workbook;
use crate::record::{Record, Shape};

/// An input that is being read.
pub(crate) struct OpenInput {
    /// What a rejects file of it looks like.
    pub(crate) shape: Shape,
    /// What was found out because the user did not say it.
    pub(crate) assumed: Assumed,
    /// Whether its columns have names.
    pub(crate) header: HeaderRow,
    /// Its size in bytes, where it is a regular file that is not unpacked.
    pub(crate) size: Option<u64>,
    /// The sheet that is read, of a workbook.
    pub(crate) sheet: Option<String>,
    /// All sheets of a workbook, hidden ones too.
    pub(crate) sheets: Vec<String>,
    pub(super) records: RecordReader,
}

/// How its records are read.
pub(super) enum RecordReader {
    Table(Box<CsvTable>),
    Documents(Box<JsonDocuments>),
    Lines(Box<NdjsonLines>),
    Cards(Box<Cards>),
    Sheet(Box<Workbook>),
    Over,
}

impl RecordReader {
    fn next(&mut self) -> Result<Option<Record>, SourceError> {
        match self {
            RecordReader::Table(table) => table.next(),
            RecordReader::Documents(documents) => documents.next(),
            RecordReader::Lines(lines) => lines.next(),
            RecordReader::Cards(cards) => cards.next(),
            RecordReader::Sheet(sheet) => sheet.next(),
            RecordReader::Over => Ok(None),
        }
    }
}

impl OpenInput {
    /// An input about which nothing had to be guessed.
    pub(super) fn new(shape: Shape, records: RecordReader) -> OpenInput {
        OpenInput {
            shape,
            assumed: Assumed::default(),
            header: HeaderRow::First,
            size: None,
            sheet: None,
            sheets: Vec::new(),
            records,
        }
    }

    /// The next record; after an error or the end, always `None`.
    ///
    /// # Errors
    /// Where the input breaks off. What came before was yielded.
    pub(crate) fn next(&mut self) -> Result<Option<Record>, SourceError> {
        let next = self.records.next();
        if !matches!(next, Ok(Some(_))) {
            self.records = RecordReader::Over;
        }
        next
    }
}
