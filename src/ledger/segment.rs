//! Segments as files: their header, and appending to them.
//!
//! A file begins with `bpledger`, a version (2 bytes, little-endian as all numbers), the length (4) and checksum (8) of
//! the header, and the header as JSON. Frames follow.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::LedgerError;
use super::files;
use super::frame::{Frame, Seal};

const MAGIC: &[u8; 8] = b"bpledger";
pub(super) const VERSION: u16 = 1;
/// A header is a few names and facts; more than this is damage.
const LONGEST_HEADER: u32 = 64_000_000;

/// What a segment's writer needs of a file; a full disk is another such file.
pub(super) trait Store: Write {
    /// Takes back what was written beyond this length.
    fn cut(&mut self, length: u64) -> io::Result<()>;
    /// Waits until everything is on the disk.
    fn sync(&mut self) -> io::Result<()>;
}

impl Store for File {
    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

/// A segment that is being written. Where it is a run's, the file is locked as long as this lives.
#[derive(Debug)]
pub(super) struct Segment<F = File> {
    path: PathBuf,
    file: F,
    seal: Seal,
    /// Bytes that were written whole.
    length: u64,
    torn: bool,
    buffer: Vec<u8>,
}

impl<F: Store> Segment<F> {
    pub(super) fn new(path: PathBuf, file: F, seal: Seal, length: u64) -> Segment<F> {
        Segment {
            path,
            file,
            seal,
            length,
            torn: false,
            buffer: Vec::new(),
        }
    }

    /// Appends frames in one write.
    ///
    /// # Errors
    /// When they cannot be written: then none of them is recorded.
    pub(super) fn append(
        &mut self,
        frames: impl Iterator<Item = Frame>,
    ) -> Result<(), LedgerError> {
        self.buffer.clear();
        for frame in frames {
            frame.write(self.seal, &mut self.buffer);
        }
        self.write_buffer()
    }

    /// Appends the end and its facts, and waits until everything is on the disk.
    pub(super) fn end(&mut self, facts: &[u8]) -> Result<(), LedgerError> {
        self.buffer.clear();
        let frame = Frame::End {
            length: facts.len().try_into().unwrap_or(u64::MAX),
            checksum: self.seal.checksum(facts),
        };
        frame.write(self.seal, &mut self.buffer);
        self.buffer.extend_from_slice(facts);
        self.write_buffer()?;
        self.settle()
    }

    /// Waits until everything is on the disk.
    pub(super) fn settle(&mut self) -> Result<(), LedgerError> {
        self.file.sync().map_err(LedgerError::write(&self.path))
    }

    fn write_buffer(&mut self) -> Result<(), LedgerError> {
        let written = self.mend().and_then(|()| self.file.write_all(&self.buffer));
        match written {
            Ok(()) => self.length += u64::try_from(self.buffer.len()).unwrap_or_default(),
            Err(_) => self.torn = self.file.cut(self.length).is_err(),
        }
        written.map_err(LedgerError::write(&self.path))
    }

    /// Takes back what a failed write left: frames after a torn one would never be read.
    fn mend(&mut self) -> io::Result<()> {
        if self.torn {
            self.file.cut(self.length)?;
            self.torn = false;
        }
        Ok(())
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// A header as it stands at a file's beginning, and the seal of the frames after it.
pub(super) fn header<H: Serialize>(header: &H) -> io::Result<(Vec<u8>, Seal)> {
    let json = serde_json::to_vec(header)?;
    let length = u32::try_from(json.len()).map_err(io::Error::other)?;
    let seal = Seal::of(&json);
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&seal.checksum(&json).to_le_bytes());
    bytes.extend_from_slice(&json);
    Ok((bytes, seal))
}

/// A file that begins with a header, read up to its first frame.
pub(super) struct Opened<H> {
    pub(super) file: File,
    pub(super) seal: Seal,
    pub(super) header: H,
    /// Where the first frame stands.
    pub(super) begins: u64,
}

/// Why a file that can be read cannot be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Foreign {
    Damaged,
    Newer,
}

/// Opens a segment, or what was compacted, and reads its header.
pub(super) fn open<H: DeserializeOwned>(
    path: &Path,
) -> Result<Result<Opened<H>, Foreign>, LedgerError> {
    let open = || {
        let mut file = File::open(path)?;
        let read = read_header(&mut file)?;
        Ok(read.map(|(seal, header, begins)| Opened {
            file,
            seal,
            header,
            begins,
        }))
    };
    open().map_err(LedgerError::read(path))
}

type Header<H> = (Seal, H, u64);

fn read_header<H: DeserializeOwned>(
    from: &mut impl Read,
) -> io::Result<Result<Header<H>, Foreign>> {
    let (Some(magic), Some(version)) = (array(from)?, array(from)?) else {
        return Ok(Err(Foreign::Damaged));
    };
    if magic != *MAGIC {
        return Ok(Err(Foreign::Damaged));
    }
    match u16::from_le_bytes(version) {
        VERSION => Ok(read_json(from)?.ok_or(Foreign::Damaged)),
        0 => Ok(Err(Foreign::Damaged)),
        _ => Ok(Err(Foreign::Newer)),
    }
}

fn read_json<H: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<Header<H>>> {
    let (Some(length), Some(checksum)) = (array(from)?, array(from)?) else {
        return Ok(None);
    };
    let length = u32::from_le_bytes(length);
    let mut json = Vec::new();
    from.take(u64::from(length.min(LONGEST_HEADER)))
        .read_to_end(&mut json)?;
    let seal = Seal::of(&json);
    if seal.checksum(&json).to_le_bytes() != checksum {
        return Ok(None);
    }
    let before = MAGIC.len() + size_of_val(&VERSION) + size_of_val(&length) + checksum.len();
    let begins = u64::try_from(before + json.len()).unwrap_or_default();
    let header = serde_json::from_slice(&json).ok();
    Ok(header.map(|header| (seal, header, begins)))
}

/// The next bytes; `None` where the file ends before.
fn array<const N: usize>(from: &mut impl Read) -> io::Result<Option<[u8; N]>> {
    let mut bytes = [0; N];
    match from.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// Makes a file of its own for a segment, locked and with its header, and only then puts it in its place: whoever sees
/// it sees it whole. That it was begun outlasts the power: what it may overtake is then known to be in doubt.
pub(super) fn create<H: Serialize>(path: PathBuf, heading: &H) -> Result<Segment, LedgerError> {
    let create = || {
        let (bytes, seal) = header(heading)?;
        let mut draft = files::Draft::in_directory(path.parent().unwrap_or(Path::new("")))?;
        draft.file().lock()?;
        draft.file().write_all(&bytes)?;
        draft.file().sync()?;
        let length = u64::try_from(bytes.len()).unwrap_or_default();
        let file = draft.place(&path)?;
        files::sync_directory(path.parent().unwrap_or(Path::new("")))?;
        Ok((file, seal, length))
    };
    let (file, seal, length) = create().map_err(LedgerError::write(&path))?;
    Ok(Segment::new(path, file, seal, length))
}
