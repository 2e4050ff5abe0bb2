//! What reaches the ledger of a run, and what never does.

use proptest::prelude::*;

use super::*;
use crate::event::{Event, Halt};
use crate::outcome::{Code, Skip};
use crate::record::DraftRecord;
use crate::report::ended_run::EndedRun;
use crate::report::summary::tests::{accepted, ended, failures, repeated, requests, skipped};
use crate::text::shell_word;
use crate::verdict::ServerWords;

/// What a server quotes, and what `--only` is compared with.
const PERSON: &str = "Asha Rao <asha.rao@example.com> +91 98765 43210";

fn stopped() -> EndedRun {
    let mut events = vec![accepted(5)];
    let short = "phone too short for India";
    events.extend(failures(
        Outcome::Invalid,
        Code::PhoneTooShort,
        short,
        6..10,
    ));
    events.extend(failures(Outcome::Refused, Code::Refused, PERSON, [77]));
    events.extend(failures(Outcome::Unknown, Code::NoAnswer, PERSON, [80]));
    events.extend(repeated(2));
    events.extend(skipped(1, Skip::Filtered));
    events.push(Event::ServerWarned(ServerWords::new(format!(
        "{PERSON} was merged"
    ))));
    events.extend(requests(3, 1));
    EndedRun {
        halts: vec![Halt::AllRefused(ServerWords::new(format!(
            "\"{PERSON} is taken\""
        )))],
        rejects: vec!["customers.rejected.csv".into()],
        next: Some(format!(
            "run: bp-import a.csv --only \"E mail={PERSON}\" --except \"Full name={PERSON}\""
        )),
        exit_code: 6,
        ..ended(events)
    }
}

fn archive() -> RunSummary {
    let ended = stopped();
    archived(&RunSummary::of(&ended), &ended.tally)
}

#[test]
fn what_was_archived_is_read_back() {
    let kept = archive();
    assert_eq!(RunSummary::from_json(&kept.to_json()), Some(kept.clone()));
    assert_eq!((kept.read, kept.accepted, kept.missing()), (14, 5, 6));
    assert_eq!(kept.skipped_by.total(), 3);
    assert_eq!(kept.stopped.as_deref(), Some("all_refused"));
    assert_eq!((kept.requests, kept.retries, kept.seconds), (3, 1, 41.2));
    let read = [kept.accepted, kept.missing(), kept.skipped_by.total()];
    assert_eq!(kept.read, read.iter().sum::<u64>());
}

#[test]
fn no_name_phone_or_e_mail_is_archived() {
    let printed = RunSummary::of(&stopped()).to_json();
    let archived = archive().to_json();
    for of_a_person in ["Asha", "Rao", "asha.rao", "example.com", "98765", "43210"] {
        assert!(printed.contains(of_a_person), "{printed}");
        assert!(!archived.contains(of_a_person), "{archived}");
    }
}

#[test]
fn the_archive_has_the_fields_of_the_json_line() {
    let keys = |summary: &RunSummary| -> Vec<String> {
        let value = serde_json::to_value(summary).unwrap();
        value.as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(keys(&archive()), keys(&RunSummary::of(&stopped())));
}

#[test]
fn what_a_version_before_this_shape_archived_is_read() {
    let before = r#"{"schema":1,"exit_code":3,"complete":true,"stopped":null,"read":9,"accepted":5,"invalid":2,
        "refused":1,"unknown":0,"unsent":0,"skipped_by":{"duplicate":1},"reasons":[
        {"outcome":"invalid","code":"no_phone","words":"no phone","count":2,"rows":[{"input":0,"row":6},{"input":1,"row":7}]},
        {"outcome":"refused","code":"refused","words":null,"count":1,"rows":[{"input":0,"row":8}]}]}"#;
    let archive = RunSummary::from_json(before).unwrap();
    assert_eq!((archive.read, archive.missing()), (9, 3));
    let [ours, theirs] = archive.reasons.as_slice() else {
        panic!("{:?}", archive.reasons);
    };
    let places = |reason: &ReasonSummary| -> Vec<_> {
        let places = reason.places().into_iter();
        places.map(|place| (place.input.0, place.row)).collect()
    };
    assert_eq!(ours.words.as_deref(), Some("no phone"));
    assert_eq!(
        (places(ours), places(theirs)),
        (vec![(0, 6), (1, 7)], vec![(0, 8)])
    );
    assert_eq!(
        RunSummary::from_json(&archive.to_json()),
        Some(archive.clone())
    );
}

#[test]
fn rows_of_a_second_input_are_archived_with_their_input() {
    let mut events = failures(Outcome::Refused, Code::Refused, "no", [7, 8]);
    if let Event::Failed(failure) = &mut events[1] {
        failure.record = DraftRecord::of_input(1, &failure.record);
    }
    let ended = ended(events);
    let archive = archived(&RunSummary::of(&ended), &ended.tally);
    assert_eq!(
        (&archive.reasons[0].rows, &archive.reasons[0].inputs),
        (&vec![7, 8], &vec![0, 1])
    );
}

#[test]
fn reasons_of_ours_keep_their_words_and_those_of_others_their_count_and_rows() {
    let told: Vec<_> = archive()
        .reasons
        .into_iter()
        .map(|reason| {
            let rows: Vec<u64> = reason.rows.clone();
            (reason.code, reason.words, reason.count, rows)
        })
        .collect();
    let short = Some("phone too short for India".to_owned());
    assert_eq!(
        told,
        [
            ("phone_too_short".to_owned(), short, 4, vec![6, 7, 8]),
            ("refused".to_owned(), None, 1, vec![77]),
            ("no_answer".to_owned(), None, 1, vec![80]),
        ]
    );
}

#[test]
fn what_another_version_kept_is_read_as_far_as_it_is_known() {
    let newer = r#"{"schema":9,"accepted":7,"mood":"fine","skipped_by":{"tired":1,"resumed":2}}"#;
    let kept = RunSummary::from_json(newer).unwrap();
    assert_eq!((kept.accepted, kept.read), (7, 0));
    assert_eq!(kept.skipped_by.resumed, 2);
    for foreign in ["", "text", "7", r#"{"accepted":"many"}"#] {
        assert_eq!(RunSummary::from_json(foreign), None, "{foreign}");
    }
}

#[test]
#[cfg_attr(windows, ignore = "it is about a POSIX shell")]
fn a_next_step_keeps_which_column_is_compared_and_not_with_what() {
    for (next, kept) in [
        ("run: bp-import a.csv", "run: bp-import a.csv"),
        (
            "run: bp-import a.csv --only Town=Pune --tag vip",
            "run: bp-import a.csv --only Town=… --tag vip",
        ),
        (
            r"mend it's.csv, then run: bp-import 'it'\''s.csv' --except 'Full name=Asha O'\''Rao' --only=-x=1",
            r"mend it's.csv, then run: bp-import 'it'\''s.csv' --except 'Full name=…' --only=-x=…",
        ),
        ("bp-import --only-once a=b", "bp-import --only-once a=b"),
    ] {
        assert_eq!(without_values(next), kept);
    }
}

proptest! {
    #[test]
    fn no_value_that_rows_are_compared_with_is_kept(
        file in "[a-z' ]{1,8}", name in "[A-Z' =]{1,8}", value in "[0-9@' ]{0,12}",
    ) {
        let word = shell_word(&format!("{name}={value}7@7"));
        let next = format!("run: bp-import {} --only {word} --tag vip", shell_word(&file));
        prop_assert!(!without_values(&next).contains(['7', '@']), "{}", without_values(&next));
    }
}
