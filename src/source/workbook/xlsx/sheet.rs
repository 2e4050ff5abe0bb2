//! The cells of a sheet of an .xlsx, row by row (ECMA-376 part 1, 18.3.1).
//!
//! Owns the meaning of `<c>`. The dimension that a sheet declares is often wrong, and is ignored.

use std::ops::ControlFlow;

use quick_xml::events::{BytesStart, Event};

use super::shared::XlsxShared;
use super::strings::{RichText, unescape};
use crate::record::CellFault;
use crate::source::workbook::error::WorkbookError;
use crate::source::workbook::merged_cells::MergedCells;
use crate::source::workbook::number_format::NumberFormat;
use crate::source::workbook::reference;
use crate::source::workbook::reference::CellRange;
use crate::source::workbook::row_assembler::{RowAssembler, finish};
use crate::source::workbook::sheet_row::RowSink;
use crate::source::workbook::value::{self, CellContent};
use crate::source::workbook::xml::{XmlReader, attribute, attributes, is_on, push_text};

/// Digits that a float holds exactly: a number of at most this many digits is copied without parsing.
const SURE_DIGITS: usize = 15;

/// A sheet that is being read.
pub(super) struct SheetReader<'a> {
    xml: XmlReader<'a>,
    shared: &'a XlsxShared,
    assembly: RowAssembler,
    position: CellPosition,
    cell: XlsxCell,
    /// The ranges of array formulas: only the first cell of each has the formula.
    arrays: Vec<CellRange>,
}

/// Ranges of array formulas that are kept. Bounds time, since each cell is looked up in them.
const ARRAYS: usize = 1_000;

impl<'a> SheetReader<'a> {
    pub(super) fn new(
        xml: XmlReader<'a>,
        shared: &'a XlsxShared,
        merges: MergedCells,
    ) -> SheetReader<'a> {
        SheetReader {
            xml,
            shared,
            assembly: RowAssembler::new(merges),
            position: CellPosition::default(),
            cell: XlsxCell::default(),
            arrays: Vec::new(),
        }
    }

    pub(super) fn rows(mut self, sink: &mut RowSink<'_>) -> Result<(), WorkbookError> {
        if self.has_cells()? && self.cells(sink)?.is_break() {
            return Ok(());
        }
        finish(self.assembly, sink)
    }

    fn has_cells(&mut self) -> Result<bool, WorkbookError> {
        loop {
            match self.xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "sheetData" => return Ok(true),
                Event::Eof => return Ok(false),
                _ => {}
            }
        }
    }

    fn cells(&mut self, sink: &mut RowSink<'_>) -> Result<ControlFlow<()>, WorkbookError> {
        loop {
            match self.xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "row" => {
                        self.position.start_row(&tag)?;
                        if is_hidden(&tag) {
                            self.assembly.hidden = Some(self.position.row);
                        }
                    }
                    "c" => {
                        self.position.start_cell(&tag)?;
                        self.cell.start(&tag);
                        let position = (self.position.row, self.position.column);
                        // Else its missing value would pass for a blank cell.
                        if self.arrays.iter().any(|area| area.has(position)) {
                            self.cell.has_formula = true;
                        }
                    }
                    "f" => {
                        self.cell.has_formula = true;
                        if self.arrays.len() < ARRAYS {
                            self.arrays.extend(array(&tag));
                        }
                    }
                    name => self.cell.open(name),
                },
                Event::End(tag) => match tag.local_name().as_ref() {
                    "c" => {
                        let content = self.cell.content(self.shared);
                        let content = content.ok_or(self.position.broken())?;
                        let (row, column) = (self.position.row, self.position.column);
                        if let Some(complete) = self.assembly.put(row, column, content)?
                            && sink(complete).is_break()
                        {
                            return Ok(ControlFlow::Break(()));
                        }
                        self.position.end_cell();
                    }
                    "row" => self.position.end_row(),
                    "sheetData" => return Ok(ControlFlow::Continue(())),
                    name => self.cell.close(name),
                },
                Event::Eof => return Err(self.position.broken()),
                event => self.cell.take(&event),
            }
        }
    }
}

/// The range of an array formula.
fn array(formula: &BytesStart<'_>) -> Option<CellRange> {
    let is_array = attribute(formula, "t") == Some("array");
    attribute(formula, "ref")
        .filter(|_| is_array)
        .and_then(reference::parse_range)
}

/// Whether a row is hidden: by hand, by a filter, in a closed group, or by a height of 0.
fn is_hidden(row: &BytesStart<'_>) -> bool {
    let height = || attribute(row, "ht").and_then(|height| height.parse::<f64>().ok());
    is_on(row, "hidden") || is_on(row, "customHeight") && height() == Some(0.0)
}

/// The position of the next cell, counted from 0. Rows and cells may lack their references (ECMA-376 part 1, 18.3.1.4).
#[derive(Default)]
struct CellPosition {
    row: u32,
    column: u32,
}

impl CellPosition {
    fn start_row(&mut self, tag: &BytesStart<'_>) -> Result<(), WorkbookError> {
        self.column = 0;
        if let Some(number) = attribute(tag, "r") {
            let row = number.trim().parse::<u32>().ok();
            self.row = row
                .and_then(|row| row.checked_sub(1))
                .ok_or(self.broken())?;
        }
        Ok(())
    }

