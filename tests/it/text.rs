//! Text as people have it: encodings, delimiters, files without a header, and lines above the header.

use crate::run::{Folder, RunResult, each, phone, phones};
use crate::server::Server;

/// Contacts with accents, under a header.
fn table(delimiter: char, line_end: &str) -> String {
    let rows = [
        "Name,Phone,City".to_owned(),
        format!("José Müller,{},Besançon", phone(0)),
        format!("Zoë,{},Genève", phone(1)),
    ];
    rows.map(|row| row.replace(',', &delimiter.to_string()) + line_end)
        .concat()
}

fn latin(text: &str) -> Vec<u8> {
    text.chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect()
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

fn names(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let contacts = requests.iter().flat_map(|request| request.contacts());
    contacts
        .map(|contact| {
            contact["userProvidedName"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        })
        .collect()
}

/// Imports the two contacts of [`table`]; they arrive as they are.
fn import(name: &str, content: &[u8], options: &[&str]) -> RunResult {
    let server = Server::yes();
    let folder = Folder::with(name, content);
    let arguments: Vec<&str> = [name].iter().chain(options).copied().collect();
    let ran = folder.import(&server, &arguments);
    let ran = ran.assert("0: 2 read, 2 accepted");
    assert_eq!(server.numbers(), phones(2), "{ran:#?}");
    assert_eq!(names(&server), ["José Müller", "Zoë"], "{ran:#?}");
    ran
}

/// Fails before anything is sent; gives the run.
fn fail(content: impl AsRef<[u8]>, options: &[&str], words: &[&str]) {
    let server = Server::forbidden();
    let folder = Folder::with("a.csv", content);
    let arguments: Vec<&str> = ["a.csv"].iter().chain(options).copied().collect();
    folder.import(&server, &arguments).assert_usage(words);
}

#[test]
fn what_a_file_is_written_in_is_found_out_and_reported_as_the_options_that_say_it() {
    let comma = table(',', "\n");
    let cases = [
        ("a.csv", comma.clone().into_bytes(), ""),
        ("a.csv", format!("\u{feff}{comma}").into_bytes(), ""),
        ("a.csv", table(',', "\r").into_bytes(), ""),
        ("a.tsv", table('\t', "\r\n").into_bytes(), ""),
        (
            "a.csv",
            table(';', "\n").into_bytes(),
            "--delimiter semicolon\n",
        ),
        ("a.csv", table('|', "\r").into_bytes(), "--delimiter pipe\n"),
        ("a.txt", table('\t', "\n").into_bytes(), "--delimiter tab\n"),
        ("a.tsv", comma.clone().into_bytes(), "--delimiter comma\n"),
        ("a.csv", latin(&comma), "--encoding windows-1252\n"),
        (
            "a.csv",
            latin(&table(';', "\r\n")),
            "--delimiter semicolon --encoding windows-1252\n",
        ),
        (
            "a.txt",
            utf16(
                &format!("\u{feff}{}", table('\t', "\r\n")),
                u16::to_le_bytes,
            ),
            "--delimiter tab --encoding utf-16le\n",
        ),
        (
            "a.csv",
            utf16(&comma, u16::to_be_bytes),
            "--encoding utf-16be\n",
        ),
    ];
    each(&cases, |(name, content, told)| {
        let ran = import(name, content, &[]);
        match *told {
            "" => assert!(!ran.stderr.contains("read with"), "{ran:#?}"),
            told => drop(ran.assert_says(&[&format!("{name}: read with {told}")])),
        }
    });
}

#[test]
fn what_is_given_is_not_reported_and_reads_the_same() {
    let cases: [(Vec<u8>, &[&str]); 5] = [
        (
            latin(&table(';', "\r\n")),
            &["--delimiter", ";", "--encoding", "windows-1252"],
        ),
        (
            latin(&table(';', "\r\n")),
            &["--delimiter", "semicolon", "--encoding", "Latin1"],
        ),
        (table('\t', "\n").into_bytes(), &["--delimiter", "\\t"]),
        (table('^', "\n").into_bytes(), &["--delimiter", "^"]),
        (
            table('\t', "\n").into_bytes(),
            &["--delimiter", "tab", "--encoding", "utf-8"],
        ),
    ];
    each(&cases, |(content, options)| {
        let ran = import("a.csv", content, options);
        assert!(!ran.stderr.contains("read with"), "{ran:#?}");
    });
}

#[test]
fn japanese_text_is_read() {
    // 氏名,電話 and 山田太郎 in Shift-JIS.
    let mut content = b"\x8e\x81\x96\xbc,Phone\n\x8eR\x93c\x91\xbe\x98Y,".to_vec();
    content.extend(phone(0).into_bytes());
    let server = Server::yes();
    let folder = Folder::with("a.csv", content);
    let ran = folder
        .import(&server, &["a.csv", "--map", "name=氏名"])
        .assert("0: 1 read, 1 accepted");
    ran.assert_says(&["--encoding shift_jis"]);
    assert_eq!(names(&server), ["山田太郎"]);
}

#[test]
fn json_in_utf_16_is_read() {
    let content = format!(r#"[{{"name":"Zoë","phone":"{}"}}]"#, phone(0));
    let server = Server::yes();
    let folder = Folder::with("a.json", utf16(&content, u16::to_le_bytes));
    folder
        .import(&server, &["a.json"])
        .assert("0: 1 read, 1 accepted");
    assert_eq!(names(&server), ["Zoë"]);
}

#[test]
fn stdin_is_found_out_like_a_file() {
    let server = Server::yes();
    let url = server.url();
    let ran = Folder::new()
        .bp(["--json", "--base-url", &url, "-"])
        .stdin(latin(&table(';', "\n")))
        .run();
    let ran = ran.assert("0: 2 read, 2 accepted");
    ran.assert_says(&["stdin: read with --delimiter semicolon --encoding windows-1252"]);
    assert_eq!(names(&server), ["José Müller", "Zoë"]);
}

#[test]
fn a_mark_beats_the_encoding_that_is_named() {
    let content = format!("\u{feff}{}", table(',', "\n"));
    let ran = import("a.csv", content.as_bytes(), &["--encoding", "windows-1252"]);
    ran.assert_says(&["--encoding utf-8"]);
}

#[test]
fn wrong_labels_and_delimiters_are_2() {
    let cases: [(&[&str], &[&str]); 6] = [
        (
            &["--encoding", "windoes-1252"],
            &["--encoding", "did you mean windows-1252?"],
        ),
        (&["--encoding", "klingon"], &["--encoding", "utf-8"]),
        (&["--delimiter", ";;"], &["--delimiter", "semicolon"]),
        (&["--delimiter", "§"], &["--delimiter"]),
        (&["--delimiter", "\""], &["--delimiter", "quotes"]),
        (&["--delimiter", ""], &["--delimiter"]),
    ];
    each(&cases, |(options, words)| {
        fail(table(',', "\n"), options, words);
    });
}

#[test]
fn excels_first_line_is_honoured_and_counted_among_the_rows() {
    let server = Server::yes();
    let content = format!("sep=;\r\nName;Phone\r\nA, B;{}\r\nC;12\r\n", phone(0));
    let folder = Folder::with("a.csv", content);
    let ran = folder.import(&server, &["a.csv", "-v"]);
    let ran = ran.assert("3: 2 read, 1 accepted, 1 invalid");
    ran.assert_says(&["a.csv row 4"]);
    assert_eq!(names(&server), ["A, B"]);
    assert!(
        folder
            .read("a.rejected.csv")
            .starts_with("\u{feff}Name;Phone;bp_row;")
    );
}

#[test]
fn rows_above_the_header_are_passed_over_reported_and_counted_among_the_rows() {
    for banner in ["Contacts exported 2026-01-01\n\n", "Contacts,,\n,,\n"] {
        let server = Server::yes();
        let content = format!("{banner}Name,Phone,City\nA,{},Pune\nB,12,\n", phone(0));
        let folder = Folder::with("a.csv", content);
        let ran = folder.import(&server, &["a.csv", "-v"]);
        let ran = ran.assert("3: 2 read, 1 accepted, 1 invalid");
        ran.assert_says(&["a.csv: rows 1 to 2 were passed over", "a.csv row 5"]);
        assert_eq!(names(&server), ["A"]);
    }
}

#[test]
fn without_a_header_columns_go_by_their_numbers() {
    let server = Server::yes();
    let content = format!("José;{};x\n\nB;{}\nC;12;;\n", phone(0), phone(1));
    let folder = Folder::with("a.csv", latin(&content));
    let options = ["--no-header", "--map", "phone=2", "--map", "name={1}", "-v"];
    let arguments: Vec<&str> = ["a.csv"].iter().chain(&options).copied().collect();
    let ran = folder.import(&server, &arguments);
    let ran = ran.assert("3: 3 read, 2 accepted, 1 invalid");
    ran.assert_says(&["phone <- \"2\"", "a.csv row 4"]);
    assert_eq!(server.numbers(), phones(2));
    assert_eq!(names(&server), ["José", "B"]);

    let rejected = folder.read("a.rejected.csv");
    assert!(
        rejected.starts_with("\u{feff}1;2;3;4;bp_row;"),
        "{rejected}"
    );
    let server = Server::yes();
    folder.write(
        "a.rejected.csv",
        rejected.replace("C;12;", &format!("C;{};", phone(2))),
    );
    let again: Vec<&str> = ["a.rejected.csv"].iter().chain(&options).copied().collect();
    folder
        .import(&server, &again)
        .assert("0: 1 read, 1 accepted");
    assert_eq!(names(&server), ["C"]);
}

#[test]
fn the_next_command_gives_rejects_back_without_what_was_said_of_the_input() {
    let server = Server::yes();
    let folder = Folder::with("a.csv", latin(&format!("José^{}\nZoë^12\n", phone(0))));
    let ran = folder.import(
        &server,
        &[
            "a.csv",
            "--no-header",
            "--delimiter=^",
            "--encoding=latin1",
            "--map",
            "phone=2",
        ],
    );
    let ran = ran.assert("3: 2 read, 1 accepted, 1 invalid");
    let next = ran.summary()["next"].as_str().unwrap().to_owned();
    for option in ["--no-header", "--delimiter", "--encoding"] {
        assert!(!next.contains(option), "{next}");
    }
    let mended = folder
        .read("a.rejected.csv")
        .replace("^12^", &format!("^{}^", phone(1)));
    folder.write("a.rejected.csv", mended);
    folder.follow(&next).run().assert("0: 1 read, 1 accepted");
}

#[test]
fn a_file_without_a_header_is_recognised_and_the_option_named() {
    let plain = format!("Asha,{}\nBo,{}\n", phone(0), phone(1));
    fail(&plain, &[], &["a.csv", "--no-header --map phone=2"]);
    let local = "9876543210,Asha\n9876543211,Bo\n";
    fail(local, &[], &["--no-header --map phone=1"]);
    fail(
        &plain,
        &["--no-header"],
        &["by its number", "--map phone=2"],
    );
    fail(
        &plain,
        &["--no-header", "--map", "phone=Phone"],
        &["\"Phone\"", "the columns are 1 to 2"],
    );
    fail("Asha,Bo\nC,D\n", &["--no-header"], &["--map phone="]);
}

#[test]
fn a_header_that_a_wrong_delimiter_left_whole_is_reported_with_the_likely_one() {
    fail(
        table(';', "\n"),
        &["--delimiter", ","],
        &["one column", "--delimiter semicolon"],
    );
}

#[test]
fn a_rejects_file_with_a_name_of_64_kb_keeps_its_delimiter() {
    let server = Server::yes();
    let long = "x,".repeat(32_000);
    let content = format!(
        "Phone;\"{long}\";bp_row;bp_outcome;bp_code;bp_reason\n{};;2;invalid;no_phone;no phone\n",
        phone(0)
    );
    let folder = Folder::with("a.rejected.csv", content);
    folder
        .import(&server, &["a.rejected.csv", "--no-header"])
        .assert("0: 1 read, 1 accepted");
}

#[test]
fn letters_of_another_encoding_far_behind_utf_8_cost_their_row_only() {
    let mut content = b"name,phone,note\n".to_vec();
    let note = "x".repeat(1_000);
    for index in 0..400 {
        content.extend(format!("A,{},{note}\n", phone(index)).into_bytes());
    }
    content.extend(latin(&format!("José,{},\n", phone(400))));
    let server = Server::yes();
    let folder = Folder::with("a.csv", content);
    let ran = folder.import(&server, &["a.csv", "-v"]);
    let ran = ran.assert("3: 401 read, 400 accepted, 1 invalid");
    assert_eq!(ran.reasons(), ["bad_encoding 1"]);
    ran.assert_says(&["a.csv row 402", "--encoding windows-1252"]);
}

#[test]
fn options_on_text_come_from_the_environment_too() {
    let server = Server::yes();
    let folder = Folder::with("a.csv", latin(&format!("José;{}\n", phone(0))));
    let url = server.url();
    folder
        .bp(["a.csv", "--json", "--base-url", &url])
        .variable("BP_IMPORT_ENCODING", "windows-1252")
        .variable("BP_IMPORT_DELIMITER", "semicolon")
        .variable("BP_IMPORT_NO_HEADER", "yes")
        .variable("BP_IMPORT_MAP", "phone=2\nname=1")
        .run()
        .assert("0: 1 read, 1 accepted");
    assert_eq!(names(&server), ["José"]);
}

/// What a fixture of `fixtures/cases/csv` sends, as `name prefix-number`, and the run.
fn case(name: &str, options: &[&str]) -> (Vec<String>, RunResult) {
    let path = format!("{}/fixtures/cases/csv/{name}", env!("CARGO_MANIFEST_DIR"));
    let server = Server::yes();
    let folder = Folder::with(name, std::fs::read(path).unwrap());
    let arguments: Vec<&str> = [name, "-v"].iter().chain(options).copied().collect();
    let ran = folder.import(&server, &arguments);
    let sent = names(&server).into_iter().zip(server.numbers());
    (
        sent.map(|(name, number)| format!("{name} {number}"))
            .collect(),
        ran,
    )
}

#[test]
fn a_quote_that_a_backslash_escapes_shifts_no_column() {
    let (sent, ran) = case("backslash_shift.csv", &[]);
    assert_eq!(sent, ["Asha \" +919876543210", "Ravi +919811122334"]);
    ran.assert_says(&["read with --escape backslash"]);
    let (sent, ran) = case("mysql_backslash.csv", &[]);
    assert_eq!(
        sent,
        [
            "Asha \"Boss\" Rao +919876543210",
            "Ravi \"R, K\" Das +919812345678"
        ]
    );
    ran.assert("0: 2 read, 2 accepted");
    let (sent, ran) = case("mysql_backslash.csv", &["--escape", "\\"]);
    assert_eq!(sent.len(), 2, "{ran:#?}");
    assert!(!ran.stderr.contains("read with"), "{ran:#?}");
}

#[test]
fn an_escape_is_kept_in_a_saved_mapping() {
    let path = format!(
        "{}/fixtures/cases/csv/mysql_backslash.csv",
        env!("CARGO_MANIFEST_DIR")
    );
    let folder = Folder::with("a.csv", std::fs::read(path).unwrap());
    let ran = folder.bp(["-n", "a.csv", "--save-mapping", "m.toml"]).run();
    assert_eq!(ran.code, 0, "{ran:#?}");
    assert!(folder.read("m.toml").contains("escape = "));
    let ran = folder.bp(["-n", "a.csv", "--mapping", "m.toml"]).run();
    assert!(!ran.stderr.contains("read with"), "{ran:#?}");
    assert_eq!(ran.code, 0, "{ran:#?}");
}

#[test]
fn a_row_that_holds_others_in_its_quotes_is_invalid_and_so_it_is_when_given_back() {
    let server = Server::forbidden();
    let path = format!(
        "{}/fixtures/cases/csv/csv-unclosed-last.csv",
        env!("CARGO_MANIFEST_DIR")
    );
    let folder = Folder::with("a.csv", std::fs::read(path).unwrap());
    for name in ["a.csv", "a.rejected.csv"] {
        let ran = folder.import(&server, &[name, "-v"]);
        ran.assert_says(&["rows 3 to 4 are inside its quotes"])
            .assert("3: 1 read, 1 invalid");
    }
}

#[test]
fn the_end_of_file_that_dos_writes_is_no_row() {
    let (sent, ran) = case("ctrl_z.csv", &[]);
    assert_eq!(sent, ["Asha +919876543210"]);
    ran.assert("0: 1 read, 1 accepted");
}
