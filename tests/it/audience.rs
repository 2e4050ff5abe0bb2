//! Who is sent: opt-outs and suppression lists, from the command line to the requests.

use std::collections::BTreeSet;

use crate::run::{Folder, each, phone};
use crate::server::Server;
use crate::terminal::{DOWN, ENTER};

/// Names and phones with a yes, a no, a blank and an answer that is still awaited, and the first once more with a no.
fn mixed() -> String {
    format!(
        "Name,Phone,Opted in\nAsha,{0},yes\nBen,{1},no\nCy,{2},\nDi,{3},pending\nEve,{4},yes\nEve,{4},no\n",
        phone(0),
        phone(1),
        phone(2),
        phone(3),
        phone(4),
    )
}

fn sent(indices: &[usize]) -> Vec<String> {
    indices.iter().map(|index| phone(*index)).collect()
}

#[test]
fn who_opted_out_or_gave_no_answer_is_left_out_unless_included() {
    let folder = Folder::with("a.csv", mixed());
    let cases: [(&[&str], &[usize], [u64; 3]); 5] = [
        (&[], &[0], [5, 2, 0]),
        (&["--include", "hidden"], &[0], [5, 2, 0]),
        (&["--include", "unanswered"], &[0, 2, 3], [3, 0, 2]),
        (&["--include", "opted-out"], &[0, 1, 2, 3, 4], [0, 0, 3]),
        (
            &["--include", "opted-out", "--except", "Opted in=no"],
            &[0, 2, 3, 4],
            [0, 0, 2],
        ),
    ];
    each(
        &cases,
        |(options, indices, [left_out, unanswered, included])| {
            let server = Server::yes();
            let ran = folder.import(&server, &[&["a.csv"], *options].concat());
            let summary = ran.summary();
            assert_eq!(ran.code, 0, "{ran:#?}");
            assert_eq!(server.numbers(), sent(indices), "{options:?}");
            assert_eq!(summary["skipped_by"]["opted_out"], *left_out, "{options:?}");
            assert_eq!(summary["unanswered"], *unanswered, "{options:?}");
            assert_eq!(summary["opted_out"], *included, "{options:?}");
        },
    );
}

#[test]
fn a_no_counts_for_all_rows_of_its_phone_in_all_files() {
    let yes = format!("phone,consent\n{},yes\n{},yes\n", phone(0), phone(1));
    let no = format!("phone,consent,city\n{},no,Goa\n", phone(1));
    let folder = Folder::with("a.csv", yes);
    folder.write("b.csv", no);
    let cases: [&[&str]; 5] = [
        &["a.csv", "b.csv"],
        &["b.csv", "a.csv"],
        &["a.csv", "b.csv", "--on-duplicate", "last"],
        &["a.csv", "b.csv", "--on-duplicate", "merge"],
        &["a.csv", "b.csv", "--on-duplicate", "send"],
    ];
    each(&cases, |arguments| {
        let server = Server::yes();
        let ran = folder.import(&server, arguments);
        ran.assert("0: 3 read, 1 accepted, 2 skipped");
        assert_eq!(server.numbers(), sent(&[0]), "{arguments:?}");
    });
    // A row that a filter leaves out says no all the same.
    let both = format!("phone,consent,city\n{0},yes,Pune\n{0},no,Goa\n", phone(1));
    let folder = Folder::with("a.csv", both);
    let ran = folder.import(&Server::forbidden(), &["a.csv", "--only", "city=Pune"]);
    assert_eq!(ran.summary()["skipped_by"]["opted_out"], 1, "{ran:#?}");
}

#[test]
fn behind_a_no_in_a_pipe_no_row_of_its_phone_is_sent() {
    let far = (1..1_500).map(|index| format!("{},yes\n", phone(index)));
    let rows: String = far.collect();
    let table = format!("phone,consent\n{rows}{0},no\n{0},yes\n", phone(0));
    let server = Server::yes();
    let url = server.url();
    let arguments = ["--json", "--base-url", &url, "--concurrency", "1"];
    let ran = Folder::new().bp(arguments).stdin(table).run();
    ran.assert("0: 1501 read, 1499 accepted, 2 skipped");
    assert!(!server.numbers().contains(&phone(0)));
}

