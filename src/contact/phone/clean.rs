//! A cell's text in plain characters: what spreadsheets, exports and keyboards put around or in place of digits.
//!
//! Knows no number yet: which characters make one is `written`'s.

use std::borrow::Cow;

use super::mask::is_bullet;
use crate::text::{decoded, is_invisible, list_elements};

/// A cell's text in plain characters: ASCII digits and signs, no invisible marks, nothing around it.
pub(super) fn clean(cell: &str) -> Cow<'_, str> {
    match lines(cell) {
        Cow::Owned(lines) => Cow::Owned(in_ascii(&lines).into_owned()),
        Cow::Borrowed(_) => in_ascii(cell),
    }
}

/// A cell without HTML such as `&#43;`, and each element of a list that a program wrote as text in a line of its own.
fn lines(cell: &str) -> Cow<'_, str> {
    let decoded = decoded(cell);
    let elements = list_elements(&decoded);
    elements.map_or(decoded, |elements| elements.join("\n").into())
}

fn in_ascii(cell: &str) -> Cow<'_, str> {
    if cell.is_ascii() && !cell.contains(|c: char| c.is_ascii_control()) {
        return Cow::Borrowed(unwrapped(cell));
    }
    let plain: String = cell
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(plain)
        .collect();
    Cow::Owned(unwrapped(&plain).to_owned())
}

/// The ASCII character that means the same.
fn plain(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{2212}'
        | '\u{30FC}'
        | '\u{FE58}'
        | '\u{FE63}' => '-',
        '\u{FE62}' => '+',
        '\u{60C}' | '\u{3001}' => ',',
        '\u{61B}' => ';',
        '‘' | '’' | '“' | '”' | '„' | '‚' | '´' | '«' | '»' => '\'',
        _ if c.is_whitespace() => ' ',
        _ if is_bullet(c) => '\u{2022}',
        _ => digit(c).unwrap_or(c),
    }
}

/// The ASCII digit of a decimal digit of another script (full width is dealt with before).
fn digit(c: char) -> Option<char> {
    const ZEROS: [u32; 17] = [
        0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6,
        0x0D66, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x17E0,
    ];
    let value = ZEROS
        .iter()
        .filter_map(|zero| u32::from(c).checked_sub(*zero))
        .find(|value| *value < 10)?;
    char::from_digit(value, 10)
}

/// Without what spreadsheets put around a number to keep it text: `'+49…`, `="+49…"`, `=+49…`, `[+49…]`.
pub(super) fn unwrapped(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || "☎✆📞📱'\"`=<>{}".contains(c))
}
