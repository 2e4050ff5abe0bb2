//! Two runs at once: the same import is locked out, any other runs at the same time.

use std::io::Write;

use crate::run::{Bp, Folder, RunResult, Running, each, phone, phones, sorted, table};
use crate::server::Server;

/// A first run that is at work until its gate opens.
struct First {
    folder: Folder,
    server: Server,
    running: Running,
}

impl First {
    /// A run with these arguments in this folder.
    fn start(folder: Folder, arguments: &[&str]) -> First {
        First::start_with(folder, arguments, "")
    }

    /// The same, with something on stdin.
    fn start_with(folder: Folder, arguments: &[&str], stdin: &str) -> First {
        let server = Server::holding();
        let mut running = import(&folder, &server, arguments).start();
        let mut pipe = running.stdin.take().unwrap();
        pipe.write_all(stdin.as_bytes()).unwrap();
        drop(pipe);
        server.wait_for(1);
        First {
            folder,
            server,
            running,
        }
    }

    /// Another run to the same server.
    fn beside(&self, arguments: &[&str]) -> Bp {
        import(&self.folder, &self.server, arguments)
    }

    /// Lets it end.
    fn end(self) -> RunResult {
        self.server.release();
        self.running.end()
    }

    /// Kills it; what came of it stays.
    fn kill(self) -> (Folder, Server) {
        self.running.kill().killed();
        self.server.release();
        (self.folder, self.server)
    }
}

/// An import a contact a time, so that a gate holds only the first.
fn import(folder: &Folder, server: &Server, arguments: &[&str]) -> Bp {
    let url = server.url();
    let all = ["--json", "--base-url", &url, "--concurrency", "1"];
    let all = all.into_iter().chain(["--batch-size", "1"]);
    folder.bp(all.chain(arguments.iter().copied()))
}

fn assert_turned_away(ran: RunResult) -> RunResult {
    let ran = ran.assert_stopped("6: ", "locked");
    ran.assert_says(&["another run of this import is at work (pid "])
}

#[test]
fn a_second_run_of_the_same_inputs_is_turned_away_at_once() {
    let folder = Folder::with_contacts(3);
    folder.write("r.csv", "what the first run wrote");
    let first = First::start(folder, &["contacts.csv"]);
    let names = first.folder.names();
    let second = first.beside(&["contacts.csv", "--rejects", "r.csv"]).run();
    let who = format!("(pid {}, since 20", first.running.id());
    let second = assert_turned_away(second).assert_says(&[&who, "--wait"]);
    let message = second.summary()["message"].to_string();
    assert!(message.contains(&who), "{message}");
    assert_eq!(first.folder.names(), names, "it wrote something");
    assert_eq!(first.folder.read("r.csv"), "what the first run wrote");
    let (server, ran) = (first.server.url(), first.end());
    let ran = ran.assert("0: 3 read, 3 accepted");
    assert_eq!(ran.summary()["base_url"], server);
}

#[test]
fn the_next_run_may_begin_when_the_first_has_ended() {
    let first = First::start(Folder::with_contacts(3), &["contacts.csv"]);
    assert_turned_away(first.beside(&["contacts.csv"]).run());
    let second = first.beside(&["contacts.csv"]);
    first.server.release();
    first.running.end().assert("0: 3 read, 3 accepted");
    second.run().assert("0: 3 read, 3 accepted");
}

#[test]
fn a_run_waits_for_the_end_of_the_first_and_then_runs() {
    let first = First::start(Folder::with_contacts(3), &["contacts.csv"]);
    let waits = ["contacts.csv", "--wait", "20s"];
    let mut second = first.beside(&waits).start();
    second.wait_for_stderr("waiting up to 20 s");
    assert!(!second.has_ended());
    assert_eq!(first.server.numbers(), [phone(0)]);
    first.server.release();
    first.running.end().assert("0: 3 read, 3 accepted");
    let ran = second.end().assert("0: 3 read, 3 accepted");
    assert!(!ran.stderr.contains("going on with"), "{ran:#?}");
    assert_eq!(first.server.numbers(), [phones(3), phones(3)].concat());
}

#[test]
fn a_run_that_waited_goes_on_with_a_first_that_was_killed() {
    let first = First::start(Folder::with_contacts(3), &["contacts.csv"]);
    let second = first.beside(&["contacts.csv", "--wait", "20s"]).start();
    second.wait_for_stderr("waiting up to 20 s");
    let _kept = first.kill();
    second
        .end()
        .assert("0: 3 read, 3 accepted")
        .assert_says(&["going on with the run"]);
}

#[test]
fn a_run_that_waited_in_vain_gives_up() {
    let first = First::start(Folder::with_contacts(3), &["contacts.csv"]);
    let second = first.beside(&["contacts.csv", "--wait", "200ms"]).run();
    assert_turned_away(second).assert_says(&["waiting up to 0.2 s", "was so for 0.2 s"]);
    first.end().assert("0: 3 read, 3 accepted");
}

