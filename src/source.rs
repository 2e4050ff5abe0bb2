//! The inputs: files and stdin, opened, judged by name and content, and read record by record.
//!
//! Owns the choice of format and the one way to read them all; memory is bounded whatever the input. What a record
//! means is for the mapping to say.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use crate::record::{InputId, Place, Record, Shape};

mod assumed;
mod clip;
mod csv;
mod cursor;
mod decoding;
mod delimiter;
mod encoding;
mod error;
mod feed;
mod flat;
mod headers;
mod json;
mod ndjson;
mod object;
mod outline;
mod sniff;
mod splitter;
mod vcard;
mod watch;

pub use assumed::Assumed;
pub use csv::dialect::HeaderRow;
use csv::dialect::{Heading, Known, Start};
pub use delimiter::{Delimiter, DelimiterError};
pub use encoding::{Encoding, UnknownEncoding};
pub use error::{Cause, Foreign, SourceError};
use feed::{Feed, Rest};

/// How an input is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated (RFC 4180).
    Csv,
    /// Separated by tabs.
    Tsv,
    /// A list of objects, or one object.
    Json,
    /// An object a line.
    Ndjson,
    /// Cards of an address book, 2.1 to 4.0.
    Vcard,
}

impl Format {
    /// All formats, as the command line names them.
    pub const ALL: [Format; 5] = [
        Format::Csv,
        Format::Tsv,
        Format::Json,
        Format::Ndjson,
        Format::Vcard,
    ];

    /// The format's name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Json => "json",
            Format::Ndjson => "ndjson",
            Format::Vcard => "vcard",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A format that nobody knows.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown format \"{0}\": csv, tsv, json, ndjson or vcard")]
pub struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Format, UnknownFormat> {
        let known = Format::ALL
            .into_iter()
            .find(|format| format.as_str().eq_ignore_ascii_case(name));
        known.ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// What stdin is called where it has no name.
const STDIN: &str = "stdin";

/// What a user said about how inputs are read; what was not said is found out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// What they are.
    pub format: Option<Format>,
    /// What their bytes stand for; a byte order mark knows better.
    pub encoding: Option<Encoding>,
    /// What stands between the columns of a table.
    pub delimiter: Option<Delimiter>,
    /// Whether tables have a row that names their columns.
    pub header: HeaderRow,
}

/// Where records come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input(Origin);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Origin {
    File(PathBuf),
    Stdin { name: String },
}

impl Input {
    /// A file.
    pub fn file(path: impl Into<PathBuf>) -> Input {
        Input(Origin::File(path.into()))
    }

    /// The standard input.
    pub fn stdin() -> Input {
        Input::named_stdin(STDIN)
    }

    /// The standard input under a name, by which it is known again.
    pub fn named_stdin(name: impl Into<String>) -> Input {
        Input(Origin::Stdin { name: name.into() })
    }

    /// The file's path; stdin has none.
    pub fn path(&self) -> Option<&Path> {
        match &self.0 {
            Origin::File(path) => Some(path),
            Origin::Stdin { .. } => None,
        }
    }

    /// What messages call it: the path as it was given, or stdin's name.
    pub fn name(&self) -> String {
        match &self.0 {
            Origin::File(path) => path.display().to_string(),
            Origin::Stdin { name } => name.clone(),
        }
    }

    /// What a rejects file is named after: the file's name without its extension, or `stdin`.
    pub fn stem(&self) -> String {
        let stem = self.path().and_then(Path::file_stem);
        stem.map_or_else(
            || "stdin".to_owned(),
            |stem| stem.to_string_lossy().into_owned(),
        )
    }

    fn reader(&self) -> Result<(Box<dyn Read + Send>, Option<u64>), SourceError> {
        match &self.0 {
            Origin::Stdin { .. } => Ok((Box::new(io::stdin()), None)),
            Origin::File(path) => file_reader(path),
        }
    }
}

fn file_reader(path: &Path) -> Result<(Box<dyn Read + Send>, Option<u64>), SourceError> {
    let file = File::open(path).map_err(SourceError::unopened)?;
    let metadata = file.metadata().map_err(SourceError::Unreadable)?;
    if metadata.is_dir() {
        return Err(SourceError::Directory);
    }
    let size = metadata.is_file().then_some(metadata.len());
    Ok((Box::new(file), size))
}

/// An input that is being read.
pub struct Opened {
    /// What a rejects file of it looks like.
    pub shape: Shape,
    /// How it is read.
    pub format: Format,
    /// What was found out that nobody said.
    pub assumed: Assumed,
    /// Whether its columns have names.
    pub header: HeaderRow,
    /// Its size in bytes, where it is a regular file.
    pub size: Option<u64>,
    records: Records,
    read_through: Option<Place>,
}

enum Records {
    Table(Box<csv::Table>),
    Document(Box<json::Document>),
    Lines(Box<ndjson::Lines>),
    Cards(Box<vcard::Cards>),
    Over,
}

impl Records {
    fn next(&mut self) -> Result<Option<Record>, SourceError> {
        match self {
            Records::Table(table) => table.next(),
            Records::Document(document) => document.next(),
            Records::Lines(lines) => lines.next(),
            Records::Cards(cards) => cards.next(),
            Records::Over => Ok(None),
        }
    }
}

