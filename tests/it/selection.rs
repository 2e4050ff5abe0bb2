//! How much of an input is sent: `--limit`, `--only`, `--except`, `--max-errors`.

use crate::run::{Folder, each, phone, phones};
use crate::server::{Answer, Server};

#[test]
fn a_limit_sends_the_first_contacts_and_stops_in_order() {
    let server = Server::yes();
    let folder = Folder::with_contacts(500);
    let ran = folder.import(&server, &["contacts.csv", "--limit", "120"]);
    let ran = ran.assert_stopped("0: 120 read, 120 accepted", "limit");
    assert_eq!(ran.summary()["complete"], false);
    assert_eq!(server.numbers(), phones(120));
    let next = ran.next();
    assert!(
        next.contains("bp-import contacts.csv") && !next.contains("--limit"),
        "{next}"
    );
}

#[test]
fn a_limit_counts_contacts_that_are_sent() {
    let server = Server::yes();
    let content = format!(
        "phone\n+91 12\n{0}\n{0}\n{1}\n{2}\n",
        phone(0),
        phone(1),
        phone(2)
    );
    let folder = Folder::with("a.csv", content);
    let ran = folder.import(&server, &["a.csv", "--limit", "2"]);
    ran.assert_stopped("3: 4 read, 2 accepted, 1 invalid, 1 skipped", "limit");
}

#[test]
fn a_limit_that_is_not_reached_changes_nothing() {
    for limit in ["3", "4"] {
        let server = Server::yes();
        let ran = Folder::with_contacts(3).import(&server, &["contacts.csv", "--limit", limit]);
        let summary = ran.assert("0: 3 read, 3 accepted").summary();
        assert_eq!(
            (&summary["stopped"], &summary["complete"]),
            (&serde_json::Value::Null, &true.into())
        );
    }
}

#[test]
fn rows_are_taken_and_left_by_the_value_of_a_column() {
    let content = format!(
        "phone,City,vip\n{},Pune,yes\n{}, pune ,no\n{},Goa,yes\n{},,\n",
        phone(0),
        phone(1),
        phone(2),
        phone(3)
    );
    let folder = Folder::with("a.csv", content);
    let cases: [(&[&str], &[usize]); 8] = [
        (&["--only", "city=Pune"], &[0, 1]),
        (&["--only", "City=pune", "--only", "city=goa"], &[0, 1, 2]),
        (&["--only", "City=pune", "--only", "vip=YES"], &[0]),
        (&["--only", "city="], &[3]),
        (&["--only", "2=Goa"], &[2]),
        (&["--except", "city=PUNE"], &[2, 3]),
        (&["--except", "city=Pune", "--except", "vip="], &[2]),
        (&["--only", "vip=yes", "--except", "city=goa"], &[0]),
    ];
    each(&cases, |(arguments, taken)| {
        let server = Server::yes();
        let all: Vec<_> = ["a.csv"].iter().chain(*arguments).copied().collect();
        let ran = folder.import(&server, &all);
        let skipped = 4 - taken.len();
        let ran = ran.assert(&format!(
            "0: 4 read, {} accepted, {skipped} skipped",
            taken.len()
        ));
        assert_eq!(ran.summary()["skipped_by"]["filtered"], skipped);
        assert_eq!(
            server.numbers(),
            taken.iter().map(|index| phone(*index)).collect::<Vec<_>>(),
            "{arguments:?}"
        );
    });
}

#[test]
fn objects_are_filtered_by_key() {
    let content = format!(
        r#"[{{"phone":"{}","a":{{"city":"Pune"}}}},{{"phone":"{}","tags":["x","vip"]}}]"#,
        phone(0),
        phone(1)
    );
    let folder = Folder::with("a.json", content);
    for (condition, taken) in [("a.city=pune", 0), ("tags=VIP", 1)] {
        let server = Server::yes();
        folder
            .import(&server, &["a.json", "--only", condition])
            .assert("0: 2 read, 1 accepted, 1 skipped");
        assert_eq!(server.numbers(), [phone(taken)]);
    }
}

