//! Ledgers that were cut, damaged, or written by a later version.

use super::*;
use Completion::Finished;
use Mark::{Accepted, Refused, Sent};

const FRAME: usize = 37;

/// The marks of the run that is cut and damaged.
const MARKS: [(Mark, u64, u64); 8] = [
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
fn desk() -> Desk {
    let desk = Desk::new();
    let sent = (0..PHONES).map(|phone| (Sent, phone, 0));
    let accepted = (0..PHONES).map(|phone| (Accepted, phone, 0));
    let marks: Vec<_> = sent.chain(accepted).collect();
    desk.run("old", &marks, Some(Finished));
    desk.run("new", &MARKS, None);
    desk
}

/// What the memory is to say after so many marks of the second run.
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

fn resumed(desk: &Desk) -> Vec<(u64, u64)> {
    let resumed = Memory::load(&desk.account, Some("new")).unwrap();
    let all = (0..PHONES).flat_map(|phone| (0..FORMS).map(move |form| (phone, form)));
    all.filter(|(phone, form)| resumed.is_resumed(&desk.contact(*phone, *form)))
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
fn a_ledger_cut_at_any_byte_says_what_stood_before_the_cut() {
    let desk = desk();
    let path = desk.segment_of("new");
    let whole = fs::read(&path).unwrap();
    let header = whole.len() - MARKS.len() * FRAME;
    for length in 0..=whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        match length.checked_sub(header) {
            Some(frames) => {
                assert_eq!(desk.accepted(), truth(frames / FRAME), "at {length}");
                assert_eq!(
                    resumed(&desk),
                    accepted_among(frames / FRAME),
                    "at {length}"
                );
            }
            // Without its header nobody knows what it held.
            None => assert!(desk.accepted().is_empty(), "at {length}"),
        }
        assert_eq!(runs(&desk.account).unwrap().len(), 2);
    }
}

#[test]
fn an_addition_after_a_torn_one_is_read() {
    for torn in 1..FRAME {
        let desk = Desk::new();
        let add = |form| {
            let mut additions = Additions::open(&desk.account).unwrap();
            additions.record(Sent, &desk.contact(0, form)).unwrap();
            additions.record(Accepted, &desk.contact(0, form)).unwrap();
        };
        add(1);
        let path = desk.segment_of("add");
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend_from_within(bytes.len() - torn..);
        fs::write(&path, bytes).unwrap();
        assert!(desk.is_accepted(0, 1));
        add(2);
        assert!(desk.is_accepted(0, 2));
        assert_eq!(desk.files(".add.seg").len(), 1);
    }
}

#[test]
fn an_ending_cut_at_any_byte_makes_the_run_unfinished() {
    let desk = Desk::new();
    desk.run("r", &[(Sent, 0, 1), (Accepted, 0, 1)], Some(Finished));
    let path = desk.segment_of("r");
    let whole = fs::read(&path).unwrap();
    let end = whole.len() - serde_json::to_vec(&ending(Finished)).unwrap().len() - FRAME;
    for length in end..whole.len() {
        fs::write(&path, &whole[..length]).unwrap();
        assert!(desk.is_accepted(0, 1));
        let found = last_unfinished(&desk.account, &inputs("a.csv"), None, NOW).unwrap();
        assert_eq!(found.unwrap().counts.accepted, 1);
    }
}

#[test]
fn a_flipped_bit_never_makes_anything_accepted() {
    let desk = desk();
    let path = desk.segment_of("new");
    let whole = fs::read(&path).unwrap();
    let full = truth(MARKS.len());
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        fs::write(&path, &bytes).unwrap();
        match Memory::load(&desk.account, None) {
            Ok(_) => {
                let said = desk.accepted();
                let wrong = said
                    .iter()
                    .find(|(phone, form)| full.get(phone) != Some(form));
                assert!(wrong.is_none(), "at {at}: {said:?}");
                let before = resumed(&desk);
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
    let desk = desk();
    let path = desk.segment_of("new");
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.len() - 3 * FRAME;
    bytes[at] ^= 1;
    fs::write(&path, bytes).unwrap();
    assert!(desk.accepted().is_empty());
    desk.run("next", &[(Sent, 4, 1), (Accepted, 4, 1)], Some(Finished));
    assert_eq!(desk.accepted(), BTreeMap::from([(4, 1)]));
    compact_if_worth(&desk.account, 0, NOW).unwrap();
    assert_eq!(desk.accepted(), BTreeMap::from([(4, 1)]));
}

#[test]
fn damage_beside_a_living_run_makes_what_that_accepts_doubtful() {
    let desk = Desk::new();
    let mut damaged = desk.begin(start("damaged", "a.csv"));
    let mut beside = desk.begin(start("beside", "b.csv"));
    desk.record(&mut damaged, Sent, 0, 1);
    desk.record(&mut beside, Sent, 0, 2);
    desk.record(&mut beside, Accepted, 0, 2);
    let path = desk.segment_of("damaged");
    drop(damaged);
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, bytes).unwrap();
    assert!(desk.accepted().is_empty());
    // Its name is gone after this, its effect is not.
    assert_eq!(compact_if_worth(&desk.account, 0, NOW * 2).unwrap(), 1);
    assert!(desk.accepted().is_empty());
}

#[test]
fn a_damaged_compaction_never_makes_anything_accepted() {
    let desk = desk();
    assert_eq!(compact_if_worth(&desk.account, 0, NOW * 2).unwrap(), 2);
    let path = desk.account.directory().join("compacted.led");
    let whole = fs::read(&path).unwrap();
    let full = truth(MARKS.len());
    assert_eq!(desk.accepted(), full);
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (at % 8);
        for bytes in [&flipped[..], &whole[..at]] {
            fs::write(&path, bytes).unwrap();
            match Memory::load(&desk.account, None) {
                Ok(_) => assert!(desk.accepted().is_empty(), "at {at}"),
                Err(error) => assert!(matches!(error, LedgerError::Newer { .. }), "{error}"),
            }
        }
    }
}

#[test]
fn a_ledger_of_a_newer_version_is_refused_in_words_and_left_alone() {
    let desk = desk();
    let path = desk.segment_of("new");
    let mut bytes = fs::read(&path).unwrap();
    bytes[8] = 2;
    fs::write(&path, &bytes).unwrap();
    let words = Memory::load(&desk.account, None).unwrap_err().to_string();
    assert!(
        words.contains("was written by a newer bp-import"),
        "{words}"
    );
    assert!(Memory::load(&desk.account, Some("new")).is_err());
    assert!(last_unfinished(&desk.account, &inputs("a.csv"), None, NOW).is_err());
    assert!(compact_if_worth(&desk.account, 0, NOW).is_err());
    assert_eq!(desk.files(".seg").len(), 2);
    let states: Vec<_> = runs(&desk.account)
        .unwrap()
        .iter()
        .map(|run| run.state)
        .collect();
    assert_eq!(states, [RunState::Finished, RunState::Unreadable]);
}

#[test]
fn an_account_of_a_newer_version_is_refused_and_a_damaged_one_named() {
    let desk = Desk::new();
    let path = desk.account.directory().join("account.json");
    fs::write(&path, "{\"version\":2,\"seed\":[1]}").unwrap();
    let error = Account::open(desk.state.path(), &owner()).unwrap_err();
    assert!(matches!(error, LedgerError::Newer { .. }), "{error}");
    fs::write(&path, "{\"version\":1").unwrap();
    let error = Account::open(desk.state.path(), &owner()).unwrap_err();
    assert!(matches!(error, LedgerError::Damaged { .. }), "{error}");
}
