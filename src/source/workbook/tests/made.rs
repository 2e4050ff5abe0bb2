//! Workbooks that the tests make for themselves, part by part.

use std::fmt::Write as _;
use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A zip of these parts.
pub(in crate::source) fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An .xlsx: sheets with the XML of their rows.
pub(in crate::source) struct Xlsx<'a> {
    pub(in crate::source) sheets: &'a [(&'a str, &'a str)],
    pub(in crate::source) strings: &'a [&'a str],
    /// The names of hidden sheets.
    pub(in crate::source) hidden: &'a [&'a str],
}

impl Xlsx<'_> {
    pub(in crate::source) fn bytes(&self) -> Vec<u8> {
        let sheets: Vec<(String, String)> = self
            .sheets
            .iter()
            .zip(1..)
            .map(|((_, rows), number)| {
                let path = format!("xl/worksheets/sheet{number}.xml");
                let xml = format!(
                    "<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"
                );
                (path, xml)
            })
            .collect();
        let (book, relations) = self.book();
        let texts = self.texts();
        let mut parts: Vec<(&str, &[u8])> = vec![
            ("[Content_Types].xml", b"<Types/>"),
            ("_rels/.rels", PACKAGE.as_bytes()),
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
            ("xl/styles.xml", STYLES.as_bytes()),
            ("xl/sharedStrings.xml", texts.as_bytes()),
        ];
        parts.extend(
            sheets
                .iter()
                .map(|(path, xml)| (path.as_str(), xml.as_bytes())),
        );
        zipped(&parts)
    }

    fn book(&self) -> (String, String) {
        let (mut sheets, mut relations) = (String::new(), String::new());
        for ((name, _), number) in self.sheets.iter().zip(1..) {
            let state = if self.hidden.contains(name) {
                " state=\"hidden\""
            } else {
                ""
            };
            write!(
                sheets,
                "<sheet name=\"{name}\" sheetId=\"{number}\"{state} r:id=\"rId{number}\"/>"
            )
            .unwrap();
            write!(
                relations,
                "<Relationship Id=\"rId{number}\" Type=\"{RELATIONS}/worksheet\" \
                 Target=\"worksheets/sheet{number}.xml\"/>"
            )
            .unwrap();
        }
        let book = format!(
            "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>{sheets}</sheets></workbook>"
        );
        (book, format!("<Relationships>{relations}</Relationships>"))
    }

    fn texts(&self) -> String {
        let items = self
            .strings
            .iter()
            .map(|text| format!("<si><t>{text}</t></si>"));
        let count = self.strings.len();
        format!(
            "<sst xmlns=\"{MAIN}\" uniqueCount=\"{count}\">{}</sst>",
            items.collect::<String>()
        )
    }
}

const PACKAGE: &str = "<Relationships><Relationship Id=\"rId1\" \
    Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
    Target=\"xl/workbook.xml\"/></Relationships>";

/// Style 1 is a day, style 2 a day with its time.
const STYLES: &str = "<styleSheet><numFmts count=\"0\"/><cellXfs><xf numFmtId=\"0\"/>\
    <xf numFmtId=\"14\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>";

/// Contacts with everything that a cell can be.
pub(in crate::source) fn contacts() -> Vec<u8> {
    let rows = "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c>\
        <c r=\"C1\" t=\"s\"><v>2</v></c><c r=\"D1\" t=\"inlineStr\"><is><t>Since</t></is></c></row>\
        <row r=\"2\"/>\
        <row r=\"3\"><c r=\"A3\" t=\"s\"><v>3</v></c><c r=\"B3\"><v>919876543210</v></c>\
        <c r=\"C3\" t=\"b\"><v>1</v></c><c r=\"D3\" s=\"1\"><v>45413</v></c></row>\
        <row r=\"6\"><c r=\"A6\" t=\"str\"><f>A3&amp;\" Jr\"</f><v>Ann &amp; Jr</v></c>\
        <c r=\"B6\"><v>9.19876543211E+11</v></c><c r=\"C6\" t=\"e\"><v>#SPILL!</v></c>\
        <c r=\"D6\" s=\"2\"><v>45413.5</v></c><c r=\"XFD6\" t=\"str\"><v>stray</v></c></row>\
        <row r=\"1048576\"><c r=\"XFD1048576\" t=\"str\"><v>stray</v></c></row>";
    Xlsx {
        sheets: &[("Contacts", rows)],
        strings: &["Name", "Phone", "Agreed", "Ann"],
        hidden: &[],
    }
    .bytes()
}

/// An .ods with the XML of its tables.
pub(in crate::source) fn ods(tables: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office=\"urn:o\" xmlns:table=\"urn:t\" xmlns:text=\"urn:x\">\
         <office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    );
    zipped(&[
        (
            "mimetype",
            b"application/vnd.oasis.opendocument.spreadsheet",
        ),
        (
            "META-INF/manifest.xml",
            b"<manifest:manifest xmlns:manifest=\"urn:m\"></manifest:manifest>",
        ),
        ("content.xml", content.as_bytes()),
    ])
}

