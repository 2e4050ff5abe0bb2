//! What a run leaves behind: rejects files by their names, and a dry run that leaves nothing.

use crate::run::{Folder, phone, table};
use crate::server::{Answer, Server};

fn one_bad_row() -> String {
    format!("name,phone\nA,{}\nB,+91 12\n", phone(0))
}

#[test]
fn a_rejects_file_is_made_only_when_there_is_something_in_it() {
    let server = Server::yes();
    let folder = Folder::with_contacts(2);
    folder
        .import(&server, &["contacts.csv"])
        .assert("0: 2 read, 2 accepted");
    assert_eq!(folder.names(), ["contacts.csv"]);
}

#[test]
fn nothing_that_exists_is_overwritten_under_the_default_name() {
    let server = Server::yes();
    let folder = Folder::with("a.csv", one_bad_row());
    for name in ["a.rejected.csv", "a.rejected-2.csv", "a.rejected-3.csv"] {
        let ran = folder.import(&server, &["a.csv"]);
        assert_eq!(ran.rejects(), [name]);
    }
    folder.write("a.rejected.csv", one_bad_row());
    let ran = folder.import(&server, &["a.rejected.csv"]);
    assert_eq!(ran.rejects(), ["a.rejected-4.csv"]);
}

#[test]
fn rejects_are_in_the_working_directory() {
    let server = Server::yes();
    let folder = Folder::with("lists/a.csv", one_bad_row());
    let ran = folder.import(&server, &["lists/a.csv"]);
    assert_eq!(ran.rejects(), ["a.rejected.csv"]);
    assert_eq!(folder.names(), ["a.rejected.csv", "lists"]);
}

