//! Columns, or a header and rows without keys, turned into objects: one a record.
//!
//! Owns the forms of one value that is in memory. Which values are read so is for `nested::columns` to say.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::value::RawValue;

use super::super::columns_error::ColumnsError;
use super::super::nested::{HEADS, ROWS};
use crate::entries::{AllObjectEntries, ObjectEntries};
use crate::mapping::names_a_phone;

/// Whether the first of rows without keys must name a phone to be taken for a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// It must: nobody said what its columns are.
    Phone,
    /// The mapping says what they are.
    Any,
}

/// A row's cells by the names of their columns, as the text of an object.
type Row = String;

/// The records of a value, each as the text of an object; a row that is not one as it is.
pub(super) fn rows(text: &str, names: Names) -> Result<VecDeque<Row>, ColumnsError> {
    if text.trim_start().starts_with('[') {
        return of_lists(text, names);
    }
    let ObjectEntries(entries) = serde_json::from_str(text)?;
    let under = |keys: &[&str]| {
        let mut found = keys
            .iter()
            .filter_map(|key| entries.iter().find(|(name, _)| name == key));
        found
            .find(|(_, value)| !is_scalar(value))
            .map(|(_, value)| *value)
    };
    if let (Some(head), Some(rows)) = (under(&HEADS), under(&ROWS)) {
        return under_head(&head_names(head)?, rows);
    }
    let columns = entries.iter().filter(|(_, value)| !is_scalar(value));
    let columns: Vec<(&str, &RawValue)> = columns
        .map(|(name, value)| (name.as_ref(), *value))
        .collect();
    match columns.first() {
        Some((_, first)) if first.get().starts_with('{') => of_indexed(&columns),
        _ => of_columns(&columns),
    }
}

/// A list of rows, the first of which names the columns.
fn of_lists(text: &str, wanted: Names) -> Result<VecDeque<Row>, ColumnsError> {
    let rows: Vec<&RawValue> = serde_json::from_str(text)?;
    let (head, rows) = rows.split_first().ok_or(ColumnsError::NoNames)?;
    let names = head_names(head)?;
    let texts: Vec<&str> = names.iter().map(String::as_str).collect();
    check_names(&names)?;
    if wanted == Names::Phone && !names_a_phone(&texts) {
        return Err(ColumnsError::NoNames);
    }
    Ok(rows.iter().map(|row| of_row(&names, row)).collect())
}

fn under_head(names: &[String], rows: &RawValue) -> Result<VecDeque<Row>, ColumnsError> {
    check_names(names)?;
    let rows: Vec<&RawValue> = serde_json::from_str(rows.get())?;
    Ok(rows.iter().map(|row| of_row(names, row)).collect())
}

/// The names of columns: texts, or objects that have them; BigQuery has those under `fields`.
fn head_names(head: &RawValue) -> Result<Vec<String>, ColumnsError> {
    if head.get().starts_with('{') {
        let ObjectEntries(entries) = serde_json::from_str(head.get())?;
        let fields = entries.into_iter().find(|(key, _)| key == "fields");
        let (_, fields) = fields.ok_or(ColumnsError::NoNames)?;
        return head_names(fields);
    }
    let cells: Vec<&RawValue> = serde_json::from_str(head.get())?;
    let named = cells.iter().enumerate();
    Ok(named
        .map(|(at, cell)| name_of(cell).unwrap_or_else(|| format!("column {}", at + 1)))
        .collect())
}

/// A column's name, where it has one.
fn name_of(cell: &RawValue) -> Option<String> {
    /// Google's charts have a label for people and an id.
    const KEYS: [&str; 6] = [
        "label",
        "name",
        "displayName",
        "display_name",
        "title",
        "id",
    ];
    let text = |value: &RawValue| serde_json::from_str::<String>(value.get()).ok();
    let is_there = |name: &String| !name.trim().is_empty();
    if !cell.get().starts_with('{') {
        return text(cell).filter(is_there);
    }
    let ObjectEntries(entries) = serde_json::from_str(cell.get()).ok()?;
    let under = |key: &&str| {
        let (_, value) = entries.iter().find(|(name, _)| name == key)?;
        text(value).filter(is_there)
    };
    KEYS.iter().find_map(under)
}

