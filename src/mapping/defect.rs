//! What was wrong with a record on reading, as the reason why it is invalid.

use crate::hint::{ENCODING, ESCAPE};
use crate::outcome::{Code, Reason};
use crate::record::{CellFault, Defect};
use crate::text::quoted;
use crate::units::grouped;

/// The reason why a defective record is invalid.
pub(super) fn reason(defect: &Defect) -> Reason {
    match defect {
        Defect::SurplusCells { found, expected } => with_more(
            Code::SurplusCells,
            "more cells than the header has columns",
            &format!("{found} of {expected}"),
        ),
        Defect::BadEncoding { column } => {
            let advice = "save the file as \"CSV UTF-8\", or name its encoding";
            unreadable("cell", column.as_deref(), advice)
        }
        Defect::UnreadValue { column } => unreadable("value", Some(column), "name its encoding"),
        Defect::CellTooLarge { column } => Reason::new(
            Code::CellTooLarge,
            "a cell is too large",
            format!(
                "a cell is over 1 MB{}: shorten it",
                in_column(column.as_deref())
            ),
        ),
        Defect::SwallowedRows { first, last } => with_more(
            Code::SwallowedRows,
            "a quoted cell holds other rows",
            &format!(
                "{} inside its quotes; a quote is missing, or one too many: correct it",
                rows(*first, *last)
            ),
        ),
        Defect::AmbiguousEscape => with_more(
            Code::AmbiguousEscape,
            "a backslash may escape what follows it, or be text",
            &format!("the two readings differ; say which it is: {ESCAPE} '\\' or {ESCAPE} none"),
        ),
        Defect::BadCard { words } => with_more(Code::BadVcard, "no whole vCard", words),
        Defect::BadJson { words } => with_more(Code::BadJson, "no JSON object", words),
    }
}

fn unreadable(what: &str, column: Option<&str>, advice: &str) -> Reason {
    Reason::new(
        Code::BadEncoding,
        format!("unreadable characters in a {what}"),
        format!(
            "a {what} has characters that cannot be read{}: {advice}, as in {ENCODING} windows-1252",
            in_column(column)
        ),
    )
}

/// Why a cell that should hold a phone shows none.
pub(super) fn fault(fault: CellFault, text: &str) -> Reason {
    match fault {
        CellFault::NotCalculated => with_more(
            Code::NotCalculated,
            "formula without a value",
            "open the file in Excel, save it, run again",
        ),
        CellFault::ErrorValue => with_more(
            Code::ErrorValue,
            "an error instead of a value",
            &format!("the cell holds {text}; correct its formula, save, run again"),
        ),
        CellFault::UnknownFormat => with_more(
            Code::UnknownFormat,
            "a number format that is not understood",
            "the sheet shows other digits than the file stores; format the column as text",
        ),
    }
}

/// `row 3 is`, `rows 3 to 5 are`.
fn rows(first: u64, last: u64) -> String {
    match last.saturating_sub(first) {
        0 => format!("row {} is", grouped(first)),
        _ => format!("rows {} to {} are", grouped(first), grouped(last)),
    }
}

fn with_more(code: Code, brief: &str, more: &str) -> Reason {
    Reason::new(code, brief, format!("{brief}: {more}"))
}

fn in_column(column: Option<&str>) -> String {
    column.map_or_else(String::new, |name| format!(" (column {})", quoted(name)))
}
