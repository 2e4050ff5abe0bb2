//! `--changed` over several runs: only what changed is sent, and what may not have arrived counts as changed.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex};

use crate::remembered::last_counts;
use crate::run::{Folder, RunResult, each, phone, table, until};
use crate::server::{Answer, Request, Server};

/// An import of `contacts.csv` with `--changed`.
fn night(folder: &Folder, server: &Server, arguments: &[&str]) -> RunResult {
    let quick = ["--changed", "--retry-for", "200ms", "--timeout", "2s"];
    let all: Vec<&str> = ["contacts.csv"]
        .into_iter()
        .chain(quick)
        .chain(arguments.iter().copied())
        .collect();
    folder.import(server, &all)
}

/// A table of these names, the first with the first phone.
fn names<N: AsRef<str>>(names: &[N]) -> String {
    let rows = names
        .iter()
        .enumerate()
        .map(|(index, name)| format!("{},{}\n", name.as_ref(), phone(index)));
    std::iter::once("name,phone\n".to_owned())
        .chain(rows)
        .collect()
}

/// Takes all contacts, but for requests with this name in them.
fn unless(name: &'static str, otherwise: Answer) -> Server {
    Server::judge(move |request| {
        if request.text().contains(name) {
            otherwise.clone()
        } else {
            Answer::yes()
        }
    })
}

/// The names that were sent, in order.
fn sent(server: &Server) -> Vec<String> {
    let contacts = server.requests();
    let contacts = contacts.iter().flat_map(Request::contacts);
    contacts.map(|contact| name_of(&contact)).collect()
}

fn name_of(contact: &serde_json::Value) -> String {
    contact["userProvidedName"].as_str().unwrap().to_owned()
}

#[test]
fn five_nights_of_one_file_settle_to_nothing_sent() {
    let (server, folder) = (Server::yes(), Folder::new());
    // A contact in three rows that all differ, and one whose name alternates between two values.
    let content = |flapping: &str| {
        let (twin, other) = (phone(50), phone(51));
        format!(
            "{}Twin,{twin}\n{flapping},{other}\nTwine,{twin}\n,{twin}\n",
            table(50)
        )
    };
    let nights = [
        ("Asha", 52, 0),
        ("Usha", 1, 51),
        ("Asha", 1, 51),
        ("Asha", 0, 52),
        ("Asha", 0, 52),
    ];
    for (number, (flapping, accepted, unchanged)) in (1..).zip(nights) {
        folder.write("contacts.csv", content(flapping));
        let ran = night(&folder, &server, &[]);
        let summary = ran.summary();
        assert_eq!(ran.code, 0, "night {number}: {ran:#?}");
        assert_eq!(
            (&summary["accepted"], &summary["skipped_by"]["unchanged"]),
            (&accepted.into(), &unchanged.into()),
            "night {number}: {summary}"
        );
        assert_eq!(summary["skipped_by"]["duplicate"], 2, "{summary}");
    }
    assert_eq!(server.numbers().len(), 54);
}

#[test]
fn rows_in_another_order_are_no_change() {
    let (server, folder) = (Server::yes(), Folder::new());
    folder.write("contacts.csv", table(20));
    night(&folder, &server, &[]).assert("0: 20 read, 20 accepted");
    let content = table(20);
    let (header, rows) = content.split_once('\n').unwrap();
    let rows: String = rows.lines().rev().map(|row| format!("{row}\n")).collect();
    folder.write("another.csv", format!("{header}\n{rows}"));
    folder
        .import(&server, &["another.csv", "--changed"])
        .assert("0: 20 read, 20 skipped");
}

