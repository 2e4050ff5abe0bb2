//! A workbook that was opened: its sheets, and the rows of one of them.
//!
//! Owns the crate that reads spreadsheets. Whatever is opened here was proved harmless by `gauge` or `old` before.

use std::fs::File;
use std::io::{BufReader, Seek};
use std::ops::ControlFlow;

use calamine::{
    Data, Ods, OdsError, Range, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsx, XlsxError,
};

use super::error::WorkbookError;
use super::gauge;
use super::kind::Kind;
use super::rows::{Assembly, Row};
use super::value;

type Bytes = BufReader<File>;

/// A workbook.
pub(super) enum Book {
    Xlsx(Box<Xlsx<Bytes>>),
    Old(Box<Xls<Bytes>>),
    OpenDocument(Box<Ods<Bytes>>),
}

/// A sheet of cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) sight: Sight,
}

/// Whether a user sees a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    Shown,
    Hidden,
}

/// Takes rows one by one; `Break` when it wants no more.
pub(super) type Take<'a> = dyn FnMut(Row) -> ControlFlow<()> + 'a;

impl Book {
    pub(super) fn open(mut file: File, kind: Kind) -> Result<Book, WorkbookError> {
        if matches!(kind, Kind::Xlsx | Kind::OpenDocument) {
            gauge::check(BufReader::new(&mut file))?;
        }
        file.rewind().map_err(|_| UNREADABLE)?;
        let bytes = BufReader::new(file);
        Ok(match kind {
            Kind::Xlsx => Book::Xlsx(Box::new(Xlsx::new(bytes)?)),
            Kind::Old => Book::Old(Box::new(Xls::new(bytes)?)),
            Kind::OpenDocument => Book::OpenDocument(Box::new(Ods::new(bytes)?)),
        })
    }

    /// The sheets that hold cells, in their order.
    pub(super) fn sheets(&self) -> Vec<Sheet> {
        let sheets = match self {
            Book::Xlsx(book) => book.sheets_metadata(),
            Book::Old(book) => book.sheets_metadata(),
            Book::OpenDocument(book) => book.sheets_metadata(),
        };
        let of_cells = sheets
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet);
        of_cells
            .map(|sheet| Sheet {
                name: sheet.name.clone(),
                sight: match sheet.visible {
                    SheetVisible::Visible => Sight::Shown,
                    SheetVisible::Hidden | SheetVisible::VeryHidden => Sight::Hidden,
                },
            })
            .collect()
    }

    /// Hands over the rows of a sheet that have something in them.
    pub(super) fn rows(&mut self, sheet: &str, take: &mut Take<'_>) -> Result<(), WorkbookError> {
        match self {
            Book::Xlsx(book) => stream(book, sheet, take),
            Book::Old(book) => walk(&book.worksheet_range(sheet)?, take),
            Book::OpenDocument(book) => walk(&book.worksheet_range(sheet)?, take),
        }
    }
}

const UNREADABLE: WorkbookError = WorkbookError::Broken {
    what: "it was not fetched whole, or is damaged",
};

fn stream(book: &mut Xlsx<Bytes>, sheet: &str, take: &mut Take<'_>) -> Result<(), WorkbookError> {
    let mut cells = match book.worksheet_cells_reader(sheet) {
        // A chart sits there as if it were a sheet.
        Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
        cells => cells?,
    };
    let mut assembly = Assembly::default();
    let mut row = 0;
    loop {
        let cell = match cells.next_cell() {
            Ok(Some(cell)) => cell,
            Ok(None) => break,
            // An error in a cell that is younger than the parser, such as #SPILL!: blank like the others.
            Err(XlsxError::CellError(_)) => continue,
            Err(_) => return Err(WorkbookError::BrokenAfter { row }),
        };
        let (at, column) = cell.get_position();
        let text = value::streamed(cell.get_value());
        row = u64::from(at) + 1;
        if let Some(complete) = assembly.put(at, column, &text)?
            && take(complete).is_break()
        {
            return Ok(());
        }
    }
    finish(assembly, take)
}

fn walk(range: &Range<Data>, take: &mut Take<'_>) -> Result<(), WorkbookError> {
    let (top, left) = range.start().unwrap_or_default();
    let mut assembly = Assembly::default();
    for (row, cells) in (top..).zip(range.rows()) {
        for (column, cell) in (left..).zip(cells) {
            if let Some(complete) = assembly.put(row, column, &value::text(cell))?
                && take(complete).is_break()
            {
                return Ok(());
            }
        }
    }
    finish(assembly, take)
}

fn finish(assembly: Assembly, take: &mut Take<'_>) -> Result<(), WorkbookError> {
    if let Some(last) = assembly.finish() {
        // Nothing follows that could be declined.
        let _ = take(last);
    }
    Ok(())
}

impl From<XlsxError> for WorkbookError {
    fn from(error: XlsxError) -> WorkbookError {
        match error {
            XlsxError::Password => WorkbookError::Password,
            _ => UNREADABLE,
        }
    }
}

impl From<XlsError> for WorkbookError {
    fn from(error: XlsError) -> WorkbookError {
        match error {
            XlsError::Password => WorkbookError::Password,
            _ => UNREADABLE,
        }
    }
}

impl From<OdsError> for WorkbookError {
    fn from(error: OdsError) -> WorkbookError {
        match error {
            OdsError::Password => WorkbookError::Password,
            _ => UNREADABLE,
        }
    }
}
