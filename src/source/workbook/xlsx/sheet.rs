//! The cells of a sheet of an .xlsx, row by row (ECMA-376 part 1, 18.3.1).
//!
//! Owns what a `<c>` says. The dimension that a sheet declares is often wrong, and never asked.

use std::ops::ControlFlow;

use quick_xml::events::{BytesStart, Event};

use super::shared::{Calculation, Shared};
use super::strings::{RichText, unescape};
use crate::record::CellFault;
use crate::source::workbook::assembly::{Assembly, finish};
use crate::source::workbook::error::WorkbookError;
use crate::source::workbook::merges::Merges;
use crate::source::workbook::number_format::NumberFormat;
use crate::source::workbook::reference;
use crate::source::workbook::reference::Area;
use crate::source::workbook::row::Take;
use crate::source::workbook::value::{self, Content};
use crate::source::workbook::xml::{Xml, attribute, attributes, is_on, push_text};

/// Digits that a number holds surely: such a text is what it would be written as.
const SURE_DIGITS: usize = 15;

/// A sheet that is being read.
pub(super) struct Reader<'a> {
    xml: Xml<'a>,
    shared: &'a Shared,
    assembly: Assembly,
    place: Place,
    cell: Cell,
    /// Where one formula gives several cells their values; only the first of them has it.
    arrays: Vec<Area>,
}

/// Such areas of a sheet that are kept in mind.
const ARRAYS: usize = 1_000;

impl<'a> Reader<'a> {
    pub(super) fn new(xml: Xml<'a>, shared: &'a Shared, merges: Merges) -> Reader<'a> {
        Reader {
            xml,
            shared,
            assembly: Assembly::new(merges),
            place: Place::default(),
            cell: Cell::default(),
            arrays: Vec::new(),
        }
    }

    pub(super) fn rows(mut self, take: &mut Take<'_>) -> Result<(), WorkbookError> {
        if self.has_cells()? && self.cells(take)?.is_break() {
            return Ok(());
        }
        finish(self.assembly, take)
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

    fn cells(&mut self, take: &mut Take<'_>) -> Result<ControlFlow<()>, WorkbookError> {
        loop {
            match self.xml.next()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "row" => {
                        self.place.start_row(&tag)?;
                        if is_hidden(&tag) {
                            self.assembly.hide(self.place.row);
                        }
                    }
                    "c" => {
                        self.place.start_cell(&tag)?;
                        self.cell.start(&tag);
                        let place = (self.place.row, self.place.column);
                        if self.arrays.iter().any(|area| area.has(place)) {
                            self.cell.formula = Formula::With;
                        }
                    }
                    "f" => {
                        self.cell.formula = Formula::With;
                        if self.arrays.len() < ARRAYS {
                            self.arrays.extend(array(&tag));
                        }
                    }
                    name => self.cell.open(name),
                },
                Event::End(tag) => match tag.local_name().as_ref() {
                    "c" => {
                        let content = self.cell.content(self.shared);
                        let content = content.ok_or(self.place.broken())?;
                        let (row, column) = (self.place.row, self.place.column);
                        if let Some(complete) = self.assembly.put(row, column, content)?
                            && take(complete).is_break()
                        {
                            return Ok(ControlFlow::Break(()));
                        }
                        self.place.end_cell();
                    }
                    "row" => self.place.end_row(),
                    "sheetData" => return Ok(ControlFlow::Continue(())),
                    name => self.cell.close(name),
                },
                Event::Eof => return Err(self.place.broken()),
                event => self.cell.take(&event),
            }
        }
    }
}

/// The area of a formula that gives several cells their values.
fn array(formula: &BytesStart<'_>) -> Option<Area> {
    let is_array = attribute(formula, "t") == Some("array");
    attribute(formula, "ref")
        .filter(|_| is_array)
        .and_then(reference::area)
}

/// Whether a row shows nothing: hidden by hand, by a filter or in a closed group, or without height.
fn is_hidden(row: &BytesStart<'_>) -> bool {
    let height = || attribute(row, "ht").and_then(|height| height.parse::<f64>().ok());
    is_on(row, "hidden") || is_on(row, "customHeight") && height() == Some(0.0)
}

/// Where the next cell is, which need not say; both counted from 0.
#[derive(Default)]
struct Place {
    row: u32,
    column: u32,
}

