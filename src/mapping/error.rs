//! Why a mapping does not fit a header, in words that end with what to do.

use super::alias::phone_guess;
use super::column_choice::Choice;
use super::columns::{Columns, column_number};
use super::dotted::known_as;
use super::nearest::{did_you_mean, nearest};
use super::not_phone::NotPhone;
use super::rule::{Field, Rule};
use super::source::column_label;
use super::template::Template;
use crate::hint::{DELIMITER, MAP};
use crate::outcome::{Code, Reason};
use crate::record::{Header, Layout};
use std::collections::BTreeMap;

use crate::text::{listed, quoted, shell_word};

/// Why a mapping does not fit a header.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MappingError {
    /// A rule names a column that is not there.
    #[error("no column is called \"{wanted}\"{}; {advice}", did_you_mean(.nearest.as_deref()))]
    MissingColumn {
        /// The name in the rule.
        wanted: String,
        /// The header that was probably meant.
        nearest: Option<String>,
        /// What to do about it.
        advice: String,
    },
    /// Two columns have the name that the mapping needs.
    #[error(
        "two columns are called \"{name}\" ({first} and {second}); say which one by its number: {MAP} {field}={first}"
    )]
    DuplicateHeader {
        /// The name.
        name: String,
        /// The field that needs it.
        field: Field,
        /// The first column of that name, counted from 1.
        first: usize,
        /// The second.
        second: usize,
    },
    /// The header is one column that looks like several.
    #[error(
        "the header is one column, {header}: if its columns are separated by something else, say so: {DELIMITER} {}",
        separator_word(*.separator)
    )]
    OtherSeparator {
        /// The header.
        header: String,
        /// What seems to separate its columns.
        separator: char,
    },
    /// No column holds the phone.
    #[error("no phone column among {headers}; say which one it is: {MAP} phone={guess}")]
    NoPhone {
        /// The headers, or the first of them.
        headers: String,
        /// The header that probably is the phone, ready for a shell.
        guess: String,
    },
    /// The only phone columns are not the contacts' by what is in them.
    #[error("{why}; no other column is a phone")]
    NotTheirs {
        /// Why the first of them is not.
        why: String,
    },
    /// Several columns are phones, and nothing says which is the contact's.
    #[error(
        "{columns} have different numbers, and nothing says which is the contact's: name them in the order in which \
         they are to be taken, such as{example}"
    )]
    RivalPhones {
        /// The columns, as a user calls them.
        columns: String,
        /// The options that name them.
        example: String,
    },
    /// Two columns would become one attribute.
    #[error(
        "{first} and {second} would both become attr.{key}; give one another key: {MAP} attr.{key}2={reference}"
    )]
    AttributeClash {
        /// The attribute's key.
        key: String,
        /// The first column, as a user calls it.
        first: String,
        /// The second.
        second: String,
        /// The second, ready for a shell.
        reference: String,
    },
    /// A header has no character that an attribute's key may have.
    #[error(
        "{column} gives no attribute key (letters a to z and digits); name one: {MAP} attr.KEY={reference}"
    )]
    NoAttributeKey {
        /// The column, as a user calls it.
        column: String,
        /// The column, ready for a shell.
        reference: String,
    },
}

/// How many headers a message lists.
const MOST_HEADERS: usize = 20;

/// That no column holds the phone, and the rule that would help.
pub(crate) fn no_phone(header: &Header) -> MappingError {
    // A wrong delimiter explains every other thing that is missing, so it is reported alone.
    if let Some(error) = other_separator(header) {
        return error;
    }
    let columns = Columns::new(header);
    let headers = match listed(columns.names().map(|(_, name)| name), MOST_HEADERS) {
        none if none.is_empty() => "no columns".to_owned(),
        some => some,
    };
    let known_as = known_as(header);
    let guess = phone_guess(&Columns::new(&known_as));
    let guess = guess.map_or_else(|| quoted("HEADER"), |index| columns.reference(index));
    MappingError::NoPhone { headers, guess }
}

/// The same, where columns with the headers of phones are not the contacts'.
pub(super) fn no_phone_but(
    header: &Header,
    not_phones: &BTreeMap<String, NotPhone>,
) -> MappingError {
    let repeated = not_phones
        .iter()
        .find(|(_, why)| **why == NotPhone::OneNumber);
    match repeated {
        Some((name, why)) => MappingError::NotTheirs {
            why: why.line(name),
        },
        None => no_phone(header),
    }
}

