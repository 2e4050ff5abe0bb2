//! Summaries word for word, as they are promised.

use std::time::Duration;

use super::*;
use crate::batch::tests::{item, record};
use crate::contact::region::Region;
use crate::event::{DuplicateOf, Event, Failure, InputFault, SharedError, Unreachable};
use crate::mapping::Warning;
use crate::outcome::{Reason, Skip};
use crate::record::{DraftRecord, Place};
use crate::secret::Auth;
use crate::verdict::{DeliveryFault, ServerWords};

/// A run that is over, as its events tell it.
pub(in crate::report) fn ended(events: impl IntoIterator<Item = Event>) -> EndedRun {
    let mut tally = Tally::default();
    events.into_iter().for_each(|event| tally.note(&event));
    EndedRun {
        shard: None,
        resumes: None,
        run: "2026-11-22T09-30-00Z-4f2a".to_owned(),
        inputs: vec!["customers.csv".to_owned()],
        destination: Destination::Platform {
            base_url: "https://api.v7.botpenguin.com".to_owned(),
            host: "api.v7.botpenguin.com".to_owned(),
            token_from: "BP_IMPORT_TOKEN".to_owned(),
        },
        auth: Auth::Key,
        bot_id: None,
        read: tally.settled(),
        complete: true,
        last_read: None,
        halts: Vec::new(),
        elapsed: Duration::from_millis(41_200),
        tally,
        rejects: Vec::new(),
        filters: "--except".to_owned(),
        next: None,
        exit_code: 0,
    }
}

/// The halt of a run whose host has no address.
pub(in crate::report) fn unresolved(host: &str) -> Halt {
    let fault = DeliveryFault::Unresolved(host.to_owned());
    Halt::Unreachable(Unreachable::AtOnce(fault))
}

pub(in crate::report) fn failures(
    outcome: Outcome,
    code: Code,
    brief: &str,
    rows: impl IntoIterator<Item = u64>,
) -> Vec<Event> {
    let failure = |row| {
        Event::Failed(Box::new(Failure {
            record: record(row),
            outcome,
            reason: Reason::plain(code, brief),
            fault: None,
            fingerprint: None,
        }))
    };
    rows.into_iter().map(failure).collect()
}

pub(in crate::report) fn accepted(count: u64) -> Event {
    Event::Accepted((0..count).map(|row| item(row, 10)).collect())
}

pub(in crate::report) fn skipped(count: u64, skip: Skip) -> Vec<Event> {
    (0..count).map(|_| Event::Skipped(skip)).collect()
}

/// Rows that each repeat row 2.
pub(in crate::report) fn repeated(count: u64) -> Vec<Event> {
    repeats(DuplicateOf::Earlier, count)
}

fn repeats(other: fn(Place) -> DuplicateOf, count: u64) -> Vec<Event> {
    (0..count)
        .map(|row| Event::Duplicate(record(row + 6).place, other(record(2).place)))
        .collect()
}

pub(in crate::report) fn requests(count: usize, retries: usize) -> Vec<Event> {
    let mut events: Vec<Event> = (0..count).map(|_| Event::Requested).collect();
    events.extend((0..retries).map(|_| Event::Retried));
    events
}

fn of_input(input: usize, events: Vec<Event>) -> Vec<Event> {
    let moved = |event| match event {
        Event::Failed(mut failure) => {
            failure.record = DraftRecord::of_input(input, &failure.record);
            Event::Failed(failure)
        }
        other => other,
    };
    events.into_iter().map(moved).collect()
}

