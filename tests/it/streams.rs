//! Who says what where: stdout for the summary, stderr for the rest, and the token nowhere.

use serde_json::Value;

use crate::run::{Folder, TOKEN, each, phone, table};
use crate::server::{Answer, Server};

/// A good row, a row that is invalid, and one that repeats the first.
fn mixed() -> Folder {
    Folder::with(
        "a.csv",
        format!("name,phone\nA,{}\nB,+91 12\nC,{}\n", phone(1), phone(1)),
    )
}

#[test]
fn stdout_has_the_summary_alone() {
    let server = Server::yes();
    let url = server.url();
    let folder = mixed();
    let ran = folder.bp(["a.csv", "--base-url", &url]).run();
    assert_eq!(ran.code, 3);
    let host = url.strip_prefix("http://").unwrap();
    let expected = format!("3 read from a.csv, to {host} (token from BP_IMPORT_TOKEN)\n");
    assert!(ran.stdout.starts_with(&expected), "{ran:#?}");
    assert!(!ran.stdout.contains("<-"), "{ran:#?}");
    ran.assert_says(&["name <- \"name\"", "phone <- \"phone\""]);
}

#[test]
fn the_summary_reads_as_promised() {
    let folder = Folder::with(
        "customers.csv",
        "name,phone,email,city\n\
         A,98765 00001,a@example.com,Pune\n\
         B,98765 00002,,Pune\n\
         C,98765 0000,,Pune\n\
         D,98765 0001,,Pune\n\
         E,98765 00003,e at example.com,Pune\n\
         F,98765 00004,,Pune\n\
         G,98765-00001,,Pune\n\
         H,98765 00005,,Goa\n",
    );
    let blacklisted = Answer::no(400, "phone is blacklisted");
    let server = Server::unless("+919876500004", blacklisted);
    let url = server.url();
    let host = url.strip_prefix("http://").unwrap();
    let ran = folder
        .bp([
            "customers.csv",
            "--base-url",
            &url,
            "--country",
            "IN",
            "--except",
            "city=Goa",
            "--on-bad-email",
            "reject",
        ])
        .run();
    assert_eq!(ran.code, 3, "{ran:#?}");
    let lines: Vec<_> = ran
        .stdout
        .lines()
        .filter(|line| !line.contains(" requests"))
        .collect();
    let expected = format!(
        "8 read from customers.csv, to {host} (token from BP_IMPORT_TOKEN)\n\
         2 accepted   taken by the platform (new or updated: it does not say)\n\
         3 invalid    not sent: 2 phone too short for India (rows 4, 5), 1 wrong e-mail (--on-bad-email drop sends them without it)\n\
         1 refused    the platform said no: \"phone is blacklisted\" (row 7)\n\
         2 skipped    1 repeats an earlier row (row 8 repeats row 2), 1 left out by --except\n\
         next: mend customers.rejected.csv, then run: bp-import customers.rejected.csv --base-url {url} --country IN --except city=Goa --on-bad-email reject"
    );
    let (reading, excel) = lines.split_at(expected.lines().count());
    assert_eq!(reading.join("\n"), expected);
    assert!(
        excel.join("").contains("double click in Excel"),
        "{excel:?}"
    );
}

#[test]
fn quiet_says_nothing_when_all_is_well() {
    let server = Server::yes();
    let url = server.url();
    let folder = Folder::with_contacts(3);
    for quiet in ["-q", "--quiet"] {
        let ran = folder.bp([quiet, "contacts.csv", "--base-url", &url]).run();
        assert_eq!(
            (ran.code, ran.stdout.as_str(), ran.stderr.as_str()),
            (0, "", "")
        );
    }
}

