//! What a sheet shows beside plain values: number formats, hidden rows, merged cells, formulas; whatever wrote it.

use super::super::super::tests::{error_text, records, shown};
use super::made::{self, Parts, xls_data};
use super::text_cell;
use crate::record::DraftRecord;

/// The rows of a table with their numbers, the hidden ones marked.
fn rows(bytes: Vec<u8>) -> Vec<String> {
    let row = |record: &DraftRecord| {
        let hidden = if record.hidden { " hidden" } else { "" };
        format!(
            "{}{hidden}: {}",
            record.place.row,
            shown(record).join(" | ")
        )
    };
    records("a.xlsx", bytes).iter().map(row).collect()
}

/// Rows of texts, from the first row on.
fn table(rows: &[&[&str]]) -> String {
    let cell = |row: usize, column: usize, text: &str| match text {
        "" => String::new(),
        text => text_cell(&format!("{}{row}", ["A", "B", "C", "D"][column]), text),
    };
    let row = |(number, cells): (usize, &&[&str])| {
        let cells = cells.iter().enumerate();
        let cells: String = cells
            .map(|(column, text)| cell(number, column, text))
            .collect();
        format!("<row r=\"{number}\">{cells}</row>")
    };
    (1..).zip(rows).map(row).collect()
}

const HEADER: &[&str] = &["Name", "Phone"];
const ASHA: &[&str] = &["Asha", "+91 98765 43210"];

#[test]
fn a_number_is_read_as_its_format_shows_it() {
    let formats = [
        "\\+0",
        "\"+91 \"0",
        "0000000000",
        "#,##0",
        "0%",
        "\"+91 \"@",
        "yyyy",
    ];
    let cells = [
        ("s=\"1\"", "6591234567", "+6591234567"),
        ("s=\"2\"", "9876543210", "+91 9876543210"),
        ("s=\"3\"", "612345678", "0612345678"),
        ("s=\"3\" t=\"n\"", "612345678", "0612345678"),
        ("s=\"4\"", "9.87654321E9", "9876543210"),
        ("s=\"5\"", "9876543210", "UnknownFormat 9876543210"),
        ("s=\"6\" t=\"str\"", "9876543210", "+91 9876543210"),
        ("s=\"6\"", "9876543210", "+91 9876543210"),
        ("s=\"7\"", "45413", "2024-05-01"),
        ("s=\"0\"", "9876543210", "9876543210"),
        ("s=\"99\"", "9876543210", "9876543210"),
        ("", "0123", "123"),
    ];
    let row = |(row, (attributes, value, _)): (usize, &(&str, &str, &str))| {
        format!("<row r=\"{row}\"><c r=\"A{row}\" {attributes}><v>{value}</v></c></row>")
    };
    let body: String = (2..).zip(&cells).map(row).collect();
    let book = Parts {
        rows: &format!("{}{body}", table(&[&["Phone"]])),
        formats: &formats,
        ..Parts::default()
    };
    let expected: Vec<String> = (2..)
        .zip(&cells)
        .map(|(row, (.., expected))| format!("{row}: {expected}"))
        .collect();
    assert_eq!(rows(book.bytes()), expected);
}

#[test]
fn hidden_filtered_and_flat_rows_are_marked() {
    let attributes = [
        ("hidden=\"1\"", " hidden"),
        ("hidden=\"true\"", " hidden"),
        ("hidden=\"1\" outlineLevel=\"1\"", " hidden"),
        ("ht=\"0\" customHeight=\"1\"", " hidden"),
        ("ht=\"0\"", ""),
        ("ht=\"15\" customHeight=\"1\"", ""),
        ("hidden=\"0\" collapsed=\"1\"", ""),
    ];
    let body: String = (2..)
        .zip(attributes)
        .map(|(row, (attributes, _))| {
            format!(
                "<row r=\"{row}\" {attributes}>{}</row>",
                text_cell(&format!("A{row}"), "x")
            )
        })
        .collect();
    let book = Parts {
        rows: &format!("{}{body}", table(&[&["Phone"]])),
        ..Parts::default()
    };
    let expected: Vec<String> = (2..)
        .zip(attributes)
        .map(|(row, (_, hidden))| format!("{row}{hidden}: x"))
        .collect();
    assert_eq!(rows(book.bytes()), expected);
}

