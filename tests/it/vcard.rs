//! vCards: what address books export, taken as it is.

use serde_json::json;

use crate::run::{Folder, each, phone, phones, sorted};
use crate::server::{Answer, Server};

const ANDROID: &[u8] = include_bytes!("../../fixtures/vcard/android-2.1.vcf");
const APPLE: &[u8] = include_bytes!("../../fixtures/vcard/apple-3.0.vcf");
const RFC: &[u8] = include_bytes!("../../fixtures/vcard/rfc-4.0.vcf");

fn card(name: &str, phone: &str) -> String {
    format!("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{name}\r\nTEL;TYPE=CELL:{phone}\r\nEND:VCARD\r\n")
}

#[test]
fn the_exports_of_phones_arrive_as_they_were_meant() {
    let profile = |name: &str, prefix: &str, number: &str, email: Option<&str>, tags: &[&str]| {
        let mut details = json!({
            "contact": {"phone": {"prefix": prefix, "number": number}},
            "userProvidedName": name,
        });
        if let Some(email) = email {
            details["contact"]["email"] = email.into();
        }
        (details, json!(tags))
    };
    let cases = [
        (
            ANDROID,
            "3: 3 read, 2 accepted, 1 invalid",
            vec![
                profile(
                    "आशा कुमारी राव",
                    "91",
                    "9876543210",
                    Some("asha@example.com"),
                    &[],
                ),
                profile("Ravi Iyer", "91", "9876543211", None, &[]),
            ],
        ),
        (
            APPLE,
            "0: 1 read, 1 accepted",
            vec![profile(
                "Ana María Muñoz",
                "34",
                "612345678",
                Some("ana@example.com"),
                &["VIP", "Flores, S.L."],
            )],
        ),
        (
            RFC,
            "0: 1 read, 1 accepted",
            vec![profile(
                "Zoë van der Berg",
                "31",
                "612345678",
                Some("zoe@example.com"),
                &["friends", "Amsterdam"],
            )],
        ),
    ];
    each(&cases, |(content, account, expected)| {
        for name in ["a.vcf", "a.csv", "a.txt"] {
            let server = Server::yes();
            Folder::with(name, content)
                .import(&server, &[name])
                .assert(account);
            let contacts: Vec<_> = server
                .requests()
                .iter()
                .flat_map(crate::server::Request::contacts)
                .collect();
            assert_eq!(contacts.len(), expected.len());
            for (contact, (details, tags)) in contacts.iter().zip(expected) {
                assert_eq!(contact["userProvidedName"], details["userProvidedName"]);
                assert_eq!(contact["contact"], details["contact"]);
                assert_eq!(contact["tags"], *tags);
            }
        }
    });
}

#[test]
fn a_card_without_a_phone_is_invalid_with_its_number() {
    let content = [card("A", &phone(0)), card("B", ""), card("C", &phone(1))];
    let server = Server::yes();
    let folder = Folder::with("a.vcf", content.concat());
    let ran = folder
        .import(&server, &["a.vcf", "-v"])
        .assert("3: 3 read, 2 accepted, 1 invalid");
    assert_eq!(server.numbers(), phones(2));
    assert_eq!(ran.reasons(), ["no_phone 1"]);
    ran.assert_says(&["a.vcf row 2", "no phone in \"TEL\""]);
}

#[test]
fn the_first_usable_phone_of_a_card_wins() {
    let content = format!(
        "BEGIN:VCARD\nN:Rao;Asha;K.;Dr.;\nTEL;CELL:12\nTEL;PREF:call the office\nTEL;HOME:tel:{};ext=12\nEND:VCARD\n",
        phone(0)
    );
    let server = Server::yes();
    let folder = Folder::with("a.vcf", content);
    folder
        .import(&server, &["a.vcf"])
        .assert("0: 1 read, 1 accepted");
    assert_eq!(server.numbers(), phones(1));
    let contact = server.requests()[0].contacts().remove(0);
    assert_eq!(contact["userProvidedName"], "Asha K. Rao");
}