impl Opened {
    /// The next record; after an error or the end, `None` for ever.
    ///
    /// # Errors
    /// Where the input breaks off. What came before was yielded.
    #[expect(
        clippy::should_implement_trait,
        reason = "an error ends it, which an iterator's items do not say"
    )]
    pub fn next(&mut self) -> Result<Option<Record>, SourceError> {
        let next = self.records.next();
        match &next {
            Ok(Some(record)) => self.read_through = Some(record.place),
            Ok(None) | Err(_) => self.records = Records::Over,
        }
        next
    }

    /// The place of the last record that was yielded.
    pub fn read_through(&self) -> Option<Place> {
        self.read_through
    }
}

/// Opens an input; what was not said about it, its name and content decide.
///
/// # Errors
/// Where it cannot be read, is empty, is no text, or has no beginning that makes sense.
pub fn open(input: &Input, id: InputId, options: &Options) -> Result<Opened, SourceError> {
    let (reader, size) = input.reader()?;
    let opened = open_reader(&input.name(), reader, id, options)?;
    Ok(Opened { size, ..opened })
}

/// Opens what a reader yields as if it were an input of that name.
///
/// # Errors
/// As [`open`].
pub fn open_reader(
    name: &str,
    reader: Box<dyn Read + Send>,
    id: InputId,
    options: &Options,
) -> Result<Opened, SourceError> {
    let mut feed = Feed::new(reader);
    check_foreign(&mut feed)?;
    let encoding = settle_encoding(&mut feed, options)?;
    check_empty(&mut feed)?;
    let sniffed = || sniff::format(name, feed.peek());
    let format = options.format.unwrap_or_else(sniffed);
    let expected = options.encoding.unwrap_or(Encoding::UTF_8);
    let opened = start(feed, id, format, options)?;
    let assumed = Assumed {
        encoding: Some(encoding).filter(|encoding| *encoding != expected),
        ..opened.assumed
    };
    Ok(Opened { assumed, ..opened })
}

fn check_foreign(feed: &mut Feed) -> Result<(), SourceError> {
    match sniff::foreign(feed.peek()) {
        Some(what) => Err(SourceError::Foreign { what }),
        None => Ok(()),
    }
}

/// From here on the feed gives UTF-8, without a mark.
fn settle_encoding(feed: &mut Feed, options: &Options) -> Result<Encoding, SourceError> {
    feed.peek();
    let rest = feed.rest();
    let what = Foreign::Binary;
    // Each line of a card says for itself which characters its bytes are.
    let is_card = options.format == Some(Format::Vcard) || sniff::begins_card(feed.peek());
    let named = options.encoding.or(is_card.then_some(Encoding::UTF_8));
    let encoding = Encoding::of(feed.peek(), rest, named).ok_or(SourceError::Foreign { what })?;
    if encoding != Encoding::UTF_8 {
        feed.translate(encoding);
    }
    feed.drop_marks();
    check_foreign(feed)?;
    Ok(encoding)
}

fn check_empty(feed: &mut Feed) -> Result<(), SourceError> {
    let blank = feed.peek().trim_ascii().is_empty();
    if blank && feed.rest() == Rest::Buffered {
        return Err(SourceError::Empty);
    }
    feed.unread().map(|_| ())
}

fn start(
    feed: Feed,
    id: InputId,
    format: Format,
    options: &Options,
) -> Result<Opened, SourceError> {
    let records = match format {
        Format::Csv | Format::Tsv => return start_table(feed, id, format, options),
        Format::Vcard => return Ok(start_cards(feed, id)),
        Format::Json => Records::Document(Box::new(json::Document::open(feed, id)?)),
        Format::Ndjson => Records::Lines(Box::new(ndjson::Lines::open(feed, id))),
    };
    Ok(Opened {
        shape: Shape::Objects,
        format,
        assumed: Assumed::default(),
        header: HeaderRow::First,
        size: None,
        records,
        read_through: None,
    })
}

fn start_cards(feed: Feed, id: InputId) -> Opened {
    let cards = vcard::Cards::open(feed, id);
    Opened {
        shape: Shape::Table {
            header: Arc::clone(cards.header()),
            delimiter: Delimiter::COMMA.byte(),
        },
        format: Format::Vcard,
        assumed: Assumed::default(),
        header: HeaderRow::First,
        size: None,
        records: Records::Cards(Box::new(cards)),
        read_through: None,
    }
}

fn start_table(
    mut feed: Feed,
    id: InputId,
    format: Format,
    options: &Options,
) -> Result<Opened, SourceError> {
    feed.peek();
    let rest = feed.rest();
    let bytes = feed.peek();
    let found = Start { bytes, rest }.dialect(known(format, options));
    let delimiter = found.dialect.delimiter;
    let table = csv::Table::open(feed, id, &found.dialect)?;
    Ok(Opened {
        shape: Shape::Table {
            header: Arc::clone(table.header()),
            delimiter: delimiter.byte(),
        },
        format,
        assumed: Assumed {
            encoding: None,
            delimiter: found.is_guessed.then_some(delimiter),
            banner: found.banner,
        },
        header: match found.dialect.heading {
            Heading::Named => HeaderRow::First,
            Heading::Numbered(_) => HeaderRow::None,
        },
        size: None,
        records: Records::Table(Box::new(table)),
        read_through: None,
    })
}

/// A file that is called `.tsv` probably has tabs; one that the user calls TSV has.
fn known(format: Format, options: &Options) -> Known {
    let usual = match format {
        Format::Tsv => Delimiter::TAB,
        Format::Csv | Format::Json | Format::Ndjson | Format::Vcard => Delimiter::COMMA,
    };
    let said = options.format.filter(|format| *format == Format::Tsv);
    Known {
        delimiter: options.delimiter,
        of_format: said.map(|_| Delimiter::TAB),
        usual,
        header: options.header,
    }
}

#[cfg(test)]
mod tests;