/// The run of the example that is promised.
fn promised() -> EndedRun {
    let mut events = vec![accepted(3_290)];
    let too_short = [6, 19, 20].into_iter().chain(100..128);
    events.extend(failures(
        Outcome::Invalid,
        Code::PhoneTooShort,
        "phone too short for India",
        too_short,
    ));
    events.extend(failures(
        Outcome::Invalid,
        Code::BadEmail,
        "wrong e-mail",
        31..37,
    ));
    events.extend(failures(
        Outcome::Refused,
        Code::Refused,
        "phone is blacklisted",
        [77, 501],
    ));
    events.extend(failures(
        Outcome::Unknown,
        Code::NoAnswer,
        "sent, no answer came",
        600..603,
    ));
    events.extend(repeated(79));
    events.extend(skipped(1, Skip::Filtered));
    events.extend(requests(35, 1));
    EndedRun {
        rejects: vec!["customers.rejected.csv".into()],
        next: Some(
            "mend customers.rejected.csv, then run: bp-import customers.rejected.csv --country IN"
                .to_owned(),
        ),
        exit_code: 3,
        ..ended(events)
    }
}

#[test]
fn the_summary_reads_as_it_is_promised() {
    let text = text(&promised());
    let (promised, excel) = text.split_at(text.find("a double click").unwrap());
    assert_eq!(
        promised,
        "\
3,412 read from customers.csv, to api.v7.botpenguin.com (token from BP_IMPORT_TOKEN)
3,290 accepted   taken by the platform (new or updated: it does not say)
   37 invalid    not sent: 31 phone too short for India (rows 6, 19, 20, …), 6 wrong e-mail (--on-bad-email drop sends them without it)
    2 refused    the platform said no: \"phone is blacklisted\" (rows 77, 501)
    3 unknown    sent, no answer came; sending again is safe
   80 skipped    79 repeat an earlier row (row 6 repeats row 2, row 7 repeats row 2, row 8 repeats row 2, …), 1 left out by --except
41.2 s, 35 requests, 1 retry
next: mend customers.rejected.csv, then run: bp-import customers.rejected.csv --country IN
"
    );
    assert_eq!(
        excel,
        "a double click in Excel destroys phones: open it there with Data > From Text/CSV, all columns as text\n"
    );
}

#[test]
fn what_could_not_be_recorded_is_not_said_to_have_had_no_answer() {
    let lost = failures(
        Outcome::Unknown,
        Code::NotRecorded,
        "taken by the platform, but the ledger could not be written",
        [2, 3],
    );
    let words = "taken by the platform, but the ledger could not be written; sending again is safe";
    let alone = text(&ended(lost));
    assert!(
        alone.contains(&format!("2 unknown    {words}\n")),
        "{alone}"
    );
    let mut both = failures(
        Outcome::Unknown,
        Code::NoAnswer,
        "sent, no answer came",
        [4],
    );
    both.extend(failures(Outcome::Unknown, Code::NotRecorded, "x", [2, 3]));
    let both = text(&ended(both));
    let words = format!("3 unknown    1 sent, no answer came, 2 {words}\n");
    assert!(both.contains(&words), "{both}");
}

#[test]
fn a_run_in_which_all_went_well_says_only_that() {
    let mut events = vec![accepted(1)];
    events.extend(requests(1, 0));
    assert_eq!(
        text(&ended(events)),
        "\
1 read from customers.csv, to api.v7.botpenguin.com (token from BP_IMPORT_TOKEN)
1 accepted   taken by the platform (new or updated: it does not say)
41.2 s, 1 request
"
    );
}

#[test]
fn an_import_of_nothing_is_summed_up_in_two_lines() {
    assert_eq!(
        text(&ended([])),
        "\
0 read from customers.csv, to api.v7.botpenguin.com (token from BP_IMPORT_TOKEN)
41.2 s, 0 requests
"
    );
}

#[test]
fn a_sandbox_run_says_plainly_that_nothing_left_the_machine() {
    let mut events = vec![accepted(12)];
    events.extend(requests(2, 2));
    let ended = EndedRun {
        destination: Destination::Sandbox {
            base_url: "http://127.0.0.1:4000".to_owned(),
        },
        ..ended(events)
    };
    assert_eq!(
        text(&ended),
        "\
12 read from customers.csv, to the sandbox inside this process: nothing left this machine
12 accepted   taken by the sandbox
41.2 s, 2 requests, 2 retries
"
    );
}

