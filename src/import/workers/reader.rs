//! The reader: pulls records from the inputs in order, numbers them, and sends them off in chunks.

use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use super::chunk::Chunk;
use crate::deliver::stop::Stop;
use crate::event::{Halt, InputFault, SharedError};
use crate::import::inputs::Lookahead;
use crate::record::{InputId, Records};

/// Records of a chunk.
const CHUNK_RECORDS: usize = 64;
/// …and bytes of text at the most, so that huge rows do not pile up.
const CHUNK_BYTES: usize = 256 * 1024;

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
                Ok(true) => chunks.settle()?,
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
    /// Sends the chunk off once it is full.
    fn settle(&mut self) -> Result<(), Unwanted> {
        match self.chunk.len() >= CHUNK_RECORDS || self.chunk.size() >= CHUNK_BYTES {
            true => self.send_off(),
            false => Ok(()),
        }
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
