//! Small inputs that were read wrongly once, each for its kind: which contacts are sent of them, and what becomes of
//! the rest.

use std::path::Path;

use serde_json::Value;

use crate::run::Folder;
use crate::server::Server;

/// What is sent of an input with some options: `name prefix-number e-mail [tags] {attributes}`, a line a contact.
fn sent(file: &str, options: &[&str]) -> (i32, Vec<String>, Value) {
    let folder = Folder::new();
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/cases")
        .join(file);
    let path = path.to_str().unwrap();
    let server = Server::yes();
    let url = server.url();
    let fixed = ["--json", "--base-url", &url, path];
    let ran = folder
        .bp(fixed.into_iter().chain(options.iter().copied()))
        .run();
    let contacts = server
        .requests()
        .iter()
        .flat_map(|request| request.contacts())
        .map(|contact| line(&contact))
        .collect();
    let summary = if ran.code == 2 {
        Value::Null
    } else {
        ran.summary()
    };
    (ran.code, contacts, summary)
}

fn line(contact: &Value) -> String {
    let phone = &contact["contact"]["phone"];
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let list = |value: &Value, show: &dyn Fn(&Value) -> String| {
        let all: Vec<String> = value.as_array().into_iter().flatten().map(show).collect();
        all.join(", ")
    };
    format!(
        "{} {}-{} {} [{}] {{{}}}",
        text(&contact["userProvidedName"]),
        text(&phone["prefix"]),
        text(&phone["number"]),
        text(&contact["contact"]["email"]),
        list(&contact["tags"], &|tag| text(tag)),
        list(&contact["attributes"], &|one| format!(
            "{}={}",
            text(&one["key"]),
            text(&one["value"])
        )),
    )
}

/// Asserts that these contacts are sent, and the exit code.
fn assert_sent(file: &str, options: &[&str], code: i32, expected: &[&str]) {
    let (found, contacts, summary) = sent(file, options);
    assert_eq!(contacts, expected, "{file} {options:?} {summary:#}");
    assert_eq!(found, code, "{file} {options:?} {summary:#}");
}

#[test]
fn the_phone_is_the_contacts_own_whatever_other_phones_are_beside_it() {
    let indiamart = [
        "Asha Rao 91-9876543210 asha@mail.example [] {}",
        "Ravi K 91-9876543211 ravi@mail.example [] {}",
        "Mina S 91-9876543212 mina@mail.example [] {}",
    ];
    assert_sent("which-phone-column/indiamart.csv", &[], 0, &indiamart);
    assert_sent("which-phone-column/indiamart.csv", &["-y"], 0, &indiamart);
    assert_sent(
        "which-phone-column/prestashop.csv",
        &["--map", "country=country"],
        0,
        &["Anne Dupont 33-612345678 - [] {}"],
    );
    assert_sent(
        "headers/hotmart-sales.csv",
        &["--country", "BR"],
        0,
        &["Ana Souza 55-11987654321 ana@mail.example [] {}"],
    );
}

#[test]
fn words_for_nothing_are_never_sent() {
    let (code, contacts, summary) = sent("words-for-nothing/email_blank_words.csv", &[]);
    assert_eq!((code, contacts.len()), (0, 14), "{summary:#}");
    assert!(
        contacts.iter().all(|line| line.contains(" - []")),
        "{contacts:?}"
    );
    let (code, contacts, _) = sent(
        "words-for-nothing/attr_null.csv",
        &["--map", "attr.city=city"],
    );
    assert_eq!((code, contacts.len()), (0, 5));
    assert!(
        contacts.iter().all(|line| line.ends_with("- [] {}")),
        "{contacts:?}"
    );
}

#[test]
fn equal_columns_with_different_numbers_are_not_chosen_from() {
    let folder = Folder::with(
        "contacts.csv",
        "Name,Phone,Telephone\nAsha,+91 98765 43210,+91 98765 43211\nBen,+49 151 23456789,\n",
    );
    for options in [&["-n"][..], &["-n", "-y"]] {
        let ran = folder
            .bp(["contacts.csv"].iter().chain(options).copied())
            .run();
        assert_eq!(ran.code, 2, "{ran:#?}");
        let hint = "--map phone=Phone --map phone=Telephone";
        assert!(ran.stderr.contains(hint), "{}", ran.stderr);
    }
    let server = Server::yes();
    let said = [
        "contacts.csv",
        "--map",
        "phone=Telephone",
        "--map",
        "phone=Phone",
    ];
    folder
        .import(&server, &said)
        .assert("0: 2 read, 2 accepted");
}

