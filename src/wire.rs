//! The payload: how a contact is written in a request.
//!
//! Alone knows the shape of `userDetails` (the API page "Import user profiles"). Puts no batches together, and judges
//! no phone.

mod json;
mod profile;
mod shown;
#[cfg(test)]
mod tests;
mod unite;

pub(crate) use profile::{Profile, ProfileError, profile};
pub(crate) use shown::shown;
pub(crate) use unite::unite;

use crate::contact::{Attribute, Contact};
use json::JsonWriter;

/// What is sent for `tags` or `attributes` without an element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum EmptyLists {
    /// `[]`, as documented.
    #[default]
    Send,
    /// Nothing: the key is left out.
    Omit,
}

/// A contact as one element of the request's array.
pub(crate) fn encode(contact: &Contact, empty_lists: EmptyLists) -> Vec<u8> {
    let is_sent = |length: usize| length > 0 || empty_lists == EmptyLists::Send;
    let mut json = JsonWriter::with_room(room(contact));
    json.raw(r#"{"profile":{"userDetails":{"#);
    if let Some(name) = &contact.name {
        json.raw(r#""userProvidedName":"#);
        json.text(name);
        json.raw(",");
    }
    json.raw(r#""contact":{"#);
    if let Some(email) = &contact.email {
        json.raw(r#""email":"#);
        json.text(email);
        json.raw(",");
    }
    json.raw(r#""phone":{"number":"#);
    json.text(&contact.phone.number);
    // The API takes digits as text only.
    json.raw(r#","prefix":"#);
    json.number_text(contact.phone.prefix);
    json.raw("}}");
    if is_sent(contact.tags.len()) {
        json.raw(r#","tags":"#);
        json.list(&contact.tags, |json, tag| json.text(tag));
    }
    if is_sent(contact.attributes.len()) {
        json.raw(r#","attributes":"#);
        json.list(&contact.attributes, add_attribute);
    }
    json.raw("}}}");
    json.into_bytes()
}

fn add_attribute(json: &mut JsonWriter, attribute: &Attribute) {
    json.raw(r#"{"key":"#);
    json.text(&attribute.key);
    json.raw(r#","value":"#);
    json.text(&attribute.value);
    json.raw("}");
}

/// Enough bytes for a contact without escapes.
fn room(contact: &Contact) -> usize {
    const KEYS: usize = 160;
    let texts = contact.name.iter().chain(&contact.email);
    let lists: usize = contact.tags.iter().map(|tag| tag.len() + 3).sum();
    let attributes = contact.attributes.iter();
    let attributes: usize = attributes
        .map(|of| of.key.len() + of.value.len() + 24)
        .sum();
    KEYS + texts.map(String::len).sum::<usize>() + lists + attributes
}
