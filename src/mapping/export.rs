//! Exports: which product a file seems to come from, and what that changes.
//!
//! Owns the recognition by headers; what each export looks like is data in `table`. A file that is not recognised loses
//! nothing but the columns that only its product has.

mod table;

use super::alias::{Meaning, key};
use super::columns::Columns;
use std::collections::HashSet;
use table::EXPORTS;

/// A product's export, as far as it differs from any other file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Export {
    /// What a user calls it.
    pub name: &'static str,
    /// Headers that give it away: all of one line. After `=` the very spelling counts.
    marks: &'static [&'static [&'static str]],
    /// What its headers mean where that differs from any file, the preferred ones of each meaning first.
    pub columns: &'static [(Meaning, &'static [&'static str])],
    /// What its numbers without `+` are.
    pub bare: Bare,
    /// How the tags begin that the product made, and no user.
    pub system_tag: Option<&'static str>,
    /// By what a row is known that goes on with the contact above it.
    pub continuation: Option<Continuation>,
}

/// A row that belongs to the contact of the row above it, as each further item of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Continuation {
    /// The column that only the contact's own row fills.
    pub blank: &'static str,
    /// The column that such a row fills.
    pub filled: &'static str,
    /// The column that says whose row it is.
    pub same: &'static str,
}

/// What an export's numbers without `+` are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bare {
    /// As anywhere: local, or nobody knows.
    Local,
    /// They start with their calling code.
    International,
}

impl Export {
    /// The export that a header looks like, if any.
    pub fn of(columns: &Columns<'_>) -> Option<&'static Export> {
        let names: HashSet<&str> = columns.names().map(|(_, name)| name).collect();
        let keys: HashSet<String> = names.iter().map(|name| key(name)).collect();
        let is_there = |mark: &str| match mark.strip_prefix('=') {
            Some(name) => names.contains(name),
            None => keys.contains(&key(mark)),
        };
        EXPORTS.iter().find(|export| {
            let mut alternatives = export.marks.iter();
            alternatives.any(|marks| marks.iter().all(|mark| is_there(mark)))
        })
    }

    /// What a user is told: `looks like a Google Contacts export`.
    pub fn line(&self) -> String {
        let article = if self.name.starts_with(['A', 'E', 'I', 'O', 'U']) {
            "an"
        } else {
            "a"
        };
        let bare = match self.bare {
            Bare::Local => "",
            Bare::International => ": numbers without + start with their calling code",
        };
        format!("looks like {article} {} export{bare}", self.name)
    }
}
