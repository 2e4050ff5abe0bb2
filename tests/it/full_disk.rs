//! A ledger that cannot be written, or read: nothing is sent that could not be recorded before, and what the API
//! accepted but could not be recorded is reported as unknown.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::remembered::{Remembered, last_counts};
use crate::run::{BINARY, Bp, Folder, RunResult, each, phones};
use crate::server::Server;

const CONTACTS: usize = 700;
/// Whether the room ends before a request or after it depends on how batches fill it.
const BATCHES: [usize; 6] = [17, 18, 19, 20, 21, 22];

fn import(folder: &Folder, server: &Server, batch: usize) -> Bp {
    let (url, batch) = (server.url(), batch.to_string());
    let arguments = ["contacts.csv", "--json", "--base-url", &url];
    let pace = ["--concurrency", "1", "--batch-size", &batch];
    folder.bp(arguments.into_iter().chain(pace))
}

/// A line with a limit on the size of files, in 512 bytes: it does what a full disk does.
fn in_little_room(folder: &Folder, room: usize, line: &str) -> RunResult {
    let limited = format!("trap '' XFSZ; ulimit -f {room}; exec '{BINARY}' {line}");
    folder.shell(&limited).run()
}

fn import_in_little_room(folder: &Folder, server: &Server, batch: usize, more: &str) -> RunResult {
    let line = format!(
        "contacts.csv --base-url {} --concurrency 1 --batch-size {batch} {more}",
        server.url()
    );
    in_little_room(folder, 64, &line)
}

/// The numbers in the rejects with this outcome and this code.
fn rejected(folder: &Folder, ran: &RunResult, outcome: &str, code: &str) -> BTreeSet<String> {
    let word = format!(",{outcome},{code},");
    let contents: String = ran.rejects().iter().map(|name| folder.read(name)).collect();
    let lines = contents.lines().filter(|line| line.contains(&word));
    lines
        .map(|line| line.split(',').nth(1).unwrap().to_owned())
        .collect()
}

/// Checks what must hold of a run that had no more room, and how many contacts it could not record.
fn check_the_account(folder: &Folder, server: &Server, ran: &RunResult) -> usize {
    assert_eq!(
        (ran.code, &ran.summary()["stopped"]),
        (7, &"output".into()),
        "{ran:#?}"
    );
    let ran_says = format!("{}{}", ran.stderr, ran.summary());
    assert!(
        ran_says.contains("the ledger cannot be written"),
        "{ran:#?}"
    );
    let sent: BTreeSet<String> = server.numbers().into_iter().collect();
    let unknown = rejected(folder, ran, "unknown", "not_recorded");
    let unsent = rejected(folder, ran, "unsent", "not_sent");
    let counts = [ran.count("unknown"), ran.count("unsent")];
    assert_eq!(counts, [unknown.len() as u64, unsent.len() as u64]);
    assert!(unknown.is_subset(&sent) && unsent.is_disjoint(&sent));
    let settled = ran.count("accepted") + ran.count("unknown");
    assert_eq!(settled, sent.len() as u64, "{ran:#?}");
    let recorded = last_counts(folder);
    assert_eq!(recorded.sent, sent.len() as u64, "sent and not recorded");
    assert_eq!(recorded.accepted, ran.count("accepted"));
    let words = format!("not_recorded {}", unknown.len());
    assert!(unknown.is_empty() || ran.reasons().contains(&words));
    unknown.len()
}

/// After room was made the same command finishes the job.
fn check_the_next_run(folder: &Folder, server: &Server, before: &RunResult) {
    let accepted = before.count("accepted");
    let ran = import(folder, server, 20).run();
    let rest = CONTACTS as u64 - accepted;
    let ran = ran.assert(&format!(
        "0: {CONTACTS} read, {rest} accepted, {accepted} skipped"
    ));
    assert_eq!(ran.summary()["skipped_by"]["resumed"], accepted);
    let numbers = server.numbers();
    let repeats = (numbers.len() - CONTACTS) as u64;
    assert_eq!(repeats, before.count("unknown"), "{before:#?}");
    let union: BTreeSet<String> = numbers.into_iter().collect();
    assert_eq!(union, phones(CONTACTS).into_iter().collect());
}

