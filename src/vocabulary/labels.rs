//! What may be beside a number in its cell. The words are those of `phones.txt`, and the short ones of `labels.txt`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::file::sections;
use super::phones::{PhoneWord, phone_word};
use crate::text::{folded, words};

static WORDS: LazyLock<HashMap<&'static str, HashSet<String>>> = LazyLock::new(|| {
    let sections = sections(include_str!("labels.txt"));
    sections
        .iter()
        .map(|section| (section.name, section.words().map(comparable).collect()))
        .collect()
});

/// A phrase as it is compared; a sign as it is.
fn comparable(phrase: &str) -> String {
    let words = words(phrase).join(" ");
    match words.is_empty() {
        true => phrase.to_owned(),
        false => words,
    }
}

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

/// Whether a word beside a number says what kind of phone it is, and nothing against it. `no` alone says that there is
/// no phone.
pub(crate) fn is_label(word: &str) -> bool {
    let is_known = || match phone_word(word) {
        Some(PhoneWord::Kind(_) | PhoneWord::Phone) => true,
        Some(PhoneWord::Number) => !word.eq_ignore_ascii_case("no"),
        _ => false,
    };
    is_in("label", word) || is_known()
}

/// Whether a word beside a number means a fax there, though it is too short to do so elsewhere.
pub(crate) fn is_short_fax(word: &str) -> bool {
    is_in("fax", word)
}

/// Whether a word between two numbers belongs to neither.
pub(crate) fn is_joining(word: &str) -> bool {
    is_in("joining", word)
}

/// Whether a word beside a number is a remark that changes nothing (`new`, `preferred`).
pub(crate) fn is_remark(word: &str) -> bool {
    is_in("remark", word)
}

/// Whether words beside a number say that it is of something else than a phone: an order, an account, a price, a date,
/// an address.
pub(crate) fn is_another_number(text: &str) -> bool {
    has_phrase("another", text)
}

/// Whether words beside a number say that nobody can or wants to be reached by it.
pub(crate) fn says_not_to_call(text: &str) -> bool {
    has_phrase("not-to-call", text)
}

/// Whether words of a text, next to each other, are a phrase of a section.
fn has_phrase(section: &str, text: &str) -> bool {
    const LONGEST: usize = 4;
    let words = words(text);
    let mut windows = (1..=LONGEST).flat_map(|length| words.windows(length));
    windows.any(|window| is_in(section, &window.join(" ")))
}

/// What follows the word for an extension that a text begins with.
pub(crate) fn after_extension_word(text: &str) -> Option<&str> {
    EXTENSIONS
        .iter()
        .find_map(|word| text.strip_prefix(word.as_str()))
}
