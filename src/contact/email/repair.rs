//! What mail programs, spreadsheets and people put around an e-mail address.
//!
//! Owns taking it off, and the words about that. Whether what is left is an address is not known here.

use crate::text::{is_invisible, is_quote_mark};

/// What was taken off around an address, in words for a warning.
pub(super) type Repair = &'static str;

const BRACKETS: Repair =
    "the e-mail address was taken from a text such as \"Ann <ann@example.com>\"";
const SCHEME: Repair = "\"mailto:\" was removed from the e-mail address";
const QUOTES: Repair = "quotes around the e-mail address were removed";
const SIGNS: Repair = "a dot, comma or the like beside the e-mail address was removed";

/// A text without what is around the address in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bare {
    pub(super) text: String,
    /// What was taken off, each once; spaces, invisible marks and the apostrophe of a spreadsheet go without a word.
    pub(super) repairs: Vec<Repair>,
}

/// Takes off everything that is not a part of the address. Each step may uncover another: `"<mailto:ann@example.com>",`.
pub(super) fn bare(text: &str) -> Bare {
    let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    let mut rest = unguarded(visible.trim());
    let mut repairs = Vec::new();
    while let Some((repair, inner)) = peeled(rest) {
        if !repairs.contains(&repair) {
            repairs.push(repair);
        }
        rest = inner.trim();
    }
    Bare {
        text: rest.to_owned(),
        repairs,
    }
}

/// A spreadsheet keeps text from being computed with an apostrophe before it; one behind it too makes them quotes.
fn unguarded(text: &str) -> &str {
    match text.ends_with(is_quote_mark) {
        true => text,
        false => text.trim_start_matches(['\'', '’']).trim_start(),
    }
}

fn peeled(text: &str) -> Option<(Repair, &str)> {
    let named = |repair| move |inner| (repair, inner);
    let shorter = |inner: &'_ str| inner.len() < text.len();
    let in_brackets = || without_display_name(text).map(named(BRACKETS));
    let after_scheme = || without_scheme(text).map(named(SCHEME));
    let quoted = text.trim_matches(is_quote_mark);
    let beside_signs = without_signs(text);
    in_brackets()
        .or_else(after_scheme)
        .or_else(|| shorter(quoted).then_some((QUOTES, quoted)))
        .or_else(|| shorter(beside_signs).then_some((SIGNS, beside_signs)))
}

/// `Ann <ann@example.com>` (RFC 5322, 3.4), `Ann [mailto:ann@example.com]` of Outlook, and `ann@example.com (Ann)`, as
/// RFC 822 wrote names. `None` where there are several pairs, or an address outside that is another one.
fn without_display_name(text: &str) -> Option<&str> {
    let mut pairs = [('<', '>'), ('[', ']'), ('(', ')')].into_iter();
    pairs.find_map(|(open, close)| {
        let (before, rest) = text.split_once(open)?;
        let (inside, after) = rest.split_once(close)?;
        let is_lone = !rest.contains(open) && !after.contains(close);
        let outside = [before, after].map(|part| part.contains('@'));
        match (is_lone, inside.contains('@'), outside) {
            (true, true, [false, false]) => Some(inside),
            (true, true, [true, false]) if is_same(before, inside) => Some(inside),
            (true, false, [true, false]) if open == '(' && after.trim().is_empty() => Some(before),
            _ => None,
        }
    })
}

/// Outlook copies an address as `ann@example.com <mailto:ann@example.com>`.
fn is_same(beside: &str, inside: &str) -> bool {
    let inside = without_scheme(inside).unwrap_or(inside).trim();
    let beside = beside.trim().trim_matches(is_quote_mark);
    beside.eq_ignore_ascii_case(inside)
}

/// RFC 6068: what follows a `?` is the mail's subject and the like. With `%` in it the address is in another spelling,
/// and would be another address as it is.
fn without_scheme(text: &str) -> Option<&str> {
    const SCHEME: &str = "mailto:";
    let (scheme, rest) = text.split_at_checked(SCHEME.len())?;
    let address = rest.split_once('?').map_or(rest, |(address, _)| address);
    let is_scheme = scheme.eq_ignore_ascii_case(SCHEME) && !address.contains('%');
    is_scheme.then(|| address.trim_start_matches('/'))
}

/// The end of a sentence or of an element of a list. A dot in front stays: it may be the end of a name that was cut.
fn without_signs(text: &str) -> &str {
    let is_sign = |c: char| matches!(c, ',' | ';' | ':' | '，' | '；' | '：' | '、');
    let is_end = |c: char| is_sign(c) || matches!(c, '.' | '。');
    text.trim_start_matches(is_sign).trim_end_matches(is_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_around_an_address_is_taken_off_and_named() {
        let cases: [(&str, &[Repair]); 24] = [
            ("ann@example.com", &[]),
            (" 'ann@example.com ", &[]),
            ("Ann <ann@example.com>", &[BRACKETS]),
            ("Ann<ann@example.com>", &[BRACKETS]),
            ("<ann@example.com>", &[BRACKETS]),
            ("\"Rao, Ann\" <ann@example.com>", &[BRACKETS]),
            (
                "ann@example.com <mailto:ann@example.com>",
                &[BRACKETS, SCHEME],
            ),
            ("Ann [mailto:ann@example.com]", &[BRACKETS, SCHEME]),
            ("Ann (ann@example.com)", &[BRACKETS]),
            ("ann@example.com (Ann)", &[BRACKETS]),
            ("mailto:ann@example.com", &[SCHEME]),
            ("MailTo: ann@example.com", &[SCHEME]),
            ("mailto:ann@example.com?subject=Hello", &[SCHEME]),
            ("'ann@example.com'", &[QUOTES]),
            ("\"ann@example.com\"", &[QUOTES]),
            ("“ann@example.com”", &[QUOTES]),
            ("„ann@example.com“", &[QUOTES]),
            ("«ann@example.com»", &[QUOTES]),
            ("ann@example.com\"", &[QUOTES]),
            ("ann@example.com.", &[SIGNS]),
            ("ann@example.com ,", &[SIGNS]),
            (",ann@example.com;", &[SIGNS]),
            ("\"ann@example.com\",", &[QUOTES, SIGNS]),
            ("\"<mailto:ann@example.com>.\"", &[BRACKETS, SCHEME]),
        ];
        for (text, repairs) in cases {
            let found = bare(text);
            assert_eq!(found.text, "ann@example.com", "{text}");
            assert_eq!(found.repairs, repairs, "{text}");
        }
    }

    #[test]
    fn nothing_is_guessed_about_a_text_that_may_be_cut_or_has_another_address() {
        for text in [
            "Ann <ann@example.co",
            "ann@example.com>",
            ".ann@example.com",
            "bob@example.com <ann@example.com>",
            "ann@[192.0.2.1]",
            "mailto:ann%2Bshop@example.com",
            "<a@example.com> <b@example.com>",
        ] {
            assert_eq!(bare(text).text, text);
        }
    }
}
