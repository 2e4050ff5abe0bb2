//! The list and the pages word for word, as users and scripts read them.

use serde_json::{Value, json};

use super::*;
use crate::report::run_summary::{ReasonSummary, RunSummary, SkippedBy};

/// 2026-11-22T09:30:00Z
const BEGAN: u64 = 1_795_339_800;

fn archive() -> RunSummary {
    let reason =
        |outcome: &str, code: &str, words: Option<&str>, rows: &[u64], count| ReasonSummary {
            outcome: outcome.to_owned(),
            code: code.to_owned(),
            words: words.map(ToOwned::to_owned),
            count,
            rows: rows.to_vec(),
            inputs: Vec::new(),
        };
    let (short, long) = ("phone too short for India", "phone too short for Nepal");
    RunSummary {
        exit_code: 3,
        complete: true,
        read: 3_412,
        accepted: 3_290,
        invalid: 37,
        refused: 2,
        unknown: 3,
        skipped_by: SkippedBy {
            duplicate: 79,
            filtered: 1,
            ..SkippedBy::default()
        },
        reasons: vec![
            reason("invalid", "phone_too_short", Some(short), &[19, 20, 31], 31),
            reason("invalid", "phone_too_short", Some(long), &[6], 1),
            reason(
                "invalid",
                "bad_email",
                Some("wrong e-mail"),
                &[32, 33, 34],
                5,
            ),
            reason("refused", "refused", None, &[77, 501], 2),
            reason("unknown", "no_answer", None, &[600, 601, 602], 3),
        ],
        warnings: 4,
        requests: 35,
        retries: 1,
        seconds: 41.2,
        rejects: vec!["customers.rejected.csv".to_owned()],
        next: Some(
            "mend customers.rejected.csv, then run: bp-import customers.rejected.csv --country IN"
                .to_owned(),
        ),
        ..RunSummary::default()
    }
}

fn end(archive: RunSummary) -> RunEnd {
    RunEnd {
        at: BEGAN + 41,
        archive: Some(archive),
    }
}

fn past(stage: RunStage) -> PastRun {
    PastRun {
        run: "2026-11-22T09-30-00Z-4f2a".to_owned(),
        began: Some(BEGAN),
        inputs: vec!["customers.csv".to_owned()],
        shard: None,
        account: AccountName {
            base_url: "https://api.v7.botpenguin.com".to_owned(),
            bot: None,
            label: "shop".to_owned(),
        },
        continues: None,
        followed_by: None,
        stage,
        recorded: RecordCounts {
            sent: 1_200,
            accepted: 1_190,
            refused: 2,
            unknown: 8,
        },
        same_command: SameCommand::Resumes,
    }
}

fn killed() -> PastRun {
    PastRun {
        run: "2026-11-22T09-31-00Z-9c01".to_owned(),
        began: Some(BEGAN + 60),
        inputs: vec!["a.csv".to_owned(), "b.csv".to_owned(), "c.csv".to_owned()],
        shard: "2/4".parse().ok(),
        account: AccountName {
            base_url: "http://127.0.0.1:8080/api".to_owned(),
            bot: Some("65f0".to_owned()),
            label: String::new(),
        },
        ..past(RunStage::Killed)
    }
}

fn unreadable() -> PastRun {
    PastRun {
        began: None,
        inputs: Vec::new(),
        recorded: RecordCounts::default(),
        run: "2026-11-22T09-32-00Z-77aa".to_owned(),
        ..past(RunStage::Unreadable)
    }
}

fn parsed(past: &PastRun) -> Value {
    let line = line(past).unwrap();
    assert!(!line.contains('\n'), "{line}");
    serde_json::from_str(&line).unwrap()
}

#[test]
fn the_list_has_a_line_for_each_run_in_columns() {
    let clean = RunSummary {
        accepted: 7,
        read: 7,
        seconds: 0.31,
        ..RunSummary::default()
    };
    let runs = [
        past(RunStage::Finished(end(archive()))),
        past(RunStage::Finished(end(clean))),
        killed(),
        past(RunStage::Running),
        unreadable(),
    ];
    assert_eq!(
        list(&runs.iter().collect::<Vec<_>>()),
        "\
began (UTC)         took  run                        inputs                              account                       outcome                     accepted
2026-11-22 09:30  41.2 s  2026-11-22T09-30-00Z-4f2a  customers.csv                       api.v7.botpenguin.com (shop)  finished, 42 not delivered     3,290 of 3,412 read, 80 skipped
2026-11-22 09:30  0.31 s  2026-11-22T09-30-00Z-4f2a  customers.csv                       api.v7.botpenguin.com (shop)  finished                           7 of     7 read
2026-11-22 09:31          2026-11-22T09-31-00Z-9c01  a.csv … c.csv (3 files), shard 2/4  127.0.0.1:8080                killed                         1,190 of 1,200 sent, 2 refused, 8 unknown
2026-11-22 09:30          2026-11-22T09-30-00Z-4f2a  customers.csv                       api.v7.botpenguin.com (shop)  running                        1,190 of 1,200 sent, 2 refused, 8 under way
                          2026-11-22T09-32-00Z-77aa                                      api.v7.botpenguin.com (shop)  unreadable
"
    );
    assert_eq!(list(&[]), "");
}

