//! Reads .xls (MS-XLS; BIFF5 as in OpenOffice.org's documentation of the Excel file format).
//!
//! `globals` reads the records before the sheets, `sheet` the cells of a sheet; `biff` has proved the bounds.

use std::fs::File;
use std::io::{Read, Seek};

use super::biff;
use super::compound_file::CompoundFile;
use super::error::WorkbookError;
use super::sheet_entry::SheetEntry;
use super::sheet_row::RowSink;

mod globals;
mod mac;
mod sheet;
mod strings;

use globals::XlsShared;

/// A workbook.
pub(super) struct Xls {
    stream: Vec<u8>,
    /// The sheets, each with the offset of its records in the stream.
    sheets: Vec<(SheetEntry, usize)>,
    shared: XlsShared,
}

impl Xls {
    pub(super) fn open(mut file: File) -> Result<Xls, WorkbookError> {
        let mut bytes = Vec::new();
        file.rewind().map_err(|_| WorkbookError::DAMAGED)?;
        file.take(biff::FILE_LIMIT)
            .read_to_end(&mut bytes)
            .map_err(|_| WorkbookError::DAMAGED)?;
        let stream = biff::stream(&CompoundFile::open(&bytes)?)?;
        let (sheets, shared) = globals::read(&stream)?;
        Ok(Xls {
            stream,
            sheets,
            shared,
        })
    }

    pub(super) fn sheets(&self) -> Vec<SheetEntry> {
        self.sheets.iter().map(|(sheet, _)| sheet.clone()).collect()
    }

    pub(super) fn rows(&mut self, name: &str, sink: &mut RowSink<'_>) -> Result<(), WorkbookError> {
        let named = self.sheets.iter().find(|(sheet, _)| sheet.name == name);
        let (_, start) = named.ok_or(WorkbookError::DAMAGED)?;
        sheet::rows(
            self.stream.get(*start..).ok_or(WorkbookError::DAMAGED)?,
            &self.shared,
            sink,
        )
    }
}
