//! The payload: how a contact is written in a request.
//!
//! Alone knows the shape of `userDetails` (the API page "Import user profiles"). Puts no batches together, and judges
//! no phone.

mod profile;
mod shown;
#[cfg(test)]
mod tests;
mod unite;

pub(crate) use profile::{Profile, ProfileError, profile};
pub(crate) use shown::shown;
pub(crate) use unite::unite;

use crate::contact::{Attribute, Contact};
use serde::{Serialize, Serializer};

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
    json(&Element {
        profile: ProfileOut {
            user_details: UserDetails::new(contact, empty_lists),
        },
    })
}

#[derive(Serialize)]
struct Element<'a> {
    profile: ProfileOut<'a>,
}

#[derive(Serialize)]
struct ProfileOut<'a> {
    #[serde(rename = "userDetails")]
    user_details: UserDetails<'a>,
}

#[derive(Serialize)]
struct UserDetails<'a> {
    #[serde(rename = "userProvidedName", skip_serializing_if = "Option::is_none")]
    user_provided_name: Option<&'a str>,
    contact: ContactOut<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<Vec<AttributeOut<'a>>>,
}

#[derive(Serialize)]
struct ContactOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    phone: PhoneOut<'a>,
}

#[derive(Serialize)]
struct PhoneOut<'a> {
    number: &'a str,
    #[serde(serialize_with = "as_text")]
    prefix: u16,
}

#[derive(Serialize)]
struct AttributeOut<'a> {
    key: &'a str,
    value: &'a str,
}

impl<'a> UserDetails<'a> {
    fn new(contact: &'a Contact, empty_lists: EmptyLists) -> UserDetails<'a> {
        let is_sent = |length: usize| length > 0 || empty_lists == EmptyLists::Send;
        let phone = PhoneOut {
            number: &contact.phone.number,
            prefix: contact.phone.prefix,
        };
        UserDetails {
            user_provided_name: contact.name.as_deref(),
            contact: ContactOut {
                email: contact.email.as_deref(),
                phone,
            },
            tags: is_sent(contact.tags.len()).then_some(contact.tags.as_slice()),
            attributes: is_sent(contact.attributes.len())
                .then(|| contact.attributes.iter().map(AttributeOut::from).collect()),
        }
    }
}

impl<'a> From<&'a Attribute> for AttributeOut<'a> {
    fn from(attribute: &'a Attribute) -> AttributeOut<'a> {
        AttributeOut {
            key: &attribute.key,
            value: &attribute.value,
        }
    }
}

/// The API takes digits as text only.
fn as_text<S: Serializer>(prefix: &u16, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(prefix)
}

#[cfg_attr(
    not(test),
    expect(
        clippy::expect_used,
        reason = "texts and lists of texts always have a JSON form"
    )
)]
fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("texts and lists of texts have a JSON form")
}