pub(in crate::source) fn ods_contacts() -> Vec<u8> {
    let text = |text: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    ods(&format!(
        "<table:table table:name=\"Leads\"><table:table-row>{}{}{}</table:table-row>\
         <table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"1024\"/></table:table-row>\
         <table:table-row>{}<table:table-cell office:value-type=\"float\" office:value=\"919876543210\"/>\
         <table:table-cell office:value-type=\"date\" office:date-value=\"2024-05-01\"/></table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048571\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>\
         </table:table>",
        text("Name"),
        text("Phone"),
        text("Since"),
        text("Ann")
    ))
}

/// A record of an .xls.
fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

/// A cell of an .xls: a text, or a number.
pub(in crate::source) fn xls_cell(row: u16, column: u16, value: Result<f64, &str>) -> Vec<u8> {
    let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
    match value {
        Ok(number) => record(0x0203, &[&place[..], &number.to_le_bytes()].concat()),
        Err(text) => {
            let length = u16::try_from(text.len()).unwrap();
            record(
                0x0204,
                &[&place[..], &length.to_le_bytes(), &[0], text.as_bytes()].concat(),
            )
        }
    }
}

/// The stream of an .xls with one sheet that holds these cells, declared with that many rows and columns.
pub(in crate::source) fn xls_stream(cells: &[Vec<u8>], declared: (u32, u16)) -> Vec<u8> {
    let bof = |what: u16| {
        record(
            0x0809,
            &[&0x0600_u16.to_le_bytes()[..], &what.to_le_bytes(), &[0; 12]].concat(),
        )
    };
    let sheet_name = b"Kunden";
    let bound = |start: u32| {
        record(
            0x0085,
            &[&start.to_le_bytes()[..], &[0, 0, 6, 0], sheet_name].concat(),
        )
    };
    let end = record(0x000A, &[]);
    let head = |start: u32| [bof(5), bound(start), end.clone()].concat();
    let start = u32::try_from(head(0).len()).unwrap();
    let dimensions = [
        &0_u32.to_le_bytes()[..],
        &declared.0.to_le_bytes(),
        &0_u16.to_le_bytes(),
        &declared.1.to_le_bytes(),
        &[0, 0],
    ]
    .concat();
    let sheet = [
        bof(0x10),
        record(0x0200, &dimensions),
        cells.concat(),
        end.clone(),
    ]
    .concat();
    [head(start), sheet].concat()
}

pub(in crate::source) fn xls_contacts() -> Vec<u8> {
    let cells = [
        xls_cell(0, 0, Err("Name")),
        xls_cell(0, 1, Err("Phone")),
        xls_cell(3, 0, Err("Ann")),
        xls_cell(3, 1, Ok(919_876_543_210.0)),
    ];
    compound(&[("Workbook", &xls_stream(&cells, (4, 2)))])
}

/// A compound file of these streams, all of them in sectors of their own.
pub(in crate::source) fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    const SECTOR: usize = 512;
    let mut table: Vec<u32> = vec![0xFFFF_FFFD, 0xFFFF_FFFE];
    let mut body = Vec::new();
    let mut directory = entry("Root Entry", 0xFFFF_FFFE, 0);
    for (name, bytes) in streams {
        // Streams of less than 4,096 bytes would lie in the mini stream.
        let length = bytes.len().max(4096);
        let count = length.div_ceil(SECTOR);
        let first = u32::try_from(table.len()).unwrap();
        directory.extend(entry(name, first, u32::try_from(length).unwrap()));
        table.extend((1..count).map(|step| first + u32::try_from(step).unwrap()));
        table.push(0xFFFF_FFFE);
        body.extend_from_slice(bytes);
        body.resize(
            body.len()
                .next_multiple_of(SECTOR)
                .max((table.len() - 2) * SECTOR),
            0,
        );
    }
    assert!(table.len() <= SECTOR / 4 && directory.len() <= SECTOR);
    table.resize(SECTOR / 4, 0xFFFF_FFFF);
    directory.resize(SECTOR, 0);
    let mut file = header();
    file.extend(table.iter().flat_map(|next| next.to_le_bytes()));
    file.extend(directory);
    file.extend(body);
    file
}

fn header() -> Vec<u8> {
    let mut header = super::super::compound_file::MAGIC.to_vec();
    header.resize(512, 0xFF);
    header[8..76].fill(0);
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(26, &3_u16.to_le_bytes());
    put(30, &9_u16.to_le_bytes());
    put(32, &6_u16.to_le_bytes());
    put(44, &1_u32.to_le_bytes());
    put(48, &1_u32.to_le_bytes());
    put(60, &0xFFFF_FFFE_u32.to_le_bytes());
    put(68, &0xFFFF_FFFE_u32.to_le_bytes());
    put(76, &0_u32.to_le_bytes());
    header
}

