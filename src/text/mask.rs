//! Masking: words that differ only in their numbers are the same, and no number is shown that belongs to a contact.

use std::borrow::Cow;

/// The words with each run of digits as one `#`: `row 12 of 40` and `row 3 of 40` become one.
pub(crate) fn mask(words: &str) -> Cow<'_, str> {
    if !words.contains(char::is_numeric) {
        return words.into();
    }
    let mut masked = String::with_capacity(words.len());
    let mut in_digits = false;
    for c in words.chars() {
        if !c.is_numeric() {
            masked.push(c);
        } else if !in_digits {
            masked.push('#');
        }
        in_digits = c.is_numeric();
    }
    masked.into()
}
