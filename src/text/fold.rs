//! When two words are the same to a reader: case, accents, vowel points and forms of a letter do not matter.

use std::borrow::Cow;
use std::str::Chars;

use icu_normalizer::properties::{CanonicalDecompositionBorrowed, Decomposed};

use super::blank::is_invisible;

/// A text as it is compared: lowercase, without accents and vowel points, each letter in one form.
pub(crate) fn folded(text: &str) -> Cow<'_, str> {
    let is_plain =
        |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase() && !byte.is_ascii_control();
    // Nothing is copied for a text that is plain already.
    if text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(letters(text.chars()).collect())
}

/// The letters and digits of a text as they are compared, run together: `First_Name` and `first name` have one key.
pub(crate) fn key(text: &str) -> String {
    letters(text.chars())
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// The words of a text as they are compared. A capital after a small letter begins a word: `MobilePhone`.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let (mut inside, mut was_small) = (false, false);
    for c in text.chars() {
        let begins = was_small && c.is_uppercase();
        was_small = c.is_lowercase();
        // An accent that is a character of its own folds to nothing.
        for letter in letters(c.to_string().chars()) {
            match (letter.is_alphanumeric(), words.last_mut()) {
                (true, Some(word)) if inside && !begins => word.push(letter),
                (true, _) => words.push(letter.to_string()),
                (false, _) => {}
            }
            inside = letter.is_alphanumeric();
        }
    }
    words
}

fn letters(text: Chars<'_>) -> impl Iterator<Item = char> {
    text.filter(|c| !is_invisible(*c))
        .flat_map(char::to_lowercase)
        .map(base)
        .filter(|c| !is_mark(*c))
        .map(one_form)
}

/// The letter beneath its accents.
fn base(c: char) -> char {
    const DECOMPOSITION: CanonicalDecompositionBorrowed<'static> =
        CanonicalDecompositionBorrowed::new();
    let mut base = c;
    while !base.is_ascii() {
        match DECOMPOSITION.decompose(base) {
            Decomposed::Expansion(letter, mark) if is_mark(mark) => base = letter,
            Decomposed::Singleton(letter) => base = letter,
            _ => break,
        }
    }
    base
}

/// Accents of Latin, Greek and Cyrillic; points of Hebrew and Arabic; the nuktas and viramas of India's scripts and
/// the tone marks of Thai, which people leave out.
fn is_mark(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36F}'
            | '\u{591}'..='\u{5C7}'
            | '\u{640}'
            | '\u{64B}'..='\u{65F}'
            | '\u{670}'
            | '\u{93C}'
            | '\u{94D}'
            | '\u{9BC}'
            | '\u{9CD}'
            | '\u{E47}'..='\u{E4E}'
    )
}

/// The one form of letters that are written in several: the dotless i, strokes that are no accents to Unicode, the
/// Arabic letters that Persian and hasty typists write otherwise, and full width.
fn one_form(c: char) -> char {
    match c {
        'ı' => 'i',
        'ł' => 'l',
        'đ' => 'd',
        'ø' => 'o',
        'ي' | 'ى' => 'ی',
        'ك' => 'ک',
        'أ' | 'إ' | 'آ' => 'ا',
        'ة' => 'ه',
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_forms_of_a_letter_do_not_matter() {
        for (one, other) in [
            ("Télécopie", "telecopie"),
            ("Te\u{301}le\u{301}phone", "telephone"),
            ("İŞ FAKSI", "iş faksı"),
            ("SŁUŻBOWY", "sluzbowy"),
            ("Đi\u{1EC7}n thoại", "dien thoai"),
            ("Мобильный", "мобильныи"),
            ("फ़ोन", "फोन"),
            ("فاكس", "فاکس"),
            ("الأم", "الام"),
            ("ＦＡＸ", "fax"),
            ("\u{200F}فاكس\u{200B}", "فاكس"),
        ] {
            assert_eq!(key(one), key(other), "{one}");
            assert_eq!(folded(&folded(one)), folded(one), "{one}");
        }
        assert_ne!(key("가정"), key("가저"));
    }

    #[test]
    fn a_header_is_cut_into_words_however_they_are_joined() {
        for (text, expected) in [
            ("phone_mobile", &["phone", "mobile"][..]),
            ("Phone (Mobile)", &["phone", "mobile"]),
            ("MobilePhone", &["mobile", "phone"]),
            (
                "HasOptedOutOfEmail",
                &["has", "opted", "out", "of", "email"],
            ),
            ("SENDER_MOBILE", &["sender", "mobile"]),
            ("Tel. 2", &["tel", "2"]),
            ("फ़ैक्स नंबर", &["फैकस", "नंबर"]),
            ("", &[]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }
}
