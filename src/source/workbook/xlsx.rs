//! Reads .xlsx (ECMA-376 part 1, 18).
//!
//! Owns the way from the package to a sheet's part. `sheet` reads the cells of a sheet, row by row.

use std::collections::HashMap;
use std::fs::File;

use quick_xml::events::{BytesStart, Event};

use super::cell_styles::CellStyles;
use super::error::WorkbookError;
use super::merged_cells::MergedCells;
use super::package::{Package, Relationship};
use super::sheet_entry::SheetEntry;
use super::sheet_row::RowSink;
use super::value::DateSystem;
use super::xml::{attribute, is_on, text_attribute};

mod shared;
mod sheet;
mod strings;
mod styles;

use shared::XlsxShared;
use strings::SharedStringTable;

/// A workbook.
pub(super) struct Xlsx {
    package: Package,
    parts: Vec<SheetPart>,
    shared: XlsxShared,
}

struct SheetPart {
    sheet: SheetEntry,
    name: String,
    merges: MergedCells,
}

/// The content of workbook.xml.
#[derive(Default)]
struct WorkbookPart {
    /// Sheets with the ids of their relationships.
    sheets: Vec<(SheetEntry, String)>,
    date_system: DateSystem,
    calculate_on_load: bool,
}

impl Xlsx {
    pub(super) fn open(file: File) -> Result<Xlsx, WorkbookError> {
        let mut package = Package::open(file)?;
        let book = book_part(&mut package)?;
        let contents = WorkbookPart::read(&mut package, &book)?;
        let relationships = package.relationships(&book)?;
        let parts = sheet_parts(&mut package, contents.sheets, &relationships)?;
        let shared = XlsxShared {
            strings: match shared_part(&package, &relationships, "sharedStrings") {
                Some(part) => SharedStringTable::read(&mut package, &part)?,
                None => SharedStringTable::default(),
            },
            styles: match shared_part(&package, &relationships, "styles") {
                Some(part) => styles::read(&mut package, &part)?,
                None => CellStyles::default(),
            },
            date_system: contents.date_system,
            calculate_on_load: contents.calculate_on_load,
        };
        Ok(Xlsx {
            package,
            parts,
            shared,
        })
    }

    pub(super) fn sheets(&self) -> Vec<SheetEntry> {
        self.parts.iter().map(|part| part.sheet.clone()).collect()
    }

    pub(super) fn rows(&mut self, name: &str, sink: &mut RowSink<'_>) -> Result<(), WorkbookError> {
        let named = |part: &&SheetPart| part.sheet.name == name;
        let part = self
            .parts
            .iter()
            .find(named)
            .ok_or(WorkbookError::DAMAGED)?;
        let xml = self.package.xml(&part.name)?;
        sheet::SheetReader::new(xml, &self.shared, part.merges.clone()).rows(sink)
    }
}

/// The part that lists the sheets. Its name is not fixed: only its relationship names it.
fn book_part(package: &mut Package) -> Result<String, WorkbookError> {
    let relationships = package.relationships("")?;
    let named = relationships
        .into_iter()
        .find(|relationship| relationship.kind == "officeDocument")
        .map(|relationship| relationship.target);
    let usual = || package.find("xl/workbook", ".xml");
    let known = named.filter(|name| package.has(name)).or_else(usual);
    known.ok_or(WorkbookError::DAMAGED)
}

/// An optional part of a workbook: the one it refers to, else the one with the usual name. A file may have the part
/// without the relationship.
fn shared_part(package: &Package, relationships: &[Relationship], kind: &str) -> Option<String> {
    let named = relationships.iter().filter(|it| it.kind == kind);
    let named = named.map(|relationship| relationship.target.clone());
    let usual = format!("xl/{kind}.xml");
    named.chain([usual]).find(|name| package.has(name))
}

/// The sheets with cells. Charts and dialogs are in the list, too.
fn sheet_parts(
    package: &mut Package,
    sheets: Vec<(SheetEntry, String)>,
    relationships: &[Relationship],
) -> Result<Vec<SheetPart>, WorkbookError> {
    let mut checked: HashMap<String, MergedCells> = HashMap::new();
    let mut parts = Vec::new();
    for (sheet, id) in sheets {
        let relationship = relationships
            .iter()
            .find(|relationship| relationship.id == id);
        let relationship = relationship.ok_or(WorkbookError::DAMAGED)?;
        if relationship.kind != "worksheet" {
            continue;
        }
        let name = relationship.target.clone();
        // Several sheets may refer to one part: checking it once bounds the time.
        let merges = match checked.get(&name) {
            Some(merges) => merges.clone(),
            None => package.check(&name)?,
        };
        checked.insert(name.clone(), merges.clone());
        parts.push(SheetPart {
            sheet,
            name,
            merges,
        });
    }
    Ok(parts)
}

impl WorkbookPart {
    fn read(package: &mut Package, part: &str) -> Result<WorkbookPart, WorkbookError> {
        package.check(part)?;
        let mut xml = package.xml(part)?;
        let mut contents = WorkbookPart::default();
        loop {
            match xml.next()? {
                Event::Start(tag) => contents.take(&tag),
                Event::Eof => return Ok(contents),
                _ => {}
            }
        }
    }

    fn take(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "sheet" => self.sheets.extend(listed(tag)),
            "workbookPr" if is_on(tag, "date1904") => self.date_system = DateSystem::Of1904,
            "calcPr" if is_on(tag, "fullCalcOnLoad") => self.calculate_on_load = true,
            _ => {}
        }
    }
}

/// A sheet in the list (ECMA-376 part 1, 18.2.19), and the id of its relationship.
fn listed(tag: &BytesStart<'_>) -> Option<(SheetEntry, String)> {
    let id = attribute(tag, "id")?;
    let is_hidden = matches!(attribute(tag, "state"), Some("hidden" | "veryHidden"));
    let name = text_attribute(tag, "name")?;
    Some((SheetEntry { name, is_hidden }, id.to_owned()))
}