#[test]
fn a_form_that_comes_back_after_another_was_lost_in_flight_is_sent() {
    // It is unknown whether the server took the second form.
    let losses = [
        Answer::cut_after_reading(),
        Answer::half(),
        Answer::no(500, "it broke"),
        Answer::new(200, "{\"status\":"),
    ];
    each(&losses, |loss| {
        let (server, folder) = (unless("v2", loss.clone()), Folder::new());
        folder.write("contacts.csv", names(&["v1", "other"]));
        night(&folder, &server, &[]).assert("0: 2 read, 2 accepted");
        folder.write("contacts.csv", names(&["v2", "other"]));
        let lost = night(&folder, &server, &[]);
        let counts = (lost.count("unknown"), lost.count("skipped"));
        assert_eq!(counts, (1, 1), "{loss:?}: {lost:#?}");
        folder.write("contacts.csv", names(&["v1", "other"]));
        night(&folder, &server, &[]).assert("0: 2 read, 1 accepted, 1 skipped");
        assert_eq!(sent(&server).last().unwrap(), "v1", "{loss:?}");
        night(&folder, &server, &[]).assert("0: 2 read, 2 skipped");
    });
}

#[test]
fn a_form_that_comes_back_after_a_kill_with_another_in_flight_is_sent() {
    for arguments in [&["--changed"][..], &[]] {
        let (server, folder) = (unless("v2", Answer::stalled()), Folder::new());
        folder.write("contacts.csv", names(&["v1"]));
        folder
            .import(&server, &["contacts.csv"])
            .assert("0: 1 read, 1 accepted");
        kill_in_flight(&folder, &server, &names(&["v2"]), 2);
        folder.write("contacts.csv", names(&["v1"]));
        let all: Vec<&str> = ["contacts.csv"].iter().chain(arguments).copied().collect();
        folder
            .import(&server, &all)
            .assert("0: 1 read, 1 accepted")
            .assert_says(&["going on with the run"]);
        assert_eq!(sent(&server), ["v1", "v2", "v1"], "{arguments:?}");
    }
}

/// Imports this content, and kills the run when the server has read this many requests.
fn kill_in_flight(folder: &Folder, server: &Server, content: &str, requests: usize) {
    folder.write("contacts.csv", content);
    let url = server.url();
    let arguments = [
        "contacts.csv",
        "--base-url",
        &url,
        "--batch-size",
        "1",
        "--concurrency",
        "1",
    ];
    let running = folder.bp(arguments).start();
    server.wait_for(requests);
    running.kill().killed();
}

#[test]
fn a_resumed_run_sends_a_form_that_came_back_although_it_had_accepted_it_at_first() {
    let (server, folder) = (unless("stalls", Answer::stalled()), Folder::new());
    kill_in_flight(&folder, &server, &names(&["v1", "stalls"]), 2);
    assert_eq!(last_counts(&folder).accepted, 1);
    kill_in_flight(&folder, &server, &names(&["v2 stalls", "b"]), 3);
    folder.write("contacts.csv", names(&["v1", "b"]));
    folder
        .import(&server, &["contacts.csv", "--batch-size", "1"])
        .assert("0: 2 read, 2 accepted");
    assert_eq!(sent(&server), ["v1", "stalls", "v2 stalls", "v1", "b"]);
}

#[test]
fn a_resumed_run_skips_only_what_is_in_the_file_as_it_was_accepted() {
    let (server, folder) = (unless("stalls", Answer::stalled()), Folder::new());
    kill_in_flight(&folder, &server, &names(&["a", "b", "stalls"]), 3);
    until(
        || last_counts(&folder).accepted == 2,
        || "nothing is recorded".to_owned(),
    );
    folder.write("contacts.csv", names(&["a", "b as it is now", "c", "d"]));
    let ran = folder.import(&server, &["contacts.csv"]);
    let ran = ran.assert("0: 4 read, 3 accepted, 1 skipped");
    assert_eq!(ran.summary()["skipped_by"]["resumed"], 1);
}

#[test]
fn a_refused_contact_is_sent_again_the_next_night() {
    let server = unless("refused", Answer::no(400, "phone is blacklisted"));
    let folder = Folder::with("contacts.csv", names(&["a", "refused", "c"]));
    night(&folder, &server, &[]).assert("3: 3 read, 2 accepted, 1 refused");
    let before = server.numbers().len();
    night(&folder, &server, &[]).assert("3: 3 read, 1 refused, 2 skipped");
    assert_eq!(server.numbers()[before..], [phone(1)]);
}

