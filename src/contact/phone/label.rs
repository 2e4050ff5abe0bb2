//! The few words that may be beside a number in its cell: what kind it is, and its extension.
//!
//! The words are the vocabulary's. Any other word makes the cell unreadable, because it may say that the number is not
//! a phone.

use super::unreadable::Unreadable;
use crate::text::folded;
use crate::vocabulary::{
    PhoneWord, after_extension_word, is_joining, is_label, is_short_fax, phone_word,
};

/// The most digits of an extension.
const LONGEST_EXTENSION: usize = 9;

/// The number without the labels before and after it: `Mobile: …`, `… (work)`.
pub(super) fn without_labels(text: &str) -> &str {
    let (mut text, mut is_behind_label) = (text, false);
    loop {
        if let Some(rest) = without_label_before(text, is_behind_label) {
            (text, is_behind_label) = (rest, true);
        } else if let Some(rest) = without_label_after(text) {
            text = rest;
        } else {
            return text;
        }
    }
}

fn without_label_before(text: &str, is_behind_label: bool) -> Option<&str> {
    let word_and_rest = text.trim_start_matches(is_around_label);
    let rest = word_and_rest.trim_start_matches(char::is_alphabetic);
    let word = word_and_rest.strip_suffix(rest)?;
    // A word that touches a digit is part of something else: `m0123` may be the number of an order.
    let touches = rest.starts_with(|c: char| c.is_ascii_digit());
    // `No.` and `Phone no` are a number's; `no` alone may mean that there is no phone.
    let is_number =
        word.eq_ignore_ascii_case("no") && (is_behind_label || rest.starts_with(['.', ':']));
    ((is_label(word) || is_number) && !touches)
        .then(|| without_count(rest.trim_start_matches(is_after_label)))
}

/// `Mobile 2: …`: a number of one digit between a label and its colon counts the phones.
fn without_count(text: &str) -> &str {
    let counted = text.strip_prefix(|c: char| c.is_ascii_digit());
    let counted = counted.and_then(|rest| rest.trim_start().strip_prefix(':'));
    counted.map_or(text, |rest| rest.trim_start_matches(is_after_label))
}

fn without_label_after(text: &str) -> Option<&str> {
    let rest_and_word = text.trim_end_matches(is_around_label);
    let rest = rest_and_word.trim_end_matches(char::is_alphabetic);
    let word = rest_and_word.strip_prefix(rest)?;
    let touches = rest.ends_with(|c: char| c.is_ascii_digit());
    (is_label(word) && !touches).then(|| rest.trim_end_matches(is_around_label))
}

fn is_around_label(c: char) -> bool {
    " ()[].:-'/☎✆📞📱".contains(c)
}

/// What follows a label (`Phone #: …`); an opening bracket already belongs to the number.
fn is_after_label(c: char) -> bool {
    c == '#' || c != '(' && is_around_label(c)
}

/// What a word between two numbers does.
pub(super) enum Between {
    /// It belongs to neither.
    Parts,
    /// It is about the second.
    Leads,
}

/// What a word between two numbers does, where it is known.
pub(super) fn between(word: &str) -> Option<Between> {
    if is_joining(word) {
        Some(Between::Parts)
    } else if is_label(word) || is_fax(word) {
        Some(Between::Leads)
    } else {
        None
    }
}

/// Whether a word beside a number says that it is a fax's.
pub(super) fn is_fax(word: &str) -> bool {
    phone_word(word) == Some(PhoneWord::Fax) || is_short_fax(word)
}

/// The number without its extension: `… x123`, `… ext. 5`, `… #5`. Letters that are no extension are an error.
pub(super) fn without_extension(text: &str) -> Result<&str, Unreadable> {
    let Some(at) = text.find(|c: char| c.is_alphabetic() || matches!(c, '#' | '~')) else {
        return Ok(text);
    };
    match text.split_at_checked(at) {
        Some((number, extension)) if is_extension(extension) => Ok(number),
        _ => Err(Unreadable::Letters),
    }
}

fn is_extension(text: &str) -> bool {
    let text = folded(text);
    after_extension_word(&text).is_some_and(|after| {
        let digits = after
            .trim_start_matches([' ', '.', ':', '=', '-'])
            .trim_end_matches([' ', ')', ']', '#']);
        (1..=LONGEST_EXTENSION).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_for_the_kind_of_phone_is_taken_off() {
        let cases = [
            ("tel:+49", "+49"),
            ("Tel. 030", "030"),
            ("Mobile (030)", "(030)"),
            ("Work phone: 030", "030"),
            ("030 (work)", "030"),
            ("030 - Handy", "030"),
            ("whatsapp:+49", "+49"),
            ("p:+49", "+49"),
            ("Tel/WhatsApp: 030", "030"),
            ("Mobile 2: 030", "030"),
            ("тел. 030", "030"),
            ("Phone No.: 030", "030"),
            ("ph no 030", "030"),
            ("Phone#: 030", "030"),
        ];
        for (text, expected) in cases {
            assert_eq!(without_labels(text), expected, "{text:?}");
        }
    }

    #[test]
    fn other_words_stay_where_they_are() {
        for text in [
            "no 030",
            "030 (no)",
            "fax 030",
            "030 (wrong)",
            "m030",
            "030m",
            "Order 030",
            "030",
        ] {
            assert_eq!(without_labels(text), text);
        }
    }

    #[test]
    fn an_extension_is_taken_off_and_other_letters_are_refused() {
        let cases = [
            ("030 901820", Ok("030 901820")),
            ("030 901820 x12", Ok("030 901820 ")),
            ("030 901820 EXT: 12", Ok("030 901820 ")),
            ("030 901820 (ext 12)", Ok("030 901820 (")),
            ("030 901820 доб. 12", Ok("030 901820 ")),
            ("030 901820 x", Err(Unreadable::Letters)),
            ("030 901820 x1234567890", Err(Unreadable::Letters)),
            ("030 901820 xy 12", Err(Unreadable::Letters)),
            ("030 ABCDEF", Err(Unreadable::Letters)),
        ];
        for (text, expected) in cases {
            assert_eq!(without_extension(text), expected, "{text:?}");
        }
    }
}
