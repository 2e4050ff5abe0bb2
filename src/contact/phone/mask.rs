//! Signs that hide digits: which cells have them, and which signs are only decoration around a number.
//!
//! Owns the signs. What a number that one sign may have shortened is worth is decided after the numbering plan is
//! asked.

/// What a text shows instead of digits. `clean` has made one bullet of all bullets and middle dots. A full stop is
/// punctuation.
const SIGNS: [char; 7] = ['*', '#', '_', '?', '\u{2022}', 'x', 'X'];

/// Dashes or full stops at an end from which on they are no punctuation.
const RUN: usize = 2;

/// The bullets, middle dots, stars, boxes and ellipses that lists and apps write for a hidden digit, as one sign.
pub(super) fn is_bullet(c: char) -> bool {
    matches!(
        c,
        '\u{B7}'
            | '\u{D7}'
            | '\u{2022}'
            | '\u{2024}'..='\u{2027}'
            | '\u{204E}'
            | '\u{2217}'
            | '\u{2219}'
            | '\u{22C5}'
            | '\u{22EF}'
            | '\u{25A0}'..='\u{25FF}'
            | '\u{2588}'
            | '\u{2B24}'
            | '\u{2731}'
            | '\u{30FB}'
            | '\u{FE61}'
            | '\u{FF65}'
    )
}

/// Whether some of a text's digits are hidden: `0522****334`, `+91 98*** **210`, `2401234••••`, `0522....334`.
pub(super) fn is_masked(text: &str) -> bool {
    // Every phone cell comes through here, and nearly none has such a sign: skip the searches below.
    if !text.contains(SIGNS) && !text.contains("..") && !text.contains("--") {
        return false;
    }
    let bare = undecorated(text).0;
    // `*123#`: what a telephone obeys hides nothing.
    if text.starts_with('*') && text.ends_with('#') {
        return false;
    }
    has_dots_for_digits(bare) || signs(bare).any(|at| !begins_extension(bare, at))
}

/// A text without one sign of decoration at each end (`* 053 …`, `_053 …_`, `+49 30 …:`), and how many digits these
/// signs may hide: one that touches a digit, and has no partner at the other end, may hide one.
pub(super) fn undecorated(text: &str) -> (&str, usize) {
    let first = text.chars().next().filter(|c| is_decoration(*c));
    let last = text.chars().next_back().filter(|c| is_decoration(*c));
    if first.or(last).is_none() {
        return (text, 0);
    }
    let bare = text.trim_matches(is_decoration);
    let signs = usize::from(first.is_some()) + usize::from(last.is_some());
    let is_one_each = text.chars().count() == bare.chars().count() + signs;
    match (first, last) {
        // Signs of two kinds are a code that a telephone obeys (`*123#`), and several are hidden digits.
        (Some(first), Some(last)) if first == last && is_one_each => (bare.trim(), 0),
        (Some(sign), None) if is_one_each => (
            bare.trim_start(),
            hidden(sign, starts_with_its_middle(bare)),
        ),
        (None, Some('\u{2022}')) if ends_with_digit(bare) => (text, 0),
        (None, Some(sign)) if is_one_each => (bare.trim_end(), hidden(sign, ends_with_digit(bare))),
        _ => (text, 0),
    }
}

fn hidden(sign: char, touches: bool) -> usize {
    usize::from(touches && !matches!(sign, ':' | '~'))
}

fn is_decoration(c: char) -> bool {
    matches!(c, '*' | '#' | '_' | '~' | ':' | '\u{2022}')
}

/// Whether a digit begins a text that may not be a number's first: before a trunk zero or `00` is nothing to hide.
fn starts_with_its_middle(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() && c != '0')
}

fn ends_with_digit(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit())
}

/// Where signs are that may hide digits: not an `x` inside a word, and no sign that belongs to a word (`Phone #: …`).
fn signs(text: &str) -> impl Iterator<Item = usize> {
    text.match_indices(SIGNS)
        .filter(|(at, sign)| match *sign {
            "x" | "X" => !is_in_word(text, *at),
            sign => !is_beside_word(text, *at, sign),
        })
        .map(|(at, _)| at)
}

