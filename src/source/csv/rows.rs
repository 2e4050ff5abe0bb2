//! Bytes cut into rows: by csv-core, or by `cut` where a row holds an escape.
//!
//! Owns the numbering of rows and what ends them. Quotes are watched by `quote_tracker`; which of two readings a row
//! has is for `judge` to say.

use csv_core::ReadFieldResult;

use super::cut::{self, CellShape, RowCut, RowSpan};
use super::judge::{Judgement, RowReading, Window};
use super::row::TableRow;
use super::syntax::{BACKSLASH, Syntax};
use crate::record::{Cell, Records};
use crate::source::SourceError;
use crate::source::bounded_text::{BoundedText, CELL_LIMIT, room_in_row};
use crate::source::feed::Feed;
use crate::source::header_row::COLUMN_LIMIT;
use crate::source::quote_tracker::{LongCell, QuoteTracker, RowEnd, Spanning, is_line_end};

/// Bytes of a cell that are taken over at a time.
const SCRATCH: usize = 4096;

/// Whether what escapes a quote is certain for each row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// The user named it, or it is a rejects file, which we wrote.
    Given,
    /// It is what the first rows are like.
    Found,
}

/// DOS's end of a file (Ctrl-Z), which old programs still write behind the last line.
const END_OF_FILE: &str = "\u{1a}";

/// Cuts bytes into rows.
pub(super) struct RowReader {
    pub(super) feed: Feed,
    parser: csv_core::Reader,
    syntax: Syntax,
    certainty: Certainty,
    quotes: QuoteTracker,
    scratch: Vec<u8>,
    cell: BoundedText,
    pub(super) width: usize,
}

/// What follows a cell.
enum After {
    Cell,
    RowEnd,
    /// A byte before which reading was to stop; the cell has not ended.
    Escape,
}

/// A row that was cut, and how.
struct Decided {
    cut: RowCut,
    syntax: Syntax,
    is_ambiguous: bool,
}

impl RowReader {
    pub(super) fn new(mut feed: Feed, syntax: Syntax, certainty: Certainty) -> RowReader {
        let mut builder = csv_core::ReaderBuilder::new();
        let parser = builder.delimiter(syntax.delimiter).build();
        // Only a row with a backslash may have two readings; all others keep csv-core's speed.
        if certainty == Certainty::Found && syntax.is_plain() {
            feed.watch(BACKSLASH);
        }
        RowReader {
            feed,
            parser,
            syntax,
            certainty,
            quotes: QuoteTracker::new(syntax.delimiter),
            scratch: vec![0; SCRATCH],
            cell: BoundedText::new(CELL_LIMIT),
            width: 0,
        }
    }

    /// The next row with something in it.
    pub(super) fn next_filled(
        &mut self,
        records: &mut Records,
    ) -> Result<Option<TableRow>, SourceError> {
        loop {
            match self.next(records)? {
                Some(row) if row.is_blank(records.open()) || self.ends_file(records)? => {
                    records.abandon();
                }
                other => return Ok(other),
            }
        }
    }

    /// Whether the next row with something in it is in memory.
    pub(super) fn holds_row(&self) -> bool {
        let quote = self.syntax.quote;
        self.feed.holds(|bytes| hold_a_row(bytes, quote))
    }

    fn ends_file(&mut self, records: &Records) -> Result<bool, SourceError> {
        let cells = records.open();
        let text = cells.get(0).and_then(Cell::text);
        let is_mark = cells.len() == 1 && text == Some(END_OF_FILE);
        Ok(is_mark && self.feed.unread()?.is_empty())
    }

    fn next(&mut self, records: &mut Records) -> Result<Option<TableRow>, SourceError> {
        if self.certainty == Certainty::Given && self.syntax.is_plain() {
            return self.next_plain(self.quotes, records);
        }
        self.feed.mark();
        if self.syntax.is_plain() {
            self.next_plain(self.quotes, records)
        } else {
            self.next_cut(records)
        }
    }

    /// The next row as csv-core cuts it, up to an escape that is watched for. Before the row the watch was `begun`.
    fn next_plain(
        &mut self,
        begun: QuoteTracker,
        records: &mut Records,
    ) -> Result<Option<TableRow>, SourceError> {
        let mut row = TableRow::default();
        while let Some(after) = self.read_cell(room_in_row(row.bytes))? {
            if let After::Escape = after {
                return self.next_anew(begun, records);
            }
            self.check_width(records)?;
            row.push(self.cell.text(), records);
            if let After::RowEnd = after {
                return Ok(Some(self.ended(row)));
            }
        }
        Ok(None)
    }

