//! JSON documents, one or several behind each other: their records are read one at a time, wherever in them they are.
//!
//! Owns the way to the records, and what separates them. Where the way leads is for `nested` to find, and what an
//! element holds for `object` to read.

use std::collections::VecDeque;
use std::io::Read;

use super::SourceError;
use super::bounded_text::{BoundedText, ReadText};
use super::columns_error::ColumnsError;
use super::feed::{Failing, Feed};
use super::grammar::{grammar_error, words};
use super::json_cursor::{JsonCursor, JsonPosition};
use super::nested::{self, FoundRecords, RecordForm};
use super::object::{OBJECT_LIMIT, Objects};
use super::outline::Scan;
use super::records_path::{PathStep, RecordsPath};
use super::rest::Rest;
use super::splitter::{self, Splitter, ValueCut};
use super::spool;
use crate::hint::RECORDS;
use crate::record::{InputId, Records};

mod columns;

pub(super) use columns::RequiredNames;

/// Bytes of a value that holds columns: it is turned round in memory.
const COLUMNS_LIMIT: usize = 64_000_000;

/// What is known of documents before they are read.
pub(super) struct JsonHints<'a> {
    /// Where their records are.
    pub(super) path: Option<&'a RecordsPath>,
    /// Whether the columns of rows without keys must name a phone.
    pub(super) names: RequiredNames,
    /// The same input from its beginning, where it can be had again.
    pub(super) again: &'a dyn Fn() -> Option<Feed>,
}

/// Documents whose beginning was read.
pub(super) struct JsonDocuments {
    cursor: JsonCursor,
    /// Where the records are.
    pub(super) found: FoundRecords,
    names: RequiredNames,
    inside: Vec<Nesting>,
    documents: u64,
    /// Where the document begins that is read, until something is at the end of the path.
    unreached: Option<JsonPosition>,
    records: u64,
    element: BoundedText,
    objects: Objects,
    /// Rows that were made of columns.
    rows: VecDeque<String>,
}

/// What the cursor is inside of.
#[derive(Clone, Copy)]
struct Nesting {
    kind: NestingKind,
    /// Entries were read already: a comma is before each but the first.
    has_entries: bool,
}

#[derive(Clone, Copy)]
enum NestingKind {
    /// A list of records.
    Records,
    /// A list on the way: this step of the path is next for each of its elements.
    List(usize),
    /// An object on the way: this step of the path is its key.
    Object(usize),
}

impl JsonDocuments {
    /// Finds where the records are. For that, documents may have to be read to their end; what cannot be read twice is
    /// copied then.
    pub(super) fn open(
        feed: Feed,
        input: InputId,
        known: &JsonHints<'_>,
    ) -> Result<JsonDocuments, SourceError> {
        let mut cursor = JsonCursor::new(feed);
        match cursor.skip_to_document()? {
            Some(b'[' | b'{') => {}
            Some(_) => return Err(cursor.position.broken("JSON begins with [ or {")),
            None => return Err(SourceError::Empty),
        }
        let (cursor, found) = located(cursor, known)?;
        Ok(JsonDocuments {
            cursor,
            found,
            names: known.names,
            inside: Vec::new(),
            documents: 0,
            unreached: None,
            records: 0,
            element: BoundedText::new(OBJECT_LIMIT),
            objects: Objects::new(input),
            rows: VecDeque::new(),
        })
    }

    pub(super) fn read(&mut self, records: &mut Records) -> Result<bool, SourceError> {
        loop {
            if let Some(row) = self.rows.pop_front() {
                return self.add_row(&row, records).map(|()| true);
            }
            let is_read = match self.inside.last().copied() {
                Some(inside) => self.read_within(inside, records)?,
                None if self.reach_document()? => self.enter(0, records)?,
                None => return Ok(false),
            };
            if is_read {
                return Ok(true);
            }
        }
    }

    /// Whether the next record is in memory.
    pub(super) fn holds_element(&self) -> bool {
        !self.rows.is_empty() || self.cursor.feed.holds(splitter::hold_an_element)
    }

