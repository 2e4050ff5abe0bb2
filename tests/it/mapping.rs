//! Columns to fields: what is recognised, what options can say, and the errors where that does not fit.

use serde_json::json;

use crate::run::{Folder, each, phone, phones};
use crate::server::Server;

#[test]
fn the_mapping_is_printed_before_anything_is_sent() {
    let server = Server::yes();
    let folder = Folder::with(
        "a.csv",
        format!(
            "First Name,Last Name,Mobile Phone,City\nA,B,{},Pune\n",
            phone(0)
        ),
    );
    let ran = folder
        .import(&server, &["a.csv", "--tag", "vip"])
        .assert("0: 1 read, 1 accepted");
    ran.assert_says(&[
        "name <- \"First Name\"",
        "phone <- \"Mobile Phone\"",
        "left out: \"City\"",
        "vip",
    ]);
    assert_eq!(
        server.requests()[0].contacts()[0]["userProvidedName"],
        "A B"
    );
}

#[test]
fn plain_headers_are_recognised() {
    let cases = [
        ("name,phone", "A,+919876500000"),
        ("Full Name,WhatsApp", "A,+919876500000"),
        ("NAME,Mobile", "A,+919876500000"),
        ("first_name,last_name,PHONE NUMBER", "A,,+919876500000"),
        ("Name,Country Code,Phone Number", "A,+91,98765 00000"),
        ("name,phone,mobile", "A,12,+919876500000"),
    ];
    each(&cases, |(header, row)| {
        let server = Server::yes();
        let folder = Folder::with("a.csv", format!("{header}\n{row}\n"));
        folder
            .import(&server, &["a.csv"])
            .assert("0: 1 read, 1 accepted");
        assert_eq!(server.numbers(), phones(1));
        assert_eq!(server.requests()[0].contacts()[0]["userProvidedName"], "A");
    });
}

#[test]
fn rules_fill_fields_from_headers_numbers_templates_and_constants() {
    let server = Server::yes();
    let folder = Folder::with(
        "a.csv",
        format!(
            "Vorname,Nachname,Handy,Alt,Ort\n Ana , ,12,{},Pune\nBo,Li,{},,\n",
            phone(0),
            phone(1)
        ),
    );
    let arguments = [
        "a.csv",
        "--map",
        "name={vorname}  {Nachname}",
        "--map",
        "phone=handy",
        "--map",
        "phone=4",
        "--map",
        "attr.city=Ort",
        "--map",
        "attr.city==nowhere",
        "--map",
        "tags==a, b",
    ];
    folder
        .import(&server, &arguments)
        .assert("0: 2 read, 2 accepted");
    assert_eq!(server.numbers(), phones(2));
    let contacts = server.requests()[0].contacts();
    assert_eq!(contacts[0]["userProvidedName"], "Ana");
    assert_eq!(contacts[1]["userProvidedName"], "Bo Li");
    assert_eq!(
        contacts[0]["attributes"],
        json!([{"key": "city", "value": "Pune"}])
    );
    assert_eq!(
        contacts[1]["attributes"],
        json!([{"key": "city", "value": "nowhere"}])
    );
    assert_eq!(contacts[0]["tags"], json!(["a", "b"]));
}

#[test]
fn a_field_can_be_left_out() {
    let server = Server::yes();
    let folder = Folder::with(
        "a.csv",
        format!("name,phone,email\nA,{},no email\n", phone(0)),
    );
    let arguments = ["a.csv", "--map", "email=", "--map", "name="];
    folder
        .import(&server, &arguments)
        .assert("0: 1 read, 1 accepted");
    let contact = &server.requests()[0].contacts()[0];
    assert!(contact.get("userProvidedName").is_none() && contact["contact"].get("email").is_none());
}

#[test]
fn tags_are_split_trimmed_and_not_repeated() {
    let folder = Folder::with(
        "a.csv",
        format!("phone,tags\n{},\" a, b;c|a ,, b\"\n", phone(0)),
    );
    let server = Server::yes();
    folder
        .import(&server, &["a.csv", "--tag", "c", "--tag", "d"])
        .assert("0: 1 read, 1 accepted");
    assert_eq!(
        server.requests()[0].contacts()[0]["tags"],
        json!(["a", "b", "c", "d"])
    );
    let server = Server::yes();
    folder
        .import(&server, &["a.csv", "--tag-separator", ";"])
        .assert("0: 1 read, 1 accepted");
    assert_eq!(
        server.requests()[0].contacts()[0]["tags"],
        json!(["a, b", "c|a ,, b"])
    );
}

#[test]
fn all_other_columns_can_become_attributes() {
    let server = Server::yes();
    let folder = Folder::with(
        "a.csv",
        format!("Phone,Home Town,Score (%),Empty\n{},Pune,7,\n", phone(0)),
    );
    folder
        .import(
            &server,
            &["a.csv", "--all-attributes", "--attr", "source=shop"],
        )
        .assert("0: 1 read, 1 accepted");
    let attributes = &server.requests()[0].contacts()[0]["attributes"];
    let keys: Vec<_> = attributes
        .as_array()
        .unwrap()
        .iter()
        .map(|attribute| attribute["key"].as_str().unwrap())
        .collect();
    assert_eq!(keys, ["hometown", "score", "source"]);
}

