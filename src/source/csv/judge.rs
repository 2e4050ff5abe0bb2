//! Which of two syntaxes a row is written in, where a backslash may escape what follows it or be text. Pure.
//!
//! Owns the rule: a reading is believed where it alone makes a row of the table. In `"C:\","x"` a quote that is escaped
//! would leave text behind the closing one; in `"Asha \"Ash\" Rao"` a quote that is not would.

use super::cut::{Cut, RowSpan};

/// How a row is read that has two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    /// As the table is.
    Own,
    /// As the table is, for want of better: cells of the other reading begin and end elsewhere, and fit as well.
    OwnInDoubt,
    /// The other way, for want of better: the table's own way does not fit.
    OtherInDoubt,
}

/// How well a reading makes a row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// A quote is where no program writes one.
    OddQuotes,
    /// Its cells are not as many as the columns.
    OtherWidth,
    /// It has blank cells behind the last column.
    Padded,
    /// As a program writes it.
    Whole,
}

impl Fit {
    /// How a row fits a table of so many columns, where that is known.
    pub(super) fn of(row: &RowSpan, width: Option<usize>) -> Fit {
        let cells = row.cells.len();
        let surplus = row.cells.get(width.unwrap_or(cells)..).unwrap_or_default();
        let is_blank = surplus.iter().all(|cell| cell.from == cell.to);
        if !row.is_well_formed() {
            Fit::OddQuotes
        } else if width.is_some_and(|width| cells < width) || !is_blank {
            Fit::OtherWidth
        } else if surplus.is_empty() {
            Fit::Whole
        } else {
            Fit::Padded
        }
    }
}

/// Decides between the table's own reading of a row and the other one.
pub(super) fn judge(own: &Cut, other: &Cut, width: Option<usize>) -> Judgement {
    let (own, other) = match (own, other) {
        (Cut::Row(own), Cut::Row(other)) => (own, other),
        (Cut::Unclosed { .. }, Cut::Row(other)) if Fit::of(other, width) == Fit::Whole => {
            return Judgement::OtherInDoubt;
        }
        _ => return Judgement::Own,
    };
    if are_alike(own, other) {
        return Judgement::Own;
    }
    match Fit::of(own, width).cmp(&Fit::of(other, width)) {
        std::cmp::Ordering::Greater => Judgement::Own,
        std::cmp::Ordering::Equal => Judgement::OwnInDoubt,
        std::cmp::Ordering::Less => Judgement::OtherInDoubt,
    }
}

/// Whether two readings have the same cells, in quotes that are as good: then a backslash more or less in them harms
/// nobody.
pub(super) fn are_alike(one: &RowSpan, other: &RowSpan) -> bool {
    let ends = |row: &RowSpan| row.cells.iter().map(|cell| cell.to).collect::<Vec<_>>();
    one.end == other.end
        && one.is_well_formed() == other.is_well_formed()
        && ends(one) == ends(other)
}