#[test]
fn a_vcard_comes_through_stdin_in_any_encoding_it_may_have() {
    let text = format!("\u{feff}{}", card("Zoë", &phone(0)));
    let wide = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect();
    let inputs: [Vec<u8>; 3] = [
        text.clone().into_bytes(),
        wide(u16::to_le_bytes),
        wide(u16::to_be_bytes),
    ];
    each(&inputs, |content| {
        let server = Server::yes();
        let url = server.url();
        for arguments in [&[][..], &["--input-format", "vcard"]] {
            let usual = ["--json", "--base-url", &url, "-"];
            Folder::new()
                .bp(usual.iter().chain(arguments))
                .stdin(content.clone())
                .run()
                .assert("0: 1 read, 1 accepted");
        }
        assert_eq!(
            server.requests()[0].contacts()[0]["userProvidedName"],
            "Zoë"
        );
    });
}

/// What a server got of an input: name and number of each contact.
fn sent(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let contacts = requests.iter().flat_map(crate::server::Request::contacts);
    let show = |contact: serde_json::Value| {
        let phone = &contact["contact"]["phone"];
        let texts = [
            &contact["userProvidedName"],
            &phone["prefix"],
            &phone["number"],
        ];
        texts
            .map(|text| text.as_str().unwrap_or("-").to_owned())
            .join(" ")
    };
    contacts.map(show).collect()
}

macro_rules! case {
    ($path:literal) => {
        include_bytes!(concat!("../../fixtures/cases/", $path)).as_slice()
    };
}

#[test]
fn cards_that_were_read_wrongly_once_are_read() {
    let cases: [(&[u8], &[&str], &[&str]); 6] = [
        (
            case!("cards-run-together/v3-cat-no-newline.vcf"),
            &[],
            &["Asha Rao 91 9876543210", "Bala Iyer 91 9812345678"],
        ),
        (
            case!("card-encoding/v1-outlook-adr.vcf"),
            &[],
            &["Max Muster 49 15123456789"],
        ),
        (
            case!("card-encoding/v2-one-bad-note.vcf"),
            &[],
            &[
                "太郎 49 15123456701",
                "太郎 49 15123456799",
                "太郎 49 15123456702",
            ],
        ),
        (
            case!("card-encoding/v2-qp-1251.vcf"),
            &["--encoding", "windows-1251"],
            &["Иван Петров 7 9161234567"],
        ),
        (
            case!("card-encoding/v2-qp-1251.vcf"),
            &["-y"],
            &["Иван Петров 7 9161234567"],
        ),
        (case!("waid/waid-only.vcf"), &[], &["One 49 15123456782"]),
    ];
    each(&cases, |(content, options, expected)| {
        let server = Server::yes();
        let folder = Folder::with("a.vcf", content);
        let arguments = [&["a.vcf"][..], options].concat();
        let count = expected.len();
        folder
            .import(&server, &arguments)
            .assert(&format!("0: {count} read, {count} accepted"));
        assert_eq!(sent(&server), *expected);
    });
}

#[test]
fn a_guess_at_the_encoding_of_cards_is_reported_as_the_option_that_says_it() {
    let folder = Folder::with("a.vcf", case!("card-encoding/v2-qp-1251.vcf"));
    folder
        .import(&Server::yes(), &["a.vcf"])
        .assert_says(&["a.vcf: read with --encoding windows-1251"]);
}

