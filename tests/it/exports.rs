//! The exports of other products as they are: recognised, and sent as their golden payloads say.
//!
//! `fixtures/exports/NAME.csv` is such a file, with invented people in it; `NAME.json` beside it is what the API gets.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::run::{Folder, each};
use crate::server::Server;

/// A fixture, the export it is recognised as, the options a user needs, the counts of the run, and other output.
type Case = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
    &'static [&'static str],
);

const CASES: &[Case] = &[
    (
        "google",
        "a Google Contacts",
        &[],
        "0: 3 read, 3 accepted",
        &[],
    ),
    (
        "google-old",
        "a Google Contacts",
        &[],
        "0: 3 read, 3 accepted",
        &[],
    ),
    (
        "outlook-com",
        "an Outlook",
        &[],
        "0: 3 read, 3 accepted",
        &["country <- \"Home Country/Region\""],
    ),
    (
        "outlook-desktop",
        "an Outlook",
        &[],
        "0: 3 read, 3 accepted",
        &[],
    ),
    (
        "outlook-de",
        "an Outlook",
        &["--country", "DE"],
        "0: 2 read, 2 accepted",
        &[],
    ),
    (
        "outlook-fr",
        "an Outlook",
        &["--country", "FR"],
        "0: 2 read, 2 accepted",
        &[],
    ),
    (
        "outlook-es",
        "an Outlook",
        &["--country", "ES"],
        "0: 2 read, 2 accepted",
        &[],
    ),
    (
        "outlook-pt",
        "an Outlook",
        &["--country", "BR", "-v"],
        "3: 3 read, 2 accepted, 1 invalid",
        &["its first, a 9, is missing; probably it is +5511987654321"],
    ),
    (
        "outlook-it",
        "an Outlook",
        &["--country", "IT"],
        "0: 2 read, 2 accepted",
        &[],
    ),
    (
        "thunderbird",
        "a Thunderbird",
        &[],
        "0: 3 read, 3 accepted",
        &[],
    ),
    (
        "shopify-customers",
        "a Shopify customers",
        &[],
        "0: 3 read, 3 accepted",
        &[
            "2 of 3 say no in \"Accepts Email Marketing\"; --except \"Accepts Email Marketing=no\" leaves them out",
            "2 of 3 say no in \"Accepts SMS Marketing\"",
        ],
    ),
    (
        "shopify-orders",
        "a Shopify orders",
        &["--include", "opted-out"],
        "0: 3 read, 3 accepted",
        &["left out: \"Name\""],
    ),
    (
        "woocommerce",
        "a WooCommerce",
        &[],
        "0: 3 read, 3 accepted",
        &[],
    ),
    ("hubspot", "a HubSpot", &[], "0: 3 read, 3 accepted", &[]),
    (
        "zoho",
        "a Zoho CRM",
        &[],
        "0: 3 read, 3 accepted",
        &["1 of 3 says no in \"Email Opt Out\"; --except \"Email Opt Out=true\" leaves it out"],
    ),
    (
        "salesforce-report",
        "a Salesforce",
        &[],
        "0: 3 read, 3 accepted",
        &[],
    ),
    (
        "salesforce-api",
        "a Salesforce",
        &[],
        "0: 3 read, 3 accepted",
        &[],
    ),
    (
        "mailchimp",
        "a Mailchimp",
        &[],
        "0: 3 read, 3 accepted",
        &[],
    ),
    (
        "brevo",
        "a Brevo",
        &["--include", "opted-out"],
        "0: 3 read, 3 accepted",
        &["numbers without + start with their calling code"],
    ),
    (
        "klaviyo",
        "a Klaviyo",
        &[],
        "0: 3 read, 3 accepted",
        &[
            "--except \"SMS Marketing Consent=NEVER_SUBSCRIBED\" --except \"SMS Marketing Consent=UNSUBSCRIBED\" leave them out",
        ],
    ),
    (
        "pipedrive",
        "a Pipedrive",
        &[],
        "0: 3 read, 3 accepted",
        &[],
    ),
    (
        "activecampaign",
        "an ActiveCampaign",
        &[],
        "0: 3 read, 3 accepted",
        &[],
    ),
    ("apollo", "an Apollo", &[], "0: 3 read, 3 accepted", &[]),
    (
        "interakt",
        "an Interakt",
        &["--include", "opted-out"],
        "0: 3 read, 3 accepted",
        &["prefix <- \"Country Code\""],
    ),
    ("chatwoot", "a Chatwoot", &[], "0: 3 read, 3 accepted", &[]),
];

fn exports() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/exports")
}

fn csv(name: &str) -> Vec<u8> {
    fs::read(exports().join(format!("{name}.csv"))).unwrap()
}

