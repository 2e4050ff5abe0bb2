//! Rows of a table, cell by cell: CSV and TSV by RFC 4180, one header, every row with its number.
//!
//! Owns the limits on cells, rows and columns. Quotes and row numbers are watched by `watch`; how the table is written is
//! found out by `dialect`. Rows in which something may be escaped are cut by `cut`, and `judge` says which way.

use std::sync::Arc;

use csv_core::ReadFieldResult;

use super::SourceError;
use super::clip::{Clip, KEPT, Text};
use super::encoding::Encoding;
use super::escape::Escape;
use super::feed::Feed;
use super::vcard::{self, Kept};
use super::watch::{LongCell, RowEnd, Spanning, Watch, is_line_end};
use crate::outcome::Code;
use crate::record::{
    Cell, Defect, Header, InputId, Layout, Place, RAW_KEY, Record, Remark, is_reject_column,
};

pub(super) mod cut;
pub(super) mod dialect;
mod judge;
mod swallowed;

use cut::{CellShape, Cut, RowSpan, Spaces, Syntax};
use dialect::{Certainty, Dialect, Heading};
use judge::{Judgement, Reading, Window};
use swallowed::Neighbours;

/// Bytes of a cell.
const CELL_LIMIT: usize = 1_000_000;
/// Bytes of all cells of a row together; from the cell that exceeds it on, only beginnings are kept.
const ROW_LIMIT: usize = 4_000_000;
/// Columns, as in Excel.
const COLUMN_LIMIT: usize = 16_384;
/// What may be an escape where nobody said.
const BACKSLASH: u8 = b'\\';
/// Bytes of a cell that are taken over at a time.
const SCRATCH: usize = 4096;

/// A table whose header was read.
pub(super) struct Table {
    input: InputId,
    header: Arc<Header>,
    /// The last row above the table.
    above: u64,
    /// A long cell of the header, told with the first record.
    long_header: Option<LongCell>,
    rows: Rows,
    lists: Lists,
    /// The encoding that the user named, in which a rejects file of vCards keeps what was not read.
    named: Option<Encoding>,
    neighbours: Neighbours,
}

/// Which columns hold several values a cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lists {
    None,
    /// Those of a rejects file of vCards, so that it is read as the cards were.
    OfCards,
}

impl Table {
    /// Reads the header, where there is one: the first row that is not blank.
    pub(super) fn open(
        feed: Feed,
        input: InputId,
        dialect: &Dialect,
    ) -> Result<Table, SourceError> {
        let mut table = Table {
            input,
            header: Arc::new(numbered(0)),
            above: dialect.above,
            long_header: None,
            rows: Rows::new(feed, dialect.syntax(), dialect.certainty),
            lists: Lists::None,
            named: None,
            neighbours: Neighbours::default(),
        };
        let header = match dialect.heading {
            Heading::Named => table.read_header()?,
            Heading::Numbered(columns) => numbered(columns),
        };
        table.rows.width = header.names.len();
        if vcard::is_table_of_cards(&header.names) {
            table.lists = Lists::OfCards;
        }
        table.neighbours = Neighbours::new(&header, dialect.delimiter.byte());
        table.header = Arc::new(header);
        Ok(table)
    }

    fn read_header(&mut self) -> Result<Header, SourceError> {
        let row = self.next_row()?.ok_or(SourceError::Empty)?;
        self.long_header = row.long;
        row.into_header()
    }

    /// The next row of the table with something in it.
    fn next_row(&mut self) -> Result<Option<Row>, SourceError> {
        loop {
            match self.rows.next_filled()? {
                Some(row) if row.number <= self.above => {}
                other => return Ok(other),
            }
        }
    }

    /// The bytes that a rejects file of vCards keeps are in this encoding.
    pub(super) fn name_encoding(&mut self, named: Option<Encoding>) {
        self.named = named;
    }

    pub(super) fn header(&self) -> &Arc<Header> {
        &self.header
    }

    pub(super) fn next(&mut self) -> Result<Option<Record>, SourceError> {
        let row = self.next_row()?;
        Ok(row.map(|row| self.record(row)))
    }

