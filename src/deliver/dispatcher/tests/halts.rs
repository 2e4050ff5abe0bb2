//! What ends a run early, and what becomes of everything that is in hand then.

use super::*;
use crate::event::Unreachable;

#[tokio::test(start_paused = true)]
async fn a_platform_that_is_never_there_ends_the_run_with_everything_unsent() {
    let run = deliver(Platform::that(|_| busy()), senders(4), batches(100, 20)).await;
    assert!(
        matches!(run.halt, Some(Halt::Unreachable(_))),
        "{:?}",
        run.halt
    );
    assert_eq!(
        run.halt_words(),
        "no way through to the sandbox: 503 Service Unavailable, for longer than --retry-for allows"
    );
    assert_eq!(run.rows(Outcome::Unsent).len(), 2_000);
    assert!(
        run.took >= 5 * MINUTE && run.took < 5 * MINUTE + seconds(1),
        "{:?}",
        run.took
    );
    assert_eq!(
        run.fates[&1].words,
        "not sent before the run ended: 503 Service Unavailable"
    );
    assert_eq!(run.fates[&2_000].words, "not sent before the run ended");
}

#[tokio::test(start_paused = true)]
async fn of_a_platform_that_swallows_everything_only_what_was_sent_is_unknown() {
    let run = deliver(Platform::that(|_| unclear()), senders(1), batches(300, 20)).await;
    assert!(
        matches!(run.halt, Some(Halt::Unreachable(_))),
        "{:?}",
        run.halt
    );
    let mut sent: Vec<u64> = run
        .journal
        .iter()
        .flat_map(|exchange| exchange.request.rows.clone())
        .collect();
    sent.sort_unstable();
    sent.dedup();
    assert_eq!(run.rows(Outcome::Unknown), sent);
    assert!(!run.rows(Outcome::Unsent).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_goes_away_ends_the_run_and_what_was_accepted_stays() {
    let going = Platform::that(|request| {
        if request.at < seconds(1) {
            accepted()
        } else {
            busy()
        }
    })
    .after(|_| milliseconds(100));
    let run = deliver(going, senders(2), batches(200, 10)).await;
    assert!(matches!(run.halt, Some(Halt::Unreachable(_))));
    assert_eq!(run.rows(Outcome::Accepted).len(), 200);
    assert_eq!(run.rows(Outcome::Unsent).len(), 1_800);
}

#[tokio::test(start_paused = true)]
async fn when_only_the_last_batch_finds_no_server_the_run_is_finished_all_the_same() {
    let closing = Platform::that(|request| {
        if request.rows[0] == 91 {
            busy()
        } else {
            accepted()
        }
    });
    let run = deliver(closing, senders(1), batches(10, 10)).await;
    assert_eq!(run.halt, None);
    assert_eq!(run.rows(Outcome::Unsent), (91..=100).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn a_name_that_does_not_resolve_ends_the_run_at_once() {
    let nowhere = Platform::that(|_| Verdict::Unreachable(trouble(unresolved(), None)));
    let run = deliver(nowhere, senders(4), batches(20, 10)).await;
    assert_eq!(
        run.halt,
        Some(Halt::Unreachable(Unreachable::AtOnce(unresolved())))
    );
    assert_eq!(run.rows(Outcome::Unsent).len(), 200);
    assert!(run.requests() <= 4 && run.took < seconds(1));
}

#[tokio::test(start_paused = true)]
async fn denied_credentials_end_the_run_and_answers_in_flight_are_kept() {
    // The first is denied while seven fly; each of those is then answered in its own way.
    let denying = Platform::that(|request| match request.rows[0] {
        1 => denied(),
        11 | 21 => accepted(),
        31 => refused("no"),
        41 => unclear(),
        51 => busy(),
        61 => stranger(404),
        _ => refused("a bad phone"),
    })
    .after(|request| {
        if request.rows[0] == 1 {
            milliseconds(10)
        } else {
            seconds(1) + milliseconds(request.rows[0])
        }
    });
    let mut all = batches(7, 10);
    all.push(batch([71], 40));
    all.extend((0..20).map(|nth| batch([100 + nth], 40)));
    let run = deliver(denying, senders(8), all).await;
    assert_eq!(
        run.halt,
        Some(Halt::Denied(ServerWords::new("invalid token")))
    );
    assert_eq!(run.requests(), 8, "nothing is sent after a halt");
    assert_eq!(run.rows(Outcome::Accepted), (11..=30).collect::<Vec<_>>());
    assert_eq!(run.rows(Outcome::Refused), [71]);
    // What was swallowed, and what somebody else took after the platform had accepted something.
    let unknown: Vec<u64> = (41..=50).chain(61..=70).collect();
    assert_eq!(run.rows(Outcome::Unknown), unknown);
    let unsent: Vec<u64> = (1..=10)
        .chain(31..=40)
        .chain(51..=60)
        .chain(100..=119)
        .collect();
    assert_eq!(run.rows(Outcome::Unsent), unsent);
}

#[tokio::test(start_paused = true)]
async fn a_first_answer_by_something_else_ends_the_run_at_once() {
    for status in [302, 404, 405, 501] {
        let run = deliver(
            Platform::that(move |_| stranger(status)),
            senders(1),
            batches(9, 10),
        )
        .await;
        assert_eq!(run.halt, Some(Halt::WrongAddress(web_page(status))));
        assert_eq!(
            (run.requests(), run.rows(Outcome::Unsent).len()),
            (1, 90),
            "{status}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_somebody_else_took_with_a_2xx_is_unknown() {
    let run = deliver(
        Platform::that(|_| stranger(200)),
        senders(1),
        batches(9, 10),
    )
    .await;
    assert!(matches!(run.halt, Some(Halt::WrongAddress(_))));
    assert_eq!(run.rows(Outcome::Unknown), (1..=10).collect::<Vec<_>>());
    assert_eq!(run.rows(Outcome::Unsent).len(), 80);
}

#[tokio::test(start_paused = true)]
async fn a_deploy_that_shows_its_page_for_a_minute_is_survived() {
    let deploying = Platform::that(|request| match request.at.as_secs() {
        1..61 => stranger(404),
        _ => accepted(),
    })
    .after(|request| milliseconds(200 + request.nth as u64 % 7));
    let run = deliver(deploying, senders(2), batches(40, 10)).await;
    assert_eq!(run.rows(Outcome::Accepted).len(), 400);
    assert_eq!(run.halt, None);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_stays_ends_the_run_when_the_budget_does() {
    let gone = Platform::that(|request| {
        if request.nth < 3 {
            accepted()
        } else {
            stranger(404)
        }
    });
    let run = deliver(gone, senders(1), batches(40, 10)).await;
    assert!(matches!(run.halt, Some(Halt::WrongAddress(_))));
    assert_eq!(run.rows(Outcome::Accepted).len(), 30);
    assert!(run.rows(Outcome::Unknown).contains(&31));
    assert!(
        run.took >= 5 * MINUTE && run.took < 5 * MINUTE + seconds(1),
        "{:?}",
        run.took
    );
}

#[tokio::test(start_paused = true)]
async fn who_stops_a_waiting_run_does_not_wait() {
    let stop = Stop::default();
    let signal = stop.clone();
    tokio::spawn(async move {
        tokio::time::sleep(seconds(5)).await;
        signal.set(Halt::Interrupted);
    });
    let run = deliver_until(
        Platform::that(|_| busy_for(4 * MINUTE)),
        senders(2),
        batches(30, 10),
        stop,
    )
    .await;
    assert_eq!((run.halt, run.took), (Some(Halt::Interrupted), seconds(5)));
    assert_eq!(run.fates.len(), 300);
    assert!(
        run.fates
            .values()
            .all(|fate| fate.outcome == Outcome::Unsent)
    );
}

#[tokio::test(start_paused = true)]
async fn who_stops_a_sending_run_waits_for_the_answers_and_sends_nothing_more() {
    let stop = Stop::default();
    let signal = stop.clone();
    tokio::spawn(async move {
        tokio::time::sleep(seconds(5)).await;
        signal.set(Halt::Terminated);
    });
    let slow = Platform::that(|_| accepted()).after(|_| seconds(20));
    let run = deliver_until(slow, senders(3), batches(30, 10), stop).await;
    assert_eq!(run.rows(Outcome::Accepted), (1..=30).collect::<Vec<_>>());
    assert_eq!(run.rows(Outcome::Unsent).len(), 270);
    assert_eq!((run.requests(), run.took), (3, seconds(20)));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_was_stopped_before_it_began_sends_nothing() {
    let stop = Stop::default();
    stop.set(Halt::Interrupted);
    let run = deliver_until(
        Platform::that(|_| accepted()),
        senders(3),
        batches(30, 10),
        stop,
    )
    .await;
    assert_eq!((run.requests(), run.rows(Outcome::Unsent).len()), (0, 300));
}

#[tokio::test(start_paused = true)]
async fn a_stop_in_mid_search_keeps_what_was_found() {
    let stop = Stop::default();
    let signal = stop.clone();
    let searching = Platform::that(move |request| {
        if request.nth == 12 {
            signal.set(Halt::Interrupted);
        }
        if request.rows.contains(&3) {
            refused("no")
        } else {
            accepted()
        }
    });
    let run = deliver_until(searching, senders(1), batches(4, 64), stop).await;
    assert!(!run.rows(Outcome::Accepted).is_empty() && !run.rows(Outcome::Unsent).is_empty());
    assert!(run.requests() <= 13);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_written_down_beforehand_is_not_sent() {
    let full = Platform::that(|_| accepted()).with_room_for(70);
    let run = deliver(full, senders(2), batches(10, 20)).await;
    assert_eq!(run.halt, Some(disk_full()));
    assert_eq!(run.rows(Outcome::Accepted), (1..=60).collect::<Vec<_>>());
    assert_eq!(run.rows(Outcome::Unsent), (61..=200).collect::<Vec<_>>());
    assert_eq!(run.requests(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_was_taken_and_cannot_be_written_down_is_unknown() {
    let forgetful = Platform::that(|_| accepted()).with_memory_for(70);
    let run = deliver(forgetful, senders(1), batches(10, 20)).await;
    assert_eq!(run.halt, Some(disk_full()));
    assert_eq!(run.rows(Outcome::Accepted), (1..=60).collect::<Vec<_>>());
    assert_eq!(run.rows(Outcome::Unknown), (61..=80).collect::<Vec<_>>());
    assert_eq!(run.fates[&61].code, Some(Code::NotRecorded));
    assert_eq!(run.rows(Outcome::Unsent), (81..=200).collect::<Vec<_>>());
}
