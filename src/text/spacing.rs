//! White space and control characters inside a text.

use std::borrow::Cow;

use super::blank::is_space;

/// A text on one line: each run of white space and control characters is one space, and none is around it.
pub(crate) fn one_spaced(text: &str) -> Cow<'_, str> {
    if is_one_spaced(text) {
        return text.into();
    }
    let words = text.split(is_gap).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").into()
}

/// A text without control characters: each run of white space that has some is one space, or nothing at either end.
/// All other space stays as it is.
pub(crate) fn without_controls(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return text.into();
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(word) = rest.find(|c| !is_gap(c)) {
        let (gap, from) = rest.split_at_checked(word).unwrap_or_default();
        let end = from.find(is_gap).unwrap_or(from.len());
        let (word, behind) = from.split_at_checked(end).unwrap_or_default();
        match gap.contains(char::is_control) {
            false => kept.push_str(gap),
            true if kept.is_empty() => {}
            true => kept.push(' '),
        }
        kept.push_str(word);
        rest = behind;
    }
    // What is left is a gap at the end.
    if !rest.contains(char::is_control) {
        kept.push_str(rest);
    }
    kept.into()
}

/// Whether a character ends a line, or a value of several in a cell: FileMaker writes U+000B for the former and U+001D
/// for the latter.
pub(crate) fn is_line_break(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\u{1C}'..='\u{1F}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_gap(c: char) -> bool {
    is_space(c) || c.is_control()
}

fn is_one_spaced(text: &str) -> bool {
    let mut is_behind_gap = true;
    for c in text.chars() {
        let is_gap = is_gap(c);
        if is_gap && (is_behind_gap || c != ' ') {
            return false;
        }
        is_behind_gap = is_gap;
    }
    !is_behind_gap || text.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn any_run_of_white_space_and_controls_is_one_space() {
        for (text, expected) in [
            ("Asha Rao", "Asha Rao"),
            ("Asha\tRao", "Asha Rao"),
            ("Asha\r\nRao", "Asha Rao"),
            (" \u{A0}Asha \u{3000} Rao\u{B}", "Asha Rao"),
            ("Asha\0\u{7F}\u{9B}Rao", "Asha Rao"),
            ("Asha\u{2028}Rao", "Asha Rao"),
            ("山田\u{3000}太郎", "山田 太郎"),
            ("\n", ""),
            ("", ""),
        ] {
            assert_eq!(one_spaced(text), expected, "{text:?}");
        }
    }

    #[test]
    fn only_space_with_controls_in_it_becomes_one_space() {
        for (text, expected) in [
            ("12  Main St\nPune ", "12  Main St Pune "),
            ("a \r\n\t b", "a b"),
            ("\na  b\n", "a  b"),
            ("  a\0", "  a"),
            ("a\u{A0}b", "a\u{A0}b"),
            ("\u{1}", ""),
        ] {
            assert_eq!(without_controls(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_control_is_left_and_a_second_time_changes_nothing(text in any::<String>()) {
            for made in [one_spaced(&text), without_controls(&text)] {
                prop_assert!(!made.contains(char::is_control), "{:?}", made);
            }
            let (spaced, clean) = (one_spaced(&text), without_controls(&text));
            prop_assert_eq!(one_spaced(&spaced), &*spaced);
            prop_assert_eq!(without_controls(&clean), &*clean);
        }
    }
}
