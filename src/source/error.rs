//! Why an input could not be read, in the words that follow its name.
//!
//! Owns the errors of every source and whose fault they are. What is wrong with a single record is a `Defect`, not an
//! error.

use std::io::{self, ErrorKind};
use std::path::Path;

use super::columns_error::ColumnsError;
use super::records_path::RecordsPath;
use super::workbook::WorkbookError;
use crate::file_name::{CLOSE_IT, HELD_OPEN, is_held_open};
use crate::hint::{INPUT_FORMAT, RECORDS};

/// Why an input could not be opened, or broke off. The text is what the user sees after the input's name.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SourceError {
    /// No file of that name.
    #[error("there is no such file: check its name")]
    NotFound,
    /// A directory.
    #[error("this is a directory: name the files in it")]
    Directory,
    /// Another program keeps it for itself.
    #[error("{HELD_OPEN}: {CLOSE_IT}")]
    HeldOpen,
    /// It could not be opened, or not a byte of it be read.
    #[error("it cannot be read ({}): make it readable, then run again", words(.0))]
    Unreadable(#[source] io::Error),
    /// No bytes but blanks.
    #[error("there is nothing in it: export it again")]
    Empty,
    /// A kind of file that cannot hold contacts.
    #[error("this is {}", .0.words())]
    Foreign(Foreign),
    /// Several lists that may be the contacts.
    #[error(
        "{} lists in it may be the contacts: name the one to send: {}",
        lists.len(),
        choices(lists)
    )]
    SeveralLists {
        /// The way to each.
        lists: Vec<RecordsPath>,
    },
    /// The only list with phones is, by its name, of people who are not the contacts: sellers, agents, relatives.
    #[error("the only list with phones is of other people by its name: if they are the contacts, pass {}", path.option())]
    ListOfOthers {
        /// The way to it.
        path: RecordsPath,
    },
    /// Objects that may be several contacts or parts of one.
    #[error(
        "contacts may be in it under keys of their own: {} reads each, {RECORDS} . all as one",
        path.option()
    )]
    KeyedObjects {
        /// The way to each.
        path: RecordsPath,
    },
    /// Nothing at the path to the records that a user gave.
    #[error(
        "nothing is at {RECORDS} {path}{}",
        if lists.is_empty() {
            ": leave the option out".to_owned()
        } else {
            format!(": try {}", choices(lists))
        }
    )]
    NoRecords {
        /// The way that leads nowhere.
        path: RecordsPath,
        /// The ways to the lists that are there.
        lists: Vec<RecordsPath>,
    },
    /// Columns that cannot be turned into records.
    #[error("{0}")]
    Columns(#[source] ColumnsError),
    /// A quoted cell that reached the end of the input or the limits.
    #[error(
        "row {row}: the quote that opens in line {line} is not closed (within 1,000 lines and 1 MB): close or remove it, then run again"
    )]
    UnclosedQuote {
        /// The row, as a spreadsheet counts.
        row: u64,
        /// The line of the opening quote, counted from 1.
        line: u64,
    },
    /// More columns than a spreadsheet has.
    #[error(
        "row {row} has more than 16,384 columns: check its separators and quotes, then run again"
    )]
    TooManyColumns {
        /// The row, as a spreadsheet counts.
        row: u64,
    },
    /// A header that no table has.
    #[error(
        "row {row}, which should name the columns, holds a cell of over 1 MB: is this a table? save it as CSV UTF-8"
    )]
    HugeHeader {
        /// The row, as a spreadsheet counts.
        row: u64,
    },
    /// JSON that cannot be read on.
    #[error("line {line}, column {column}: {words}: mend it, then run again")]
    BrokenJson {
        /// The line, counted from 1.
        line: u64,
        /// The character in the line, counted from 1.
        column: u64,
        /// What is wrong there.
        words: String,
    },
    /// A vCard file without a card.
    #[error("no vCard begins in it (BEGIN:VCARD): export the contacts again")]
    NoCard,
    /// A spreadsheet that cannot be read.
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
    /// It is another than when it was opened.
    #[error("it was changed while it was read: run again once no other program writes to it")]
    Changed,
    /// Reading failed after it had begun.
    #[error("reading broke off ({}): run again once it can be read to its end", words(.0))]
    BrokeOff(#[source] io::Error),
}

/// Whose fault it is that an input was not read: decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Another input or option is needed: exit code 2.
    Usage,
    /// The input cannot be read, or broke off: exit code 4.
    Input,
}

impl SourceError {
    /// Whose fault it is.
    pub(crate) fn cause(&self) -> Cause {
        match self {
            SourceError::SeveralLists { .. }
            | SourceError::KeyedObjects { .. }
            | SourceError::ListOfOthers { .. }
            | SourceError::NoRecords { .. }
            | SourceError::Columns(_)
            | SourceError::Workbook(WorkbookError::NoSheet { .. }) => Cause::Usage,
            SourceError::NotFound
            | SourceError::Directory
            | SourceError::HeldOpen
            | SourceError::Unreadable(_)
            | SourceError::Empty
            | SourceError::Foreign(_)
            | SourceError::UnclosedQuote { .. }
            | SourceError::TooManyColumns { .. }
            | SourceError::HugeHeader { .. }
            | SourceError::BrokenJson { .. }
            | SourceError::NoCard
            | SourceError::Workbook(_)
            | SourceError::Changed
            | SourceError::BrokeOff(_) => Cause::Input,
        }
    }

