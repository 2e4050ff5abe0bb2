//! The embedded sandbox, and the one that runs as a process.

use std::path::Path;

use crate::loopback::Sandbox;
use crate::run::{Folder, phone, phones, sorted};
use crate::server::Server;

#[test]
fn the_readmes_first_command_does_the_main_job() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/contacts.csv");
    let folder = Folder::new();
    let ran = folder
        .bp([
            "--json".into(),
            "--sandbox".into(),
            fixture.into_os_string(),
        ])
        .without_token()
        .run();
    let ran = ran.assert("0: 10 read, 9 accepted, 1 skipped");
    assert_eq!(ran.summary()["skipped_by"]["duplicate"], 1);
    assert!(folder.names().is_empty());
}

#[test]
fn a_sandbox_stores_what_it_received() {
    let sandbox = Sandbox::start("");
    let folder = Folder::with(
        "a.csv",
        format!("name,phone,tags\nÅsa,{},vip\n,{},\n", phone(0), phone(1)),
    );
    let ran = folder
        .bp(["a.csv", "--json", "--base-url", sandbox.url()])
        .run();
    ran.assert("0: 2 read, 2 accepted");
    let expected = serde_json::json!([
        {"userProvidedName": "Åsa", "contact": {"phone": {"number": "9876500000", "prefix": "91"}}, "tags": ["vip"], "attributes": []},
        {"contact": {"phone": {"number": "9876500001", "prefix": "91"}}, "tags": [], "attributes": []},
    ]);
    assert_eq!(serde_json::Value::Array(sandbox.stored()), expected);
}

#[test]
#[cfg_attr(windows, ignore = "no signal reaches another process there")]
fn ctrl_c_is_the_ordinary_end_of_a_sandbox() {
    for signal in ["INT", "TERM"] {
        let sandbox = Sandbox::start("");
        let folder = Folder::with_contacts(3);
        for account in ["0: 3 read, 3 accepted"; 2] {
            folder
                .bp(["contacts.csv", "--json", "--base-url", sandbox.url()])
                .run()
                .assert(account);
        }
        let ended = sandbox.end(signal);
        assert_eq!(ended.code, 0, "{ended:#?}");
        assert_eq!(ended.stdout.lines().count(), 1, "{ended:#?}");
        ended.assert_says(&["2 requests", "3 contacts created", "3 updated"]);
    }
}

#[test]
fn a_port_that_is_taken_is_reported() {
    let server = Server::forbidden();
    let port = server.port().to_string();
    Folder::new()
        .bp(["sandbox", "--port", &port])
        .run()
        .assert_usage(&[&port]);
}

#[test]
fn faults_that_are_not_understood_are_2() {
    let folder = Folder::new();
    for faults in [
        "often",
        "503:2",
        "503:0.1:soon",
        "latency:1",
        "reject:abc",
        "seed:x",
    ] {
        folder
            .bp(["sandbox", "--port", "0", "--faults", faults])
            .run()
            .assert_usage(&["--faults"]);
    }
}

#[test]
fn a_store_that_cannot_be_written_is_reported_at_once() {
    let ran = Folder::new()
        .bp(["sandbox", "--port", "0", "--store", "missing/store"])
        .run();
    assert!([2, 7].contains(&ran.code), "{ran:#?}");
    ran.assert_says(&["missing/store"]);
}

#[test]
fn a_store_replaces_nothing_but_an_older_store() {
    let folder = Folder::with("march.csv", "phone\n+919876543210\n");
    let store = |port: &str| folder.bp(["sandbox", "--port", port, "--store", "march.csv"]);
    store("0")
        .run()
        .assert_usage(&["march.csv", "not the store of a sandbox"]);
    // A port that is taken is found out before the store is touched.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let old = "{\"contact\":{\"phone\":{\"prefix\":\"91\",\"number\":\"9876543210\"}}}\n";
    folder.write("march.csv", old);
    store(&port).run().assert_usage(&["port"]);
    assert_eq!(folder.read("march.csv"), old);
    let running = store("0").start();
    running.first_line();
    assert_eq!(folder.read("march.csv"), "");
}

#[test]
fn everything_acceptable_is_accepted_in_spite_of_faults() {
    let bad = [phone(17), phone(18), phone(255)];
    let sandbox = Sandbox::start(&format!(
        "503:0.1:0s,429:0.05:0s,500:0.05,reset:0.1,lost:0.1,half:0.05,slow:0.1:100ms,too-large:3kB,reject:{},reject:{},reject:{},seed:7",
        bad[0], bad[1], bad[2]
    ));
    let folder = Folder::with_contacts(300);
    let ran = folder
        .bp([
            "contacts.csv",
            "--json",
            "--base-url",
            sandbox.url(),
            "--batch-size",
            "50",
            "--retry-for",
            "1m",
        ])
        .run()
        .assert("3: 300 read, 297 accepted, 3 refused");
    let mut stored = sandbox.numbers();
    stored.sort();
    stored.dedup();
    let acceptable = phones(300)
        .into_iter()
        .filter(|number| !bad.contains(number))
        .collect();
    assert_eq!(stored, sorted(acceptable));
    assert!(ran.count("retries") > 0, "{ran:#?}");
    let rejects = folder.read("contacts.rejected.csv");
    assert!(
        bad.iter().all(|number| rejects.contains(number)),
        "{rejects}"
    );
}

#[test]
fn a_poisonous_number_costs_no_other() {
    let sandbox = Sandbox::start(&format!("poison:{}", phone(2)));
    let folder = Folder::with_contacts(4);
    let ran = folder
        .bp([
            "contacts.csv",
            "--json",
            "--base-url",
            sandbox.url(),
            "--retry-for",
            "5s",
        ])
        .run();
    ran.assert("3: 4 read, 3 accepted, 1 unknown");
    assert_eq!(sorted(sandbox.numbers()), [phone(0), phone(1), phone(3)]);
}

#[test]
fn a_token_that_dies_halts_and_the_rest_can_be_sent_later() {
    let sandbox = Sandbox::start("denied:3");
    let folder = Folder::with_contacts(50);
    let ran = folder
        .bp([
            "contacts.csv",
            "--json",
            "--base-url",
            sandbox.url(),
            "--batch-size",
            "10",
            "--concurrency",
            "1",
        ])
        .run()
        .assert_stopped("5: 50 read, 30 accepted, 20 unsent", "denied");
    let server = Server::yes();
    folder
        .import(&server, &[&ran.rejects()[0]])
        .assert("0: 20 read, 20 accepted");
    assert_eq!([sandbox.numbers(), server.numbers()].concat(), phones(50));
}

#[test]
fn a_session_token_goes_without_authtype_there_too() {
    let sandbox = Sandbox::start("");
    let folder = Folder::with_contacts(1);
    let arguments = [
        "contacts.csv",
        "--json",
        "--base-url",
        sandbox.url(),
        "--auth",
        "session",
    ];
    folder
        .bp(arguments)
        .token("aaaa.bbbb.cccc")
        .run()
        .assert("0: 1 read, 1 accepted");
    folder
        .bp(arguments)
        .run()
        .assert_stopped("5: 1 read, 1 unsent", "denied");
}
