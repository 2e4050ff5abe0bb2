//! Spreadsheets (.xlsx, .xls, .ods) row by row: the sheet that is read, its header, every row with its number.
//!
//! Owns the table: its header, and its rows as records. `kind` decides what a file is, `gauge` and `biff` bound what it
//! may cost, `sheet_choice` picks the sheet.

use std::collections::VecDeque;
use std::fs::File;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::header_row::numbered;
use super::{HeaderRow, ReadOptions, SourceError};
use crate::record::{CellValue, Defect, Header, InputId, Place, RecordFacts, Records};

mod biff;
mod catch_panic;
mod cell_styles;
mod compound_file;
mod digits;
mod error;
mod gauge;
mod header;
mod kind;
mod merged_cells;
mod number_format;
mod ods;
mod package;
mod parser_thread;
mod reference;
mod row_assembler;
mod sheet_choice;
mod sheet_entry;
mod sheet_row;
mod value;
mod workbook_file;
mod xls;
mod xlsx;
mod xml;

pub(crate) use error::WorkbookError;
use header::{FIRST_BYTES, FIRST_ROWS};
use parser_thread::{ChosenSheet, Message, Received, parse, receive};
use sheet_row::SheetRow;

/// Whether a file that begins like this is a container, which may hold a workbook.
pub(super) fn is_container(start: &[u8]) -> bool {
    let zip: [&[u8]; 3] = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"];
    zip.iter().any(|magic| start.starts_with(magic)) || start.starts_with(compound_file::MAGIC)
}

/// A sheet whose header was read.
pub(super) struct Workbook {
    input: InputId,
    pub(super) sheet: ChosenSheet,
    pub(super) header: Arc<Header>,
    /// Whether its columns have names.
    pub(super) header_row: HeaderRow,
    /// The last row above the header, where there are such rows.
    pub(super) banner: Option<u64>,
    waiting: VecDeque<SheetRow>,
    /// `None` once the parser has sent its last message.
    receiver: Option<Receiver<Received>>,
    bytes: u64,
}

impl Workbook {
    /// Opens a workbook and reads the header of the sheet that was asked for.
    pub(super) fn open(
        file: File,
        input: InputId,
        options: &ReadOptions,
    ) -> Result<Workbook, SourceError> {
        let receiver = parse(file, options.clone())?;
        // The parser sends the sheet first.
        let Message::Sheet(sheet) = receive(&receiver)? else {
            return Err(WorkbookError::INCONSISTENT.into());
        };
        let mut workbook = Workbook {
            input,
            sheet,
            header: Arc::new(numbered(0)),
            header_row: options.header,
            banner: None,
            waiting: VecDeque::new(),
            receiver: Some(receiver),
            bytes: 0,
        };
        workbook.read_header()?;
        Ok(workbook)
    }

    fn read_header(&mut self) -> Result<(), SourceError> {
        // A header is judged by the rows below it, so that more than one row is needed.
        while self.is_short() && self.receiver.is_some() {
            self.wait_for_rows()?;
        }
        self.waiting = header::with_one_header(self.waiting.drain(..).collect()).into();
        let waiting = self.waiting.make_contiguous();
        let first = waiting.get(..FIRST_ROWS).unwrap_or(waiting);
        // Our own rejects file has a header whatever the user typed for the files it was made from.
        if first.first().is_some_and(header::is_rejects_header) {
            self.header_row = HeaderRow::First;
        }
        if self.header_row == HeaderRow::None {
            self.header = Arc::new(numbered(header::widest(first)));
            return Ok(());
        }
        let banner = header::banner(first);
        let passed = banner.map_or(0, |banner| banner.lines) + 1;
        let mut row = self
            .waiting
            .drain(..passed.min(self.waiting.len()))
            .next_back()
            .ok_or(WorkbookError::INCONSISTENT)?;
        // Merged cells may give a header several rows.
        while self.waiting.front().is_some_and(|next| next.goes_on(&row))
            && let Some(next) = self.waiting.pop_front()
        {
            row = next.below(row);
        }
        self.bytes = row.bytes as u64;
        self.banner = banner.map(|banner| banner.last);
        self.header = Arc::new(header::header(&row));
        Ok(())
    }

    /// Whether more rows are needed to find the header. Bytes count too, so that huge rows do not pile up.
    fn is_short(&self) -> bool {
        let bytes: usize = self.waiting.iter().map(|row| row.bytes).sum();
        self.waiting.len() < FIRST_ROWS && bytes < FIRST_BYTES
    }

    /// Waits for more rows.
    fn wait_for_rows(&mut self) -> Result<(), SourceError> {
        let Some(receiver) = &self.receiver else {
            return Ok(());
        };
        match receive(receiver)? {
            Message::Rows(rows) => self.waiting.extend(rows),
            Message::Sheet(_) | Message::End => self.receiver = None,
        }
        Ok(())
    }

    /// The next row in which a column of the table has something.
    pub(super) fn read(&mut self, records: &mut Records) -> Result<bool, SourceError> {
        loop {
            while let Some(row) = self.waiting.pop_front() {
                self.bytes += row.bytes as u64;
                if self.finish(&row, records) {
                    return Ok(true);
                }
            }
            if self.receiver.is_none() {
                return Ok(false);
            }
            self.wait_for_rows()?;
        }
    }

    /// Makes a record of a row; false where nothing is in the columns of the table.
    fn finish(&self, row: &SheetRow, records: &mut Records) -> bool {
        let mut cells = vec![&CellValue::Absent; self.header.names.len()];
        let mut filled = false;
        let mut surplus = None;
        for (column, content) in &row.cells {
            match cells.get_mut(*column) {
                Some(cell) => {
                    *cell = content;
                    filled = true;
                }
                // Cells beside the table are notes and ignored, but a number there may be a phone whose column has no name:
                // it must not be lost in silence.
                None if is_like_a_number(content) => surplus = Some(column + 1),
                None => {}
            }
        }
        // Such a row is a record even where the table's columns are blank, so that it is reported.
        let surplus = surplus.map(|found| Defect::SurplusCells {
            found,
            expected: self.header.names.len(),
        });
        filled |= surplus.is_some();
        let cut = row.cut.and_then(|column| self.header.names.get(column));
        if !filled {
            return false;
        }
        let place = Place {
            input: self.input,
            row: row.number,
        };
        let facts = RecordFacts {
            hidden: row.hidden,
            defect: surplus.or(cut.map(|name| Defect::CellTooLarge {
                column: Some(name.clone()),
            })),
            ..RecordFacts::new(place, self.bytes)
        };
        cells.into_iter().for_each(|cell| records.push_value(cell));
        records.finish(&self.header, facts);
        true
    }
}

/// Whether a cell has as many digits as a phone.
fn is_like_a_number(cell: &CellValue) -> bool {
    const FEWEST: usize = 7;
    let text = cell.text().unwrap_or_default();
    text.chars().filter(|c| c.is_numeric()).count() >= FEWEST
}

#[cfg(test)]
mod tests;
