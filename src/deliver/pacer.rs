//! The pace that all senders share: how many at once, pauses that the server ordered, and backoff.
//!
//! Owns the arithmetic of waiting. Waits for nothing itself: a clock and a source of chance are handed in.

use std::time::Duration;

use tokio::time::Instant;

/// The first backoff is drawn from zero to this.
const BACKOFF_BASE: Duration = Duration::from_millis(500);
/// No backoff is longer than this.
const BACKOFF_MOST: Duration = Duration::from_secs(30);

/// The pace of a run.
#[derive(Debug)]
pub struct Pacer {
    senders: usize,
    paused_until: Option<Instant>,
    /// All ordered pauses that are over, or have been replaced by a longer one.
    paused: Duration,
    paused_since: Option<Instant>,
}

impl Pacer {
    /// A pace of so many senders.
    pub fn new(senders: usize) -> Pacer {
        Pacer {
            senders,
            paused_until: None,
            paused: Duration::ZERO,
            paused_since: None,
        }
    }

    /// Whether one more request may start now.
    pub fn may_start(&mut self, in_flight: usize, now: Instant) -> bool {
        self.end_pause(now);
        in_flight < self.senders && self.paused_until.is_none()
    }

    /// Stops all senders; a pause never ends sooner for a second order.
    pub fn pause(&mut self, now: Instant, lasts: Duration) {
        self.end_pause(now);
        let until = now + lasts;
        if lasts > Duration::ZERO && self.paused_until.is_none_or(|end| end < until) {
            self.paused_until = Some(until);
            self.paused_since.get_or_insert(now);
        }
    }

    /// When the pause ends; `None` when there is none.
    pub fn paused_until(&self) -> Option<Instant> {
        self.paused_until
    }

    /// The time that ordered pauses have taken so far: it uses up no budget.
    pub fn paused(&self, now: Instant) -> Duration {
        let end = self.paused_until.map_or(now, |until| until.min(now));
        self.paused
            + self
                .paused_since
                .map_or(Duration::ZERO, |since| end.saturating_duration_since(since))
    }

    fn end_pause(&mut self, now: Instant) {
        if self.paused_until.is_some_and(|until| until <= now) {
            self.paused = self.paused(now);
            self.paused_until = None;
            self.paused_since = None;
        }
    }
}

/// Full-jitter backoff: anything from nothing to a bound that doubles with each attempt (Brooker, "Exponential Backoff
/// and Jitter", 2015).
pub fn backoff(attempts: u32, chance: &mut fastrand::Rng) -> Duration {
    let doublings = attempts.saturating_sub(1).min(16);
    BACKOFF_BASE
        .saturating_mul(1 << doublings)
        .min(BACKOFF_MOST)
        .mul_f64(chance.f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[test]
    fn a_pause_stops_all_senders_until_it_is_over() {
        let start = Instant::now();
        let mut pacer = Pacer::new(2);
        assert!(pacer.may_start(1, start) && !pacer.may_start(2, start));
        pacer.pause(start, seconds(10));
        assert!(!pacer.may_start(0, start + seconds(9)));
        assert!(pacer.may_start(0, start + seconds(10)));
    }

    #[test]
    fn a_shorter_order_does_not_end_a_longer_pause() {
        let start = Instant::now();
        let mut pacer = Pacer::new(1);
        pacer.pause(start, seconds(10));
        pacer.pause(start + seconds(1), seconds(2));
        assert_eq!(pacer.paused_until(), Some(start + seconds(10)));
    }

    #[test]
    fn overlapping_pauses_are_counted_once() {
        let start = Instant::now();
        let mut pacer = Pacer::new(1);
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
}