    /// Whether there was a record.
    fn read_within(&mut self, inside: Nesting, records: &mut Records) -> Result<bool, SourceError> {
        let is_there = self.reach_entry(inside)?;
        self.inside.pop();
        if !is_there {
            return Ok(false);
        }
        self.inside.push(Nesting {
            has_entries: true,
            ..inside
        });
        match inside.kind {
            NestingKind::Records => self.read_element(records),
            NestingKind::List(step) => self.enter(step, records),
            NestingKind::Object(step) => self.read_entry(step, records),
        }
    }

    /// Reaches the next document behind the one before, which must have had something at the end of the path; false
    /// at the end of the input.
    fn reach_document(&mut self) -> Result<bool, SourceError> {
        if let Some(position) = self.unreached.take() {
            return Err(position.broken(format!(
                "the document that begins here has nothing at {RECORDS} {}",
                self.found.path
            )));
        }
        let mut first = self.cursor.skip_to_document()?;
        // Lists that were concatenated by hand have commas between them.
        if first == Some(b',') && self.documents > 0 {
            self.cursor.consume(1)?;
            first = self.cursor.skip_to_document()?.or(Some(b','));
        }
        match first {
            None => return Ok(false),
            Some(b'{' | b'[') => {}
            Some(_) => return Err(self.broken("something is behind the end of the document")),
        }
        self.documents += 1;
        self.unreached = Some(self.cursor.position);
        Ok(true)
    }

    /// Enters the value that begins here; this step of the path is next.
    fn enter(&mut self, step: usize, records: &mut Records) -> Result<bool, SourceError> {
        let first = self.cursor.skip_blanks()?;
        let Some(on_the_way) = self.found.path.step(step) else {
            self.unreached = None;
            return self.enter_records(first, records);
        };
        match (on_the_way, first) {
            (PathStep::Each, Some(b'[')) => {
                // An empty list has nothing at the end of the path, and need not.
                self.unreached = None;
                self.step_into(NestingKind::List(step + 1))?;
            }
            (PathStep::Each | PathStep::Key(_), Some(b'{')) => {
                self.step_into(NestingKind::Object(step))?;
            }
            _ => self.cut_element(OBJECT_LIMIT)?,
        }
        Ok(false)
    }

    fn step_into(&mut self, kind: NestingKind) -> Result<(), SourceError> {
        self.cursor.consume(1)?;
        self.inside.push(Nesting {
            kind,
            has_entries: false,
        });
        Ok(())
    }

    fn enter_records(
        &mut self,
        first: Option<u8>,
        records: &mut Records,
    ) -> Result<bool, SourceError> {
        match (self.found.form, first) {
            (RecordForm::Columns, _) => self.turn_columns().map(|()| false),
            (RecordForm::Objects, Some(b'[')) => {
                self.step_into(NestingKind::Records).map(|()| false)
            }
            (RecordForm::Objects, _) => self.read_element(records),
        }
    }

    /// Reads a key; what is under it is entered or passed over.
    fn read_entry(&mut self, step: usize, records: &mut Records) -> Result<bool, SourceError> {
        let key = self.read_key()?;
        match self.found.path.step(step) {
            Some(PathStep::Each) => self.enter(step + 1, records),
            Some(PathStep::Key(wanted)) if key.as_ref() == Some(wanted) => {
                self.enter(step + 1, records)
            }
            _ => self.cut_element(OBJECT_LIMIT).map(|()| false),
        }
    }

    /// The key that begins here; none if it cannot be decoded.
    fn read_key(&mut self) -> Result<Option<String>, SourceError> {
        if self.cursor.skip_blanks()? != Some(b'"') {
            return Err(self.broken("key must be a string"));
        }
        self.cut_element(OBJECT_LIMIT)?;
        // A key that is cut off or broken cannot be one of the path: it is passed over.
        let key = serde_json::from_str(self.element.readable()).ok();
        if self.cursor.skip_blanks()? != Some(b':') {
            return Err(self.broken("expected `:`"));
        }
        self.cursor.consume(1)?;
        self.cursor.skip_blanks()?;
        Ok(key)
    }

