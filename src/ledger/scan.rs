//! Reading frames, as fast as the disk gives them, up to the first that is not whole.

use std::io::{self, Read};

use super::frame::{Frame, Mark, SIZE, Seal};
use crate::fingerprint::Fingerprint;

/// Frames that are read at once.
const AT_ONCE: usize = 8_192;

/// How a file's frames end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tail {
    /// In order, with these facts.
    Ended(Vec<u8>),
    /// After a whole frame or within one: its writer lives, or was killed.
    Open,
    /// A frame is there in full length, yet is not what was written. What came after it nobody knows.
    Damaged,
}

/// Frames that are handed on together.
const TOGETHER: usize = 256;

/// The contacts among frames.
pub(super) fn contacts(frames: &[Frame]) -> impl Iterator<Item = (Mark, &Fingerprint)> + Clone {
    frames.iter().filter_map(|frame| match frame {
        Frame::Contact(mark, contact) => Some((*mark, contact)),
        Frame::Until(_) | Frame::End { .. } => None,
    })
}

/// Hands on the frames but the end, in their order and some at a time: who looks them up somewhere can look ahead.
pub(super) fn frames(
    from: &mut impl Read,
    seal: Seal,
    mut each: impl FnMut(&[Frame]),
) -> io::Result<Tail> {
    let mut together = Vec::with_capacity(TOGETHER);
    let tail = single_frames(from, seal, |frame| {
        together.push(frame);
        if together.len() >= TOGETHER {
            each(&together);
            together.clear();
        }
    });
    each(&together);
    tail
}

fn single_frames(
    from: &mut impl Read,
    seal: Seal,
    mut each: impl FnMut(Frame),
) -> io::Result<Tail> {
    let mut buffer = vec![0; AT_ONCE * SIZE];
    loop {
        let filled = fill(from, &mut buffer)?;
        let mut rest = buffer.get(..filled).unwrap_or_default();
        while let Some((bytes, after)) = rest.split_first_chunk::<SIZE>() {
            rest = after;
            match Frame::read(seal, bytes) {
                None => return Ok(Tail::Damaged),
                Some(Frame::End { length, checksum }) => {
                    return facts(&mut rest.chain(from), seal, length, checksum);
                }
                Some(frame) => each(frame),
            }
        }
        if filled < buffer.len() {
            return Ok(Tail::Open);
        }
    }
}

fn facts(from: &mut impl Read, seal: Seal, length: u64, checksum: u64) -> io::Result<Tail> {
    let mut facts = Vec::new();
    from.take(length).read_to_end(&mut facts)?;
    if seal.checksum(&facts) == checksum {
        Ok(Tail::Ended(facts))
    } else {
        Ok(Tail::Open)
    }
}

/// Fills the buffer as far as the file goes.
fn fill(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(room) = buffer.get_mut(filled..).filter(|room| !room.is_empty()) {
        match from.read(room) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
