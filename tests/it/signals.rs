//! Ctrl-C and SIGTERM: the first ends a run in order, the second at once.

use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use crate::run::{Folder, Running, phone, phones, sorted, table};
use crate::server::{Answer, Server};

const CODES: [(&str, i32); 2] = [("INT", 130), ("TERM", 143)];

/// A moment, so that a handler is surely there, or has surely done its work.
const MOMENT: Duration = Duration::from_millis(300);

/// More contacts than fit into what is looked at before anything is sent.
const MANY: usize = 10_000;

fn start(folder: &Folder, server: &Server) -> Running {
    let url = server.url();
    let arguments = [
        "--json",
        "--base-url",
        &url,
        "--concurrency",
        "2",
        "--batch-size",
        "5",
        "contacts.csv",
    ];
    folder.bp(arguments).start()
}

#[test]
#[cfg_attr(windows, ignore = "no signal reaches another process there")]
fn a_signal_ends_the_run_in_order() {
    for (signal, code) in CODES {
        let server = Server::script([Answer::yes().after(MOMENT * 2)]);
        let folder = Folder::with_contacts(2_000);
        let running = start(&folder, &server);
        server.wait_for(3);
        running.signal(signal);
        let ran = running.end();
        let summary = ran.summary();
        assert_eq!(
            (ran.code, &summary["stopped"]),
            (code, &"interrupted".into()),
            "{ran:#?}"
        );
        // What is in flight keeps its answer.
        assert_eq!(
            ran.count("accepted"),
            server.numbers().len() as u64,
            "{ran:#?}"
        );
        assert_eq!(summary["complete"], false);
        assert_eq!(
            ran.count("read"),
            ran.count("accepted") + ran.count("unsent"),
            "{ran:#?}"
        );
        let rejected = folder.read("contacts.rejected.csv");
        assert_eq!(
            rejected.lines().count() as u64 - 1,
            ran.count("unsent"),
            "{ran:#?}"
        );
        assert!(ran.next().contains("bp-import contacts.csv"), "{ran:#?}");
    }
}

#[test]
#[cfg_attr(windows, ignore = "no signal reaches another process there")]
fn what_was_read_and_not_sent_can_be_sent_from_the_rejects() {
    let server = Server::script([Answer::yes().after(MOMENT)]);
    let folder = Folder::with_contacts(200);
    let running = start(&folder, &server);
    server.wait_for(3);
    running.signal("INT");
    let ran = running.end();
    let rest = Server::yes();
    let read = usize::try_from(ran.count("read")).unwrap();
    let rejects = ran.rejects();
    assert_eq!(folder.import(&rest, &[&rejects[0]]).code, 0);
    let all = [server.numbers(), rest.numbers()].concat();
    assert_eq!(sorted(all), phones(read));
}

#[test]
#[cfg_attr(windows, ignore = "no signal reaches another process there")]
fn a_second_signal_leaves_at_once() {
    for (signal, code) in CODES {
        let server = Server::script([Answer::stalled()]);
        let folder = Folder::with_contacts(100);
        let mut running = start(&folder, &server);
        server.wait_for(2);
        running.signal(signal);
        thread::sleep(MOMENT);
        assert!(!running.has_ended(), "it left with requests in flight");
        let second = Instant::now();
        running.signal(signal);
        let ran = running.end();
        assert_eq!(ran.code, code, "{ran:#?}");
        assert!(
            second.elapsed() < Duration::from_secs(5),
            "{:?}",
            second.elapsed()
        );
    }
}

#[test]
#[cfg_attr(windows, ignore = "no signal reaches another process there")]
fn a_signal_ends_a_wait() {
    let server = Server::script([Answer::no(503, "busy").header("Retry-After", 60)]);
    let folder = Folder::with_contacts(100);
    let running = start(&folder, &server);
    server.wait_for(2);
    thread::sleep(MOMENT);
    running.signal("INT");
    let signalled = Instant::now();
    let ran = running.end();
    let account = format!("130: {0} read, {0} unsent", ran.count("read"));
    ran.assert_stopped(&account, "interrupted");
    assert!(
        signalled.elapsed() < Duration::from_secs(5),
        "{:?}",
        signalled.elapsed()
    );
}

#[test]
#[cfg_attr(windows, ignore = "no signal reaches another process there")]
fn a_signal_ends_a_run_whose_stdin_is_silent() {
    let server = Server::yes();
    let folder = Folder::new();
    let url = server.url();
    let mut running = folder.bp(["--json", "--base-url", &url, "-"]).start();
    let mut stdin = running.stdin.take().unwrap();
    stdin.write_all(table(MANY).as_bytes()).unwrap();
    server.wait_for(1);
    thread::sleep(MOMENT);
    running.signal("TERM");
    let ran = running.end();
    assert_eq!(
        (ran.code, &ran.summary()["stopped"]),
        (143, &"interrupted".into()),
        "{ran:#?}"
    );
    assert_eq!(
        ran.count("accepted"),
        server.numbers().len() as u64,
        "{ran:#?}"
    );
    drop(stdin);
}

#[test]
#[cfg_attr(windows, ignore = "no signal reaches another process there")]
fn a_signal_before_anything_began_leaves_at_once() {
    for (signal, code) in CODES {
        let mut running = Folder::new().bp(["--json", "--sandbox", "-"]).start();
        let stdin = running.stdin.take();
        thread::sleep(MOMENT);
        running.signal(signal);
        assert_eq!(running.end().code, code);
        drop(stdin);
    }
}

#[test]
#[cfg_attr(windows, ignore = "no signal reaches another process there")]
fn a_contact_that_comes_late_on_stdin_is_sent() {
    let server = Server::yes();
    let folder = Folder::new();
    let url = server.url();
    let mut running = folder
        .bp(["--json", "--base-url", &url, "--concurrency", "1"])
        .start();
    let mut stdin = running.stdin.take().unwrap();
    stdin.write_all(table(MANY).as_bytes()).unwrap();
    server.wait_for(1);
    stdin
        .write_all(format!("Late,{}\n", phone(MANY)).as_bytes())
        .unwrap();
    drop(stdin);
    let account = format!("0: {0} read, {0} accepted", MANY + 1);
    running.end().assert(&account);
    assert_eq!(server.numbers(), phones(MANY + 1));
}

#[test]
fn what_came_through_a_pipe_is_sent_while_the_pipe_is_silent() {
    let server = Server::yes();
    let folder = Folder::new();
    let url = server.url();
    let arguments = ["--json", "--base-url", &url, "--batch-size", "100"];
    let mut running = folder.bp(arguments).start();
    let mut stdin = running.stdin.take().unwrap();
    stdin.write_all(table(MANY).as_bytes()).unwrap();
    server.wait_for(MANY / 100);
    for late in MANY..MANY + 100 {
        let row = format!("Late,{}\n", phone(late));
        stdin.write_all(row.as_bytes()).unwrap();
    }
    server.wait_for(MANY / 100 + 1);
    drop(stdin);
    let account = format!("0: {0} read, {0} accepted", MANY + 100);
    running.end().assert(&account);
}
