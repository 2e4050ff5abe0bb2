//! Reads the cell styles of an .xlsx (ECMA-376 part 1, 18.8).

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};

use crate::source::workbook::cell_styles::CellStyles;
use crate::source::workbook::error::WorkbookError;
use crate::source::workbook::package::Package;
use crate::source::workbook::xml::{attribute, text_attribute};

pub(super) fn read(package: &mut Package, part: &str) -> Result<CellStyles, WorkbookError> {
    package.check(part)?;
    let mut xml = package.xml(part)?;
    let mut reader = StylesReader::default();
    loop {
        match xml.next()? {
            Event::Start(tag) => reader.open(&tag),
            Event::End(tag) => reader.close(tag.local_name().as_ref()),
            Event::Eof => return Ok(CellStyles::new(&reader.codes, &reader.ids)),
            _ => {}
        }
    }
}

/// Styles while they are read.
#[derive(Default)]
struct StylesReader {
    codes: HashMap<u32, String>,
    ids: Vec<u32>,
    list: StyleList,
}

/// The list that is being read. Conditional and named styles have formats as well, which do not count for cells.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum StyleList {
    Formats,
    Cells,
    #[default]
    Other,
}

impl StylesReader {
    fn open(&mut self, tag: &BytesStart<'_>) {
        match (tag.local_name().as_ref(), self.list) {
            ("numFmts", _) => self.list = StyleList::Formats,
            ("cellXfs", _) => self.list = StyleList::Cells,
            ("numFmt", StyleList::Formats) => {
                let code = text_attribute(tag, "formatCode");
                self.codes.extend(format_id(tag).zip(code));
            }
            ("xf", StyleList::Cells) => self.ids.push(format_id(tag).unwrap_or_default()),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if matches!(name, "numFmts" | "cellXfs") {
            self.list = StyleList::Other;
        }
    }
}

fn format_id(tag: &BytesStart<'_>) -> Option<u32> {
    attribute(tag, "numFmtId")?.trim().parse().ok()
}
