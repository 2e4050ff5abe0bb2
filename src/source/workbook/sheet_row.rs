//! A row of a sheet. It stores only filled cells, so that a stray cell in a far column costs nothing. Pure.
//!
//! Owns the limits on a row.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::error::WorkbookError;
use super::value::CellContent;
use crate::record::CellValue;
use crate::source::bounded_text::{BoundedText, room_in_row};
use crate::source::header_row::COLUMN_LIMIT;

/// Takes rows one by one; returns `Break` when it needs no more.
pub(super) type RowSink<'a> = dyn FnMut(SheetRow) -> ControlFlow<()> + 'a;

/// A row that is not blank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SheetRow {
    /// The number that the spreadsheet shows.
    pub(super) number: u64,
    /// The filled cells with their columns, counted from 0.
    pub(super) cells: Vec<(usize, CellValue)>,
    /// Whether the sheet hides it.
    pub(super) hidden: bool,
    /// The first row of the merged ranges that span it, where one begins above it.
    pub(super) merged_from: Option<u64>,
    /// The first column whose text was cut.
    pub(super) cut: Option<usize>,
    /// Bytes of all cells.
    pub(super) bytes: usize,
}

impl SheetRow {
    /// Whether a merged cell spans this row and the one above.
    pub(super) fn goes_on(&self, above: &SheetRow) -> bool {
        self.merged_from.is_some_and(|first| first <= above.number)
    }

    /// This row with the cells of the one above in columns where it has none: a header of two rows.
    pub(super) fn below(mut self, above: SheetRow) -> SheetRow {
        self.bytes += above.bytes;
        for (column, cell) in above.cells {
            if !self.cells.iter().any(|(own, _)| *own == column) {
                self.cells.push((column, cell));
            }
        }
        self
    }

    pub(super) fn put(
        &mut self,
        column: usize,
        content: CellContent<'_>,
    ) -> Result<(), WorkbookError> {
        // A broken file may repeat a column for ever.
        if self.cells.len() >= COLUMN_LIMIT {
            return Err(WorkbookError::Broken("a row has more than 16,384 cells"));
        }
        let cell = match content {
            CellContent::Text(text) => CellValue::Text(self.bounded(column, text)),
            CellContent::Fault(fault, text) => CellValue::Faulty(fault, self.bounded(column, text)),
        };
        self.cells.push((column, cell));
        Ok(())
    }

    fn bounded(&mut self, column: usize, text: Cow<'_, str>) -> String {
        let room = room_in_row(self.bytes);
        let text = match text.len() > room {
            false => text.into_owned(),
            true => {
                self.cut.get_or_insert(column);
                let mut clip = BoundedText::new(room);
                clip.push(text.as_bytes());
                clip.readable().to_owned()
            }
        };
        self.bytes += text.len();
        text
    }
}
