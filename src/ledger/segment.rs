//! Segments as files: their header, and appending to them.
//!
//! A file begins with `bpledger`, a version (2 bytes, little-endian as all numbers), the length (4) and checksum (8)
//! of the header, and the header as JSON. Entries follow.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::entry::{LedgerEntry, Seal};
use super::error::LedgerError;
use super::files;

const MAGIC: &[u8; 8] = b"bpledger";
pub(super) const VERSION: u16 = 1;
/// A longer header is damage: the largest, of a compacted file, has at most 2 MB of runs.
const LONGEST_HEADER: u32 = 64_000_000;

/// What a segment's writer needs of a file. In tests, a full disk is another implementation.
pub(super) trait Store: Write {
    /// Takes back what was written beyond this length into the file, which is at this path.
    fn cut(&mut self, path: &Path, length: u64) -> io::Result<()>;
    /// Waits until everything is on the disk.
    fn sync(&mut self) -> io::Result<()>;
}

impl Store for File {
    fn cut(&mut self, path: &Path, length: u64) -> io::Result<()> {
        files::cut(path, length)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

/// A segment that is being written.
#[derive(Debug)]
pub(super) struct Segment<F = File> {
    path: PathBuf,
    file: F,
    seal: Seal,
    /// The length up to the last complete write.
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

    /// Appends entries in one write.
    ///
    /// # Errors
    /// When they cannot be written: then none of them is recorded.
    pub(super) fn append(
        &mut self,
        entries: impl Iterator<Item = LedgerEntry>,
    ) -> Result<(), LedgerError> {
        self.buffer.clear();
        for entry in entries {
            entry.write(self.seal, &mut self.buffer);
        }
        self.write_buffer()
    }

    /// Appends the end and its facts, and waits until everything is on the disk.
    pub(super) fn end(&mut self, facts: &[u8]) -> Result<(), LedgerError> {
        self.buffer.clear();
        let entry = LedgerEntry::End {
            length: facts.len() as u64,
            checksum: self.seal.checksum(facts),
        };
        entry.write(self.seal, &mut self.buffer);
        self.buffer.extend_from_slice(facts);
        self.write_buffer()?;
        self.settle()
    }

    /// Waits until everything is on the disk.
    pub(super) fn settle(&mut self) -> Result<(), LedgerError> {
        self.file.sync().map_err(LedgerError::write(&self.path))
    }

    fn write_buffer(&mut self) -> Result<(), LedgerError> {
        let written = self
            .cut_torn_write()
            .and_then(|()| self.file.write_all(&self.buffer));
        match written {
            Ok(()) => self.length += self.buffer.len() as u64,
            Err(_) => self.torn = self.file.cut(&self.path, self.length).is_err(),
        }
        written.map_err(LedgerError::write(&self.path))
    }

    /// Removes what a failed write left: entries after a torn one could not be read.
    fn cut_torn_write(&mut self) -> io::Result<()> {
        if self.torn {
            self.file.cut(&self.path, self.length)?;
            self.torn = false;
        }
        Ok(())
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// The bytes of a header at a file's beginning, and the seal of the entries after it.
pub(super) fn header_bytes<H: Serialize>(header: &H) -> io::Result<(Vec<u8>, Seal)> {
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

/// A file that begins with a header, read up to its first entry.
pub(super) struct OpenedSegment<H> {
    pub(super) file: File,
    pub(super) seal: Seal,
    pub(super) header: H,
    /// The position of the first entry.
    pub(super) begins: u64,
}

/// Why the content of a file cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FormatError {
    Damaged,
    Newer,
}

/// Opens a segment, or what was compacted, and reads its header.
pub(super) fn open<H: DeserializeOwned>(
    path: &Path,
) -> Result<Result<OpenedSegment<H>, FormatError>, LedgerError> {
    let open = || {
        let mut file = files::patiently(|| File::open(path))?;
        let read = read_header(&mut file)?;
        Ok(read.map(|(seal, header, begins)| OpenedSegment {
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
) -> io::Result<Result<Header<H>, FormatError>> {
    let (Some(magic), Some(version)) = (array(from)?, array(from)?) else {
        return Ok(Err(FormatError::Damaged));
    };
    if magic != *MAGIC {
        return Ok(Err(FormatError::Damaged));
    }
    // The version before the header: a newer one may have another form of header.
    match u16::from_le_bytes(version) {
        VERSION => Ok(read_json(from)?.ok_or(FormatError::Damaged)),
        0 => Ok(Err(FormatError::Damaged)),
        _ => Ok(Err(FormatError::Newer)),
    }
}

fn read_json<H: DeserializeOwned>(from: &mut impl Read) -> io::Result<Option<Header<H>>> {
    let (Some(length), Some(checksum)) = (array(from)?, array(from)?) else {
        return Ok(None);
    };
    let length = u32::from_le_bytes(length);
    let mut json = Vec::new();
    // A damaged length must not make it read or allocate gigabytes.
    from.take(u64::from(length.min(LONGEST_HEADER)))
        .read_to_end(&mut json)?;
    let seal = Seal::of(&json);
    if seal.checksum(&json).to_le_bytes() != checksum {
        return Ok(None);
    }
    let before = MAGIC.len() + size_of_val(&VERSION) + size_of_val(&length) + checksum.len();
    let begins = (before + json.len()) as u64;
    let header = serde_json::from_slice(&json).ok();
    Ok(header.map(|header| (seal, header, begins)))
}

/// The next bytes; `None` if the file ends before.
fn array<const N: usize>(from: &mut impl Read) -> io::Result<Option<[u8; N]>> {
    let mut bytes = [0; N];
    match from.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// Makes the file of a segment with its header, and only then renames it into place: a reader sees all of it or
/// nothing. It is synced, so that after a power cut the contacts that it may have sent are known to be in doubt.
pub(super) fn create<H: Serialize>(path: PathBuf, header: &H) -> Result<Segment, LedgerError> {
    let create = || {
        let (bytes, seal) = header_bytes(header)?;
        let mut draft = files::DraftFile::in_directory(path.parent().unwrap_or(Path::new("")))?;
        draft.file().write_all(&bytes)?;
        draft.file().sync()?;
        let length = bytes.len() as u64;
        let file = draft.persist(&path)?;
        files::sync_directory(path.parent().unwrap_or(Path::new("")))?;
        Ok((file, seal, length))
    };
    let (file, seal, length) = create().map_err(LedgerError::write(&path))?;
    Ok(Segment::new(path, file, seal, length))
}
