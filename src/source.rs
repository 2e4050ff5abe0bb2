//! The inputs: files and stdin, opened, judged by name and content, and read record by record.
//!
//! Owns the choice of format and the one way to read them all; memory is bounded whatever the input. What a record
//! means is for the mapping to say.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use crate::record::{Header, InputId, Shape};

mod assumed;
mod bounded_text;
mod columns_error;
mod csv;
mod cursor;
mod decoding;
mod delimiter;
mod encoding;
mod error;
mod escape;
mod feed;
mod flat;
mod format;
mod grammar;
mod guard;
mod header_row;
mod headers;
mod input;
mod json;
mod ndjson;
mod nested;
mod object;
mod opened;
mod options;
mod outline;
mod packed;
mod quote_tracker;
mod records_path;
mod rest;
mod sniff;
mod splitter;
mod spool;
mod vcard;
mod workbook;

pub(crate) use assumed::Assumed;
pub(crate) use delimiter::Delimiter;
pub(crate) use encoding::Encoding;
pub(crate) use error::{Cause, Foreign, SourceError};
pub(crate) use escape::Escape;
use feed::{Feed, Marks};
pub(crate) use format::Format;
pub(crate) use header_row::HeaderRow;
pub(crate) use input::Input;
pub(crate) use opened::Opened;
use opened::Records;
pub(crate) use options::{ReadOptions, SheetChoice};
use packed::Packing;
pub(crate) use records_path::RecordsPath;
use rest::Rest;
use vcard::Charsets;
pub(crate) use workbook::WorkbookError;
use workbook::{SheetRequest, Workbook};

/// Opens an input; what was not said about it, its name and content decide.
///
/// # Errors
/// Where it cannot be read, is empty, is nothing that holds contacts, or has no beginning that makes sense.
pub(crate) fn open(
    input: &Input,
    id: InputId,
    options: &ReadOptions,
) -> Result<Opened, SourceError> {
    let input::Bytes {
        reader,
        size,
        guard,
    } = input.bytes()?;
    let name = input.name();
    let mut feed = Feed::new(reader);
    feed.set_guard(guard);
    if let Some(packing) = Packing::of(feed.peek()) {
        return open_packed(&name, packing, feed, id, options);
    }
    let path = input.path().filter(|_| size.is_some());
    let opened = open_plain(&name, path, feed, id, options)?;
    // How far a workbook was read, its bytes do not tell.
    let size = size.filter(|_| opened.sheet.is_none());
    Ok(Opened { size, ..opened })
}

/// Opens what a reader yields as if it were an input of that name.
///
/// # Errors
/// As [`open`].
pub(crate) fn open_reader(
    name: &str,
    reader: Box<dyn Read + Send>,
    id: InputId,
    options: &ReadOptions,
) -> Result<Opened, SourceError> {
    let mut feed = Feed::new(reader);
    match Packing::of(feed.peek()) {
        Some(packing) => open_packed(name, packing, feed, id, options),
        None => open_plain(name, None, feed, id, options),
    }
}

fn open_packed(
    name: &str,
    packing: Packing,
    mut packed: Feed,
    id: InputId,
    options: &ReadOptions,
) -> Result<Opened, SourceError> {
    let guard = packed.take_guard();
    let mut feed = Feed::new(packing.unpack(packed.into_reader()));
    feed.set_guard(guard);
    if Packing::of(feed.peek()).is_some() {
        let what = Foreign::Packed;
        return Err(SourceError::Foreign { what });
    }
    open_plain(packed::inner_name(name), None, feed, id, options)
}

