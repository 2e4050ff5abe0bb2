//! Pauses, the rate, backoff, and the search for a good width.

use super::*;

fn fixed(senders: usize) -> Pacer {
    Pacer::new(Pace::fixed(NonZeroUsize::new(senders).unwrap()))
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[test]
fn a_pause_stops_all_senders_until_it_is_over() {
    let start = Instant::now();
    let mut pacer = fixed(2);
    assert!(pacer.may_start(1, start) && !pacer.may_start(2, start));
    pacer.pause(start, seconds(10));
    assert!(!pacer.may_start(0, start + seconds(9)));
    assert!(pacer.may_start(0, start + seconds(10)));
}

#[test]
fn a_shorter_order_does_not_end_a_longer_pause() {
    let start = Instant::now();
    let mut pacer = fixed(1);
    pacer.pause(start, seconds(10));
    pacer.pause(start + seconds(1), seconds(2));
    assert_eq!(pacer.opens_at(start), Some(start + seconds(10)));
}

#[test]
fn overlapping_pauses_are_counted_once() {
    let start = Instant::now();
    let mut pacer = fixed(1);
    pacer.pause(start, seconds(10));
    pacer.pause(start + seconds(5), seconds(10));
    assert_eq!(pacer.paused(start + seconds(7)), seconds(7));
    assert_eq!(pacer.paused(start + seconds(60)), seconds(15));
    pacer.pause(start + seconds(60), seconds(1));
    assert_eq!(pacer.paused(start + seconds(90)), seconds(16));
}

#[test]
fn backoff_grows_is_random_and_has_a_bound() {
    let mut chance = fastrand::Rng::with_seed(7);
    for attempts in 1..40 {
        let bound = seconds(1)
            .mul_f64(0.5 * 2f64.powi(attempts - 1))
            .min(seconds(30));
        let drawn: Vec<_> = (0..50)
            .map(|_| backoff(attempts.unsigned_abs(), &mut chance))
            .collect();
        assert!(
            drawn.iter().all(|wait| *wait <= bound),
            "attempt {attempts}"
        );
        assert!(
            drawn.iter().any(|wait| *wait > bound / 2)
                && drawn.iter().any(|wait| *wait < bound / 2)
        );
    }
}

#[test]
fn a_rate_keeps_starts_apart_even_after_a_late_one() {
    let start = Instant::now();
    let mut pacer = Pacer::new(Pace {
        rate: Rate::per_second(0.5),
        ..Pace::fixed(NonZeroUsize::MIN)
    });
    assert!(pacer.may_start(0, start));
    pacer.started(start);
    assert!(!pacer.may_start(0, start + seconds(1)));
    assert_eq!(pacer.opens_at(start), Some(start + seconds(2)));
    assert!(pacer.may_start(0, start + seconds(9)));
    pacer.started(start + seconds(9));
    assert_eq!(
        pacer.opens_at(start + seconds(9)),
        Some(start + seconds(11)),
        "nothing is made up for"
    );
}

#[test]
fn of_a_pause_and_a_rate_the_later_counts() {
    let start = Instant::now();
    let mut pacer = Pacer::new(Pace {
        rate: Rate::per_second(0.1),
        ..Pace::fixed(NonZeroUsize::MIN)
    });
    pacer.started(start);
    pacer.pause(start, seconds(3));
    assert_eq!(pacer.opens_at(start), Some(start + seconds(10)));
    pacer.pause(start, seconds(30));
    assert_eq!(pacer.opens_at(start), Some(start + seconds(30)));
}

#[test]
fn a_rate_is_a_number_a_clock_can_keep() {
    for (requests, is_one) in [
        (0.5, true),
        (10.0, true),
        (0.001, true),
        (1_000.0, true),
        (0.0, false),
        (-1.0, false),
        (f64::NAN, false),
        (f64::INFINITY, false),
        (1e-9, false),
    ] {
        assert_eq!(Rate::per_second(requests).is_some(), is_one, "{requests}");
    }
}

/// A pacer that looks for its width, in waves: all that may start starts, then all are answered.
struct Waves {
    pacer: Pacer,
    now: Instant,
}

/// An answer: what it says, after how many milliseconds, to how many bytes.
type Told = (Signal, u64, usize);

const USUAL: Told = (Signal::Taken, 200, 10_000);

impl Waves {
    fn new() -> Waves {
        let pacer = Pacer::new(Pace {
            concurrency: Concurrency::Auto,
            rate: None,
        });
        Waves {
            pacer,
            now: Instant::now(),
        }
    }

    /// How many started; `told` says what becomes of the nth.
    fn wave(&mut self, told: impl Fn(usize) -> Told) -> usize {
        let mut flying = Vec::new();
        while self.pacer.may_start(flying.len(), self.now) {
            let (signal, took, bytes) = told(flying.len());
            let answered = self.now + Duration::from_millis(took);
            flying.push((answered, self.pacer.started(self.now), signal, bytes));
        }
        flying.sort_by_key(|(answered, ..)| *answered);
        for (answered, started, signal, bytes) in &flying {
            self.pacer.answered(*started, *bytes, *signal, *answered);
            self.now = *answered;
        }
        flying.len()
    }

    fn waves(&mut self, count: usize, told: Told) -> Vec<usize> {
        (0..count).map(|_| self.wave(|_| told)).collect()
    }
}

#[test]
fn it_starts_with_one_and_soon_reaches_sixteen() {
    assert_eq!(Waves::new().waves(6, USUAL), [1, 4, 8, 16, 16, 16]);
}

#[test]
fn nothing_grows_before_something_is_taken() {
    let refused = (Signal::Nothing, 200, 10_000);
    assert_eq!(Waves::new().waves(5, refused), [1; 5]);
}

#[test]
fn busy_answers_to_one_wave_shrink_it_once() {
    let mut waves = Waves::new();
    waves.waves(5, USUAL);
    assert_eq!(waves.wave(|_| (Signal::Busy, 10, 10_000)), 16);
    assert_eq!(waves.wave(|_| USUAL), 11);
}

#[test]
fn a_slow_answer_a_wave_shrinks_nothing() {
    let mut waves = Waves::new();
    waves.waves(5, USUAL);
    for _ in 0..20 {
        let slow = |nth| {
            if nth == 0 {
                (Signal::Taken, 9_000, 10_000)
            } else {
                USUAL
            }
        };
        assert_eq!(waves.wave(slow), 16);
    }
}

#[test]
fn one_slow_wave_is_chance_and_two_are_not() {
    let slow = (Signal::Taken, 300, 10_000);
    let mut waves = Waves::new();
    waves.waves(5, USUAL);
    waves.wave(|_| slow);
    assert_eq!(waves.waves(2, USUAL), [16, 16]);
    waves.waves(2, slow);
    assert_eq!(waves.wave(|_| USUAL), 11);
}

#[test]
fn answers_that_never_come_are_slow_and_broken_connections_are_not() {
    for (lost, width) in [
        ((Signal::Lost, 30_000, 10_000), 11),
        ((Signal::Lost, 5, 10_000), 16),
    ] {
        let mut waves = Waves::new();
        waves.waves(5, USUAL);
        waves.wave(|_| lost);
        assert_eq!(waves.wave(|_| USUAL), width, "{lost:?}");
    }
}

#[test]
fn a_large_batch_is_not_a_slow_one() {
    let mut waves = Waves::new();
    let large = |nth| {
        if nth % 2 == 0 {
            (Signal::Taken, 4_000, 90_000)
        } else {
            (Signal::Taken, 50, 1_000)
        }
    };
    for _ in 0..4 {
        waves.wave(large);
    }
    for _ in 0..20 {
        assert_eq!(waves.wave(|_| (Signal::Taken, 4_000, 90_000)), 16);
        assert_eq!(waves.wave(large), 16);
    }
}

#[test]
fn a_server_that_got_slower_for_everybody_is_not_left_alone() {
    let mut waves = Waves::new();
    waves.waves(5, USUAL);
    let widths = waves.waves(12, (Signal::Taken, 600, 10_000));
    assert!(
        widths.contains(&11),
        "it tries whether fewer help: {widths:?}"
    );
    assert_eq!(widths.last(), Some(&16), "{widths:?}");
}

#[test]
fn an_outage_leaves_one_and_ends_in_a_few_waves() {
    for outage in [(Signal::Busy, 1, 10_000), (Signal::Lost, 30_000, 10_000)] {
        let mut waves = Waves::new();
        waves.waves(5, USUAL);
        assert_eq!(waves.waves(30, outage).last(), Some(&1));
        let up = waves.waves(4, USUAL);
        assert!(up.last() >= Some(&11), "{outage:?}: {up:?}");
    }
}

#[test]
fn a_width_that_is_sent_away_is_tried_ever_more_rarely() {
    let mut waves = Waves::new();
    let mut tried = Vec::new();
    for nth in 0..1_000 {
        // Three places; who comes fourth is sent away at once.
        if waves.wave(|nth| {
            if nth < 3 {
                USUAL
            } else {
                (Signal::Busy, 5, 10_000)
            }
        }) > 3
        {
            tried.push(nth);
        }
    }
    let gaps: Vec<_> = tried.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(gaps.is_sorted() && gaps.len() > 4, "{gaps:?}");
    assert!(gaps.last() > Some(&100), "{gaps:?}");
}

#[test]
fn a_width_that_is_not_needed_does_not_grow() {
    let mut waves = Waves::new();
    waves.waves(2, USUAL);
    // From here on there is never more than one batch to send.
    for _ in 0..20 {
        assert!(waves.pacer.may_start(0, waves.now));
        let started = waves.pacer.started(waves.now);
        waves.now += Duration::from_millis(200);
        waves
            .pacer
            .answered(started, 10_000, Signal::Taken, waves.now);
    }
    assert_eq!(waves.wave(|_| USUAL), 8);
}
