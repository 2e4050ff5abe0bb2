//! `--on-duplicate`: what is sent where several rows, over all inputs, have the same phone.

use std::io::{Seek, SeekFrom, Write};
use std::time::Duration;

use serde_json::{Value, json};

use crate::run::{Folder, each, table};
use crate::server::{Answer, Request, Server};

/// Asha in rows 2, 4 and 7, Ben in rows 3 and 6, and a row that is invalid.
const TWINS: &str = "\
Name,Phone,Email,Tags,City
Asha,+91 98765 43210,asha@example.com,vip,Pune
Ben,+91 98765 43211,,,
A. Rao,+919876543210,,new,
Bad,123,,,
Ben Li,+91 98765 43211,ben@example.com,\"b, vip\",Goa
Asha Rao,0091 98765 43210,,,Agra
";

/// The names, addresses, tags and cities that were sent, a contact a line.
fn sent(server: &Server) -> Vec<String> {
    let contacts = server.requests();
    let contacts = contacts.iter().flat_map(Request::contacts);
    let line = |contact: Value| {
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let tags = contact["tags"].as_array().unwrap().iter().map(text);
        let city = contact["attributes"]
            .get(0)
            .map(|city| text(&city["value"]));
        format!(
            "{} {} [{}] {}",
            text(&contact["userProvidedName"]),
            text(&contact["contact"]["email"]),
            tags.collect::<Vec<_>>().join(" "),
            city.unwrap_or_default(),
        )
    };
    contacts.map(line).collect()
}

fn import(folder: &Folder, server: &Server, mode: &str, more: &[&str]) -> crate::result::RunResult {
    let mapped = ["--map", "attr.city=City", "--on-duplicate", mode];
    folder.import(server, &[&mapped, more].concat())
}

#[test]
fn of_a_phone_in_several_rows_is_sent_what_was_asked_for() {
    let cases: [(&str, &str, &[&str]); 4] = [
        (
            "first",
            "3: 6 read, 2 accepted, 1 invalid, 3 skipped",
            &["Asha asha@example.com [vip] Pune", "Ben - [] "],
        ),
        (
            "last",
            "3: 6 read, 2 accepted, 1 invalid, 3 skipped",
            &["Ben Li ben@example.com [b vip] Goa", "Asha Rao - [] Agra"],
        ),
        (
            "merge",
            "3: 6 read, 2 accepted, 1 invalid, 3 skipped",
            &[
                "Ben Li ben@example.com [b vip] Goa",
                "Asha Rao asha@example.com [vip new] Agra",
            ],
        ),
        (
            "send",
            "3: 6 read, 5 accepted, 1 invalid",
            &[
                "Asha asha@example.com [vip] Pune",
                "Ben - [] ",
                "A. Rao - [new] ",
                "Ben Li ben@example.com [b vip] Goa",
                "Asha Rao - [] Agra",
            ],
        ),
    ];
    each(&cases, |(mode, account, expected)| {
        let folder = Folder::with("contacts.csv", TWINS);
        let server = Server::yes();
        import(&folder, &server, mode, &["contacts.csv"]).assert(account);
        assert_eq!(sent(&server), *expected, "{mode}");
    });
}

#[test]
fn it_is_reported_which_row_was_left_out_for_which() {
    let folder = Folder::with("a.csv", TWINS);
    folder.write("b.csv", "name,phone\nBen,+91 98765 43211\n");
    let files = ["a.csv", "b.csv", "-n", "-v", "--on-duplicate"];
    for (mode, summary, details) in [
        (
            "first",
            "4 repeat an earlier row (a.csv row 4 repeats row 2, a.csv row 6 repeats row 3, a.csv row 7 repeats row 2, …;",
            [
                "a.csv row 6: skipped: repeats row 3",
                "b.csv row 2: skipped: repeats a.csv row 3",
            ],
        ),
        (
            "last",
            "4 give way to a later row (a.csv row 2 gives way to row 7, a.csv row 3 gives way to b.csv row 2,",
            [
                "a.csv row 4: skipped: gives way to row 7",
                "a.csv row 6: skipped: gives way to b.csv row 2",
            ],
        ),
        (
            "merge",
            "4 are merged into a later row (a.csv row 2 is merged into row 7,",
            [
                "a.csv row 4: skipped: is merged into row 7",
                "a.csv row 6: skipped: is merged into b.csv row 2",
            ],
        ),
    ] {
        let ran = folder.bp([&files[..], &[mode]].concat()).run();
        assert!(ran.stdout.contains(summary), "{ran:#?}");
        ran.assert_says(&details);
    }
}

