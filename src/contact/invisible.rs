//! Characters that no one sees and every export leaves behind: around phones and e-mail addresses, and inside them.

/// Whether a character has no width and no meaning in a phone or an address: zero-width spaces and joiners, direction
/// marks (U+200E, U+202A–U+202E, U+2066–U+2069), soft hyphens, variation selectors, the byte order mark, NUL.
/// Tabs and line ends are spaces, not invisible.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{61C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
    ) || (c.is_control() && !c.is_whitespace())
}