/// Adds a contact under this name.
fn add(folder: &Folder, server: &Server, index: usize, name: &str) -> RunResult {
    let (url, phone) = (server.url(), phone(index));
    let contact = ["add", "--phone", &phone, "--name", name];
    let quick = ["--json", "--base-url", &url, "--retry-for", "200ms"];
    folder.bp(contact.into_iter().chain(quick)).run()
}

#[test]
fn a_contact_that_was_added_counts_for_the_next_night() {
    let (server, folder) = (Server::yes(), Folder::with_contacts(3));
    let taken = "0: 1 read, 1 accepted";
    add(&folder, &server, 1, "Contact 1").assert(taken);
    night(&folder, &server, &[]).assert("0: 3 read, 2 accepted, 1 skipped");
    add(&folder, &server, 2, "Somebody else").assert(taken);
    night(&folder, &server, &[]).assert("0: 3 read, 1 accepted, 2 skipped");
    assert_eq!(sent(&server).last().unwrap(), "Contact 2");
    add(&folder, &server, 2, "Contact 2").assert(taken);
    night(&folder, &server, &[]).assert("0: 3 read, 3 skipped");
}

#[test]
fn a_form_that_was_added_and_lost_in_flight_is_a_change() {
    let server = unless("v2", Answer::cut_after_reading());
    let folder = Folder::with("contacts.csv", names(&["v1"]));
    add(&folder, &server, 0, "v1").assert("0: 1 read, 1 accepted");
    let lost = add(&folder, &server, 0, "v2");
    assert_eq!(lost.count("unknown"), 1, "{lost:#?}");
    night(&folder, &server, &[]).assert("0: 1 read, 1 accepted");
    night(&folder, &server, &[]).assert("0: 1 read, 1 skipped");
}

#[test]
fn without_any_record_it_is_said_that_everything_is_sent() {
    let (server, folder) = (Server::yes(), Folder::with_contacts(3));
    let words = "no record of this account, so everything is sent";
    night(&folder, &server, &[])
        .assert("0: 3 read, 3 accepted")
        .assert_says(&["warning: --changed", words]);
    let ran = night(&folder, &server, &[]);
    assert!(!ran.stderr.contains("warning"), "{ran:#?}");
    // Another token may be another account.
    let url = server.url();
    let other = folder.bp(["contacts.csv", "--changed", "--json", "--base-url", &url]);
    other
        .token("another-token")
        .run()
        .assert("0: 3 read, 3 accepted")
        .assert_says(&[words, "--same-account"]);
}

#[test]
fn what_other_options_make_of_a_contact_is_a_change() {
    let cases = [
        ["--tag", "vip"],
        ["--attr", "city=Pune"],
        ["--empty-lists", "omit"],
        ["--map", "name={name} Rao"],
    ];
    each(&cases, |options| {
        let (server, folder) = (Server::yes(), Folder::with_contacts(3));
        night(&folder, &server, &[]).assert("0: 3 read, 3 accepted");
        night(&folder, &server, options).assert("0: 3 read, 3 accepted");
        night(&folder, &server, options).assert("0: 3 read, 3 skipped");
        night(&folder, &server, &[]).assert("0: 3 read, 3 accepted");
    });
}

#[test]
fn options_that_change_no_contact_change_nothing() {
    let (server, folder) = (Server::yes(), Folder::with_contacts(3));
    night(&folder, &server, &[]).assert("0: 3 read, 3 accepted");
    for options in [["--batch-size", "1"], ["--country", "IN"], ["--rate", "50"]] {
        night(&folder, &server, &options).assert("0: 3 read, 3 skipped");
    }
}

