//! The binary against the platform over TCP, in real time.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use super::platform::{Book, Conduct, Platform};
use super::script::{Fault, Script};
use super::{Outcomes, check, check_that_it_was_chaos};
use crate::random_faults::rejected;
use crate::run::{Folder, RunResult, each, phone};
use crate::server::{Answer, Request, Server};

const SEEDS: u64 = 12;
/// What a server over TCP can do.
const FAULTS: [Fault; 7] = [
    Fault::Busy,
    Fault::TooMany,
    Fault::Error,
    Fault::CutBefore,
    Fault::CutAfter,
    Fault::Half,
    Fault::Stall,
];

#[test]
#[cfg_attr(
    windows,
    ignore = "many processes at once overrun their timeouts under Wine"
)]
fn the_binary_too_has_everything_acceptable_accepted_and_exactly_the_poisoned_refused() {
    let books = Mutex::new(Vec::new());
    let seeds: Vec<u64> = (0..SEEDS).collect();
    each(&seeds, |seed| {
        let book = survive(*seed);
        books.lock().unwrap().push(book);
    });
    check_that_it_was_chaos(&books.into_inner().unwrap(), &FAULTS, 1);
}

/// One run; checks what came of it.
fn survive(seed: u64) -> Book {
    let script = Arc::new(Script::brief(seed, &FAULTS));
    let platform = Platform::new(&script);
    let serving = platform.clone();
    let server = Server::judge(move |request| {
        let (conduct, _) = serving.receive(contacts_in(request), request.body.len());
        answer(conduct)
    });
    let folder = Folder::with_contacts(script.contacts);
    let ran = import(&folder, &server, &script);
    let book = platform.book();
    let outcomes = outcomes(&folder, &ran, script.contacts);
    check(&script, &book, &outcomes);
    check_summary(&script, &book, &outcomes, &ran);
    book
}

/// Who is choked on for ever is asked until the budget ends: only then is it short.
fn import(folder: &Folder, server: &Server, script: &Script) -> RunResult {
    let retry_for = if script.choked_on_for_ever().is_empty() {
        "2m"
    } else {
        "12s"
    };
    let batch_size = script.batch_size.to_string();
    let url = server.url();
    let arguments = [
        "contacts.csv",
        "--json",
        "--base-url",
        &url,
        "--batch-size",
        &batch_size,
        "--retry-for",
        retry_for,
        "--timeout",
        "1s",
    ];
    folder.bp(arguments).run()
}

fn contacts_in(request: &Request) -> Vec<usize> {
    let number = |phone: String| phone[phone.len() - 5..].parse().unwrap();
    request.numbers().into_iter().map(number).collect()
}

fn answer(conduct: Conduct) -> Answer {
    match conduct {
        Conduct::Says(said) => {
            let answer = Answer::new(said.status, said.body);
            match said.retry_after {
                Some(seconds) => answer.header("Retry-After", seconds),
                None => answer,
            }
        }
        // The half of a no is as unclear as the half of a yes.
        Conduct::SaysHalf(_) => Answer::half(),
        Conduct::Cuts => Answer::cut_after_reading(),
        Conduct::Stalls => Answer::stalled(),
        Conduct::IsNotThere => unreachable!("a server that was called is there"),
    }
}

/// What the rejects file says; what is not in it is accepted.
fn outcomes(folder: &Folder, ran: &RunResult, contacts: usize) -> Outcomes {
    let [refused, unknown, unsent] = ["refused", "unknown", "unsent"].map(|outcome| {
        let phones = rejected(folder, ran, outcome);
        let is_one_of = |contact: &usize| phones.contains(&phone(*contact));
        (0..contacts).filter(is_one_of).collect::<BTreeSet<_>>()
    });
    let failed: BTreeSet<_> = &(&refused | &unknown) | &unsent;
    let accepted = (0..contacts).filter(|contact| !failed.contains(contact));
    Outcomes {
        accepted: accepted.collect(),
        refused,
        unknown,
        unsent,
    }
}

/// The summary counts what the rejects file and the platform's book say.
fn check_summary(script: &Script, book: &Book, outcomes: &Outcomes, ran: &RunResult) {
    let seed = script.seed;
    let summary = ran.summary();
    for (field, count) in [
        ("read", script.contacts),
        ("accepted", outcomes.accepted.len()),
        ("refused", outcomes.refused.len()),
        ("unknown", outcomes.unknown.len()),
        ("unsent", outcomes.unsent.len()),
        ("requests", book.entries.len()),
    ] {
        assert_eq!(
            ran.count(field),
            count as u64,
            "{field}, seed {seed}: {ran:#?}"
        );
    }
    let code = if outcomes.accepted.len() == script.contacts {
        0
    } else {
        3
    };
    assert_eq!(ran.code, code, "seed {seed}: {ran:#?}");
    assert_eq!(
        summary["stopped"],
        serde_json::Value::Null,
        "seed {seed}: {ran:#?}"
    );
    assert_eq!(summary["complete"], true, "seed {seed}: {ran:#?}");
}
