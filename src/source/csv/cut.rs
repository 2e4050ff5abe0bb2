//! One row, cut out of bytes that are in memory, by a syntax that csv-core does not know: escapes outside of quotes,
//! spaces before an opening quote, and quotes that are apostrophes too.
//!
//! Owns that syntax. Without an escape and with spaces as text it is csv-core's, byte for byte (a property in `tests`).
//! Which syntax a table has is for `dialect` to say, and which of two a row has for `escape`.

use super::syntax::{SINGLE_QUOTE, Syntax};
use crate::source::header_row::COLUMN_LIMIT;
use crate::source::quote_tracker::{BYTE_LIMIT, LINE_LIMIT, is_line_end};
use crate::source::rest::Rest;

/// What bytes hold that begin with a row.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum RowCut {
    Row(RowSpan),
    /// Nothing but line ends.
    End,
    /// It does not end in these bytes, and more may follow.
    Partial,
    /// A quote that opens here is not closed within the limits, or at all.
    Unclosed {
        open: usize,
    },
    /// More columns than a table has.
    TooWide,
}

/// Where a row is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct RowSpan {
    /// Where it begins, behind blank lines.
    pub(super) start: usize,
    pub(super) cells: Vec<CellSpan>,
    /// Where the next one begins; of a line end of two characters, the second is left to it.
    pub(super) end: usize,
}

/// Where a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CellSpan {
    pub(super) from: usize,
    /// Its end, before the delimiter or line end.
    pub(super) to: usize,
    pub(super) shape: CellShape,
}

/// Whether a cell is written as a program writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellShape {
    /// Without quotes.
    Bare,
    /// In quotes as a whole.
    Quoted,
    /// …behind spaces.
    Indented,
    /// Without quotes around it, but with one inside.
    Stray,
    /// Text behind the closing quote.
    Torn,
}

impl RowSpan {
    /// Where its last cell ends, before the line end.
    pub(super) fn text_end(&self) -> usize {
        self.cells.last().map_or(self.start, |cell| cell.to)
    }

    /// Whether a line end closes it, and not the end of the input.
    pub(super) fn is_terminated(&self) -> bool {
        self.end > self.text_end()
    }

    /// Whether its quotes are as a program writes them.
    pub(super) fn is_well_formed(&self) -> bool {
        let is_odd = |cell: &CellSpan| matches!(cell.shape, CellShape::Stray | CellShape::Torn);
        !self.cells.iter().any(is_odd)
    }
}

/// Why a cell does not end.
enum CellStop {
    Partial,
    Unclosed { open: usize },
}

/// Cuts the first row out of bytes that begin with it.
pub(super) fn row(bytes: &[u8], rest: Rest, syntax: Syntax) -> RowCut {
    let Some(start) = bytes.iter().position(|byte| !is_line_end(*byte)) else {
        return match rest {
            Rest::Buffered => RowCut::End,
            Rest::Beyond => RowCut::Partial,
        };
    };
    let mut row = RowSpan {
        start,
        ..RowSpan::default()
    };
    let mut at = start;
    loop {
        let scan = CellScan {
            bytes,
            rest,
            syntax,
            at,
        };
        match scan.cell(&mut |_| ()) {
            Err(CellStop::Partial) => return RowCut::Partial,
            Err(CellStop::Unclosed { open }) => return RowCut::Unclosed { open },
            // A row of commas would else take memory without a bound.
            Ok(_) if row.cells.len() == COLUMN_LIMIT => return RowCut::TooWide,
            Ok(cell) => row.cells.push(cell),
        }
        let to = row.text_end();
        at = to + 1;
        if bytes.get(to) != Some(&syntax.delimiter) {
            row.end = at.min(bytes.len());
            return RowCut::Row(row);
        }
    }
}

/// The text of a cell of a row that was cut out of the same bytes; piece by piece.
pub(super) fn text(bytes: &[u8], cell: CellSpan, syntax: Syntax, take: &mut impl FnMut(&[u8])) {
    if is_null(bytes, cell, syntax) {
        return;
    }
    let scan = CellScan {
        bytes,
        rest: Rest::Buffered,
        syntax,
        at: cell.from,
    };
    // It was found to end.
    let _ = scan.cell(take);
}

/// `\N` without quotes means that there is no value (MySQL manual, "LOAD DATA", NULL; PostgreSQL manual, COPY, text
/// format).
pub(super) fn is_null(bytes: &[u8], cell: CellSpan, syntax: Syntax) -> bool {
    let own = bytes.get(cell.from..cell.to).unwrap_or_default();
    matches!((own, syntax.escape), ([first, b'N'], Some(escape)) if *first == escape)
}

/// A look at bytes from some place on.
struct CellScan<'a> {
    bytes: &'a [u8],
    rest: Rest,
    syntax: Syntax,
    at: usize,
}

