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
#[cfg(test)]
use crate::record::DraftRecord;
use crate::record::{Records, Shape};

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
    fn read(&mut self, records: &mut Records) -> Result<bool, SourceError> {
        match self {
            RecordReader::Table(table) => table.read(records),
            RecordReader::Documents(documents) => documents.read(records),
            RecordReader::Lines(lines) => lines.read(records),
            RecordReader::Cards(cards) => cards.read(records),
            RecordReader::Sheet(sheet) => sheet.read(records),
            RecordReader::Over => Ok(false),
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

    /// Whether the next record, or the end, is in memory already. In doubt it is not.
    pub(crate) fn holds_record(&self) -> bool {
        match &self.records {
            RecordReader::Table(table) => table.holds_row(),
            RecordReader::Documents(documents) => documents.holds_element(),
            RecordReader::Lines(lines) => lines.holds_line(),
            RecordReader::Cards(cards) => cards.holds_card(),
            // A workbook is read from a file, or from its copy.
            RecordReader::Sheet(_) | RecordReader::Over => true,
        }
    }

    /// Adds the next record; false after an error or the end.
    ///
    /// # Errors
    /// Where the input breaks off. What came before was added.
    pub(crate) fn read(&mut self, records: &mut Records) -> Result<bool, SourceError> {
        let read = self.records.read(records);
        if !matches!(read, Ok(true)) {
            self.records = RecordReader::Over;
            records.abandon();
        }
        read
    }
}

#[cfg(test)]
impl OpenInput {
    /// The next record by itself.
    pub(crate) fn next(&mut self) -> Result<Option<DraftRecord>, SourceError> {
        let mut records = Records::default();
        let is_read = self.read(&mut records)?;
        assert_eq!(records.len(), usize::from(is_read));
        Ok(DraftRecord::all_of(&records).pop())
    }
}
