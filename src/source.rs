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
mod change_detector;
mod columns_error;
mod csv;
mod decoding;
mod delimiter;
mod encoding;
mod error;
mod escape;
mod feed;
mod flat;
mod format;
mod grammar;
mod header_cache;
mod header_row;
mod input;
mod json;
mod json_cursor;
mod ndjson;
mod nested;
mod object;
mod opened;
mod options;
mod outline;
mod packed;
mod quote_tracker;
mod records_path;
mod rejects;
mod rest;
mod small_text;
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
use feed::Feed;
pub(crate) use format::Format;
pub(crate) use header_row::HeaderRow;
pub(crate) use input::Input;
pub(crate) use opened::OpenInput;
use opened::RecordReader;
pub(crate) use options::{ReadOptions, SheetChoice};
use packed::Packing;
pub(crate) use records_path::RecordsPath;
use rest::Rest;
pub(crate) use small_text::read_small_text;
use vcard::Charsets;
use workbook::Workbook;
pub(crate) use workbook::WorkbookError;

/// Opens an input; its name and content decide what no option names.
///
/// # Errors
/// Where it cannot be read, is empty, is nothing that holds contacts, or has no beginning that makes sense.
pub(crate) fn open(
    input: &Input,
    id: InputId,
    options: &ReadOptions,
) -> Result<OpenInput, SourceError> {
    let input::Bytes {
        reader,
        size,
        change_detector,
    } = input.bytes()?;
    let name = input.name();
    let mut feed = Feed::new(reader);
    feed.change_detector = change_detector;
    if let Some(packing) = Packing::of(feed.peek()) {
        return open_packed(&name, packing, feed, id, options);
    }
    let path = input.path().filter(|_| size.is_some());
    let opened = open_plain(&name, path, feed, id, options)?;
    // The bytes of a workbook do not show how far its rows were read: it is unpacked ahead of them.
    let size = size.filter(|_| opened.sheet.is_none());
    Ok(OpenInput { size, ..opened })
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
) -> Result<OpenInput, SourceError> {
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
) -> Result<OpenInput, SourceError> {
    let change_detector = packed.change_detector.take();
    let unpacked = packing.unpack(packed.into_reader());
    let mut feed = Feed::new(unpacked);
    feed.change_detector = change_detector;
    // Unpacking again and again would let a few bytes grow without a bound.
    if Packing::of(feed.peek()).is_some() {
        return Err(SourceError::Foreign(Foreign::Packed));
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
) -> Result<OpenInput, SourceError> {
    if workbook::is_container(feed.peek()) {
        return open_workbook(path, feed, id, options);
    }
    // Before anything is guessed: a PDF would be read as a table of one column.
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
        Format::Csv | Format::Tsv => start_table(feed, id, format, options)?,
        Format::Vcard => start_cards(feed, id, Charsets::default()),
        Format::Json | Format::Ndjson => start_json(feed, id, format, options, path)?,
        Format::Xlsx => return Err(SourceError::Foreign(Foreign::NoWorkbook)),
    };
    let assumed = Assumed {
        encoding: Some(encoding).filter(|encoding| *encoding != expected),
        ..opened.assumed
    };
    Ok(OpenInput { assumed, ..opened })
}

/// Whether the bytes are those of cards: then each value says for itself which characters its bytes are. Cards in
/// UTF-16 are translated as any text.
fn is_of_cards(name: &str, feed: &mut Feed, options: &ReadOptions) -> bool {
    let start = feed.peek();
    let begins = || sniff::format(name, start) == Format::Vcard;
    match options.format {
        Some(Format::Vcard) => begins() || Encoding::wide(start).is_none(),
        Some(_) => false,
        None => begins(),
    }
}

fn open_cards(
    mut feed: Feed,
    id: InputId,
    options: &ReadOptions,
) -> Result<OpenInput, SourceError> {
    let has_mark = feed.drop_marks();
    check_foreign(&mut feed)?;
    check_empty(&mut feed)?;
    let guess = match options.encoding {
        None => vcard::guess(feed.peek()),
        Some(_) => None,
    };
    let (named, guessed) = match has_mark {
        // A byte order mark overrules the user; bytes that are not UTF-8 in spite of it are in the encoding that was
        // named.
        true => (None, options.encoding.or(guess)),
        false => (options.encoding, guess),
    };
    let opened = start_cards(feed, id, Charsets { named, guessed });
    let assumed = Assumed {
        encoding: guess,
        ..Assumed::default()
    };
    Ok(OpenInput { assumed, ..opened })
}

