//! A record as it is in an input: where it was, its columns, its cells, and what was wrong with it on reading.
//!
//! Owns the shape that every source yields. Knows nothing of files, of mapping or of phones.

use std::sync::Arc;

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

/// A cell of a record. A blank cell is not absent: the input has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Text as in the input; numbers are never reformatted.
    Text(String),
    /// A JSON array of scalars, each as text; the phones, addresses or categories of a vCard.
    List(Vec<String>),
    /// Something that shows no value: blank for every field, and a reason where it should be a phone.
    Faulty(CellFault, String),
    /// Not there: a row that is too short, or a JSON `null`.
    Absent,
}

/// Why a spreadsheet's cell shows no value that could be sent. The text beside it in [`Cell::Faulty`] is what the file
/// stores, for the rejects file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellFault {
    /// A formula that was not calculated: no value is stored, or 0 where the file asks to be calculated on loading.
    NotCalculated,
    /// An error value: `#N/A`, `#REF!`.
    ErrorValue,
    /// A number whose format shows other digits than are stored, in a way that is not understood.
    UnknownFormat,
}

impl Cell {
    /// The cell as one text; `None` when it is absent or a list.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Cell::Text(text) => Some(text),
            Cell::List(_) | Cell::Faulty(..) | Cell::Absent => None,
        }
    }

    /// Whether a table would show nothing in it.
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Cell::Text(text) | Cell::Faulty(_, text) => text.trim().is_empty(),
            Cell::List(texts) => texts.is_empty(),
            Cell::Absent => true,
        }
    }

    /// Whether it holds U+FFFD, for bytes that could not be read.
    pub(crate) fn is_garbled(&self) -> bool {
        let is_garbled = |text: &String| text.contains(char::REPLACEMENT_CHARACTER);
        match self {
            Cell::Text(text) => is_garbled(text),
            Cell::List(texts) => texts.iter().any(is_garbled),
            Cell::Faulty(..) | Cell::Absent => false,
        }
    }
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

/// A record as it is in its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Where it is.
    pub place: Place,
    /// The columns.
    pub header: Arc<Header>,
    /// The cells, one a column; a defective row may have more.
    pub cells: Vec<Cell>,
    /// JSON only: the text of the object (or of what should have been one) as in the input.
    pub raw: Option<String>,
    /// Whether the sheet hides the row, by hand or by a filter.
    pub hidden: bool,
    /// What was wrong on reading.
    pub defect: Option<Defect>,
    /// What is worth a warning.
    pub remark: Option<Remark>,
    /// Bytes of its input that were read up to its end.
    pub bytes: u64,
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
impl Record {
    /// Row 2 of a table, for tests.
    pub(crate) fn of_table(header: &Arc<Header>, values: &[&str]) -> Record {
        Record {
            place: Place {
                input: InputId(0),
                row: 2,
            },
            header: Arc::clone(header),
            cells: values
                .iter()
                .map(|value| Cell::Text((*value).to_owned()))
                .collect(),
            raw: None,
            hidden: false,
            defect: None,
            remark: None,
            bytes: 0,
        }
    }
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