#[test]
#[cfg_attr(windows, ignore = "no such shell there")]
fn what_was_taken_and_could_not_be_recorded_is_unknown_and_sent_again() {
    let unknown = std::sync::Mutex::new(Vec::new());
    each(&BATCHES, |batch| {
        let (server, folder) = (Server::yes(), Folder::with_contacts(CONTACTS));
        let ran = import_in_little_room(&folder, &server, *batch, "--json");
        let count = check_the_account(&folder, &server, &ran);
        assert!([0, *batch].contains(&count), "{ran:#?}");
        unknown.lock().unwrap().push(count);
        check_the_next_run(&folder, &server, &ran);
    });
    let unknown = unknown.into_inner().unwrap();
    assert!(unknown.contains(&0), "always an answer: {unknown:?}");
    assert!(unknown.iter().any(|count| *count > 0), "never an answer");
}

#[test]
#[cfg_attr(windows, ignore = "no such shell there")]
fn the_text_says_that_it_was_taken_and_could_not_be_recorded() {
    let mut said = 0;
    for batch in BATCHES {
        let (server, folder) = (Server::yes(), Folder::with_contacts(CONTACTS));
        let ran = import_in_little_room(&folder, &server, batch, "");
        assert_eq!(ran.code, 7, "{ran:#?}");
        let unknown = ran.stdout.lines().find(|line| line.contains(" unknown "));
        let Some(unknown) = unknown else { continue };
        let words = "taken by the platform, but the ledger could not be written";
        assert!(unknown.contains(words), "{ran:#?}");
        assert!(!unknown.contains("no answer"), "{ran:#?}");
        said += 1;
    }
    assert!(said > 0, "the room never ended after a request");
}

#[test]
#[cfg_attr(windows, ignore = "no such shell there")]
fn a_contact_is_added_only_where_it_can_be_recorded() {
    let (server, folder) = (Server::forbidden(), Folder::new());
    // No room at all, not even for the account.
    let line = format!(
        "add --phone +919876500001 --json --base-url {}",
        server.url()
    );
    let ran = in_little_room(&folder, 0, &line);
    ran.assert_stopped("7: ", "output")
        .assert_says(&["the ledger cannot be written", "BP_IMPORT_STATE_DIR"]);
}

/// A file system of a few kilobytes below a folder; it goes with the value.
#[cfg(target_os = "linux")]
struct SmallDisk(PathBuf);

#[cfg(target_os = "linux")]
impl SmallDisk {
    fn mount(folder: &Folder) -> Option<SmallDisk> {
        let path = folder.state();
        fs::create_dir(&path).unwrap();
        let is_mounted = mount(&["-t", "tmpfs", "-o", "size=40k", "tmpfs"], &path);
        is_mounted.then_some(SmallDisk(path))
    }

    fn make_room(&self) {
        assert!(mount(&["-o", "remount,size=4m"], &self.0));
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        let umount = std::process::Command::new("umount").arg(&self.0).status();
        let is_gone = umount.is_ok_and(|status| status.success());
        assert!(is_gone || std::thread::panicking());
    }
}

#[cfg(target_os = "linux")]
fn mount(arguments: &[&str], path: &std::path::Path) -> bool {
    let mut mount = std::process::Command::new("mount");
    let mount = mount.args(arguments).arg(path);
    let output = mount.output();
    output.is_ok_and(|output| output.status.success())
}

#[cfg(target_os = "linux")]
#[test]
#[expect(clippy::print_stderr, reason = "whoever runs the tests is to know")]
fn on_a_full_disk_the_run_ends_and_with_room_it_goes_on() {
    for batch in [20, 27] {
        let folder = Folder::with_contacts(CONTACTS);
        let Some(disk) = SmallDisk::mount(&folder) else {
            eprintln!("not run: only root can mount a small disk");
            return;
        };
        let server = Server::yes();
        let ran = import(&folder, &server, batch).run();
        let ran = ran.assert_says(&["the disk is full", "make room"]);
        check_the_account(&folder, &server, &ran);
        assert!(ran.count("accepted") > 0, "{ran:#?}");
        disk.make_room();
        check_the_next_run(&folder, &server, &ran);
    }
}

/// Asserts that nothing is read or sent, and that the words name the path.
fn assert_refused(folder: &Folder, arguments: &[&str], words: &[&str]) {
    let server = Server::forbidden();
    let url = server.url();
    assert_refused_at(folder, &url, arguments, words);
}

fn assert_refused_at(folder: &Folder, url: &str, arguments: &[&str], words: &[&str]) {
    let all = arguments.iter().copied();
    let ran = folder.bp(all.chain(["--json", "--base-url", url])).run();
    let ran = ran.assert_stopped("7: ", "output");
    assert_eq!(ran.rejects(), Vec::<String>::new());
    ran.assert_says(words);
}

