//! The styles of an .xlsx (ECMA-376 part 1, 18.8).

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};

use crate::source::workbook::error::WorkbookError;
use crate::source::workbook::package::Package;
use crate::source::workbook::styles::Styles;
use crate::source::workbook::xml::{attribute, text_attribute};

pub(super) fn read(package: &mut Package, part: &str) -> Result<Styles, WorkbookError> {
    package.check(part)?;
    let mut xml = package.xml(part)?;
    let mut draft = Draft::default();
    loop {
        match xml.next()? {
            Event::Start(tag) => draft.open(&tag),
            Event::End(tag) => draft.close(tag.local_name().as_ref()),
            Event::Eof => return Ok(Styles::new(&draft.codes, &draft.ids)),
            _ => {}
        }
    }
}

/// Styles while they are read.
#[derive(Default)]
struct Draft {
    codes: HashMap<u32, String>,
    ids: Vec<u32>,
    within: Within,
}

/// The list that is being read; the styles of conditions have formats, too.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Within {
    Formats,
    Cells,
    #[default]
    Other,
}

impl Draft {
    fn open(&mut self, tag: &BytesStart<'_>) {
        match (tag.local_name().as_ref(), self.within) {
            ("numFmts", _) => self.within = Within::Formats,
            ("cellXfs", _) => self.within = Within::Cells,
            ("numFmt", Within::Formats) => {
                let code = text_attribute(tag, "formatCode");
                self.codes.extend(format_id(tag).zip(code));
            }
            ("xf", Within::Cells) => self.ids.push(format_id(tag).unwrap_or_default()),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if matches!(name, "numFmts" | "cellXfs") {
            self.within = Within::Other;
        }
    }
}

fn format_id(tag: &BytesStart<'_>) -> Option<u32> {
    attribute(tag, "numFmtId")?.trim().parse().ok()
}
