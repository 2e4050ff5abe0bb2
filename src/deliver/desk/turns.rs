//! Turns: of one phone's contacts at most one is in hand, the others wait until it has its answer. So the row that comes
//! last is what the platform has in the end, however many requests are under way.

use std::collections::{HashMap, VecDeque};

use crate::batch::{Batch, BatchCutter, Item, Limits};

/// Who is in hand, and who waits for whom.
pub(super) struct Turns {
    /// What batches of those that have waited may be.
    limits: Limits,
    /// A queue for each phone that is in hand: empty where nobody waits.
    queues: HashMap<u64, VecDeque<Item>>,
    waiting: usize,
    weight: usize,
}

impl Turns {
    pub(super) fn new(limits: Limits) -> Turns {
        Turns {
            limits,
            queues: HashMap::new(),
            waiting: 0,
            weight: 0,
        }
    }

    /// Contacts that wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting
    }

    /// What they take in memory, about, in bytes.
    pub(super) fn weight(&self) -> usize {
        self.weight
    }

    /// Those of a batch whose turn it is.
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
                self.queues.insert(item.phone.key(), VecDeque::new());
                Some(item)
            }
        }
    }

    /// These phones have their answers: whoever is next has its turn.
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
                self.queues.remove(&phone);
                None
            }
        }
    }

    /// Everybody who waits, in the order of their records: nobody's turn will come.
    pub(super) fn send_home(&mut self) -> Vec<Item> {
        let mut items: Vec<Item> = self.queues.drain().flat_map(|(_, queue)| queue).collect();
        items.sort_by_key(|item| item.record.place);
        (self.waiting, self.weight) = (0, 0);
        items
    }
}
