//! What a record becomes: a contact with warnings, a reject, or the continuation of another.

use crate::contact::Contact;
use crate::contact::phone::Phone;
use crate::outcome::Reason;
use std::borrow::Cow;

/// What a record became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mapped {
    /// A contact that can be sent.
    Contact {
        /// The contact.
        contact: Contact,
        /// What a user should know of it.
        warnings: Vec<Warning>,
    },
    /// An invalid record.
    Reject {
        /// Why.
        reason: Reason,
        /// Its phone, where that is not what is wrong.
        phone: Option<Phone>,
    },
    /// A record that continues the contact above it; invalid for this reason if there is no such contact.
    Continuation(Reason),
}

/// Something about a contact that a user should know, though it can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// A few words that many rows share. No contact's data.
    pub(crate) brief: Cow<'static, str>,
    /// The whole of it for this row.
    pub(crate) full: String,
}

impl Warning {
    pub(crate) fn new(brief: impl Into<Cow<'static, str>>, full: impl Into<String>) -> Warning {
        Warning {
            brief: brief.into(),
            full: full.into(),
        }
    }
}
