//! How cells are marked off from each other: delimiter, escape, and spaces before quotes.
//!
//! Owns the syntax as a value. `cut` and csv-core cut rows by it; which one a table has, `dialect` finds out.

use crate::source::delimiter::Delimiter;
use crate::source::escape::Escape;
use crate::source::quote_tracker::QUOTE;

/// The byte that may be an escape where the user did not name one.
pub(super) const BACKSLASH: u8 = b'\\';

/// What some programs put around cells instead of QUOTE. Also an apostrophe, so that it only closes at a cell's end.
pub(crate) const SINGLE_QUOTE: u8 = b'\'';

/// How cells are marked off from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Syntax {
    pub(crate) delimiter: u8,
    pub(crate) quote: u8,
    /// What takes its meaning from a quote, a delimiter, a line end or itself.
    pub(crate) escape: Option<u8>,
    /// A quote behind a delimiter and spaces opens a quoted cell, as in Python's `skipinitialspace`. Else both are text, as
    /// in RFC 4180.
    pub(crate) skips_spaces: bool,
}

impl Syntax {
    /// As in RFC 4180.
    pub(crate) fn plain(delimiter: Delimiter) -> Syntax {
        Syntax {
            delimiter: delimiter.byte(),
            quote: QUOTE,
            escape: None,
            skips_spaces: false,
        }
    }

    /// Whether csv-core cuts the same cells.
    pub(super) fn is_plain(self) -> bool {
        self.quote == QUOTE && self.escape.is_none() && !self.skips_spaces
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