#[test]
fn two_columns_that_would_be_one_attribute_are_both_named() {
    let folder = Folder::with(
        "a.csv",
        format!("phone,Home Town,home_town\n{},a,b\n", phone(0)),
    );
    let ran = folder.import(&Server::forbidden(), &["a.csv", "--all-attributes"]);
    ran.assert_usage(&["a.csv", "Home Town", "home_town", "hometown"]);
}

#[test]
fn without_a_phone_column_headers_and_a_rule_that_would_help_are_shown() {
    for (name, content) in [
        ("a.csv", "Name,Telefonliste,City\nA,1,Pune\n"),
        (
            "a.json",
            r#"[{"Name":"A","Telefonliste":"1","City":"Pune"}]"#,
        ),
    ] {
        let folder = Folder::with(name, content);
        let ran = folder.import(&Server::forbidden(), &[name]);
        ran.assert_usage(&[name, "\"Name\"", "\"City\"", "--map phone=Telefonliste"]);
    }
}

#[test]
fn a_missing_column_is_reported_with_the_nearest_header() {
    let folder = Folder::with(
        "a.csv",
        format!("Name,Mobile Phone,City\nA,{},Pune\n", phone(0)),
    );
    for (rule, nearest) in [
        ("phone=Mobil Phone", "Mobile Phone"),
        ("name={Nmae} x", "Name"),
        ("attr.x=Citty", "City"),
    ] {
        let ran = folder.import(&Server::forbidden(), &["a.csv", "--map", rule]);
        ran.assert_usage(&["a.csv", nearest]);
    }
    for condition in ["--only", "--except"] {
        let ran = folder.import(&Server::forbidden(), &["a.csv", condition, "Citi=Pune"]);
        ran.assert_usage(&["a.csv", "City", condition]);
    }
}

#[test]
fn a_repeated_header_is_an_error_only_when_the_mapping_needs_it() {
    let server = Server::yes();
    let folder = Folder::with("a.csv", format!("phone,note,note\n{},a,b\n", phone(0)));
    folder
        .import(&server, &["a.csv"])
        .assert("0: 1 read, 1 accepted");
    folder
        .import(&server, &["a.csv", "--map", "name=2"])
        .assert("0: 1 read, 1 accepted");
    let ran = folder.import(&server, &["a.csv", "--map", "name=note"]);
    ran.assert_usage(&["a.csv", "\"note\"", "2", "3"]);
    folder.write("b.csv", format!("phone,phone\n{},\n", phone(0)));
    folder
        .import(&server, &["b.csv"])
        .assert_usage(&["b.csv", "\"phone\"", "--map phone=1"]);
}

#[test]
fn all_inputs_are_mapped_before_the_first_request() {
    let folder = Folder::with_contacts(300);
    folder.write("b.csv", "name,city\nA,Pune\n");
    let ran = folder.import(&Server::forbidden(), &["contacts.csv", "b.csv"]);
    ran.assert_usage(&["b.csv", "phone"]);
}

#[test]
fn when_no_phone_is_usable_for_want_of_a_country_nothing_is_sent() {
    let local: String = (0..5).map(|index| format!("98765 0000{index}\n")).collect();
    let json = r#"[{"phone":"98765 00000"},{"phone":""}]"#.to_owned();
    for (name, content) in [("a.csv", format!("phone\n{local}")), ("a.json", json)] {
        let folder = Folder::with(name, content);
        let ran = folder.import(&Server::forbidden(), &[name]);
        ran.assert_usage(&[name, "--country"]);
        assert_eq!(folder.names(), [name]);
    }
    let server = Server::yes();
    let folder = Folder::with("a.csv", format!("phone\n{local}"));
    for region in ["IN", "in", "India"] {
        folder
            .import(&server, &["a.csv", "--country", region])
            .assert("0: 5 read, 5 accepted");
    }
}

#[test]
fn one_usable_phone_is_enough_to_begin() {
    let server = Server::yes();
    let folder = Folder::with("a.csv", format!("phone\n98765 00001\n{}\n", phone(0)));
    let ran = folder
        .import(&server, &["a.csv"])
        .assert("3: 2 read, 1 accepted, 1 invalid");
    assert_eq!(ran.reasons(), ["phone_no_country 1"]);
}

#[test]
fn a_calling_code_is_no_country_and_names_the_one_it_is_of() {
    let folder = Folder::with_contacts(1);
    for (code, region) in [("91", "IN"), ("+91", "IN"), ("49", "DE"), ("+44", "GB")] {
        let ran = folder
            .bp(["contacts.csv", "--sandbox", "--country", code])
            .run();
        ran.assert_usage(&["--country", region]);
    }
}

#[test]
fn international_numbers_may_lack_their_plus() {
    let server = Server::yes();
    let folder = Folder::with("a.csv", "phone\n919876500000\n00919876500001\n");
    folder
        .import(&server, &["a.csv", "--country", "intl"])
        .assert("0: 2 read, 2 accepted");
    assert_eq!(server.numbers(), phones(2));
}
