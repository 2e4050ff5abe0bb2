//! What is refused is found, and nothing else; what is refused to everybody is not asked a thousand times.

use super::*;

/// A platform that refuses every batch with one of these contacts in it.
fn refusing(rows: &[u64]) -> Platform {
    let rows = rows.to_vec();
    Platform::that(move |request| {
        if rows.iter().any(|row| request.rows.contains(row)) {
            refused("phone is blacklisted")
        } else {
            accepted()
        }
    })
}

#[tokio::test(start_paused = true)]
async fn one_bad_contact_among_a_hundred_is_found_in_fifteen_requests() {
    for bad in [101, 102, 149, 150, 151, 199, 200] {
        let run = deliver(refusing(&[bad]), senders(1), batches(2, 100)).await;
        assert_eq!(run.rows(Outcome::Refused), [bad]);
        assert_eq!(run.rows(Outcome::Accepted).len(), 199);
        assert_eq!(run.fates[&bad].code, Some(Code::Refused));
        assert_eq!(run.fates[&bad].words, "phone is blacklisted");
        assert!(run.requests() <= 1 + 15, "{bad}: {}", run.requests());
    }
}

#[tokio::test(start_paused = true)]
async fn before_anything_was_accepted_the_search_costs_a_probe_more() {
    for bad in [1, 2, 50, 51, 99, 100] {
        let run = deliver(refusing(&[bad]), senders(4), batches(1, 100)).await;
        assert_eq!(run.rows(Outcome::Refused), [bad]);
        assert_eq!(run.rows(Outcome::Accepted).len(), 99);
        assert!(run.requests() <= 4 + 15, "{bad}: {}", run.requests());
    }
}

