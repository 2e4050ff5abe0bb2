//! How a table is written: its delimiter, the row that names its columns, and what is above it.
//!
//! Owns the guess, from the first bytes of an input. Cells are cut by `rows`, as they will be when the table is read.

use std::io::Cursor;
use std::sync::Arc;

use csv_core::ReadRecordResult;

use super::row::TableRow;
use super::rows::{Certainty, RowReader};
use super::start::TableStart;
use super::syntax::{BACKSLASH, Syntax};
use crate::record::{Cell, InputId, Place, Record, RecordFacts, Records};
use crate::source::delimiter::Delimiter;
use crate::source::escape::Escape;
use crate::source::feed::Feed;
use crate::source::header_row::{self, Banner, HEAD, HeadLine, HeaderRow, commonest, numbered};
use crate::source::rejects;
use crate::source::rest::Rest;

mod writing;

use writing::Writing;

/// How a table is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) delimiter: Delimiter,
    pub(crate) quote: u8,
    pub(crate) escape: Escape,
    pub(crate) skips_spaces: bool,
    pub(crate) certainty: Certainty,
    /// The last row above the table, or 0.
    pub(crate) above: u64,
    pub(crate) heading: ColumnNaming,
}

impl Dialect {
    pub(crate) fn syntax(&self) -> Syntax {
        let delimiter = self.delimiter.byte();
        Syntax {
            delimiter,
            quote: self.quote,
            escape: self.escape.byte(delimiter),
            skips_spaces: self.skips_spaces,
        }
    }
}

/// What the columns of a table are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnNaming {
    /// As the first row says.
    Named,
    /// By their numbers; how many there are.
    Numbered(usize),
}

/// What is known of a table before it is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TableHints {
    /// The delimiter that was named: nothing can change it.
    pub(crate) delimiter: Option<Delimiter>,
    /// The delimiter of the format that was named: a rejects file may have another.
    pub(crate) of_format: Option<Delimiter>,
    /// The one that its name or format suggests.
    pub(crate) usual: Delimiter,
    /// What escapes quotes, as the user named it.
    pub(crate) escape: Option<Escape>,
    pub(crate) header: HeaderRow,
}

/// What a table turned out to be, and which of it is a guess.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoundDialect {
    pub(crate) dialect: Dialect,
    /// The delimiter is another than could be expected.
    pub(crate) is_guessed: bool,
    /// What escapes quotes, where that was found out and makes a difference.
    pub(crate) escape: Option<Escape>,
    /// The last row of the banner above the header.
    pub(crate) banner: Option<u64>,
}

