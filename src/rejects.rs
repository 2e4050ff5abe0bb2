//! The form of our own rejects file: its columns, the marks in its cells, and what it is called.
//!
//! Owns what `report::rejects` writes and `source::rejects` recognises, so that the two cannot differ. Opens no file.

use crate::outcome::{Code, Reason};
use crate::record::{Cell, Defect, Record, Shape};

/// Where a record was in its input.
pub(crate) const ROW: &str = "bp_row";
/// What became of it.
pub(crate) const OUTCOME: &str = "bp_outcome";
/// Why, as scripts read it.
pub(crate) const CODE: &str = "bp_code";
/// Why, in words.
const REASON: &str = "bp_reason";

/// Columns that are added to a record, in their order; on the way in they are known and ignored.
pub(crate) const COLUMNS: [&str; 4] = [ROW, OUTCOME, CODE, REASON];

/// The key or column that keeps a line that was not a JSON object, or the text of a broken vCard.
pub(crate) const RAW: &str = "bp_raw";

/// How all of them begin.
const PREFIX: &str = "bp_";

/// Excel reads a CSV file as UTF-8 only when it begins with this.
pub(crate) const BOM: &[u8] = "\u{feff}".as_bytes();

/// What is put between several values of one cell, as in Google's exports.
pub(crate) const BETWEEN_VALUES: &str = " ::: ";

/// What follows the beginning of a cell that was too large to be kept.
pub(crate) const CUT_MARK: &str = "… (cut by bp-import)";

/// What follows a stored value that the sheet shows differently.
pub(crate) const FAULT_MARK: &str = "(not what the sheet shows: bp-import)";

/// Whether a column was added by bp-import to a rejects file.
pub(crate) fn is_own_column(name: &str) -> bool {
    name == RAW || COLUMNS.contains(&name)
}

/// Whether an object may have keys of ours: if not, its text need not be parsed to leave them out.
pub(crate) fn may_have_own_keys(json: &str) -> bool {
    json.contains(PREFIX)
}

/// `a` gives `a.rejected.csv`; `a.rejected` gives `a.rejected-2.csv`; `a.rejected-2` gives `a.rejected-3.csv`; the part
/// of a shard follows: `a.rejected.1-of-4.csv`.
pub(crate) fn file_name(stem: &str, shape: &Shape, part: Option<&str>, attempt: u64) -> String {
    let extension = match shape {
        Shape::Table { .. } => "csv",
        Shape::Objects => "ndjson",
    };
    let (stem, first) = stem
        .rsplit_once(".rejected")
        .map_or((stem, 1), |(own, count)| {
            match count.strip_prefix('-').map(str::parse::<u64>) {
                // The rejects of a rejects file must not replace the file that is being read.
                None if count.is_empty() => (own, 2),
                Some(Ok(count)) => (own, count.saturating_add(1)),
                _ => (stem, 1),
            }
        });
    let part = part.map_or_else(String::new, |part| format!(".{part}"));
    match first.saturating_add(attempt - 1) {
        1 => format!("{stem}.rejected{part}.{extension}"),
        count => format!("{stem}.rejected-{count}{part}.{extension}"),
    }
}

/// Why a row of a rejects file that came back as it was is still invalid: its cells can be read now, but they are not
/// what the input held.
pub(crate) fn still_invalid(record: Record<'_>) -> Option<Reason> {
    // What could not be read of a card is judged as in the card itself.
    if let Some(Defect::UnreadValue { .. }) = record.defect {
        return None;
    }
    let names = &record.header().names;
    let code = names.iter().position(|name| name == CODE)?;
    let code = record.cell(code)?.text()?;
    let holds = |mark: &str| {
        let mut texts = record.cells().iter().flat_map(Cell::texts);
        texts.any(|text| text.contains(mark))
    };
    if code == Code::BadEncoding.as_str() && holds("\u{fffd}") {
        Some(Reason::plain(
            Code::BadEncoding,
            "a cell still holds \u{fffd} for a character that could not be read",
        ))
    } else if code == Code::CellTooLarge.as_str() && holds(CUT_MARK) {
        Some(Reason::plain(
            Code::CellTooLarge,
            "a cell still holds only its beginning",
        ))
    } else {
        let mut faults = Code::OF_FAULTS.into_iter();
        let fault = faults.find(|fault| fault.as_str() == code)?;
        holds(FAULT_MARK).then(|| {
            Reason::plain(
                fault,
                "a cell is still marked as not what the sheet shows: write what is right, or clear it",
            )
        })
    }
}
