//! vCards (2.1, 3.0, 4.0): every card of a file is a row of one table.
//!
//! Owns where a card begins and ends, so that a broken one costs only itself, and the limits on cards. `lines` cuts the
//! input into lines, `property` puts those together, `charset` knows their characters; what a card says is read in
//! `card`, which alone knows calcard.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::Cursor;
use std::sync::Arc;

use super::SourceError;
use super::clip::{Clip, Text};
use super::encoding::Encoding;
use super::feed::Feed;
use crate::record::{Cell, Flaw, Header, InputId, Layout, Place, Record};
use charset::Coding;
use lines::{Kind, Lines, content, kind, without_blanks};
use property::{AGENT, Closed, Fault, Fold, Property};

mod card;
mod charset;
mod head;
mod lines;
mod phones;
mod property;

pub(super) use card::{is_list, is_table_of_cards, list};
pub(super) use charset::Charsets;
pub(super) use lines::begins_card;

/// Bytes of a card, without what is not kept of it (pictures, sounds, keys).
const CARD_LIMIT: usize = 4_000_000;
/// Properties that are kept of a card: as many as Excel has columns.
const PROPERTY_LIMIT: usize = 16_384;
/// Cards that are in one another, with the outermost; each is held until that ends.
const FAMILY_LIMIT: usize = 8;

const NO_BEGIN: &str = "an END:VCARD stands without its BEGIN:VCARD";
const NO_END: &str = "its END:VCARD is missing: is the file whole?";
const AROUND: &str =
    "a card is within another, and their lines cannot be told apart: is the file whole?";
const ANOTHER: &str =
    "it holds another card: the END:VCARD and BEGIN:VCARD between them are missing";
const OUTSIDE: &str = "this text stands outside of any card";
const TOO_LARGE: &str = "it is over 4 MB, pictures not counted";
const TOO_MANY: &str = "it has more than 16,384 lines";
const UNREADABLE: &str = "it cannot be read";

/// What a rejects file kept of a card: its text, whole again or not, or with bytes that were not read.
pub(super) struct Kept {
    cells: Vec<Cell>,
    pub(super) flaw: Option<Flaw>,
}

impl Kept {
    /// The one card that a text is, read anew; `None` where it is none, or more.
    pub(super) fn read(text: &str, named: Option<Encoding>) -> Option<Kept> {
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
        is_only.then_some(Kept {
            cells: card.cells,
            flaw: card.flaw,
        })
    }

    /// The cell of a column of the table.
    pub(super) fn cell(&self, name: &str) -> Cell {
        let at = card::COLUMNS.iter().position(|column| *column == name);
        let cell = at.and_then(|at| self.cells.get(at));
        cell.cloned().unwrap_or(Cell::Absent)
    }
}

/// An input of cards.
pub(super) struct Cards {
    input: InputId,
    header: Arc<Header>,
    lines: Lines,
    charsets: Charsets,
    open: Open,
    /// Rows that were read and not given yet: the card of an agent ends together with the one it is in.
    ready: VecDeque<Row>,
    /// Records so far.
    number: u64,
}

/// What the next line belongs to.
enum Open {
    /// No card; these lines are outside of any so far.
    Outside(Clip),
    Card(Box<Family>),
    /// No card; these ended with the line before, one of them in another.
    Ended(Box<Family>),
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
            lines: Lines::new(feed),
            charsets,
            open: Open::nothing(),
            ready: VecDeque::new(),
            number: 0,
        }
    }

    /// The cards in a text of their own, as that of an agent.
    fn in_text(text: Vec<u8>, charsets: Charsets) -> Cards {
        let feed = Feed::new(Box::new(Cursor::new(text)));
        Cards::open(feed, InputId(0), charsets)
    }

    pub(super) fn header(&self) -> &Arc<Header> {
        &self.header
    }

    pub(super) fn next(&mut self) -> Result<Option<Record>, SourceError> {
        match self.next_row()? {
            // Every card gives a row, so there was none.
            None if self.number == 0 => Err(SourceError::NoCard),
            row => Ok(row.map(|row| self.record(row))),
        }
    }

    fn next_row(&mut self) -> Result<Option<Row>, SourceError> {
        while self.ready.is_empty() {
            let Some(line) = self.lines.next()? else {
                return Ok(self.last_row());
            };
            let open = std::mem::replace(&mut self.open, Open::nothing());
            self.open = open.take(line, self.charsets, &mut self.ready);
        }
        Ok(self.ready.pop_front())
    }

    fn last_row(&mut self) -> Option<Row> {
        match std::mem::replace(&mut self.open, Open::nothing()) {
            Open::Card(family) => family.break_off(&mut self.ready),
            Open::Ended(family) => family.end(&mut self.ready),
            // What is in a file without any card is told of the whole file.
            Open::Outside(_) if self.number == 0 => {}
            Open::Outside(stray) => self.ready.extend(Row::stray(&stray)),
        }
        self.ready.pop_front()
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

    /// What is open after a line; the rows that the line ends are put behind those that are ready.
    fn take(self, line: &Clip, charsets: Charsets, ready: &mut VecDeque<Row>) -> Open {
        match self {
            Open::Card(family) => family.take(line, charsets, ready),
            Open::Ended(family) => family.settle(line, charsets, ready),
            Open::Outside(stray) => outside(stray, line, charsets, ready),
        }
    }
}