impl TableStart<'_> {
    /// Finds out how the table is written that begins like this.
    pub(crate) fn dialect(self, known: TableHints) -> FoundDialect {
        let declared = declared(self.bytes);
        let above = u64::from(declared.is_some());
        let own = rejects::delimiter(self.bytes);
        // From the surest to the least: an option, Excel's own line, our own file, the name of the format.
        let sure = known.delimiter.or(declared).or(own).or(known.of_format);
        let delimiter = sure.or_else(|| self.sniffed(known)).unwrap_or(known.usual);
        let is_rejects_file = own.is_some() || self.names_our_columns(delimiter, above);
        let writing = match is_rejects_file {
            true => Writing::plain(),
            false => self.writing(delimiter, known.escape),
        };
        let syntax = Syntax {
            quote: writing.quote,
            escape: writing.escape.byte(delimiter.byte()),
            skips_spaces: writing.skips_spaces,
            ..Syntax::plain(delimiter)
        };
        let head = self.head(syntax, above);
        let banner = match known.header {
            // We write the header first: a title above it is a row of the user's.
            _ if is_rejects_file => None,
            HeaderRow::None => None,
            HeaderRow::First => banner(&head).map(|banner| banner.last),
        };
        let heading = match known.header {
            HeaderRow::None if !is_rejects_file => ColumnNaming::Numbered(self.widest(syntax)),
            HeaderRow::First | HeaderRow::None => ColumnNaming::Named,
        };
        FoundDialect {
            dialect: Dialect {
                delimiter,
                quote: writing.quote,
                escape: writing.escape,
                skips_spaces: writing.skips_spaces,
                certainty: match known.escape {
                    None if !is_rejects_file => Certainty::Found,
                    Some(_) | None => Certainty::Given,
                },
                above: banner.unwrap_or(above),
                heading,
            },
            is_guessed: known.delimiter.is_none() && own.is_none() && delimiter != known.usual,
            escape: writing.found_escape,
            banner,
        }
    }

    /// Whether the first row below the row `above` is the header of a rejects file.
    fn names_our_columns(self, delimiter: Delimiter, above: u64) -> bool {
        let head = self.head(Syntax::plain(delimiter), above);
        let names = |row: Record<'_>| rejects::is_header(row.cells().iter().filter_map(Cell::text));
        head.get(0).is_some_and(names)
    }

    /// The delimiter whose commonest number of columns, two or more, covers most rows.
    fn sniffed(self, known: TableHints) -> Option<Delimiter> {
        let occurs = |delimiter: &Delimiter| self.bytes.contains(&delimiter.byte());
        let others = Delimiter::USUAL.into_iter().filter(|it| *it != known.usual);
        let mut best: Option<(Coverage, Delimiter)> = None;
        for delimiter in std::iter::once(known.usual).chain(others).filter(occurs) {
            let Some(coverage) = self.coverage(delimiter) else {
                continue;
            };
            // Strictly better: of equals the usual one, which is tried first, wins.
            let is_better = best
                .as_ref()
                .is_none_or(|(other, _)| coverage.is_better_than(other));
            if is_better && self.may_be(delimiter, known.header) {
                best = Some((coverage, delimiter));
            }
        }
        best.map(|(_, delimiter)| delimiter)
    }

    /// How well a delimiter separates columns, in the syntax in which it does that best.
    fn coverage(self, delimiter: Delimiter) -> Option<Coverage> {
        self.syntaxes(Syntax::plain(delimiter))
            .filter_map(|syntax| Coverage::of(&self.widths(syntax)))
            .reduce(|best, other| match other.is_better_than(&best) {
                true => other,
                false => best,
            })
    }

    /// The syntaxes that these bytes may be in, the plain one first.
    fn syntaxes(self, plain: Syntax) -> impl Iterator<Item = Syntax> {
        let has_escape = self.bytes.contains(&BACKSLASH) && plain.delimiter != BACKSLASH;
        let escaped = has_escape.then(|| plain.otherwise());
        let spaced = self.holds_space_before_quote(plain.delimiter);
        let spaced = spaced.then_some(Syntax {
            skips_spaces: true,
            ..plain
        });
        [Some(plain), escaped, spaced].into_iter().flatten()
    }

    /// Whether a header is several columns with this delimiter: rows alone may share a character in one of their cells.
    fn may_be(self, delimiter: Delimiter, header: HeaderRow) -> bool {
        let head = self.head(Syntax::plain(delimiter), 0);
        let is_parted = head.get(0).is_some_and(|row| row.cells().len() > 1);
        header == HeaderRow::None || is_parted || banner(&head).is_some()
    }

    /// How many columns each row has; one that is cut off at the end counts only where there is no other.
    fn widths(self, syntax: Syntax) -> Vec<usize> {
        if syntax.is_plain() {
            return self.plain_widths(syntax.delimiter);
        }
        self.rows(syntax).map(|row| row.cells.len()).collect()
    }

    fn plain_widths(self, delimiter: u8) -> Vec<usize> {
        let mut widths = Vec::new();
        let mut width = 0;
        let mut parser = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        let (mut scratch, mut ends) = ([0; 4096], [0; 256]);
        let mut bytes = self.bytes;
        loop {
            let (result, read, _, cells) = parser.read_record(bytes, &mut scratch, &mut ends);
            width += cells;
            let was_empty = bytes.is_empty();
            bytes = bytes.get(read..).unwrap_or_default();
            match result {
                ReadRecordResult::Record => widths.push(std::mem::take(&mut width)),
                ReadRecordResult::End => return widths,
                ReadRecordResult::InputEmpty if was_empty => return widths,
                // The last row is cut off by the end of the look-ahead: its width says nothing.
                ReadRecordResult::InputEmpty if self.rest == Rest::Beyond && !widths.is_empty() => {
                    return widths;
                }
                ReadRecordResult::InputEmpty
                | ReadRecordResult::OutputFull
                | ReadRecordResult::OutputEndsFull => {}
            }
        }
    }

    fn widest(self, syntax: Syntax) -> usize {
        let widths = self.widths(syntax);
        widths.into_iter().max().unwrap_or_default().max(1)
    }

    /// The first rows with something in them, below the row `above`.
    fn head(self, syntax: Syntax, above: u64) -> Records {
        let reader = Box::new(Cursor::new(self.bytes.to_vec()));
        let mut rows = RowReader::new(Feed::new(reader), syntax, Certainty::Given);
        let (mut head, nameless) = (Records::default(), Arc::new(numbered(0)));
        while head.len() < HEAD
            && let Ok(Some(TableRow { number: row, .. })) = rows.next_filled(&mut head)
        {
            let input = InputId(0);
            match row > above {
                true => head.finish(&nameless, RecordFacts::new(Place { input, row }, 0)),
                false => head.abandon(),
            }
        }
        head
    }
}

/// How well a delimiter separates columns.
struct Coverage {
    rows: usize,
    /// Rows with the commonest number of columns.
    covered: usize,
    columns: usize,
}

impl Coverage {
    /// `None` where most rows are one column.
    fn of(widths: &[usize]) -> Option<Coverage> {
        let (columns, covered) = commonest(widths)?;
        (columns > 1).then_some(Coverage {
            rows: widths.len(),
            covered,
            columns,
        })
    }

    fn is_better_than(&self, other: &Coverage) -> bool {
        let (own, others) = (self.covered * other.rows, other.covered * self.rows);
        own > others || (own == others && self.columns > other.columns)
    }
}

/// The delimiter in a first line such as `sep=;`, which Excel reads and writes.
fn declared(start: &[u8]) -> Option<Delimiter> {
    let end = start.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
    let line = start.get(..end.unwrap_or(start.len()))?;
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let (word, rest) = line.split_at_checked(4)?;
    let rest = rest.strip_suffix(b"\"").unwrap_or(rest);
    let (byte, more) = rest.split_first()?;
    // A program that takes the line for a row gives it as many columns as the others.
    let is_alone = more
        .iter()
        .all(|other| Delimiter::USUAL.iter().any(|it| it.byte() == *other));
    (word.eq_ignore_ascii_case(b"sep=") && is_alone)
        .then(|| Delimiter::of(*byte))
        .flatten()
}

fn banner(head: &Records) -> Option<Banner> {
    let lines: Vec<HeadLine<'_>> = head.iter().map(line).collect();
    header_row::above_header(&lines)
}

fn line(row: Record<'_>) -> HeadLine<'_> {
    let texts = row
        .cells()
        .iter()
        .map(|cell| cell.text().unwrap_or_default());
    HeadLine::new(row.place.row, texts)
}

#[cfg(test)]
mod tests;
