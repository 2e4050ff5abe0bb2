//! Assembles rows from cells. Pure.
//!
//! Owns the order of rows, and fills each with the values of merged ranges.

use super::error::WorkbookError;
use super::merged_cells::MergedCells;
use super::sheet_row::{RowSink, SheetRow};
use super::value::CellContent;

/// Takes cells row by row.
#[derive(Default)]
pub(super) struct RowAssembler {
    row: SheetRow,
    /// A reader may add ranges that begin in the current row.
    pub(super) merges: MergedCells,
    /// The last hidden row, counted from 0. Readers name a row before its cells.
    pub(super) hidden: Option<u32>,
}

impl RowAssembler {
    pub(super) fn new(merges: MergedCells) -> RowAssembler {
        RowAssembler {
            merges,
            ..RowAssembler::default()
        }
    }

    /// Takes a cell by its row and column, counted from 0; returns the row before it once that is complete.
    pub(super) fn put(
        &mut self,
        row: u32,
        column: u32,
        content: CellContent<'_>,
    ) -> Result<Option<SheetRow>, WorkbookError> {
        if content.is_blank() {
            return Ok(None);
        }
        let number = u64::from(row) + 1;
        let before = match self.row.number {
            own if own == number => None,
            own if own < number => self.start(number)?,
            _ => {
                return Err(WorkbookError::Broken("its rows are out of order"));
            }
        };
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        self.row.put(column, content)?;
        Ok(before)
    }

    fn start(&mut self, number: u64) -> Result<Option<SheetRow>, WorkbookError> {
        let started = SheetRow {
            number,
            hidden: self.hidden.is_some_and(|row| u64::from(row) + 1 == number),
            ..SheetRow::default()
        };
        let before = std::mem::replace(&mut self.row, started);
        self.complete(before)
    }

    /// The last row.
    pub(super) fn finish(mut self) -> Result<Option<SheetRow>, WorkbookError> {
        let last = std::mem::take(&mut self.row);
        self.complete(last)
    }

    fn complete(&mut self, row: SheetRow) -> Result<Option<SheetRow>, WorkbookError> {
        match row.cells.is_empty() {
            true => Ok(None),
            false => self.merges.fill(row),
        }
    }
}

/// Hands over the last row.
pub(super) fn finish(assembly: RowAssembler, sink: &mut RowSink<'_>) -> Result<(), WorkbookError> {
    if let Some(last) = assembly.finish()? {
        // It is the last one: `Break` changes nothing.
        let _ = sink(last);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::row;
    use super::*;
    use crate::source::bounded_text::{CELL_LIMIT, KEPT};
    use crate::source::header_row::COLUMN_LIMIT;

    fn assembled(cells: &[(u32, u32, &str)]) -> Result<Vec<SheetRow>, WorkbookError> {
        let mut assembly = RowAssembler::default();
        let mut rows = Vec::new();
        for (row, column, text) in cells {
            rows.extend(assembly.put(*row, *column, CellContent::text(*text))?);
        }
        rows.extend(assembly.finish()?);
        Ok(rows)
    }

    #[test]
    fn blank_rows_are_left_out_and_keep_their_numbers() {
        let rows = assembled(&[(0, 0, "a"), (1, 0, " "), (4, 2, "b"), (4, 3, "c")]);
        assert_eq!(
            rows,
            Ok(vec![row(1, &[(0, "a")]), row(5, &[(2, "b"), (3, "c")])])
        );
    }

    #[test]
    fn rows_that_go_back_are_a_broken_workbook() {
        assert!(assembled(&[(3, 0, "a"), (2, 0, "b")]).is_err());
    }

    #[test]
    fn a_cell_over_a_megabyte_is_cut_and_marked() {
        let long = "x".repeat(CELL_LIMIT + 1);
        let rows = assembled(&[(0, 0, "a"), (0, 1, &long)]).unwrap();
        let kept = rows[0].cells[1].1.text().map(str::len);
        assert_eq!((rows[0].cut, kept), (Some(1), Some(KEPT)));
    }

    #[test]
    fn a_cell_that_comes_endlessly_often_ends() {
        let cells = vec![(0, 0, "a"); COLUMN_LIMIT + 1];
        assert!(assembled(&cells).is_err());
    }
}
