//! How cells are marked off from each other: delimiter, escape, and spaces before quotes.
//!
//! Owns the syntax as a value. `cut` and csv-core cut rows by it; which one a table has, `dialect` finds out.

use crate::source::delimiter::Delimiter;
use crate::source::escape::Escape;

/// The byte that may be an escape where the user did not name one.
pub(super) const BACKSLASH: u8 = b'\\';

/// How cells are marked off from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Syntax {
    pub(crate) delimiter: u8,
    /// What takes its meaning from a quote, a delimiter, a line end or itself.
    pub(crate) escape: Option<u8>,
    pub(crate) spaces: Spaces,
}

/// What spaces between a delimiter and a quote are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Spaces {
    /// Text, and so is the quote: RFC 4180.
    #[default]
    Text,
    /// Nothing: the quote opens a quoted cell, as in Python's `skipinitialspace`.
    Skipped,
}

impl Syntax {
    /// As in RFC 4180.
    pub(crate) fn plain(delimiter: Delimiter) -> Syntax {
        Syntax {
            delimiter: delimiter.byte(),
            escape: None,
            spaces: Spaces::Text,
        }
    }

    /// Whether csv-core cuts the same cells.
    pub(super) fn is_plain(self) -> bool {
        self.escape.is_none() && self.spaces == Spaces::Text
    }

    /// The same, but that a backslash is text where it was an escape, and an escape where it was text.
    pub(super) fn otherwise(self) -> Syntax {
        let escape = match self.escape {
            Some(_) => None,
            None => Escape::BACKSLASH.byte(self.delimiter),
        };
        Syntax { escape, ..self }
    }
}