fn check_names(names: &[String]) -> Result<(), ColumnsError> {
    let mut seen = HashSet::new();
    match names.iter().find(|name| !seen.insert(name.as_str())) {
        Some(name) => Err(ColumnsError::Twice { name: name.clone() }),
        None => Ok(()),
    }
}

/// A row with its names. One that is no list, or has more cells than there are names, stays as it is: it is no record.
fn of_row(names: &[String], row: &RawValue) -> Row {
    match cells(row) {
        Some(cells) if cells.len() <= names.len() => {
            object(names.iter().map(String::as_str).zip(cells))
        }
        _ => row.get().to_owned(),
    }
}

/// The cells of a row: a list, or an object that holds one as Google's charts (`c`, `v`) and BigQuery (`f`, `v`) do.
fn cells(row: &RawValue) -> Option<Vec<&RawValue>> {
    if row.get().starts_with('[') {
        return serde_json::from_str(row.get()).ok();
    }
    let held: HashMap<String, &RawValue> = serde_json::from_str(row.get()).ok()?;
    let cells = ["c", "f"].iter().find_map(|key| held.get(*key))?;
    let cells: Vec<Option<Held<'_>>> = serde_json::from_str(cells.get()).ok()?;
    Some(
        cells
            .into_iter()
            .map(|cell| cell.and_then(|cell| cell.v).unwrap_or(RawValue::NULL))
            .collect(),
    )
}

/// A cell that is an object.
#[derive(serde::Deserialize)]
struct Held<'a> {
    #[serde(borrow)]
    v: Option<&'a RawValue>,
}

/// Columns that are lists. An empty one is a column without a value.
fn of_columns(columns: &[(&str, &RawValue)]) -> Result<VecDeque<Row>, ColumnsError> {
    let mut lists: Vec<(&str, Vec<&RawValue>)> = Vec::new();
    for (name, value) in columns {
        let list: Vec<&RawValue> = serde_json::from_str(value.get())?;
        lists.extend(Some((*name, list)).filter(|(_, list)| !list.is_empty()));
    }
    let (first, one) = lists
        .first()
        .map_or(("", 0), |(name, list)| (*name, list.len()));
    if let Some((second, list)) = lists.iter().find(|(_, list)| list.len() != one) {
        return Err(ColumnsError::Uneven {
            first: first.to_owned(),
            one,
            second: (*second).to_owned(),
            other: list.len(),
        });
    }
    let row = |at: usize| {
        lists
            .iter()
            .filter_map(move |(name, list)| Some((*name, *list.get(at)?)))
    };
    Ok((0..one).map(|at| object(row(at))).collect())
}

/// Columns that have their values under the labels of the rows, in the order in which those are met.
fn of_indexed(columns: &[(&str, &RawValue)]) -> Result<VecDeque<Row>, ColumnsError> {
    let mut at: HashMap<String, usize> = HashMap::new();
    let mut rows: Vec<Vec<(&str, &RawValue)>> = Vec::new();
    for (name, value) in columns {
        let AllObjectEntries(entries) = serde_json::from_str(value.get())?;
        for (label, value) in entries {
            let row = *at.entry(label.into_owned()).or_insert(rows.len());
            if row == rows.len() {
                rows.push(Vec::new());
            }
            rows.get_mut(row)
                .into_iter()
                .for_each(|row| row.push((name, value)));
        }
    }
    Ok(rows
        .into_iter()
        .map(|row| object(row.into_iter()))
        .collect())
}

/// The text of an object.
fn object<'a>(cells: impl Iterator<Item = (&'a str, &'a RawValue)>) -> Row {
    let mut text = String::from("{");
    for (name, value) in cells {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&serde_json::Value::from(name).to_string());
        text.push(':');
        text.push_str(value.get());
    }
    text.push('}');
    text
}

fn is_scalar(value: &RawValue) -> bool {
    !value.get().starts_with(['[', '{'])
}
