//! Cells to rows: only those that are filled take room, so that a stray cell far out costs nothing. Pure.
//!
//! Owns the limits on a row, and which of the first rows is the header.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::error::WorkbookError;
use super::merges::{Area, Merges};
use super::value::Content;
use crate::mapping::names_a_phone;
use crate::record::{Cell, Header, Layout};
use crate::source::bounded_text::{BoundedText, KEPT};
use crate::source::header_row::{self, Banner, HeadLine};
use crate::source::rejects;

/// Bytes of a cell.
const CELL_LIMIT: usize = 1_000_000;
/// Bytes of all cells of a row; from the cell that exceeds it on, only beginnings are kept.
const ROW_LIMIT: usize = 4_000_000;
/// Columns of a sheet.
const COLUMN_LIMIT: usize = 16_384;
/// So many blank columns in a header end the table; what stands behind them is a stray note.
const GAP: usize = 100;
/// Rows that are looked at before it is known which one is the header.
pub(super) const FIRST_ROWS: usize = header_row::HEAD;
/// …and bytes of them, so that huge rows do not pile up.
pub(super) const FIRST_BYTES: usize = 1_000_000;

/// Takes rows one by one; `Break` when it wants no more.
pub(super) type Take<'a> = dyn FnMut(Row) -> ControlFlow<()> + 'a;

/// A row with something in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// The number that the spreadsheet shows.
    pub(super) number: u64,
    /// The filled cells with their columns, counted from 0.
    pub(super) cells: Vec<(usize, Cell)>,
    /// Whether the sheet hides it.
    pub(super) hidden: bool,
    /// The first row of the merged areas that it has values of, where they begin above it.
    pub(super) merged_from: Option<u64>,
    /// The first column whose text was cut.
    pub(super) cut: Option<usize>,
    /// Bytes of all cells.
    pub(super) bytes: usize,
}

impl Row {
    /// Whether a header that begins with the row above has its lower half here: a cell of it spans both.
    pub(super) fn goes_on(&self, above: &Row) -> bool {
        self.merged_from.is_some_and(|first| first <= above.number)
    }

    /// The lower half of a header, with what only the upper half names.
    pub(super) fn below(mut self, above: Row) -> Row {
        self.bytes += above.bytes;
        for (column, cell) in above.cells {
            if !self.cells.iter().any(|(own, _)| *own == column) {
                self.cells.push((column, cell));
            }
        }
        self
    }

    pub(super) fn put(&mut self, column: usize, content: Content<'_>) -> Result<(), WorkbookError> {
        if self.cells.len() >= COLUMN_LIMIT {
            return Err(WorkbookError::Broken {
                what: "a row has more than 16,384 cells",
            });
        }
        let cell = match content {
            Content::Text(text) => Cell::Text(self.bounded(column, text)),
            Content::Fault(fault, text) => Cell::Faulty(fault, self.bounded(column, text)),
        };
        self.cells.push((column, cell));
        Ok(())
    }

