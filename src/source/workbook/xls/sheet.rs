//! The cells of a sheet of an .xls, row by row (MS-XLS 2.4.20 and following).
//!
//! Owns the records of a sheet. Some programs write cells in the order in which they were filled in, so that they are
//! sorted first.

use std::borrow::Cow;
use std::collections::HashSet;

use super::globals::XlsShared;
use crate::record::CellFault;
use crate::source::workbook::biff::{BiffRecord, record_type, records};
use crate::source::workbook::compound_file::{u16_at, u32_at};
use crate::source::workbook::error::WorkbookError;
use crate::source::workbook::merged_cells::MergedCells;
use crate::source::workbook::reference::CellRange;
use crate::source::workbook::row_assembler::{RowAssembler, finish};
use crate::source::workbook::sheet_row::RowSink;
use crate::source::workbook::value::{self, CellContent};

/// The flag of a hidden row (MS-XLS 2.4.221, `fDyZero`), in the byte at offset 12.
const ROW_HAS_NO_HEIGHT: u8 = 0x20;
/// The flags of a formula to calculate always, and when the file is opened (MS-XLS 2.4.127, `fAlwaysCalc` and bit 1).
/// Only programs that do not calculate set both.
const CALCULATE_ON_LOAD: u16 = 0x0003;

/// A cell and the record of its value.
#[derive(Clone, Copy)]
struct XlsCell<'a> {
    row: u16,
    column: u16,
    record: BiffRecord<'a>,
}

/// The records of a sheet that matter.
#[derive(Default)]
struct SheetRecords<'a> {
    cells: Vec<XlsCell<'a>>,
    hidden: HashSet<u16>,
    merges: Vec<CellRange>,
    /// Whether any formula has a stored value: else the program that wrote the file does not calculate.
    has_results: bool,
}

/// Hands over the rows of a sheet.
pub(super) fn rows(
    stream: &[u8],
    shared: &XlsShared,
    sink: &mut RowSink<'_>,
) -> Result<(), WorkbookError> {
    let mut sheet = SheetRecords::read(stream)?;
    sheet.cells.sort_by_key(|cell| (cell.row, cell.column));
    let mut rows = RowAssembler::new(MergedCells::new(sheet.merges.iter().copied())?);
    for cell in &sheet.cells {
        if sheet.hidden.contains(&cell.row) {
            rows.hidden = Some(u32::from(cell.row));
        }
        let content = sheet.content(cell, shared)?;
        let (row, column) = (u32::from(cell.row), u32::from(cell.column));
        if let Some(complete) = rows.put(row, column, content)?
            && sink(complete).is_break()
        {
            return Ok(());
        }
    }
    finish(rows, sink)
}

impl<'a> SheetRecords<'a> {
    fn read(stream: &'a [u8]) -> Result<SheetRecords<'a>, WorkbookError> {
        let mut sheet = SheetRecords::default();
        // A chart in a sheet is a substream of its own, between a BOF and an EOF.
        let mut nested = -1_i64;
        for record in records(stream) {
            let record = record?;
            match record.kind {
                record_type::BOF => nested += 1,
                record_type::EOF if nested <= 0 => break,
                record_type::EOF => nested -= 1,
                _ if nested > 0 => {}
                _ => sheet.take(record)?,
            }
        }
        Ok(sheet)
    }

    fn take(&mut self, record: BiffRecord<'a>) -> Result<(), WorkbookError> {
        let data = record.data;
        match record.kind {
            record_type::ROW => self.take_row(data)?,
            record_type::MERGED_CELLS => self.take_merges(data)?,
            record_type::MUL_RK => self.take_numbers(data)?,
            record_type::FORMULA => {
                if FormulaValue::of(data)? != FormulaValue::Blank {
                    self.has_results = true;
                }
                self.cells.push(XlsCell::of(record)?);
            }
            // The text of the formula before it, whose record only shows that it is a text.
            record_type::STRING => {
                let formula = |cell: &&mut XlsCell<'a>| cell.record.kind == record_type::FORMULA;
                if let Some(cell) = self.cells.last_mut().filter(formula) {
                    cell.record = record;
                }
            }
            record_type::NUMBER
            | record_type::RK
            | record_type::LABEL
            | record_type::RSTRING
            | record_type::LABEL_SST
            | record_type::BOOL_ERR => self.cells.push(XlsCell::of(record)?),
            _ => {}
        }
        Ok(())
    }

    fn take_row(&mut self, data: &[u8]) -> Result<(), WorkbookError> {
        if data
            .get(12)
            .is_some_and(|flags| flags & ROW_HAS_NO_HEIGHT != 0)
        {
            self.hidden.insert(u16_at(data, 0)?);
        }
        Ok(())
    }

    fn take_merges(&mut self, data: &[u8]) -> Result<(), WorkbookError> {
        let count = usize::from(u16_at(data, 0)?);
        #[expect(
            clippy::indexing_slicing,
            reason = "the count was read from the first two bytes"
        )]
        let areas = data[2..].as_chunks::<8>().0;
        for area in areas.iter().take(count) {
            let side = |first| -> Result<(u32, u32), WorkbookError> {
                Ok((u16_at(area, first)?.into(), u16_at(area, first + 2)?.into()))
            };
            self.merges.push(CellRange {
                rows: side(0)?,
                columns: side(4)?,
            });
        }
        Ok(())
    }

    /// A row of numbers, each with its style; the last two bytes are the last column (MS-XLS 2.4.175, MulRk).
    fn take_numbers(&mut self, data: &'a [u8]) -> Result<(), WorkbookError> {
        let (row, first) = (u16_at(data, 0)?, u16_at(data, 2)?);
        let numbers = data
            .get(4..data.len().saturating_sub(2))
            .ok_or(WorkbookError::DAMAGED)?;
        for (column, number) in (first..).zip(numbers.as_chunks::<6>().0) {
            self.cells.push(XlsCell {
                row,
                column,
                record: BiffRecord {
                    kind: record_type::MUL_RK,
                    data: number,
                },
            });
        }
        Ok(())
    }

    fn content(
        &self,
        cell: &XlsCell<'a>,
        shared: &'a XlsShared,
    ) -> Result<CellContent<'a>, WorkbookError> {
        let data = cell.record.data;
        Ok(match cell.record.kind {
            record_type::NUMBER => shared.number(float(data, 6)?, u16_at(data, 4)?),
            record_type::RK => shared.number(rk_number(u32_at(data, 6)?), u16_at(data, 4)?),
            record_type::MUL_RK => shared.number(rk_number(u32_at(data, 2)?), u16_at(data, 0)?),
            record_type::LABEL | record_type::RSTRING => {
                let text = data.get(6..).and_then(|text| shared.encoding.long(text));
                shared.text(text.ok_or(WorkbookError::DAMAGED)?, u16_at(data, 4)?)
            }
            record_type::LABEL_SST => {
                let text = shared.strings.get(u32_at(data, 6)? as usize);
                shared.text(text.ok_or(WorkbookError::DAMAGED)?, u16_at(data, 4)?)
            }
            // The second byte distinguishes an error from a Boolean (MS-XLS 2.5.11, Bes).
            record_type::BOOL_ERR => match data.get(7) {
                Some(0) => boolean(data.get(6)),
                _ => error(data.get(6)),
            },
            record_type::STRING => {
                CellContent::text(shared.encoding.long(data).ok_or(WorkbookError::DAMAGED)?)
            }
            _ => self.formula(data, shared)?,
        })
    }

    fn formula(
        &self,
        data: &[u8],
        shared: &XlsShared,
    ) -> Result<CellContent<'static>, WorkbookError> {
        let not_calculated = CellContent::fault(CellFault::NotCalculated, "");
        Ok(match FormulaValue::of(data)? {
            FormulaValue::Number(0.0)
                if u16_at(data, 14)? & CALCULATE_ON_LOAD == CALCULATE_ON_LOAD =>
            {
                not_calculated
            }
            FormulaValue::Number(number) => shared.number(number, u16_at(data, 4)?),
            FormulaValue::Boolean(value) => boolean(Some(&value)),
            FormulaValue::Error(code) => error(Some(&code)),
            // Its text should be in a STRING record, which would have replaced this one.
            FormulaValue::Text => not_calculated,
            // xlwt, which does not calculate, writes all formulas so; Excel only those that give an empty text.
            FormulaValue::Blank if !self.has_results && !shared.is_calculated => not_calculated,
            FormulaValue::Blank => CellContent::text(""),
        })
    }
}

