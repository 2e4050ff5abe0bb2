//! Is it this contact, or is it everyone? Judges from refusals whether the platform refuses everything for one reason,
//! so that bisecting contacts that are all refused does not cost two requests each.
//!
//! Pure bookkeeping: it sends nothing and ends nothing.

use std::collections::HashMap;

use crate::verdict::Answer;

/// So many whole batches must end refused for one reason before the next is probed, once something was accepted.
const WHOLE_BATCHES: u32 = 2;
/// So many probed batches…
const PROBED_BATCHES: u32 = 2;
/// …with so many contacts refused alone prove that everything is refused.
const PROBED_CONTACTS: u32 = 6;

/// A batch as it came in, whatever it was split into since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Origin(u64);

/// What the refusals so far amount to.
#[derive(Debug, Default)]
pub(crate) struct Suspicion {
    accepted: bool,
    origins: HashMap<Origin, Refusals>,
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
    /// It was no probe, or the probe has contacts out.
    Nothing,
    /// Not everybody: bisect the rest as usual.
    NotAll,
    /// All of the probe were refused for the reason: the rest of the batch can wait for a second opinion.
    AllOfThese,
    /// Two probed batches agree, and nothing was accepted between: everything is refused.
    Everything,
}

impl Suspicion {
    /// A batch of so many contacts comes in.
    pub(crate) fn enter(&mut self, contacts: usize) -> Origin {
        let origin = Origin(self.next);
        self.next += 1;
        self.origins.insert(
            origin,
            Refusals {
                open: contacts,
                so_far: SoFar::Nothing,
                probe: None,
            },
        );
        origin
    }

    /// Whether a batch that is refused for this reason should be probed before it is bisected.
    pub(crate) fn is_worth_a_probe(&self, reason: &str) -> bool {
        !self.accepted
            || self
                .whole
                .get(reason)
                .is_some_and(|count| *count >= WHOLE_BATCHES)
    }

    /// A batch is cut for its size before anybody judged its contacts: its parts enter on their own.
    pub(crate) fn withdraw(&mut self, origin: Origin) {
        self.origins.remove(&origin);
    }

    /// So many contacts of the batch go out alone.
    pub(crate) fn probe(&mut self, origin: Origin, reason: &str, contacts: usize) {
        if let Some(refusals) = self.origins.get_mut(&origin) {
            let contacts = u32::try_from(contacts).unwrap_or(u32::MAX);
            refusals.probe = Some(Probe {
                reason: reason.to_owned(),
                open: contacts,
                contacts,
            });
        }
    }

    /// Contacts of the batch were accepted: nobody refuses everything.
    pub(crate) fn accepted(&mut self, origin: Origin, contacts: usize) -> Finding {
        self.accepted = true;
        self.whole.clear();
        self.probed.clear();
        self.settled(origin, contacts)
    }

    /// Contacts of the batch ended in another way than refused.
    pub(crate) fn settled(&mut self, origin: Origin, contacts: usize) -> Finding {
        let Some(refusals) = self.origins.get_mut(&origin) else {
            return Finding::Nothing;
        };
        refusals.so_far = SoFar::Mixed;
        let finding = if refusals.probe.take().is_some() {
            Finding::NotAll
        } else {
            Finding::Nothing
        };
        self.close(origin, contacts);
        finding
    }

    /// One contact of the batch is refused for good.
    pub(crate) fn refused(&mut self, origin: Origin, reason: &str) -> Finding {
        let Some(refusals) = self.origins.get_mut(&origin) else {
            return Finding::Nothing;
        };
        refusals.so_far.refused(reason);
        let finding = match refusals.probed(reason) {
            Probed::No | Probed::Open => Finding::Nothing,
            Probed::Otherwise => Finding::NotAll,
            Probed::All(contacts) => self.prove(reason, contacts),
        };
        self.close(origin, 1);
        finding
    }