    fn check_width(&self, records: &Records) -> Result<(), SourceError> {
        // Checked before the cell is kept, so that a row of nothing but commas cannot fill memory.
        if records.open().len() == COLUMN_LIMIT {
            let row = self.quotes.row;
            return Err(SourceError::TooManyColumns { row });
        }
        Ok(())
    }

    fn ended(&mut self, mut row: TableRow) -> TableRow {
        row.number = self.quotes.row;
        row.long = self.quotes.long.take();
        row.spanning = std::mem::take(&mut self.quotes.spanning);
        row
    }

    /// The next cell; `None` at the end of the input.
    fn read_cell(&mut self, limit: usize) -> Result<Option<After>, SourceError> {
        self.cell.restart(limit);
        loop {
            let Some(result) = self.read_piece()? else {
                return Ok(Some(After::Escape));
            };
            match result {
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::Field { record_end: false } => return Ok(Some(After::Cell)),
                ReadFieldResult::Field { record_end: true } => return Ok(Some(After::RowEnd)),
                ReadFieldResult::End => return Ok(None),
            }
        }
    }

    /// What csv-core makes of the bytes that are next; `None` where an escape is next.
    fn read_piece(&mut self) -> Result<Option<ReadFieldResult>, SourceError> {
        let Some(input) = self.feed.unwatched()? else {
            return Ok(None);
        };
        let at_end = input.is_empty();
        let (result, read, wrote) = self.parser.read_field(input, &mut self.scratch);
        self.quotes.pass(input.get(..read).unwrap_or_default());
        self.cell
            .push(self.scratch.get(..wrote).unwrap_or_default());
        self.feed.consume(read);
        // csv-core closes a quote at the end of the input and reports nothing: the rest of the file would be one cell.
        let cut_off = self.quotes.open_quote().filter(|_| at_end);
        match self.quotes.overrun.or(cut_off) {
            Some(line) => {
                let row = self.quotes.row;
                Err(SourceError::UnclosedQuote { row, line })
            }
            None => Ok(Some(result)),
        }
    }

    /// The row that was begun, from its beginning, now that it turns out to hold an escape.
    fn next_anew(
        &mut self,
        begun: QuoteTracker,
        records: &mut Records,
    ) -> Result<Option<TableRow>, SourceError> {
        records.abandon();
        self.feed.rewind();
        self.quotes = begun;
        // Not a clone made before: that of csv-core 0.1.13 does not know the end of a row.
        self.parser.reset();
        // A blank line first: at the beginning of a file csv-core would drop what looks like a byte order mark.
        let _ = self.parser.read_field(b"\n", &mut self.scratch);
        self.next_cut(records)
    }

    /// The next row as `cut` cuts it.
    fn next_cut(&mut self, records: &mut Records) -> Result<Option<TableRow>, SourceError> {
        let Decided {
            cut,
            syntax,
            is_ambiguous,
        } = self.decide();
        match cut {
            RowCut::Row(span) => {
                let row = self.take(&span, syntax, records)?;
                Ok(Some(TableRow {
                    is_ambiguous,
                    ..row
                }))
            }
            RowCut::End => self.end(),
            RowCut::Partial if self.feed.has_ended() => self.end(),
            RowCut::Partial => self.next_too_long(records),
            RowCut::Unclosed { open } => Err(self.unclosed_at(open)),
            RowCut::TooWide => Err(SourceError::TooManyColumns {
                row: self.quotes.row_ahead(self.feed.buffered()),
            }),
        }
    }

    /// The end of the input, or why it was not reached.
    fn end(&mut self) -> Result<Option<TableRow>, SourceError> {
        self.feed.consume(usize::MAX);
        self.feed.unread()?;
        Ok(None)
    }

    /// A row that is too long to be looked at as a whole: no cell of it can be relied on.
    fn next_too_long(&mut self, records: &mut Records) -> Result<Option<TableRow>, SourceError> {
        self.feed.unmark();
        let row = self.next_plain(self.quotes, records)?;
        Ok(row.map(|row| TableRow {
            is_ambiguous: true,
            ..row
        }))
    }

    fn unclosed_at(&self, open: usize) -> SourceError {
        let bytes = self.feed.buffered();
        SourceError::UnclosedQuote {
            row: self.quotes.row_ahead(bytes),
            line: self
                .quotes
                .line_behind(bytes.get(..open).unwrap_or_default()),
        }
    }

