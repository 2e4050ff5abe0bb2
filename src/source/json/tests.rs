//! Documents and lines, as a user meets them.

use std::io::Read;
use std::sync::atomic::Ordering;

use proptest::prelude::*;

use super::super::tests::{
    Endless, drain, drain_small, error_text, format, open_bytes, records, shown,
};
use super::super::{Cause, Format, ReadOptions, Shape, open_reader};
use super::*;
use crate::record::{Defect, DraftRecord};

fn rows(name: &str, bytes: &str) -> Vec<(u64, String)> {
    records(name, bytes)
        .iter()
        .map(|record| (record.place.row, shown(record).join("|")))
        .collect()
}

fn row(number: u64, cells: &str) -> (u64, String) {
    (number, cells.to_owned())
}

fn bad(words: &str) -> Option<Defect> {
    Some(Defect::BadJson {
        words: words.to_owned(),
    })
}

#[test]
fn a_list_is_read_object_by_object_with_the_number_of_each() {
    assert_eq!(rows("a.json", "[]"), []);
    assert_eq!(rows("a.json", " [ ] \n"), []);
    assert_eq!(
        rows(
            "a.json",
            "\u{feff}[{\"a\":1},\n\n{\"a\":2}\n,{\"b\":null}]\n"
        ),
        [row(1, "1"), row(2, "2"), row(3, "-")]
    );
    assert_eq!(open_bytes("a.json", "[]").unwrap().shape, Shape::Objects);
}

#[test]
fn an_object_alone_is_one_record() {
    assert_eq!(
        rows("a.json", "{\n \"name\": \"Ann\",\n \"phone\": 91\n}\n"),
        [row(1, "Ann|91")]
    );
    let profile = "{\"profile\":{\"userDetails\":{\"tags\":[{\"x\":1}]}},\"list\":[{\"y\":2}]}";
    assert_eq!(rows("a.json", profile), [row(1, "1|2")]);
    assert_eq!(
        rows("a.json", "{\"phone\":\"1\",\"orders\":[{\"id\":7}]}"),
        [row(1, "1|7")]
    );
}

#[test]
fn lines_are_read_with_the_number_of_each() {
    let bytes = "{\"a\":1}\r\n\n  \n{\"a\":2}\n{\"a\":3}";
    for name in ["a.ndjson", "a.jsonl", "a.json", "a.csv", "stdin"] {
        assert_eq!(
            rows(name, bytes),
            [row(1, "1"), row(4, "2"), row(5, "3")],
            "{name}"
        );
        assert_eq!(format(&open_bytes(name, bytes).unwrap()), Format::Ndjson);
    }
}

#[test]
fn a_record_keeps_its_text_as_it_stood_and_its_digits() {
    let all = records(
        "a.json",
        "[{\"a\" : 1.50,\r\n\"b\":\"x\\ny\"},{\"a\":919876543210, \"b\":1e400}]",
    );
    assert_eq!(
        all[0].raw.as_deref(),
        Some("{\"a\" : 1.50,\r\n\"b\":\"x\\ny\"}")
    );
    assert_eq!(shown(&all[0]), ["1.50", "x\ny"]);
    assert_eq!(shown(&all[1]), ["919876543210", "1e400"]);
    assert!(std::sync::Arc::ptr_eq(&all[0].header, &all[1].header));
}

#[test]
fn an_element_that_is_not_an_object_costs_only_itself() {
    let all = records(
        "a.json",
        "[1,\"x\",{\"a\":1},[2],null,{\"a\":\"\\udc00\"},{\"a\":2}]",
    );
    let defective = |at: usize| (all[at].raw.as_deref(), all[at].defect.clone());
    let expected = "where an object like {\"phone\": \"+91...\"} was expected";
    assert_eq!(
        defective(0),
        (Some("1"), bad(&format!("a single value, {expected}")))
    );
    assert_eq!(
        defective(1),
        (Some("\"x\""), bad(&format!("a text, {expected}")))
    );
    assert_eq!(
        defective(3),
        (Some("[2]"), bad(&format!("a list, {expected}")))
    );
    assert_eq!(
        defective(4),
        (Some("null"), bad(&format!("null, {expected}")))
    );
    assert_eq!(
        defective(5),
        (
            Some("{\"a\":\"\\udc00\"}"),
            bad("a \\u escape is only half of a character")
        )
    );
    assert_eq!(
        (shown(&all[2]), shown(&all[6])),
        (vec!["1".to_owned()], vec!["2".to_owned()])
    );
}

