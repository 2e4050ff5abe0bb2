//! What is asked on a terminal before anything is sent, and that nobody is asked anywhere else.

use crate::run::Folder;
use crate::server::Server;
use crate::terminal::{CTRL_C, DOWN, ENTER, UP};

const DOUBTFUL: &str = "\
Who,Zone,Dial me,Opted in
Asha,9,98765 43210,yes
Ben,8,98765 43211,no
Cy,7,+49 1512 3456789,yes
";

const DOUBTS: [&str; 3] = [
    "contacts.csv: which column is the phone?",
    "2 of 3 numbers have no country, such as 98765 43210, 98765 43211: which one are they from?",
    "contacts.csv: 1 of 3 contacts opted out (\"Opted in\" = no). What about them?",
];
const SAVE: &str = "keep these answers for the next file of this kind? file name, or nothing:";
const NAME: &str = "contacts.csv: what is the name?";

fn names(server: &Server) -> Vec<String> {
    let requests = server.requests();
    let contacts = requests.iter().flat_map(crate::server::Request::contacts);
    contacts
        .map(|contact| {
            contact["userProvidedName"]
                .as_str()
                .unwrap_or("-")
                .to_owned()
        })
        .collect()
}

#[test]
#[cfg_attr(windows, ignore = "no terminal to test with there")]
fn what_is_in_doubt_is_asked_and_the_answers_can_be_kept() {
    let folder = Folder::with("contacts.csv", DOUBTFUL);
    let server = Server::yes();
    let url = server.url();
    let mut terminal = folder
        .bp(["contacts.csv", "--base-url", &url])
        .on_terminal();
    terminal
        .answer(DOUBTS[0], ENTER)
        .answer(NAME, ENTER)
        .answer(DOUBTS[1], "in\r")
        .answer(DOUBTS[2], ENTER)
        .answer(SAVE, "kept.toml\r");
    let text = terminal.text();
    for words in [
        "phone  +91 9876543210  <- \"Dial me\" 98765 43210",
        "these answers as options: --map phone=\"Dial me\" --map name=\"\" --country in",
        "left out: \"Who\", \"Zone\", \"Opted in\"",
        "2 of 3 records can be sent, 1 left out or repeated",
    ] {
        assert!(text.contains(words), "no {words:?} in:\n{text}");
    }
    let host = url.trim_start_matches("http://");
    terminal.answer(&format!("send these to {host}? (y/N)"), "y\r");
    let (code, text) = terminal.end();
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("2 accepted"), "{text}");
    assert!(
        text.contains("the mapping is saved: --mapping kept.toml uses it"),
        "{text}"
    );

    let again = folder.import(&server, &["contacts.csv", "--mapping", "kept.toml"]);
    again.assert("0: 3 read, 2 accepted, 1 skipped");
    let kept = folder.read("kept.toml");
    assert_eq!(
        kept,
        "map = [\"name=\", \"phone=Dial me\"]\ncountry = \"in\"\n"
    );
}

#[test]
#[cfg_attr(windows, ignore = "no terminal to test with there")]
fn nothing_is_sent_without_a_yes() {
    let folder = Folder::with("contacts.csv", "name,phone\nAsha,98765 43210\n");
    let server = Server::forbidden();
    let url = server.url();
    let arguments = ["contacts.csv", "--base-url", &url];
    for stop in [ENTER, "n\r", CTRL_C] {
        let mut terminal = folder.bp(arguments).on_terminal();
        terminal
            .answer("has no country", "IN\r")
            .answer(SAVE, ENTER)
            .answer("send these to", stop);
        let (code, text) = terminal.end();
        assert_eq!(code, 130, "{text}");
        assert!(text.contains("nothing was sent"), "{text}");
    }
    let mut terminal = folder.bp(arguments).on_terminal();
    terminal.answer("has no country", CTRL_C);
    assert_eq!(terminal.end().0, 130);
    let mut terminal = folder
        .bp([&arguments[..], &["--json"]].concat())
        .on_terminal();
    terminal.answer("has no country", CTRL_C);
    let (code, text) = terminal.end();
    let (_, summary) = text.split_once("{\"event\":\"summary\"").unwrap();
    let summary = format!("{{\"event\":\"summary\"{summary}");
    let summary: serde_json::Value = serde_json::from_str(summary.trim()).unwrap();
    assert_eq!(
        (code, &summary["exit_code"], &summary["stopped"]),
        (130, &130.into(), &"interrupted".into())
    );
    assert!(!folder.state().join("ledger").exists());
}

