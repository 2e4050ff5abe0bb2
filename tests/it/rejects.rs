//! Rejects files are corrected and imported again: every contact arrives exactly once.

use serde_json::{Map, Value, json};

use crate::run::{Folder, RunResult, each, phone, phones, sorted};
use crate::server::{Answer, Request, Server};

/// The contact that the platform refuses as long as its name says so.
const REFUSED: usize = 4;

fn judge(request: &Request) -> Answer {
    let is_bad = |contact: &Value| contact["userProvidedName"] == "Refused";
    if request.contacts().iter().any(is_bad) {
        Answer::no(400, "name is not allowed")
    } else {
        Answer::yes()
    }
}

/// The numbers in requests that were taken.
fn taken(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let good = requests.iter().filter(|request| {
        !request
            .contacts()
            .iter()
            .any(|contact| contact["userProvidedName"] == "Refused")
    });
    sorted(good.flat_map(Request::numbers).collect())
}

/// Follows the next step of a run whose rejects were corrected, and checks that all is well now.
fn follow(folder: &Folder, server: &Server, ran: &RunResult, contacts: usize) {
    let next = ran.next();
    let again = folder.follow(&next).run();
    assert_eq!(again.code, 0, "{next}: {again:#?}");
    assert_eq!(taken(server), phones(contacts), "{next}");
}

/// Rows of a table, as a spreadsheet would have them.
struct Table {
    delimiter: u8,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(folder: &Folder, name: &str, delimiter: u8) -> Table {
        let content = folder.read(name);
        let content = content.strip_prefix('\u{feff}').unwrap();
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(content.as_bytes());
        let row = |row: csv::Result<csv::StringRecord>| {
            row.unwrap().iter().map(ToOwned::to_owned).collect()
        };
        Table {
            delimiter,
            rows: reader.records().map(row).collect(),
        }
    }

    fn column(&self, header: &str) -> usize {
        self.rows[0].iter().position(|name| name == header).unwrap()
    }

    /// Corrects each row by its name: the cell of a column, and no cell behind the last column.
    fn correct(&mut self, corrected: &[(&str, &str, String)]) {
        let (names, width) = (self.column("name"), self.rows[0].len());
        for row in 1..self.rows.len() {
            let name = self.rows[row][names].clone();
            let (_, header, value) = corrected
                .iter()
                .find(|(known, ..)| *known == name)
                .unwrap_or_else(|| panic!("{name}"));
            let column = self.column(header);
            self.rows[row][column].clone_from(value);
            self.rows[row].truncate(width);
        }
    }

    fn write(&self, folder: &Folder, name: &str) {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(self.delimiter)
            .flexible(true)
            .from_writer(Vec::new());
        for row in &self.rows {
            writer.write_record(row).unwrap();
        }
        folder.write(name, writer.into_inner().unwrap());
    }
}

/// A table with rows that are bad in every way, and how each is corrected.
fn bad_table(delimiter: char) -> (Vec<u8>, Vec<(&'static str, &'static str, String)>) {
    let d = delimiter;
    let mut content = format!(
        "name{d}phone{d}email{d}note\n\
         Fine{d}{}{d}{d}\"two\nlines, \"\"quoted\"\"{d} and mère\"\n\
         Short{d}+91 12{d}{d}\n\
         Mail{d}{}{d}nobody at all{d}\"a\"\"b\"\n\
         Nobody{d}{d}{d}\n\
         Refused{d}{}{d}{d}x\n\
         Ragged{d}{}{d}{d}{d}surplus\n\
         Latin{d}{}{d}{d}",
        phone(0),
        phone(2),
        phone(REFUSED),
        phone(5),
        phone(6),
    )
    .into_bytes();
    content.extend(b"caf\xe9\n");
    content.extend(format!("Short too{d}98765{d}{d}\n").into_bytes());
    let corrected = vec![
        ("Short", "phone", phone(1)),
        ("Mail", "email", "somebody@example.com".to_owned()),
        ("Nobody", "phone", phone(3)),
        ("Refused", "name", "Taken".to_owned()),
        ("Ragged", "note", "corrected".to_owned()),
        ("Latin", "note", "café".to_owned()),
        ("Short too", "phone", "98765 00007".to_owned()),
    ];
    (content, corrected)
}