#[test]
fn a_record_nested_too_deep_costs_only_itself() {
    for brackets in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", brackets.0.repeat(5_000), brackets.1.repeat(5_000));
        let all = records("a.json", format!("[{{\"a\":{deep}}},{{\"a\":1}}]"));
        assert_eq!(all[0].defect, bad("it is nested more than 100 levels deep"));
        assert_eq!(shown(&all[1]), ["1"]);
    }
}

#[test]
fn a_broken_line_costs_only_itself() {
    let all = records(
        "a.ndjson",
        b"{\"a\":1\n17\n{\"a\":\"\xc3\xa9\xff\"}\n{\"a\":2} x\n{\"a\":3}\n".to_vec(),
    );
    assert_eq!(all[0].defect, bad("it ends too early at column 6"));
    assert_eq!(all[0].raw.as_deref(), Some("{\"a\":1"));
    assert!(matches!(all[1].defect, Some(Defect::BadJson { .. })));
    assert_eq!(
        (all[2].defect.clone(), all[2].raw.as_deref()),
        (
            Some(Defect::BadEncoding { column: None }),
            Some("{\"a\":\"é\u{fffd}\"}")
        )
    );
    assert_eq!(
        all[3].defect,
        bad("something stands behind the object at column 9")
    );
    assert_eq!(
        (all[4].place.row, shown(&all[4])),
        (5, vec!["3".to_owned()])
    );
}

#[test]
fn what_is_over_four_megabytes_keeps_its_beginning_and_what_follows_it() {
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(4_000_000));
    for (name, bytes) in [
        ("a.json", format!("[{long},{{\"a\":1}}]")),
        ("a.ndjson", format!("{long}\n{{\"a\":1}}\n")),
    ] {
        let all = records(name, bytes);
        assert_eq!(
            all[0].defect,
            Some(Defect::CellTooLarge { column: None }),
            "{name}"
        );
        assert_eq!(all[0].raw.as_deref(), Some(&long[..200]), "{name}");
        assert_eq!(shown(&all[1]), ["1"], "{name}");
    }
}

#[test]
fn a_line_that_was_kept_in_a_rejects_file_is_a_record_again() {
    let bytes = concat!(
        "{\"bp_row\":3,\"bp_code\":\"bad_json\",\"bp_raw\":\"{\\\"phone\\\":\\\"+91\\\"}\"}\n",
        "{\"bp_row\":4,\"bp_raw\":\"{\\\"phone\\\"\"}\n",
        "{\"phone\":\"1\",\"bp_row\":5}\n",
    );
    let all = records("a.rejected.ndjson", bytes);
    assert_eq!(
        (shown(&all[0]), all[0].raw.as_deref()),
        (vec!["+91".to_owned()], Some("{\"phone\":\"+91\"}"))
    );
    assert!(matches!(all[1].defect, Some(Defect::BadJson { .. })));
    assert_eq!(all[1].raw.as_deref(), Some("{\"phone\""));
    assert_eq!(
        (shown(&all[2]), all[2].raw.as_deref()),
        (
            vec!["1".into(), "5".into()],
            Some("{\"phone\":\"1\",\"bp_row\":5}")
        )
    );
}

