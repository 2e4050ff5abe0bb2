//! How many requests at once the server answers well, found by trying.
//!
//! Owns the search: doubling at first, then one more a round, less by a third when the server is busy or slow (as TCP
//! does: RFC 5681, and RFC 9438 for the third). A width that failed is a ceiling, tried again ever more rarely, so that
//! a server with a hard limit hears of it seldom. Waits for nothing, and knows no clock but the one handed in.

use std::time::Duration;

use tokio::time::Instant;

use super::latency::{Latency, Sample, middle};
use super::signal::Signal;

/// No server is well served by more.
pub(super) const MOST: usize = 16;
/// Safe once the first request has shown that anything is accepted at all.
const SECOND: usize = 4;
/// What is left of a width that was too much, in tenths.
const LEFT: usize = 7;
/// A width that went well for this many rounds has proved itself.
const PROVED: u32 = 2;
/// Batches that are accepted before a ceiling is tried again; twice as many each time it proves true…
const CARRIED: u32 = 32;
/// …up to this many doublings.
const MOST_STUBBORN: u32 = 5;
/// A ceiling that costs a pause is left alone for this many times the pause.
const PAUSES: u32 = 4;
/// A smaller width has helped when the middle answer takes no more than this part of what it took.
const HELPED: f64 = 0.85;

/// The time of one width. What started in another says nothing of this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Era(u64);

/// The number of requests that may be in flight.
#[derive(Debug)]
pub(super) struct Width {
    width: usize,
    /// Below this it doubles.
    doubles_until: usize,
    ceiling: Option<Ceiling>,
    era: Era,
    /// The era that the last cut began.
    cut_in: Era,
    /// Something was taken since.
    carries: bool,
    /// Rounds that went well at this width.
    well: u32,
    /// The last width at which a round went well.
    good: usize,
    /// The largest width that went well for long: a fault there is not about the width.
    proved: usize,
    round: Round,
    doubt: Doubt,
    latency: Latency,
}

/// What is judged at once: a round of answers to requests that started at the width.
#[derive(Debug)]
struct Round {
    length: usize,
    answers: usize,
    taken: Vec<Sample>,
    lost: Vec<Sample>,
    /// A request had to wait for room: the width was in use.
    full: bool,
}

/// What latency has made of the last round.
#[derive(Clone, Copy, Debug)]
enum Doubt {
    /// It was as usual.
    None,
    /// It was slow, at this width. The next shows whether that was chance, or no more than a leap too far.
    Slow { width: usize },
    /// It was slow twice, first at this width, which was cut: the next shows whether that helped.
    Cut { slowness: f64, width: usize },
}

/// A width that was too much.
#[derive(Clone, Copy, Debug)]
struct Ceiling {
    at: usize,
    /// How often it was tried again and was too much again.
    stubborn: u32,
    /// Batches that were taken since.
    carried: u32,
    /// It is left alone until then.
    until: Option<Instant>,
}

impl Round {
    fn of(length: usize) -> Round {
        Round {
            length,
            answers: 0,
            taken: Vec::with_capacity(length),
            lost: Vec::new(),
            full: false,
        }
    }
}

impl Ceiling {
    fn may_be_tried(&self, now: Instant) -> bool {
        self.carried >= CARRIED << self.stubborn && self.until.is_none_or(|until| until <= now)
    }
}

impl Default for Width {
    fn default() -> Width {
        Width {
            width: 1,
            doubles_until: MOST,
            ceiling: None,
            era: Era::default(),
            cut_in: Era::default(),
            carries: false,
            well: 0,
            good: 1,
            proved: 1,
            round: Round::of(1),
            doubt: Doubt::None,
            latency: Latency::default(),
        }
    }
}

impl Width {
    /// The era in which a request starts now.
    pub(super) fn era(&self) -> Era {
        self.era
    }

    /// Whether one more fits beside those in flight.
    pub(super) fn has_room(&mut self, in_flight: usize) -> bool {
        let room = in_flight < self.width;
        self.round.full |= !room;
        room
    }

    /// Takes an answer into account.
    pub(super) fn answered(&mut self, era: Era, signal: Signal, sample: Sample, now: Instant) {
        if era < self.cut_in {
            return;
        }
        match signal {
            Signal::Busy => return self.cut(Doubt::None),
            Signal::Taken => self.carries(),
            Signal::Lost | Signal::Nothing => {}
        }
        if era == self.era {
            self.count(signal, sample, now);
        }
    }

    fn count(&mut self, signal: Signal, sample: Sample, now: Instant) {
        match signal {
            Signal::Taken => self.round.taken.push(sample),
            Signal::Lost => self.round.lost.push(sample),
            Signal::Busy | Signal::Nothing => {}
        }
        self.round.answers += 1;
        if self.round.answers >= self.round.length {
            self.end_round(now);
        }
    }

    /// An ordered pause: what led to it is not tried again soon.
    pub(super) fn paused(&mut self, until: Instant, lasts: Duration) {
        if let Some(ceiling) = &mut self.ceiling {
            let rest = lasts.saturating_mul(PAUSES << ceiling.stubborn);
            ceiling.until = until.checked_add(rest);
        }
    }

