//! What a seed makes of a server: faults and how likely they are, poisoned contacts, an outage, a limit. Data alone.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use fastrand::Rng;

/// What can go wrong with a request, whatever it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 503.
    Busy,
    /// 429, with or without an order to wait.
    TooMany,
    /// 500, 502 or 504; it may have been taken.
    Error,
    /// Nobody listens.
    NoConnection,
    /// The connection ends before anything was taken.
    CutBefore,
    /// The connection ends when it was taken.
    CutAfter,
    /// Half of the answer comes.
    Half,
    /// No answer comes; it may have been taken.
    Stall,
}

/// All that a simulated server can do.
pub const ALL: [Fault; 8] = [
    Fault::Busy,
    Fault::TooMany,
    Fault::Error,
    Fault::NoConnection,
    Fault::CutBefore,
    Fault::CutAfter,
    Fault::Half,
    Fault::Stall,
];

/// A contact that was choked on so often is choked on for ever.
const FOR_EVER: usize = usize::MAX;

/// The course of a run, as far as the server makes it.
#[derive(Debug)]
pub struct Script {
    pub seed: u64,
    /// How many contacts there are; they are known by their numbers, from 0.
    pub contacts: usize,
    pub batch_size: usize,
    /// Contacts that the platform refuses, and every batch with them.
    pub refused: BTreeSet<usize>,
    /// Contacts at which the platform answers 500, and how often.
    choking: BTreeMap<usize, usize>,
    /// How likely each fault is.
    faults: Vec<(Fault, f64)>,
    /// Requests that all fail, by their numbers.
    outage: Range<usize>,
    /// From this request on, a body of more than this many bytes is too large.
    limit: Option<(usize, usize)>,
    /// No order to wait is longer, in seconds.
    pub longest_pause: u64,
}

impl Script {
    /// Much of everything: for a clock that jumps.
    pub fn wild(seed: u64) -> Script {
        let mut dice = Rng::with_seed(seed);
        let contacts = dice.usize(20..240);
        let outage_from = dice.usize(0..30);
        Script {
            seed,
            contacts,
            batch_size: dice.usize(1..=40),
            refused: some(&mut dice, contacts, 0.06),
            choking: choking(&mut dice, contacts, 0.03),
            faults: faults(&mut dice, &ALL, 0.7),
            outage: outage_from..outage_from + dice.usize(0..20),
            limit: Some((dice.usize(0..20), dice.usize(300..4_000))),
            longest_pause: 60,
        }
    }

    /// A little of these faults: for a clock that does not.
    pub fn brief(seed: u64, known: &[Fault]) -> Script {
        let mut dice = Rng::with_seed(seed);
        let contacts = dice.usize(30..60);
        let outage_from = dice.usize(2..10);
        Script {
            seed,
            contacts,
            batch_size: dice.usize(2..=8),
            refused: some(&mut dice, contacts, 0.08),
            choking: choking(&mut dice, contacts, 0.04),
            faults: faults(&mut dice, known, 0.35),
            outage: outage_from..outage_from + dice.usize(0..4),
            limit: dice
                .bool()
                .then(|| (dice.usize(0..10), dice.usize(300..800))),
            longest_pause: 0,
        }
    }

    /// What comes in the way of this request, if anything does.
    pub fn fault(&self, nth: usize, dice: &mut Rng) -> Option<Fault> {
        let sum: f64 = self.faults.iter().map(|(_, part)| part).sum();
        let whole = if self.outage.contains(&nth) { sum } else { 1.0 };
        let mut thrown = dice.f64() * whole;
        let hit = self.faults.iter().find(|(_, part)| {
            thrown -= part;
            thrown < 0.0
        });
        hit.map(|(fault, _)| *fault)
    }

    /// Dice that are thrown anew for each request, and fall the same in each run.
    pub fn dice(&self, nth: usize) -> Rng {
        Rng::with_seed(self.seed ^ (nth as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// Whether this request has more bytes than the platform takes by then.
    pub fn is_too_large(&self, nth: usize, bytes: usize) -> bool {
        self.limit
            .is_some_and(|(from, most)| nth >= from && bytes > most)
    }

    /// Whether the platform chokes on the contact, after it has done so this many times.
    pub fn chokes_on(&self, contact: usize, before: usize) -> bool {
        self.choking
            .get(&contact)
            .is_some_and(|times| before < *times)
    }

    /// The contacts that never get a clear answer.
    pub fn choked_on_for_ever(&self) -> BTreeSet<usize> {
        let for_ever = self.choking.iter().filter(|(_, times)| **times == FOR_EVER);
        for_ever
            .map(|(contact, _)| *contact)
            .filter(|contact| !self.refused.contains(contact))
            .collect()
    }

    /// The contacts that nothing but faults keeps from being taken.
    pub fn acceptable(&self) -> BTreeSet<usize> {
        let poisoned = &self.refused | &self.choked_on_for_ever();
        (0..self.contacts)
            .filter(|contact| !poisoned.contains(contact))
            .collect()
    }
}

fn some(dice: &mut Rng, contacts: usize, most: f64) -> BTreeSet<usize> {
    let part = dice.f64() * most;
    (0..contacts).filter(|_| dice.f64() < part).collect()
}

/// Half of them for ever, half of them a few times.
fn choking(dice: &mut Rng, contacts: usize, most: f64) -> BTreeMap<usize, usize> {
    let chosen = some(dice, contacts, most);
    let mut times = |contact| {
        let times = if dice.bool() {
            FOR_EVER
        } else {
            dice.usize(1..8)
        };
        (contact, times)
    };
    chosen.into_iter().map(&mut times).collect()
}

/// Some of these faults; together they are up to this part of all requests.
fn faults(dice: &mut Rng, known: &[Fault], most: f64) -> Vec<(Fault, f64)> {
    let weights: Vec<_> = known
        .iter()
        .map(|fault| (*fault, dice.f64().powi(2)))
        .collect();
    let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
    let part = dice.f64() * most / sum;
    let scaled = |(fault, weight)| (fault, weight * part);
    weights.into_iter().map(scaled).collect()
}