impl CellScan<'_> {
    /// Passes a cell and gives its text to `take`.
    fn cell(mut self, take: &mut impl FnMut(&[u8])) -> Result<CellSpan, CellStop> {
        let from = self.at;
        let indent = self.indent();
        let opens = self.bytes.get(from + indent) == Some(&self.syntax.quote);
        let shape = if opens {
            self.at = from + indent + 1;
            self.quoted(take)?;
            match indent {
                _ if self.passes_text_behind_quote(take)? => CellShape::Torn,
                0 => CellShape::Quoted,
                _ => CellShape::Indented,
            }
        } else {
            self.bare(take)?
        };
        Ok(CellSpan {
            from,
            to: self.at,
            shape,
        })
    }

    /// How many spaces are skipped before a quote.
    fn indent(&self) -> usize {
        if !self.syntax.skips_spaces {
            return 0;
        }
        let own = self.bytes.get(self.at..).unwrap_or_default();
        let spaces = own.iter().take_while(|byte| **byte == b' ').count();
        if own.get(spaces) == Some(&self.syntax.quote) {
            spaces
        } else {
            0
        }
    }

    /// Passes text up to the next byte that matters; `None` at the end of the input.
    fn plain(
        &mut self,
        matters: impl Fn(u8) -> bool,
        take: &mut impl FnMut(&[u8]),
    ) -> Result<Option<u8>, CellStop> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| matters(*byte));
        let text = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        take(text);
        self.at += text.len();
        match (self.bytes.get(self.at), self.rest) {
            (Some(byte), _) => Ok(Some(*byte)),
            (None, Rest::Buffered) => Ok(None),
            (None, Rest::Beyond) => Err(CellStop::Partial),
        }
    }

    fn bare(&mut self, take: &mut impl FnMut(&[u8])) -> Result<CellShape, CellStop> {
        let Syntax {
            delimiter,
            quote,
            escape,
            ..
        } = self.syntax;
        let mut shape = CellShape::Bare;
        let matters = |byte: u8| {
            byte == delimiter || is_line_end(byte) || byte == quote || Some(byte) == escape
        };
        loop {
            match self.plain(matters, take)? {
                Some(byte) if byte == quote => {
                    if quote != SINGLE_QUOTE {
                        shape = CellShape::Stray;
                    }
                    take(&[quote]);
                    self.at += 1;
                }
                Some(byte) if Some(byte) == escape => self.escaped(take)?,
                Some(_) | None => return Ok(shape),
            }
        }
    }

    /// Passes the text of a quoted cell and its closing quote.
    fn quoted(&mut self, take: &mut impl FnMut(&[u8])) -> Result<(), CellStop> {
        let (open, quote, escape) = (self.at - 1, self.syntax.quote, self.syntax.escape);
        let mut lines = 1;
        loop {
            let matters =
                |byte: u8| byte == quote || byte == b'\n' || byte == b'\r' || Some(byte) == escape;
            let next = self.plain(matters, take)?;
            if lines >= LINE_LIMIT || (self.at - open) as u64 > BYTE_LIMIT {
                return Err(CellStop::Unclosed { open });
            }
            match next {
                None => return Err(CellStop::Unclosed { open }),
                Some(byte) if byte == quote => {
                    self.at += 1;
                    if self.peek(0)? == Some(quote) {
                        self.at += 1;
                    } else if self.closes()? {
                        return Ok(());
                    }
                    take(&[quote]);
                }
                Some(byte) if Some(byte) == escape => self.escaped(take)?,
                // A carriage return before a line feed is half of one line end.
                Some(byte) => {
                    lines += u64::from(byte == b'\n' || self.peek(1)? != Some(b'\n'));
                    take(&[byte]);
                    self.at += 1;
                }
            }
        }
    }

    /// Whether the quote that was passed is a closing one. An apostrophe, as in `'Ann's list'`, has text behind it.
    fn closes(&self) -> Result<bool, CellStop> {
        if self.syntax.quote != SINGLE_QUOTE {
            return Ok(true);
        }
        let mut ahead = 0;
        while self.peek(ahead)? == Some(b' ') {
            ahead += 1;
        }
        let next = self.peek(ahead)?;
        Ok(next.is_none_or(|byte| byte == self.syntax.delimiter || is_line_end(byte)))
    }

    /// Passes what is behind a closing quote, up to the cell's end; whether it is text, as spaces alone are not.
    fn passes_text_behind_quote(&mut self, take: &mut impl FnMut(&[u8])) -> Result<bool, CellStop> {
        let from = self.at;
        self.bare(take)?;
        #[expect(
            clippy::indexing_slicing,
            reason = "`bare` only goes on within the bytes"
        )]
        let tail = &self.bytes[from..self.at];
        Ok(tail.iter().any(|byte| *byte != b' '))
    }

    /// Passes an escape and what it escapes; before anything else it is text.
    fn escaped(&mut self, take: &mut impl FnMut(&[u8])) -> Result<(), CellStop> {
        let own = self.bytes.get(self.at).copied().unwrap_or_default();
        match self.peek(1)? {
            Some(b'\r') if self.peek(2)? == Some(b'\n') => {
                take(b"\r\n");
                self.at += 3;
            }
            Some(next) if self.is_escapable(next) => {
                take(&[next]);
                self.at += 2;
            }
            next => match next.and_then(|letter| self.letter(letter)) {
                Some(text) => {
                    take(text);
                    self.at += 2;
                }
                None => {
                    take(&[own]);
                    self.at += 1;
                }
            },
        }
        Ok(())
    }

    fn is_escapable(&self, byte: u8) -> bool {
        byte == self.syntax.quote
            || byte == self.syntax.delimiter
            || Some(byte) == self.syntax.escape
            || is_line_end(byte)
    }

    /// What a letter behind an escape means in the tables of COPY and of `mysql --batch`: they separate by tabs, and
    /// so write one in a cell as a letter.
    fn letter(&self, letter: u8) -> Option<&'static [u8]> {
        let is_of_tabs = self.syntax.delimiter == b'\t';
        let text: &[u8] = match letter {
            b'n' => b"\n",
            b'r' => b"\r",
            b't' => b"\t",
            _ => return None,
        };
        is_of_tabs.then_some(text)
    }

    /// The byte so far ahead; `None` at the end of the input.
    fn peek(&self, ahead: usize) -> Result<Option<u8>, CellStop> {
        match (self.bytes.get(self.at + ahead), self.rest) {
            (Some(byte), _) => Ok(Some(*byte)),
            (None, Rest::Buffered) => Ok(None),
            (None, Rest::Beyond) => Err(CellStop::Partial),
        }
    }
}
