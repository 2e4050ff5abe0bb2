//! Workbooks, as a user meets them.

use std::io::Write;

use super::super::tests::{drain, error_text, format, open_as, open_bytes, records, shown};
use super::super::{Cause, Format, Input, ReadOptions, Shape, open, open_reader};
use super::*;
use crate::source::SheetChoice;

mod hostile;
pub(in crate::source) mod made;
mod seen;

use made::Xlsx;

/// A row with these texts in these columns.
pub(super) fn row(number: u64, cells: &[(usize, &str)]) -> SheetRow {
    let mut row = SheetRow {
        number,
        ..SheetRow::default()
    };
    for (column, text) in cells {
        row.put(*column, value::CellContent::text(*text)).unwrap();
    }
    row
}

fn sheet_of(bytes: Vec<u8>, sheet: Option<&str>) -> Result<(String, Vec<Vec<String>>), String> {
    let options = ReadOptions {
        sheet: sheet.map(str::to_owned),
        ..ReadOptions::default()
    };
    let reader = Box::new(std::io::Cursor::new(bytes));
    let opened = open_reader("a.xlsx", reader, InputId(0), &options);
    let opened = opened.map_err(|error| error.to_string())?;
    let name = opened.sheet.clone().unwrap();
    let (records, error) = drain(Ok(opened));
    assert!(error.is_none(), "{error:?}");
    Ok((name, records.iter().map(shown).collect()))
}

fn numbered(bytes: Vec<u8>) -> Vec<(u64, Vec<String>)> {
    let records = records("stdin", bytes);
    records
        .iter()
        .map(|record| (record.place.row, shown(record)))
        .collect()
}

fn text_cell(reference: &str, text: &str) -> String {
    format!("<c r=\"{reference}\" t=\"str\"><v>{text}</v></c>")
}

/// A sheet with a header and one contact.
fn table(name: &str) -> String {
    format!(
        "<row r=\"1\">{}{}</row><row r=\"2\">{}{}</row>",
        text_cell("A1", "Name"),
        text_cell("B1", "Phone"),
        text_cell("A2", name),
        text_cell("B2", "+919876543210")
    )
}

fn book(sheets: &[(&str, &str)], hidden: &[&str]) -> Vec<u8> {
    Xlsx {
        sheets,
        strings: &[],
        hidden,
    }
    .bytes()
}

#[test]
fn cells_of_a_workbook_are_read_as_they_are_shown_with_all_their_digits() {
    let cell = |text: &str| text.to_owned();
    assert_eq!(
        numbered(made::contacts()),
        [
            (
                3,
                vec![
                    cell("Ann"),
                    cell("919876543210"),
                    cell("true"),
                    cell("2024-05-01")
                ]
            ),
            (
                6,
                vec![
                    cell("Ann & Jr"),
                    cell("919876543211"),
                    cell("ErrorValue #SPILL!"),
                    cell("2024-05-01T12:00:00")
                ]
            ),
        ]
    );
}

#[test]
fn old_and_open_workbooks_are_read_like_new_ones() {
    let ods = numbered(made::ods_contacts());
    assert_eq!(
        ods,
        [(
            5,
            ["Ann", "919876543210", "2024-05-01"]
                .map(str::to_owned)
                .to_vec()
        )]
    );
    let xls = numbered(made::xls_contacts());
    assert_eq!(
        xls,
        [(4, ["Ann", "919876543210"].map(str::to_owned).to_vec())]
    );
}

#[test]
fn a_workbook_is_known_by_its_content_whatever_it_is_called() {
    for name in ["contacts.csv", "contacts.json", "stdin", "contacts.xlsx"] {
        for bytes in [made::contacts(), made::ods_contacts(), made::xls_contacts()] {
            let opened = open_bytes(name, bytes).unwrap();
            assert_eq!(format(&opened), Format::Xlsx);
            assert!(matches!(
                opened.shape,
                Shape::Table {
                    delimiter: b',',
                    ..
                }
            ));
        }
    }
    assert_eq!(records("contacts.xlsx", "name,phone\nAnn,1\n").len(), 1);
}

