//! One property of a card, put together from its lines and brought into a form that calcard reads rightly.
//!
//! Owns folding, soft line breaks, what is kept, and bytes in the charset that a property names for itself.

use super::super::clip::{Clip, Text};
use super::card;
use super::lines::{LINE_LIMIT, content};
use crate::record::Flaw;

/// What becomes of the blank that begins a folded line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    /// It was added by the folding (vCard 3.0, 4.0).
    TakesBlank,
    /// It stood there before (vCard 2.1, section 2.1.3).
    KeepsBlank,
}

/// Which properties are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    /// Those that some column is made of.
    Known,
    /// None: this is another's card.
    Nothing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Plain,
    QuotedPrintable,
}

/// A property while its lines are read.
pub(super) struct Property {
    /// In upper case, without its group.
    name: String,
    coding: Coding,
    /// The line before ended with `=`: the next one goes on.
    soft_break: bool,
    /// Its first line was `NAME:`, and no more.
    is_empty: bool,
    is_cut: bool,
    /// Name, parameters and value; `None` where it is not kept.
    body: Option<Clip>,
}

/// A property whose lines were all read.
pub(super) struct Closed {
    pub(super) line: String,
    pub(super) flaw: Option<Flaw>,
}

impl Property {
    /// Begins with a property's first line.
    pub(super) fn begin(line: &Clip, keep: Keep) -> Property {
        let bytes = content(line);
        let (head, value) = parted(bytes);
        let name = name(head);
        let is_kept = keep == Keep::Known && card::is_known(&name);
        let mut property = Property {
            name,
            coding: coding(head),
            soft_break: false,
            is_empty: value.trim_ascii().is_empty(),
            is_cut: false,
            body: is_kept.then(|| Clip::new(LINE_LIMIT)),
        };
        property.push(line);
        property
    }

    /// Whether a whole card follows as its value (vCard 2.1, section 2.4.2).
    pub(super) fn announces_card(&self) -> bool {
        self.name == "AGENT" && self.is_empty
    }

    pub(super) fn says_version_2(&self) -> bool {
        let body = self.body.as_ref().map(Clip::bytes).unwrap_or_default();
        self.name == "VERSION" && parted(body).1.trim_ascii() == b"2.1"
    }

    /// Whether the next line goes on where the last one was broken.
    pub(super) fn is_broken_softly(&self) -> bool {
        self.soft_break
    }

    pub(super) fn end_soft_break(&mut self) {
        self.soft_break = false;
    }

    pub(super) fn push(&mut self, line: &Clip) {
        self.is_cut |= line.is_cut();
        self.push_bytes(content(line));
    }

    /// A line that was folded.
    pub(super) fn unfold(&mut self, line: &Clip, fold: Fold) {
        self.is_cut |= line.is_cut();
        let bytes = line.bytes();
        match (fold, self.coding) {
            (Fold::KeepsBlank, Coding::Plain) => self.push_bytes(bytes),
            _ => self.push_bytes(bytes.get(1..).unwrap_or_default()),
        }
    }

    /// A line that was broken as no version allows.
    pub(super) fn push_rest(&mut self, line: &Clip) {
        if self.coding == Coding::Plain {
            self.push_bytes(b" ");
        }
        self.push(line);
    }

    fn push_bytes(&mut self, bytes: &[u8]) {
        let unbroken = match self.coding {
            Coding::QuotedPrintable => bytes.trim_ascii_end().strip_suffix(b"="),
            Coding::Plain => None,
        };
        self.soft_break = unbroken.is_some();
        if let Some(body) = &mut self.body {
            body.push(unbroken.unwrap_or(bytes));
        }
    }

    /// The whole property on one line; `None` where it is not kept.
    pub(super) fn close(self) -> Option<Closed> {
        let body = self.body?;
        let column = || Some(card::column_of(&self.name).to_owned());
        let (line, flaw) = match body.text() {
            Text::Whole(line) if !self.is_cut => (line, None),
            Text::Whole(line) | Text::Beginning(line) => {
                (line, Some(Flaw::CellTooLarge { column: column() }))
            }
            Text::Garbled(_) if names_charset(parted(body.bytes()).0) => {
                (quoted(body.bytes(), self.coding), None)
            }
            Text::Garbled(line) => (line, Some(Flaw::BadEncoding { column: column() })),
        };
        Some(Closed { line, flaw })
    }
}

