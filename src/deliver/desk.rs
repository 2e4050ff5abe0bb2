//! The desk: all work in hand, and the one loop that starts requests, takes answers and lets time pass.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use tokio::sync::mpsc::Receiver;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};

use super::pacer::{Pacer, backoff};
use super::policy::{Cause, Delay, Happened, RunSoFar, Step, Trial, policy};
use super::stop::Stop;
use super::suspicion::{Finding, Origin, Suspicion, reason_of};
use super::{Courier, Options};
use crate::batch::{Batch, Item};
use crate::event::{Event, Failure, Halt, Wait, Waiters};
use crate::outcome::{Code, Outcome, Reason};
use crate::tally::mask;
use crate::units;
use crate::verdict::{Answer, Trouble, Verdict};

/// A batch in hand, or a part of one, and what has happened to it.
struct Work {
    batch: Batch,
    origin: Origin,
    part: Part,
    past: Past,
}

/// What a piece of work is of the batch that came in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    Piece,
}

/// What has happened to the contacts of a piece of work; the pieces of a split inherit it.
#[derive(Clone, Default)]
struct Past {
    attempts: u32,
    unclear: u32,
    may_have_arrived: bool,
    first_failure: Option<Failed>,
    /// What the last failure was, in words.
    trouble: String,
}

/// The moment of a first failure.
#[derive(Clone, Copy)]
struct Failed {
    at: Instant,
    /// What ordered pauses had taken by then.
    paused: Duration,
}

impl Past {
    /// The past of a piece: a smaller batch is a new question, but the budget goes on.
    fn inherited(&self) -> Past {
        Past {
            attempts: 0,
            unclear: 0,
            ..self.clone()
        }
    }
}

/// When the run last heard what.
#[derive(Default)]
struct Heard {
    accepted: Option<Instant>,
    clear: Option<Instant>,
}

pub(super) struct Desk<C> {
    courier: Arc<C>,
    options: Options,
    events: SyncSender<Event>,
    stop: Stop,
    pacer: Pacer,
    chance: fastrand::Rng,
    suspicion: Suspicion,
    heard: Heard,
    /// Bytes that no batch may exceed, learnt from a 413.
    cap: Option<usize>,
    /// More batches may come in.
    open: bool,
    ready: VecDeque<Work>,
    waiting: Vec<(Instant, Work)>,
    /// The rest of batches whose probe is out.
    probed: HashMap<Origin, Work>,
    /// The rest of batches whose probe was refused: they wait for another batch's.
    suspended: Vec<Work>,
    flying: HashMap<Id, Work>,
    tasks: JoinSet<Verdict>,
}

impl<C: Courier> Desk<C> {
    pub(super) fn new(
        courier: C,
        options: Options,
        events: SyncSender<Event>,
        stop: Stop,
    ) -> Desk<C> {
        Desk {
            courier: Arc::new(courier),
            pacer: Pacer::new(options.concurrency.get()),
            chance: fastrand::Rng::with_seed(options.seed),
            options,
            events,
            stop,
            suspicion: Suspicion::default(),
            heard: Heard::default(),
            cap: None,
            open: true,
            ready: VecDeque::new(),
            waiting: Vec::new(),
            probed: HashMap::new(),
            suspended: Vec::new(),
            flying: HashMap::new(),
            tasks: JoinSet::new(),
        }
    }

    /// Works until the intake has ended and nothing is in hand.
    pub(super) async fn work(&mut self, intake: &mut Receiver<Batch>) {
        let stop = self.stop.clone();
        loop {
            if self.is_stopping() {
                self.put_down();
            } else {
                self.wake_up();
                self.start();
            }
            if !self.open && self.in_hand() == 0 {
                return;
            }
            let alarm = self.alarm();
            tokio::select! {
                Some(landed) = self.tasks.join_next_with_id() => self.land(landed),
                batch = intake.recv(), if self.open && self.has_room() => match batch {
                    Some(batch) => self.take(batch),
                    None => self.open = false,
                },
                () = sleep_until(alarm.unwrap_or_else(Instant::now)), if alarm.is_some() => {}
                () = stop.wait(), if !self.is_stopping() => {}
            }
        }
    }

    fn is_stopping(&self) -> bool {
        self.stop.halt().is_some()
    }

