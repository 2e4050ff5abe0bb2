//! An outline, taken from bytes that end anywhere.
//!
//! Owns as much of the grammar as it takes to follow brackets, keys and texts. Whether the rest of it is right is for
//! the reading to find out, which comes after.

use super::{Outline, OutlinePlaceId, ValueKind};
use crate::source::json_cursor::is_between_documents;
use crate::source::splitter::plain_text;

/// Levels that are noted: as many as a record may have, and those around it.
const DEPTH_LIMIT: usize = 120;
/// Bytes of a key that are looked at.
const KEY_BYTES: usize = 1_000;

/// Follows the bytes of documents, one behind another.
pub(crate) struct Scan {
    outline: Outline,
    open: Vec<Open>,
    /// Brackets that are open below the levels that are noted.
    deeper: usize,
    state: State,
    key: Vec<u8>,
}

/// A bracket that is open.
struct Open {
    place: Option<OutlinePlaceId>,
    inside: Inside,
    /// Elements so far, or where among the known keys the next one is expected.
    at: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    List,
    BeforeKey,
    /// Before the value that belongs there.
    BeforeValue(Option<OutlinePlaceId>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Between,
    Key,
    KeyEscape,
    /// Behind the quote that opens a text.
    TextStart,
    Text,
    TextEscape,
    /// A number, `true`, `false` or `null`.
    Word,
    /// The grammar is broken: what follows is unknown.
    Broken,
}

impl Scan {
    pub(crate) fn new() -> Scan {
        Scan {
            outline: Outline::new(),
            open: Vec::new(),
            deeper: 0,
            state: State::Between,
            key: Vec::new(),
        }
    }

    /// The outline of what went by.
    pub(crate) fn outline(&self) -> &Outline {
        &self.outline
    }

    /// Whether the grammar is broken, so that nothing more is noted.
    pub(crate) fn is_broken(&self) -> bool {
        self.state == State::Broken
    }

    /// Takes note of the bytes that follow those before.
    pub(crate) fn pass(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            self.state = self.step(byte);
            rest = match self.state {
                State::Text => after.get(plain_text(after)..).unwrap_or_default(),
                _ => after,
            };
        }
    }

    fn step(&mut self, byte: u8) -> State {
        match self.state {
            State::Broken => State::Broken,
            State::Between => self.step_between(byte),
            State::Word if byte.is_ascii_whitespace() => State::Between,
            State::Word if b",:[]{}\"".contains(&byte) => self.step_between(byte),
            State::Word => State::Word,
            // A text does not go on over lines.
            _ if byte == b'\n' => State::Broken,
            State::Key if byte == b'"' => self.end_key(),
            State::Key | State::KeyEscape => self.step_key(byte),
            State::TextStart if byte == b'"' => self.end_value(),
            State::TextStart => {
                self.note(ValueKind::Filled);
                self.step_text(byte)
            }
            State::TextEscape => State::Text,
            State::Text => self.step_text(byte),
        }
    }

    fn step_between(&mut self, byte: u8) -> State {
        match byte {
            b'"' if self.is_before_key() => {
                self.key.clear();
                State::Key
            }
            b'"' => State::TextStart,
            b'{' => self.open(ValueKind::Object, Inside::BeforeKey),
            b'[' => self.open(ValueKind::List, Inside::List),
            b'}' | b']' => self.close(),
            // Whether it is the right one of the two is for the reading to check.
            b',' | b':' => State::Between,
            _ if byte.is_ascii_whitespace() || is_between_documents(byte) => State::Between,
            b'n' => self.end_word(),
            _ => {
                self.note(ValueKind::Filled);
                self.end_word()
            }
        }
    }

    fn step_key(&mut self, byte: u8) -> State {
        // A longer key is known by its beginning, so that one without an end cannot fill memory.
        if self.key.len() < KEY_BYTES {
            self.key.push(byte);
        }
        match self.state {
            State::Key if byte == b'\\' => State::KeyEscape,
            _ => State::Key,
        }
    }

    fn step_text(&mut self, byte: u8) -> State {
        match byte {
            b'"' => self.end_value(),
            b'\\' => State::TextEscape,
            _ => State::Text,
        }
    }

    fn is_before_key(&self) -> bool {
        let innermost = self.open.last().filter(|_| self.deeper == 0);
        innermost.is_some_and(|open| open.inside == Inside::BeforeKey)
    }

    fn end_key(&mut self) -> State {
        if let Some(open) = self.open.last_mut() {
            let (place, next) = self.outline.under_key(open.place, &self.key, open.at);
            (open.inside, open.at) = (Inside::BeforeValue(place), next);
        }
        State::Between
    }

    /// The place of the value that begins here.
    fn place(&mut self) -> Option<OutlinePlaceId> {
        match self.open.last() {
            _ if self.deeper > 0 => None,
            None => Some(OutlinePlaceId(0)),
            Some(open) => match open.inside {
                Inside::List => self.outline.element_of(open.place),
                Inside::BeforeKey => None,
                Inside::BeforeValue(place) => place,
            },
        }
    }

