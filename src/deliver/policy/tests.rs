//! The decision table of the design, line by line.

use super::*;
use crate::verdict::{DeliveryFault, ServerAnswer, StatusLine, Stranger};

const BUDGET: Duration = Duration::from_secs(300);

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn accepted() -> Verdict {
    Verdict::Accepted {
        warnings: Vec::new(),
    }
}

fn answer(status: u16) -> ServerAnswer {
    ServerAnswer::new(status, "no")
}

fn trouble(retry_after: Option<Duration>) -> Trouble {
    Trouble {
        fault: DeliveryFault::RequestLost,
        retry_after,
    }
}

fn busy() -> Verdict {
    Verdict::Busy(trouble(None))
}

fn busy_for(asked: Duration) -> Verdict {
    Verdict::Busy(trouble(Some(asked)))
}

fn unclear() -> Verdict {
    Verdict::Unclear(trouble(None))
}

fn stranger() -> Verdict {
    Verdict::WrongAddress(Stranger {
        line: StatusLine {
            status: 404,
            phrase: "",
        },
        sent: None,
    })
}

/// A first attempt that failed just now.
const FRESH: Trial = Trial {
    attempts: 1,
    unclear: 0,
    silent: 0,
    spent: Duration::ZERO,
    elapsed: Duration::ZERO,
};
/// A budget that has just ended.
const SPENT: Trial = Trial {
    attempts: 20,
    unclear: 0,
    silent: 0,
    spent: BUDGET,
    elapsed: BUDGET,
};

fn struck(trial: Trial, unclear: u32) -> Trial {
    Trial { unclear, ..trial }
}

/// A run at its beginning: nothing was heard, and there is more to send.
const BEGUN: RunSoFar = RunSoFar {
    accepted: false,
    accepted_since: false,
    answered_since: false,
    others_left: true,
    worth_a_probe: false,
    pieces_tried: false,
};
/// Something was accepted, but not since this batch failed.
const GONE_QUIET: RunSoFar = RunSoFar {
    accepted: true,
    ..BEGUN
};
/// Others are accepted while this batch fails.
const GOING_WELL: RunSoFar = RunSoFar {
    accepted_since: true,
    answered_since: true,
    ..GONE_QUIET
};
/// Others are refused while this batch fails: somebody is there.
const REFUSING: RunSoFar = RunSoFar {
    answered_since: true,
    ..BEGUN
};

fn last(run: RunSoFar) -> RunSoFar {
    RunSoFar {
        others_left: false,
        ..run
    }
}

fn suspicious(run: RunSoFar) -> RunSoFar {
    RunSoFar {
        worth_a_probe: true,
        ..run
    }
}

