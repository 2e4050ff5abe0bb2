//! What an .xls would take in memory, proved before a reader that trusts it is let in.
//!
//! Owns the bounds on BIFF records (MS-XLS). The reader holds the places of all cells of a sheet, to put them in order.

use super::compound_file::{BrokenCompound, CompoundFile, u16_at, u32_at};
use super::error::WorkbookError;

/// Bytes of a file: .xls ends at 65,536 rows.
pub(super) const FILE_LIMIT: u64 = 32_000_000;
/// Cells of a sheet, of which each takes 32 bytes.
const CELLS_LIMIT: u64 = 3_000_000;
/// Records of all sheets: several may claim to begin in one place.
const RECORDS_LIMIT: u64 = 20_000_000;
/// Bytes of the shared strings, of which the shortest take nine times as much in memory.
const STRINGS_LIMIT: usize = 8_000_000;

const BROKEN: WorkbookError = WorkbookError::Broken {
    what: "it was not fetched whole, or is damaged",
};
const TOO_LARGE: WorkbookError = WorkbookError::TooLarge {
    what: "a sheet of it has more than 3,000,000 cells",
};

impl From<BrokenCompound> for WorkbookError {
    fn from(_: BrokenCompound) -> WorkbookError {
        BROKEN
    }
}

/// Proves that an .xls is whole and within bounds.
pub(super) fn check(bytes: &[u8]) -> Result<(), WorkbookError> {
    let book = stream(&CompoundFile::open(bytes)?)?;
    let mut left = RECORDS_LIMIT;
    for start in globals(&book)? {
        check_sheet(book.get(start..).ok_or(BROKEN)?, &mut left)?;
    }
    Ok(())
}

/// The stream that holds the workbook: of BIFF8, else of BIFF5.
pub(super) fn stream(compound: &CompoundFile<'_>) -> Result<Vec<u8>, WorkbookError> {
    let book = compound
        .stream("Workbook")
        .or_else(|| compound.stream("Book"));
    Ok(book.ok_or(BROKEN)??)
}

/// Where the sheets begin, as the records before them say.
fn globals(book: &[u8]) -> Result<Vec<usize>, WorkbookError> {
    let mut starts = Vec::new();
    let mut strings = 0;
    let mut last = 0;
    for record in records(book) {
        let BiffRecord { kind, data } = record?;
        match kind {
            0x002F if u16_at(data, 0)? != 0 => return Err(WorkbookError::Password),
            0x0085 => starts.push(u32_at(data, 0)? as usize),
            0x00FC => strings += data.len(),
            0x003C if last == 0x00FC => strings += data.len(),
            0x000A => break,
            _ => {}
        }
        if kind != 0x003C {
            last = kind;
        }
    }
    if strings > STRINGS_LIMIT {
        return Err(WorkbookError::TooLarge {
            what: "its texts take more than 8 MB",
        });
    }
    Ok(starts)
}

/// Proves that a sheet ends, and that its cells are not too many.
fn check_sheet(sheet: &[u8], left: &mut u64) -> Result<(), WorkbookError> {
    let (mut nested, mut cells) = (-1_i64, 0_u64);
    for record in records(sheet) {
        let BiffRecord { kind, data } = record?;
        *left = left.checked_sub(1).ok_or(TOO_LARGE)?;
        match kind {
            0x0809 => nested += 1,
            0x000A if nested <= 0 => break,
            0x000A => nested -= 1,
            0x0006 | 0x0203 | 0x0204 | 0x00D6 | 0x0205 | 0x027E | 0x00FD => cells += 1,
            0x00BD => cells += data.len() as u64 / 6,
            _ => {}
        }
        if cells > CELLS_LIMIT {
            return Err(TOO_LARGE);
        }
    }
    Ok(())
}

/// A record of a stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct BiffRecord<'a> {
    pub(super) kind: u16,
    pub(super) data: &'a [u8],
}

/// The records of a stream: a kind, a length, and so many bytes.
pub(super) fn records(
    stream: &[u8],
) -> impl Iterator<Item = Result<BiffRecord<'_>, WorkbookError>> {
    let mut rest = stream;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let record = record(rest);
        rest = record
            .as_ref()
            .ok()
            .and_then(|record| rest.get(4 + record.data.len()..))
            .unwrap_or_default();
        Some(record)
    })
}

fn record(stream: &[u8]) -> Result<BiffRecord<'_>, WorkbookError> {
    let (kind, length) = (u16_at(stream, 0)?, u16_at(stream, 2)?);
    let data = stream.get(4..4 + usize::from(length)).ok_or(BROKEN)?;
    Ok(BiffRecord { kind, data })
}