#[test]
fn what_was_not_read_of_a_card_comes_back_from_its_rejects_with_the_encoding() {
    let good = "FN:Łukasz Żółć\r\n";
    let mut content = card("A", &phone(0)).replace("FN:A\r\n", good).into_bytes();
    let damaged = format!(
        "BEGIN:VCARD\r\nFN:J?rg\r\nTEL:{}\r\nNOTE:m?de\r\nEND:VCARD\r\n",
        phone(1)
    );
    content.extend(
        damaged
            .bytes()
            .map(|byte| if byte == b'?' { 0xfc } else { byte }),
    );
    // Its phone is wrong, and in a value that is not sent is what cannot be read.
    content.extend(b"BEGIN:VCARD\r\nFN:Bo\r\nTEL:12\r\nNOTE:m\xfcde\r\nEND:VCARD\r\n");
    let server = Server::yes();
    let folder = Folder::with("a.vcf", content);
    let first = folder
        .import(&server, &["a.vcf", "-v"])
        .assert("3: 3 read, 1 accepted, 2 invalid")
        .assert_says(&["--encoding windows-1252"]);
    assert_eq!(
        sorted(first.reasons()),
        ["bad_encoding 1", "phone_unreadable 1"]
    );

    // Without its encoding, nothing is better.
    folder
        .import(&server, &["a.rejected.csv", "-v"])
        .assert("3: 2 read, 2 invalid")
        .assert_says(&["--encoding windows-1252"]);
    let fixed = folder
        .read("a.rejected.csv")
        .replacen(",12,", &format!(",{},", phone(2)), 1);
    folder.write("fixed.csv", fixed);
    let arguments = [
        "fixed.csv",
        "--encoding",
        "windows-1252",
        "--map",
        "attr.note=NOTE",
    ];
    let before = server.requests().len();
    folder
        .import(&server, &arguments)
        .assert("0: 2 read, 2 accepted");
    let text: String = server.requests()[before..]
        .iter()
        .map(|request| request.text())
        .collect();
    assert!(
        text.contains("Jürg") && text.matches("müde").count() == 2,
        "{text}"
    );
}

#[test]
fn a_card_that_is_corrected_in_its_own_text_is_read_again() {
    let cut = format!(
        "BEGIN:VCARD\nFN:Cut\nTEL:12\nTEL;CELL:{}\nCATEGORIES:a,b\n",
        phone(2)
    );
    let folder = Folder::with("a.vcf", cut);
    let server = Server::yes();
    folder
        .import(&server, &["a.vcf"])
        .assert("3: 1 read, 1 invalid");
    let rejects = folder.read("a.rejected.csv");
    folder.write("mended.csv", rejects.replace("a,b\n", "a,b\nEND:VCARD\n"));
    folder
        .import(&server, &["mended.csv"])
        .assert("0: 1 read, 1 accepted");
    let contact = &server.requests()[0].contacts()[0];
    assert_eq!(contact["userProvidedName"], "Cut");
    assert_eq!(contact["tags"], serde_json::json!(["a", "b"]));
}

