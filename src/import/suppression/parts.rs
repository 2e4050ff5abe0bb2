//! The parts of a list of phones that are never sent: every sheet of a workbook, every list of a JSON document.
//!
//! Owns which parts there are, and how one is opened. `suppression` reads them.

use super::error::SuppressionError;
use crate::record::InputId;
use crate::source::{self, HeaderRow, Input, OpenInput, RecordsPath, SourceError};
use crate::text::quoted;

/// A part of a file.
pub(super) struct ListPart {
    /// Its name in messages.
    pub(super) name: String,
    /// How it is read.
    reading: source::ReadOptions,
}

impl ListPart {
    /// Opens it with the first row as a header, or without one.
    pub(super) fn open(
        &self,
        file: &Input,
        id: InputId,
        header: HeaderRow,
    ) -> Result<OpenInput, SourceError> {
        let reading = self.reading.clone();
        source::open(file, id, &source::ReadOptions { header, ..reading })
    }
}

/// All parts of a file; most have one.
pub(super) fn parts(file: &Input, id: InputId) -> Result<Vec<ListPart>, SuppressionError> {
    let name = file.name();
    match source::open(file, id, &source::ReadOptions::default()) {
        Ok(opened) if opened.sheets.len() > 1 => {
            let sheets = opened.sheets.iter();
            Ok(sheets.map(|sheet| of_sheet(&name, sheet)).collect())
        }
        Ok(opened) if !opened.assumed.other_lists.is_empty() => Ok(of_lists(&name, lists(&opened))),
        Err(SourceError::SeveralLists { lists }) => Ok(of_lists(&name, lists)),
        Err(SourceError::KeyedObjects { path } | SourceError::ListOfOthers { path }) => {
            Ok(of_lists(&name, vec![path]))
        }
        // An error here is reported when the part is read.
        Ok(_) | Err(_) => Ok(vec![ListPart {
            name,
            reading: source::ReadOptions::default(),
        }]),
    }
}

fn of_sheet(name: &str, sheet: &str) -> ListPart {
    ListPart {
        name: format!("{name}, sheet {}", quoted(sheet)),
        reading: source::ReadOptions {
            sheet: Some(sheet.to_owned()),
            ..source::ReadOptions::default()
        },
    }
}

fn of_lists(name: &str, lists: Vec<RecordsPath>) -> Vec<ListPart> {
    let parts = lists.into_iter().map(|path| ListPart {
        name: format!("{name}, {path}"),
        reading: source::ReadOptions {
            records: Some(path),
            ..source::ReadOptions::default()
        },
    });
    parts.collect()
}

/// The list that an import would read, and the others.
fn lists(opened: &OpenInput) -> Vec<RecordsPath> {
    let first = opened.assumed.records.clone().unwrap_or_default();
    let others = opened.assumed.other_lists.iter();
    let others = others.map(|other| other.path.clone());
    [first].into_iter().chain(others).collect()
}
