//! Tables, as a user meets them.

use std::io;
use std::sync::atomic::Ordering;

use proptest::prelude::*;

use super::super::tests::{
    Endless, drain, drain_small, error_text, open_as, open_bytes, records, shown,
};
use super::super::{Format, ReadOptions, Shape, open_reader};
use super::cut::{self, RowCut};
use super::syntax::Syntax;
use super::*;
use crate::record::{Defect, DraftRecord};
use crate::source::escape::Escape;
use crate::source::rest::Rest;

fn rows(bytes: &str) -> Vec<(u64, Vec<String>)> {
    records("a.csv", bytes)
        .iter()
        .map(|record| (record.place.row, shown(record)))
        .collect()
}

fn one(bytes: impl Into<Vec<u8>>) -> DraftRecord {
    let mut all = records("a.csv", bytes);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn header(name: &str, bytes: &str) -> (Vec<String>, u8) {
    match open_bytes(name, bytes).unwrap().shape {
        Shape::Table { header, delimiter } => (header.names.clone(), delimiter),
        Shape::Objects => panic!("a table was expected"),
    }
}

#[test]
fn cells_are_read_by_rfc_4180() {
    let cases: [(&str, &[&str]); 17] = [
        ("1,2\n", &["1", "2"]),
        ("1,2", &["1", "2"]),
        ("1,2\r\n", &["1", "2"]),
        ("1,2\r", &["1", "2"]),
        ("\"1\",\"2\"", &["1", "2"]),
        ("\"a,b\",2", &["a,b", "2"]),
        ("\"a \"\"b\"\" c\",2", &["a \"b\" c", "2"]),
        ("\"\"\"\",2", &["\"", "2"]),
        ("\"a\r\nb\nc\rd\",2", &["a\r\nb\nc\rd", "2"]),
        ("\"abc\"d\"ef,2", &["abcd\"ef", "2"]),
        ("5\" pipe,2", &["5\" pipe", "2"]),
        (" 1 ,\t2", &[" 1 ", "\t2"]),
        ("a\0b,2", &["a\0b", "2"]),
        ("1,\"2\"", &["1", "2"]),
        ("1,", &["1", ""]),
        ("1", &["1", "-"]),
        ("1,2, ,\"\"", &["1", "2"]),
    ];
    for (row, cells) in cases {
        let record = one(format!("a,b\n{row}"));
        assert_eq!(shown(&record), cells, "{row:?}");
        assert_eq!((record.defect, record.raw), (None, None), "{row:?}");
    }
}

#[test]
fn rows_bear_the_number_that_a_spreadsheet_shows() {
    let read = |text| {
        rows(text)
            .into_iter()
            .map(|(row, cells)| (row, cells.join("|")))
            .collect::<Vec<_>>()
    };
    let row = |number, cells: &str| (number, cells.to_owned());
    assert_eq!(read("a\n1\n2\n"), [row(2, "1"), row(3, "2")]);
    assert_eq!(read("\n\r\na\n\n1\n\n\n2"), [row(5, "1"), row(8, "2")]);
    assert_eq!(
        read("a,b\n\"x\ny\nz\",1\nw,2\n"),
        [row(2, "x\ny\nz|1"), row(3, "w|2")]
    );
    assert_eq!(
        read("a,b\n,\n ,\"\"\n1,2\n,,,,\n3,4"),
        [row(4, "1|2"), row(6, "3|4")]
    );
    assert_eq!(read("a\r1\r\r2"), [row(2, "1"), row(4, "2")]);
}

#[test]
fn the_header_is_the_first_row_with_something_in_it_as_it_stands() {
    let names = |bytes: &str| header("a.csv", bytes).0;
    assert_eq!(names("\u{feff}Name,Phone\n"), ["Name", "Phone"]);
    assert_eq!(names("\u{feff}\"Name\",\"Phone\"\n"), ["Name", "Phone"]);
    assert_eq!(names("\n,,\nName,,Name, x \n"), ["Name", "", "Name", " x "]);
    assert_eq!(
        header("a.tsv", "a,b\tc\n"),
        (vec!["a,b".to_owned(), "c".to_owned()], b'\t')
    );
}

#[test]
fn a_header_alone_is_an_input_without_records() {
    for bytes in ["name,phone", "name,phone\n", "name,phone\r\n\r\n,\r\n"] {
        assert_eq!(rows(bytes), []);
    }
}

#[test]
fn a_rejects_file_is_read_with_its_own_delimiter() {
    let bytes = "name;phone;bp_row;bp_outcome\n\"Ann, B\";+1,5;2;invalid\n";
    assert_eq!(header("a.rejected.csv", bytes).1, b';');
    assert_eq!(
        rows(bytes),
        [(
            2,
            vec!["Ann, B".into(), "+1,5".into(), "2".into(), "invalid".into()]
        )]
    );
}

#[test]
fn a_surplus_with_something_in_it_is_a_defect_and_kept() {
    let record = one("a,b\n1,2,,3,\n");
    assert_eq!(
        record.defect,
        Some(Defect::SurplusCells {
            found: 5,
            expected: 2
        })
    );
    assert_eq!(shown(&record), ["1", "2", "", "3", ""]);
}

#[test]
fn bytes_that_are_not_utf8_are_a_defect_of_their_column() {
    let record = one(b"name,phone\nAnn,\xc3\xa91\xff2\xfe\n".to_vec());
    assert_eq!(
        record.defect,
        Some(Defect::BadEncoding {
            column: Some("phone".into())
        })
    );
    assert_eq!(shown(&record), ["Ann", "é1\u{fffd}2\u{fffd}"]);
    let surplus = one(b"name\nZo\xc3\xab,\xff\n".to_vec());
    assert_eq!(surplus.defect, Some(Defect::BadEncoding { column: None }));
}

#[test]
fn a_cell_over_a_megabyte_keeps_its_beginning_and_the_rows_after_it() {
    let cell = "é".repeat(500_000);
    let all = records("a.csv", format!("a,b\n{cell},1\nx{cell},2\n3,4\n"));
    assert_eq!(
        (&all[0].defect, shown(&all[0])),
        (&None, vec![cell, "1".into()])
    );
    assert_eq!(
        all[1].defect,
        Some(Defect::CellTooLarge {
            column: Some("a".into())
        })
    );
    assert_eq!(shown(&all[1]), [format!("x{}", "é".repeat(99)), "2".into()]);
    assert_eq!(shown(&all[2]), ["3", "4"]);
}

#[test]
fn a_row_of_many_large_cells_keeps_only_beginnings_of_the_last() {
    let row = vec!["x".repeat(900_000); 8].join(",");
    let record = one(format!("a,b,c,d,e,f,g,h\n{row}\n"));
    assert_eq!(
        record.defect,
        Some(Defect::CellTooLarge {
            column: Some("e".into())
        })
    );
    let kept: usize = shown(&record).iter().map(String::len).sum();
    assert!(kept <= 4_000_000, "{kept}");
}

#[test]
fn a_quote_that_is_never_closed_breaks_the_input_off_and_names_row_and_line() {
    let cases = [
        ("a,b\n1,2\n\"x\ny\",3\n4,\"5\n6,7\n".to_owned(), 2, 4, 5),
        (format!("a\n1\n\n\"{}\"\n2\n", "x\n".repeat(1_000)), 1, 4, 4),
        (format!("a\n1\n\"{}\"\n2\n", "x".repeat(1_000_000)), 1, 3, 3),
    ];
    for (bytes, before, row, line) in cases {
        let (records, error) = drain(open_bytes("a.csv", bytes));
        assert_eq!(records.len(), before);
        let Some(SourceError::UnclosedQuote {
            row: at_row,
            line: at_line,
        }) = error
        else {
            panic!("{error:?}")
        };
        assert_eq!((at_row, at_line), (row, line));
    }
    let text = error_text("a.csv", "a\n\"1");
    assert!(
        text.starts_with("row 2: the quote that opens in line 2 is not closed"),
        "{text}"
    );
    assert!(matches!(
        open_bytes("a.csv", "\"name,phone\nAnn,1\n").err(),
        Some(SourceError::UnclosedQuote { row: 1, line: 1 })
    ));
}

#[test]
fn a_quoted_cell_over_twenty_lines_gets_a_remark() {
    let all = records(
        "a.csv",
        format!("a,b\n\"{}\",1\n\"x\ny\",2\n", "x\n".repeat(20)),
    );
    assert_eq!(
        all[0].remark,
        Some(Remark::LongQuotedCell { line: 2, lines: 21 })
    );
    assert_eq!(all[1].remark, None);
}

#[test]
fn rows_that_a_stray_quote_in_the_header_may_have_eaten_get_a_remark() {
    let all = records("a.csv", "name,\"phone\nAnn,\"1\nBob,2\nCid,3\n");
    let remarks: Vec<Option<Remark>> = all.into_iter().map(|record| record.remark).collect();
    assert_eq!(
        remarks,
        [Some(Remark::LongQuotedCell { line: 1, lines: 2 }), None]
    );
}

#[test]
fn more_columns_than_a_spreadsheet_has_break_the_input_off() {
    let widest = format!("a\n1{}\n2\n", ",".repeat(16_383));
    assert_eq!(records("a.csv", widest).len(), 2);
    let too_wide = format!("a\n1\n1{}\n", ",".repeat(16_384));
    let (before, error) = drain(open_bytes("a.csv", too_wide));
    assert_eq!(before.len(), 1);
    assert!(matches!(
        error,
        Some(SourceError::TooManyColumns { row: 3 })
    ));
    assert!(matches!(
        open_bytes("a.csv", "a,".repeat(1_000_000)).err(),
        Some(SourceError::TooManyColumns { row: 1 })
    ));
}

#[test]
fn a_header_that_no_table_has_is_refused() {
    assert!(matches!(
        open_bytes("a.csv", "x".repeat(1_000_001)).err(),
        Some(SourceError::HugeHeader { row: 1 })
    ));
}

#[test]
fn an_endless_quoted_cell_is_given_up_after_a_megabyte() {
    for repeated in ["x", "x\n", "\"\""] {
        let (endless, taken) = Endless::new("a\n1\n\"", repeated);
        let (records, error) = drain(open_reader(
            "a.csv",
            Box::new(endless),
            InputId(0),
            &ReadOptions::default(),
        ));
        assert_eq!(records.len(), 1);
        assert!(matches!(
            error,
            Some(SourceError::UnclosedQuote { row: 3, line: 3 })
        ));
        assert!(taken.load(Ordering::Relaxed) < 2_200_000);
    }
}

#[test]
fn an_endless_row_is_given_up_at_its_last_column() {
    let (endless, taken) = Endless::new("a\n1\n", "12345,");
    let (_, error) = drain(open_reader(
        "a.csv",
        Box::new(endless),
        InputId(0),
        &ReadOptions::default(),
    ));
    assert!(matches!(
        error,
        Some(SourceError::TooManyColumns { row: 3 })
    ));
    assert!(taken.load(Ordering::Relaxed) < 300_000);
}

#[test]
fn a_huge_bare_cell_is_dropped_while_it_is_read() {
    let (endless, _) = Endless::new("a\n1\n", &"x".repeat(60_000));
    let reader = io::Read::chain(io::Read::take(endless, 6_000_000), "\n2\n".as_bytes());
    let mut opened = open_reader(
        "a.csv",
        Box::new(reader),
        InputId(0),
        &ReadOptions::default(),
    )
    .unwrap();
    let all: Vec<DraftRecord> = std::iter::from_fn(|| opened.next().unwrap()).collect();
    assert_eq!(all.len(), 3);
    assert_eq!(
        all[1].defect,
        Some(Defect::CellTooLarge {
            column: Some("a".into())
        })
    );
    assert_eq!(all[1].cells[0].text().unwrap().len(), 200);
}

fn cell() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\"".to_owned()),
        Just(",".to_owned()),
        Just("\t".to_owned()),
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\r".to_owned()),
        Just("\u{feff}".to_owned()),
        Just("\0".to_owned()),
        "[a-z0-9 +é€]{0,6}",
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    (1..6_usize).prop_flat_map(|width| {
        proptest::collection::vec(proptest::collection::vec(cell(), width), 0..12)
    })
}

