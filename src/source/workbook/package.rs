//! The parts of a zipped workbook by their names, and the relationships between them.
//!
//! Owns the zip and the relationships (ECMA-376 part 2, 8 and 9). Only parts that are needed are inflated: a
//! damaged thumbnail or meta.xml does no harm.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};

use quick_xml::events::Event;
use zip::ZipArchive;

use super::error::WorkbookError;
use super::gauge;
use super::merged_cells::MergedCells;
use super::xml::{XmlReader, attribute, decoded, text_attribute};

/// Parts of an archive. A workbook has some dozens, and one more for each sheet and picture.
const PARTS_LIMIT: usize = 10_000;
/// Relationships of a part: one for each sheet, and a few more.
const RELATIONSHIPS_LIMIT: usize = 10_000;

/// A zipped workbook.
pub(super) struct Package {
    archive: ZipArchive<BufReader<File>>,
    /// The parts by their folded names: names are compared without case (ECMA-376 part 2, 9.1.1), and some programs write
    /// backslashes.
    parts: HashMap<String, usize>,
}

/// A reference from one part to another.
pub(super) struct Relationship {
    pub(super) id: String,
    /// The last word of its type: `worksheet`, `sharedStrings`.
    pub(super) kind: String,
    pub(super) target: String,
}

impl Package {
    pub(super) fn open(file: File) -> Result<Package, WorkbookError> {
        let mut archive =
            ZipArchive::new(BufReader::new(file)).map_err(|_| WorkbookError::DAMAGED)?;
        if archive.len() > PARTS_LIMIT {
            return Err(WorkbookError::TooLarge("it has more than 10,000 parts"));
        }
        let mut parts = HashMap::new();
        for index in 0..archive.len() {
            let part = archive
                .by_index_raw(index)
                .map_err(|_| WorkbookError::DAMAGED)?;
            // Zip's own encryption; Excel's is a compound file.
            if part.encrypted() {
                return Err(WorkbookError::Password);
            }
            let name = String::from_utf8_lossy(part.name_raw()).into_owned();
            parts.entry(folded(&name)).or_insert(index);
        }
        Ok(Package { archive, parts })
    }

    /// Whether there is such a part.
    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&folded(name))
    }

    /// The first part by name that begins and ends so.
    pub(super) fn find(&self, beginning: &str, end: &str) -> Option<String> {
        let fits = |name: &&String| name.starts_with(beginning) && name.ends_with(end);
        self.parts.keys().filter(fits).min().cloned()
    }

    /// A part as XML.
    pub(super) fn xml(&mut self, name: &str) -> Result<XmlReader<'_>, WorkbookError> {
        XmlReader::new(self.part(name)?)
    }

    /// Proves that a part is whole and within bounds; returns the merged ranges of a sheet.
    pub(super) fn check(&mut self, name: &str) -> Result<MergedCells, WorkbookError> {
        let part = decoded(self.part(name)?).map_err(|_| WorkbookError::DAMAGED)?;
        gauge::check(part)
    }

    fn part(&mut self, name: &str) -> Result<impl Read + '_, WorkbookError> {
        let index = self
            .parts
            .get(&folded(name))
            .copied()
            .ok_or(WorkbookError::DAMAGED)?;
        self.archive
            .by_index(index)
            .map_err(|_| WorkbookError::DAMAGED)
    }

    /// The first bytes of a part, where there is such a part.
    pub(super) fn beginning(&mut self, name: &str, length: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        if let Ok(part) = self.part(name) {
            // A part that cannot be read counts as missing.
            let _ = part.take(length).read_to_end(&mut bytes);
        }
        bytes
    }

    /// The relationships of a part; an empty name is the package itself.
    pub(super) fn relationships(&mut self, of: &str) -> Result<Vec<Relationship>, WorkbookError> {
        let (folder, name) = of.rsplit_once('/').unwrap_or(("", of));
        let path = format!("{folder}/_rels/{name}.rels");
        if !self.has(&path) {
            return Ok(Vec::new());
        }
        self.check(&path)?;
        let mut xml = self.xml(&path)?;
        let mut relationships = Vec::new();
        loop {
            match xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "Relationship" => {
                    let kind = attribute(&tag, "Type").unwrap_or_default();
                    relationships.push(Relationship {
                        id: text_attribute(&tag, "Id").unwrap_or_default(),
                        kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                        target: resolved(
                            folder,
                            &text_attribute(&tag, "Target").unwrap_or_default(),
                        ),
                    });
                }
                Event::Eof => return Ok(relationships),
                _ if relationships.len() > RELATIONSHIPS_LIMIT => {
                    return Err(WorkbookError::DAMAGED);
                }
                _ => {}
            }
        }
    }
}

fn folded(name: &str) -> String {
    let name = name.replace('\\', "/").to_lowercase();
    name.trim_start_matches('/').to_owned()
}

/// Resolves a path against a folder. It cannot leave the package.
fn resolved(folder: &str, target: &str) -> String {
    let mut steps: Vec<&str> = match target.starts_with('/') {
        true => Vec::new(),
        false => folder.split('/').collect(),
    };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            // Above the root there is nothing to leave.
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_seen_from_the_folder_of_its_part() {
        for (folder, target, expected) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            (
                "xl",
                "/xl/worksheets/sheet1.xml",
                "xl/worksheets/sheet1.xml",
            ),
            ("xl", "../xl/./styles.xml", "xl/styles.xml"),
            ("", "xl/workbook.xml", "/xl/workbook.xml"),
            ("xl", "../../../x", "x"),
        ] {
            assert_eq!(resolved(folder, target), expected);
        }
        assert_eq!(folded("/XL\\Workbook.xml"), "xl/workbook.xml");
    }
}
