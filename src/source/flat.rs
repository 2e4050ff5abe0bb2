//! An object laid flat: `contact.phone` for what is nested, `phones.0.value` within lists, lists of scalars as they
//! are.
//!
//! Owns the limits on depth, width and the length of keys, so that a small text cannot become a large record.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::grammar::words;
use crate::entries::{JsonText, ObjectEntries, TOO_WIDE, VALUE_LIMIT};
use crate::record::Records;

/// Levels of nesting.
const DEPTH_LIMIT: usize = 100;
/// Bytes of all dotted keys together.
const NAMES_LIMIT: usize = 4_000_000;

/// An object while its values become cells, with dotted keys as their names.
pub(super) struct FlatObject<'r> {
    names: &'r mut KeyNames,
    records: &'r mut Records,
    path: String,
    depth: usize,
    values: usize,
}

/// Why a text is not a usable object.
#[derive(Debug, thiserror::Error)]
pub(super) enum ObjectError {
    #[error("{} at column {}", words(.0), .0.column())]
    Grammar(serde_json::Error),
    /// The grammar is right, but a text in it cannot be decoded.
    #[error("{}", words(.0))]
    Value(#[from] serde_json::Error),
    #[error("{0}, where an object like {{\"phone\": \"+91...\"}} was expected")]
    NoObject(&'static str),
    #[error("it is nested more than {DEPTH_LIMIT} levels deep")]
    TooDeep,
    #[error("{TOO_WIDE}")]
    TooWide,
    #[error("its nested keys are too long")]
    LongKeys,
}

impl FlatObject<'_> {
    /// Reads the text of an object into the open row.
    pub(super) fn read(
        text: &str,
        names: &mut KeyNames,
        records: &mut Records,
    ) -> Result<(), ObjectError> {
        let value: &RawValue = serde_json::from_str(text).map_err(ObjectError::Grammar)?;
        if let Some(other) = other_than_object(value) {
            return Err(ObjectError::NoObject(other));
        }
        let mut flat = FlatObject {
            names,
            records,
            path: String::new(),
            depth: 0,
            values: 0,
        };
        flat.object(value)
    }

    fn object(&mut self, value: &RawValue) -> Result<(), ObjectError> {
        let ObjectEntries(entries) = serde_json::from_str(value.get())?;
        for (key, value) in entries {
            self.entry(&key, value)?;
        }
        Ok(())
    }

    fn entry(&mut self, key: &str, value: &RawValue) -> Result<(), ObjectError> {
        let parent = self.path.len();
        if self.depth > 0 {
            self.path.push('.');
        }
        self.path.push_str(key);
        self.value(value)?;
        self.path.truncate(parent);
        Ok(())
    }

    fn value(&mut self, value: &RawValue) -> Result<(), ObjectError> {
        match kind(value) {
            JsonKind::Object => self.deeper(|flat| flat.object(value)),
            JsonKind::List => self.list(value),
            JsonKind::Null | JsonKind::Text | JsonKind::Word => {
                let text = scalar(value)?;
                self.name(1)?;
                match text {
                    Some(text) => self.records.push_text(&text),
                    None => self.records.push_absent(),
                }
                Ok(())
            }
        }
    }

    /// A list of texts is one cell. One that holds objects or lists among them is that cell too, and each element has a
    /// number besides, so that what is nested can be reached.
    fn list(&mut self, value: &RawValue) -> Result<(), ObjectError> {
        let elements: Vec<&RawValue> = serde_json::from_str(value.get())?;
        let is_nested =
            |element: &&&RawValue| matches!(kind(element), JsonKind::Object | JsonKind::List);
        let nested = elements.iter().filter(is_nested).count();
        if elements.len() > VALUE_LIMIT {
            return Err(ObjectError::TooWide);
        }
        let plain = elements.iter().filter(|element| !is_nested(element));
        let texts: Vec<Cow<'_, str>> = plain
            .filter_map(|element| scalar(element).transpose())
            .collect::<Result<_, _>>()?;
        if nested == 0 || !texts.is_empty() {
            self.name(elements.len().max(1))?;
            self.records.push_list(texts.iter().map(AsRef::as_ref));
        }
        if nested > 0 {
            self.deeper(|flat| flat.numbered(&elements))?;
        }
        Ok(())
    }

    fn numbered(&mut self, elements: &[&RawValue]) -> Result<(), ObjectError> {
        for (index, element) in elements.iter().enumerate() {
            self.entry(&index.to_string(), element)?;
        }
        Ok(())
    }

    fn deeper(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<(), ObjectError>,
    ) -> Result<(), ObjectError> {
        // serde_json's own limit is 128; the recursion here needs one, too.
        if self.depth + 1 >= DEPTH_LIMIT {
            return Err(ObjectError::TooDeep);
        }
        self.depth += 1;
        read(self)?;
        self.depth -= 1;
        Ok(())
    }

    /// Names the cell that follows, of this many values.
    fn name(&mut self, values: usize) -> Result<(), ObjectError> {
        self.values += values;
        if self.values > VALUE_LIMIT {
            return Err(ObjectError::TooWide);
        }
        // Nested keys repeat those above them: 4 MB of input could become gigabytes of names.
        if self.names.len() + self.path.len() > NAMES_LIMIT {
            return Err(ObjectError::LongKeys);
        }
        self.names.push(&self.path);
        Ok(())
    }
}

/// Names in one piece of memory, so that a record of a known shape costs none for its names.
#[derive(Default)]
pub(super) struct KeyNames {
    joined: String,
    ends: Vec<usize>,
}

impl KeyNames {
    fn push(&mut self, name: &str) {
        self.joined.push_str(name);
        self.ends.push(self.joined.len());
    }

