//! `bp-import history`: what ran, as the ledgers below a state directory tell it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use bp_import::ledger::{
    AccountLedger, Completion, InputsId, LedgerMark, LedgerOwner, RunEnding, RunRecorder, RunStart,
    known_accounts, take_over,
};
use serde_json::{Value, json};

use crate::result::RunResult;
use crate::run::Folder;
use crate::server::{Answer, Server};

/// 2026-11-22T09:30:00Z
const BEGAN: u64 = 1_795_339_800;
const DAY: u64 = 24 * 60 * 60;

/// A folder whose `state` holds ledgers.
struct Desk(Folder);

impl Desk {
    fn new() -> Desk {
        Desk(Folder::new())
    }

    fn state(&self) -> PathBuf {
        self.0.state()
    }

    fn account(&self, label: &str) -> AccountLedger {
        AccountLedger::open(&self.state(), &owner(label)).unwrap()
    }

    fn history(&self, arguments: &[&str]) -> RunResult {
        let all = ["history"].into_iter().chain(arguments.iter().copied());
        let bp = self.0.bp(all).variable("BP_IMPORT_STATE_DIR", self.state());
        bp.without_token().run()
    }

    /// What the JSON lines say of a field.
    fn field(&self, arguments: &[&str], field: &str) -> Vec<Value> {
        let ran = self.history(&[&["--json"], arguments].concat());
        let parsed = |line: &str| serde_json::from_str::<Value>(line).unwrap()[field].take();
        ran.stdout.lines().map(parsed).collect()
    }
}

fn owner(label: &str) -> LedgerOwner {
    LedgerOwner {
        base_url: "https://api.example.com".to_owned(),
        bot: "65f0".to_owned(),
        key: label.to_owned(),
        label: label.to_owned(),
    }
}

fn start(name: &str, began: u64) -> RunStart {
    RunStart {
        name: name.to_owned(),
        began,
        inputs: vec!["customers.csv".to_owned()],
        inputs_id: Some(InputsId::of(&["/home/asha/customers.csv"])),
        ..RunStart::default()
    }
}

/// A run that sent three contacts, of which one was accepted and one refused.
fn run(account: &AccountLedger, start: RunStart) -> RunRecorder {
    let mut run = RunRecorder::begin(account, start).unwrap();
    let contacts: Vec<_> = (0..3)
        .map(|index| account.salt().fingerprint(919_876_500_000 + index, b"{}"))
        .collect();
    run.record(LedgerMark::Sent, &contacts).unwrap();
    run.record(LedgerMark::Accepted, &contacts[..1]).unwrap();
    run.record(LedgerMark::Refused, &contacts[1..2]).unwrap();
    run
}

fn end(run: RunRecorder, began: u64, archive: &Value) {
    let completion = if archive["stopped"].is_string() {
        Completion::Unfinished
    } else {
        Completion::Finished
    };
    let ending = RunEnding {
        ended: began + 41,
        completion,
        summary: archive.to_string(),
    };
    run.end(&ending).unwrap();
}

fn finished() -> Value {
    json!({
        "exit_code": 3, "complete": true, "read": 3_412, "accepted": 3_410, "refused": 2,
        "requests": 35, "seconds": 41.2, "rejects": ["customers.rejected.csv"],
        "next": "mend customers.rejected.csv",
    })
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap().as_secs()
}

fn segment_of(account: &AccountLedger, run: &str) -> PathBuf {
    let is_it = |path: &Path| path.to_str().unwrap().ends_with(&format!(".{run}.seg"));
    let mut paths = fs::read_dir(account.directory()).unwrap();
    let found = paths.find_map(|entry| Some(entry.unwrap().path()).filter(|path| is_it(path)));
    found.unwrap()
}