#[test]
fn broken_json_yields_what_came_before_and_names_its_place() {
    let cases = [
        (
            "[{\"a\":1},{\"a\" 2}]",
            1,
            "line 1, column 15: expected `:`",
        ),
        (
            "[{\"é\":1},\n {\"é€\" 2}]",
            1,
            "line 2, column 8: expected `:`",
        ),
        (
            "[{\"a\":1}\n{\"a\":2}]",
            1,
            "line 2, column 1: a comma is missing",
        ),
        ("[{\"a\":1} 2]", 1, "line 1, column 10: a comma or the end"),
        ("[{\"a\":1},]", 1, "line 1, column 10: a record is missing"),
        (
            "[{\"a\":1},",
            1,
            "line 1, column 10: the input ends before its list",
        ),
        (
            "[{\"a\":1}",
            1,
            "line 1, column 9: the input ends before its list",
        ),
        ("[", 0, "line 1, column 2: the input ends before its list"),
        (
            "[{\"a\":1},{\"a\":",
            1,
            "line 1, column 15: the input ends in the middle",
        ),
        (
            "[{\"a\":1},{\"a\":\"x",
            1,
            "line 1, column 17: the input ends in the middle",
        ),
        (
            "[{\"a\":1},{\"a\":\"x\n\"}]",
            1,
            "line 1, column 17: the line ends within a text",
        ),
        (
            "[{\"a\":1},\n{\n \"a\":01}]",
            1,
            "line 3, column 7: invalid number",
        ),
        ("[{\"a\":1}] x", 1, "line 1, column 11: something is behind"),
        ("[{\"a\":1}],", 1, "line 1, column 11: something is behind"),
        (
            "[{\"a\":1}]\n{",
            1,
            "line 2, column 2: the input ends in the middle",
        ),
        (
            "{\"a\":1} {\"a\":",
            1,
            "line 1, column 14: the input ends in the middle",
        ),
        (
            "{\"data\":[{\"phone\":1},{\"phone\":2}",
            2,
            "line 1, column 33: the input ends before its list",
        ),
        (
            "{\"data\":[{\"phone\":1}]}\n{\"errors\":[]}",
            1,
            "line 2, column 1: the document that begins here has nothing at --records data",
        ),
        (
            "{\"data\" [{\"phone\":1}]}",
            0,
            "line 1, column 9: expected `:`",
        ),
        (
            "{\"a\":1",
            0,
            "line 1, column 7: the input ends in the middle",
        ),
        ("{\"a\" 1}", 0, "line 1, column 6: expected `:`"),
        ("[{\"a\":1],{}]", 0, "line 1, column 8: expected `,` or `}`"),
        ("[abc]", 0, "line 1, column 2: expected a value"),
        ("[,{}]", 0, "line 1, column 2: expected a value"),
        ("[}", 0, "line 1, column 2: expected a value"),
        ("name,phone", 0, "line 1, column 1: JSON begins with"),
    ];
    for (bytes, before, message) in cases {
        let (read, error) = drain(open_bytes("a.json", bytes));
        let error = error.map(|error| error.to_string()).unwrap_or_default();
        assert_eq!(read.len(), before, "{bytes}");
        assert!(error.starts_with(message), "{bytes}: {error}");
        assert!(error.ends_with(": mend it, then run again"), "{error}");
    }
}

#[test]
fn a_bracket_that_is_missing_in_a_large_list_is_found_where_it_is_missing() {
    let list = format!(
        "[{{\"a\":1}},\n{{\"a\":2,\n{}",
        "{\"é\":\"€\"},\n".repeat(1_000_000)
    );
    let reader = std::io::Cursor::new(list.into_bytes());
    let (read, error) = drain(open_reader(
        "a.json",
        Box::new(reader),
        InputId(0),
        &ReadOptions::default(),
    ));
    assert_eq!(read.len(), 1);
    assert!(
        matches!(
            error,
            Some(SourceError::BrokenJson {
                line: 3,
                column: 1,
                ..
            })
        ),
        "{error:?}"
    );
}

#[test]
fn several_lists_are_a_matter_of_usage() {
    let bytes = "{\"customers\":[{\"phone\":1}],\"agents\":[{\"phone\":2}]}";
    let error = open_bytes("a.json", bytes).err().unwrap();
    assert_eq!(error.cause(), Cause::Usage);
}

#[test]
fn an_endless_list_of_contacts_is_read_as_it_comes() {
    let (endless, taken) = Endless::new("[{\"phone\":1}", ",{\"phone\":1}");
    let mut opened = open_reader(
        "a.json",
        Box::new(endless),
        InputId(0),
        &ReadOptions::default(),
    )
    .unwrap();
    assert!(opened.next().unwrap().is_some());
    assert!(taken.load(Ordering::Relaxed) < 400_000);
}

#[test]
fn a_list_inside_a_pipe_is_found_behind_all_that_comes_before_it() {
    let long = "x".repeat(1_000_000);
    let bytes = format!(
        "\n {{\"note\":\"{long}\",\"data\":{{\"users\":[{{\"phone\":1}},{{\"phone\":2}}]}}}}"
    );
    let opened = open_bytes("a.json", bytes).unwrap();
    let lines = opened.assumed.lines();
    let (read, error) = drain(Ok(opened));
    assert!(error.is_none());
    assert_eq!(read.iter().map(shown).collect::<Vec<_>>(), [["1"], ["2"]]);
    assert_eq!(lines, ["read with --records data.users"]);
}