#[test]
fn a_merged_cell_gives_its_value_to_all_its_rows() {
    let body = table(&[
        &["Country", "Name", "Phone"],
        &["United Kingdom", "Ann", "07911 123456"],
        &["", "Bob", "07911 123457"],
        &["", "", ""],
        &["", "Cy", "07911 123458"],
        &["India", "Asha", "98765 43210"],
    ]);
    let merged = "<mergeCells><mergeCell ref=\"A2:A5\"/><mergeCell ref=\"B6:B6\"/></mergeCells>";
    let book = Parts {
        rows: &body,
        behind: merged,
        ..Parts::default()
    };
    assert_eq!(
        rows(book.bytes()),
        [
            "2: United Kingdom | Ann | 07911 123456",
            "3: United Kingdom | Bob | 07911 123457",
            "5: United Kingdom | Cy | 07911 123458",
            "6: India | Asha | 98765 43210",
        ]
    );
}

#[test]
fn a_header_of_two_rows_is_one_and_a_contact_of_two_rows_is_one() {
    let body = table(&[
        &["Customers of May"],
        &["Name", "Phone", "Address", ""],
        &["", "", "Street", "City"],
        &["Ann", "+44 7911 123456", "High St", "Leeds"],
        &["", "", "", ""],
        &["Bob", "+44 7911 123457", "Low St", "York"],
    ]);
    let merged = "<mergeCells><mergeCell ref=\"A1:D1\"/><mergeCell ref=\"A2:A3\"/><mergeCell ref=\"B2:B3\"/>\
        <mergeCell ref=\"C2:D2\"/><mergeCell ref=\"A4:A5\"/><mergeCell ref=\"B4:B5\"/></mergeCells>";
    let book = Parts {
        rows: &body,
        behind: merged,
        ..Parts::default()
    };
    let read = records("a.xlsx", book.bytes());
    assert_eq!(read[0].header.names, ["Name", "Phone", "Street", "City"]);
    assert_eq!(
        rows(book.bytes()),
        [
            "4: Ann | +44 7911 123456 | High St | Leeds",
            "6: Bob | +44 7911 123457 | Low St | York"
        ]
    );
}

#[test]
fn two_contacts_whose_cells_are_merged_are_never_taken_for_a_header() {
    let body = table(&[
        &["Type", "Name", "Phone"],
        &["Mobile", "Ann", "see notes"],
        &["", "Bob", "see notes"],
    ]);
    let book = Parts {
        rows: &body,
        behind: "<mergeCells><mergeCell ref=\"A2:A3\"/></mergeCells>",
        ..Parts::default()
    };
    assert_eq!(
        rows(book.bytes()),
        ["2: Mobile | Ann | see notes", "3: Mobile | Bob | see notes"]
    );
}

#[test]
fn a_merge_over_a_million_rows_costs_nothing() {
    let far = table(&[&["Country", "Phone"], &["UK", "1"]])
        + "<row r=\"1048576\"><c r=\"B1048576\"><v>2</v></c></row>";
    let book = Parts {
        rows: &far,
        behind: "<mergeCells><mergeCell ref=\"A2:A1048576\"/></mergeCells>",
        ..Parts::default()
    };
    assert_eq!(rows(book.bytes()), ["2: UK | 1", "1048576: UK | 2"]);
    let areas = "<mergeCell ref=\"A1:A2\"/>".repeat(500_001);
    let endless = Parts {
        behind: &areas,
        ..book
    };
    let text = error_text("a.xlsx", endless.bytes());
    assert!(text.contains("merged cells are too many"), "{text}");
}

