//! One row of a table while it becomes a record: its cells, and the first thing wrong with them.
//!
//! Owns the limits on cells and rows. Where a row begins and ends is for `rows` to say.

use crate::outcome::Code;
use crate::record::{Cell, Defect, Header, Layout, RAW_KEY, is_reject_column};
use crate::source::SourceError;
use crate::source::bounded_text::{KEPT, ReadText};
use crate::source::encoding::Encoding;
use crate::source::quote_tracker::{LongCell, Spanning};
use crate::source::vcard::{self, RejectedCard};

/// Bytes of a cell.
pub(super) const CELL_LIMIT: usize = 1_000_000;
/// Bytes of all cells of a row together; from the cell that exceeds it on, only beginnings are kept.
const ROW_LIMIT: usize = 4_000_000;

/// A row as it was read.
pub(super) struct Row {
    pub(super) number: u64,
    pub(super) cells: Vec<Cell>,
    pub(super) bytes: usize,
    pub(super) damage: Option<Damage>,
    pub(super) long: Option<LongCell>,
    pub(super) spanning: Spanning,
    pub(super) escapes: Escapes,
}

/// Whether a row has one reading only.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    Clear,
    /// What a backslash means decides where its cells end, and cannot be known.
    Ambiguous,
}

/// The first thing wrong in a row.
pub(super) struct Damage {
    pub(super) column: usize,
    pub(super) kind: DamageKind,
}

pub(super) enum DamageKind {
    Encoding,
    Size,
}

impl Damage {
    pub(super) fn defect(&self, header: &Header) -> Defect {
        let column = header.names.get(self.column).cloned();
        match self.kind {
            DamageKind::Encoding => Defect::BadEncoding { column },
            DamageKind::Size => Defect::CellTooLarge { column },
        }
    }
}

impl Row {
    pub(super) fn new(width: usize) -> Row {
        Row {
            number: 0,
            cells: Vec::with_capacity(width),
            bytes: 0,
            damage: None,
            long: None,
            spanning: Spanning::None,
            escapes: Escapes::Clear,
        }
    }

    /// Whether nobody can tell what a backslash in it means: when it was read, or once before, if it is still there.
    pub(super) fn doubt(&self, returned_for: Option<&str>) -> Option<Defect> {
        let mut texts = self.cells.iter().filter_map(Cell::text);
        let comes_back = returned_for == Some(Code::AmbiguousEscape.as_str())
            && texts.any(|text| text.contains('\\'));
        (comes_back || self.escapes == Escapes::Ambiguous).then_some(Defect::AmbiguousEscape)
    }

    /// Bytes that the next cell may have.
    pub(super) fn room(&self) -> usize {
        ROW_LIMIT.saturating_sub(self.bytes).clamp(KEPT, CELL_LIMIT)
    }

    pub(super) fn push(&mut self, text: ReadText) {
        let (text, kind) = match text {
            ReadText::Whole(text) => (text, None),
            ReadText::Garbled(text) => (text, Some(DamageKind::Encoding)),
            ReadText::Beginning(text) => (text, Some(DamageKind::Size)),
        };
        let column = self.cells.len();
        self.damage = self
            .damage
            .take()
            .or(kind.map(|kind| Damage { column, kind }));
        self.bytes += text.len();
        self.cells.push(Cell::Text(text));
    }

    pub(super) fn is_blank(&self) -> bool {
        self.damage.is_none() && self.cells.iter().all(is_blank)
    }

    /// Brings the row to the header's width: what is missing is absent, a blank surplus is dropped, any other is a defect.
    pub(super) fn settle_width(&mut self, expected: usize) -> Option<Defect> {
        let found = self.cells.len();
        let surplus = self.cells.get(expected..).unwrap_or_default();
        if surplus.iter().all(is_blank) {
            self.cells.resize(expected, Cell::Absent);
            return None;
        }
        Some(Defect::SurplusCells { found, expected })
    }

    /// Reads the text of a card that a rejects file kept: where nothing else is in the row, the card counts; else its
    /// cells with U+FFFD are read anew. What is still wrong with it is the row's defect.
    pub(super) fn read_kept_card(
        &mut self,
        header: &Header,
        named: Option<Encoding>,
    ) -> Option<Defect> {
        let raw = header.names.iter().position(|name| name == RAW_KEY)?;
        let kept = RejectedCard::read(self.cells.get(raw)?.text()?, named)?;
        let columns = header.names.iter().zip(&mut self.cells);
        let own = columns.filter(|(name, _)| !is_reject_column(name));
        let mut own: Vec<_> = own.collect();
        let is_bare = own.iter().all(|(_, cell)| is_blank(cell));
        own.retain(|(_, cell)| is_bare || is_garbled(cell));
        let is_read_anew = !own.is_empty();
        for (name, cell) in own {
            *cell = kept.cell(name);
        }
        kept.defect.filter(|_| is_read_anew)
    }

    pub(super) fn split_lists(&mut self, header: &Header) {
        let columns = header.names.iter().zip(&mut self.cells);
        for (_, cell) in columns.filter(|(name, _)| vcard::is_list(name)) {
            if let Cell::Text(text) = cell {
                *cell = vcard::list(text);
            }
        }
    }

    pub(super) fn into_header(self) -> Result<Header, SourceError> {
        if let Some(Damage {
            kind: DamageKind::Size,
            ..
        }) = self.damage
        {
            return Err(SourceError::HugeHeader { row: self.number });
        }
        let names = self.cells.into_iter().map(name).collect();
        Ok(Header {
            layout: Layout::Table,
            names,
        })
    }
}

pub(super) fn is_blank(cell: &Cell) -> bool {
    match cell {
        Cell::Text(text) | Cell::Faulty(_, text) => text.trim().is_empty(),
        Cell::List(texts) => texts.is_empty(),
        Cell::Absent => true,
    }
}

fn is_garbled(cell: &Cell) -> bool {
    let is_garbled = |text: &String| text.contains(char::REPLACEMENT_CHARACTER);
    match cell {
        Cell::Text(text) => is_garbled(text),
        Cell::List(texts) => texts.iter().any(is_garbled),
        Cell::Faulty(..) | Cell::Absent => false,
    }
}

fn name(cell: Cell) -> String {
    match cell {
        Cell::Text(text) => text,
        Cell::List(_) | Cell::Faulty(..) | Cell::Absent => String::new(),
    }
}