    fn record(&mut self, mut row: Row) -> Record {
        let surplus = row.settle_width(self.header.names.len());
        let damage = row.damage.take().map(|damage| damage.defect(&self.header));
        let doubt = row.doubt(self.neighbours.returned_for(&row.cells));
        let (mut swallowed, mut of_card) = (None, None);
        if self.lists == Lists::None {
            let neighbours = &mut self.neighbours;
            swallowed = neighbours.swallowed(row.number, &row.cells, row.spanning);
        } else {
            row.split_lists(&self.header);
            of_card = row.read_kept_card(&self.header, self.named);
        }
        let long = self.long_header.take().or(row.long);
        // The reason names the rows: that they may be there is said already.
        let long = long.filter(|_| swallowed.is_none());
        Record {
            place: Place {
                input: self.input,
                row: row.number,
            },
            header: Arc::clone(&self.header),
            cells: row.cells,
            raw: None,
            hidden: false,
            defect: damage.or(doubt).or(swallowed).or(surplus).or(of_card),
            remark: long.map(|LongCell { line, lines }| Remark::LongQuotedCell { line, lines }),
            bytes: self.rows.feed.consumed(),
        }
    }
}

/// A row as it was read.
struct Row {
    number: u64,
    cells: Vec<Cell>,
    bytes: usize,
    damage: Option<Damage>,
    long: Option<LongCell>,
    spanning: Spanning,
    escapes: Escapes,
}

/// Whether a row has one reading only.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    Clear,
    /// What a backslash means decides where its cells end, and cannot be known.
    Ambiguous,
}

/// The first thing wrong in a row.
struct Damage {
    column: usize,
    kind: DamageKind,
}

enum DamageKind {
    Encoding,
    Size,
}

impl Damage {
    fn defect(&self, header: &Header) -> Defect {
        let column = header.names.get(self.column).cloned();
        match self.kind {
            DamageKind::Encoding => Defect::BadEncoding { column },
            DamageKind::Size => Defect::CellTooLarge { column },
        }
    }
}

impl Row {
    fn new(width: usize) -> Row {
        Row {
            number: 0,
            cells: Vec::with_capacity(width),
            bytes: 0,
            damage: None,
            long: None,
            spanning: Spanning::None,
            escapes: Escapes::Clear,
        }
    }

    /// Whether nobody can tell what a backslash in it means: when it was read, or once before, if it is still there.
    fn doubt(&self, returned_for: Option<&str>) -> Option<Defect> {
        let mut texts = self.cells.iter().filter_map(Cell::text);
        let comes_back = returned_for == Some(Code::AmbiguousEscape.as_str())
            && texts.any(|text| text.contains('\\'));
        (comes_back || self.escapes == Escapes::Ambiguous).then_some(Defect::AmbiguousEscape)
    }

    /// Bytes that the next cell may have.
    fn room(&self) -> usize {
        ROW_LIMIT.saturating_sub(self.bytes).clamp(KEPT, CELL_LIMIT)
    }

    fn push(&mut self, text: Text) {
        let (text, kind) = match text {
            Text::Whole(text) => (text, None),
            Text::Garbled(text) => (text, Some(DamageKind::Encoding)),
            Text::Beginning(text) => (text, Some(DamageKind::Size)),
        };
        let column = self.cells.len();
        self.damage = self
            .damage
            .take()
            .or(kind.map(|kind| Damage { column, kind }));
        self.bytes += text.len();
        self.cells.push(Cell::Text(text));
    }

    fn is_blank(&self) -> bool {
        self.damage.is_none() && self.cells.iter().all(is_blank)
    }

    /// Brings the row to the header's width: what is missing is absent, a blank surplus is dropped, any other is a defect.
    fn settle_width(&mut self, expected: usize) -> Option<Defect> {
        let found = self.cells.len();
        let surplus = self.cells.get(expected..).unwrap_or_default();
        if surplus.iter().all(is_blank) {
            self.cells.resize(expected, Cell::Absent);
            return None;
        }
        Some(Defect::SurplusCells { found, expected })
    }

    /// Reads the text of a card that a rejects file kept: where nothing else is in the row, the card counts; else its
    /// cells with U+FFFD are read anew. What is still wrong with it is the row's defect.
    fn read_kept_card(&mut self, header: &Header, named: Option<Encoding>) -> Option<Defect> {
        let raw = header.names.iter().position(|name| name == RAW_KEY)?;
        let kept = Kept::read(self.cells.get(raw)?.text()?, named)?;
        let columns = header.names.iter().zip(&mut self.cells);
        let own = columns.filter(|(name, _)| !is_reject_column(name));
        let mut own: Vec<_> = own.collect();
        let is_bare = own.iter().all(|(_, cell)| is_blank(cell));
        own.retain(|(_, cell)| is_bare || is_garbled(cell));
        let is_read_anew = !own.is_empty();
        for (name, cell) in own {
            *cell = kept.cell(name);
        }
        kept.defect.filter(|_| is_read_anew)
    }

