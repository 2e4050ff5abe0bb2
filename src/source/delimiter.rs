//! The character between the columns of a table, as a user names it.
//!
//! Owns its names. Which one a table has is for `csv::dialect` to say.

use std::fmt;
use std::str::FromStr;

use crate::text::shell_word;

/// The character between the columns of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Delimiter(u8);

/// A text that is not a delimiter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DelimiterError {
    /// More or less than one character of ASCII.
    #[error(
        "\"{0}\" is no delimiter: write one character such as ';', or tab, comma, semicolon or pipe"
    )]
    NotOne(String),
    /// A character that has another job in a table.
    #[error("quotes and line ends have another job in a table: write a delimiter such as ';'")]
    Taken,
}

/// Delimiters that a shell or a reader takes badly, by their names.
const NAMES: [(&str, u8); 6] = [
    ("tab", b'\t'),
    ("\\t", b'\t'),
    ("comma", b','),
    ("semicolon", b';'),
    ("pipe", b'|'),
    ("space", b' '),
];

impl Delimiter {
    /// As in CSV.
    pub(super) const COMMA: Delimiter = Delimiter(b',');
    /// As in TSV.
    pub(super) const TAB: Delimiter = Delimiter(b'\t');
    /// Those that exports have, the likelier first.
    pub(super) const USUAL: [Delimiter; 4] =
        [Self::COMMA, Delimiter(b';'), Self::TAB, Delimiter(b'|')];

    /// A text that names it: the character, or a word for an invisible one.
    pub(super) fn word(self) -> String {
        match self.0 {
            b'\t' => "tab".to_owned(),
            b' ' => "space".to_owned(),
            byte => char::from(byte).to_string(),
        }
    }

    /// The byte that it is.
    pub(crate) fn byte(self) -> u8 {
        self.0
    }

    /// The delimiter of this byte, where it can be one.
    pub(super) fn of(byte: u8) -> Option<Delimiter> {
        let is_taken = matches!(byte, b'"' | b'\r' | b'\n' | 0);
        (byte.is_ascii() && !is_taken).then_some(Delimiter(byte))
    }
}

impl FromStr for Delimiter {
    type Err = DelimiterError;

    fn from_str(text: &str) -> Result<Delimiter, DelimiterError> {
        let named = NAMES
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(text));
        if let Some((_, byte)) = named {
            return Ok(Delimiter(*byte));
        }
        match text.as_bytes() {
            [byte] => Delimiter::of(*byte).ok_or(DelimiterError::Taken),
            _ => Err(DelimiterError::NotOne(text.to_owned())),
        }
    }
}

/// Ready for a shell: by name where there is one, because no quotes are read alike by all.
impl fmt::Display for Delimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match NAMES.iter().find(|(_, byte)| *byte == self.0) {
            Some((name, _)) => f.write_str(name),
            None => f.write_str(&shell_word(&char::from(self.0).to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delimiter_is_a_character_or_a_word_for_one() {
        for (text, byte) in [
            (";", b';'),
            ("|", b'|'),
            ("^", b'^'),
            ("\t", b'\t'),
            ("\\t", b'\t'),
            ("tab", b'\t'),
            ("TAB", b'\t'),
            ("comma", b','),
            ("semicolon", b';'),
            ("pipe", b'|'),
        ] {
            assert_eq!(text.parse(), Ok(Delimiter(byte)), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_delimiter_is_reported() {
        for text in ["", ";;", "§", "colon"] {
            let error = text.parse::<Delimiter>().unwrap_err();
            assert_eq!(error, DelimiterError::NotOne(text.to_owned()));
        }
        for text in ["\"", "\n", "\r", "\0"] {
            assert_eq!(text.parse::<Delimiter>(), Err(DelimiterError::Taken));
        }
    }

    #[test]
    fn a_delimiter_is_shown_as_a_shell_takes_it() {
        for (byte, shown) in [
            (b';', "semicolon"),
            (b',', "comma"),
            (b'\t', "tab"),
            (b'\'', "\"'\""),
            (b'#', "\"#\""),
        ] {
            assert_eq!(Delimiter(byte).to_string(), shown);
        }
    }
}
