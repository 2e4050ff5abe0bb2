//! Whether a top-level object is a contact or holds the list of contacts under a key, told while it goes by.
//!
//! Owns that one question. Where the object ends is for the splitter to say, and what it holds for the parser.

use super::clip::{Clip, Text};
use super::splitter::{Cut, Splitter};

/// Bytes of a key that are looked at.
const KEY_LIMIT: usize = 1_000;

/// Words in a key under which a contact has its number.
const PHONE_WORDS: [&str; 4] = ["phone", "mobile", "whatsapp", "number"];

/// The key of an object in the API's own form.
const PROFILE: &str = "profile";

/// Follows the bytes of an object from its opening bracket on.
pub(super) struct Outline {
    state: State,
    key: Clip,
    /// The end of the key or value that goes by.
    part: Splitter,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    BeforeKey,
    Key,
    BeforeValue,
    Value,
    /// In a list, before its first element.
    ListStart,
    /// It is a contact.
    Contact,
    /// It holds the list under the key.
    Holder,
}

impl Outline {
    pub(super) fn new() -> Outline {
        Outline {
            state: State::BeforeKey,
            key: Clip::new(KEY_LIMIT),
            part: Splitter::new(),
        }
    }

    /// Takes note of the bytes that follow those before.
    pub(super) fn pass(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.state = self.step(byte);
        }
    }

    /// The key under which the list stands, if the object has turned out to hold one.
    pub(super) fn list_key(&self) -> Option<String> {
        (self.state == State::Holder).then(|| self.key_text())
    }

    fn step(&mut self, byte: u8) -> State {
        match self.state {
            State::BeforeKey if byte == b'"' => self.start_key(byte),
            State::Key => self.step_key(byte),
            State::BeforeValue if !byte.is_ascii_whitespace() && byte != b':' => {
                self.start_value(byte)
            }
            State::ListStart if !byte.is_ascii_whitespace() => self.start_list(byte),
            State::Value => self.go_on(byte, State::Value, State::BeforeKey),
            state => state,
        }
    }

    fn start_key(&mut self, byte: u8) -> State {
        self.key.restart(KEY_LIMIT);
        self.part = Splitter::new();
        self.step_key(byte)
    }

    fn step_key(&mut self, byte: u8) -> State {
        self.key.push(&[byte]);
        self.go_on(byte, State::Key, State::BeforeValue)
    }

    fn start_value(&mut self, byte: u8) -> State {
        self.part = Splitter::new();
        let next = self.go_on(byte, State::Value, State::BeforeKey);
        match byte {
            _ if self.is_contact_for(byte) => State::Contact,
            b'[' => State::ListStart,
            _ => next,
        }
    }

    fn start_list(&mut self, byte: u8) -> State {
        if byte == b'{' {
            State::Holder
        } else {
            self.go_on(byte, State::Value, State::BeforeKey)
        }
    }

    fn go_on(&mut self, byte: u8, inside: State, after: State) -> State {
        match self.part.pass(&[byte]) {
            Cut::GoesOn(_) => inside,
            Cut::Ends(_) | Cut::OpenText(_) => after,
        }
    }

    /// Whether the key, with a value that begins like this, is one that only a contact has.
    fn is_contact_for(&self, first: u8) -> bool {
        let key = self.key_text().to_lowercase();
        let is_scalar = first == b'"' || first == b'-' || first.is_ascii_digit();
        key == PROFILE || is_scalar && PHONE_WORDS.iter().any(|word| key.contains(word))
    }

    fn key_text(&self) -> String {
        let (Text::Whole(quoted) | Text::Garbled(quoted) | Text::Beginning(quoted)) =
            self.key.text();
        serde_json::from_str(&quoted).unwrap_or(quoted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_under_a_key_is_found_at_its_first_object() {
        let cases = [
            ("{\"contacts\":[{", Some("contacts")),
            ("{ \"contacts\" : [\n {", Some("contacts")),
            (
                "{\"total\":12,\"page\":{\"a\":[{}]},\"data\":[{\"x\"",
                Some("data"),
            ),
            (
                "{\"ok\":true,\"tags\":[1,2],\"none\":[],\"r\\u00e9s\":[{",
                Some("rés"),
            ),
            ("{\"a\":\"[{\",\"b\":[", None),
            ("{\"tags\":[\"a\",{\"b\":1}]}", None),
            ("{\"tags\":[[{\"b\":1}]]}", None),
            ("{\"profile\":{\"a\":1},\"list\":[{", None),
            ("{\"Phone\":\"1\",\"orders\":[{", None),
            ("{\"whatsapp_number\":91,\"orders\":[{", None),
            ("{\"phones\":[{", Some("phones")),
            ("{\"phone\":null,\"orders\":[{", Some("orders")),
            ("{\"numbers\":{\"a\":1},\"orders\":[{", Some("orders")),
            ("{}", None),
            ("{\"a\":1}", None),
        ];
        for (text, key) in cases {
            let mut outline = Outline::new();
            outline.pass(text.as_bytes());
            assert_eq!(outline.list_key().as_deref(), key, "{text}");
        }
    }
}