#[tokio::test(start_paused = true)]
async fn two_bad_contacts_are_found_wherever_they_are() {
    for pair in [[101, 102], [101, 200], [150, 151], [123, 187]] {
        let run = deliver(refusing(&pair), senders(4), batches(2, 100)).await;
        assert_eq!(run.rows(Outcome::Refused), pair);
        assert_eq!(run.rows(Outcome::Accepted).len(), 198);
        assert!(
            run.requests() <= 2 + 3 + 2 * 14,
            "{pair:?}: {}",
            run.requests()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_is_refused_as_a_whole_while_others_pass_is_refused_contact_by_contact() {
    let bad: Vec<u64> = (201..=300).collect();
    for count in [1, 4] {
        let run = deliver(refusing(&bad), senders(count), batches(8, 100)).await;
        assert_eq!(run.rows(Outcome::Refused), bad);
        assert_eq!(run.rows(Outcome::Accepted).len(), 700);
        assert_eq!(run.halt, None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_first_batch_that_is_refused_as_a_whole_is_refused_contact_by_contact_too() {
    let bad: Vec<u64> = (1..=100).collect();
    let run = deliver(refusing(&bad), senders(1), batches(3, 100)).await;
    assert_eq!(run.rows(Outcome::Refused), bad);
    assert_eq!(run.rows(Outcome::Accepted).len(), 200);
    assert_eq!(run.halt, None);
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_second_opinion_goes_on_with_the_first_acceptance() {
    let bad: Vec<u64> = (1..=100).collect();
    let run = deliver(refusing(&bad), senders(1), batches(20, 100)).await;
    let concerns = |rows: std::ops::RangeInclusive<u64>| {
        move |exchange: &Exchange| rows.contains(&exchange.request.rows[0])
    };
    let first_batch_ends = run.journal.iter().rposition(concerns(1..=100)).unwrap();
    let last_batch_begins = run
        .journal
        .iter()
        .position(concerns(1_901..=2_000))
        .unwrap();
    assert!(first_batch_ends < last_batch_begins);
}

#[tokio::test(start_paused = true)]
async fn a_lone_batch_that_is_refused_as_a_whole_ends_with_every_contact_refused() {
    let run = deliver(
        Platform::that(|_| refused("no")),
        senders(4),
        batches(1, 20),
    )
    .await;
    assert_eq!(run.rows(Outcome::Refused).len(), 20);
    assert_eq!(run.halt, None);
}

/// The words of the halt, and requests, of a run in which everything is refused.
fn check_all_refused(run: &Run, most: usize) {
    assert!(
        matches!(run.halt, Some(Halt::AllRefused(_))),
        "{:?}",
        run.halt
    );
    assert!(run.requests() <= most, "{} requests", run.requests());
    assert!(!run.rows(Outcome::Unsent).is_empty());
    assert!(run.rows(Outcome::Unknown).is_empty());
}

#[tokio::test(start_paused = true)]
async fn when_everybody_is_refused_the_run_stops_after_a_few_requests() {
    // Two batches and three contacts of each prove it; what flies meanwhile is not called back.
    for (count, most) in [(1, 8), (2, 10), (4, 16), (8, 28)] {
        let refusing = Platform::that(|_| refused("plan limit of 1000 reached"));
        let run = deliver(refusing, senders(count), batches(10, 100)).await;
        check_all_refused(&run, most);
        assert_eq!(
            run.halt,
            Some(Halt::AllRefused(ServerWords::new(
                "plan limit of # reached"
            )))
        );
        assert!(run.rows(Outcome::Refused).len() >= 6);
    }
}

#[tokio::test(start_paused = true)]
async fn refusals_that_differ_only_in_the_contact_they_name_are_one_reason() {
    let refusing =
        Platform::that(|request| refused(&format!("no room for \"row {}\"", request.rows[0])));
    check_all_refused(&deliver(refusing, senders(1), batches(10, 100)).await, 8);
}

#[tokio::test(start_paused = true)]
async fn when_everybody_is_refused_batches_of_one_stop_with_the_sixth() {
    let run = deliver(
        Platform::that(|_| refused("no")),
        senders(1),
        batches(30, 1),
    )
    .await;
    check_all_refused(&run, 6);
    assert_eq!(run.rows(Outcome::Refused).len(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_bad_contact_among_batches_of_one_is_only_its_own_trouble() {
    let run = deliver(refusing(&[1, 4, 9]), senders(1), batches(12, 1)).await;
    assert_eq!(run.rows(Outcome::Refused), [1, 4, 9]);
    assert_eq!((run.requests(), run.halt), (12, None));
}

#[tokio::test(start_paused = true)]
async fn when_everybody_is_refused_the_run_stops_although_batches_had_to_shrink() {
    let picky = Platform::that(|request| {
        if request.bytes > 2_000 {
            too_large()
        } else {
            refused("plan limit reached")
        }
    });
    check_all_refused(&deliver(picky, senders(1), batches(10, 100)).await, 40);
}

#[tokio::test(start_paused = true)]
async fn when_everybody_is_refused_from_some_moment_on_two_batches_are_asked_through_and_two_probed()
 {
    let limited = Platform::that(|request| {
        if request.nth < 3 {
            accepted()
        } else {
            refused("plan limit reached")
        }
    });
    let run = deliver(limited, senders(1), batches(20, 100)).await;
    check_all_refused(&run, 3 + 2 * 199 + 2 * 4);
    assert_eq!(run.rows(Outcome::Accepted).len(), 300);
}

#[tokio::test(start_paused = true)]
async fn batches_that_are_each_refused_for_another_reason_do_not_hold_up_the_run() {
    // More of them than may be held at once: each is probed, and none proves anything about another.
    let by_tag = Platform::that(|request| {
        let tag = [
            "red", "green", "blue", "pink", "grey", "teal", "gold", "plum",
        ];
        refused(&format!(
            "no tag {}",
            tag[usize::try_from(request.rows[0] - 1).unwrap() / 10]
        ))
    });
    let options = DeliveryOptions {
        hold: 40,
        ..senders(1)
    };
    let run = deliver(by_tag, options, batches(8, 10)).await;
    assert_eq!(run.rows(Outcome::Refused).len(), 80);
    assert_eq!(run.halt, None);
}

#[tokio::test(start_paused = true)]
async fn the_servers_limit_of_bytes_is_learnt() {
    const LIMIT: usize = 1_500;
    let small = Platform::that(|request| {
        if request.bytes > LIMIT {
            too_large()
        } else {
            accepted()
        }
    });
    // 4,101 bytes a batch: a half is still too large, a quarter is not.
    let run = deliver(small, senders(1), batches(6, 100)).await;
    assert_eq!(run.rows(Outcome::Accepted).len(), 600);
    let over = run
        .journal
        .iter()
        .filter(|exchange| exchange.request.bytes > LIMIT)
        .count();
    assert_eq!(over, 2);
    // 24 contacts fit; the batch that taught it leaves a few odd pieces.
    assert!(run.requests() <= 2 + 7 + 5 * 5, "{}", run.requests());
    let caps: Vec<usize> = run
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Capped(cap) => Some(*cap),
            _ => None,
        })
        .collect();
    assert_eq!(caps, [2_050, 1_005]);
}

#[tokio::test(start_paused = true)]
async fn requests_in_flight_do_not_shrink_the_limit_over_and_over() {
    let small = Platform::that(|request| {
        if request.bytes > 3_000 {
            too_large()
        } else {
            accepted()
        }
    });
    let run = deliver(small, senders(4), batches(8, 100)).await;
    assert_eq!(run.rows(Outcome::Accepted).len(), 800);
    let smallest = run
        .journal
        .iter()
        .map(|exchange| exchange.request.bytes)
        .min()
        .unwrap();
    assert!(
        smallest > 1_000 || run.requests() <= 4 + 8 * 3,
        "{smallest} {}",
        run.requests()
    );
}

#[tokio::test(start_paused = true)]
async fn a_contact_that_is_too_large_alone_is_refused_and_the_others_pass() {
    let large = batch([7], 5_000);
    let mixed: Vec<Item> = [batch(1..7, 40), large, batch(8..21, 40)]
        .into_iter()
        .flat_map(Batch::into_items)
        .collect();
    let mut cutter = BatchCutter::new(Limits {
        items: NonZeroUsize::new(20).unwrap(),
        bytes: 100_000,
    });
    let batches: Vec<Batch> = mixed
        .into_iter()
        .filter_map(|item| cutter.push(item))
        .collect();
    let small = Platform::that(|request| {
        if request.bytes > 2_000 {
            too_large()
        } else {
            accepted()
        }
    });
    let run = deliver(small, senders(2), batches).await;
    assert_eq!(run.rows(Outcome::Refused), [7]);
    assert_eq!(run.fates[&7].code, Some(Code::TooLarge));
    assert_eq!(run.rows(Outcome::Accepted).len(), 19);
}

#[tokio::test(start_paused = true)]
async fn a_contact_the_server_chokes_on_is_found_and_the_others_pass() {
    for bad in [1, 37, 100, 250] {
        let choking = Platform::that(move |request| {
            if request.rows.contains(&bad) {
                unclear()
            } else {
                accepted()
            }
        });
        let run = deliver(choking, senders(4), batches(3, 100)).await;
        assert_eq!(run.rows(Outcome::Unknown), [bad]);
        assert_eq!(run.rows(Outcome::Accepted).len(), 299);
        assert_eq!(run.halt, None);
        assert_eq!(
            run.fates[&bad],
            Fate {
                outcome: Outcome::Unknown,
                code: Some(Code::NoAnswer),
                words: "sent, no answer came: 500 Internal Server Error".to_owned(),
            }
        );
        // Three strikes on each of seven sizes, and then what its budget gives.
        assert!(run.requests() < 90, "{}", run.requests());
    }
}

#[tokio::test(start_paused = true)]
async fn a_contact_the_server_chokes_on_is_found_in_a_lone_batch_too() {
    let choking = Platform::that(|request| {
        if request.rows.contains(&3) {
            unclear()
        } else {
            accepted()
        }
    });
    let run = deliver(choking, senders(4), batches(1, 50)).await;
    assert_eq!(run.rows(Outcome::Unknown), [3]);
    assert_eq!(run.rows(Outcome::Accepted).len(), 49);
    assert_eq!(run.halt, None);
}
