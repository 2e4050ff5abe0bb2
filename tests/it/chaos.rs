//! Chaos: a server that fails at random in every way it can, and an import that must end with nothing lost.
//!
//! A seed makes a `script`, the `platform` plays it and keeps its own book of what it took and what it answered. The
//! delivery meets it `simulated`, under a clock that jumps; the `binary` meets it over TCP. In the end the platform's
//! book, not the client's word, says what is true.

mod binary;
mod platform;
mod script;
mod simulated;

use std::collections::BTreeSet;

use self::platform::{Book, Entry, Told};
use self::script::{Fault, Script};

/// What the client says became of the contacts.
#[derive(Debug, Default)]
struct Outcomes {
    accepted: BTreeSet<usize>,
    refused: BTreeSet<usize>,
    unknown: BTreeSet<usize>,
    unsent: BTreeSet<usize>,
}

impl Outcomes {
    fn len(&self) -> usize {
        let sets = [&self.accepted, &self.refused, &self.unknown, &self.unsent];
        sets.iter().map(|set| set.len()).sum()
    }
}

/// Everything acceptable is accepted, exactly the poisoned are not, and the platform's book bears it out.
fn check(script: &Script, book: &Book, outcomes: &Outcomes) {
    let seed = script.seed;
    assert_eq!(outcomes.refused, script.refused, "refused, seed {seed}");
    assert_eq!(
        outcomes.unknown,
        script.choked_on_for_ever(),
        "unknown, seed {seed}"
    );
    assert_eq!(outcomes.unsent, BTreeSet::new(), "unsent, seed {seed}");
    assert_eq!(
        outcomes.accepted,
        script.acceptable(),
        "accepted, seed {seed}"
    );
    for (contact, history) in book.histories(script.contacts).iter().enumerate() {
        let is_true = if outcomes.accepted.contains(&contact) {
            was_accepted(history, contact)
        } else if outcomes.refused.contains(&contact) {
            was_refused(history)
        } else {
            is_unknown(history)
        };
        assert!(is_true, "seed {seed}, contact {contact}: {history:#?}");
        assert!(
            is_repeated_for_a_reason(history, contact),
            "seed {seed}, contact {contact} was taken again: {history:#?}"
        );
    }
}

/// The platform took it, and answered yes exactly once, to the last request.
fn was_accepted(history: &[&Entry], contact: usize) -> bool {
    match history.split_last() {
        Some((last, before)) => {
            last.told == Told::Yes
                && last.taken.contains(&contact)
                && before.iter().all(|entry| entry.told != Told::Yes)
        }
        None => false,
    }
}

/// The last answer was a no to a request with this contact alone.
fn was_refused(history: &[&Entry]) -> bool {
    history
        .last()
        .is_some_and(|last| last.told == Told::No && last.contacts.len() == 1)
}

/// The answers do not tell: none was a yes, and at least one was unclear.
fn is_unknown(history: &[&Entry]) -> bool {
    history.iter().all(|entry| entry.told != Told::Yes)
        && history.iter().any(|entry| entry.told == Told::Unclear)
}

/// What the platform took twice it took behind an answer that was lost or unclear.
fn is_repeated_for_a_reason(history: &[&Entry], contact: usize) -> bool {
    let mut takings = history
        .iter()
        .rev()
        .filter(|entry| entry.taken.contains(&contact));
    takings.next();
    takings.all(|entry| entry.told == Told::Unclear)
}

/// Each fault and each answer must have happened at least this often, or the test proves nothing.
fn check_that_it_was_chaos(books: &[Book], faults: &[Fault], least: usize) {
    let count = |is_such: &dyn Fn(&Entry) -> bool| {
        let entries = books.iter().flat_map(|book| &book.entries);
        entries.filter(|entry| is_such(entry)).count()
    };
    for fault in faults {
        let met = count(&|entry| entry.fault == Some(*fault));
        assert!(met >= least, "{fault:?} only {met} times");
    }
    for told in Told::ALL {
        let met = count(&|entry| entry.told == told);
        assert!(met >= least, "{told:?} only {met} times");
    }
    let lost = count(&|entry| entry.told == Told::Unclear && !entry.taken.is_empty());
    assert!(lost >= least, "only {lost} answers lost on the way");
}
