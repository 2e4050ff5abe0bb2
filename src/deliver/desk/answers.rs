//! What the desk does with an answer: it remembers what the answer says, asks the policy, and carries the step out.

use std::time::Duration;

use tokio::time::Instant;

use super::work::{Failed, Part, Past, Work, fate};
use super::{Desk, phones_of};
use crate::batch::Batch;
use crate::deliver::Courier;
use crate::deliver::pacer::backoff;
use crate::deliver::policy::{Cause, Delay, Happened, RunSoFar, SILENCES, Step, Trial, policy};
use crate::deliver::suspicion::{Finding, Origin, reason_of};
use crate::event::{Event, Halt, Unreachable, Wait, WaitScope};
use crate::outcome::{Code, Outcome, Reason};
use crate::text::mask;
use crate::verdict::{DeliveryFault, ServerWords, Verdict};

impl<C: Courier> Desk<C> {
    pub(super) fn judge(&mut self, mut work: Work, verdict: Verdict) {
        let now = Instant::now();
        self.hear(&mut work, &verdict, now);
        if self.is_stopping() && !matches!(verdict, Verdict::Accepted { .. }) {
            return self.close(work, &verdict);
        }
        let trial = self.trial(&work, now);
        let run = self.run_so_far(&work, &verdict);
        let step = policy(
            &verdict,
            &trial,
            work.batch.len(),
            &run,
            self.options.retry_for,
        );
        self.carry_out(step, work, verdict, now);
    }

    /// Remembers what an answer says of the run and of the batch, whatever is decided.
    fn hear(&mut self, work: &mut Work, verdict: &Verdict, now: Instant) {
        let after_acceptance = self.heard.accepted.is_some();
        match verdict {
            Verdict::Accepted { .. } => self.heard.accepted = Some(now),
            Verdict::Unclear(_) => work.past.may_have_arrived = true,
            Verdict::WrongAddress(stranger) if after_acceptance || stranger.is_success() => {
                work.past.may_have_arrived = true;
            }
            _ => {}
        }
        if verdict.is_clear() {
            self.heard.clear = Some(now);
        }
        let fault = match verdict {
            // It ends the run: there is no other attempt to remember it for.
            Verdict::Unreachable(_) => None,
            _ => verdict.fault(),
        };
        let Some(fault) = fault else {
            return;
        };
        work.past.fault = Some(fault);
        work.past.unclear += u32::from(!matches!(verdict, Verdict::Busy(_)));
        let paused = self.pacer.paused(now);
        work.past
            .first_failure
            .get_or_insert(Failed { at: now, paused });
    }

    fn trial(&self, work: &Work, now: Instant) -> Trial {
        let Past {
            attempts,
            unclear,
            silent,
            first_failure,
            ..
        } = work.past;
        let (elapsed, paused) = first_failure.map_or((Duration::ZERO, Duration::ZERO), |first| {
            (
                now.saturating_duration_since(first.at),
                self.pacer.paused(now).saturating_sub(first.paused),
            )
        });
        Trial {
            attempts,
            unclear,
            silent,
            spent: elapsed.saturating_sub(paused),
            elapsed,
        }
    }

    fn run_so_far(&self, work: &Work, verdict: &Verdict) -> RunSoFar {
        let since = |heard: Option<Instant>| {
            let failed = work.past.first_failure;
            Happened::when(
                heard
                    .zip(failed)
                    .is_some_and(|(heard, failed)| heard >= failed.at),
            )
        };
        let suspicious = match verdict {
            Verdict::Refused(answer) => self.suspicion.is_worth_a_probe(&reason_of(answer)),
            _ => false,
        };
        RunSoFar {
            accepted: Happened::when(self.heard.accepted.is_some()),
            accepted_since: since(self.heard.accepted),
            answered_since: since(self.heard.clear),
            others_left: Happened::when(self.open || self.in_hand() > 0),
            worth_a_probe: Happened::when(suspicious && work.part == Part::Whole),
            pieces_tried: Happened::when(self.girth.tries_another(work.origin)),
        }
    }

    fn carry_out(&mut self, step: Step, work: Work, verdict: Verdict, now: Instant) {
        match step {
            Step::Done => self.accept(work, verdict),
            Step::Refuse(code) => self.refuse(work, code, &verdict),
            Step::Split => self.split(work),
            Step::Shrink => self.shrink(work),
            Step::Probe => self.probe(work, &verdict),
            Step::Again(delay) => self.again(work, delay, now),
            Step::GiveUp => self.give_up(work),
            Step::Halt(cause) => self.halt(work, cause, &verdict),
        }
    }

    fn accept(&mut self, work: Work, verdict: Verdict) {
        let Work { batch, origin, .. } = work;
        let finding = self.suspicion.accepted(origin, batch.len());
        let cap = self.girth.taken(origin, batch.bytes(), batch.len());
        self.arrive(batch);
        cap.into_iter()
            .for_each(|cap| self.tell(Event::Capped(cap)));
        self.resume();
        if let Verdict::Accepted { warnings } = verdict {
            warnings
                .into_iter()
                .for_each(|words| self.tell(Event::ServerWarned(words)));
        }
        self.follow(origin, finding);
    }

    /// An acceptance that cannot be remembered is none: the next run will send these contacts again.
    fn arrive(&mut self, batch: Batch) {
        match self.courier.arrive(&batch) {
            Ok(()) => {
                let phones = phones_of(&batch);
                self.tell(Event::Accepted(batch.into_items()));
                self.settle(&phones);
            }
            Err(halt) => {
                self.stop.set(halt);
                self.fail(batch, Outcome::Unknown, &not_recorded(), None);
            }
        }
    }