#[test]
fn the_first_sheet_with_a_header_is_read_and_hidden_ones_last() {
    let cover = format!("<row r=\"2\">{}</row>", text_cell("B2", "Our customers"));
    let (ann, bob) = (table("Ann"), table("Bob"));
    let sheets = [
        ("Old", ann.as_str()),
        ("Cover", &cover),
        ("Empty", ""),
        ("New", &bob),
    ];
    let read = |hidden: &[&str]| sheet_of(book(&sheets, hidden), None).unwrap().0;
    assert_eq!(read(&[]), "Old");
    assert_eq!(read(&["Old"]), "New");
    assert_eq!(read(&["Old", "New"]), "Cover");
    assert_eq!(read(&["Old", "Cover"]), "New");
}

#[test]
fn the_sheet_and_the_banner_are_reported_where_no_option_named_them() {
    let (ann, bob) = (table("Ann"), table("Bob"));
    let reported = |sheets: &[(&str, &str)], sheet: Option<&str>| {
        let options = ReadOptions {
            sheet: sheet.map(str::to_owned),
            ..ReadOptions::default()
        };
        open_as("a.xlsx", book(sheets, &[]), &options)
            .unwrap()
            .assumed
            .lines()
    };
    let two = [("All contacts", ann.as_str()), ("Old", &bob)];
    assert_eq!(
        reported(&two, None),
        [
            "read with --sheet \"All contacts\"",
            "other sheets have contacts, too, and are not read: --sheet Old reads one",
        ]
    );
    let sums = format!(
        "<row r=\"1\">{}{}</row><row r=\"2\">{}{}</row>",
        text_cell("A1", "Region"),
        text_cell("B1", "Total"),
        text_cell("A2", "North"),
        text_cell("B2", "12"),
    );
    let summary = [("Summary", sums.as_str()), ("People", &bob)];
    assert_eq!(reported(&summary, None), ["read with --sheet People"]);
    let named = ReadOptions {
        pick: SheetChoice::First,
        ..ReadOptions::default()
    };
    let first = open_as("a.xlsx", book(&summary, &[]), &named).unwrap();
    assert_eq!(
        first.sheet.as_deref(),
        Some("Summary"),
        "its columns were named"
    );
    assert!(reported(&two, Some("1")).is_empty());
    assert!(reported(&two[..1], None).is_empty());
}

#[test]
fn without_a_header_the_columns_of_a_sheet_go_by_their_numbers() {
    let read = |rows: &str| {
        let options = ReadOptions {
            header: HeaderRow::None,
            ..ReadOptions::default()
        };
        let opened = open_as("a.xlsx", book(&[("S", rows)], &[]), &options).unwrap();
        let Shape::Table { header, .. } = &opened.shape else {
            panic!("a sheet is a table")
        };
        (header.names.join(","), drain(Ok(opened)).0.len())
    };
    assert_eq!(read(&table("Ann")), ("1,2".to_owned(), 2));
    let rejects = table("Ann").replace("Name", "bp_row");
    assert_eq!(read(&rejects), ("bp_row,Phone".to_owned(), 1));
}

#[test]
fn a_sheet_is_taken_by_its_name_or_its_number() {
    let (ann, bob) = (table("Ann"), table("Bob"));
    let sheets = [("2", ann.as_str()), ("Kunden", &bob)];
    let read = |sheet| sheet_of(book(&sheets, &[]), Some(sheet)).map(|(name, _)| name);
    assert_eq!(read("Kunden"), Ok("Kunden".to_owned()));
    assert_eq!(read("kunden "), Ok("Kunden".to_owned()));
    assert_eq!(read("2"), Ok("2".to_owned()));
    assert_eq!(read("1"), Ok("2".to_owned()));
    let missing = "there is no sheet \"3\": it has 1 \"2\", 2 \"Kunden\"";
    assert_eq!(read("3"), Err(missing.to_owned()));
    assert_eq!(read("0").unwrap_err(), missing.replace('3', "0"));
}

#[test]
fn a_wrong_sheet_is_a_matter_of_usage_and_a_broken_workbook_of_the_input() {
    let cause = |error: WorkbookError| SourceError::from(error).cause();
    let missing = WorkbookError::NoSheet {
        wanted: String::new(),
        sheets: Vec::new(),
    };
    assert_eq!(cause(missing), Cause::Usage);
    assert_eq!(cause(WorkbookError::Password), Cause::Input);
}

