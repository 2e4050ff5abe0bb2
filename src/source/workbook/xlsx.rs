//! An .xlsx that was opened (ECMA-376 part 1, 18): its sheets, and what they share.
//!
//! Owns the way from the package to a sheet's part. The cells of a sheet are read by `sheet`, row by row.

use std::collections::HashMap;
use std::fs::File;

use quick_xml::events::{BytesStart, Event};

use super::error::WorkbookError;
use super::merges::Merges;
use super::package::{Package, Relation};
use super::row::Take;
use super::sheet::{Sheet, Sight};
use super::styles::Styles;
use super::value::Epoch;
use super::xml::{BROKEN, attribute, attributes, is_on, text_attribute};

mod shared;
mod sheet;
mod strings;
mod styles;

use shared::{Calculation, Shared};
use strings::Strings;

/// A workbook.
pub(super) struct Xlsx {
    package: Package,
    parts: Vec<SheetPart>,
    shared: Shared,
}

struct SheetPart {
    sheet: Sheet,
    name: String,
    merges: Merges,
}

/// What workbook.xml says.
#[derive(Default)]
struct Contents {
    /// Sheets with the ids of their relations.
    sheets: Vec<(Sheet, String)>,
    epoch: Epoch,
    calculation: Calculation,
}

impl Xlsx {
    pub(super) fn open(file: File) -> Result<Xlsx, WorkbookError> {
        let mut package = Package::open(file)?;
        let book = book_part(&mut package)?;
        let contents = Contents::read(&mut package, &book)?;
        let relations = package.relations(&book)?;
        let parts = sheet_parts(&mut package, contents.sheets, &relations)?;
        let shared = Shared {
            strings: match shared_part(&package, &relations, "sharedStrings") {
                Some(part) => Strings::read(&mut package, &part)?,
                None => Strings::default(),
            },
            styles: match shared_part(&package, &relations, "styles") {
                Some(part) => styles::read(&mut package, &part)?,
                None => Styles::default(),
            },
            epoch: contents.epoch,
            calculation: contents.calculation,
        };
        Ok(Xlsx {
            package,
            parts,
            shared,
        })
    }

    pub(super) fn sheets(&self) -> Vec<Sheet> {
        self.parts.iter().map(|part| part.sheet.clone()).collect()
    }

    pub(super) fn rows(&mut self, name: &str, take: &mut Take<'_>) -> Result<(), WorkbookError> {
        let named = |part: &&SheetPart| part.sheet.name == name;
        let part = self.parts.iter().find(named).ok_or(BROKEN)?;
        let xml = self.package.xml(&part.name)?;
        sheet::Reader::new(xml, &self.shared, part.merges.clone()).rows(take)
    }
}

/// The part that lists the sheets, whatever it is called.
fn book_part(package: &mut Package) -> Result<String, WorkbookError> {
    let relations = package.relations("")?;
    let named = relations
        .into_iter()
        .find(|relation| relation.kind == "officeDocument")
        .map(|relation| relation.target);
    let usual = || package.find("xl/workbook", ".xml");
    let known = named.filter(|name| package.has(name)).or_else(usual);
    known.ok_or(BROKEN)
}

/// A part that a workbook may have: the one it refers to, else the one of the usual name.
fn shared_part(package: &Package, relations: &[Relation], kind: &str) -> Option<String> {
    let named = relations.iter().filter(|relation| relation.kind == kind);
    let mut named = named.map(|relation| relation.target.clone());
    let usual = format!("xl/{kind}.xml");
    let known = named.find(|name| package.has(name));
    known.or_else(|| package.has(&usual).then_some(usual))
}

/// The sheets that hold cells; a chart is a sheet, too.
fn sheet_parts(
    package: &mut Package,
    sheets: Vec<(Sheet, String)>,
    relations: &[Relation],
) -> Result<Vec<SheetPart>, WorkbookError> {
    let mut checked: HashMap<String, Merges> = HashMap::new();
    let mut parts = Vec::new();
    for (sheet, id) in sheets {
        let relation = relations.iter().find(|relation| relation.id == id);
        let relation = relation.ok_or(BROKEN)?;
        if relation.kind != "worksheet" {
            continue;
        }
        let name = relation.target.clone();
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

impl Contents {
    fn read(package: &mut Package, part: &str) -> Result<Contents, WorkbookError> {
        package.check(part)?;
        let mut xml = package.xml(part)?;
        let mut contents = Contents::default();
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
            "workbookPr" if is_on(tag, "date1904") => self.epoch = Epoch::Of1904,
            "calcPr" if is_on(tag, "fullCalcOnLoad") => self.calculation = Calculation::OnLoad,
            _ => {}
        }
    }
}

/// A sheet as the workbook lists it, and the id of its relation.
fn listed(tag: &BytesStart<'_>) -> Option<(Sheet, String)> {
    let id = attributes(tag).find_map(|(name, value)| (name == "id").then_some(value))?;
    let sight = match attribute(tag, "state") {
        Some("hidden" | "veryHidden") => Sight::Hidden,
        _ => Sight::Shown,
    };
    let name = text_attribute(tag, "name")?;
    Some((Sheet { name, sight }, id.to_owned()))
}
