//! vCards (2.1, 3.0, 4.0): every card of a file is a row of one table.
//!
//! Owns where a card begins and ends, so that a broken one costs only itself, and the limits on cards. `lines` cuts the
//! input into lines, `property` puts those together; what a card says is read in `card`, which alone knows calcard.

use std::sync::Arc;

use super::SourceError;
use super::clip::{Clip, Text};
use super::feed::Feed;
use crate::record::{Cell, Flaw, Header, InputId, Layout, Place, Record};
use lines::{Kind, Lines, content, kind};
use property::{Fold, Keep, Property};

mod card;
mod lines;
mod property;

pub(super) use card::{is_list, is_table_of_cards, list};

/// Bytes of a card, without what is not kept of it (pictures, sounds, keys).
const CARD_LIMIT: usize = 4_000_000;
/// Properties that are kept of a card: as many as Excel has columns.
const PROPERTY_LIMIT: usize = 16_384;

const NO_BEGIN: &str = "an END:VCARD stands without its BEGIN:VCARD";
const NO_END: &str = "its END:VCARD is missing: is the file whole?";
const OUTSIDE: &str = "this text stands outside of any card";
const TOO_LARGE: &str = "it is over 4 MB, pictures not counted";
const TOO_MANY: &str = "it has more than 16,384 lines";
const UNREADABLE: &str = "it cannot be read";

/// An input of cards.
pub(super) struct Cards {
    input: InputId,
    header: Arc<Header>,
    lines: Lines,
    open: Open,
    /// Records so far.
    number: u64,
}

/// The cells of the one whole card that a text is, in the order of other columns; `None` where it is none, or more.
///
/// A rejects file keeps the text of a card that was not whole: mended there, it is one.
pub(super) fn mended(text: &str, names: &[String]) -> Option<Vec<Cell>> {
    if !text
        .trim_start()
        .to_ascii_uppercase()
        .starts_with("BEGIN:VCARD")
    {
        return None;
    }
    let bytes = std::io::Cursor::new(text.to_owned());
    let mut cards = Cards::open(Feed::new(Box::new(bytes)), InputId(0));
    let card = cards.next().ok()??;
    let is_only = cards.next().ok()?.is_none();
    let cell = |name: &String| {
        let at = card::COLUMNS.iter().position(|column| column == name);
        let cell = at.and_then(|at| card.cells.get(at));
        cell.cloned().unwrap_or(Cell::Absent)
    };
    (is_only && card.flaw.is_none()).then(|| names.iter().map(cell).collect())
}

/// What the next line belongs to.
enum Open {
    /// No card; these lines stood outside of any so far.
    Outside(Clip),
    Card(Box<Draft>),
}

impl Cards {
    pub(super) fn open(feed: Feed, input: InputId) -> Cards {
        let header = Header {
            layout: Layout::Table,
            names: card::COLUMNS.map(str::to_owned).to_vec(),
        };
        Cards {
            input,
            header: Arc::new(header),
            lines: Lines::new(feed),
            open: Open::nothing(),
            number: 0,
        }
    }

    pub(super) fn header(&self) -> &Arc<Header> {
        &self.header
    }

    pub(super) fn next(&mut self) -> Result<Option<Record>, SourceError> {
        while let Some(line) = self.lines.next()? {
            let open = std::mem::replace(&mut self.open, Open::nothing());
            let (open, row) = open.take(line);
            self.open = open;
            if let Some(row) = row {
                return Ok(Some(self.record(row)));
            }
        }
        match std::mem::replace(&mut self.open, Open::nothing()) {
            Open::Card(draft) => Ok(Some(self.record(draft.broken(NO_END)))),
            // Every card gives a record, so there was none.
            Open::Outside(_) if self.number == 0 => Err(SourceError::NoCard),
            Open::Outside(stray) => Ok(Row::stray(&stray).map(|row| self.record(row))),
        }
    }

    fn record(&mut self, row: Row) -> Record {
        self.number += 1;
        Record {
            place: Place {
                input: self.input,
                row: self.number,
            },
            header: Arc::clone(&self.header),
            cells: row.cells,
            raw: None,
            hidden: false,
            flaw: row.flaw,
            remark: None,
            bytes: self.lines.consumed(),
        }
    }
}

impl Open {
    fn nothing() -> Open {
        Open::Outside(Clip::new(CARD_LIMIT))
    }

    /// What is open after a line, and the row that the line ends, if any.
    fn take(self, line: &Clip) -> (Open, Option<Row>) {
        match self {
            Open::Card(draft) => draft.take(line),
            Open::Outside(stray) => outside(stray, line),
        }
    }
}