/// Opens what is not compressed; a file that can be read from anywhere also has a path.
fn open_plain(
    name: &str,
    path: Option<&Path>,
    mut feed: Feed,
    id: InputId,
    options: &ReadOptions,
) -> Result<Opened, SourceError> {
    if workbook::is_container(feed.peek()) {
        return open_workbook(path, feed, id, options);
    }
    check_foreign(&mut feed)?;
    if is_of_cards(name, &mut feed, options) {
        return open_cards(feed, id, options);
    }
    let encoding = settle_encoding(&mut feed, options)?;
    check_empty(&mut feed)?;
    let sniffed = || sniff::format(name, feed.peek());
    let format = options.format.unwrap_or_else(sniffed);
    let expected = options.encoding.unwrap_or(Encoding::UTF_8);
    let opened = match format {
        Format::Json | Format::Ndjson => start_json(feed, id, format, options, path),
        _ => start(feed, id, format, options),
    }?;
    let assumed = Assumed {
        encoding: Some(encoding).filter(|encoding| *encoding != expected),
        ..opened.assumed
    };
    Ok(Opened { assumed, ..opened })
}

/// Whether the bytes are those of cards: then each value says for itself which characters its bytes are. Cards in UTF-16
/// are translated as any text.
fn is_of_cards(name: &str, feed: &mut Feed, options: &ReadOptions) -> bool {
    let start = feed.peek();
    let begins = || sniff::format(name, start) == Format::Vcard;
    match options.format {
        Some(Format::Vcard) => begins() || Encoding::wide(start).is_none(),
        Some(_) => false,
        None => begins(),
    }
}

fn open_cards(mut feed: Feed, id: InputId, options: &ReadOptions) -> Result<Opened, SourceError> {
    let marks = feed.drop_marks();
    check_foreign(&mut feed)?;
    check_empty(&mut feed)?;
    let guess = match options.encoding {
        None => vcard::guess(feed.peek()),
        Some(_) => None,
    };
    let (named, guessed) = match marks {
        // A byte order mark knows better than the user; what is not UTF-8 in spite of it is as the user says.
        Marks::Some => (None, options.encoding.or(guess)),
        Marks::None => (options.encoding, guess),
    };
    let opened = start_cards(feed, id, Charsets { named, guessed });
    let assumed = Assumed {
        encoding: guess,
        ..Assumed::default()
    };
    Ok(Opened { assumed, ..opened })
}

fn open_workbook(
    path: Option<&Path>,
    feed: Feed,
    id: InputId,
    options: &ReadOptions,
) -> Result<Opened, SourceError> {
    let file = match path {
        Some(path) => File::open(path).map_err(SourceError::unopened)?,
        None => spool::copy(feed.into_reader())?,
    };
    let wanted = SheetRequest {
        sheet: options.sheet.clone(),
        pick: options.pick,
    };
    let book = Workbook::open(file, id, wanted, options.header)?;
    if options.format.is_some_and(|format| format != Format::Xlsx) {
        let what = Foreign::Workbook;
        return Err(SourceError::Foreign { what });
    }
    let sheet = book.sheet().to_owned();
    Ok(Opened {
        assumed: Assumed {
            sheet: book
                .is_one_of_several()
                .then(|| sheet.clone())
                .filter(|_| options.sheet.is_none()),
            other_sheets: book.other_sheets(),
            banner: book.banner(),
            ..Assumed::default()
        },
        header: book.header_row(),
        sheet: Some(sheet),
        sheets: book.sheets().to_vec(),
        ..Opened::new(
            table(book.header(), Delimiter::COMMA),
            Records::Sheet(Box::new(book)),
        )
    })
}

fn table(header: &Arc<Header>, delimiter: Delimiter) -> Shape {
    Shape::Table {
        header: Arc::clone(header),
        delimiter: delimiter.byte(),
    }
}

fn check_foreign(feed: &mut Feed) -> Result<(), SourceError> {
    match sniff::foreign(feed.peek()) {
        Some(what) => Err(SourceError::Foreign { what }),
        None => Ok(()),
    }
}

/// From here on the feed gives UTF-8, without a mark.
fn settle_encoding(feed: &mut Feed, options: &ReadOptions) -> Result<Encoding, SourceError> {
    feed.peek();
    let rest = feed.rest();
    let what = Foreign::Binary;
    let named = options.encoding;
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
    options: &ReadOptions,
) -> Result<Opened, SourceError> {
    match format {
        Format::Csv | Format::Tsv => start_table(feed, id, format, options),
        Format::Vcard => Ok(start_cards(feed, id, Charsets::default())),
        Format::Json | Format::Ndjson => start_json(feed, id, format, options, None),
        Format::Xlsx => {
            let what = Foreign::NoWorkbook;
            Err(SourceError::Foreign { what })
        }
    }
}

