//! Words between the numbers of a cell: which number they are about.
//!
//! Owns where such a word parts two numbers. Which words there are is `label`'s.

use super::beside::against;
use super::digits::is_more_than_an_area_code;
use super::label::{Between, between};
use crate::vocabulary::{PhoneWord, is_label, phone_word};

/// Where a word that begins here parts two numbers: the end of the first, and the beginning of the second. `… or …`
/// belongs to neither; `… Fax …` is about the second, or about the first where the labels of a cell follow its
/// numbers.
pub(super) fn around_word(text: &str, at: usize) -> Option<(&str, &str)> {
    let (before, from) = text.split_at_checked(at)?;
    if !from.starts_with(char::is_alphabetic) || !ends_with_number(before) {
        return None;
    }
    let rest = from.trim_start_matches(char::is_alphabetic);
    let word = from.strip_suffix(rest)?;
    let next = after_labels(rest);
    let is_between = next.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '('))
        && rest.len() > next.len()
        && is_more_than_an_area_code(before);
    let before = before.trim_end_matches(is_opening);
    match between(word).filter(|_| is_between)? {
        Between::Parts => Some((before, next)),
        Between::Leads if ends_with_label(text) => {
            Some((text.split_at_checked(at + word.len())?.0, next))
        }
        Between::Leads => Some((before, from)),
    }
}

/// A text behind its first number, with the word between the two where that may say of either that it is not to be
/// sent: `+49 30 … wife +49 171 …`. In brackets it belongs to the first.
pub(super) fn with_word_before<'a>(text: &'a str, before: &str) -> &'a str {
    let words = before.trim_end_matches([' ', ':', '-', '.']);
    let start = words.trim_end_matches(char::is_alphabetic).len();
    let is_against = words
        .get(start..)
        .is_some_and(|word| against(word).is_some());
    let from = if is_against { start } else { before.len() };
    text.get(from..).unwrap_or(text)
}

/// Whether a number ends here, with only its punctuation behind it.
fn ends_with_number(text: &str) -> bool {
    let bare = text
        .trim_end_matches(is_opening)
        .trim_end_matches([' ', '-', ')', ':', '.', '/']);
    bare.len() < text.len() && bare.ends_with(|c: char| c.is_ascii_digit())
}

/// Whether text in brackets begins here: `030 … (Fax 030 …)`.
fn is_opening(c: char) -> bool {
    matches!(c, '(' | '[')
}

/// What follows more labels: `… Fax No. 030 …`.
fn after_labels(text: &str) -> &str {
    let mut text = text;
    loop {
        let rest = text.trim_start_matches([' ', '.', ':', '-']);
        let after = rest.trim_start_matches(char::is_alphabetic);
        match rest.strip_suffix(after) {
            Some(word) if is_label(word) || is_number(word) => text = after,
            _ => return rest,
        }
    }
}

/// `No.`, `Nr`: what follows is a number.
fn is_number(word: &str) -> bool {
    phone_word(word) == Some(PhoneWord::Number)
}

/// `201-555-0124 Fax 201-555-0123 Cell`: it begins with a number and ends with a label.
fn ends_with_label(text: &str) -> bool {
    let words = text.trim_end_matches([' ', '.', ')', ':']);
    let before = words.trim_end_matches(char::is_alphabetic);
    let begins = text
        .trim_start()
        .starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '('));
    begins
        && words
            .strip_prefix(before)
            .is_some_and(|word| between(word).is_some())
}