fn golden(name: &str) -> Vec<Value> {
    let text = fs::read_to_string(exports().join(format!("{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn every_export_is_recognised_and_sent_as_it_should_be() {
    each(CASES, |(name, looks_like, options, account, says)| {
        let server = Server::yes();
        let folder = Folder::with("export.csv", csv(name));
        let arguments = [&["export.csv"], *options].concat();
        let ran = folder.import(&server, &arguments).assert(account);
        ran.assert_says(&[&format!("looks like {looks_like} export")])
            .assert_says(says);
        assert_eq!(server.requests()[0].contacts(), golden(name), "{name}");
    });
}

#[test]
fn every_fixture_of_an_export_has_its_case() {
    let names = |extension: &str| {
        let entries = fs::read_dir(exports()).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|found| found == extension))
            .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        names.sort();
        names
    };
    let mut cases: Vec<_> = CASES.iter().map(|case| case.0.to_owned()).collect();
    cases.sort();
    assert_eq!(names("csv"), cases);
    assert_eq!(names("json"), cases);
}

#[test]
fn who_opted_out_in_an_export_is_left_out_and_reported() {
    for (name, left_out, words) in [
        (
            "brevo",
            1,
            "1 of 3 contacts opted out (\"OPT_IN\" = No) and is left out",
        ),
        (
            "interakt",
            1,
            "(\"WhatsApp Opted\" = FALSE) and is left out; to send: --include opted-out",
        ),
        (
            "shopify-orders",
            2,
            "(\"Accepts Marketing\" = no) and are left out",
        ),
        (
            "shopify-customers",
            0,
            "2 of 3 say no in \"Accepts SMS Marketing\"",
        ),
        ("zoho", 0, "1 of 3 says no in \"Email Opt Out\""),
    ] {
        let folder = Folder::with("export.csv", csv(name));
        let ran = folder.bp(["export.csv", "-n", "--json"]).run();
        let summary = ran.summary();
        assert_eq!(
            summary["skipped_by"]["opted_out"], left_out,
            "{name}: {ran:#?}"
        );
        ran.assert_says(&[words]);
    }
}

#[test]
fn what_leaves_those_out_who_opted_out_does_so_and_is_not_reported_again() {
    let server = Server::yes();
    let folder = Folder::with("export.csv", csv("shopify-customers"));
    let arguments = ["export.csv", "--except", "Accepts SMS Marketing=no"];
    let ran = folder
        .import(&server, &arguments)
        .assert("0: 3 read, 1 accepted, 2 skipped");
    assert!(!ran.stderr.contains("say no"), "{}", ran.stderr);
}

#[test]
fn who_says_no_is_counted_to_the_end_of_a_file_and_as_far_as_looked_at_of_a_pipe() {
    let rows = 1_500;
    let row = |index: usize| format!("{},no\n", crate::run::phone(index));
    let table: String = std::iter::once("phone,consent\n".to_owned())
        .chain((0..rows).map(row))
        .collect();
    let folder = Folder::with("a.csv", &table);
    let file = folder.import(&Server::forbidden(), &["a.csv"]);
    file.assert_says(&["a.csv: 1,500 of 1,500 contacts opted out (\"consent\" = no)"]);
    let server = Server::forbidden();
    let url = server.url();
    let pipe = folder.bp(["--json", "--base-url", &url]).stdin(table).run();
    pipe.assert_says(&["stdin: 1,000 of the first 1,000 contacts opted out (\"consent\" = no)"]);
}

#[test]
fn a_further_item_of_an_order_goes_with_the_order() {
    let folder = Folder::with(
        "orders.csv",
        "Name,Email,Financial Status,Lineitem name,Billing Name,Billing Phone\n\
         #1001,a@example.com,paid,Hat,Ana,+919876543210\n\
         #1001,a@example.com,,Scarf,,\n\
         #1002,b@example.com,paid,Hat,Ben,\n\
         #1002,b@example.com,,Scarf,,\n\
         #1003,c@example.com,,Belt,,\n",
    );
    let server = Server::yes();
    let ran = folder.import(&server, &["orders.csv", "-v"]);
    let ran = ran.assert("3: 5 read, 1 accepted, 2 invalid, 2 skipped");
    ran.assert_says(&[
        "orders.csv row 3: skipped: repeats row 2",
        "orders.csv row 4: invalid: no phone",
        "orders.csv row 5: skipped: repeats row 4",
        "orders.csv row 6: invalid: no phone",
    ]);
}

#[test]
fn names_are_freed_of_what_spreadsheets_put_around_them() {
    let folder = Folder::with(
        "contacts.csv",
        "Phone, Name, Email\n\
         +919876543210, \"Asha \"\"A\"\" Rao\", \"a@example.com\"\n\
         +919876543211,\"=\"\"Ben\"\"\",\n\
         +919876543212,#N/A,\n\
         +919876543213,NULL,\n",
    );
    let server = Server::yes();
    folder
        .import(&server, &["contacts.csv"])
        .assert("0: 4 read, 4 accepted");
    let contacts = server.requests()[0].contacts();
    let names: Vec<&str> = contacts
        .iter()
        .map(|contact| contact["userProvidedName"].as_str().unwrap_or("-"))
        .collect();
    assert_eq!(names, ["Asha \"A\" Rao", "Ben", "-", "-"]);
    assert_eq!(contacts[0]["contact"]["email"], "a@example.com");
}

#[test]
fn an_item_without_an_order_is_one_shards_and_no_others() {
    let folder = Folder::with(
        "orders.csv",
        "Name,Email,Financial Status,Lineitem name,Billing Name,Billing Phone\n\
         #1001,a@example.com,,Hat,Asha,\n\
         #1002,b@example.com,,Cap,Ben,\n\
         ,c@example.com,,Cap,Cy,\n",
    );
    let invalid = |shard: &str| {
        let arguments = ["orders.csv", "-n", "--json", "--shard", shard];
        folder.bp(arguments).run().count("invalid")
    };
    assert_eq!(["1/3", "2/3", "3/3"].map(invalid).iter().sum::<u64>(), 3);
}