    fn carries(&mut self) {
        self.carries = true;
        if let Some(ceiling) = &mut self.ceiling {
            ceiling.carried = ceiling.carried.saturating_add(1);
        }
    }

    fn end_round(&mut self, now: Instant) {
        let round = std::mem::replace(&mut self.round, Round::of(self.width));
        let slownesses = self.slownesses(&round);
        let answers = u32::try_from(slownesses.len()).unwrap_or(u32::MAX);
        let middle = middle(slownesses).unwrap_or(1.0);
        let is_slow = self.width > 1 && self.latency.is_slow(middle, answers);
        let here = Doubt::Slow { width: self.width };
        match std::mem::replace(&mut self.doubt, Doubt::None) {
            _ if is_slow && round.taken.is_empty() => self.cut(Doubt::None),
            Doubt::Cut { slowness, width }
                if !has_helped(slowness, middle) && !round.taken.is_empty() =>
            {
                self.blame_the_server(middle, width);
                self.grow(now);
            }
            Doubt::Slow { width } if is_slow => self.cut(Doubt::Cut {
                slowness: middle,
                width,
            }),
            _ if is_slow && self.latency.is_gross(middle, answers) => self.cut(here),
            _ if is_slow => self.doubt = here,
            _ => self.went_well(&round, now),
        }
    }

    /// What is lost at once (a connection that breaks) tells nothing of latency; an answer that does not come is slow.
    fn slownesses(&self, round: &Round) -> Vec<f64> {
        let slowness = |sample: &Sample| self.latency.slowness(*sample);
        let lost = round.lost.iter().filter_map(slowness);
        let late = lost.filter(|slowness| *slowness > 1.0);
        round
            .taken
            .iter()
            .filter_map(slowness)
            .chain(late)
            .collect()
    }

    fn went_well(&mut self, round: &Round, now: Instant) {
        if round.taken.is_empty() {
            return;
        }
        self.latency.learn(&round.taken);
        self.well = self.well.saturating_add(1);
        self.good = self.width;
        if self.well >= PROVED {
            self.proved = self.proved.max(self.width);
        }
        if round.full {
            self.grow(now);
        }
    }

    fn grow(&mut self, now: Instant) {
        let passed = self.ceiling.is_some_and(|ceiling| ceiling.at <= self.width);
        if passed && self.well < PROVED {
            return;
        }
        self.ceiling.take_if(|_| passed);
        let wanted = if self.width < self.doubles_until {
            (self.width * 2).max(SECOND).min(self.doubles_until)
        } else {
            self.width + 1
        };
        let most = match &self.ceiling {
            Some(ceiling) if !ceiling.may_be_tried(now) => ceiling.at - 1,
            _ => MOST,
        };
        let grown = wanted.min(most);
        if grown != self.width {
            self.change(grown);
        }
    }

    /// Fewer at once made nothing faster: the server is slower now for everybody, and the width was not to blame.
    fn blame_the_server(&mut self, slowness: f64, width: usize) {
        self.latency.get_used_to(slowness);
        self.ceiling = None;
        self.doubles_until = width;
    }

    fn cut(&mut self, doubt: Doubt) {
        // While nothing is taken (an outage, a closed door) nothing is learnt of how much was too much.
        if self.carries && self.width > 1 {
            self.learn(doubt);
        }
        self.change(reduced(self.width));
        self.cut_in = self.era;
        self.carries = false;
        self.doubt = doubt;
    }

    fn change(&mut self, width: usize) {
        // After a leap those that start at once are enough: the others were there before, and are not waited for.
        let leap = (width + 1).saturating_sub(self.width);
        self.round = Round::of(if leap > 2 { leap } else { width });
        self.width = width;
        self.era.0 += 1;
        self.well = 0;
    }

    /// A width that failed is a ceiling. A busy answer to one that has proved itself may be chance, once.
    fn learn(&mut self, doubt: Doubt) {
        let may_be_chance = matches!(doubt, Doubt::None) && self.width <= self.proved;
        self.doubles_until = if may_be_chance {
            self.width
        } else {
            self.learn_ceiling();
            Some(self.good)
                .filter(|good| *good < self.width)
                .unwrap_or(reduced(self.width))
        };
        self.proved = self.proved.min(self.width - 1);
    }

    fn learn_ceiling(&mut self) {
        let before = self.ceiling.filter(|ceiling| ceiling.at == self.width);
        self.ceiling = Some(Ceiling {
            at: self.width,
            stubborn: before.map_or(0, |ceiling| (ceiling.stubborn + 1).min(MOST_STUBBORN)),
            carried: 0,
            until: None,
        });
    }
}

/// A queue gets shorter with the width; what is slow for another reason stays as it is.
fn has_helped(before: f64, after: f64) -> bool {
    after <= (before * HELPED).max(before.midpoint(1.0))
}

fn reduced(width: usize) -> usize {
    (width * LEFT / 10).max(1)
}
