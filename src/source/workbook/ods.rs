//! Reads .ods (OpenDocument 1.3, part 3, 9).
//!
//! Owns the elements of content.xml. Other parts are not read, so that damage in meta.xml does no harm.

use std::collections::HashSet;
use std::fs::File;
use std::ops::ControlFlow;

use quick_xml::events::{BytesStart, Event};

use super::error::WorkbookError;
use super::header::FirstRows;
use super::package::Package;
use super::reference::CellRange;
use super::row_assembler::{RowAssembler, finish};
use super::sheet_entry::SheetEntry;
use super::sheet_row::{RowSink, SheetRow};
use super::value::CellContent;
use super::xml::{XmlReader, attribute, text_attribute};

mod cell;

use cell::OdsCell;

const CONTENT: &str = "content.xml";
/// Bytes of the manifest that are searched for encryption.
const MANIFEST_BYTES: u64 = 1_000_000;
/// LibreOffice's limits. Larger counts in a file are cut to them.
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;
/// Nested groups of rows. LibreOffice allows eight levels.
const GROUPS_LIMIT: usize = 100;

/// Tables of a file, and bytes of their first rows, which are all kept. Bounds memory.
const TABLES_LIMIT: usize = 1_000;
const KEPT_BYTES: usize = 64_000_000;

/// A workbook. All its tables are in one part, which is read from its beginning each time. So the first rows of all are
/// kept when it is opened.
pub(super) struct Ods {
    package: Package,
    tables: Vec<(SheetEntry, Vec<SheetRow>)>,
}

impl Ods {
    pub(super) fn open(file: File) -> Result<Ods, WorkbookError> {
        let mut package = Package::open(file)?;
        let manifest = package.beginning("META-INF/manifest.xml", MANIFEST_BYTES);
        // Encrypted parts cannot be inflated: without this, the file would count as damaged.
        if String::from_utf8_lossy(&manifest).contains(":encryption-data") {
            return Err(WorkbookError::Password);
        }
        package.check(CONTENT)?;
        let tables = tables(package.xml(CONTENT)?)?;
        Ok(Ods { package, tables })
    }

    pub(super) fn sheets(&self) -> Vec<SheetEntry> {
        self.tables.iter().map(|(sheet, _)| sheet.clone()).collect()
    }

    /// The rows that a table begins with.
    pub(super) fn first(&self, name: &str) -> Vec<SheetRow> {
        let named = self.tables.iter().find(|(sheet, _)| sheet.name == name);
        named.map_or_else(Vec::new, |(_, first)| first.clone())
    }

    pub(super) fn rows(&mut self, name: &str, sink: &mut RowSink<'_>) -> Result<(), WorkbookError> {
        let mut xml = self.package.xml(CONTENT)?;
        if seek(&mut xml, name)? {
            // `Break` means that the sink has enough, which is no error.
            let _ = read_table(&mut xml, sink)?;
        }
        Ok(())
    }
}

/// Hands over the rows of a table. `Break` where the sink stopped before its end.
fn read_table(
    xml: &mut XmlReader<'_>,
    sink: &mut RowSink<'_>,
) -> Result<ControlFlow<()>, WorkbookError> {
    let mut table = TableReader::default();
    loop {
        let flow = match xml.next()? {
            Event::End(tag) if tag.local_name().as_ref() == "table" && table.cell.is_none() => {
                finish(table.assembly, sink)?;
                return Ok(ControlFlow::Continue(()));
            }
            Event::End(tag) => table.close(tag.local_name().as_ref(), sink)?,
            Event::Eof => return Err(WorkbookError::DAMAGED),
            event => {
                table.take(&event)?;
                continue;
            }
        };
        if flow.is_break() {
            return Ok(flow);
        }
    }
}

/// The tables with their first rows. The style of a table has whether it is hidden; styles come first in the part.
fn tables(mut xml: XmlReader<'_>) -> Result<Vec<(SheetEntry, Vec<SheetRow>)>, WorkbookError> {
    let mut hidden_styles = HashSet::new();
    let (mut style, mut tables, mut kept) = (None, Vec::new(), 0);
    loop {
        let sheet = match xml.next()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                // A style of a table, whose properties are the element in it.
                "style" => {
                    style = text_attribute(&tag, "name");
                    continue;
                }
                "table-properties" => {
                    let hidden = attribute(&tag, "display") == Some("false");
                    hidden_styles.extend(style.take().filter(|_| hidden));
                    continue;
                }
                "table" => listed(&tag, &hidden_styles),
                _ => continue,
            },
            Event::Eof => return Ok(tables),
            _ => continue,
        };
        let first = beginning(&mut xml)?;
        kept += first.iter().map(|row| row.bytes).sum::<usize>();
        tables.extend(sheet.map(|sheet| (sheet, first)));
        if tables.len() > TABLES_LIMIT || kept > KEPT_BYTES {
            return Err(WorkbookError::TooLarge("it has too many sheets"));
        }
    }
}

/// The first rows of a table. Skips to its end.
fn beginning(xml: &mut XmlReader<'_>) -> Result<Vec<SheetRow>, WorkbookError> {
    let mut first = FirstRows::default();
    if read_table(xml, &mut |row| first.add(row))?.is_break() {
        // A cell may contain a table.
        let mut depth = 1;
        while depth > 0 {
            match xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "table" => depth += 1,
                Event::End(tag) if tag.local_name().as_ref() == "table" => depth -= 1,
                Event::Eof => return Err(WorkbookError::DAMAGED),
                _ => {}
            }
        }
    }
    Ok(first.rows)
}