fn written(rows: &[Vec<String>], delimiter: u8, terminator: csv::Terminator) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(terminator)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

/// The rows under a header and behind a number, so that none is blank.
fn numbered(rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let width = rows.first().map_or(0, Vec::len);
    let header = (0..=width)
        .map(|column| format!("column {column}"))
        .collect();
    let behind_number = |(number, row): (usize, Vec<String>)| {
        std::iter::once(number.to_string()).chain(row).collect()
    };
    std::iter::once(header)
        .chain(rows.into_iter().enumerate().map(behind_number))
        .collect()
}

proptest! {
    #[test]
    fn what_a_csv_writer_wrote_is_read_back_unchanged(
        rows in table(),
        format in prop_oneof![Just(Format::Csv), Just(Format::Tsv)],
        terminator in prop_oneof![Just(csv::Terminator::CRLF), Just(csv::Terminator::Any(b'\n')), Just(csv::Terminator::Any(b'\r'))],
        sizes in proptest::collection::vec(1..50_usize, 1..6),
        capacity in 4..100_usize,
    ) {
        let rows = numbered(rows);
        let delimiter = if format == Format::Tsv { b'\t' } else { b',' };
        let (read, error) = drain_small(format, written(&rows, delimiter, terminator), sizes, capacity);
        prop_assert!(error.is_none());
        let is_sure = |record: &DraftRecord| record.defect.is_none()
            || (record.defect == Some(Defect::AmbiguousEscape) && shown(record).concat().contains('\\'));
        prop_assert!(read.iter().all(is_sure));
        let places: Vec<u64> = read.iter().map(|record| record.place.row).collect();
        prop_assert_eq!(places, (2..=rows.len() as u64).collect::<Vec<_>>());
        let cells: Vec<Vec<String>> = read.iter().map(|record| record.cells.iter().map(|cell| cell.text().unwrap().to_owned()).collect()).collect();
        prop_assert_eq!(&cells[..], &rows[1..]);
    }

    #[test]
    fn without_an_escape_rows_are_cut_as_csv_core_cuts_them(
        pieces in proptest::collection::vec(prop_oneof![
            Just("\""), Just(","), Just("\n"), Just("\r\n"), Just("\r"), Just(" "), Just("a"), Just("\"\""), Just("é"), Just("\\"),
        ], 0..40),
    ) {
        let text = pieces.concat();
        let mut reference = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut expected = reference.byte_records().map(|row| row.unwrap().iter().map(<[u8]>::to_vec).collect::<Vec<_>>());
        let syntax = Syntax::plain(crate::source::Delimiter::COMMA);
        let mut rest = text.as_bytes();
        while let RowCut::Row(row) = cut::row(rest, Rest::Buffered, syntax) {
            let cell = |cell: &cut::CellSpan| {
                let mut text = Vec::new();
                cut::text(rest, *cell, syntax, &mut |more| text.extend_from_slice(more));
                text
            };
            let cells: Vec<Vec<u8>> = row.cells.iter().map(cell).collect();
            prop_assert_eq!(Some(cells), expected.next());
            rest = &rest[row.end..];
        }
        if !matches!(cut::row(rest, Rest::Buffered, syntax), RowCut::Unclosed { .. }) {
            prop_assert_eq!(expected.next(), None);
        }
    }
}

