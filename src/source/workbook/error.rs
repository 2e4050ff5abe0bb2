//! Why a workbook could not be read, as text that follows its name.
//!
//! Owns the errors of spreadsheets. `source/error` decides whose fault they are.

/// Why a workbook could not be opened, or broke off.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WorkbookError {
    /// It is encrypted.
    #[error("it is protected by a password: save a copy without one, then import that")]
    Password,
    /// It breaks its format, or a part of it is missing.
    #[error(
        "it is a broken workbook ({0}): fetch or export it again, or open it and save it as CSV UTF-8"
    )]
    Broken(&'static str),
    /// A row breaks the format.
    #[error(
        "it is a broken workbook: nothing can be read behind row {row}: open it and save it as CSV UTF-8"
    )]
    BrokenAfter {
        /// The last row that could be read, as the spreadsheet counts.
        row: u64,
    },
    /// It would take more memory than an import may use.
    #[error("{0}: save the sheet as CSV UTF-8, then import that")]
    TooLarge(&'static str),
    /// No sheet of that name or number.
    #[error("there is no sheet \"{wanted}\": it has {}", listed(.sheets))]
    NoSheet {
        /// What was asked for.
        wanted: String,
        /// The sheets it has, in their order.
        sheets: Vec<String>,
    },
    /// No sheet has a cell with something in it.
    #[error("there is nothing in its sheets ({}): export it again", listed(.sheets))]
    Blank {
        /// The sheets that were looked at.
        sheets: Vec<String>,
    },
    /// The temporary copy of what came from a pipe or a compressed file could not be made.
    #[error(
        "no temporary copy of it can be made ({0}): make room, or save it as a file and name that"
    )]
    Unspooled(String),
}

impl WorkbookError {
    /// The container, or a part in it, is cut off or not of its format.
    pub(super) const DAMAGED: WorkbookError =
        WorkbookError::Broken("it was not fetched whole, or is damaged");
    /// Each part can be read, but what one says of another is not so.
    pub(super) const INCONSISTENT: WorkbookError =
        WorkbookError::Broken("its parts do not fit together");
}

/// Sheets as a message names them, numbered as `--sheet` counts.
fn listed(sheets: &[String]) -> String {
    /// Sheets that are listed; a workbook with hundreds would fill the screen.
    const SHOWN: usize = 20;
    let mut names: Vec<String> = sheets
        .iter()
        .zip(1..)
        .take(SHOWN)
        .map(|(sheet, number)| format!("{number} \"{}\"", sheet.escape_debug()))
        .collect();
    if sheets.len() > SHOWN {
        names.push(format!("{} more", sheets.len() - SHOWN));
    }
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_sheet_is_answered_with_those_there_are() {
        let error = WorkbookError::NoSheet {
            wanted: "Leads".to_owned(),
            sheets: vec!["Cover".to_owned(), "Kunden 2024".to_owned()],
        };
        assert_eq!(
            error.to_string(),
            "there is no sheet \"Leads\": it has 1 \"Cover\", 2 \"Kunden 2024\""
        );
    }

    #[test]
    fn of_hundreds_of_sheets_the_first_are_listed() {
        let sheets: Vec<String> = (0..300).map(|number| format!("S{number}")).collect();
        let text = listed(&sheets);
        assert!(text.ends_with("20 \"S19\", 280 more"), "{text}");
    }
}
