//! Whether the platform refuses everything for one reason, judged from the refusals so far: bisecting n contacts that
//! are all refused would cost 2n requests.
//!
//! Pure bookkeeping: it sends nothing and ends nothing.

use std::collections::HashMap;

use crate::verdict::ServerAnswer;

/// Once something was accepted, whole batches refused for one reason before the next is probed instead of bisected.
const WHOLE_BATCHES: u32 = 2;
/// Probed batches, and contacts refused alone in them, that show that everything is refused. A probe is three contacts
/// (first, middle, last): two probes of whole batches, or six batches of one.
const PROBED_BATCHES: u32 = 2;
const PROBED_CONTACTS: u32 = 6;

/// A batch as it came in, whatever it was split into since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct BatchId(u64);

/// What the refusals so far amount to.
#[derive(Debug, Default)]
pub(crate) struct MassRefusal {
    accepted: bool,
    batches: HashMap<BatchId, Refusals>,
    next: u64,
    whole: HashMap<String, u32>,
    probed: HashMap<String, Proof>,
}

#[derive(Debug)]
struct Refusals {
    /// Contacts of the batch that have no final answer yet.
    open: usize,
    so_far: SoFar,
    probe: Option<Probe>,
}

/// What the final answers about a batch's contacts have in common.
#[derive(Debug, PartialEq, Eq)]
enum SoFar {
    Nothing,
    RefusedFor(String),
    Mixed,
}

#[derive(Debug)]
struct Probe {
    reason: String,
    /// Contacts that have no final answer yet.
    open: u32,
    contacts: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Proof {
    batches: u32,
    contacts: u32,
}

/// What a final answer about one contact of a probe says of the rest of its batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// The contact is not of a probe, or others of the probe have no answer yet.
    Nothing,
    /// Not all are refused: bisect the rest as usual.
    NotAll,
    /// All of the probe were refused for the reason: the rest of the batch waits for another batch's probe.
    AllOfThese,
    /// Two probed batches agree, and nothing was accepted between: everything is refused.
    Everything,
}

impl MassRefusal {
    /// A batch comes in.
    pub(crate) fn enter(&mut self, contacts: usize) -> BatchId {
        let id = BatchId(self.next);
        self.next += 1;
        self.batches.insert(
            id,
            Refusals {
                open: contacts,
                so_far: SoFar::Nothing,
                probe: None,
            },
        );
        id
    }

    /// Whether a batch that is refused for this reason should be probed before it is bisected.
    pub(crate) fn is_worth_a_probe(&self, reason: &str) -> bool {
        !self.accepted
            || self
                .whole
                .get(reason)
                .is_some_and(|count| *count >= WHOLE_BATCHES)
    }

    /// A batch is cut for its size before any of its contacts was judged: its parts enter as batches.
    pub(crate) fn withdraw(&mut self, id: BatchId) {
        self.batches.remove(&id);
    }

    /// This many contacts of the batch are sent alone.
    pub(crate) fn probe(&mut self, id: BatchId, reason: &str, contacts: usize) {
        if let Some(refusals) = self.batches.get_mut(&id) {
            let contacts = u32::try_from(contacts).unwrap_or(u32::MAX);
            refusals.probe = Some(Probe {
                reason: reason.to_owned(),
                open: contacts,
                contacts,
            });
        }
    }

    /// Contacts of the batch were accepted, so not everything is refused.
    pub(crate) fn accepted(&mut self, id: BatchId, contacts: usize) -> Finding {
        self.accepted = true;
        // What was counted before an acceptance proves nothing after it.
        self.whole.clear();
        self.probed.clear();
        self.settled(id, contacts)
    }

    /// Contacts of the batch ended in another way than refused.
    pub(crate) fn settled(&mut self, id: BatchId, contacts: usize) -> Finding {
        let Some(refusals) = self.batches.get_mut(&id) else {
            return Finding::Nothing;
        };
        refusals.so_far = SoFar::Mixed;
        let finding = match refusals.probe.take() {
            Some(_) => Finding::NotAll,
            None => Finding::Nothing,
        };
        self.close(id, contacts);
        finding
    }

    /// One contact of the batch is refused for good.
    pub(crate) fn refused(&mut self, id: BatchId, reason: &str) -> Finding {
        let Some(refusals) = self.batches.get_mut(&id) else {
            return Finding::Nothing;
        };
        refusals.so_far.refused(reason);
        let finding = match refusals.probe.take() {
            Some(probe) if probe.reason != reason => Finding::NotAll,
            Some(probe) if probe.open > 1 => {
                let open = probe.open - 1;
                refusals.probe = Some(Probe { open, ..probe });
                Finding::Nothing
            }
            Some(probe) => self.prove(reason, probe.contacts),
            None => Finding::Nothing,
        };
        self.close(id, 1);
        finding
    }

    /// A batch that was one contact from the start is its own probe.
    pub(crate) fn refused_alone(&mut self, id: BatchId, reason: &str) -> Finding {
        if self.is_worth_a_probe(reason) {
            self.probe(id, reason, 1);
        }
        self.refused(id, reason)
    }

