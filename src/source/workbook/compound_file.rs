//! Reads compound files, the containers of Office files before 2007 (MS-CFB).
//!
//! Owns sectors, their chains, and the directory. `biff` reads what a stream holds. A file is damaged where something in
//! it points outside of it or in a circle.

use super::error::WorkbookError;

/// The header signature (MS-CFB 2.2).
pub(super) const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Sector numbers from here on mark the end of a chain or a free sector (MS-CFB 2.1).
const RESERVED: u32 = 0xFFFF_FFFA;
/// Sectors of the allocation table that the header lists; further ones are in a chain of their own (MS-CFB 2.5).
const NAMED_IN_HEADER: usize = 109;
const HEADER: usize = 512;
const ENTRY: usize = 128;
const MINI_SECTOR: usize = 64;
/// Streams shorter than this are in the mini stream (MS-CFB 2.2, mini stream cutoff size).
const MINI_LIMIT: usize = 4096;

/// A compound file whose chains were proved to end.
#[derive(Debug)]
pub(super) struct CompoundFile<'a> {
    bytes: &'a [u8],
    sector: usize,
    table: Vec<u32>,
    mini_table: Vec<u32>,
    mini_stream: Vec<u8>,
    entries: Vec<DirectoryEntry>,
}

#[derive(Debug)]
struct DirectoryEntry {
    name: String,
    start: u32,
    length: usize,
}

impl<'a> CompoundFile<'a> {
    /// Reads tables and directory.
    pub(super) fn open(bytes: &'a [u8]) -> Result<CompoundFile<'a>, WorkbookError> {
        if !bytes.starts_with(MAGIC) {
            return Err(WorkbookError::DAMAGED);
        }
        // Offset 30 is the sector shift: versions 3 and 4 have sectors of 512 and 4096 bytes (MS-CFB 2.2).
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return Err(WorkbookError::DAMAGED),
        };
        let mut compound = CompoundFile {
            bytes,
            sector,
            table: Vec::new(),
            mini_table: Vec::new(),
            mini_stream: Vec::new(),
            entries: Vec::new(),
        };
        compound.table = compound.read_table()?;
        check_ends(&compound.table)?;
        // Offset 48 is the first sector of the directory.
        let directory = compound.chain(u32_at(bytes, 48)?, usize::MAX)?;
        compound.entries = directory.chunks_exact(ENTRY).map(entry).collect();
        compound.read_mini()?;
        Ok(compound)
    }

    fn read_table(&self) -> Result<Vec<u32>, WorkbookError> {
        // The header lists sectors of the table from offset 76, and at 68 the first sector that lists further ones.
        let mut named: Vec<u32> = (0..NAMED_IN_HEADER)
            .map(|index| u32_at(self.bytes, 76 + 4 * index))
            .collect::<Result<_, _>>()?;
        let mut next = u32_at(self.bytes, 68)?;
        // A file cannot list more sectors than it has: this ends a chain that runs in a circle.
        let most = self.bytes.len() / self.sector + 1;
        for _ in 0..=most {
            if next >= RESERVED {
                break;
            }
            named.extend(numbers(self.at(next)?));
            // The last number in such a sector is the next one of them.
            next = named.pop().ok_or(WorkbookError::DAMAGED)?;
        }
        named.retain(|id| *id < RESERVED);
        if next < RESERVED || named.len() > most {
            return Err(WorkbookError::DAMAGED);
        }
        let sectors = named.into_iter().map(|id| self.at(id));
        let sectors: Vec<&[u8]> = sectors.collect::<Result<_, _>>()?;
        Ok(sectors.into_iter().flat_map(numbers).collect())
    }

    fn read_mini(&mut self) -> Result<(), WorkbookError> {
        let Some(root) = self.entries.first() else {
            return Err(WorkbookError::DAMAGED);
        };
        // Offset 64 is the number of sectors of the mini table, 60 its first one; the root entry is the mini stream.
        if u32_at(self.bytes, 64)? == 0 {
            return Ok(());
        }
        self.mini_stream = self.chain(root.start, root.length)?;
        let table = self.chain(u32_at(self.bytes, 60)?, usize::MAX)?;
        self.mini_table = numbers(&table).collect();
        check_ends(&self.mini_table)
    }

