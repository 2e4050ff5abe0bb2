//! The pace that all senders share: how many at once, how many a second, pauses that the server ordered, and backoff.
//!
//! Owns the arithmetic of waiting. Waits for nothing itself: a clock and a source of chance are handed in. How many at
//! once is a good number is found out in `width`.

mod latency;
mod signal;
mod width;

use std::num::NonZeroUsize;
use std::time::Duration;

use tokio::time::Instant;

pub(crate) use signal::Signal;

use latency::Sample;
use width::{Era, Width};

/// The first backoff is drawn from zero to this.
const BACKOFF_BASE: Duration = Duration::from_millis(500);
/// No backoff is longer than this.
const BACKOFF_MOST: Duration = Duration::from_secs(30);

/// How fast a run may go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Requests in flight at once.
    pub concurrency: Concurrency,
    /// Requests a second, where there is a limit.
    pub rate: Option<Rate>,
}

impl Pace {
    /// This many requests at once, as fast as they are answered.
    pub(crate) const fn fixed(senders: NonZeroUsize) -> Pace {
        Pace {
            concurrency: Concurrency::Fixed(senders),
            rate: None,
        }
    }
}

/// How many requests may be in flight at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concurrency {
    /// As many as the server answers well, from 1 to 16.
    Auto,
    /// This many.
    Fixed(NonZeroUsize),
}

impl Concurrency {
    /// The most that can be in flight.
    pub fn most(self) -> usize {
        match self {
            Concurrency::Auto => width::MOST,
            Concurrency::Fixed(senders) => senders.get(),
        }
    }
}

/// A limit of requests a second, kept as the least time between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    interval: Duration,
}

impl Rate {
    /// This many requests a second; `None` below one in 1,000 s and above 1,000 a second, which no clock here can keep.
    pub(crate) fn per_second(requests: f64) -> Option<Rate> {
        (0.001..=1_000.0).contains(&requests).then(|| Rate {
            interval: Duration::from_secs_f64(1.0 / requests),
        })
    }
}

/// A request in flight, as the pacer knows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Started {
    at: Instant,
    era: Era,
}

impl Started {
    /// How long it has been in flight.
    pub(crate) fn took(self, now: Instant) -> Duration {
        now.saturating_duration_since(self.at)
    }
}

/// The pace of a run.
#[derive(Debug)]
pub(crate) struct Pacer {
    senders: Senders,
    rate: Option<Rate>,
    /// When the rate allows another request.
    next_start: Option<Instant>,
    paused_until: Option<Instant>,
    /// All ordered pauses that are over, or have been replaced by a longer one.
    paused: Duration,
    paused_since: Option<Instant>,
}

#[derive(Debug)]
enum Senders {
    Auto(Box<Width>),
    Fixed(usize),
}

impl Pacer {
    /// The pace of a run that begins.
    pub(crate) fn new(pace: Pace) -> Pacer {
        Pacer {
            senders: match pace.concurrency {
                Concurrency::Auto => Senders::Auto(Box::default()),
                Concurrency::Fixed(senders) => Senders::Fixed(senders.get()),
            },
            rate: pace.rate,
            next_start: None,
            paused_until: None,
            paused: Duration::ZERO,
            paused_since: None,
        }
    }

    /// Whether one more request may start now.
    pub(crate) fn may_start(&mut self, in_flight: usize, now: Instant) -> bool {
        self.end_pause(now);
        if self.opens_at(now).is_some() {
            return false;
        }
        match &mut self.senders {
            Senders::Auto(width) => width.has_room(in_flight),
            Senders::Fixed(senders) => in_flight < *senders,
        }
    }

    /// A request starts; what is returned comes back with its answer.
    pub(crate) fn started(&mut self, now: Instant) -> Started {
        // A late start moves all that follow: two are never closer than the interval, whatever a timer's grain is.
        self.next_start = self.rate.map(|rate| now + rate.interval);
        Started {
            at: now,
            era: match &self.senders {
                Senders::Auto(width) => width.era(),
                Senders::Fixed(_) => Era::default(),
            },
        }
    }

    /// A request of this many bytes was answered, or given up.
    pub(crate) fn answered(
        &mut self,
        started: Started,
        bytes: usize,
        signal: Signal,
        now: Instant,
    ) {
        if let Senders::Auto(width) = &mut self.senders {
            let took = started.took(now);
            width.answered(started.era, signal, Sample { bytes, took }, now);
        }
    }

    /// When time alone lets a request start that may not start now; `None` when time is not what it waits for.
    pub(crate) fn opens_at(&self, now: Instant) -> Option<Instant> {
        let opens = self.paused_until.into_iter().chain(self.next_start).max();
        opens.filter(|opens| *opens > now)
    }

    /// Stops all senders; a pause never ends sooner for a second order.
    pub(crate) fn pause(&mut self, now: Instant, lasts: Duration) {
        self.end_pause(now);
        let until = now + lasts;
        if lasts > Duration::ZERO && self.paused_until.is_none_or(|end| end < until) {
            self.paused_until = Some(until);
            self.paused_since.get_or_insert(now);
            if let Senders::Auto(width) = &mut self.senders {
                width.paused(until, lasts);
            }
        }
    }

    /// The time that ordered pauses have taken so far: it uses up no budget.
    pub(crate) fn paused(&self, now: Instant) -> Duration {
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
pub(crate) fn backoff(attempts: u32, chance: &mut fastrand::Rng) -> Duration {
    let doublings = attempts.saturating_sub(1).min(16);
    BACKOFF_BASE
        .saturating_mul(1 << doublings)
        .min(BACKOFF_MOST)
        .mul_f64(chance.f64())
}

#[cfg(test)]
mod tests;