    fn split_lists(&mut self, header: &Header) {
        let columns = header.names.iter().zip(&mut self.cells);
        for (_, cell) in columns.filter(|(name, _)| vcard::is_list(name)) {
            if let Cell::Text(text) = cell {
                *cell = vcard::list(text);
            }
        }
    }

    fn into_header(self) -> Result<Header, SourceError> {
        if let Some(Damage {
            kind: DamageKind::Size,
            ..
        }) = self.damage
        {
            return Err(SourceError::HugeHeader { row: self.number });
        }
        let names = self.cells.into_iter().map(name).collect();
        Ok(Header {
            layout: Layout::Table,
            names,
        })
    }
}

/// The header of a table that has none: columns are called by their numbers, from 1.
pub(super) fn numbered(columns: usize) -> Header {
    Header {
        layout: Layout::Table,
        names: (1..=columns.min(COLUMN_LIMIT))
            .map(|number| number.to_string())
            .collect(),
    }
}

fn is_blank(cell: &Cell) -> bool {
    match cell {
        Cell::Text(text) | Cell::Faulty(_, text) => text.trim().is_empty(),
        Cell::List(texts) => texts.is_empty(),
        Cell::Absent => true,
    }
}

fn is_garbled(cell: &Cell) -> bool {
    let is_garbled = |text: &String| text.contains(char::REPLACEMENT_CHARACTER);
    match cell {
        Cell::Text(text) => is_garbled(text),
        Cell::List(texts) => texts.iter().any(is_garbled),
        Cell::Faulty(..) | Cell::Absent => false,
    }
}

fn name(cell: Cell) -> String {
    match cell {
        Cell::Text(text) => text,
        Cell::List(_) | Cell::Faulty(..) | Cell::Absent => String::new(),
    }
}

/// DOS's end of a file (Ctrl-Z), which old programs still write behind the last line.
const END_OF_FILE: &str = "\u{1a}";

/// Cuts bytes into rows.
struct Rows {
    feed: Feed,
    parser: csv_core::Reader,
    syntax: Syntax,
    certainty: Certainty,
    watch: Watch,
    scratch: Vec<u8>,
    cell: Clip,
    width: usize,
}

/// What stands behind a cell.
enum After {
    Cell,
    RowEnd,
    /// A byte before which reading was to stop; the cell has not ended.
    Escape,
}

/// What csv-core made of some bytes.
enum Piece {
    Of(ReadFieldResult),
    /// Nothing: an escape is next.
    Escape,
}

/// A row that was cut, and how.
struct Decided {
    cut: Cut,
    syntax: Syntax,
    escapes: Escapes,
}

impl Rows {
    fn new(mut feed: Feed, syntax: Syntax, certainty: Certainty) -> Rows {
        let mut builder = csv_core::ReaderBuilder::new();
        let parser = builder.delimiter(syntax.delimiter).build();
        if certainty == Certainty::Found && syntax.is_plain() {
            feed.watch(BACKSLASH);
        }
        Rows {
            feed,
            parser,
            syntax,
            certainty,
            watch: Watch::new(syntax.delimiter),
            scratch: vec![0; SCRATCH],
            cell: Clip::new(CELL_LIMIT),
            width: 0,
        }
    }

    /// The next row with something in it.
    fn next_filled(&mut self) -> Result<Option<Row>, SourceError> {
        loop {
            match self.next()? {
                Some(row) if row.is_blank() || self.ends_file(&row)? => {}
                other => return Ok(other),
            }
        }
    }

    fn ends_file(&mut self, row: &Row) -> Result<bool, SourceError> {
        let [Cell::Text(text)] = row.cells.as_slice() else {
            return Ok(false);
        };
        Ok(text == END_OF_FILE && self.feed.unread()?.is_empty())
    }

