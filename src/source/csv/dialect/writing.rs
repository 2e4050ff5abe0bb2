//! How the quotes of a table are written: what escapes them, and whether spaces may come before them.
//!
//! Owns the evidence, from the first bytes of an input; what a single row then is, is for `judge` to say.

use std::cmp::Ordering;

use super::super::cut::{self, CellShape, CellSpan, RowCut, RowSpan};
use super::super::judge::{Fits, RowReading, Window, are_alike};
use super::super::start::TableStart;
use super::super::syntax::{BACKSLASH, SINGLE_QUOTE, Syntax};
use crate::source::delimiter::Delimiter;
use crate::source::escape::Escape;
use crate::source::header_row::commonest;
use crate::source::quote_tracker::QUOTE;

/// How the quotes of a table are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Writing {
    pub(super) quote: u8,
    pub(super) escape: Escape,
    pub(super) skips_spaces: bool,
    /// What escapes them, where no option named it and it decides how a row is read.
    pub(super) found_escape: Option<Escape>,
}

impl Writing {
    /// As in RFC 4180.
    pub(super) fn plain() -> Writing {
        Writing {
            quote: QUOTE,
            escape: Escape::default(),
            skips_spaces: false,
            found_escape: None,
        }
    }
}

/// How the cells of a column are written, below the first row.
#[derive(Clone, Copy, Default)]
struct ColumnQuotes {
    quoted: usize,
    bare: usize,
}

/// A row that was cut in both ways.
struct Pair {
    /// Where its bytes begin.
    from: usize,
    plain: RowCut,
    escaped: RowCut,
}

impl Pair {
    /// The row in the way that has the better quotes.
    fn better(&self) -> Option<&RowSpan> {
        match (&self.plain, &self.escaped) {
            (RowCut::Row(_), RowCut::Row(row)) if self.prefers_escapes(row) => Some(row),
            (RowCut::Row(row), _) | (_, RowCut::Row(row)) => Some(row),
            _ => None,
        }
    }

    fn prefers_escapes(&self, escaped: &RowSpan) -> bool {
        let is_odd = |cut: &RowCut| matches!(cut, RowCut::Row(row) if !row.is_well_formed());
        is_odd(&self.plain) && escaped.is_well_formed()
    }

    /// The row, where both ways make the same cells of it.
    fn alike(&self) -> Option<&RowSpan> {
        match (&self.plain, &self.escaped) {
            (RowCut::Row(plain), RowCut::Row(escaped)) => {
                are_alike(plain, escaped).then_some(plain)
            }
            _ => None,
        }
    }
}

/// Rows for either way, and what their texts are like.
#[derive(Default)]
struct Evidence {
    plain: usize,
    escaped: usize,
    /// Texts that a program writes only where it escapes: `\N` as a cell, `\\` outside of quotes.
    escaped_texts: usize,
    /// A backslash before a letter: where it escapes, it would be doubled.
    plain_texts: usize,
}