#[test]
fn documents_behind_each_other_are_read_whatever_is_between_them() {
    let expected = [row(1, "1"), row(2, "2")];
    for bytes in [
        "{\"phone\":1}{\"phone\":2}",
        "{\n\"phone\":1\n}\n{\n\"phone\":2\n}\n",
        "{\"phone\":1},\n{\"phone\":2}",
        "[{\"phone\":1}][{\"phone\":2}]",
        "[{\"phone\":1}]\n{\"phone\":2}",
        "\u{1e}{\"phone\":1}\n\u{1e}{\"phone\":2}\n",
        "\u{feff}{\n\"phone\":1}\n\u{feff}{\n\"phone\":2}\n",
        "{\"data\":[{\"phone\":1}]}\n{\"data\":[{\"phone\":2}]}\n",
        "[[{\"phone\":1}],[],[{\"phone\":2}]]",
        "[{\"data\":[{\"phone\":1}]},{\"data\":[{\"phone\":2}]}]",
        "{\"data\":[{\"phone\":1}],\"data\":[{\"phone\":2}]}",
        "{\"c1\":{\"phone\":1},\"c2\":{\"phone\":2}}",
        "{\"x\":{\"edges\":[{\"node\":{\"phone\":1}},{\"node\":{\"phone\":2}}]},\"y\":null}",
    ] {
        for name in ["a.json", "a.ndjson", "stdin"] {
            assert_eq!(rows(name, bytes), expected, "{name} {bytes}");
        }
    }
}

