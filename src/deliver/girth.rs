//! How many bytes a request may have, as a run learns it: from a 413, which says so, and from silence, which does not.
//!
//! Silence has many causes, so it is believed only where size is all that is left: two batches went unanswered, every
//! contact of both was taken in smaller pieces, and nothing as large was taken meanwhile. Pure bookkeeping.

use std::collections::HashMap;
use std::time::Duration;

use super::suspicion::Origin;
use crate::verdict::Verdict;

/// No clear answer for so long is silence; what fails sooner fails for another reason than its size.
const SILENCE: Duration = Duration::from_secs(2);
/// So many batches must show that size alone was in the way.
const WITNESSES: usize = 2;

/// What a run has learnt of the size of requests.
#[derive(Debug, Default)]
pub(super) struct Girth {
    cap: Option<usize>,
    /// Batches that fell silent and are tried in smaller pieces.
    trials: HashMap<Origin, Trial>,
    /// Sizes that fell silent although all their contacts were taken in pieces.
    witnesses: Vec<usize>,
}

#[derive(Debug)]
struct Trial {
    /// Contacts that were not taken yet.
    open: usize,
    /// The smallest size that fell silent, in bytes.
    silent: usize,
}

/// Whether a request that took so long was met with silence.
pub(super) fn is_silence(verdict: &Verdict, took: Duration) -> bool {
    matches!(verdict, Verdict::Unclear(_)) && took >= SILENCE
}

impl Girth {
    /// Bytes that no request of several contacts should exceed.
    pub(super) fn cap(&self) -> Option<usize> {
        self.cap
    }

    /// The server said that so many bytes are too many: the cap from here on.
    pub(super) fn too_large(&mut self, bytes: usize) -> usize {
        let cap = (bytes / 2).min(self.cap.unwrap_or(usize::MAX));
        self.cap = Some(cap);
        cap
    }

    /// Whether another batch is being tried in smaller pieces: one at a time, so that an outage shreds no more.
    pub(super) fn tries_another(&self, origin: Origin) -> bool {
        self.trials.keys().any(|tried| *tried != origin)
    }

    /// A batch, or a piece of one, fell silent, and is cut smaller.
    pub(super) fn fell_silent(&mut self, origin: Origin, bytes: usize, contacts: usize) {
        let trial = self.trials.entry(origin).or_insert(Trial {
            open: contacts,
            silent: bytes,
        });
        trial.silent = trial.silent.min(bytes);
    }

    /// A request was taken. The new cap, where that is the last proof it needs.
    pub(super) fn taken(&mut self, origin: Origin, bytes: usize, contacts: usize) -> Option<usize> {
        self.witnesses.retain(|silent| bytes < *silent);
        let trial = self.trials.get_mut(&origin)?;
        trial.open = trial.open.saturating_sub(contacts);
        if trial.open > 0 {
            return None;
        }
        let trial = self.trials.remove(&origin)?;
        self.witnesses
            .extend((bytes < trial.silent).then_some(trial.silent));
        self.conclude()
    }

    /// A contact of the batch ended otherwise: then it may be why, and not the size.
    pub(super) fn spoilt(&mut self, origin: Origin) {
        self.trials.remove(&origin);
    }

    fn conclude(&mut self) -> Option<usize> {
        if self.witnesses.len() < WITNESSES {
            return None;
        }
        let silent = self.witnesses.drain(..).min()?;
        let is_news = self.cap.is_none_or(|cap| silent / 2 < cap);
        is_news.then(|| self.too_large(silent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::suspicion::Suspicion;

    /// What happens to the batches of a run, by their numbers.
    enum Told {
        Silent(usize, usize, usize),
        Taken(usize, usize, usize),
        Spoilt(usize),
    }
    use Told::{Silent, Spoilt, Taken};

    fn cap_after(told: &[Told]) -> Option<usize> {
        let mut suspicion = Suspicion::default();
        let origins: Vec<Origin> = (0..4).map(|_| suspicion.enter(100)).collect();
        let mut girth = Girth::default();
        for told in told {
            match *told {
                Silent(nth, bytes, contacts) => girth.fell_silent(origins[nth], bytes, contacts),
                Taken(nth, bytes, contacts) => drop(girth.taken(origins[nth], bytes, contacts)),
                Spoilt(nth) => girth.spoilt(origins[nth]),
            }
        }
        girth.cap()
    }

    #[test]
    fn silence_makes_requests_smaller_only_where_nothing_but_size_explains_it() {
        let cases: &[(&str, &[Told], Option<usize>)] = &[
            (
                "two batches went through in halves",
                &[
                    Silent(0, 10_000, 100),
                    Taken(0, 5_000, 50),
                    Taken(0, 5_000, 50),
                    Silent(1, 9_000, 100),
                    Taken(1, 4_500, 50),
                    Taken(1, 4_500, 50),
                ],
                Some(4_500),
            ),
            (
                "halves were silent too, quarters went through",
                &[
                    Silent(0, 10_000, 100),
                    Silent(0, 5_000, 50),
                    Silent(0, 5_200, 50),
                    Taken(0, 2_600, 50),
                    Taken(0, 2_500, 50),
                    Silent(1, 10_000, 100),
                    Taken(1, 2_500, 100),
                ],
                Some(2_500),
            ),
            (
                "one batch alone can be chance",
                &[Silent(0, 10_000, 100), Taken(0, 5_000, 100)],
                None,
            ),
            (
                "one contact was the cause",
                &[
                    Silent(0, 10_000, 100),
                    Taken(0, 5_000, 99),
                    Spoilt(0),
                    Silent(1, 10_000, 100),
                    Taken(1, 5_000, 100),
                ],
                None,
            ),
            (
                "a batch as large was taken between",
                &[
                    Silent(0, 10_000, 100),
                    Taken(0, 5_000, 100),
                    Taken(2, 10_000, 100),
                    Silent(1, 10_000, 100),
                    Taken(1, 5_000, 100),
                ],
                None,
            ),
            (
                "not all of it was taken yet",
                &[
                    Silent(0, 10_000, 100),
                    Taken(0, 5_000, 100),
                    Silent(1, 10_000, 100),
                    Taken(1, 5_000, 50),
                ],
                None,
            ),
        ];
        for (case, told, cap) in cases {
            assert_eq!(cap_after(told), *cap, "{case}");
        }
    }

    #[test]
    fn the_cap_never_grows() {
        let mut girth = Girth::default();
        assert_eq!(girth.too_large(10_000), 5_000);
        assert_eq!(girth.too_large(20_000), 5_000);
        assert_eq!(girth.too_large(4_000), 2_000);
    }

    #[test]
    fn one_batch_at_a_time_is_tried_in_pieces() {
        let mut suspicion = Suspicion::default();
        let (one, other) = (suspicion.enter(100), suspicion.enter(100));
        let mut girth = Girth::default();
        girth.fell_silent(one, 10_000, 100);
        assert!(girth.tries_another(other) && !girth.tries_another(one));
    }

    #[test]
    fn only_a_long_wait_is_silence() {
        let lost = Verdict::Unclear(crate::verdict::Trouble {
            fault: crate::verdict::DeliveryFault::RequestLost,
            retry_after: None,
        });
        assert!(!is_silence(&lost, Duration::from_millis(1_999)));
        assert!(is_silence(&lost, Duration::from_secs(30)));
    }
}
