//! One row of a table while it becomes a record: the first thing wrong with its cells, which are the open row of the
//! records.
//!
//! Where a row begins and ends is for `rows` to say.

use crate::outcome::Code;
use crate::record::{Cell, Cells, Defect, Header, Layout, Records};
use crate::source::SourceError;
use crate::source::bounded_text::ReadText;
use crate::source::quote_tracker::{LongCell, Spanning};

/// A row as it was read.
#[derive(Default)]
pub(super) struct TableRow {
    pub(super) number: u64,
    pub(super) bytes: usize,
    pub(super) damage: Option<CellDamage>,
    pub(super) long: Option<LongCell>,
    pub(super) spanning: Spanning,
    /// What a backslash means decides where its cells end, and cannot be known.
    pub(super) is_ambiguous: bool,
}

/// The first thing wrong in a row.
pub(super) struct CellDamage {
    pub(super) column: usize,
    /// It is over the limit; else some of its bytes are not text.
    pub(super) is_cut: bool,
}

impl CellDamage {
    pub(super) fn defect(&self, header: &Header) -> Defect {
        let column = header.names.get(self.column).cloned();
        match self.is_cut {
            true => Defect::CellTooLarge { column },
            false => Defect::BadEncoding { column },
        }
    }
}

impl TableRow {
    /// The defect of a row whose backslash has two meanings: now, or in the run that rejected it if it is still there.
    pub(super) fn doubt(&self, cells: Cells<'_>, returned_for: Option<&str>) -> Option<Defect> {
        let mut texts = cells.iter().filter_map(Cell::text);
        let comes_back = returned_for == Some(Code::AmbiguousEscape.as_str())
            && texts.any(|text| text.contains('\\'));
        (comes_back || self.is_ambiguous).then_some(Defect::AmbiguousEscape)
    }

    pub(super) fn push(&mut self, text: ReadText<'_>, records: &mut Records) {
        let column = records.open().len();
        let damage = |is_cut| Some(CellDamage { column, is_cut });
        let (text, damage) = match text {
            ReadText::Whole(text) => (text, None),
            ReadText::Garbled(text) => (text, damage(false)),
            ReadText::Beginning(text) => (text, damage(true)),
        };
        // The first damage is the one reported: what follows it may be its consequence.
        self.damage = self.damage.take().or(damage);
        self.bytes += text.len();
        records.push_text(&text);
    }

    pub(super) fn is_blank(&self, cells: Cells<'_>) -> bool {
        self.damage.is_none() && cells.iter().all(Cell::is_blank)
    }

    pub(super) fn into_header(self, cells: Cells<'_>) -> Result<Header, SourceError> {
        if self.damage.is_some_and(|damage| damage.is_cut) {
            return Err(SourceError::HugeHeader { row: self.number });
        }
        let name = |cell: Cell<'_>| cell.text().unwrap_or_default().to_owned();
        Ok(Header {
            layout: Layout::Table,
            names: cells.iter().map(name).collect(),
        })
    }
}

/// Brings the open row to the header's width: what is missing is absent, a blank surplus is dropped, any other is a
/// defect.
pub(super) fn settle_width(records: &mut Records, expected: usize) -> Option<Defect> {
    let found = records.open().len();
    // Excel pads rows with delimiters up to the widest one of the sheet.
    if records.open().from(expected).iter().all(Cell::is_blank) {
        records.resize(expected);
        return None;
    }
    Some(Defect::SurplusCells { found, expected })
}