#[test]
fn the_page_of_a_run_says_what_its_summary_said() {
    let run = PastRun {
        continues: Some("2026-11-21T09-30-00Z-1b2c".to_owned()),
        ..past(RunStage::Finished(end(archive())))
    };
    assert_eq!(
        page(&run),
        "\
run          2026-11-22T09-30-00Z-4f2a
began        2026-11-22 09:30:00 UTC
ended        2026-11-22 09:30:41 UTC, after 41.2 s
inputs       customers.csv
account      api.v7.botpenguin.com (shop)
continues    2026-11-21T09-30-00Z-1b2c
outcome      finished, 42 not delivered (exit code 3)
rejects      customers.rejected.csv
3,412 read
3,290 accepted
   37 invalid    31 phone too short for India (rows 19, 20, 31, …), 1 phone too short for Nepal (row 6), 5 wrong e-mail (rows 32, 33, 34, …)
    2 refused    2 the platform said no (rows 77, 501)
    3 unknown    3 sent, no answer came (rows 600, 601, 602)
   80 skipped    79 repeated an earlier row, 1 left out by --only or --except
35 requests, 1 retry, 4 warnings
next: mend customers.rejected.csv, then run: bp-import customers.rejected.csv --country IN
"
    );
}

#[test]
fn the_page_of_a_killed_run_says_what_was_recorded_and_that_it_can_go_on() {
    assert_eq!(
        page(&killed()),
        "\
run          2026-11-22T09-31-00Z-9c01
began        2026-11-22 09:31:00 UTC
inputs       a.csv … c.csv (3 files)
shard        2/4
account      127.0.0.1:8080, bot 65f0
outcome      killed
1,200 sent
1,190 accepted
    2 refused
    8 unknown    nothing was recorded of an answer; sending again is safe
next: run the same command again: it goes on with this run
"
    );
}

#[test]
fn the_page_of_a_run_that_cannot_be_read_says_so() {
    assert_eq!(
        page(&unreadable()),
        "\
run          2026-11-22T09-32-00Z-77aa
account      api.v7.botpenguin.com (shop)
outcome      unreadable
what this run wrote is damaged, or a newer bp-import wrote it
"
    );
}

#[test]
fn a_killed_run_that_is_too_old_or_was_followed_promises_nothing() {
    let old = PastRun {
        same_command: SameCommand::StartsOver,
        ..killed()
    };
    assert!(page(&old).ends_with("next: run the same command again: it sends everything\n"));
    let followed = PastRun {
        followed_by: Some("later".to_owned()),
        ..killed()
    };
    let page = page(&followed);
    assert!(page.contains("\nfollowed by  later\n"), "{page}");
    assert!(!page.contains("next:"), "{page}");
    assert_eq!(parsed(&followed)["next"], Value::Null);
}

#[test]
fn the_outcome_is_a_word_or_two() {
    let outcome = |stopped: Option<&str>, exit_code, invalid| {
        let archive = RunSummary {
            stopped: stopped.map(ToOwned::to_owned),
            exit_code,
            invalid,
            ..RunSummary::default()
        };
        past(RunStage::Unfinished(end(archive))).outcome()
    };
    for (stopped, exit_code, words) in [
        (None, 3, "not finished, 3 not delivered"),
        (Some("input"), 4, "stopped: input not readable"),
        (Some("unreachable"), 6, "stopped: unreachable"),
        (Some("denied"), 5, "denied"),
        (Some("wrong_address"), 6, "stopped: wrong address"),
        (Some("all_refused"), 6, "stopped: everything refused"),
        (Some("max_errors"), 6, "stopped by --max-errors"),
        (Some("limit"), 0, "stopped by --limit"),
        (Some("interrupted"), 130, "interrupted"),
        (Some("interrupted"), 143, "terminated"),
        (Some("output"), 7, "stopped: could not write"),
        (Some("of_a_later_version"), 6, "stopped: of a later version"),
    ] {
        assert_eq!(outcome(stopped, exit_code, 3), words);
    }
    assert_eq!(outcome(None, 0, 0), "not finished");
}

#[test]
fn a_run_whose_archive_cannot_be_read_is_shown_by_its_records() {
    let end = RunEnd {
        at: BEGAN + 90,
        archive: None,
    };
    let run = past(RunStage::Finished(end));
    let page = page(&run);
    assert!(page.contains("after 1 min 30 s\n"), "{page}");
    assert!(
        page.contains("outcome      finished\n1,200 sent\n1,190 accepted\n"),
        "{page}"
    );
    let line = parsed(&run);
    assert_eq!(
        (&line["accepted"], &line["read"]),
        (&json!(1_190), &Value::Null)
    );
    assert_eq!(line["seconds"], 90.0);
}