    fn next(&mut self) -> Result<Option<Row>, SourceError> {
        if self.certainty == Certainty::Said && self.syntax.is_plain() {
            return self.next_plain(self.watch);
        }
        self.feed.mark();
        if self.syntax.is_plain() {
            self.next_plain(self.watch)
        } else {
            self.next_cut()
        }
    }

    /// The next row as csv-core cuts it, up to an escape that is watched for. Before the row the watch was `begun`.
    fn next_plain(&mut self, begun: Watch) -> Result<Option<Row>, SourceError> {
        let mut row = Row::new(self.width);
        while let Some(after) = self.read_cell(row.room())? {
            if let After::Escape = after {
                return self.next_anew(begun);
            }
            self.check_width(&row)?;
            row.push(self.cell.text());
            if let After::RowEnd = after {
                return Ok(Some(self.ended(row)));
            }
        }
        Ok(None)
    }

    fn check_width(&self, row: &Row) -> Result<(), SourceError> {
        if row.cells.len() == COLUMN_LIMIT {
            let row = self.watch.row();
            return Err(SourceError::TooManyColumns { row });
        }
        Ok(())
    }

    fn ended(&mut self, mut row: Row) -> Row {
        row.number = self.watch.row();
        row.long = self.watch.take_long();
        row.spanning = self.watch.take_spanning();
        row
    }

    /// The next cell; `None` at the end of the input.
    fn read_cell(&mut self, limit: usize) -> Result<Option<After>, SourceError> {
        self.cell.restart(limit);
        loop {
            match self.read_piece()? {
                Piece::Escape => return Ok(Some(After::Escape)),
                Piece::Of(ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull) => {}
                Piece::Of(ReadFieldResult::Field { record_end: false }) => {
                    return Ok(Some(After::Cell));
                }
                Piece::Of(ReadFieldResult::Field { record_end: true }) => {
                    return Ok(Some(After::RowEnd));
                }
                Piece::Of(ReadFieldResult::End) => return Ok(None),
            }
        }
    }

    fn read_piece(&mut self) -> Result<Piece, SourceError> {
        let Some(input) = self.feed.unwatched()? else {
            return Ok(Piece::Escape);
        };
        let at_end = input.is_empty();
        let (result, read, wrote) = self.parser.read_field(input, &mut self.scratch);
        self.watch.pass(input.get(..read).unwrap_or_default());
        self.cell
            .push(self.scratch.get(..wrote).unwrap_or_default());
        self.feed.consume(read);
        let cut_off = self.watch.open_quote().filter(|_| at_end);
        match self.watch.overrun().or(cut_off) {
            Some(line) => Err(self.unclosed(line)),
            None => Ok(Piece::Of(result)),
        }
    }

    fn unclosed(&self, line: u64) -> SourceError {
        SourceError::UnclosedQuote {
            row: self.watch.row(),
            line,
        }
    }

    /// The row that was begun, from its beginning, now that it turns out to hold an escape.
    fn next_anew(&mut self, begun: Watch) -> Result<Option<Row>, SourceError> {
        self.feed.rewind();
        self.watch = begun;
        // Not a clone made before: that of csv-core 0.1.13 does not know the end of a row.
        self.parser.reset();
        // A blank line, lest it take what is next for the beginning of a file and drop a byte order mark there.
        let _ = self.parser.read_field(b"\n", &mut self.scratch);
        self.next_cut()
    }

    /// The next row as `cut` cuts it.
    fn next_cut(&mut self) -> Result<Option<Row>, SourceError> {
        let Decided {
            cut,
            syntax,
            escapes,
        } = self.decide();
        match cut {
            Cut::Row(span) => {
                let row = self.take(&span, syntax)?;
                Ok(Some(Row { escapes, ..row }))
            }
            Cut::End => self.end(),
            Cut::Partial if self.feed.has_ended() => self.end(),
            Cut::Partial => self.next_too_long(),
            Cut::Unclosed { open } => Err(self.unclosed_at(open)),
            Cut::TooWide => Err(SourceError::TooManyColumns {
                row: self.watch.row_ahead(self.feed.buffered()),
            }),
        }
    }

    /// The end of the input, or why it was not reached.
    fn end(&mut self) -> Result<Option<Row>, SourceError> {
        self.feed.consume(usize::MAX);
        self.feed.unread()?;
        Ok(None)
    }

