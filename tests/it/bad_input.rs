//! Bad input: a clear error that names file and row, and nothing valid lost for it.

use crate::run::{Folder, each, phone, phones};
use crate::server::Server;

/// Imports one file and gives the run; `good` are the numbers that must have arrived, in order.
fn import(
    name: &str,
    content: impl AsRef<[u8]>,
    good: &[String],
) -> (Folder, crate::run::RunResult) {
    let server = if good.is_empty() {
        Server::forbidden()
    } else {
        Server::yes()
    };
    let folder = Folder::with(name, content);
    let ran = folder.import(&server, &[name, "-v"]);
    assert_eq!(server.numbers(), good, "{ran:#?}");
    (folder, ran)
}

#[test]
fn a_row_with_too_few_cells_has_empty_ones() {
    let content = format!("phone,name,email\n{}\n{},B\n", phone(0), phone(1));
    let (_, ran) = import("a.csv", content, &phones(2));
    ran.assert("0: 2 read, 2 accepted");
}

#[test]
fn surplus_cells_matter_only_when_something_is_in_them() {
    let content = format!(
        "name,phone\nA,{},,\nB,{}, ,\t\nC,{},Pune\nD,{}\n",
        phone(0),
        phone(1),
        phone(9),
        phone(2)
    );
    let (folder, ran) = import("a.csv", content, &phones(3));
    let ran = ran.assert("3: 4 read, 3 accepted, 1 invalid");
    assert_eq!(ran.reasons(), ["surplus_cells 1"]);
    assert!(folder.read("a.rejected.csv").contains("Pune"));
    ran.assert_says(&["a.csv row 4"]);
}

#[test]
fn a_cell_that_is_no_utf_8_costs_its_row_only() {
    let mut content = format!("name,phone\nZoë,{}\nJos", phone(0)).into_bytes();
    content.push(0xe9);
    content.extend(format!(",{}\nC,{}\n", phone(9), phone(1)).into_bytes());
    let (_, ran) = import("a.csv", content, &phones(2));
    let ran = ran.assert("3: 3 read, 2 accepted, 1 invalid");
    assert_eq!(ran.reasons(), ["bad_encoding 1"]);
    ran.assert_says(&["a.csv row 3", "UTF-8", "name"]);
}

#[test]
fn a_cell_over_1_mb_costs_its_row_only() {
    let huge = "x".repeat(1_000_001);
    let fits = "y".repeat(999_999);
    let content = format!(
        "note,phone\n{fits},{}\n{huge},{}\nC,{}\n",
        phone(0),
        phone(9),
        phone(1)
    );
    let (folder, ran) = import("a.csv", content, &phones(2));
    let ran = ran.assert("3: 3 read, 2 accepted, 1 invalid");
    assert_eq!(ran.reasons(), ["cell_too_large 1"]);
    assert!(folder.read("a.rejected.csv").len() < 100_000);
    ran.assert_says(&["a.csv row 3", "1 MB", "note"]);
}

#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded_while_an_endless_cell_is_read() {
    use std::io::Write;
    let server = Server::yes();
    let folder = Folder::new();
    let url = server.url();
    let mut running = folder.bp(["--json", "--base-url", &url, "-"]).start();
    let mut stdin = running.stdin.take().unwrap();
    stdin
        .write_all(format!("phone,note\n{},", phone(0)).as_bytes())
        .unwrap();
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..48 {
        stdin.write_all(&piece).unwrap();
    }
    let peak = running.peak_memory();
    stdin
        .write_all(format!("\n{},\n", phone(1)).as_bytes())
        .unwrap();
    drop(stdin);
    running.end().assert("3: 2 read, 1 accepted, 1 invalid");
    assert!(peak < 40 << 20, "{peak} bytes");
}

#[test]
fn a_broken_line_costs_itself_only() {
    for broken in [
        "{\"phone\":",
        "not json",
        "[1]",
        "7",
        "\"text\"",
        "null",
        "{\"phone\":\"1\"} x",
    ] {
        let content = format!(
            "{{\"phone\":\"{}\"}}\n{broken}\n\n{{\"phone\":\"{}\"}}\n",
            phone(0),
            phone(1)
        );
        let (folder, ran) = import("a.ndjson", content, &phones(2));
        let ran = ran.assert("3: 3 read, 2 accepted, 1 invalid");
        assert_eq!(ran.reasons(), ["bad_json 1"], "{broken}");
        assert!(folder.read("a.rejected.ndjson").contains("\"bp_raw\":"));
        ran.assert_says(&["a.ndjson row 2"]);
    }
}

#[test]
fn an_element_that_is_no_object_costs_itself_only() {
    for element in ["7", "null", "\"text\"", "[]", "[{\"phone\":\"1\"}]", "true"] {
        let content = format!(
            "[{{\"phone\":\"{}\"}},{element},{{\"phone\":\"{}\"}}]",
            phone(0),
            phone(1)
        );
        let (_, ran) = import("a.json", content, &phones(2));
        let ran = ran.assert("3: 3 read, 2 accepted, 1 invalid");
        assert_eq!(ran.reasons(), ["bad_json 1"], "{element}");
    }
}

#[test]
fn a_stray_quote_does_not_eat_the_file() {
    let rows = |count: usize| {
        (10..10 + count)
            .map(|index| format!("B,{}\n", phone(index)))
            .collect::<String>()
    };
    let cases = [
        // To the end of the input.
        rows(5),
        // Over 1,000 lines, and a quote that would close it.
        rows(1_500) + "\",x\n",
        // Over 1 MB in few lines.
        format!("{}\n", "x".repeat(1_200_000)),
    ];
    each(&cases, |rest| {
        let content = format!(
            "name,phone\nA,{}\nB,{}\n\"C,{}\n{rest}",
            phone(0),
            phone(1),
            phone(9)
        );
        let (_, ran) = import("a.csv", content, &phones(2));
        let ran = ran.assert_stopped("4: 2 read, 2 accepted", "input");
        ran.assert_says(&["a.csv", "row 4", "line 4"]);
    });
}

