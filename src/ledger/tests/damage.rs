//! Ledgers that were cut, damaged, or written by a later version.

use super::*;
use Completion::Finished;
use LedgerMark::{Accepted, Refused, Sent};

const FRAME: usize = 37;

/// The marks of the run that is cut and damaged.
const MARKS: [(LedgerMark, u64, u64); 8] = [
    (Sent, 0, 1),
    (Sent, 1, 1),
    (Accepted, 0, 1),
    (Refused, 1, 1),
    (Sent, 2, 2),
    (Sent, 3, 0),
    (Accepted, 2, 2),
    (Sent, 5, 0),
];

/// A finished run that had everything accepted in form 0, and then one that is killed.
fn machine() -> Machine {
    let machine = Machine::new();
    let sent = (0..PHONES).map(|phone| (Sent, phone, 0));
    let accepted = (0..PHONES).map(|phone| (Accepted, phone, 0));
    let marks: Vec<_> = sent.chain(accepted).collect();
    machine.run("old", &marks, Some(Finished));
    machine.run("new", &MARKS, None);
    machine
}

/// What the memory is to say after this many marks of the second run.
fn truth(marks: usize) -> BTreeMap<u64, u64> {
    let mut truth: BTreeMap<u64, u64> = (0..PHONES).map(|phone| (phone, 0)).collect();
    for (mark, phone, form) in &MARKS[..marks] {
        match mark {
            Accepted => truth.insert(*phone, *form),
            Sent | Refused => truth.remove(phone),
        };
    }
    truth
}

fn resumed(machine: &Machine) -> Vec<(u64, u64)> {
    let resumed = KnownContacts::load(&machine.account, Some("new")).unwrap();
    let all = (0..PHONES).flat_map(|phone| (0..FORMS).map(move |form| (phone, form)));
    all.filter(|(phone, form)| resumed.is_resumed(&machine.contact(*phone, *form)))
        .collect()
}

fn accepted_among(marks: usize) -> Vec<(u64, u64)> {
    MARKS[..marks]
        .iter()
        .filter(|(mark, ..)| *mark == Accepted)
        .map(|(_, phone, form)| (*phone, *form))
        .collect()
}

#[test]
fn a_ledger_cut_at_any_byte_says_what_was_before_the_cut() {
    let machine = machine();
    let path = machine.segment_of("new");
    let whole = fs::read(&path).unwrap();
    let header = whole.len() - MARKS.len() * FRAME;
    for length in 0..=whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        match length.checked_sub(header) {
            Some(entries) => {
                assert_eq!(machine.accepted(), truth(entries / FRAME), "at {length}");
                assert_eq!(
                    resumed(&machine),
                    accepted_among(entries / FRAME),
                    "at {length}"
                );
            }
            // Without its header it is unknown what it held.
            None => assert!(machine.accepted().is_empty(), "at {length}"),
        }
        assert_eq!(runs(&machine.account).unwrap().len(), 2);
    }
}

#[test]
fn an_addition_after_a_torn_one_is_read() {
    for torn in 1..FRAME {
        let machine = Machine::new();
        let add = |form| {
            let mut additions = AdditionRecorder::open(&machine.account).unwrap();
            additions.record(Sent, &machine.contact(0, form)).unwrap();
            additions
                .record(Accepted, &machine.contact(0, form))
                .unwrap();
        };
        add(1);
        let path = machine.segment_of("add");
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend_from_within(bytes.len() - torn..);
        fs::write(&path, bytes).unwrap();
        assert!(machine.is_accepted(0, 1));
        add(2);
        assert!(machine.is_accepted(0, 2));
        assert_eq!(machine.files(".add.seg").len(), 1);
    }
}

#[test]
fn an_ending_cut_at_any_byte_makes_the_run_unfinished() {
    let machine = Machine::new();
    machine.run("r", &[(Sent, 0, 1), (Accepted, 0, 1)], Some(Finished));
    let path = machine.segment_of("r");
    let whole = fs::read(&path).unwrap();
    let end = whole.len() - serde_json::to_vec(&ending(Finished)).unwrap().len() - FRAME;
    for length in end..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        assert!(machine.is_accepted(0, 1));
        let found = last_unfinished(&machine.account, &inputs("a.csv"), None, NOW).unwrap();
        assert_eq!(found.unwrap().counts.accepted, 1);
    }
}

#[test]
fn a_flipped_bit_never_makes_anything_accepted() {
    let machine = machine();
    let path = machine.segment_of("new");
    let whole = fs::read(&path).unwrap();
    let full = truth(MARKS.len());
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        fs::write(&path, &bytes).unwrap();
        match KnownContacts::load(&machine.account, None) {
            Ok(_) => {
                let said = machine.accepted();
                let wrong = said
                    .iter()
                    .find(|(phone, form)| full.get(phone) != Some(form));
                assert!(wrong.is_none(), "at {at}: {said:?}");
                let before = resumed(&machine);
                assert!(
                    before
                        .iter()
                        .all(|it| accepted_among(MARKS.len()).contains(it))
                );
            }
            Err(error) => assert!(matches!(error, LedgerError::Newer { .. }), "{error}"),
        }
    }
}