#[test]
fn quiet_says_one_line_otherwise() {
    let folder = mixed();
    let yes = Server::yes();
    let denied = Server::script([Answer::no(401, "Unauthorized")]);
    let (yes_url, denied_url) = (yes.url(), denied.url());
    for (input, url, code, words) in [
        (
            "a.csv",
            &yes_url,
            3,
            &[
                "3 read",
                "1 accepted",
                "1 invalid",
                "1 skipped",
                "a.rejected.csv",
                "next: ",
            ][..],
        ),
        (
            "a.csv",
            &denied_url,
            5,
            &["1 unsent", "Unauthorized", "--auth session", "next: "],
        ),
        ("missing.csv", &yes_url, 4, &["missing.csv", "no such file"]),
    ] {
        let ran = folder.bp(["-q", input, "--base-url", url]).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (code, ""), "{ran:#?}");
        assert_eq!(ran.stderr.lines().count(), 1, "{ran:#?}");
        ran.assert_says(words);
    }
}

#[test]
fn quiet_leaves_json_as_it_is() {
    let server = Server::yes();
    let ran = Folder::with_contacts(2).import(&server, &["-q", "contacts.csv"]);
    let ran = ran.assert("0: 2 read, 2 accepted");
    assert_eq!(ran.stderr, "");
}

#[test]
fn the_last_line_of_json_is_a_summary_with_every_promised_field() {
    let server = Server::yes();
    let ran = mixed().import(&server, &["a.csv", "--bot-id", "bot1"]);
    let summary = ran
        .assert("3: 3 read, 1 accepted, 1 invalid, 1 skipped")
        .summary();
    let is = |field: &str, fits: fn(&Value) -> bool| {
        assert!(summary.get(field).is_some_and(fits), "{field} in {summary}");
    };
    for field in [
        "schema",
        "exit_code",
        "read",
        "accepted",
        "would_send",
        "invalid",
        "refused",
        "skipped",
        "unknown",
        "unsent",
        "warnings",
        "requests",
        "retries",
    ] {
        is(field, Value::is_u64);
    }
    for field in ["complete", "dry_run"] {
        is(field, Value::is_boolean);
    }
    for field in ["event", "run", "base_url", "bot_id"] {
        is(field, Value::is_string);
    }
    for field in ["stopped", "profile"] {
        is(field, Value::is_null);
    }
    is("seconds", Value::is_f64);
    assert_eq!(summary["schema"], 1);
    assert_eq!(summary["bot_id"], "bot1");
    assert_eq!(summary["base_url"], Value::from(server.url()));
    assert_eq!(summary["requests"], 1);
    assert_eq!(summary["rejects"], serde_json::json!(["a.rejected.csv"]));
    assert_eq!(
        summary["skipped_by"],
        serde_json::json!({"duplicate": 1, "unchanged": 0, "resumed": 0, "filtered": 0, "other_shard": 0,
            "opted_out": 0, "hidden": 0, "suppressed": 0})
    );
    assert_eq!(
        summary["reasons"],
        serde_json::json!([{"outcome": "invalid", "code": "phone_too_short", "count": 1, "rows": [3]}])
    );
    let run = summary["run"].as_str().unwrap();
    let shape: String = run
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .take(20)
        .collect();
    assert_eq!(
        (shape.as_str(), run.len()),
        ("0000-00-00T00-00-00Z", 25),
        "{run}"
    );
}

#[test]
fn json_ends_with_a_summary_for_every_code_but_2() {
    let folder = mixed();
    let denied = Server::script([Answer::no(401, "Unauthorized")]);
    let lost = Server::script([Answer::new(404, "")]);
    let (denied, lost) = (denied, lost);
    let (denied_url, lost_url) = (denied.url(), lost.url());
    let cases: &[(&[&str], i32)] = &[
        (&["a.csv", "--sandbox"], 3),
        (&["missing.csv", "--sandbox"], 4),
        (&["a.csv", "--base-url", &denied_url], 5),
        (&["a.csv", "--base-url", &lost_url], 6),
        (&["a.csv", "--sandbox", "--rejects", "missing/r.csv"], 7),
    ];
    for (arguments, code) in cases {
        for format in [&["--json"][..], &["--output", "json"]] {
            let ran = folder.bp(arguments.iter().chain(format)).run();
            assert_eq!(ran.code, *code, "{ran:#?}");
            assert_eq!(ran.summary()["exit_code"], *code);
        }
    }
    let ran = folder
        .bp(["a.csv", "--json", "--sandbox", "--map", "phone=Tel"])
        .run();
    ran.assert_usage(&["error"]);
}

