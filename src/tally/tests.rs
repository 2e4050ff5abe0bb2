//! Every event is counted once, and reasons are grouped.

use proptest::prelude::*;

use super::*;
use crate::batch::tests::{item, record};
use crate::contact::region::Region;
use crate::event::{DuplicateOf, Halt, InputFault, Wait, WaitScope};
use crate::outcome::Reason;
use crate::record::DraftRecord;
use crate::verdict::{DeliveryFault, ServerWords};

fn failure(row: u64, outcome: Outcome, code: Code, brief: &str) -> Event {
    Event::Failed(Box::new(Failure {
        record: record(row),
        outcome,
        reason: Reason::plain(code, brief),
        fault: None,
        fingerprint: None,
    }))
}

fn invalid(row: u64, brief: &str) -> Event {
    failure(row, Outcome::Invalid, Code::PhoneTooShort, brief)
}

fn warned(row: u64, brief: &str) -> Event {
    let warning = Warning {
        brief: brief.to_owned().into(),
        full: format!("{brief}, in full"),
    };
    Event::Warned(record(row).place, warning)
}

fn tally(events: impl IntoIterator<Item = Event>) -> Tally {
    let mut tally = Tally::default();
    events.into_iter().for_each(|event| tally.note(&event));
    tally
}

fn rows(group: &Group) -> Vec<u64> {
    group.places.iter().map(|place| place.row).collect()
}

/// Kind, words, count and rows of each group, as `by_count` orders them.
fn groups(tally: &Tally) -> Vec<(Code, String, u64, Vec<u64>)> {
    let shown = |((_, code), words, group): ((Outcome, Code), &str, &Group)| {
        (code, words.to_owned(), group.count, rows(group))
    };
    tally.reasons.by_count().into_iter().map(shown).collect()
}

#[test]
fn each_event_goes_into_its_own_count() {
    let place = record(1).place;
    let items = |count| (0..count).map(|row| item(row, 10)).collect();
    let wait = Wait {
        why: DeliveryFault::RequestLost,
        lasts: std::time::Duration::ZERO,
        who: WaitScope::OneBatch,
    };
    let tally = tally([
        Event::Accepted(items(3)),
        Event::WouldSend(items(2)),
        Event::Duplicate(place, DuplicateOf::Earlier(place)),
        Event::Duplicate(place, DuplicateOf::Earlier(place)),
        Event::Skipped(Skip::Filtered),
        Event::Skipped(Skip::Resumed),
        Event::Skipped(Skip::Unchanged),
        Event::Skipped(Skip::OtherShard),
        failure(1, Outcome::Invalid, Code::NoPhone, "a"),
        failure(2, Outcome::Refused, Code::Refused, "b"),
        failure(3, Outcome::Unknown, Code::NoAnswer, "c"),
        failure(4, Outcome::Unsent, Code::NotSent, "d"),
        warned(5, "odd"),
        Event::ServerWarned(ServerWords::new("tag was made")),
        Event::Requested,
        Event::Requested,
        Event::Retried,
        Event::Waiting(wait),
        Event::Capped(1_000),
        Event::BrokeOff(Halt::Input(InputFault::Changed("x".to_owned()))),
    ]);
    assert_eq!((tally.accepted, tally.would_send), (3, 2));
    assert_eq!(
        (tally.duplicate, tally.filtered, tally.skipped()),
        (2, 1, 6)
    );
    assert_eq!(
        (tally.resumed, tally.unchanged, tally.other_shard),
        (1, 1, 1)
    );
    assert_eq!(
        (tally.invalid, tally.refused, tally.unknown, tally.unsent),
        (1, 1, 1, 1)
    );
    assert_eq!((tally.warnings, tally.requests, tally.retries), (2, 2, 1));
    assert_eq!(tally.settled(), 3 + 2 + 6 + 4);
    assert_eq!(
        tally.errors(),
        3,
        "what was not sent is no error of a contact"
    );
    assert_eq!(groups(&tally).len(), 4);
}