#[test]
fn a_cell_over_20_lines_is_warned_of_and_sent() {
    let cell = |lines: usize| format!("\"{}\"", vec!["line"; lines].join("\n"));
    let content = format!(
        "phone,note\n{},{}\n{},{}\n",
        phone(0),
        cell(20),
        phone(1),
        cell(22)
    );
    let (_, ran) = import("a.csv", content, &phones(2));
    let ran = ran.assert("0: 2 read, 2 accepted");
    assert_eq!(ran.count("warnings"), 1, "{ran:#?}");
    ran.assert_says(&["line 22", "22 lines"]);
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_shows_them() {
    let content = format!("name,phone\n\"A\nA\",{}\n\nB,12\n", phone(0));
    let (_, ran) = import("a.csv", content, &phones(1));
    assert_eq!(ran.summary()["reasons"][0]["rows"], serde_json::json!([4]));
    let content = format!(
        "[{{\"phone\":\"{}\"}},\n\n{{\"phone\":\"+91 12\"}}]",
        phone(0)
    );
    let (_, ran) = import("a.json", content, &phones(1));
    assert_eq!(ran.summary()["reasons"][0]["rows"], serde_json::json!([2]));
    let content = format!(
        "{{\"phone\":\"{}\"}}\n\n\n{{\"phone\":\"+91 12\"}}\n",
        phone(0)
    );
    let (_, ran) = import("a.ndjson", content, &phones(1));
    assert_eq!(ran.summary()["reasons"][0]["rows"], serde_json::json!([4]));
}

#[test]
fn each_phone_that_cannot_be_sent_has_its_reason() {
    let cases = [
        ("", "no_phone"),
        ("98765 00009", "phone_no_country"),
        ("call me", "phone_unreadable"),
        ("+91 12345", "phone_too_short"),
        ("+91 98765 00009 12345", "phone_too_long"),
        ("9.19877E+11", "phone_digits_lost"),
    ];
    each(&cases, |(cell, code)| {
        let content = format!("name,phone\nA,{}\nB,\"{cell}\"\n", phone(0));
        let (_, ran) = import("a.csv", content, &phones(1));
        assert_eq!(
            ran.assert("3: 2 read, 1 accepted, 1 invalid").reasons(),
            [format!("{code} 1")],
            "{cell}"
        );
    });
}

#[test]
fn a_doubtful_phone_is_sent_only_when_asked_for() {
    let folder = Folder::with("a.csv", format!("phone\n{}\n+91 11111 11111\n", phone(0)));
    let server = Server::yes();
    let ran = folder
        .import(&server, &["a.csv"])
        .assert("3: 2 read, 1 accepted, 1 invalid");
    assert_eq!(ran.reasons(), ["phone_not_valid 1"]);
    let ran = folder
        .import(&server, &["a.csv", "--on-doubtful-phone", "send"])
        .assert("0: 2 read, 2 accepted");
    assert_eq!(ran.count("warnings"), 1);
}

#[test]
fn a_wrong_email_is_dropped_or_rejects_the_row() {
    let folder = Folder::with(
        "a.csv",
        format!("phone,email\n{},a at example.com\n", phone(0)),
    );
    let ran = folder
        .import(&Server::forbidden(), &["a.csv", "--on-bad-email", "reject"])
        .assert("3: 1 read, 1 invalid");
    assert_eq!(ran.reasons(), ["bad_email 1"]);
    let server = Server::yes();
    let ran = folder
        .import(&server, &["a.csv"])
        .assert("0: 1 read, 1 accepted");
    assert_eq!(ran.count("warnings"), 1);
    assert!(
        server.requests()[0].contacts()[0]["contact"]
            .get("email")
            .is_none()
    );
}

#[test]
fn one_input_that_breaks_off_costs_its_own_rest_and_the_summary_names_no_other() {
    let broken = format!(r#"[{{"phone":"{}"}},{{"phone" 1}}]"#, phone(0));
    let folder = Folder::with("a.json", broken);
    folder.write("b.csv", crate::run::table(3));
    let server = Server::yes();
    let url = server.url();
    let ran = folder.bp(["a.json", "b.csv", "--base-url", &url]).run();
    assert_eq!(ran.code, 4, "{ran:#?}");
    assert!(
        ran.stdout
            .contains("nothing was read after row 1 of a.json"),
        "{ran:#?}"
    );
    assert!(!ran.stdout.contains("of b.csv"), "{ran:#?}");
    assert_eq!(server.numbers().len(), 3, "{ran:#?}");
}

#[test]
#[cfg_attr(windows, ignore = "no such shell there")]
fn lines_that_are_in_quotes_as_a_whole_are_reported_with_what_to_do() {
    let folder = Folder::with("a.csv", "\"name,phone\"\n\"Asha,+919876543210\"\n");
    for more in [&[][..], &["--delimiter", ","]] {
        let ran = folder.bp([&["a.csv", "-n"], more].concat()).run();
        ran.assert_usage(&[
            "each line stands in quotes as a whole",
            "sed 's/^\"//; s/\"$//'",
        ]);
    }
    let line = r#"sed 's/^"//; s/"$//' a.csv | bp-import -n --json"#;
    folder.line(line).run().assert("0: 1 read, 1 would_send");
}
