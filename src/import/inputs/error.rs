//! Why an import cannot begin, in words that name the input and end with what to do.

use crate::hint::{COUNTRY, MAP, NO_HEADER};
use crate::mapping::{FilterError, MappingError};
use crate::source::{Cause, SourceError};
use crate::text::shell_word;

/// What takes the quotes around each line off.
const UNQUOTE: &str = if cfg!(windows) {
    "the replace function of a text editor"
} else {
    "sed 's/^\"//; s/\"$//'"
};

/// Why an import cannot begin.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PrepareError {
    /// An input cannot be read, or is not what the command line says.
    #[error("{name}: {error}")]
    Source {
        /// The input.
        name: String,
        /// What is wrong with it.
        error: SourceError,
    },
    /// The mapping does not fit an input.
    #[error("{name}: {error}")]
    Mapping {
        /// The input.
        name: String,
        /// What does not fit.
        error: MappingError,
    },
    /// The first row is a contact, not a header.
    #[error(
        "{name}: the first row holds a phone, so it is no header: pass {NO_HEADER} {MAP} phone={column} (columns go by \
         their numbers), or add a row above it that names them (such as Name,Phone)"
    )]
    NoHeader {
        /// The input.
        name: String,
        /// The column of the phone, from 1.
        column: usize,
    },
    /// Columns without names, and no option names the phone.
    #[error(
        "{name}: without a header no column is recognised: say by its number which one is the phone{}",
        .column.map_or_else(|| format!(", as in {MAP} phone=2"), |column| format!(": {MAP} phone={column}"))
    )]
    NoNames {
        /// The input.
        name: String,
        /// The column of the first row that holds a phone, from 1.
        column: Option<usize>,
    },
    /// Each line is one quoted cell, whatever separates its columns.
    #[error(
        "{name}: each line stands in quotes as a whole, so it is one column: take the first and the last quote off each \
         line ({UNQUOTE} does it), then import that"
    )]
    QuotedLines {
        /// The input.
        name: String,
    },
    /// `--only` or `--except` does not fit an input.
    #[error("{name}: {error}")]
    Filter {
        /// The input.
        name: String,
        /// What does not fit.
        error: FilterError,
    },
    /// No record has a usable phone, because a country is missing.
    #[error(
        "{name}: none of the first {looked_at} has a usable phone, and {without_country} lack only a country: pass \
         {COUNTRY} with the country that local numbers are from (such as {COUNTRY} IN{}), or {COUNTRY} intl where numbers \
         start with their calling code{}",
        beside(.columns),
        or_a_column(.columns)
    )]
    NoCountry {
        /// The first input.
        name: String,
        /// How many records were read, in words.
        looked_at: String,
        /// How many records lack only a country.
        without_country: String,
        /// The columns that are recognised as the country, as `--map country=` takes them.
        columns: Vec<String>,
    },
}

/// `--country` alone would override a country column that was only recognised, so the column is named as well.
fn beside(columns: &[String]) -> String {
    let option = |column: &String| format!(" {MAP} country={}", shell_word(column));
    columns.iter().map(option).collect()
}

fn or_a_column(columns: &[String]) -> String {
    if columns.is_empty() {
        format!(", or {MAP} country=HEADER where a column names the country")
    } else {
        String::new()
    }
}

impl PrepareError {
    /// Whether the command line or the input is at fault.
    pub(crate) fn cause(&self) -> Cause {
        match self {
            PrepareError::Source { error, .. } => error.cause(),
            PrepareError::Mapping { .. }
            | PrepareError::NoHeader { .. }
            | PrepareError::NoNames { .. }
            | PrepareError::QuotedLines { .. }
            | PrepareError::Filter { .. }
            | PrepareError::NoCountry { .. } => Cause::Usage,
        }
    }
}