    fn end_row(&mut self) {
        self.row = self.row.saturating_add(1);
        self.column = 0;
    }

    fn start_cell(&mut self, tag: &BytesStart<'_>) -> Result<(), WorkbookError> {
        if let Some(name) = attribute(tag, "r") {
            (self.row, self.column) = reference::parse_cell(name).ok_or(self.broken())?;
        }
        Ok(())
    }

    fn end_cell(&mut self) {
        self.column = self.column.saturating_add(1);
    }

    fn broken(&self) -> WorkbookError {
        WorkbookError::BrokenAfter {
            row: u64::from(self.row),
        }
    }
}

/// A cell while it is read.
#[derive(Default)]
struct XlsxCell {
    kind: CellType,
    style: usize,
    text: RichText,
    value: ValueState,
    has_formula: bool,
}

/// The type of a value (ECMA-376 part 1, 18.18.11, ST_CellType).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum CellType {
    #[default]
    Number,
    /// An index into the shared strings.
    SharedString,
    /// The text that a formula gave, stored in the cell.
    FormulaText,
    Inline,
    Boolean,
    Error,
    /// A date in ISO 8601.
    Date,
}

/// Whether a cell has a `<v>`.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum ValueState {
    #[default]
    Missing,
    Open,
    Read,
}

impl CellType {
    fn of(word: &str) -> CellType {
        match word {
            "s" => CellType::SharedString,
            "str" => CellType::FormulaText,
            "inlineStr" | "is" => CellType::Inline,
            "b" => CellType::Boolean,
            "e" => CellType::Error,
            "d" => CellType::Date,
            _ => CellType::Number,
        }
    }
}

impl XlsxCell {
    fn start(&mut self, tag: &BytesStart<'_>) {
        self.text.clear();
        (self.kind, self.style) = (CellType::Number, 0);
        (self.value, self.has_formula) = (ValueState::Missing, false);
        for (name, value) in attributes(tag) {
            match name {
                "t" => self.kind = CellType::of(value),
                "s" => self.style = value.parse().unwrap_or_default(),
                _ => {}
            }
        }
    }

    fn open(&mut self, name: &str) {
        match name {
            // Beside an inline text, a `<v>` only repeats it.
            "v" if self.kind != CellType::Inline => self.value = ValueState::Open,
            _ if self.kind == CellType::Inline => self.text.open(name),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "v" if self.value == ValueState::Open => {
                self.value = ValueState::Read;
                if self.kind == CellType::FormulaText {
                    unescape(&mut self.text.text, 0);
                }
            }
            _ => self.text.close(name),
        }
    }

    fn take(&mut self, event: &Event<'_>) {
        match self.value {
            ValueState::Open => push_text(&mut self.text.text, event),
            ValueState::Missing | ValueState::Read => self.text.take(event),
        }
    }

    /// The content of the cell; `None` where it refers to a missing shared string.
    fn content<'s>(&'s self, shared: &'s XlsxShared) -> Option<CellContent<'s>> {
        let text = self.text.text.as_str();
        if self.is_not_calculated(shared) {
            return Some(CellContent::fault(CellFault::NotCalculated, ""));
        }
        if text.is_empty() {
            return Some(CellContent::text(""));
        }
        Some(match self.kind {
            CellType::Number => self.number(text, shared),
            CellType::SharedString => shared.styles.show_text(
                shared.strings.get(text.trim().parse().ok()?)?.into(),
                self.style,
            ),
            CellType::FormulaText | CellType::Inline => {
                shared.styles.show_text(text.into(), self.style)
            }
            CellType::Boolean => CellContent::text(match text.trim() {
                "1" => value::boolean(true),
                "0" => value::boolean(false),
                other => other,
            }),
            CellType::Error => CellContent::fault(CellFault::ErrorValue, text),
            CellType::Date => CellContent::text(text),
        })
    }

    /// Whether a formula has no result yet. A text may be empty by its formula, a number may not; and 0 is not a result
    /// where the file asks to calculate first.
    fn is_not_calculated(&self, shared: &XlsxShared) -> bool {
        let text = self.text.text.trim();
        let is_zero = || self.kind == CellType::Number && text.parse() == Ok(0.0);
        self.has_formula
            && match text.is_empty() {
                true => self.kind != CellType::FormulaText || self.value == ValueState::Missing,
                false => shared.calculate_on_load && is_zero(),
            }
    }

    fn number<'s>(&self, text: &'s str, shared: &XlsxShared) -> CellContent<'s> {
        let text = text.trim();
        let format = shared.styles.format(self.style);
        // The common case: a phone as a plain number. A leading zero is parsed, and so dropped, as in Excel.
        let is_digits = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
        if *format == NumberFormat::Plain && is_digits && text.len() <= SURE_DIGITS {
            return CellContent::text(text);
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => {
                value::formatted(number, format, shared.date_system)
            }
            Ok(_) | Err(_) => CellContent::text(text),
        }
    }
}
