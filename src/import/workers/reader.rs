//! The reader: pulls records from the inputs in order, numbers them, and sends them off in chunks.

use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use super::chunk::Chunk;
use crate::deliver::stop::Stop;
use crate::event::{Halt, InputFault, SharedError};
use crate::import::inputs::Lookahead;
use crate::record::{InputId, Records};

/// Memory of a chunk's records, some 500 rows of a usual table. With 64 rows a chunk, threads woke each other twice as
/// often; chunks of 512 kB no longer stay in a core's cache, and a million rows took a fifth more time.
const CHUNK_BYTES: usize = 128 * 1024;

/// Nobody takes chunks any more: the run is ending.
struct Unwanted;

/// Reads all inputs to their ends. One that breaks off costs its own rest, not the next input.
pub(super) fn read(
    inputs: impl IntoIterator<Item = Lookahead>,
    workers: &[SyncSender<Chunk<Arc<Records>>>],
    stop: &Stop,
) {
    let mut chunks = ChunkSender {
        workers,
        turn: 0,
        chunk: Records::default(),
        sent: 0,
    };
    // The other end reports why it hung up.
    let _ = read_all(inputs, &mut chunks, stop);
}

fn read_all(
    inputs: impl IntoIterator<Item = Lookahead>,
    chunks: &mut ChunkSender<'_>,
    stop: &Stop,
) -> Result<(), Unwanted> {
    for (index, mut input) in inputs.into_iter().enumerate() {
        chunks.send_off()?;
        chunks.send_records(input.take_ahead())?;
        loop {
            if stop.halt().is_some() {
                return Err(Unwanted);
            }
            match input.read(&mut chunks.chunk) {
                Ok(true) if chunks.are_full() || input.may_wait() => chunks.send_off()?,
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    chunks.send_off()?;
                    chunks.send(Chunk::Broken(
                        InputId(index),
                        Halt::Input(InputFault::Broken(
                            input.name.clone(),
                            SharedError::new(error),
                        )),
                    ))?;
                    break;
                }
            }
        }
    }
    chunks.send_off()?;
    chunks.send(Chunk::End)
}

struct ChunkSender<'a> {
    workers: &'a [SyncSender<Chunk<Arc<Records>>>],
    turn: usize,
    chunk: Records,
    sent: u64,
}

impl ChunkSender<'_> {
    /// Whether the next chunk holds enough.
    fn are_full(&self) -> bool {
        self.chunk.memory() >= CHUNK_BYTES
    }

    fn send_off(&mut self) -> Result<(), Unwanted> {
        let records = Arc::new(std::mem::take(&mut self.chunk));
        self.send_records(records)
    }

    fn send_records(&mut self, records: Arc<Records>) -> Result<(), Unwanted> {
        if records.is_empty() {
            return Ok(());
        }
        let first = self.sent;
        self.sent += records.len() as u64;
        self.send(Chunk::Records { first, records })
    }

    fn send(&mut self, chunk: Chunk<Arc<Records>>) -> Result<(), Unwanted> {
        let worker = self.workers.get(self.turn).ok_or(Unwanted)?;
        worker.send(chunk).map_err(|_| Unwanted)?;
        self.turn = (self.turn + 1) % self.workers.len();
        Ok(())
    }
}
