//! Rejects files: their names, their modes, their content, and that it can be imported again.

use std::fs;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::outcome::{Code, Outcome, Reason};
use crate::record::{CellValue, Defect, DraftRecord, Header, InputId, Layout};
use crate::rejects::is_own_column;
use crate::source::{Encoding, Input, ReadOptions, open};

fn header(names: &[&str]) -> Arc<Header> {
    Arc::new(Header {
        layout: Layout::Table,
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    })
}

fn table(names: &[&str], delimiter: u8) -> Shape {
    Shape::Table {
        header: header(names),
        delimiter,
    }
}

fn csv() -> Shape {
    table(&["name", "phone"], b',')
}

fn texts(cells: &[&str]) -> Vec<CellValue> {
    cells
        .iter()
        .map(|cell| CellValue::Text((*cell).to_owned()))
        .collect()
}

fn blank(row: u64) -> DraftRecord {
    let mut record = DraftRecord::of_table(&Header::of_table(&[]), &[]);
    record.place.row = row;
    record
}

fn refused(record: DraftRecord) -> Failure {
    Failure {
        record: record.shared(),
        outcome: Outcome::Refused,
        reason: Reason {
            code: Code::Refused,
            brief: "no".to_owned(),
            full: "phone is \"blacklisted\", for good".to_owned(),
        },
        fault: None,
        fingerprint: None,
    }
}

/// A failed row of the first input.
fn row(row: u64, names: &[&str], cells: &[&str]) -> Failure {
    refused(DraftRecord {
        header: header(names),
        cells: texts(cells),
        ..blank(row)
    })
}

fn ann() -> Failure {
    row(7, &["name", "phone"], &["Ann", "123"])
}

/// A failed object of the first input.
fn object(raw: &str) -> Failure {
    refused(DraftRecord {
        raw: Some(raw.to_owned()),
        ..blank(3)
    })
}

fn defective(raw: &str, defect: Defect) -> Failure {
    refused(DraftRecord {
        raw: Some(raw.to_owned()),
        defect: Some(defect),
        ..blank(3)
    })
}

fn of_input(input: usize, mut failure: Failure) -> Failure {
    failure.record = DraftRecord::of_input(input, &failure.record);
    failure
}

/// Writes the failures and gives the names of the files that hold something.
fn written(inputs: &[(&str, Shape)], place: &RejectsPlace, failures: &[Failure]) -> Vec<String> {
    let inputs = inputs
        .iter()
        .map(|(stem, shape)| ((*stem).to_owned(), shape.clone()));
    let mut rejects = prepare(inputs.collect(), place).unwrap();
    failures
        .iter()
        .for_each(|failure| rejects.write(failure).unwrap());
    let paths = rejects.finish().unwrap();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    paths.iter().map(name).collect()
}

/// The text of the rejects file of one input.
fn text(shape: Shape, failures: &[Failure]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let place = RejectsPlace::Beside(folder.path().to_owned());
    let names = written(&[("a", shape)], &place, failures);
    fs::read_to_string(folder.path().join(&names[0])).unwrap()
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn prepare(inputs: Vec<(String, Shape)>, place: &RejectsPlace) -> Result<Rejects, RejectsError> {
    let mut rejects = Rejects::plan(inputs, place, None);
    rejects.prove()?;
    Ok(rejects)
}

#[test]
fn a_rejects_file_is_named_after_its_input_and_given_back_it_counts_up() {
    for (stem, first, second) in [
        (
            "contacts",
            "contacts.rejected.csv",
            "contacts.rejected-2.csv",
        ),
        ("stdin", "stdin.rejected.csv", "stdin.rejected-2.csv"),
        ("a.rejected", "a.rejected-2.csv", "a.rejected-3.csv"),
        ("a.rejected-2", "a.rejected-3.csv", "a.rejected-4.csv"),
        ("a.rejected-9", "a.rejected-10.csv", "a.rejected-11.csv"),
        (
            "a.rejected-x",
            "a.rejected-x.rejected.csv",
            "a.rejected-x.rejected-2.csv",
        ),
        (
            "a.rejected-",
            "a.rejected-.rejected.csv",
            "a.rejected-.rejected-2.csv",
        ),
        (
            "a.rejectedly",
            "a.rejectedly.rejected.csv",
            "a.rejectedly.rejected-2.csv",
        ),
        ("a.v2", "a.v2.rejected.csv", "a.v2.rejected-2.csv"),
    ] {
        assert_eq!(numbered(stem, &csv(), None, 1), first);
        assert_eq!(numbered(stem, &csv(), None, 2), second);
    }
    assert_eq!(numbered("a", &Shape::Objects, None, 1), "a.rejected.ndjson");
    assert_eq!(
        numbered("a.rejected", &Shape::Objects, None, 1),
        "a.rejected-2.ndjson"
    );
}

#[test]
fn nothing_that_exists_is_overwritten_under_the_default_name() {
    let folder = tempfile::tempdir().unwrap();
    let place = RejectsPlace::Beside(folder.path().to_owned());
    for taken in ["a.rejected.csv", "a.rejected-2.csv"] {
        fs::write(folder.path().join(taken), "being mended").unwrap();
    }
    assert_eq!(
        written(&[("a", csv())], &place, &[ann()]),
        ["a.rejected-3.csv"]
    );
    assert_eq!(
        written(&[("a", csv())], &place, &[ann()]),
        ["a.rejected-4.csv"]
    );
    for taken in ["a.rejected.csv", "a.rejected-2.csv"] {
        assert_eq!(
            fs::read_to_string(folder.path().join(taken)).unwrap(),
            "being mended"
        );
    }
}

#[test]
fn without_rejects_there_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let place = RejectsPlace::Beside(folder.path().to_owned());
    assert!(written(&[("a", csv()), ("b", csv())], &place, &[]).is_empty());
    assert!(names_in(folder.path()).is_empty());
}

