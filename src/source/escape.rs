//! The character that escapes another one in a table, as a user names it.
//!
//! Owns its names. Which one a table has is for `csv::dialect` to say.

use std::fmt;
use std::str::FromStr;

use crate::text::shell_word;

/// What escapes a quote inside quotes where it is not doubled, and a delimiter or a line end outside of quotes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Escape {
    /// Nothing: quotes are doubled, as in RFC 4180.
    #[default]
    None,
    /// This character, as in MySQL's and PostgreSQL's exports.
    Byte(u8),
}

/// A text that is not an escape character.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" cannot escape a quote: write one character such as '\\', or none where quotes are doubled"
)]
pub(crate) struct EscapeError(String);

impl Escape {
    /// As in MySQL, PostgreSQL, Spark, and Python's csv with `doublequote=False`.
    pub(super) const BACKSLASH: Escape = Escape::Byte(b'\\');

    /// A text that names it: the character, or `none`.
    pub(super) fn word(self) -> String {
        match self {
            Escape::None => "none".to_owned(),
            Escape::Byte(byte) => char::from(byte).to_string(),
        }
    }

    /// The byte that it is; a character cannot both escape and separate.
    pub(super) fn byte(self, delimiter: u8) -> Option<u8> {
        match self {
            Escape::Byte(byte) if byte != delimiter => Some(byte),
            Escape::Byte(_) | Escape::None => None,
        }
    }
}

impl FromStr for Escape {
    type Err = EscapeError;

    fn from_str(text: &str) -> Result<Escape, EscapeError> {
        match text.as_bytes() {
            [byte] if byte.is_ascii_punctuation() && *byte != b'"' => Ok(Escape::Byte(*byte)),
            _ if text.eq_ignore_ascii_case("none") => Ok(Escape::None),
            _ if text.eq_ignore_ascii_case("backslash") => Ok(Escape::BACKSLASH),
            _ => Err(EscapeError(text.to_owned())),
        }
    }
}

/// Ready for a shell.
impl fmt::Display for Escape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Escape::None => f.write_str("none"),
            &Escape::BACKSLASH => f.write_str("backslash"),
            Escape::Byte(byte) => f.write_str(&shell_word(&char::from(*byte).to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escape_is_a_character_or_none() {
        for (text, escape) in [
            ("\\", Escape::BACKSLASH),
            ("backslash", Escape::BACKSLASH),
            ("/", Escape::Byte(b'/')),
            ("none", Escape::None),
            ("None", Escape::None),
        ] {
            assert_eq!(text.parse(), Ok(escape), "{text}");
        }
        for text in ["", "\\\\", "\"", "n", "0", " ", "\n", "é"] {
            assert!(text.parse::<Escape>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_escape_is_shown_as_a_shell_takes_it_and_kept_as_it_is_read_back() {
        for (escape, shown) in [
            (Escape::None, "none"),
            (Escape::BACKSLASH, "backslash"),
            (Escape::Byte(b'\''), "\"'\""),
        ] {
            assert_eq!(escape.to_string(), shown);
            assert_eq!(escape.word().parse(), Ok(escape));
        }
    }
}
