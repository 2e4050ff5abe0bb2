//! Every exit code that scripts rely on, and what decides between two.

use std::path::PathBuf;

use crate::run::{Folder, NULL, each, phone, table};
use crate::server::{Answer, Server};

#[test]
fn everything_accepted_is_0() {
    let server = Server::yes();
    let folder = Folder::with_contacts(3);
    folder
        .import(&server, &["contacts.csv"])
        .assert("0: 3 read, 3 accepted");
}

#[test]
fn what_is_left_out_on_purpose_is_0() {
    let server = Server::yes();
    let folder = Folder::with(
        "a.csv",
        "phone,city\n+919876500001,Pune\n+91 98765 00001,Pune\n+919876500002,Goa\n",
    );
    folder
        .import(&server, &["a.csv", "--except", "city=goa"])
        .assert("0: 3 read, 1 accepted, 2 skipped");
}

#[test]
fn an_export_without_contacts_is_0_with_a_warning() {
    for (name, content) in [
        ("a.csv", "name,phone\n"),
        ("a.csv", "name,phone"),
        ("a.tsv", "name\tphone\r\n\r\n"),
        ("a.json", "[]"),
        ("a.json", " [ ]\n"),
    ] {
        let server = Server::forbidden();
        let folder = Folder::with(name, content);
        let ran = folder.import(&server, &[name]).assert("0: ");
        ran.assert_says(&["warning", name, "no contacts"]);
        assert_eq!(folder.names(), [name]);
    }
}

#[test]
fn a_wrong_command_line_is_2() {
    let folder = Folder::with_contacts(1);
    let cases: &[(&[&str], &[&str])] = &[
        (&["--frobnicate"], &["--frobnicate"]),
        (&["--batch-size", "0"], &["--batch-size"]),
        (&["--batch-bytes", "many"], &["--batch-bytes"]),
        (&["--timeout", "5"], &["--timeout", "5m"]),
        (&["--timeout", "0s"], &["--timeout"]),
        (&["--retry-for", "soon"], &["--retry-for"]),
        (&["--concurrency", "0"], &["--concurrency"]),
        (&["--max-errors", "lots"], &["--max-errors"]),
        (&["--max-errors", "101%"], &["--max-errors"]),
        (&["--limit", "0"], &["--limit"]),
        (&["--country", "91"], &["--country", "IN"]),
        (&["--country", "Atlantis"], &["--country"]),
        (&["--map", "phone"], &["--map"]),
        (&["--map", "fone=phone"], &["--map", "phone"]),
        (&["--map", "attr.Home Town=name"], &["--map", "hometown"]),
        (&["--attr", "city"], &["--attr"]),
        (&["--attr", "Home Town=Pune"], &["--attr", "hometown"]),
        (&["--only", "city"], &["--only", "HEADER=VALUE"]),
        (&["--output", "xml"], &["--output"]),
        (&["--auth", "basic"], &["--auth"]),
        (&["--bot-id", "a\nb"], &["bot"]),
        (&["--quiet", "--verbose"], &["--quiet"]),
        (&["--token", "abc"], &["--token"]),
    ];
    each(cases, |(arguments, words)| {
        let all = ["contacts.csv"].iter().chain(*arguments);
        folder.bp(all).run().assert_usage(words);
    });
}