#[test]
fn only_inputs_with_rejects_get_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let place = RejectsPlace::Beside(folder.path().to_owned());
    let inputs = [("a", csv()), ("b", csv()), ("c", Shape::Objects)];
    let failures = [of_input(1, ann()), of_input(2, object("{}"))];
    assert_eq!(
        written(&inputs, &place, &failures),
        ["b.rejected.csv", "c.rejected.ndjson"]
    );
    assert_eq!(
        names_in(folder.path()),
        ["b.rejected.csv", "c.rejected.ndjson"]
    );
}

#[test]
fn inputs_of_one_name_do_not_share_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let failures = [
        row(2, &["name", "phone"], &["Ann", "1"]),
        of_input(1, row(2, &["name", "phone"], &["Bob", "2"])),
    ];
    let inputs = [("contacts", csv()), ("contacts", csv())];
    for place in [
        RejectsPlace::Beside(folder.path().join("beside")),
        RejectsPlace::Within(folder.path().join("within")),
    ] {
        let (RejectsPlace::Beside(directory)
        | RejectsPlace::Within(directory)
        | RejectsPlace::Exactly(directory)) = &place;
        fs::create_dir(directory).unwrap();
        let mut names = written(&inputs, &place, &failures);
        names.dedup();
        let all: String = names
            .iter()
            .map(|name| fs::read_to_string(directory.join(name)).unwrap())
            .collect();
        assert!(
            all.contains("Ann,1") && all.contains("Bob,2"),
            "{place:?}: {all}"
        );
    }
}

#[test]
fn a_file_that_was_named_is_replaced_and_removed_when_there_are_no_rejects() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.csv");
    let old = "of the last run, and much longer than what comes now: ".repeat(99);
    fs::write(&path, format!("phone,bp_row\n{old}")).unwrap();
    let place = RejectsPlace::Exactly(path.clone());
    assert_eq!(written(&[("a", csv())], &place, &[ann()]), ["bad.csv"]);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("\u{feff}name,") && !text.contains("last run"));
    assert!(written(&[("a", csv())], &place, &[]).is_empty());
    assert!(!path.exists());
}

#[test]
fn until_there_is_a_reject_a_file_that_was_named_keeps_what_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.csv");
    fs::write(&path, "phone,bp_row\nof the last run").unwrap();
    let place = RejectsPlace::Exactly(path.clone());
    drop(prepare(vec![("a".to_owned(), csv())], &place).unwrap());
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text, "phone,bp_row\nof the last run");
}

#[test]
fn in_a_directory_that_was_named_files_are_replaced_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    for old in ["a.rejected.csv", "b.rejected.csv"] {
        fs::write(folder.path().join(old), "bp_row\nof the last run").unwrap();
    }
    let place = RejectsPlace::Within(folder.path().to_owned());
    let inputs = [("a", csv()), ("b", csv())];
    assert_eq!(written(&inputs, &place, &[ann()]), ["a.rejected.csv"]);
    assert_eq!(names_in(folder.path()), ["a.rejected.csv"]);
    let text = fs::read_to_string(folder.path().join("a.rejected.csv")).unwrap();
    assert!(!text.contains("last run"));
}