    fn tell(&self, event: Event) {
        // A closed channel means that nobody watches any more: then there is nobody to tell.
        let _ = self.events.send(event);
    }

    fn take(&mut self, batch: Batch) {
        let origin = self.suspicion.enter(batch.len());
        self.ready.push_back(Work {
            batch,
            origin,
            part: Part::Whole,
            past: Past::default(),
        });
    }

    fn contacts_in_hand(&self) -> usize {
        self.ready
            .iter()
            .chain(self.waiting.iter().map(|(_, work)| work))
            .chain(self.probed.values())
            .chain(&self.suspended)
            .chain(self.flying.values())
            .map(|work| work.batch.len())
            .sum()
    }

    fn has_room(&self) -> bool {
        self.is_stopping() || (self.ready.is_empty() && self.contacts_in_hand() < self.options.hold)
    }

    fn in_hand(&self) -> usize {
        self.ready.len()
            + self.waiting.len()
            + self.probed.len()
            + self.suspended.len()
            + self.flying.len()
    }

    /// When something is to be done although nothing comes in.
    fn alarm(&self) -> Option<Instant> {
        if self.is_stopping() {
            return None;
        }
        let due = self.waiting.iter().map(|(until, _)| *until).min();
        let resumed = self.pacer.paused_until().filter(|_| !self.ready.is_empty());
        due.into_iter().chain(resumed).min()
    }

    /// What has waited long enough is ready; what was set aside is, once there is nothing else.
    fn wake_up(&mut self) {
        let now = Instant::now();
        while let Some(due) = self.waiting.iter().position(|(until, _)| *until <= now) {
            self.ready.push_back(self.waiting.swap_remove(due).1);
        }
        let nothing_else = !self.open && self.in_hand() == self.suspended.len();
        if nothing_else || self.heard.accepted.is_some() {
            self.ready.extend(self.suspended.drain(..));
        }
    }

    fn start(&mut self) {
        while !self.ready.is_empty() && self.pacer.may_start(self.flying.len(), Instant::now()) {
            let Some(work) = self.ready.pop_front() else {
                return;
            };
            match self.cap {
                Some(cap) if work.batch.bytes() > cap && work.batch.len() > 1 => {
                    self.recut(work, cap)
                }
                _ => self.send(work),
            }
        }
    }

    fn recut(&mut self, work: Work, cap: usize) {
        let Work {
            batch,
            origin,
            past,
            ..
        } = work;
        for batch in batch.recut(cap).into_iter().rev() {
            self.ready.push_front(Work {
                batch,
                origin,
                part: Part::Piece,
                past: past.inherited(),
            });
        }
    }

    fn send(&mut self, mut work: Work) {
        self.tell(Event::Requested);
        if work.past.attempts > 0 {
            self.tell(Event::Retried);
        }
        work.past.attempts += 1;
        let (courier, body) = (Arc::clone(&self.courier), work.batch.encode());
        let task = self.tasks.spawn(async move { courier.carry(body).await });
        self.flying.insert(task.id(), work);
    }

    fn land(&mut self, landed: Result<(Id, Verdict), JoinError>) {
        let (id, verdict) = match landed {
            Ok(landed) => landed,
            Err(error) => (error.id(), lost()),
        };
        if let Some(work) = self.flying.remove(&id) {
            self.judge(work, verdict);
        }
    }

