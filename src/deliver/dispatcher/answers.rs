//! What the dispatcher does with an answer: it notes what the answer shows, asks the policy, and carries the step out.

use std::time::Duration;

use tokio::time::Instant;

use super::work::{FirstFailure, Work, fate};
use super::{Dispatcher, phones_of};
use crate::batch::Batch;
use crate::deliver::courier::Courier;
use crate::deliver::mass_refusal::{BatchId, Finding, reason_of};
use crate::deliver::pacer::backoff;
use crate::deliver::policy::{Delay, HaltCause, RunSoFar, SILENCES, Step, Trial, policy};
use crate::event::{Event, Halt, Unreachable, Wait, WaitScope};
use crate::outcome::{Code, Outcome, Reason};
use crate::text::mask;
use crate::verdict::{DeliveryFault, ServerAnswer, ServerWords, Verdict};

impl<C: Courier> Dispatcher<C> {
    pub(super) fn judge(&mut self, mut work: Work, verdict: Verdict) {
        let now = Instant::now();
        self.note(&mut work, &verdict, now);
        // No new request may start while the run stops, but an acceptance is always recorded.
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

    /// Notes what an answer shows of the run and of the batch, whatever is decided.
    fn note(&mut self, work: &mut Work, verdict: &Verdict, now: Instant) {
        let after_acceptance = self.last.accepted.is_some();
        match verdict {
            Verdict::Accepted { .. } => self.last.accepted = Some(now),
            Verdict::Unclear(_) => work.past.may_have_arrived = true,
            // A 2xx or a deploy's page in mid-run may come from behind a proxy that had passed the batch on.
            Verdict::WrongAddress(stranger) if after_acceptance || stranger.is_success() => {
                work.past.may_have_arrived = true;
            }
            // Each verdict is named: one that leaves open whether the batch arrived must not fall through to unsent.
            Verdict::WrongAddress(_)
            | Verdict::Refused(_)
            | Verdict::TooLarge(_)
            | Verdict::Busy(_)
            | Verdict::Denied(_)
            | Verdict::Unreachable(_) => {}
        }
        if verdict.is_clear() {
            self.last.clear = Some(now);
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
        // A busy server did not process the batch, so its answers say nothing about the contacts in it.
        work.past.unclear += u32::from(!matches!(verdict, Verdict::Busy(_)));
        let paused = self.pacer.paused(now);
        work.past
            .first_failure
            .get_or_insert(FirstFailure { at: now, paused });
    }

    fn trial(&self, work: &Work, now: Instant) -> Trial {
        let past = &work.past;
        let (elapsed, paused) = match past.first_failure {
            Some(first) => (
                now.saturating_duration_since(first.at),
                self.pacer.paused(now).saturating_sub(first.paused),
            ),
            None => (Duration::ZERO, Duration::ZERO),
        };
        Trial {
            attempts: past.attempts,
            unclear: past.unclear,
            silent: past.silent,
            spent: elapsed.saturating_sub(paused),
            elapsed,
        }
    }

    fn run_so_far(&self, work: &Work, verdict: &Verdict) -> RunSoFar {
        let since = |last: Option<Instant>| {
            let failed = work.past.first_failure;
            last.zip(failed)
                .is_some_and(|(last, failed)| last >= failed.at)
        };
        let is_common_reason = match verdict {
            Verdict::Refused(answer) => self.mass_refusal.is_worth_a_probe(&reason_of(answer)),
            _ => false,
        };
        RunSoFar {
            accepted: self.last.accepted.is_some(),
            accepted_since: since(self.last.accepted),
            answered_since: since(self.last.clear),
            others_left: self.open || self.in_hand() > 0,
            worth_a_probe: is_common_reason && work.is_whole,
            pieces_tried: self.size_limit.tries_another(work.id),
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
        let Work { batch, id, .. } = work;
        let finding = self.mass_refusal.accepted(id, batch.len());
        let cap = self.size_limit.taken(id, batch.bytes(), batch.len());
        self.arrive(batch);
        cap.into_iter()
            .for_each(|cap| self.emit(Event::Capped(cap)));
        self.resume();
        if let Verdict::Accepted { warnings } = verdict {
            warnings
                .into_iter()
                .for_each(|words| self.emit(Event::ServerWarned(words)));
        }
        self.follow(id, finding);
    }

    /// An acceptance that cannot be recorded is not counted as one.
    fn arrive(&mut self, batch: Batch) {
        // The ledger first: contacts that were counted but not recorded would be sent again by the next run.
        match self.courier.arrive(&batch) {
            Ok(()) => {
                let phones = phones_of(&batch);
                self.emit(Event::Accepted(batch.into_items()));
                self.settle(&phones);
            }
            Err(halt) => {
                self.stop.set(halt);
                let words = "taken by the platform, but the ledger could not be written";
                let reason = Reason::plain(Code::NotRecorded, words);
                self.fail_batch(batch, Outcome::Unknown, &reason, None);
            }
        }
    }

    fn refuse(&mut self, work: Work, code: Code, verdict: &Verdict) {
        let (Verdict::Refused(answer) | Verdict::TooLarge(answer)) = verdict else {
            return self.give_up(work);
        };
        let reason = reason_of(answer);
        let finding = match (code, work.is_whole) {
            (Code::TooLarge, _) => self.mass_refusal.settled(work.id, 1),
            (_, true) => self.mass_refusal.refused_alone(work.id, &reason),
            (_, false) => self.mass_refusal.refused(work.id, &reason),
        };
        let id = work.id;
        self.size_limit.spoilt(id);
        self.fail_as_refused(work.batch, code, answer);
        if finding == Finding::Everything {
            // The server's words may quote a phone, and a halt is printed and archived.
            let said = ServerWords::new(mask(answer.words.as_str()).into_owned());
            self.stop.set(Halt::AllRefused(said));
        }
        self.follow(id, finding);
    }

    /// What a finding means for the rest of a probed batch.
    fn follow(&mut self, id: BatchId, finding: Finding) {
        if finding == Finding::Nothing {
            return;
        }
        let Some(rest) = self.probed.remove(&id) else {
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
            self.size_limit.fell_silent(work.id, bytes, contacts);
        }
        let Work {
            batch, id, past, ..
        } = work;
        let (first, second) = batch.halves();
        // The second half first, because each is put in front of the queue.
        for batch in second.into_iter().chain([first]) {
            self.ready.push_front(Work::piece(batch, id, &past));
        }
    }

    fn shrink(&mut self, work: Work) {
        let cap = self.size_limit.too_large(work.batch.bytes());
        self.emit(Event::Capped(cap));
        self.recut(work, cap);
    }

    fn probe(&mut self, work: Work, verdict: &Verdict) {
        let Verdict::Refused(answer) = verdict else {
            return self.split(work);
        };
        let Work {
            batch, id, past, ..
        } = work;
        let (probes, rest) = batch.probes();
        self.mass_refusal
            .probe(id, &reason_of(answer), probes.len());
        let piece = |batch| Work::piece(batch, id, &past);
        self.probed.extend(rest.map(|batch| (id, piece(batch))));
        probes
            .into_iter()
            .rev()
            .for_each(|batch| self.ready.push_front(piece(batch)));
    }

    fn again(&mut self, work: Work, delay: Delay, now: Instant) {
        let (lasts, who) = match delay {
            Delay::Backoff => (self.backoff(&work, now), WaitScope::OneBatch),
            Delay::Ordered(lasts) => {
                // `Retry-After` is meant for the client, not for one request: all senders wait.
                self.pacer.pause(now, lasts);
                (lasts, WaitScope::AllSenders)
            }
        };
        if let Some(why) = work.past.fault.clone() {
            self.emit(Event::Waiting(Wait { why, lasts, who }));
        }
        self.waiting.push((now + lasts, work));
    }

    /// A backoff never outlasts the budget: the last attempt is made when the budget ends.
    fn backoff(&mut self, work: &Work, now: Instant) -> Duration {
        let left = self
            .options
            .retry_for
            .saturating_sub(self.trial(work, now).spent);
        backoff(work.past.attempts, &mut self.jitter).min(left)
    }

    fn give_up(&mut self, work: Work) {
        let Work {
            batch, id, past, ..
        } = work;
        let finding = self.mass_refusal.settled(id, batch.len());
        self.size_limit.spoilt(id);
        let (outcome, reason) = fate(&past);
        self.fail_batch(batch, outcome, &reason, past.fault.as_ref());
        self.follow(id, finding);
    }

    fn halt(&mut self, work: Work, cause: HaltCause, verdict: &Verdict) {
        self.stop.set(halt_of(cause, verdict));
        self.close(work, verdict);
    }

    /// Gives a batch its outcome whose answer came while the run was ending.
    fn close(&mut self, work: Work, verdict: &Verdict) {
        match verdict {
            Verdict::Refused(answer) if work.batch.len() == 1 => {
                self.fail_as_refused(work.batch, Code::Refused, answer);
            }
            Verdict::TooLarge(answer) if work.batch.len() == 1 => {
                self.fail_as_refused(work.batch, Code::TooLarge, answer);
            }
            _ => self.fail(work),
        }
    }

    fn fail_as_refused(&mut self, batch: Batch, code: Code, answer: &ServerAnswer) {
        let reason = Reason::plain(code, answer.words.as_str());
        self.fail_batch(batch, Outcome::Refused, &reason, None);
    }
}

fn halt_of(cause: HaltCause, verdict: &Verdict) -> Halt {
    let fault = || verdict.fault().unwrap_or(DeliveryFault::RequestLost);
    Halt::Unreachable(match (cause, verdict) {
        (HaltCause::Denied, Verdict::Denied(answer)) => return Halt::Denied(answer.words.clone()),
        (HaltCause::WrongAddress, Verdict::WrongAddress(stranger)) => {
            return Halt::WrongAddress(stranger.clone());
        }
        (HaltCause::Unreachable, _) => Unreachable::BudgetSpent(fault()),
        (HaltCause::AskedTooMuch(asked), _) => Unreachable::AskedTooLong(fault(), asked),
        (HaltCause::NoRoute | HaltCause::Denied | HaltCause::WrongAddress, _) => {
            Unreachable::AtOnce(fault())
        }
    })
}