#[test]
fn another_import_into_the_account_runs_beside_it() {
    let folder = Folder::with_contacts(3);
    folder.write("other.csv", format!("phone\n{}\n", phone(9)));
    let first = First::start(folder, &["contacts.csv"]);
    let (alone, both) = ("0: 1 read, 1 accepted", "0: 4 read, 4 accepted");
    for (arguments, account) in [
        (&["other.csv"][..], alone),
        (&["contacts.csv", "other.csv"], both),
        (&["contacts.csv", "--account", "x"], "0: 3 read, 3 accepted"),
        (&["contacts.csv", "--bot-id", "x"], "0: 3 read, 3 accepted"),
        (&["contacts.csv", "-n"], "0: 3 read, 3 would_send"),
    ] {
        first.beside(arguments).run().assert(account);
    }
    first.end().assert("0: 3 read, 3 accepted");
}

#[test]
fn another_shard_runs_beside_it_and_the_same_does_not() {
    let shard = |which| ["contacts.csv", "--shard", which];
    let first = First::start(Folder::with_contacts(30), &shard("1/2"));
    assert_turned_away(first.beside(&shard("1/2")).run());
    let second = first.beside(&shard("2/2")).run();
    first.server.release();
    let ran = first.running.end();
    assert_eq!((ran.code, second.code), (0, 0), "{ran:#?} {second:#?}");
    assert_eq!(ran.count("accepted") + second.count("accepted"), 30);
    assert_eq!(sorted(first.server.numbers()), phones(30));
}

#[test]
fn what_is_added_and_an_unnamed_stdin_take_no_lock() {
    let number = phone(0);
    let contact = format!("phone\n{number}\n");
    let cases: [(&[&str], &str); 2] = [(&["add", "--phone", &number], ""), (&["-"], &contact)];
    each(&cases, |(arguments, stdin)| {
        let (folder, server) = (Folder::new(), Server::holding());
        let url = server.url();
        let all = arguments.iter().copied();
        let all: Vec<&str> = all.chain(["--json", "--base-url", &url]).collect();
        let mut first = folder.bp(all.clone()).start();
        let mut pipe = first.stdin.take().unwrap();
        // It may not be read.
        let _ = pipe.write_all(stdin.as_bytes());
        drop(pipe);
        server.wait_for(1);
        let second = folder.bp(all).stdin(*stdin).run();
        second.assert("0: 1 read, 1 accepted");
        server.release();
        first.end().assert("0: 1 read, 1 accepted");
    });
}

#[cfg(unix)]
#[test]
fn two_names_of_one_file_are_one_import() {
    let folder = Folder::with_contacts(3);
    std::os::unix::fs::symlink("contacts.csv", folder.path().join("link.csv")).unwrap();
    let whole = folder.path().join("contacts.csv");
    let whole = whole.to_str().unwrap().to_owned();
    let first = First::start(folder, &["contacts.csv"]);
    for name in ["./contacts.csv", "link.csv", "../work/contacts.csv", &whole] {
        assert_turned_away(first.beside(&[name]).run());
    }
    let (folder, server) = first.kill();
    import(&folder, &server, &["link.csv"])
        .run()
        .assert("0: 3 read, 3 accepted")
        .assert_says(&["going on with the run"]);
}

#[test]
fn the_same_files_in_another_order_are_one_import() {
    let folder = Folder::with_contacts(3);
    folder.write("b.csv", format!("phone\n{}\n", phone(9)));
    let first = First::start(folder, &["contacts.csv", "b.csv"]);
    assert_turned_away(first.beside(&["b.csv", "contacts.csv"]).run());
    first.end().assert("0: 4 read, 4 accepted");
}

#[test]
fn the_lock_of_a_killed_run_is_in_no_run_s_way() {
    let (folder, server) = First::start(Folder::with_contacts(3), &["contacts.csv"]).kill();
    import(&folder, &server, &["contacts.csv"])
        .run()
        .assert("0: 3 read, 3 accepted")
        .assert_says(&["going on with the run"]);
}

#[test]
fn a_named_stdin_is_locked_and_gone_on_with() {
    let named = |name| ["--input-name", name, "-"];
    let content = table(3);
    let first = First::start_with(Folder::new(), &named("crm"), &content);
    let beside = |name| first.beside(&named(name)).stdin(content.as_str()).run();
    assert_turned_away(beside("crm"));
    beside("shop").assert("0: 3 read, 3 accepted");
    let (folder, server) = first.kill();
    let again = |content: &str| import(&folder, &server, &named("crm")).stdin(content).run();
    again(&content)
        .assert("0: 3 read, 3 accepted")
        .assert_says(&["going on with the run"]);
    // That one finished: another begins anew.
    let ran = again(&content).assert("0: 3 read, 3 accepted");
    assert!(!ran.stderr.contains("going on with"), "{ran:#?}");
}
