//! Merged cells: one value for all the rows that they span. Pure.
//!
//! Owns what becomes of a merged range: each of its rows gets the value in the first column. A merge within one row
//! changes nothing.

use std::collections::VecDeque;

use super::error::WorkbookError;
use super::reference::CellRange;
use super::sheet_row::SheetRow;
use super::value::CellContent;
use crate::record::CellValue;

/// Merged ranges of a sheet that span several rows. Bounds memory.
const MERGES_LIMIT: usize = 500_000;
/// Merged ranges that span the same row. Bounds time: each is looked at for each of its rows.
const MERGES_PER_ROW: usize = 1_000;
/// Bytes of values that are held for rows below. Bounds memory.
const HELD_BYTES: usize = 16_000_000;

const TOO_MANY: WorkbookError = WorkbookError::TooLarge("its merged cells are too many");

/// The merged ranges of a sheet, which is read from top to bottom.
#[derive(Clone, Debug, Default)]
pub(super) struct MergedCells {
    /// Those that begin below the current row, ordered by their first rows.
    ahead: VecDeque<CellRange>,
    open: Vec<OpenMerge>,
    held: usize,
}

/// A range that the current row is in.
#[derive(Clone, Debug)]
struct OpenMerge {
    range: CellRange,
    value: CellValue,
}

impl MergedCells {
    /// Takes ranges in any order; those that begin and end in one row are dropped.
    pub(super) fn new(
        ranges: impl IntoIterator<Item = CellRange>,
    ) -> Result<MergedCells, WorkbookError> {
        let mut merges = MergedCells::default();
        for range in ranges {
            merges.add(range)?;
        }
        Ok(merges.in_order())
    }

    /// Sorts the ranges by their first rows.
    pub(super) fn in_order(mut self) -> MergedCells {
        self.ahead
            .make_contiguous()
            .sort_by_key(|range| range.rows.0);
        self
    }

    /// Adds a range. The caller sorts them before the first row.
    pub(super) fn add(&mut self, range: CellRange) -> Result<(), WorkbookError> {
        if range.rows.0 >= range.rows.1 {
            return Ok(());
        }
        if self.ahead.len() >= MERGES_LIMIT {
            return Err(TOO_MANY);
        }
        self.ahead.push_back(range);
        Ok(())
    }

    /// Gives a row the values of the ranges that span it. `None` for a row without a cell of its own: it repeats the one
    /// above, and would be a second contact.
    pub(super) fn fill(&mut self, mut row: SheetRow) -> Result<Option<SheetRow>, WorkbookError> {
        let at = u32::try_from(row.number.saturating_sub(1)).unwrap_or(u32::MAX);
        self.close(at);
        // Excel keeps what was in the cells below a merge, and shows none of it.
        for open in &self.open {
            row.cells.retain(|(column, _)| !open.range.holds(*column));
        }
        if row.cells.is_empty() {
            return Ok(None);
        }
        self.open(at, &row)?;
        for open in self.open.iter().filter(|open| open.range.rows.0 < at) {
            let from = u64::from(open.range.rows.0) + 1;
            row.merged_from = Some(row.merged_from.map_or(from, |first| first.min(from)));
            // Below its first row only: there the cell is its own.
            row.put(open.range.first_column(), content(&open.value))?;
        }
        Ok(Some(row))
    }

    fn open(&mut self, at: u32, row: &SheetRow) -> Result<(), WorkbookError> {
        while self.ahead.front().is_some_and(|range| range.rows.0 <= at) {
            let Some(range) = self.ahead.pop_front() else {
                break;
            };
            // A range that begins in a blank row or cell has no value to give.
            let is_first = |(column, _): &&(usize, CellValue)| *column == range.first_column();
            let value = row
                .cells
                .iter()
                .find(is_first)
                .filter(|_| range.rows.0 == at);
            let Some((_, value)) = value else {
                continue;
            };
            self.held += size(value);
            self.open.push(OpenMerge {
                range,
                value: value.clone(),
            });
        }
        if self.open.len() > MERGES_PER_ROW || self.held > HELD_BYTES {
            return Err(TOO_MANY);
        }
        Ok(())
    }