    /// Reaches the next entry; false behind the end of what the cursor is inside of.
    fn reach_entry(&mut self, inside: Nesting) -> Result<bool, SourceError> {
        let end = match inside.kind {
            NestingKind::Records | NestingKind::List(_) => b']',
            NestingKind::Object(_) => b'}',
        };
        match self.cursor.skip_blanks()? {
            None => Err(self.broken("the input ends before its list does")),
            Some(byte) if byte == end => self.cursor.consume(1).map(|()| false),
            Some(_) if !inside.has_entries => Ok(true),
            Some(b',') => self.pass_comma(end),
            Some(b'{') if end == b']' => Err(self.broken("a comma is missing between two records")),
            Some(_) => Err(self.broken("a comma or the end of the list was expected")),
        }
    }

    fn pass_comma(&mut self, end: u8) -> Result<bool, SourceError> {
        self.cursor.consume(1)?;
        match self.cursor.skip_blanks()? {
            None => Err(self.broken("the input ends before its list does")),
            Some(byte) if byte == end => Err(self.broken("a record is missing after the comma")),
            Some(_) => Ok(true),
        }
    }

    fn read_element(&mut self, records: &mut Records) -> Result<bool, SourceError> {
        let start = self.cursor.position;
        self.cut_element(OBJECT_LIMIT)?;
        self.records += 1;
        let place = (self.records, self.cursor.feed.consumed());
        let check = || check_grammar(&self.element, start);
        let added = self.objects.add(&self.element, place, records, check);
        added.map(|()| true)
    }

    /// Reads a value that holds columns, and turns it into rows.
    fn turn_columns(&mut self) -> Result<(), SourceError> {
        let start = self.cursor.position;
        self.cut_element(COLUMNS_LIMIT)?;
        let rows = match self.element.text() {
            ReadText::Whole(text) => {
                check_grammar(&self.element, start)?;
                columns::rows(&text, self.names)
            }
            ReadText::Garbled(_) => Err(ColumnsError::Garbled),
            ReadText::Beginning(_) => Err(ColumnsError::TooLarge),
        };
        self.rows = rows.map_err(|refusal| match self.records {
            0 => SourceError::Columns(refusal),
            // Something may have been sent by now.
            _ => start.broken(refusal.to_string()),
        })?;
        Ok(())
    }

    fn add_row(&mut self, text: &str, records: &mut Records) -> Result<(), SourceError> {
        self.records += 1;
        self.element.restart(OBJECT_LIMIT);
        self.element.push(text.as_bytes());
        let place = (self.records, self.cursor.feed.consumed());
        self.objects.add(&self.element, place, records, || Ok(()))
    }

    /// Reads one value, of which `limit` bytes are kept.
    fn cut_element(&mut self, limit: usize) -> Result<(), SourceError> {
        let start = self.cursor.position;
        let mut splitter = Splitter::new();
        self.element.restart(limit);
        loop {
            let bytes = self.cursor.feed.unread()?;
            if bytes.is_empty() {
                return self.end_within(start, &splitter);
            }
            let cut = splitter.pass(bytes);
            let (ValueCut::Ends(count) | ValueCut::OpenText(count) | ValueCut::GoesOn(count)) = cut;
            keep(
                &mut self.element,
                bytes.get(..count).unwrap_or_default(),
                start,
            )?;
            self.cursor.consume(count)?;
            match cut {
                ValueCut::GoesOn(_) => {}
                ValueCut::Ends(_) => return Ok(()),
                ValueCut::OpenText(_) => {
                    return Err(
                        self.broken("the line ends within a text: its closing quote is missing")
                    );
                }
            }
        }
    }

    fn end_within(&self, start: JsonPosition, splitter: &Splitter) -> Result<(), SourceError> {
        if splitter.may_end() {
            return Ok(());
        }
        check_beginning(&self.element, start)?;
        Err(self.broken("the input ends in the middle of a record"))
    }

    fn broken(&self, words: &str) -> SourceError {
        self.cursor.position.broken(words)
    }
}

