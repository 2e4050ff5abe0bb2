//! An opened workbook of any format: its sheets, and the rows of one of them.
//!
//! Owns the dispatch to the three readers.

use std::fs::File;

use super::error::WorkbookError;
use super::header::FirstRows;
use super::kind::WorkbookKind;
use super::ods::Ods;
use super::sheet_entry::SheetEntry;
use super::sheet_row::{RowSink, SheetRow};
use super::xls::Xls;
use super::xlsx::Xlsx;

/// A workbook.
pub(super) enum WorkbookFile {
    Xlsx(Box<Xlsx>),
    Xls(Box<Xls>),
    Ods(Box<Ods>),
}

impl WorkbookFile {
    pub(super) fn open(file: File, kind: WorkbookKind) -> Result<WorkbookFile, WorkbookError> {
        Ok(match kind {
            WorkbookKind::Xlsx => WorkbookFile::Xlsx(Box::new(Xlsx::open(file)?)),
            WorkbookKind::Xls => WorkbookFile::Xls(Box::new(Xls::open(file)?)),
            WorkbookKind::Ods => WorkbookFile::Ods(Box::new(Ods::open(file)?)),
        })
    }

    /// The sheets that hold cells, in their order.
    pub(super) fn sheets(&self) -> Vec<SheetEntry> {
        match self {
            WorkbookFile::Xlsx(file) => file.sheets(),
            WorkbookFile::Xls(file) => file.sheets(),
            WorkbookFile::Ods(file) => file.sheets(),
        }
    }

    /// The first rows of a sheet, as many as are needed to find its header.
    pub(super) fn first(&mut self, sheet: &str) -> Result<Vec<SheetRow>, WorkbookError> {
        // Its tables share one part: each would be read up to here again.
        if let WorkbookFile::Ods(file) = self {
            return Ok(file.first(sheet));
        }
        let mut first = FirstRows::default();
        self.rows(sheet, &mut |row| first.add(row))?;
        Ok(first.rows)
    }

    /// Hands over the rows of a sheet that are not blank.
    pub(super) fn rows(
        &mut self,
        sheet: &str,
        sink: &mut RowSink<'_>,
    ) -> Result<(), WorkbookError> {
        match self {
            WorkbookFile::Xlsx(file) => file.rows(sheet, sink),
            WorkbookFile::Xls(file) => file.rows(sheet, sink),
            WorkbookFile::Ods(file) => file.rows(sheet, sink),
        }
    }
}
