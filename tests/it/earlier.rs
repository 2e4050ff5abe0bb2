//! A ledger that an earlier version wrote is read as that version read it.
//!
//! `fixtures/ledger/state` holds two accounts. `shop` has a finished run of `customers.csv`, one contact from `add`
//! (`added.csv` is the same contact) and an unfinished run of `leads.csv`; of `club`, three runs were compacted, the
//! second of them from a damaged segment. The binary wrote them under a clock set to the year 2100: only runs of the
//! last seven days are resumed, and a run that began in the future is never too old.

use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{Bp, Folder, RunResult};

/// Where the runs of the fixture sent to. Nothing listens there: dry runs send nothing.
const URL: &str = "http://127.0.0.1:18080";

fn fixture(name: &str) -> PathBuf {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/ledger");
    fixtures.join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(fixture(name)).unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, name) = (entry.as_ref().unwrap().path(), entry.unwrap().file_name());
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

/// A folder whose state is a copy of the fixture's.
fn folder() -> Folder {
    let folder = Folder::new();
    copy(&fixture("state"), &folder.state());
    folder
}

/// A dry run of a file of the fixture into the account `shop`.
fn rehearsal(folder: &Folder, input: &str, name: &str, more: &[&str]) -> Bp {
    let all = ["-n", "--json", "--base-url", URL, "--account", "shop"];
    let named = ["--input-name", name, "-"];
    folder
        .bp([&all[..], more, &named[..]].concat())
        .stdin(text(input))
}

fn skipped(ran: &RunResult, reason: &str) -> u64 {
    ran.summary()["skipped_by"][reason].as_u64().unwrap()
}

#[test]
fn the_history_of_an_earlier_version_is_printed_as_it_was() {
    let ran = folder().bp(["history", "--json"]).run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let expected = text("history.ndjson");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines, expected.lines().collect::<Vec<_>>());
}

#[test]
fn what_an_earlier_version_had_accepted_is_unchanged() {
    let folder = folder();
    // Of customers.csv, one contact was refused and one is invalid.
    let cases = [
        (
            "customers.csv",
            "3: 5 read, 1 would_send, 1 invalid, 3 skipped",
            3,
        ),
        ("added.csv", "0: 1 read, 1 skipped", 1),
        ("leads.csv", "0: 6 read, 3 would_send, 3 skipped", 3),
    ];
    for (input, account, unchanged) in cases {
        let ran = rehearsal(&folder, input, "another name", &["--changed"]).run();
        let ran = ran.assert(account);
        assert_eq!(skipped(&ran, "unchanged"), unchanged, "{ran:#?}");
    }
}

#[test]
fn an_unfinished_run_of_an_earlier_version_is_resumed() {
    let ran = rehearsal(&folder(), "leads.csv", "leads", &[]).run();
    let ran = ran.assert("0: 6 read, 3 would_send, 3 skipped");
    assert_eq!(skipped(&ran, "resumed"), 3, "{ran:#?}");
    assert_eq!(ran.summary()["resumes"], "2100-03-01T11-30-02Z-3d5e");
}