const IMPORT: &[&str] = &["contacts.csv"];
const ADD: &[&str] = &["add", "--phone", "+919876500001"];

#[test]
fn a_file_in_the_way_of_the_ledger_is_named_before_anything_is_sent() {
    for arguments in [IMPORT, ADD] {
        let folder = Folder::with_contacts(3);
        fs::write(folder.state(), "").unwrap();
        let state = folder.state().display().to_string();
        let words = "): move that file away";
        assert_refused(&folder, arguments, &[&state, words, "BP_IMPORT_STATE_DIR"]);
    }
}

#[cfg(unix)]
#[test]
fn a_place_without_permission_to_write_is_named_before_anything_is_sent() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::with_contacts(3);
    fs::create_dir(folder.state()).unwrap();
    fs::set_permissions(folder.state(), fs::Permissions::from_mode(0o500)).unwrap();
    let is_root = fs::write(folder.state().join("x"), "").is_ok();
    // Root may write anywhere but where the system itself says no.
    let (state, words) = if is_root {
        (PathBuf::from("/sys"), "the ledger cannot be written")
    } else {
        (folder.state(), "no permission): make it writable")
    };
    let server = Server::forbidden();
    let url = server.url();
    let run = folder.bp(["contacts.csv", "--json", "--base-url", &url]);
    let ran = run.variable("BP_IMPORT_STATE_DIR", &state).run();
    ran.assert_stopped("7: ", "output")
        .assert_says(&[&state.join("ledger").display().to_string(), words]);
}

/// The files of the only account, by the end of their names.
fn ledger_file(folder: &Folder, end: &str) -> PathBuf {
    let accounts = fs::read_dir(folder.state().join("ledger")).unwrap();
    let account = accounts.map(|entry| entry.unwrap().path()).next().unwrap();
    let files = fs::read_dir(account).unwrap();
    let mut paths = files.map(|entry| entry.unwrap().path());
    paths
        .find(|path| path.to_str().unwrap().ends_with(end))
        .unwrap()
}

/// Makes something of a ledger look as if a newer version had written it.
type Forward = fn(&Folder);

fn make_the_segment_newer(folder: &Folder) {
    let path = ledger_file(folder, ".seg");
    let mut bytes = fs::read(&path).unwrap();
    assert_eq!(bytes[..10], *b"bpledger\x01\x00");
    bytes[8] = 2;
    fs::write(path, bytes).unwrap();
}

fn make_the_account_newer(folder: &Folder) {
    let path = ledger_file(folder, "account.json");
    let json = fs::read_to_string(&path).unwrap();
    let newer = json.replace("\"version\": 1", "\"version\": 2, \"what\": []");
    assert_ne!(json, newer);
    fs::write(path, newer).unwrap();
}

fn make_a_newer_compaction(folder: &Folder) {
    let path = ledger_file(folder, "account.json");
    let path = path.with_file_name("compacted.led");
    fs::write(path, b"bpledger\x02\x00whatever").unwrap();
}

#[test]
fn a_ledger_of_a_newer_version_is_left_alone_in_words() {
    let cases: [(Forward, &str); 3] = [
        (make_the_segment_newer, ".seg"),
        (make_the_account_newer, "account.json"),
        (make_a_newer_compaction, "compacted.led"),
    ];
    for (make_newer, name) in cases {
        let (server, folder) = (Server::yes(), Folder::with_contacts(3));
        import(&folder, &server, 100).run();
        make_newer(&folder);
        let before = fs::read(ledger_file(&folder, name)).unwrap();
        let words = [name, "newer bp-import", "BP_IMPORT_STATE_DIR"];
        for arguments in [&["contacts.csv"][..], &["contacts.csv", "--changed"]] {
            assert_refused_at(&folder, &server.url(), arguments, &words);
        }
        assert_eq!(server.requests().len(), 1, "{name}");
        assert_eq!(fs::read(ledger_file(&folder, name)).unwrap(), before);
    }
}

#[test]
fn a_damaged_account_is_reported_and_nothing_is_sent() {
    let (server, folder) = (Server::yes(), Folder::with_contacts(3));
    import(&folder, &server, 100).run();
    fs::write(ledger_file(&folder, "account.json"), "{").unwrap();
    let words = [
        "account.json",
        "the ledger is damaged",
        "everything is sent again",
    ];
    assert_refused_at(&folder, &server.url(), IMPORT, &words);
    assert_eq!(server.requests().len(), 1);
    assert!(Remembered::of(&folder).is_none());
}
