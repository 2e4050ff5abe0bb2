//! Rows inside a quoted cell: what a missing quote, or one too many, does to those that follow it.
//!
//! Owns what a line must look like to be taken for a row: as many cells as the table has, and one of them of the kind
//! that its column holds. Addresses and notes in quotes have lines with commas, too: the number of cells alone proves
//! nothing.

use super::row::TableRow;
use super::syntax::Syntax;
use crate::mapping::names_a_phone;
use crate::outcome::Code;
use crate::record::{Cell, Cells, Defect, Header};
use crate::rejects::is_own_column;
use crate::source::header_row::is_date;
use crate::source::quote_tracker::Spanning;

/// Rows from which is learnt what the columns hold.
const LEARNT_FROM: u32 = 50;
/// Columns that are looked at, and bytes of a name: no table of contacts has more, and looking at names takes long.
const MOST_COLUMNS: usize = 200;
const LONGEST_NAME: usize = 60;
/// Digits of a phone, where no `+` shows that it is one: postal codes have at most seven (Japan).
const FEWEST_DIGITS: usize = 8;

/// What is known of the rows of a table.
#[derive(Default)]
pub(super) struct Neighbours {
    delimiter: char,
    quote: char,
    /// Columns of the table itself, without those that a rejects file adds.
    width: usize,
    columns: Vec<ColumnProfile>,
    learnt: u32,
}

/// What a column holds.
#[derive(Clone, Copy, Default)]
struct ColumnProfile {
    is_named_phone: bool,
    filled: u32,
    phones: u32,
    addresses: u32,
}

/// What a cell is by its looks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CellLooks {
    Phone,
    Address,
    Other,
}

impl ColumnProfile {
    fn holds(&self, kind: CellLooks) -> bool {
        match kind {
            CellLooks::Phone => self.is_named_phone || self.phones * 2 > self.filled,
            CellLooks::Address => self.addresses * 2 > self.filled,
            CellLooks::Other => false,
        }
    }

    fn learn(&mut self, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.filled += 1;
        match kind(text) {
            CellLooks::Phone => self.phones += 1,
            CellLooks::Address => self.addresses += 1,
            CellLooks::Other => {}
        }
    }
}

impl Neighbours {
    pub(super) fn new(header: &Header, syntax: Syntax) -> Neighbours {
        let own = header.names.iter().filter(|name| !is_own_column(name));
        let column = |name: &String| ColumnProfile {
            is_named_phone: name.len() <= LONGEST_NAME && names_a_phone(&[name.as_str()]),
            ..ColumnProfile::default()
        };
        Neighbours {
            delimiter: char::from(syntax.delimiter),
            quote: char::from(syntax.quote),
            width: own.clone().count(),
            columns: own.take(MOST_COLUMNS).map(column).collect(),
            learnt: 0,
        }
    }

    /// The rows that the quotes of a row hold, where they do. What they do not hold is learnt from. The code is that
    /// for which the row was rejected before.
    pub(super) fn swallowed(
        &mut self,
        row: &TableRow,
        cells: Cells<'_>,
        code: Option<&str>,
    ) -> Option<Defect> {
        let TableRow {
            number, spanning, ..
        } = row;
        if *spanning == Spanning::None {
            self.learn(cells);
            return None;
        }
        let comes_back = code == Some(Code::SwallowedRows.as_str());
        let proof = match spanning {
            // Text behind a closing quote proves already that the quotes are wrong.
            Spanning::LinesTorn => Proof::Slight,
            _ if comes_back => Proof::Slight,
            Spanning::Lines | Spanning::None => Proof::Strong,
        };
        let found = self.lines_like_rows(cells.before(self.width), proof);
        let (first, last) = (found.first()?, found.last()?);
        Some(Defect::SwallowedRows {
            first: number + first,
            last: number + last,
        })
    }

