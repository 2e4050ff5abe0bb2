//! What an .xls would take in memory, proved before a parser that trusts it is let in.
//!
//! Owns the bounds on BIFF records (MS-XLS). The parser holds the rectangle that all cells of a sheet span, for all sheets.

use super::compound::{Compound, Damaged, number, word};
use super::error::WorkbookError;

/// Bytes of a file: .xls ends at 65,536 rows.
pub(super) const FILE: u64 = 32_000_000;
/// Cells that the sheets may span, and that may stand in them.
const CELLS: u64 = 1_000_000;
/// What Excel 97 can span at all.
const SHEET: u64 = 65_536 * 256;
/// Bytes of the shared strings, of which the shortest take nine times as much in memory.
const STRINGS: usize = 8_000_000;
/// Formulas' texts are made whole though nobody reads them.
const FORMULAS: u64 = 300_000;

const BROKEN: WorkbookError = WorkbookError::Broken {
    what: "it was not fetched whole, or is damaged",
};
const TOO_LARGE: WorkbookError = WorkbookError::TooLarge {
    what: "its sheets reach over more than 1,000,000 cells (a stray cell far out is enough)",
};

impl From<Damaged> for WorkbookError {
    fn from(_: Damaged) -> WorkbookError {
        BROKEN
    }
}

/// Proves that an .xls is whole and within bounds.
pub(super) fn check(bytes: &[u8]) -> Result<(), WorkbookError> {
    let book = stream(&Compound::open(bytes)?)?;
    let mut spanned = 0_u64;
    for start in globals(&book)? {
        let sheet = book.get(start..).ok_or(BROKEN)?;
        spanned = spanned.saturating_add(span(sheet)?);
        if spanned > CELLS {
            return Err(TOO_LARGE);
        }
    }
    Ok(())
}

/// The stream that holds the workbook: of BIFF8, else of BIFF5.
pub(super) fn stream(compound: &Compound<'_>) -> Result<Vec<u8>, WorkbookError> {
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
        let Record { kind, data } = record?;
        match kind {
            0x002F if word(data, 0)? != 0 => return Err(WorkbookError::Password),
            0x0085 => starts.push(number(data, 0)? as usize),
            0x00FC => strings += data.len(),
            0x003C if last == 0x00FC => strings += data.len(),
            0x000A => break,
            _ => {}
        }
        if kind != 0x003C {
            last = kind;
        }
    }
    if strings > STRINGS {
        return Err(WorkbookError::TooLarge {
            what: "its texts take more than 8 MB",
        });
    }
    Ok(starts)
}

/// Cells of the rectangle that a sheet spans, or that stand in it, whichever is more.
fn span(sheet: &[u8]) -> Result<u64, WorkbookError> {
    let mut area = Area::default();
    let (mut nested, mut formulas) = (-1_i64, 0);
    for record in records(sheet) {
        let Record { kind, data } = record?;
        match kind {
            0x0809 => nested += 1,
            0x000A if nested <= 0 => break,
            0x000A => nested -= 1,
            0x0200 => check_dimensions(data)?,
            0x0203 | 0x0204 | 0x00D6 | 0x0205 | 0x027E | 0x00FD => area.take(data, 1)?,
            0x0006 => {
                formulas += 1;
                area.take(data, 2)?;
            }
            0x00BD => area.take_several(data)?,
            _ => {}
        }
        if formulas > FORMULAS || area.count > CELLS {
            return Err(TOO_LARGE);
        }
    }
    Ok(area.cells())
}

/// The parser makes room for what is declared, before the first cell.
fn check_dimensions(data: &[u8]) -> Result<(), WorkbookError> {
    let (rows, columns) = match data.len() {
        10 => (
            (u32::from(word(data, 0)?), u32::from(word(data, 2)?)),
            (word(data, 4)?, word(data, 6)?),
        ),
        14 | 16 => (
            (number(data, 0)?, number(data, 4)?),
            (word(data, 8)?, word(data, 10)?),
        ),
        _ => return Err(BROKEN),
    };
    let is_none = rows.1 == 0 || columns.1 == 0;
    let declared = u64::from(rows.1.saturating_sub(rows.0)) * u64::from(columns.1);
    if !is_none && rows.1 <= rows.0 {
        return Err(BROKEN);
    }
    if declared > SHEET {
        return Err(TOO_LARGE);
    }
    Ok(())
}

/// The rectangle that cells span.
struct Area {
    count: u64,
    rows: (u16, u16),
    columns: (u16, u16),
}

impl Default for Area {
    fn default() -> Area {
        Area {
            count: 0,
            rows: (u16::MAX, 0),
            columns: (u16::MAX, 0),
        }
    }
}

impl Area {
    fn take(&mut self, data: &[u8], count: u64) -> Result<(), WorkbookError> {
        let (row, column) = (word(data, 0)?, word(data, 2)?);
        self.include(row, column);
        self.count += count;
        Ok(())
    }

    /// A record with a row of numbers: its last column stands at its end.
    fn take_several(&mut self, data: &[u8]) -> Result<(), WorkbookError> {
        let last = word(data, data.len().saturating_sub(2))?;
        self.take(data, data.len() as u64 / 6)?;
        self.include(word(data, 0)?, last);
        Ok(())
    }

    fn include(&mut self, row: u16, column: u16) {
        self.rows = (self.rows.0.min(row), self.rows.1.max(row));
        self.columns = (self.columns.0.min(column), self.columns.1.max(column));
    }

    fn cells(&self) -> u64 {
        if self.count == 0 {
            return 0;
        }
        let side = |(first, last): (u16, u16)| u64::from(last.saturating_sub(first)) + 1;
        self.count.max(side(self.rows) * side(self.columns))
    }
}

/// A record of a stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    pub(super) data: &'a [u8],
}

/// The records of a stream: a kind, a length, and so many bytes.
pub(super) fn records(stream: &[u8]) -> impl Iterator<Item = Result<Record<'_>, WorkbookError>> {
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

fn record(stream: &[u8]) -> Result<Record<'_>, WorkbookError> {
    let (kind, length) = (word(stream, 0)?, word(stream, 2)?);
    let data = stream.get(4..4 + usize::from(length)).ok_or(BROKEN)?;
    Ok(Record { kind, data })
}
