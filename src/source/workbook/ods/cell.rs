//! The content of a cell of an .ods (OpenDocument 1.3, part 3, 9.1.4 and 6.1).
//!
//! Owns the choice between the stored value and the shown text. Number formats are not read: the shown text has what
//! they add.

use quick_xml::events::{BytesStart, Event};

use crate::record::CellFault;
use crate::source::workbook::digits as stored_digits;
use crate::source::workbook::number_format::says_more;
use crate::source::workbook::value::CellContent;
use crate::source::workbook::xml::{attribute, attributes, push_text, text_attribute};

/// Repeated spaces that are kept. A file may claim any number.
const SPACES: usize = 100;

/// A cell while it is read.
pub(super) struct OdsCell {
    /// How often it is repeated to the right.
    pub(super) repeated: u32,
    kind: ValueType,
    /// The value as it is stored.
    stored: Option<String>,
    has_formula: bool,
    /// The text of its paragraphs.
    shown: String,
    depth: u32,
    /// The depth of an element whose text is not the cell's, such as a comment.
    aside: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum ValueType {
    #[default]
    Untyped,
    Text,
    /// With or without a currency.
    Number,
    Percentage,
    /// A date, a time or a Boolean.
    Other,
    Error,
}

impl ValueType {
    fn of(tag: &BytesStart<'_>) -> ValueType {
        // LibreOffice writes the type twice. Only its own attribute, `calcext:value-type`, knows errors.
        let types = attributes(tag).filter(|(name, _)| *name == "value-type");
        types.fold(ValueType::Untyped, |kind, (_, word)| match word {
            _ if kind == ValueType::Error => kind,
            "error" => ValueType::Error,
            "string" => ValueType::Text,
            "float" | "currency" => ValueType::Number,
            "percentage" => ValueType::Percentage,
            "date" | "time" | "boolean" => ValueType::Other,
            _ => kind,
        })
    }
}

impl OdsCell {
    pub(super) fn new(tag: &BytesStart<'_>, repeated: u32) -> OdsCell {
        let stored = [
            "value",
            "date-value",
            "time-value",
            "boolean-value",
            "string-value",
        ];
        OdsCell {
            repeated,
            kind: ValueType::of(tag),
            stored: stored
                .into_iter()
                .find_map(|name| text_attribute(tag, name)),
            has_formula: attribute(tag, "formula").is_some(),
            shown: String::new(),
            depth: 0,
            aside: None,
        }
    }

    pub(super) fn open(&mut self, tag: &BytesStart<'_>) {
        self.depth += 1;
        let name = tag.local_name();
        let is_text = matches!(
            name.as_ref(),
            "p" | "h" | "s" | "tab" | "line-break" | "span" | "a" | "ruby" | "ruby-base"
        );
        match name.as_ref() {
            _ if self.aside.is_some() => {}
            "p" | "h" if self.depth == 1 && !self.shown.is_empty() => self.shown.push('\n'),
            "s" => {
                let count = attribute(tag, "c").and_then(|count| count.parse().ok());
                let spaces = " ".repeat(count.unwrap_or(1).min(SPACES));
                self.shown.push_str(&spaces);
            }
            "tab" => self.shown.push('\t'),
            "line-break" => self.shown.push('\n'),
            _ if is_text || self.depth > 1 && is_field(name.as_ref()) => {}
            _ => self.aside = Some(self.depth),
        }
    }

    /// Whether the cell itself ends here.
    pub(super) fn close(&mut self, name: &str) -> bool {
        if self.depth == 0 {
            return matches!(name, "table-cell" | "covered-table-cell");
        }
        if self.aside == Some(self.depth) {
            self.aside = None;
        }
        self.depth -= 1;
        false
    }

    /// Takes text. White space between elements is ignored, and collapsed within a paragraph (OpenDocument 1.3, part 3,
    /// 6.1.2).
    pub(super) fn text(&mut self, event: &Event<'_>) {
        if self.depth == 0 || self.aside.is_some() {
            return;
        }
        let mut text = String::new();
        push_text(&mut text, event);
        for c in text.chars() {
            let is_space = matches!(c, ' ' | '\t' | '\r' | '\n');
            match is_space {
                false => self.shown.push(c),
                true if self.shown.ends_with([' ', '\n']) || self.shown.is_empty() => {}
                true => self.shown.push(' '),
            }
        }
    }

    pub(super) fn content(&self) -> CellContent<'static> {
        let shown = self.shown.trim();
        let stored = self.stored.as_deref().unwrap_or_default();
        let is_bare = shown.is_empty() && stored.is_empty() && self.kind != ValueType::Text;
        match self.kind {
            // A formula may give an empty text, but no other value is empty.
            _ if self.has_formula && is_bare => CellContent::fault(CellFault::NotCalculated, ""),
            ValueType::Error if shown.is_empty() => {
                CellContent::fault(CellFault::ErrorValue, "#ERR")
            }
            ValueType::Error => CellContent::fault(CellFault::ErrorValue, shown.to_owned()),
            ValueType::Number | ValueType::Percentage => match stored.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => of_number(number, shown, self.kind),
                Ok(_) | Err(_) => CellContent::text(shown.to_owned()),
            },
            // Stored dates are ISO 8601, shown ones in the order of some country.
            ValueType::Other if !stored.is_empty() => CellContent::text(stored.to_owned()),
            ValueType::Text | ValueType::Untyped | ValueType::Other => {
                let text = if shown.is_empty() { stored } else { shown };
                CellContent::text(text.to_owned())
            }
        }
    }
}