#[test]
fn no_input_is_not_there_under_that_name_4() {
    let folder = Folder::new();
    folder.write("directory/contacts.csv", table(1));
    folder.write("empty.csv", "");
    folder.write("blank.csv", " \r\n\n");
    folder.write("empty.json", "");
    folder.write("workbook.csv", b"PK\x03\x04....[Content_Types].xml");
    for (input, words) in [
        ("missing.csv", "no such file"),
        ("directory", "directory"),
        ("empty.csv", "nothing in it"),
        ("blank.csv", "nothing in it"),
        ("empty.json", "nothing in it"),
        ("workbook.csv", "CSV UTF-8"),
    ] {
        let server = Server::forbidden();
        let ran = folder.import(&server, &[input]);
        let ran = ran
            .assert_stopped("4: ", "input")
            .assert_says(&[input, words]);
        assert_eq!(ran.summary()["complete"], false);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_read_is_4() {
    let server = Server::forbidden();
    let ran = Folder::new().import(&server, &["/proc/self/mem"]);
    ran.assert_stopped("4: ", "input")
        .assert_says(&["/proc/self/mem", "cannot be read"]);
}

#[test]
fn one_input_that_cannot_be_opened_stops_all_before_the_first_request() {
    let server = Server::forbidden();
    let folder = Folder::with_contacts(3);
    folder
        .import(&server, &["contacts.csv", "missing.csv"])
        .assert_stopped("4: ", "input");
}

#[test]
fn json_that_breaks_off_delivers_what_came_before_and_is_4_with_the_position() {
    for (end, line) in [
        ("{\"phone\": oops}\n]", "line 3"),
        ("{\"phone\":\"+9198", "line 3"),
        ("", "line 3"),
        ("]\n]", "line 4"),
    ] {
        let server = Server::yes();
        let separator = if end.starts_with(']') { "\n" } else { ",\n" };
        let content = format!(
            "[{{\"phone\":\"{}\"}},\n{{\"phone\":\"{}\"}}{separator}{end}",
            phone(1),
            phone(2)
        );
        let folder = Folder::with("a.json", content);
        let ran = folder
            .import(&server, &["a.json"])
            .assert_stopped("4: 2 read, 2 accepted", "input");
        let ran = ran.assert_says(&["a.json", line, "column"]);
        assert_eq!(ran.summary()["complete"], false);
        assert_eq!(server.numbers(), [phone(1), phone(2)]);
    }
}

#[test]
fn an_unclosed_quote_delivers_the_rows_before_it_and_is_4_with_its_line() {
    let server = Server::yes();
    let content = format!(
        "name,phone\n\"two\nlines\",{}\nB,{}\n\"C,{}\nD,{}\n",
        phone(1),
        phone(2),
        phone(3),
        phone(4)
    );
    let folder = Folder::with("a.csv", content);
    folder
        .import(&server, &["a.csv"])
        .assert_stopped("4: 2 read, 2 accepted", "input")
        .assert_says(&["a.csv", "row 4", "line 5", "quote"]);
    assert_eq!(server.numbers(), [phone(1), phone(2)]);
}

#[test]
fn an_input_that_broke_off_outweighs_bad_rows() {
    let server = Server::yes();
    let folder = Folder::with(
        "a.json",
        format!("[{{\"phone\":\"{}\"}},{{\"phone\":\"12\"}},", phone(1)),
    );
    let ran = folder.import(&server, &["a.json"]);
    ran.assert_stopped("4: 2 read, 1 accepted, 1 invalid", "input");
}

#[test]
fn an_input_that_broke_off_does_not_cost_the_next_one() {
    let server = Server::yes();
    let folder = Folder::with_contacts(2);
    folder.write("a.json", format!("[{{\"phone\":\"{}\"}},", phone(7)));
    let ran = folder.import(&server, &["a.json", "contacts.csv"]);
    ran.assert_stopped("4: 3 read, 3 accepted", "input");
}

#[test]
fn some_that_did_not_arrive_are_3() {
    let server = Server::yes();
    let folder = Folder::with("a.csv", format!("phone\n{}\n+91 12\n", phone(1)));
    folder
        .import(&server, &["a.csv"])
        .assert("3: 2 read, 1 accepted, 1 invalid");
}

#[test]
fn credentials_that_are_not_taken_are_5() {
    let server = Server::script([Answer::no(401, "Unauthorized")]);
    let folder = Folder::with_contacts(3);
    folder
        .import(&server, &["contacts.csv"])
        .assert_stopped("5: 3 read, 3 unsent", "denied");
}

#[test]
fn a_platform_that_cannot_be_reached_is_6() {
    let server = Server::script([Answer::no(503, "busy")]);
    let folder = Folder::with_contacts(3);
    folder
        .import(&server, &["contacts.csv", "--retry-for", "200ms"])
        .assert_stopped("6: 3 read, 3 unsent", "unreachable");
}

#[test]
fn another_server_at_that_address_is_6() {
    let server = Server::script([Answer::new(404, "<h1>Not Found</h1>")]);
    let folder = Folder::with_contacts(3);
    folder
        .import(&server, &["contacts.csv"])
        .assert_stopped("6: 3 read, 3 unsent", "wrong_address");
}

#[test]
fn more_errors_than_allowed_are_6() {
    let content = format!("phone\n+91 12\n+91 13\n{}\n", phone(1));
    let folder = Folder::with("a.csv", content);
    let ran = |most: &str| {
        let arguments = ["a.csv", "--json", "--sandbox", "--max-errors", most];
        folder.bp(arguments).run()
    };
    let stopped = ran("1");
    assert_eq!(
        (stopped.code, &stopped.summary()["stopped"]),
        (6, &"max_errors".into()),
        "{stopped:#?}"
    );
    ran("2").assert("3: 3 read, 1 accepted, 2 invalid");
}

#[test]
fn a_rejects_file_that_cannot_be_written_is_7_before_anything_is_sent() {
    for place in [
        "missing/rejects.csv",
        "contacts.csv/rejects.csv",
        "/proc/rejects.csv",
    ] {
        let server = Server::forbidden();
        let folder = Folder::with_contacts(3);
        folder
            .import(&server, &["contacts.csv", "--rejects", place])
            .assert_stopped("7: ", "output")
            .assert_says(&[place, "--rejects"]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fills_up_in_mid_run_is_7_and_every_row_is_accounted_for() {
    let content = format!("phone\n{}\n+91 12\n+91 13\n", phone(1));
    let folder = Folder::with("a.csv", content);
    let arguments = ["a.csv", "--json", "--sandbox", "--rejects", "/dev/full"];
    let ran = folder.bp(arguments).run();
    assert_eq!(
        (ran.code, &ran.summary()["stopped"]),
        (7, &"output".into()),
        "{ran:#?}"
    );
    ran.assert_says(&["/dev/full", "--rejects"]);
}

#[test]
fn who_wants_no_rejects_can_say_so() {
    let content = format!("phone\n{}\n+91 12\n", phone(1));
    let folder = Folder::with("a.csv", content);
    let arguments = ["a.csv", "--json", "--sandbox", "--rejects", NULL];
    let ran = folder.bp(arguments).run();
    let ran = ran.assert("3: 2 read, 1 accepted, 1 invalid");
    assert!(ran.rejects().is_empty(), "{ran:#?}");
    assert!(ran.summary()["next"].is_null(), "{ran:#?}");
}

#[test]
fn a_device_with_nothing_in_it_is_an_empty_input() {
    let ran = Folder::new().bp(["--json", "-n", NULL]).run();
    ran.assert_stopped("4: ", "input")
        .assert_says(&["there is nothing in it"]);
}

#[test]
fn a_working_directory_that_cannot_be_written_is_7_before_anything_is_sent() {
    let server = Server::forbidden();
    let folder = Folder::with_contacts(3);
    let (unwritable, input) = (unwritable(&folder), folder.path().join("contacts.csv"));
    let url = server.url();
    let arguments = ["--json", "--base-url", &url, input.to_str().unwrap()];
    folder
        .bp(arguments)
        .within(&unwritable)
        .run()
        .assert_stopped("7: ", "output")
        .assert_says(&["contacts.rejected.csv", "--rejects"]);
}

/// A directory without write permission; where that keeps nobody out (root), one that takes no files.
fn unwritable(folder: &Folder) -> PathBuf {
    let path = folder.path().join("locked");
    std::fs::create_dir(&path).unwrap();
    let mut permissions = path.metadata().unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    if std::fs::write(path.join("probe"), "").is_ok() {
        PathBuf::from("/proc")
    } else {
        path
    }
}

#[test]
fn the_first_fault_in_time_decides() {
    let server = Server::script([Answer::no(401, "Unauthorized")]);
    let folder = Folder::with("a.json", format!("[{{\"phone\":\"{}\"}},", phone(1)));
    let ran = folder.import(&server, &["a.json"]);
    ran.assert_stopped("4: 1 read, 1 unsent", "input");
}

#[test]
fn help_and_version_are_0_on_stdout() {
    for flag in ["-h", "--help", "-V", "--version"] {
        let ran = Folder::new().bp([flag]).without_token().run();
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:#?}");
        assert!(ran.stdout.contains("bp-import"), "{ran:#?}");
    }
}