#[test]
fn a_formula_without_a_value_and_an_error_are_faults_and_no_values() {
    let cells = [
        ("", "<f>A1</f>", "NotCalculated ", "NotCalculated "),
        ("", "<f>A1</f><v/>", "NotCalculated ", "NotCalculated "),
        ("", "<f>A1</f><v></v>", "NotCalculated ", "NotCalculated "),
        ("t=\"str\"", "<f>A1</f>", "NotCalculated ", "NotCalculated "),
        ("t=\"str\"", "<f>A1</f><v></v>", "-", "-"),
        ("", "<f>A1</f><v>0</v>", "0", "NotCalculated "),
        ("", "<f>A1</f><v>7</v>", "7", "7"),
        ("", "<v>0</v>", "0", "0"),
        (
            "t=\"e\"",
            "<f>A1</f><v>#N/A</v>",
            "ErrorValue #N/A",
            "ErrorValue #N/A",
        ),
        (
            "t=\"e\"",
            "<v>#SPILL!</v>",
            "ErrorValue #SPILL!",
            "ErrorValue #SPILL!",
        ),
    ];
    for (index, (attributes, inside, stored, on_load)) in cells.into_iter().enumerate() {
        let body = format!(
            "{}<row r=\"2\"><c r=\"A2\" {attributes}>{inside}</c>{}</row>",
            table(&[HEADER]),
            text_cell("B2", "x")
        );
        for (book, expected) in [("", stored), ("<calcPr fullCalcOnLoad=\"1\"/>", on_load)] {
            let parts = Parts {
                rows: &body,
                book,
                ..Parts::default()
            };
            assert_eq!(
                rows(parts.bytes()),
                [format!("2: {expected} | x")],
                "{index}"
            );
        }
    }
}

#[test]
fn one_formula_for_several_cells_leaves_none_of_them_with_a_false_zero() {
    let body = format!(
        "{}<row r=\"2\"><c r=\"A2\"><f t=\"array\" ref=\"A2:A3\">B2:B3</f><v>0</v></c>{}</row>\
         <row r=\"3\"><c r=\"A3\"><v>0</v></c>{}</row><row r=\"4\"><c r=\"A4\"><v>0</v></c>{}</row>",
        table(&[HEADER]),
        text_cell("B2", "x"),
        text_cell("B3", "y"),
        text_cell("B4", "z")
    );
    let book = Parts {
        rows: &body,
        book: "<calcPr fullCalcOnLoad=\"1\"/>",
        ..Parts::default()
    };
    assert_eq!(
        rows(book.bytes()),
        ["2: NotCalculated  | x", "3: NotCalculated  | y", "4: 0 | z"]
    );
}

#[test]
fn the_dimension_of_a_sheet_is_never_asked() {
    let body = table(&[HEADER, ASHA]);
    for dimension in [
        "A1",
        "A:C",
        "1:5",
        "",
        "ZZZ",
        "A1:A1",
        "A1:XFD1048576",
        "B2:A1",
    ] {
        let before = format!("<dimension ref=\"{dimension}\"/>");
        let book = Parts {
            before: &before,
            rows: &body,
            ..Parts::default()
        };
        assert_eq!(
            rows(book.bytes()),
            ["2: Asha | +91 98765 43210"],
            "{dimension}"
        );
    }
    let book = Parts {
        before: "<dimension/>",
        rows: &body,
        ..Parts::default()
    };
    assert_eq!(rows(book.bytes()).len(), 1);
}

#[test]
fn parts_are_read_in_utf_16_with_prefixes_and_without_references() {
    let plain = Parts {
        rows: &table(&[HEADER, ASHA]),
        ..Parts::default()
    };
    let expected = ["2: Asha | +91 98765 43210"];
    let wide = |_: &str, part: String| -> Vec<u8> {
        let units = format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-16\"?>{part}");
        units.encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    assert_eq!(rows(plain.changed(wide)), expected);
    let prefixed = |name: &str, part: String| match name {
        "xl/worksheets/sheet1.xml" | "xl/workbook.xml" => part
            .replace("</", "\u{1}")
            .replace('<', "<x:")
            .replace('\u{1}', "</x:")
            .replace("xmlns=", "xmlns:x=")
            .into_bytes(),
        _ => part.into_bytes(),
    };
    assert_eq!(rows(plain.changed(prefixed)), expected);
    let bare = |name: &str, part: String| match name {
        "xl/worksheets/sheet1.xml" => ["A1", "B1", "A2", "B2", "1", "2"]
            .iter()
            .fold(part, |part, reference| {
                part.replace(&format!(" r=\"{reference}\""), "")
            }),
        _ => part,
    };
    let bare = plain.changed(|name, part| bare(name, part).into_bytes());
    assert_eq!(rows(bare), expected);
}