#[test]
fn a_corrected_table_arrives_whole() {
    for (name, delimiter) in [("a.csv", ','), ("a.tsv", '\t'), ("my list's.csv", ',')] {
        let (content, corrected) = bad_table(delimiter);
        let folder = Folder::with(name, content);
        let server = Server::judge(judge);
        let url = server.url();
        let ran = folder
            .bp([
                "--json",
                "--base-url",
                &url,
                "--country",
                "IN",
                "--tag",
                "it's new",
                "--map",
                "attr.note=note",
                "--on-bad-email",
                "reject",
                "--",
                name,
            ])
            .run()
            .assert("3: 8 read, 1 accepted, 6 invalid, 1 refused");
        let rejects = ran.rejects().remove(0);
        let mut table = Table::read(&folder, &rejects, delimiter as u8);
        table.correct(&corrected);
        table.write(&folder, &rejects);
        follow(&folder, &server, &ran, 8);
        let contacts: Vec<_> = server
            .requests()
            .iter()
            .flat_map(Request::contacts)
            .collect();
        assert!(
            contacts
                .iter()
                .all(|contact| contact["tags"] == json!(["it's new"])),
            "{contacts:#?}"
        );
        let all = serde_json::to_string(&contacts).unwrap();
        assert!(!all.contains("bp_") && !all.contains("bprow"), "{all}");
        assert!(
            all.contains("café") && all.contains("two lines, \\\"quoted\\\""),
            "{all}"
        );
    }
}

#[test]
fn corrected_objects_arrive_whole() {
    let content = format!(
        r#"[{{"name":"Fine","phone":"{}","tags":["a, b"]}},
            {{"name":"Short","phone":"+91 12","nested":{{"x":[1,2.50]}}}},
            {{"name":"Refused","phone":"{}"}},
            "no object",
            {{"profile":{{"userDetails":{{"userProvidedName":"Refused","contact":{{"phone":{{"prefix":"91","number":"9876500003"}}}},"score":1.50}}}}}},
            {{"name":"Mail","phone":"{}","email":"nobody at all"}}]"#,
        phone(0),
        phone(2),
        phone(5),
    );
    let folder = Folder::with("a.json", content);
    let server = Server::judge(judge);
    let ran = folder
        .import(&server, &["a.json", "--on-bad-email", "reject"])
        .assert("3: 6 read, 1 accepted, 3 invalid, 2 refused");
    let rejects = ran.rejects().remove(0);
    assert_eq!(rejects, "a.rejected.ndjson");
    let correct = |line: &str| {
        let text = line
            .replace("\"Refused\"", "\"Taken\"")
            .replace("nobody at all", "somebody@example.com");
        let mut object: Map<String, Value> = serde_json::from_str(&text).unwrap();
        if object.remove("bp_raw").is_some() {
            object.insert("phone".to_owned(), phone(4).into());
        }
        if object.get("name") == Some(&"Short".into()) {
            object.insert("phone".to_owned(), phone(1).into());
        }
        format!("{}\n", Value::Object(object))
    };
    let corrected: String = folder.read(&rejects).lines().map(correct).collect();
    folder.write(&rejects, corrected);
    follow(&folder, &server, &ran, 6);
    let all = server
        .requests()
        .iter()
        .map(Request::text)
        .collect::<String>();
    assert!(!all.contains("bp_"), "{all}");
}

#[test]
fn broken_lines_are_corrected_and_imported_again() {
    let content = format!(
        "{{\"phone\":\"{}\"}}\n{{\"phone\":\n{{\"phone\":\"{}\",\"note\":\"\u{1f600}\"}} x\n",
        phone(0),
        phone(2)
    );
    let folder = Folder::with("a.ndjson", content);
    let server = Server::yes();
    let ran = folder
        .import(&server, &["a.ndjson"])
        .assert("3: 3 read, 1 accepted, 2 invalid");
    let mut index = 0;
    let correct = |line: &str| {
        let object: Map<String, Value> = serde_json::from_str(line).unwrap();
        assert!(object.contains_key("bp_raw"), "{line}");
        index += 1;
        format!(
            "{}\n",
            json!({"phone": phone(index), "bp_row": object["bp_row"]})
        )
    };
    let rejects = ran.rejects().remove(0);
    let corrected: String = folder.read(&rejects).lines().map(correct).collect();
    folder.write(&rejects, corrected);
    follow(&folder, &server, &ran, 3);
}

