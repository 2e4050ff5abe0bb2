//! What an .xls says before its sheets: their names, and what they share (MS-XLS 2.1.7.20.3).

use std::collections::HashMap;

use super::strings::{Characters, SharedStrings};
use crate::source::workbook::compound::{number, word};
use crate::source::workbook::error::WorkbookError;
use crate::source::workbook::old::{Record, records};
use crate::source::workbook::sheet::{Sheet, Sight};
use crate::source::workbook::styles::Styles;
use crate::source::workbook::value::Epoch;

/// What all sheets share.
pub(super) struct Shared {
    pub(super) strings: Vec<String>,
    pub(super) styles: Styles,
    pub(super) epoch: Epoch,
    pub(super) characters: Characters,
    pub(super) writer: Writer,
}

/// Whether a program wrote the file that calculates what it writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Writer {
    /// RecalcId (MS-XLS 2.4.215) names the version of the engine that calculated.
    Calculates,
    Unknown,
}

/// The kinds of records before the sheets.
mod kind {
    pub(super) const BOF: u16 = 0x0809;
    pub(super) const EOF: u16 = 0x000A;
    pub(super) const CODE_PAGE: u16 = 0x0042;
    pub(super) const DATE_MODE: u16 = 0x0022;
    pub(super) const FORMAT: u16 = 0x041E;
    pub(super) const XF: u16 = 0x00E0;
    pub(super) const BOUND_SHEET: u16 = 0x0085;
    pub(super) const SHARED_STRINGS: u16 = 0x00FC;
    pub(super) const CONTINUE: u16 = 0x003C;
    pub(super) const RECALC_ID: u16 = 0x01C1;
}

/// The sheets with where they begin in the stream, and what they share.
pub(super) fn read(stream: &[u8]) -> Result<(Vec<(Sheet, usize)>, Shared), WorkbookError> {
    let mut globals = Globals::default();
    for record in records(stream) {
        let record = record?;
        if record.kind == kind::EOF {
            break;
        }
        globals.take(record)?;
    }
    Ok(globals.finish())
}

/// What was read of the records before the sheets.
#[derive(Default)]
struct Globals<'a> {
    characters: Characters,
    sheets: Vec<&'a [u8]>,
    codes: Vec<&'a [u8]>,
    formats: Vec<u32>,
    strings: SharedStrings<'a>,
    epoch: Epoch,
    calculates: bool,
    last: u16,
}

impl<'a> Globals<'a> {
    fn take(&mut self, record: Record<'a>) -> Result<(), WorkbookError> {
        let Record { kind, data } = record;
        match kind {
            kind::BOF => self.characters.take_version(word(data, 0)?, word(data, 2)?),
            kind::CODE_PAGE => self.characters.take_code_page(word(data, 0)?),
            kind::DATE_MODE if word(data, 0)? == 1 => self.epoch = Epoch::Of1904,
            kind::FORMAT => self.codes.push(data),
            kind::XF => self.formats.push(u32::from(word(data, 2)?)),
            kind::BOUND_SHEET => self.sheets.push(data),
            kind::SHARED_STRINGS => self.strings.begin(data),
            kind::CONTINUE if self.last == kind::SHARED_STRINGS => self.strings.go_on(data),
            kind::RECALC_ID => self.calculates = true,
            _ => {}
        }
        if kind != kind::CONTINUE {
            self.last = kind;
        }
        Ok(())
    }

    /// Names are read last: the code page may follow them.
    fn finish(self) -> (Vec<(Sheet, usize)>, Shared) {
        let characters = self.characters;
        let sheets = self
            .sheets
            .iter()
            .filter_map(|data| listed(data, characters));
        let codes: HashMap<u32, String> = self
            .codes
            .iter()
            .filter_map(|data| format(data, characters))
            .collect();
        let shared = Shared {
            strings: self.strings.read(),
            styles: Styles::new(&codes, &self.formats),
            epoch: self.epoch,
            characters,
            writer: match self.calculates {
                true => Writer::Calculates,
                false => Writer::Unknown,
            },
        };
        (sheets.collect(), shared)
    }
}

/// A sheet of cells as the workbook lists it (MS-XLS 2.4.28), and where it begins.
fn listed(data: &[u8], characters: Characters) -> Option<(Sheet, usize)> {
    const CELLS: u8 = 0;
    let start = number(data, 0).ok()? as usize;
    let sight = match data.get(4)? & 0b11 {
        0 => Sight::Shown,
        _ => Sight::Hidden,
    };
    if *data.get(5)? != CELLS {
        return None;
    }
    let name = characters.short(data.get(6..)?)?;
    let name = name.replace('\0', "");
    Some((Sheet { name, sight }, start))
}

/// The code of a number format by its id (MS-XLS 2.4.126).
fn format(data: &[u8], characters: Characters) -> Option<(u32, String)> {
    let id = u32::from(word(data, 0).ok()?);
    let code = data.get(2..)?;
    let code = match characters {
        Characters::Wide => characters.long(code),
        Characters::Narrow { .. } => characters.short(code),
    };
    Some((id, code?))
}