    fn bounded(&mut self, column: usize, text: Cow<'_, str>) -> String {
        let room = ROW_LIMIT.saturating_sub(self.bytes).clamp(KEPT, CELL_LIMIT);
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

/// Puts cells together that come one by one, row after row.
#[derive(Default)]
pub(super) struct Assembly {
    row: Row,
    merges: Merges,
    /// The last row that was said to be hidden, counted from 0.
    hidden: Option<u32>,
}

impl Assembly {
    pub(super) fn new(merges: Merges) -> Assembly {
        Assembly {
            merges,
            ..Assembly::default()
        }
    }

    /// That the cells of a row, which follow, are hidden.
    pub(super) fn hide(&mut self, row: u32) {
        self.hidden = Some(row);
    }

    /// That an area is merged, of which this is the first row.
    pub(super) fn merge(&mut self, area: Area) -> Result<(), WorkbookError> {
        self.merges.add(area)
    }

    /// Takes a cell, both counted from 0; gives the row before it, once that is complete.
    pub(super) fn put(
        &mut self,
        row: u32,
        column: u32,
        content: Content<'_>,
    ) -> Result<Option<Row>, WorkbookError> {
        if matches!(&content, Content::Text(text) if text.trim().is_empty()) {
            return Ok(None);
        }
        let number = u64::from(row) + 1;
        let before = match self.row.number {
            own if own == number => None,
            own if own < number => self.start(number)?,
            _ => {
                return Err(WorkbookError::Broken {
                    what: "its rows are out of order",
                });
            }
        };
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        self.row.put(column, content)?;
        Ok(before)
    }

    fn start(&mut self, number: u64) -> Result<Option<Row>, WorkbookError> {
        let started = Row {
            number,
            hidden: self.hidden.is_some_and(|row| u64::from(row) + 1 == number),
            ..Row::default()
        };
        let before = std::mem::replace(&mut self.row, started);
        self.complete(before)
    }

    /// The last row.
    pub(super) fn finish(mut self) -> Result<Option<Row>, WorkbookError> {
        let last = std::mem::take(&mut self.row);
        self.complete(last)
    }

    fn complete(&mut self, row: Row) -> Result<Option<Row>, WorkbookError> {
        match row.cells.is_empty() {
            true => Ok(None),
            false => self.merges.fill(row),
        }
    }
}

/// The rows that a sheet begins with.
#[derive(Default)]
pub(super) struct FirstRows {
    pub(super) rows: Vec<Row>,
    bytes: usize,
}

impl FirstRows {
    /// Takes a row; `Break` when there are enough.
    pub(super) fn add(&mut self, row: Row) -> ControlFlow<()> {
        self.bytes += row.bytes;
        self.rows.push(row);
        match self.rows.len() < FIRST_ROWS && self.bytes < FIRST_BYTES {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    }
}

/// Hands over the last row.
pub(super) fn finish(assembly: Assembly, take: &mut Take<'_>) -> Result<(), WorkbookError> {
    if let Some(last) = assembly.finish()? {
        // Nothing follows that could be declined.
        let _ = take(last);
    }
    Ok(())
}

/// What a sheet is worth to an import, by the rows it begins with; the best last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Merit {
    /// Nothing stands in it.
    Blank,
    /// Text, and no table.
    Text,
    /// A header, and nothing below it.
    Header,
    /// A table whose header names no phone that is known.
    Table,
    /// A table of contacts.
    Contacts,
}

/// What a sheet is worth that begins with these rows.
pub(super) fn merit(first: &[Row]) -> Merit {
    let header = first.get(banner(first).map_or(0, |banner| banner.lines));
    let names_phone = header.is_some_and(|row| names_a_phone(&texts(row)));
    match first {
        [] => Merit::Blank,
        _ if !first.iter().any(|row| row.cells.len() > 1) => match names_phone && first.len() > 1 {
            true => Merit::Contacts,
            false => Merit::Text,
        },
        [_] => Merit::Header,
        _ if names_phone => Merit::Contacts,
        _ => Merit::Table,
    }
}

/// The first rows with a header of two rows as one: the lower half, with the names that merged cells give it. Below
/// another header, and where there are numbers, two such rows are two contacts.
pub(super) fn with_one_header(mut first: Vec<Row>) -> Vec<Row> {
    let goes_on = |pair: &[Row]| matches!(pair, [above, below] if below.goes_on(above));
    let Some(upper) = first.windows(2).position(goes_on) else {
        return first;
    };
    let Some([above, below]) = first.get(upper..upper + 2) else {
        return first;
    };
    let joined = below.clone().below(above.clone());
    let names = texts(&joined);
    let is_header = names_a_phone(&names)
        && names
            .iter()
            .all(|name| header_row::digits(name) < header_row::NUMBER);
    let has_one = first
        .iter()
        .take(upper)
        .any(|row| names_a_phone(&texts(row)));
    if is_header && !has_one {
        first.splice(upper..upper + 2, [joined]);
    }
    first
}

/// The banner above the header, among the rows that a sheet begins with. Blank columns before the table are no part of it.
pub(super) fn banner(first: &[Row]) -> Option<Banner> {
    let rows: Vec<(u64, Vec<&str>)> = first.iter().map(|row| (row.number, texts(row))).collect();
    let indents = rows
        .iter()
        .filter_map(|(_, texts)| texts.iter().position(|text| !text.is_empty()));
    let indent = indents.min().unwrap_or_default();
    let lines: Vec<HeadLine<'_>> = rows
        .iter()
        .map(|(number, texts)| HeadLine::new(*number, texts.iter().skip(indent).copied()))
        .collect();
    header_row::above_header(&lines)
}

/// The columns of the widest row.
pub(super) fn widest(first: &[Row]) -> usize {
    let widths = first.iter().map(|row| texts(row).len());
    widths.max().unwrap_or_default()
}

/// Whether a row is the header of a rejects file.
pub(super) fn is_rejects_header(row: &Row) -> bool {
    rejects::is_header(row.cells.iter().filter_map(|(_, cell)| cell.text()))
}

/// The names of the columns.
pub(super) fn header(row: &Row) -> Header {
    Header {
        layout: Layout::Table,
        names: texts(row).into_iter().map(str::to_owned).collect(),
    }
}

/// The texts of a row, column by column. A stray cell behind a wide gap is none of them.
fn texts(row: &Row) -> Vec<&str> {
    let mut cells: Vec<&(usize, Cell)> = row.cells.iter().collect();
    cells.sort_by_key(|(column, _)| *column);
    let mut texts = Vec::new();
    for (column, cell) in cells {
        if *column > texts.len() + GAP {
            break;
        }
        texts.resize(texts.len().max(*column), "");
        if texts.len() == *column {
            texts.push(cell.text().unwrap_or_default());
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u64, cells: &[(usize, &str)]) -> Row {
        let mut row = Row {
            number,
            ..Row::default()
        };
        for (column, text) in cells {
            row.put(*column, Content::text(*text)).unwrap();
        }
        row
    }

    fn assembled(cells: &[(u32, u32, &str)]) -> Result<Vec<Row>, WorkbookError> {
        let mut assembly = Assembly::default();
        let mut rows = Vec::new();
        for (row, column, text) in cells {
            rows.extend(assembly.put(*row, *column, Content::text(*text))?);
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

    #[test]
    fn a_table_that_begins_further_right_has_its_header_below_its_banner() {
        let rows = [
            row(2, &[(1, "Customers of May")]),
            row(4, &[(1, "Name"), (2, "Phone"), (16_383, "x")]),
            row(5, &[(1, "Ann"), (2, "+91 98765 43210")]),
        ];
        assert_eq!(banner(&rows), Some(Banner { lines: 1, last: 3 }));
        assert_eq!(
            (merit(&rows), merit(&rows[..1])),
            (Merit::Contacts, Merit::Text)
        );
        assert_eq!(widest(&rows), 3);
    }

    #[test]
    fn a_sheet_is_worth_more_the_surer_it_has_contacts() {
        let header = row(1, &[(0, "Name"), (1, "Phone")]);
        let contact = row(2, &[(0, "Ann"), (1, "+91 98765 43210")]);
        let sums = row(1, &[(0, "Region"), (1, "Total")]);
        let one = row(1, &[(0, "Phone")]);
        for (rows, expected) in [
            (&[][..], Merit::Blank),
            (&[row(1, &[(0, "Read me")])][..], Merit::Text),
            (std::slice::from_ref(&header), Merit::Header),
            (&[sums, contact.clone()], Merit::Table),
            (&[header.clone(), contact.clone()], Merit::Contacts),
            (&[one, row(2, &[(0, "+91 98765 43210")])], Merit::Contacts),
        ] {
            assert_eq!(merit(rows), expected, "{rows:?}");
        }
    }

    #[test]
    fn a_stray_cell_in_the_last_column_of_the_header_costs_nothing() {
        let names = header(&row(1, &[(1, "Phone"), (0, "Name"), (16_383, "x")])).names;
        assert_eq!(names, ["Name", "Phone"]);
        let names = header(&row(1, &[(1, "Phone"), (3, "Name"), (3, "twice")])).names;
        assert_eq!(names, ["", "Phone", "", "Name"]);
    }
}