#[test]
#[cfg_attr(windows, ignore = "no terminal to test with there")]
fn answers_are_kept_where_nothing_is_sent_in_the_end() {
    let folder = Folder::with("contacts.csv", "name,phone\nAsha,98765 43210\n");
    let mut terminal = folder.bp(["contacts.csv", "--sandbox"]).on_terminal();
    terminal
        .answer("has no country", "IN\r")
        .answer(SAVE, "kept.toml\r")
        .answer("send these to the sandbox?", "n\r");
    let (code, text) = terminal.end();
    assert_eq!(code, 130, "{text}");
    assert!(
        folder.read("kept.toml").contains("country = \"IN\""),
        "{text}"
    );
}

#[test]
#[cfg_attr(windows, ignore = "no terminal to test with there")]
fn an_unknown_name_is_asked_for_and_no_contact_gets_a_guess() {
    let folder = Folder::with("contacts.csv", "Ansprech,Phone\nAsha,+919876543210\n");
    for (keys, expected) in [(ENTER.to_owned(), "-"), (format!("{UP}{ENTER}"), "Asha")] {
        let server = Server::yes();
        let mut terminal = folder
            .bp(["contacts.csv", "--base-url", &server.url()])
            .on_terminal();
        terminal
            .answer(NAME, &keys)
            .answer(SAVE, ENTER)
            .answer("send these to", "y\r");
        let (code, text) = terminal.end();
        assert_eq!(code, 0, "{text}");
        assert_eq!(names(&server), [expected], "{text}");
    }
}

#[test]
#[cfg_attr(windows, ignore = "no terminal to test with there")]
fn several_files_with_other_columns_are_not_asked_about_but_distinguished() {
    let folder = Folder::with("a.csv", "name,phone\nAsha,+919876543210\n");
    folder.write("b.csv", "who,reach\nBen,+919876543211\n");
    let (code, text) = folder
        .bp(["a.csv", "b.csv", "--sandbox"])
        .on_terminal()
        .end();
    assert_eq!(code, 2, "{text}");
    assert!(
        text.contains("b.csv: no phone column") && text.contains("import each by itself"),
        "{text}"
    );
}

#[test]
#[cfg_attr(windows, ignore = "no terminal to test with there")]
fn a_plain_file_is_sent_without_a_question() {
    let folder = Folder::with_contacts(3);
    let server = Server::yes();
    let (code, text) = folder
        .bp(["contacts.csv", "--base-url", &server.url()])
        .on_terminal()
        .end();
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("3 accepted") && !text.contains('?'), "{text}");
}

#[test]
#[cfg_attr(windows, ignore = "no terminal to test with there")]
fn several_columns_for_one_field_are_a_choice() {
    let folder = Folder::with(
        "contacts.csv",
        "First,Last,Phone,Mobile\nAsha,Rao,+919876543210,+919876543211\n",
    );
    let server = Server::yes();
    let mut terminal = folder
        .bp(["contacts.csv", "--base-url", &server.url()])
        .on_terminal();
    let down = format!("{DOWN}{ENTER}");
    terminal
        .answer("several columns hold phones. Which goes first?", &down)
        .answer("what is the name?", &down)
        .answer(SAVE, ENTER)
        .answer("send these to", "y\r");
    let (code, text) = terminal.end();
    assert_eq!(code, 0, "{text}");
    assert_eq!(
        (names(&server), server.numbers()),
        (vec!["Asha".to_owned()], vec!["+919876543210".to_owned()])
    );
    let options = "--map phone=Phone --map phone=Mobile --map name=First";
    assert!(text.contains(options), "{text}");
}

#[test]
#[cfg_attr(windows, ignore = "no terminal to test with there")]
fn a_dry_run_asks_what_it_must_know_and_sends_nothing() {
    let folder = Folder::with("contacts.csv", "name,phone\nAsha,98765 43210\n");
    let mut terminal = folder.bp(["contacts.csv", "-n"]).on_terminal();
    terminal
        .answer("has no country", "IN\r")
        .answer(SAVE, ENTER);
    let (code, text) = terminal.end();
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("1 would send") && !text.contains("send these to"),
        "{text}"
    );
    let next = "next: send them: bp-import contacts.csv --country IN";
    assert!(
        text.contains(next),
        "the answer is an option of the next command: {text}"
    );
}

