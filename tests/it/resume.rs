//! The same command again: it resumes a run that did not finish, and leaves out what that one had accepted.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::loopback::Sandbox;
use crate::result::RunResult;
use crate::run::{Folder, phone, phones, sorted, until};
use crate::server::{Answer, Server};
use crate::verdicts::SINGLY;

/// What a run leaves out because the one before had it accepted.
fn resumed(ran: &RunResult) -> u64 {
    ran.summary()["skipped_by"]["resumed"].as_u64().unwrap()
}

fn singly(folder: &Folder, server: &Server, more: &[&str]) -> RunResult {
    folder.import(server, &[&SINGLY, more, &["contacts.csv"]].concat())
}

/// Accepts two contacts, and does not take the token any more.
fn dies_after_two() -> Server {
    let answers = [Answer::yes(), Answer::yes(), Answer::no(401, "expired")];
    Server::script(answers.into_iter().chain((0..20).map(|_| Answer::yes())))
}

#[test]
fn the_same_command_finishes_what_was_broken_off_and_says_so_first() {
    let folder = Folder::with_contacts(5);
    let server = dies_after_two();
    singly(&folder, &server, &[]).assert_stopped("5: 5 read, 2 accepted, 3 unsent", "denied");
    let ran = singly(&folder, &server, &[]).assert("0: 5 read, 3 accepted, 2 skipped");
    assert_eq!(resumed(&ran), 2);
    let first = ran.stderr.lines().next().unwrap();
    assert!(
        first.contains("2 contacts it had accepted are skipped"),
        "{first}"
    );
    assert!(first.contains("--restart"), "{first}");
    assert_eq!(
        sorted(server.numbers()),
        sorted([phones(5), vec![phone(2)]].concat())
    );
}

#[test]
fn a_finished_run_is_not_resumed() {
    let folder = Folder::with_contacts(3);
    let server = Server::yes();
    for _ in 0..2 {
        let ran = folder.import(&server, &["contacts.csv"]);
        let ran = ran.assert("0: 3 read, 3 accepted");
        assert!(!ran.stderr.contains("going on"), "{ran:#?}");
    }
}

#[test]
fn restart_forgets_the_unfinished_run_for_good() {
    let folder = Folder::with_contacts(5);
    let server = dies_after_two();
    singly(&folder, &server, &[]);
    let ran = singly(&folder, &server, &["--restart"]).assert("0: 5 read, 5 accepted");
    assert!(!ran.stderr.contains("going on"), "{ran:#?}");
    singly(&folder, &server, &[]).assert("0: 5 read, 5 accepted");
}

#[test]
fn the_next_step_of_a_run_that_was_restarted_does_not_restart_it_again() {
    let folder = Folder::with_contacts(5);
    let server = dies_after_two();
    let ran = singly(&folder, &server, &["--restart"]);
    assert!(!ran.next().contains("--restart"), "{}", ran.next());
    let again = folder.follow(&ran.next()).run();
    again.assert("0: 5 read, 3 accepted, 2 skipped");
}

#[test]
fn what_a_limit_left_is_sent_by_the_command_without_it() {
    let folder = Folder::with_contacts(5);
    let server = Server::yes();
    let ran = folder.import(&server, &["contacts.csv", "--limit", "2"]);
    let ran = ran.assert_stopped("0: 2 read, 2 accepted", "limit");
    let again = folder.follow(&ran.next()).run();
    again.assert("0: 5 read, 3 accepted, 2 skipped");
    assert_eq!(sorted(server.numbers()), phones(5));
}

#[test]
fn contacts_without_an_answer_go_with_the_same_command() {
    let folder = Folder::with_contacts(3);
    let server = Server::unless(phone(2), Answer::cut_after_reading());
    let ran = singly(&folder, &server, &["--retry-for", "0s"]);
    let ran = ran.assert("3: 3 read, 2 accepted, 1 unknown");
    let again = folder.follow(&ran.next()).run();
    again.assert_stopped("6: 3 read, 2 skipped, 1 unknown", "unreachable");
}

#[test]
fn an_invalid_row_alone_leaves_nothing_to_go_on_with() {
    let folder = Folder::with("contacts.csv", "name,phone\nAnn,+919876500000\nBob,12\n");
    let server = Server::yes();
    for _ in 0..2 {
        let ran = folder.import(&server, &["contacts.csv"]);
        ran.assert("3: 2 read, 1 accepted, 1 invalid");
    }
}