#[test]
fn a_banner_above_the_header_is_passed_over() {
    let rows = format!(
        "<row r=\"1\">{}</row><row r=\"3\">{}{}</row><row r=\"4\">{}{}</row>",
        text_cell("A1", "Customers of May"),
        text_cell("A3", "Name"),
        text_cell("B3", "Phone"),
        text_cell("A4", "Ann"),
        text_cell("B4", "+919876543210"),
    );
    assert_eq!(
        numbered(book(&[("S", &rows)], &[])),
        [(4, vec!["Ann".to_owned(), "+919876543210".to_owned()])]
    );
}

#[test]
fn a_sheet_of_one_column_has_its_header_in_the_first_row() {
    let rows = format!(
        "<row r=\"1\">{}</row><row r=\"2\">{}</row>",
        text_cell("A1", "Phone"),
        text_cell("A2", "+919876543210"),
    );
    let cell = "+919876543210".to_owned();
    assert_eq!(numbered(book(&[("S", &rows)], &[])), [(2, vec![cell])]);
}

#[test]
fn a_workbook_without_a_filled_cell_is_reported_with_its_sheets() {
    let text = error_text("a.xlsx", book(&[("S", ""), ("T", "<row r=\"1\"/>")], &[]));
    assert_eq!(
        text,
        "there is nothing in its sheets (1 \"S\", 2 \"T\"): export it again"
    );
}

#[test]
fn a_password_is_reported_in_words() {
    let encrypted = made::compound(&[("EncryptionInfo", b""), ("EncryptedPackage", b"")]);
    let text = error_text("contacts.xlsx", encrypted);
    assert!(text.starts_with("it is protected by a password"), "{text}");
}

#[test]
fn what_is_not_a_workbook_is_refused_with_what_it_is() {
    let part = |name: &str| made::zipped(&[(name, b"<x/>")]);
    let cases: [(Vec<u8>, &str); 8] = [
        (part("word/document.xml"), "a text document"),
        (part("ppt/presentation.xml"), "a presentation"),
        (part("xl/workbook.bin"), "a binary Excel workbook"),
        (part("Index/Document.iwa"), "a Numbers or Pages document"),
        (part("contacts.csv"), "a zip archive"),
        (made::compound(&[("WordDocument", b"")]), "a text document"),
        (
            made::compound(&[("__substg1.0_001A001E", b"")]),
            "an e-mail",
        ),
        (b"PK\x03\x04 and no more".to_vec(), "a zip archive"),
    ];
    for (bytes, what) in cases {
        let text = error_text("contacts.csv", bytes);
        assert!(text.starts_with(&format!("this is {what}")), "{text}");
    }
}

#[test]
fn a_named_format_and_a_workbook_must_agree() {
    let text = |bytes: Vec<u8>, format| {
        let options = ReadOptions {
            format: Some(format),
            ..ReadOptions::default()
        };
        let reader = Box::new(std::io::Cursor::new(bytes));
        let opened = open_reader("stdin", reader, InputId(0), &options);
        opened.err().map(|error| error.to_string())
    };
    assert_eq!(text(made::contacts(), Format::Xlsx), None);
    let leave = |what: &str| Some(format!("this is {what}: leave out --input-format"));
    assert_eq!(text(made::contacts(), Format::Csv), leave("a workbook"));
    assert_eq!(
        text(b"name,phone\n".to_vec(), Format::Xlsx),
        leave("no workbook")
    );
}

#[test]
fn a_compressed_workbook_is_read_and_a_file_needs_no_copy() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&made::contacts()).unwrap();
    assert_eq!(records("a.xlsx.gz", packed.finish().unwrap()).len(), 2);

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("contacts.csv");
    std::fs::write(&path, made::contacts()).unwrap();
    let opened = open(&Input::file(&path), InputId(0), &ReadOptions::default());
    assert_eq!(drain(opened).0.len(), 2);
}

#[test]
fn who_wants_no_more_rows_leaves_no_thread_waiting() {
    let rows: String = (1..5_000)
        .map(|row| {
            format!(
                "<row r=\"{row}\">{}{}</row>",
                text_cell(&format!("A{row}"), "a"),
                text_cell(&format!("B{row}"), "b")
            )
        })
        .collect();
    let mut opened = open_bytes("a.xlsx", book(&[("S", &rows)], &[])).unwrap();
    assert!(opened.next().unwrap().is_some());
    drop(opened);
}