#[test]
fn rows_of_several_inputs_are_told_apart() {
    let mut archive = archive();
    archive.reasons[3].inputs = vec![0, 1];
    let run = PastRun {
        inputs: vec!["a.csv".to_owned(), "b.csv".to_owned()],
        ..past(RunStage::Finished(end(archive)))
    };
    let page = page(&run);
    assert!(
        page.contains("said no (a.csv row 77, b.csv row 501)"),
        "{page}"
    );
}

#[test]
fn the_json_line_has_the_fields_of_the_summary_and_the_state_of_the_run() {
    let run = PastRun {
        shard: "2/4".parse().ok(),
        ..past(RunStage::Finished(end(archive())))
    };
    let line = parsed(&run);
    let expected = json!({
        "event": "run", "schema": 1, "run": "2026-11-22T09-30-00Z-4f2a", "state": "finished",
        "began": "2026-11-22T09:30:00Z", "ended": "2026-11-22T09:30:41Z",
        "inputs": ["customers.csv"], "shard": "2/4", "account": "shop",
        "resumes": null, "followed_by": null,
        "exit_code": 3, "complete": true, "stopped": null, "dry_run": false, "sent": 1_200,
        "read": 3_412, "accepted": 3_290, "would_send": 0, "invalid": 37, "refused": 2, "skipped": 80,
        "unknown": 3, "unsent": 0,
        "skipped_by": {"duplicate": 79, "unchanged": 0, "resumed": 0, "filtered": 1, "other_shard": 0,
            "opted_out": 0, "hidden": 0, "suppressed": 0},
        "unanswered": 0, "opted_out": 0, "hidden_rows": 0,
        "warnings": 4,
        "reasons": [
            {"outcome": "invalid", "code": "phone_too_short", "count": 32, "rows": [6, 19, 20]},
            {"outcome": "invalid", "code": "bad_email", "count": 5, "rows": [32, 33, 34]},
            {"outcome": "refused", "code": "refused", "count": 2, "rows": [77, 501]},
            {"outcome": "unknown", "code": "no_answer", "count": 3, "rows": [600, 601, 602]},
        ],
        "requests": 35, "retries": 1, "seconds": 41.2,
        "base_url": "https://api.v7.botpenguin.com", "profile": null, "bot_id": null,
        "rejects": ["customers.rejected.csv"],
        "next": "mend customers.rejected.csv, then run: bp-import customers.rejected.csv --country IN",
    });
    assert_eq!(line, expected);
}

#[test]
fn every_field_of_the_summary_is_one_of_a_past_run_but_a_servers_words() {
    use crate::report::summary::tests::ended;
    let summary = serde_json::to_value(RunSummary::of(&ended([]))).unwrap();
    let run = parsed(&killed());
    let missing: Vec<&String> = summary
        .as_object()
        .unwrap()
        .keys()
        .filter(|field| run.get(field.as_str()).is_none())
        .collect();
    assert_eq!(missing, ["message"]);
}

#[test]
fn a_killed_run_has_null_where_it_could_say_nothing() {
    let line = parsed(&killed());
    for (field, expected) in [
        ("state", json!("killed")),
        ("ended", Value::Null),
        ("exit_code", Value::Null),
        ("read", Value::Null),
        ("skipped_by", Value::Null),
        ("sent", json!(1_200)),
        ("accepted", json!(1_190)),
        ("refused", json!(2)),
        ("unknown", json!(8)),
        ("bot_id", json!("65f0")),
        ("seconds", Value::Null),
    ] {
        assert_eq!(line[field], expected, "{field}");
    }
    let line = parsed(&unreadable());
    for field in ["began", "sent", "accepted", "unknown"] {
        assert_eq!(line[field], Value::Null, "{field}");
    }
}

#[test]
fn what_strangers_named_reaches_no_terminal_as_it_is() {
    let run = PastRun {
        run: "\u{1b}[2J".to_owned(),
        inputs: vec!["\u{1b}]0;a\u{7}".to_owned()],
        account: AccountName {
            base_url: "http://h\u{202e}".to_owned(),
            bot: Some("\u{1b}".to_owned()),
            label: "\r".to_owned(),
        },
        continues: Some("\n".to_owned()),
        ..past(RunStage::Finished(end(RunSummary {
            stopped: Some("\u{1b}".to_owned()),
            next: Some("\u{1b}".to_owned()),
            rejects: vec!["\u{1b}".to_owned()],
            reasons: vec![ReasonSummary {
                outcome: "invalid".to_owned(),
                words: Some("\u{1b}".to_owned()),
                count: 1,
                ..ReasonSummary::default()
            }],
            invalid: 1,
            ..RunSummary::default()
        })))
    };
    for text in [list(&[&run]), page(&run)] {
        let unsafe_ = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!text.contains(unsafe_), "{text:?}");
    }
    assert_eq!(list(&[&run]).lines().count(), 2);
}