    fn judge(&mut self, mut work: Work, verdict: Verdict) {
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
            Verdict::WrongAddress(answer) if after_acceptance || answer.is_success() => {
                work.past.may_have_arrived = true;
            }
            _ => {}
        }
        if verdict.is_clear() {
            self.heard.clear = Some(now);
        }
        let words = match verdict {
            Verdict::Busy(trouble) | Verdict::Unclear(trouble) => trouble.words.clone(),
            Verdict::WrongAddress(answer) => answer.words.clone(),
            _ => return,
        };
        work.past.trouble = words;
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
        self.tell(Event::Accepted(batch.into_items()));
        if let Verdict::Accepted { warnings } = verdict {
            warnings
                .into_iter()
                .for_each(|words| self.tell(Event::Remarked(words)));
        }
        self.follow(origin, finding);
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
        self.fail(
            work.batch,
            Outcome::Refused,
            &Reason::plain(code, answer.words.clone()),
        );
        if finding == Finding::Everything {
            self.stop.set(Halt::AllRefused(mask(&answer.words)));
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
        let cap = (work.batch.bytes() / 2).min(self.cap.unwrap_or(usize::MAX));
        self.cap = Some(cap);
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
            Delay::Backoff => (self.backoff(&work, now), Waiters::OneBatch),
            Delay::Ordered(lasts) => {
                self.pacer.pause(now, lasts);
                (lasts, Waiters::Everyone)
            }
        };
        let why = work.past.trouble.clone();
        self.tell(Event::Waiting(Wait { why, lasts, who }));
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
        let (outcome, reason) = fate(&past);
        self.fail(batch, outcome, &reason);
        self.follow(origin, finding);
    }

    fn halt(&mut self, work: Work, cause: Cause, verdict: &Verdict) {
        self.stop.set(halt_words(cause, verdict, &work.past));
        self.close(work, verdict);
    }

    /// The end of a batch whose answer came when the run was ending.
    fn close(&mut self, work: Work, verdict: &Verdict) {
        match verdict {
            Verdict::Refused(answer) if work.batch.len() == 1 => {
                self.fail(
                    work.batch,
                    Outcome::Refused,
                    &Reason::plain(Code::Refused, answer.words.clone()),
                );
            }
            Verdict::TooLarge(answer) if work.batch.len() == 1 => {
                self.fail(
                    work.batch,
                    Outcome::Refused,
                    &Reason::plain(Code::TooLarge, answer.words.clone()),
                );
            }
            _ => self.put_aside(work),
        }
    }

    /// Gives everything that is not in flight its outcome: the run is ending.
    fn put_down(&mut self) {
        let waiting = self.waiting.drain(..).map(|(_, work)| work);
        let probed = self.probed.drain().map(|(_, work)| work);
        let all: Vec<_> = self
            .ready
            .drain(..)
            .chain(waiting)
            .chain(probed)
            .chain(self.suspended.drain(..))
            .collect();
        all.into_iter().for_each(|work| self.put_aside(work));
    }

    fn put_aside(&self, work: Work) {
        let (outcome, reason) = fate(&work.past);
        self.fail(work.batch, outcome, &reason);
    }

    fn fail(&self, batch: Batch, outcome: Outcome, reason: &Reason) {
        for Item { record, .. } in batch.into_items() {
            self.tell(Event::Failed(Box::new(Failure {
                record,
                outcome,
                reason: reason.clone(),
            })));
        }
    }
}

/// A task that ended without an answer: whether it sent anything nobody knows.
fn lost() -> Verdict {
    Verdict::Unclear(Trouble {
        words: "the request was lost inside bp-import".to_owned(),
        retry_after: None,
    })
}

/// What becomes of contacts that are not sent again.
fn fate(past: &Past) -> (Outcome, Reason) {
    let because = if past.trouble.is_empty() {
        String::new()
    } else {
        format!(": {}", past.trouble)
    };
    if past.may_have_arrived {
        let brief = "sent, no answer came".to_owned();
        (
            Outcome::Unknown,
            Reason {
                code: Code::NoAnswer,
                full: format!("{brief}{because}"),
                brief,
            },
        )
    } else {
        let brief = "not sent before the run ended".to_owned();
        (
            Outcome::Unsent,
            Reason {
                code: Code::NotSent,
                full: format!("{brief}{because}"),
                brief,
            },
        )
    }
}

fn halt_words(cause: Cause, verdict: &Verdict, past: &Past) -> Halt {
    let said = match verdict {
        Verdict::Denied(Answer { words, .. }) | Verdict::WrongAddress(Answer { words, .. }) => {
            words.clone()
        }
        Verdict::Unreachable(Trouble { words, .. }) => words.clone(),
        _ => past.trouble.clone(),
    };
    match cause {
        Cause::Denied => Halt::Denied(said),
        Cause::WrongAddress => Halt::WrongAddress(said),
        Cause::NoRoute | Cause::Unreachable => Halt::Unreachable(said),
        Cause::AskedTooMuch(asked) => Halt::Unreachable(format!(
            "{said}, and asks to wait {}, longer than --retry-for",
            units::duration(asked)
        )),
    }
}
