//! References to cells: `B7`, `A2:A3` (ECMA-376 part 1, 18.18.7 and 18.18.62). Pure.

/// Excel's last row and column, `XFD1048576`, counted from 0.
const LAST: (u32, u32) = (1_048_575, 16_383);

/// A range of cells, both ends included; rows and columns are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CellRange {
    pub(super) rows: (u32, u32),
    pub(super) columns: (u32, u32),
}

impl CellRange {
    /// Whether a cell is in the range.
    pub(super) fn has(&self, (row, column): (u32, u32)) -> bool {
        (self.rows.0..=self.rows.1).contains(&row)
            && (self.columns.0..=self.columns.1).contains(&column)
    }

    pub(super) fn holds(&self, column: usize) -> bool {
        let (first, last) = self.columns;
        u32::try_from(column).is_ok_and(|column| (first..=last).contains(&column))
    }

    pub(super) fn first_column(&self) -> usize {
        self.columns.0 as usize
    }
}

/// The row and the column of a cell, counted from 0.
pub(super) fn parse_cell(text: &str) -> Option<(u32, u32)> {
    let (mut row, mut column) = (0_u32, 0_u32);
    for byte in text.bytes() {
        match byte {
            b'$' => {}
            b'A'..=b'Z' | b'a'..=b'z' if row == 0 => {
                let letter = u32::from(byte.to_ascii_uppercase() - b'A') + 1;
                column = column.checked_mul(26)?.checked_add(letter)?;
            }
            b'0'..=b'9' => row = row.checked_mul(10)?.checked_add(u32::from(byte - b'0'))?,
            _ => return None,
        }
    }
    let (row, column) = (row.checked_sub(1)?, column.checked_sub(1)?);
    (row <= LAST.0 && column <= LAST.1).then_some((row, column))
}

/// A range by its first and last cell.
pub(super) fn parse_range(text: &str) -> Option<CellRange> {
    let (first, last) = text.split_once(':')?;
    let (first, last) = (parse_cell(first)?, parse_cell(last)?);
    Some(CellRange {
        rows: (first.0.min(last.0), first.0.max(last.0)),
        columns: (first.1.min(last.1), first.1.max(last.1)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_its_row_and_its_column() {
        for (text, expected) in [
            ("A1", Some((0, 0))),
            ("B7", Some((6, 1))),
            ("$AA$10", Some((9, 26))),
            ("xfd1048576", Some(LAST)),
            ("XFE1", None),
            ("A1048577", None),
            ("A0", None),
            ("A", None),
            ("1", None),
            ("1A", None),
            ("", None),
            ("A99999999999", None),
            ("ZZZZZZZZZZZZ1", None),
        ] {
            assert_eq!(parse_cell(text), expected, "{text}");
        }
    }

    #[test]
    fn an_area_has_its_ends_in_order() {
        let area_of = |rows, columns| Some(CellRange { rows, columns });
        assert_eq!(parse_range("A2:A3"), area_of((1, 2), (0, 0)));
        assert_eq!(parse_range("C3:A2"), area_of((1, 2), (0, 2)));
        assert_eq!((parse_range("A2"), parse_range("1:5")), (None, None));
    }
}
