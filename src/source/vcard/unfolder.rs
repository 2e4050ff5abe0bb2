//! The lines of a card, put together into properties.

use super::super::bounded_text::BoundedText;
use super::lines::LineKind;
use super::property::{Folding, Property};

/// The property that the next line may belong to.
pub(super) struct Unfolder {
    property: Option<Property>,
    fold: Folding,
}

impl Unfolder {
    pub(super) fn new() -> Unfolder {
        Unfolder {
            property: None,
            fold: Folding::RemovesBlank,
        }
    }

    /// Whether the last line announced a card; then it is done with.
    pub(super) fn announces_card(&mut self) -> bool {
        let announcing = self.property.take_if(|property| property.announces_card());
        announcing.is_some()
    }

    /// The property that a line ends, if any. A line without a colon belongs to the property before it: old programs
    /// write pictures so.
    pub(super) fn take(&mut self, kind: LineKind, line: &BoundedText) -> Option<Property> {
        match (kind, &mut self.property) {
            (LineKind::Blank, Some(property)) => property.end_soft_break(),
            (LineKind::Blank, None) => {}
            (_, Some(property)) if property.is_broken_softly() => property.push_soft(line),
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
