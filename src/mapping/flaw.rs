//! What was wrong with a record on reading, as the reason why it is invalid.

use super::quote::shown;
use crate::outcome::{Code, Reason};
use crate::record::Flaw;

/// The reason why a flawed record is invalid.
pub(super) fn reason(flaw: &Flaw) -> Reason {
    match flaw {
        Flaw::SurplusCells { found, expected } => with_more(
            Code::SurplusCells,
            "more cells than the header has columns",
            &format!(": {found} of {expected}"),
        ),
        Flaw::BadEncoding { column } => Reason {
            code: Code::BadEncoding,
            brief: "unreadable characters in a cell".to_owned(),
            full: format!(
                "a cell has characters that cannot be read{}: save the file as \"CSV UTF-8\", or name its \
                 encoding, as in --encoding windows-1252",
                in_column(column.as_deref())
            ),
        },
        Flaw::CellTooLarge { column } => Reason {
            code: Code::CellTooLarge,
            brief: "a cell is too large".to_owned(),
            full: format!(
                "a cell is over 1 MB{}: shorten it",
                in_column(column.as_deref())
            ),
        },
        Flaw::BadCard { words } => {
            with_more(Code::BadVcard, "no whole vCard", &format!(": {words}"))
        }
        Flaw::BadJson { words } => {
            with_more(Code::BadJson, "no JSON object", &format!(": {words}"))
        }
    }
}

fn with_more(code: Code, brief: &str, more: &str) -> Reason {
    Reason {
        code,
        brief: brief.to_owned(),
        full: format!("{brief}{more}"),
    }
}

fn in_column(column: Option<&str>) -> String {
    column
        .map(|name| format!(" (column {})", shown(name)))
        .unwrap_or_default()
}