#[test]
fn a_broken_line_that_is_given_back_uncorrected_is_rejected_once_more() {
    let folder = Folder::with(
        "a.ndjson",
        format!("{{\"phone\":\"{}\"}}\n{{\"phone\":\n", phone(0)),
    );
    let server = Server::yes();
    folder
        .import(&server, &["a.ndjson"])
        .assert("3: 2 read, 1 accepted, 1 invalid");
    let again = folder.import(&server, &["a.rejected.ndjson"]);
    assert_eq!(again.code, 3, "{again:#?}");
    again.assert("3: 1 read, 1 invalid");
}

#[test]
fn what_was_not_sent_needs_no_correction() {
    let folder = Folder::with_contacts(7);
    let down = Server::script([Answer::yes(), Answer::no(503, "later")]);
    let ran = folder.import(
        &down,
        &["contacts.csv", "--batch-size", "3", "--retry-for", "200ms"],
    );
    assert_eq!(ran.count("accepted"), 3, "{ran:#?}");
    let up = Server::yes();
    folder
        .import(&up, &[&ran.rejects()[0]])
        .assert("0: 4 read, 4 accepted");
    assert_eq!(sorted([phones(3), up.numbers()].concat()), phones(7));
}

#[test]
fn uncorrected_rejects_are_rejected_again_with_their_new_rows() {
    let folder = Folder::with(
        "a.csv",
        format!("name,phone\nA,{}\nB,+91 12\nC,+91 13\n", phone(0)),
    );
    let server = Server::yes();
    let ran = folder.import(&server, &["a.csv"]);
    let first = folder.read("a.rejected.csv");
    let again = folder
        .import(&server, &[&ran.rejects()[0]])
        .assert("3: 2 read, 2 invalid");
    assert_eq!(again.rejects(), ["a.rejected-2.csv"]);
    let renumbered = first
        .replace(",3,invalid", ",2,invalid")
        .replace(",4,invalid", ",3,invalid");
    assert_eq!(folder.read("a.rejected-2.csv"), renumbered);
}

#[test]
fn our_columns_are_never_attributes() {
    let folder = Folder::with("a.csv", "name,phone,city\nA,+91 12,Pune\n");
    let server = Server::yes();
    let ran = folder.import(&server, &["a.csv", "--all-attributes"]);
    let rejects = ran.rejects().remove(0);
    folder.write(&rejects, folder.read(&rejects).replace("+91 12", &phone(0)));
    folder.follow(&ran.next()).run();
    let expected = json!([{"key": "city", "value": "Pune"}]);
    assert_eq!(server.requests()[0].contacts()[0]["attributes"], expected);
}

#[test]
fn the_next_step_of_a_run_with_filters_takes_the_same_rows() {
    let content = format!(
        "name,phone,city\nA,+91 12,Pune\nB,+91 13,Goa\nC,{},Pune\n",
        phone(1)
    );
    let folder = Folder::with("a.csv", content);
    let server = Server::yes();
    let ran = folder.import(
        &server,
        &["a.csv", "--only", "city=Pune", "--map", "phone=2"],
    );
    let ran = ran.assert("3: 3 read, 1 accepted, 1 invalid, 1 skipped");
    let rejects = ran.rejects().remove(0);
    folder.write(&rejects, folder.read(&rejects).replace("+91 12", &phone(0)));
    follow(&folder, &server, &ran, 2);
}

