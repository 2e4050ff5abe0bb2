//! The cells of a sheet of an .xls, row by row (MS-XLS 2.4.20 and following).
//!
//! Owns the records of a sheet. Some programs write cells in the order in which they were filled in, so that they are
//! put in order first.

use std::collections::HashSet;

use super::globals::{Shared, Writer};
use crate::record::CellFault;
use crate::source::workbook::assembly::{Assembly, finish};
use crate::source::workbook::compound::{Damaged, number, word};
use crate::source::workbook::error::WorkbookError;
use crate::source::workbook::merges::Merges;
use crate::source::workbook::old::{Record, records};
use crate::source::workbook::reference::Area;
use crate::source::workbook::row::Take;
use crate::source::workbook::value::{self, Content};

/// The kinds of records in a sheet.
mod kind {
    pub(super) const BOF: u16 = 0x0809;
    pub(super) const EOF: u16 = 0x000A;
    pub(super) const ROW: u16 = 0x0208;
    pub(super) const MERGED_CELLS: u16 = 0x00E5;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const COMPACT_NUMBER: u16 = 0x027E;
    pub(super) const COMPACT_NUMBERS: u16 = 0x00BD;
    pub(super) const LABEL: u16 = 0x0204;
    pub(super) const RICH_LABEL: u16 = 0x00D6;
    pub(super) const SHARED_LABEL: u16 = 0x00FD;
    pub(super) const TRUTH_OR_ERROR: u16 = 0x0205;
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const TEXT_OF_FORMULA: u16 = 0x0207;
}

/// Flags of a row (MS-XLS 2.4.220, fDyZero).
const ROW_HAS_NO_HEIGHT: u8 = 0x20;
/// Flags of a formula: calculate always, and when the file is opened. Only programs that do not calculate set both.
const CALCULATE_ON_LOAD: u16 = 0x0003;

/// A cell and where its value is.
#[derive(Clone, Copy)]
struct Spot<'a> {
    row: u16,
    column: u16,
    record: Record<'a>,
}

/// The records of a sheet, sorted out.
#[derive(Default)]
struct Records<'a> {
    spots: Vec<Spot<'a>>,
    hidden: HashSet<u16>,
    merges: Vec<Area>,
    formulas: Formulas,
}

/// What formulas gave.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Formulas {
    /// Nothing at all; so far.
    #[default]
    Nothing,
    Something,
}

/// Hands over the rows of a sheet.
pub(super) fn rows(
    stream: &[u8],
    shared: &Shared,
    take: &mut Take<'_>,
) -> Result<(), WorkbookError> {
    let mut sheet = Records::read(stream)?;
    sheet.spots.sort_by_key(|spot| (spot.row, spot.column));
    let mut assembly = Assembly::new(Merges::new(sheet.merges.iter().copied())?);
    for spot in &sheet.spots {
        if sheet.hidden.contains(&spot.row) {
            assembly.hide(u32::from(spot.row));
        }
        let content = spot.content(shared, sheet.formulas)?;
        let (row, column) = (u32::from(spot.row), u32::from(spot.column));
        if let Some(complete) = assembly.put(row, column, content)?
            && take(complete).is_break()
        {
            return Ok(());
        }
    }
    finish(assembly, take)
}