#[test]
fn a_filtered_row_is_skipped_even_when_it_is_bad() {
    let server = Server::yes();
    let folder = Folder::with(
        "a.csv",
        format!("phone,city\n{},Pune\n+91 12,Goa\n", phone(0)),
    );
    folder
        .import(&server, &["a.csv", "--except", "city=Goa"])
        .assert("0: 2 read, 1 accepted, 1 skipped");
}

#[test]
fn too_many_errors_stop_the_run_soon() {
    let good: String = (0..20_000)
        .map(|index| format!("{}\n", phone(index)))
        .collect();
    let content = format!("phone\n{}\n+91 12\n+91 13\n+91 14\n{good}", phone(20_001));
    let folder = Folder::with("a.csv", content);
    let ran = folder
        .bp(["a.csv", "--json", "--sandbox", "--max-errors", "2"])
        .run();
    assert_eq!(
        (ran.code, &ran.summary()["stopped"]),
        (6, &"max_errors".into()),
        "{ran:#?}"
    );
    assert_eq!(ran.count("invalid"), 3);
    assert!(ran.count("read") < 10_000, "{ran:#?}");
    ran.assert_says(&["--max-errors"]);
}

#[test]
fn refused_contacts_are_errors_too() {
    let server = Server::judge(|request| {
        let answer = if request.holds(&phone(0)) {
            Answer::yes()
        } else {
            Answer::no(400, "phone is blacklisted")
        };
        answer.after(std::time::Duration::from_millis(50))
    });
    let arguments = ["contacts.csv", "--batch-size", "1", "--max-errors", "1"];
    let ran = Folder::with_contacts(9).import(&server, &arguments);
    assert_eq!(
        (ran.code, &ran.summary()["stopped"]),
        (6, &"max_errors".into()),
        "{ran:#?}"
    );
    // The request in flight keeps its answer.
    assert!((2..=3).contains(&ran.count("refused")), "{ran:#?}");
}

#[test]
fn a_share_of_errors_is_judged_at_the_end_of_a_small_input() {
    let content = format!("phone\n+91 12\n{}\n{}\n{}\n", phone(0), phone(1), phone(2));
    let folder = Folder::with("a.csv", content);
    for (share, code) in [("25%", 3), ("24%", 6), ("0%", 6), ("100%", 3)] {
        let server = Server::yes();
        let ran = folder.import(
            &server,
            &["a.csv", "--max-errors", share, "--rejects", "r.csv"],
        );
        assert_eq!(ran.code, code, "{share}: {ran:#?}");
        // Everything was read and sent all the same.
        assert_eq!((ran.count("accepted"), ran.count("invalid")), (3, 1));
    }
}

#[test]
fn a_share_of_errors_is_judged_in_mid_run_from_1000_rows_on() {
    let bad = "+91 12\n".repeat(600);
    let good: String = (0..20_000)
        .map(|index| format!("{}\n", phone(index)))
        .collect();
    let folder = Folder::with("a.csv", format!("phone\n{}\n{bad}{good}", phone(20_001)));
    let server = Server::script([Answer::yes().after(std::time::Duration::from_millis(20))]);
    let ran = folder.import(&server, &["a.csv", "--max-errors", "50%"]);
    assert_eq!(
        (ran.code, &ran.summary()["stopped"]),
        (6, &"max_errors".into()),
        "{ran:#?}"
    );
    assert!((1_000..10_000).contains(&ran.count("read")), "{ran:#?}");
    let server = Server::yes();
    let ran = folder.import(&server, &["a.csv", "--max-errors", "70%"]);
    ran.assert("3: 20601 read, 20001 accepted, 600 invalid");
}

#[test]
fn a_row_whose_columns_are_unknown_is_not_left_out_in_silence() {
    let csv = format!("phone,name,city\n{},Rao, Asha,Pune\n", phone(0));
    let folder = Folder::with("a.csv", csv);
    let mut line = format!(r#"{{"phone":"{}","city":"Pune","name":"Zoë J"#, phone(1)).into_bytes();
    line.extend(b"\xfc\"}\n");
    folder.write("b.ndjson", line);
    for name in ["a.csv", "b.ndjson"] {
        let server = Server::forbidden();
        folder
            .import(&server, &[name, "--only", "city=Pune"])
            .assert("3: 1 read, 1 invalid");
    }
}
