//! Quotation marks as people and programs type them around a value.
//!
//! Owns which there are and which belong together. Whether they are a part of the value is not known here.

/// Whether a character is a quotation mark of any language, or an apostrophe used as one.
pub(crate) fn is_quote_mark(c: char) -> bool {
    matches!(
        c,
        '"' | '\''
            | '´'
            | '«'
            | '»'
            | '\u{2018}'..='\u{201F}'
            | '‹'
            | '›'
            | '「'..='』'
            | '\u{301D}'..='\u{301F}'
            | '＂'
            | '＇'
    )
}

/// The marks that close what this one opens: word processors pair them by language (`“…”`, `„…“`, `»…«`).
pub(super) fn closing_of(open: char) -> Option<&'static [char]> {
    Some(match open {
        '"' => &['"'],
        '\'' => &['\''],
        '‘' | '‚' | '‛' => &['’', '‘'],
        '’' => &['’'],
        '“' | '„' | '‟' => &['”', '“'],
        '”' => &['”'],
        '«' => &['»'],
        '»' => &['«', '»'],
        '‹' => &['›'],
        '›' => &['‹', '›'],
        '「' => &['」'],
        '『' => &['』'],
        '＂' => &['＂'],
        '＇' => &['＇'],
        _ => return None,
    })
}

/// What is inside a pair of quotes around a whole text; `None` without such a pair, or with more quotes inside than the
/// apostrophes of words: `'Ann' and 'Ben'`.
pub(crate) fn inside_quotes(text: &str) -> Option<&str> {
    let text = text.trim();
    let mut rest = text.chars();
    let close = closing_of(rest.next()?)?;
    let inside = rest.as_str().strip_suffix(close)?.trim();
    let is_apostrophe = |at: usize, c: char| {
        let before = inside.get(..at).and_then(|text| text.chars().next_back());
        let after = inside.get(at + c.len_utf8()..);
        let after = after.and_then(|text| text.chars().next());
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        is_letter(before) && is_letter(after)
    };
    let mut marks = inside.char_indices().filter(|(_, c)| close.contains(c));
    let is_whole = marks.all(|(at, c)| matches!(c, '\'' | '’') && is_apostrophe(at, c));
    (is_whole && !inside.is_empty()).then_some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_a_pair_of_quotes_is_what_is_inside() {
        for (text, expected) in [
            ("'Asha'", "Asha"),
            (" “Asha Rao” ", "Asha Rao"),
            ("„Asha“", "Asha"),
            ("»Asha«", "Asha"),
            ("«Asha»", "Asha"),
            ("‘O’Neil’", "O’Neil"),
            ("'Ann's list'", "Ann's list"),
            ("\"Asha\"", "Asha"),
        ] {
            assert_eq!(inside_quotes(text), Some(expected), "{text}");
        }
        for text in [
            "Asha",
            "'t Hooft",
            "'Asha",
            "'Ann' and 'Ben'",
            "“Ann” “Ben”",
            "''",
            "'",
            "",
        ] {
            assert_eq!(inside_quotes(text), None, "{text}");
        }
    }
}
