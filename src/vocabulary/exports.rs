//! The exports that are known: by which headers each is recognised, and what its headers mean. They are in
//! `exports.txt`.

use std::sync::LazyLock;

use super::file::{WordLine, WordSection, sections};
use super::headers::{self, Meaning};
use super::phones::kind_named;

/// A product's export, as far as it differs from any other file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Export {
    /// What a user calls it.
    pub(crate) name: &'static str,
    /// Headers that give it away: all of one line. After `=` the very spelling counts.
    pub(crate) marks: Vec<Vec<&'static str>>,
    /// What its headers mean where that differs from any file, the preferred ones of each meaning first.
    pub(crate) columns: Vec<(Meaning, Vec<&'static str>)>,
    /// Whether its numbers without `+` start with their calling code; elsewhere they are local.
    pub(crate) has_calling_codes: bool,
    /// How the tags begin that the product made, and no user.
    pub(crate) system_tag: Option<&'static str>,
    /// How a row is recognised that continues the contact above it.
    pub(crate) continuation: Option<Continuation>,
}

/// A row that belongs to the contact of the row above it, as each further item of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Continuation {
    /// The column that only the contact's own row fills.
    pub(crate) blank: &'static str,
    /// The column that such a row fills.
    pub(crate) filled: &'static str,
    /// The column that says whose row it is.
    pub(crate) same: &'static str,
}

/// The exports, those with the surest marks first.
pub(crate) fn exports() -> &'static [Export] {
    // Read once: every header is compared with all of them.
    static EXPORTS: LazyLock<Vec<Export>> = LazyLock::new(|| {
        let sections = sections(include_str!("exports.txt"));
        sections.iter().map(export).collect()
    });
    &EXPORTS
}

fn export(section: &WordSection) -> Export {
    let of = |key: &'static str| section.lines.iter().filter(move |line| line.key == key);
    let first = |key| of(key).next();
    Export {
        name: section.name,
        marks: of("mark").map(|line| line.words.clone()).collect(),
        columns: section.lines.iter().filter_map(column).collect(),
        has_calling_codes: first("bare").is_some(),
        system_tag: first("system-tag").and_then(|line| line.words.first().copied()),
        continuation: first("continuation").and_then(continuation),
    }
}

fn column(line: &WordLine) -> Option<(Meaning, Vec<&'static str>)> {
    let phone = || kind_named(line.key).map(Meaning::Phone);
    let meaning = headers::meaning(line.key).or_else(phone)?;
    Some((meaning, line.words.clone()))
}

fn continuation(line: &WordLine) -> Option<Continuation> {
    let [blank, filled, same] = line.words[..] else {
        return None;
    };
    Some(Continuation {
        blank,
        filled,
        same,
    })
}