#[test]
fn a_rehearsal_tells_what_the_night_will_send_and_is_not_remembered() {
    let (server, folder) = (Server::yes(), Folder::with_contacts(3));
    night(&folder, &server, &[]).assert("0: 3 read, 3 accepted");
    folder.write("contacts.csv", table(5));
    for _ in 0..2 {
        night(&folder, &server, &["-n"]).assert("0: 5 read, 2 would_send, 3 skipped");
    }
    night(&folder, &server, &[]).assert("0: 5 read, 2 accepted, 3 skipped");
}

/// A platform that fails at random, and what it really holds, whatever it answered.
#[derive(Clone)]
struct Platform(Arc<Mutex<State>>);

struct State {
    random: fastrand::Rng,
    weather: Weather,
    held: BTreeMap<String, String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Weather {
    Fair,
    Foul,
}

impl Platform {
    fn new(seed: u64) -> Platform {
        Platform(Arc::new(Mutex::new(State {
            random: fastrand::Rng::with_seed(seed),
            weather: Weather::Foul,
            held: BTreeMap::new(),
        })))
    }

    fn server(&self) -> Server {
        let platform = self.clone();
        Server::judge(move |request| platform.0.lock().unwrap().answer(request))
    }

    fn held(&self) -> BTreeMap<String, String> {
        self.0.lock().unwrap().held.clone()
    }

    fn clear_up(&self) {
        self.0.lock().unwrap().weather = Weather::Fair;
    }
}

impl State {
    fn answer(&mut self, request: &Request) -> Answer {
        let (takes, answer) = match (self.weather, self.random.u8(0..8)) {
            (Weather::Fair, _) | (_, 0..=3) => (true, Answer::yes()),
            (_, 4) => (true, Answer::cut_after_reading()),
            (_, 5) => (false, Answer::cut_after_reading()),
            (_, 6) => (false, Answer::no(500, "it broke")),
            (_, _) => (false, Answer::no(400, "not tonight")),
        };
        if takes {
            let names = request.contacts().into_iter().map(|c| name_of(&c));
            self.held.extend(request.numbers().into_iter().zip(names));
        }
        answer
    }
}

#[test]
fn whatever_the_nights_bring_the_platform_ends_up_with_the_file() {
    let seeds: Vec<u64> = (1..=12).collect();
    each(&seeds, |seed| {
        let mut random = fastrand::Rng::with_seed(*seed);
        let (platform, folder) = (Platform::new(*seed), Folder::new());
        let server = platform.server();
        for number in 1..=6 {
            if number == 5 {
                platform.clear_up();
            }
            let of_tonight: Vec<String> = (0..12).map(|_| form(&mut random)).collect();
            folder.write("contacts.csv", names(&of_tonight));
            let ran = night(&folder, &server, &["--batch-size", "3"]);
            check_a_night(&folder, &ran, &platform.held(), &of_tonight);
            assert!(number < 5 || ran.code == 0, "seed {seed}: {ran:#?}");
        }
        night(&folder, &server, &[]).assert("0: 12 read, 12 skipped");
    });
}

/// One of two names, so that a contact often gets one that it had before.
fn form(random: &mut fastrand::Rng) -> String {
    (*random.choice(&["v1", "v1", "v2"]).unwrap()).to_owned()
}

/// The platform holds each contact as the file has it, except rejects and rows that were not read.
fn check_a_night(
    folder: &Folder,
    ran: &RunResult,
    held: &BTreeMap<String, String>,
    of_tonight: &[String],
) {
    let rejects: String = ran.rejects().iter().map(|name| folder.read(name)).collect();
    let rejected: HashSet<&str> = rejects
        .lines()
        .filter_map(|line| line.split(',').nth(1))
        .collect();
    let read = usize::try_from(ran.count("read")).unwrap();
    for (index, name) in of_tonight.iter().enumerate().take(read) {
        let number = phone(index);
        if !rejected.contains(number.as_str()) {
            assert_eq!(held.get(&number), Some(name), "{number}: {ran:#?}");
        }
    }
}
