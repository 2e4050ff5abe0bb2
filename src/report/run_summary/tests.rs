//! The JSON summary field by field: scripts rely on each.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::destination::Destination;
use super::super::summary::tests::{accepted, ended, failures, repeated, requests, unresolved};
use super::*;
use crate::batch::Item;
use crate::batch::tests::item;
use crate::event::{Event, Halt};

fn parsed(ended: &EndedRun) -> Value {
    let line = RunSummary::of(ended).to_json();
    assert!(!line.contains('\n'), "{line}");
    serde_json::from_str(&line).unwrap()
}

/// The run of the example that is promised.
fn promised() -> EndedRun {
    let mut events = vec![accepted(990)];
    events.extend(failures(
        Outcome::Invalid,
        Code::PhoneTooShort,
        "phone too short for India",
        [6, 19, 20, 31, 32, 33],
    ));
    events.extend(failures(Outcome::Refused, Code::Refused, "no", [7, 8]));
    events.extend(repeated(2));
    events.extend(requests(11, 1));
    EndedRun {
        elapsed: Duration::from_micros(2_410_400),
        rejects: vec!["contacts.rejected.csv".into()],
        exit_code: 3,
        ..ended(events)
    }
}

#[test]
fn the_summary_holds_every_field_that_is_promised() {
    let promised_fields = json!({
        "event": "summary", "schema": 1, "run": "2026-11-22T09-30-00Z-4f2a", "exit_code": 3,
        "complete": true, "stopped": null, "dry_run": false,
        "read": 1000, "accepted": 990, "would_send": 0, "invalid": 6, "refused": 2, "skipped": 2,
        "unknown": 0, "unsent": 0,
        "skipped_by": {"duplicate": 2, "unchanged": 0, "resumed": 0, "filtered": 0, "other_shard": 0,
            "opted_out": 0, "hidden": 0, "suppressed": 0},
        "unanswered": 0, "opted_out": 0, "hidden_rows": 0,
        "warnings": 0,
        "reasons": [
            {"outcome": "invalid", "code": "phone_too_short", "count": 6, "rows": [6, 19, 20]},
            {"outcome": "refused", "code": "refused", "count": 2, "rows": [7, 8]},
        ],
        "requests": 11, "retries": 1, "seconds": 2.41,
        "base_url": "https://api.v7.botpenguin.com", "profile": null, "bot_id": null,
        "rejects": ["contacts.rejected.csv"],
    });
    let summary = parsed(&promised());
    for (field, expected) in promised_fields.as_object().unwrap() {
        assert_eq!(summary.get(field), Some(expected), "{field}");
    }
}

#[test]
fn what_comes_first_is_what_it_is() {
    let line = RunSummary::of(&promised()).to_json();
    assert!(
        line.starts_with(r#"{"event":"summary","schema":1,"run":"#),
        "{line}"
    );
}

#[test]
fn a_stopped_run_says_which_way_and_why_by_the_first_fault() {
    let output = || Halt::unwritable(std::io::Error::other("the disk is full"));
    for (halt, stopped, message) in [
        (
            unresolved("x"),
            "unreachable",
            Some("no way through to api.v7.botpenguin.com: the name x does not resolve"),
        ),
        (output(), "output", Some("the disk is full")),
        (Halt::Limit, "limit", None),
        (Halt::Interrupted, "interrupted", None),
        (Halt::Terminated, "interrupted", None),
    ] {
        let ended = EndedRun {
            halts: vec![halt],
            complete: false,
            ..ended([])
        };
        let summary = parsed(&ended);
        assert_eq!(summary["stopped"], stopped);
        assert_eq!(summary["message"], json!(message), "{stopped}");
        assert_eq!(summary["complete"], false);
    }
    let ended = EndedRun {
        halts: vec![Halt::Interrupted, output()],
        ..ended([])
    };
    assert_eq!(parsed(&ended)["stopped"], "interrupted");
    assert_eq!(parsed(&ended)["message"], "the disk is full");
}

#[test]
fn a_dry_run_and_where_it_would_have_sent_are_in_it() {
    let ended = EndedRun {
        destination: Destination::Nowhere {
            base_url: "https://chat.shop.example/api".to_owned(),
        },
        bot_id: Some("b-7".to_owned()),
        ..ended([])
    };
    let summary = parsed(&ended);
    assert_eq!(summary["dry_run"], true);
    assert_eq!(summary["base_url"], "https://chat.shop.example/api");
    assert_eq!(summary["bot_id"], "b-7");
    assert_eq!(summary["rejects"], json!([]));
}

#[test]
fn the_counts_add_up_to_what_was_read() {
    let summary = parsed(&promised());
    let kinds = [
        "accepted",
        "would_send",
        "invalid",
        "refused",
        "skipped",
        "unknown",
        "unsent",
    ];
    let sum: u64 = kinds
        .iter()
        .map(|kind| summary[kind].as_u64().unwrap())
        .sum();
    assert_eq!(Some(sum), summary["read"].as_u64());
    let by = summary["skipped_by"].as_object().unwrap();
    let skipped: u64 = by.values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(Some(skipped), summary["skipped"].as_u64());
}

#[test]
fn strangers_text_cannot_break_the_line() {
    let ended = EndedRun {
        inputs: vec!["two\nlines\".csv".to_owned()],
        halts: vec![unresolved("a \"quoted\"\nword")],
        next: Some("bp-import 'two\nlines\".csv'".to_owned()),
        ..ended([])
    };
    let summary = parsed(&ended);
    assert_eq!(summary["inputs"][0], "two\nlines\".csv");
    let message = summary["message"].as_str().unwrap();
    assert!(message.contains("a \"quoted\"\nword"), "{message}");
}

#[test]
fn a_dry_run_counts_countries_tags_and_attributes_and_a_real_one_has_none() {
    let contact = |row: u64, tag: &str| Item {
        tags: vec![tag.to_owned()],
        attributes: vec!["city".to_owned()],
        ..item(row, 10)
    };
    let items = vec![contact(1, "vip"), contact(2, "vip"), contact(3, "new")];
    let dry = EndedRun {
        destination: Destination::Nowhere {
            base_url: String::new(),
        },
        ..ended([Event::WouldSend(items)])
    };
    let summary = parsed(&dry);
    assert_eq!(summary["countries"], json!({"": 3}));
    assert_eq!(summary["tags"], json!({"vip": 2, "new": 1}));
    assert_eq!(summary["attributes"], json!({"city": 3}));
    assert_eq!(parsed(&promised()).get("countries"), None);
}
