//! Where the records are in a JSON document, as a user writes it: `data.customers`, `edges[].node`.
//!
//! Owns how a path is written. What is found there is for `json` to read.

use std::fmt;
use std::str::FromStr;

use crate::hint::RECORDS;
use crate::text::shell_word;

/// The way from a document to its records, or to the list of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct RecordsPath(Vec<PathStep>);

/// A step on the way.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum PathStep {
    /// To the value of a key.
    Key(String),
    /// To each element of a list, or each value of an object.
    Each,
}

/// Why a text is not a path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "write the keys that lead to the list, as in data.customers or edges[].node; a dot alone is the whole document"
)]
pub(crate) struct RecordsPathError;

impl RecordsPath {
    pub(super) fn step(&self, at: usize) -> Option<&PathStep> {
        self.0.get(at)
    }

    pub(super) fn steps(&self) -> impl Iterator<Item = &PathStep> {
        self.0.iter()
    }

    /// The option that names it, ready for a shell.
    pub(super) fn option(&self) -> String {
        format!("{RECORDS} {}", shell_word(&self.to_string()))
    }

    /// Whether it leads to the document itself.
    pub(super) fn is_document(&self) -> bool {
        self.0.is_empty()
    }

    /// The path one step further.
    pub(super) fn then(&self, step: PathStep) -> RecordsPath {
        RecordsPath(self.0.iter().cloned().chain([step]).collect())
    }

    /// The last key on it.
    pub(super) fn last_key(&self) -> Option<&str> {
        self.0.iter().rev().find_map(|step| match step {
            PathStep::Key(key) => Some(key.as_str()),
            PathStep::Each => None,
        })
    }
}

impl FromStr for RecordsPath {
    type Err = RecordsPathError;

    /// Also as jq and JSONPath write it: `.data.customers[]`, `$.data.customers[*]`.
    fn from_str(text: &str) -> Result<RecordsPath, RecordsPathError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(RecordsPathError);
        }
        let text = text.strip_prefix('$').unwrap_or(text);
        let mut rest = text.strip_prefix('.').unwrap_or(text);
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, after) = first_step(rest).ok_or(RecordsPathError)?;
            steps.push(step);
            rest = after;
        }
        Ok(RecordsPath(steps))
    }
}

/// The first step of a path, and what follows it.
fn first_step(text: &str) -> Option<(PathStep, &str)> {
    let each = text.strip_prefix("[]").or_else(|| text.strip_prefix("[*]"));
    let (step, rest) = match each {
        Some(rest) => (PathStep::Each, rest),
        None if text.starts_with("[\"") => quoted_key(text)?,
        None => plain_key(text)?,
    };
    match rest.strip_prefix('.') {
        Some("") => None,
        Some(next) => Some((step, next)),
        None => (rest.is_empty() || rest.starts_with('[')).then_some((step, rest)),
    }
}

fn plain_key(text: &str) -> Option<(PathStep, &str)> {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (key, rest) = text.split_at_checked(end)?;
    is_plain(key).then(|| (PathStep::Key(key.to_owned()), rest))
}

/// `["a key"]`, its text as JSON writes it.
fn quoted_key(text: &str) -> Option<(PathStep, &str)> {
    let text = text.strip_prefix('[')?;
    let mut texts = serde_json::Deserializer::from_str(text).into_iter::<String>();
    let key = texts.next()?.ok()?;
    let rest = text.get(texts.byte_offset()..)?.strip_prefix(']')?;
    Some((PathStep::Key(key), rest))
}

impl fmt::Display for RecordsPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str(".");
        }
        for (at, step) in self.0.iter().enumerate() {
            match step {
                PathStep::Each => f.write_str("[]")?,
                PathStep::Key(key) if !is_plain(key) => {
                    write!(f, "[{}]", serde_json::Value::from(key.as_str()))?;
                }
                PathStep::Key(key) if at == 0 => f.write_str(key)?,
                PathStep::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}

/// Whether a key is read back as it is written.
fn is_plain(key: &str) -> bool {
    !key.is_empty()
        && key.trim() == key
        && !key.starts_with('$')
        && !key.contains(['.', '[', ']', '"'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_path_is_read_as_people_write_it() {
        for (text, printed) in [
            ("data.customers", "data.customers"),
            (" .data.customers ", "data.customers"),
            ("$.data.customers[*]", "data.customers[]"),
            ("edges[].node", "edges[].node"),
            ("[].data", "[].data"),
            (".[]", "[]"),
            (".", "."),
            ("$", "."),
            ("[\"a.b\"].c", "[\"a.b\"].c"),
            ("a[\"b\"]", "a.b"),
        ] {
            let path: RecordsPath = text.parse().unwrap();
            assert_eq!(path.to_string(), printed, "{text}");
        }
    }

    #[test]
    fn what_is_not_a_path_is_refused() {
        for text in [
            "",
            "a..b",
            "a.",
            "edges[2].node",
            "a[",
            "[\"a]",
            "a[]b",
            "a]",
        ] {
            assert_eq!(text.parse::<RecordsPath>(), Err(RecordsPathError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_path_is_read_back_as_it_is_printed(keys in proptest::collection::vec(any::<Option<String>>(), 0..5)) {
            let step = |key: Option<String>| key.map_or(PathStep::Each, PathStep::Key);
            let path = RecordsPath(keys.into_iter().map(step).collect());
            prop_assert_eq!(path.to_string().parse::<RecordsPath>(), Ok(path));
        }
    }
}
