//! What a user may say about how inputs are read.

use super::delimiter::Delimiter;
use super::encoding::Encoding;
use super::escape::Escape;
use super::format::Format;
use super::header_row::HeaderRow;
use super::records_path::RecordsPath;

/// The options about how inputs are read; what no option names is found out.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReadOptions {
    /// What they are.
    pub(crate) format: Option<Format>,
    /// Their encoding; a byte order mark overrules it.
    pub(crate) encoding: Option<Encoding>,
    /// What separates the columns of a table.
    pub(crate) delimiter: Option<Delimiter>,
    /// What escapes a quote inside quotes, in a table.
    pub(crate) escape: Option<Escape>,
    /// Whether tables have a row that names their columns.
    pub(crate) header: HeaderRow,
    /// The sheet of a workbook, by its name or its number from 1.
    pub(crate) sheet: Option<String>,
    /// Which sheet is read where none was named.
    pub(crate) pick: SheetChoice,
    /// Where the records are in a JSON document.
    pub(crate) records: Option<RecordsPath>,
}

/// Which sheet of a workbook is read where none was named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum SheetChoice {
    /// The first whose header names a phone; without one the first that has a header.
    #[default]
    Contacts,
    /// The first that has a header: the mapping names its columns.
    First,
}
