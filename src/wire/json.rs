//! JSON by hand (RFC 8259): the same bytes that serde_json writes, in one pass over each text.
//!
//! Knows no contact: which keys there are is decided by its callers.

use std::io::Write;

/// JSON that is being written.
pub(super) struct JsonWriter(Vec<u8>);

impl JsonWriter {
    /// Nothing yet, with room for what is to come.
    pub(super) fn with_room(bytes: usize) -> JsonWriter {
        JsonWriter(Vec::with_capacity(bytes))
    }

    /// The bytes that were written.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Adds what is JSON already: signs, and texts that need no escape.
    pub(super) fn raw(&mut self, json: &str) {
        self.0.extend_from_slice(json.as_bytes());
    }

    /// Adds a text in quotes.
    pub(super) fn text(&mut self, text: &str) {
        self.0.push(b'"');
        let mut rest = text;
        while let Some(at) = rest.bytes().position(is_escaped) {
            let (plain, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.raw(plain);
            self.escape(from.bytes().next().unwrap_or_default());
            rest = from.get(1..).unwrap_or_default();
        }
        self.raw(rest);
        self.0.push(b'"');
    }

    fn escape(&mut self, byte: u8) {
        let short = match byte {
            b'"' => b'"',
            b'\\' => b'\\',
            0x08 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            0x0C => b'f',
            b'\r' => b'r',
            _ => {
                // Writing to memory cannot fail.
                let _ = write!(self.0, "\\u{byte:04x}");
                return;
            }
        };
        self.0.extend_from_slice(&[b'\\', short]);
    }

    /// Adds a number as a text.
    pub(super) fn number_text(&mut self, number: u16) {
        let _ = write!(self.0, "\"{number}\"");
    }

    /// Adds a list.
    pub(super) fn list<T>(
        &mut self,
        elements: impl IntoIterator<Item = T>,
        add: impl Fn(&mut JsonWriter, T),
    ) {
        self.0.push(b'[');
        for (at, element) in elements.into_iter().enumerate() {
            if at > 0 {
                self.0.push(b',');
            }
            add(self, element);
        }
        self.0.push(b']');
    }
}

fn is_escaped(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// A text as JSON.
pub(super) fn json_text(text: &str) -> String {
    let mut json = JsonWriter::with_room(text.len() + 2);
    json.text(text);
    String::from_utf8_lossy(&json.into_bytes()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_has_the_bytes_that_serde_json_writes(text in "[\\x00-\\x20\"\\\\é😀a-z\\x7f]{0,30}") {
            prop_assert_eq!(json_text(&text), serde_json::to_string(&text).unwrap());
        }
    }
}