#[test]
fn a_contact_that_changed_meanwhile_is_sent_again() {
    let folder = Folder::with_contacts(5);
    let server = dies_after_two();
    singly(&folder, &server, &[]);
    let table = folder
        .read("contacts.csv")
        .replace("Contact 0,", "Renamed,");
    folder.write("contacts.csv", table);
    let ran = singly(&folder, &server, &[]).assert("0: 5 read, 4 accepted, 1 skipped");
    assert_eq!(resumed(&ran), 1);
    let tagged = singly(&folder, &server, &["--tag", "vip"]);
    tagged.assert("0: 5 read, 5 accepted");
}

#[test]
fn another_token_is_another_account_until_the_user_says_it_is_the_same() {
    let folder = Folder::with_contacts(5);
    let server = dies_after_two();
    singly(&folder, &server, &[]);
    let url = server.url();
    let import = |more: &[&str]| {
        let mut arguments = vec![
            "--json",
            "--base-url",
            &url,
            "contacts.csv",
            "--concurrency",
            "1",
        ];
        arguments.extend(more);
        folder.bp(arguments).token("a-new-token").run()
    };
    let rehearsed = import(&["-n", "--same-account"]).assert("0: 5 read, 3 would_send, 2 skipped");
    assert!(
        rehearsed
            .stderr
            .lines()
            .next()
            .unwrap()
            .contains("going on")
    );
    let other = import(&["--limit", "1"]).assert_stopped("0: 1 read, 1 accepted", "limit");
    let first = other.stderr.lines().next().unwrap();
    assert!(
        first.contains("another token") && first.contains("--same-account"),
        "{first}"
    );
    assert!(first.contains("2 contacts accepted"), "{first}");
    let same = import(&["--same-account"]).assert("0: 5 read, 3 accepted, 2 skipped");
    assert_eq!(resumed(&same), 2);
    let later = import(&[]).assert("0: 5 read, 5 accepted");
    assert!(!later.stderr.contains("another token"), "{later:#?}");
}

#[test]
fn the_next_step_of_a_run_whose_token_died_goes_on_with_a_new_one() {
    let folder = Folder::with_contacts(5);
    let server = dies_after_two();
    let ran = singly(&folder, &server, &[]);
    let again = folder.follow(&ran.next()).token("a-new-token").run();
    let again = again.assert("0: 5 read, 3 accepted, 2 skipped");
    assert!(again.stderr.lines().next().unwrap().contains("going on"));
    // Keeping the option loses nothing, neither now nor where other tokens are about.
    let other = folder.bp(["--json", "--base-url", &server.url(), "contacts.csv"]);
    other.token("of-somebody-else").run();
    let ran = singly(&folder, &dies_after_two(), &["--same-account"]);
    assert_eq!(resumed(&ran), 0);
}

#[test]
fn the_same_account_without_an_unfinished_run_is_the_only_other_one_or_one_that_is_named() {
    let folder = Folder::with_contacts(3);
    let server = Server::yes();
    let url = server.url();
    let changed = |token: &str, more: &[&str]| {
        let arguments = ["--json", "--base-url", &url, "--changed", "contacts.csv"];
        folder
            .bp([&arguments[..], more].concat())
            .token(token)
            .run()
    };
    changed("token-a", &[])
        .assert("0: 3 read, 3 accepted")
        .assert_says(&["no record"]);
    changed("token-b", &["--same-account"]).assert("0: 3 read, 3 skipped");
    let hinted = changed("token-c", &[]).assert("0: 3 read, 3 accepted");
    hinted.assert_says(&["no record", "--same-account"]);
    let several = changed("token-d", &["--same-account"]);
    several.assert_usage(&["several accounts", "--same-account="]);
    let named = changed("token-d", &["--account", "shop", "--same-account=nobody"]);
    named.assert_usage(&["nobody"]);
    let label = folder
        .bp(["history", "--json"])
        .run()
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|run| run["account"].as_str().unwrap().to_owned())
        .next()
        .unwrap();
    let option = format!("--same-account={}", label.rsplit(' ').next().unwrap());
    changed("token-d", &["--account", "shop", &option]).assert("0: 3 read, 3 skipped");
    changed("token-e", &["--account", "shop"]).assert("0: 3 read, 3 skipped");
}