fn listed(tag: &BytesStart<'_>, hidden_styles: &HashSet<String>) -> Option<SheetEntry> {
    let style = text_attribute(tag, "style-name");
    Some(SheetEntry {
        name: text_attribute(tag, "name")?,
        is_hidden: style.is_some_and(|style| hidden_styles.contains(&style)),
    })
}

/// Skips to the start of a table; false where no table has that name.
fn seek(xml: &mut XmlReader<'_>, name: &str) -> Result<bool, WorkbookError> {
    loop {
        match xml.next()? {
            Event::Start(tag)
                if tag.local_name().as_ref() == "table"
                    && text_attribute(&tag, "name").as_deref() == Some(name) =>
            {
                return Ok(true);
            }
            Event::Eof => return Ok(false),
            _ => {}
        }
    }
}

/// A table that is being read.
#[derive(Default)]
struct TableReader {
    assembly: RowAssembler,
    /// For each group of rows around the current one, whether it is closed.
    groups: Vec<bool>,
    row: OdsRow,
    cell: Option<OdsCell>,
}

/// A row while it is read.
#[derive(Default)]
struct OdsRow {
    /// Counted from 0.
    at: u32,
    repeated: u32,
    hidden: bool,
    column: u32,
    cells: Vec<(u32, CellContent<'static>)>,
}

impl TableReader {
    /// Takes what begins, or a text.
    fn take(&mut self, event: &Event<'_>) -> Result<(), WorkbookError> {
        match (event, &mut self.cell) {
            (Event::Start(tag), Some(cell)) => cell.open(tag),
            (Event::Start(tag), None) => self.open(tag)?,
            (_, Some(cell)) => cell.text(event),
            (_, None) => {}
        }
        Ok(())
    }

    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), WorkbookError> {
        match tag.local_name().as_ref() {
            "table-row-group" if self.groups.len() < GROUPS_LIMIT => {
                self.groups.push(attribute(tag, "display") == Some("false"));
            }
            "table-row" => {
                self.row.repeated = count(tag, "number-rows-repeated", ROWS);
                self.row.hidden = self.groups.contains(&true)
                    || matches!(attribute(tag, "visibility"), Some("collapse" | "filter"));
            }
            "table-cell" | "covered-table-cell" => {
                self.merge(tag)?;
                self.cell = Some(OdsCell::new(
                    tag,
                    count(tag, "number-columns-repeated", COLUMNS),
                ));
            }
            _ => {}
        }
        Ok(())
    }

    fn merge(&mut self, tag: &BytesStart<'_>) -> Result<(), WorkbookError> {
        let rows = count(tag, "number-rows-spanned", ROWS);
        if rows < 2 {
            return Ok(());
        }
        let columns = count(tag, "number-columns-spanned", COLUMNS);
        self.assembly.merges.add(CellRange {
            rows: (self.row.at, self.row.at.saturating_add(rows - 1)),
            columns: (
                self.row.column,
                self.row.column.saturating_add(columns.max(1) - 1),
            ),
        })
    }

    fn close(
        &mut self,
        name: &str,
        sink: &mut RowSink<'_>,
    ) -> Result<ControlFlow<()>, WorkbookError> {
        if let Some(cell) = &mut self.cell {
            if cell.close(name) {
                self.row.push(cell);
                self.cell = None;
            }
            return Ok(ControlFlow::Continue(()));
        }
        match name {
            "table-row" => return self.end_row(sink),
            "table-row-group" => drop(self.groups.pop()),
            _ => {}
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Hands over a row as often as it is repeated. `gauge` has bounded the product.
    fn end_row(&mut self, sink: &mut RowSink<'_>) -> Result<ControlFlow<()>, WorkbookError> {
        let first = self.row.at;
        let last = first.saturating_add(self.row.repeated.max(1)).min(ROWS);
        let repeated = if self.row.cells.is_empty() {
            0
        } else {
            last.saturating_sub(first)
        };
        for at in first..first.saturating_add(repeated) {
            if self.row.hidden {
                self.assembly.hidden = Some(at);
            }
            for (column, content) in &self.row.cells {
                if let Some(complete) = self.assembly.put(at, *column, content.clone())?
                    && sink(complete).is_break()
                {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        // Blank rows count, too: the numbers of rows are those of the spreadsheet.
        self.row = OdsRow {
            at: last,
            ..OdsRow::default()
        };
        Ok(ControlFlow::Continue(()))
    }
}

impl OdsRow {
    fn push(&mut self, cell: &OdsCell) {
        let next = self.column.saturating_add(cell.repeated.max(1));
        let content = cell.content();
        if !content.is_blank() {
            let columns = self.column..next.min(COLUMNS);
            self.cells
                .extend(columns.map(|column| (column, content.clone())));
        }
        self.column = next;
    }
}

/// A count in an optional attribute; 1 without it.
fn count(tag: &BytesStart<'_>, name: &str, most: u32) -> u32 {
    let count = attribute(tag, name).and_then(|count| count.trim().parse::<u64>().ok());
    count.map_or(1, |count| u32::try_from(count).unwrap_or(most).min(most))
}