#[test]
fn the_next_step_of_several_inputs_imports_all_their_rejects() {
    let folder = Folder::with("a.csv", format!("phone\n{}\n+91 12\n", phone(0)));
    folder.write(
        "b.json",
        format!(r#"[{{"phone":"{}"}},{{"phone":"+91 13"}}]"#, phone(1)),
    );
    let server = Server::yes();
    let ran = folder
        .import(&server, &["a.csv", "b.json"])
        .assert("3: 4 read, 2 accepted, 2 invalid");
    for (name, index) in ran.rejects().iter().zip([2, 3]) {
        let corrected = folder
            .read(name)
            .replace("+91 12", &phone(index))
            .replace("+91 13", &phone(index));
        folder.write(name, corrected);
    }
    follow(&folder, &server, &ran, 4);
}

#[test]
fn the_next_step_works_for_a_file_whose_name_begins_with_a_dash() {
    let folder = Folder::with("-a.csv", format!("phone\n{}\n+91 12\n", phone(0)));
    let server = Server::yes();
    let ran = folder.import(&server, &["--", "-a.csv"]);
    let rejects = ran.rejects().remove(0);
    let corrected = folder.read(&rejects).replace("+91 12", &phone(1));
    folder.write(&rejects, corrected);
    follow(&folder, &server, &ran, 2);
}

/// Two of three contacts are bad; corrected, they go where the summary says, with this variable set all the time.
fn check_next_step_under(variable: &str, value: &str, name: &str, content: &str) {
    let folder = Folder::with(name, content);
    let server = Server::yes();
    let url = server.url();
    let ran = folder
        .bp([name, "--json", "--base-url", &url])
        .variable(variable, value)
        .run()
        .assert("3: 3 read, 1 accepted, 2 invalid");
    let rejects = ran.rejects().remove(0);
    let corrected = folder.read(&rejects).replace("+91 12", &phone(1));
    folder.write(&rejects, corrected.replace("+91 13", &phone(2)));
    let again = folder.follow(&ran.next()).variable(variable, value).run();
    assert_eq!(again.code, 0, "{variable}: {again:#?}");
    assert_eq!(taken(&server), phones(3));
}

#[test]
#[cfg_attr(
    windows,
    ignore = "cmd does not know PowerShell's way to unset a variable"
)]
fn the_next_step_works_where_the_environment_tells_the_format_of_the_original() {
    let one = phone(0);
    let content = format!(r#"[{{"phone":"{one}"}},{{"phone":"+91 12"}},{{"phone":"+91 13"}}]"#);
    check_next_step_under("BP_IMPORT_INPUT_FORMAT", "json", "a.json", &content);
}

#[test]
#[cfg_attr(
    windows,
    ignore = "cmd does not know PowerShell's way to unset a variable"
)]
fn the_next_step_works_where_the_environment_names_the_rejects_file() {
    let content = format!("phone\n{}\n+91 12\n+91 13\n", phone(0));
    check_next_step_under("BP_IMPORT_REJECTS", "named.csv", "a.csv", &content);
}

#[cfg(unix)]
#[test]
fn a_file_that_is_read_from_under_any_name_is_never_written_to() {
    let folder = Folder::with("a.csv", format!("phone\n{}\n", phone(0)));
    folder.write("token.txt", "file-token");
    std::fs::hard_link(folder.path().join("a.csv"), folder.path().join("b.csv")).unwrap();
    let server = Server::forbidden();
    let url = server.url();
    for typed in [
        "--rejects b.csv",
        "--rejects token.txt --token-file token.txt",
    ] {
        let arguments = ["a.csv", "--base-url", &url]
            .into_iter()
            .chain(typed.split(' '));
        let ran = folder.bp(arguments).run();
        assert_eq!(ran.code, 2, "{ran:#?}");
    }
    let line = format!(
        "{} --base-url {url} --rejects a.csv < a.csv",
        env!("CARGO_BIN_EXE_bp-import")
    );
    assert_eq!(folder.shell(&line).run().code, 2);
    assert_eq!(folder.read("a.csv"), format!("phone\n{}\n", phone(0)));
    assert_eq!(folder.read("token.txt"), "file-token");
}

/// A folder in which each of these would be lost if a rejects file took its place.
fn precious_files() -> Folder {
    let folder = Folder::with("a.csv", format!("phone\n{}\n+91 12\n", phone(0)));
    for (name, content) in PRECIOUS {
        folder.write(name, content);
    }
    folder
}

const PRECIOUS: [(&str, &str); 6] = [
    ("march.csv", "phone\n+919876543210\n"),
    ("mapping.toml", "country = \"IN\"\n"),
    ("march.1-of-2.csv", "phone\n+919876543211\n"),
    ("bad/a.rejected.csv", "phone\n+919876543212\n"),
    ("old.ndjson", "{\"phone\":\"+919876543213\"}\n"),
    ("token.txt", "file-token"),
];