    /// Cuts the next row, and decides in which syntax where that makes a difference.
    fn decide(&mut self) -> Decided {
        let as_it_is = |cut, syntax| Decided {
            cut,
            syntax,
            is_ambiguous: false,
        };
        let syntax = self.syntax;
        let own = self.survey(syntax);
        if self.certainty == Certainty::Given || !self.holds_escape(&own) {
            return as_it_is(own, syntax);
        }
        let other_syntax = syntax.otherwise();
        let other = self.survey(other_syntax);
        let readings = [(&own, syntax), (&other, other_syntax)];
        let (cut, syntax) = match self.judge(readings) {
            Judgement::Own => return as_it_is(own, syntax),
            Judgement::OwnInDoubt | Judgement::Open => (own, syntax),
            Judgement::OtherInDoubt => (other, other_syntax),
        };
        Decided {
            cut,
            syntax,
            is_ambiguous: true,
        }
    }

    fn judge(&mut self, readings: [(&RowCut, Syntax); 2]) -> Judgement {
        let [own, other] = readings.map(|(cut, syntax)| RowReading { syntax, cut });
        loop {
            match self.window().judge(own, other) {
                Judgement::Open if self.feed.extend() => {}
                judgement => return judgement,
            }
        }
    }

    /// What is buffered of the next row and those behind it.
    fn window(&self) -> Window<'_> {
        Window {
            bytes: self.feed.buffered(),
            rest: self.feed.rest(),
            width: Some(self.width).filter(|width| *width > 0),
        }
    }

    /// Where the next row and its cells are.
    fn survey(&mut self, syntax: Syntax) -> RowCut {
        loop {
            match cut::row(self.feed.buffered(), self.feed.rest(), syntax) {
                RowCut::Partial if self.feed.extend() => {}
                cut => return cut,
            }
        }
    }

    fn holds_escape(&self, cut: &RowCut) -> bool {
        let bytes = self.feed.buffered();
        match cut {
            RowCut::Row(row) => bytes.get(row.start..row.end),
            RowCut::End => None,
            RowCut::Partial | RowCut::Unclosed { .. } | RowCut::TooWide => Some(bytes),
        }
        .is_some_and(|bytes| bytes.contains(&BACKSLASH))
    }

    /// Takes over the cells of a row that was found.
    fn take(
        &mut self,
        span: &RowSpan,
        syntax: Syntax,
        records: &mut Records,
    ) -> Result<TableRow, SourceError> {
        let mut row = TableRow::default();
        let bytes = self.feed.buffered();
        for cell in &span.cells {
            self.cell.restart(room_in_row(row.bytes));
            cut::text(bytes, *cell, syntax, &mut |text| self.cell.push(text));
            row.push(self.cell.text(), records);
        }
        self.pass(span);
        self.feed.consume(span.end);
        if !span.is_terminated() {
            // Whether this is the end is asked before the last row counts.
            self.feed.unread()?;
        }
        Ok(self.ended(row))
    }

    /// Lets the tracker know of a row that it did not see byte by byte.
    fn pass(&mut self, span: &RowSpan) {
        let bytes = self.feed.buffered();
        let own = bytes.get(span.start..span.end).unwrap_or_default();
        self.quotes
            .pass(bytes.get(..span.start).unwrap_or_default());
        for cell in &span.cells {
            let text = bytes.get(cell.from..cell.to).unwrap_or_default();
            let before = bytes.get(span.start..cell.from).unwrap_or_default();
            let spanning = match cell.shape {
                CellShape::Bare | CellShape::Stray => continue,
                _ if !text.iter().any(|byte| is_line_end(*byte)) => continue,
                CellShape::Quoted | CellShape::Indented => Spanning::Lines,
                CellShape::Torn => Spanning::LinesTorn,
            };
            let line = self.quotes.line_behind(before);
            let last = self
                .quotes
                .line_behind(bytes.get(span.start..cell.to).unwrap_or_default());
            let lines = last - line + 1;
            self.quotes.note_quoted(LongCell { line, lines }, spanning);
        }
        let end = match span.is_terminated() {
            true => RowEnd::Line,
            false => RowEnd::Input,
        };
        self.quotes.pass_row(own, end);
    }
}

/// Whether bytes that begin with a row hold its end, and something in it. A row whose quotes are not in pairs may end
/// elsewhere than it seems.
pub(super) fn hold_a_row(bytes: &[u8], quote: u8) -> bool {
    let mut is_quoted = false;
    let mut is_filled = false;
    for byte in bytes {
        match byte {
            byte if *byte == quote => is_quoted = !is_quoted,
            b'\n' | b'\r' if is_filled && !is_quoted => return true,
            _ => is_filled |= byte.is_ascii_alphanumeric() || !byte.is_ascii(),
        }
    }
    false
}