#[test]
fn runs_of_all_accounts_are_in_one_list_in_the_order_in_which_they_began() {
    let desk = Desk::new();
    let (shop, club) = (desk.account("shop"), desk.account("club"));
    end(run(&shop, start("first", BEGAN)), BEGAN, &finished());
    drop(run(&shop, start("third", BEGAN + 2 * DAY)));
    end(
        run(&club, start("second", BEGAN + DAY)),
        BEGAN + DAY,
        &finished(),
    );
    fs::write(desk.state().join("ledger/.DS_Store"), "").unwrap();
    let ran = desk.history(&[]);
    assert_eq!(
        ran.stdout,
        "\
began (UTC)         took  run     inputs         account                 outcome                    accepted
2026-11-22 09:30  41.2 s  first   customers.csv  api.example.com (shop)  finished, 2 not delivered     3,410 of 3,412 read
2026-11-23 09:30  41.2 s  second  customers.csv  api.example.com (club)  finished, 2 not delivered     3,410 of 3,412 read
2026-11-24 09:30          third   customers.csv  api.example.com (shop)  killed                            1 of     3 sent, 1 refused, 1 unknown
"
    );
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(desk.field(&[], "run"), ["first", "second", "third"]);
    assert_eq!(desk.field(&["last"], "run"), ["third"]);
    assert_eq!(desk.field(&["first"], "accepted"), [3_410]);
}

/// The fields of a run that `history` and its summary must agree on.
const SAID_BEFORE: [&str; 20] = [
    "run",
    "exit_code",
    "complete",
    "stopped",
    "dry_run",
    "read",
    "accepted",
    "would_send",
    "invalid",
    "refused",
    "skipped",
    "unknown",
    "unsent",
    "skipped_by",
    "warnings",
    "reasons",
    "requests",
    "retries",
    "seconds",
    "rejects",
];

const CONTACTS: &str = "\
name,phone,email
Asha Rao,+919876500001,asha@example.com
Nina Sen,+919876500002,nina@example.com
Ravi Das,+919876500003,ravi@example.com
Tara Lal,+91987,tara@example.com
";

/// The texts that are in no file below a directory.
fn absent(directory: &Path, texts: &[&str]) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            absent(&path, texts);
            continue;
        }
        let content = fs::read(&path).unwrap();
        let content = String::from_utf8_lossy(&content);
        for text in texts {
            assert!(!content.contains(text), "{text} in {}", path.display());
        }
    }
}

#[test]
fn an_import_leaves_what_its_summary_says_and_nothing_of_a_contact() {
    let desk = Desk::new();
    desk.0.write("contacts.csv", CONTACTS);
    let words = "Asha Rao (asha@example.com, +919876500001) is known already";
    let server = Server::unless("+919876500001", Answer::no(400, words));
    let except = "email=nina@example.com";
    let ran = desk
        .0
        .import(&server, &["contacts.csv", "--except", except]);
    let ran = ran.assert("3: 4 read, 1 accepted, 1 invalid, 1 refused, 1 skipped");
    let summary = ran.summary();
    assert!(
        summary["next"].as_str().unwrap().contains(except),
        "{summary}"
    );
    for field in SAID_BEFORE {
        assert_eq!(
            desk.field(&["last"], field),
            [summary[field].clone()],
            "{field}"
        );
    }
    let page = desk.history(&["last"]).stdout;
    assert!(
        page.contains("\nnext: mend contacts.rejected.csv, then run: "),
        "{page}"
    );
    let of_contacts = ["Asha", "Nina", "Ravi", "Tara", "@example.com", "98765"];
    absent(&desk.state(), &of_contacts);
    assert!(
        !of_contacts.iter().any(|text| page.contains(text)),
        "{page}"
    );
}

