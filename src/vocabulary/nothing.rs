//! What is written where there is no value. The words are in `nothing.txt`.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use super::file::sections;
use crate::text::{is_blank, is_invisible, is_space};

/// In capitals, since case means nothing here.
static WORDS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let sections = sections(include_str!("nothing.txt"));
    let words = sections.iter().flat_map(|section| section.words());
    words.map(str::to_uppercase).collect()
});

/// The lengths of the words in bytes, a bit each: most other words that begin like one have another.
static LENGTHS: LazyLock<u32> = LazyLock::new(|| {
    let bits = WORDS.iter().map(|word| 1 << word.len().min(31));
    bits.fold(0, |all, bit: u32| all | bit)
});

/// What the words begin with, but for signs.
const BEGINNINGS: &str = "nubeoNUBEO";

/// The longest of the words, in bytes, with brackets around it.
const LONGEST: usize = 24;

/// Whether a text says that there is no value: it is blank, has only signs that people put for an empty value (`-`,
/// `.`, `--`, `?`), or is one of the words for nothing, with or without brackets (`NULL`, `(blank)`, `#N/A`). What a
/// sheet shows in a column that is too narrow (`####`) is not nothing: there is a number. Nor is an emoji: people are
/// called so.
pub(crate) fn is_nothing(text: &str) -> bool {
    if begins_like_a_value(text) {
        return false;
    }
    if text.len() > LONGEST {
        // Longer than any of the words, with brackets around it.
        return is_blank(text);
    }
    if text.chars().all(is_sign_of_nothing) {
        return true;
    }
    if !may_be_a_word(text) {
        return false;
    }
    let visible: Cow<'_, str> = match text.contains(is_invisible) {
        true => text.replace(is_invisible, "").into(),
        false => text.into(),
    };
    let bare = visible.trim_matches(|c: char| c.is_whitespace() || "()<>[]{}'\",.".contains(c));
    let mut words = bare.split_whitespace().peekable();
    // Two parts that were joined before they came here: `null null`.
    words.peek().is_some() && words.all(is_word) || is_word(bare) || is_error(bare)
}

fn is_word(text: &str) -> bool {
    let has_length = || text.len() < 32 && *LENGTHS & (1 << text.len()) != 0;
    // Capitals of other letters may have another length.
    (!text.is_ascii() || has_length()) && WORDS.contains(&text.to_uppercase())
}

/// `#N/A`, `#REF!`, `#NAME?` in the language of any spreadsheet: a sign, capitals, and how such values end.
fn is_error(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('#') else {
        return false;
    };
    let is_capital = |c: char| c.is_uppercase() || "/0¡¿".contains(c);
    let named = rest.trim_end_matches(['!', '?']);
    let ends = named.len() < rest.len() || named.contains('/');
    named.chars().count() >= 2 && ends && named.chars().all(is_capital)
}

/// The words, for tests that try all of them.
#[cfg(test)]
pub(crate) fn words_for_nothing() -> Vec<&'static str> {
    super::file::words_in(include_str!("nothing.txt"), "nothing")
}

fn is_sign_of_nothing(c: char) -> bool {
    is_space(c) || is_invisible(c) || "-.,;:_/\\?+=~|*'\"`()[]{}<>‐‑‒–—―−－…·•".contains(c)
}

/// Whether the first letter or digit decides, as it does for nearly all cells: no word begins with it, and before it
/// are only signs of phones.
fn begins_like_a_value(text: &str) -> bool {
    let first = text.bytes().find(|byte| !b" +-(".contains(byte));
    first.is_some_and(|it| it.is_ascii_alphanumeric() && !BEGINNINGS.contains(char::from(it)))
}

/// A look at the first letter or sign spares most cells the search.
fn may_be_a_word(text: &str) -> bool {
    let first = text
        .chars()
        .find(|c| c.is_alphanumeric() || "#\\".contains(*c));
    first.is_some_and(|first| BEGINNINGS.contains(first) || "#\\".contains(first))
}

/// The same for a part of a name that has another part beside it. `Null`, `None` and `Nan` as people write names are
/// names there.
pub(crate) fn is_nothing_in_name(text: &str) -> bool {
    let mut letters = text.trim().chars();
    let is_written_as_a_name = letters.next().is_some_and(char::is_uppercase)
        && letters.clone().next().is_some()
        && letters.all(char::is_lowercase);
    is_nothing(text) && !is_written_as_a_name
}
