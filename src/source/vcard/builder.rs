//! A card while its lines are read: what is kept of it, and whether it is one card.

use std::borrow::Cow;

use super::super::bounded_text::{BoundedText, ReadText};
use super::card::{self, AGENT};
use super::card_row::{ANOTHER, CARD_LIMIT, CardRow, TOO_LARGE, TOO_MANY, UNREADABLE};
use super::charset::{self, Charsets, TransferEncoding};
use super::lines::{self, LineKind};
use super::property::{self, Property, PropertyFault, UnfoldedProperty};
use super::unfolder::Unfolder;
use crate::record::{Cell, Defect};

/// Properties that are kept of a card: as many as Excel has columns.
pub(super) const PROPERTY_LIMIT: usize = 16_384;

/// A card while its lines are read.
pub(super) struct CardBuilder {
    /// Its place among the cards that are in one another, in the order in which they begin.
    pub(super) place: usize,
    charsets: Charsets,
    text: BoundedText,
    lines: Unfolder,
    properties: usize,
    /// The texts of the cards that are values of this one.
    agents: Vec<Vec<u8>>,
    /// Bytes of those texts.
    agents_size: usize,
    /// The first column of those whose bytes were not read.
    unread: Option<usize>,
    /// The first column of those that were cut.
    cut: Option<usize>,
    says_version: bool,
    /// Lines of another card seem to be in it.
    is_mixed: bool,
}

impl CardBuilder {
    pub(super) fn new(place: usize, charsets: Charsets) -> CardBuilder {
        let mut text = BoundedText::new(CARD_LIMIT);
        text.push(b"BEGIN:VCARD\n");
        CardBuilder {
            place,
            charsets,
            text,
            lines: Unfolder::new(),
            properties: 0,
            agents: Vec::new(),
            agents_size: 0,
            unread: None,
            cut: None,
            says_version: false,
            is_mixed: false,
        }
    }

    pub(super) fn announces_card(&mut self) -> bool {
        self.lines.announces_card()
    }

    pub(super) fn take(&mut self, kind: LineKind, line: &BoundedText) {
        if let Some(property) = self.lines.take(kind, line) {
            self.close(property);
        }
    }

    fn close(&mut self, property: Property) {
        self.is_mixed |= property.is_damaged_mark();
        let Some(closed) = property.close(self.charsets) else {
            return;
        };
        match closed.name.as_str() {
            AGENT => return self.take_agent(&closed),
            "VERSION" => self.note_version(),
            _ => {}
        }
        self.properties += 1;
        let column = card::column_of(&closed.name);
        match closed.fault {
            Some(PropertyFault::TooLarge) => self.cut = first(self.cut, column),
            Some(PropertyFault::Unread) => self.unread = first(self.unread, column),
            None => {}
        }
        self.text.push(closed.line.as_bytes());
        self.text.push(b"\n");
    }

    /// An agent's card that was cut off was so together with the line that it is on, and the lines behind it.
    fn take_agent(&mut self, closed: &UnfoldedProperty) {
        let Some(card) = agent(closed) else {
            return;
        };
        self.is_mixed |= !lines::ends_card(&card);
        self.agents_size += card.len();
        if self.agents_size <= CARD_LIMIT {
            self.agents.push(card);
        }
    }

    /// A card says once of which version it is (RFC 6350, section 6.7.9); at once again does no harm.
    fn note_version(&mut self) {
        self.is_mixed |= self.says_version && self.properties > 1;
        self.says_version = true;
    }

    fn finish(&mut self) {
        if let Some(property) = self.lines.finish() {
            self.close(property);
        }
    }

    pub(super) fn broken(mut self, words: &str) -> CardRow {
        self.finish();
        CardRow {
            agents: self.agents,
            ..CardRow::broken(&self.text, words)
        }
    }

    /// The row of a card whose end was read.
    pub(super) fn end(mut self) -> CardRow {
        self.finish();
        let agents = std::mem::take(&mut self.agents);
        CardRow {
            agents,
            ..self.into_row()
        }
    }

    fn into_row(self) -> CardRow {
        let text = match self.text.text() {
            _ if self.is_mixed => return CardRow::broken(&self.text, ANOTHER),
            _ if self.agents_size > CARD_LIMIT => return CardRow::broken(&self.text, TOO_LARGE),
            ReadText::Whole(text) if self.properties <= PROPERTY_LIMIT => text,
            ReadText::Whole(_) => return CardRow::broken(&self.text, TOO_MANY),
            ReadText::Garbled(_) | ReadText::Beginning(_) => {
                return CardRow::broken(&self.text, TOO_LARGE);
            }
        };
        let readable = match self.unread {
            Some(_) => Cow::Owned(lossy(&text)),
            None => Cow::Borrowed(&text),
        };
        let Some(mut cells) = card::read(&readable) else {
            return CardRow::broken(&self.text, UNREADABLE);
        };
        // calcard decodes Base64, and has U+FFFD for what it cannot read.
        let garbled =
            || card::garbled(&cells).filter(|_| !text.contains(char::REPLACEMENT_CHARACTER));
        let unread = self.unread.or_else(garbled);
        if unread.is_some()
            && let Some(raw) = cells.last_mut()
        {
            *raw = Cell::Text(format!("{text}END:VCARD\n"));
        }
        CardRow {
            cells,
            defect: defect(self.cut, unread),
            agents: Vec::new(),
        }
    }
}

fn defect(cut: Option<usize>, unread: Option<usize>) -> Option<Defect> {
    let column = |at: usize| card::COLUMNS.get(at).map(|name| (*name).to_owned());
    match (cut, unread) {
        (Some(at), _) => Some(Defect::CellTooLarge { column: column(at) }),
        (None, Some(at)) => column(at).map(|column| Defect::UnreadValue { column }),
        (None, None) => None,
    }
}

/// A card's text, with U+FFFD for the bytes that were not read.
fn lossy(text: &str) -> String {
    let line = |line| property::lossy(line).map_or(Cow::Borrowed(line), Cow::Owned);
    text.lines()
        .flat_map(|text| [line(text), Cow::Borrowed("\n")])
        .collect()
}

/// The lower of two places.
fn first(one: Option<usize>, other: Option<usize>) -> Option<usize> {
    one.into_iter().chain(other).min()
}

/// The card that is the value of an agent; another value is a name or a link.
fn agent(closed: &UnfoldedProperty) -> Option<Vec<u8>> {
    let value = closed.line.split_once(':')?.1.as_bytes();
    let value = match closed.fault {
        // Each of its own values is judged anew.
        Some(PropertyFault::Unread) => charset::bytes(value, TransferEncoding::QuotedPrintable),
        Some(PropertyFault::TooLarge) | None => Cow::Borrowed(value),
    };
    let card = unescaped(&value);
    lines::begins_card(&card).then_some(card)
}

/// A value with its line breaks and separators (RFC 2426, section 4).
fn unescaped(value: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(value.len());
    let mut bytes = value.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => match bytes.next() {
                Some(b'n' | b'N') => text.push(b'\n'),
                other => text.extend(other),
            },
            other => text.push(other),
        }
    }
    text
}