#[test]
fn a_column_of_yes_and_no_or_of_one_number_is_not_the_contacts_phone() {
    let folder = Folder::with(
        "contacts.csv",
        "Name,WhatsApp,Mobile,Phone\n\
         Asha,yes,+91 22 6123 4567,+91 98765 43210\n\
         Ben,no,+91 22 6123 4567,+91 98765 43211\n\
         Cy,yes,+91 22 6123 4567,+91 98765 43212\n",
    );
    let server = Server::yes();
    let ran = folder.import(&server, &["contacts.csv"]);
    ran.assert("0: 3 read, 3 accepted");
    let numbers: Vec<Value> = server
        .requests()
        .iter()
        .flat_map(|request| request.contacts())
        .map(|contact| contact["contact"]["phone"]["number"].clone())
        .collect();
    assert_eq!(numbers, ["9876543210", "9876543211", "9876543212"]);
}

#[test]
fn a_row_keeps_the_country_it_names_and_one_that_is_not_understood_is_reported() {
    let folder = Folder::with(
        "contacts.csv",
        "Name,Phone,Country\n\
         Asha,98765 43210,\n\
         Ben,0151 23456789,Deutschland\n\
         Cy,+91 98765 43211,Atlantis\n\
         Dee,98765 43212,Atlantis\n",
    );
    let refused = folder.bp(["contacts.csv", "-n", "-v"]).run();
    assert!(
        refused
            .stderr
            .contains("together with --map country=Country"),
        "{}",
        refused.stderr
    );
    let server = Server::yes();
    let said = [
        "contacts.csv",
        "--country",
        "IN",
        "--map",
        "country=Country",
    ];
    let ran = folder
        .import(&server, &said)
        .assert("3: 4 read, 3 accepted, 1 invalid");
    assert_eq!(ran.count("warnings"), 1);
    let text: String = server
        .requests()
        .iter()
        .map(|request| request.text())
        .collect();
    assert!(
        text.contains(r#""number":"15123456789","prefix":"49""#),
        "{text}"
    );
}

#[test]
fn a_json_list_of_other_people_is_not_taken_for_the_contacts() {
    let folder = Folder::with(
        "agents.json",
        r#"{"agents":[{"name":"A","phone":"+919876543210"}],"page":1}"#,
    );
    let ran = folder.bp(["-n", "agents.json"]).run();
    ran.assert_usage(&["--records agents"]);
    let said = ["-n", "agents.json", "--records", "agents"];
    assert_eq!(folder.bp(said).run().code, 0);
}

#[test]
fn codes_types_and_areas_go_with_their_own_phone() {
    for (table, country, expected) in [
        (
            "Name,Mobile Country Code,Mobile Number\nA,44,7400123456\n",
            "IN",
            "44-7400123456",
        ),
        (
            "Name,Phone Country Code,Phone,WhatsApp Country Code,WhatsApp Number\nA,91,9876543210,44,7400123456\n",
            "IN",
            "44-7400123456",
        ),
        (
            "Name,Phone,Delivery Person Mobile\nA,9876543210,9000000001\n",
            "IN",
            "91-9876543210",
        ),
        (
            "Name,Phone 1,Phone 1 Type,Phone 2,Phone 2 Type\nA,020 7946 0123,Fax,07400 123456,Mobile\n",
            "GB",
            "44-7400123456",
        ),
        (
            "Name,Area Code,Mobile\nA,030,0171 1234567\n",
            "DE",
            "49-1711234567",
        ),
        (
            "Name,DDD,Telefone,DDD 2,Celular\nA,11,33334444,21,987654321\n",
            "BR",
            "55-21987654321",
        ),
        (
            "Name,\u{110}T d\u{EC},Phone\nA,0912345678,0987654321\n",
            "VN",
            "84-987654321",
        ),
    ] {
        let folder = Folder::with("a.csv", table);
        let server = Server::yes();
        folder
            .import(&server, &["a.csv", "--country", country])
            .assert("0: 1 read, 1 accepted");
        let contact = &server.requests()[0].contacts()[0];
        assert!(
            line(contact).starts_with(&format!("A {expected} ")),
            "{table} {contact}"
        );
    }
    let folder = Folder::with("a.csv", "Prefix,Phone\n045,31234567\n");
    let ran = folder
        .bp(["-n", "--json", "a.csv", "--country", "FI"])
        .run();
    ran.assert("3: 1 read, 1 invalid");
}

#[test]
fn a_second_persons_phone_is_not_the_firsts_and_false_is_no_name() {
    let folder = Folder::with(
        "a.csv",
        "Name,Phone,Name 2,Phone 2\nAsha,,Bala,+919876543211\nCy,+919876543212,,\n",
    );
    let server = Server::yes();
    folder
        .import(&server, &["a.csv"])
        .assert("3: 2 read, 1 accepted, 1 invalid");
    folder.write(
        "a.json",
        r#"[{"name":false,"phone":"+919876543210","tags":false}]"#,
    );
    let server = Server::yes();
    folder
        .import(&server, &["a.json"])
        .assert("0: 1 read, 1 accepted");
    let contact = &server.requests()[0].contacts()[0];
    assert_eq!(line(contact), "- 91-9876543210 - [] {}");
}

#[test]
fn what_is_around_an_email_address_is_taken_off_and_counted() {
    let (code, contacts, summary) = sent("emails/around.csv", &[]);
    assert_eq!(
        contacts,
        [
            "Ann 91-9876543210 ann@mail.example [] {}",
            "Ben 91-9876543211 ben@mail.example [] {}",
            "Cy 91-9876543212 cy@mail.example [] {}",
            "Dee 91-9876543213 dee@mail.example [] {}",
            "Eva 91-9876543214 eva@mail.example [] {}",
            "Flo 91-9876543215 flo@mail.example [] {}",
            "Gus 91-9876543216 gus@mail.example [] {}",
            "Hal 91-9876543217 - [] {}",
        ]
    );
    // Two of Flo's, one for the address of Hal that is left out.
    assert_eq!((code, &summary["warnings"]), (0, &Value::from(8)));
}

#[test]
fn characters_written_as_in_html_are_decoded_and_counted_once_a_row() {
    let (code, contacts, summary) = sent("entities/tag_amp.csv", &[]);
    assert_eq!(
        contacts,
        [
            "A 91-9876543210 - [Food & Drink] {}",
            "B 91-9812345678 - [R&D, VIP] {}",
        ]
    );
    assert_eq!((code, &summary["warnings"]), (0, &Value::from(1)));
    let (code, contacts, summary) = sent("entities/all_fields.csv", &[]);
    assert_eq!(
        contacts,
        [
            "José O'Neil 91-9876543210 jose@mail.example [R&D, VIP] {}",
            "- 91-9876543211 a&b@mail.example [AT&T, Q&A] {}",
        ]
    );
    // One of HTML in either row, one of the brackets around an address.
    assert_eq!((code, &summary["warnings"]), (0, &Value::from(3)));
}

#[test]
fn lists_that_a_program_wrote_as_text_are_lists() {
    assert_sent(
        "lists/json_tags.csv",
        &[],
        0,
        &[
            "Asha 91-9876543210 - [VIP, Blog] {}",
            "Ravi 91-9812345678 - [VIP, Big Spender] {}",
            "Mina 91-9811122334 - [] {}",
            "Jai 91-9811122335 - [VIP, New] {}",
        ],
    );
    assert_sent(
        "lists/phones.csv",
        &[],
        0,
        &[
            "Asha 91-9876543210 - [VIP, New] {}",
            "Ravi 91-9876543211 - [VIP, New] {}",
            "Mina 91-9876543212 - [VIP, Blog, news] {}",
            "Jai 91-9876543213 - [VIP, New] {}",
        ],
    );
}

#[test]
fn quotes_of_other_kinds_around_cells_and_tags_are_not_a_part_of_them() {
    assert_sent(
        "quotes/single_quotes.csv",
        &["--map", "attr.city=city"],
        0,
        &[
            "Asha 91-9876543210 - [] {city=Pune, MH}",
            "Ravi 91-9812345678 - [] {city=Goa}",
        ],
    );
    assert_sent(
        "quotes/curly.csv",
        &[],
        0,
        &[
            "Asha Rao 91-9876543210 - [VIP, New] {}",
            "O’Neil 91-9876543211 - [VIP] {}",
            "'t Hooft 91-9876543212 - [VIP] {}",
        ],
    );
}

#[test]
fn no_control_character_is_sent_and_line_breaks_separate_tags() {
    assert_sent(
        "control-characters/tab_in_cell.csv",
        &[],
        0,
        &[
            "Asha Rao 91-9876543210 - [] {}",
            "Ravi Das 91-9812345678 - [] {}",
        ],
    );
    assert_sent(
        "control-characters/nl_tags.csv",
        &[],
        0,
        &[
            "A 91-9876543210 - [VIP, Gold] {}",
            "B 91-9812345678 - [VIP, Gold] {}",
        ],
    );
    let options = [
        "--map",
        "attr.note=note",
        "--attr",
        "at=1\t2",
        "--tag",
        "x\ty",
    ];
    assert_sent(
        "control-characters/filemaker.csv",
        &options,
        0,
        &[
            "Asha Rao 91-9876543210 - [VIP, Gold, New, x y] {note=two lines, at=1 2}",
            "Ravi Das 91-9876543211 - [a b, c, x y] {note=ok, at=1 2}",
        ],
    );
}