    /// The error for a file that the system would not open.
    pub(super) fn unopened(path: &Path) -> impl FnOnce(io::Error) -> SourceError + '_ {
        |error| match error.kind() {
            // No file has a name that Windows does not allow, such as `*.csv`.
            ErrorKind::NotFound | ErrorKind::InvalidFilename => SourceError::NotFound,
            // Windows only says that there is no permission.
            _ if path.is_dir() => SourceError::Directory,
            _ if is_held_open(&error) => SourceError::HeldOpen,
            _ => SourceError::Unreadable(error),
        }
    }
}

/// A kind of file that is recognised by its first bytes and not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Foreign {
    /// A workbook, where another format was named.
    Workbook,
    /// No workbook, where one was named.
    NoWorkbook,
    /// .xlsb
    BinaryWorkbook,
    /// A text of a word processor.
    Document,
    /// Slides.
    Slides,
    /// .numbers, .pages
    Iwork,
    /// An e-mail that Outlook saved.
    Mail,
    /// An Office file from before 2007 that is not a workbook.
    OldOffice,
    /// .zip
    Zip,
    /// Compressed twice.
    Packed,
    /// Sound or film.
    Media,
    /// A program.
    Program,
    /// .bz2, .xz, .7z
    Archive,
    /// .pdf
    Pdf,
    /// .png, .jpg, .gif
    Picture,
    /// UTF-32 text, which few programs write.
    Utf32,
    /// Bytes of an unknown kind.
    Binary,
    /// A page that a browser shows.
    WebPage,
    /// XML, such as Excel's spreadsheet of 2003.
    Xml,
    /// An SQLite database.
    Database,
}

impl Foreign {
    /// What it is, and what to do.
    pub(crate) fn words(self) -> String {
        let words = match self {
            Foreign::Workbook => return format!("a workbook: leave out {INPUT_FORMAT}"),
            Foreign::NoWorkbook => return format!("no workbook: leave out {INPUT_FORMAT}"),
            Foreign::BinaryWorkbook => {
                "a binary Excel workbook (.xlsb): save it as .xlsx or CSV UTF-8"
            }
            Foreign::Document => {
                "a text document: put the contacts into a table with a header, and save that as .xlsx or CSV"
            }
            Foreign::Slides => "a presentation: export the contacts as .xlsx or CSV instead",
            Foreign::Iwork => "a Numbers or Pages document: export it as Excel or CSV",
            Foreign::Mail => "an e-mail: save what is attached to it, then import that",
            Foreign::OldOffice => {
                "an old Office file, but no workbook: save it as .xlsx or CSV UTF-8"
            }
            Foreign::Zip => "a zip archive: unpack it, then import what is in it",
            Foreign::Packed => "compressed twice: unpack it, then import what is in it",
            Foreign::Media => "sound or film: export the contacts as CSV instead",
            Foreign::Program => "a program: export the contacts as CSV instead",
            Foreign::Archive => "an archive: unpack it, then import what is in it",
            Foreign::Pdf => "a PDF: export the contacts as CSV instead",
            Foreign::Picture => "a picture: export the contacts as CSV instead",
            Foreign::Utf32 => "UTF-32 text: save it as CSV UTF-8",
            Foreign::Binary => "no text: export the contacts as CSV instead",
            Foreign::WebPage => {
                "a web page: the export failed or asked for a login (download it again), or it is a table that only calls itself a workbook (open it in Excel and save it as CSV UTF-8)"
            }
            Foreign::Xml => "an XML file: save it as CSV UTF-8",
            Foreign::Database => "a database: export the contacts as CSV instead",
        };
        words.to_owned()
    }
}

/// How many lists a message names.
const MOST_LISTS: usize = 8;

/// The options that each read one of the lists.
fn choices(lists: &[RecordsPath]) -> String {
    let named = lists.iter().take(MOST_LISTS);
    let named: Vec<String> = named.map(RecordsPath::option).collect();
    let more = lists.len().saturating_sub(MOST_LISTS);
    match more {
        0 => named.join(" or "),
        _ => format!("{} or {more} more", named.join(" or ")),
    }
}

fn words(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied => "no permission".to_owned(),
        ErrorKind::NotFound => "it is gone".to_owned(),
        ErrorKind::UnexpectedEof => "it ends too early".to_owned(),
        ErrorKind::TimedOut => "it took too long".to_owned(),
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => "the connection was lost".to_owned(),
        _ => without_number(&error.to_string()),
    }
}

fn without_number(words: &str) -> String {
    words
        .split(" (os error")
        .next()
        .unwrap_or(words)
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(texts: &[&str]) -> Vec<RecordsPath> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn lists_are_named_as_the_options_that_read_them() {
        let lists = paths(&["data.customers", "edges[].node"]);
        let error = SourceError::SeveralLists { lists };
        assert_eq!(
            error.to_string(),
            "2 lists in it may be the contacts: name the one to send: --records data.customers or --records \"edges[].node\""
        );
        let error = SourceError::NoRecords {
            path: "a".parse().unwrap(),
            lists: paths(&["b"; 9]),
        };
        assert!(
            error.to_string().ends_with("--records b or 1 more"),
            "{error}"
        );
    }

    #[test]
    fn the_systems_words_lose_their_number() {
        let error = SourceError::unopened(Path::new("a.csv"))(io::Error::from_raw_os_error(5));
        let text = error.to_string();
        assert!(
            !text.contains("os error") && text.starts_with("it cannot be read ("),
            "{text}"
        );
    }

    #[test]
    fn which_list_is_meant_is_a_matter_of_usage() {
        let lists = paths(&["a", "b"]);
        assert_eq!(SourceError::SeveralLists { lists }.cause(), Cause::Usage);
        assert_eq!(SourceError::Empty.cause(), Cause::Input);
    }
}
