//! What the keys of JSON objects say that are around others, or within them. The words are in `keys.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::file::{WordSection, sections};

/// By section and key: what is before the colon of the key's line.
static INDEX: LazyLock<HashMap<(&'static str, &'static str), &'static str>> = LazyLock::new(|| {
    let sections = sections(include_str!("keys.txt"));
    sections.iter().flat_map(entries).collect()
});

fn entries(
    section: &WordSection,
) -> impl Iterator<Item = ((&'static str, &'static str), &'static str)> {
    let name = section.name;
    let lines = section.lines.iter();
    lines.flat_map(move |line| line.words.iter().map(move |word| ((name, *word), line.key)))
}

/// Whether a key, in lowercase letters and digits, is in a section.
pub(crate) fn is_key(section: &str, key: &str) -> bool {
    header_of_key(section, key).is_some()
}

/// The header by which a value under a key of a section is known.
pub(crate) fn header_of_key(section: &str, key: &str) -> Option<&'static str> {
    INDEX.get(&(section, key)).copied()
}
