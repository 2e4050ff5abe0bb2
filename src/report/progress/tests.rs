//! The line beside the bar, at moments that are handed in.

use super::*;
use crate::batch::tests::{item, record};
use crate::event::{Event, Failure, WaitScope};
use crate::outcome::{Code, Outcome, Reason};
use crate::verdict::{DeliveryFault, StatusLine};

fn seconds(count: f64) -> Duration {
    Duration::from_secs_f64(count)
}

fn tally(accepted: u64, invalid: u64) -> Tally {
    let mut tally = Tally::default();
    tally.note(&Event::Accepted(
        (0..accepted).map(|row| item(row, 10)).collect(),
    ));
    for row in 0..invalid {
        tally.note(&Event::Failed(Box::new(Failure {
            record: record(row),
            outcome: Outcome::Invalid,
            reason: Reason::plain(Code::NoPhone, "no phone"),
            fault: None,
            fingerprint: None,
        })));
    }
    tally
}

/// The line after `elapsed` seconds, with `bytes` of 1,000,000 bytes read.
fn line_at(elapsed: f64, bytes: u64, tally: &Tally) -> String {
    let began = Instant::now();
    let state = ProgressState {
        bytes,
        ..ProgressState::default()
    };
    line(
        tally,
        &state,
        Some(1_000_000),
        began,
        began + seconds(elapsed),
    )
}

fn status(status: u16, phrase: &'static str) -> DeliveryFault {
    DeliveryFault::Status(StatusLine { status, phrase }, None)
}

fn waiting(why: DeliveryFault, lasts: f64, until: Option<f64>, at: f64) -> String {
    let began = Instant::now();
    let wait = Wait {
        why,
        lasts: seconds(lasts),
        who: WaitScope::AllSenders,
    };
    let state = ProgressState {
        bytes: 500_000,
        wait: Some((wait, until.map(|until| began + seconds(until)))),
        looked_through: None,
    };
    line(
        &tally(1_200, 0),
        &state,
        Some(1_000_000),
        began,
        began + seconds(at),
    )
}

#[test]
fn the_line_tells_what_is_accepted_what_is_rejected_how_fast_and_how_long_still() {
    assert_eq!(line_at(0.0, 0, &tally(0, 0)), "0 accepted");
    assert_eq!(
        line_at(10.0, 250_000, &tally(1_500, 0)),
        "1,500 accepted, 150/s, 30 s left"
    );
    assert_eq!(
        line_at(10.0, 100_000, &tally(1_470, 30)),
        "1,470 accepted, 30 rejected, 150/s, 1 min 30 s left"
    );
}

#[test]
fn a_speed_is_shown_only_once_it_means_something() {
    for (elapsed, settled, expected) in [
        (0.5, 100, "100 accepted"),
        (1.0, 100, "100 accepted, 100/s"),
        (60.0, 0, "0 accepted"),
        (3.0, 10_000, "10,000 accepted, 3,333/s"),
    ] {
        assert_eq!(line_at(elapsed, 0, &tally(settled, 0)), expected);
    }
}

#[test]
fn the_time_left_is_shown_only_once_it_means_something() {
    let told = |elapsed, bytes| line_at(elapsed, bytes, &tally(10, 0)).contains("left");
    for (elapsed, bytes, expected) in [
        (2.9, 500_000, false),
        (3.0, 500_000, true),
        (60.0, 19_999, false),
        (60.0, 20_000, true),
        (60.0, 999_999, true),
        (60.0, 1_000_000, false),
        (60.0, 1_000_001, false),
    ] {
        assert_eq!(told(elapsed, bytes), expected, "{elapsed} s, {bytes} bytes");
    }
}

#[test]
fn without_a_known_size_no_time_left_is_shown() {
    let began = Instant::now();
    let state = ProgressState {
        bytes: 500_000,
        wait: None,
        looked_through: None,
    };
    let shown = line(&tally(100, 0), &state, None, began, began + seconds(10.0));
    assert_eq!(shown, "100 accepted, 10/s");
}

#[test]
fn while_it_waits_the_line_says_why_and_how_long_still() {
    assert_eq!(
        waiting(status(429, "Too Many Requests"), 42.0, Some(42.0), 0.0),
        "1,200 accepted, waiting 42 s: 429 Too Many Requests"
    );
    assert_eq!(
        waiting(status(503, ""), 42.0, Some(42.0), 30.2),
        "1,200 accepted, waiting 12 s: 503"
    );
    assert_eq!(
        waiting(status(503, ""), 42.0, Some(42.0), 50.0),
        "1,200 accepted, 24/s, 50 s left"
    );
    assert_eq!(
        waiting(status(503, ""), 90.0, None, 50.0),
        "1,200 accepted, waiting 1 min 30 s: 503"
    );
}

#[test]
fn what_the_server_says_cannot_take_over_the_terminal() {
    let host = "\u{1b}[2Jbusy\r\n".to_owned();
    let shown = waiting(DeliveryFault::Unresolved(host), 1.0, None, 0.0);
    assert_eq!(
        shown,
        "1,200 accepted, waiting 1 s: the name \\u{1b}[2Jbusy\\u{d}\\u{a} does not resolve"
    );
}

#[test]
fn the_bars_templates_are_understood() {
    for template in [BAR, SPINNER] {
        assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
    }
}

/// When the last plain line was printed, after showing at these seconds.
fn last_printed(mode: ProgressMode, shown_at: &[f64]) -> Option<f64> {
    let began = Instant::now();
    let mut progress = Progress::new(mode, None, began);
    for at in shown_at {
        progress.show(
            &tally(7, 0),
            &ProgressState::default(),
            began + seconds(*at),
        );
    }
    match progress.output {
        ProgressOutput::Plain { last } => Some((last - began).as_secs_f64()),
        ProgressOutput::Bar(_) | ProgressOutput::None => None,
    }
}

#[test]
fn off_a_terminal_a_line_comes_every_thirty_seconds() {
    assert_eq!(
        last_printed(ProgressMode::Plain, &[0.1, 15.0, 29.9]),
        Some(0.0)
    );
    assert_eq!(
        last_printed(ProgressMode::Plain, &[29.9, 31.0, 60.5]),
        Some(31.0)
    );
    assert_eq!(last_printed(ProgressMode::None, &[29.9, 31.0]), None);
}

#[test]
fn an_empty_input_has_no_bar_to_fill() {
    let began = Instant::now();
    assert_eq!(
        Progress::new(ProgressMode::None, Some(0), began).total,
        None
    );
    assert_eq!(
        Progress::new(ProgressMode::None, Some(1), began).total,
        Some(1)
    );
}
