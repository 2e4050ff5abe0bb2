//! zstd, block by block (RFC 8878), so that a file that was cut off gives everything up to its last whole block.
//!
//! Owns the outer structure: frames, blocks, checksums. `ruzstd` decodes what is in a block. It holds back one window
//! (as large as the frame's header says) until the frame has ended, so a frame that is cut off is ended here with an
//! empty block; otherwise the rows in that window, often all of a file, would be lost. For the same reason the rows of
//! a slow pipe arrive one window late.

use std::io::{self, BufRead, Cursor, Read};
use std::mem;

use ruzstd::decoding::errors::{
    DecodeBlockContentError as Body, DecompressBlockError as Block, FrameDecoderError as Fault,
    ReadFrameHeaderError as Header,
};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// The largest window that is allowed: 128 MiB, as in libzstd (`ZSTD_WINDOWLOG_LIMIT_DEFAULT`). It bounds memory.
const LARGEST_WINDOW: u64 = 1 << 27;
/// Magic number and descriptor: what every frame begins with.
const START: usize = 5;
const BLOCK_HEADER: usize = 3;
const CHECKSUM: usize = 4;
/// A block that is raw, empty and the last of its frame.
const EMPTY_LAST_BLOCK: [u8; BLOCK_HEADER] = [1, 0, 0];

/// What is inside of zstd frames, one behind another.
pub(super) struct Unzstd<R> {
    packed: R,
    decoder: FrameDecoder,
    /// The block that is decoded next, with its header; or what could be read of it.
    block: Vec<u8>,
    /// The last window of a frame that has ended.
    window: Cursor<Vec<u8>>,
    state: State,
}

enum State {
    /// Before a frame, or at the end.
    Outside,
    Inside(Frame),
    /// Every further read fails like this.
    Failed(io::Error),
}

#[derive(Clone, Copy)]
struct Frame {
    has_checksum: bool,
    /// The size that its header promises.
    size: Option<u64>,
    /// How much of it was given out.
    given: u64,
}

impl<R: BufRead> Unzstd<R> {
    pub(super) fn new(packed: R) -> Unzstd<R> {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(LARGEST_WINDOW);
        Unzstd {
            packed,
            decoder,
            block: Vec::new(),
            window: Cursor::default(),
            state: State::Outside,
        }
    }

