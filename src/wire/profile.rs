//! Objects that already have the API's shape: their phone is read, and tags and attributes are added in place.
//!
//! Owns the edits. What is not edited goes through unchanged: other keys, order, spaces, digits.

use super::add_attribute;
use super::json::{JsonWriter, json_text};
use crate::contact::Attribute;
use crate::outcome::{Code, Reason};
use crate::rejects::is_own_column;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// An object of the API's own shape, as it is in the input.
#[derive(Debug)]
pub(crate) struct Profile<'a> {
    raw: &'a str,
    top: Object<'a>,
    details: &'a RawValue,
    tag_list: Option<&'a RawValue>,
    attribute_list: Option<&'a RawValue>,
    /// The calling code, unchecked.
    pub(crate) prefix: Cow<'a, str>,
    /// The national significant number, unchecked.
    pub(crate) number: Cow<'a, str>,
    /// The tags in it.
    pub(crate) tags: Vec<Cow<'a, str>>,
    /// The keys of the attributes in it.
    pub(crate) attribute_keys: Vec<Cow<'a, str>>,
}

/// Why an object of the API's shape cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProfileError {
    /// It has no phone, or one without prefix or number.
    #[error("\"contact.phone\" has no \"{key}\"")]
    NoPhone {
        /// What is missing.
        key: &'static str,
    },
    /// A key holds something other than the API documents.
    #[error("\"{key}\" is no {expected}")]
    WrongKind {
        /// The key.
        key: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// A key is repeated, and which value counts is unknown.
    #[error("the key \"{key}\" stands twice")]
    Twice {
        /// The key.
        key: &'static str,
    },
}

impl ProfileError {
    /// The reason why the record is invalid.
    pub(crate) fn reason(&self) -> Reason {
        match self {
            ProfileError::NoPhone { .. } => {
                Reason::new(Code::NoPhone, "no phone", format!("no phone: {self}"))
            }
            ProfileError::WrongKind { .. } | ProfileError::Twice { .. } => {
                Reason::plain(Code::BadJson, self.to_string())
            }
        }
    }
}

/// Reads an object that has the API's shape, `{"profile":{"userDetails":…}}`; `None` for any other.
pub(crate) fn profile(raw: &str) -> Option<Result<Profile<'_>, ProfileError>> {
    // Most objects have another shape: a look for the word is cheaper than reading them.
    if !raw.contains(DETAILS) {
        return None;
    }
    let raw = raw.trim();
    let top = Object::read(raw)?;
    let profile = top.members.iter().find(|(key, _)| key == PROFILE)?.1;
    Object::of(profile)?
        .members
        .iter()
        .find(|(key, _)| key == DETAILS)?;
    Some(Profile::read(raw, top))
}

const PROFILE: &str = "profile";
const DETAILS: &str = "userDetails";