#[test]
#[cfg_attr(windows, ignore = "nobody else may write there what a run has claimed")]
fn what_became_something_else_meanwhile_is_neither_replaced_nor_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad.csv");
    let place = RejectsPlace::Exactly(path.clone());
    for failures in [&[ann()][..], &[]] {
        fs::write(&path, "").unwrap();
        let mut rejects = prepare(vec![("a".to_owned(), csv())], &place).unwrap();
        fs::write(&path, "precious").unwrap();
        for failure in failures {
            let words = rejects.write(failure).unwrap_err().to_string();
            assert!(words.contains("something else than rejects"), "{words}");
        }
        rejects.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
    }
}

#[cfg(unix)]
#[test]
fn no_other_user_may_read_a_rejects_file() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let folder = tempfile::tempdir().unwrap();
    for (place, name) in [
        (
            RejectsPlace::Beside(folder.path().to_owned()),
            "a.rejected.csv",
        ),
        (
            RejectsPlace::Exactly(folder.path().join("new.csv")),
            "new.csv",
        ),
    ] {
        written(&[("a", csv())], &place, &[ann()]);
        assert_eq!(mode(&folder.path().join(name)), 0o600, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn no_other_user_may_read_a_rejects_file_that_replaced_an_open_one() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.csv");
    fs::write(&path, "").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    written(
        &[("a", csv())],
        &RejectsPlace::Exactly(path.clone()),
        &[ann()],
    );
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn two_runs_never_write_one_rejects_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("no.csv");
    let plan = || {
        let inputs = vec![("a".to_owned(), csv())];
        Rejects::plan(inputs, &RejectsPlace::Exactly(path.clone()), None)
    };
    let mut first = plan();
    first.prove().unwrap();
    let refused = plan().prove().unwrap_err().to_string();
    let words = if cfg!(windows) {
        "another program"
    } else {
        "another run writes it"
    };
    assert!(refused.contains(words), "{refused}");
    first.write(&ann()).unwrap();
    assert!(plan().prove().is_err());
    assert_eq!(first.finish().unwrap(), std::slice::from_ref(&path));
    let mut second = plan();
    second.prove().unwrap();
    assert!(second.finish().unwrap().is_empty() && !path.exists());
}

#[cfg(windows)]
#[test]
fn a_rejects_file_that_excel_keeps_is_reported_before_anything_is_sent() {
    use std::os::windows::fs::OpenOptionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.csv");
    fs::write(&path, "phone,bp_row\n12,2\n").unwrap();
    let mut excel = fs::OpenOptions::new();
    // `FILE_SHARE_READ`: others may read it.
    let _shown = excel.read(true).share_mode(1).open(&path).unwrap();
    let inputs = vec![("a".to_owned(), csv())];
    let mut rejects = Rejects::plan(inputs, &RejectsPlace::Exactly(path.clone()), None);
    let words = rejects.prove().unwrap_err().to_string();
    assert!(
        words.ends_with("(it is open in another program): close it in Excel, then run again"),
        "{words}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), "phone,bp_row\n12,2\n");
}

#[test]
fn what_is_no_file_is_written_to_and_never_removed() {
    let null = Path::new(if cfg!(windows) { "NUL" } else { "/dev/null" });
    for failures in [&[ann()][..], &[]] {
        written(
            &[("a", csv())],
            &RejectsPlace::Exactly(null.to_owned()),
            failures,
        );
        assert!(cfg!(windows) || null.exists());
    }
}

#[test]
fn a_file_that_cannot_be_written_is_found_out_before_the_first_reject() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none");
    for place in [
        RejectsPlace::Beside(missing.clone()),
        RejectsPlace::Within(missing.clone()),
        RejectsPlace::Exactly(missing.join("bad.csv")),
        RejectsPlace::Exactly(folder.path().to_owned()),
    ] {
        let error = prepare(vec![("a".to_owned(), csv())], &place).unwrap_err();
        let words = error.to_string();
        assert!(words.contains(&*folder.path().to_string_lossy()), "{words}");
        assert!(
            words.ends_with("make room or name another with --rejects"),
            "{words}"
        );
    }
    assert!(names_in(folder.path()).is_empty());
}

#[test]
fn a_row_is_as_it_was_with_what_became_of_it_behind() {
    assert_eq!(
        text(csv(), &[ann()]),
        "\u{feff}name,phone,bp_row,bp_outcome,bp_code,bp_reason\n\
         Ann,123,7,refused,refused,\"phone is \"\"blacklisted\"\", for good\"\n"
    );
}

#[test]
fn each_outcome_and_code_is_the_word_that_scripts_read() {
    let shown = |outcome, code| {
        let failure = Failure {
            outcome,
            reason: Reason::plain(code, "why"),
            ..ann()
        };
        let text = text(csv(), &[failure]);
        text.lines().nth(1).unwrap().to_owned()
    };
    for (outcome, code, expected) in [
        (
            Outcome::Invalid,
            Code::PhoneTooShort,
            "invalid,phone_too_short,why",
        ),
        (Outcome::Refused, Code::TooLarge, "refused,too_large,why"),
        (Outcome::Unknown, Code::NoAnswer, "unknown,no_answer,why"),
        (Outcome::Unsent, Code::NotSent, "unsent,not_sent,why"),
    ] {
        assert_eq!(shown(outcome, code), format!("Ann,123,7,{expected}"));
    }
}

#[test]
fn the_inputs_own_delimiter_stays() {
    let names = ["name", "phone;1"];
    for (delimiter, expected) in [
        (b';', "Ann,A;\"1;2\";7;refused"),
        (b'\t', "Ann,A\t1;2\t7\trefused"),
        (b',', "\"Ann,A\",1;2,7,refused"),
    ] {
        let text = text(
            table(&names, delimiter),
            &[row(7, &names, &["Ann,A", "1;2"])],
        );
        assert!(text.lines().nth(1).unwrap().starts_with(expected), "{text}");
    }
}

#[test]
fn columns_of_an_earlier_rejects_file_are_replaced_wherever_they_were() {
    let names = [
        "bp_row",
        "name",
        "bp_code",
        "phone",
        "bp_outcome",
        "bp_reason",
    ];
    let cells = ["3", "Ann", "no_phone", "123", "invalid", "old"];
    let text = text(table(&names, b','), &[row(7, &names, &cells)]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "\u{feff}name,phone,bp_row,bp_outcome,bp_code,bp_reason"
    );
    assert!(lines[1].starts_with("Ann,123,7,refused,refused,"), "{text}");
    assert!(!text.contains("old"));
}

#[test]
fn surplus_cells_are_kept_behind_and_missing_ones_are_empty() {
    let names = ["name", "phone"];
    let failures = [
        row(2, &names, &["Ann", "123", "surplus", "", "more"]),
        row(3, &names, &["Bob"]),
    ];
    let text = text(csv(), &failures);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[1].starts_with("Ann,123,2,refused,refused,"));
    assert!(lines[1].ends_with(",surplus,,more"), "{text}");
    assert!(lines[2].starts_with("Bob,,3,refused,"), "{text}");
}

