//! How a record is written to its rejects file: a row with four more cells, or an object with four more keys. Pure.

use std::io;

use crate::entries::ObjectEntries;
use crate::event::Failure;
use crate::outcome::Code;
use crate::record::{Cell, Defect, Record};
use crate::rejects::{
    BETWEEN_VALUES, COLUMNS, CUT_MARK, FAULT_MARK, RAW, ROW, is_own_column, may_have_own_keys,
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

/// What the rejects file adds to a record, in the order of [`COLUMNS`].
fn added(failure: &Failure) -> [String; 4] {
    [
        failure.record.place.row.to_string(),
        failure.outcome.to_string(),
        failure.reason.code.to_string(),
        words::reason(failure),
    ]
}

/// The record's own cells, then ours; surplus cells follow them, so that the row is as ragged as it was.
pub(super) fn row(failure: &Failure) -> Vec<String> {
    let record = failure.record.get();
    let (header, cells) = (record.header(), record.cells());
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
            if is_cut(record.defect.as_ref(), name) {
                cell.push_str(CUT_MARK);
            }
            cell
        })
        .collect();
    row.extend(added(failure));
    row.extend(cells.from(header.names.len()).iter().map(text));
    row
}

/// Whether a table keeps a column; what it holds of a broken vCard stays with it until it is corrected.
pub(super) fn is_own(name: &str) -> bool {
    !COLUMNS.contains(&name)
}

fn is_cut(defect: Option<&Defect>, name: &str) -> bool {
    matches!(defect, Some(Defect::CellTooLarge { column: Some(column) }) if column == name)
}

fn text(cell: Cell<'_>) -> String {
    match cell {
        Cell::Text(text) | Cell::Faulty(_, text) => text.to_owned(),
        Cell::List(items) => items.iter().collect::<Vec<_>>().join(BETWEEN_VALUES),
        Cell::Absent => String::new(),
    }
}

/// The object as it was, with our keys added; what was not an object is text under a key.
pub(super) fn line(failure: &Failure) -> io::Result<String> {
    let record = failure.record.get();
    let raw = record.raw().unwrap_or_default();
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
        None => vec![format!("\"{RAW}\":{}", serde_json::to_string(raw)?)],
    };
    for (key, value) in COLUMNS.into_iter().zip(added(failure)) {
        let value = match key {
            // A number, in JSON.
            ROW => value,
            _ => serde_json::to_string(&value)?,
        };
        members.push(format!("\"{key}\":{value}"));
    }
    Ok(format!("{{{}}}\n", members.join(",")))
}

/// The members of an object without keys of ours. Where it has none of ours its text is kept as it is, so that even a
/// key that occurs twice can be imported again.
fn own_members(record: Record<'_>) -> Option<Vec<String>> {
    let raw = record.raw()?.trim();
    if !may_have_own_keys(raw) {
        let inner = raw.strip_prefix('{')?.strip_suffix('}')?.trim();
        return Some(if inner.is_empty() {
            Vec::new()
        } else {
            vec![one_line(inner)]
        });
    }
    let ObjectEntries(entries) = serde_json::from_str(raw).ok()?;
    let own = entries.into_iter().filter(|(key, _)| !is_own_column(key));
    own.map(|(key, value)| {
        let key = serde_json::to_string(&key).ok()?;
        Some(format!("{key}:{}", one_line(value.get())))
    })
    .collect()
}

/// Unescaped line breaks are only between values: strings must escape them (RFC 8259, section 7).
fn one_line(json: &str) -> String {
    json.replace(['\n', '\r'], " ")
}
