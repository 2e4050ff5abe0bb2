//! Why columns of JSON cannot be turned into records.

/// Why columns cannot be turned into records.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ColumnsError {
    /// They do not fit into memory.
    #[error(
        "its contacts are stored by columns, and are over 64 MB: \
         save them as a list of objects (pandas: to_json with orient=\"records\")"
    )]
    TooLarge,
    /// Not all of it is UTF-8.
    #[error("its contacts are stored by columns, and some bytes are not UTF-8: save it as UTF-8")]
    Garbled,
    /// Columns of different lengths.
    #[error(
        "its contacts are stored by columns, and {first} has {one} values but {second} has {other}: \
         save them as a list of objects"
    )]
    Uneven {
        /// A column.
        first: String,
        /// How many values it has.
        one: usize,
        /// Another column.
        second: String,
        /// How many that has.
        other: usize,
    },
    /// Rows whose columns have no names.
    #[error(
        "it is a list of lists, and the first does not name a phone column: \
         put the names of the columns first, or save it as a list of objects"
    )]
    NoNames,
    /// A name that two columns have.
    #[error("two columns are called \"{name}\": rename one, then run again")]
    Twice {
        /// The name.
        name: String,
    },
    /// None of the forms that are known.
    #[error(
        "its contacts are stored by columns in a way that is not understood: save them as a list of objects"
    )]
    Unknown(#[from] serde_json::Error),
}
