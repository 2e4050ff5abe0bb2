//! The columns that are not the contacts' phones though their headers say so, and why.
//!
//! How that is found out is `content`'s.

use std::collections::BTreeMap;

use crate::hint::MAP;
use crate::record::InputId;
use crate::text::quoted;

/// Why a column with the header of a phone is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotPhone {
    /// It says yes or no: whether a phone has WhatsApp.
    YesOrNo,
    /// Most rows have the same number: a shop's or an agent's own.
    OneNumber,
}

/// The columns with headers of phones that are not the contacts' phones, by their names, of each input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NotPhones(BTreeMap<InputId, BTreeMap<String, NotPhone>>);

impl NotPhones {
    /// Takes note of an input's columns.
    pub(crate) fn note(&mut self, input: InputId, columns: BTreeMap<String, NotPhone>) {
        if !columns.is_empty() {
            self.0.entry(input).or_default().extend(columns);
        }
    }

    /// Those of one input.
    pub(crate) fn of(&self, input: InputId) -> Option<&BTreeMap<String, NotPhone>> {
        self.0.get(&input)
    }
}

impl NotPhone {
    /// What a user reads about the column.
    pub(super) fn line(self, name: &str) -> String {
        let name = quoted(name);
        match self {
            NotPhone::YesOrNo => format!("not a phone: {name} holds yes and no"),
            NotPhone::OneNumber => format!(
                "not the contacts' phone: {name} has the same number in most rows (if it is theirs: {MAP} phone={name})"
            ),
        }
    }
}