impl Place {
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
            (self.row, self.column) = reference::cell(name).ok_or(self.broken())?;
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
struct Cell {
    kind: Kind,
    style: usize,
    text: RichText,
    value: Value,
    formula: Formula,
}

/// What `t` says of a cell's value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Number,
    /// An index of the shared strings.
    Shared,
    /// The text that a formula gave.
    FormulaText,
    Inline,
    Truth,
    Error,
    /// A date in ISO 8601.
    Date,
}

/// Whether a cell has a `<v>`.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Value {
    #[default]
    Missing,
    Open,
    Read,
}

/// Whether a cell has a formula.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Formula {
    #[default]
    Without,
    With,
}

impl Kind {
    fn of(word: &str) -> Kind {
        match word {
            "s" => Kind::Shared,
            "str" => Kind::FormulaText,
            "inlineStr" | "is" => Kind::Inline,
            "b" => Kind::Truth,
            "e" => Kind::Error,
            "d" => Kind::Date,
            _ => Kind::Number,
        }
    }
}

impl Cell {
    fn start(&mut self, tag: &BytesStart<'_>) {
        self.text.clear();
        (self.kind, self.style) = (Kind::Number, 0);
        (self.value, self.formula) = (Value::Missing, Formula::Without);
        for (name, value) in attributes(tag) {
            match name {
                "t" => self.kind = Kind::of(value),
                "s" => self.style = value.parse().unwrap_or_default(),
                _ => {}
            }
        }
    }

    fn open(&mut self, name: &str) {
        match name {
            // Beside a text of its own it only repeats it.
            "v" if self.kind != Kind::Inline => self.value = Value::Open,
            _ if self.kind == Kind::Inline => self.text.open(name),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "v" if self.value == Value::Open => {
                self.value = Value::Read;
                if self.kind == Kind::FormulaText {
                    unescape(&mut self.text.text, 0);
                }
            }
            _ => self.text.close(name),
        }
    }

    fn take(&mut self, event: &Event<'_>) {
        match self.value {
            Value::Open => push_text(&mut self.text.text, event),
            Value::Missing | Value::Read => self.text.take(event),
        }
    }

    /// What the cell shows; `None` where it refers to a text that is not there.
    fn content<'s>(&'s self, shared: &'s Shared) -> Option<Content<'s>> {
        let text = self.text.text.as_str();
        if self.is_not_calculated(shared) {
            return Some(Content::fault(CellFault::NotCalculated, ""));
        }
        if text.is_empty() {
            return Some(Content::text(""));
        }
        Some(match self.kind {
            Kind::Number => self.number(text, shared),
            Kind::Shared => self.formatted(shared.strings.get(text.trim().parse().ok()?)?, shared),
            Kind::FormulaText | Kind::Inline => self.formatted(text, shared),
            Kind::Truth => Content::text(match text.trim() {
                "1" => value::truth(true),
                "0" => value::truth(false),
                other => other,
            }),
            Kind::Error => Content::fault(CellFault::ErrorValue, text),
            Kind::Date => Content::text(text),
        })
    }

    /// A text may be empty by its formula; a number may not, and 0 is no result where the file asks to calculate first.
    fn is_not_calculated(&self, shared: &Shared) -> bool {
        let text = self.text.text.trim();
        let is_zero = || self.kind == Kind::Number && text.parse() == Ok(0.0);
        self.formula == Formula::With
            && match text.is_empty() {
                true => self.kind != Kind::FormulaText || self.value == Value::Missing,
                false => shared.calculation == Calculation::OnLoad && is_zero(),
            }
    }

    fn number<'s>(&self, text: &'s str, shared: &Shared) -> Content<'s> {
        let text = text.trim();
        let format = shared.styles.format(self.style);
        let is_digits = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
        if *format == NumberFormat::Plain && is_digits && text.len() <= SURE_DIGITS {
            return Content::text(text);
        }
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => value::formatted(number, format, shared.epoch),
            Ok(_) | Err(_) => Content::text(text),
        }
    }

    fn formatted<'s>(&self, text: &'s str, shared: &Shared) -> Content<'s> {
        match shared.styles.format(self.style).show_text(text) {
            Some(shown) => Content::text(shown),
            None => Content::text(text),
        }
    }
}