#[test]
fn a_run_by_its_name_is_shown_as_a_page() {
    let desk = Desk::new();
    end(
        run(&desk.account("shop"), start("r", BEGAN)),
        BEGAN,
        &finished(),
    );
    for name in ["r", "last"] {
        let ran = desk.history(&[name]);
        assert_eq!(
            ran.stdout,
            "\
run          r
began        2026-11-22 09:30:00 UTC
ended        2026-11-22 09:30:41 UTC, after 41.2 s
inputs       customers.csv
account      api.example.com (shop), bot 65f0
outcome      finished, 2 not delivered (exit code 3)
rejects      customers.rejected.csv
3,412 read
3,410 accepted
    2 refused
35 requests
next: mend customers.rejected.csv
"
        );
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    }
}

#[test]
fn two_runs_of_one_name_are_both_shown() {
    let desk = Desk::new();
    for label in ["shop", "club"] {
        end(
            run(&desk.account(label), start("r", BEGAN)),
            BEGAN,
            &finished(),
        );
    }
    let ran = desk.history(&["r"]);
    assert_eq!(
        ran.stdout.matches("run          r\n").count(),
        2,
        "{ran:#?}"
    );
    assert!(ran.stdout.contains("csv\n\nrun "), "{ran:#?}");
}

#[test]
fn a_run_at_work_is_told_from_one_that_was_killed() {
    let desk = Desk::new();
    let account = desk.account("shop");
    let at_work = run(&account, start("r", BEGAN));
    assert_eq!(desk.field(&["r"], "state"), ["running"]);
    drop(at_work);
    assert_eq!(desk.field(&["r"], "state"), ["killed"]);
}

#[test]
fn a_killed_run_goes_on_only_where_the_same_command_would_do_so() {
    let desk = Desk::new();
    let account = desk.account("shop");
    let goes_on = |name: &str| {
        let next = desk.field(&[name], "next").remove(0);
        next.as_str()
            .map(|next| next.contains("it goes on with this run"))
    };
    drop(run(&account, start("old", now() - 8 * DAY)));
    assert_eq!(goes_on("old"), Some(false));
    drop(run(&account, start("new", now() - DAY)));
    assert_eq!(goes_on("new"), Some(true));
    assert_eq!(goes_on("old"), None, "a later run took its place");
    assert_eq!(desk.field(&["old"], "followed_by"), ["new"]);
    let of_unnamed_stdin = RunStart {
        inputs_id: None,
        ..start("piped", now())
    };
    drop(run(&account, of_unnamed_stdin));
    assert_eq!(goes_on("piped"), Some(false));
    assert_eq!(goes_on("new"), Some(true));
}

#[test]
fn what_ran_before_a_ledger_was_given_up_is_still_shown() {
    let desk = Desk::new();
    drop(run(&desk.account("shop"), start("before", now())));
    let other = desk.account("club");
    take_over(&desk.state(), &owner("shop"), &other).unwrap();
    assert_eq!(desk.field(&[], "run"), ["before"]);
    let next = desk.field(&["before"], "next");
    assert_eq!(next, ["run the same command again: it sends everything"]);
    assert_eq!(known_accounts(&desk.state()).unwrap().len(), 2);
}