fn entry(name: &str, start: u32, length: u32) -> Vec<u8> {
    let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    entry.resize(116, 0);
    entry.extend(start.to_le_bytes());
    entry.extend(length.to_le_bytes());
    entry.resize(128, 0);
    entry
}

/// A sheet and what is around it, for cells that need more than rows.
#[derive(Clone, Copy, Default)]
pub(in crate::source) struct Parts<'a> {
    /// Elements before the rows, and behind them.
    pub(in crate::source) before: &'a str,
    pub(in crate::source) rows: &'a str,
    pub(in crate::source) behind: &'a str,
    /// The codes of formats; the first is that of style 1.
    pub(in crate::source) formats: &'a [&'a str],
    /// Elements of the workbook beside its sheets.
    pub(in crate::source) book: &'a str,
    /// The texts that all sheets share.
    pub(in crate::source) strings: &'a str,
}

impl Parts<'_> {
    /// The workbook, its parts changed by name.
    pub(in crate::source) fn changed(&self, change: impl Fn(&str, String) -> Vec<u8>) -> Vec<u8> {
        let escaped = |code: &str| {
            code.replace('&', "&amp;")
                .replace('"', "&quot;")
                .replace('<', "&lt;")
        };
        let (mut formats, mut styles) = (String::new(), String::new());
        for (code, id) in self.formats.iter().zip(164..) {
            write!(
                formats,
                "<numFmt numFmtId=\"{id}\" formatCode=\"{}\"/>",
                escaped(code)
            )
            .unwrap();
            write!(styles, "<xf numFmtId=\"{id}\"/>").unwrap();
        }
        let parts = [
            ("_rels/.rels", PACKAGE.to_owned()),
            (
                "xl/workbook.xml",
                format!(
                    "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><sheets>\
                     <sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets>{}</workbook>",
                    self.book
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    "<Relationships><Relationship Id=\"rId1\" Type=\"{RELATIONS}/worksheet\" \
                     Target=\"/xl/worksheets/sheet1.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/styles.xml",
                format!(
                    "<styleSheet><numFmts>{formats}</numFmts><cellStyleXfs><xf numFmtId=\"9\"/></cellStyleXfs>\
                     <cellXfs><xf numFmtId=\"0\"/>{styles}</cellXfs></styleSheet>"
                ),
            ),
            (
                "xl/sharedStrings.xml",
                format!("<sst xmlns=\"{MAIN}\">{}</sst>", self.strings),
            ),
            (
                "xl/worksheets/sheet1.xml",
                format!(
                    "<worksheet xmlns=\"{MAIN}\">{}<sheetData>{}</sheetData>{}</worksheet>",
                    self.before, self.rows, self.behind
                ),
            ),
        ];
        let parts: Vec<(&str, Vec<u8>)> = parts
            .into_iter()
            .map(|(name, part)| (name, change(name, part)))
            .collect();
        let parts: Vec<(&str, &[u8])> = parts
            .iter()
            .map(|(name, part)| (*name, part.as_slice()))
            .collect();
        zipped(&parts)
    }

    pub(in crate::source) fn bytes(&self) -> Vec<u8> {
        self.changed(|_, part| part.into_bytes())
    }
}

/// Records of an .xls that come before its sheet, and those of the sheet.
pub(in crate::source) fn xls(
    version: u16,
    globals: &[(u16, Vec<u8>)],
    sheet: &[(u16, Vec<u8>)],
) -> Vec<u8> {
    let bof = |what: u16| {
        record(
            0x0809,
            &[&version.to_le_bytes()[..], &what.to_le_bytes(), &[0; 4]].concat(),
        )
    };
    let all = |records: &[(u16, Vec<u8>)]| -> Vec<u8> {
        records
            .iter()
            .flat_map(|(kind, data)| record(*kind, data))
            .collect()
    };
    let name: &[u8] = if version == 0x0600 {
        b"\x01\0S"
    } else {
        b"\x01S"
    };
    let end = record(0x000A, &[]);
    let head = |start: u32| {
        let bound = record(0x0085, &[&start.to_le_bytes()[..], &[0, 0], name].concat());
        [bof(5), all(globals), bound, end.clone()].concat()
    };
    let start = u32::try_from(head(0).len()).unwrap();
    let stream = [head(start), bof(0x10), all(sheet), end.clone()].concat();
    let called = if version == 0x0600 {
        "Workbook"
    } else {
        "Book"
    };
    compound(&[(called, &stream)])
}

/// The place and the style of a cell of an .xls, and what follows them.
pub(in crate::source) fn xls_data(row: u16, column: u16, style: u16, value: &[u8]) -> Vec<u8> {
    [
        &row.to_le_bytes()[..],
        &column.to_le_bytes(),
        &style.to_le_bytes(),
        value,
    ]
    .concat()
}