    /// A row that is too long to be looked at as a whole: no cell of it can be relied on.
    fn next_too_long(&mut self) -> Result<Option<Row>, SourceError> {
        self.feed.unmark();
        let row = self.next_plain(self.watch)?;
        Ok(row.map(|row| Row {
            escapes: Escapes::Ambiguous,
            ..row
        }))
    }

    fn unclosed_at(&self, open: usize) -> SourceError {
        let bytes = self.feed.buffered();
        SourceError::UnclosedQuote {
            row: self.watch.row_ahead(bytes),
            line: self
                .watch
                .line_behind(bytes.get(..open).unwrap_or_default()),
        }
    }

    /// Cuts the next row, and decides in which syntax where that makes a difference.
    fn decide(&mut self) -> Decided {
        let as_it_is = |cut, syntax| Decided {
            cut,
            syntax,
            escapes: Escapes::Clear,
        };
        let syntax = self.syntax;
        let own = self.survey(syntax);
        if self.certainty == Certainty::Said || !self.holds_escape(&own) {
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
            escapes: Escapes::Ambiguous,
        }
    }

    fn judge(&mut self, readings: [(&Cut, Syntax); 2]) -> Judgement {
        let [own, other] = readings.map(|(cut, syntax)| Reading { syntax, cut });
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
    fn survey(&mut self, syntax: Syntax) -> Cut {
        loop {
            match cut::row(self.feed.buffered(), self.feed.rest(), syntax) {
                Cut::Partial if self.feed.extend() => {}
                cut => return cut,
            }
        }
    }

    fn holds_escape(&self, cut: &Cut) -> bool {
        let bytes = self.feed.buffered();
        match cut {
            Cut::Row(row) => bytes.get(row.start..row.end),
            Cut::End => None,
            Cut::Partial | Cut::Unclosed { .. } | Cut::TooWide => Some(bytes),
        }
        .is_some_and(|bytes| bytes.contains(&BACKSLASH))
    }

    /// Takes over the cells of a row that was found.
    fn take(&mut self, span: &RowSpan, syntax: Syntax) -> Result<Row, SourceError> {
        let mut row = Row::new(self.width.max(span.cells.len()));
        let bytes = self.feed.buffered();
        for cell in &span.cells {
            self.cell.restart(row.room());
            cut::text(bytes, *cell, syntax, &mut |text| self.cell.push(text));
            row.push(self.cell.text());
        }
        self.pass(span);
        self.feed.consume(span.end);
        if !span.is_terminated() {
            // Whether this is the end is asked before the last row counts.
            self.feed.unread()?;
        }
        Ok(self.ended(row))
    }

    /// Lets the watch know of a row that it did not see byte by byte.
    fn pass(&mut self, span: &RowSpan) {
        let bytes = self.feed.buffered();
        let own = bytes.get(span.start..span.end).unwrap_or_default();
        self.watch.pass(bytes.get(..span.start).unwrap_or_default());
        for cell in &span.cells {
            let text = bytes.get(cell.from..cell.to).unwrap_or_default();
            let before = bytes.get(span.start..cell.from).unwrap_or_default();
            let spanning = match cell.shape {
                CellShape::Bare | CellShape::Stray => continue,
                _ if !text.iter().any(|byte| is_line_end(*byte)) => continue,
                CellShape::Quoted | CellShape::Indented => Spanning::Lines,
                CellShape::Torn => Spanning::LinesTorn,
            };
            let line = self.watch.line_behind(before);
            let last = self
                .watch
                .line_behind(bytes.get(span.start..cell.to).unwrap_or_default());
            let lines = last - line + 1;
            self.watch.note_quoted(LongCell { line, lines }, spanning);
        }
        let end = match span.is_terminated() {
            true => RowEnd::Line,
            false => RowEnd::Input,
        };
        self.watch.pass_row(own, end);
    }
}

impl Syntax {
    /// Whether csv-core cuts the same cells.
    fn is_plain(self) -> bool {
        self.escape.is_none() && self.spaces == Spaces::Text
    }

    /// The same, but that a backslash is text where it was an escape, and an escape where it was text.
    fn otherwise(self) -> Syntax {
        let escape = match self.escape {
            Some(_) => None,
            None => Escape::BACKSLASH.byte(self.delimiter),
        };
        Syntax { escape, ..self }
    }
}

#[cfg(test)]
mod tests;