#[test]
fn rows_are_in_the_file_as_soon_as_they_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let place = RejectsPlace::Beside(folder.path().to_owned());
    let inputs = vec![("a".to_owned(), csv()), ("b".to_owned(), Shape::Objects)];
    let mut rejects = prepare(inputs, &place).unwrap();
    rejects.write(&ann()).unwrap();
    rejects.write(&of_input(1, object("{}"))).unwrap();
    for (name, lines) in [("a.rejected.csv", 2), ("b.rejected.ndjson", 1)] {
        let text = fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(text.lines().count(), lines, "{name}");
    }
}

const ADDED: &str = r#""bp_row":3,"bp_outcome":"refused","bp_code":"refused","bp_reason":"phone is \"blacklisted\", for good"}"#;

#[test]
fn an_object_is_as_it_was_with_our_keys_added() {
    for (raw, expected) in [
        (
            r#"{"name":"Ann","phone":123}"#,
            r#"{"name":"Ann","phone":123,"#,
        ),
        (
            r#"{"n":1.50e+3,"big":12345678901234567890123}"#,
            r#"{"n":1.50e+3,"big":12345678901234567890123,"#,
        ),
        (
            r#"{"z":{"b":[1, {"c":null}]},"a":"\u00fc"}"#,
            r#"{"z":{"b":[1, {"c":null}]},"a":"\u00fc","#,
        ),
        (
            r#"{"bp_row":9,"name":"Ann","bp_code":"old","bp_reason":"x","bp_outcome":"y"}"#,
            r#"{"name":"Ann","#,
        ),
        (
            "{\"a\":[1,\n2],\r\n\"b\":\"x\"}",
            r#"{"a":[1, 2],  "b":"x","#,
        ),
        (r#"{"Ä \" \\":"x"}"#, r#"{"Ä \" \\":"x","#),
        ("{}", "{"),
        (r#"{"a":1,"a":2}"#, r#"{"a":1,"a":2,"#),
    ] {
        let text = text(Shape::Objects, &[object(raw)]);
        assert_eq!(text, format!("{expected}{ADDED}\n"), "{raw}");
    }
}

#[test]
fn what_was_no_object_is_under_a_key_of_its_own() {
    let bad_json = || Defect::BadJson {
        words: "x".to_owned(),
    };
    for (raw, defect) in [
        (r#"{"name":"Ann", phone:1}"#, bad_json()),
        ("[1,2]", bad_json()),
        ("\"text\"", bad_json()),
        ("", bad_json()),
        (
            r#"{"name":"A\ufffdn"}"#,
            Defect::BadEncoding { column: None },
        ),
        (r#"{"name":"AAAA"#, Defect::CellTooLarge { column: None }),
    ] {
        let text = text(Shape::Objects, &[defective(raw, defect)]);
        let kept = serde_json::to_string(raw).unwrap();
        assert_eq!(text, format!("{{\"bp_raw\":{kept},{ADDED}\n"), "{raw}");
    }
}

/// All records of a file, as the importer reads them.
/// Reads a file whose encoding is known: thirty bytes with a NUL or two may be anything.
fn read_back(path: &Path) -> Vec<DraftRecord> {
    let reading = ReadOptions {
        encoding: Some(Encoding::UTF_8),
        ..ReadOptions::default()
    };
    let mut opened = open(&Input::file(path), InputId(0), &reading).unwrap();
    std::iter::from_fn(|| opened.next().unwrap()).collect()
}

/// The columns that are the user's own, with their cells; what is not there and what is empty are the same in a table.
fn own(record: &DraftRecord) -> Vec<(String, CellValue)> {
    let cell = |cell: Option<&CellValue>| match cell {
        None | Some(CellValue::Absent) if record.raw.is_none() => CellValue::Text(String::new()),
        None => CellValue::Absent,
        Some(cell) => cell.clone(),
    };
    let columns = record.header.names.iter().enumerate();
    columns
        .filter(|(_, name)| !is_own_column(name))
        .map(|(at, name)| (name.clone(), cell(record.cells.get(at))))
        .collect()
}

/// Text as it is in real files, and as it should not be.
fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9 ]{0,12}",
        "[,;|\t\"'=@+\r\n \u{a0}ü李-]{0,12}",
        "\\PC{0,12}",
        Just("bp_row".to_owned()),
        Just("\"".to_owned()),
        Just("NULL".to_owned()),
    ]
}

/// A header whose first name begins no other format, as every header that was read.
fn headers() -> impl Strategy<Value = Vec<String>> {
    ("[a-z][a-z ]{0,5}", proptest::collection::vec(nasty(), 0..6)).prop_map(|(first, mut names)| {
        names.retain(|name| !is_own_column(name));
        names.insert(0, first);
        names
    })
}

fn rows_of(width: usize) -> impl Strategy<Value = Vec<Vec<CellValue>>> {
    let cell = prop_oneof![9 => nasty().prop_map(CellValue::Text), 1 => Just(CellValue::Absent)];
    proptest::collection::vec(proptest::collection::vec(cell, width), 1..5)
}

fn tables() -> impl Strategy<Value = (Vec<String>, Vec<Vec<CellValue>>, u8)> {
    let delimiter = prop_oneof![Just(b','), Just(b';'), Just(b'\t')];
    (headers(), delimiter).prop_flat_map(|(names, delimiter)| {
        let width = names.len();
        (Just(names), rows_of(width), Just(delimiter))
    })
}

/// A JSON value of some depth, with numbers that no float holds.
fn values() -> impl Strategy<Value = String> {
    let quoted = nasty().prop_map(|text| serde_json::to_string(&text).unwrap());
    let scalar = prop_oneof![
        quoted,
        "-?[1-9][0-9]{0,25}(\\.[0-9]{1,4})?(e[+-][1-9])?",
        Just("null".to_owned()),
        Just("true".to_owned()),
    ];
    scalar.prop_recursive(2, 12, 4, |inner| {
        let list = proptest::collection::vec(inner.clone(), 0..4)
            .prop_map(|items| format!("[{}]", items.join(", ")));
        prop_oneof![list, objects_of(inner)]
    })
}

fn objects_of(values: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let key = nasty()
        .prop_filter("a key of ours", |key| !is_own_column(key))
        .prop_map(|key| serde_json::to_string(&key).unwrap());
    proptest::collection::vec((key, values), 0..5).prop_map(|entries| {
        let entries = entries
            .into_iter()
            .map(|(key, value)| format!("{key} : {value}"));
        format!("{{{}}}", entries.collect::<Vec<_>>().join(" ,"))
    })
}

proptest! {
    #[test]
    fn a_row_survives_the_rejects_file_and_comes_back((names, rows, delimiter) in tables()) {
        let folder = tempfile::tempdir().unwrap();
        let header = Arc::new(Header { layout: Layout::Table, names });
        let records: Vec<DraftRecord> = (2..)
            .zip(rows)
            .map(|(row, cells)| DraftRecord { header: Arc::clone(&header), cells, ..blank(row) })
            .collect();
        let shape = Shape::Table { header, delimiter };
        let failures: Vec<Failure> = records.iter().cloned().map(refused).collect();
        let names = written(&[("a", shape)], &RejectsPlace::Beside(folder.path().to_owned()), &failures);
        let back = read_back(&folder.path().join(&names[0]));
        prop_assert_eq!(back.len(), records.len());
        for (record, back) in records.iter().zip(&back) {
            prop_assert_eq!(own(record), own(back));
            prop_assert_eq!(&back.defect, &None);
        }
    }

    #[test]
    fn an_object_survives_the_rejects_file_and_comes_back(
        raws in proptest::collection::vec(objects_of(values()), 1..4),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let original = folder.path().join("a.ndjson");
        fs::write(&original, raws.join("\n")).unwrap();
        let records = read_back(&original);
        let failures: Vec<Failure> = records.iter().cloned().map(refused).collect();
        let place = RejectsPlace::Beside(folder.path().to_owned());
        let names = written(&[("a", Shape::Objects)], &place, &failures);
        let back = read_back(&folder.path().join(&names[0]));
        prop_assert_eq!(back.len(), raws.len());
        for (record, back) in records.iter().zip(&back) {
            prop_assert_eq!(&record.defect, &None);
            prop_assert_eq!(own(record), own(back));
        }
    }

    #[test]
    fn a_line_that_was_no_object_comes_back_as_it_was(raw in "[^\r\n\u{feff}]{0,30}") {
        let broken = format!("{{{raw}");
        let folder = tempfile::tempdir().unwrap();
        let original = folder.path().join("a.ndjson");
        fs::write(&original, &broken).unwrap();
        let records = read_back(&original);
        prop_assume!(records[0].defect.is_some());
        let failures: Vec<Failure> = records.iter().cloned().map(refused).collect();
        let place = RejectsPlace::Beside(folder.path().to_owned());
        let names = written(&[("a", Shape::Objects)], &place, &failures);
        let back = read_back(&folder.path().join(&names[0]));
        prop_assert_eq!(&back[0].raw, &records[0].raw);
        let kind = |record: &DraftRecord| record.defect.as_ref().map(std::mem::discriminant);
        prop_assert_eq!(kind(&back[0]), kind(&records[0]));
    }
}

#[test]
fn a_row_with_surplus_cells_comes_back_with_as_many() {
    let folder = tempfile::tempdir().unwrap();
    let failure = row(2, &["name", "phone"], &["Ann", "123", "surplus"]);
    let place = RejectsPlace::Beside(folder.path().to_owned());
    written(&[("a", csv())], &place, &[failure]);
    let back = read_back(&folder.path().join("a.rejected.csv"));
    let expected = Defect::SurplusCells {
        found: 7,
        expected: 6,
    };
    assert_eq!(back[0].defect, Some(expected));
    assert_eq!(
        back[0].cells.last(),
        Some(&CellValue::Text("surplus".to_owned()))
    );
}
