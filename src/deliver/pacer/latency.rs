//! Is the server slower than it was? Each answer is compared with what is usual for its size.
//!
//! Pure arithmetic of latencies. What a slow round leads to is decided in `width`.

use std::collections::BTreeMap;
use std::time::Duration;

/// A round is slow when its middle answer took this many times the usual…
const SLOW: f64 = 1.15;
/// …and this many spreads more, of which a middle of n answers shows the nth root less.
const SPREADS: f64 = 4.0;
/// A round this many times as slow is not chance.
const GROSS: f64 = 1.6;
/// A round of this many answers moves what is usual half of the way down…
const HALFWAY: f64 = 4.0;
/// …but up by this many times less: the usual latency is that of a server without load.
const RELUCTANCE: f64 = 4.0;
/// The spread is the plain mean at first, and follows slowly after this many answers.
const MEMORY: u32 = 64;
/// One answer counts as straying by at most this many usual latencies.
const OUTLIER: f64 = 4.0;
/// Latencies below this are the clock's, not the server's. In seconds.
const GRAIN: f64 = 0.001;

/// What an answer took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub(super) bytes: usize,
    pub(super) took: Duration,
}

impl Sample {
    /// The power of two that the bytes reach: a probe of one contact is no measure for a batch of a hundred.
    fn class(self) -> u32 {
        self.bytes.max(1).ilog2()
    }

    fn seconds(self) -> f64 {
        self.took.as_secs_f64().max(GRAIN)
    }
}

/// What is usual, and how far answers stray from it.
#[derive(Debug, Default)]
pub(super) struct Latency {
    /// Seconds, by class of size.
    usual: BTreeMap<u32, f64>,
    /// How far answers stray from the middle of their round, as a part of it.
    spread: Mean,
}

/// A mean that follows slowly.
#[derive(Clone, Copy, Debug, Default)]
struct Mean {
    value: f64,
    count: u32,
}

impl Mean {
    fn follow(&mut self, sample: f64) {
        self.count = (self.count + 1).min(MEMORY);
        self.value += (sample - self.value) / f64::from(self.count);
    }
}

impl Latency {
    /// What an answer took, in usual latencies of its size; `None` while those are not known.
    pub(super) fn slowness(&self, sample: Sample) -> Option<f64> {
        let usual = self.usual.get(&sample.class())?;
        Some(sample.seconds() / usual)
    }

    /// Whether a round of this many answers with this middle is slow.
    pub(super) fn is_slow(&self, middle: f64, answers: u32) -> bool {
        let stray = self.spread.value / f64::from(answers.max(1)).sqrt();
        middle > SLOW + SPREADS * stray
    }

    /// Whether it is so slow that no second round is needed to see it.
    pub(super) fn is_gross(&self, middle: f64, answers: u32) -> bool {
        self.is_slow(middle / GROSS, answers)
    }

    /// Learns from a round what is usual.
    pub(super) fn learn(&mut self, round: &[Sample]) {
        let mut classes: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
        for sample in round {
            let class = classes.entry(sample.class()).or_default();
            class.push(sample.seconds());
        }
        for (class, seconds) in classes {
            self.learn_class(class, &seconds);
        }
    }

    fn learn_class(&mut self, class: u32, seconds: &[f64]) {
        let Some(middle) = middle(seconds.to_vec()) else {
            return;
        };
        for second in seconds {
            let stray = (second / middle - 1.0).abs();
            self.spread.follow(stray.min(OUTLIER));
        }
        let usual = self.usual.entry(class).or_insert(middle);
        let answers = seconds.iter().map(|_| 1.0).sum::<f64>();
        let down = answers / (answers + HALFWAY);
        let gain = if middle < *usual {
            down
        } else {
            down / RELUCTANCE
        };
        *usual += (middle - *usual) * gain;
    }

    /// Takes a slowness for usual from here on.
    pub(super) fn get_used_to(&mut self, slowness: f64) {
        for usual in self.usual.values_mut() {
            *usual *= slowness;
        }
    }
}

/// The middle of a round: of an even number the upper one, but never the slower of two. A single slow answer is not it.
pub(super) fn middle(mut slownesses: Vec<f64>) -> Option<f64> {
    slownesses.sort_by(f64::total_cmp);
    let half = slownesses.len() / 2;
    let index = if half == 1 && slownesses.len() == 2 {
        0
    } else {
        half
    };
    slownesses.get(index).copied()
}