    fn close(&mut self, at: u32) {
        let held = &mut self.held;
        self.open.retain(|open| {
            let goes_on = open.range.rows.1 >= at;
            if !goes_on {
                *held = held.saturating_sub(size(&open.value));
            }
            goes_on
        });
    }
}

fn content(cell: &CellValue) -> CellContent<'_> {
    match cell {
        CellValue::Text(text) => CellContent::text(text),
        CellValue::Faulty(fault, text) => CellContent::fault(*fault, text),
        CellValue::List(_) | CellValue::Absent => CellContent::text(""),
    }
}

fn size(cell: &CellValue) -> usize {
    match cell {
        CellValue::Text(text) | CellValue::Faulty(_, text) => text.len(),
        CellValue::List(_) | CellValue::Absent => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u64, cells: &[(usize, &str)]) -> SheetRow {
        let cell = |(column, text): &(usize, &str)| (*column, CellValue::Text((*text).to_owned()));
        SheetRow {
            number,
            cells: cells.iter().map(cell).collect(),
            ..SheetRow::default()
        }
    }

    fn range(rows: (u32, u32), columns: (u32, u32)) -> CellRange {
        CellRange { rows, columns }
    }

    fn filled(ranges: &[CellRange], rows: &[SheetRow]) -> Vec<String> {
        let mut merges = MergedCells::new(ranges.iter().copied()).unwrap();
        let filled = rows
            .iter()
            .filter_map(|row| merges.fill(row.clone()).unwrap());
        filled
            .map(|mut row| {
                row.cells.sort_by_key(|(column, _)| *column);
                let cells = row.cells.iter().map(|(column, cell)| {
                    let text = cell.text().unwrap_or_default();
                    format!("{column}{text}")
                });
                format!("{}: {}", row.number, cells.collect::<Vec<_>>().join(" "))
            })
            .collect()
    }

    #[test]
    fn a_value_goes_to_all_rows_of_its_area_and_to_its_first_column() {
        let rows = [
            row(1, &[(0, "h"), (1, "i")]),
            row(2, &[(0, "UK"), (2, "a")]),
            row(3, &[(2, "b")]),
            row(7, &[(2, "c")]),
            row(8, &[(2, "d")]),
        ];
        assert_eq!(
            filled(&[range((1, 6), (0, 1))], &rows),
            ["1: 0h 1i", "2: 0UK 2a", "3: 0UK 2b", "7: 0UK 2c", "8: 2d"]
        );
        assert_eq!(
            filled(&[range((0, 0), (0, 1)), range((1, 1), (0, 2))], &rows),
            ["1: 0h 1i", "2: 0UK 2a", "3: 2b", "7: 2c", "8: 2d"]
        );
    }

    #[test]
    fn a_row_that_only_others_fill_is_left_out_and_what_a_merge_covers_is_not_shown() {
        let rows = [
            row(1, &[(0, "Asha"), (1, "p")]),
            row(2, &[(1, "hidden")]),
            row(3, &[(0, "old"), (2, "x")]),
        ];
        assert_eq!(
            filled(&[range((0, 2), (0, 0)), range((0, 2), (1, 1))], &rows),
            ["1: 0Asha 1p", "3: 0Asha 1p 2x"]
        );
    }

    #[test]
    fn areas_without_a_value_or_without_rows_do_nothing() {
        let rows = [row(2, &[(1, "a")]), row(3, &[(1, "b")])];
        assert_eq!(
            filled(
                &[
                    range((0, 5), (0, 0)),
                    range((1, 4), (0, 0)),
                    range((9, 2), (0, 0))
                ],
                &rows
            ),
            ["2: 1a", "3: 1b"]
        );
    }

    #[test]
    fn areas_beyond_all_measure_are_refused() {
        let ranges = (0..2_000).map(|column| CellRange {
            rows: (0, 1_048_575),
            columns: (column, column),
        });
        let mut merges = MergedCells::new(ranges).unwrap();
        let cells: Vec<(usize, &str)> = (0..2_000).map(|column| (column, "x")).collect();
        assert_eq!(merges.fill(row(1, &cells)), Err(TOO_MANY));
        let many = (0..500_001).map(|row| CellRange {
            rows: (row, row + 1),
            columns: (0, 0),
        });
        assert_eq!(MergedCells::new(many).err(), Some(TOO_MANY));
    }
}