#[test]
fn texts_in_runs_are_joined_and_how_they_are_pronounced_is_left_out() {
    let strings = "<si><t>Name</t></si><si><t>Phone</t></si>\
        <si><r><t>太</t></r><r><rPr/><t xml:space=\"preserve\">郎 &amp; Co</t></r><rPh sb=\"0\" eb=\"1\"><t>タロウ</t></rPh><phoneticPr/></si>\
        <si/>";
    let body = "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row>\
        <row><c t=\"s\"><v>2</v></c><c t=\"inlineStr\"><is><r><t>+91 </t></r><r><t>9876543210</t></r>\
        <rPh sb=\"0\" eb=\"1\"><t>x</t></rPh></is></c></row>\
        <row><c t=\"s\"><v>3</v></c><c t=\"inlineStr\"><is><t>_x0041_</t></is><v>9</v></c></row>";
    let book = Parts {
        rows: body,
        strings,
        ..Parts::default()
    };
    assert_eq!(
        rows(book.bytes()),
        ["2: 太郎 & Co | +91 9876543210", "3: - | A"]
    );
}

#[test]
fn a_text_that_is_not_there_is_a_broken_workbook() {
    let body = format!(
        "{}<row r=\"2\"><c r=\"A2\" t=\"s\"><v>9</v></c></row>",
        table(&[HEADER])
    );
    let book = Parts {
        rows: &body,
        ..Parts::default()
    };
    let text = error_text("a.xlsx", book.bytes());
    assert!(text.contains("nothing can be read behind row 1"), "{text}");
}

fn ods_cell(attributes: &str, inside: &str) -> String {
    format!("<table:table-cell {attributes}>{inside}</table:table-cell>")
}

fn ods_text(text: &str) -> String {
    ods_cell(
        "office:value-type=\"string\"",
        &format!("<text:p>{text}</text:p>"),
    )
}

fn ods(rows: &str) -> Vec<u8> {
    let header = [ods_text("Name"), ods_text("Phone")].concat();
    made::ods(&format!(
        "<table:table table:name=\"S\">\n <table:table-row>{header}</table:table-row>\n {rows}</table:table>"
    ))
}

#[test]
fn an_open_document_is_read_as_it_shows_its_cells() {
    let number = |shown: &str| {
        let attributes =
            "office:value-type=\"float\" calcext:value-type=\"float\" office:value=\"6591234567\"";
        ods_cell(attributes, &format!("\n  <text:p>{shown}</text:p>\n "))
    };
    let formula = |attributes: &str, inside: &str| {
        ods_cell(&format!("table:formula=\"of:=[.A1]\" {attributes}"), inside)
    };
    let cases = [
        (number("+6591234567"), "+6591234567"),
        (number("6.6E+09"), "6591234567"),
        (number("6591234"), "UnknownFormat 6591234567"),
        (formula("", ""), "NotCalculated "),
        (
            formula("office:value-type=\"string\" office:string-value=\"\"", ""),
            "-",
        ),
        (
            formula(
                "office:value-type=\"string\" calcext:value-type=\"error\"",
                "<text:p>#N/A</text:p>",
            ),
            "ErrorValue #N/A",
        ),
        (
            ods_text(
                "+91 <text:span>98765</text:span>\n   <text:s text:c=\"2\"/>43210<text:note><text:p>x</text:p></text:note>",
            ),
            "+91 98765   43210",
        ),
        (
            ods_cell(
                "office:value-type=\"string\"",
                "<office:annotation><dc:creator>Zoe</dc:creator><text:p>call +1 201 555 0123</text:p></office:annotation>\
                 <text:p>+919876543210</text:p><draw:frame><text:p>y</text:p></draw:frame>",
            ),
            "+919876543210",
        ),
        (
            ods_cell(
                "office:value-type=\"boolean\" office:boolean-value=\"true\"",
                "<text:p>WAHR</text:p>",
            ),
            "true",
        ),
        (
            ods_cell(
                "office:value-type=\"string\" office:string-value=\"kept\"",
                "",
            ),
            "kept",
        ),
    ];
    for (cell, expected) in cases {
        let row = format!(
            "<table:table-row>{}{cell}</table:table-row>",
            ods_text("Asha")
        );
        assert_eq!(rows(ods(&row)), [format!("2: Asha | {expected}")], "{cell}");
    }
}

