//! Rows of a table, cell by cell: CSV and TSV by RFC 4180, one header, every row with its number.
//!
//! Owns the limits on cells, rows and columns. Quotes and row numbers are watched by `quote_tracker`; how the table is
//! written is found out by `dialect`. Rows in which something may be escaped are cut by `cut`, and `judge` says
//! which way.

use std::sync::Arc;

use super::SourceError;
use super::feed::Feed;
use super::header_row::numbered;
use super::quote_tracker::LongCell;
use super::rejects::RejectsTable;
use crate::record::{Header, InputId, Place, RecordFacts, Records, Remark};

mod cut;
mod dialect;
mod judge;
mod row;
mod rows;
mod start;
mod swallowed;
mod syntax;

use row::TableRow;
use rows::RowReader;
use swallowed::Neighbours;

pub(super) use dialect::{ColumnNaming, Dialect, TableHints};
#[cfg(test)]
pub(super) use rows::Certainty;
pub(super) use start::TableStart;
pub(super) use syntax::SINGLE_QUOTE;

/// A table whose header was read.
pub(super) struct CsvTable {
    input: InputId,
    pub(super) header: Arc<Header>,
    /// The last row above the table.
    above: u64,
    /// A long cell of the header, reported with the first record.
    long_header: Option<LongCell>,
    rows: RowReader,
    pub(super) rejects: RejectsTable,
    neighbours: Neighbours,
}

impl CsvTable {
    /// Reads the header, where there is one: the first row that is not blank.
    pub(super) fn open(
        feed: Feed,
        input: InputId,
        dialect: &Dialect,
    ) -> Result<CsvTable, SourceError> {
        let mut table = CsvTable {
            input,
            header: Arc::new(numbered(0)),
            above: dialect.above,
            long_header: None,
            rows: RowReader::new(feed, dialect.syntax(), dialect.certainty),
            rejects: RejectsTable::default(),
            neighbours: Neighbours::default(),
        };
        let header = match dialect.heading {
            ColumnNaming::Named => table.read_header()?,
            ColumnNaming::Numbered(columns) => numbered(columns),
        };
        table.rows.width = header.names.len();
        table.rejects = RejectsTable::new(&header);
        table.neighbours = Neighbours::new(&header, dialect.syntax());
        table.header = Arc::new(header);
        Ok(table)
    }

    fn read_header(&mut self) -> Result<Header, SourceError> {
        let mut head = Records::default();
        let row = self.next_row(&mut head)?.ok_or(SourceError::Empty)?;
        self.long_header = row.long;
        row.into_header(head.open())
    }

    /// The next row of the table with something in it.
    fn next_row(&mut self, records: &mut Records) -> Result<Option<TableRow>, SourceError> {
        loop {
            match self.rows.next_filled(records)? {
                Some(row) if row.number <= self.above => records.abandon(),
                other => return Ok(other),
            }
        }
    }

    pub(super) fn read(&mut self, records: &mut Records) -> Result<bool, SourceError> {
        let row = self.next_row(records)?;
        Ok(row.map(|row| self.finish(row, records)).is_some())
    }

    /// Whether the next row with something in it is in memory.
    pub(super) fn holds_row(&self) -> bool {
        self.rows.holds_row()
    }

    fn finish(&mut self, mut row: TableRow, records: &mut Records) {
        let surplus = row::settle_width(records, self.header.names.len());
        let damage = row.damage.take().map(|damage| damage.defect(&self.header));
        let code = self.rejects.code(records.open());
        let doubt = row.doubt(records.open(), code);
        let (mut swallowed, mut of_card) = (None, None);
        // The notes of cards may have lines like rows, but we wrote their quotes: nothing was swallowed.
        if self.rejects.is_of_cards() {
            of_card = self.rejects.restore_card(&self.header, records);
        } else {
            swallowed = self.neighbours.swallowed(&row, records.open(), code);
        }
        let long = self.long_header.take().or(row.long);
        // The defect names the swallowed rows already: a warning that there may be some would say it twice.
        let long = long.filter(|_| swallowed.is_none());
        let place = Place {
            input: self.input,
            row: row.number,
        };
        let facts = RecordFacts {
            defect: damage.or(doubt).or(swallowed).or(surplus).or(of_card),
            remark: long.map(|LongCell { line, lines }| Remark::LongQuotedCell { line, lines }),
            ..RecordFacts::new(place, self.rows.feed.consumed())
        };
        records.finish(&self.header, facts);
    }
}

#[cfg(test)]
mod tests;