#[test]
fn nothing_that_ran_is_no_error() {
    let desk = Desk::new();
    for arguments in [&[][..], &["last"], &["--json"], &["last", "--json"]] {
        let ran = desk.history(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{ran:#?}");
        ran.assert_says(&["nothing has run yet", "state"]);
    }
    assert!(!desk.state().exists(), "looking makes no directory");
}

#[test]
fn a_run_that_there_is_not_names_those_that_there_are() {
    let desk = Desk::new();
    let ran = desk.history(&["r"]);
    ran.assert_usage(&["there is no run \"r\""]);
    let account = desk.account("shop");
    for day in 1..=5 {
        let name = format!("2026-11-0{day}T09-30-00Z-4f2{day}");
        drop(run(&account, start(&name, BEGAN + day * DAY)));
    }
    let ran = desk.history(&["4f23"]);
    ran.assert_usage(&["there is no run \"4f23\"; did you mean 2026-11-03T09-30-00Z-4f23?"]);
    let ran = desk.history(&["\u{1b}"]);
    let last = "the last ones are 2026-11-03T09-30-00Z-4f23, 2026-11-04T09-30-00Z-4f24, 2026";
    assert!(!ran.stderr.contains("11-02"), "{ran:#?}");
    ran.assert_usage(&[last]);
}

#[test]
fn an_account_that_cannot_be_read_is_named_and_the_others_are_shown() {
    let desk = Desk::new();
    end(
        run(&desk.account("shop"), start("r", BEGAN)),
        BEGAN,
        &finished(),
    );
    let damaged = desk.account("club").directory().join("account.json");
    for (content, words) in [
        ("{", "is damaged"),
        (r#"{"version":99}"#, "newer bp-import"),
    ] {
        fs::write(&damaged, content).unwrap();
        let ran = desk.history(&["last", "--json"]);
        assert_eq!(ran.code, 4, "{ran:#?}");
        assert!(ran.stdout.contains(r#""run":"r""#), "{ran:#?}");
        ran.assert_says(&["warning: ", "account.json", words]);
    }
    fs::remove_dir_all(desk.state().join("ledger")).unwrap();
    fs::write(desk.state().join("ledger"), "a file").unwrap();
    let ran = desk.history(&[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (4, ""), "{ran:#?}");
    assert!(!ran.stderr.contains("nothing has run"), "{ran:#?}");
}

#[test]
fn a_run_that_cannot_be_read_is_listed_where_it_ran() {
    let desk = Desk::new();
    let account = desk.account("shop");
    for (day, name) in ["one", "two", "three"].into_iter().enumerate() {
        let began = BEGAN + u64::try_from(day).unwrap() * DAY;
        end(run(&account, start(name, began)), began, &finished());
    }
    fs::write(segment_of(&account, "two"), "no segment").unwrap();
    assert_eq!(desk.field(&[], "run"), ["one", "two", "three"]);
    assert_eq!(desk.field(&["two"], "state"), ["unreadable"]);
    let ran = desk.history(&["two"]);
    assert!(ran.stdout.contains("is damaged"), "{ran:#?}");
    assert_eq!(ran.code, 0);
}

#[test]
fn the_output_can_come_from_the_environment() {
    let desk = Desk::new();
    end(
        run(&desk.account("shop"), start("r", BEGAN)),
        BEGAN,
        &finished(),
    );
    let history = |arguments: &[&str]| {
        let bp = desk.0.bp(arguments.iter().copied());
        bp.variable("BP_IMPORT_STATE_DIR", "../state")
            .variable("BP_IMPORT_OUTPUT", "json")
            .run()
            .stdout
    };
    assert!(history(&["history"]).starts_with(r#"{"event":"run","#));
    assert!(history(&["history", "--output", "text"]).starts_with("began"));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let desk = Desk::new();
    let account = desk.account("shop");
    end(run(&account, start("r", BEGAN)), BEGAN, &finished());
    for arguments in [
        &["history"][..],
        &["history", "last"],
        &["history", "--json"],
    ] {
        let bp = desk.0.bp(arguments.iter().copied());
        let bp = bp.variable("BP_IMPORT_STATE_DIR", desk.state());
        assert_eq!(bp.run_into_closed_pipe(), Some(0), "{arguments:?}");
    }
}

#[test]
#[cfg_attr(windows, ignore = "no such shell there")]
fn the_first_lines_of_the_history_can_be_taken() {
    let desk = Desk::new();
    let account = desk.account("shop");
    end(run(&account, start("r", BEGAN)), BEGAN, &finished());
    let head = desk
        .0
        .follow("bp-import history | head -1")
        .variable("BP_IMPORT_STATE_DIR", desk.state())
        .run();
    assert!(head.stdout.starts_with("began (UTC)"), "{head:#?}");
    assert_eq!((head.code, head.stderr.as_str()), (0, ""));
}
