//! Rules: `FIELD=TEMPLATE` and `KEY=VALUE` as a user writes them.

use super::nearest::nearest;
use super::rule_error::RuleError;
use super::template::Template;
use crate::contact::Attribute;
use crate::text::without_controls;
use std::fmt;
use std::str::FromStr;

/// A field of a contact that a rule fills.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Field {
    /// The name.
    Name,
    /// The phone, or only its number where `prefix` is apart.
    Phone,
    /// The country calling code, where it is in a column of its own.
    Prefix,
    /// Where the row is from: an ISO code or an English name.
    Country,
    /// The e-mail address.
    Email,
    /// The tags.
    Tags,
    /// The attribute of this key.
    Attribute(String),
}

/// Where one field comes from: `--map FIELD=TEMPLATE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    /// The field it fills.
    pub(crate) field: Field,
    /// Where its value comes from.
    pub(crate) template: Template,
}

const PLAIN_FIELDS: [(&str, Field); 6] = [
    ("name", Field::Name),
    ("phone", Field::Phone),
    ("prefix", Field::Prefix),
    ("country", Field::Country),
    ("email", Field::Email),
    ("tags", Field::Tags),
];

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Rule, RuleError> {
        let (field, template) = halves(text, "phone=\"Mobile Phone\"")?;
        Ok(Rule {
            field: field.parse()?,
            template: Template::parse(template)?,
        })
    }
}

impl FromStr for Field {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Field, RuleError> {
        let text = text.trim();
        if let Some(key) = text.strip_prefix("attr.") {
            return checked_key(key).map(Field::Attribute);
        }
        let plain = PLAIN_FIELDS.iter().find(|(name, _)| *name == text);
        plain
            .map(|(_, field)| field.clone())
            .ok_or_else(|| RuleError::UnknownField {
                field: text.to_owned(),
                nearest: nearest(text, PLAIN_FIELDS.iter().map(|(name, _)| *name)),
            })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.field, self.template)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Field::Attribute(key) => write!(f, "attr.{key}"),
            plain => {
                let mut names = PLAIN_FIELDS.iter();
                let named = names.find(|(_, field)| field == plain);
                f.write_str(named.map_or("attr", |(name, _)| *name))
            }
        }
    }
}

/// Reads `KEY=VALUE`, an attribute for every contact (`--attr`). The value stays as it is, but for control characters.
///
/// # Errors
/// No `=`, or a key that the platform does not take.
pub(crate) fn attribute(text: &str) -> Result<Attribute, RuleError> {
    let (key, value) = halves(text, "source=shop")?;
    Ok(Attribute {
        key: checked_key(key.trim())?,
        value: without_controls(value).into_owned(),
    })
}

fn halves<'a>(text: &'a str, example: &'static str) -> Result<(&'a str, &'a str), RuleError> {
    text.split_once('=').ok_or_else(|| RuleError::NoEquals {
        text: text.to_owned(),
        example,
    })
}

fn checked_key(key: &str) -> Result<String, RuleError> {
    let reduced = reduced(key);
    // A key that was changed in silence would be another attribute than the one that was typed.
    if reduced == key && !key.is_empty() {
        Ok(reduced)
    } else {
        Err(RuleError::BadKey {
            key: key.to_owned(),
            reduced,
        })
    }
}

/// The attribute key that a header gives: lowercased, and reduced to ASCII letters and digits.
pub(super) fn reduced(header: &str) -> String {
    header
        .chars()
        .flat_map(char::to_lowercase)
        .filter(char::is_ascii_alphanumeric)
        .collect()
}