#[test]
fn a_dry_run_says_what_would_be_sent_by_country_and_tag() {
    let mut items: Vec<_> = (2..8).map(|row| item(row, 10)).collect();
    for (item, (region, tag)) in items.iter_mut().zip([
        (Some("DE"), "vip"),
        (Some("DE"), "vip"),
        (Some("IN"), "vip"),
        (Some("IN"), "new\u{1b}"),
        (Some("IN"), "vip"),
        (None, "vip"),
    ]) {
        item.phone.region = region.and_then(Region::parse);
        item.tags = vec![tag.to_owned()];
    }
    let mut events = vec![Event::WouldSend(items)];
    events.extend(failures(Outcome::Invalid, Code::NoPhone, "no phone", [9]));
    let ended = EndedRun {
        destination: Destination::Nowhere {
            base_url: "https://api.v7.botpenguin.com".to_owned(),
        },
        next: Some("send them: bp-import customers.csv".to_owned()),
        ..ended(events)
    };
    assert_eq!(
        text(&ended),
        "\
7 read from customers.csv, dry run: nothing was sent
6 would send
1 invalid    not sent: 1 no phone (row 9)
countries: IN 3, DE 2, international 1
tags: vip 5, new\\u{1b} 1
41.2 s
next: send them: bp-import customers.csv
"
    );
}

