//! How many bytes a request may have, as a run learns it from answers 413 and from timeouts.
//!
//! A timeout says nothing about size. It lowers the limit only after two batches timed out whole, every contact of
//! both was accepted in smaller pieces, and nothing as large was accepted in between. Pure bookkeeping.

use std::collections::HashMap;
use std::time::Duration;

use super::mass_refusal::BatchId;
use crate::verdict::Verdict;

/// A request without a clear answer counts as silent from here on; one that fails sooner (a reset, a 502) does not
/// fail for its size.
const SILENCE: Duration = Duration::from_secs(2);
/// The batches that must show that size alone was the cause: one can be chance.
const WITNESSES: usize = 2;

/// What a run has learnt about the size of requests.
#[derive(Debug, Default)]
pub(super) struct SizeLimit {
    cap: Option<usize>,
    /// Batches that timed out and are tried in smaller pieces.
    trials: HashMap<BatchId, SizeTrial>,
    /// Sizes that timed out although all their contacts were accepted in pieces.
    witnesses: Vec<usize>,
}

#[derive(Debug)]
struct SizeTrial {
    /// Contacts that were not accepted yet.
    open: usize,
    /// The smallest size that timed out, in bytes.
    silent: usize,
}

/// Whether a request timed out, by its verdict and by how long it took.
pub(super) fn is_silence(verdict: &Verdict, took: Duration) -> bool {
    matches!(verdict, Verdict::Unclear(_)) && took >= SILENCE
}

impl SizeLimit {
    /// The bytes that no request of several contacts should exceed.
    pub(super) fn cap(&self) -> Option<usize> {
        self.cap
    }

    /// A request of this size was too large: the cap from here on.
    pub(super) fn too_large(&mut self, bytes: usize) -> usize {
        // Half: the real limit is unknown, and halving finds a size that passes within a few requests.
        let cap = (bytes / 2).min(self.cap.unwrap_or(usize::MAX));
        self.cap = Some(cap);
        cap
    }

    /// Whether another batch is being tried in smaller pieces. One at a time: in an outage, every batch times out, and
    /// cutting them all would multiply the requests for nothing.
    pub(super) fn tries_another(&self, id: BatchId) -> bool {
        self.trials.keys().any(|tried| *tried != id)
    }

    /// A batch, or a piece of one, timed out and is cut smaller.
    pub(super) fn fell_silent(&mut self, id: BatchId, bytes: usize, contacts: usize) {
        let trial = self.trials.entry(id).or_insert(SizeTrial {
            open: contacts,
            silent: bytes,
        });
        trial.silent = trial.silent.min(bytes);
    }

    /// A request was accepted. Returns the new cap, if this is the last proof it needs.
    pub(super) fn taken(&mut self, id: BatchId, bytes: usize, contacts: usize) -> Option<usize> {
        // A request at least as large was accepted, so size was not what timed those out.
        self.witnesses.retain(|silent| bytes < *silent);
        let trial = self.trials.get_mut(&id)?;
        trial.open = trial.open.saturating_sub(contacts);
        if trial.open > 0 {
            return None;
        }
        let trial = self.trials.remove(&id)?;
        self.witnesses
            .extend((bytes < trial.silent).then_some(trial.silent));
        self.conclude()
    }

    /// A contact of the batch was not accepted: then it may be the cause, not the size.
    pub(super) fn spoilt(&mut self, id: BatchId) {
        self.trials.remove(&id);
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
    use crate::deliver::mass_refusal::MassRefusal;

    /// What happens to the batches of a run, by their numbers.
    enum Seen {
        Silent(usize, usize, usize),
        Taken(usize, usize, usize),
        Spoilt(usize),
    }
    use Seen::{Silent, Spoilt, Taken};

    fn cap_after(seen: &[Seen]) -> Option<usize> {
        let mut mass_refusal = MassRefusal::default();
        let batches: Vec<BatchId> = (0..4).map(|_| mass_refusal.enter(100)).collect();
        let mut size_limit = SizeLimit::default();
        for seen in seen {
            match *seen {
                Silent(nth, bytes, contacts) => {
                    size_limit.fell_silent(batches[nth], bytes, contacts)
                }
                Taken(nth, bytes, contacts) => {
                    let _ = size_limit.taken(batches[nth], bytes, contacts);
                }
                Spoilt(nth) => size_limit.spoilt(batches[nth]),
            }
        }
        size_limit.cap()
    }

    #[test]
    fn silence_makes_requests_smaller_only_where_nothing_but_size_explains_it() {
        let cases: &[(&str, &[Seen], Option<usize>)] = &[
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
        for (case, seen, cap) in cases {
            assert_eq!(cap_after(seen), *cap, "{case}");
        }
    }

    #[test]
    fn the_cap_never_grows() {
        let mut size_limit = SizeLimit::default();
        assert_eq!(size_limit.too_large(10_000), 5_000);
        assert_eq!(size_limit.too_large(20_000), 5_000);
        assert_eq!(size_limit.too_large(4_000), 2_000);
    }

    #[test]
    fn one_batch_at_a_time_is_tried_in_pieces() {
        let mut mass_refusal = MassRefusal::default();
        let (one, other) = (mass_refusal.enter(100), mass_refusal.enter(100));
        let mut size_limit = SizeLimit::default();
        size_limit.fell_silent(one, 10_000, 100);
        assert!(size_limit.tries_another(other) && !size_limit.tries_another(one));
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
