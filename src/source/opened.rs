//! An input that is open, whatever its format: its records, one at a time.
//!
//! Owns the one way to read them all. Which format an input has was decided before.

use super::assumed::Assumed;
use super::csv::Table;
use super::error::SourceError;
use super::header_row::HeaderRow;
use super::json::Documents;
use super::ndjson::Lines;
use super::vcard::Cards;
use super::workbook::Workbook;
use crate::record::{Record, Shape};

/// An input that is being read.
pub(crate) struct Opened {
    /// What a rejects file of it looks like.
    pub(crate) shape: Shape,
    /// What was found out that nobody said.
    pub(crate) assumed: Assumed,
    /// Whether its columns have names.
    pub(crate) header: HeaderRow,
    /// Its size in bytes, where it is a regular file that is read as it stands.
    pub(crate) size: Option<u64>,
    /// The sheet that is read, of a workbook.
    pub(crate) sheet: Option<String>,
    /// All sheets of a workbook, hidden ones too.
    pub(crate) sheets: Vec<String>,
    pub(super) records: Records,
}

/// How its records are read.
pub(super) enum Records {
    Table(Box<Table>),
    Documents(Box<Documents>),
    Lines(Box<Lines>),
    Cards(Box<Cards>),
    Sheet(Box<Workbook>),
    Over,
}

impl Records {
    fn next(&mut self) -> Result<Option<Record>, SourceError> {
        match self {
            Records::Table(table) => table.next(),
            Records::Documents(documents) => documents.next(),
            Records::Lines(lines) => lines.next(),
            Records::Cards(cards) => cards.next(),
            Records::Sheet(sheet) => sheet.next(),
            Records::Over => Ok(None),
        }
    }
}

impl Opened {
    /// An input about which nothing had to be guessed.
    pub(super) fn new(shape: Shape, records: Records) -> Opened {
        Opened {
            shape,
            assumed: Assumed::default(),
            header: HeaderRow::First,
            size: None,
            sheet: None,
            sheets: Vec::new(),
            records,
        }
    }

    /// The next record; after an error or the end, `None` for ever.
    ///
    /// # Errors
    /// Where the input breaks off. What came before was yielded.
    pub(crate) fn next(&mut self) -> Result<Option<Record>, SourceError> {
        let next = self.records.next();
        if !matches!(next, Ok(Some(_))) {
            self.records = Records::Over;
        }
        next
    }
}
