//! The dispatcher: all work in hand, and the one loop that starts requests, takes answers and waits for timers.
//!
//! Owns where each piece of work is (ready, waiting, probed, suspended, in flight). What to do with an answer is in
//! `answers`; which contacts of one phone must wait is in `phone_order`.

mod answers;
mod phone_order;
mod work;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use tokio::sync::mpsc::Receiver;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};

use self::phone_order::PhoneQueues;
use self::work::{InFlight, SendHistory, Work, fate};
use super::courier::Courier;
use super::mass_refusal::{BatchId, MassRefusal};
use super::options::{DeliveryOptions, PhoneOrder};
use super::pacer::{Pacer, Signal};
use super::size_limit::{SizeLimit, is_silence};
use super::stop::Stop;
use crate::batch::{Batch, Item};
use crate::event::{Event, Failure};
use crate::outcome::{Outcome, Reason};
use crate::verdict::{DeliveryFault, Trouble, Verdict};

/// The most bytes of batches in hand. `hold` counts contacts, and a contact may be as large as a whole request: with
/// 64 senders these would be gigabytes.
const HEAVIEST_HOLD: usize = 64_000_000;

/// When the platform last answered.
#[derive(Default)]
struct LastAnswers {
    accepted: Option<Instant>,
    /// Any clear answer, refusals included.
    clear: Option<Instant>,
}

pub(super) struct Dispatcher<C> {
    courier: Arc<C>,
    options: DeliveryOptions,
    events: SyncSender<Event>,
    stop: Stop,
    pacer: Pacer,
    jitter: fastrand::Rng,
    mass_refusal: MassRefusal,
    last: LastAnswers,
    size_limit: SizeLimit,
    /// `None` if no phone comes twice.
    queues: Option<PhoneQueues>,
    /// More batches may come in.
    open: bool,
    ready: VecDeque<Work>,
    waiting: Vec<(Instant, Work)>,
    /// The rest of batches whose probe is out.
    probed: HashMap<BatchId, Work>,
    /// The rest of batches whose probe was refused: they wait for the probe of another batch.
    suspended: Vec<Work>,
    in_flight: HashMap<Id, InFlight>,
    tasks: JoinSet<Verdict>,
}

impl<C: Courier> Dispatcher<C> {
    pub(super) fn new(
        courier: C,
        options: DeliveryOptions,
        events: SyncSender<Event>,
        stop: Stop,
    ) -> Dispatcher<C> {
        Dispatcher {
            courier: Arc::new(courier),
            pacer: Pacer::new(options.pace),
            jitter: fastrand::Rng::with_seed(options.seed),
            options,
            events,
            stop,
            mass_refusal: MassRefusal::default(),
            last: LastAnswers::default(),
            size_limit: SizeLimit::default(),
            queues: match options.order {
                PhoneOrder::Any => None,
                PhoneOrder::ByPhone(limits) => Some(PhoneQueues::new(limits)),
            },
            open: true,
            ready: VecDeque::new(),
            waiting: Vec::new(),
            probed: HashMap::new(),
            suspended: Vec::new(),
            in_flight: HashMap::new(),
            tasks: JoinSet::new(),
        }
    }