    /// A batch that was one contact from the start is its own probe.
    pub(crate) fn refused_alone(&mut self, origin: Origin, reason: &str) -> Finding {
        if self.is_worth_a_probe(reason) {
            self.probe(origin, reason, 1);
        }
        self.refused(origin, reason)
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

    fn close(&mut self, origin: Origin, contacts: usize) {
        let Some(refusals) = self.origins.get_mut(&origin) else {
            return;
        };
        refusals.open = refusals.open.saturating_sub(contacts);
        if refusals.open > 0 {
            return;
        }
        if let Some(Refusals {
            so_far: SoFar::RefusedFor(reason),
            ..
        }) = self.origins.remove(&origin)
        {
            *self.whole.entry(reason).or_default() += 1;
        }
    }
}

/// What a refusal says of the probe it belongs to.
enum Probed {
    No,
    Open,
    Otherwise,
    All(u32),
}

impl Refusals {
    fn probed(&mut self, reason: &str) -> Probed {
        let Some(probe) = self.probe.as_mut() else {
            return Probed::No;
        };
        if probe.reason != reason {
            self.probe = None;
            return Probed::Otherwise;
        }
        probe.open = probe.open.saturating_sub(1);
        if probe.open > 0 {
            return Probed::Open;
        }
        self.probe
            .take()
            .map_or(Probed::No, |probe| Probed::All(probe.contacts))
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

/// What makes two refusals the same: status and words, digits and quoted parts left out, since they name the contact.
pub(crate) fn reason_of(answer: &Answer) -> String {
    let mut reason = format!("{}", answer.status);
    let mut quoted_by = None;
    for c in answer.words.as_str().chars() {
        match quoted_by {
            Some(quote) if c == quote => quoted_by = None,
            Some(_) => {}
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

    fn answer(status: u16, words: &str) -> Answer {
        Answer::new(status, words)
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
        let mut suspicion = Suspicion::default();
        let (first, second) = (suspicion.enter(100), suspicion.enter(100));
        let mut findings = Vec::new();
        for origin in [first, second] {
            assert!(suspicion.is_worth_a_probe("no"));
            suspicion.probe(origin, "no", 3);
            findings.extend((0..3).map(|_| suspicion.refused(origin, "no")));
        }
        use Finding::{AllOfThese, Everything, Nothing};
        assert_eq!(
            findings,
            [Nothing, Nothing, AllOfThese, Nothing, Nothing, Everything]
        );
    }

    #[test]
    fn an_acceptance_between_two_probes_ends_the_suspicion() {
        let mut suspicion = Suspicion::default();
        let (first, second) = (suspicion.enter(100), suspicion.enter(100));
        suspicion.probe(first, "no", 3);
        for _ in 0..3 {
            suspicion.refused(first, "no");
        }
        suspicion.probe(second, "no", 3);
        suspicion.refused(second, "no");
        assert_eq!(suspicion.accepted(second, 1), Finding::NotAll);
        assert!(!suspicion.is_worth_a_probe("no"));
    }

    #[test]
    fn another_reason_in_a_probe_is_not_everybody() {
        let mut suspicion = Suspicion::default();
        let origin = suspicion.enter(100);
        suspicion.probe(origin, "no", 3);
        assert_eq!(suspicion.refused(origin, "no"), Finding::Nothing);
        assert_eq!(suspicion.refused(origin, "blacklisted"), Finding::NotAll);
    }

    #[test]
    fn batches_of_one_prove_it_with_the_sixth() {
        let mut suspicion = Suspicion::default();
        let findings: Vec<_> = (0..6)
            .map(|_| {
                let origin = suspicion.enter(1);
                suspicion.refused_alone(origin, "no")
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
        let mut suspicion = Suspicion::default();
        let accepted = suspicion.enter(1);
        suspicion.accepted(accepted, 1);
        for _ in 0..2 {
            assert!(!suspicion.is_worth_a_probe("plan limit"));
            let origin = suspicion.enter(4);
            for _ in 0..4 {
                suspicion.refused(origin, "plan limit");
            }
        }
        assert!(suspicion.is_worth_a_probe("plan limit"));
        assert!(!suspicion.is_worth_a_probe("another"));
    }
}