#[test]
fn what_comes_through_a_pipe_is_read_twice_too() {
    let folder = Folder::new();
    for mode in ["last", "merge"] {
        let server = Server::yes();
        let url = server.url();
        let ran = folder
            .bp(["--json", "--base-url", &url, "--on-duplicate", mode])
            .stdin("name,phone\nBo,+919876543210\nBo Li,+919876543210\n")
            .run();
        ran.assert("0: 2 read, 1 accepted, 1 skipped");
        assert_eq!(sent(&server), ["Bo Li - [] "]);
    }
}

#[test]
fn a_refused_contact_that_was_merged_comes_back_as_all_its_rows_and_becomes_the_same_again() {
    let folder = Folder::with("contacts.csv", TWINS);
    let server = Server::unless("+919876543210", Answer::no(400, "not today"));
    let ran = import(&folder, &server, "merge", &["contacts.csv"])
        .assert("3: 6 read, 1 accepted, 1 invalid, 3 refused, 1 skipped");
    let rejects = folder.read("contacts.rejected.csv");
    let rows = rejects
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap());
    assert_eq!(
        rows.collect::<Vec<_>>(),
        ["Bad", "Asha", "A. Rao", "Asha Rao"]
    );
    let patient = Server::yes();
    let next = ran.next().replace(&server.url(), &patient.url());
    folder
        .follow(&next)
        .run()
        .assert("3: 4 read, 1 accepted, 1 invalid, 2 skipped");
    assert_eq!(sent(&patient), ["Asha Rao asha@example.com [vip new] Agra"]);
}

#[test]
fn objects_of_the_apis_own_shape_are_merged_with_all_their_keys() {
    let profile = |details: Value| json!({ "profile": { "userDetails": details } });
    let phone = json!({ "number": "9876543210", "prefix": "91" });
    let earlier = json!({
        "userProvidedName": "Asha", "extra": 12, "contact": { "phone": phone, "email": "a@example.com" },
        "tags": ["vip"], "attributes": [{ "key": "city", "value": "Pune" }],
    });
    let later = json!({
        "userProvidedName": "Asha Rao", "contact": { "phone": phone }, "tags": ["new"],
        "attributes": [{ "key": "city", "value": "Goa" }, { "key": "plan", "value": "b" }],
    });
    let folder = Folder::with(
        "contacts.json",
        json!([profile(earlier), profile(later)]).to_string(),
    );
    let server = Server::yes();
    let ran = folder.import(&server, &["contacts.json", "--on-duplicate", "merge"]);
    ran.assert("0: 2 read, 1 accepted, 1 skipped");
    assert_eq!(
        server.requests()[0].contacts(),
        [json!({
            "userProvidedName": "Asha Rao", "extra": 12,
            "contact": { "phone": phone, "email": "a@example.com" }, "tags": ["vip", "new"],
            "attributes": [{ "key": "city", "value": "Goa" }, { "key": "plan", "value": "b" }],
        })]
    );
}

#[test]
fn what_waits_for_a_row_behind_the_limit_goes_with_the_next_run() {
    let folder = Folder::with("contacts.csv", TWINS);
    let server = Server::yes();
    let ran = import(&folder, &server, "merge", &["contacts.csv", "--limit", "1"])
        .assert_stopped("3: 5 read, 1 accepted, 1 invalid, 3 skipped", "limit");
    folder
        .follow(&ran.next())
        .run()
        .assert("3: 6 read, 1 accepted, 1 invalid, 4 skipped");
    assert_eq!(
        sent(&server),
        [
            "Ben Li ben@example.com [b vip] Goa",
            "Asha Rao asha@example.com [vip new] Agra"
        ]
    );
}

