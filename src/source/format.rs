//! The formats of inputs, as the command line names them.
//!
//! Owns their names. Which one an input has is for `sniff` to say.

use std::fmt;
use std::str::FromStr;

/// How an input is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Comma-separated (RFC 4180).
    Csv,
    /// Separated by tabs.
    Tsv,
    /// A list of objects, or one object.
    Json,
    /// An object a line.
    Ndjson,
    /// Cards of an address book, 2.1 to 4.0.
    Vcard,
    /// A workbook: .xlsx, .xls or .ods.
    Xlsx,
}

impl Format {
    /// All formats, as the command line names them.
    pub(crate) const ALL: [Format; 6] = [
        Format::Csv,
        Format::Tsv,
        Format::Json,
        Format::Ndjson,
        Format::Vcard,
        Format::Xlsx,
    ];

    /// The format's name on the command line.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Json => "json",
            Format::Ndjson => "ndjson",
            Format::Vcard => "vcard",
            Format::Xlsx => "xlsx",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A format that is not known.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown format \"{0}\": csv, tsv, json, ndjson, xlsx or vcard")]
pub(crate) struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Format, UnknownFormat> {
        let known = Format::ALL
            .into_iter()
            .find(|format| format.as_str().eq_ignore_ascii_case(name));
        known.ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}
