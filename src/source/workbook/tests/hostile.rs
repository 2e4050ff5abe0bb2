//! Files that were cut off, mutated or made to do harm: an answer, never a panic.

use std::time::{Duration, Instant};

use super::super::super::tests::{drain, error_text, gzipped, open_bytes, zstd_frame};
use super::made::{self, Xlsx};
use super::{book, text_cell};

/// Files of each kind in a normal run…
const FEW: u64 = 200;
/// …and where time is no matter.
const MANY: u64 = 10_000;

fn fixtures() -> [(&'static str, Vec<u8>); 5] {
    [
        ("xlsx", made::contacts()),
        ("ods", made::ods_contacts()),
        ("xls", made::xls_contacts()),
        ("gz", gzipped(b"name,phone\nAnn,1\nBob,2\n")),
        ("zst", zstd_frame(b"name,phone\nAnn,1\nBob,2\n")),
    ]
}

fn cut(bytes: &[u8], random: &mut fastrand::Rng) -> Vec<u8> {
    bytes[..random.usize(..bytes.len())].to_vec()
}

fn mutated(bytes: &[u8], random: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..random.usize(1..8) {
        let at = random.usize(..bytes.len());
        match random.u8(..4) {
            0 => bytes[at] = random.u8(..),
            1 => bytes[at] ^= 1 << random.u8(..8),
            2 => bytes[at] = [0, 0xff, 0x7f, 0x80][random.usize(..4)],
            _ => {
                let length = random.usize(..16).min(bytes.len() - at);
                bytes.drain(at..at + length);
                bytes.push(0);
            }
        }
    }
    bytes
}

/// The parts of a zipped workbook with one of them mutated, so that the checksums still hold.
fn mutated_within(bytes: &[u8], random: &mut fastrand::Rng) -> Vec<u8> {
    let parts = zip::ZipArchive::new(std::io::Cursor::new(bytes))
        .unwrap()
        .len();
    let victim = random.usize(..parts);
    remade(bytes, |index, _, inside| match index == victim {
        true => mutated(&inside, random),
        false => inside,
    })
}

/// The same workbook, its parts changed: each by its index and its name.
fn remade(bytes: &[u8], mut change: impl FnMut(usize, &str, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    use std::io::Read;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let parts: Vec<(String, Vec<u8>)> = (0..archive.len())
        .map(|index| {
            let mut part = archive.by_index(index).unwrap();
            let name = part.name().unwrap().into_owned();
            let mut inside = Vec::new();
            part.read_to_end(&mut inside).unwrap();
            let inside = change(index, &name, inside);
            (name, inside)
        })
        .collect();
    let parts: Vec<(&str, &[u8])> = parts
        .iter()
        .map(|(name, inside)| (name.as_str(), inside.as_slice()))
        .collect();
    made::zipped(&parts)
}

#[test]
fn an_open_document_that_ends_too_early_behind_a_stray_byte_is_refused_and_not_waited_for() {
    let (_, document) = fixtures()
        .into_iter()
        .find(|(name, _)| *name == "ods")
        .unwrap();
    for first in [&b"x"[..], b"\0", b"\xff\xfe"] {
        let broken = remade(&document, |_, name, inside| match name {
            "content.xml" => [first, &inside[..inside.len() * 3 / 4]].concat(),
            _ => inside,
        });
        assert!(open_bytes("ods", broken).is_err(), "{first:?}");
    }
}

fn survive(count: u64) {
    for (name, bytes) in fixtures() {
        for seed in 0..count {
            let mut random = fastrand::Rng::with_seed(seed);
            drain(open_bytes(name, cut(&bytes, &mut random)));
            drain(open_bytes(name, mutated(&bytes, &mut random)));
            if ["xlsx", "ods"].contains(&name) {
                drain(open_bytes(name, mutated_within(&bytes, &mut random)));
            }
        }
    }
}

#[test]
fn cut_and_mutated_files_are_answered() {
    survive(FEW);
}

#[test]
#[ignore = "takes minutes"]
fn very_many_cut_and_mutated_files_are_answered() {
    survive(MANY);
}

#[test]
fn every_beginning_of_a_workbook_is_refused_before_its_first_row() {
    for bytes in [made::contacts(), made::ods_contacts()] {
        for length in (4..bytes.len()).step_by(7) {
            let (records, error) = drain(open_bytes("a.xlsx", bytes[..length].to_vec()));
            assert!(records.is_empty() && error.is_some(), "{length}");
        }
    }
}

/// Parts of a workbook with one sheet, one part of them replaced.
fn with_part(part: &str, inside: &[u8]) -> Vec<u8> {
    use std::io::Read;
    let whole = made::contacts();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&whole)).unwrap();
    let names: Vec<String> = archive
        .file_names_raw()
        .map(|name| String::from_utf8(name.to_vec()).unwrap())
        .collect();
    let parts: Vec<(&str, Vec<u8>)> = names
        .iter()
        .map(|name| {
            let mut own = Vec::new();
            archive
                .by_name(name)
                .unwrap()
                .read_to_end(&mut own)
                .unwrap();
            (
                name.as_str(),
                if name == part { inside.to_vec() } else { own },
            )
        })
        .collect();
    let parts: Vec<(&str, &[u8])> = parts
        .iter()
        .map(|(name, own)| (*name, own.as_slice()))
        .collect();
    made::zipped(&parts)
}