fn cells_and_defects(text: &str) -> Vec<(Vec<String>, Option<Defect>)> {
    let all = records("a.csv", text);
    all.iter()
        .map(|record| (shown(record), record.defect.clone()))
        .collect()
}

/// What the first row under the header is, and which escape was found.
fn first(text: &str) -> (Vec<String>, Option<Defect>, Option<String>) {
    let escape = open_bytes("a.csv", text).unwrap().assumed.escape;
    let (cells, defect) = cells_and_defects(text).remove(0);
    (cells, defect, escape.map(|escape| escape.to_string()))
}

#[test]
fn an_escape_is_recognised_from_the_first_rows_and_read_so() {
    let cases: [(&str, &[&str], Option<&str>); 14] = [
        (
            "a,b,c\n\"x \\\"\",\"1\",\"2\"\n",
            &["x \"", "1", "2"],
            Some("backslash"),
        ),
        (
            "a,b\n\"x \\\"R, K\\\" y\",\"1\"\n",
            &["x \"R, K\" y", "1"],
            Some("backslash"),
        ),
        (
            "a;b\n\"x \\\"R; K\\\" y\";\"1\"\n",
            &["x \"R; K\" y", "1"],
            Some("backslash"),
        ),
        ("a,b\nx\\,y,1\n", &["x,y", "1"], Some("backslash")),
        ("a,b\nx\\\ny,1\n", &["x\ny", "1"], Some("backslash")),
        ("a,b\r\nx\\\r\ny,1\r\n", &["x\r\ny", "1"], Some("backslash")),
        ("a,b\n1,x\\\ny\n", &["1", "x\ny"], Some("backslash")),
        ("a,b\n\\N,1\n", &["", "1"], Some("backslash")),
        ("a\tb\nx\\ty\\nz\t1\n", &["x\ty\nz", "1"], Some("backslash")),
        ("a,b\nx\\\\y,1\n", &["x\\y", "1"], Some("backslash")),
        // Paths: the backslash is text.
        (
            "a,b\n\"C:\\Users\\\",1\n\"y\",2\n",
            &["C:\\Users\\", "1"],
            Some("none"),
        ),
        ("a,b\nC:\\Users\\,1\n", &["C:\\Users\\", "1"], Some("none")),
        ("a,b\nC:\\Users\\x,1\n", &["C:\\Users\\x", "1"], None),
        (
            "a,b\n\"{\"\"k\"\":\"\"\\\"\"v\\\"\"\"\"}\",1\n",
            &["{\"k\":\"\\\"v\\\"\"}", "1"],
            Some("none"),
        ),
    ];
    for (text, cells, escape) in cases {
        let (found, defect, reported) = first(text);
        assert_eq!(found, cells, "{text}");
        assert_eq!((defect, reported.as_deref()), (None, escape), "{text}");
    }
}