/// Lines that each hold a list of records are documents one behind another.
fn start_json(
    mut feed: Feed,
    id: InputId,
    format: Format,
    options: &ReadOptions,
    path: Option<&Path>,
) -> Result<Opened, SourceError> {
    let is_lines = format == Format::Ndjson
        && (options.format == Some(Format::Ndjson)
            || !json::is_of_lists(first_line(feed.peek()), options.records.as_ref()));
    if is_lines {
        let lines = ndjson::Lines::open(feed, id);
        return Ok(Opened::new(Shape::Objects, Records::Lines(Box::new(lines))));
    }
    let known = json::Known {
        path: options.records.as_ref(),
        names: match options.pick {
            SheetChoice::Contacts => json::Names::Phone,
            SheetChoice::First => json::Names::Any,
        },
        again: &|| reopened(path?, options).ok(),
    };
    let documents = json::Documents::open(feed, id, &known)?;
    let found = documents.found();
    let is_told = options.records.is_none() && !found.path.is_document();
    Ok(Opened {
        assumed: Assumed {
            records: is_told.then(|| found.path.clone()),
            other_lists: found.others.clone(),
            ..Assumed::default()
        },
        ..Opened::new(Shape::Objects, Records::Documents(Box::new(documents)))
    })
}

/// A regular file from its beginning, read as it was before.
fn reopened(path: &Path, options: &ReadOptions) -> Result<Feed, SourceError> {
    let file = File::open(path).map_err(SourceError::unopened)?;
    let mut feed = Feed::new(Box::new(file));
    settle_encoding(&mut feed, options)?;
    Ok(feed)
}

fn first_line(bytes: &[u8]) -> &[u8] {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    lines
        .find(|line| !line.trim_ascii().is_empty())
        .unwrap_or_default()
}

fn start_cards(feed: Feed, id: InputId, charsets: Charsets) -> Opened {
    let cards = vcard::Cards::open(feed, id, charsets);
    let shape = table(cards.header(), Delimiter::COMMA);
    Opened::new(shape, Records::Cards(Box::new(cards)))
}

fn start_table(
    mut feed: Feed,
    id: InputId,
    format: Format,
    options: &ReadOptions,
) -> Result<Opened, SourceError> {
    feed.peek();
    let rest = feed.rest();
    let bytes = feed.peek();
    let found = csv::Start { bytes, rest }.dialect(known(format, options));
    let delimiter = found.dialect.delimiter;
    let mut rows = csv::Table::open(feed, id, &found.dialect)?;
    rows.name_encoding(options.encoding);
    let shape = table(rows.header(), delimiter);
    Ok(Opened {
        assumed: Assumed {
            delimiter: found.is_guessed.then_some(delimiter),
            escape: found.escape,
            spaces: found.dialect.spaces,
            banner: found.banner,
            ..Assumed::default()
        },
        header: match found.dialect.heading {
            csv::Heading::Named => HeaderRow::First,
            csv::Heading::Numbered(_) => HeaderRow::None,
        },
        ..Opened::new(shape, Records::Table(Box::new(rows)))
    })
}

/// A file that is called `.tsv` probably has tabs; one that the user calls TSV has.
fn known(format: Format, options: &ReadOptions) -> csv::Known {
    let usual = match format {
        Format::Tsv => Delimiter::TAB,
        _ => Delimiter::COMMA,
    };
    let said = options.format.filter(|format| *format == Format::Tsv);
    csv::Known {
        delimiter: options.delimiter,
        of_format: said.map(|_| Delimiter::TAB),
        usual,
        escape: options.escape,
        header: options.header,
    }
}

#[cfg(test)]
mod tests;