#[test]
fn a_job_that_keeps_saying_same_account_takes_in_no_account_that_came_later() {
    let folder = Folder::with_contacts(3);
    let server = Server::yes();
    let import = |token: &str, more: &[&str]| with_token(&folder, &server, token, more);
    import("shop-old", &[]);
    let nightly = ["--changed", "--same-account"];
    import("shop-new", &nightly).assert("0: 3 read, 3 skipped");
    import("other-shop", &["--limit", "2"]).assert_stopped("0: 2 read, 2 accepted", "limit");
    import("shop-new", &nightly).assert("0: 3 read, 3 skipped");
    let named = ["--changed", "--same-account=0000"];
    import("shop-new", &named).assert("0: 3 read, 3 skipped");
    import("other-shop", &[]).assert("0: 3 read, 1 accepted, 2 skipped");
    // Without a takeover, a later account is never treated as an earlier one.
    let folder = Folder::with_contacts(3);
    let import = |token: &str, more: &[&str]| with_token(&folder, &server, token, more);
    import("shop", &["--same-account"]).assert("0: 3 read, 3 accepted");
    wait_for_another_second();
    import("other-shop", &["--limit", "2"]);
    let ran = import("shop", &["--same-account"]).assert("0: 3 read, 3 accepted");
    assert_eq!(resumed(&ran), 0);
}

/// An import of these contacts with a token.
fn with_token(folder: &Folder, server: &Server, token: &str, more: &[&str]) -> RunResult {
    let url = server.url();
    let arguments = ["--json", "--base-url", &url, "contacts.csv"];
    let all = [&arguments[..], more].concat();
    folder.bp(all).token(token).run()
}

/// Runs are dated to the second.
fn wait_for_another_second() {
    let second = || {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.unwrap().as_secs()
    };
    let now = second();
    until(|| second() > now, || "time stands still".to_owned());
}

#[test]
fn a_takeover_that_comes_late_says_what_it_costs() {
    let folder = Folder::with_contacts(3);
    let server = Server::yes();
    let import = |token: &str, more: &[&str]| with_token(&folder, &server, token, more);
    import("token-a", &[]);
    import("token-b", &[]);
    let late = import("token-b", &["--changed", "--same-account"]);
    late.assert("0: 3 read, 3 accepted")
        .assert_says(&["everything once more"]);
    import("token-a", &["--changed"]).assert("0: 3 read, 3 skipped");
}

#[test]
fn what_the_new_token_sent_meanwhile_in_another_form_is_sent_after_a_takeover() {
    let folder = Folder::with_contacts(3);
    let server = Server::yes();
    let import = |token: &str, more: &[&str]| with_token(&folder, &server, token, more);
    import("token-a", &["--limit", "2"]);
    let first = folder.read("contacts.csv");
    folder.write("contacts.csv", first.replace("Contact 0,", "Renamed,"));
    import("token-b", &[]).assert("0: 3 read, 3 accepted");
    folder.write("contacts.csv", first);
    for more in [&["--same-account", "-n"][..], &["--same-account"]] {
        let ran = import("token-b", more);
        assert_eq!(resumed(&ran), 1, "{more:?}: {ran:#?}");
    }
    let last = server.requests().last().unwrap().text();
    assert!(
        last.contains("Contact 0") && !last.contains("Contact 1"),
        "{last}"
    );
}

#[test]
fn a_dry_run_of_a_takeover_says_what_the_takeover_will_cost() {
    let folder = Folder::with_contacts(3);
    let server = Server::yes();
    let import = |token: &str, more: &[&str]| with_token(&folder, &server, token, more);
    import("token-a", &[]);
    import("token-b", &[]);
    let late = ["--changed", "--same-account"];
    import("token-b", &[&late[..], &["-n"]].concat()).assert("0: 3 read, 3 would_send");
    import("token-b", &late).assert("0: 3 read, 3 accepted");
}

#[test]
fn another_tokens_ledger_that_cannot_be_read_is_no_trouble_of_this_one() {
    let folder = Folder::with_contacts(3);
    let server = Server::yes();
    let import = |token: &str| with_token(&folder, &server, token, &[]);
    import("token-a");
    let segment = files_with(&folder.state(), b"bpledger").remove(0);
    let mut bytes = std::fs::read(&segment).unwrap();
    bytes[8] = 0xff;
    std::fs::write(&segment, bytes).unwrap();
    import("token-b").assert("0: 3 read, 3 accepted");
    assert_eq!(import("token-a").code, 7, "its own stays refused");
}

#[test]
fn a_lock_that_a_backup_left_out_is_made_again() {
    let folder = Folder::with_contacts(3);
    let server = Server::yes();
    folder.import(&server, &["contacts.csv"]);
    let account = files_with(&folder.state(), b"bpledger").remove(0);
    let lock = account.with_file_name("lock");
    std::fs::remove_file(&lock).unwrap();
    let ran = folder.import(&server, &["contacts.csv", "-n", "--changed"]);
    ran.assert("0: 3 read, 3 skipped");
    assert!(!lock.exists(), "a dry run wrote something");
    let ran = folder.import(&server, &["contacts.csv", "--changed"]);
    ran.assert("0: 3 read, 3 skipped");
    assert!(lock.exists());
}

