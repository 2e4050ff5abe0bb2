//! vCards (2.1, 3.0, 4.0): every card of a file is a row of one table.
//!
//! Owns the text between cards, the numbers of their records, and the guess at their encoding. `lines` cuts the input
//! into lines, `nesting` separates cards from one another, `builder` keeps what is used of one, `unfolder` and
//! `property` join its lines, `charset` decodes their bytes; `card`, which alone uses calcard, turns a card into
//! cells.

use std::collections::VecDeque;
use std::io::Cursor;
use std::sync::Arc;

use super::SourceError;
use super::bounded_text::BoundedText;
use super::encoding::Encoding;
use super::feed::Feed;
use crate::record::{CellValue, Defect, Header, InputId, Layout, Place, RecordFacts, Records};
use card_row::{CARD_LIMIT, CardRow, NO_BEGIN};
use lines::{CardLines, LineKind, content, kind, without_blanks};
use nesting::CardNest;
use property::Property;
use unfolder::Unfolder;

mod builder;
mod card;
mod card_row;
mod charset;
mod head;
mod lines;
mod nesting;
mod phones;
mod property;
mod unfolder;

pub(super) use card::{is_list, is_table_of_cards, list};
pub(super) use charset::Charsets;
pub(super) use lines::begins_card;

/// A card whose text is in a rejects file, read again: the user may have corrected it, or named its encoding.
pub(super) struct RejectedCard {
    cells: Vec<CellValue>,
    pub(super) defect: Option<Defect>,
}

impl RejectedCard {
    /// Reads the text; `None` unless it is exactly one card.
    pub(super) fn read(text: &str, named: Option<Encoding>) -> Option<RejectedCard> {
        if !begins_card(text.as_bytes()) {
            return None;
        }
        let charsets = Charsets {
            named,
            guessed: None,
        };
        let mut cards = Cards::in_text(text.as_bytes().to_vec(), charsets);
        let card = cards.next_row().ok()??;
        let is_only = cards.next_row().ok()?.is_none();
        is_only.then_some(RejectedCard {
            cells: card.cells,
            defect: card.defect,
        })
    }

    /// The cell of a column by its name.
    pub(super) fn cell(&self, name: &str) -> CellValue {
        let at = card::COLUMNS.iter().position(|column| *column == name);
        let cell = at.and_then(|at| self.cells.get(at));
        cell.cloned().unwrap_or(CellValue::Absent)
    }
}

/// An input of cards.
pub(super) struct Cards {
    input: InputId,
    pub(super) header: Arc<Header>,
    lines: CardLines,
    charsets: Charsets,
    open: CardState,
    /// Rows that are complete but not returned yet: a card and the agents in it end with the same line.
    ready: VecDeque<CardRow>,
    /// Records so far.
    number: u64,
}

/// What the next line belongs to.
enum CardState {
    /// Not to a card. Holds the text since the last card, for the message about it.
    Outside(BoundedText),
    Card(Box<CardNest>),
}

impl Cards {
    pub(super) fn open(feed: Feed, input: InputId, charsets: Charsets) -> Cards {
        let header = Header {
            layout: Layout::Table,
            names: card::COLUMNS.map(str::to_owned).to_vec(),
        };
        Cards {
            input,
            header: Arc::new(header),
            lines: CardLines::new(feed),
            charsets,
            open: CardState::nothing(),
            ready: VecDeque::new(),
            number: 0,
        }
    }

    /// The cards in a text, such as the value of an agent.
    fn in_text(text: Vec<u8>, charsets: Charsets) -> Cards {
        let feed = Feed::new(Box::new(Cursor::new(text)));
        // Only rows are taken from it: their records get the input and the numbers of the cards around them.
        Cards::open(feed, InputId(0), charsets)
    }

    pub(super) fn read(&mut self, records: &mut Records) -> Result<bool, SourceError> {
        match self.next_row()? {
            // Every card gives a row, a damaged one too: without a record there was no card.
            None if self.number == 0 => Err(SourceError::NoCard),
            row => Ok(row.map(|row| self.finish_row(&row, records)).is_some()),
        }
    }

    /// Whether the next card is in memory.
    pub(super) fn holds_card(&self) -> bool {
        const END: &[u8] = b"END:VCARD";
        let is_end = |window: &[u8]| window.eq_ignore_ascii_case(END);
        let is_whole = |bytes: &[u8]| bytes.windows(END.len()).any(is_end);
        !self.ready.is_empty() || self.lines.feed.holds(is_whole)
    }

