//! Two contacts of one phone as one: what is said later counts, and nothing that is said is lost.
//!
//! Works on the JSON that would be sent, so that objects of the API's own shape are united like any other contact.

use super::profile::{Object, elements, has_key, text};
use serde_json::value::RawValue;

/// Unites two elements of the request's array. A value of the later one counts unless it is blank; the lists `tags` and
/// `attributes` are joined: a tag that is there is not repeated, an attribute of the same key is replaced.
pub fn unite(earlier: &[u8], later: &[u8]) -> Vec<u8> {
    let read = |json| serde_json::from_slice::<&RawValue>(json).ok();
    match (read(earlier), read(later)) {
        (Some(earlier), Some(later)) => value("", earlier, later).into_bytes(),
        _ => later.to_vec(),
    }
}

fn value(key: &str, earlier: &RawValue, later: &RawValue) -> String {
    if is_blank(later) {
        return earlier.get().to_owned();
    }
    if is_blank(earlier) {
        return later.get().to_owned();
    }
    match (Object::of(earlier), Object::of(later)) {
        (Some(earlier), Some(later)) => object(&earlier, &later),
        _ if !(is_list(earlier) && is_list(later)) => later.get().to_owned(),
        _ if key == "tags" => list(earlier, later, is_same_text),
        _ if key == "attributes" => list(earlier, later, is_same_key),
        _ => later.get().to_owned(),
    }
}

/// The keys in the order of the earlier object, then those that only the later one has.
fn object(earlier: &Object<'_>, later: &Object<'_>) -> String {
    let of_both = earlier.members.iter().map(|(key, of_earlier)| {
        let united = match member_of(later, key) {
            Some(of_later) => value(key, of_earlier, of_later),
            None => of_earlier.get().to_owned(),
        };
        member(key, &united)
    });
    let only_later = later
        .members
        .iter()
        .filter(|(key, _)| member_of(earlier, key).is_none());
    let only_later = only_later.map(|(key, value)| member(key, value.get()));
    let members: Vec<String> = of_both.chain(only_later).collect();
    format!("{{{}}}", members.join(","))
}

fn member_of<'a>(object: &Object<'a>, key: &str) -> Option<&'a RawValue> {
    let mut members = object.members.iter();
    members
        .find(|(name, _)| name == key)
        .map(|(_, value)| *value)
}

fn member(key: &str, value: &str) -> String {
    format!("{}:{value}", serde_json::Value::from(key))
}

/// The elements of the earlier list, each replaced by a later one that is the same, then the later ones that are new.
fn list(earlier: &RawValue, later: &RawValue, is_same: fn(&RawValue, &RawValue) -> bool) -> String {
    let mut joined = elements(earlier);
    for new in elements(later) {
        match joined.iter_mut().find(|known| is_same(known, new)) {
            Some(known) => *known = new,
            None => joined.push(new),
        }
    }
    let joined: Vec<&str> = joined.into_iter().map(RawValue::get).collect();
    format!("[{}]", joined.join(","))
}

fn is_same_text(one: &RawValue, other: &RawValue) -> bool {
    text(one).is_some() && text(one) == text(other)
}

fn is_same_key(one: &RawValue, other: &RawValue) -> bool {
    let key = Object::of(other).and_then(|object| object.get("key").ok().flatten());
    key.and_then(text).is_some_and(|key| has_key(one, &key))
}

fn is_list(value: &RawValue) -> bool {
    value.get().starts_with('[')
}

/// Whether a value says nothing: `null`, a blank text, an empty list or object.
fn is_blank(value: &RawValue) -> bool {
    let text = value.get();
    let inside = [('"', '"'), ('[', ']'), ('{', '}')]
        .into_iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    text == "null" || inside.is_some_and(|inside| inside.trim().is_empty())
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
            (r#"{"a":"1"}"#, r#"{"a":"[]"}"#, r#"{"a":"[]"}"#),
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
            let got = unite(earlier.as_bytes(), later.as_bytes());
            assert_eq!(
                String::from_utf8(got).unwrap(),
                united,
                "{earlier} and {later}"
            );
        }
    }
}