    fn learn(&mut self, cells: Cells<'_>) {
        // Each row costs a look at each cell: the first fifty show what a column holds.
        if self.learnt == LEARNT_FROM {
            return;
        }
        self.learnt += 1;
        for (column, cell) in self.columns.iter_mut().zip(cells.iter()) {
            column.learn(cell.text().unwrap_or_default());
        }
    }

    /// The lines in quotes that look like rows, counted from the row's first.
    fn lines_like_rows(&self, cells: Cells<'_>, proof: Proof) -> Vec<u64> {
        let mut found = Vec::new();
        let mut before = 0;
        for (index, cell) in cells.iter().enumerate() {
            let lines = lines(cell.text().unwrap_or_default());
            // The absent cells that fill up a short row do not count.
            let mut behind = cells.from(index + 1).iter();
            let behind = behind.rposition(|cell| !cell.is_blank());
            let last = lines.len() - 1;
            for (at, line) in lines.iter().enumerate().skip(1) {
                let line = QuotedLine {
                    fields: self.fields(line),
                    // The rest of the row belongs to the line in which the quotes close.
                    cells_behind: if at == last {
                        behind.map_or(0, |last| last + 1)
                    } else {
                        0
                    },
                };
                if self.is_like_a_row(&line, cells.before(index), proof) {
                    found.push(before + at as u64);
                }
            }
            before += last as u64;
        }
        found
    }

    fn fields<'a>(&self, line: &'a str) -> Vec<&'a str> {
        let mut is_quoted = false;
        let ends = |letter: char| {
            is_quoted ^= letter == self.quote;
            letter == self.delimiter && !is_quoted
        };
        line.split(ends).collect()
    }

    /// Whether a line may be a row of this table. `before` are the cells of its row before the quote opened: they are
    /// where they belong.
    fn is_like_a_row(&self, line: &QuotedLine<'_>, before: Cells<'_>, proof: Proof) -> bool {
        let width = line.fields.len() + line.cells_behind;
        let fills = width == self.width && self.width > 1;
        let holds = |(index, field): (usize, &&str)| {
            let kind = kind(field);
            let known = self.columns.get(index).is_some_and(|it| it.holds(kind));
            let same = || before.get(index).and_then(Cell::text).map(self::kind) == Some(kind);
            known || (kind != CellLooks::Other && same())
        };
        let fits = || line.fields.iter().enumerate().any(holds);
        match proof {
            Proof::Slight => fills || (width <= self.width && fits()),
            Proof::Strong => fills && fits(),
        }
    }
}

/// A line in quotes, as it would be cut into cells.
struct QuotedLine<'a> {
    fields: Vec<&'a str>,
    /// Cells of the row that follow it.
    cells_behind: usize,
}

/// How much a line must look like a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// That the quotes are wrong is known: text follows the closing one, or the row was rejected for it before.
    Slight,
    Strong,
}

/// The lines of a text, by any of the three line ends.
fn lines(text: &str) -> Vec<&str> {
    text.split('\n')
        .flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
        .collect()
}

fn kind(text: &str) -> CellLooks {
    let text = text.trim().trim_matches(['"', '\'']);
    if is_like_a_phone(text) {
        CellLooks::Phone
    } else if is_like_an_address(text) {
        CellLooks::Address
    } else {
        CellLooks::Other
    }
}

/// Nothing but a number as people write phones; no date and no postal code.
fn is_like_a_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let may_be = |c: char| c.is_ascii_digit() || " +-().\u{a0}/".contains(c);
    let starts = text.starts_with('+') || digits >= FEWEST_DIGITS;
    starts && text.chars().all(may_be) && digits > 4 && !is_date(text) && !is_postal(text)
}

/// `01310-100` (Brazil), `12345-6789` (USA).
fn is_postal(text: &str) -> bool {
    let parts = text.split_once('-').unwrap_or_default();
    matches!((parts.0.len(), parts.1.len()), (5, 3 | 4))
}

fn is_like_an_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !text.contains(char::is_whitespace)
    })
}