    /// Works until the intake has ended and nothing is in hand.
    pub(super) async fn work(&mut self, intake: &mut Receiver<Batch>) {
        let stop = self.stop.clone();
        loop {
            // `start` and `alarm` must see the same moment: a pause that ends between two readings of the clock would
            // neither start a request nor set a timer, and the loop would sleep for ever.
            let now = Instant::now();
            if self.is_stopping() {
                self.fail_all();
            } else {
                self.wake_up();
                self.start(now);
            }
            if !self.open && self.in_hand() == 0 {
                return;
            }
            let alarm = self.alarm(now);
            tokio::select! {
                // Not in random order: the same answers at the same moments must give the same run (the seeded chaos
                // tests depend on it). The intake is first, so that no sender is idle while batches are queued.
                biased;
                batch = intake.recv(), if self.open && self.has_room() => match batch {
                    Some(batch) => self.admit(batch),
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

    fn emit(&self, event: Event) {
        // A closed channel means that the collector is gone; the run ends through `stop` all the same.
        let _ = self.events.send(event);
    }

    fn admit(&mut self, batch: Batch) {
        let batch = match &mut self.queues {
            Some(queues) => queues.admit(batch),
            None => Some(batch),
        };
        batch.into_iter().for_each(|batch| self.enqueue(batch));
    }

    /// These phones have their outcome: their next contacts are ready.
    fn settle(&mut self, phones: &[u64]) {
        let next = self.queues.as_mut().map(|queues| queues.settle(phones));
        next.into_iter()
            .flatten()
            .for_each(|batch| self.enqueue(batch));
    }

    fn enqueue(&mut self, batch: Batch) {
        let id = self.mass_refusal.enter(batch.len());
        self.ready.push_back(Work {
            batch,
            id,
            is_whole: true,
            past: SendHistory::default(),
        });
    }

    fn batches_in_hand(&self) -> impl Iterator<Item = &Batch> {
        self.ready
            .iter()
            .chain(self.waiting.iter().map(|(_, work)| work))
            .chain(self.probed.values())
            .chain(&self.suspended)
            .chain(self.in_flight.values().map(|flight| &flight.work))
            .map(|work| &work.batch)
    }

    fn has_room(&self) -> bool {
        let queues = self.queues.as_ref();
        let (waiting, waiting_weight) = queues.map_or((0, 0), |it| (it.waiting(), it.weight()));
        let contacts = || self.batches_in_hand().map(Batch::len).sum::<usize>() + waiting;
        let weight = || self.batches_in_hand().map(Batch::weight).sum::<usize>() + waiting_weight;
        // A stopping run always has room: what comes in fails at once, and a full channel would block the reader.
        self.is_stopping()
            || (self.ready.is_empty() && contacts() < self.options.hold && weight() < HEAVIEST_HOLD)
    }

    fn in_hand(&self) -> usize {
        self.batches_in_hand().count()
    }

    /// The moment of the next timer: a wait or a pause that ends.
    fn alarm(&self, now: Instant) -> Option<Instant> {
        if self.is_stopping() {
            return None;
        }
        let due = self.waiting.iter().map(|(until, _)| *until).min();
        let opens = self.pacer.opens_at(now);
        let start = opens.filter(|_| !self.ready.is_empty());
        due.into_iter().chain(start).min()
    }

    /// Work whose wait is over is ready; so is suspended work, once no other answer can decide about it.
    fn wake_up(&mut self) {
        let now = Instant::now();
        while let Some(due) = self.waiting.iter().position(|(until, _)| *until <= now) {
            self.ready.push_back(self.waiting.swap_remove(due).1);
        }
        // While batches come in, one of them may be probed and decide about the suspended ones.
        let comes_in = self.open && self.has_room();
        if !comes_in && self.in_hand() == self.suspended.len() {
            self.resume();
        }
    }

    /// Suspended work is ready: another batch has answered for it, or none is left that could.
    fn resume(&mut self) {
        self.ready.extend(self.suspended.drain(..));
    }

    fn start(&mut self, now: Instant) {
        while !self.ready.is_empty()
            && !self.is_stopping()
            && self.pacer.may_start(self.in_flight.len(), now)
        {
            let Some(work) = self.ready.pop_front() else {
                return;
            };
            // The cap may have been learnt after this work was queued.
            match self.size_limit.cap() {
                Some(cap) if work.batch.bytes() > cap && work.batch.len() > 1 => {
                    self.recut(work, cap)
                }
                _ => self.send(work),
            }
        }
    }

    /// Cuts for size alone. No contact was refused yet, so the parts of a whole batch count as batches of their own.
    fn recut(&mut self, work: Work, cap: usize) {
        let Work {
            batch,
            id,
            is_whole,
            past,
        } = work;
        if is_whole {
            self.mass_refusal.withdraw(id);
        }
        // In reverse, because each is put in front: the first rows are sent first.
        for batch in batch.recut(cap).into_iter().rev() {
            let id = if is_whole {
                self.mass_refusal.enter(batch.len())
            } else {
                id
            };
            self.ready.push_front(Work {
                is_whole,
                ..Work::piece(batch, id, &past)
            });
        }
    }

    fn send(&mut self, mut work: Work) {
        // Once for each contact, before it may have arrived.
        if !work.past.is_recorded_as_sent {
            if let Err(halt) = self.courier.depart(&work.batch) {
                self.stop.set(halt);
                return self.fail(work);
            }
            work.past.is_recorded_as_sent = true;
        }
        self.emit(Event::Requested);
        // Pieces of a split start at no attempts: they are new requests, not retries.
        if work.past.attempts > 0 {
            self.emit(Event::Retried);
        }
        work.past.attempts += 1;
        let (courier, body) = (Arc::clone(&self.courier), work.batch.encode());
        let task = self.tasks.spawn(async move { courier.carry(body).await });
        let started = self.pacer.started(Instant::now());
        self.in_flight.insert(task.id(), InFlight { work, started });
    }

    fn land(&mut self, landed: Result<(Id, Verdict), JoinError>) {
        let (id, verdict) = match landed {
            Ok(landed) => landed,
            Err(error) => (error.id(), lost()),
        };
        if let Some(landed) = self.in_flight.remove(&id) {
            let work = self.time(landed, &verdict);
            self.judge(work, verdict);
        }
    }

    /// Reports an answer to the pacer, and counts a long wait without one.
    fn time(&mut self, landed: InFlight, verdict: &Verdict) -> Work {
        let (InFlight { mut work, started }, now) = (landed, Instant::now());
        let signal = Signal::of(verdict);
        self.pacer
            .answered(started, work.batch.bytes(), signal, now);
        work.past.silent += u32::from(is_silence(verdict, started.took(now)));
        work
    }

    /// Gives everything that is not in flight its outcome, because the run is ending.
    fn fail_all(&mut self) {
        let (outcome, reason) = fate(&SendHistory::default());
        let queued = self.queues.as_mut().map(PhoneQueues::drain);
        self.emit_failures(queued.unwrap_or_default(), outcome, &reason, None);
        // Requests in flight are left alone: their answers still decide between accepted and unknown.
        let waiting = self.waiting.drain(..).map(|(_, work)| work);
        let probed = self.probed.drain().map(|(_, work)| work);
        let all: Vec<_> = self
            .ready
            .drain(..)
            .chain(waiting)
            .chain(probed)
            .chain(self.suspended.drain(..))
            .collect();
        all.into_iter().for_each(|work| self.fail(work));
    }

    /// The contacts are not sent again: unknown where they may have arrived, else unsent.
    fn fail(&mut self, work: Work) {
        let (outcome, reason) = fate(&work.past);
        self.fail_batch(work.batch, outcome, &reason, work.past.fault.as_ref());
    }

    fn fail_batch(
        &mut self,
        batch: Batch,
        outcome: Outcome,
        reason: &Reason,
        fault: Option<&DeliveryFault>,
    ) {
        let phones = phones_of(&batch);
        self.emit_failures(batch.into_items(), outcome, reason, fault);
        self.settle(&phones);
    }

    fn emit_failures(
        &self,
        items: Vec<Item>,
        outcome: Outcome,
        reason: &Reason,
        fault: Option<&DeliveryFault>,
    ) {
        for item in items {
            for failure in Failure::all_of(item, outcome, reason, fault) {
                self.emit(Event::Failed(Box::new(failure)));
            }
        }
    }
}

fn phones_of(batch: &Batch) -> Vec<u64> {
    batch.items().iter().map(|item| item.phone.key()).collect()
}

/// A task that panicked or was cancelled: it may have sent its body.
fn lost() -> Verdict {
    Verdict::Unclear(Trouble {
        fault: DeliveryFault::RequestLost,
        retry_after: None,
    })
}

#[cfg(test)]
mod tests;
