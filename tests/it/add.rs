//! `bp-import add`: one contact from flags.

use crate::run::{Bp, Folder, RunResult};
use crate::server::{Answer, Server};

fn add(server: &Server, arguments: &[&str]) -> Bp {
    let url = server.url();
    let usual = ["add", "--json", "--base-url", &url];
    Folder::new().bp(usual.iter().chain(arguments))
}

fn refused(arguments: &[&str]) -> RunResult {
    add(&Server::forbidden(), arguments).run()
}

#[test]
fn all_flags_make_one_contact() {
    let server = Server::yes();
    let arguments = [
        "--phone",
        "98765 00000",
        "--country",
        "IN",
        "--name",
        " Asha  Rao ",
        "--email",
        "asha@example.com",
        "--tag",
        "vip",
        "--tag",
        "a, b",
        "--attr",
        "city=Pune",
        "--attr",
        "source=shop=2",
        "--bot-id",
        "bot1",
    ];
    add(&server, &arguments)
        .run()
        .assert("0: 1 read, 1 accepted");
    let request = &server.requests()[0];
    let expected = concat!(
        r#"[{"profile":{"userDetails":{"userProvidedName":"Asha Rao","#,
        r#""contact":{"email":"asha@example.com","phone":{"number":"9876500000","prefix":"91"}},"#,
        r#""tags":["vip","a, b"],"#,
        r#""attributes":[{"key":"city","value":"Pune"},{"key":"source","value":"shop=2"}]}}}]"#,
    );
    assert_eq!(request.text(), expected);
    assert_eq!(
        (request.header("botId"), request.header("authtype")),
        (Some("bot1"), Some("Key"))
    );
}

#[test]
fn a_phone_is_enough() {
    let server = Server::yes();
    for arguments in [
        &["--phone", "+91 98765 00000"][..],
        &["--phone=0091-98765-00000", "--empty-lists", "omit"],
    ] {
        add(&server, arguments)
            .run()
            .assert("0: 1 read, 1 accepted");
    }
    let texts: Vec<_> = server
        .requests()
        .iter()
        .map(|request| request.text())
        .collect();
    assert_eq!(
        texts[0],
        r#"[{"profile":{"userDetails":{"contact":{"phone":{"number":"9876500000","prefix":"91"}},"tags":[],"attributes":[]}}}]"#
    );
    assert_eq!(
        texts[1],
        r#"[{"profile":{"userDetails":{"contact":{"phone":{"number":"9876500000","prefix":"91"}}}}}]"#
    );
}

#[test]
fn what_is_wrong_is_in_the_message() {
    for (arguments, words) in [
        (&["--phone", "+91 12"][..], &["too short for India"][..]),
        (&["--phone", "98765 00000"], &["--country"]),
        (&["--phone", "call me"], &["phone"]),
        (&["--phone", ""], &["phone"]),
        (
            &[
                "--phone",
                "+91 98765 00000",
                "--email",
                "asha at example.com",
            ],
            &["mail"],
        ),
        (
            &["--phone", "+91 98765 00000", "--attr", "Home Town=x"],
            &["--attr", "hometown"],
        ),
        (&["--phone", "+91 98765 00000", "--country", "91"], &["IN"]),
        (&["--phone", "+91 11111 11111"], &["India"]),
        (&["--name", "Asha"], &["--phone"]),
        (
            &["--phone", "+91 98765 00000", "contacts.csv"],
            &["contacts.csv"],
        ),
    ] {
        refused(arguments).assert_usage(words);
    }
}

#[test]
fn it_needs_a_token_but_for_a_dry_run_and_the_sandbox() {
    let phone = ["--phone", "+91 98765 00000"];
    add(&Server::forbidden(), &phone)
        .without_token()
        .run()
        .assert_usage(&["BP_IMPORT_TOKEN"]);
    let ran = Folder::new()
        .bp(["add", "--json", "-n"].iter().chain(&phone))
        .without_token()
        .run();
    ran.assert("0: 1 read, 1 would_send");
    let ran = Folder::new()
        .bp(["add", "--json", "--sandbox"].iter().chain(&phone))
        .without_token()
        .run();
    ran.assert("0: 1 read, 1 accepted");
}

#[test]
fn the_platforms_no_is_3_in_its_own_words_and_no_file() {
    let server = Server::script([Answer::no(400, "phone is blacklisted")]);
    let folder = Folder::new();
    let url = server.url();
    let ran = folder
        .bp(["add", "--phone", "+91 98765 00000", "--base-url", &url])
        .run();
    assert!(
        ran.code == 3 && ran.stdout.contains("phone is blacklisted"),
        "{ran:#?}"
    );
    assert!(folder.names().is_empty());
}

#[test]
fn faults_have_the_codes_of_an_import() {
    for (answer, code, stopped) in [
        (Answer::no(401, "Unauthorized"), 5, "denied"),
        (Answer::no(503, "later"), 6, "unreachable"),
        (Answer::new(404, ""), 6, "wrong_address"),
    ] {
        let server = Server::script([answer]);
        let ran = add(
            &server,
            &["--phone", "+91 98765 00000", "--retry-for", "100ms"],
        )
        .run();
        ran.assert_stopped(&format!("{code}: 1 read, 1 unsent"), stopped);
    }
}

#[test]
fn quiet_says_nothing_when_all_is_well() {
    let server = Server::yes();
    let url = server.url();
    let ran = Folder::new()
        .bp([
            "add",
            "-q",
            "--phone",
            "+91 98765 00000",
            "--base-url",
            &url,
        ])
        .run();
    assert_eq!(
        (ran.code, ran.stdout.as_str(), ran.stderr.as_str()),
        (0, "", "")
    );
}

#[test]
fn its_options_can_come_from_the_environment() {
    let server = Server::yes();
    let bp = Folder::new().bp(["add", "--json", "--phone", "98765 00000"]);
    bp.variable("BP_IMPORT_BASE_URL", server.url())
        .variable("BP_IMPORT_COUNTRY", "IN")
        .variable("BP_IMPORT_BATCH_SIZE", "7")
        .run()
        .assert("0: 1 read, 1 accepted");
}