    fn next_row(&mut self) -> Result<Option<CardRow>, SourceError> {
        while self.ready.is_empty() {
            let Some(line) = self.lines.next()? else {
                self.finish();
                break;
            };
            let open = std::mem::replace(&mut self.open, CardState::nothing());
            self.open = open.take(line, self.charsets, &mut self.ready);
        }
        Ok(self.ready.pop_front().map(|row| self.with_agents(row)))
    }

    /// Queues the cards that are values of this one, to follow it.
    fn with_agents(&mut self, mut row: CardRow) -> CardRow {
        // Pushed to the front from the last to the first, so that they follow in the order in which the card names
        // them.
        for text in std::mem::take(&mut row.agents).into_iter().rev() {
            let mut cards = Cards::in_text(text, self.charsets);
            // Reading from memory does not fail.
            let rows: Vec<CardRow> =
                std::iter::from_fn(|| cards.next_row().ok().flatten()).collect();
            for row in rows.into_iter().rev() {
                self.ready.push_front(row);
            }
        }
        row
    }

    fn finish(&mut self) {
        match std::mem::replace(&mut self.open, CardState::nothing()) {
            CardState::Card(nest) => nest.finish(&mut self.ready),
            // `next` reports a file without any card as a whole: a row of its text would be a second message.
            CardState::Outside(_) if self.number == 0 => {}
            CardState::Outside(stray) => self.ready.extend(CardRow::stray(&stray)),
        }
    }

    fn finish_row(&mut self, row: &CardRow, records: &mut Records) {
        self.number += 1;
        let place = Place {
            input: self.input,
            row: self.number,
        };
        let facts = RecordFacts {
            defect: row.defect.clone(),
            ..RecordFacts::new(place, self.lines.feed.consumed())
        };
        row.cells.iter().for_each(|cell| records.push_value(cell));
        records.finish(&self.header, facts);
    }
}

impl CardState {
    fn nothing() -> CardState {
        CardState::Outside(BoundedText::new(CARD_LIMIT))
    }

    /// The state after a line. Rows that the line completes are appended to those that are ready.
    fn take(
        self,
        line: &BoundedText,
        charsets: Charsets,
        ready: &mut VecDeque<CardRow>,
    ) -> CardState {
        match self {
            CardState::Card(mut nest) => match nest.take(line, ready) {
                true if nest.is_over() => CardState::nothing(),
                true => CardState::Card(nest),
                false => CardState::nothing().take(line, charsets, ready),
            },
            CardState::Outside(stray) => outside(stray, line, charsets, ready),
        }
    }
}

fn outside(
    mut stray: BoundedText,
    line: &BoundedText,
    charsets: Charsets,
    ready: &mut VecDeque<CardRow>,
) -> CardState {
    let bytes = without_blanks(line.bytes());
    let kind = kind(bytes);
    match kind {
        LineKind::Blank => return CardState::Outside(stray),
        LineKind::Begin => {
            ready.extend(CardRow::stray(&stray));
            return CardState::Card(Box::new(CardNest::new(charsets)));
        }
        LineKind::End | LineKind::Folded | LineKind::Property | LineKind::Rest => {}
    }
    // Kept as UTF-8 whatever its encoding: the text goes to the rejects file.
    stray.push(property::as_utf8(bytes).as_bytes());
    stray.push(b"\n");
    match kind {
        LineKind::End => {
            ready.push_back(CardRow::broken(&stray, NO_BEGIN));
            CardState::nothing()
        }
        _ => CardState::Outside(stray),
    }
}

/// The likeliest encoding of the values that name no charset, by the beginning of an input; `None` for UTF-8.
///
/// All of them are judged together: a single name has too few bytes that are not ASCII to distinguish one code page from
/// another.
pub(super) fn guess(start: &[u8]) -> Option<Encoding> {
    let feed = Feed::new(Box::new(Cursor::new(start.to_vec())));
    let (mut lines, mut properties) = (CardLines::new(feed), Unfolder::default());
    let mut texts = Vec::new();
    while let Ok(Some(line)) = lines.next() {
        let ended = match kind(content(line)) {
            LineKind::Begin | LineKind::End => std::mem::take(&mut properties).finish(),
            kind => properties.take(kind, line),
        };
        if let Some(bytes) = ended.as_ref().and_then(Property::unlabelled) {
            texts.extend_from_slice(&bytes);
            texts.push(b'\n');
        }
    }
    Encoding::guess(&texts)
}

#[cfg(test)]
mod tests;
