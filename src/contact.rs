//! A contact: what the API calls `userDetails`, in our own words.
//!
//! Owns the contact's fields. `phone` and `email` own what makes one usable.

pub mod email;
pub mod phone;
pub mod region;

use phone::Phone;

/// A contact that can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The name; a contact may have none.
    pub name: Option<String>,
    /// The e-mail address; a contact may have none.
    pub email: Option<String>,
    /// The phone: the contact's key.
    pub phone: Phone,
    /// The tags, in order, none twice.
    pub tags: Vec<String>,
    /// The attributes, in order, no key twice.
    pub attributes: Vec<Attribute>,
}

/// A custom attribute of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Lowercase ASCII letters and digits.
    pub key: String,
    /// The value, as it stands in the input.
    pub value: String,
}
