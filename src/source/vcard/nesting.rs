//! Separates a card from the cards of agents in it.

use std::collections::VecDeque;

use super::super::bounded_text::BoundedText;
use super::builder::CardBuilder;
use super::card_row::{AROUND, CardRow, NO_END};
use super::charset::Charsets;
use super::lines::{LINE_LIMIT, LineKind, content, kind, without_blanks};

/// Cards within one another, counting the outermost. All are held until it ends: at most 8 times [`CARD_LIMIT`] bytes.
///
/// [`CARD_LIMIT`]: super::card_row::CARD_LIMIT
const NESTING_LIMIT: usize = 8;

/// A card and the cards of agents in it (vCard 2.1, section 2.4.2), from its first line to its last.
///
/// Where a `BEGIN` or `END` is missing, it is unknown which lines belong to which card, and a phone might get another
/// person's name. So either all cards of the nest are read or none.
pub(super) struct CardNest {
    charsets: Charsets,
    /// The blanks before each line of a card, by its second line. That one cannot be the continuation of a folded
    /// line, since no property is before it.
    indent: Option<usize>,
    /// The cards without their `END` so far, each within the one before.
    open: Vec<CardBuilder>,
    /// The cards with their `END`, held until the outermost ends and the line behind it is known.
    ended: Vec<CardBuilder>,
}

impl CardNest {
    pub(super) fn new(charsets: Charsets) -> CardNest {
        CardNest {
            charsets,
            indent: None,
            open: vec![CardBuilder::new(0, charsets)],
            ended: Vec::new(),
        }
    }

    /// Whether no card is open or held back.
    pub(super) fn is_over(&self) -> bool {
        self.open.is_empty() && self.ended.is_empty()
    }

    /// Takes a line; false where it belongs to none of the cards. Rows that it completes are appended to those that
    /// are ready.
    pub(super) fn take(&mut self, line: &BoundedText, ready: &mut VecDeque<CardRow>) -> bool {
        let outdented = self.without_indent(line);
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
        // A `BEGIN` in a card that has not just announced an agent: the `END` before it is missing.
        if place < NESTING_LIMIT
            && let Some(innermost) = self.open.last_mut()
            && innermost.announces_card()
        {
            self.open.push(CardBuilder::new(place, self.charsets));
        } else {
            self.break_off(ready);
            *self = CardNest::new(self.charsets);
        }
    }

    fn end_innermost(&mut self, ready: &mut VecDeque<CardRow>) {
        self.ended.extend(self.open.pop());
        // With agents, wait for the next line: another `END` there would mean that these were matched wrongly.
        if self.open.is_empty() && self.ended.len() == 1 {
            self.end(ready);
        }
    }

    /// Judges a nest by the first line behind it: only another card or the end of the input proves that all `END`
    /// lines were its own.
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

    /// Completes the nest at the end of the input.
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
            // A card with its own `END` may still hold lines of another.
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

    /// A line without the indent; `None` where there is nothing to remove.
    fn without_indent(&mut self, line: &BoundedText) -> Option<BoundedText> {
        let bytes = line.bytes();
        let blanks = bytes.len() - bytes.trim_ascii_start().len();
        if self.indent.is_none() && blanks == bytes.len() {
            return None;
        }
        let own = blanks.min(*self.indent.get_or_insert(blanks));
        let rest = bytes.get(own..).filter(|_| own > 0 && !line.is_cut())?;
        let mut outdented = BoundedText::new(LINE_LIMIT);
        outdented.push(rest);
        Some(outdented)
    }
}
