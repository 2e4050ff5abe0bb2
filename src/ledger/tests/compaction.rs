//! Compaction: less, and the same answers.

use super::super::compact::last_within;
use super::*;
use Completion::{Finished, Unfinished};
use LedgerMark::{Accepted, Sent};

const LATER: u64 = NOW + 8 * 24 * 60 * 60;

fn bytes_of(machine: &Machine) -> u64 {
    everything_below(machine.account.directory())
        .iter()
        .map(|path| path.metadata().unwrap())
        .filter(fs::Metadata::is_file)
        .map(|metadata| metadata.len())
        .sum()
}

/// Nights that each send everything in a form of their own.
fn nights(machine: &Machine, count: u64) {
    for night in 0..count {
        let form = night % FORMS;
        let sent = (0..PHONES).map(|phone| (Sent, phone, form));
        let accepted = (1..PHONES).map(|phone| (Accepted, phone, form));
        machine.run(
            "night",
            &sent.chain(accepted).collect::<Vec<_>>(),
            Some(Finished),
        );
    }
}

#[test]
fn what_is_superseded_goes_and_every_answer_stays() {
    let machine = Machine::new();
    nights(&machine, 20);
    let (answers, history, bytes) = (
        machine.accepted(),
        runs(&machine.account).unwrap(),
        bytes_of(&machine),
    );
    assert_eq!(answers.len(), 5);
    assert_eq!(compact_if_worth(&machine.account, 0, NOW).unwrap(), 20);
    assert_eq!(machine.accepted(), answers);
    assert_eq!(runs(&machine.account).unwrap(), history);
    assert!(machine.files(".seg").is_empty());
    assert!(machine.files(".lock").is_empty());
    assert!(bytes_of(&machine) < bytes);
    // Again, with nothing new, and with something new.
    assert_eq!(compact_if_worth(&machine.account, 0, NOW).unwrap(), 0);
    machine.run("night", &[(Sent, 1, 0)], Some(Finished));
    let answers = machine.accepted();
    assert_eq!(compact_if_worth(&machine.account, 0, NOW).unwrap(), 1);
    assert_eq!(machine.accepted(), answers);
    assert_eq!(runs(&machine.account).unwrap().len(), 21);
    assert_eq!(machine.begin(start("night", "a.csv")).name(), "night-22");
}

#[test]
fn a_compaction_waits_until_it_is_worth_it() {
    let machine = Machine::new();
    nights(&machine, 3);
    assert_eq!(
        compact_if_worth(&machine.account, 1_000_000, NOW).unwrap(),
        0
    );
    assert_eq!(machine.files(".seg").len(), 3);
    nights(&machine, 61);
    assert_eq!(
        compact_if_worth(&machine.account, 1_000_000, NOW).unwrap(),
        64
    );
}

#[test]
fn the_last_runs_are_remembered_as_far_as_there_is_room_for_them() {
    let machine = Machine::new();
    for count in 0..70 {
        machine.run(&format!("r{count}"), &[], Some(Finished));
    }
    compact_if_worth(&machine.account, 0, NOW).unwrap();
    let found = runs(&machine.account).unwrap();
    assert_eq!(found.len(), 70, "runs of a moment ago are not forgotten");
    assert_eq!(last_within(&found, 5, usize::MAX), 5);
    assert_eq!(last_within(&found, 100, usize::MAX), 70);
    let size = serde_json::to_vec(&found[69]).unwrap().len();
    assert_eq!(last_within(&found, 100, 3 * size), 3);
    assert_eq!(last_within(&found, 100, size - 1), 0);
}