/// Where the records are, and a cursor that is again where it was.
fn located(
    mut cursor: JsonCursor,
    known: &JsonHints<'_>,
) -> Result<(JsonCursor, FoundRecords), SourceError> {
    let mut scan = Scan::new();
    let (bytes, rest) = cursor.peek();
    let is_list = bytes.first() == Some(&b'[');
    scan.pass(bytes);
    // The beginning shows what most inputs are.
    if is_list && known.path.is_none() && nested::is_plain_list(scan.outline()) {
        return Ok((cursor, FoundRecords::default()));
    }
    if rest == Rest::Buffered {
        let found = nested::find(scan.outline(), known.path)?;
        return Ok((cursor, found));
    }
    // A file is read twice rather than copied; only a pipe needs a copy.
    let (cursor, scan) = match (known.again)() {
        Some(again) => (cursor, scanned(again)),
        None => copied(cursor)?,
    };
    let found = nested::find(scan.outline(), known.path)?;
    Ok((cursor, found))
}

/// What can be read only once, from a copy.
fn copied(cursor: JsonCursor) -> Result<(JsonCursor, Scan), SourceError> {
    let (position, consumed) = (cursor.position, cursor.feed.consumed());
    let (copy, broken) = spool::keep_what_comes(cursor.feed.into_reader())?;
    let scan = scanned(Feed::new(Box::new(copy.reader())));
    let feed = Feed::after(consumed, Box::new(copy.reader().chain(Failing(broken))));
    Ok((JsonCursor::at(feed, position), scan))
}

/// Scans to the end. Where that cannot be reached the reading stops, too, and says why.
fn scanned(mut feed: Feed) -> Scan {
    let mut scan = Scan::new();
    while let Ok(bytes) = feed.unread() {
        let count = bytes.len();
        if count == 0 || scan.is_broken() {
            break;
        }
        scan.pass(bytes);
        feed.consume(count);
    }
    scan
}

/// Whether the records of lines are within a list of theirs, by the first line: then they are read as documents.
pub(super) fn is_of_lists(line: &[u8], path: Option<&RecordsPath>) -> bool {
    let mut scan = Scan::new();
    scan.pass(line);
    nested::is_within(scan.outline(), path)
}

/// Before an element outgrows its limit its beginning is checked: a bracket or quote that is missing there makes all
/// that follows look like one huge element.
fn keep(element: &mut BoundedText, bytes: &[u8], start: JsonPosition) -> Result<(), SourceError> {
    let (fitting, surplus) = bytes
        .split_at_checked(element.room())
        .unwrap_or((bytes, &[]));
    element.push(fitting);
    if !surplus.is_empty() {
        check_beginning(element, start)?;
    }
    element.push(surplus);
    Ok(())
}

/// A record that cannot be used costs itself; one that breaks the grammar leaves nothing sure of what follows.
fn check_grammar(element: &BoundedText, start: JsonPosition) -> Result<(), SourceError> {
    let text = element.readable();
    grammar_error(text).map_or(Ok(()), |error| {
        Err(start.after(before(text, &error)).broken(words(&error)))
    })
}

/// As [`check_grammar`], for the beginning of an element: an error at its very end may only be the missing rest.
fn check_beginning(element: &BoundedText, start: JsonPosition) -> Result<(), SourceError> {
    let text = element.readable();
    match grammar_error(text) {
        Some(error) if !error.is_eof() && before(text, &error).len() + 1 < text.len() => {
            check_grammar(element, start)
        }
        Some(_) | None => Ok(()),
    }
}

/// The text before the place of an error.
fn before<'a>(text: &'a str, error: &serde_json::Error) -> &'a [u8] {
    let lines_before = error.line().saturating_sub(1);
    let line_start: usize = text
        .split_inclusive('\n')
        .take(lines_before)
        .map(str::len)
        .sum();
    let end = line_start + error.column().saturating_sub(1);
    text.as_bytes().get(..end).unwrap_or(text.as_bytes())
}

#[cfg(test)]
mod tests;
