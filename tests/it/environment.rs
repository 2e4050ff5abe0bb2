//! The environment as a weaker command line, and where the token comes from.

use crate::run::{Folder, TOKEN, each};
use crate::server::Server;

#[test]
fn every_option_can_come_from_the_environment() {
    let server = Server::yes();
    let folder = Folder::with(
        "a.csv",
        "phone,city\n98765 00001,Pune\n98765 00002,Goa\n98765 00003,Pune\n",
    );
    let ran = folder
        .bp(["a.csv"])
        .variable("BP_IMPORT_BASE_URL", server.url())
        .variable("BP_IMPORT_COUNTRY", "IN")
        .variable("BP_IMPORT_OUTPUT", "json")
        .variable("BP_IMPORT_BATCH_SIZE", "1")
        .variable("BP_IMPORT_EXCEPT", "city=Goa")
        .variable("BP_IMPORT_TAG", "vip\n\nnew, shop\n")
        .variable("BP_IMPORT_BOT_ID", "bot1")
        .variable("BP_IMPORT_AUTH", "session")
        .variable("BP_IMPORT_ALL_ATTRIBUTES", "yes")
        .run()
        .assert("0: 3 read, 2 accepted, 1 skipped");
    assert_eq!(ran.count("requests"), 2);
    let request = &server.requests()[0];
    assert_eq!(
        (request.header("botId"), request.header("authtype")),
        (Some("bot1"), None)
    );
    let contact = &request.contacts()[0];
    assert_eq!(contact["tags"], serde_json::json!(["vip", "new, shop"]));
    assert_eq!(
        contact["attributes"],
        serde_json::json!([{"key": "city", "value": "Pune"}])
    );
}

#[test]
fn the_command_line_goes_before_the_environment_and_replaces_it() {
    let server = Server::yes();
    let folder = Folder::with_contacts(4);
    let ran = folder
        .bp([
            "contacts.csv",
            "--json",
            "--base-url",
            &server.url(),
            "--batch-size",
            "2",
            "--tag",
            "typed",
        ])
        .variable("BP_IMPORT_BASE_URL", "http://127.0.0.1:9")
        .variable("BP_IMPORT_BATCH_SIZE", "1")
        .variable("BP_IMPORT_OUTPUT", "text")
        .variable("BP_IMPORT_TAG", "environment")
        .run()
        .assert("0: 4 read, 4 accepted");
    assert_eq!(ran.count("requests"), 2);
    assert_eq!(
        server.requests()[0].contacts()[0]["tags"],
        serde_json::json!(["typed"])
    );
}

#[test]
fn an_empty_variable_is_unset() {
    let server = Server::yes();
    let folder = Folder::with_contacts(2);
    folder
        .bp(["contacts.csv", "--json", "--base-url", &server.url()])
        .variable("BP_IMPORT_BATCH_SIZE", "")
        .variable("BP_IMPORT_DRY_RUN", "")
        .variable("BP_IMPORT_TAG", "")
        .run()
        .assert("0: 2 read, 2 accepted");
}

#[test]
fn a_switch_takes_yes_and_no_in_any_spelling() {
    let folder = Folder::with_contacts(2);
    let cases = [
        ("1", true),
        ("true", true),
        ("YES", true),
        ("on", true),
        ("0", false),
        ("false", false),
        ("No", false),
        ("off", false),
    ];
    each(&cases, |(value, on)| {
        let ran = folder
            .bp(["contacts.csv", "--json", "--sandbox"])
            .variable("BP_IMPORT_DRY_RUN", *value)
            .run();
        assert_eq!(ran.summary()["dry_run"], *on, "{value}");
    });
}

#[test]
fn a_bad_value_is_blamed_on_its_variable() {
    let folder = Folder::with_contacts(1);
    let cases = [
        ("BP_IMPORT_DRY_RUN", "maybe"),
        ("BP_IMPORT_BATCH_SIZE", "none"),
        ("BP_IMPORT_COUNTRY", "91"),
        ("BP_IMPORT_BASE_URL", "http://example.com"),
        ("BP_IMPORT_MAP", "phone"),
        ("BP_IMPORT_TIMEOUT", "30"),
    ];
    each(&cases, |(name, value)| {
        let ran = folder
            .bp(["contacts.csv", "--sandbox"])
            .variable(*name, *value)
            .run();
        ran.assert_usage(&[name]);
    });
}

#[test]
fn without_a_token_nothing_is_sent_and_the_ways_to_give_one_are_named() {
    let server = Server::forbidden();
    let folder = Folder::with_contacts(1);
    let url = server.url();
    let arguments = ["contacts.csv", "--base-url", &url];
    let words = ["BP_IMPORT_TOKEN", "--token-file", "API Tokens"];
    folder
        .bp(arguments)
        .without_token()
        .run()
        .assert_usage(&words);
    folder
        .bp(arguments)
        .variable("BP_IMPORT_TOKEN", "")
        .run()
        .assert_usage(&words);
    folder
        .bp(arguments)
        .variable("BP_IMPORT_TOKEN", " ")
        .run()
        .assert_usage(&["BP_IMPORT_TOKEN"]);
}

#[test]
fn the_token_can_be_in_a_file() {
    let folder = Folder::with_contacts(1);
    folder.write("token.txt", format!("{TOKEN}\r\n"));
    let utf16 = format!("\u{feff}{TOKEN}\r\n");
    let utf16: Vec<u8> = utf16.encode_utf16().flat_map(u16::to_le_bytes).collect();
    folder.write("token.utf16.txt", utf16);
    let server = Server::yes();
    let url = server.url();
    let arguments = ["contacts.csv", "--base-url", &url];
    let typed = [
        "contacts.csv",
        "--base-url",
        &url,
        "--token-file",
        "token.txt",
    ];
    let runs = [
        folder.bp(typed).without_token(),
        // What was typed goes first.
        folder.bp(typed).variable("BP_IMPORT_TOKEN", "another"),
        folder
            .bp(arguments)
            .without_token()
            .variable("BP_IMPORT_TOKEN_FILE", "token.txt"),
        // As PowerShell's `>` writes it.
        folder
            .bp(arguments)
            .without_token()
            .variable("BP_IMPORT_TOKEN_FILE", "token.utf16.txt"),
    ];
    for bp in runs {
        let ran = bp.run();
        assert!(
            ran.code == 0 && ran.stdout.contains("(token from token."),
            "{ran:#?}"
        );
    }
    let bearer = format!("Bearer {TOKEN}");
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.header("Authorization") == Some(&bearer))
    );
}

#[test]
fn a_token_file_that_cannot_be_used_is_named() {
    let folder = Folder::with_contacts(1);
    folder.write("empty.txt", "\n");
    folder.write("two.txt", "one\ntwo\n");
    for name in ["missing.txt", "empty.txt", "two.txt"] {
        let ran = folder.bp(["contacts.csv", "--token-file", name]).run();
        ran.assert_usage(&[name]);
    }
}

#[test]
fn the_sandbox_overrides_address_bot_and_token() {
    let server = Server::forbidden();
    let folder = Folder::with_contacts(2);
    let ran = folder
        .bp(["contacts.csv", "--json", "--sandbox", "--bot-id", "typed"])
        .without_token()
        .variable("BP_IMPORT_BASE_URL", server.url())
        .variable("BP_IMPORT_BOT_ID", "bot1")
        .variable("BP_IMPORT_AUTH", "session")
        .variable("BP_IMPORT_TOKEN_FILE", "missing.txt")
        .run()
        .assert("0: 2 read, 2 accepted");
    assert_eq!(ran.summary()["bot_id"], serde_json::Value::Null);
}
