//! Mapping: what the columns of a record mean, and the contact that they make.
//!
//! Owns the rules of `--map`, the headers that are recognised without them, the filters on rows, and the judgement of
//! a record. Knows neither files nor the payload, does no IO and reads no clock.

mod address;
mod alias;
mod apply;
mod census;
mod choice;
mod columns;
mod consent;
mod content;
mod defect;
mod dotted;
mod error;
mod export;
mod filter;
mod mapper;
mod memo;
mod nearest;
mod plan;
mod presplit_phone;
mod rule;
mod source;
mod tags;
mod template;
#[cfg(test)]
mod tests;

pub(crate) use alias::{may_be_guessed, may_be_the_phone};
pub(crate) use census::{Census, Extent, OtherRefusal};
pub(crate) use choice::{CellOf, Choice, columns};
pub(crate) use consent::{Consent, Consented};
pub(crate) use content::{NotPhone, NotPhones};
pub(crate) use dotted::is_in_a_list;
pub(crate) use error::{MappingError, rival_phones};
pub(crate) use filter::{Condition, Filter, FilterError, Sifter};
pub(crate) use mapper::Mapper;
pub(crate) use nearest::nearest;
pub(crate) use plan::{
    Plan, keys_name_a_phone, keys_name_somebody, names_a_contact, names_a_phone,
};
pub(crate) use rule::{Rule, RuleError, attribute};

use crate::contact::phone::{Home, Phone};
use crate::contact::{Attribute, Contact};
use crate::outcome::Reason;

/// What a user said about the mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// `--map`, in the order of the command line.
    pub(crate) rules: Vec<Rule>,
    /// What a number without `+` or `00` is, where the row does not say.
    pub(crate) home: Home,
    /// Tags for every contact.
    pub(crate) tags: Vec<String>,
    /// Attributes for every contact; they win over a column's value. Of one key twice, the last counts.
    pub(crate) attributes: Vec<Attribute>,
    /// What stands between the tags of a cell; `None`: any of `,` `;` `|`. An empty text splits nothing.
    pub(crate) tag_separator: Option<String>,
    /// Whether the columns that nothing else uses become attributes.
    pub(crate) all_attributes: AllAttributes,
    /// What becomes of a record with a wrong e-mail address.
    pub(crate) on_bad_email: OnBadEmail,
    /// What becomes of a record whose phone is possible, but not valid by its numbering plan.
    pub(crate) on_doubtful_phone: OnDoubtfulPhone,
    /// The columns that are not phones by what is in them: found out when the inputs are prepared.
    pub(crate) not_phones: NotPhones,
}

/// Whether the columns that nothing else uses become attributes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum AllAttributes {
    /// They are left out.
    #[default]
    No,
    /// Each becomes the attribute that its header reduces to.
    Yes,
}

/// What becomes of a record with a wrong e-mail address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum OnBadEmail {
    /// It goes without the address, with a warning.
    #[default]
    Drop,
    /// It is invalid.
    Reject,
}

/// What becomes of a record whose phone is possible, but not valid by its numbering plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum OnDoubtfulPhone {
    /// It is invalid.
    #[default]
    Reject,
    /// It goes, with a warning; a valid phone in another column is preferred.
    Send,
}

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
    /// A record that goes on with the contact above it; invalid for this reason where there is none.
    Continuation(Reason),
}

/// Something about a contact that a user should know, though it can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// A few words that many rows share. No contact's data.
    pub(crate) brief: String,
    /// The whole of it for this row.
    pub(crate) full: String,
}
