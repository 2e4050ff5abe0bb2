//! Chooses the sheet of a workbook that is read.

use super::error::WorkbookError;
use super::header::{self, SheetRank};
use super::sheet_entry::SheetEntry;
use super::sheet_row::SheetRow;
use super::workbook_file::WorkbookFile;
use crate::source::{ReadOptions, SheetChoice};

/// The name of the sheet to read.
pub(super) fn choose(
    book: &mut WorkbookFile,
    wanted: &ReadOptions,
) -> Result<String, WorkbookError> {
    let sheets = book.sheets();
    let names = || sheets.iter().map(|sheet| sheet.name.clone()).collect();
    if let Some(wanted) = wanted.sheet.as_deref() {
        let named = named(&sheets, wanted).ok_or_else(|| WorkbookError::NoSheet {
            wanted: wanted.to_owned(),
            sheets: names(),
        })?;
        return match first_of(book, named)?.is_empty() {
            false => Ok(named.name.clone()),
            true => Err(WorkbookError::Blank {
                sheets: vec![named.name.clone()],
            }),
        };
    }
    // A hidden sheet is read only where no visible one has anything.
    let (hidden, shown): (Vec<_>, Vec<_>) = sheets.iter().partition(|sheet| sheet.is_hidden);
    for group in [shown, hidden] {
        let mut best: Option<(SheetRank, &SheetEntry)> = None;
        for sheet in group {
            let rank = header::rank(&first_of(book, sheet)?);
            if best.is_none_or(|(best, _)| rank > best) {
                best = Some((rank, sheet));
            }
            let enough = match wanted.pick {
                SheetChoice::Contacts => SheetRank::Contacts,
                SheetChoice::First => SheetRank::Header,
            };
            if rank >= enough {
                break;
            }
        }
        if let Some((_, sheet)) = best.filter(|(rank, _)| *rank > SheetRank::Blank) {
            return Ok(sheet.name.clone());
        }
    }
    Err(WorkbookError::Blank { sheets: names() })
}

/// Other sheets that are searched for contacts, to warn that they are not read. Bounds the time to open a workbook of
/// hundreds.
const LOOKED_AT: usize = 20;

/// The other sheets with contacts. Hidden ones are left out: their user did not mean to show them.
pub(super) fn others(book: &mut WorkbookFile, chosen: &str) -> Vec<String> {
    let sheets = book.sheets();
    let others = sheets
        .iter()
        .filter(|sheet| !sheet.is_hidden && sheet.name != chosen)
        .take(LOOKED_AT);
    // An error in another sheet must not stop the import of the chosen one.
    let has_contacts = |sheet: &&SheetEntry| {
        first_of(book, sheet).is_ok_and(|first| header::rank(&first) == SheetRank::Contacts)
    };
    others
        .filter(has_contacts)
        .map(|sheet| sheet.name.clone())
        .collect()
}

/// A sheet by its exact name, else by its name in any case, else by its number from 1: a sheet may be called "2024".
fn named<'a>(sheets: &'a [SheetEntry], wanted: &str) -> Option<&'a SheetEntry> {
    let exact = sheets.iter().find(|sheet| sheet.name == wanted);
    let alike = || {
        let wanted = wanted.trim().to_lowercase();
        sheets
            .iter()
            .find(|sheet| sheet.name.trim().to_lowercase() == wanted)
    };
    let numbered = || {
        let number: usize = wanted.trim().parse().ok()?;
        sheets.get(number.checked_sub(1)?)
    };
    exact.or_else(alike).or_else(numbered)
}

/// The first rows of a sheet.
fn first_of(book: &mut WorkbookFile, sheet: &SheetEntry) -> Result<Vec<SheetRow>, WorkbookError> {
    let first = book.first(&sheet.name)?;
    Ok(header::with_one_header(first))
}