#[test]
fn the_rejects_of_stdin_are_named_after_it() {
    for (content, name) in [
        (one_bad_row(), "stdin.rejected.csv"),
        (
            format!(r#"[{{"phone":"{}"}},{{"phone":"+91 12"}}]"#, phone(0)),
            "stdin.rejected.ndjson",
        ),
    ] {
        let folder = Folder::new();
        let ran = folder.bp(["-", "--json", "--sandbox"]).stdin(content).run();
        assert_eq!(ran.rejects(), [name]);
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_rejects() {
    use std::os::unix::fs::PermissionsExt;
    let server = Server::yes();
    let folder = Folder::with("a.csv", one_bad_row());
    folder.import(&server, &["a.csv"]);
    folder.import(&server, &["a.csv", "--rejects", "named.csv"]);
    for name in ["a.rejected.csv", "named.csv"] {
        let mode = folder
            .path()
            .join(name)
            .metadata()
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_named_rejects_file_is_replaced_and_removed_when_there_are_none() {
    let server = Server::yes();
    let folder = Folder::with("a.csv", one_bad_row());
    folder.write("named.csv", "phone,bp_row\n".repeat(100));
    let ran = folder.import(&server, &["a.csv", "--rejects", "named.csv"]);
    assert_eq!(ran.rejects(), ["named.csv"]);
    assert_eq!(folder.read("named.csv").lines().count(), 2);
    folder.write("a.csv", table(1));
    let ran = folder.import(&server, &["a.csv", "--rejects", "named.csv"]);
    assert!(ran.rejects().is_empty() && !folder.has("named.csv"));
}

#[test]
fn a_named_rejects_file_keeps_what_it_holds_when_the_run_never_begins() {
    let folder = Folder::with("a.csv", "name\nA\n");
    folder.write("named.csv", "old\n");
    folder
        .import(&Server::forbidden(), &["a.csv", "--rejects", "named.csv"])
        .assert_usage(&["phone"]);
    assert_eq!(folder.read("named.csv"), "old\n");
}

#[test]
fn the_rejects_of_several_inputs_go_to_a_directory() {
    let folder = Folder::with("a.csv", one_bad_row());
    folder.write("b.csv", one_bad_row().replace(&phone(0), &phone(1)));
    let ran = folder.import(
        &Server::forbidden(),
        &["a.csv", "b.csv", "--rejects", "named.csv"],
    );
    ran.assert_usage(&["--rejects", "directory"]);
    folder.write("bad/b.rejected.csv", "bp_row\n".repeat(100));
    let server = Server::yes();
    let ran = folder.import(&server, &["a.csv", "b.csv", "--rejects", "bad"]);
    assert_eq!(
        ran.assert("3: 4 read, 2 accepted, 2 invalid").rejects(),
        ["bad/a.rejected.csv", "bad/b.rejected.csv"]
    );
    assert_eq!(folder.read("bad/b.rejected.csv").lines().count(), 2);
}

#[test]
fn an_output_that_is_also_an_input_is_2() {
    let folder = Folder::with("a.csv", one_bad_row());
    folder.write("bad/a.rejected.csv", one_bad_row());
    let cases: [&[&str]; 4] = [
        &["a.csv", "--rejects", "a.csv"],
        &["a.csv", "--rejects", "./bad/../a.csv"],
        // One input's rejects are the other input.
        &["a.csv", "bad/a.rejected.csv", "--rejects", "bad"],
        &["bad/a.rejected.csv", "a.csv", "--rejects", "bad"],
    ];
    for arguments in cases {
        folder
            .import(&Server::forbidden(), arguments)
            .assert_usage(&["--rejects"]);
    }
    assert_eq!(folder.read("a.csv"), one_bad_row());
    assert_eq!(folder.read("bad/a.rejected.csv"), one_bad_row());
}

#[test]
fn inputs_of_one_name_keep_their_rejects_apart() {
    for arguments in [
        &["x/a.csv", "y/a.csv"][..],
        &["x/a.csv", "y/a.csv", "--rejects", "bad"],
    ] {
        let folder = Folder::with("x/a.csv", one_bad_row());
        folder.write("y/a.csv", "phone\n+91 13\n");
        folder.write("bad/readme.txt", "");
        let server = Server::yes();
        let ran = folder
            .import(&server, arguments)
            .assert("3: 3 read, 1 accepted, 2 invalid");
        let kept: String = ran.rejects().iter().map(|name| folder.read(name)).collect();
        assert!(
            kept.contains("+91 12") && kept.contains("+91 13"),
            "{:?}: {kept}",
            ran.rejects()
        );
    }
}

#[test]
#[cfg_attr(windows, ignore = "no signal reaches another process there")]
fn rejects_are_written_as_they_happen() {
    let server = Server::script([Answer::stalled()]);
    let folder = Folder::with("a.csv", one_bad_row());
    let url = server.url();
    let running = folder.bp(["a.csv", "--json", "--base-url", &url]).start();
    server.wait_for(1);
    crate::run::until(
        || folder.has("a.rejected.csv") && folder.read("a.rejected.csv").contains("+91 12"),
        || "no rejects".to_owned(),
    );
    running.signal("KILL");
}

#[test]
fn the_rejects_file_has_the_inputs_own_columns_and_delimiter_then_ours() {
    let server = Server::yes();
    let folder = Folder::with(
        "a.tsv",
        format!(
            "Name\tPhone\tNote\nA\t{}\n\"B\"\t+91 12\t\"two\nlines, \"\"x\"\"\"\n",
            phone(0)
        ),
    );
    folder.import(&server, &["a.tsv"]);
    assert_eq!(
        folder.read("a.rejected.csv"),
        "\u{feff}Name\tPhone\tNote\tbp_row\tbp_outcome\tbp_code\tbp_reason\n\
         B\t+91 12\t\"two\nlines, \"\"x\"\"\"\t3\tinvalid\tphone_too_short\t\"\"\"Phone\"\": too short for India (+91): 2 digits of 10\"\n"
    );
}

#[test]
fn rejected_objects_are_as_they_were_with_our_keys() {
    let server = Server::yes();
    let object = r#"{ "phone" : "+91 12", "id": 12345678901234567890,
  "note":"\u0041" }"#;
    let folder = Folder::with(
        "a.json",
        format!("[{object},7,{{\"phone\":\"{}\"}}]", phone(0)),
    );
    folder
        .import(&server, &["a.json"])
        .assert("3: 3 read, 1 accepted, 2 invalid");
    let rejects = folder.read("a.rejected.ndjson");
    let lines: Vec<_> = rejects.lines().collect();
    assert_eq!(lines.len(), 2);
    let first: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
    assert!(
        lines[0].contains("12345678901234567890") && lines[0].contains("\\u0041"),
        "{}",
        lines[0]
    );
    assert_eq!(
        (&first["bp_row"], &first["bp_outcome"], &first["bp_code"]),
        (&1.into(), &"invalid".into(), &"phone_too_short".into())
    );
    let second: serde_json::Value = serde_json::from_str(lines[1]).unwrap();
    assert_eq!(
        (&second["bp_raw"], &second["bp_row"], &second["bp_code"]),
        (&"7".into(), &2.into(), &"bad_json".into())
    );
}

#[test]
fn a_dry_run_needs_no_token_sends_nothing_and_leaves_nothing() {
    let server = Server::forbidden();
    let folder = Folder::with("a.csv", one_bad_row());
    for flag in ["-n", "--dry-run"] {
        let ran = folder
            .bp(["a.csv", flag, "--json", "--base-url", &server.url()])
            .without_token()
            .run();
        let ran = ran.assert("3: 2 read, 1 would_send, 1 invalid");
        let summary = ran.summary();
        assert_eq!(
            (&summary["dry_run"], &summary["requests"]),
            (&true.into(), &0.into())
        );
        assert_eq!(folder.names(), ["a.csv"]);
    }
    let ran = folder
        .bp(["a.csv", "-n", "--json", "--rejects", "r.csv"])
        .without_token()
        .run();
    assert_eq!(ran.rejects(), ["r.csv"]);
    assert!(folder.read("r.csv").contains("+91 12"));
}

#[test]
fn a_dry_run_shows_the_first_contacts_and_counts_by_reason_country_and_tag() {
    let folder = Folder::with(
        "a.csv",
        format!(
            "name,phone,tags\nA,{},\"vip, new\"\nB,{},vip\nC,+49 1512 3456789,\nD,+91 12,\nE,{},vip\n",
            phone(0),
            phone(1),
            phone(0)
        ),
    );
    let ran = folder.bp(["a.csv", "-n"]).without_token().run();
    assert_eq!(ran.code, 3);
    for words in [
        r#"a.csv row 2: {"profile":{"userDetails":{"userProvidedName":"A","contact":{"phone":{"number":"9876500000","prefix":"91"}},"tags":["vip","new"],"attributes":[]}}}"#,
        "5 read from a.csv, dry run: nothing was sent",
        "3 would send",
        "1 invalid    not sent: 1 phone too short for India (row 5)",
        "1 skipped    1 repeats an earlier row",
        "countries: IN 2, DE 1",
        "tags: vip 2, new 1",
        "bp-import a.csv",
    ] {
        assert!(ran.stdout.contains(words), "no {words:?} in {}", ran.stdout);
    }
    let last = ran.next();
    assert!(
        !last.contains(" -n") && !last.contains("--dry-run"),
        "{last}"
    );
}

#[test]
fn a_dry_run_ends_with_the_code_the_data_deserve() {
    let folder = Folder::new();
    folder.write("good.csv", table(2));
    folder.write("header.csv", "phone\n");
    folder.write("broken.json", format!("[{{\"phone\":\"{}\"}},", phone(0)));
    folder.write("local.csv", "phone\n98765 00000\n");
    folder.write("empty.csv", "");
    for (name, code) in [
        ("good.csv", 0),
        ("header.csv", 0),
        ("broken.json", 4),
        ("local.csv", 2),
        ("empty.csv", 4),
        ("missing.csv", 4),
    ] {
        let ran = folder.bp([name, "-n"]).without_token().run();
        assert_eq!(ran.code, code, "{name}: {ran:#?}");
    }
}

#[test]
#[cfg_attr(windows, ignore = "no such shell there")]
fn a_full_disk_takes_back_the_row_that_did_not_fit() {
    // A limit on the size of files does what a full disk does, without being root.
    let rows: String = (0..400)
        .map(|index| format!("+49 12,name {index}\n"))
        .collect();
    let folder = Folder::with("a.csv", format!("phone,name\n{rows}"));
    let server = Server::forbidden();
    let line = format!(
        "trap '' XFSZ; ulimit -f 4; exec {} a.csv --base-url {}",
        env!("CARGO_BIN_EXE_bp-import"),
        server.url()
    );
    let ran = folder.shell(&line).run();
    assert_eq!(ran.code, 7, "{ran:#?}");
    let rejects = folder.read("a.rejected.csv");
    assert!(rejects.ends_with('\n'), "{rejects}");
    assert!(
        rejects
            .lines()
            .skip(1)
            .all(|line| line.split(',').count() >= 6),
        "{rejects}"
    );
}

#[test]
#[cfg_attr(windows, ignore = "no such shell there")]
fn hundreds_of_inputs_need_no_open_file_more_for_rejects_that_none_of_them_has() {
    const INPUTS: usize = 205;
    let folder = Folder::new();
    folder.write("bad/.keep", "");
    // More rows than are read before anything is sent: the inputs are open all the time, with two files each.
    let content = table(1_010);
    for index in 0..INPUTS {
        folder.write(&format!("{index}.csv"), &content);
    }
    let bp = env!("CARGO_BIN_EXE_bp-import");
    let line = format!("ulimit -n 450; exec {bp} *.csv -n --json --rejects bad");
    let ran = folder.shell(&line).run();
    assert_eq!((ran.code, ran.count("would_send")), (0, 1_010), "{ran:#?}");
}
