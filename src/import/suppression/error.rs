//! Why a list of phones that are never sent cannot be used, in words that name the file and end with what to do.

use crate::hint::SUPPRESS;
use crate::source::SourceError;

/// Why a list of phones that are never sent cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SuppressionError {
    /// It cannot be read, or breaks off.
    #[error("{SUPPRESS} {name}: {error}")]
    Source {
        /// The file.
        name: String,
        /// What is wrong with it.
        error: SourceError,
    },
    /// No column is known to hold phones, or several have the same name.
    #[error(
        "{SUPPRESS} {name}: no one column of it is known to hold phones: call it Phone, and give each column a name of \
         its own"
    )]
    NoPhone {
        /// The file.
        name: String,
    },
    /// Several columns without names.
    #[error(
        "{SUPPRESS} {name}: the first row holds a phone, so it is not a header: add a row above it that names the \
         columns (such as Phone,Name)"
    )]
    NoHeader {
        /// The file.
        name: String,
    },
    /// A row that cannot be read: it may name somebody who must not be messaged.
    #[error(
        "{SUPPRESS} {name} row {row}: {why}: nothing was sent; correct or remove that row, then run again"
    )]
    Row {
        /// The file.
        name: String,
        /// The row, as a spreadsheet counts.
        row: String,
        /// What is wrong with it.
        why: String,
    },
}