#[test]
fn hidden_repeated_and_merged_rows_of_an_open_document() {
    let row = |attributes: &str, cells: &str| {
        format!("<table:table-row {attributes}>{cells}</table:table-row>")
    };
    let merged = ods_cell(
        "office:value-type=\"string\" table:number-rows-spanned=\"3\" table:number-columns-spanned=\"1\"",
        "<text:p>UK</text:p>",
    );
    let covered = "<table:covered-table-cell/>";
    let body = [
        row(
            "table:visibility=\"filter\"",
            &[ods_text("a"), ods_text("1")].concat(),
        ),
        row(
            "table:visibility=\"collapse\" table:number-rows-repeated=\"2\"",
            &ods_text("b"),
        ),
        row("table:visibility=\"visible\"", &ods_text("c")),
        "<table:table-row-group table:display=\"false\"><table:table-row-group>".to_owned(),
        row("", &ods_text("d")),
        "</table:table-row-group></table:table-row-group><table:table-rows>".to_owned(),
        row("", &[merged, ods_text("2")].concat()),
        row("", &[covered.to_owned(), ods_text("3")].concat()),
        row("", &[covered.to_owned(), ods_text("4")].concat()),
        row(
            "",
            &["<table:table-cell/>".to_owned(), ods_text("5")].concat(),
        ),
        "</table:table-rows>".to_owned(),
    ]
    .concat();
    assert_eq!(
        rows(ods(&body)),
        [
            "2 hidden: a | 1",
            "3 hidden: b | -",
            "4 hidden: b | -",
            "5: c | -",
            "6 hidden: d | -",
            "7: UK | 2",
            "8: UK | 3",
            "9: UK | 4",
            "10: - | 5",
        ]
    );
}

#[test]
fn only_the_parts_that_are_read_must_be_whole() {
    let row = format!(
        "<table:table-row>{}{}</table:table-row>",
        ods_text("Asha"),
        ods_text("+919876543210")
    );
    let whole = ods(&row);
    let content = part(&whole, "content.xml");
    let mime: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
    let damaged = made::zipped(&[
        ("mimetype", mime),
        ("meta.xml", b"<office:document-meta><dc:title>"),
        ("Thumbnails/thumbnail.png", b"\x89PNG"),
        ("content.xml", &content),
    ]);
    assert_eq!(rows(damaged), ["2: Asha | +919876543210"]);
    let encrypted = made::zipped(&[
        ("mimetype", mime),
        (
            "META-INF/manifest.xml",
            b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/>",
        ),
        ("content.xml", b"\x01\x02"),
    ]);
    let text = error_text("a.ods", encrypted);
    assert!(text.starts_with("it is protected by a password"), "{text}");
}

fn part(book: &[u8], name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut archive.by_name(name).unwrap(), &mut bytes).unwrap();
    bytes
}

/// A text of BIFF8 in 8 bits a character.
fn narrow(text: &[u8]) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap();
    [&length.to_le_bytes()[..], &[0], text].concat()
}

fn label(row: u16, column: u16, text: &[u8]) -> (u16, Vec<u8>) {
    (0x0204, xls_data(row, column, 0, &narrow(text)))
}

/// Formats 164 and on, and a style for each behind a plain one.
fn xls_formats(codes: &[&str]) -> Vec<(u16, Vec<u8>)> {
    let style = |id: u16| (0x00E0, [&[0, 0][..], &id.to_le_bytes(), &[0; 16]].concat());
    let mut globals = vec![style(0)];
    for (id, code) in (164..).zip(codes) {
        let code = narrow(code.as_bytes());
        globals.push((0x041E, [&u16::to_le_bytes(id)[..], &code].concat()));
        globals.push(style(id));
    }
    globals
}

