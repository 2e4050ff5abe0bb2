//! What is not visible: spaces of every kind, and characters without a shape.

/// Whether a text shows nothing.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| is_space(c) || is_invisible(c))
}

/// Whether a character is a space: Unicode's White_Space, and the empty braille pattern U+2800, which people type
/// where a form does not take a space.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{2800}'
}

/// Whether a character has neither width nor meaning: Unicode's Default_Ignorable_Code_Point (zero-width spaces and
/// joiners, direction marks, soft hyphens, variation selectors, the byte order mark, Hangul fillers such as U+3164),
/// and controls. Tabs and line ends are spaces.
pub(crate) fn is_invisible(c: char) -> bool {
    // Nearly all characters that are looked at.
    if c.is_ascii() {
        return c.is_ascii_control() && !c.is_whitespace();
    }
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFF8}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    ) || (c.is_control() && !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_spaces_and_marks_without_shape_is_blank() {
        for text in [
            "",
            " \t\n",
            "\u{A0}",
            "\u{3000}",
            "\u{200B}\u{FEFF}",
            "\u{2800}",
            "\u{3164}",
            "\u{202A}\u{202C}",
            "\0",
        ] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["a", " . ", "0", "\u{301}", "\u{200B}x"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }
}
