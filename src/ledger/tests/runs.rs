//! Past runs, and what the next one resumes.

use super::super::catalogue::SegmentHeader;
use super::super::entry::{self, LedgerEntry};
use super::super::run_facts::RunCounts;
use super::super::segment::{self, OpenedSegment};
use super::*;
use Completion::{Finished, Unfinished};
use LedgerMark::{Accepted, Refused, Sent};

const DAY: u64 = 24 * 60 * 60;

fn last(machine: &Machine, input: &str, now: u64) -> Option<String> {
    let found = last_unfinished(&machine.account, &inputs(input), None, now).unwrap();
    found.map(|facts| facts.start.name)
}

#[test]
fn history_has_the_state_of_each_run() {
    let machine = Machine::new();
    let marks = [
        (Sent, 0, 0),
        (Sent, 1, 0),
        (Sent, 2, 0),
        (Accepted, 0, 0),
        (Refused, 1, 0),
    ];
    machine.run("r", &marks, Some(Finished));
    machine.run("r", &marks, Some(Unfinished));
    machine.run("r", &marks, None);
    let living = machine.begin(start("r", "a.csv"));
    let found = runs(&machine.account).unwrap();
    let told: Vec<_> = found
        .iter()
        .map(|run| (run.start.name.as_str(), run.state))
        .collect();
    let expected = [
        ("r", RunState::Finished),
        ("r-2", RunState::Unfinished),
        ("r-3", RunState::Unfinished),
        ("r-4", RunState::Running),
    ];
    assert_eq!(told, expected);
    assert_eq!(living.name(), "r-4");
    assert_eq!(found[0].start, start("r", "a.csv"));
    assert_eq!(found[0].ending, Some(ending(Finished)));
    assert_eq!(found[2].ending, None);
    assert_eq!(
        found[2].counts,
        RunCounts {
            sent: 3,
            accepted: 1,
            refused: 1
        }
    );
    assert_eq!(found[2].counts.unknown(), 1);
    assert_eq!(
        (machine.account.bot(), machine.account.label()),
        ("65f0c0ffee", "main account")
    );
    assert_eq!(machine.account.base_url(), "https://api.example.com");
}

#[test]
fn only_the_last_run_of_the_same_inputs_and_shard_is_gone_on_with() {
    let machine = Machine::new();
    assert_eq!(last(&machine, "a.csv", NOW), None);
    machine.run("killed", &[], None);
    assert_eq!(last(&machine, "a.csv", NOW).as_deref(), Some("killed"));
    assert_eq!(last(&machine, "b.csv", NOW), None);
    let part: Shard = "1/2".parse().unwrap();
    let of_part =
        |now| last_unfinished(&machine.account, &inputs("a.csv"), Some(part), now).unwrap();
    assert!(of_part(NOW).is_none());
    drop(machine.begin(RunStart {
        shard: Some(part),
        ..start("part", "a.csv")
    }));
    assert_eq!(of_part(NOW).unwrap().start.name, "part");
    assert_eq!(last(&machine, "a.csv", NOW).as_deref(), Some("killed"));
    machine.run("halted", &[], Some(Unfinished));
    assert_eq!(last(&machine, "a.csv", NOW).as_deref(), Some("halted"));
    machine.run("through", &[], Some(Finished));
    assert_eq!(last(&machine, "a.csv", NOW), None);
}

#[test]
fn a_run_is_gone_on_with_for_seven_days_and_never_while_it_lives() {
    let machine = Machine::new();
    let living = machine.begin(start("r", "a.csv"));
    assert_eq!(last(&machine, "a.csv", NOW), None);
    drop(living);
    assert!(
        last(&machine, "a.csv", NOW - 5).is_some(),
        "the clock may be set back"
    );
    assert!(last(&machine, "a.csv", NOW + 7 * DAY).is_some());
    assert!(last(&machine, "a.csv", NOW + 7 * DAY + 1).is_none());
}

#[test]
fn a_run_that_was_killed_twice_has_the_acceptances_of_all_its_parts() {
    let machine = Machine::new();
    machine.run("other", &[(Sent, 5, 0), (Accepted, 5, 0)], None);
    machine.run("one", &[(Sent, 0, 1), (Accepted, 0, 1), (Sent, 1, 1)], None);
    for (name, continues, phone) in [("two", "one", 1), ("three", "two", 2)] {
        let continues = Some(continues.to_owned());
        let mut run = machine.begin(RunStart {
            continues,
            ..start(name, "a.csv")
        });
        machine.record(&mut run, Sent, phone, 1);
        machine.record(&mut run, Accepted, phone, 1);
    }
    let accepted_by = |run: &str| -> Vec<u64> {
        let resumed = KnownContacts::load(&machine.account, Some(run)).unwrap();
        assert!((0..PHONES).all(|phone| !resumed.is_resumed(&machine.contact(phone, 2))));
        (0..PHONES)
            .filter(|phone| resumed.is_resumed(&machine.contact(*phone, 1)))
            .collect()
    };
    assert_eq!(accepted_by("three"), [0, 1, 2]);
    assert_eq!(accepted_by("two"), [0, 1]);
    assert_eq!(accepted_by("one"), [0]);
    assert!(accepted_by("none").is_empty());
}

#[test]
fn what_is_recorded_is_there_for_others_at_once() {
    let machine = Machine::new();
    let mut run = machine.begin(start("r", "a.csv"));
    let contacts: Vec<_> = (0..PHONES).map(|phone| machine.contact(phone, 1)).collect();
    run.record(Sent, &contacts).unwrap();
    assert!(machine.accepted().is_empty());
    run.record(Accepted, &contacts).unwrap();
    assert_eq!(machine.accepted().len(), contacts.len());
}