#[test]
fn an_object_without_the_key_that_others_answer_gave_no_answer() {
    let line = |index: usize, rest: &str| format!("{{\"phone\":\"{}\"{rest}}}\n", phone(index));
    let content = [
        line(0, ",\"opt_in\":true"),
        line(1, ",\"opt_in\":false"),
        line(2, ""),
        line(3, ",\"opt_in\":null"),
        line(4, ",\"Opt_In\":\"yes\""),
        "{\"profile\":{\"userDetails\":{\"contact\":{\"phone\":{\"prefix\":\"91\",\"number\":\"9876500005\"}}}}}\n".to_owned(),
    ];
    let folder = Folder::with("a.ndjson", content.concat());
    // What one file asks, the objects of another need not answer.
    folder.write("b.ndjson", line(6, ""));
    let server = Server::yes();
    let ran = folder.import(&server, &["a.ndjson", "b.ndjson"]);
    assert_eq!(server.numbers(), sent(&[0, 4, 5, 6]), "{ran:#?}");
    assert_eq!(ran.summary()["unanswered"], 2, "{ran:#?}");
    ran.assert("0: 7 read, 4 accepted, 3 skipped");
}

#[test]
fn a_row_whose_phone_opted_out_elsewhere_is_not_given_back_to_be_corrected() {
    let content = format!(
        "phone,consent,email\n{0},yes,no mail\n{0},no,\n{1},no,no mail\n",
        phone(0),
        phone(1)
    );
    let folder = Folder::with("a.csv", content);
    let arguments = ["a.csv", "--on-bad-email", "reject"];
    let ran = folder.import(&Server::forbidden(), &arguments);
    let ran = ran.assert("0: 3 read, 3 skipped");
    assert!(ran.rejects().is_empty());
}

#[test]
fn a_no_counts_for_every_phone_of_its_row_and_where_the_row_has_a_defect() {
    let two = || phone(1);
    for content in [
        format!(
            "phone,mobile,consent\n{},{},no\n{1},,yes\n",
            phone(0),
            two()
        ),
        format!("phone,consent\n{} / {},no\n{1},yes\n", phone(0), two()),
        format!("phone,consent\n{0},yes\n{0},no,surplus\n", two()),
        format!("phone,mobile,consent\n{0},,yes\n{0},12,no\n", two()),
    ] {
        let folder = Folder::with("a.csv", &content);
        let arguments = ["a.csv", "--rejects", "r.csv"];
        let ran = folder.import(&Server::forbidden(), &arguments);
        assert_eq!(ran.summary()["accepted"], 0, "{content}: {ran:#?}");
    }
}