#[test]
fn a_compaction_that_was_killed_at_any_step_changes_no_answer() {
    let machine = Machine::new();
    nights(&machine, 4);
    compact_if_worth(&machine.account, 0, NOW).unwrap();
    nights(&machine, 4);
    let (answers, history) = (machine.accepted(), runs(&machine.account).unwrap());
    let old: Vec<_> = machine
        .files(".seg")
        .into_iter()
        .map(|path| (fs::read(&path).unwrap(), path))
        .collect();
    // Before the new file is in its place.
    fs::write(machine.account.directory().join(".draft-x"), "bpled").unwrap();
    assert_eq!(machine.accepted(), answers);
    assert_eq!(compact_if_worth(&machine.account, 0, NOW).unwrap(), 4);
    assert!(!machine.account.directory().join(".draft-x").exists());
    // After it, with any of the old ones still there.
    for left in 0..1 << old.len() {
        for (at, (bytes, path)) in old.iter().enumerate() {
            if left & (1 << at) != 0 {
                fs::write(path, bytes).unwrap();
            }
        }
        assert_eq!(machine.accepted(), answers, "{left}");
        assert_eq!(runs(&machine.account).unwrap(), history);
        assert_eq!(compact_if_worth(&machine.account, 0, NOW).unwrap(), 0);
        assert!(machine.files(".seg").is_empty());
    }
}

#[test]
fn a_segment_that_is_being_written_is_never_touched() {
    let machine = Machine::new();
    nights(&machine, 2);
    let mut living = machine.begin(start("living", "b.csv"));
    machine.record(&mut living, Sent, 1, 2);
    nights(&machine, 2);
    let path = machine.segment_of("living");
    let (before, answers) = (fs::read(&path).unwrap(), machine.accepted());
    assert_eq!(compact_if_worth(&machine.account, 0, LATER).unwrap(), 2);
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(machine.accepted(), answers);
    machine.record(&mut living, Accepted, 1, 2);
    assert_eq!(fs::read(&path).unwrap().len(), before.len() + 37);
    living.end(&ending(Finished)).unwrap();
    let answers = machine.accepted();
    assert!(!answers.contains_key(&1), "two ran side by side");
    assert_eq!(compact_if_worth(&machine.account, 0, LATER).unwrap(), 3);
    assert_eq!(machine.accepted(), answers);
}

#[test]
fn what_a_compacted_run_had_in_doubt_still_contradicts_one_that_lives() {
    let machine = Machine::new();
    let mut early = machine.begin(start("early", "b.csv"));
    let mut living = machine.begin(start("living", "c.csv"));
    machine.record(&mut early, Sent, 0, 1);
    drop(early);
    machine.record(&mut living, Sent, 0, 2);
    machine.record(&mut living, Accepted, 0, 2);
    assert!(machine.accepted().is_empty());
    assert_eq!(compact_if_worth(&machine.account, 0, LATER).unwrap(), 1);
    assert!(machine.accepted().is_empty());
    drop(living);
    assert_eq!(compact_if_worth(&machine.account, 0, LATER).unwrap(), 1);
    assert!(machine.accepted().is_empty());
}

#[test]
fn a_run_that_may_be_resumed_keeps_its_acceptances() {
    let machine = Machine::new();
    nights(&machine, 1);
    machine.run("one", &[(Sent, 0, 1), (Accepted, 0, 1)], None);
    let continues = Some("one".to_owned());
    let mut two = machine.begin(RunStart {
        continues,
        ..start("two", "a.csv")
    });
    machine.record(&mut two, Sent, 1, 1);
    machine.record(&mut two, Accepted, 1, 1);
    two.end(&ending(Unfinished)).unwrap();
    let has_all = || {
        let resumed = KnownContacts::load(&machine.account, Some("two")).unwrap();
        resumed.is_resumed(&machine.contact(0, 1)) && resumed.is_resumed(&machine.contact(1, 1))
    };
    assert_eq!(compact_if_worth(&machine.account, 0, NOW).unwrap(), 1);
    assert!(has_all());
    let answers = machine.accepted();
    assert_eq!(compact_if_worth(&machine.account, 0, LATER).unwrap(), 2);
    assert_eq!(machine.accepted(), answers);
    assert!(!has_all());
    assert!(
        last_unfinished(&machine.account, &inputs("a.csv"), None, LATER)
            .unwrap()
            .is_none()
    );
}