fn open_workbook(
    path: Option<&Path>,
    feed: Feed,
    id: InputId,
    options: &ReadOptions,
) -> Result<OpenInput, SourceError> {
    let file = match path {
        Some(path) => File::open(path).map_err(SourceError::unopened(path))?,
        // A zip is read from its end, so that a pipe must be copied.
        None => spool::copy(feed.into_reader())?,
    };
    let book = Workbook::open(file, id, options)?;
    if options.format.is_some_and(|format| format != Format::Xlsx) {
        return Err(SourceError::Foreign(Foreign::Workbook));
    }
    let sheet = &book.sheet;
    let is_chosen = sheet.of.len() > 1 && options.sheet.is_none();
    Ok(OpenInput {
        assumed: Assumed {
            sheet: is_chosen.then(|| sheet.name.clone()),
            other_sheets: sheet.others.clone(),
            banner: book.banner,
            ..Assumed::default()
        },
        header: book.header_row,
        sheet: Some(sheet.name.clone()),
        sheets: sheet.of.clone(),
        ..OpenInput::new(
            table(&book.header, Delimiter::COMMA),
            RecordReader::Sheet(Box::new(book)),
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
        Some(what) => Err(SourceError::Foreign(what)),
        None => Ok(()),
    }
}

/// From here on the feed gives UTF-8, without a byte order mark.
fn settle_encoding(feed: &mut Feed, options: &ReadOptions) -> Result<Encoding, SourceError> {
    feed.peek();
    let rest = feed.rest();
    let encoding = Encoding::of(feed.peek(), rest, options.encoding)
        .ok_or(SourceError::Foreign(Foreign::Binary))?;
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

/// Lines that each hold a list of records are documents one behind another.
fn start_json(
    mut feed: Feed,
    id: InputId,
    format: Format,
    options: &ReadOptions,
    path: Option<&Path>,
) -> Result<OpenInput, SourceError> {
    let is_lines = format == Format::Ndjson
        && (options.format == Some(Format::Ndjson)
            || !json::is_of_lists(first_line(feed.peek()), options.records.as_ref()));
    if is_lines {
        let lines = ndjson::NdjsonLines::open(feed, id);
        return Ok(OpenInput::new(
            Shape::Objects,
            RecordReader::Lines(Box::new(lines)),
        ));
    }
    let known = json::JsonHints {
        path: options.records.as_ref(),
        names: match options.pick {
            SheetChoice::Contacts => json::RequiredNames::Phone,
            SheetChoice::First => json::RequiredNames::Any,
        },
        again: &|| reopened(path?, options).ok(),
    };
    let documents = json::JsonDocuments::open(feed, id, &known)?;
    let found = &documents.found;
    let is_guessed = options.records.is_none() && !found.path.is_document();
    Ok(OpenInput {
        assumed: Assumed {
            records: is_guessed.then(|| found.path.clone()),
            other_lists: found.others.clone(),
            ..Assumed::default()
        },
        ..OpenInput::new(Shape::Objects, RecordReader::Documents(Box::new(documents)))
    })
}

/// A regular file from its beginning, read as it was before.
fn reopened(path: &Path, options: &ReadOptions) -> Result<Feed, SourceError> {
    let file = File::open(path).map_err(SourceError::unopened(path))?;
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

fn start_cards(feed: Feed, id: InputId, charsets: Charsets) -> OpenInput {
    let cards = vcard::Cards::open(feed, id, charsets);
    let shape = table(&cards.header, Delimiter::COMMA);
    OpenInput::new(shape, RecordReader::Cards(Box::new(cards)))
}

fn start_table(
    mut feed: Feed,
    id: InputId,
    format: Format,
    options: &ReadOptions,
) -> Result<OpenInput, SourceError> {
    feed.peek();
    let rest = feed.rest();
    let bytes = feed.peek();
    let found = csv::TableStart { bytes, rest }.dialect(known(format, options));
    let delimiter = found.dialect.delimiter;
    let mut rows = csv::CsvTable::open(feed, id, &found.dialect)?;
    rows.rejects.named = options.encoding;
    let shape = table(&rows.header, delimiter);
    Ok(OpenInput {
        assumed: Assumed {
            delimiter: found.is_guessed.then_some(delimiter),
            escape: found.escape,
            has_single_quotes: found.dialect.quote == csv::SINGLE_QUOTE,
            skips_spaces: found.dialect.skips_spaces,
            banner: found.banner,
            ..Assumed::default()
        },
        header: match found.dialect.heading {
            csv::ColumnNaming::Named => HeaderRow::First,
            csv::ColumnNaming::Numbered(_) => HeaderRow::None,
        },
        ..OpenInput::new(shape, RecordReader::Table(Box::new(rows)))
    })
}

/// A file that is called `.tsv` probably has tabs; one that the user calls TSV has.
fn known(format: Format, options: &ReadOptions) -> csv::TableHints {
    let usual = match format {
        Format::Tsv => Delimiter::TAB,
        _ => Delimiter::COMMA,
    };
    let named = options.format.filter(|format| *format == Format::Tsv);
    csv::TableHints {
        delimiter: options.delimiter,
        of_format: named.map(|_| Delimiter::TAB),
        usual,
        escape: options.escape,
        header: options.header,
    }
}

#[cfg(test)]
mod tests;
