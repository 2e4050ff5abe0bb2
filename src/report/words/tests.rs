//! What each end of a run says, word for word.

use super::*;
use crate::event::SharedError;
use crate::verdict::{ServerWords, StatusLine};

fn platform() -> Destination {
    Destination::Platform {
        base_url: "https://api.example".to_owned(),
        host: "api.example".to_owned(),
        token_from: "login".to_owned(),
    }
}

fn busy() -> DeliveryFault {
    let line = StatusLine {
        status: 503,
        phrase: "Service Unavailable",
    };
    DeliveryFault::Status(line, None)
}

fn error(words: &str) -> SharedError {
    SharedError::new(std::io::Error::other(words.to_owned()))
}

fn said(ended: &Halt) -> String {
    halt(ended, &platform(), Auth::Key).unwrap()
}

#[test]
fn who_does_not_take_the_token_and_what_else_it_may_be() {
    let denied = Halt::Denied(ServerWords::new("jwt expired"));
    assert_eq!(
        said(&denied),
        "api.example does not take the token from login (it says \"jwt expired\"): \
         making a new token kills the old one, and one copied from the browser needs --auth session"
    );
    let sandbox = Destination::Sandbox {
        base_url: String::new(),
    };
    assert_eq!(
        halt(&denied, &sandbox, Auth::Session).unwrap(),
        "the sandbox does not take the token (it says \"jwt expired\"): \
         making a new token kills the old one, and an access token made under API Tokens needs --auth key"
    );
}

#[test]
fn an_api_that_is_not_there_or_accepts_no_contact_is_named() {
    for (why, expected) in [
        (Unreachable::AtOnce(busy()), "503 Service Unavailable"),
        (
            Unreachable::BudgetSpent(busy()),
            "503 Service Unavailable, for longer than --retry-for allows",
        ),
        (
            Unreachable::AskedTooLong(busy(), Duration::from_secs(600)),
            "503 Service Unavailable, and asks to wait 10 min, longer than --retry-for",
        ),
        (
            Unreachable::NoResources,
            "the system gives no resources for network connections",
        ),
    ] {
        let expected = format!("no way through to api.example: {expected}");
        assert_eq!(said(&Halt::Unreachable(why)), expected);
    }
    let page = Stranger {
        line: StatusLine {
            status: 200,
            phrase: "OK",
        },
        sent: Some(StrangeAnswer::WebPage),
    };
    assert_eq!(
        said(&Halt::WrongAddress(page)),
        "api.example does not answer like the BotPenguin API (200 OK, but with a web page): check --base-url"
    );
    assert_eq!(
        said(&Halt::AllRefused(ServerWords::new("plan limit of #"))),
        "api.example refuses every contact: \"plan limit of #\"; nothing more was sent"
    );
}

#[test]
fn a_fault_of_this_machine_is_reported_in_its_own_words() {
    for (halt, expected) in [
        (
            Halt::Input(InputFault::Broken("a.csv".to_owned(), error("is gone"))),
            "a.csv: is gone",
        ),
        (
            Halt::Input(InputFault::Unprepared(error("a.csv: is empty"))),
            "a.csv: is empty",
        ),
        (
            Halt::Output(OutputFault::Unwritable(error("no room"))),
            "no room",
        ),
        (Halt::Locked(LockFault::Ledger(error("held"))), "held"),
    ] {
        assert_eq!(said(&halt), expected);
    }
}

#[test]
fn errors_beyond_the_limit_are_counted() {
    for (allowed, expected) in [
        (MaxErrors::Count(1_000), "1,000"),
        (MaxErrors::Share(0.05), "5%"),
    ] {
        let errors = TooManyErrors {
            errors: 1_001,
            settled: 12_000,
            allowed,
        };
        assert_eq!(
            said(&Halt::MaxErrors(errors)),
            format!(
                "1,001 of 12,000 rows are invalid, refused or unknown: more than --max-errors {expected} allows"
            )
        );
    }
}

#[test]
fn another_run_is_named_by_its_process_and_its_beginning() {
    let holder = Some(LockHolder {
        pid: 7,
        since: 1_795_339_845,
    });
    let held = "another run of this import is at work (pid 7, since 2026-11-22 09:30 UTC)";
    let minute = Duration::from_secs(60);
    let locked = |holder, waited| said(&Halt::Locked(LockFault::Run(holder, waited)));
    assert_eq!(
        locked(holder, Duration::ZERO),
        format!("{held}: wait for its end, or pass --wait 10m")
    );
    assert_eq!(
        locked(holder, minute),
        format!("{held}, and was so for 1 min")
    );
    assert_eq!(at_work(holder), held);
    assert_eq!(
        locked(None, Duration::ZERO),
        "another run of this import is at work: wait for its end, or pass --wait 10m"
    );
}
