//! The row of a card: its cells, or its text and the reason why it could not be read.

use super::super::bounded_text::{BoundedText, ReadText};
use super::card;
use crate::record::{CellValue, Defect};

/// Bytes of a card, not counting properties that are dropped (pictures, sounds, keys). Bounds memory; the message says
/// 4 MB.
pub(super) const CARD_LIMIT: usize = 4_000_000;

pub(super) const NO_BEGIN: &str = "an END:VCARD is without its BEGIN:VCARD";
pub(super) const NO_END: &str = "its END:VCARD is missing: is the file whole?";
pub(super) const AROUND: &str =
    "a card is within another, and their lines cannot be told apart: is the file whole?";
pub(super) const ANOTHER: &str =
    "it holds another card: the END:VCARD and BEGIN:VCARD between them are missing";
pub(super) const OUTSIDE: &str = "this text is outside of any card";
pub(super) const TOO_LARGE: &str = "it is over 4 MB, pictures not counted";
pub(super) const TOO_MANY: &str = "it has more than 16,384 lines";
pub(super) const UNREADABLE: &str = "it cannot be read";

/// A card, or text that should have been one, as cells.
pub(super) struct CardRow {
    pub(super) cells: Vec<CellValue>,
    pub(super) defect: Option<Defect>,
    /// The texts of the cards that are values of this one (`AGENT`): they become records of their own, behind it.
    pub(super) agents: Vec<Vec<u8>>,
}

impl CardRow {
    /// A damaged card. Its text goes to the last column only, so that no part of it is taken for a contact.
    pub(super) fn broken(text: &BoundedText, words: &str) -> CardRow {
        let (ReadText::Whole(text) | ReadText::Garbled(text) | ReadText::Beginning(text)) =
            text.text();
        CardRow {
            cells: card::cells_of_broken(text.into_owned()),
            defect: Some(Defect::BadCard {
                words: words.to_owned(),
            }),
            agents: Vec::new(),
        }
    }

    pub(super) fn stray(text: &BoundedText) -> Option<CardRow> {
        (!text.is_blank()).then(|| CardRow::broken(text, OUTSIDE))
    }
}