impl<'a> Profile<'a> {
    fn read(raw: &'a str, top: Object<'a>) -> Result<Profile<'a>, ProfileError> {
        let profile = top.inner(PROFILE)?.ok_or(not_an_object(PROFILE))?;
        let details_raw = profile.get(DETAILS)?.ok_or(not_an_object(DETAILS))?;
        let details = Object::of(details_raw).ok_or(not_an_object(DETAILS))?;
        let contact = details
            .inner("contact")?
            .ok_or(ProfileError::NoPhone { key: "number" })?;
        let phone = contact
            .inner("phone")?
            .ok_or(ProfileError::NoPhone { key: "number" })?;
        let tag_list = details.list("tags")?;
        let attribute_list = details.list("attributes")?;
        Ok(Profile {
            raw,
            prefix: phone.digits("prefix")?,
            number: phone.digits("number")?,
            tags: tag_list.map(texts).unwrap_or_default(),
            attribute_keys: attribute_list
                .map(elements)
                .unwrap_or_default()
                .into_iter()
                .filter_map(attribute_key)
                .collect(),
            attribute_list,
            tag_list,
            details: details_raw,
            top,
        })
    }

    /// The element of the request's array: the object unchanged, with these tags and attributes added. A tag that
    /// is there is not repeated, an attribute of the same key is replaced. Columns of a rejects file are taken out.
    pub(crate) fn encode(&self, tags: &[String], attributes: &[Attribute]) -> Vec<u8> {
        let mut additions = ProfileAdditions::default();
        self.add_tags(&mut additions, tags);
        self.add_attributes(&mut additions, attributes);
        additions.finish(self.raw, self.details);
        // `edited` walks the text once and needs them in order.
        additions.edits.sort_by_key(|edit| edit.range.start);
        self.without_reject_columns(&additions.edits).into_bytes()
    }

    fn add_tags(&self, additions: &mut ProfileAdditions, tags: &[String]) {
        let mut new: Vec<&String> = Vec::new();
        for tag in tags {
            if !self.tags.iter().any(|known| known == tag) && !new.contains(&tag) {
                new.push(tag);
            }
        }
        let new: Vec<String> = new.into_iter().map(|tag| json_text(tag)).collect();
        additions.append(self.raw, "tags", self.tag_list, &new);
    }

    fn add_attributes(&self, additions: &mut ProfileAdditions, attributes: &[Attribute]) {
        let present = self.attribute_list.map(elements).unwrap_or_default();
        let mut new = Vec::new();
        for (index, attribute) in attributes.iter().enumerate() {
            // Of one key given twice, the last value counts.
            if attributes
                .iter()
                .skip(index + 1)
                .any(|later| later.key == attribute.key)
            {
                continue;
            }
            let text = attribute_text(attribute);
            let same_key = present
                .iter()
                .filter(|element| attribute_key(element).is_some_and(|key| key == attribute.key));
            let before = additions.edits.len();
            additions.edits.extend(same_key.map(|element| Edit {
                range: range(self.raw, element),
                text: text.clone(),
            }));
            if additions.edits.len() == before {
                new.push(text);
            }
        }
        additions.append(self.raw, "attributes", self.attribute_list, &new);
    }

    fn without_reject_columns(&self, edits: &[Edit]) -> String {
        let members = &self.top.members;
        if !members.iter().any(|(key, _)| is_own_column(key)) {
            // Nothing to take out: all that is not edited goes through byte for byte.
            return edited(self.raw, 0..self.raw.len(), edits);
        }
        let kept = members.iter().filter(|(key, _)| !is_own_column(key));
        let kept: Vec<String> = kept
            .map(|(key, value)| {
                format!(
                    "{}:{}",
                    json_text(key),
                    edited(self.raw, range(self.raw, value), edits)
                )
            })
            .collect();
        format!("{{{}}}", kept.join(","))
    }
}

/// A piece of the text that is replaced.
#[derive(Debug)]
struct Edit {
    range: Range<usize>,
    text: String,
}

/// What is added to a profile: edits of lists that are there, and lists that are not there yet.
#[derive(Debug, Default)]
struct ProfileAdditions {
    edits: Vec<Edit>,
    members: Vec<String>,
}

impl ProfileAdditions {
    fn append(&mut self, raw: &str, key: &str, list: Option<&RawValue>, new: &[String]) {
        let new = new.join(",");
        match list {
            _ if new.is_empty() => {}
            None => self.members.push(format!("{}:[{new}]", json_text(key))),
            // `null` has no brackets to insert into.
            Some(list) if list.get() == "null" => {
                self.edits.push(Edit {
                    range: range(raw, list),
                    text: format!("[{new}]"),
                });
            }
            Some(list) => self.insert_before_end(raw, list, &new),
        }
    }

    /// Puts the new members at the end of `userDetails`, whose contact always comes before them.
    fn finish(&mut self, raw: &str, details: &RawValue) {
        if !self.members.is_empty() {
            let members = self.members.join(",");
            self.insert_before_end(raw, details, &members);
        }
    }

    fn insert_before_end(&mut self, raw: &str, value: &RawValue, new: &str) {
        let end = range(raw, value).end.saturating_sub(1);
        let comma = if is_empty(value) { "" } else { "," };
        self.edits.push(Edit {
            range: end..end,
            text: format!("{comma}{new}"),
        });
    }
}

/// Whether there is nothing between the brackets of a list or an object.
fn is_empty(value: &RawValue) -> bool {
    value
        .get()
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        // Three are enough to know that there is more than the brackets.
        .take(3)
        .count()
        == 2
}

