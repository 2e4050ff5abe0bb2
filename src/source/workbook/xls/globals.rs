//! Reads the globals substream of an .xls (MS-XLS 2.1.7.20.3): the list of sheets, and what they share.

use std::collections::HashMap;

use super::strings::{SstRecords, StringEncoding};
use crate::source::workbook::biff::{BiffRecord, record_type, records};
use crate::source::workbook::cell_styles::CellStyles;
use crate::source::workbook::compound_file::{u16_at, u32_at};
use crate::source::workbook::error::WorkbookError;
use crate::source::workbook::sheet_entry::SheetEntry;
use crate::source::workbook::value::DateSystem;

/// What all sheets share.
pub(super) struct XlsShared {
    pub(super) strings: Vec<String>,
    pub(super) styles: CellStyles,
    pub(super) date_system: DateSystem,
    pub(super) encoding: StringEncoding,
    /// Whether the program that wrote the file calculates formulas. Only such programs write a RecalcId (MS-XLS 2.4.215).
    pub(super) is_calculated: bool,
}

/// The sheets with their offsets in the stream, and what they share.
pub(super) fn read(stream: &[u8]) -> Result<(Vec<(SheetEntry, usize)>, XlsShared), WorkbookError> {
    let mut globals = Globals::default();
    for record in records(stream) {
        let record = record?;
        if record.kind == record_type::EOF {
            break;
        }
        globals.take(record)?;
    }
    Ok(globals.finish())
}

/// The records that matter, as they are read.
#[derive(Default)]
struct Globals<'a> {
    encoding: StringEncoding,
    sheets: Vec<&'a [u8]>,
    codes: Vec<&'a [u8]>,
    formats: Vec<u32>,
    strings: SstRecords<'a>,
    date_system: DateSystem,
    is_calculated: bool,
    last: u16,
}

impl<'a> Globals<'a> {
    fn take(&mut self, record: BiffRecord<'a>) -> Result<(), WorkbookError> {
        let BiffRecord { kind, data } = record;
        match kind {
            record_type::BOF => self
                .encoding
                .take_version(u16_at(data, 0)?, u16_at(data, 2)?),
            record_type::CODE_PAGE => self.encoding.take_code_page(u16_at(data, 0)?),
            record_type::DATE1904 if u16_at(data, 0)? == 1 => self.date_system = DateSystem::Of1904,
            record_type::FORMAT => self.codes.push(data),
            record_type::XF => self.formats.push(u32::from(u16_at(data, 2)?)),
            record_type::BOUND_SHEET => self.sheets.push(data),
            record_type::SST => self.strings.begin(data),
            record_type::CONTINUE if self.last == record_type::SST => self.strings.go_on(data),
            record_type::RECALC_ID => self.is_calculated = true,
            _ => {}
        }
        // A CONTINUE belongs to the last record that is not one (MS-XLS 2.4.58).
        if kind != record_type::CONTINUE {
            self.last = kind;
        }
        Ok(())
    }

    /// Texts are decoded last: the code page may follow them.
    fn finish(self) -> (Vec<(SheetEntry, usize)>, XlsShared) {
        let encoding = self.encoding;
        let sheets = self.sheets.iter().filter_map(|data| listed(data, encoding));
        let codes: HashMap<u32, String> = self
            .codes
            .iter()
            .filter_map(|data| format(data, encoding))
            .collect();
        let shared = XlsShared {
            strings: self.strings.read(),
            styles: CellStyles::new(&codes, &self.formats),
            date_system: self.date_system,
            encoding,
            is_calculated: self.is_calculated,
        };
        (sheets.collect(), shared)
    }
}

/// A sheet of cells in the list (MS-XLS 2.4.28, BoundSheet8), and its offset. Charts and macros are in the list, too.
fn listed(data: &[u8], encoding: StringEncoding) -> Option<(SheetEntry, usize)> {
    const CELLS: u8 = 0;
    let start = u32_at(data, 0).ok()? as usize;
    let is_hidden = data.get(4)? & 0b11 != 0;
    // Byte 5 is the type of the sheet; charts and macros have no contacts.
    if *data.get(5)? != CELLS {
        return None;
    }
    let name = encoding.short(data.get(6..)?)?;
    // A NUL cannot be typed behind `--sheet`, nor be shown.
    let name = name.replace('\0', "");
    Some((SheetEntry { name, is_hidden }, start))
}

/// The code of a number format by its id (MS-XLS 2.4.126).
fn format(data: &[u8], encoding: StringEncoding) -> Option<(u32, String)> {
    let id = u32::from(u16_at(data, 0).ok()?);
    let code = data.get(2..)?;
    let code = match encoding {
        StringEncoding::Unicode => encoding.long(code),
        StringEncoding::CodePage(_) => encoding.short(code),
    };
    Some((id, code?))
}