/// What a test says, the verdict, the trial, the batch's size, the run, and the step.
type Case = (&'static str, Verdict, Trial, usize, RunSoFar, Step);

fn check(cases: impl IntoIterator<Item = Case>) {
    for (why, verdict, trial, size, run, step) in cases {
        assert_eq!(policy(&verdict, &trial, size, &run, BUDGET), step, "{why}");
    }
}

const BACK_OFF: Step = Step::Again(Delay::Backoff);

#[test]
fn what_is_accepted_is_done_whatever_came_before() {
    for trial in [FRESH, SPENT, struck(SPENT, 9)] {
        for run in [BEGUN, GOING_WELL, suspicious(BEGUN), last(BEGUN)] {
            check([("accepted", accepted(), trial, 100, run, Step::Done)]);
        }
    }
}

#[test]
fn a_refused_batch_is_cut_until_one_contact_is_left_to_blame() {
    let no = || Verdict::Refused(answer(400));
    check([
        ("several", no(), FRESH, 100, GOING_WELL, Step::Split),
        ("two", no(), FRESH, 2, BEGUN, Step::Split),
        (
            "one",
            no(),
            FRESH,
            1,
            GOING_WELL,
            Step::Refuse(Code::Refused),
        ),
        ("budget spent", no(), SPENT, 2, GOING_WELL, Step::Split),
        (
            "suspicious",
            no(),
            FRESH,
            100,
            suspicious(BEGUN),
            Step::Probe,
        ),
        (
            "suspicious, two",
            no(),
            FRESH,
            2,
            suspicious(BEGUN),
            Step::Probe,
        ),
        (
            "suspicious, one",
            no(),
            FRESH,
            1,
            suspicious(BEGUN),
            Step::Refuse(Code::Refused),
        ),
    ]);
}

#[test]
fn a_batch_that_is_too_large_shrinks_until_one_contact_is_left() {
    let too_large = || Verdict::TooLarge(answer(413));
    check([
        ("several", too_large(), FRESH, 100, BEGUN, Step::Shrink),
        ("two", too_large(), SPENT, 2, GOING_WELL, Step::Shrink),
        (
            "suspicious",
            too_large(),
            FRESH,
            100,
            suspicious(BEGUN),
            Step::Shrink,
        ),
        (
            "one",
            too_large(),
            FRESH,
            1,
            BEGUN,
            Step::Refuse(Code::TooLarge),
        ),
    ]);
}

#[test]
fn a_busy_server_is_asked_again_until_the_budget_ends() {
    let nearly = Trial {
        spent: BUDGET - Duration::from_millis(1),
        ..SPENT
    };
    check([
        ("first time", busy(), FRESH, 100, BEGUN, BACK_OFF),
        ("one contact", busy(), FRESH, 1, BEGUN, BACK_OFF),
        ("just within", busy(), nearly, 100, GOING_WELL, BACK_OFF),
        (
            "while others pass",
            busy(),
            SPENT,
            100,
            GOING_WELL,
            Step::GiveUp,
        ),
        (
            "while others are refused",
            busy(),
            SPENT,
            100,
            REFUSING,
            Step::GiveUp,
        ),
    ]);
}

#[test]
fn a_busy_server_is_never_asked_in_halves() {
    let often = struck(FRESH, 2);
    check([
        ("others pass", busy(), often, 100, GOING_WELL, BACK_OFF),
        ("none is left", busy(), often, 100, last(BEGUN), BACK_OFF),
    ]);
}

#[test]
fn silence_until_the_budget_ends_halts_the_run_unless_it_was_the_last_of_a_good_one() {
    let unreachable = Step::Halt(HaltCause::Unreachable);
    for verdict in [busy(), unclear()] {
        check([
            (
                "nothing ever heard",
                verdict.clone(),
                SPENT,
                1,
                BEGUN,
                unreachable,
            ),
            (
                "nothing heard, none left",
                verdict.clone(),
                SPENT,
                1,
                last(BEGUN),
                unreachable,
            ),
            (
                "heard before, more to send",
                verdict.clone(),
                SPENT,
                1,
                GONE_QUIET,
                unreachable,
            ),
            (
                "heard before, none left",
                verdict.clone(),
                SPENT,
                1,
                last(GONE_QUIET),
                Step::GiveUp,
            ),
            (
                "others are answered",
                verdict.clone(),
                SPENT,
                1,
                REFUSING,
                Step::GiveUp,
            ),
        ]);
    }
}

#[test]
fn an_ordered_wait_is_kept_to_the_second() {
    let ordered = |count| Step::Again(Delay::Ordered(seconds(count)));
    let unclear_for = |count| Verdict::Unclear(trouble(Some(seconds(count))));
    check([
        ("busy", busy_for(seconds(7)), FRESH, 100, BEGUN, ordered(7)),
        ("unclear", unclear_for(7), FRESH, 100, BEGUN, ordered(7)),
        (
            "as long as the budget",
            busy_for(BUDGET),
            FRESH,
            100,
            BEGUN,
            ordered(300),
        ),
        (
            "at once",
            busy_for(Duration::ZERO),
            FRESH,
            100,
            BEGUN,
            ordered(0),
        ),
        (
            "budget spent",
            busy_for(seconds(7)),
            SPENT,
            100,
            GOING_WELL,
            Step::GiveUp,
        ),
    ]);
}

#[test]
fn an_ordered_wait_longer_than_the_budget_halts_and_names_the_time() {
    let asked = BUDGET + seconds(1);
    let halt = Step::Halt(HaltCause::AskedTooMuch(asked));
    check([
        ("at the beginning", busy_for(asked), FRESH, 100, BEGUN, halt),
        (
            "while others pass",
            busy_for(asked),
            FRESH,
            1,
            GOING_WELL,
            halt,
        ),
    ]);
}

#[test]
fn pauses_use_up_no_budget_but_not_for_ever() {
    let paused = |elapsed| Trial {
        spent: seconds(1),
        elapsed,
        ..FRESH
    };
    let ordered = Step::Again(Delay::Ordered(seconds(60)));
    check([
        (
            "an hour, less a second",
            busy_for(seconds(60)),
            paused(BUDGET * 12 - seconds(1)),
            9,
            GOING_WELL,
            ordered,
        ),
        (
            "an hour",
            busy_for(seconds(60)),
            paused(BUDGET * 12),
            9,
            GOING_WELL,
            Step::GiveUp,
        ),
        (
            "an hour of silence",
            busy_for(seconds(60)),
            paused(BUDGET * 12),
            9,
            BEGUN,
            Step::Halt(HaltCause::Unreachable),
        ),
    ]);
}

#[test]
fn a_server_that_always_says_at_once_gets_a_rest_in_the_end() {
    let tried = |attempts| Trial { attempts, ..FRESH };
    check([
        (
            "fifth",
            busy_for(Duration::ZERO),
            tried(5),
            9,
            BEGUN,
            Step::Again(Delay::Ordered(Duration::ZERO)),
        ),
        (
            "sixth",
            busy_for(Duration::ZERO),
            tried(6),
            9,
            BEGUN,
            BACK_OFF,
        ),
    ]);
}

#[test]
fn a_batch_that_fails_three_times_while_others_pass_is_cut_to_find_the_contact_that_does_it() {
    for verdict in [unclear(), stranger()] {
        check([
            (
                "twice",
                verdict.clone(),
                struck(FRESH, 2),
                100,
                GOING_WELL,
                BACK_OFF,
            ),
            (
                "thrice",
                verdict.clone(),
                struck(FRESH, 3),
                100,
                GOING_WELL,
                Step::Split,
            ),
            (
                "thrice, none left",
                verdict.clone(),
                struck(FRESH, 3),
                100,
                last(GONE_QUIET),
                Step::Split,
            ),
            (
                "thrice, all quiet",
                verdict.clone(),
                struck(FRESH, 3),
                100,
                GONE_QUIET,
                BACK_OFF,
            ),
            (
                "thrice, budget spent",
                verdict.clone(),
                struck(SPENT, 3),
                2,
                GOING_WELL,
                Step::Split,
            ),
            (
                "one contact",
                verdict.clone(),
                struck(FRESH, 3),
                1,
                GOING_WELL,
                BACK_OFF,
            ),
        ]);
    }
    check([
        (
            "nothing accepted, none left",
            unclear(),
            struck(FRESH, 3),
            2,
            last(BEGUN),
            Step::Split,
        ),
        (
            "one contact, budget spent",
            unclear(),
            struck(SPENT, 9),
            1,
            GOING_WELL,
            Step::GiveUp,
        ),
    ]);
}

#[test]
fn credentials_that_are_not_taken_halt_the_run_at_once() {
    for run in [BEGUN, GOING_WELL, last(GOING_WELL)] {
        let denied = Verdict::Denied(answer(401));
        check([(
            "denied",
            denied,
            FRESH,
            100,
            run,
            Step::Halt(HaltCause::Denied),
        )]);
    }
}

#[test]
fn a_host_that_cannot_be_spoken_to_halts_the_run_at_once() {
    for run in [BEGUN, GOING_WELL, last(GOING_WELL)] {
        let no_route = Verdict::Unreachable(trouble(None));
        check([(
            "no route",
            no_route,
            FRESH,
            100,
            run,
            Step::Halt(HaltCause::NoRoute),
        )]);
    }
}

#[test]
fn a_stranger_is_a_wrong_address_until_something_was_accepted_and_in_the_way_after_it() {
    let halt = Step::Halt(HaltCause::WrongAddress);
    check([
        ("at once", stranger(), FRESH, 100, BEGUN, halt),
        ("others refused", stranger(), FRESH, 1, REFUSING, halt),
        (
            "thrice, nothing accepted",
            stranger(),
            struck(FRESH, 3),
            100,
            last(BEGUN),
            halt,
        ),
        (
            "after acceptance",
            stranger(),
            FRESH,
            100,
            GONE_QUIET,
            BACK_OFF,
        ),
        (
            "one, after acceptance",
            stranger(),
            FRESH,
            1,
            GOING_WELL,
            BACK_OFF,
        ),
        ("budget spent", stranger(), SPENT, 100, GONE_QUIET, halt),
        (
            "budget spent, others pass",
            stranger(),
            SPENT,
            1,
            GOING_WELL,
            halt,
        ),
        (
            "budget spent, none left",
            stranger(),
            SPENT,
            1,
            last(GONE_QUIET),
            halt,
        ),
    ]);
}

#[test]
fn without_a_budget_the_first_failure_is_the_last() {
    let step = |verdict: &Verdict, run| policy(verdict, &FRESH, 9, &run, Duration::ZERO);
    assert_eq!(step(&busy(), GOING_WELL), Step::GiveUp);
    assert_eq!(step(&busy(), BEGUN), Step::Halt(HaltCause::Unreachable));
    assert_eq!(
        step(&busy_for(seconds(1)), GOING_WELL),
        Step::Halt(HaltCause::AskedTooMuch(seconds(1)))
    );
}

#[test]
fn one_batch_that_is_met_with_silence_is_tried_in_halves_although_nothing_gets_through() {
    let silent = |silent| Trial {
        unclear: silent,
        silent,
        ..FRESH
    };
    let trying = RunSoFar {
        pieces_tried: true,
        ..BEGUN
    };
    let again = Step::Again(Delay::Backoff);
    for (case, trial, size, run, step) in [
        ("once is chance", silent(1), 100, BEGUN, again),
        ("twice is not", silent(2), 100, BEGUN, Step::Split),
        ("one contact has no halves", silent(2), 1, BEGUN, again),
        ("another is being tried", silent(2), 100, trying, again),
        (
            "a quick failure is no silence",
            struck(FRESH, 2),
            100,
            BEGUN,
            again,
        ),
    ] {
        assert_eq!(
            policy(&unclear(), &trial, size, &run, BUDGET),
            step,
            "{case}"
        );
    }
}