/// A part of the text, with the edits that lie in it. They are in order and do not overlap.
fn edited(raw: &str, part: Range<usize>, edits: &[Edit]) -> String {
    let mut text = String::new();
    let mut at = part.start;
    for edit in edits
        .iter()
        .filter(|edit| part.start <= edit.range.start && edit.range.end <= part.end)
    {
        text.push_str(&raw[at..edit.range.start]);
        text.push_str(&edit.text);
        at = edit.range.end;
    }
    text.push_str(&raw[at..part.end]);
    text
}

/// Where a value is in the text that it was read from.
fn range(raw: &str, value: &RawValue) -> Range<usize> {
    // Raw values are slices of the text that they were read from, so the addresses tell the place.
    let start = value.get().as_ptr().addr() - raw.as_ptr().addr();
    start..start + value.get().len()
}

fn attribute_text(attribute: &Attribute) -> String {
    let mut json = JsonWriter::with_room(attribute.key.len() + attribute.value.len());
    add_attribute(&mut json, attribute);
    String::from_utf8_lossy(&json.into_bytes()).into_owned()
}

/// A JSON object whose values are not read yet; nothing of it is dropped, not even a repeated key.
#[derive(Debug)]
pub(super) struct Object<'a> {
    pub(super) members: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'a> Object<'a> {
    fn read(text: &'a str) -> Option<Object<'a>> {
        serde_json::from_str(text).ok()
    }

    pub(super) fn of(value: &'a RawValue) -> Option<Object<'a>> {
        Object::read(value.get())
    }

    pub(super) fn get(&self, key: &'static str) -> Result<Option<&'a RawValue>, ProfileError> {
        let mut values = self
            .members
            .iter()
            .filter(|(name, _)| name == key)
            .map(|(_, value)| *value);
        let first = values.next();
        match values.next() {
            Some(_) => Err(ProfileError::Twice { key }),
            None => Ok(first),
        }
    }

    /// The object under a key; `None` if it is missing or `null`.
    pub(super) fn inner(&self, key: &'static str) -> Result<Option<Object<'a>>, ProfileError> {
        match self.get(key)? {
            Some(value) if value.get() != "null" => {
                Object::of(value).map(Some).ok_or(not_an_object(key))
            }
            _ => Ok(None),
        }
    }

    /// The list under a key, or `null`.
    pub(super) fn list(&self, key: &'static str) -> Result<Option<&'a RawValue>, ProfileError> {
        match self.get(key)? {
            Some(value) if !value.get().starts_with('[') && value.get() != "null" => {
                Err(wrong_kind(key, "list"))
            }
            list => Ok(list),
        }
    }

    fn digits(&self, key: &'static str) -> Result<Cow<'a, str>, ProfileError> {
        match self.get(key)? {
            Some(value) if value.get() != "null" => {
                text(value).ok_or(wrong_kind(key, "text: it needs quotes"))
            }
            _ => Err(ProfileError::NoPhone { key }),
        }
    }
}

fn not_an_object(key: &'static str) -> ProfileError {
    wrong_kind(key, "object")
}

fn wrong_kind(key: &'static str, expected: &'static str) -> ProfileError {
    ProfileError::WrongKind { key, expected }
}

/// A text that may have escapes in it.
#[derive(Deserialize)]
struct JsonText<'a>(#[serde(borrow)] Cow<'a, str>);

pub(super) fn text(value: &RawValue) -> Option<Cow<'_, str>> {
    serde_json::from_str::<JsonText>(value.get())
        .ok()
        .map(|text| text.0)
}

pub(super) fn elements(list: &RawValue) -> Vec<&RawValue> {
    serde_json::from_str(list.get()).unwrap_or_default()
}

pub(super) fn texts(list: &RawValue) -> Vec<Cow<'_, str>> {
    elements(list).into_iter().filter_map(text).collect()
}

/// What an attribute is called.
pub(super) fn attribute_key(attribute: &RawValue) -> Option<Cow<'_, str>> {
    Object::of(attribute)?.get("key").ok()?.and_then(text)
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Object<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some((key, value)) = map.next_entry::<JsonText<'de>, &'de RawValue>()? {
            members.push((key.0, value));
        }
        Ok(Object { members })
    }
}
