//! Judges a sheet by its first rows: which of them is the header, and how likely the sheet has contacts. Pure.

use std::ops::ControlFlow;

use super::sheet_row::SheetRow;
use crate::mapping::names_a_phone;
use crate::record::{CellValue, Header, Layout};
use crate::rejects;
use crate::source::header_row::{self, Banner, HeadLine};

/// Blank columns in a header that end the table; a cell behind them is a stray note. Without a bound, one in the last
/// column would make each record 16,384 cells wide.
const GAP: usize = 100;
/// Rows that are read before the header is chosen.
pub(super) const FIRST_ROWS: usize = header_row::HEAD;
/// Bytes of such rows, so that huge rows do not pile up.
pub(super) const FIRST_BYTES: usize = 1_000_000;

/// The rows that a sheet begins with.
#[derive(Default)]
pub(super) struct FirstRows {
    pub(super) rows: Vec<SheetRow>,
    bytes: usize,
}

impl FirstRows {
    /// Takes a row; `Break` when there are enough.
    pub(super) fn add(&mut self, row: SheetRow) -> ControlFlow<()> {
        self.bytes += row.bytes;
        self.rows.push(row);
        match self.rows.len() < FIRST_ROWS && self.bytes < FIRST_BYTES {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    }
}

/// How likely a sheet has contacts, the likeliest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SheetRank {
    /// No cell is filled.
    Blank,
    /// Text in one column, such as a page of notes.
    Text,
    /// A header, and nothing below it.
    Header,
    /// A table without a known name of a phone column.
    Table,
    /// A table of contacts.
    Contacts,
}

/// The rank of a sheet with these first rows.
pub(super) fn rank(first: &[SheetRow]) -> SheetRank {
    let header = first.get(banner(first).map_or(0, |banner| banner.lines));
    let names_phone = header.is_some_and(|row| names_a_phone(&texts(row)));
    match first {
        [] => SheetRank::Blank,
        // A list of phones in one column has a header that names it.
        _ if !first.iter().any(|row| row.cells.len() > 1) => match names_phone && first.len() > 1 {
            true => SheetRank::Contacts,
            false => SheetRank::Text,
        },
        [_] => SheetRank::Header,
        _ if names_phone => SheetRank::Contacts,
        _ => SheetRank::Table,
    }
}

/// Joins a header of two rows: the lower row, and the names that only merged cells of the upper row give. Below another
/// header, and where a cell has a number, two such rows are two contacts.
pub(super) fn with_one_header(mut first: Vec<SheetRow>) -> Vec<SheetRow> {
    let goes_on = |pair: &[SheetRow]| matches!(pair, [above, below] if below.goes_on(above));
    let Some(upper) = first.windows(2).position(goes_on) else {
        return first;
    };
    #[expect(clippy::indexing_slicing, reason = "the window begins at this place")]
    let joined = first[upper + 1].clone().below(first[upper].clone());
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

/// The banner above the header. Blank columns to the left of the table are ignored.
pub(super) fn banner(first: &[SheetRow]) -> Option<Banner> {
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
pub(super) fn widest(first: &[SheetRow]) -> usize {
    let widths = first.iter().map(|row| texts(row).len());
    widths.max().unwrap_or_default()
}

/// Whether a row is the header of a rejects file.
pub(super) fn is_rejects_header(row: &SheetRow) -> bool {
    let is_ours = |cell: &CellValue| cell.text() == Some(rejects::ROW);
    row.cells.iter().any(|(_, cell)| is_ours(cell))
}

/// The names of the columns.
pub(super) fn header(row: &SheetRow) -> Header {
    Header {
        layout: Layout::Table,
        names: texts(row).into_iter().map(str::to_owned).collect(),
    }
}

/// The texts of a row by column, up to a wide gap.
fn texts(row: &SheetRow) -> Vec<&str> {
    let mut cells: Vec<&(usize, CellValue)> = row.cells.iter().collect();
    cells.sort_by_key(|(column, _)| *column);
    let mut texts = Vec::new();
    for (column, cell) in cells {
        if *column > texts.len() + GAP {
            break;
        }
        // A broken file may have two cells in one column: the first counts.
        texts.resize(texts.len().max(*column), "");
        if texts.len() == *column {
            texts.push(cell.text().unwrap_or_default());
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::super::tests::row;
    use super::*;

    #[test]
    fn a_table_that_begins_further_right_has_its_header_below_its_banner() {
        let rows = [
            row(2, &[(1, "Customers of May")]),
            row(4, &[(1, "Name"), (2, "Phone"), (16_383, "x")]),
            row(5, &[(1, "Ann"), (2, "+91 98765 43210")]),
        ];
        assert_eq!(banner(&rows), Some(Banner { lines: 1, last: 3 }));
        assert_eq!(
            (rank(&rows), rank(&rows[..1])),
            (SheetRank::Contacts, SheetRank::Text)
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
            (&[][..], SheetRank::Blank),
            (&[row(1, &[(0, "Read me")])][..], SheetRank::Text),
            (std::slice::from_ref(&header), SheetRank::Header),
            (&[sums, contact.clone()], SheetRank::Table),
            (&[header.clone(), contact.clone()], SheetRank::Contacts),
            (
                &[one, row(2, &[(0, "+91 98765 43210")])],
                SheetRank::Contacts,
            ),
        ] {
            assert_eq!(rank(rows), expected, "{rows:?}");
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
