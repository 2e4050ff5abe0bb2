//! The lines of a card, put together into properties.

use super::super::bounded_text::BoundedText;
use super::lines::Kind;
use super::property::{Fold, Property};

/// The property that the next line may belong to.
pub(super) struct Assembly {
    property: Option<Property>,
    fold: Fold,
}

impl Assembly {
    pub(super) fn new() -> Assembly {
        Assembly {
            property: None,
            fold: Fold::TakesBlank,
        }
    }

    /// Whether the last line announced a card; then it is done with.
    pub(super) fn announces_card(&mut self) -> bool {
        let announcing = self.property.take_if(|property| property.announces_card());
        announcing.is_some()
    }

    /// The property that a line ends, if any. A line without a colon belongs to the property before it: old programs
    /// write pictures so.
    pub(super) fn take(&mut self, kind: Kind, line: &BoundedText) -> Option<Property> {
        match (kind, &mut self.property) {
            (Kind::Blank, Some(property)) => property.end_soft_break(),
            (Kind::Blank, None) => {}
            (_, Some(property)) if property.is_broken_softly() => property.push_soft(line),
            (Kind::Folded, Some(property)) => property.unfold(line, self.fold),
            (Kind::Rest, Some(property)) => property.push_rest(line),
            _ => return self.begin(line),
        }
        None
    }

    fn begin(&mut self, line: &BoundedText) -> Option<Property> {
        let property = Property::begin(line);
        if property.says_version_2() {
            self.fold = Fold::KeepsBlank;
        }
        self.property.replace(property)
    }

    pub(super) fn finish(&mut self) -> Option<Property> {
        self.property.take()
    }
}