impl<'a> Records<'a> {
    fn read(stream: &'a [u8]) -> Result<Records<'a>, WorkbookError> {
        let mut sheet = Records::default();
        // A chart within a sheet has records of its own.
        let mut nested = -1_i64;
        for record in records(stream) {
            let record = record?;
            match record.kind {
                kind::BOF => nested += 1,
                kind::EOF if nested <= 0 => break,
                kind::EOF => nested -= 1,
                _ if nested > 0 => {}
                _ => sheet.take(record)?,
            }
        }
        Ok(sheet)
    }

    fn take(&mut self, record: Record<'a>) -> Result<(), WorkbookError> {
        let data = record.data;
        match record.kind {
            kind::ROW => self.take_row(data)?,
            kind::MERGED_CELLS => self.take_merges(data)?,
            kind::COMPACT_NUMBERS => self.take_numbers(data)?,
            kind::FORMULA => {
                if Formula::of(data)? != Formula::Blank {
                    self.formulas = Formulas::Something;
                }
                self.spots.push(Spot::of(record)?);
            }
            kind::TEXT_OF_FORMULA => {
                let formula = |spot: &&mut Spot<'a>| spot.record.kind == kind::FORMULA;
                if let Some(spot) = self.spots.last_mut().filter(formula) {
                    spot.record = record;
                }
            }
            kind::NUMBER
            | kind::COMPACT_NUMBER
            | kind::LABEL
            | kind::RICH_LABEL
            | kind::SHARED_LABEL
            | kind::TRUTH_OR_ERROR => self.spots.push(Spot::of(record)?),
            _ => {}
        }
        Ok(())
    }

    fn take_row(&mut self, data: &[u8]) -> Result<(), WorkbookError> {
        let flags = data.get(12).copied().unwrap_or_default();
        if flags & ROW_HAS_NO_HEIGHT != 0 {
            self.hidden.insert(word(data, 0)?);
        }
        Ok(())
    }

    fn take_merges(&mut self, data: &[u8]) -> Result<(), WorkbookError> {
        let count = usize::from(word(data, 0)?);
        let areas = data.get(2..).unwrap_or_default().as_chunks::<8>().0;
        for area in areas.iter().take(count) {
            let side = |first| -> Result<(u32, u32), Damaged> {
                Ok((word(area, first)?.into(), word(area, first + 2)?.into()))
            };
            self.merges.push(Area {
                rows: side(0)?,
                columns: side(4)?,
            });
        }
        Ok(())
    }

    /// A row of numbers, each with its style.
    fn take_numbers(&mut self, data: &'a [u8]) -> Result<(), WorkbookError> {
        let (row, first) = (word(data, 0)?, word(data, 2)?);
        let numbers = data
            .get(4..data.len().saturating_sub(2))
            .unwrap_or_default();
        for (column, number) in (first..).zip(numbers.as_chunks::<6>().0) {
            self.spots.push(Spot {
                row,
                column,
                record: Record {
                    kind: kind::COMPACT_NUMBERS,
                    data: number,
                },
            });
        }
        Ok(())
    }
}

impl<'a> Spot<'a> {
    fn of(record: Record<'a>) -> Result<Spot<'a>, Damaged> {
        Ok(Spot {
            row: word(record.data, 0)?,
            column: word(record.data, 2)?,
            record,
        })
    }

    fn content(&self, shared: &'a Shared, formulas: Formulas) -> Result<Content<'a>, Damaged> {
        let data = self.record.data;
        Ok(match self.record.kind {
            kind::NUMBER => shared.number(float(data, 6)?, word(data, 4)?),
            kind::COMPACT_NUMBER => shared.number(compact(number(data, 6)?), word(data, 4)?),
            kind::COMPACT_NUMBERS => shared.number(compact(number(data, 2)?), word(data, 0)?),
            kind::LABEL | kind::RICH_LABEL => {
                let text = shared.characters.long(data.get(6..).unwrap_or_default());
                shared.text(text.unwrap_or_default(), word(data, 4)?)
            }
            kind::SHARED_LABEL => {
                let text = shared.strings.get(number(data, 6)? as usize);
                shared.shared_text(text.ok_or(Damaged)?, word(data, 4)?)
            }
            kind::TRUTH_OR_ERROR => match data.get(7) {
                Some(0) => truth(data.get(6)),
                _ => error(data.get(6)),
            },
            kind::TEXT_OF_FORMULA => {
                Content::text(shared.characters.long(data).unwrap_or_default())
            }
            _ => shared.formula(data, formulas)?,
        })
    }
}

impl Shared {
    fn number(&self, number: f64, style: u16) -> Content<'static> {
        match number.is_finite() {
            true => value::formatted(number, self.styles.format(style.into()), self.epoch),
            false => Content::text(""),
        }
    }

    fn text(&self, text: String, style: u16) -> Content<'static> {
        let shown = self.styles.format(style.into()).show_text(&text);
        Content::text(shown.unwrap_or(text))
    }