#[test]
fn a_rejects_file_replaces_nothing_but_rejects() {
    let folder = precious_files();
    let cases = [
        "--rejects march.csv",
        "--rejects ./bad/../march.csv",
        "--rejects march.csv --shard 1/2",
        "--rejects bad",
        "--rejects old.ndjson",
        "--rejects mapping.toml --mapping mapping.toml",
        "--rejects mapping.toml",
        "--rejects token.txt",
        "--rejects new.toml --save-mapping ./bad/../new.toml",
    ];
    each(&cases, |typed| {
        for dry_run in ["-v", "-n"] {
            let server = Server::forbidden();
            let mut arguments = vec!["a.csv", dry_run];
            arguments.extend(typed.split(' '));
            let ran = folder.import(&server, &arguments);
            assert_eq!(ran.code, 2, "{typed}: {ran:#?}");
            ran.assert_says(&["--rejects"]);
        }
    });
    for (name, content) in PRECIOUS {
        assert_eq!(folder.read(name), content, "{name}");
    }
    assert!(!folder.has("new.toml"));
}

#[test]
fn what_is_remembered_is_never_taken_for_rejects() {
    let folder = precious_files();
    let server = Server::yes();
    folder.import(&server, &["a.csv"]);
    let state = folder.state();
    std::fs::write(state.join("empty"), "").unwrap();
    let mut places = vec!["../state/empty", "../state/new.csv", "../state"];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&state, folder.path().join("link")).unwrap();
        places.push("link/new.csv");
    }
    if cfg!(windows) {
        places.extend(["..\\STATE\\empty", "..\\STATE\\new.csv"]);
    }
    for place in places {
        let ran = folder.import(&Server::forbidden(), &["a.csv", "--rejects", place]);
        ran.assert_usage(&["where runs are remembered"]);
    }
    assert!(state.join("empty").exists() && !state.join("new.csv").exists());
}

#[test]
fn two_inputs_never_have_their_rejects_in_one_file() {
    let folder = Folder::with("a.csv", "phone\n+91 12\n");
    folder.write("b.csv", "phone\n+91 13\n");
    folder.write("bad/a.rejected.csv", "");
    let link = |name: &str| folder.path().join("bad").join(name);
    std::fs::hard_link(link("a.rejected.csv"), link("b.rejected.csv")).unwrap();
    let arguments = ["a.csv", "b.csv", "--rejects", "bad"];
    let ran = folder.import(&Server::forbidden(), &arguments);
    ran.assert_usage(&["b.rejected.csv"]);
}

#[test]
fn rejects_of_an_earlier_run_are_replaced_in_any_form() {
    let bad = "phone;name\n+91 12;A\n";
    for (name, content) in [
        ("empty.csv", ""),
        ("semicolons.csv", "\u{feff}phone;bp_row\n1;2\n"),
        ("lines.ndjson", "{\"phone\":\"1\",\"bp_row\":2}\n"),
    ] {
        let folder = Folder::with("a.csv", bad);
        folder.write(name, content);
        let ran = folder.import(&Server::forbidden(), &["a.csv", "--rejects", name]);
        assert_eq!(ran.assert("3: 1 read, 1 invalid").rejects(), [name]);
        assert!(folder.read(name).contains("bp_row"), "{name}");
        folder.write("a.csv", format!("phone\n{}\n", phone(0)));
        folder.import(&Server::yes(), &["a.csv", "--rejects", name]);
        assert!(!folder.has(name), "{name}");
    }
}

#[test]
fn an_object_with_a_key_twice_comes_back_whole() {
    let twice = format!(r#"{{"phone":"{}","phone":"+91 12"}}"#, phone(0));
    let folder = Folder::with("a.ndjson", twice.clone());
    let server = Server::forbidden();
    let ran = folder
        .import(&server, &["a.ndjson"])
        .assert("3: 1 read, 1 invalid");
    let rejects = folder.read(&ran.rejects()[0]);
    assert!(
        rejects.starts_with(twice.trim_end_matches('}')),
        "{rejects}"
    );
}
