//! Whether a JSON value holds columns instead of rows, or rows without keys, by its shape.
//!
//! Owns the forms that programs write so: pandas (`columns`, `list`, `split`, `values`), Google's charts and sheets,
//! BigQuery, Metabase. Turning them into records is for `json::columns`.

use super::super::outline::{Outline, OutlinePlace};
use super::keys::is_id;
use crate::mapping;

/// Keys under which the names of columns are, beside the rows.
pub(crate) const HEADS: [&str; 6] = ["columns", "cols", "headers", "header", "fields", "schema"];
/// Keys under which rows without keys are.
pub(crate) const ROWS: [&str; 4] = ["data", "rows", "values", "records"];

/// Whether the values here are columns, or rows without keys.
pub(super) fn is_turned(outline: &Outline, place: &OutlinePlace) -> bool {
    is_rows(outline, place)
        || place.objects > 0
            && place.lists == 0
            && (is_head_and_rows(outline, place)
                || is_lists(outline, place)
                || is_indexed(outline, place))
}

/// Whether the names of the columns are keys, and one of them is a phone.
pub(super) fn names_a_phone(outline: &Outline, place: &OutlinePlace) -> bool {
    let mut columns = outline.under(place);
    !is_head_and_rows(outline, place) && columns.any(|child| mapping::names_a_phone(&[&child.key]))
}

/// A list of lists of single values.
fn is_rows(outline: &Outline, place: &OutlinePlace) -> bool {
    let row = outline.element(place);
    let cell = outline.element(row);
    place.objects == 0
        && row.lists > 0
        && row.objects == 0
        && cell.objects + cell.lists == 0
        && cell.filled > 0
}

fn is_head_and_rows(outline: &Outline, place: &OutlinePlace) -> bool {
    let is_head = |child: &OutlinePlace| {
        HEADS.contains(&child.key.as_str()) && child.lists + child.objects > 0
    };
    let is_body = |child: &OutlinePlace| {
        ROWS.contains(&child.key.as_str()) && child.lists > 0 && has_bare_rows(outline, child)
    };
    outline.under(place).any(is_head) && outline.under(place).any(is_body)
}

/// Rows that are lists, or objects that only hold a list of cells: `c` in Google's charts, `f` in BigQuery.
fn has_bare_rows(outline: &Outline, rows: &OutlinePlace) -> bool {
    let row = outline.element(rows);
    let mut keys = outline.under(row);
    row.lists > 0 && row.objects == 0
        || row.objects > 0
            && keys.any(|key| ["c", "f"].contains(&key.key.as_str()) && key.lists > 0)
}

/// `{"name":["Asha",…],"phone":["+91…",…]}`: a phone and a name have several values each; or all that a document holds
/// is lists.
fn is_lists(outline: &Outline, place: &OutlinePlace) -> bool {
    const SEVERAL: u64 = 2;
    let is_column = |child: &&OutlinePlace| {
        let is_list = child.lists > 0 && child.objects == 0 && child.filled == 0;
        is_list && outline.element(child).objects == 0
    };
    let columns = || outline.under(place).filter(is_column);
    let long = || columns().filter(|child| child.longest >= SEVERAL);
    let is_all = std::ptr::eq(place, outline.document())
        && columns().count() == outline.under(place).count();
    let mut phones = long().filter(|child| mapping::names_a_phone(&[&child.key]));
    match phones.next() {
        _ if long().next().is_none() => false,
        Some(phone) => {
            is_all || long().any(|child| mapping::names_a_contact(&[&phone.key, &child.key]))
        }
        None => is_all,
    }
}

/// `{"name":{"0":"Asha",…},"phone":{"0":"+91…",…}}`.
fn is_indexed(outline: &Outline, place: &OutlinePlace) -> bool {
    let mut children = outline.under(place);
    let is_column = |child: &OutlinePlace| {
        let mut labels = outline.under(child);
        child.objects > 0
            && child.lists + child.filled == 0
            && labels.all(|label| is_label(outline, label))
    };
    let has_labels = |child: &OutlinePlace| outline.under(child).next().is_some();
    children.all(is_column)
        && outline
            .under(place)
            .any(|child| has_labels(child) && mapping::names_a_phone(&[&child.key]))
}

fn is_label(outline: &Outline, label: &OutlinePlace) -> bool {
    is_id(&label.key) && label.objects == 0 && outline.element(label).objects == 0
}
