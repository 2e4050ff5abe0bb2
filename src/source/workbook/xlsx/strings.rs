//! The shared strings of an .xlsx (ECMA-376 part 1, 18.4).

use quick_xml::events::Event;

use crate::source::workbook::error::WorkbookError;
use crate::source::workbook::package::Package;
use crate::source::workbook::xml::push_text;

/// The texts by index, in one allocation: a million small ones would take several times the memory.
#[derive(Default)]
pub(super) struct SharedStringTable {
    all: String,
    ends: Vec<usize>,
}

impl SharedStringTable {
    pub(super) fn read(
        package: &mut Package,
        part: &str,
    ) -> Result<SharedStringTable, WorkbookError> {
        package.check(part)?;
        let mut xml = package.xml(part)?;
        let mut strings = SharedStringTable::default();
        let mut text = RichText::default();
        loop {
            match xml.next()? {
                Event::Start(tag) => text.open(tag.local_name().as_ref()),
                Event::End(tag) if tag.local_name().as_ref() == "si" => strings.push(&mut text),
                Event::End(tag) => text.close(tag.local_name().as_ref()),
                Event::Eof => return Ok(strings),
                event => text.take(&event),
            }
        }
    }

    fn push(&mut self, text: &mut RichText) {
        self.all.push_str(&text.text);
        self.ends.push(self.all.len());
        text.clear();
    }

    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.all.get(start..*self.ends.get(index)?)
    }
}

/// A text in one piece or in runs of different fonts. Its pronunciation (`rPh`) is left out: it repeats the text.
#[derive(Default)]
pub(super) struct RichText {
    pub(super) text: String,
    /// Where the current run begins in the text.
    run: Option<usize>,
    phonetic: bool,
}

impl RichText {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.run = None;
        self.phonetic = false;
    }

    pub(super) fn open(&mut self, name: &str) {
        match name {
            "t" if !self.phonetic => self.run = Some(self.text.len()),
            "rPh" => self.phonetic = true,
            _ => {}
        }
    }

    pub(super) fn close(&mut self, name: &str) {
        match name {
            "t" => {
                if let Some(start) = self.run.take() {
                    unescape(&mut self.text, start);
                }
            }
            "rPh" => self.phonetic = false,
            _ => {}
        }
    }

    pub(super) fn take(&mut self, event: &Event<'_>) {
        if self.run.is_some() {
            push_text(&mut self.text, event);
        }
    }
}

/// Resolves escapes such as `_x000D_` for characters that XML does not allow (ECMA-376 part 1, 22.9.2.19, ST_Xstring).
pub(super) fn unescape(text: &mut String, start: usize) {
    let is_escaped = text.get(start..).is_some_and(|tail| tail.contains("_x"));
    if !is_escaped {
        return;
    }
    let tail = text.split_off(start);
    let mut rest = tail.as_str();
    while let Some((before, behind)) = rest.split_once("_x") {
        text.push_str(before);
        let unit = behind
            .get(..4)
            .and_then(|hex| u32::from_str_radix(hex, 16).ok());
        let sign = unit
            .and_then(char::from_u32)
            .filter(|_| behind.get(4..5) == Some("_"));
        match sign {
            Some(sign) => {
                text.push(sign);
                rest = behind.get(5..).unwrap_or_default();
            }
            None => {
                text.push_str("_x");
                rest = behind;
            }
        }
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_hold_is_resolved() {
        for (written, expected) in [
            ("a_x000D_b", "a\rb"),
            ("_x0041__x0042_", "AB"),
            ("_x005F_x0041_", "_x0041_"),
            ("a_x12_b", "a_x12_b"),
            ("_xD800_", "_xD800_"),
            ("_xzzzz_ é_x", "_xzzzz_ é_x"),
        ] {
            let mut text = format!("_x0041_{written}");
            unescape(&mut text, 7);
            assert_eq!(text, format!("_x0041_{expected}"));
        }
    }
}
