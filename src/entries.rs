//! The entries of one JSON object, each with its value's text untouched.
//!
//! Owns the order of keys, and what a key that comes twice means: the last value counts.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Values of an object, those in its lists included: as many as Excel has columns.
pub(crate) const VALUE_LIMIT: usize = 16_384;
/// The message about an object with more.
pub(crate) const TOO_WIDE: &str = "it holds more than 16,384 values";

/// Entries up to which comparing each with each is faster than hashing.
const FEW: usize = 32;

/// Keys and values in their order, no key twice.
pub(crate) struct ObjectEntries<'a>(pub(crate) Vec<ObjectEntry<'a>>);

/// A key and the text of its value.
pub(crate) type ObjectEntry<'a> = (Cow<'a, str>, &'a RawValue);

/// A text that is borrowed where it has no escapes.
#[derive(serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct JsonText<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

impl<'de> Deserialize<'de> for ObjectEntries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = deserializer.deserialize_map(EntriesVisitor(VALUE_LIMIT));
        entries.map(ObjectEntries)
    }
}

/// The same of an object that is no record, however many entries it has.
pub(crate) struct AllObjectEntries<'a>(pub(crate) Vec<ObjectEntry<'a>>);

impl<'de> Deserialize<'de> for AllObjectEntries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = deserializer.deserialize_map(EntriesVisitor(usize::MAX));
        entries.map(AllObjectEntries)
    }
}

/// Reads at most this many entries.
struct EntriesVisitor(usize);

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Vec<ObjectEntry<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some((JsonText(key), value)) = map.next_entry()? {
            // Checked while reading: an object of a million keys must not be built first.
            if entries.len() == self.0 {
                return Err(Error::custom(TOO_WIDE));
            }
            entries.push((key, value));
        }
        Ok(keep_last(entries))
    }
}

/// A repeated key keeps its first place and its last value.
fn keep_last(entries: Vec<ObjectEntry<'_>>) -> Vec<ObjectEntry<'_>> {
    let is_repeated = |(at, (key, _)): (usize, &ObjectEntry<'_>)| {
        entries.iter().take(at).any(|(earlier, _)| earlier == key)
    };
    if entries.len() <= FEW && !entries.iter().enumerate().any(is_repeated) {
        entries
    } else {
        merged(entries)
    }
}

fn merged(entries: Vec<ObjectEntry<'_>>) -> Vec<ObjectEntry<'_>> {
    let mut places = HashMap::new();
    let mut merged: Vec<ObjectEntry<'_>> = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let place = *places.entry(key.clone()).or_insert(merged.len());
        match merged.get_mut(place) {
            Some(entry) => entry.1 = value,
            None => merged.push((key, value)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &str) -> Vec<(String, String)> {
        let ObjectEntries(entries) = serde_json::from_str(text).unwrap();
        entries
            .iter()
            .map(|(key, value)| (key.to_string(), value.get().to_owned()))
            .collect()
    }

    #[test]
    fn of_a_repeated_key_the_last_value_counts_and_the_first_place() {
        let expected = [
            ("a".to_owned(), "3".to_owned()),
            ("b".to_owned(), "2".to_owned()),
        ];
        assert_eq!(entries("{\"a\":1,\"b\":2,\"\\u0061\":3}"), expected);
    }

    #[test]
    fn repeated_keys_are_found_among_many_too() {
        let fields: Vec<String> = (0..100)
            .map(|number| format!("\"k{}\":{number}", number % 60))
            .collect();
        let found = entries(&format!("{{{}}}", fields.join(",")));
        assert_eq!(found.len(), 60);
        assert_eq!(found[0], ("k0".to_owned(), "60".to_owned()));
        assert_eq!(found[59], ("k59".to_owned(), "59".to_owned()));
    }
}
