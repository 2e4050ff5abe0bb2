//! Conservation under random faults, with many seeds: each row has exactly one outcome, and it is true.

use std::collections::BTreeSet;

use crate::loopback::Sandbox;
use crate::run::{Folder, RunResult, each, phone, phones};

const CONTACTS: usize = 60;

/// The numbers in the rejects file with a word of ours: an outcome or a code.
pub fn rejected(folder: &Folder, ran: &RunResult, word: &str) -> BTreeSet<String> {
    let contents = ran.rejects().into_iter().map(|name| folder.read(&name));
    let lines =
        contents.flat_map(|content| content.lines().map(ToOwned::to_owned).collect::<Vec<_>>());
    let with = lines.filter(|line| line.contains(&format!(",{word},")));
    with.map(|line| line.split(',').nth(1).unwrap().to_owned())
        .collect()
}

/// Imports into a sandbox with these faults; checks that every outcome is true.
fn check(faults: &str, retry_for: &str) {
    let sandbox = Sandbox::start(faults);
    let folder = Folder::with_contacts(CONTACTS);
    let arguments = [
        "contacts.csv",
        "--json",
        "--base-url",
        sandbox.url(),
        "--batch-size",
        "7",
        "--retry-for",
        retry_for,
        "--timeout",
        "1s",
    ];
    let ran = folder.bp(arguments).run();
    let told = |what: &str| format!("{what} with {faults}: {ran:#?}");
    let [invalid, refused, unknown, unsent] =
        ["invalid", "refused", "unknown", "unsent"].map(|outcome| rejected(&folder, &ran, outcome));
    for (outcome, numbers) in [
        ("invalid", &invalid),
        ("refused", &refused),
        ("unknown", &unknown),
        ("unsent", &unsent),
    ] {
        assert_eq!(
            ran.count(outcome),
            numbers.len() as u64,
            "{}",
            told(outcome)
        );
    }
    let read: BTreeSet<_> = phones(usize::try_from(ran.count("read")).unwrap())
        .into_iter()
        .collect();
    let failed: BTreeSet<_> = [&refused, &unknown, &unsent]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let accepted: BTreeSet<_> = read.difference(&failed).cloned().collect();
    assert_eq!(
        ran.count("accepted"),
        accepted.len() as u64,
        "{}",
        told("accepted")
    );
    let stored: BTreeSet<_> = sandbox.numbers().into_iter().collect();
    assert!(
        accepted.is_subset(&stored),
        "{}",
        told("accepted but not stored")
    );
    assert!(unsent.is_disjoint(&stored), "{}", told("unsent but stored"));
    assert!(
        refused.is_disjoint(&stored),
        "{}",
        told("refused but stored")
    );
    assert!(stored.is_subset(&read), "{}", told("stored but not read"));
    // A random 413 makes the platform refuse contacts that are fine.
    let too_large = rejected(&folder, &ran, "too_large");
    let named: BTreeSet<_> = refused.difference(&too_large).cloned().collect();
    let to_refuse = [phone(11), phone(40)].into();
    assert!(named.is_subset(&to_refuse), "{}", told("refused"));
    if ran.summary()["complete"] == true
        && unknown.is_empty()
        && unsent.is_empty()
        && too_large.is_empty()
    {
        assert_eq!(named, to_refuse, "{}", told("refused"));
    }
}

#[test]
fn every_outcome_is_true_whatever_happens() {
    let seeds: Vec<_> = (1..=30).collect();
    for few in seeds.chunks(6) {
        each(few, |seed| {
            let faults = format!(
                "503:0.08:0s,429:0.05:0s,500:0.08,reset:0.08,lost:0.08,half:0.08,slow:0.1:20ms,reject:{},reject:{},seed:{seed}",
                phone(11),
                phone(40)
            );
            check(&faults, "1500ms");
        });
    }
}

#[test]
fn every_outcome_is_true_when_the_platform_all_but_fails() {
    let cases = [
        "503:0.6:0s",
        "lost:0.6",
        "reset:0.6",
        "half:0.5,500:0.3",
        "garbage:0.2",
        "denied:4",
        "slow:0.4:1500ms",
        "500:0.9",
        "429:1:0s",
        "lost:1",
        "poison:+9198765000*",
        "404:0.2",
        "413:0.3",
    ];
    let faults: Vec<_> = cases
        .iter()
        .map(|faults| format!("{faults},reject:{},reject:{}", phone(11), phone(40)))
        .collect();
    for few in faults.chunks(7) {
        each(few, |faults| check(faults, "1s"));
    }
}
