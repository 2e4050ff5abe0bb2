//! A card and those in it, line by line, until all of them are separated.

use std::collections::VecDeque;

use super::super::bounded_text::BoundedText;
use super::builder::CardBuilder;
use super::card_row::{AROUND, CardRow, NO_END};
use super::charset::Charsets;
use super::lines::{LINE_LIMIT, LineKind, content, kind, without_blanks};

/// Cards that are in one another, with the outermost; each is held until that ends.
const NESTING_LIMIT: usize = 8;

/// A card, and those of the agents in it (vCard 2.1, section 2.4.2), from its first line to its last.
///
/// Where a line is missing, none of them can be separated from the others: a phone might go to another's name. So all of
/// them are read, or none.
pub(super) struct CardNest {
    charsets: Charsets,
    indent: Indent,
    /// Those whose end was not read, each within the one before.
    open: Vec<CardBuilder>,
    /// Those whose end was read, until that of the outermost and the line behind it are.
    ended: Vec<CardBuilder>,
}

impl CardNest {
    pub(super) fn new(charsets: Charsets) -> CardNest {
        CardNest {
            charsets,
            indent: Indent::Unknown,
            open: vec![CardBuilder::new(0, charsets)],
            ended: Vec::new(),
        }
    }

    /// Whether no card is open or held back.
    pub(super) fn is_over(&self) -> bool {
        self.open.is_empty() && self.ended.is_empty()
    }

    /// Takes a line, unless it belongs to none of the cards; the rows that it ends are put behind those that are ready.
    pub(super) fn take(&mut self, line: &BoundedText, ready: &mut VecDeque<CardRow>) -> bool {
        let outdented = self.indent.without(line);
        let line = outdented.as_ref().unwrap_or(line);
        match kind(content(line)) {
            _ if self.open.is_empty() => return self.settle(line, ready),
            LineKind::Begin => self.begin(ready),
            LineKind::End => self.end_innermost(ready),
            kind => {
                if let Some(builder) = self.open.last_mut() {
                    builder.take(kind, line);
                }
            }
        }
        true
    }

    fn begin(&mut self, ready: &mut VecDeque<CardRow>) {
        let place = self.open.len() + self.ended.len();
        if place < NESTING_LIMIT && self.announces_card() {
            self.open.push(CardBuilder::new(place, self.charsets));
        } else {
            self.break_off(ready);
            *self = CardNest::new(self.charsets);
        }
    }

    /// Whether the innermost card has just named an agent; from here on, its lines are another's.
    fn announces_card(&mut self) -> bool {
        let builder = self.open.last_mut();
        builder.is_some_and(CardBuilder::announces_card)
    }

    fn end_innermost(&mut self, ready: &mut VecDeque<CardRow>) {
        self.ended.extend(self.open.pop());
        if self.open.is_empty() && self.ended.len() == 1 {
            self.end(ready);
        }
    }

    /// Where another card follows, or nothing, no end was one too many.
    fn settle(&mut self, line: &BoundedText, ready: &mut VecDeque<CardRow>) -> bool {
        match kind(without_blanks(line.bytes())) {
            LineKind::Blank => return true,
            LineKind::Begin => self.end(ready),
            LineKind::End | LineKind::Folded | LineKind::Property | LineKind::Rest => {
                self.break_off(ready)
            }
        }
        false
    }

    /// The end of the input.
    pub(super) fn finish(mut self, ready: &mut VecDeque<CardRow>) {
        match self.open.is_empty() {
            true => self.end(ready),
            false => self.break_off(ready),
        }
    }

    fn end(&mut self, ready: &mut VecDeque<CardRow>) {
        let all = self.in_order();
        ready.extend(all.into_iter().map(CardBuilder::end));
    }

    fn break_off(&mut self, ready: &mut VecDeque<CardRow>) {
        let open: Vec<usize> = self.open.iter().map(|builder| builder.place).collect();
        for builder in self.in_order() {
            let words = match open.contains(&builder.place) {
                true => NO_END,
                false => AROUND,
            };
            ready.push_back(builder.broken(words));
        }
    }

    fn in_order(&mut self) -> Vec<CardBuilder> {
        let mut all = std::mem::take(&mut self.open);
        all.append(&mut self.ended);
        all.sort_by_key(|builder| builder.place);
        all
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
    fn without(&mut self, line: &BoundedText) -> Option<BoundedText> {
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
        let mut outdented = BoundedText::new(LINE_LIMIT);
        outdented.push(rest);
        Some(outdented)
    }
}
