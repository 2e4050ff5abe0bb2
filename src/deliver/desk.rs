//! The desk: all work in hand, and the one loop that starts requests, takes answers and lets time pass.

mod answers;
mod turns;
mod work;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use tokio::sync::mpsc::Receiver;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};

use self::turns::Turns;
use self::work::{Departure, Flight, Part, Past, Work, fate};
use super::girth::{Girth, is_silence};
use super::pacer::{Pacer, Signal};
use super::stop::Stop;
use super::suspicion::{Origin, Suspicion};
use super::{Courier, Options, Order};
use crate::batch::{Batch, Item};
use crate::event::{Event, Failure, Halt};
use crate::outcome::{Outcome, Reason};
use crate::verdict::{DeliveryFault, Trouble, Verdict};

/// More than this many bytes of batches are not taken in hand, however few contacts they are.
const HEAVIEST_HOLD: usize = 64_000_000;

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
    girth: Girth,
    /// `None` where no phone comes twice.
    turns: Option<Turns>,
    /// More batches may come in.
    open: bool,
    ready: VecDeque<Work>,
    waiting: Vec<(Instant, Work)>,
    /// The rest of batches whose probe is out.
    probed: HashMap<Origin, Work>,
    /// The rest of batches whose probe was refused: they wait for another batch's.
    suspended: Vec<Work>,
    flying: HashMap<Id, Flight>,
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
            pacer: Pacer::new(options.pace),
            chance: fastrand::Rng::with_seed(options.seed),
            options,
            events,
            stop,
            suspicion: Suspicion::default(),
            heard: Heard::default(),
            girth: Girth::default(),
            turns: match options.order {
                Order::Any => None,
                Order::ByPhone(limits) => Some(Turns::new(limits)),
            },
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
            // One moment for both: what may not start now must have an alarm, however long this takes.
            let now = Instant::now();
            if self.is_stopping() {
                self.put_down();
            } else {
                self.wake_up();
                self.start(now);
            }
            if !self.open && self.in_hand() == 0 {
                return;
            }
            let alarm = self.alarm(now);
            tokio::select! {
                // In this order, not in one drawn by lot: the same answers at the same moments make the same run. The
                // intake is first, where there is room, so that no sender is idle for want of a batch.
                biased;
                batch = intake.recv(), if self.open && self.has_room() => match batch {
                    Some(batch) => self.take_in(batch),
                    None => self.open = false,
                },
                Some(landed) = self.tasks.join_next_with_id() => self.land(landed),
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

    fn take_in(&mut self, batch: Batch) {
        let batch = match &mut self.turns {
            Some(turns) => turns.admit(batch),
            None => Some(batch),
        };
        batch.into_iter().for_each(|batch| self.take(batch));
    }

    /// What waited for these contacts goes on.
    fn settle(&mut self, phones: &[u64]) {
        let next = self.turns.as_mut().map(|turns| turns.settle(phones));
        next.into_iter()
            .flatten()
            .for_each(|batch| self.take(batch));
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

    fn batches_in_hand(&self) -> impl Iterator<Item = &Batch> {
        self.ready
            .iter()
            .chain(self.waiting.iter().map(|(_, work)| work))
            .chain(self.probed.values())
            .chain(&self.suspended)
            .chain(self.flying.values().map(|flight| &flight.work))
            .map(|work| &work.batch)
    }

    fn has_room(&self) -> bool {
        let turns = self.turns.as_ref();
        let (waiting, waiting_weight) = turns.map_or((0, 0), |it| (it.waiting(), it.weight()));
        let contacts = || self.batches_in_hand().map(Batch::len).sum::<usize>() + waiting;
        let weight = || self.batches_in_hand().map(Batch::weight).sum::<usize>() + waiting_weight;
        self.is_stopping()
            || (self.ready.is_empty() && contacts() < self.options.hold && weight() < HEAVIEST_HOLD)
    }

    fn in_hand(&self) -> usize {
        self.ready.len()
            + self.waiting.len()
            + self.probed.len()
            + self.suspended.len()
            + self.flying.len()
    }

    /// When something is to be done although nothing comes in.
    fn alarm(&self, now: Instant) -> Option<Instant> {
        if self.is_stopping() {
            return None;
        }
        let due = self.waiting.iter().map(|(until, _)| *until).min();
        let opens = self.pacer.opens_at(now);
        let start = opens.filter(|_| !self.ready.is_empty());
        due.into_iter().chain(start).min()
    }

    /// What has waited long enough is ready; so is what was set aside, once nothing else can happen.
    fn wake_up(&mut self) {
        let now = Instant::now();
        while let Some(due) = self.waiting.iter().position(|(until, _)| *until <= now) {
            self.ready.push_back(self.waiting.swap_remove(due).1);
        }
        let comes_in = self.open && self.has_room();
        if !comes_in && self.in_hand() == self.suspended.len() {
            self.resume();
        }
    }

    /// What was set aside goes on: there is no second opinion to wait for, or it has come.
    fn resume(&mut self) {
        self.ready.extend(self.suspended.drain(..));
    }

    fn start(&mut self, now: Instant) {
        while !self.ready.is_empty()
            && !self.is_stopping()
            && self.pacer.may_start(self.flying.len(), now)
        {
            let Some(work) = self.ready.pop_front() else {
                return;
            };
            match self.girth.cap() {
                Some(cap) if work.batch.bytes() > cap && work.batch.len() > 1 => {
                    self.recut(work, cap)
                }
                _ => self.send(work),
            }
        }
    }

    /// Cuts for size alone: nothing is known against these contacts, so the parts of a whole batch are whole again.
    fn recut(&mut self, work: Work, cap: usize) {
        let Work {
            batch,
            origin,
            part,
            past,
        } = work;
        if part == Part::Whole {
            self.suspicion.withdraw(origin);
        }
        for batch in batch.recut(cap).into_iter().rev() {
            let origin = match part {
                Part::Whole => self.suspicion.enter(batch.len()),
                Part::Piece => origin,
            };
            self.ready.push_front(Work {
                batch,
                origin,
                part,
                past: past.inherited(),
            });
        }
    }

    fn send(&mut self, mut work: Work) {
        if let Err(halt) = self.depart(&mut work) {
            self.stop.set(halt);
            return self.put_aside(work);
        }
        self.tell(Event::Requested);
        if work.past.attempts > 0 {
            self.tell(Event::Retried);
        }
        work.past.attempts += 1;
        let (courier, body) = (Arc::clone(&self.courier), work.batch.encode());
        let task = self.tasks.spawn(async move { courier.carry(body).await });
        let started = self.pacer.started(Instant::now());
        self.flying.insert(task.id(), Flight { work, started });
    }

    /// Lets it be known, once, that these contacts may have arrived from now on.
    fn depart(&self, work: &mut Work) -> Result<(), Halt> {
        if work.past.departure == Departure::Ahead {
            self.courier.depart(&work.batch)?;
            work.past.departure = Departure::Known;
        }
        Ok(())
    }

    fn land(&mut self, landed: Result<(Id, Verdict), JoinError>) {
        let (id, verdict) = match landed {
            Ok(landed) => landed,
            Err(error) => (error.id(), lost()),
        };
        if let Some(flight) = self.flying.remove(&id) {
            let work = self.time(flight, &verdict);
            self.judge(work, verdict);
        }
    }

    /// Lets the pace know of an answer, and remembers a long wait for none.
    fn time(&mut self, flight: Flight, verdict: &Verdict) -> Work {
        let (Flight { mut work, started }, now) = (flight, Instant::now());
        let signal = Signal::of(verdict);
        self.pacer
            .answered(started, work.batch.bytes(), signal, now);
        work.past.silent += u32::from(is_silence(verdict, started.took(now)));
        work
    }

    /// Gives everything that is not in flight its outcome: the run is ending.
    fn put_down(&mut self) {
        let (outcome, reason) = fate(&Past::default());
        let home = self.turns.as_mut().map(Turns::send_home);
        self.tell_failed(home.unwrap_or_default(), outcome, &reason, None);
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

    fn put_aside(&mut self, work: Work) {
        let (outcome, reason) = fate(&work.past);
        self.fail(work.batch, outcome, &reason, work.past.fault.as_ref());
    }

    fn fail(
        &mut self,
        batch: Batch,
        outcome: Outcome,
        reason: &Reason,
        fault: Option<&DeliveryFault>,
    ) {
        let phones = phones_of(&batch);
        self.tell_failed(batch.into_items(), outcome, reason, fault);
        self.settle(&phones);
    }

    fn tell_failed(
        &self,
        items: Vec<Item>,
        outcome: Outcome,
        reason: &Reason,
        fault: Option<&DeliveryFault>,
    ) {
        for item in items {
            for failure in Failure::all_of(item, outcome, reason, fault) {
                self.tell(Event::Failed(Box::new(failure)));
            }
        }
    }
}

fn phones_of(batch: &Batch) -> Vec<u64> {
    batch.items().iter().map(|item| item.phone.key()).collect()
}

/// A task that ended without an answer: whether it sent anything nobody knows.
fn lost() -> Verdict {
    Verdict::Unclear(Trouble {
        fault: DeliveryFault::RequestLost,
        retry_after: None,
    })
}

#[cfg(test)]
mod tests;