#[test]
fn quiet_prints_one_line_where_somebody_is_left_out_or_sent_all_the_same() {
    let folder = Folder::with("a.csv", mixed());
    folder.write("fine.csv", format!("phone,consent\n{},yes\n", phone(9)));
    for (arguments, line) in [
        (
            &["a.csv"][..],
            "6 read: 1 accepted, 5 skipped; 3 opted out (to send: --include opted-out); 2 gave no answer",
        ),
        (
            &["a.csv", "--include", "opted-out"],
            "3 opted out or gave no answer: sent by --include",
        ),
        (&["fine.csv"], ""),
    ] {
        let all = [arguments, &["-q", "--sandbox"]].concat();
        let ran = folder.bp(all).run();
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{ran:#?}");
        assert_eq!(
            ran.stderr.lines().count(),
            usize::from(!line.is_empty()),
            "{ran:#?}"
        );
        ran.assert_says(&[line]);
    }
}

#[test]
fn free_text_in_a_consent_column_is_not_shown() {
    let rows = format!(
        "phone,Opted in\n{},ask her mother\n{},\n",
        phone(0),
        phone(1)
    );
    let folder = Folder::with("a.csv", rows);
    let ran = folder.import(&Server::forbidden(), &["a.csv"]);
    let ran = ran.assert_says(&["an answer that is not understood"]);
    assert!(!ran.stderr.contains("mother"), "{ran:#?}");
}

#[test]
fn a_file_of_comments_is_not_replaced_by_a_mapping() {
    let folder = Folder::with("a.csv", mixed());
    folder.write("notes", "# how we began\n");
    let arguments = ["a.csv", "-n", "--save-mapping", "notes"];
    folder.bp(arguments).run().assert_usage(&["--save-mapping"]);
    assert_eq!(folder.read("notes"), "# how we began\n");
}

#[cfg(unix)]
#[test]
fn a_linked_rejects_file_keeps_no_old_rejects() {
    let folder = Folder::with("a.csv", format!("phone\n{}\n", phone(0)));
    folder.write("old.csv", "phone,bp_row\n12,2\n");
    let at = |name: &str| folder.path().join(name);
    std::os::unix::fs::symlink(at("old.csv"), at("link.csv")).unwrap();
    let ran = folder.import(&Server::yes(), &["a.csv", "--rejects", "link.csv"]);
    ran.assert("0: 1 read, 1 accepted");
    assert_eq!(folder.read("old.csv"), "");
}

#[test]
fn include_is_kept_in_a_mapping_and_taken_from_the_environment() {
    let folder = Folder::with("a.csv", mixed());
    let save = [
        "a.csv",
        "-n",
        "--save-mapping",
        "m.toml",
        "--include",
        "opted-out",
        "--include",
        "hidden",
    ];
    assert_eq!(folder.bp(save).run().code, 0);
    let kept = folder.read("m.toml");
    assert!(
        kept.contains("include = [\"opted-out\", \"hidden\"]\n"),
        "{kept}"
    );
    let run = folder.bp(["a.csv", "-n", "--json", "--mapping", "m.toml"]);
    run.run().assert("0: 6 read, 5 would_send, 1 skipped");
    let run = folder.bp(["a.csv", "-n", "--json"]);
    let run = run.variable("BP_IMPORT_INCLUDE", "hidden\nunanswered\n");
    run.run().assert("0: 6 read, 3 would_send, 3 skipped");
    folder
        .bp(["a.csv", "--include", "everybody"])
        .run()
        .assert_usage(&["--include"]);
}

#[test]
#[cfg_attr(windows, ignore = "no terminal to test with there")]
fn on_a_terminal_each_group_is_asked_about_and_enter_leaves_it_out() {
    let folder = Folder::with("a.csv", mixed());
    let opted_out = "2 of 6 contacts opted out (\"Opted in\" = no). What about them?";
    let unanswered =
        "2 of 6 contacts gave no answer (\"Opted in\" = blank, pending). What about them?";
    let down = format!("{DOWN}{ENTER}");
    for (answers, saves, indices) in [
        ([ENTER, ENTER], false, &[0][..]),
        ([ENTER, &down], true, &[0, 2, 3]),
        ([&down, ENTER], true, &[0, 1, 2, 3, 4]),
    ] {
        let server = Server::yes();
        let arguments = ["a.csv", "--base-url", &server.url(), "--concurrency", "1"];
        let mut terminal = folder.bp(arguments).on_terminal();
        terminal.answer(opted_out, answers[0]);
        // `--include opted-out` implies `--include unanswered`.
        if answers[0] == ENTER {
            terminal.answer(unanswered, answers[1]);
        }
        if saves {
            terminal.answer("keep these answers", ENTER);
        }
        terminal.answer("send these to", "y\r");
        let (code, text) = terminal.end();
        assert_eq!(code, 0, "{text}");
        assert_eq!(server.numbers(), sent(indices), "{text}");
    }
}

#[test]
fn suppressed_phones_are_never_sent_in_whatever_form_they_are_listed() {
    let folder = Folder::with(
        "a.csv",
        format!(
            "name,phone\nA,{}\nB,{}\nC,{}\n",
            phone(0),
            phone(1),
            phone(2)
        ),
    );
    let (one, two) = (phone(0), phone(1));
    let local = &one["+91".len()..];
    for (name, content) in [
        (
            "header.csv",
            format!("Name,Phone\nX,{one}\nY,{two}\nZ,{one}\n"),
        ),
        ("bare.txt", format!("{one}\n\n{two}\n")),
        ("local.txt", format!("{local}\n{two}\n")),
        (
            "spaced.txt",
            format!("\u{feff}+91 98765-00000\r\n(+91) {}\r\n", &two[3..]),
        ),
        ("title.txt", format!("Blocked people\n{one}\n{two}\n")),
        (
            "columns.csv",
            format!("Phone,Mobile,Fax\n,+91 98765 00009,{one}\n{two},,\n"),
        ),
        ("several.csv", format!("phone;name\n{one} / {two};X\n")),
        (
            "lines.ndjson",
            format!("{{\"phone\":\"{one}\"}}\n{{\"mobile\":[\"{two}\"]}}\n"),
        ),
        (
            "card.vcf",
            format!("BEGIN:VCARD\nVERSION:3.0\nFN:X\nTEL:{one}\nTEL;TYPE=fax:{two}\nEND:VCARD\n"),
        ),
        (
            "own.json",
            format!(
                "[{{\"profile\":{{\"userDetails\":{{\"contact\":{{\"phone\":{{\"prefix\":\"91\",\"number\":\"{local}\"}}}}}}}}}},{{\"phone\":\"{two}\"}}]"
            ),
        ),
    ] {
        folder.write(name, content);
        let server = Server::yes();
        let ran = folder.import(&server, &["a.csv", "--country", "IN", "--suppress", name]);
        assert_eq!(server.numbers(), sent(&[2]), "{name}: {ran:#?}");
        assert_eq!(
            ran.summary()["skipped_by"]["suppressed"],
            2,
            "{name}: {ran:#?}"
        );
        ran.assert("0: 3 read, 1 accepted, 2 skipped");
    }
}

#[test]
fn a_phone_is_suppressed_wherever_in_the_list_it_is() {
    let (one, two) = (phone(0), phone(1));
    let rows: String = (0..3).map(|index| format!("{}\n", phone(index))).collect();
    let folder = Folder::with("a.csv", format!("phone\n{rows}"));
    for (name, content) in [
        ("second.txt", format!(",{one}\n,{two}\n")),
        ("under.txt", format!(",Blocked\n,{one}\n,{two}\n")),
        ("beside.txt", format!(",Blocked\n{one},\n,{two}\n")),
        ("two.txt", format!("{one}\n{two}")),
        ("backup.csv", format!("Phone,Backup\n{one},{two}\n")),
        ("number.csv", format!("Phone,Number\n,{one}\n{two},\n")),
        ("nameless.csv", format!("Phone,\n{one},{two}\n")),
        (
            "notes.csv",
            format!("Name,Phone,Notes\nX,{one},also {two}\n"),
        ),
        (
            "keys.ndjson",
            format!("{{\"phone\":\"{one}\"}}\n{{\"nr\":\"{two}\"}}\n"),
        ),
        (
            "lists.json",
            format!("{{\"a\":[{{\"phone\":\"{one}\"}}],\"b\":[{{\"phone\":\"{two}\"}}]}}"),
        ),
        (
            "sellers.json",
            format!("{{\"sellers\":[{{\"phone\":\"{one}\"}},{{\"phone\":\"{two}\"}}]}}"),
        ),
    ] {
        folder.write(name, content);
        let server = Server::yes();
        let ran = folder.import(&server, &["a.csv", "--suppress", name]);
        assert_eq!(server.numbers(), sent(&[2]), "{name}: {ran:#?}");
        assert!(!ran.stderr.contains("--sheet"), "{name}: {ran:#?}");
        assert!(!ran.stderr.contains("--records"), "{name}: {ran:#?}");
    }
}

#[test]
fn all_sheets_of_a_suppression_list_are_read_hidden_ones_too() {
    let rows: String = (0..4).map(|index| format!("{}\n", phone(index))).collect();
    let folder = Folder::with("a.csv", format!("phone\n{rows}"));
    folder.write(
        "list.xlsx",
        include_bytes!("../../fixtures/cases/suppression/three-sheets.xlsx"),
    );
    let server = Server::yes();
    let ran = folder.import(&server, &["a.csv", "--suppress", "list.xlsx"]);
    assert_eq!(server.numbers(), sent(&[3]), "{ran:#?}");
}

#[test]
fn a_country_in_the_list_goes_before_the_one_on_the_command_line() {
    let folder = Folder::with("a.csv", format!("phone\n{}\n", phone(0)));
    let local = &phone(0)["+91".len()..];
    for (name, content) in [
        ("country.csv", format!("phone,country\n{local},IN\n")),
        ("name.csv", format!("phone,country\n{local},India\n")),
        ("prefix.csv", format!("prefix,phone\n91,{local}\n")),
    ] {
        folder.write(name, content);
        let arguments = ["a.csv", "--country", "US", "--suppress", name];
        let ran = folder.import(&Server::forbidden(), &arguments);
        ran.assert("0: 1 read, 1 skipped");
    }
    // A country that is not understood is not replaced by another.
    folder.write("foreign.csv", format!("phone,country\n{local},Atlantis\n"));
    let arguments = ["a.csv", "--country", "US", "--suppress", "foreign.csv"];
    let ran = folder.import(&Server::forbidden(), &arguments);
    ran.assert_usage(&["foreign.csv row 2"]);
}

#[test]
fn a_suppression_list_is_read_whole_or_not_at_all() {
    let folder = Folder::with("a.csv", format!("phone\n{}\n", phone(0)));
    for (name, content, words) in [
        ("short.csv", "phone\n+919876543210\n12\n", "short.csv row 3"),
        ("bare.txt", "+919876543210\n\n98765\n", "bare.txt row 3"),
        (
            "local.txt",
            "+919876543210\n9876543211\n",
            "local.txt row 2",
        ),
        (
            "word.csv",
            "phone\n+919876543210\nnobody\n",
            "word.csv row 3",
        ),
        (
            "second.csv",
            "phone,mobile\n+919876543210,+91 12\n",
            "second.csv row 2",
        ),
        (
            "cell.csv",
            "phone\n+919876543210 / +91 12\n",
            "cell.csv row 2",
        ),
        (
            "surplus.csv",
            "phone\n+919876543210\n+919876543211,x\n",
            "surplus.csv row 3",
        ),
        ("digits.csv", "phone\n9.19877E+11\n", "digits.csv row 2"),
        ("header.csv", "who,what\n1,2\n", "header.csv: no one column"),
        (
            "unread.csv",
            "Number,Phone\n9876543210,\n",
            "unread.csv row 2",
        ),
        (
            "quote.csv",
            "phone\n\"+919876543210\n+919876543211\n",
            "quote.csv: row 2",
        ),
        (
            "swallowed.csv",
            "name,phone\n\"Asha,+919876543210\nBen,+919876543211\nCy\",+919876543212\n",
            "swallowed.csv row 2",
        ),
        (
            "two.csv",
            "+919876543210,Asha\n",
            "two.csv: the first row holds a phone",
        ),
        (
            "cut.ndjson",
            "{\"phone\":\"+919876543210\"}\n{\"phone\":\n",
            "cut.ndjson row 2",
        ),
        (
            "keys.json",
            "[{\"x\":\"nobody\"}]",
            "keys.json: no one column",
        ),
        ("missing.csv", "", "missing.csv"),
    ] {
        if name != "missing.csv" {
            folder.write(name, content);
        }
        for dry_run in ["-v", "-n"] {
            let arguments = ["a.csv", dry_run, "--suppress", name];
            let ran = folder.import(&Server::forbidden(), &arguments);
            ran.assert_usage(&["--suppress", words]);
        }
    }
    // A number without a country is read where a country is given.
    let arguments = [
        "a.csv",
        "-n",
        "--json",
        "--suppress",
        "local.txt",
        "--country",
        "IN",
    ];
    assert_eq!(folder.bp(arguments).run().code, 0);
}

#[test]
fn a_suppression_list_without_a_number_is_reported() {
    let folder = Folder::with("a.csv", format!("phone\n{}\n", phone(0)));
    for (name, content, words) in [
        ("empty.csv", "", "there is nothing in it"),
        ("blank.txt", "\n \n", "there is nothing in it"),
        ("header.csv", "phone\n", "there are no phones in it"),
        (
            "some.csv",
            "name,phone\nA,\nB,+919876543210\n",
            "1 row without a phone",
        ),
    ] {
        folder.write(name, content);
        let ran = folder.import(&Server::yes(), &["a.csv", "--suppress", name]);
        ran.assert("0: 1 read, 1 accepted")
            .assert_says(&[name, words]);
        let arguments = ["a.csv", "-q", "--sandbox", "--suppress", name];
        let ran = folder.bp(arguments).run();
        let told = usize::from(name != "some.csv");
        assert_eq!(ran.stderr.lines().count(), told, "{name}: {ran:#?}");
    }
}

#[test]
fn a_suppression_list_is_spared_and_may_be_an_input() {
    let list = "bp_row,phone\n2,+919876500000\n";
    let folder = Folder::with("a.csv", "phone\n+919876500000\n+919876500001\n");
    folder.write("list.csv", list);
    std::fs::hard_link(
        folder.path().join("list.csv"),
        folder.path().join("link.csv"),
    )
    .unwrap();
    for output in ["--rejects", "--save-mapping"] {
        let arguments = ["a.csv", "--suppress", "list.csv", output, "link.csv"];
        folder
            .import(&Server::forbidden(), &arguments)
            .assert_usage(&[output, "--suppress"]);
    }
    assert_eq!(folder.read("list.csv"), list);
    let ran = folder.import(&Server::forbidden(), &["a.csv", "--suppress", "a.csv"]);
    ran.assert("0: 2 read, 2 skipped");
}

#[test]
fn one_contact_from_flags_is_suppressed_too() {
    let folder = Folder::with("list.txt", "+919876500000\n");
    let add = |number: &str, server: Server| {
        let url = server.url();
        let arguments = ["add", "--phone", number, "--json", "--base-url", &url];
        let run = folder.bp(arguments);
        run.variable("BP_IMPORT_SUPPRESS", "list.txt").run()
    };
    let ran = add("+91 98765 00000", Server::forbidden());
    ran.assert("0: 1 read, 1 skipped");
    add("+919876500001", Server::yes()).assert("0: 1 read, 1 accepted");
}

/// Random tables: the expected result of answers, filters and suppression list is computed here independently.
#[test]
fn no_contact_that_opted_out_or_is_suppressed_is_ever_sent() {
    let seeds: Vec<u64> = (0..24).collect();
    each(&seeds, |seed| {
        let mut random = fastrand::Rng::with_seed(*seed);
        let mut table = "phone,Opted in,Do not contact,City\n".to_owned();
        let (mut no, mut may, mut suppressed) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for _ in 0..60 {
            let number = phone(random.usize(..25));
            let agreed = *random.choice(&["yes", "no", "", "pending"]).unwrap();
            let refused = *random.choice(&["", "", "no", "yes"]).unwrap();
            let city = *random.choice(&["Pune", "Goa"]).unwrap();
            table.push_str(&format!("{number},{agreed},{refused},{city}\n"));
            if agreed == "no" || refused == "yes" {
                no.insert(number);
            } else if agreed == "yes" && city == "Pune" {
                may.insert(number);
            }
        }
        for _ in 0..5 {
            suppressed.insert(phone(random.usize(..25)));
        }
        let folder = Folder::with("a.csv", table);
        let list: Vec<String> = suppressed.iter().cloned().collect();
        folder.write("list.txt", list.join("\n"));
        let policy = *random.choice(&["first", "last", "merge", "send"]).unwrap();
        let arguments = [
            "a.csv",
            "--only",
            "city=Pune",
            "--suppress",
            "list.txt",
            "--on-duplicate",
            policy,
        ];
        let expected: BTreeSet<String> = may
            .into_iter()
            .filter(|number| !no.contains(number) && !suppressed.contains(number))
            .collect();
        let server = match expected.is_empty() {
            true => Server::forbidden(),
            false => Server::yes(),
        };
        let ran = folder.import(&server, &arguments);
        assert_eq!(ran.code, 0, "{ran:#?}");
        let sent: BTreeSet<String> = server.numbers().into_iter().collect();
        assert_eq!(sent, expected, "seed {seed}, {policy}");
    });
}