type Marks = &'static [(LedgerMark, u64, u64)];

#[test]
fn a_form_that_was_sent_after_an_accepted_one_reopens_it() {
    let cases: &[(&str, Marks, Option<u64>)] = &[
        ("accepted", &[(Sent, 0, 1), (Accepted, 0, 1)], Some(1)),
        (
            "another was lost in flight after it",
            &[(Sent, 0, 1), (Accepted, 0, 1), (Sent, 0, 2)],
            None,
        ),
        (
            "another was accepted after it",
            &[
                (Sent, 0, 1),
                (Accepted, 0, 1),
                (Sent, 0, 2),
                (Accepted, 0, 2),
            ],
            Some(2),
        ),
        (
            "accepted again after that",
            &[
                (Sent, 0, 1),
                (Accepted, 0, 1),
                (Sent, 0, 2),
                (Sent, 0, 1),
                (Accepted, 0, 1),
            ],
            Some(1),
        ),
        ("refused", &[(Sent, 0, 1), (Refused, 0, 1)], None),
    ];
    for (case, marks, expected) in cases {
        let machine = Machine::new();
        let last = killed_after_each(&machine, marks);
        let resumed = KnownContacts::load(&machine.account, Some(&last)).unwrap();
        let held = (0..FORMS).find(|form| resumed.is_resumed(&machine.contact(0, *form)));
        assert_eq!(held, *expected, "{case}");
        assert_eq!(resumed.resumed(), usize::from(expected.is_some()), "{case}");
    }
}

/// One run in as many parts as contacts are sent, each killed after what became of its own. The last part's name.
fn killed_after_each(machine: &Machine, marks: Marks) -> String {
    let mut continues: Option<String> = None;
    for (part, marks) in marks.chunk_by(|_, next| next.0 != Sent).enumerate() {
        let name = format!("part-{part}");
        let mut run = machine.begin(RunStart {
            continues: continues.replace(name.clone()),
            ..start(&name, "a.csv")
        });
        for (mark, phone, form) in marks {
            machine.record(&mut run, *mark, *phone, *form);
        }
    }
    continues.unwrap()
}

#[test]
fn what_any_other_run_sent_since_is_not_resumed() {
    let machine = Machine::new();
    machine.run(
        "part",
        &[
            (Sent, 0, 1),
            (Accepted, 0, 1),
            (Sent, 1, 1),
            (Accepted, 1, 1),
        ],
        None,
    );
    let resumed = || {
        let memory = KnownContacts::load(&machine.account, Some("part")).unwrap();
        let is_resumed = |phone: &u64| memory.is_resumed(&machine.contact(*phone, 1));
        (0..PHONES).filter(is_resumed).collect::<Vec<_>>()
    };
    assert_eq!(resumed(), [0, 1]);
    // The same form again overtakes nothing.
    machine.run("whole", &[(Sent, 0, 1), (Accepted, 0, 1)], Some(Finished));
    assert_eq!(resumed(), [0, 1]);
    machine.run("whole", &[(Sent, 0, 2), (Accepted, 0, 2)], Some(Finished));
    assert_eq!(resumed(), [1]);
    let mut added = AdditionRecorder::open(&machine.account).unwrap();
    added.record(Sent, &machine.contact(1, 2)).unwrap();
    assert!(resumed().is_empty());
}

#[test]
fn what_other_runs_had_accepted_is_not_resumed_either() {
    let machine = Machine::new();
    machine.run("whole", &[(Sent, 0, 1), (Accepted, 0, 1)], Some(Finished));
    machine.run("part", &[(Sent, 1, 1), (Accepted, 1, 1)], None);
    let memory = KnownContacts::load(&machine.account, Some("part")).unwrap();
    assert!(
        !memory.is_resumed(&machine.contact(0, 1)),
        "a new run sends everything"
    );
    assert!(memory.is_resumed(&machine.contact(1, 1)));
    assert_eq!(memory.resumed(), 1);
}

#[test]
fn of_a_run_that_the_power_ended_only_its_own_word_counts() {
    let machine = Machine::new();
    machine.run(
        "old",
        &[
            (Sent, 0, 1),
            (Accepted, 0, 1),
            (Sent, 1, 1),
            (Accepted, 1, 1),
        ],
        Some(Finished),
    );
    machine.run("cut", &[(Sent, 1, 2), (Accepted, 1, 2)], None);
    assert_eq!(machine.accepted(), [(0, 1), (1, 2)].into());
    rename_boot(&machine.segment_of("cut"));
    // Its last records may be gone, with another form of contact 0.
    assert_eq!(machine.accepted(), [(1, 2)].into());
    let memory = KnownContacts::load(&machine.account, Some("cut")).unwrap();
    assert!(memory.is_resumed(&machine.contact(1, 2)));
    machine.run("new", &[(Sent, 0, 1), (Accepted, 0, 1)], Some(Finished));
    assert_eq!(machine.accepted(), [(0, 1), (1, 2)].into());
}

/// Makes a segment one of another start of the system.
fn rename_boot(path: &Path) {
    let OpenedSegment {
        seal: old,
        mut header,
        begins,
        ..
    } = segment::open::<SegmentHeader>(path).unwrap().unwrap();
    header.boot = Some("of yesterday".to_owned());
    let (mut whole, seal) = segment::header_bytes(&header).unwrap();
    let bytes = fs::read(path).unwrap();
    let (entries, _) = bytes[usize::try_from(begins).unwrap()..].as_chunks::<{ entry::SIZE }>();
    for entry in entries {
        LedgerEntry::read(old, entry)
            .unwrap()
            .write(seal, &mut whole);
    }
    fs::write(path, whole).unwrap();
}