    fn at(&self, id: u32) -> Result<&'a [u8], WorkbookError> {
        let start = (id as usize + 1).saturating_mul(self.sector).max(HEADER);
        let end = start.saturating_add(self.sector).min(self.bytes.len());
        self.bytes.get(start..end).ok_or(WorkbookError::DAMAGED)
    }

    /// The bytes of a chain, at most `length`.
    fn chain(&self, start: u32, length: usize) -> Result<Vec<u8>, WorkbookError> {
        let mut bytes = Vec::new();
        for id in links(&self.table, start) {
            bytes.extend_from_slice(self.at(id?)?);
            if bytes.len() >= length {
                break;
            }
        }
        bytes.truncate(length);
        Ok(bytes)
    }

    /// Whether the name of a stream or storage begins like this.
    pub(super) fn has(&self, beginning: &str) -> bool {
        self.entries
            .iter()
            .any(|entry| entry.name.starts_with(beginning))
    }

    /// A stream of that name, in whatever case.
    pub(super) fn stream(&self, name: &str) -> Option<Result<Vec<u8>, WorkbookError>> {
        let named = |entry: &&DirectoryEntry| entry.name.eq_ignore_ascii_case(name);
        let entry = self.entries.iter().find(named)?;
        Some(if entry.length < MINI_LIMIT {
            self.mini_chain(entry)
        } else {
            self.chain(entry.start, entry.length)
        })
    }

    fn mini_chain(&self, entry: &DirectoryEntry) -> Result<Vec<u8>, WorkbookError> {
        let mut bytes = Vec::new();
        for id in links(&self.mini_table, entry.start) {
            let start = (id? as usize).saturating_mul(MINI_SECTOR);
            let rest = self
                .mini_stream
                .get(start..)
                .ok_or(WorkbookError::DAMAGED)?;
            bytes.extend_from_slice(rest.get(..MINI_SECTOR).unwrap_or(rest));
            if bytes.len() >= entry.length {
                break;
            }
        }
        bytes.truncate(entry.length);
        Ok(bytes)
    }
}

/// The sectors of a chain.
fn links(table: &[u32], start: u32) -> impl Iterator<Item = Result<u32, WorkbookError>> {
    let mut next = Some(start).filter(|id| *id < RESERVED);
    std::iter::from_fn(move || {
        let id = next?;
        let Some(after) = table.get(id as usize) else {
            next = None;
            return Some(Err(WorkbookError::DAMAGED));
        };
        next = Some(*after).filter(|id| *id < RESERVED);
        Some(Ok(id))
    })
}

/// Proves that no chain runs in a circle: a walk from each sector ends outside the table, or at a sector of an earlier
/// walk. Each sector is visited once, so that a hostile table costs no more than a good one.
fn check_ends(table: &[u32]) -> Result<(), WorkbookError> {
    let mut walked_by = vec![None; table.len()];
    for start in 0..table.len() {
        let mut at = start;
        loop {
            match walked_by.get_mut(at) {
                Some(by @ None) => *by = Some(start),
                Some(by) if *by == Some(start) => return Err(WorkbookError::DAMAGED),
                Some(_) | None => break,
            }
            at = table.get(at).map_or(usize::MAX, |next| *next as usize);
        }
    }
    Ok(())
}

fn entry(bytes: &[u8]) -> DirectoryEntry {
    let units: Vec<u16> = bytes
        .as_chunks::<2>()
        .0
        .iter()
        .take(32)
        .map(|pair| u16::from_le_bytes(*pair))
        .take_while(|unit| *unit != 0)
        .collect();
    DirectoryEntry {
        name: String::from_utf16_lossy(&units),
        start: u32_at(bytes, 116).unwrap_or(RESERVED),
        length: u32_at(bytes, 120).map_or(0, |length| length as usize),
    }
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|four| u32::from_le_bytes(*four))
}

/// The 32-bit number at an offset.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Result<u32, WorkbookError> {
    let four = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    four.map(|four| u32::from_le_bytes(*four))
        .ok_or(WorkbookError::DAMAGED)
}

/// The 16-bit number at an offset.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Result<u16, WorkbookError> {
    let two = bytes.get(at..).and_then(|rest| rest.first_chunk::<2>());
    two.map(|two| u16::from_le_bytes(*two))
        .ok_or(WorkbookError::DAMAGED)
}
