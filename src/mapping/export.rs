//! Exports: which product a file seems to come from.
//!
//! Owns the recognition by headers; what each export looks like is in [`crate::vocabulary`]. A file that is not
//! recognised loses nothing but the columns that only its product has.

use std::collections::HashSet;

use super::columns::Columns;
use crate::text::key;
use crate::vocabulary::{Export, exports};

/// The export that a header looks like, if any.
pub(super) fn of(columns: &Columns<'_>) -> Option<&'static Export> {
    let names: HashSet<&str> = columns.names().map(|(_, name)| name).collect();
    let keys: HashSet<String> = names.iter().map(|name| key(name)).collect();
    let is_there = |mark: &str| match mark.strip_prefix('=') {
        Some(name) => names.contains(name),
        None => keys.contains(&key(mark)),
    };
    // The first that fits: the vocabulary has those with the surest marks first.
    exports().iter().find(|export| {
        let mut alternatives = export.marks.iter();
        alternatives.any(|marks| marks.iter().all(|mark| is_there(mark)))
    })
}

/// What a user reads: `looks like a Google Contacts export`.
pub(super) fn line(export: &Export) -> String {
    let article = if export.name.starts_with(['A', 'E', 'I', 'O', 'U']) {
        "an"
    } else {
        "a"
    };
    let bare = if export.has_calling_codes {
        ": numbers without + start with their calling code"
    } else {
        ""
    };
    format!("looks like {article} {} export{bare}", export.name)
}
