//! Builds a card's row from its lines.
//!
//! Owns the limits on a card, and the proof that its lines are those of one card.

use std::borrow::Cow;

use super::super::bounded_text::{BoundedText, ReadText};
use super::card::{self, AGENT};
use super::card_row::{ANOTHER, CARD_LIMIT, CardRow, TOO_LARGE, TOO_MANY, UNREADABLE};
use super::charset::{self, Charsets, TransferEncoding};
use super::lines::{self, LineKind};
use super::property::{self, Property, PropertyFault, UnfoldedProperty};
use super::unfolder::Unfolder;
use crate::record::{CellValue, Defect};

/// Properties of a card that are kept. Bounds what calcard allocates for a card of many short lines; no export comes
/// near.
pub(super) const PROPERTY_LIMIT: usize = 16_384;

/// A card while its lines are read.
pub(super) struct CardBuilder {
    /// Its index among the cards of its nest, in the order of their `BEGIN` lines.
    pub(super) place: usize,
    charsets: Charsets,
    text: BoundedText,
    lines: Unfolder,
    properties: usize,
    /// The texts of the cards that are values of this one (`AGENT`, RFC 2426, section 3.5.4).
    agents: Vec<Vec<u8>>,
    /// Bytes of those texts, dropped ones included.
    agents_size: usize,
    /// The leftmost column with a value in no known encoding.
    unread: Option<usize>,
    /// The leftmost column with a value that was cut.
    cut: Option<usize>,
    says_version: bool,
    is_version_4: bool,
    /// Whether lines of another card seem to be in it: an `END` and `BEGIN` between them are missing or damaged.
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
            lines: Unfolder::default(),
            properties: 0,
            agents: Vec::new(),
            agents_size: 0,
            unread: None,
            cut: None,
            says_version: false,
            is_version_4: false,
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
        let Some(mut closed) = property.close(self.charsets) else {
            return;
        };
        match closed.name.as_str() {
            AGENT => return self.take_agent(&closed),
            "VERSION" => self.note_version(&closed),
            // Only RFC 6350 (section 3.4) has a semicolon as text there.
            "CATEGORIES" if !self.is_version_4 => closed.separate_by_commas(),
            _ => {}
        }
        // Counted even where it goes to no column: calcard parses it.
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

    /// Takes the card in a value. A value without its end means that lines are missing here, perhaps those between two
    /// cards.
    fn take_agent(&mut self, closed: &UnfoldedProperty) {
        let Some(card) = agent(closed) else {
            return;
        };
        self.is_mixed |= !lines::ends_card(&card);
        // Added even where the text is dropped: `into_row` refuses the whole card then.
        self.agents_size += card.len();
        if self.agents_size <= CARD_LIMIT {
            self.agents.push(card);
        }
    }

    /// A card has one `VERSION` (RFC 6350, section 6.7.9). A second one further down is another card's; one right
    /// behind the first is a harmless repetition.
    fn note_version(&mut self, version: &UnfoldedProperty) {
        self.is_version_4 = version.is_version_4();
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

    /// The row of a card whose `END` was read.
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
            // Judged first: in the lines of two cards, a phone may belong to the other's name.
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
            None => Cow::Borrowed(&*text),
        };
        let Some(mut cells) = card::read(&readable) else {
            return CardRow::broken(&self.text, UNREADABLE);
        };
        // calcard decodes Base64 itself, with U+FFFD for bytes that are not UTF-8. A U+FFFD that is in the text
        // already was in the file.
        let garbled = || {
            cells
                .iter()
                .position(CellValue::is_garbled)
                .filter(|_| !text.contains(char::REPLACEMENT_CHARACTER))
        };
        let unread = self.unread.or_else(garbled);
        // With its text in the row, the card can be read again once the user names the encoding.
        if unread.is_some()
            && let Some(raw) = cells.last_mut()
        {
            *raw = CellValue::Text(format!("{text}END:VCARD\n"));
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

/// A card's text, with U+FFFD for bytes in no known encoding.
fn lossy(text: &str) -> String {
    let line = |line| property::lossy(line).map_or(Cow::Borrowed(line), Cow::Owned);
    text.lines()
        .flat_map(|text| [line(text), Cow::Borrowed("\n")])
        .collect()
}

/// The lower of two indices.
fn first(one: Option<usize>, other: Option<usize>) -> Option<usize> {
    one.into_iter().chain(other).min()
}

/// The card in the value of an agent; `None` where the value is a name or a link.
fn agent(closed: &UnfoldedProperty) -> Option<Vec<u8>> {
    let value = closed.line.split_once(':')?.1.as_bytes();
    let value = match closed.fault {
        // Decode the bytes only: each value in the card may have a charset of its own.
        Some(PropertyFault::Unread) => charset::bytes(value, TransferEncoding::QuotedPrintable),
        Some(PropertyFault::TooLarge) | None => Cow::Borrowed(value),
    };
    let card = unescaped(&value);
    lines::begins_card(&card).then_some(card)
}

/// Undoes the escapes of line breaks and separators (RFC 2426, section 4, and 3.5.4 for a card in a value).
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
