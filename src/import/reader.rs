//! The reader: pulls records from the inputs in order, numbers them, and sends them off in parcels.

use std::sync::mpsc::SyncSender;

use super::inputs::Lookahead;
use super::lanes::Parcel;
use crate::deliver::stop::Stop;
use crate::event::Halt;
use crate::record::{InputId, Record};

/// Records of a parcel.
const PARCEL: usize = 64;
/// …and bytes of input at the most, so that huge rows do not pile up.
const PARCEL_BYTES: u64 = 256 * 1024;

/// Nobody takes parcels any more: the run is ending.
struct Unwanted;

/// Reads all inputs to their ends. One that breaks off costs its own rest, not the next input.
pub(super) fn read(
    inputs: impl IntoIterator<Item = Lookahead>,
    workers: &[SyncSender<Parcel<Record>>],
    stop: &Stop,
) {
    let mut post = Post {
        workers,
        turn: 0,
        parcel: Vec::with_capacity(PARCEL),
        bytes: 0,
        sent: 0,
    };
    // Whoever hung up knows why.
    let _ = read_all(inputs, &mut post, stop);
}

fn read_all(
    inputs: impl IntoIterator<Item = Lookahead>,
    post: &mut Post<'_>,
    stop: &Stop,
) -> Result<(), Unwanted> {
    for (index, mut input) in inputs.into_iter().enumerate() {
        loop {
            if stop.halt().is_some() {
                return Err(Unwanted);
            }
            match input.next() {
                Ok(Some(record)) => post.add(record)?,
                Ok(None) => break,
                Err(error) => {
                    post.send_off()?;
                    post.send(Parcel::Broken(
                        InputId(index),
                        Halt::Input(format!("{}: {error}", input.name)),
                    ))?;
                    break;
                }
            }
        }
        post.bytes = 0;
    }
    post.send_off()?;
    post.send(Parcel::End)
}

struct Post<'a> {
    workers: &'a [SyncSender<Parcel<Record>>],
    turn: usize,
    parcel: Vec<Record>,
    /// How far the input was read when the parcel was begun.
    bytes: u64,
    sent: u64,
}

impl Post<'_> {
    fn add(&mut self, record: Record) -> Result<(), Unwanted> {
        let heavy = record.bytes.saturating_sub(self.bytes) > PARCEL_BYTES;
        let read_through = record.bytes;
        self.parcel.push(record);
        if heavy || self.parcel.len() >= PARCEL {
            self.bytes = read_through;
            self.send_off()?;
        }
        Ok(())
    }

    fn send_off(&mut self) -> Result<(), Unwanted> {
        if self.parcel.is_empty() {
            return Ok(());
        }
        let records = std::mem::replace(&mut self.parcel, Vec::with_capacity(PARCEL));
        let first = self.sent;
        self.sent += u64::try_from(records.len()).unwrap_or(u64::MAX);
        self.send(Parcel::Records { first, records })
    }

    fn send(&mut self, parcel: Parcel<Record>) -> Result<(), Unwanted> {
        let worker = self.workers.get(self.turn).ok_or(Unwanted)?;
        worker.send(parcel).map_err(|_| Unwanted)?;
        self.turn = (self.turn + 1) % self.workers.len();
        Ok(())
    }
}
