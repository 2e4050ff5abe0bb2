//! Joins the lines of a card to properties.

use super::super::bounded_text::BoundedText;
use super::lines::LineKind;
use super::property::{Folding, Property};

/// Holds a property until the next line shows whether it continues.
#[derive(Default)]
pub(super) struct Unfolder {
    property: Option<Property>,
    fold: Folding,
}

impl Unfolder {
    /// Whether the last line announces a card, which is its value. Drops that line.
    pub(super) fn announces_card(&mut self) -> bool {
        let announcing = self.property.take_if(|property| property.announces_card());
        announcing.is_some()
    }

    /// Takes a line; returns the property that it completes, if any. A line without a colon continues the property
    /// before it: old programs break pictures in Base64 without indenting them.
    pub(super) fn take(&mut self, kind: LineKind, line: &BoundedText) -> Option<Property> {
        match (kind, &mut self.property) {
            // A blank line cannot continue quoted-printable text.
            (LineKind::Blank, Some(property)) => property.soft_break = false,
            (LineKind::Blank, None) => {}
            (_, Some(property)) if property.soft_break => property.push_soft(line),
            (LineKind::Folded, Some(property)) => property.unfold(line, self.fold),
            (LineKind::Rest, Some(property)) => property.push_rest(line),
            _ => return self.begin(line),
        }
        None
    }

    fn begin(&mut self, line: &BoundedText) -> Option<Property> {
        let property = Property::begin(line);
        if property.says_version_2() {
            self.fold = Folding::KeepsBlank;
        }
        self.property.replace(property)
    }

    pub(super) fn finish(&mut self) -> Option<Property> {
        self.property.take()
    }
}
