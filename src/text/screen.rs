//! Makes strangers' text safe for a terminal: file names, headers and servers' words may hold anything.

use std::borrow::Cow;

/// The text with control characters, and those that reorder what is around them, written out as `\u{…}`.
pub(crate) fn safe(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    // Room for one escape: `\u{202e}`.
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_unsafe(c) {
            shown.extend(c.escape_unicode())
        } else {
            shown.push(c)
        }
    }
    Cow::Owned(shown)
}

/// The same, with line breaks and tabs kept: for text of ours that holds theirs.
pub(crate) fn safe_lines(text: &str) -> String {
    text.split('\n').map(safe).collect::<Vec<_>>().join("\n")
}

/// Control characters (Unicode category Cc), and the bidirectional controls of Unicode Standard Annex 9.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_do_not_reach_the_terminal() {
        assert_eq!(safe("\u{1b}[2Jhello\r"), "\\u{1b}[2Jhello\\u{d}");
        assert_eq!(safe("safe\u{202e}txt.csv"), "safe\\u{202e}txt.csv");
        assert_eq!(safe_lines("a\nb\u{7}"), "a\nb\\u{7}");
    }

    #[test]
    fn ordinary_text_of_any_script_stays_as_it_is() {
        for text in ["customers.csv", "José 李雷 محمد", "a \"b\" 'c'"] {
            assert!(matches!(safe(text), Cow::Borrowed(same) if same == text));
        }
    }
}