    fn note(&mut self, kind: ValueKind) {
        let place = self.place();
        self.outline.note(place, kind);
    }

    fn open(&mut self, kind: ValueKind, inside: Inside) -> State {
        if self.open.len() == DEPTH_LIMIT {
            self.deeper += 1;
            return State::Between;
        }
        let place = self.place();
        self.outline.note(place, kind);
        self.open.push(Open {
            place,
            inside,
            at: 0,
        });
        State::Between
    }

    fn close(&mut self) -> State {
        if self.deeper > 0 {
            self.deeper -= 1;
            return State::Between;
        }
        match self.open.pop() {
            None => State::Broken,
            Some(closed) => {
                if closed.inside == Inside::List {
                    self.outline.note_length(closed.place, closed.at as u64);
                }
                self.end_value()
            }
        }
    }

    /// Nothing closes a word, so that its value counts as read from its first byte on.
    fn end_word(&mut self) -> State {
        self.end_value();
        State::Word
    }

    fn end_value(&mut self) -> State {
        if let Some(open) = self.open.last_mut().filter(|_| self.deeper == 0) {
            match open.inside {
                Inside::List => open.at += 1,
                Inside::BeforeKey | Inside::BeforeValue(_) => open.inside = Inside::BeforeKey,
            }
        }
        State::Between
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Outline, OutlinePlace};
    use super::*;

    /// Each place with its path and counts: objects, lists, filled values, the longest list.
    fn outlined(outline: &Outline, place: &OutlinePlace, path: &str, all: &mut Vec<String>) {
        let OutlinePlace {
            objects,
            lists,
            filled,
            longest,
            ..
        } = place;
        if objects + lists + filled > 0 {
            all.push(format!("{path} {objects} {lists} {filled} {longest}"));
        }
        for child in outline.under(place) {
            outlined(outline, child, &format!("{path}.{}", child.key), all);
        }
        if *lists > 0 {
            outlined(outline, outline.element(place), &format!("{path}[]"), all);
        }
    }

    fn outline(parts: &[&[u8]]) -> Vec<String> {
        let mut scan = Scan::new();
        parts.iter().for_each(|part| scan.pass(part));
        let mut all = Vec::new();
        outlined(scan.outline(), scan.outline().document(), "", &mut all);
        all
    }

    #[test]
    fn values_are_counted_by_the_keys_that_lead_to_them() {
        let cases: &[(&str, &[&str])] = &[
            ("{}", &[" 1 0 0 0"]),
            (
                "{\"a\":1,\"b\":\"\",\"c\":null,\"d\":\"x\"}",
                &[" 1 0 0 0", ".a 0 0 1 0", ".d 0 0 1 0"],
            ),
            (
                "[{\"a\":1},{\"b\":2,\"a\":\"\\\"\"}]",
                &[" 0 1 0 2", "[] 2 0 0 0", "[].a 0 0 2 0", "[].b 0 0 1 0"],
            ),
            (
                "{\"x\":[[1,2],[3]]}",
                &[" 1 0 0 0", ".x 0 1 0 2", ".x[] 0 2 0 2", ".x[][] 0 0 3 0"],
            ),
            (
                "{\"a\":1}\u{1e}{\"a\":2}\u{feff}[3]",
                &[" 2 1 0 1", ".a 0 0 2 0", "[] 0 0 1 0"],
            ),
            ("{\"r\\u00e9s\":\"{\\\\\"}", &[" 1 0 0 0", ".rés 0 0 1 0"]),
            (
                "{\"a\":[],\"b\":\"x\ny\",\"c\":1}",
                &[" 1 0 0 0", ".a 0 1 0 0", ".b 0 0 1 0"],
            ),
            ("]{\"a\":1}", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(outline(&[text.as_bytes()]), *expected, "{text}");
        }
    }

    #[test]
    fn it_makes_no_difference_where_the_bytes_end() {
        let text = "{\"a\\\"b\":[\"\\\\\",{\"b\":true,\"é\":\"x\\\"y\"}], \"c\" : -1.5}".as_bytes();
        let whole = outline(&[text]);
        for at in 1..text.len() {
            let (first, second) = text.split_at(at);
            assert_eq!(outline(&[first, second]), whole, "{at}");
        }
    }

    #[test]
    fn an_endless_document_does_not_fill_the_memory() {
        let mut scan = Scan::new();
        scan.pass(b"[");
        for number in 0..30_000 {
            scan.pass(format!("{{\"k{number}\":{{\"a{number}\":1}}}},").as_bytes());
        }
        scan.pass("[".repeat(1_000_000).as_bytes());
        assert!(scan.outline.places.len() <= super::super::PLACE_LIMIT);
        assert!(scan.open.len() <= DEPTH_LIMIT);
    }
}