/// Whether an element within a paragraph is shown as text, such as a field with a sheet's name. Notes and shapes are
/// not.
fn is_field(name: &str) -> bool {
    !matches!(
        name,
        "note" | "annotation" | "ruby-text" | "frame" | "custom-shape" | "p" | "h"
    )
}

/// A number: the shown text where it has more digits or a plus (`0612345678`, `+6591234567`), else the stored digits. An
/// exponent or rounded decimals show fewer digits than are stored.
fn of_number(number: f64, shown: &str, kind: ValueType) -> CellContent<'static> {
    let stored = stored_digits::number(number);
    let unknown = || CellContent::fault(CellFault::UnknownFormat, stored.clone());
    // 15 % is stored as 0.15: which of the two is meant is unknown.
    if kind == ValueType::Percentage && number != 0.0 {
        return unknown();
    }
    let is_whole = stored.bytes().all(|byte| byte.is_ascii_digit());
    // Arabic or Devanagari digits are the same number, which the stored digits show for all.
    let in_other_digits = digits(shown).is_empty() && shown.chars().any(char::is_numeric);
    if shown.is_empty() || !is_whole || in_other_digits || is_scientific(shown) {
        return CellContent::text(stored);
    }
    let shown = without_decimals(shown, &stored);
    let digits = digits(shown);
    match shown.contains(|c| says_more(c) && !c.is_ascii_digit()) {
        false if digits == stored => CellContent::text(stored),
        _ if digits.contains(&stored) || number == 0.0 => CellContent::text(shown.to_owned()),
        _ => unknown(),
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// `9,2E+11`
fn is_scientific(shown: &str) -> bool {
    let mut around = shown.split(['E', 'e']);
    let ends = |text: &str| text.ends_with(|c: char| c.is_ascii_digit());
    let begins = |text: &str| text.starts_with(['+', '-']);
    around.next().is_some_and(ends) && around.next().is_some_and(begins)
}

/// Drops the decimals of a whole number: zeros behind the last separator.
fn without_decimals<'s>(shown: &'s str, stored: &str) -> &'s str {
    match shown.rsplit_once(['.', ',']) {
        Some((whole, decimals))
            if digits(whole).ends_with(stored)
                && digits(decimals).bytes().all(|digit| digit == b'0') =>
        {
            whole
        }
        _ => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(number: f64, shown: &str, kind: ValueType) -> String {
        match of_number(number, shown, kind) {
            CellContent::Text(text) => text.into_owned(),
            CellContent::Fault(fault, text) => format!("{fault:?} {text}"),
        }
    }

    #[test]
    fn the_shown_text_counts_where_its_digits_say_more_than_the_stored_ones() {
        for (number, text, expected) in [
            (6_591_234_567.0, "+6591234567", "+6591234567"),
            (9_876_543_210.0, "+91 98765 43210", "+91 98765 43210"),
            (612_345_678.0, "0612345678", "0612345678"),
            (6_591_234_567.0, "+6.591.234.567,00", "+6.591.234.567"),
            (0.0, "-", "-"),
            (12.0, "no. 12 of 30", "no. 12 of 30"),
        ] {
            assert_eq!(shown(number, text, ValueType::Number), expected, "{text}");
        }
    }

    #[test]
    fn the_stored_digits_count_where_they_are_only_dressed_or_rounded() {
        for (number, text, expected) in [
            (9_876_543_210.0, "98765 43210", "9876543210"),
            (9_876_543_210.0, "9,876,543,210.00", "9876543210"),
            (9_876_543_210.0, "9.876.543.210,0 €", "9876543210"),
            (919_876_543_210.0, "9.2E+11", "919876543210"),
            (919_876_543_210.0, "9,2E+011", "919876543210"),
            (919_876_543_210.0, "", "919876543210"),
            (919_876_543_210.0, "٩١٩٨٧٦٥٤٣٢١٠", "919876543210"),
            (1_000.0, "1.000", "1000"),
            (12.5, "13", "12.5"),
            (-5.0, "5", "-5"),
        ] {
            assert_eq!(shown(number, text, ValueType::Number), expected, "{text}");
        }
    }

    #[test]
    fn what_shows_another_number_is_not_understood() {
        for text in ["9876543", "secret", "###", "9876.5"] {
            let expected = "UnknownFormat 9876543210";
            assert_eq!(
                shown(9_876_543_210.0, text, ValueType::Number),
                expected,
                "{text}"
            );
        }
        assert_eq!(
            shown(0.15, "15 %", ValueType::Percentage),
            "UnknownFormat 0.15"
        );
    }
}
