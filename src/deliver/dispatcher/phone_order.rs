//! The order of contacts that share a phone: at most one is in hand, the others wait until it has its answer. So the
//! last row is what the platform holds in the end, however many requests are in flight.
//!
//! Pure bookkeeping: it sends nothing.

use std::collections::{HashMap, VecDeque};

use crate::batch::{Batch, BatchCutter, Item, Limits};

/// Which phones are in hand, and which contacts wait for them.
pub(super) struct PhoneQueues {
    /// The limits of the batches that are made of contacts that have waited.
    limits: Limits,
    /// A queue for each phone that is in hand; empty where no other contact waits.
    queues: HashMap<u64, VecDeque<Item>>,
    waiting: usize,
    weight: usize,
}

impl PhoneQueues {
    pub(super) fn new(limits: Limits) -> PhoneQueues {
        PhoneQueues {
            limits,
            queues: HashMap::new(),
            waiting: 0,
            weight: 0,
        }
    }

    /// The number of contacts that wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting
    }

    /// The memory that they take, in bytes, roughly.
    pub(super) fn weight(&self) -> usize {
        self.weight
    }

    /// The contacts of a batch that may be sent now; the others are queued.
    pub(super) fn admit(&mut self, batch: Batch) -> Option<Batch> {
        let items = batch.into_items().into_iter();
        let first: Vec<Item> = items.filter_map(|item| self.admit_one(item)).collect();
        Batch::new(first)
    }

    fn admit_one(&mut self, item: Item) -> Option<Item> {
        match self.queues.get_mut(&item.phone.key()) {
            Some(queue) => {
                self.waiting += 1;
                self.weight += item.weight();
                queue.push_back(item);
                None
            }
            None => {
                // An empty queue marks the phone as in hand: the next contact of it must wait.
                self.queues.insert(item.phone.key(), VecDeque::new());
                Some(item)
            }
        }
    }

    /// These phones have their answers: the batches of the next contact of each.
    pub(super) fn settle(&mut self, phones: &[u64]) -> Vec<Batch> {
        let mut cutter = BatchCutter::new(self.limits);
        let next = phones.iter().filter_map(|phone| self.next(*phone));
        let mut batches: Vec<Batch> = next
            .collect::<Vec<Item>>()
            .into_iter()
            .filter_map(|item| cutter.push(item))
            .collect();
        batches.extend(cutter.finish());
        batches
    }

    fn next(&mut self, phone: u64) -> Option<Item> {
        let next = self.queues.get_mut(&phone)?.pop_front();
        match next {
            Some(item) => {
                self.waiting -= 1;
                self.weight -= item.weight();
                Some(item)
            }
            None => {
                // No other contact waits: the phone is no longer in hand.
                self.queues.remove(&phone);
                None
            }
        }
    }

    /// Empties the queues because the run is ending: all that wait, in the order of their records.
    pub(super) fn drain(&mut self) -> Vec<Item> {
        let mut items: Vec<Item> = self.queues.drain().flat_map(|(_, queue)| queue).collect();
        // The map has no order, and rejects are written in the order of the rows.
        items.sort_by_key(|item| item.record.place);
        (self.waiting, self.weight) = (0, 0);
        items
    }
}
