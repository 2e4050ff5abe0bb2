//! Killed at any moment and run again to the end: nothing is lost, and nothing is repeated but what was in flight.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use bp_import::units::counted;

use crate::loopback::Sandbox;
use crate::remembered::{Remembered, last_counts};
use crate::run::{Fate, Folder, RunResult, Running, each, phones, until};
use crate::server::{Answer, Server};

const KILLS: usize = 100;
const CONTACTS: usize = 1_500;
const BATCH: usize = 20;
/// An import is killed so often at the most before it may come to its end.
const KILLS_OF_AN_IMPORT: usize = 9;

/// When a run is killed.
enum Moment {
    /// So long after its start, whatever it does by then.
    Early(Duration),
    /// Once this many more bytes were stored, and a little later.
    Sending { more: u64, later: Duration },
}

impl Moment {
    fn by_lot(random: &mut fastrand::Rng) -> Moment {
        if random.u8(0..4) == 0 {
            Moment::Early(Duration::from_micros(random.u64(0..120_000)))
        } else {
            Moment::Sending {
                more: random.u64(0..15_000),
                later: Duration::from_micros(random.u64(0..10_000)),
            }
        }
    }
}

/// One import that is killed again and again.
struct Import {
    sandbox: Sandbox,
    folder: Folder,
    senders: usize,
    /// Contacts whose answer had not been recorded when a run was killed.
    in_flight: u64,
}

impl Import {
    fn new(senders: usize) -> Import {
        Import {
            sandbox: Sandbox::start("latency:4ms"),
            folder: Folder::with_contacts(CONTACTS),
            senders,
            in_flight: 0,
        }
    }

    fn start(&self) -> Running {
        let (batch, senders) = (BATCH.to_string(), self.senders.to_string());
        let arguments = [
            "contacts.csv",
            "--json",
            "--base-url",
            self.sandbox.url(),
            "--batch-size",
            &batch,
            "--concurrency",
            &senders,
        ];
        self.folder.bp(arguments).start()
    }

    /// How many contacts the next run is to skip.
    fn to_skip(&self) -> usize {
        let ledger = Remembered::of(&self.folder);
        let unfinished = ledger.and_then(|ledger| ledger.unfinished(&self.folder, "contacts.csv"));
        unfinished.map_or(0, |(_, accepted)| accepted)
    }

    /// Kills this many runs, and lets the next one end. Returns how many were killed before one ended by itself.
    fn suffer(mut self, kills: usize, random: &mut fastrand::Rng) -> usize {
        for killed in 0..kills {
            let (to_skip, runs) = (self.to_skip(), self.runs());
            match self.kill(&Moment::by_lot(random)) {
                Fate::Ended(ran) => {
                    self.check_the_end(ran, to_skip);
                    return killed;
                }
                Fate::Killed { stderr } => self.look(&stderr, to_skip, runs),
            }
        }
        let to_skip = self.to_skip();
        let ran = self.start().end();
        self.check_the_end(ran, to_skip);
        kills
    }

    fn runs(&self) -> usize {
        Remembered::of(&self.folder).map_or(0, |ledger| ledger.runs().len())
    }

    fn kill(&self, moment: &Moment) -> Fate {
        let stored = self.sandbox.weight();
        let mut running = self.start();
        match moment {
            Moment::Early(time) => thread::sleep(*time),
            Moment::Sending { more, later } => {
                let is_time = || self.sandbox.weight() > stored + more || running.has_ended();
                until(is_time, || "nothing is stored".to_owned());
                thread::sleep(*later);
            }
        }
        running.kill()
    }

    /// Looks at what a killed run left behind.
    fn look(&mut self, stderr: &str, to_skip: usize, runs: usize) {
        if stderr.contains("going on with") {
            let words = match to_skip {
                0 => "nothing of it was accepted".to_owned(),
                _ => format!("{} it had accepted", counted(to_skip as u64, "contact")),
            };
            assert!(stderr.contains(&words), "no {words:?} in {stderr}");
        }
        assert!(to_skip <= self.to_skip(), "an acceptance was forgotten");
        if self.runs() > runs {
            let open = last_counts(&self.folder).unknown();
            let most = (BATCH * self.senders) as u64;
            assert!(open <= most, "{open} in flight with {most} at the most");
            self.in_flight += open;
        }
    }

    fn check_the_end(&self, ran: RunResult, to_skip: usize) {
        let accepted = CONTACTS - to_skip;
        let account = match to_skip {
            0 => format!("0: {CONTACTS} read, {accepted} accepted"),
            _ => format!("0: {CONTACTS} read, {accepted} accepted, {to_skip} skipped"),
        };
        let summary = ran.assert(&account).summary();
        assert_eq!(summary["skipped_by"]["resumed"], to_skip, "{summary}");
        let numbers = self.sandbox.numbers();
        let repeats = (numbers.len() - CONTACTS) as u64;
        assert!(
            repeats <= self.in_flight,
            "{repeats} repeats of {} that were in flight",
            self.in_flight
        );
        let union: BTreeSet<String> = numbers.into_iter().collect();
        assert_eq!(union, phones(CONTACTS).into_iter().collect());
        assert_eq!(self.to_skip(), 0, "a run that finished is gone on with");
    }
}

#[test]
fn a_hundred_kills_lose_nothing_and_repeat_only_what_was_in_flight() {
    let senders = [1, 2, 3, 4];
    each(&senders, |senders| {
        let mut random = fastrand::Rng::with_seed(*senders as u64);
        let (mut left, mut imports) = (KILLS / 4, 0);
        while left > 0 {
            let kills = random.usize(1..=KILLS_OF_AN_IMPORT).min(left);
            left -= Import::new(*senders).suffer(kills, &mut random);
            imports += 1;
            assert!(imports < KILLS, "runs end before they can be killed");
        }
    });
}

#[test]
#[cfg_attr(windows, ignore = "no signal reaches another process there")]
fn a_second_ctrl_c_while_requests_hang_is_as_safe_as_a_kill() {
    let hanging = [Answer::stalled(), Answer::stalled()];
    let taken = [Answer::yes(), Answer::yes(), Answer::yes()];
    let server = Server::script(taken.into_iter().chain(hanging).chain([Answer::yes()]));
    let folder = Folder::with_contacts(200);
    let url = server.url();
    let arguments = [
        "contacts.csv",
        "--json",
        "--base-url",
        &url,
        "--batch-size",
        "20",
        "--concurrency",
        "2",
    ];
    let running = folder.bp(arguments).start();
    server.wait_for(5);
    until(
        || last_counts(&folder).accepted == 60,
        || format!("{:?}", last_counts(&folder)),
    );
    running.signal("INT");
    running.wait_for_stderr("a second signal leaves at once");
    running.signal("INT");
    let signalled = Instant::now();
    let ran = running.end();
    assert_eq!((ran.code, ran.stdout.as_str()), (130, ""), "{ran:#?}");
    // The requests hang for longer.
    assert!(signalled.elapsed() < Duration::from_secs(10), "{ran:#?}");

    let ran = folder.bp(arguments).run();
    let ran = ran.assert("0: 200 read, 140 accepted, 60 skipped");
    assert_eq!(ran.summary()["skipped_by"]["resumed"], 60);
    let numbers = server.numbers();
    assert_eq!(numbers.len(), 240, "only what was in flight is repeated");
    let union: BTreeSet<String> = numbers.into_iter().collect();
    assert_eq!(union, phones(200).into_iter().collect());
}