#[test]
fn corrected_cards_arrive_as_the_originals_would_have() {
    let content = format!(
        "BEGIN:VCARD\nFN:Refused\nN:Rao;Asha;;;\nTEL;WORK:12345\nTEL;CELL:{}\nEMAIL:a@example.com\nEMAIL;PREF:nobody at all\n\
         CATEGORIES:VIP,Flores\\, S.L.\nNOTE:two\\nlines\nEND:VCARD\n\
         BEGIN:VCARD\nFN:Local\nTEL:98765 00001\nEMAIL:b@example.com\nCATEGORIES:One\\, two\nEND:VCARD\n\
         BEGIN:VCARD\nFN:Cut\nTEL:{}\n",
        phone(0),
        phone(2),
    );
    let server = Server::judge(|request| {
        let text = request.text();
        if text.contains("Refused") || text.contains("Local") {
            Answer::no(400, "name is not allowed")
        } else {
            Answer::yes()
        }
    });
    let folder = Folder::with("a.vcf", content);
    let first = folder
        .import(&server, &["a.vcf", "--country", "IN"])
        .assert("3: 3 read, 1 invalid, 2 refused");
    assert_eq!(first.rejects(), ["a.rejected.csv"]);
    let rejects = folder.read("a.rejected.csv");
    assert!(
        rejects.contains("bad_vcard") && rejects.contains("FN:Cut"),
        "{rejects}"
    );

    // As it came back, nothing is better: what is no whole card is not taken for one.
    let again = folder
        .import(&server, &["a.rejected.csv", "--country", "IN"])
        .assert("3: 3 read, 1 invalid, 2 refused");
    let twice = folder.read(&again.rejects()[0]);
    assert!(twice.contains("FN:Cut"), "{twice}");

    let mended = twice
        .replace("Refused", "Taken")
        .replace("Local", "Taken")
        .replace(
            ",,,,,,,,,,,,,\"BEGIN",
            &format!("Cut,,,,{},,,,,,,,,\"BEGIN", phone(2)),
        );
    folder.write("mended.csv", mended);
    let before = server.requests().len();
    folder
        .import(&server, &["mended.csv", "--country", "IN"])
        .assert("0: 3 read, 3 accepted");
    let contacts: Vec<_> = server.requests()[before..]
        .iter()
        .flat_map(crate::server::Request::contacts)
        .collect();
    let told = contacts.iter().map(|contact| {
        let contact_of = &contact["contact"];
        format!(
            "{} {} {}",
            contact_of["phone"]["number"], contact_of["email"], contact["tags"]
        )
    });
    assert_eq!(
        sorted(told.collect()),
        [
            r#""9876500000" "a@example.com" ["VIP","Flores, S.L."]"#,
            r#""9876500001" "b@example.com" ["One, two"]"#,
            r#""9876500002" null []"#,
        ]
    );
}

#[test]
fn a_column_of_a_card_can_be_mapped_and_compared() {
    let content = format!(
        "BEGIN:VCARD\nFN:A\nTEL:{}\nORG:Acme;Sales\nCATEGORIES:VIP,new\nBDAY:19900401\nEND:VCARD\n{}",
        phone(0),
        card("B", &phone(1)),
    );
    let server = Server::yes();
    let folder = Folder::with("a.vcf", content);
    let arguments = [
        "a.vcf",
        "--map",
        "attr.company=ORG",
        "--map",
        "attr.born=BDAY",
        "--only",
        "CATEGORIES=vip",
    ];
    folder
        .import(&server, &arguments)
        .assert("0: 2 read, 1 accepted, 1 skipped");
    let text = server.requests()[0].text();
    assert!(
        text.contains("Acme, Sales") && text.contains("1990-04-01"),
        "{text}"
    );
}

#[test]
fn a_file_without_a_card_is_4() {
    let folder = Folder::with("a.csv", "name,phone\nA,1\n");
    folder
        .import(&Server::forbidden(), &["a.csv", "--input-format", "vcard"])
        .assert_stopped("4: ", "input")
        .assert_says(&["a.csv", "no vCard begins in it"]);
}

#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded_while_a_picture_of_any_size_is_read() {
    use std::io::Write;
    for line in [
        "A".repeat(1 << 20),
        format!("\r\n {}", "A".repeat(75)).repeat(1 << 14),
    ] {
        let server = Server::yes();
        let folder = Folder::new();
        let url = server.url();
        let mut running = folder.bp(["--json", "--base-url", &url, "-"]).start();
        let mut stdin = running.stdin.take().unwrap();
        let start = format!(
            "{}BEGIN:VCARD\r\nTEL:{}\r\nPHOTO;ENCODING=b:",
            card("A", &phone(0)),
            phone(1)
        );
        stdin.write_all(start.as_bytes()).unwrap();
        for _ in 0..48 {
            stdin.write_all(line.as_bytes()).unwrap();
        }
        let peak = running.peak_memory();
        stdin.write_all(b"\r\nFN:B\r\nEND:VCARD\r\n").unwrap();
        drop(stdin);
        running.end().assert("0: 2 read, 2 accepted");
        assert!(peak < 40 << 20, "{peak} bytes");
    }
}