#[test]
fn every_line_of_json_is_an_object_with_an_event() {
    let folder = Folder::with_contacts(5);
    let ran = folder
        .bp(["contacts.csv", "--json", "-n"])
        .run()
        .assert("0: 5 read, 5 would_send");
    assert!(ran.stdout.lines().count() > 1, "{ran:#?}");
    for line in ran.stdout.lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        assert!(event["event"].is_string(), "{line}");
    }
}

#[test]
fn mapping_notes_and_errors_are_text_on_stderr_under_json_too() {
    let server = Server::script([Answer::no(401, "Unauthorized")]);
    let ran = mixed().import(&server, &["a.csv"]);
    ran.assert_says(&["phone <- \"phone\"", "error: ", "Unauthorized"]);
}

#[test]
fn verbose_names_every_row_that_is_not_fine() {
    let server = Server::judge(|_| Answer::no(400, "phone is blacklisted"));
    let folder = mixed();
    let url = server.url();
    let ran = folder.bp(["-v", "a.csv", "--base-url", &url]).run();
    ran.assert_says(&[
        "a.csv row 2: refused: phone is blacklisted",
        "a.csv row 3: invalid: \"phone\": too short for India (+91): 2 digits of 10",
    ]);
}

#[test]
fn the_token_shows_nowhere_whatever_the_server_says() {
    let echo = format!("no such key: {TOKEN}!");
    let escaped = r#"{"success":false,"message":"no \u0074est-token here"}"#;
    let listed =
        serde_json::json!({"success": true, "data": [format!("key {TOKEN} is old")]}).to_string();
    // The server's words are cut at a length: the token may lie across the cut.
    let cut = |length: usize| Answer::no(400, &format!("{}{}", "x".repeat(length), TOKEN));
    let mut answers = vec![
        Answer::no(400, &echo),
        Answer::no(401, &echo),
        Answer::no(403, &echo),
        Answer::no(404, &echo),
        Answer::no(413, &echo),
        Answer::no(429, &echo),
        Answer::no(500, &echo),
        Answer::new(400, escaped),
        Answer::new(200, listed),
        Answer::new(200, echo.clone()),
        Answer::new(302, "").header("Location", format!("/login?token={TOKEN}")),
        Answer::new(302, "").header("Location", format!("https://{TOKEN}.example.com/")),
        Answer::new(302, "").header("Location", format!("http://[{TOKEN}")),
        Answer::new(401, "").header("WWW-Authenticate", format!("Bearer realm={TOKEN}")),
    ];
    answers.extend([290, 292, 295, 299].map(cut));
    each(&answers, |answer| {
        for format in ["--output=text", "--json"] {
            let server = Server::script([answer.clone()]);
            let folder = mixed();
            let url = server.url();
            let ran = folder
                .bp([
                    "-v",
                    "a.csv",
                    format,
                    "--base-url",
                    &url,
                    "--retry-for",
                    "100ms",
                ])
                .run();
            let rejects = folder
                .names()
                .into_iter()
                .filter(|name| name.contains("rejected"));
            let all = rejects
                .map(|name| folder.read(&name))
                .chain([ran.stdout, ran.stderr]);
            for text in all {
                for part in [TOKEN, "test-tok", "test-t"] {
                    assert!(!text.contains(part), "{answer:?}: {part} in {text}");
                }
            }
        }
    });
}

