//! A contact: what the API calls `userDetails`, in our own words.
//!
//! Owns the contact's fields. `phone` and `email` own what makes one usable.

pub(crate) mod email;
pub mod phone;
pub(crate) mod region;

use phone::Phone;

/// A contact that can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Contact {
    /// The name; a contact may have none.
    pub(crate) name: Option<String>,
    /// The e-mail address; a contact may have none.
    pub(crate) email: Option<String>,
    /// The phone: the contact's key.
    pub(crate) phone: Phone,
    /// The tags, in order, none twice.
    pub(crate) tags: Vec<String>,
    /// The attributes, in order, no key twice.
    pub(crate) attributes: Vec<Attribute>,
}

/// A custom attribute of a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attribute {
    /// Lowercase ASCII letters and digits.
    pub(crate) key: String,
    /// The value, as it is in the input.
    pub(crate) value: String,
}