#[test]
fn an_old_workbook_is_read_as_it_shows_its_cells() {
    let number = |row, style, number: f64| (0x0203, xls_data(row, 1, style, &number.to_le_bytes()));
    let formula = |row, value: [u8; 8], flags: u16| {
        (
            0x0006,
            xls_data(
                row,
                1,
                0,
                &[&value[..], &flags.to_le_bytes(), &[0; 6]].concat(),
            ),
        )
    };
    let special = |kind: u8, value: u8| [kind, 0, value, 0, 0, 0, 0xFF, 0xFF];
    let globals = [
        xls_formats(&["\\+0", "0000000000", "0%"]),
        vec![(0x01C1, vec![0; 8])],
    ]
    .concat();
    let hidden = [&3_u16.to_le_bytes()[..], &[0; 10], &[0x20, 0, 0, 0]].concat();
    let merged = [1_u16, 1, 2, 0, 0].map(u16::to_le_bytes).concat();
    // In the order in which they were filled in: whole columns.
    let mut cells = vec![label(0, 0, b"Name"), label(0, 1, b"Phone")];
    cells.extend(
        (1..9)
            .filter(|row| *row != 2)
            .map(|row| label(row, 0, b"Zo\xeb")),
    );
    cells.extend([
        (0x0208, hidden),
        (0x00E5, merged),
        number(1, 1, 6_591_234_567.0),
        number(2, 2, 612_345_678.0),
        number(3, 3, 6_591_234_567.0),
        (
            0x027E,
            xls_data(4, 1, 1, &(1234_u32 << 2 | 2).to_le_bytes()),
        ),
        formula(5, special(2, 0x2A), 0),
        formula(6, [0; 8], 3),
        formula(7, special(0, 0), 0),
        (0x0207, narrow(b"+919876543210")),
        formula(8, special(3, 0), 0),
    ]);
    assert_eq!(
        rows(made::xls(
            0x0600,
            &[globals, vec![(0x0042, 1252_u16.to_le_bytes().to_vec())]].concat(),
            &cells
        )),
        [
            "2: Zoë | +6591234567",
            "3: Zoë | 0612345678",
            "4 hidden: Zoë | UnknownFormat 6591234567",
            "5: Zoë | +1234",
            "6: Zoë | ErrorValue #N/A",
            "7: Zoë | NotCalculated ",
            "8: Zoë | +919876543210",
            "9: Zoë | -",
        ]
    );
}

#[test]
fn formulas_of_a_program_that_calculates_nothing_have_no_value() {
    let blank = [3, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0];
    let cells = [
        label(0, 0, b"Name"),
        label(0, 1, b"Phone"),
        label(1, 0, b"Asha"),
        (0x0006, xls_data(1, 1, 0, &blank)),
    ];
    assert_eq!(
        rows(made::xls(0x0600, &[], &cells)),
        ["2: Asha | NotCalculated "]
    );
    let calculated = [(0x01C1, vec![0; 8])];
    assert_eq!(
        rows(made::xls(0x0600, &calculated, &cells)),
        ["2: Asha | -"]
    );
}

#[test]
fn a_workbook_of_excel_5_is_read_by_its_code_page() {
    let label = |row, column, text: &[u8]| {
        let length = u16::try_from(text.len()).unwrap();
        (
            0x0204,
            xls_data(row, column, 0, &[&length.to_le_bytes()[..], text].concat()),
        )
    };
    for (code_page, name, expected) in [
        (1252_u16, &b"Zo\xeb"[..], "Zoë"),
        (10_000, b"Zo\x91", "Zoë"),
        (10_007, b"\x88\xe2\xe0\xed", "Иван"),
        (10_006, b"\xa1\xe1", "Γα"),
        (10_029, b"\xde\xec", "řž"),
        (10_001, b"\x91\xbe\x98\x59", "太郎"),
    ] {
        let globals = [(0x0042, code_page.to_le_bytes().to_vec())];
        let cells = [
            label(0, 0, b"Name"),
            label(0, 1, b"Phone"),
            label(1, 0, name),
            label(1, 1, b"+919876543210"),
        ];
        let book = made::xls(0x0500, &globals, &cells);
        assert_eq!(
            rows(book),
            [format!("2: {expected} | +919876543210")],
            "{code_page}"
        );
    }
}