    fn prove(&mut self, reason: &str, contacts: u32) -> Finding {
        let proof = self.probed.entry(reason.to_owned()).or_default();
        proof.batches += 1;
        proof.contacts += contacts;
        if proof.batches >= PROBED_BATCHES && proof.contacts >= PROBED_CONTACTS {
            Finding::Everything
        } else {
            Finding::AllOfThese
        }
    }

    fn close(&mut self, id: BatchId, contacts: usize) {
        let Some(refusals) = self.batches.get_mut(&id) else {
            return;
        };
        refusals.open = refusals.open.saturating_sub(contacts);
        if refusals.open > 0 {
            return;
        }
        if let Some(Refusals {
            so_far: SoFar::RefusedFor(reason),
            ..
        }) = self.batches.remove(&id)
        {
            *self.whole.entry(reason).or_default() += 1;
        }
    }
}

impl SoFar {
    fn refused(&mut self, reason: &str) {
        match self {
            SoFar::Nothing => *self = SoFar::RefusedFor(reason.to_owned()),
            SoFar::RefusedFor(first) if first == reason => {}
            SoFar::RefusedFor(_) | SoFar::Mixed => *self = SoFar::Mixed,
        }
    }
}

/// The key by which refusals are counted: status and words without digits and quoted parts, which name the contact.
pub(crate) fn reason_of(answer: &ServerAnswer) -> String {
    let mut reason = format!("{}", answer.status);
    let mut quoted_by = None;
    for c in answer.words.as_str().chars() {
        match quoted_by {
            Some(quote) if c == quote => quoted_by = None,
            Some(_) => {}
            // Not apostrophes: the one in "can't" would hide the rest of the message.
            None if matches!(c, '"' | '`') => quoted_by = Some(c),
            None if c.is_numeric() => {}
            None => reason.push(c),
        }
    }
    reason
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, words: &str) -> ServerAnswer {
        ServerAnswer::new(status, words)
    }

    #[test]
    fn a_reason_leaves_out_what_names_the_contact() {
        let one = answer(400, "contact 3: phone \"+4915112345678\" is blacklisted");
        let other = answer(400, "contact 17: phone \"+4930901820\" is blacklisted");
        assert_eq!(reason_of(&one), reason_of(&other));
        assert_ne!(reason_of(&one), reason_of(&answer(422, one.words.as_str())));
        assert_ne!(
            reason_of(&one),
            reason_of(&answer(400, "plan limit reached"))
        );
    }

    #[test]
    fn two_probed_batches_with_one_reason_prove_that_everything_is_refused() {
        let mut mass_refusal = MassRefusal::default();
        let (first, second) = (mass_refusal.enter(100), mass_refusal.enter(100));
        let mut findings = Vec::new();
        for id in [first, second] {
            assert!(mass_refusal.is_worth_a_probe("no"));
            mass_refusal.probe(id, "no", 3);
            findings.extend((0..3).map(|_| mass_refusal.refused(id, "no")));
        }
        use Finding::{AllOfThese, Everything, Nothing};
        assert_eq!(
            findings,
            [Nothing, Nothing, AllOfThese, Nothing, Nothing, Everything]
        );
    }

    #[test]
    fn an_acceptance_between_two_probes_disproves_a_mass_refusal() {
        let mut mass_refusal = MassRefusal::default();
        let (first, second) = (mass_refusal.enter(100), mass_refusal.enter(100));
        mass_refusal.probe(first, "no", 3);
        for _ in 0..3 {
            mass_refusal.refused(first, "no");
        }
        mass_refusal.probe(second, "no", 3);
        mass_refusal.refused(second, "no");
        assert_eq!(mass_refusal.accepted(second, 1), Finding::NotAll);
        assert!(!mass_refusal.is_worth_a_probe("no"));
    }

    #[test]
    fn another_reason_in_a_probe_disproves_a_mass_refusal() {
        let mut mass_refusal = MassRefusal::default();
        let id = mass_refusal.enter(100);
        mass_refusal.probe(id, "no", 3);
        assert_eq!(mass_refusal.refused(id, "no"), Finding::Nothing);
        assert_eq!(mass_refusal.refused(id, "blacklisted"), Finding::NotAll);
    }

    #[test]
    fn batches_of_one_prove_it_with_the_sixth() {
        let mut mass_refusal = MassRefusal::default();
        let findings: Vec<_> = (0..6)
            .map(|_| {
                let id = mass_refusal.enter(1);
                mass_refusal.refused_alone(id, "no")
            })
            .collect();
        assert_eq!(
            findings
                .iter()
                .position(|finding| *finding == Finding::Everything),
            Some(5)
        );
    }

    #[test]
    fn after_an_acceptance_two_whole_batches_must_be_refused_before_one_is_probed() {
        let mut mass_refusal = MassRefusal::default();
        let accepted = mass_refusal.enter(1);
        mass_refusal.accepted(accepted, 1);
        for _ in 0..2 {
            assert!(!mass_refusal.is_worth_a_probe("plan limit"));
            let id = mass_refusal.enter(4);
            for _ in 0..4 {
                mass_refusal.refused(id, "plan limit");
            }
        }
        assert!(mass_refusal.is_worth_a_probe("plan limit"));
        assert!(!mass_refusal.is_worth_a_probe("another"));
    }
}