fn outside(mut stray: Clip, line: &Clip) -> (Open, Option<Row>) {
    let bytes = content(line).trim_ascii_start();
    let kind = kind(bytes);
    match kind {
        Kind::Blank => return (Open::Outside(stray), None),
        Kind::Begin => return (Open::Card(Box::new(Draft::new())), Row::stray(&stray)),
        Kind::End | Kind::Folded | Kind::Property | Kind::Rest => {}
    }
    stray.push(bytes);
    stray.push(b"\n");
    match kind {
        Kind::End => (Open::nothing(), Some(Row::broken(&stray, NO_BEGIN))),
        _ => (Open::Outside(stray), None),
    }
}

/// A card, or what should have been one, as cells.
struct Row {
    cells: Vec<Cell>,
    flaw: Option<Flaw>,
}

impl Row {
    /// The text of what is no whole card stands in a cell of its own, so that it cannot be taken for a contact.
    fn broken(text: &Clip, words: &str) -> Row {
        let (Text::Whole(text) | Text::Garbled(text) | Text::Beginning(text)) = text.text();
        Row {
            cells: card::cells_of_broken(text),
            flaw: Some(Flaw::BadCard {
                words: words.to_owned(),
            }),
        }
    }

    fn stray(text: &Clip) -> Option<Row> {
        (!text.is_blank()).then(|| Row::broken(text, OUTSIDE))
    }
}

/// A card while its lines are read.
struct Draft {
    text: Clip,
    properties: usize,
    property: Option<Property>,
    fold: Fold,
    /// The first thing wrong in it.
    flaw: Option<Flaw>,
    /// Cards that are open within this one, as that of an agent in vCard 2.1. They are somebody else's.
    depth: usize,
}

impl Draft {
    fn new() -> Draft {
        let mut text = Clip::new(CARD_LIMIT);
        text.push(b"BEGIN:VCARD\n");
        Draft {
            text,
            properties: 0,
            property: None,
            fold: Fold::TakesBlank,
            flaw: None,
            depth: 0,
        }
    }

    fn take(mut self: Box<Self>, line: &Clip) -> (Open, Option<Row>) {
        match kind(content(line)) {
            Kind::Begin if self.announces_card() => self.enter(),
            Kind::Begin => {
                let next = Open::Card(Box::new(Draft::new()));
                return (next, Some(self.broken(NO_END)));
            }
            Kind::End if self.depth > 0 => self.leave(),
            Kind::End => return (Open::nothing(), Some(self.into_row())),
            kind => self.take_within(kind, line),
        }
        (Open::Card(self), None)
    }

    fn announces_card(&self) -> bool {
        self.property.as_ref().is_some_and(Property::announces_card)
    }

    fn enter(&mut self) {
        self.property = None;
        self.depth += 1;
    }

    fn leave(&mut self) {
        self.property = None;
        self.depth -= 1;
    }

    /// A line without a colon is no property, so it belongs to the one before it: so old programs write pictures.
    fn take_within(&mut self, kind: Kind, line: &Clip) {
        match (kind, &mut self.property) {
            (Kind::Blank, Some(property)) => property.end_soft_break(),
            (Kind::Blank, None) => {}
            (_, Some(property)) if property.is_broken_softly() => property.push(line),
            (Kind::Folded, Some(property)) => property.unfold(line, self.fold),
            (Kind::Rest, Some(property)) => property.push_rest(line),
            _ => self.begin_property(line),
        }
    }

    fn begin_property(&mut self, line: &Clip) {
        self.close_property();
        let keep = if self.depth > 0 {
            Keep::Nothing
        } else {
            Keep::Known
        };
        let property = Property::begin(line, keep);
        if property.says_version_2() {
            self.fold = Fold::KeepsBlank;
        }
        self.property = Some(property);
    }

    fn close_property(&mut self) {
        let Some(closed) = self.property.take().and_then(Property::close) else {
            return;
        };
        self.properties += 1;
        self.flaw = self.flaw.take().or(closed.flaw);
        self.text.push(closed.line.as_bytes());
        self.text.push(b"\n");
    }

    fn broken(mut self, words: &str) -> Row {
        self.close_property();
        Row::broken(&self.text, words)
    }

    fn into_row(mut self) -> Row {
        self.close_property();
        let text = match self.text.text() {
            Text::Whole(text) if self.properties <= PROPERTY_LIMIT => text,
            Text::Whole(_) => return self.broken(TOO_MANY),
            Text::Garbled(_) | Text::Beginning(_) => return self.broken(TOO_LARGE),
        };
        match card::read(&text) {
            Some(card) => Row {
                cells: card.cells,
                flaw: self.flaw.or(card.flaw),
            },
            None => self.broken(UNREADABLE),
        }
    }
}

#[cfg(test)]
mod tests;
