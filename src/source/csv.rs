//! Rows of a table, cell by cell: CSV and TSV by RFC 4180, one header, every row with its number.
//!
//! Owns the limits on cells, rows and columns. Quotes and row numbers are watched by `watch`; how the table is written is
//! found out by `dialect`.

use std::sync::Arc;

use csv_core::ReadFieldResult;

use super::SourceError;
use super::clip::{Clip, KEPT, Text};
use super::encoding::Encoding;
use super::feed::Feed;
use super::vcard::{self, Kept};
use super::watch::{LongCell, Watch};
use crate::record::{
    Cell, Flaw, Header, InputId, Layout, Place, RAW_KEY, Record, Remark, is_reject_column,
};

pub(super) mod dialect;

use dialect::{Dialect, Heading};

/// Bytes of a cell.
const CELL_LIMIT: usize = 1_000_000;
/// Bytes of all cells of a row together; from the cell that exceeds it on, only beginnings are kept.
const ROW_LIMIT: usize = 4_000_000;
/// Columns, as in Excel.
const COLUMN_LIMIT: usize = 16_384;
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
            rows: Rows::new(feed, dialect.delimiter.byte()),
            lists: Lists::None,
            named: None,
        };
        let header = match dialect.heading {
            Heading::Named => table.read_header()?,
            Heading::Numbered(columns) => numbered(columns),
        };
        table.rows.width = header.names.len();
        if vcard::is_table_of_cards(&header.names) {
            table.lists = Lists::OfCards;
        }
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
        let damage = row.damage.take().map(|damage| damage.flaw(&self.header));
        let mut of_card = None;
        if self.lists == Lists::OfCards {
            row.split_lists(&self.header);
            of_card = row.read_kept_card(&self.header, self.named);
        }
        let long = self.long_header.take().or(row.long);
        Record {
            place: Place {
                input: self.input,
                row: row.number,
            },
            header: Arc::clone(&self.header),
            cells: row.cells,
            raw: None,
            hidden: false,
            flaw: damage.or(surplus).or(of_card),
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
    fn flaw(&self, header: &Header) -> Flaw {
        let column = header.names.get(self.column).cloned();
        match self.kind {
            DamageKind::Encoding => Flaw::BadEncoding { column },
            DamageKind::Size => Flaw::CellTooLarge { column },
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
        }
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

    /// Brings the row to the header's width: what is missing is absent, a blank surplus is dropped, any other is a flaw.
    fn settle_width(&mut self, expected: usize) -> Option<Flaw> {
        let found = self.cells.len();
        let surplus = self.cells.get(expected..).unwrap_or_default();
        if surplus.iter().all(is_blank) {
            self.cells.resize(expected, Cell::Absent);
            return None;
        }
        Some(Flaw::SurplusCells { found, expected })
    }

    /// Reads the text of a card that a rejects file kept: where nothing else is in the row, the card counts; else its
    /// cells with U+FFFD are read anew. What is still wrong with it is the row's flaw.
    fn read_kept_card(&mut self, header: &Header, named: Option<Encoding>) -> Option<Flaw> {
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
        kept.flaw.filter(|_| is_read_anew)
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

/// Cuts bytes into rows.
struct Rows {
    feed: Feed,
    parser: csv_core::Reader,
    watch: Watch,
    scratch: Vec<u8>,
    cell: Clip,
    width: usize,
}

/// What stands behind a cell.
enum After {
    Cell,
    RowEnd,
}

impl Rows {
    fn new(feed: Feed, delimiter: u8) -> Rows {
        Rows {
            feed,
            parser: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            watch: Watch::new(delimiter),
            scratch: vec![0; SCRATCH],
            cell: Clip::new(CELL_LIMIT),
            width: 0,
        }
    }

    /// The next row with something in it.
    fn next_filled(&mut self) -> Result<Option<Row>, SourceError> {
        loop {
            match self.next()? {
                Some(row) if row.is_blank() => {}
                other => return Ok(other),
            }
        }
    }

    fn next(&mut self) -> Result<Option<Row>, SourceError> {
        let mut row = Row::new(self.width);
        while let Some(after) = self.read_cell(row.room())? {
            if row.cells.len() == COLUMN_LIMIT {
                return Err(SourceError::TooManyColumns {
                    row: self.watch.row(),
                });
            }
            row.push(self.cell.text());
            if let After::RowEnd = after {
                row.number = self.watch.row();
                row.long = self.watch.take_long();
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// Reads the next cell; `None` at the end of the input.
    fn read_cell(&mut self, limit: usize) -> Result<Option<After>, SourceError> {
        self.cell.restart(limit);
        loop {
            match self.read_piece()? {
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::Field { record_end: false } => return Ok(Some(After::Cell)),
                ReadFieldResult::Field { record_end: true } => return Ok(Some(After::RowEnd)),
                ReadFieldResult::End => return Ok(None),
            }
        }
    }

    fn read_piece(&mut self) -> Result<ReadFieldResult, SourceError> {
        let input = self.feed.unread()?;
        let at_end = input.is_empty();
        let (result, read, wrote) = self.parser.read_field(input, &mut self.scratch);
        self.watch.pass(input.get(..read).unwrap_or_default());
        self.cell
            .push(self.scratch.get(..wrote).unwrap_or_default());
        self.feed.consume(read);
        let cut_off = self.watch.open_quote().filter(|_| at_end);
        match self.watch.overrun().or(cut_off) {
            Some(line) => Err(SourceError::UnclosedQuote {
                row: self.watch.row(),
                line,
            }),
            None => Ok(result),
        }
    }
}

#[cfg(test)]
mod tests;