#[test]
fn contacts_that_did_not_arrive_are_failures_and_those_left_out_are_none() {
    let place = record(1).place;
    for (event, expected) in [
        (Event::Accepted(vec![item(1, 10)]), false),
        (Event::WouldSend(vec![item(1, 10)]), false),
        (Event::Duplicate(place, DuplicateOf::Earlier(place)), false),
        (warned(1, "odd"), false),
        (failure(1, Outcome::Invalid, Code::NoPhone, "a"), true),
        (failure(1, Outcome::Refused, Code::Refused, "a"), true),
        (failure(1, Outcome::Unknown, Code::NoAnswer, "a"), true),
        (failure(1, Outcome::Unsent, Code::NotSent, "a"), true),
    ] {
        let shown = format!("{event:?}");
        assert_eq!(tally([event]).has_failures(), expected, "{shown}");
    }
}

#[test]
fn digits_are_masked_and_what_they_hide_is_one_group() {
    for (words, masked) in [
        ("row 12 of 40", "row # of #"),
        ("+4915112345678 is blacklisted", "+# is blacklisted"),
        ("4,000.5", "#,#.#"),
        ("no digits", "no digits"),
        ("٣٤ und ½", "# und #"),
        ("", ""),
        ("7", "#"),
    ] {
        assert_eq!(mask(words), masked);
    }
    let tally = tally([invalid(6, "7 digits of 10"), invalid(9, "6 digits of 10")]);
    let expected = (
        Code::PhoneTooShort,
        "# digits of #".to_owned(),
        2,
        vec![6, 9],
    );
    assert_eq!(groups(&tally), [expected]);
}

#[test]
fn the_most_frequent_reason_comes_first_and_of_equals_the_one_met_first() {
    let tally = tally(
        [(1, "rare"), (2, "often"), (3, "second rare"), (4, "often")]
            .map(|(row, brief)| invalid(row, brief)),
    );
    let words: Vec<String> = groups(&tally)
        .into_iter()
        .map(|(_, words, ..)| words)
        .collect();
    assert_eq!(words, ["often", "rare", "second rare"]);
}

#[test]
fn a_group_counts_all_its_rows_and_names_the_first_three() {
    let tally = tally([19, 6, 20, 31, 7].map(|row| invalid(row, "too short")));
    let (_, _, count, rows) = groups(&tally).remove(0);
    assert_eq!((count, rows), (5, vec![19, 6, 20]));
}

#[test]
fn the_same_words_for_another_outcome_or_code_are_another_group() {
    let tally = tally([
        failure(1, Outcome::Invalid, Code::NoPhone, "x"),
        failure(2, Outcome::Invalid, Code::BadEmail, "x"),
        failure(3, Outcome::Refused, Code::NoPhone, "x"),
    ]);
    assert_eq!(groups(&tally).len(), 3);
}

#[test]
fn endlessly_many_reasons_do_not_fill_the_memory_and_all_are_counted() {
    let letters = |number: u64| {
        let digit =
            |place: u32| char::from(b'a' + u8::try_from(number / 26u64.pow(place) % 26).unwrap());
        format!("{}{}{}", digit(2), digit(1), digit(0))
    };
    let tally = tally((0..1_000).map(|row| invalid(row, &letters(row))));
    let groups = groups(&tally);
    assert_eq!(groups.len(), GROUPS_KEPT + 1);
    assert_eq!(
        groups.iter().map(|(_, _, count, _)| count).sum::<u64>(),
        1_000
    );
    let (_, words, count, _) = &groups[0];
    assert_eq!((words.as_str(), *count), ("other reasons", 800));
}

#[test]
fn by_kind_words_are_joined_and_the_lowest_rows_named() {
    let tally = tally([
        failure(30, Outcome::Refused, Code::Refused, "b"),
        invalid(9, "too short for India"),
        invalid(5, "too short for France"),
        invalid(7, "too short for India"),
        invalid(3, "too short for Spain"),
    ]);
    let kinds: Vec<_> = tally
        .reasons
        .by_kind()
        .into_iter()
        .map(|(kind, group)| (kind, group.count, rows(&group)))
        .collect();
    assert_eq!(
        kinds,
        [
            ((Outcome::Invalid, Code::PhoneTooShort), 4, vec![3, 5, 7]),
            ((Outcome::Refused, Code::Refused), 1, vec![30]),
        ]
    );
}