/// That nothing says which of several phone columns is the contact's.
pub(crate) fn rival_phones(rivals: &[Choice]) -> MappingError {
    let labels: Vec<&str> = rivals.iter().map(|rival| rival.label.as_str()).collect();
    let option = |rival: &Choice| format!(" {MAP} phone={}", shell_word(&rival.template));
    MappingError::RivalPhones {
        columns: labels.join(" and "),
        example: rivals.iter().map(option).collect(),
    }
}

/// What may separate columns, as a shell takes it.
const SEPARATORS: [char; 8] = [';', '|', '\t', ',', '^', '~', '#', ':'];

fn other_separator(header: &Header) -> Option<MappingError> {
    let [only] = header.names.as_slice() else {
        return None;
    };
    let separator = SEPARATORS.into_iter().find(|it| only.contains(*it))?;
    Some(MappingError::OtherSeparator {
        header: quoted(only),
        separator,
    })
}

/// A separator as its option takes it, in words where shells differ in their quotes.
fn separator_word(separator: char) -> String {
    match separator {
        ';' => "semicolon".to_owned(),
        '|' => "pipe".to_owned(),
        '\t' => "tab".to_owned(),
        ',' => "comma".to_owned(),
        other => shell_word(&other.to_string()),
    }
}

pub(super) fn missing(columns: &Columns<'_>, rule: &Rule, wanted: &str) -> MappingError {
    MappingError::MissingColumn {
        wanted: wanted.to_owned(),
        nearest: nearest(wanted, columns.names().map(|(_, name)| name)).map(str::to_owned),
        advice: advice(columns, rule, wanted),
    }
}

fn advice(columns: &Columns<'_>, rule: &Rule, wanted: &str) -> String {
    if column_number(wanted).is_some() && columns.header.layout != Layout::Table {
        return "keys are called by their names: JSON has no numbers of columns".to_owned();
    }
    if column_number(wanted).is_some() || has_only_numbers(columns) {
        return format!("the columns are 1 to {}", columns.visible().count());
    }
    match &rule.template {
        Template::Text(_) => "braces that are meant as text are doubled: {{ and }}".to_owned(),
        _ => format!(
            "a fixed text is written {MAP} {}=={}",
            rule.field,
            shell_word(wanted)
        ),
    }
}

/// Whether the columns have no names: they are called by their numbers.
fn has_only_numbers(columns: &Columns<'_>) -> bool {
    let mut names = columns.names();
    names.all(|(index, name)| column_number(name) == Some(index + 1))
}

pub(super) fn duplicate(
    columns: &Columns<'_>,
    field: &Field,
    first: usize,
    second: usize,
) -> MappingError {
    MappingError::DuplicateHeader {
        name: columns.name(first).to_owned(),
        field: field.clone(),
        first: first + 1,
        second: second + 1,
    }
}

pub(super) fn clash(
    columns: &Columns<'_>,
    key: &str,
    first: String,
    second: usize,
) -> MappingError {
    MappingError::AttributeClash {
        key: key.to_owned(),
        first,
        second: column_label(columns.header, second),
        reference: columns.reference(second),
    }
}

pub(super) fn no_key(columns: &Columns<'_>, index: usize) -> MappingError {
    MappingError::NoAttributeKey {
        column: column_label(columns.header, index),
        reference: columns.reference(index),
    }
}

impl MappingError {
    /// Why a single object is invalid whose keys the mapping does not fit.
    pub(crate) fn reason(&self) -> Reason {
        let (code, brief) = match self {
            MappingError::AttributeClash { .. } => {
                (Code::AttributeClash, "two keys would become one attribute")
            }
            MappingError::NoAttributeKey { .. } => {
                (Code::AttributeClash, "a key gives no attribute key")
            }
            MappingError::DuplicateHeader { name, .. } => {
                let full = format!("the key {} stands twice", quoted(name));
                return Reason::new(Code::BadJson, "a key stands twice", full);
            }
            MappingError::OtherSeparator { .. }
            | MappingError::NotTheirs { .. }
            | MappingError::RivalPhones { .. }
            | MappingError::NoPhone { .. }
            | MappingError::MissingColumn { .. } => (Code::NoPhone, "no phone"),
        };
        Reason::new(code, brief, self.to_string())
    }
}
