//! How a record stands in its rejects file: a row with four more cells, or an object with four more keys. Pure.

use std::io;

use crate::entries::ObjectEntries;
use crate::event::Failure;
use crate::outcome::Code;
use crate::record::{
    BETWEEN_VALUES, CUT_MARK, Cell, Defect, FAULT_MARK, RAW_KEY, REJECT_COLUMNS, Record,
    is_reject_column,
};
use crate::report::words;

/// One row as CSV.
pub(super) fn encoded(
    cells: impl IntoIterator<Item = impl AsRef<[u8]>>,
    delimiter: u8,
) -> io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .from_writer(Vec::new());
    writer.write_record(cells)?;
    writer
        .into_inner()
        .map_err(|error| io::Error::other(error.to_string()))
}

/// What the rejects file adds to a record, in the order of `REJECT_COLUMNS`.
fn added(failure: &Failure) -> [String; 4] {
    [
        failure.record.place.row.to_string(),
        failure.outcome.to_string(),
        failure.reason.code.to_string(),
        words::reason(failure),
    ]
}

/// The record's own cells, then ours; surplus cells stand behind, so that the row is as ragged as it was.
pub(super) fn row(failure: &Failure) -> Vec<String> {
    let Record {
        header,
        cells,
        defect,
        ..
    } = &failure.record;
    let columns = header
        .names
        .iter()
        .enumerate()
        .filter(|(_, name)| is_own(name));
    let is_of_fault = Code::OF_FAULTS.contains(&failure.reason.code);
    let mut row: Vec<String> = columns
        .map(|(column, name)| {
            let own = cells.get(column);
            let mut cell = own.map_or_else(String::new, text);
            // Unmarked, the row would come back as if it were fixed: without its country, or with other digits.
            if is_of_fault && matches!(own, Some(Cell::Faulty(..))) {
                cell.push_str(FAULT_MARK);
            }
            if is_cut(defect.as_ref(), name) {
                cell.push_str(CUT_MARK);
            }
            cell
        })
        .collect();
    row.extend(added(failure));
    row.extend(cells.iter().skip(header.names.len()).map(text));
    row
}

/// Whether a table keeps a column; what it holds of a broken vCard stays with it until it is mended.
pub(super) fn is_own(name: &str) -> bool {
    !REJECT_COLUMNS.contains(&name)
}

fn is_cut(defect: Option<&Defect>, name: &str) -> bool {
    matches!(defect, Some(Defect::CellTooLarge { column: Some(column) }) if column == name)
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) | Cell::Faulty(_, text) => text.clone(),
        Cell::List(items) => items.join(BETWEEN_VALUES),
        Cell::Absent => String::new(),
    }
}

/// The object as it was, with our keys added; what was no object stands under a key as text.
pub(super) fn line(failure: &Failure) -> io::Result<String> {
    let record = &failure.record;
    let raw = record.raw.as_deref().unwrap_or_default();
    let is_object = match record.defect {
        Some(Defect::BadJson { .. } | Defect::BadEncoding { .. } | Defect::CellTooLarge { .. }) => {
            false
        }
        Some(
            Defect::SurplusCells { .. }
            | Defect::SwallowedRows { .. }
            | Defect::AmbiguousEscape
            | Defect::UnreadValue { .. }
            | Defect::BadCard { .. },
        )
        | None => true,
    };
    let mut members = match own_members(record).filter(|_| is_object) {
        Some(members) => members,
        None => vec![format!("\"{RAW_KEY}\":{}", serde_json::to_string(raw)?)],
    };
    let [row, rest @ ..] = added(failure);
    members.push(format!("\"bp_row\":{row}"));
    for (key, value) in REJECT_COLUMNS.iter().skip(1).zip(rest) {
        members.push(format!("\"{key}\":{}", serde_json::to_string(&value)?));
    }
    Ok(format!("{{{}}}\n", members.join(",")))
}

/// What stands between the braces of an object, keys of ours left out; as text where there are none, so that even a key
/// that stands twice comes back.
fn own_members(record: &Record) -> Option<Vec<String>> {
    let raw = record.raw.as_deref()?.trim();
    if !raw.contains("bp_") {
        let inner = raw.strip_prefix('{')?.strip_suffix('}')?.trim();
        return Some(if inner.is_empty() {
            Vec::new()
        } else {
            vec![one_line(inner)]
        });
    }
    let ObjectEntries(entries) = serde_json::from_str(raw).ok()?;
    let own = entries
        .into_iter()
        .filter(|(key, _)| !is_reject_column(key));
    own.map(|(key, value)| {
        let key = serde_json::to_string(&key).ok()?;
        Some(format!("{key}:{}", one_line(value.get())))
    })
    .collect()
}

/// Line breaks in JSON stand between values only: inside a string they would be escaped (RFC 8259, section 7).
fn one_line(json: &str) -> String {
    json.replace(['\n', '\r'], " ")
}