#[test]
fn the_token_shows_nowhere_when_the_command_line_is_wrong() {
    let secret = "s3cr3t-t0k3n";
    let folder = Folder::with_contacts(1);
    folder.write("token.txt", format!("{secret} {secret}"));
    let cases: Vec<Vec<String>> = vec![
        vec!["--token".into(), secret.into()],
        vec![format!("--token={secret}")],
        vec!["--token-file".into(), "token.txt".into()],
        vec![
            "--base-url".into(),
            format!("https://{secret}@api.example.com"),
        ],
        vec![
            "--base-url".into(),
            format!("https://user:{secret}@api.example.com"),
        ],
        vec![
            "--base-url".into(),
            format!("https://api.example.com/?token={secret}"),
        ],
        vec![
            "--base-url".into(),
            format!("http://api.example.com/{secret}"),
        ],
    ];
    each(&cases, |arguments| {
        let all = ["contacts.csv".to_owned()]
            .into_iter()
            .chain(arguments.iter().cloned());
        let ran = folder.bp(all).token(secret).run();
        assert_eq!(ran.code, 2, "{ran:#?}");
    });
    for bad in ["s3cr3t t0k3n", "s3cr3t\nt0k3n", "s3cr3t-tök3n"] {
        let ran = folder.bp(["contacts.csv"]).token(bad).run();
        let ran = ran.assert_usage(&["BP_IMPORT_TOKEN"]);
        assert!(!ran.stderr.contains("s3cr3t"), "{ran:#?}");
    }
    let ran = folder
        .bp(["contacts.csv"])
        .token(secret)
        .variable(
            "BP_IMPORT_BASE_URL",
            format!("https://{secret}@api.example.com"),
        )
        .run();
    ran.assert_usage(&["BP_IMPORT_BASE_URL"]);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = Folder::with_contacts(3);
    for arguments in [
        &["contacts.csv", "--sandbox"][..],
        &["contacts.csv", "--sandbox", "--json"],
        &["contacts.csv", "-n"],
        &["completions", "bash"],
        &["--help"],
    ] {
        assert_eq!(
            folder.bp(arguments.iter().copied()).run_into_closed_pipe(),
            Some(0),
            "{arguments:?}"
        );
    }
    // The code still says what became of the contacts.
    assert_eq!(
        mixed().bp(["a.csv", "--sandbox"]).run_into_closed_pipe(),
        Some(3)
    );
}

#[test]
fn nothing_is_coloured_off_a_terminal_whatever_is_asked_for() {
    // That no escape sequence is there is checked in every run.
    let folder = mixed();
    let variables = [
        ("CLICOLOR_FORCE", "1"),
        ("TERM", "xterm-256color"),
        ("NO_COLOR", "1"),
    ];
    each(&["auto", "bar", "plain", "none"], |progress| {
        for (name, value) in variables {
            let arguments = ["a.csv", "--sandbox", "--progress", progress];
            let ran = folder.bp(arguments).variable(name, value).run();
            assert_eq!(ran.code, 3);
        }
    });
    for (name, value) in variables {
        let ran = folder.bp(["a.csv", "--frobnicate"]).variable(name, value);
        ran.run().assert_usage(&["--frobnicate"]);
    }
}

/// Windows allows no control character in a name.
#[cfg(unix)]
#[test]
fn escape_sequences_of_strangers_do_not_reach_the_terminal() {
    // That no escape sequence is there is checked in every run.
    let server = Server::script([Answer::no(401, "\u{1b}[2Jgone\u{7}")]);
    let name = "a\u{1b}[31m.csv";
    let folder = Folder::with(name, format!("phone,\"\u{1b}[2J\"\n{},x\n", phone(1)));
    let url = server.url();
    let ran = folder.bp(["-v", name, "--base-url", &url]).run();
    assert_eq!(ran.code, 5);
    let missing = folder.bp(["missing\u{1b}[31m.csv", "--sandbox"]).run();
    assert_eq!(missing.code, 4);
    let missing = folder
        .bp([name, "--sandbox", "--map", "phone=\u{1b}[31mTel"])
        .run();
    assert_eq!(missing.code, 2);
}

#[test]
fn a_sandbox_run_says_that_nothing_left_the_machine() {
    let ran = Folder::with("a.csv", table(2))
        .bp(["--sandbox", "a.csv"])
        .run();
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.contains("nothing left this machine"), "{ran:#?}");
}
