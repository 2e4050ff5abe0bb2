//! A column, or several, offered to a user as the source of a field.

/// A column, or several, that may fill a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// What `--map FIELD=` takes.
    pub(crate) template: String,
    /// What a user calls it: `"First Name" + "Last Name"`.
    pub(crate) label: String,
    /// What the first records have there.
    pub(crate) samples: Vec<String>,
}
