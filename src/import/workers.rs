//! The lanes between reader and selector: chunks go to the workers in turn, and are taken back in turn.
//!
//! That is what keeps the records in order: chunk n travels in lane n mod lanes, on both sides.

mod chunk;
mod reader;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use super::encoder::{AskedKeys, EncodedRecord, Encoder};
use super::inputs::Lookahead;
use super::options::ImportOptions;
use crate::deliver::stop::Stop;
use crate::record::Records;

pub(super) use chunk::Chunk;

/// More workers than this would wait for the reader.
const MOST_WORKERS: usize = 8;
/// Chunks that may wait on either side of a worker.
const DEPTH: usize = 2;
/// How soon a stop is noticed while nothing comes in.
const GLANCE: Duration = Duration::from_millis(50);

/// The selector's end of the lanes.
pub(super) struct EncodedChunks {
    lanes: Vec<Receiver<Chunk<Vec<EncodedRecord>>>>,
    turn: usize,
}

impl EncodedChunks {
    /// The next chunk, in the order of the inputs; `None` when the run is ending.
    pub(super) fn next(&mut self, stop: &Stop) -> Option<Chunk<Vec<EncodedRecord>>> {
        loop {
            match self.lanes.get(self.turn)?.recv_timeout(GLANCE) {
                Ok(chunk) => {
                    self.turn = (self.turn + 1) % self.lanes.len().max(1);
                    return Some(chunk);
                }
                Err(RecvTimeoutError::Timeout) if stop.halt().is_none() => {}
                Err(_) => return None,
            }
        }
    }
}

/// Starts the reader and the workers. They end by themselves when the lanes are dropped; a reader that is blocked on a
/// silent stdin ends with the process.
pub(super) fn spawn(
    inputs: impl IntoIterator<Item = Lookahead> + Send + 'static,
    options: &Arc<ImportOptions>,
    asked: &AskedKeys,
    stop: &Stop,
) -> EncodedChunks {
    let workers = thread::available_parallelism().map_or(1, |count| count.get().min(MOST_WORKERS));
    let mut to_workers = Vec::with_capacity(workers);
    let mut from_workers = Vec::with_capacity(workers);
    for _ in 0..workers {
        let (to_worker, chunks) = sync_channel(DEPTH);
        let (to_selector, encoded) = sync_channel(DEPTH);
        let (options, asked) = (Arc::clone(options), Arc::clone(asked));
        thread::spawn(move || work(&chunks, &to_selector, Encoder::asking(&options, &asked)));
        to_workers.push(to_worker);
        from_workers.push(encoded);
    }
    let stop = stop.clone();
    thread::spawn(move || reader::read(inputs, &to_workers, &stop));
    EncodedChunks {
        lanes: from_workers,
        turn: 0,
    }
}

fn work(
    chunks: &Receiver<Chunk<Arc<Records>>>,
    to_selector: &SyncSender<Chunk<Vec<EncodedRecord>>>,
    mut encoder: Encoder<'_>,
) {
    while let Ok(chunk) = chunks.recv() {
        let chunk = match chunk {
            Chunk::Records { first, records } => {
                let records = records
                    .shared()
                    .map(|record| encoder.encode(record))
                    .collect();
                Chunk::Records { first, records }
            }
            Chunk::Broken(input, halt) => Chunk::Broken(input, halt),
            Chunk::End => Chunk::End,
        };
        if to_selector.send(chunk).is_err() {
            return;
        }
    }
}