fn is_beside_word(text: &str, at: usize, sign: &str) -> bool {
    let Some((before, after)) = text.split_at_checked(at) else {
        return false;
    };
    let after = after.strip_prefix(sign).unwrap_or(after);
    let is_apart = before.ends_with(' ');
    before.trim_end().ends_with(char::is_alphabetic)
        || is_apart && after.trim_start().starts_with(char::is_alphabetic)
}

fn is_in_word(text: &str, at: usize) -> bool {
    let is_letter = |c: &char| c.is_alphabetic() && !c.eq_ignore_ascii_case(&'x');
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    let after = text.get(at + 1..).and_then(|after| after.chars().next());
    before.is_some_and(|c| is_letter(&c)) || after.is_some_and(|c| is_letter(&c))
}

/// `030 901820 x12`, `030 901820 #5`: a sign before an extension. A `#` that touches the digits before it hides some.
fn begins_extension(text: &str, at: usize) -> bool {
    let (Some(before), Some(after)) = (text.get(..at), text.get(at + 1..)) else {
        return false;
    };
    let digits = after.trim_matches(|c: char| " .:-)]#".contains(c));
    let sign = text.get(at..).and_then(|from| from.chars().next());
    let is_x = matches!(sign, Some('x' | 'X'));
    let is_apart =
        before.ends_with([' ', '(', '[', '.', ':']) || before.ends_with(char::is_alphabetic);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !after.ends_with("##")
        && (is_x || sign == Some('#') && is_apart)
}

/// `0522....334`, `+358 500692...`: dots in more than one place are punctuation.
fn has_dots_for_digits(text: &str) -> bool {
    const HIDDEN: usize = 3;
    let mut between: Vec<&str> = text.split(|c: char| c.is_ascii_digit()).skip(1).collect();
    let ends = between.pop().unwrap_or_default();
    let is_run = |signs: &str| signs.len() >= HIDDEN && signs.bytes().all(|sign| sign == b'.');
    let is_end = ends.len() >= RUN && (is_all(ends, '.') || is_all(ends, '-'));
    is_end || between.iter().filter(|signs| is_run(signs)).count() == 1
}

fn is_all(text: &str, sign: char) -> bool {
    text.chars().all(|c| c == sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_between_or_behind_digits_hides_some() {
        let cells = [
            "522....334",
            "+91 98*** **210",
            "0522xxx334",
            "+358 500692...",
            "02 1206 8---",
            "98765*43210",
            "98765#43210",
            "98765_43210",
            "98765\u{2022}43210",
            "98765 \u{2022}\u{2022} 3210",
            "9876 * 3210",
            "987654321\u{2022}",
            "+33631 7xxxxx",
            "98765432XX",
            "98765 432??",
            "***3210",
            "(***) 555-0123",
            "Phone ##98765",
            "98765432--",
        ];
        for text in cells {
            assert!(is_masked(text), "{text}");
        }
    }

    #[test]
    fn punctuation_extensions_and_letters_of_words_hide_nothing() {
        let cells = [
            "06.12.34.56.78 ---",
            "06...12...34...56...78",
            "0171---1234567",
            "650.2530000",
            "030 -- 901820",
            "030 901820 x12",
            "030 901820x12",
            "030 901820 #5",
            "030 901820 ext #5",
            "Max 030 901820",
            "Phone #: 030 901820",
            "* 030 901820",
            "030 901820 *",
            "_030 901820_",
            "030 901820",
        ];
        for text in cells {
            assert!(!is_masked(text), "{text}");
        }
    }

    #[test]
    fn one_sign_at_an_end_is_decoration_and_may_hide_a_digit_where_it_touches_one() {
        let cases = [
            ("* 030 901820", ("030 901820", 0)),
            ("#+49 30 901820", ("+49 30 901820", 0)),
            ("#030 901820", ("030 901820", 0)),
            ("#30 901820", ("30 901820", 1)),
            ("~030 901820", ("030 901820", 0)),
            ("030 901820:", ("030 901820", 0)),
            ("030 901820*", ("030 901820", 1)),
            ("030 901820 *", ("030 901820", 0)),
            ("_030 901820_", ("030 901820", 0)),
            ("*123#", ("*123#", 0)),
            ("030 901820**", ("030 901820**", 0)),
            ("030 901820", ("030 901820", 0)),
        ];
        for (text, expected) in cases {
            assert_eq!(undecorated(text), expected, "{text}");
        }
    }
}