/// Name and parameters, and the value behind the colon. A colon in a quoted parameter parts nothing.
pub(super) fn parted(line: &[u8]) -> (&[u8], &[u8]) {
    let mut quoted = false;
    let colon = line.iter().position(|byte| {
        quoted ^= *byte == b'"';
        !quoted && *byte == b':'
    });
    // A quote that is never closed hides the colon.
    let colon = colon.or_else(|| line.iter().position(|byte| *byte == b':'));
    match colon.and_then(|at| line.split_at_checked(at)) {
        Some((head, value)) => (head, value.get(1..).unwrap_or_default()),
        None => (line, b""),
    }
}

fn name(head: &[u8]) -> String {
    let before_parameters = head.split(|byte| *byte == b';').next().unwrap_or_default();
    let after_group = before_parameters.rsplit(|byte| *byte == b'.').next();
    let name = after_group.unwrap_or_default().trim_ascii();
    String::from_utf8_lossy(name).to_ascii_uppercase()
}

fn coding(head: &[u8]) -> Coding {
    if has_word(head, b"QUOTED-PRINTABLE") {
        Coding::QuotedPrintable
    } else {
        Coding::Plain
    }
}

pub(super) fn names_charset(head: &[u8]) -> bool {
    has_word(head, b"CHARSET=")
}

pub(super) fn is_quoted_printable(head: &[u8]) -> bool {
    coding(head) == Coding::QuotedPrintable
}

fn has_word(head: &[u8], word: &[u8]) -> bool {
    head.windows(word.len())
        .any(|window| window.eq_ignore_ascii_case(word))
}

/// The same property in quoted-printable, in which calcard decodes every charset; it takes plain text for UTF-8.
fn quoted(line: &[u8], coding: Coding) -> String {
    let (head, value) = parted(line);
    let mut text = String::from_utf8_lossy(head).into_owned();
    if coding == Coding::Plain {
        text.push_str(";ENCODING=QUOTED-PRINTABLE");
    }
    text.push(':');
    for byte in value {
        match byte {
            b'=' if coding == Coding::Plain => text.push_str("=3D"),
            byte if byte.is_ascii() => text.push(char::from(*byte)),
            byte => text.push_str(&format!("={byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clip(text: &str) -> Clip {
        let mut clip = Clip::new(LINE_LIMIT);
        clip.push(text.as_bytes());
        clip
    }

    #[test]
    fn name_and_value_are_parted_at_the_first_colon_outside_quotes() {
        let cases = [
            ("TEL:1:2", "TEL", "1:2"),
            ("item1.tel;x=\"a:b\":1", "TEL", "1"),
            ("TEL;x=\"a:1", "TEL", "1"),
            ("A.B.Fn ;CHARSET=UTF-8:x", "FN", "x"),
            ("TEL", "TEL", ""),
        ];
        for (line, expected, value) in cases {
            let (head, found) = parted(line.as_bytes());
            assert_eq!(
                (name(head).as_str(), found),
                (expected, value.as_bytes()),
                "{line}"
            );
        }
    }

    #[test]
    fn the_blank_of_a_folded_line_belongs_to_the_text_only_in_version_2() {
        for (fold, expected) in [
            (Fold::TakesBlank, "FN:AshaRao"),
            (Fold::KeepsBlank, "FN:Asha Rao"),
        ] {
            let mut property = Property::begin(&clip("FN:Asha"), Keep::Known);
            property.unfold(&clip(" Rao"), fold);
            assert_eq!(property.close().unwrap().line, expected);
        }
    }

    #[test]
    fn a_soft_break_joins_two_lines_only_in_quoted_printable() {
        for (head, goes_on) in [("FN;ENCODING=quoted-printable", true), ("FN", false)] {
            let property = Property::begin(&clip(&format!("{head}:x=")), Keep::Known);
            assert_eq!(property.is_broken_softly(), goes_on, "{head}");
        }
    }

    #[test]
    fn what_no_column_is_made_of_is_not_kept() {
        for (line, keep) in [("PHOTO:x", Keep::Known), ("TEL:1", Keep::Nothing)] {
            let property = Property::begin(&clip(line), keep);
            assert!(
                property.body.is_none() && property.close().is_none(),
                "{line}"
            );
        }
    }
}
