//! The lanes between reader and stager: parcels go to the workers in turn, and are taken back in turn.
//!
//! That is what keeps the records in order: parcel n travels in lane n mod lanes, on both sides.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use super::inputs::Lookahead;
use super::maker::{AskedKeys, Made, Maker};
use super::{ImportOptions, reader};
use crate::contact::phone::Phone;
use crate::deliver::stop::Stop;
use crate::event::Halt;
use crate::record::{InputId, Place, Record};

/// More workers than this would wait for the reader.
const MOST_WORKERS: usize = 8;
/// Parcels that may wait on either side of a worker.
const DEPTH: usize = 2;
/// How soon a stop is noticed while nothing comes in.
const GLANCE: Duration = Duration::from_millis(50);

/// What travels from the reader to the stager.
pub(super) enum Parcel<T> {
    /// Records in order; `first` is the number of the first among all records, from 0.
    Records { first: u64, records: Vec<T> },
    /// An input broke off here.
    Broken(InputId, Halt),
    /// All inputs were read as far as they go.
    End,
}

/// A record with its outcome so far, and where it stands.
pub(super) struct Sorted {
    pub(super) place: Place,
    /// Bytes of its input up to its end.
    pub(super) bytes: u64,
    /// What it has in common with the records that go on with it.
    pub(super) group: Option<u64>,
    pub(super) made: Made,
    /// The phone of a record that says no.
    pub(super) opted_out: Vec<Phone>,
}

/// The stager's end of the lanes.
pub(super) struct Lanes {
    lanes: Vec<Receiver<Parcel<Sorted>>>,
    turn: usize,
}

impl Lanes {
    /// The next parcel, in the order of the inputs; `None` when the run is ending.
    pub(super) fn next(&mut self, stop: &Stop) -> Option<Parcel<Sorted>> {
        loop {
            match self.lanes.get(self.turn)?.recv_timeout(GLANCE) {
                Ok(parcel) => {
                    self.turn = (self.turn + 1) % self.lanes.len().max(1);
                    return Some(parcel);
                }
                Err(RecvTimeoutError::Timeout) if stop.halt().is_none() => {}
                Err(_) => return None,
            }
        }
    }
}

/// Starts the reader and the workers. They end by themselves when the lanes are dropped; a reader that is blocked on a
/// silent stdin ends with the process.
pub(super) fn lay(
    inputs: impl IntoIterator<Item = Lookahead> + Send + 'static,
    options: &Arc<ImportOptions>,
    asked: &AskedKeys,
    stop: &Stop,
) -> Lanes {
    let workers = thread::available_parallelism().map_or(1, |count| count.get().min(MOST_WORKERS));
    let mut to_workers = Vec::with_capacity(workers);
    let mut from_workers = Vec::with_capacity(workers);
    for _ in 0..workers {
        let (to_worker, parcels) = sync_channel(DEPTH);
        let (to_stager, sorted) = sync_channel(DEPTH);
        let (options, asked) = (Arc::clone(options), Arc::clone(asked));
        thread::spawn(move || work(&parcels, &to_stager, Maker::asking(&options, &asked)));
        to_workers.push(to_worker);
        from_workers.push(sorted);
    }
    let stop = stop.clone();
    thread::spawn(move || reader::read(inputs, &to_workers, &stop));
    Lanes {
        lanes: from_workers,
        turn: 0,
    }
}

fn work(
    parcels: &Receiver<Parcel<Record>>,
    to_stager: &SyncSender<Parcel<Sorted>>,
    mut maker: Maker<'_>,
) {
    while let Ok(parcel) = parcels.recv() {
        let parcel = match parcel {
            Parcel::Records { first, records } => {
                let records = records
                    .into_iter()
                    .map(|record| sort(&mut maker, record))
                    .collect();
                Parcel::Records { first, records }
            }
            Parcel::Broken(input, halt) => Parcel::Broken(input, halt),
            Parcel::End => Parcel::End,
        };
        if to_stager.send(parcel).is_err() {
            return;
        }
    }
}

fn sort(maker: &mut Maker<'_>, record: Record) -> Sorted {
    let (place, bytes, group) = (record.place, record.bytes, maker.group(&record));
    let made_of = maker.make_of(record);
    Sorted {
        place,
        bytes,
        group,
        opted_out: made_of.opted_out,
        made: made_of.made,
    }
}