#[test]
fn a_row_with_two_readings_that_fit_is_ambiguous_and_those_around_it_are_not() {
    let cases = [
        // One column: a line end that is escaped, or a row of its own.
        "phone\n1\n2\\\n3\n4\n",
        // Fewer cells than columns either way.
        "a,b,c\n1,2,3\n1\\,2\n1,2,3\n",
    ];
    for text in cases {
        let defects: Vec<Option<Defect>> = cells_and_defects(text)
            .into_iter()
            .map(|row| row.1)
            .collect();
        assert_eq!(defects.iter().flatten().count(), 1, "{text}: {defects:?}");
        assert!(defects.contains(&Some(Defect::AmbiguousEscape)), "{text}");
        assert_eq!(defects.last(), Some(&None), "{text}");
    }
    // Most rows show that a backslash is text, one that it escapes.
    let mixed = "a,b\n\"C:\\\",\"1\"\n\"D:\\\",\"2\"\n\"x \\\"y\\\" z\",\"3\"\n\"E:\\\",\"4\"\n";
    let defects: Vec<Option<Defect>> = cells_and_defects(mixed)
        .into_iter()
        .map(|row| row.1)
        .collect();
    assert_eq!(defects, [None, None, Some(Defect::AmbiguousEscape), None]);
}

