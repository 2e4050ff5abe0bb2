//! A workbook that was opened, of whatever kind: its sheets, and the rows of one of them.
//!
//! Owns the choice of the reader.

use std::fs::File;

use super::error::WorkbookError;
use super::header::FirstRows;
use super::kind::Kind;
use super::ods::Ods;
use super::row::{Row, Take};
use super::sheet::Sheet;
use super::xls::Xls;
use super::xlsx::Xlsx;

/// A workbook.
pub(super) enum Book {
    Xlsx(Box<Xlsx>),
    Old(Box<Xls>),
    OpenDocument(Box<Ods>),
}

impl Book {
    pub(super) fn open(file: File, kind: Kind) -> Result<Book, WorkbookError> {
        Ok(match kind {
            Kind::Xlsx => Book::Xlsx(Box::new(Xlsx::open(file)?)),
            Kind::Old => Book::Old(Box::new(Xls::open(file)?)),
            Kind::OpenDocument => Book::OpenDocument(Box::new(Ods::open(file)?)),
        })
    }

    /// The sheets that hold cells, in their order.
    pub(super) fn sheets(&self) -> Vec<Sheet> {
        match self {
            Book::Xlsx(book) => book.sheets(),
            Book::Old(book) => book.sheets(),
            Book::OpenDocument(book) => book.sheets(),
        }
    }

    /// The rows that a sheet begins with.
    pub(super) fn first(&mut self, sheet: &str) -> Result<Vec<Row>, WorkbookError> {
        if let Book::OpenDocument(book) = self {
            return Ok(book.first(sheet));
        }
        let mut first = FirstRows::default();
        self.rows(sheet, &mut |row| first.add(row))?;
        Ok(first.rows)
    }

    /// Hands over the rows of a sheet that have something in them.
    pub(super) fn rows(&mut self, sheet: &str, take: &mut Take<'_>) -> Result<(), WorkbookError> {
        match self {
            Book::Xlsx(book) => book.rows(sheet, take),
            Book::Old(book) => book.rows(sheet, take),
            Book::OpenDocument(book) => book.rows(sheet, take),
        }
    }
}