#[test]
fn columns_become_rows_and_no_cell_is_lost() {
    for (bytes, expected) in [
        (
            r#"{"name":["A","B"],"phone":[1,2.50]}"#,
            &["A|1", "B|2.50"][..],
        ),
        (
            r#"{"name":{"0":"A","1":"B"},"phone":{"1":2}}"#,
            &["A", "B|2"],
        ),
        (
            r#"{"columns":["name","phone"],"index":[7],"data":[["A",1],["B"]]}"#,
            &["A|1", "B"],
        ),
        (r#"[["name","phone"],["A",1],["B",null]]"#, &["A|1", "B|-"]),
        (
            r#"{"cols":[{"id":"A","label":""},{"id":"B","label":"Phone"}],"rows":[{"c":[{"v":"A"},{"v":1}]},{"c":[null,{"v":2}]}]}"#,
            &["A|1", "-|2"],
        ),
        (
            r#"{"schema":{"fields":[{"name":"phone"}]},"rows":[{"f":[{"v":"1"}]}]}"#,
            &["1"],
        ),
        (
            r#"{"name":["A","B"],"phone":[1,2],"tags":[],"n":2}"#,
            &["A|1", "B|2"],
        ),
    ] {
        let read: Vec<String> = rows("a.json", bytes)
            .into_iter()
            .map(|(_, cells)| cells)
            .collect();
        assert_eq!(read, expected, "{bytes}");
    }
}

#[test]
fn a_row_with_more_cells_than_columns_is_not_a_record() {
    let all = records("a.json", r#"[["name","phone"],["A",1,"x"],"y",["B",2]]"#);
    assert!(matches!(all[0].defect, Some(Defect::BadJson { .. })));
    assert_eq!(all[0].raw.as_deref(), Some(r#"["A",1,"x"]"#));
    assert!(matches!(all[1].defect, Some(Defect::BadJson { .. })));
    assert_eq!(shown(&all[2]), ["B", "2"]);
}

#[test]
fn columns_that_are_not_rows_are_a_matter_of_usage() {
    for (bytes, words) in [
        (
            r#"{"name":["A","B","C"],"phone":[1,2]}"#,
            "name has 3 values but phone has 2",
        ),
        (
            r#"[["A","+91 98765 43210"]]"#,
            "the first does not name a phone column",
        ),
        (
            r#"[["phone","phone"],[1,2]]"#,
            "two columns are called \"phone\"",
        ),
    ] {
        let (read, error) = drain(open_bytes("a.json", bytes));
        let error = error.unwrap();
        assert_eq!((read.len(), error.cause()), (0, Cause::Usage), "{bytes}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn an_endless_text_on_one_line_is_dropped_while_it_is_read() {
    let (endless, _) = Endless::new("[{\"a\":1},{\"a\":\"", &"x".repeat(60_000));
    let reader = endless.take(6_000_000).chain("\"},{\"a\":3}]".as_bytes());
    let mut opened = open_reader(
        "a.json",
        Box::new(reader),
        InputId(0),
        &ReadOptions::default(),
    )
    .unwrap();
    let all: Vec<DraftRecord> = std::iter::from_fn(|| opened.next().unwrap()).collect();
    assert_eq!(all.len(), 3);
    assert_eq!(all[1].raw.as_ref().unwrap().len(), 200);
    assert_eq!(shown(&all[2]), ["3"]);
}

#[test]
fn an_endless_text_over_lines_is_given_up_at_the_first() {
    let (endless, taken) = Endless::new("[{\"a\":1},{\"a\":\"", "xxx\n");
    let (read, error) = drain(open_reader(
        "a.json",
        Box::new(endless),
        InputId(0),
        &ReadOptions::default(),
    ));
    assert_eq!(read.len(), 1);
    assert!(matches!(
        error,
        Some(SourceError::BrokenJson { line: 1, .. })
    ));
    assert!(taken.load(Ordering::Relaxed) < 400_000);
}

#[test]
fn an_endless_line_is_dropped_while_it_is_read() {
    let (endless, _) = Endless::new("{\"a\":1}\n{\"a\":\"", "xxxxxxxxxxxx");
    let reader = endless.take(6_000_000).chain("\"}\n{\"a\":3}\n".as_bytes());
    let (read, error) = drain(open_reader(
        "a.ndjson",
        Box::new(reader),
        InputId(0),
        &ReadOptions::default(),
    ));
    assert!(error.is_none());
    assert_eq!(read[1].defect, Some(Defect::CellTooLarge { column: None }));
    assert_eq!(
        (read[2].place.row, shown(&read[2])),
        (3, vec!["3".to_owned()])
    );
}

#[test]
fn csv_content_in_a_json_file_says_what_json_begins_with() {
    assert!(error_text("a.json", "name,phone\n1,2\n").contains("JSON begins with [ or {"));
}

/// A scalar as JSON text, and the cell's text it must become.
fn scalar() -> impl Strategy<Value = (String, String)> {
    let same = |text: String| (text.clone(), text);
    prop_oneof![
        any::<String>().prop_map(|text| (serde_json::to_string(&text).unwrap(), text)),
        "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,4})?".prop_map(same),
        Just(("true".to_owned(), "true".to_owned())),
        Just(("null".to_owned(), "-".to_owned())),
    ]
}

fn object() -> impl Strategy<Value = Vec<(String, (String, String))>> {
    proptest::collection::btree_map("[a-z\"\\\\é ]{0,5}", scalar(), 0..6)
        .prop_map(|map| map.into_iter().collect())
}

fn object_text(fields: &[(String, (String, String))], blank: &str) -> String {
    let field = |(key, (json, _)): &(String, (String, String))| {
        format!(
            "{blank}{}{blank}:{blank}{json}{blank}",
            serde_json::to_string(key).unwrap()
        )
    };
    format!(
        "{{{}}}",
        fields.iter().map(field).collect::<Vec<_>>().join(",")
    )
}

proptest! {
    #[test]
    fn a_list_of_objects_is_read_back_with_every_digit(
        objects in proptest::collection::vec(object(), 0..8),
        blank in prop_oneof![Just(""), Just(" "), Just("\r\n\t"), Just("\n")],
        sizes in proptest::collection::vec(1..50_usize, 1..6),
        capacity in 4..100_usize,
    ) {
        let texts: Vec<String> = objects.iter().map(|fields| object_text(fields, blank)).collect();
        let list = format!("{blank}[{blank}{}{blank}]{blank}", texts.join(&format!("{blank},{blank}")));
        let (read, error) = drain_small(Format::Json, list, sizes.clone(), capacity);
        prop_assert!(error.is_none(), "{:?}", error);
        check(&objects, &read)?;

        let lines = texts.iter().map(|text| text.replace(['\r', '\n'], " ") + "\n").collect::<String>() + "\n{}";
        let (read, error) = drain_small(Format::Ndjson, lines, sizes, capacity);
        prop_assert!(error.is_none(), "{:?}", error);
        check(&objects, &read[..read.len() - 1])?;
    }
}

fn check(
    objects: &[Vec<(String, (String, String))>],
    read: &[DraftRecord],
) -> Result<(), TestCaseError> {
    prop_assert_eq!(objects.len(), read.len());
    for (fields, record) in objects.iter().zip(read) {
        prop_assert_eq!(&record.defect, &None);
        let names: Vec<&String> = fields.iter().map(|(key, _)| key).collect();
        prop_assert_eq!(names, record.header.names.iter().collect::<Vec<_>>());
        let texts: Vec<&String> = fields.iter().map(|(_, (_, text))| text).collect();
        let cells = shown(record);
        prop_assert_eq!(texts, cells.iter().collect::<Vec<_>>());
    }
    Ok(())
}