    fn refuse(&mut self, work: Work, code: Code, verdict: &Verdict) {
        let (Verdict::Refused(answer) | Verdict::TooLarge(answer)) = verdict else {
            return self.give_up(work);
        };
        let reason = reason_of(answer);
        let finding = match (code, work.part) {
            (Code::TooLarge, _) => self.suspicion.settled(work.origin, 1),
            (_, Part::Whole) => self.suspicion.refused_alone(work.origin, &reason),
            (_, Part::Piece) => self.suspicion.refused(work.origin, &reason),
        };
        let origin = work.origin;
        self.girth.spoilt(origin);
        self.fail(
            work.batch,
            Outcome::Refused,
            &Reason::plain(code, answer.words.as_str()),
            None,
        );
        if finding == Finding::Everything {
            let said = ServerWords::new(mask(answer.words.as_str()));
            self.stop.set(Halt::AllRefused(said));
        }
        self.follow(origin, finding);
    }

    /// What a finding means for the rest of a probed batch.
    fn follow(&mut self, origin: Origin, finding: Finding) {
        if finding == Finding::Nothing {
            return;
        }
        let Some(rest) = self.probed.remove(&origin) else {
            return;
        };
        match finding {
            Finding::NotAll | Finding::Nothing => self.ready.push_front(rest),
            Finding::AllOfThese | Finding::Everything => self.suspended.push(rest),
        }
    }

    fn split(&mut self, work: Work) {
        if work.past.silent >= SILENCES {
            let (bytes, contacts) = (work.batch.bytes(), work.batch.len());
            self.girth.fell_silent(work.origin, bytes, contacts);
        }
        let Work {
            batch,
            origin,
            past,
            ..
        } = work;
        let (first, second) = batch.halves();
        for batch in second.into_iter().chain([first]) {
            self.ready.push_front(Work {
                batch,
                origin,
                part: Part::Piece,
                past: past.inherited(),
            });
        }
    }

    fn shrink(&mut self, work: Work) {
        let cap = self.girth.too_large(work.batch.bytes());
        self.tell(Event::Capped(cap));
        self.recut(work, cap);
    }

    fn probe(&mut self, work: Work, verdict: &Verdict) {
        let Verdict::Refused(answer) = verdict else {
            return self.split(work);
        };
        let Work {
            batch,
            origin,
            past,
            ..
        } = work;
        let (probes, rest) = batch.probes();
        self.suspicion
            .probe(origin, &reason_of(answer), probes.len());
        let piece = |batch| Work {
            batch,
            origin,
            part: Part::Piece,
            past: past.inherited(),
        };
        self.probed.extend(rest.map(|batch| (origin, piece(batch))));
        probes
            .into_iter()
            .rev()
            .for_each(|batch| self.ready.push_front(piece(batch)));
    }

    fn again(&mut self, work: Work, delay: Delay, now: Instant) {
        let (lasts, who) = match delay {
            Delay::Backoff => (self.backoff(&work, now), WaitScope::OneBatch),
            Delay::Ordered(lasts) => {
                self.pacer.pause(now, lasts);
                (lasts, WaitScope::AllSenders)
            }
        };
        if let Some(why) = work.past.fault.clone() {
            self.tell(Event::Waiting(Wait { why, lasts, who }));
        }
        self.waiting.push((now + lasts, work));
    }

    /// A backoff never outlasts the budget: the last try comes when it ends.
    fn backoff(&mut self, work: &Work, now: Instant) -> Duration {
        let left = self
            .options
            .retry_for
            .saturating_sub(self.trial(work, now).spent);
        backoff(work.past.attempts, &mut self.chance).min(left)
    }

    fn give_up(&mut self, work: Work) {
        let Work {
            batch,
            origin,
            past,
            ..
        } = work;
        let finding = self.suspicion.settled(origin, batch.len());
        self.girth.spoilt(origin);
        let (outcome, reason) = fate(&past);
        self.fail(batch, outcome, &reason, past.fault.as_ref());
        self.follow(origin, finding);
    }

    fn halt(&mut self, work: Work, cause: Cause, verdict: &Verdict) {
        self.stop.set(halt_of(cause, verdict));
        self.close(work, verdict);
    }

    /// The end of a batch whose answer came when the run was ending.
    fn close(&mut self, work: Work, verdict: &Verdict) {
        match verdict {
            Verdict::Refused(answer) if work.batch.len() == 1 => {
                self.fail(
                    work.batch,
                    Outcome::Refused,
                    &Reason::plain(Code::Refused, answer.words.as_str()),
                    None,
                );
            }
            Verdict::TooLarge(answer) if work.batch.len() == 1 => {
                self.fail(
                    work.batch,
                    Outcome::Refused,
                    &Reason::plain(Code::TooLarge, answer.words.as_str()),
                    None,
                );
            }
            _ => self.put_aside(work),
        }
    }
}

fn not_recorded() -> Reason {
    Reason::plain(
        Code::NotRecorded,
        "taken by the platform, but the ledger could not be written",
    )
}

fn halt_of(cause: Cause, verdict: &Verdict) -> Halt {
    let fault = || verdict.fault().unwrap_or(DeliveryFault::RequestLost);
    Halt::Unreachable(match (cause, verdict) {
        (Cause::Denied, Verdict::Denied(answer)) => return Halt::Denied(answer.words.clone()),
        (Cause::WrongAddress, Verdict::WrongAddress(stranger)) => {
            return Halt::WrongAddress(stranger.clone());
        }
        (Cause::Unreachable, _) => Unreachable::BudgetSpent(fault()),
        (Cause::AskedTooMuch(asked), _) => Unreachable::AskedTooLong(fault(), asked),
        (Cause::NoRoute | Cause::Denied | Cause::WrongAddress, _) => Unreachable::AtOnce(fault()),
    })
}