#[test]
fn a_space_before_an_opening_quote_is_passed_over_where_the_file_does_so() {
    let text = "name, phone, city\n\"Rao, A\", \"1\", \"Pune, MH\"\nRavi, 2, \"Goa\"\n";
    let rows: Vec<Vec<String>> = cells_and_defects(text)
        .into_iter()
        .map(|row| row.0)
        .collect();
    assert_eq!(rows, [["Rao, A", "1", "Pune, MH"], ["Ravi", " 2", "Goa"]]);
    let lines = open_bytes("a.csv", text).unwrap().assumed.lines();
    assert!(
        lines.iter().any(|line| line.starts_with("spaces before")),
        "{lines:?}"
    );
    let inches = "name,size\nx, 5\" pipe\ny, \"odd\n";
    assert_eq!(shown(&records("a.csv", inches)[1]), ["y", " \"odd"]);
}

#[test]
fn rows_inside_quotes_make_their_row_invalid_and_are_named() {
    let p = ["+919876543210", "+919812345678", "+919812345679"];
    let cases = [
        (
            format!("phone,name\n{},\"A\n{},B\n{},\"C\"\n", p[0], p[1], p[2]),
            (3, 4),
        ),
        (
            format!("phone,name\n{},\"A\n{},B\n{},C\"\n", p[0], p[1], p[2]),
            (3, 4),
        ),
        (
            format!("name,phone\n\"A,{}\nB,{}\nC,\"{}\"\n", p[0], p[1], p[2]),
            (3, 4),
        ),
        (
            format!("name;phone;x\r\n\"A;{};\r\nB;{};\"y\"\r\n", p[0], p[1]),
            (3, 3),
        ),
        (
            format!("name,phone,x\n\"A\"\",{},1\nB,{},\"2\"\n", p[0], p[1]),
            (3, 3),
        ),
    ];
    for (text, (first, last)) in cases {
        let found = cells_and_defects(&text);
        assert_eq!(
            found[0].1,
            Some(Defect::SwallowedRows { first, last }),
            "{text}"
        );
    }
}

