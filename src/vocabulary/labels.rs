//! What may be beside a number in its cell. The words are those of `phones.txt`, and the short ones of `labels.txt`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::file::sections;
use super::phones::{PhoneWord, phone_word};
use crate::text::folded;

static WORDS: LazyLock<HashMap<&'static str, HashSet<String>>> = LazyLock::new(|| {
    let sections = sections(include_str!("labels.txt"));
    let folded = |word: &str| folded(word).into_owned();
    sections
        .iter()
        .map(|section| (section.name, section.words().map(folded).collect()))
        .collect()
});

/// The extension words, the longest first: `ext` begins `extension`.
static EXTENSIONS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut words: Vec<String> = WORDS
        .get("extension")
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
});

fn is_in(section: &str, word: &str) -> bool {
    !word.is_empty()
        && WORDS
            .get(section)
            .is_some_and(|words| words.contains(folded(word).as_ref()))
}

/// Whether a word beside a number says what kind of phone it is, and nothing against it. `no` alone says that there is none.
pub(crate) fn is_label(word: &str) -> bool {
    let is_known = || match phone_word(word) {
        Some(PhoneWord::Kind(_) | PhoneWord::Phone) => true,
        Some(PhoneWord::Number) => !word.eq_ignore_ascii_case("no"),
        _ => false,
    };
    is_in("label", word) || is_known()
}

/// Whether a word beside a number stands for a fax there, though it is too short to do so elsewhere.
pub(crate) fn is_short_fax(word: &str) -> bool {
    is_in("fax", word)
}

/// Whether a word between two numbers belongs to neither.
pub(crate) fn is_joining(word: &str) -> bool {
    is_in("joining", word)
}

/// What follows the word for an extension that a text begins with.
pub(crate) fn after_extension_word(text: &str) -> Option<&str> {
    EXTENSIONS
        .iter()
        .find_map(|word| text.strip_prefix(word.as_str()))
}