impl<'a> XlsCell<'a> {
    fn of(record: BiffRecord<'a>) -> Result<XlsCell<'a>, WorkbookError> {
        Ok(XlsCell {
            row: u16_at(record.data, 0)?,
            column: u16_at(record.data, 2)?,
            record,
        })
    }
}

impl XlsShared {
    fn text<'t>(&self, text: impl Into<Cow<'t, str>>, style: u16) -> CellContent<'t> {
        self.styles.show_text(text.into(), style.into())
    }

    fn number(&self, number: f64, style: u16) -> CellContent<'static> {
        match number.is_finite() {
            true => value::formatted(number, self.styles.format(style.into()), self.date_system),
            false => CellContent::text(""),
        }
    }
}

/// The value of a formula (MS-XLS 2.5.133, FormulaValue).
#[derive(Clone, Copy, Debug, PartialEq)]
enum FormulaValue {
    Number(f64),
    Text,
    Boolean(u8),
    Error(u8),
    Blank,
}

impl FormulaValue {
    fn of(data: &[u8]) -> Result<FormulaValue, WorkbookError> {
        if u16_at(data, 12)? != 0xFFFF {
            return Ok(FormulaValue::Number(float(data, 6)?));
        }
        let value = data.get(8).copied().ok_or(WorkbookError::DAMAGED)?;
        Ok(match data.get(6) {
            Some(0) => FormulaValue::Text,
            Some(1) => FormulaValue::Boolean(value),
            Some(2) => FormulaValue::Error(value),
            _ => FormulaValue::Blank,
        })
    }
}

fn boolean(value: Option<&u8>) -> CellContent<'static> {
    CellContent::text(value::boolean(value.is_some_and(|value| *value != 0)))
}

/// An error by its code (MS-XLS 2.5.10, BErr).
fn error(code: Option<&u8>) -> CellContent<'static> {
    let name = match code {
        Some(0x00) => "#NULL!",
        Some(0x07) => "#DIV/0!",
        Some(0x0F) => "#VALUE!",
        Some(0x17) => "#REF!",
        Some(0x1D) => "#NAME?",
        Some(0x24) => "#NUM!",
        _ => "#N/A",
    };
    CellContent::fault(CellFault::ErrorValue, name)
}

fn float(data: &[u8], at: usize) -> Result<f64, WorkbookError> {
    let eight = data.get(at..).and_then(|rest| rest.first_chunk::<8>());
    eight
        .map(|eight| f64::from_le_bytes(*eight))
        .ok_or(WorkbookError::DAMAGED)
}

/// A number of 30 bits (MS-XLS 2.5.217, RkNumber). Bit 1 is set for a whole number, else these are the upper
/// bits of a float; bit 0, to divide by 100.
fn rk_number(bits: u32) -> f64 {
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
            let number = rk_number(bits);
            assert!(
                (number - expected).abs() < expected.abs() * 0.01,
                "{number}"
            );
        }
    }
}