#[test]
fn warnings_are_grouped_and_the_platforms_words_kept_once_each_and_masked() {
    let mut events = vec![warned(3, "odd"), warned(5, "odd")];
    events.extend(
        ["3 tags made", "4 tags made", "slow", "late", "one more"]
            .map(|words| Event::ServerWarned(ServerWords::new(words))),
    );
    let tally = tally(events);
    assert_eq!(tally.warnings, 7);
    assert_eq!(tally.server_warnings, ["# tags made", "slow", "late"]);
    let remarks = tally.record_warnings.by_count();
    assert_eq!((remarks[0].1, rows(remarks[0].2)), ("odd", vec![3, 5]));
}

#[test]
fn a_dry_run_counts_countries_and_tags() {
    let mut items: Vec<Item> = (1..5).map(|row| item(row, 10)).collect();
    for (item, (region, tags)) in items.iter_mut().zip([
        (Some("IN"), vec!["vip", "new"]),
        (Some("IN"), vec!["vip"]),
        (Some("DE"), vec![]),
        (None, vec!["vip"]),
    ]) {
        item.phone.region = region.and_then(Region::parse);
        item.tags = tags.into_iter().map(ToOwned::to_owned).collect();
    }
    let tally = tally([Event::WouldSend(items)]);
    let pairs = |counts: &BTreeMap<String, u64>| {
        counts
            .iter()
            .map(|(kind, count)| format!("{kind} {count}"))
            .collect::<Vec<_>>()
    };
    assert_eq!(pairs(&tally.regions), [" 1", "DE 1", "IN 2"]);
    assert_eq!(pairs(&tally.tags), ["new 1", "vip 3"]);
}

/// Something that may happen, and how many contacts it settles.
fn happenings() -> impl Strategy<Value = (u8, u64)> {
    (0..11_u8, 0..50_u64)
}

/// Each of these, made of two rows.
fn united(items: Vec<Item>) -> Vec<Item> {
    let with_twin = |item: Item| Item {
        merged: vec![record(1)],
        ..item
    };
    items.into_iter().map(with_twin).collect()
}

fn event((kind, number): (u8, u64)) -> (Event, u64) {
    let place = record(number).place;
    let items = || (0..number).map(|row| item(row, 10)).collect::<Vec<_>>();
    let outcomes = [
        Outcome::Invalid,
        Outcome::Refused,
        Outcome::Unknown,
        Outcome::Unsent,
    ];
    match kind {
        0 => (Event::Accepted(united(items())), 2 * number),
        1 => (Event::WouldSend(items()), number),
        2 => (Event::Duplicate(place, DuplicateOf::Earlier(place)), 1),
        3 => (Event::Skipped(Skip::Filtered), 1),
        4..8 => (
            failure(number, outcomes[usize::from(kind) - 4], Code::Refused, "x"),
            1,
        ),
        8 => (warned(number, "x"), 0),
        9 => (Event::Requested, 0),
        _ => (Event::ServerWarned(ServerWords::new("x")), 0),
    }
}

proptest! {
    #[test]
    fn what_is_settled_is_the_sum_of_what_happened(
        happenings in proptest::collection::vec(happenings(), 0..60),
    ) {
        let (events, settled): (Vec<_>, Vec<_>) = happenings.into_iter().map(event).unzip();
        let tally = tally(events);
        prop_assert_eq!(tally.settled(), settled.iter().sum::<u64>());
        let failed: u64 = tally.reasons.by_kind().iter().map(|(_, group)| group.count).sum();
        prop_assert_eq!(failed, tally.errors() + tally.unsent);
    }
}

#[test]
fn rows_of_several_inputs_are_told_apart() {
    let second = DraftRecord::of_input(1, &record(2));
    let place = second.place;
    let event = Event::Failed(Box::new(Failure {
        record: second,
        outcome: Outcome::Invalid,
        reason: Reason::plain(Code::PhoneTooShort, "x"),
        fault: None,
        fingerprint: None,
    }));
    let tally = tally([event, invalid(9, "x")]);
    let kinds = tally.reasons.by_kind();
    assert_eq!(kinds[0].1.places, [record(9).place, place]);
}
