//! Quotation marks as people and programs type them around a value.

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
