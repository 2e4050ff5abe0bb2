//! What can be imported: tables, JSON, NDJSON, stdin, several files, the API's own objects.

use serde_json::json;

use crate::run::{Folder, each, phone, phones, table};
use crate::server::Server;

#[test]
fn every_format_is_read() {
    let (one, two) = (phone(0), phone(1));
    let cases = [
        ("a.csv", format!("name,phone\nA,{one}\nB,{two}\n")),
        ("a.csv", format!("name,phone\r\nA,{one}\r\nB,{two}")),
        (
            "a.csv",
            format!("\u{feff}name,phone\n\n\"A\",\"{one}\"\n\nB,{two}\n\n"),
        ),
        (
            "a.csv",
            format!("note,phone\n\"two\nlines, \"\"quoted\"\"\",{one}\n,{two}\n"),
        ),
        ("a.tsv", format!("name\tphone\nA\t{one}\nB\t{two}\n")),
        (
            "a.json",
            format!(r#"[{{"name":"A","phone":"{one}"}},{{"phone":"{two}","name":null}}]"#),
        ),
        (
            "a.json",
            format!("\u{feff}[\n {{\"phone\": \"{one}\"}} , \n {{\"mobile\" : \"{two}\"}}\n]\n"),
        ),
        (
            "a.ndjson",
            format!("{{\"phone\":\"{one}\"}}\n\n{{\"phone\":\"{two}\"}}"),
        ),
        (
            "a.json",
            format!("{{\"phone\":\"{one}\"}}\n{{\"phone\":\"{two}\"}}\n"),
        ),
        ("a.txt", format!("name\tphone\nA\t{one}\nB\t{two}\n")),
    ];
    each(&cases, |(name, content)| {
        let server = Server::yes();
        let folder = Folder::with(name, content);
        folder
            .import(&server, &[name])
            .assert("0: 2 read, 2 accepted");
        assert_eq!(server.numbers(), phones(2), "{name}: {content}");
    });
}

#[test]
fn one_object_is_one_contact() {
    let server = Server::yes();
    let folder = Folder::with(
        "a.json",
        format!("{{\n\"name\":\"A\",\n\"phone\":\"{}\"\n}}\n", phone(0)),
    );
    folder
        .import(&server, &["a.json"])
        .assert("0: 1 read, 1 accepted");
    assert_eq!(server.numbers(), phones(1));
}

#[test]
fn stdin_is_read_with_a_dash_or_without() {
    for arguments in [&["-"][..], &[]] {
        for content in [
            table(3),
            format!(
                "[{{\"phone\":\"{}\"}},{{\"phone\":\"{}\"}},{{\"phone\":\"{}\"}}]",
                phone(0),
                phone(1),
                phone(2)
            ),
        ] {
            let server = Server::yes();
            let url = server.url();
            let usual = ["--json", "--base-url", &url];
            let ran = Folder::new()
                .bp(usual.iter().chain(arguments))
                .stdin(content)
                .run();
            ran.assert("0: 3 read, 3 accepted");
            assert_eq!(server.numbers(), phones(3));
        }
    }
}

#[test]
fn an_empty_stdin_is_4() {
    let ran = Folder::new()
        .bp(["--json", "--sandbox", "-"])
        .stdin("")
        .run();
    ran.assert_stopped("4: ", "input").assert_says(&["stdin"]);
}

#[test]
fn the_format_of_stdin_can_be_given() {
    let server = Server::yes();
    let url = server.url();
    let content = format!("{{\"phone\":\"{}\"}}\n", phone(0));
    let ran = Folder::new()
        .bp(["--json", "--base-url", &url, "--input-format", "ndjson"])
        .stdin(content)
        .run();
    ran.assert("0: 1 read, 1 accepted");
}

#[test]
fn stdin_can_be_read_only_once() {
    Folder::new()
        .bp(["-", "-", "--sandbox"])
        .stdin("")
        .run()
        .assert_usage(&["stdin"]);
}

#[test]
fn several_files_are_one_import() {
    let server = Server::yes();
    let folder = Folder::new();
    folder.write("a.csv", format!("name,phone\nA,{}\nB,+91 12\n", phone(0)));
    folder.write(
        "b/b.json",
        format!(
            r#"[{{"phone":"{}"}},{{"phone":"{}"}},{{"phone":"13"}}]"#,
            phone(1),
            phone(0)
        ),
    );
    folder.write("c.tsv", format!("tel\n{}\n", phone(2)));
    let ran = folder.import(&server, &["a.csv", "b/b.json", "c.tsv"]);
    let ran = ran.assert("3: 6 read, 3 accepted, 2 invalid, 1 skipped");
    assert_eq!(server.requests().len(), 1);
    assert_eq!(server.numbers(), phones(3));
    assert_eq!(ran.rejects(), ["a.rejected.csv", "b.rejected.ndjson"]);
    assert_eq!(ran.summary()["skipped_by"]["duplicate"], 1);
}

#[test]
fn a_file_that_is_called_like_a_command_is_given_with_its_folder() {
    for name in ["add", "sandbox", "completions"] {
        let server = Server::yes();
        let folder = Folder::with(name, table(1));
        folder
            .import(&server, &[&format!("./{name}")])
            .assert("0: 1 read, 1 accepted");
    }
}

#[test]
fn a_file_whose_name_begins_with_a_dash_is_given_behind_two() {
    let server = Server::yes();
    let folder = Folder::with("-a.csv", table(1));
    folder
        .import(&server, &["--", "-a.csv"])
        .assert("0: 1 read, 1 accepted");
}

const PROFILE: &str = "{ \"profile\" : {\n\t\"userDetails\":{ \"contact\":{\"phone\":{\"prefix\":\"91\",\"number\":\"9876500000\"}},\n\t\"score\": 1.50, \"big\":12345678901234567890, \"userProvidedName\":\"\\u0041\" , \"tags\" : [ \"old\" ] } , \"else\":[] } }";

#[test]
fn the_apis_own_objects_go_through_to_the_byte() {
    for (name, content) in [
        ("a.json", format!("[{PROFILE}]")),
        ("a.json", PROFILE.to_owned()),
        ("a.ndjson", PROFILE.replace('\n', " ")),
    ] {
        let server = Server::yes();
        let folder = Folder::with(name, &content);
        folder
            .import(&server, &[name])
            .assert("0: 1 read, 1 accepted");
        let own = content.trim_start_matches('[').trim_end_matches(']');
        assert_eq!(server.requests()[0].text(), format!("[{own}]"));
    }
}

#[test]
fn tags_and_attributes_are_added_to_the_apis_own_objects() {
    let server = Server::yes();
    let folder = Folder::with("a.json", format!("[{PROFILE}]"));
    let arguments = [
        "a.json",
        "--tag",
        "new",
        "--tag",
        "old",
        "--attr",
        "city=Pune",
    ];
    folder
        .import(&server, &arguments)
        .assert("0: 1 read, 1 accepted");
    let body = server.requests()[0].text();
    assert!(
        body.contains(
            "\"score\": 1.50, \"big\":12345678901234567890, \"userProvidedName\":\"\\u0041\""
        ),
        "{body}"
    );
    let contact = &server.requests()[0].contacts()[0];
    assert_eq!(contact["tags"], json!(["old", "new"]));
    assert_eq!(
        contact["attributes"],
        json!([{"key": "city", "value": "Pune"}])
    );
}

#[test]
fn the_phone_of_the_apis_own_objects_is_checked() {
    let profile = |prefix: &str, number: &str| {
        format!(
            r#"{{"profile":{{"userDetails":{{"contact":{{"phone":{{"prefix":{prefix},"number":{number}}}}}}}}}}}"#
        )
    };
    let cases = [
        (profile("\"91\"", "\"9876500000\""), true),
        (profile("\"39\"", "\"0669812345\""), true),
        (profile("\"91\"", "\"98765\""), false),
        (profile("\"+91\"", "\"9876500000\""), false),
        (profile("91", "9876500000"), false),
        (profile("\"91\"", "\"09876500000\""), false),
        (profile("\"\"", "\"9876500000\""), false),
        (
            r#"{"profile":{"userDetails":{"contact":{}}}}"#.to_owned(),
            false,
        ),
        (r#"{"profile":{"userDetails":{}}}"#.to_owned(), false),
    ];
    each(&cases, |(profile, good)| {
        let server = Server::yes();
        let folder = Folder::with(
            "a.json",
            format!(
                "[{profile},{}]",
                PROFILE.replace("9876500000", "9876500001")
            ),
        );
        let account = if *good {
            "0: 2 read, 2 accepted"
        } else {
            "3: 2 read, 1 accepted, 1 invalid"
        };
        folder.import(&server, &["a.json"]).assert(account);
    });
}

#[test]
fn no_value_is_reformatted() {
    let server = Server::yes();
    let content = r#"[{"phone":919876500000,"id":12345678901234567890,"price":1.50,"small":1e-7,"yes":true,"none":null,"zip":"00123"}]"#;
    let folder = Folder::with("a.json", content);
    let arguments = ["a.json", "--country", "intl", "--all-attributes"];
    folder
        .import(&server, &arguments)
        .assert("0: 1 read, 1 accepted");
    assert_eq!(server.numbers(), phones(1));
    let expected = json!([
        {"key": "id", "value": "12345678901234567890"},
        {"key": "price", "value": "1.50"},
        {"key": "small", "value": "1e-7"},
        {"key": "yes", "value": "true"},
        {"key": "zip", "value": "00123"},
    ]);
    assert_eq!(server.requests()[0].contacts()[0]["attributes"], expected);
}

#[test]
fn json_is_mapped_by_key_when_a_key_is_first_met() {
    let server = Server::yes();
    let content = json!([
        {"name": "A", "phone": phone(0), "tags": ["x, y", "z"]},
        {"phone": null, "mobile": phone(1), "email": "b@example.com"},
        {"contact": {"tel": {"value": phone(2)}}, "name": "C"},
    ]);
    let folder = Folder::with("a.json", content.to_string());
    let arguments = [
        "a.json",
        "--map",
        "phone=phone",
        "--map",
        "phone=mobile",
        "--map",
        "phone=contact.tel.value",
    ];
    folder
        .import(&server, &arguments)
        .assert("0: 3 read, 3 accepted");
    assert_eq!(server.numbers(), phones(3));
    let contacts = server.requests()[0].contacts();
    assert_eq!(contacts[0]["tags"], json!(["x, y", "z"]));
    assert_eq!(contacts[1]["contact"]["email"], "b@example.com");
    assert_eq!(contacts[2]["userProvidedName"], "C");
}

#[test]
fn a_large_input_arrives_whole_and_in_order() {
    let server = Server::yes();
    let folder = Folder::with_contacts(5_000);
    folder
        .import(&server, &["contacts.csv"])
        .assert("0: 5000 read, 5000 accepted");
    assert_eq!(server.numbers(), phones(5_000));
}

/// The cases in which records are not simply the elements of a list: what is read, and what stderr says.
#[test]
fn records_are_found_wherever_they_are_in_a_document() {
    let fixture = |path: &str| {
        let path = format!("{}/fixtures/cases/{path}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap()
    };
    let cases = [
        ("json-by-columns/pandas40.json", 40, ""),
        ("json-lists-inside/concat-pretty.json", 2, ""),
        (
            "json-lists-inside/graphql3.json",
            3,
            "read with --records data.customers.edges",
        ),
        (
            "json-lists-inside/hubspot-v3.json",
            2,
            "read with --records results",
        ),
        ("json-lists-inside/nested-name.json", 1, ""),
    ];
    each(&cases, |(path, count, words)| {
        let server = Server::yes();
        let folder = Folder::with("a.json", fixture(path));
        let ran = folder.import(&server, &["a.json"]);
        ran.assert(&format!("0: {count} read, {count} accepted"))
            .assert_says(&[*words]);
        assert_eq!(server.numbers().len(), *count, "{path}");
    });
}

#[test]
fn names_and_addresses_inside_of_records_are_recognised() {
    let cases = [
        (
            json!({"results": [{"properties": {"firstname": "Asha", "lastname": "Rao", "email": "a@example.com", "phone": phone(0)}}]}),
            json!(["Asha Rao", "a@example.com"]),
        ),
        (
            json!([{"name": {"first": "Asha", "last": "Rao"}, "phone": phone(0), "contact": {"email": "a@example.com"}}]),
            json!(["Asha Rao", "a@example.com"]),
        ),
        (
            json!({"connections": [{"names": [{"displayName": "Asha Rao"}],
                "phoneNumbers": [{"value": phone(1), "type": "homeFax"}, {"value": phone(0), "type": "mobile"}],
                "emailAddresses": [{"value": "a@example.com"}]}]}),
            json!(["Asha Rao", "a@example.com"]),
        ),
        (
            json!({"records": [{"fields": {"Name": "Asha Rao", "Phone": phone(0), "seller": {"email": "s@example.com"}}}]}),
            json!(["Asha Rao", null]),
        ),
    ];
    each(&cases, |(document, expected)| {
        let server = Server::yes();
        let folder = Folder::with("a.json", document.to_string());
        folder
            .import(&server, &["a.json"])
            .assert("0: 1 read, 1 accepted");
        assert_eq!(server.numbers(), phones(1), "{document}");
        let contact = server.requests()[0].contacts().remove(0);
        let found = json!([contact["userProvidedName"], contact["contact"]["email"]]);
        assert_eq!(found, *expected, "{contact}");
    });
}

#[test]
fn somebody_elses_phone_inside_of_a_record_is_never_sent() {
    let wrappers = [
        "seller",
        "agent",
        "emergencyContact",
        "company",
        "father",
        "referrer",
    ];
    each(&wrappers, |wrapper| {
        let server = Server::forbidden();
        let record = json!([{"name": "Asha", *wrapper: {"name": "B", "phone": phone(0)}}]);
        let folder = Folder::with("a.json", record.to_string());
        folder
            .import(&server, &["a.json"])
            .assert_usage(&["no phone column"]);
    });
}

#[test]
fn where_the_list_is_is_kept_in_a_mapping() {
    let server = Server::yes();
    let document = json!({"data": {"users": [{"phone": phone(0)}]}});
    let folder = Folder::with("a.json", document.to_string());
    folder
        .import(&server, &["a.json", "--save-mapping", "m.toml"])
        .assert("0: 1 read, 1 accepted");
    assert!(folder.read("m.toml").contains("records = \"data.users\"\n"));
    let other = json!({"data": {"users": [{"phone": phone(1)}], "agents": [{"phone": phone(2)}]}});
    folder.write("b.json", other.to_string());
    folder
        .import(&server, &["b.json", "--mapping", "m.toml"])
        .assert("0: 1 read, 1 accepted");
    assert_eq!(server.numbers(), phones(2));
}

#[test]
fn of_several_lists_a_user_names_one_and_the_other_is_reported() {
    let document = json!({"customers": [{"phone": phone(0)}], "agents": [{"phone": phone(1)}]});
    let folder = Folder::with("a.json", document.to_string());
    let server = Server::yes();
    folder
        .import(&server, &["a.json"])
        .assert_usage(&["--records agents or --records customers"]);
    let ran = folder.import(&server, &["a.json", "--records", "customers"]);
    let ran = ran.assert("0: 1 read, 1 accepted");
    ran.assert_says(&["left out: list agents (1 object with phones: --records agents)"]);
    assert_eq!(server.numbers(), phones(1));
    folder
        .import(&server, &["a.json", "--records", "clients"])
        .assert_usage(&["nothing is at --records clients", "--records agents"]);
}

#[test]
fn a_document_that_is_cut_off_is_4_after_what_was_whole() {
    let first = format!("{{\n\"phone\":\"{}\"\n}}\n", phone(0));
    let list = format!("{{\"data\":[{{\"phone\":\"{}\"}}", phone(0));
    each(
        &[format!("{first}{{\n\"phone\":\"{}", phone(1)), list],
        |content| {
            let server = Server::yes();
            let folder = Folder::with("a.json", content.as_str());
            folder
                .import(&server, &["a.json"])
                .assert_stopped("4: 1 read, 1 accepted", "input");
            assert_eq!(server.numbers(), phones(1));
        },
    );
}

#[test]
fn rejects_of_a_list_inside_a_document_are_imported_as_its_records_would_be() {
    let server = Server::yes();
    let document = json!({"data": {"users": [
        {"properties": {"phone": "12"}},
        {"properties": {"phone": phone(0)}},
    ]}});
    let folder = Folder::with("a.json", document.to_string());
    let ran = folder.import(&server, &["a.json", "--records", "data.users"]);
    ran.assert("3: 2 read, 1 accepted, 1 invalid");
    let rejected = folder
        .read("a.rejected.ndjson")
        .replace("\"12\"", &format!("\"{}\"", phone(1)));
    assert!(
        rejected.starts_with("{\"properties\":{\"phone\":"),
        "{rejected}"
    );
    folder.write("a.rejected.ndjson", &rejected);
    folder
        .import(&server, &["a.rejected.ndjson"])
        .assert("0: 1 read, 1 accepted");
    assert_eq!(server.numbers().len(), 2);
}

#[test]
fn a_file_that_is_written_while_it_is_read_ends_with_4_and_its_half_row_is_not_sent() {
    use std::io::Write;
    for (name, start, half, rest) in [
        (
            "a.csv",
            format!("name,phone\nA,{}\n", phone(0)),
            "B,+9198765",
            "00001\n",
        ),
        (
            "a.ndjson",
            format!("{{\"phone\":\"{}\"}}\n", phone(0)),
            "{\"phone\":\"+9198",
            "76500001\"}\n",
        ),
    ] {
        let server = Server::yes();
        let folder = Folder::with(name, format!("{start}{half}"));
        let url = server.url();
        let running = folder.bp(["--json", "--base-url", &url, name]).start();
        // Within the second in which a file without a last line end must lie still.
        std::thread::sleep(std::time::Duration::from_millis(300));
        let file = std::fs::File::options()
            .append(true)
            .open(folder.path().join(name));
        file.unwrap().write_all(rest.as_bytes()).unwrap();
        let ran = running
            .end()
            .assert_stopped("4: 1 read, 1 accepted", "input");
        ran.assert_says(&["it was changed while it was read"]);
        assert_eq!(server.numbers(), [phone(0)]);
    }
}

#[test]
fn a_last_row_without_a_line_end_is_sent_when_its_file_lies_still() {
    let server = Server::yes();
    let folder = Folder::with("a.csv", format!("name,phone\nA,{}", phone(0)));
    folder
        .import(&server, &["a.csv"])
        .assert("0: 1 read, 1 accepted");
}