#[test]
fn every_row_of_a_phone_is_sent_after_the_answer_to_the_one_before() {
    let rows: String = (0..600)
        .map(|row| format!("Row {row},+9198765{:05}\n", row * 7 % 40))
        .collect();
    let folder = Folder::with("contacts.csv", format!("name,phone\n{rows}"));
    let server = Server::judge(|request| {
        let slow = request.numbers().len() as u64 % 3;
        Answer::yes().after(Duration::from_millis(slow * 5))
    });
    let ran = folder.import(
        &server,
        &[
            "contacts.csv",
            "--on-duplicate",
            "send",
            "--concurrency",
            "8",
            "--batch-size",
            "7",
        ],
    );
    ran.assert("0: 600 read, 600 accepted");
    let mut last = std::collections::BTreeMap::new();
    for request in server.requests() {
        for (number, contact) in request.numbers().into_iter().zip(request.contacts()) {
            let name = contact["userProvidedName"].as_str().unwrap().to_owned();
            let row: u64 = name["Row ".len()..].parse().unwrap();
            let before = last.insert(number, row);
            assert!(before < Some(row), "row {row} came after {before:?}");
        }
    }
    assert!(server.most_in_flight() > 1);
}

#[test]
fn a_run_that_goes_on_leaves_each_phone_with_its_last_row() {
    let folder = Folder::with(
        "contacts.csv",
        "name,phone\nOne,+919876543210\nTwo,+919876543210\nThree,+919876543211\n",
    );
    let server = Server::yes();
    let mode = ["contacts.csv", "--on-duplicate", "send"];
    folder
        .import(&server, &[&mode[..], &["--limit", "2"]].concat())
        .assert_stopped("0: 2 read, 2 accepted", "limit");
    folder.import(&server, &mode);
    let of_phone = |line: &&String| line.starts_with("One") || line.starts_with("Two");
    let all = sent(&server);
    assert_eq!(all.iter().rfind(of_phone).unwrap(), "Two - [] ", "{all:?}");
    let changed = [&mode[..], &["--changed"]].concat();
    folder.import(&server, &changed);
    let all = sent(&server);
    assert_eq!(all.iter().rfind(of_phone).unwrap(), "Two - [] ", "{all:?}");
}

#[test]
fn a_file_that_changes_between_its_two_readings_is_not_taken_for_whole() {
    let last = "Last,+919876500000\n";
    let folder = Folder::with("contacts.csv", format!("{}{last}", table(30_000)));
    let server = Server::holding();
    let url = server.url();
    let run = folder
        .bp([
            "contacts.csv",
            "--json",
            "--on-duplicate",
            "last",
            "--base-url",
            &url,
        ])
        .start();
    server.wait_for(1);
    let file = std::fs::File::options()
        .write(true)
        .open(folder.path().join("contacts.csv"));
    let mut file = file.unwrap();
    file.seek(SeekFrom::End(-(last.len() as i64))).unwrap();
    file.write_all(last.replace("00000", "99999").as_bytes())
        .unwrap();
    drop(file);
    server.release();
    let ran = run.end();
    assert_eq!(
        (ran.code, &ran.summary()["stopped"]),
        (4, &json!("input")),
        "{ran:#?}"
    );
    ran.assert_says(&["contacts.csv: it changed while it was read"]);
}

#[test]
fn a_row_to_be_corrected_says_that_its_phone_is_in_another() {
    let folder = Folder::with(
        "contacts.csv",
        "name,phone,email\nBina Shah,+919876543210,\nBina,+919876543210,bad-mail\n",
    );
    let server = Server::yes();
    folder
        .import(&server, &["contacts.csv", "--on-bad-email", "reject"])
        .assert("3: 2 read, 1 accepted, 1 invalid");
    let rejects = folder.read("contacts.rejected.csv");
    let words = "the same phone stands in row 2, which can be sent";
    assert!(rejects.contains(words), "{rejects}");
}

#[test]
fn thousands_of_rows_of_one_phone_are_merged_within_the_time_of_any_run() {
    let rows: String = (0..20_000)
        .map(|row| format!("Row {row},+919876543210,\"t{row},u{row}\"\n"))
        .collect();
    let folder = Folder::with("contacts.csv", format!("name,phone,tags\n{rows}"));
    let merge = ["contacts.csv", "-n", "--json", "--on-duplicate", "merge"];
    // A column with one number in most rows is not a contact's phone unless `--map` names it.
    let ran = folder.bp(merge).run();
    assert_eq!(ran.code, 2, "{ran:#?}");
    let said = merge.into_iter().chain(["--map", "phone=phone"]);
    let ran = folder.bp(said).run();
    ran.assert("0: 20000 read, 1 would_send, 19999 skipped");
}