    pub(super) fn clear(&mut self) {
        self.joined.clear();
        self.ends.clear();
    }

    /// Bytes of all names.
    pub(super) fn len(&self) -> usize {
        self.joined.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, end)| self.joined.get(start..*end).unwrap_or_default())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum JsonKind {
    Object,
    List,
    Null,
    Text,
    /// A number, `true` or `false`.
    Word,
}

/// The grammar was checked before, so that the first character decides.
fn kind(value: &RawValue) -> JsonKind {
    match value.get().as_bytes().first() {
        Some(b'{') => JsonKind::Object,
        Some(b'[') => JsonKind::List,
        Some(b'"') => JsonKind::Text,
        Some(b'n') => JsonKind::Null,
        _ => JsonKind::Word,
    }
}

fn other_than_object(value: &RawValue) -> Option<&'static str> {
    match kind(value) {
        JsonKind::Object => None,
        JsonKind::List => Some("a list"),
        JsonKind::Null => Some("null"),
        JsonKind::Text => Some("a text"),
        JsonKind::Word => Some("a single value"),
    }
}

/// A scalar's text; `None` for `null`.
fn scalar(value: &RawValue) -> Result<Option<Cow<'_, str>>, serde_json::Error> {
    match kind(value) {
        JsonKind::Null => Ok(None),
        JsonKind::Text => serde_json::from_str(value.get()).map(|JsonText(text)| Some(text)),
        JsonKind::Object | JsonKind::List | JsonKind::Word => Ok(Some(Cow::Borrowed(value.get()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::CellValue;

    fn flat(text: &str) -> Vec<(String, CellValue)> {
        let (mut names, mut records) = (KeyNames::default(), Records::default());
        FlatObject::read(text, &mut names, &mut records).unwrap();
        let cells = records.open().iter().map(CellValue::from);
        names.iter().map(str::to_owned).zip(cells).collect()
    }

    fn refusal(text: &str) -> String {
        FlatObject::read(text, &mut KeyNames::default(), &mut Records::default())
            .err()
            .map(|refusal| refusal.to_string())
            .unwrap_or_default()
    }

    fn text(name: &str, value: &str) -> (String, CellValue) {
        (name.to_owned(), CellValue::Text(value.to_owned()))
    }

    fn list(name: &str, values: &[&str]) -> (String, CellValue) {
        (
            name.to_owned(),
            CellValue::List(values.iter().map(|value| (*value).to_owned()).collect()),
        )
    }

    #[test]
    fn values_become_cells() {
        let absent = |name: &str| (name.to_owned(), CellValue::Absent);
        let cases = [
            ("{}", vec![]),
            (r#"{"a":"x\n\u00e9"}"#, vec![text("a", "x\né")]),
            (
                r#"{"a":919876543210,"b":1.50,"c":1e400,"d":-0}"#,
                vec![
                    text("a", "919876543210"),
                    text("b", "1.50"),
                    text("c", "1e400"),
                    text("d", "-0"),
                ],
            ),
            (
                r#"{"a":true,"b":false,"c":null,"d":""}"#,
                vec![
                    text("a", "true"),
                    text("b", "false"),
                    absent("c"),
                    text("d", ""),
                ],
            ),
            (
                r#"{"contact":{"phone":{"n":1},"e":2},"x":3}"#,
                vec![
                    text("contact.phone.n", "1"),
                    text("contact.e", "2"),
                    text("x", "3"),
                ],
            ),
            (
                r#"{"tags":["a",1,null,true],"none":[],"nulls":[null]}"#,
                vec![
                    list("tags", &["a", "1", "true"]),
                    list("none", &[]),
                    list("nulls", &[]),
                ],
            ),
            (
                r#"{"phones":[{"value":1},2,[3,4],null]}"#,
                vec![
                    list("phones", &["2"]),
                    text("phones.0.value", "1"),
                    text("phones.1", "2"),
                    list("phones.2", &["3", "4"]),
                    absent("phones.3"),
                ],
            ),
            (r#"{"":{"":1},"a":{}}"#, vec![text(".", "1")]),
            (r#"{"a":{"b":1},"a":2}"#, vec![text("a", "2")]),
        ];
        for (json, expected) in cases {
            assert_eq!(flat(json), expected, "{json}");
        }
    }

    #[test]
    fn what_is_not_a_usable_object_is_refused_in_words() {
        let cases = [
            ("[1]", "a list, where"),
            ("\"x\"", "a text, where"),
            ("17", "a single value, where"),
            ("null", "null, where"),
            ("{\"a\":1", "it ends too early"),
            ("{\"a\" 1}", "expected `:` at column 6"),
            ("{'a':1}", "key must be a string at column 2"),
            (
                "{\"a\":\"\\ud800\"}",
                "a \\u escape is only half of a character",
            ),
            (
                "{\"a\":\"x\ty\"}",
                "a line break or a tab within a text at column",
            ),
            (
                "{\"a\":1} x",
                "something stands behind the object at column 9",
            ),
            ("", "it ends too early"),
        ];
        for (json, expected) in cases {
            assert!(
                refusal(json).starts_with(expected),
                "{json}: {}",
                refusal(json)
            );
        }
    }

    #[test]
    fn a_hundred_levels_are_read_and_one_more_is_refused() {
        let nested = |levels: usize| format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
        assert_eq!(refusal(&nested(100)), "");
        assert_eq!(
            refusal(&nested(101)),
            "it is nested more than 100 levels deep"
        );
        assert_eq!(
            refusal(&format!("{{\"a\":{}", "[".repeat(5_000))),
            "it ends too early at column 5005"
        );
        let lists = format!("{{\"a\":{}{}}}", "[".repeat(5_000), "]".repeat(5_000));
        assert_eq!(refusal(&lists), "it is nested more than 100 levels deep");
    }

    #[test]
    fn a_small_text_cannot_become_a_large_record() {
        let fields: Vec<String> = (0..16_385)
            .map(|number| format!("\"{number}\":1"))
            .collect();
        assert_eq!(
            refusal(&format!("{{{}}}", fields.join(","))),
            "it holds more than 16,384 values"
        );
        assert_eq!(
            refusal(&format!("{{\"a\":[{}1]}}", "1,".repeat(16_384))),
            "it holds more than 16,384 values"
        );
        let inner: Vec<String> = (0..1_000).map(|number| format!("\"{number}\":1")).collect();
        let long = format!("{{\"{}\":{{{}}}}}", "k".repeat(5_000), inner.join(","));
        assert_eq!(refusal(&long), "its nested keys are too long");
    }
}
