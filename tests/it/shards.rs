//! `--shard K/N`: processes that know nothing of each other send each contact once between them.

use crate::run::{Folder, NULL, phone, phones, sorted, table};
use crate::server::{Answer, Server};

fn shard(folder: &Folder, server: &Server, part: &str, more: &[&str]) -> crate::result::RunResult {
    let all = [&["contacts.csv", "--shard", part], more].concat();
    folder.import(server, &all)
}

#[test]
fn the_shards_of_an_import_send_each_contact_once() {
    let folder = Folder::with_contacts(200);
    let server = Server::yes();
    let mut sent = 0;
    for part in ["1/3", "2/3", "3/3"] {
        let ran = shard(&folder, &server, part, &[]);
        let accepted = ran.count("accepted");
        assert!((30..110).contains(&accepted), "{part}: {accepted}");
        assert_eq!(ran.summary()["skipped_by"]["other_shard"], 200 - accepted);
        assert_eq!(ran.summary()["shard"], part);
        sent += accepted;
        ran.assert(&format!(
            "0: 200 read, {accepted} accepted, {} skipped",
            200 - accepted
        ));
    }
    assert_eq!(sent, 200);
    assert_eq!(sorted(server.numbers()), phones(200));
}

#[test]
fn a_contact_goes_where_the_hash_of_its_digits_says_on_every_machine() {
    // SHA-256 of 919876500000, 919876500001, …, first 8 bytes, modulo 2.
    let folder = Folder::with_contacts(6);
    let server = Server::yes();
    shard(&folder, &server, "1/2", &[]);
    let expected: Vec<_> = FIRST_OF_TWO.iter().map(|index| phone(*index)).collect();
    assert_eq!(server.numbers(), expected);
}

const FIRST_OF_TWO: &[usize] = &[0, 2];

#[test]
fn every_row_without_a_phone_is_in_one_rejects_file_of_its_shard() {
    let bad = "Bad 1,12\nBad 2,\nBad 3,x\nBad 4,7\n";
    let folder = Folder::with("contacts.csv", format!("{}{bad}", table(4)));
    let server = Server::yes();
    let mut rows = Vec::new();
    for part in ["1/2", "2/2"] {
        let ran = shard(&folder, &server, part, &[]);
        let name = format!("contacts.rejected.{}.csv", part.replace('/', "-of-"));
        assert_eq!(ran.rejects(), [name.as_str()], "{ran:#?}");
        assert!(
            !ran.next().contains("--shard"),
            "a mended phone may be another shard's: {}",
            ran.next()
        );
        let rejected = folder.read(&name);
        rows.extend(rejected.lines().skip(1).map(|line| line[..5].to_owned()));
    }
    assert_eq!(sorted(rows), ["Bad 1", "Bad 2", "Bad 3", "Bad 4"]);
    let again = shard(&folder, &server, "2/2", &[]);
    assert_eq!(again.rejects(), ["contacts.rejected-2.2-of-2.csv"]);
}

#[test]
fn a_name_for_the_rejects_is_one_a_shard() {
    let folder = Folder::with("contacts.csv", format!("{}Bad 1,12\nBad 2,13\n", table(4)));
    let server = Server::yes();
    for (part, name) in [("1/2", "out/no.1-of-2.csv"), ("2/2", "out/no.2-of-2.csv")] {
        folder.write("out/.keep", "");
        let ran = shard(&folder, &server, part, &["--rejects", "out/no.csv"]);
        assert_eq!(ran.rejects(), [name], "{ran:#?}");
    }
    let ran = shard(&folder, &server, "1/2", &["--rejects", NULL]);
    assert_eq!(ran.count("invalid"), 1);
}

#[test]
fn a_row_that_is_invalid_for_its_e_mail_goes_with_its_phone() {
    let rows: String = (0..20)
        .map(|index| format!("{},no mail\n", phone(index)))
        .collect();
    let folder = Folder::with("contacts.csv", format!("phone,email\n{rows}"));
    let server = Server::yes();
    for part in ["1/2", "2/2"] {
        let rejected = shard(
            &folder,
            &Server::forbidden(),
            part,
            &["--on-bad-email", "reject"],
        );
        let sent = shard(&folder, &server, part, &[]);
        assert_eq!(rejected.count("invalid"), sent.count("accepted"), "{part}");
    }
}

#[test]
fn each_shard_goes_on_with_its_own_run() {
    let folder = Folder::with_contacts(40);
    let answers = [Answer::yes(), Answer::no(401, "expired")];
    let server = Server::script(answers.into_iter().chain((0..50).map(|_| Answer::yes())));
    let singly = ["--batch-size", "1"];
    let first = shard(&folder, &server, "1/2", &singly);
    assert_eq!((first.code, first.count("accepted")), (5, 1));
    let other = shard(&folder, &server, "2/2", &singly);
    assert_eq!(other.summary()["skipped_by"]["resumed"], 0);
    let whole = folder.import(&server, &["-n", "contacts.csv"]);
    whole.assert("0: 40 read, 40 would_send");
    let again = shard(&folder, &server, "1/2", &singly);
    assert_eq!(again.summary()["skipped_by"]["resumed"], 1);
    assert_eq!(again.code, 0);
}

#[test]
fn a_part_that_is_none_is_a_wrong_command_line() {
    let folder = Folder::with_contacts(1);
    for part in ["0/3", "4/3", "3", "a/b", "1/0"] {
        let ran = folder
            .bp(["--sandbox", "contacts.csv", "--shard", part])
            .run();
        ran.assert_usage(&["--shard", "K/N"]);
    }
    let ran = folder
        .bp(["--sandbox", "contacts.csv"])
        .variable("BP_IMPORT_SHARD", "5/4")
        .run();
    ran.assert_usage(&["BP_IMPORT_SHARD", "K/N"]);
}