fn outside(mut stray: Clip, line: &Clip, charsets: Charsets, ready: &mut VecDeque<Row>) -> Open {
    let bytes = without_blanks(line.bytes());
    let kind = kind(bytes);
    match kind {
        Kind::Blank => return Open::Outside(stray),
        Kind::Begin => {
            ready.extend(Row::stray(&stray));
            return Open::Card(Box::new(Family::new(charsets)));
        }
        Kind::End | Kind::Folded | Kind::Property | Kind::Rest => {}
    }
    stray.push(property::kept(bytes).as_bytes());
    stray.push(b"\n");
    match kind {
        Kind::End => {
            ready.push_back(Row::broken(&stray, NO_BEGIN));
            Open::nothing()
        }
        _ => Open::Outside(stray),
    }
}

/// How far all lines of a card are indented. Its second line cannot be a folded one: nothing is before it to be folded.
#[derive(Clone, Copy)]
enum Indent {
    Unknown,
    Blanks(usize),
}

impl Indent {
    /// A line without its indent; `None` where it has none.
    fn without(&mut self, line: &Clip) -> Option<Clip> {
        let bytes = line.bytes();
        let blanks = bytes.len() - bytes.trim_ascii_start().len();
        let own = match *self {
            Indent::Unknown if blanks == bytes.len() => return None,
            Indent::Unknown => blanks,
            Indent::Blanks(indent) => indent.min(blanks),
        };
        if let Indent::Unknown = self {
            *self = Indent::Blanks(blanks);
        }
        let rest = bytes.get(own..).filter(|_| own > 0 && !line.is_cut())?;
        let mut outdented = Clip::new(lines::LINE_LIMIT);
        outdented.push(rest);
        Some(outdented)
    }
}

/// A card, and those of the agents in it (vCard 2.1, section 2.4.2), from its first line to its last.
///
/// Where a line is missing, none of them can be told from the others: a phone might go to another's name. So all of them
/// are read, or none.
struct Family {
    indent: Indent,
    /// Those whose end was not read, each within the one before.
    open: Vec<Draft>,
    ended: Vec<Draft>,
}

impl Family {
    fn new(charsets: Charsets) -> Family {
        Family {
            indent: Indent::Unknown,
            open: vec![Draft::new(0, charsets)],
            ended: Vec::new(),
        }
    }

    fn take(
        mut self: Box<Self>,
        line: &Clip,
        charsets: Charsets,
        ready: &mut VecDeque<Row>,
    ) -> Open {
        match self.indent.without(line) {
            Some(outdented) => self.take_outdented(&outdented, charsets, ready),
            None => self.take_outdented(line, charsets, ready),
        }
    }

    fn take_outdented(
        mut self: Box<Self>,
        line: &Clip,
        charsets: Charsets,
        ready: &mut VecDeque<Row>,
    ) -> Open {
        match kind(content(line)) {
            Kind::Begin if self.has_room() && self.announces_card() => {
                let place = self.open.len() + self.ended.len();
                self.open.push(Draft::new(place, charsets));
            }
            Kind::Begin => {
                self.break_off(ready);
                return Open::Card(Box::new(Family::new(charsets)));
            }
            Kind::End => {
                self.ended.extend(self.open.pop());
                match (self.open.is_empty(), self.ended.len()) {
                    (true, 1) => self.end(ready),
                    (true, _) => return Open::Ended(self),
                    (false, _) => return Open::Card(self),
                }
                return Open::nothing();
            }
            kind => {
                if let Some(draft) = self.open.last_mut() {
                    draft.take(kind, line);
                }
            }
        }
        Open::Card(self)
    }

