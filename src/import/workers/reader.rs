//! The reader: pulls records from the inputs in order, numbers them, and sends them off in chunks.

use std::sync::mpsc::SyncSender;

use super::chunk::Chunk;
use crate::deliver::stop::Stop;
use crate::event::{Halt, InputFault, SharedError};
use crate::import::inputs::Lookahead;
use crate::record::{InputId, Record};

/// Records of a chunk.
const CHUNK_RECORDS: usize = 64;
/// …and bytes of input at the most, so that huge rows do not pile up.
const CHUNK_BYTES: u64 = 256 * 1024;

/// Nobody takes chunks any more: the run is ending.
struct Unwanted;

/// Reads all inputs to their ends. One that breaks off costs its own rest, not the next input.
pub(super) fn read(
    inputs: impl IntoIterator<Item = Lookahead>,
    workers: &[SyncSender<Chunk<Record>>],
    stop: &Stop,
) {
    let mut chunks = ChunkSender {
        workers,
        turn: 0,
        chunk: Vec::with_capacity(CHUNK_RECORDS),
        bytes: 0,
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
        loop {
            if stop.halt().is_some() {
                return Err(Unwanted);
            }
            match input.next() {
                Ok(Some(record)) => chunks.add(record)?,
                Ok(None) => break,
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
        chunks.bytes = 0;
    }
    chunks.send_off()?;
    chunks.send(Chunk::End)
}

struct ChunkSender<'a> {
    workers: &'a [SyncSender<Chunk<Record>>],
    turn: usize,
    chunk: Vec<Record>,
    /// How far the input was read when the chunk was begun.
    bytes: u64,
    sent: u64,
}

impl ChunkSender<'_> {
    fn add(&mut self, record: Record) -> Result<(), Unwanted> {
        let heavy = record.bytes.saturating_sub(self.bytes) > CHUNK_BYTES;
        let read_through = record.bytes;
        self.chunk.push(record);
        if heavy || self.chunk.len() >= CHUNK_RECORDS {
            self.bytes = read_through;
            self.send_off()?;
        }
        Ok(())
    }

    fn send_off(&mut self) -> Result<(), Unwanted> {
        if self.chunk.is_empty() {
            return Ok(());
        }
        let records = std::mem::replace(&mut self.chunk, Vec::with_capacity(CHUNK_RECORDS));
        let first = self.sent;
        self.sent += records.len() as u64;
        self.send(Chunk::Records { first, records })
    }

    fn send(&mut self, chunk: Chunk<Record>) -> Result<(), Unwanted> {
        let worker = self.workers.get(self.turn).ok_or(Unwanted)?;
        worker.send(chunk).map_err(|_| Unwanted)?;
        self.turn = (self.turn + 1) % self.workers.len();
        Ok(())
    }
}
