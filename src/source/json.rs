//! A JSON document: a list of objects, read one at a time, or one object alone.
//!
//! Owns what stands between the elements. What an element holds is for `object` to read.

use super::SourceError;
use super::clip::Clip;
use super::cursor::{Cursor, Position};
use super::feed::Feed;
use super::nested::{self, Nested};
use super::object::{OBJECT_LIMIT, Objects, grammar_error, words};
use super::outline::Outline;
use super::splitter::{Cut, Splitter};
use crate::record::{Flaw, InputId, Record};

/// A document whose beginning was read.
pub(super) struct Document {
    cursor: Cursor,
    stage: Stage,
    records: u64,
    element: Clip,
    objects: Objects,
}

enum Stage {
    List,
    /// One object alone, until it is asked for.
    Alone(Box<Record>),
    AfterAll,
}

/// Whether another element of a list begins here.
enum Next {
    Element,
    End,
}

impl Document {
    /// Reads up to the first element; an object that is no list, whole.
    pub(super) fn open(feed: Feed, input: InputId) -> Result<Document, SourceError> {
        let mut document = Document {
            cursor: Cursor::new(feed),
            stage: Stage::List,
            records: 0,
            element: Clip::new(OBJECT_LIMIT),
            objects: Objects::new(input),
        };
        match document.cursor.skip_blanks()? {
            Some(b'[') => document.cursor.consume(1)?,
            Some(b'{') => document.read_alone()?,
            Some(_) => return Err(document.broken("JSON begins with [ or {")),
            None => return Err(SourceError::Empty),
        }
        Ok(document)
    }

    pub(super) fn next(&mut self) -> Result<Option<Record>, SourceError> {
        match std::mem::replace(&mut self.stage, Stage::AfterAll) {
            Stage::Alone(record) => Ok(Some(*record)),
            Stage::AfterAll => self.expect_nothing(),
            Stage::List => self.next_of_list(),
        }
    }

    fn next_of_list(&mut self) -> Result<Option<Record>, SourceError> {
        match self.reach_next()? {
            Next::End => self.expect_nothing(),
            Next::Element => {
                self.stage = Stage::List;
                self.read_element(|_| Ok(())).map(Some)
            }
        }
    }

    fn reach_next(&mut self) -> Result<Next, SourceError> {
        match self.cursor.skip_blanks()? {
            None => Err(self.broken("the input ends before its list does")),
            Some(b']') => self.cursor.consume(1).map(|()| Next::End),
            Some(_) if self.records == 0 => Ok(Next::Element),
            Some(b',') => self.pass_comma(),
            Some(b'{') => Err(self.broken("a comma is missing between two records")),
            Some(_) => Err(self.broken("a comma or the end of the list was expected")),
        }
    }

    fn pass_comma(&mut self) -> Result<Next, SourceError> {
        self.cursor.consume(1)?;
        match self.cursor.skip_blanks()? {
            None => Err(self.broken("the input ends before its list does")),
            Some(b']') => Err(self.broken("a record is missing after the comma")),
            Some(_) => Ok(Next::Element),
        }
    }

    fn expect_nothing(&mut self) -> Result<Option<Record>, SourceError> {
        match self.cursor.skip_blanks()? {
            None => Ok(None),
            Some(b'{') => Err(self.broken(
                "another object begins here (if there is one a line: --input-format ndjson)",
            )),
            Some(_) => Err(self.broken("something stands behind the end of the document")),
        }
    }

    fn read_alone(&mut self) -> Result<(), SourceError> {
        let mut outline = Outline::new();
        let record = self.read_element(|bytes| {
            outline.pass(bytes);
            outline
                .list_key()
                .map_or(Ok(()), |key| Err(SourceError::ListUnderKey { key }))
        })?;
        if let Some(nested) = nested::contacts(&record.header.names) {
            return Err(match nested {
                Nested::List(key) => SourceError::ListUnderKey { key },
                Nested::Keyed(key) => SourceError::KeyedContacts {
                    key: Some(key).filter(|key| !key.is_empty()),
                },
            });
        }
        self.stage = Stage::Alone(Box::new(record));
        Ok(())
    }

    /// Reads one element, whose bytes are shown to `look` as they go by.
    fn read_element(
        &mut self,
        look: impl FnMut(&[u8]) -> Result<(), SourceError>,
    ) -> Result<Record, SourceError> {
        let start = self.cursor.position();
        self.cut_element(start, look)?;
        self.records += 1;
        let record = self
            .objects
            .record(&self.element, self.records, self.cursor.consumed());
        match record.flaw {
            Some(Flaw::BadJson { .. }) => check_grammar(&self.element, start).map(|()| record),
            _ => Ok(record),
        }
    }

    fn cut_element(
        &mut self,
        start: Position,
        mut look: impl FnMut(&[u8]) -> Result<(), SourceError>,
    ) -> Result<(), SourceError> {
        let mut splitter = Splitter::new();
        self.element.restart(OBJECT_LIMIT);
        loop {
            let bytes = self.cursor.unread()?;
            if bytes.is_empty() {
                return self.end_within(start, &splitter);
            }
            let cut = splitter.pass(bytes);
            let (Cut::Ends(count) | Cut::OpenText(count) | Cut::GoesOn(count)) = cut;
            let own = bytes.get(..count).unwrap_or_default();
            look(own)?;
            keep(&mut self.element, own, start)?;
            self.cursor.consume(count)?;
            match cut {
                Cut::GoesOn(_) => {}
                Cut::Ends(_) => return Ok(()),
                Cut::OpenText(_) => {
                    return Err(
                        self.broken("the line ends within a text: its closing quote is missing")
                    );
                }
            }
        }
    }

    fn end_within(&self, start: Position, splitter: &Splitter) -> Result<(), SourceError> {
        if splitter.may_end() {
            return Ok(());
        }
        check_beginning(&self.element, start)?;
        Err(self.broken("the input ends in the middle of a record"))
    }

    fn broken(&self, words: &str) -> SourceError {
        self.cursor.position().broken(words)
    }
}

/// Before an element outgrows its limit, its beginning tells whether a bracket or quote is missing far behind.
fn keep(element: &mut Clip, bytes: &[u8], start: Position) -> Result<(), SourceError> {
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
fn check_grammar(element: &Clip, start: Position) -> Result<(), SourceError> {
    let text = element.readable();
    grammar_error(text).map_or(Ok(()), |error| {
        Err(start.after(before(text, &error)).broken(words(&error)))
    })
}

/// As [`check_grammar`], for an element that goes on: an error at its very end may be but the missing rest.
fn check_beginning(element: &Clip, start: Position) -> Result<(), SourceError> {
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