    /// Begins the next frame, or passes over one of other data (RFC 8878, 3.1.2).
    fn begin_frame(&mut self) -> io::Result<()> {
        let mut start = [0; START];
        self.packed.read_exact(&mut start)?;
        let descriptor = start[START - 1];
        match self.decoder.reset(start.chain(&mut self.packed)) {
            Ok(()) => {
                let is_single_segment = descriptor & 0x20 != 0;
                let has_size = is_single_segment || descriptor >> 6 != 0;
                self.state = State::Inside(Frame {
                    has_checksum: descriptor & 4 != 0,
                    size: has_size.then(|| self.decoder.content_size()),
                    given: 0,
                });
                Ok(())
            }
            Err(Fault::ReadFrameHeaderError(Header::SkipFrame { length, .. })) => {
                let mut frame = self.packed.by_ref().take(u64::from(length));
                let passed = io::copy(&mut frame, &mut io::sink())?;
                if passed < u64::from(length) {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                Ok(())
            }
            Err(fault) => Err(as_io(fault)),
        }
    }

    /// Decodes one block once all of it has been read.
    fn decode_block(&mut self, frame: Frame) -> Result<(), Broken> {
        self.read_block(frame).map_err(Broken::Unread)?;
        let strategy = BlockDecodingStrategy::UptoBlocks(1);
        let ended = self.decoder.decode_blocks(&self.block[..], strategy);
        if ended.map_err(Broken::Undecoded)? {
            // Checked before it is given out: of a file that fits into a window, nothing that is wrong is read.
            let window = self.decoder.collect().unwrap_or_default();
            self.check(frame, window.len()).map_err(Broken::Wrong)?;
            self.window = Cursor::new(window);
            self.state = State::Outside;
        }
        Ok(())
    }

    /// Reads a block, and behind the last one of a frame its checksum.
    fn read_block(&mut self, frame: Frame) -> io::Result<()> {
        self.block.clear();
        let mut header = [0; BLOCK_HEADER];
        self.packed.read_exact(&mut header)?;
        self.block.extend(header);
        let header = BlockHeader::of(header);
        let checksum = match header.is_last && frame.has_checksum {
            true => CHECKSUM,
            false => 0,
        };
        let size = header.content() + checksum;
        let mut rest = self.packed.by_ref().take(size as u64);
        match rest.read_to_end(&mut self.block)? < size {
            true => Err(io::ErrorKind::UnexpectedEof.into()),
            false => Ok(()),
        }
    }

    /// Ends a frame that cannot be read further. What was decoded before comes out, then the error.
    fn break_off(&mut self, broken: Broken) {
        let end = match &broken {
            Broken::Unread(_) => Some(self.usable_part()),
            Broken::Undecoded(fault) if leaves_whole_blocks(fault) => {
                Some(EMPTY_LAST_BLOCK.to_vec())
            }
            Broken::Undecoded(_) | Broken::Wrong(_) => None,
        };
        let mut decoder = mem::take(&mut self.decoder);
        let ended = |mut end: Vec<u8>| {
            // Where the frame has a checksum the decoder reads one behind its last block; it is not compared here.
            end.extend([0; CHECKSUM]);
            let strategy = BlockDecodingStrategy::UptoBlocks(1);
            decoder.decode_blocks(&end[..], strategy).ok()?;
            decoder.collect()
        };
        self.window = Cursor::new(end.and_then(ended).unwrap_or_default());
        self.state = State::Failed(match broken {
            Broken::Unread(error) | Broken::Wrong(error) => error,
            Broken::Undecoded(fault) => as_io(fault),
        });
    }

    /// What was read of a block that is cut off, as the last block of its frame: all of it where only the checksum is
    /// missing, the beginning of a raw one, nothing of any other.
    fn usable_part(&self) -> Vec<u8> {
        let Some((header, content)) = self.block.split_first_chunk() else {
            return EMPTY_LAST_BLOCK.to_vec();
        };
        let header = BlockHeader::of(*header);
        let content = content.get(..header.content()).unwrap_or(content);
        let is_whole = content.len() == header.content();
        if !is_whole && header.kind != RAW {
            return EMPTY_LAST_BLOCK.to_vec();
        }
        let last = BlockHeader {
            is_last: true,
            size: if is_whole { header.size } else { content.len() },
            ..header
        };
        [&last.bytes(), content].concat()
    }

    /// What must be true of a frame that has ended, in the words of libzstd.
    fn check(&self, frame: Frame, rest: usize) -> io::Result<()> {
        let given = frame.given + rest as u64;
        if frame.size.is_some_and(|size| size != given) {
            return Err(io::Error::other(CORRUPTED));
        }
        let read = self.decoder.get_checksum_from_data();
        if frame.has_checksum && read != self.decoder.get_calculated_checksum() {
            return Err(io::Error::other("Restored data doesn't match checksum"));
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Unzstd<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if target.is_empty() {
            return Ok(0);
        }
        loop {
            let given = self.window.read(target)?;
            if given > 0 {
                return Ok(given);
            }
            match &mut self.state {
                State::Outside => {
                    if self.packed.fill_buf()?.is_empty() {
                        return Ok(0);
                    }
                    if let Err(error) = self.begin_frame() {
                        self.state = State::Failed(error);
                    }
                }
                State::Inside(frame) => {
                    let given = self.decoder.read(target)?;
                    frame.given += given as u64;
                    if given > 0 {
                        return Ok(given);
                    }
                    let frame = *frame;
                    if let Err(broken) = self.decode_block(frame) {
                        self.break_off(broken);
                    }
                }
                State::Failed(error) => {
                    // The caller gets the error itself; what reads on gets its kind and words again.
                    let copy = io::Error::new(error.kind(), error.to_string());
                    return Err(mem::replace(error, copy));
                }
            }
        }
    }
}

/// RFC 8878, 3.1.1.2: what the three bytes before a block say.
#[derive(Clone, Copy)]
struct BlockHeader {
    is_last: bool,
    kind: usize,
    size: usize,
}

/// The bytes as they are.
const RAW: usize = 0;
/// One byte, repeated as often as the size says.
const RUN: usize = 1;

impl BlockHeader {
    fn of([low, middle, high]: [u8; BLOCK_HEADER]) -> BlockHeader {
        let bits = u32::from_le_bytes([low, middle, high, 0]);
        BlockHeader {
            is_last: bits & 1 == 1,
            kind: (bits >> 1) as usize & 3,
            size: (bits >> 3) as usize,
        }
    }

    fn bytes(self) -> [u8; BLOCK_HEADER] {
        let bits = (self.size << 3) | (self.kind << 1) | usize::from(self.is_last);
        let [low, middle, high, ..] = bits.to_le_bytes();
        [low, middle, high]
    }

    /// How many bytes follow: at most 2 MiB, as the size has 21 bits. The decoder refuses more than 128 KiB.
    fn content(self) -> usize {
        match self.kind {
            RUN => 1,
            _ => self.size,
        }
    }
}

/// Why a frame ends before its last block, or is not what it says.
enum Broken {
    Unread(io::Error),
    Undecoded(Fault),
    Wrong(io::Error),
}

/// Whether the decoder still holds whole blocks only. Where it fails while it copies matches, a part of the broken block
/// is behind them, and there is no way to ask how long it is; then its window is dropped.
fn leaves_whole_blocks(fault: &Fault) -> bool {
    !matches!(
        fault,
        Fault::FailedToReadBlockBody(Body::DecompressBlockError(Block::ExecuteSequencesError(_)))
    )
}

const CORRUPTED: &str = "Data corruption detected";

/// The decoder's errors in the words of libzstd, which users can look up.
fn as_io(fault: Fault) -> io::Error {
    let words = match fault {
        Fault::ReadFrameHeaderError(
            Header::MagicNumberReadError(error)
            | Header::FrameDescriptorReadError(error)
            | Header::WindowDescriptorReadError(error)
            | Header::DictionaryIdReadError(error)
            | Header::FrameContentSizeReadError(error),
        ) => return error,
        Fault::ReadFrameHeaderError(Header::BadMagicNumber(_)) => "Unknown frame descriptor",
        Fault::WindowSizeTooBig { .. } | Fault::FrameHeaderError(_) => {
            "Frame requires too much memory for decoding"
        }
        Fault::DictNotProvided { .. } => "Dictionary mismatch",
        _ => CORRUPTED,
    };
    io::Error::other(words)
}

#[cfg(test)]
mod tests;