#[test]
fn a_run_that_stopped_early_says_why_from_which_row_on_and_what_to_do() {
    let mut events = vec![accepted(200)];
    events.extend(failures(
        Outcome::Unsent,
        Code::NotSent,
        "not sent before the run ended",
        202..1_203,
    ));
    events.extend(requests(9, 4));
    let ended = EndedRun {
        complete: false,
        last_read: Some(record(1_202).place),
        halts: vec![unresolved("\u{1b}[2Jhost"), Halt::Interrupted],
        rejects: vec!["customers.rejected.ndjson".into()],
        next: Some("run the same command again: bp-import customers.csv".to_owned()),
        ..ended(events)
    };
    assert_eq!(
        text(&ended),
        "\
1,201 read from customers.csv, to api.v7.botpenguin.com (token from BP_IMPORT_TOKEN)
  200 accepted   taken by the platform (new or updated: it does not say)
1,001 unsent     not sent before the run ended
41.2 s, 9 requests, 4 retries
stopped: no way through to api.v7.botpenguin.com: the name \\u{1b}[2Jhost does not resolve
stopped: interrupted
nothing was read after row 1,202 of customers.csv: later rows are in no count and no file
the rows that did not arrive are in customers.rejected.ndjson; the same command sends them too
next: run the same command again: bp-import customers.csv
"
    );
}

#[test]
fn what_ended_a_run_is_one_word_where_the_user_asked_for_it() {
    for (halt, expected) in [
        (Halt::Limit, "stopped: by --limit"),
        (Halt::Interrupted, "stopped: interrupted"),
        (Halt::Terminated, "stopped: terminated"),
        (
            Halt::Input(InputFault::Changed("a.csv".to_owned())),
            "stopped: a.csv: it changed while it was read, and --on-duplicate has read it twice: run again once it is whole",
        ),
    ] {
        let ended = EndedRun {
            halts: vec![halt],
            ..ended([])
        };
        assert!(
            text(&ended).lines().any(|line| line == expected),
            "{expected}"
        );
    }
}

#[test]
fn rows_of_several_files_are_named_with_their_file() {
    let no_phone = |rows: &[u64]| {
        failures(
            Outcome::Invalid,
            Code::NoPhone,
            "no phone",
            rows.iter().copied(),
        )
    };
    let mut events = of_input(1, no_phone(&[4]));
    events.extend(no_phone(&[7, 1_200, 9]));
    let ended = EndedRun {
        inputs: vec!["a.csv".to_owned(), "b.json".to_owned()],
        ..ended(events)
    };
    let text = text(&ended);
    assert!(
        text.starts_with("4 read from a.csv and b.json, to "),
        "{text}"
    );
    assert!(
        text.contains("4 no phone (a.csv row 7, a.csv row 1,200, b.json row 4, …)"),
        "{text}"
    );
}

#[test]
fn many_files_are_named_by_the_first_the_last_and_their_number() {
    let ended = EndedRun {
        inputs: ["a.csv", "b.csv", "c.csv"].map(ToOwned::to_owned).to_vec(),
        ..ended([])
    };
    assert!(text(&ended).starts_with("0 read from a.csv … c.csv (3 files), to "));
}

#[test]
fn ten_groups_of_reasons_are_shown_and_the_others_counted() {
    let mut events = Vec::new();
    for (nth, letter) in ('a'..='m').enumerate() {
        let rows = 100 * nth as u64..100 * nth as u64 + 20 - nth as u64;
        events.extend(failures(
            Outcome::Invalid,
            Code::NoPhone,
            &letter.to_string(),
            rows,
        ));
    }
    let text = text(&ended(events));
    let line = text.lines().find(|line| line.contains("invalid")).unwrap();
    assert!(
        line.starts_with("182 invalid    not sent: 20 a (rows 0, 1, 2, …), 19 b ("),
        "{line}"
    );
    assert!(line.contains("11 j (") && !line.contains("10 k"), "{line}");
    assert!(line.ends_with(", 27 for other reasons"), "{line}");
}

#[test]
fn several_reasons_of_the_platform_are_counted_each_and_one_is_not() {
    let mut events = failures(Outcome::Refused, Code::Refused, "blacklisted", [3]);
    let one = text(&ended(failures(
        Outcome::Refused,
        Code::Refused,
        "blacklisted",
        [3],
    )));
    assert!(
        one.contains("the platform said no: \"blacklisted\" (row 3)\n"),
        "{one}"
    );
    events.extend(failures(
        Outcome::Refused,
        Code::TooLarge,
        "413\u{7}",
        [5, 6],
    ));
    let two = text(&ended(events));
    assert!(
        two.contains(
            "the platform said no: 2 \"#\\u{7}\" (rows 5, 6), 1 \"blacklisted\" (row 3)\n"
        ),
        "{two}"
    );
}

#[test]
fn each_group_that_a_switch_would_change_names_it() {
    for (code, switch) in [
        (Code::PhoneNoCountry, "--country"),
        (Code::PhoneNotValid, "--on-doubtful-phone send"),
        (Code::BadEmail, "--on-bad-email drop"),
    ] {
        let text = text(&ended(failures(Outcome::Invalid, code, "x", [3])));
        assert!(text.contains(&format!("1 x ({switch} ")), "{text}");
    }
}

#[test]
fn a_filter_that_leaves_nothing_is_pointed_out() {
    let words = "warning: --except left out every row: is the value written as it stands there?";
    assert!(text(&ended(skipped(2, Skip::Filtered))).contains(words));
    let mut some = skipped(2, Skip::Filtered);
    some.push(accepted(1));
    assert!(!text(&ended(some)).contains("every row"));
}

#[test]
fn one_skipped_row_is_in_the_singular() {
    for (events, expected) in [
        (
            repeated(1),
            "1 skipped    1 repeats an earlier row (row 6 repeats row 2)\n",
        ),
        (
            repeated(4),
            "4 skipped    4 repeat an earlier row (row 6 repeats row 2, row 7 repeats row 2, row 8 repeats row 2, …)\n",
        ),
        (
            repeats(DuplicateOf::Later, 1),
            "1 skipped    1 gives way to a later row (row 6 gives way to row 2)\n",
        ),
        (
            repeats(DuplicateOf::Merged, 2),
            "2 skipped    2 are merged into a later row (row 6 is merged into row 2, row 7 is merged into row 2)\n",
        ),
        (
            skipped(2, Skip::Filtered),
            "2 skipped    2 left out by --except\n",
        ),
        (
            skipped(2, Skip::Resumed),
            "2 skipped    2 accepted by the unfinished run before\n",
        ),
        (
            skipped(2, Skip::Unchanged),
            "2 skipped    2 unchanged since they were accepted\n",
        ),
    ] {
        let text = text(&ended(events));
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn what_other_shards_send_is_counted_with_the_shard_that_this_is() {
    let ended = EndedRun {
        shard: "2/4".parse().ok(),
        ..ended(skipped(3, Skip::OtherShard))
    };
    let text = text(&ended);
    let expected = "3 skipped    3 sent by other shards (this is 2/4)\n";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn warnings_of_ours_and_of_the_platform_have_lines_of_their_own() {
    let warned = |row| {
        let warning = Warning {
            brief: "the tag is long".into(),
            full: "x".to_owned(),
        };
        Event::Warned(record(row).place, warning)
    };
    let events = [
        warned(3),
        warned(9),
        Event::ServerWarned(ServerWords::new("tag \"vip\" was made")),
    ];
    let text = text(&ended(events));
    assert!(
        text.contains("\nwarning: the tag is long (rows 3, 9)\n"),
        "{text}"
    );
    assert!(
        text.contains("\nthe platform remarked: \"tag \"vip\" was made\"\n"),
        "{text}"
    );
}

#[test]
fn the_excel_hint_comes_only_with_a_table_to_correct() {
    for (file, expected) in [("a.rejected.csv", true), ("a.rejected.ndjson", false)] {
        let ended = EndedRun {
            rejects: vec![file.into()],
            next: Some(format!("mend {file}, then run: bp-import {file}")),
            ..ended([])
        };
        assert_eq!(text(&ended).contains("Excel"), expected, "{file}");
    }
}

#[test]
fn the_one_line_has_counts_rejects_file_and_next_step() {
    assert_eq!(
        one_line(&promised()),
        "3,412 read: 3,290 accepted, 37 invalid, 2 refused, 3 unknown, 80 skipped; next: mend customers.rejected.csv, \
         then run: bp-import customers.rejected.csv --country IN"
    );
}

/// A run that halted with a rejects file, whose next step names it not.
fn halted() -> EndedRun {
    let mut events = vec![accepted(5)];
    events.extend(failures(Outcome::Invalid, Code::NoPhone, "no phone", [9]));
    EndedRun {
        halts: vec![unresolved("the\nhost")],
        rejects: vec!["customers.rejected.csv".into()],
        next: Some("run the same command again: bp-import customers.csv".to_owned()),
        ..ended(events)
    }
}

#[test]
fn the_one_line_says_what_ended_the_run_and_stays_one_line() {
    let line = one_line(&halted());
    assert!(
        line.starts_with("6 read: 5 accepted, 1 invalid; no way through to api.v7.botpenguin.com: the name the\\u{a}host does not resolve; "),
        "{line}"
    );
    assert!(
        line.ends_with("next: run the same command again: bp-import customers.csv"),
        "{line}"
    );
}

#[test]
fn the_one_line_of_a_halted_run_names_the_rejects_file_too() {
    let line = one_line(&halted());
    assert!(line.contains("customers.rejected.csv"), "{line}");
}

#[test]
fn the_summary_of_a_halted_run_names_the_rejects_file_too() {
    let text = text(&halted());
    assert!(text.contains("customers.rejected.csv"), "{text}");
}

#[test]
fn the_one_line_of_a_run_that_took_nothing_says_so() {
    let ended = EndedRun {
        halts: vec![Halt::Input(InputFault::Unprepared(SharedError::new(
            std::io::Error::other("customers.csv: there is no such file"),
        )))],
        ..ended([])
    };
    assert_eq!(
        one_line(&ended),
        "nothing read from customers.csv; customers.csv: there is no such file"
    );
}