#[test]
fn what_another_shard_or_file_sent_since_is_not_taken_for_done() {
    for other in [&["contacts.csv"][..], &["copy.csv"], &["add"]] {
        let folder = Folder::with(
            "contacts.csv",
            "name,phone\nv1,+919876500000\nv1,+919876500001\n",
        );
        let server = Server::yes();
        let url = server.url();
        let import = |arguments: &[&str]| {
            let all = [&["--json", "--base-url", &url], arguments].concat();
            folder.bp(all).run()
        };
        import(&["contacts.csv", "--limit", "1", "--shard", "1/1"]);
        let second = folder.read("contacts.csv").replace("v1", "v2");
        if other == ["add"] {
            let added = folder.bp([
                "add",
                "--base-url",
                &url,
                "--phone",
                "+919876500000",
                "--name",
                "v2",
            ]);
            assert_eq!(added.run().code, 0);
        } else {
            let first = folder.read("contacts.csv");
            folder.write(other[0], second);
            import(other).assert("0: 2 read, 2 accepted");
            folder.write("contacts.csv", first);
        }
        let again = import(&["contacts.csv", "--shard", "1/1"]);
        again.assert("0: 2 read, 2 accepted");
        let last = server.requests().last().unwrap().text();
        assert!(
            last.contains("v1") && last.contains("9876500000"),
            "{other:?}: {last}"
        );
    }
}

#[test]
fn a_run_of_a_pipe_without_a_name_begins_at_the_start() {
    let folder = Folder::new();
    let server = Server::yes();
    let arguments = ["--json", "--base-url", &server.url(), "--limit", "2"];
    let ran = folder.bp(arguments).stdin(crate::run::table(5)).run();
    assert!(ran.next().contains("from the start"), "{}", ran.next());
    assert!(ran.next().contains("--input-name"), "{}", ran.next());
}

#[test]
fn what_only_has_to_be_sent_is_not_said_to_need_a_correction() {
    let folder = Folder::with_contacts(5);
    let server = dies_after_two();
    let text = folder.bp([
        "--base-url",
        &server.url(),
        "contacts.csv",
        "--batch-size",
        "1",
    ]);
    let ran = text.run();
    assert_eq!(ran.code, 5, "{ran:#?}");
    assert!(
        ran.stdout
            .contains("contacts.rejected.csv; the same command sends them too"),
        "{ran:#?}"
    );
    assert!(!ran.stdout.contains("Excel"), "{ran:#?}");
}

#[test]
fn a_name_for_the_account_outlives_its_token() {
    let folder = Folder::with_contacts(5);
    let server = dies_after_two();
    let url = server.url();
    let import = |token: &str| {
        let arguments = [
            "--json",
            "--base-url",
            &url,
            "--account",
            "shop",
            "contacts.csv",
        ];
        let one_by_one = ["--concurrency", "1", "--batch-size", "1"];
        folder
            .bp([&arguments[..], &one_by_one].concat())
            .token(token)
            .run()
    };
    import("the-old-token").assert_stopped("5: 5 read, 2 accepted, 3 unsent", "denied");
    import("the-new-token").assert("0: 5 read, 3 accepted, 2 skipped");
}

#[test]
fn a_dry_run_reads_the_ledger_and_writes_none() {
    let folder = Folder::with_contacts(5);
    let server = dies_after_two();
    singly(&folder, &server, &["-n"]).assert("0: 5 read, 5 would_send");
    assert!(!folder.state().exists(), "a dry run left something behind");
    singly(&folder, &server, &[]);
    for _ in 0..2 {
        singly(&folder, &server, &["-n"]).assert("0: 5 read, 3 would_send, 2 skipped");
    }
    let stranger = folder.bp(["--json", "-n", "contacts.csv"]).without_token();
    stranger.run().assert("0: 5 read, 5 would_send");
}

#[test]
fn a_sandbox_inside_the_process_is_forgotten_with_it() {
    let folder = Folder::with_contacts(5);
    let sandboxed = |more: &[&str]| {
        let all = [&["--json", "--sandbox", "contacts.csv"], more].concat();
        folder.bp(all).without_token().run()
    };
    sandboxed(&["--limit", "2"]).assert_stopped("0: 2 read, 2 accepted", "limit");
    sandboxed(&[]).assert("0: 5 read, 5 accepted");
    let changed = sandboxed(&["--changed"]).assert("0: 5 read, 5 accepted");
    changed.assert_says(&["--changed", "everything is sent"]);
    assert!(!folder.state().exists());
}