#[test]
#[cfg_attr(windows, ignore = "no terminal to test with there")]
fn nothing_is_asked_where_it_was_refused() {
    let folder = Folder::with("contacts.csv", "name,phone\nAsha,98765 43210\n");
    let refused = |more: &[&str], variable: Option<(&str, &str)>| {
        let mut bp = folder.bp([&["contacts.csv", "-n"], more].concat());
        if let Some((name, value)) = variable {
            bp = bp.variable(name, value);
        }
        let (code, text) = bp.on_terminal().end();
        assert_eq!(code, 2, "{text}");
        assert!(text.contains("pass --country"), "{text}");
    };
    refused(&["--no-input"], None);
    refused(&["-y"], None);
    refused(&["-q"], None);
    refused(&[], Some(("CI", "true")));
    refused(&[], Some(("TERM", "dumb")));
    refused(&[], Some(("BP_IMPORT_NO_INPUT", "yes")));
    let piped = folder.bp(["contacts.csv", "-n"]).run();
    piped.assert_usage(&["pass --country"]);
}

#[test]
#[cfg_attr(windows, ignore = "no terminal to test with there")]
fn yes_takes_the_column_that_holds_phones() {
    let folder = Folder::with(
        "contacts.csv",
        "Who,Number of calls,Ref\nAsha,5,+91 98765 43210\nBen,7,+91 98765 43211\n",
    );
    let server = Server::yes();
    folder
        .import(&server, &["contacts.csv", "-y", "--map", "name=Who"])
        .assert("0: 2 read, 2 accepted");
    assert_eq!(names(&server), ["Asha", "Ben"]);
    let told = folder.bp(["contacts.csv", "-n"]).run();
    told.assert_usage(&["--map phone=Ref"]);
}

#[test]
#[cfg_attr(windows, ignore = "no terminal to test with there")]
fn an_answer_adds_to_what_a_mapping_file_says() {
    let folder = Folder::with("contacts.csv", DOUBTFUL);
    folder.write("m.toml", "map = [\"name=Who\"]\nexcept = [\"Zone=7\"]\n");
    let server = Server::yes();
    let url = server.url();
    let mut terminal = folder
        .bp(["contacts.csv", "--base-url", &url, "--mapping", "m.toml"])
        .on_terminal();
    terminal
        .answer(DOUBTS[0], ENTER)
        .answer("which one are they from?", "India\r")
        .answer("What about them?", ENTER)
        .answer(SAVE, ENTER)
        .answer("send these to", "y\r");
    let (code, text) = terminal.end();
    assert_eq!(code, 0, "{text}");
    assert_eq!(names(&server), ["Asha"]);
}

#[test]
#[cfg_attr(windows, ignore = "no terminal to test with there")]
fn a_pipe_on_a_terminal_is_never_asked_about() {
    let folder = Folder::with("contacts.csv", DOUBTFUL);
    for line in [
        "cat contacts.csv | bp-import -n --map phone='Dial me'",
        "mkfifo pipe; cat contacts.csv > pipe & bp-import -n pipe --map phone='Dial me'",
    ] {
        let (code, text) = folder.line(line).on_terminal().end();
        assert_eq!(code, 3, "{text}");
        assert!(text.contains("1 phone without a country"), "{text}");
    }
}

#[test]
#[cfg_attr(windows, ignore = "no terminal to test with there")]
fn yes_reads_a_pipe_only_once() {
    let folder = Folder::with("contacts.csv", "name,phone\nAsha,+919876543210\n");
    let ran = folder
        .line("cat contacts.csv | bp-import -n -y --json")
        .run();
    ran.assert("0: 1 read, 1 would_send");
    let fifo = "mkfifo pipe; cat contacts.csv > pipe & bp-import -n -y --json pipe";
    folder.line(fifo).run().assert("0: 1 read, 1 would_send");
}

#[test]
#[cfg_attr(windows, ignore = "no terminal to test with there")]
fn a_column_without_a_name_is_chosen_by_its_number() {
    let folder = Folder::with("contacts.csv", ",Who\n+919876543210,Asha\n");
    let server = Server::yes();
    folder
        .import(&server, &["contacts.csv", "-y"])
        .assert("0: 1 read, 1 accepted");
    let told = folder.bp(["contacts.csv", "-n"]).run();
    told.assert_usage(&["--map phone=1"]);
}

#[cfg(unix)]
#[test]
#[cfg_attr(windows, ignore = "no terminal to test with there")]
fn a_signal_at_a_question_gives_the_terminal_back() {
    let folder = Folder::with("contacts.csv", DOUBTFUL);
    let mut terminal = folder.bp(["contacts.csv", "--sandbox"]).on_terminal();
    terminal.answer(DOUBTS[0], "");
    assert!(!terminal.is_cooked());
    terminal.signal("TERM");
    assert_eq!(terminal.wait(), 143);
    assert!(terminal.is_cooked(), "the shell gets no lines");
    let (_, text) = terminal.end();
    assert!(text.contains("nothing was sent"), "{text}");
}