#[test]
fn addresses_and_notes_over_several_lines_are_not_rows() {
    let p = "+919876543210";
    let cases = [
        format!("phone,address\n{p},\"12 MG Road\nPune, 411001\"\n"),
        format!("phone,address\n{p},\"12 Main St\nSpringfield, 12345-6789\nUSA\"\n"),
        format!("address,phone\n\"12 MG Road\nPune, MH\",{p}\n"),
        format!("name,phone\n\"two\nlines\",{p}\n"),
        format!(
            "name,phone,note,city\nA,{p},\"likes red, blue, green, pink\ncalls, writes, visits, asks\",Goa\n"
        ),
        format!("phone,note\n{p},\"office:\n+91 22 1234 5678\nring twice\"\n"),
        format!("name,email,phone\nA,a@example.com,\"{p}\n+919812345678\"\n"),
    ];
    for text in cases {
        assert_eq!(cells_and_defects(&text)[0].1, None, "{text}");
    }
}

#[test]
fn a_row_of_a_rejects_file_that_comes_back_as_it_was_is_rejected_again() {
    let head = "name,phone,bp_row,bp_outcome,bp_code,bp_reason\n";
    for (row, defect) in [
        (
            "\"A\nB,\"\"x\"\"\",,2,invalid,swallowed_rows,x\n",
            Some(Defect::SwallowedRows { first: 3, last: 3 }),
        ),
        ("A,1,2,invalid,swallowed_rows,x\n", None),
        (
            "A\\,1,2,invalid,ambiguous_escape,x\n",
            Some(Defect::AmbiguousEscape),
        ),
        ("A,1,2,invalid,ambiguous_escape,x\n", None),
    ] {
        assert_eq!(
            cells_and_defects(&format!("{head}{row}"))[0].1,
            defect,
            "{row}"
        );
    }
}

#[test]
fn a_row_with_an_escape_is_read_whole_wherever_the_buffers_end() {
    let note = "y".repeat(300_000);
    let text = format!("a,b\n\"x\",\"{note} \\\"z\\\" {note}\"\n\"u\",\"v\"\n");
    for sizes in [vec![65_536], vec![4_096, 1], vec![1_000_000]] {
        let (read, error) = drain_small(Format::Csv, text.clone(), sizes, 64 * 1024);
        assert!(error.is_none());
        assert_eq!(read.len(), 2);
        assert_eq!(shown(&read[1]), ["u", "v"]);
    }
}