#[test]
fn stdin_is_known_again_by_its_name_alone() {
    let table = crate::run::table(5);
    let folder = Folder::new();
    let server = Server::yes();
    let url = server.url();
    let piped = |more: &[&str]| {
        let arguments = [&["--json", "--base-url", &url], more].concat();
        folder.bp(arguments).stdin(table.clone()).run()
    };
    piped(&["--limit", "2"]).assert_stopped("0: 2 read, 2 accepted", "limit");
    piped(&["--limit", "3"]).assert_stopped("0: 3 read, 3 accepted", "limit");
    let named = ["--input-name", "crm"];
    piped(&[&named[..], &["--limit", "2"]].concat())
        .assert_stopped("0: 2 read, 2 accepted", "limit");
    let ran = piped(&[&named[..], &["-"]].concat()).assert("0: 5 read, 3 accepted, 2 skipped");
    assert_eq!(ran.summary()["inputs"][0], "crm");
    folder.write("contacts.csv", &table);
    let misplaced = folder.bp(["--input-name", "crm", "contacts.csv", "--sandbox"]);
    misplaced.run().assert_usage(&["--input-name", "stdin"]);
}

#[test]
fn nothing_of_a_contact_and_no_token_is_in_the_ledger() {
    let row = "Ann Lee,+919876500000,ann@example.com\nBob,+919876500001,bob@example.com\n";
    let folder = Folder::with("contacts.csv", format!("name,phone,email\n{row}"));
    let words = "bob@example.com of Bob is not allowed";
    let server = Server::unless(phone(1), Answer::no(400, words));
    singly(&folder, &server, &[]).assert("3: 2 read, 1 accepted, 1 refused");
    for text in ["Ann", "Bob", "98765", "example.com", crate::run::TOKEN] {
        let found = files_with(&folder.state(), text.as_bytes());
        assert!(found.is_empty(), "{text} stands in {found:?}");
    }
    assert!(!files_with(&folder.state(), b"bpledger").is_empty());
}

fn files_with(directory: &std::path::Path, text: &[u8]) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
        } else if std::fs::read(&path)
            .unwrap()
            .windows(text.len())
            .any(|part| part == text)
        {
            found.push(path);
        }
    }
    found
}

#[test]
fn a_run_that_is_broken_off_again_and_again_is_still_one_run() {
    let folder = Folder::with_contacts(40);
    let sandbox = Sandbox::start("denied:3");
    let mut accepted = 0;
    for round in 0..2 {
        let arguments = ["--json", "--base-url", sandbox.url(), "contacts.csv"];
        let few = ["--batch-size", "4", "--concurrency", "1"];
        let ran = folder.bp([&arguments[..], &few].concat()).run();
        assert_eq!(ran.code, 5, "{ran:#?}");
        assert_eq!(resumed(&ran), accepted, "round {round}");
        accepted += ran.count("accepted");
    }
    assert_eq!(sandbox.numbers().len() as u64, accepted);
}

#[test]
fn a_file_with_under_half_the_rows_of_its_last_finished_run_is_warned_about_even_quietly() {
    let folder = Folder::with_contacts(9);
    let server = Server::yes();
    let run = |options: &[&str]| folder.import(&server, &[&["contacts.csv"], options].concat());
    let words = "the last finished run had 9: is the file complete?";
    assert!(!run(&[]).stderr.contains("complete?"));
    folder.write("contacts.csv", crate::run::table(5));
    assert!(!run(&["-n"]).stderr.contains("complete?"));
    folder.write("contacts.csv", crate::run::table(4));
    for options in [&["-n", "-q"][..], &["-q"]] {
        let ran = run(options).assert_says(&["contacts.csv: 4 rows", words]);
        assert_eq!(ran.code, 0, "{ran:#?}");
    }
    // What it has now is what it is compared with from here on.
    assert!(!run(&["-q"]).stderr.contains("complete?"));
}

#[test]
fn a_named_stdin_with_under_half_the_rows_of_its_last_finished_run_is_warned_about() {
    let folder = Folder::new();
    let server = Server::yes();
    let url = server.url();
    let run = |rows: usize| {
        let arguments = ["--json", "--base-url", &url, "--input-name", "crm", "-"];
        folder.bp(arguments).stdin(crate::run::table(rows)).run()
    };
    run(9);
    run(4).assert_says(&["crm: 4 rows, the last finished run had 9"]);
}
