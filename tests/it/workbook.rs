//! Workbooks and compressed files, from the command line to the rejects.

use std::io::Write;

use crate::run::Folder;
use crate::server::Server;

/// A cover sheet, then `Customers`: two contacts in rows 2 and 5, one without a phone in row 6.
const WORKBOOK: &[u8] = include_bytes!("../../fixtures/contacts.xlsx");

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

#[test]
fn a_workbook_is_imported_and_its_rejects_are_csv_with_its_own_row_numbers() {
    let server = Server::yes();
    let folder = Folder::with("contacts.csv", WORKBOOK);
    let ran = folder
        .import(&server, &["contacts.csv", "--country", "intl"])
        .assert("3: 3 read, 2 accepted, 1 invalid");
    assert_eq!(server.numbers(), ["+919876543210", "+919876543211"]);
    assert_eq!(ran.rejects(), ["contacts.rejected.csv"]);
    let rejects = folder.read("contacts.rejected.csv");
    assert!(
        rejects.starts_with("\u{feff}Name,Phone,Since,bp_row,bp_outcome,bp_code,bp_reason\n")
            && rejects.contains("No Phone,none,,6,invalid,"),
        "{rejects}"
    );
    ran.assert_says(&["contacts.csv: read with --sheet Customers"]);
}

#[test]
fn a_wrong_sheet_is_a_matter_of_usage_and_the_sheets_are_listed() {
    let folder = Folder::with("contacts.xlsx", WORKBOOK);
    let arguments = ["-n", "contacts.xlsx", "--sheet", "Leads"];
    let ran = folder.bp(arguments).run();
    ran.assert_usage(&[
        "contacts.xlsx: there is no sheet \"Leads\": it has 1 \"Read me\", 2 \"Customers\"",
    ]);
}

#[test]
fn compressed_files_and_workbooks_from_a_pipe_are_read() {
    let server = Server::yes();
    let folder = Folder::with(
        "contacts.csv.gz",
        gzipped(b"name,phone\nAnn,none\nBen,+919876543210\n"),
    );
    let ran = folder
        .import(&server, &["contacts.csv.gz"])
        .assert("3: 2 read, 1 accepted, 1 invalid");
    assert_eq!(ran.rejects(), ["contacts.rejected.csv"]);

    let ran = folder
        .bp(["--json", "-n", "--country", "intl", "--sheet", "2"])
        .stdin(WORKBOOK)
        .run();
    ran.assert("3: 3 read, 2 would_send, 1 invalid");
}

#[test]
fn a_compressed_file_that_was_cut_is_an_input_that_broke_off() {
    let rows: String = (0..5_000)
        .map(|row| format!("Ann {row},none {}\n", row * 7919))
        .collect();
    let whole = gzipped(format!("name,phone\nBen,+919876543210\n{rows}").as_bytes());
    let folder = Folder::with("contacts.csv.gz", &whole[..whole.len() / 2]);
    let ran = folder.bp(["--json", "-n", "contacts.csv.gz"]).run();
    assert_eq!((ran.code, ran.count("would_send")), (4, 1), "{ran:#?}");
    ran.assert_says(&["contacts.csv.gz: reading broke off (it ends too early)"]);
}

#[test]
fn a_photo_called_csv_is_refused_in_words() {
    let folder = Folder::with("contacts.csv", b"\xff\xd8\xff\xe0\0\x10JFIF");
    let ran = folder.bp(["-n", "contacts.csv"]).run();
    assert_eq!(ran.code, 4, "{ran:#?}");
    ran.assert_says(&["contacts.csv: this is a picture"]);
}

/// A file of the kinds that were once read wrongly.
macro_rules! case {
    ($path:literal) => {
        (
            $path,
            include_bytes!(concat!("../../fixtures/cases/", $path)).as_slice(),
        )
    };
}

#[test]
fn cells_are_sent_as_the_sheet_shows_them() {
    for ((path, bytes), options, numbers) in [
        (
            case!("number-format/fmt_plus_mixed.xlsx"),
            &["--country", "IN"][..],
            &["+919876543210", "+6591234567", "+919812345678"][..],
        ),
        (
            case!("number-format/fmt_zero.xlsx"),
            &["--country", "IT"],
            &["+390612345678", "+393471234567"],
        ),
        (
            case!("merged-cells/merged_country_uk.xlsx"),
            &["--map", "country=Country", "--country", "IN"],
            &["+447911123456", "+447911123457", "+919876543210"],
        ),
        (
            case!("ods-white-space/ods_pretty.ods"),
            &[],
            &["+919876543210"],
        ),
        (
            case!("workbook-dimension/xlsx-dim-rows.xlsx"),
            &[],
            &["+919876543210", "+919812345678"],
        ),
        (
            case!("xls-code-page/xls-cp1252.xls"),
            &[],
            &["+919876543210", "+919812345678"],
        ),
    ] {
        let server = Server::yes();
        let name = path.rsplit('/').next().unwrap();
        let folder = Folder::with(name, bytes);
        let ran = folder.import(&server, &[&[name], options].concat());
        let sent = numbers.len();
        ran.assert(&format!("0: {sent} read, {sent} accepted"));
        assert_eq!(server.numbers(), numbers, "{path}");
    }
}

#[test]
fn formulas_without_a_value_are_no_names_and_no_phones_and_are_reported() {
    let (_, bytes) = case!("uncalculated/xlsxwriter_formula.xlsx");
    let folder = Folder::with("a.xlsx", bytes);
    let ran = folder.bp(["-n", "a.xlsx"]).run();
    assert_eq!(ran.code, 0, "{ran:#?}");
    for words in [
        "formula without a value in \"Name\", left blank (rows 2, 3)",
        "Asha Rao",
        "Ravi Das",
    ] {
        assert!(ran.stdout.contains(words), "{ran:#?}");
    }

    let (_, bytes) = case!("uncalculated/openpyxl_formula.xlsx");
    let folder = Folder::with("a.xlsx", bytes);
    let arguments = ["-n", "--json", "a.xlsx", "--rejects", "out.csv"];
    let ran = folder.bp(arguments).run();
    ran.assert("3: 2 read, 2 invalid");
    let rejects = folder.read("out.csv");
    let words =
        "not_calculated,\"formula without a value: open the file in Excel, save it, run again\"";
    assert_eq!(rejects.matches(words).count(), 2, "{rejects}");
}

#[test]
fn a_reject_that_comes_back_unfixed_is_not_sent_as_if_it_were() {
    let (_, bytes) = case!("uncalculated/openpyxl_formula.xlsx");
    let folder = Folder::with("a.xlsx", bytes);
    let arguments = ["-n", "--json", "a.xlsx", "--rejects", "out.csv"];
    folder.bp(arguments).run().assert("3: 2 read, 2 invalid");
    let map = ["--map", "phone=Local", "--country", "IN"];
    let back = ["-n", "--json", "out.csv"];
    let ran = folder.bp([&back[..], &map].concat()).run();
    assert_eq!(ran.reasons(), ["not_calculated 2"]);
    let unmarked = folder
        .read("out.csv")
        .replace("(not what the sheet shows: bp-import)", "");
    folder.write("fixed.csv", unmarked);
    let fixed = ["-n", "--json", "fixed.csv"];
    let ran = folder.bp([&fixed[..], &map].concat()).run();
    ran.assert("0: 2 read, 2 would_send");
}