fn refused_in_time(bytes: Vec<u8>, words: &str) {
    let began = Instant::now();
    let text = error_text("a.xlsx", bytes);
    assert!(text.contains(words), "{text}");
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn bombs_of_shared_strings_are_refused() {
    let many = format!("<sst>{}</sst>", "<si><t>a</t></si>".repeat(2_100_000));
    refused_in_time(with_part("xl/sharedStrings.xml", many.as_bytes()), "128 MB");
    let long = format!("<sst><si><t>{}</t></si></sst>", "a".repeat(40_000_000));
    refused_in_time(
        with_part("xl/sharedStrings.xml", long.as_bytes()),
        "too large",
    );
    let pieces = format!(
        "<sst><si>{}</si></sst>",
        "<r><t>aaaaaaaa</t></r>".repeat(1_000_000)
    );
    refused_in_time(
        with_part("xl/sharedStrings.xml", pieces.as_bytes()),
        "too large",
    );
    for promise in [
        "999999999999",
        "18446744073709551615",
        "99999999999999999999",
    ] {
        let lie = format!("<sst uniqueCount=\"{promise}\"><si><t>a</t></si></sst>");
        let text = error_text("a.xlsx", with_part("xl/sharedStrings.xml", lie.as_bytes()));
        assert!(!text.is_empty());
    }
}

#[test]
fn a_cell_of_30_mb_is_refused() {
    let row = format!(
        "<row r=\"1\">{}</row>",
        text_cell("A1", &"a".repeat(30_000_000))
    );
    refused_in_time(book(&[("S", &row)], &[]), "too large");
}

#[test]
fn endless_nesting_and_endless_styles_are_refused() {
    let deep = "<worksheet>".repeat(200_000);
    refused_in_time(
        with_part("xl/worksheets/sheet1.xml", deep.as_bytes()),
        "nest too deep",
    );
    let styles = format!(
        "<styleSheet><cellXfs>{}</cellXfs></styleSheet>",
        "<xf/>".repeat(400_000)
    );
    refused_in_time(with_part("xl/styles.xml", styles.as_bytes()), "too large");
    let fonts = format!(
        "<styleSheet><fonts><font><name val=\"{}\"/></font></fonts><cellXfs>{}</cellXfs></styleSheet>",
        "a".repeat(10_000),
        "<xf/>".repeat(10_000)
    );
    refused_in_time(with_part("xl/styles.xml", fonts.as_bytes()), "too large");
    let many = "<xf/>".repeat(65_490);
    let many = format!("<styleSheet><cellXfs>{many}</cellXfs></styleSheet>");
    let (records, _) = drain(open_bytes(
        "a.xlsx",
        with_part("xl/styles.xml", many.as_bytes()),
    ));
    assert_eq!(records.len(), 2);
}

#[test]
fn an_open_document_that_reaches_too_far_is_refused() {
    let cell =
        "<table:table-cell office:value-type=\"string\"><text:p>a</text:p></table:table-cell>";
    let wide = cell.replace(' ', " table:number-columns-repeated=\"20\" ");
    let far = |rows: &str| {
        made::ods(&format!(
            "<table:table table:name=\"S\">{rows}</table:table>"
        ))
    };
    let row = |cells: &str, times: u32| {
        format!("<table:table-row table:number-rows-repeated=\"{times}\">{cells}</table:table-row>")
    };
    refused_in_time(far(&row(&wide, 1_048_576)), "20,000,000 cells");
    let long = format!(
        "<table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"{{}}\"><text:p>{}</text:p></table:table-cell>",
        "a".repeat(100_000)
    );
    refused_in_time(
        far(&row(&long.replace("{}", "1"), 100_000)),
        "texts are too long",
    );
    refused_in_time(
        far(&row(&long.replace("{}", "1000"), 1)),
        "texts are too long",
    );
    let trick = "<table:table-row table:number-rows-repeated=\"&#49;000000\"/>";
    refused_in_time(far(trick), "damaged");
}

#[test]
fn stray_cells_far_out_in_other_workbooks_cost_nothing_either() {
    let corner = [
        made::xls_cell(0, 0, Err("Name")),
        made::xls_cell(0, 1, Err("Phone")),
        made::xls_cell(1, 1, Err("1")),
        made::xls_cell(65_535, 255, Err("x")),
    ];
    for declared in [(4, 2), (u32::MAX, u16::MAX)] {
        let stream = made::xls_stream(&corner, declared);
        let (records, error) = drain(open_bytes(
            "a.xls",
            made::compound(&[("Workbook", &stream)]),
        ));
        assert!(error.is_none() && records.len() == 1, "{error:?}");
    }
    let row = |cells: &str, times: u32| {
        format!("<table:table-row table:number-rows-repeated=\"{times}\">{cells}</table:table-row>")
    };
    let text = |text: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let far = "<table:table-cell table:number-columns-repeated=\"16380\"/>".to_owned() + &text("x");
    let rows = [
        row(&[text("Name"), text("Phone")].concat(), 1),
        row(&[text("Ann"), text("1")].concat(), 1),
        row("", 1_000_000),
        row(&far, 1),
    ];
    let table = format!(
        "<table:table table:name=\"S\">{}</table:table>",
        rows.concat()
    );
    let (records, error) = drain(open_bytes("a.ods", made::ods(&table)));
    assert!(error.is_none() && records.len() == 1, "{error:?}");
}

#[test]
fn an_open_document_of_very_many_tables_is_refused() {
    let table = "<table:table table:name=\"S\"><table:table-row/></table:table>";
    refused_in_time(made::ods(&table.repeat(100_000)), "too many sheets");
}

#[test]
fn chains_that_run_in_a_circle_are_refused() {
    let whole = made::xls_contacts();
    for sector in 1..8_u32 {
        let mut bytes = whole.clone();
        let at = 512 + 4 * 5;
        bytes[at..at + 4].copy_from_slice(&sector.to_le_bytes());
        drain(open_bytes("a.xls", bytes.clone()));
        bytes[512 + 4..512 + 8].copy_from_slice(&1_u32.to_le_bytes());
        assert!(error_text("a.xls", bytes).contains("broken workbook"));
    }
}

#[test]
fn a_stray_cell_far_out_costs_nothing() {
    let rows = format!(
        "<row r=\"1\">{}{}{}</row><row r=\"2\">{}{}</row><row r=\"1048576\">{}</row>",
        text_cell("A1", "Name"),
        text_cell("B1", "Phone"),
        text_cell("XFD1", "x"),
        text_cell("A2", "Ann"),
        text_cell("B2", "1"),
        text_cell("XFD1048576", "x")
    );
    let bytes = Xlsx {
        sheets: &[("S", &rows)],
        strings: &[],
        hidden: &[],
    }
    .bytes();
    let (records, error) = drain(open_bytes("a.xlsx", bytes));
    assert!(error.is_none());
    assert_eq!((records.len(), records[0].cells.len()), (1, 2));
}
