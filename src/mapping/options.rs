//! What a user asked of the mapping: the rules, and what becomes of doubtful values.

use super::not_phone::NotPhones;
use super::rule::Rule;
use crate::contact::Attribute;
use crate::contact::phone::Home;

/// What a user asked of the mapping.
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
    /// What separates the tags of a cell; `None`: any of `,` `;` `|`. An empty text splits nothing.
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
