//! Two contacts of one phone as one: later values count, and no value is lost.
//!
//! Works on the JSON that would be sent, so that objects of the API's own shape are united like any other contact.

use super::profile::{Object, attribute_key, elements, text};
use crate::vocabulary::is_nothing;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::HashMap;

/// Unites elements of the request's array, the earliest first. The last value that is not blank counts; the lists
/// `tags` and `attributes` are joined: a tag that is there is not repeated, an attribute of the same key is replaced.
pub(crate) fn unite(elements: &[&[u8]]) -> Vec<u8> {
    let read = elements
        .iter()
        .filter_map(|json| serde_json::from_slice::<&RawValue>(json).ok());
    value("", &read.collect::<Vec<_>>()).into_bytes()
}

fn value(key: &str, all: &[&RawValue]) -> String {
    let said: Vec<&RawValue> = all.iter().copied().filter(|one| !is_blank(one)).collect();
    let Some(last) = said.last() else {
        return all.first().map_or("null", |blank| blank.get()).to_owned();
    };
    let objects: Option<Vec<Object<'_>>> = said.iter().map(|one| Object::of(one)).collect();
    match objects {
        Some(objects) => object(&objects),
        None if said.len() == 1 || !said.iter().all(|one| is_list(one)) => last.get().to_owned(),
        None if key == "tags" => list(&said, text),
        None if key == "attributes" => list(&said, attribute_key),
        None => last.get().to_owned(),
    }
}

/// The keys in the order in which they are first met.
fn object(all: &[Object<'_>]) -> String {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut members: Vec<(&str, Vec<&RawValue>)> = Vec::new();
    for (key, value) in all.iter().flat_map(|object| &object.members) {
        // The map finds a key again; the list keeps the order in which keys were met.
        let place = *places.entry(key).or_insert(members.len());
        match members.get_mut(place) {
            Some((_, values)) => values.push(value),
            None => members.push((key, vec![value])),
        }
    }
    let members: Vec<String> = members
        .into_iter()
        .map(|(key, values)| format!("{}:{}", serde_json::Value::from(key), value(key, &values)))
        .collect();
    format!("{{{}}}", members.join(","))
}

/// The elements of all lists; of those that are the same the last, in the place of the first.
fn list<'a>(all: &[&'a RawValue], identity: fn(&'a RawValue) -> Option<Cow<'a, str>>) -> String {
    let mut places: HashMap<Cow<'_, str>, usize> = HashMap::new();
    let mut joined: Vec<&str> = Vec::new();
    for element in all.iter().flat_map(|list| elements(list)) {
        let known =
            identity(element).map(|identity| *places.entry(identity).or_insert(joined.len()));
        match known.and_then(|place| joined.get_mut(place)) {
            Some(same) => *same = element.get(),
            None => joined.push(element.get()),
        }
    }
    format!("[{}]", joined.join(","))
}

fn is_list(value: &RawValue) -> bool {
    value.get().starts_with('[')
}

/// Whether a value says nothing: `null`, a text that says nothing, an empty list or object.
fn is_blank(value: &RawValue) -> bool {
    let text = value.get();
    let inside = [('[', ']'), ('{', '}')]
        .into_iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    match inside {
        Some(inside) => inside.trim().is_empty(),
        None if text.starts_with('"') => {
            serde_json::from_str::<String>(text).is_ok_and(|text| is_nothing(&text))
        }
        None => text == "null",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_later_counts_and_nothing_that_is_said_is_lost() {
        for (earlier, later, united) in [
            (
                r#"{"a":"1","b":"2"}"#,
                r#"{"a":"3","c":4}"#,
                r#"{"a":"3","b":"2","c":4}"#,
            ),
            (
                r#"{"a":"1"}"#,
                r#"{"a":" ","b":null}"#,
                r#"{"a":"1","b":null}"#,
            ),
            (r#"{"a":""}"#, r#"{"a":"1"}"#, r#"{"a":"1"}"#),
            (r#"{"a":"1"}"#, r#"{"a":"NULL"}"#, r#"{"a":"1"}"#),
            (
                r#"{"a":{"b":"1","c":"2"}}"#,
                r#"{"a":{"c":"3"}}"#,
                r#"{"a":{"b":"1","c":"3"}}"#,
            ),
            (
                r#"{"tags":["a","b"]}"#,
                r#"{"tags":["c","\u0062"]}"#,
                r#"{"tags":["a","\u0062","c"]}"#,
            ),
            (r#"{"tags":["a"]}"#, r#"{"tags":[]}"#, r#"{"tags":["a"]}"#),
            (r#"{"tags":[]}"#, r#"{"tags":["a"]}"#, r#"{"tags":["a"]}"#),
            (
                r#"{"lists":["a"]}"#,
                r#"{"lists":["b"]}"#,
                r#"{"lists":["b"]}"#,
            ),
            (
                r#"{"attributes":[{"key":"city","value":"Pune"},{"key":"plan","value":"a"}]}"#,
                r#"{"attributes":[{"key":"plan","value":"b"},{"key":"vip","value":"1"}]}"#,
                r#"{"attributes":[{"key":"city","value":"Pune"},{"key":"plan","value":"b"},{"key":"vip","value":"1"}]}"#,
            ),
            (
                r#"{"n":12345678901234567890123}"#,
                r#"{"m":1e2}"#,
                r#"{"n":12345678901234567890123,"m":1e2}"#,
            ),
            (r#"{"\"q\"":"1"}"#, r#"{"\"q\"":"2"}"#, r#"{"\"q\"":"2"}"#),
        ] {
            let got = unite(&[earlier.as_bytes(), later.as_bytes()]);
            assert_eq!(
                String::from_utf8(got).unwrap(),
                united,
                "{earlier} and {later}"
            );
        }
    }
}