    fn shared_text<'s>(&self, text: &'s str, style: u16) -> Content<'s> {
        match self.styles.format(style.into()).show_text(text) {
            Some(shown) => Content::text(shown),
            None => Content::text(text),
        }
    }

    fn formula(&self, data: &[u8], formulas: Formulas) -> Result<Content<'static>, Damaged> {
        let not_calculated = Content::fault(CellFault::NotCalculated, "");
        Ok(match Formula::of(data)? {
            Formula::Number(0.0) if word(data, 14)? & CALCULATE_ON_LOAD == CALCULATE_ON_LOAD => {
                not_calculated
            }
            Formula::Number(number) => self.number(number, word(data, 4)?),
            Formula::Truth(value) => truth(Some(&value)),
            Formula::Error(code) => error(Some(&code)),
            // Its text was to follow.
            Formula::Text => not_calculated,
            // xlwt, which calculates nothing, writes every formula so; Excel some.
            Formula::Blank if formulas == Formulas::Nothing && self.writer == Writer::Unknown => {
                not_calculated
            }
            Formula::Blank => Content::text(""),
        })
    }
}

/// The value of a formula (MS-XLS 2.5.133, FormulaValue).
#[derive(Clone, Copy, Debug, PartialEq)]
enum Formula {
    Number(f64),
    Text,
    Truth(u8),
    Error(u8),
    Blank,
}

impl Formula {
    fn of(data: &[u8]) -> Result<Formula, Damaged> {
        if word(data, 12)? != 0xFFFF {
            return Ok(Formula::Number(float(data, 6)?));
        }
        let value = data.get(8).copied().ok_or(Damaged)?;
        Ok(match data.get(6) {
            Some(0) => Formula::Text,
            Some(1) => Formula::Truth(value),
            Some(2) => Formula::Error(value),
            _ => Formula::Blank,
        })
    }
}

fn truth(value: Option<&u8>) -> Content<'static> {
    Content::text(value::truth(value.is_some_and(|value| *value != 0)))
}

/// An error by its code (MS-XLS 2.5.10, BErr).
fn error(code: Option<&u8>) -> Content<'static> {
    let name = match code {
        Some(0x00) => "#NULL!",
        Some(0x07) => "#DIV/0!",
        Some(0x0F) => "#VALUE!",
        Some(0x17) => "#REF!",
        Some(0x1D) => "#NAME?",
        Some(0x24) => "#NUM!",
        _ => "#N/A",
    };
    Content::fault(CellFault::ErrorValue, name)
}

fn float(data: &[u8], at: usize) -> Result<f64, Damaged> {
    let eight = data.get(at..).and_then(|rest| rest.first_chunk::<8>());
    eight.map(|eight| f64::from_le_bytes(*eight)).ok_or(Damaged)
}

/// A number in 30 bits and two flags: a whole number, and one to be divided by a hundred (MS-XLS 2.5.217, RkNumber).
fn compact(bits: u32) -> f64 {
    let number = match bits & 2 {
        0 => f64::from_bits(u64::from(bits & !3) << 32),
        _ => f64::from(bits.cast_signed() >> 2),
    };
    match bits & 1 {
        0 => number,
        _ => number / 100.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compact_number_is_whole_or_a_fraction() {
        for (bits, expected) in [
            (0x0000_0002 | 5 << 2, 5.0),
            (0xFFFF_FFEE, -5.0),
            (0x0000_0003 | 1234 << 2, 12.34),
            (0x3FF0_0000, 1.0),
            (0x4204_9A6C, 11_060_000_000.0),
        ] {
            let number = compact(bits);
            assert!(
                (number - expected).abs() < expected.abs() * 0.01,
                "{number}"
            );
        }
    }
}