#[test]
fn a_lone_end_of_file_character_of_dos_is_not_a_row() {
    assert_eq!(rows("a,b\r\n1,2\r\n\u{1a}").len(), 1);
    assert_eq!(rows("a,b\r\n1,2\r\n\u{1a}\r\n3,4\r\n").len(), 3);
}

/// A cell as a program writes it that escapes.
fn escaped(cell: &str, quoted: bool, delimiter: char) -> String {
    let needs = |c: char| {
        c == '\\' || c == '"' || (!quoted && (c == delimiter || matches!(c, '\n' | '\r')))
    };
    let escape = |c: char| {
        if needs(c) {
            format!("\\{c}")
        } else {
            c.to_string()
        }
    };
    let text: String = cell.chars().map(escape).collect();
    if quoted { format!("\"{text}\"") } else { text }
}

fn escaped_cell() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\""),
        Just("\\"),
        Just(","),
        Just(";"),
        Just("\n"),
        Just("a"),
        Just(" "),
        Just("C:\\Users\\"),
        Just("é")
    ];
    proptest::collection::vec(piece, 1..6).prop_map(|pieces| format!("x{}x", pieces.concat()))
}

proptest! {
    #[test]
    fn what_a_program_wrote_that_escapes_is_read_back_unchanged_with_the_option_and_never_shifted_without(
        names in proptest::collection::vec((escaped_cell(), escaped_cell()), 1..12),
        quoted in any::<bool>(),
        delimiter in prop_oneof![Just(','), Just(';'), Just('|')],
        line_end in prop_oneof![Just("\n"), Just("\r\n")],
    ) {
        let rows: Vec<[String; 3]> = names
            .into_iter()
            .enumerate()
            .map(|(row, (name, note))| [name, format!("+9198765{row:05}"), note])
            .collect();
        let line = |row: &[String; 3]| {
            let cells = row.each_ref().map(|cell| escaped(cell, quoted, delimiter));
            cells.join(&delimiter.to_string()) + line_end
        };
        let head = ["name", "phone", "note"].join(&delimiter.to_string()) + line_end;
        let text = head + &rows.iter().map(line).collect::<String>();
        let named = ReadOptions {
            escape: Some(Escape::BACKSLASH),
            delimiter: char::to_string(&delimiter).parse().ok(),
            ..ReadOptions::default()
        };
        let (read, error) = drain(open_as("a.csv", text.clone(), &named));
        prop_assert!(error.is_none(), "{:?}", error);
        let cells: Vec<Vec<String>> = read.iter().map(shown).collect();
        prop_assert_eq!(cells, rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>());
        let found = ReadOptions { escape: None, ..named };
        let (read, _) = drain(open_as("a.csv", text, &found));
        for record in read.iter().filter(|record| record.defect.is_none()) {
            let phone = shown(record)[1].clone();
            let is_own = rows.iter().any(|row| row[1] == phone);
            // A line that begins with an escaped delimiter gives a cell of one backslash: no number, so nothing is sent.
            let is_number = phone.contains(|c: char| c.is_ascii_digit());
            prop_assert!(is_own || !is_number, "{:?}", record);
        }
    }
}

#[test]
fn a_row_is_whole_in_memory_once_its_line_end_is_there_outside_of_quotes() {
    for (bytes, is_whole) in [
        ("Ann,1\n", true),
        ("\n\r\nAnn,1\r", true),
        ("\"Ann\nRao\",1\n", true),
        ("Ann,1", false),
        ("", false),
        ("\n,,\n", false),
        ("\"Ann\nRao", false),
        ("\"Ann\nRao\",1", false),
    ] {
        assert_eq!(
            rows::hold_a_row(bytes.as_bytes(), b'"'),
            is_whole,
            "{bytes:?}"
        );
        let bytes = bytes.replace('"', "'");
        assert_eq!(
            rows::hold_a_row(bytes.as_bytes(), b'\''),
            is_whole,
            "{bytes:?}"
        );
    }
}
