//! A contact as it would be sent, beside the cells it comes from: for a dry run, and before a user confirms.

use serde::Serialize;
use std::fmt::Write as _;

use super::rows::name;
use crate::mapping::SourceCell;
use crate::record::Place;
use crate::text::safe;
use crate::units::grouped;

/// A contact as it would be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Preview {
    /// Where it comes from.
    pub(crate) place: Place,
    /// The rows before it that were merged into it.
    pub(crate) merged: Vec<Place>,
    /// Its profile as JSON.
    pub(crate) json: String,
    /// The same, field by field.
    pub(crate) fields: Vec<(String, String)>,
    /// The cells it comes from; of one that already had the API's shape, none.
    pub(crate) cells: Vec<SourceCell>,
}

/// Merged rows that are named; the others are counted.
const MERGED_NAMED: usize = 5;
/// Characters of a cell that are shown.
const LONGEST_CELL: usize = 60;

/// The fields, a line each, with their cells: `  phone  +91 9876543210  <- "Mobile" 098765 43210`.
pub(crate) fn fields(preview: &Preview) -> String {
    let width = |texts: &mut dyn Iterator<Item = &str>| {
        let widths = texts.map(|text| text.chars().count());
        widths.max().unwrap_or_default().min(LONGEST_CELL)
    };
    let names = width(&mut preview.fields.iter().map(|(field, _)| field.as_str()));
    let values = width(&mut preview.fields.iter().map(|(_, said)| said.as_str()));
    let mut text = String::new();
    for (field, said) in &preview.fields {
        let said = shortened(said);
        let line = match cells_of(preview, field) {
            none if none.is_empty() => format!("  {field:names$}  {said}"),
            cells => format!("  {field:names$}  {said:values$}  <- {cells}"),
        };
        let _ = writeln!(text, "{}", safe(&line));
    }
    text
}

fn cells_of(preview: &Preview, field: &str) -> String {
    let cells = preview.cells.iter().filter(|cell| cell.field == field);
    let cells = cells.map(|cell| format!("{} {}", cell.column, shortened(&cell.text)));
    cells.collect::<Vec<_>>().join(", ")
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(LONGEST_CELL).collect();
    // Fewer bytes only where characters were left out.
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// The JSON that would be sent, behind its place, and then the fields.
pub(crate) fn text(inputs: &[String], preview: &Preview) -> String {
    let file = name(inputs, preview.place);
    let mut merged: Vec<String> = preview
        .merged
        .iter()
        .take(MERGED_NAMED)
        .map(|place| match place.input == preview.place.input {
            true => grouped(place.row),
            false => format!("{} row {}", name(inputs, *place), grouped(place.row)),
        })
        .collect();
    let more = preview.merged.len().saturating_sub(MERGED_NAMED);
    merged.extend((more > 0).then(|| format!("{} more", grouped(more))));
    let with = match merged.as_slice() {
        [] => String::new(),
        merged => format!(", with {}", merged.join(" and ")),
    };
    format!(
        "{file} row {}{with}: {}\n{}",
        preview.place.row,
        safe(&preview.json),
        fields(preview)
    )
}

#[derive(Serialize)]
struct PreviewLine<'a> {
    event: &'static str,
    input: &'a str,
    row: u64,
    /// The rows that were merged into it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    merged: Vec<u64>,
    contact: &'a serde_json::value::RawValue,
    cells: Vec<PreviewCell<'a>>,
}

#[derive(Serialize)]
struct PreviewCell<'a> {
    field: &'a str,
    column: &'a str,
    cell: &'a str,
}

/// The same as one line of JSON.
///
/// # Errors
/// When what would be sent is no JSON.
pub(crate) fn json(input: &str, preview: &Preview) -> serde_json::Result<String> {
    let cells = preview.cells.iter().map(|cell| PreviewCell {
        field: &cell.field,
        column: &cell.header,
        cell: &cell.text,
    });
    serde_json::to_string(&PreviewLine {
        event: "preview",
        input,
        row: preview.place.row,
        merged: preview.merged.iter().map(|place| place.row).collect(),
        contact: serde_json::from_str(&preview.json)?,
        cells: cells.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::InputId;

    fn cell(field: &str, column: &str, text: &str) -> SourceCell {
        SourceCell {
            field: field.to_owned(),
            column: column.to_owned(),
            header: column.trim_matches('"').to_owned(),
            text: text.to_owned(),
        }
    }

    fn place(row: u64) -> Place {
        Place {
            input: InputId(0),
            row,
        }
    }

    fn preview() -> Preview {
        Preview {
            place: place(7),
            merged: vec![place(2), place(4)],
            json: r#"{"x":1.50}"#.to_owned(),
            fields: vec![
                ("name".to_owned(), "Asha Rao".to_owned()),
                ("phone".to_owned(), "+91 9876543210".to_owned()),
                ("attr.plan".to_owned(), "b\u{1b}".to_owned()),
            ],
            cells: vec![
                cell("name", "\"First\"", "Asha"),
                cell("name", "\"Last\"", "Rao"),
                cell("phone", "\"Mobile\"", &"9".repeat(80)),
            ],
        }
    }

    #[test]
    fn a_contact_is_shown_beside_its_cells() {
        assert_eq!(
            text(&["a.csv".to_owned()], &preview()),
            format!(
                "a.csv row 7, with 2 and 4: {{\"x\":1.50}}\n  \
                   name       Asha Rao        <- \"First\" Asha, \"Last\" Rao\n  \
                   phone      +91 9876543210  <- \"Mobile\" {}…\n  \
                   attr.plan  b\\u{{1b}}\n",
                "9".repeat(60)
            )
        );
    }

    #[test]
    fn a_script_gets_the_contact_and_its_cells() {
        let line = json("a.csv", &preview()).unwrap();
        assert!(line.contains(r#""contact":{"x":1.50}"#), "{line}");
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(
            (&line["event"], &line["row"]),
            (&"preview".into(), &7.into())
        );
        assert_eq!(line["merged"], serde_json::json!([2, 4]));
        assert_eq!(
            line["cells"][1],
            serde_json::json!({"field": "name", "column": "Last", "cell": "Rao"})
        );
    }
}