    /// Where another card follows, or nothing, no end was one too many.
    fn settle(self: Box<Self>, line: &Clip, charsets: Charsets, ready: &mut VecDeque<Row>) -> Open {
        match kind(without_blanks(line.bytes())) {
            Kind::Blank => return Open::Ended(self),
            Kind::Begin => self.end(ready),
            Kind::End | Kind::Folded | Kind::Property | Kind::Rest => self.break_off(ready),
        }
        Open::nothing().take(line, charsets, ready)
    }

    fn has_room(&self) -> bool {
        self.open.len() + self.ended.len() < FAMILY_LIMIT
    }

    /// Whether the innermost card has just named an agent; from here on, its lines are another's.
    fn announces_card(&mut self) -> bool {
        let draft = self.open.last_mut();
        draft.is_some_and(Draft::announces_card)
    }

    fn in_order(self) -> impl Iterator<Item = Draft> {
        let mut all = self.open;
        all.extend(self.ended);
        all.sort_by_key(|draft| draft.place);
        all.into_iter()
    }

    fn end(self, ready: &mut VecDeque<Row>) {
        for draft in self.in_order() {
            draft.end(ready);
        }
    }

    fn break_off(self, ready: &mut VecDeque<Row>) {
        let open: Vec<usize> = self.open.iter().map(|draft| draft.place).collect();
        for draft in self.in_order() {
            let words = match open.contains(&draft.place) {
                true => NO_END,
                false => AROUND,
            };
            ready.push_back(draft.broken(words));
        }
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
    /// Its place among the cards that are in one another, in the order in which they begin.
    place: usize,
    charsets: Charsets,
    text: Clip,
    lines: PropertyLines,
    properties: usize,
    /// The texts of the cards that are values of this one (`AGENT` in vCard 3.0).
    agents: Vec<Vec<u8>>,
    /// Bytes of those texts.
    agents_size: usize,
    /// The first column of those whose bytes were not read.
    unread: Option<usize>,
    /// The first column of those that were cut.
    cut: Option<usize>,
    says_version: bool,
    /// Lines of another card seem to be in it.
    is_mixed: bool,
}

impl Draft {
    fn new(place: usize, charsets: Charsets) -> Draft {
        let mut text = Clip::new(CARD_LIMIT);
        text.push(b"BEGIN:VCARD\n");
        Draft {
            place,
            charsets,
            text,
            lines: PropertyLines::new(),
            properties: 0,
            agents: Vec::new(),
            agents_size: 0,
            unread: None,
            cut: None,
            says_version: false,
            is_mixed: false,
        }
    }

    fn announces_card(&mut self) -> bool {
        self.lines.announces_card()
    }

    fn take(&mut self, kind: Kind, line: &Clip) {
        if let Some(property) = self.lines.take(kind, line) {
            self.close(property);
        }
    }

    fn close(&mut self, property: Property) {
        self.is_mixed |= property.is_damaged_mark();
        let Some(closed) = property.close(self.charsets) else {
            return;
        };
        match closed.name.as_str() {
            AGENT => return self.take_agent(&closed),
            "VERSION" => self.note_version(),
            _ => {}
        }
        self.properties += 1;
        let column = card::column_of(&closed.name);
        match closed.fault {
            Some(Fault::TooLarge) => self.cut = first(self.cut, column),
            Some(Fault::Unread) => self.unread = first(self.unread, column),
            None => {}
        }
        self.text.push(closed.line.as_bytes());
        self.text.push(b"\n");
    }

    /// An agent's card that was cut off was so together with the line that it is on, and the lines behind it.
    fn take_agent(&mut self, closed: &Closed) {
        let Some(card) = agent(closed) else {
            return;
        };
        self.is_mixed |= !lines::ends_card(&card);
        self.agents_size += card.len();
        if self.agents_size <= CARD_LIMIT {
            self.agents.push(card);
        }
    }

    /// A card says once of which version it is (RFC 6350, section 6.7.9); at once again does no harm.
    fn note_version(&mut self) {
        self.is_mixed |= self.says_version && self.properties > 1;
        self.says_version = true;
    }

    fn finish(&mut self) {
        if let Some(property) = self.lines.finish() {
            self.close(property);
        }
    }

    fn broken(mut self, words: &str) -> Row {
        self.finish();
        Row::broken(&self.text, words)
    }

    /// The row of a whole card, and behind it those of the agents in it.
    fn end(mut self, ready: &mut VecDeque<Row>) {
        self.finish();
        let agents = std::mem::take(&mut self.agents);
        let charsets = self.charsets;
        ready.push_back(self.into_row());
        for text in agents {
            let mut cards = Cards::in_text(text, charsets);
            ready.extend(std::iter::from_fn(|| cards.next_row().ok().flatten()));
        }
    }