#[test]
fn after_damage_a_full_run_sets_things_right() {
    let machine = machine();
    let path = machine.segment_of("new");
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.len() - 3 * FRAME;
    bytes[at] ^= 1;
    fs::write(&path, bytes).unwrap();
    assert!(machine.accepted().is_empty());
    machine.run("next", &[(Sent, 4, 1), (Accepted, 4, 1)], Some(Finished));
    assert_eq!(machine.accepted(), BTreeMap::from([(4, 1)]));
    compact_if_worth(&machine.account, 0, NOW).unwrap();
    assert_eq!(machine.accepted(), BTreeMap::from([(4, 1)]));
}

#[test]
fn damage_beside_a_living_run_makes_what_that_accepts_doubtful() {
    let machine = Machine::new();
    let mut damaged = machine.begin(start("damaged", "a.csv"));
    let mut beside = machine.begin(start("beside", "b.csv"));
    machine.record(&mut damaged, Sent, 0, 1);
    machine.record(&mut beside, Sent, 0, 2);
    machine.record(&mut beside, Accepted, 0, 2);
    let path = machine.segment_of("damaged");
    drop(damaged);
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, bytes).unwrap();
    assert!(machine.accepted().is_empty());
    // Its name is gone after this, its effect is not.
    assert_eq!(compact_if_worth(&machine.account, 0, NOW * 2).unwrap(), 1);
    assert!(machine.accepted().is_empty());
}

#[test]
fn a_damaged_compaction_never_makes_anything_accepted() {
    let machine = machine();
    assert_eq!(compact_if_worth(&machine.account, 0, NOW * 2).unwrap(), 2);
    let path = machine.account.directory().join("compacted.led");
    let whole = fs::read(&path).unwrap();
    let full = truth(MARKS.len());
    assert_eq!(machine.accepted(), full);
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (at % 8);
        for bytes in [&flipped[..], &whole[..at]] {
            fs::write(&path, bytes).unwrap();
            match KnownContacts::load(&machine.account, None) {
                Ok(_) => assert!(machine.accepted().is_empty(), "at {at}"),
                Err(error) => assert!(matches!(error, LedgerError::Newer { .. }), "{error}"),
            }
        }
    }
}

#[test]
fn a_ledger_of_a_newer_version_is_refused_in_words_and_left_alone() {
    let machine = machine();
    let path = machine.segment_of("new");
    let mut bytes = fs::read(&path).unwrap();
    bytes[8] = 2;
    fs::write(&path, &bytes).unwrap();
    let words = KnownContacts::load(&machine.account, None)
        .unwrap_err()
        .to_string();
    assert!(
        words.contains("was written by a newer bp-import"),
        "{words}"
    );
    assert!(KnownContacts::load(&machine.account, Some("new")).is_err());
    assert!(last_unfinished(&machine.account, &inputs("a.csv"), None, NOW).is_err());
    assert!(compact_if_worth(&machine.account, 0, NOW).is_err());
    assert_eq!(machine.files(".seg").len(), 2);
    let states: Vec<_> = runs(&machine.account)
        .unwrap()
        .iter()
        .map(|run| run.state)
        .collect();
    assert_eq!(states, [RunState::Finished, RunState::Unreadable]);
}

#[test]
fn an_account_of_a_newer_version_is_refused_and_a_damaged_one_named() {
    let machine = Machine::new();
    let path = machine.account.directory().join("account.json");
    fs::write(&path, "{\"version\":2,\"seed\":[1]}").unwrap();
    let error = AccountLedger::open(machine.state.path(), &owner()).unwrap_err();
    assert!(matches!(error, LedgerError::Newer { .. }), "{error}");
    fs::write(&path, "{\"version\":1").unwrap();
    let error = AccountLedger::open(machine.state.path(), &owner()).unwrap_err();
    assert!(matches!(error, LedgerError::Damaged { .. }), "{error}");
}

#[test]
fn records_without_their_salt_are_damage_and_not_a_new_account() {
    let machine = Machine::new();
    machine.run(
        "r",
        &[(Sent, 1, 0), (Accepted, 1, 0)],
        Some(Completion::Finished),
    );
    fs::remove_file(machine.account.directory().join("account.json")).unwrap();
    let state = machine.state.path();
    for answer in [
        AccountLedger::open(state, &owner()).map(drop),
        AccountLedger::find(state, &owner()).map(drop),
    ] {
        assert!(
            matches!(answer, Err(LedgerError::Damaged { .. })),
            "{answer:?}"
        );
    }
}
