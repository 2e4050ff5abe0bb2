//! A record as it is in an input: where it was, its columns, its cells, and what was wrong with it on reading.
//!
//! Owns the shape that every source yields; `records` keeps them, `cells` says what a cell can be. Knows nothing of
//! files, of mapping or of phones.

use std::sync::Arc;

mod cells;
#[cfg(test)]
mod draft;
mod records;
mod texts;

pub use cells::{Cell, CellFault, CellList, CellValue, Cells};
#[cfg(test)]
pub(crate) use draft::DraftRecord;
pub use records::{Record, RecordFacts, Records, SharedRecord};

/// Which input of an import a record came from: its index in the order of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InputId(pub usize);

/// Where a record is: its input, and the number by which a user finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The input.
    pub input: InputId,
    /// The row a spreadsheet shows (the header is row 1, blank lines count); the record for JSON and vCard; the line
    /// for NDJSON.
    pub row: u64,
}

/// How the columns of a record are addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// One header for the whole input, columns by position.
    Table,
    /// Keys that may differ from record to record, dotted paths for what is nested.
    Object,
    /// The keys of several records, taken together and judged as if they were the header of a table.
    Keys,
}

/// The columns of a record, in order, as they are called in the input.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Header {
    /// How the columns are addressed.
    pub layout: Layout,
    /// The names as they are in the input (for objects: keys, or dotted paths).
    pub names: Vec<String>,
}

/// What was wrong with a record on reading; such a record is invalid, whatever its cells say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Defect {
    /// More cells with something in them than the header has columns.
    SurplusCells {
        /// Cells in the row.
        found: usize,
        /// Columns of the header.
        expected: usize,
    },
    /// Bytes that are not a character in the input's encoding; the cell holds U+FFFD in their place.
    BadEncoding {
        /// The column's name; `None` where the record could not be cut into columns.
        column: Option<String>,
    },
    /// Bytes of a vCard's values that are not a character in any encoding tried; the cells hold U+FFFD in their place,
    /// and the card's text is kept for the rejects file. It counts only where such a value would be sent.
    UnreadValue {
        /// The column's name, of the first such value.
        column: String,
    },
    /// A cell over the limit; the cell holds only its beginning.
    CellTooLarge {
        /// The column's name; `None` where the record could not be cut into columns.
        column: Option<String>,
    },
    /// A quoted cell that holds lines which look like rows of the same table: a quote is missing, or one too many.
    SwallowedRows {
        /// The first row inside the quotes, as a spreadsheet would count it were the quote not there.
        first: u64,
        /// The last of them.
        last: u64,
    },
    /// A backslash that may escape what follows it or may be text, and the two readings differ.
    AmbiguousEscape,
    /// A vCard that is not whole, or text that belongs to none.
    BadCard {
        /// What is wrong, in words a user understands.
        words: String,
    },
    /// A line or an element that is not a JSON object.
    BadJson {
        /// What is wrong, in words a user understands.
        words: String,
    },
}

/// Something worth a warning that does not make the record invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// A quoted cell that spans suspiciously many lines: a stray quote may have eaten rows.
    LongQuotedCell {
        /// The line of the opening quote, counted from 1.
        line: u64,
        /// How many lines the cell spans.
        lines: u64,
    },
}

/// What a file of the same kind would need: a rejects file is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Rows under a header.
    Table {
        /// The columns.
        header: Arc<Header>,
        /// The character between cells.
        delimiter: u8,
    },
    /// Objects, each with keys of its own.
    Objects,
}

#[cfg(test)]
impl Header {
    /// The header of a table, for tests.
    pub(crate) fn of_table(names: &[&str]) -> Arc<Header> {
        Arc::new(Header {
            layout: Layout::Table,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        })
    }
}
