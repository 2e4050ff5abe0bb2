//! Waits: how long, for whom, and what ends them.

use super::*;

#[tokio::test(start_paused = true)]
async fn an_ordered_pause_stops_all_senders_and_uses_up_no_budget() {
    let pause = 2 * MINUTE;
    let closed = Platform::that(move |request| {
        if request.at < 30 * MINUTE {
            busy_for(pause)
        } else {
            accepted()
        }
    });
    // Half an hour of pauses against a budget of five minutes.
    let run = deliver(closed, senders(4), batches(8, 10)).await;
    assert_eq!(run.rows(Outcome::Accepted).len(), 80);
    for ordered in &run.journal {
        let (verdict, from) = ordered.answer.clone().unwrap();
        if matches!(verdict, Verdict::Busy(_)) {
            let broken = |exchange: &&Exchange| {
                from < exchange.request.at && exchange.request.at < from + pause
            };
            assert_eq!(
                run.journal.iter().find(broken).map(|it| it.request.at),
                None
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_one_batch_is_ordered_holds_back_the_others() {
    let rationing = Platform::that(|request| {
        if request.nth == 0 {
            busy_for(MINUTE)
        } else {
            accepted()
        }
    });
    let run = deliver(rationing, senders(1), batches(5, 10)).await;
    assert_eq!(run.rows(Outcome::Accepted).len(), 50);
    assert!(
        run.journal[1..]
            .iter()
            .all(|exchange| exchange.request.at >= MINUTE)
    );
    assert!(run.took < MINUTE + seconds(1));
}

#[tokio::test(start_paused = true)]
async fn retry_after_zero_means_at_once() {
    let hasty = Platform::that(|request| {
        if request.nth < 4 {
            busy_for(Duration::ZERO)
        } else {
            accepted()
        }
    });
    let run = deliver(hasty, senders(1), batches(1, 5)).await;
    assert_eq!(run.rows(Outcome::Accepted).len(), 5);
    assert!(run.took < milliseconds(200), "{:?}", run.took);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_at_once_for_ever_is_not_hammered() {
    let run = deliver(
        Platform::that(|_| busy_for(Duration::ZERO)),
        senders(1),
        batches(1, 5),
    )
    .await;
    assert_eq!(run.rows(Outcome::Unsent).len(), 5);
    assert!(run.requests() < 100, "{}", run.requests());
}

#[tokio::test(start_paused = true)]
async fn a_pause_longer_than_the_budget_halts_and_names_the_time() {
    let long = Platform::that(|_| busy_for(10 * MINUTE));
    let run = deliver(long, senders(4), batches(8, 10)).await;
    assert!(matches!(run.halt, Some(Halt::Unreachable(_))));
    assert_eq!(
        run.halt_words(),
        "no way through to the sandbox: 429 Too Many Requests, and asks to wait 10 min, longer than --retry-for"
    );
    assert_eq!(run.rows(Outcome::Unsent).len(), 80);
    assert!(run.took < seconds(1) && run.requests() <= 4);
}

#[tokio::test(start_paused = true)]
async fn while_it_waits_it_says_why_and_how_long() {
    let run = deliver(
        Platform::that(|request| match request.nth {
            0 => busy_for(seconds(42)),
            1 => busy(),
            _ => accepted(),
        }),
        senders(1),
        batches(1, 5),
    )
    .await;
    let waits: Vec<&Wait> = run
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Waiting(wait) => Some(wait),
            _ => None,
        })
        .collect();
    assert_eq!(waits.len(), 2);
    assert_eq!(
        *waits[0],
        Wait {
            why: status(429, "Too Many Requests"),
            lasts: seconds(42),
            who: WaitScope::AllSenders,
        }
    );
    assert_eq!(waits[1].why, status(503, "Service Unavailable"));
    assert_eq!(waits[1].who, WaitScope::OneBatch);
    assert!(waits[1].lasts <= seconds(1));
    assert_eq!(run.count(|event| matches!(event, Event::Retried)), 2);
}

#[tokio::test(start_paused = true)]
async fn a_waiting_batch_holds_no_sender() {
    let stubborn = Platform::that(|request| {
        if request.rows.contains(&1) && request.at < 2 * MINUTE {
            busy()
        } else {
            accepted()
        }
    });
    let run = deliver(stubborn, senders(1), batches(10, 10)).await;
    assert_eq!(run.rows(Outcome::Accepted).len(), 100);
    let others = run
        .journal
        .iter()
        .filter(|exchange| !exchange.request.rows.contains(&1));
    assert!(others.map(|exchange| exchange.request.at).max() < Some(seconds(2)));
}

#[tokio::test(start_paused = true)]
async fn an_outage_of_a_minute_is_survived_with_few_requests() {
    let outage = Platform::that(|request| match request.at.as_secs() {
        1..61 if request.nth.is_multiple_of(3) => unclear(),
        1..61 => busy(),
        _ => accepted(),
    })
    .after(|request| milliseconds(300 + request.nth as u64 % 7));
    let run = deliver(outage, senders(4), batches(60, 20)).await;
    assert_eq!(run.rows(Outcome::Accepted).len(), 1_200);
    assert_eq!(run.halt, None);
    // Sixty batches wait at once, each for twice as long as the time before.
    assert!(run.requests() < 60 + 60 * 10, "{}", run.requests());
}

#[tokio::test(start_paused = true)]
async fn waits_are_drawn_anew_for_every_batch_and_the_same_for_one_seed() {
    let times = async |seed| {
        let outage = Platform::that(|request| {
            if request.at < MINUTE {
                busy()
            } else {
                accepted()
            }
        });
        let options = DeliveryOptions { seed, ..senders(4) };
        let run = deliver(outage, options, batches(4, 5)).await;
        let at = |exchange: &Exchange| exchange.request.at;
        run.journal.iter().map(at).collect::<Vec<_>>()
    };
    let (first, again, other) = (times(1).await, times(1).await, times(2).await);
    assert_eq!(first, again);
    assert_ne!(first, other);
    let (start, retries) = first.split_at(4);
    assert!(start.iter().all(Duration::is_zero));
    assert!(retries.windows(2).all(|pair| pair[0] != pair[1]));
}

#[tokio::test(start_paused = true)]
async fn when_the_budget_ends_what_surely_did_not_arrive_is_unsent_and_the_rest_unknown() {
    let options = DeliveryOptions {
        retry_for: MINUTE,
        ..senders(4)
    };
    // The first batch is never taken, the second may be at its first try, of the third only row 21 is swallowed.
    let partly = Platform::that(|request| match request.rows[0] {
        1..=10 => busy(),
        11..=20 if request.at.is_zero() => unclear(),
        11..=20 => busy(),
        21 => unclear(),
        _ => accepted(),
    });
    let run = deliver(partly, options, batches(5, 10)).await;
    assert_eq!(run.rows(Outcome::Unsent), (1..=10).collect::<Vec<_>>());
    assert_eq!(run.rows(Outcome::Unknown), (11..=21).collect::<Vec<_>>());
    assert_eq!(run.rows(Outcome::Accepted), (22..=50).collect::<Vec<_>>());
    assert_eq!(run.halt, None);
    assert_eq!(run.fates[&1].code, Some(Code::NotSent));
    assert_eq!(
        run.fates[&1].words,
        "not sent before the run ended: 503 Service Unavailable"
    );
    assert!(
        run.took >= MINUTE && run.took < MINUTE + seconds(2),
        "{:?}",
        run.took
    );
}

#[tokio::test(start_paused = true)]
async fn halves_inherit_what_may_have_arrived_and_what_is_left_of_the_budget() {
    // Unclear as a whole, so split while others pass; the pieces are then always answered with an order to wait.
    let options = DeliveryOptions {
        retry_for: MINUTE,
        ..senders(2)
    };
    let turning = Platform::that(|request| match request.rows.as_slice() {
        [1, .., 8] => unclear(),
        rows if rows[0] <= 8 => busy(),
        _ => accepted(),
    })
    .after(|request| milliseconds(if request.rows[0] <= 8 { 20 } else { 500 }));
    let run = deliver(turning, options, batches(30, 8)).await;
    assert_eq!(run.rows(Outcome::Unknown), (1..=8).collect::<Vec<_>>());
    assert_eq!(run.rows(Outcome::Accepted).len(), 29 * 8);
    assert!(run.took < MINUTE + seconds(2), "{:?}", run.took);
}

#[tokio::test(start_paused = true)]
async fn the_last_try_comes_when_the_budget_ends() {
    let run = deliver(Platform::that(|_| busy()), senders(1), batches(1, 5)).await;
    let first_failure = run.journal[0].answer.clone().unwrap().1;
    let last = run.journal.last().unwrap().request.at;
    assert_eq!(last, first_failure + 5 * MINUTE);
}
