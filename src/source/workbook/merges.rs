//! Merged cells: one value for all the rows that they span. Pure.
//!
//! Owns what becomes of a merged area. In each row its value belongs to its first column, as it would be read aloud; a
//! merge within one row changes nothing.

use std::collections::VecDeque;

use super::error::WorkbookError;
use super::reference::Area;
use super::row::Row;
use super::value::Content;
use crate::record::Cell;

/// Areas of a sheet that span several rows.
const AREAS: usize = 500_000;
/// …that may span the same row.
const SIDE_BY_SIDE: usize = 1_000;
/// Bytes of the values that are held for rows below.
const HELD: usize = 16_000_000;

const TOO_MANY: WorkbookError = WorkbookError::TooLarge {
    what: "its merged cells are too many",
};

/// The merged areas of a sheet, while its rows go by.
#[derive(Clone, Debug, Default)]
pub(super) struct Merges {
    /// Those that begin further down, by their first row.
    ahead: VecDeque<Area>,
    open: Vec<Open>,
    held: usize,
}

/// An area whose first row went by.
#[derive(Clone, Debug)]
struct Open {
    area: Area,
    value: Cell,
}

impl Merges {
    /// Takes areas in any order.
    pub(super) fn new(areas: impl IntoIterator<Item = Area>) -> Result<Merges, WorkbookError> {
        let mut merges = Merges::default();
        for area in areas {
            merges.add(area)?;
        }
        Ok(merges.in_order())
    }

    /// The same by their first rows.
    pub(super) fn in_order(mut self) -> Merges {
        self.ahead.make_contiguous().sort_by_key(|area| area.rows.0);
        self
    }

    /// Takes an area; they are to be in order before the first row goes by.
    pub(super) fn add(&mut self, area: Area) -> Result<(), WorkbookError> {
        if area.rows.0 >= area.rows.1 {
            return Ok(());
        }
        if self.ahead.len() >= AREAS {
            return Err(TOO_MANY);
        }
        self.ahead.push_back(area);
        Ok(())
    }

    /// Gives a row the values of the areas that span it. One without a cell of its own says nothing new.
    pub(super) fn fill(&mut self, mut row: Row) -> Result<Option<Row>, WorkbookError> {
        let at = u32::try_from(row.number.saturating_sub(1)).unwrap_or(u32::MAX);
        self.close(at);
        for open in &self.open {
            row.cells.retain(|(column, _)| !open.area.holds(*column));
        }
        if row.cells.is_empty() {
            return Ok(None);
        }
        self.open(at, &row)?;
        for open in self.open.iter().filter(|open| open.area.rows.0 < at) {
            let from = u64::from(open.area.rows.0) + 1;
            row.merged_from = Some(row.merged_from.map_or(from, |first| first.min(from)));
            row.put(open.area.first_column(), content(&open.value))?;
        }
        Ok(Some(row))
    }

    fn open(&mut self, at: u32, row: &Row) -> Result<(), WorkbookError> {
        while self.ahead.front().is_some_and(|area| area.rows.0 <= at) {
            let Some(area) = self.ahead.pop_front() else {
                break;
            };
            let is_first = |(column, _): &&(usize, Cell)| *column == area.first_column();
            let value = row
                .cells
                .iter()
                .find(is_first)
                .filter(|_| area.rows.0 == at);
            let Some((_, value)) = value else {
                continue;
            };
            self.held += size(value);
            self.open.push(Open {
                area,
                value: value.clone(),
            });
        }
        if self.open.len() > SIDE_BY_SIDE || self.held > HELD {
            return Err(TOO_MANY);
        }
        Ok(())
    }

    fn close(&mut self, at: u32) {
        let held = &mut self.held;
        self.open.retain(|open| {
            let goes_on = open.area.rows.1 >= at;
            if !goes_on {
                *held = held.saturating_sub(size(&open.value));
            }
            goes_on
        });
    }
}

fn content(cell: &Cell) -> Content<'_> {
    match cell {
        Cell::Text(text) => Content::text(text),
        Cell::Faulty(fault, text) => Content::fault(*fault, text),
        Cell::List(_) | Cell::Absent => Content::text(""),
    }
}

fn size(cell: &Cell) -> usize {
    match cell {
        Cell::Text(text) | Cell::Faulty(_, text) => text.len(),
        Cell::List(_) | Cell::Absent => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u64, cells: &[(usize, &str)]) -> Row {
        let cell = |(column, text): &(usize, &str)| (*column, Cell::Text((*text).to_owned()));
        Row {
            number,
            cells: cells.iter().map(cell).collect(),
            ..Row::default()
        }
    }

    fn area(rows: (u32, u32), columns: (u32, u32)) -> Area {
        Area { rows, columns }
    }

    fn filled(areas: &[Area], rows: &[Row]) -> Vec<String> {
        let mut merges = Merges::new(areas.iter().copied()).unwrap();
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
            filled(&[area((1, 6), (0, 1))], &rows),
            ["1: 0h 1i", "2: 0UK 2a", "3: 0UK 2b", "7: 0UK 2c", "8: 2d"]
        );
        assert_eq!(
            filled(&[area((0, 0), (0, 1)), area((1, 1), (0, 2))], &rows),
            ["1: 0h 1i", "2: 0UK 2a", "3: 2b", "7: 2c", "8: 2d"]
        );
    }

    #[test]
    fn a_row_that_only_others_fill_is_none_and_what_a_merge_covers_is_not_shown() {
        let rows = [
            row(1, &[(0, "Asha"), (1, "p")]),
            row(2, &[(1, "hidden")]),
            row(3, &[(0, "old"), (2, "x")]),
        ];
        assert_eq!(
            filled(&[area((0, 2), (0, 0)), area((0, 2), (1, 1))], &rows),
            ["1: 0Asha 1p", "3: 0Asha 1p 2x"]
        );
    }

    #[test]
    fn areas_without_a_value_or_without_rows_do_nothing() {
        let rows = [row(2, &[(1, "a")]), row(3, &[(1, "b")])];
        assert_eq!(
            filled(
                &[
                    area((0, 5), (0, 0)),
                    area((1, 4), (0, 0)),
                    area((9, 2), (0, 0))
                ],
                &rows
            ),
            ["2: 1a", "3: 1b"]
        );
    }

    #[test]
    fn areas_beyond_all_measure_are_refused() {
        let areas = (0..2_000).map(|column| Area {
            rows: (0, 1_048_575),
            columns: (column, column),
        });
        let mut merges = Merges::new(areas).unwrap();
        let cells: Vec<(usize, &str)> = (0..2_000).map(|column| (column, "x")).collect();
        assert_eq!(merges.fill(row(1, &cells)), Err(TOO_MANY));
        let many = (0..500_001).map(|row| Area {
            rows: (row, row + 1),
            columns: (0, 0),
        });
        assert_eq!(Merges::new(many).err(), Some(TOO_MANY));
    }
}