    fn into_row(self) -> Row {
        let text = match self.text.text() {
            _ if self.is_mixed => return Row::broken(&self.text, ANOTHER),
            _ if self.agents_size > CARD_LIMIT => return Row::broken(&self.text, TOO_LARGE),
            Text::Whole(text) if self.properties <= PROPERTY_LIMIT => text,
            Text::Whole(_) => return Row::broken(&self.text, TOO_MANY),
            Text::Garbled(_) | Text::Beginning(_) => return Row::broken(&self.text, TOO_LARGE),
        };
        let readable = match self.unread {
            Some(_) => Cow::Owned(lossy(&text)),
            None => Cow::Borrowed(&text),
        };
        let Some(mut cells) = card::read(&readable) else {
            return Row::broken(&self.text, UNREADABLE);
        };
        // calcard decodes Base64, and has U+FFFD for what it cannot read.
        let garbled =
            || card::garbled(&cells).filter(|_| !text.contains(char::REPLACEMENT_CHARACTER));
        let unread = self.unread.or_else(garbled);
        if unread.is_some()
            && let Some(raw) = cells.last_mut()
        {
            *raw = Cell::Text(format!("{text}END:VCARD\n"));
        }
        Row {
            cells,
            flaw: flaw(self.cut, unread),
        }
    }
}

fn flaw(cut: Option<usize>, unread: Option<usize>) -> Option<Flaw> {
    let column = |at: usize| card::COLUMNS.get(at).map(|name| (*name).to_owned());
    match (cut, unread) {
        (Some(at), _) => Some(Flaw::CellTooLarge { column: column(at) }),
        (None, Some(at)) => column(at).map(|column| Flaw::UnreadValue { column }),
        (None, None) => None,
    }
}

/// A card's text, with U+FFFD for the bytes that were not read.
fn lossy(text: &str) -> String {
    let line = |line| property::lossy(line).map_or(Cow::Borrowed(line), Cow::Owned);
    text.lines()
        .flat_map(|text| [line(text), Cow::Borrowed("\n")])
        .collect()
}

/// The lower of two places.
fn first(one: Option<usize>, other: Option<usize>) -> Option<usize> {
    one.into_iter().chain(other).min()
}

/// The card that is the value of an agent; another value is a name or a link.
fn agent(closed: &Closed) -> Option<Vec<u8>> {
    let value = closed.line.split_once(':')?.1.as_bytes();
    let value = match closed.fault {
        // Each of its own values is judged anew.
        Some(Fault::Unread) => charset::bytes(value, Coding::QuotedPrintable),
        Some(Fault::TooLarge) | None => Cow::Borrowed(value),
    };
    let card = unescaped(&value);
    lines::begins_card(&card).then_some(card)
}

/// A value with its line breaks and separators (RFC 2426, section 4).
fn unescaped(value: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(value.len());
    let mut bytes = value.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => match bytes.next() {
                Some(b'n' | b'N') => text.push(b'\n'),
                other => text.extend(other),
            },
            other => text.push(other),
        }
    }
    text
}

/// The lines of a card, put together into properties.
struct PropertyLines {
    property: Option<Property>,
    fold: Fold,
}

impl PropertyLines {
    fn new() -> PropertyLines {
        PropertyLines {
            property: None,
            fold: Fold::TakesBlank,
        }
    }

    /// Whether the last line announced a card; then it is done with.
    fn announces_card(&mut self) -> bool {
        let announcing = self.property.take_if(|property| property.announces_card());
        announcing.is_some()
    }

    /// The property that a line ends, if any. One without a colon is no property, so it belongs to the one before it: so
    /// old programs write pictures.
    fn take(&mut self, kind: Kind, line: &Clip) -> Option<Property> {
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

    fn begin(&mut self, line: &Clip) -> Option<Property> {
        let property = Property::begin(line);
        if property.says_version_2() {
            self.fold = Fold::KeepsBlank;
        }
        self.property.replace(property)
    }

    fn finish(&mut self) -> Option<Property> {
        self.property.take()
    }
}

/// What the values that say nothing of their charset look like, in the beginning of an input; `None` where that is UTF-8.
pub(super) fn guess(start: &[u8]) -> Option<Encoding> {
    let feed = Feed::new(Box::new(Cursor::new(start.to_vec())));
    let (mut lines, mut properties) = (Lines::new(feed), PropertyLines::new());
    let mut texts = Vec::new();
    while let Ok(Some(line)) = lines.next() {
        let ended = match kind(content(line)) {
            Kind::Begin | Kind::End => {
                std::mem::replace(&mut properties, PropertyLines::new()).finish()
            }
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