impl TableStart<'_> {
    /// Finds out how quotes are written in a table with this delimiter.
    pub(super) fn writing(self, delimiter: Delimiter, named: Option<Escape>) -> Writing {
        let quote = self.quote(Syntax::plain(delimiter));
        let plain = Syntax {
            quote,
            ..Syntax::plain(delimiter)
        };
        let skips_spaces = self.skips_spaces(plain);
        let syntax = Syntax {
            skips_spaces,
            ..plain
        };
        let found_escape = match named {
            Some(_) => None,
            None => self.escape(syntax),
        };
        Writing {
            quote,
            escape: named.or(found_escape).unwrap_or_default(),
            skips_spaces,
            found_escape,
        }
    }

    /// What is around cells: single quotes where they are around every cell of a column, and make cells everywhere.
    fn quote(self, plain: Syntax) -> u8 {
        let single = Syntax {
            quote: SINGLE_QUOTE,
            ..plain
        };
        let may_be = plain.delimiter != SINGLE_QUOTE && self.bytes.contains(&SINGLE_QUOTE);
        let is_single =
            may_be && (self.is_in_quotes(single) || self.is_in_quotes(single.otherwise()));
        if is_single { SINGLE_QUOTE } else { QUOTE }
    }

    fn is_in_quotes(self, syntax: Syntax) -> bool {
        let mut columns: Vec<ColumnQuotes> = Vec::new();
        let mut from = 0;
        let mut is_header = true;
        loop {
            let bytes = self.bytes.get(from..).unwrap_or_default();
            let row = match cut::row(bytes, self.rest, syntax) {
                RowCut::Row(row) if row.is_well_formed() => row,
                RowCut::End | RowCut::Partial => break,
                _ => return false,
            };
            let opens_with = |cell: &CellSpan, quote| bytes.get(cell.from) == Some(&quote);
            if row.cells.iter().any(|cell| opens_with(cell, QUOTE)) {
                return false;
            }
            if !std::mem::take(&mut is_header) {
                columns.resize(columns.len().max(row.cells.len()), ColumnQuotes::default());
                for (column, cell) in columns.iter_mut().zip(&row.cells) {
                    column.note(*cell);
                }
            }
            from += row.end;
        }
        let mut columns = columns.iter();
        columns.any(|column| column.quoted > 0 && column.bare == 0)
    }

    /// Whether there is a quote behind a delimiter and spaces.
    pub(super) fn holds_space_before_quote(self, delimiter: u8) -> bool {
        let opens = |cell: &[u8]| {
            let spaces = cell.iter().take_while(|byte| **byte == b' ').count();
            spaces > 0 && cell.get(spaces) == Some(&QUOTE)
        };
        let mut behind = self.bytes.split(|byte| *byte == delimiter).skip(1);
        // In a table that is separated by spaces each of them begins a cell.
        delimiter != b' ' && behind.any(opens)
    }

    /// Spaces are skipped where that gives cells in quotes, and no quote in a wrong place.
    fn skips_spaces(self, plain: Syntax) -> bool {
        if !self.holds_space_before_quote(plain.delimiter) {
            return false;
        }
        let spaced = Syntax {
            skips_spaces: true,
            ..plain
        };
        let is_indented = |row: &RowSpan| {
            let mut cells = row.cells.iter();
            cells.any(|cell| cell.shape == CellShape::Indented)
        };
        let mut rows = 0;
        for pair in self.pairs(spaced) {
            match pair.better() {
                Some(row) if is_indented(row) && !row.is_well_formed() => return false,
                Some(row) => rows += usize::from(is_indented(row)),
                None => {}
            }
        }
        rows > 0
    }

    /// What escapes quotes; `None` where it makes no difference.
    fn escape(self, syntax: Syntax) -> Option<Escape> {
        if !self.bytes.contains(&BACKSLASH) || syntax.delimiter == BACKSLASH {
            return None;
        }
        let evidence = self.evidence(syntax);
        match evidence.plain.cmp(&evidence.escaped) {
            Ordering::Less => Some(Escape::BACKSLASH),
            Ordering::Greater => Some(Escape::None),
            // Undecided: what RFC 4180 says, and the rows in doubt are rejected one by one.
            Ordering::Equal if evidence.plain > 0 => Some(Escape::None),
            Ordering::Equal => (evidence.escaped_texts > 0 && evidence.plain_texts == 0)
                .then_some(Escape::BACKSLASH),
        }
    }

    fn evidence(self, syntax: Syntax) -> Evidence {
        let pairs: Vec<Pair> = self.pairs(syntax).collect();
        let alike = pairs.iter().filter_map(Pair::alike);
        let widths: Vec<usize> = alike.map(|row| row.cells.len()).collect();
        let width = commonest(&widths).map(|(width, _)| width);
        let mut evidence = Evidence::default();
        for pair in &pairs {
            let bytes = self.bytes.get(pair.from..).unwrap_or_default();
            let window = Window {
                bytes,
                rest: self.rest,
                width,
            };
            evidence.note(pair, window, syntax);
        }
        evidence
    }

    /// The rows in both ways, each from where the better one of the row before ends.
    fn pairs(self, plain: Syntax) -> impl Iterator<Item = Pair> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let bytes = self.bytes.get(from..)?;
            let pair = Pair {
                from,
                plain: cut::row(bytes, self.rest, plain),
                escaped: cut::row(bytes, self.rest, plain.otherwise()),
            };
            from += pair.better()?.end;
            Some(pair)
        })
    }

    /// Rows in a syntax that csv-core does not have.
    pub(super) fn rows(self, syntax: Syntax) -> impl Iterator<Item = RowSpan> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let bytes = self.bytes.get(from..)?;
            match cut::row(bytes, self.rest, syntax) {
                RowCut::Row(row) => {
                    from += row.end;
                    Some(row)
                }
                _ => None,
            }
        })
    }
}

impl ColumnQuotes {
    fn note(&mut self, cell: CellSpan) {
        match cell.shape {
            CellShape::Quoted => self.quoted += 1,
            _ => self.bare += usize::from(cell.from < cell.to),
        }
    }
}

impl Evidence {
    /// Takes note of a row, with whose bytes the window begins.
    fn note(&mut self, pair: &Pair, window: Window<'_>, plain: Syntax) {
        if let Some(row) = pair.alike() {
            row.cells
                .iter()
                .for_each(|cell| self.note_text(window.bytes, *cell, plain));
            return;
        }
        let reading = |cut, syntax| RowReading { syntax, cut };
        let own = reading(&pair.plain, plain);
        let other = reading(&pair.escaped, plain.otherwise());
        match (window.fits(own, other), &pair.plain, &pair.escaped) {
            (Fits::Both(own, other), ..) if own > other => self.plain += 1,
            (Fits::Both(own, other), ..) if own < other => self.escaped += 1,
            (Fits::Alike, RowCut::Row(_), RowCut::Unclosed { .. }) => self.plain += 1,
            (Fits::Alike, RowCut::Unclosed { .. }, RowCut::Row(_)) => self.escaped += 1,
            _ => {}
        }
    }

    fn note_text(&mut self, bytes: &[u8], cell: CellSpan, syntax: Syntax) {
        let text = bytes.get(cell.from..cell.to).unwrap_or_default();
        if cell.shape != CellShape::Bare || !text.contains(&BACKSLASH) {
            return;
        }
        if cut::is_null(bytes, cell, syntax.otherwise()) {
            self.escaped_texts += 1;
            return;
        }
        let mut rest = text.iter();
        while rest.any(|byte| *byte == BACKSLASH) {
            match rest.next() {
                Some(&BACKSLASH) => self.escaped_texts += 1,
                Some(b'n' | b'r' | b't') if syntax.delimiter == b'\t' => self.escaped_texts += 1,
                Some(byte) if byte.is_ascii_alphanumeric() => self.plain_texts += 1,
                Some(_) | None => {}
            }
        }
    }
}
