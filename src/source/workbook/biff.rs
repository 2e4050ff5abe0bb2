//! The records of an .xls (MS-XLS), and the proof that they are whole and within bounds, before a reader trusts them.
//!
//! Owns the bounds. The reader sorts the cells of a sheet, and so holds the positions of all of them.

use super::compound_file::{CompoundFile, u16_at, u32_at};
use super::error::WorkbookError;

/// Bytes of a file, which is read into memory. An .xls has at most 65,536 rows.
pub(super) const FILE_LIMIT: u64 = 32_000_000;
/// Cells of a sheet: each takes 32 bytes in memory.
const CELLS_LIMIT: u64 = 3_000_000;
/// Records of all sheets. The file's size does not bound them: several sheets may claim to begin in one place.
const RECORDS_LIMIT: u64 = 20_000_000;
/// Bytes of the shared strings. The shortest take nine times as much in memory.
const STRINGS_LIMIT: usize = 8_000_000;

const TOO_LARGE: WorkbookError =
    WorkbookError::TooLarge("a sheet of it has more than 3,000,000 cells");

/// The types of the records that are read (MS-XLS 2.3.2), by the names they have there.
pub(super) mod record_type {
    pub(crate) const BOF: u16 = 0x0809;
    pub(crate) const EOF: u16 = 0x000A;
    pub(crate) const FORMULA: u16 = 0x0006;
    pub(crate) const DATE1904: u16 = 0x0022;
    pub(crate) const FILE_PASS: u16 = 0x002F;
    pub(crate) const CONTINUE: u16 = 0x003C;
    pub(crate) const CODE_PAGE: u16 = 0x0042;
    pub(crate) const BOUND_SHEET: u16 = 0x0085;
    pub(crate) const MUL_RK: u16 = 0x00BD;
    pub(crate) const RSTRING: u16 = 0x00D6;
    pub(crate) const XF: u16 = 0x00E0;
    pub(crate) const MERGED_CELLS: u16 = 0x00E5;
    pub(crate) const SST: u16 = 0x00FC;
    pub(crate) const LABEL_SST: u16 = 0x00FD;
    pub(crate) const RECALC_ID: u16 = 0x01C1;
    pub(crate) const NUMBER: u16 = 0x0203;
    pub(crate) const LABEL: u16 = 0x0204;
    pub(crate) const BOOL_ERR: u16 = 0x0205;
    pub(crate) const STRING: u16 = 0x0207;
    pub(crate) const ROW: u16 = 0x0208;
    pub(crate) const RK: u16 = 0x027E;
    pub(crate) const FORMAT: u16 = 0x041E;
}

/// Proves that an .xls is whole and within bounds.
pub(super) fn check(bytes: &[u8]) -> Result<(), WorkbookError> {
    let book = stream(&CompoundFile::open(bytes)?)?;
    let mut left = RECORDS_LIMIT;
    for start in globals(&book)? {
        check_sheet(book.get(start..).ok_or(WorkbookError::DAMAGED)?, &mut left)?;
    }
    Ok(())
}

/// The stream that holds the workbook: of BIFF8, else of BIFF5.
pub(super) fn stream(compound: &CompoundFile<'_>) -> Result<Vec<u8>, WorkbookError> {
    let book = compound
        .stream("Workbook")
        .or_else(|| compound.stream("Book"));
    book.ok_or(WorkbookError::DAMAGED)?
}

/// Where the sheets begin, by the records before them.
fn globals(book: &[u8]) -> Result<Vec<usize>, WorkbookError> {
    let mut starts = Vec::new();
    let mut strings = 0;
    let mut last = 0;
    for record in records(book) {
        let BiffRecord { kind, data } = record?;
        match kind {
            record_type::FILE_PASS if u16_at(data, 0)? != 0 => return Err(WorkbookError::Password),
            record_type::BOUND_SHEET => starts.push(u32_at(data, 0)? as usize),
            record_type::SST => strings += data.len(),
            record_type::CONTINUE if last == record_type::SST => strings += data.len(),
            record_type::EOF => break,
            _ => {}
        }
        if kind != record_type::CONTINUE {
            last = kind;
        }
    }
    if strings > STRINGS_LIMIT {
        return Err(WorkbookError::TooLarge("its texts take more than 8 MB"));
    }
    Ok(starts)
}

/// Checks the records and cells of a sheet, and that it ends. Substreams of charts are nested in it.
fn check_sheet(sheet: &[u8], left: &mut u64) -> Result<(), WorkbookError> {
    // The sheet's own BOF makes it 0, that of a chart in it 1.
    let (mut nested, mut cells) = (-1_i64, 0_u64);
    for record in records(sheet) {
        let BiffRecord { kind, data } = record?;
        *left = left.checked_sub(1).ok_or(TOO_LARGE)?;
        match kind {
            record_type::BOF => nested += 1,
            record_type::EOF if nested <= 0 => break,
            record_type::EOF => nested -= 1,
            record_type::FORMULA
            | record_type::NUMBER
            | record_type::LABEL
            | record_type::RSTRING
            | record_type::BOOL_ERR
            | record_type::RK
            | record_type::LABEL_SST => cells += 1,
            record_type::MUL_RK => cells += data.len() as u64 / 6,
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

/// The records of a stream: a type, a length, and that many bytes (MS-XLS 2.1.4). Ends at the first broken one.
pub(super) fn records(
    stream: &[u8],
) -> impl Iterator<Item = Result<BiffRecord<'_>, WorkbookError>> {
    let mut rest = stream;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Ok((record, behind)) = split_record(rest) else {
            rest = &[];
            return Some(Err(WorkbookError::DAMAGED));
        };
        rest = behind;
        Some(Ok(record))
    })
}

fn split_record(stream: &[u8]) -> Result<(BiffRecord<'_>, &[u8]), WorkbookError> {
    let (kind, length) = (u16_at(stream, 0)?, u16_at(stream, 2)?);
    #[expect(clippy::indexing_slicing, reason = "four bytes were read above")]
    let behind_head = &stream[4..];
    let (data, rest) = behind_head
        .split_at_checked(length.into())
        .ok_or(WorkbookError::DAMAGED)?;
    Ok((BiffRecord { kind, data }, rest))
}
