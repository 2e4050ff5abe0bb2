//! Which of two syntaxes a row is written in, where a backslash may escape what follows it or be text. Pure.
//!
//! Owns the rule: a reading is believed where it alone makes a row of the table. In `"C:\","x"` a quote that is escaped
//! would leave text behind the closing one; in `"Asha \"Ash\" Rao"` a quote that is not would.

use std::cmp::Ordering;

use super::cut::{self, RowCut, RowSpan};
use super::syntax::Syntax;
use crate::source::rest::Rest;

/// How a row is read that has two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    /// As the table is.
    Own,
    /// As the table is, as the lesser evil: cells of the other reading begin and end elsewhere, and fit as well.
    OwnInDoubt,
    /// The other way, as the lesser evil: the table's own way does not fit.
    OtherInDoubt,
    /// More bytes are needed to decide.
    Open,
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
    /// How a row fits a table with this number of columns, where that is known.
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

/// Bytes that begin with a row, and how many columns the table has, where that is known.
#[derive(Clone, Copy)]
pub(super) struct Window<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) rest: Rest,
    pub(super) width: Option<usize>,
}

/// What a syntax makes of such bytes.
#[derive(Clone, Copy)]
pub(super) struct RowReading<'a> {
    pub(super) syntax: Syntax,
    pub(super) cut: &'a RowCut,
}

impl Window<'_> {
    /// Decides between the table's own reading of a row and the other one.
    pub(super) fn judge(self, own: RowReading<'_>, other: RowReading<'_>) -> Judgement {
        let other_fits =
            || matches!(other.cut, RowCut::Row(row) if Fit::of(row, self.width) == Fit::Whole);
        match (own.cut, self.fits(own, other)) {
            (_, Fits::Both(own, other)) => match own.cmp(&other) {
                Ordering::Greater => Judgement::Own,
                Ordering::Equal => Judgement::OwnInDoubt,
                Ordering::Less => Judgement::OtherInDoubt,
            },
            (_, Fits::Open) => Judgement::Open,
            (RowCut::Unclosed { .. }, Fits::Alike) if other_fits() => Judgement::OtherInDoubt,
            _ => Judgement::Own,
        }
    }

    /// How well two readings fit.
    pub(super) fn fits(self, one: RowReading<'_>, other: RowReading<'_>) -> Fits {
        let (RowCut::Row(first), RowCut::Row(second)) = (one.cut, other.cut) else {
            return Fits::Alike;
        };
        if are_alike(first, second) {
            return Fits::Alike;
        }
        // The shorter reading leaves half a row behind, which must fit, too.
        let until = first.end.max(second.end);
        let fit = |syntax, row| self.fit_through(syntax, row, until);
        match (fit(one.syntax, first), fit(other.syntax, second)) {
            (Some(one), Some(other)) => Fits::Both(one, other),
            _ => Fits::Open,
        }
    }

    /// How well a row fits, and those behind it up to where it ends in the other reading: half a row does not. `None`
    /// where the last of them does not end in these bytes.
    fn fit_through(self, syntax: Syntax, first: &RowSpan, until: usize) -> Option<Fit> {
        let mut fit = Fit::of(first, self.width);
        let mut end = first.end;
        while end < until {
            let bytes = self.bytes.get(end..).unwrap_or_default();
            match cut::row(bytes, self.rest, syntax) {
                RowCut::Row(row) => {
                    fit = fit.min(Fit::of(&row, self.width));
                    end += row.end;
                }
                RowCut::Unclosed { .. } | RowCut::TooWide => return Some(Fit::OddQuotes),
                RowCut::Partial => return None,
                RowCut::End => break,
            }
        }
        Some(fit)
    }
}

/// How well two readings of the same bytes fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fits {
    /// They make the same cells, or one of them makes no row.
    Alike,
    /// Other cells, and each fits so well.
    Both(Fit, Fit),
    /// More bytes are needed to decide.
    Open,
}

/// Whether two readings have the same cells, in quotes that are as good: then a backslash more or less in a
/// text does no harm.
pub(super) fn are_alike(one: &RowSpan, other: &RowSpan) -> bool {
    let ends = |row: &RowSpan| row.cells.iter().map(|cell| cell.to).collect::<Vec<_>>();
    one.end == other.end
        && one.is_well_formed() == other.is_well_formed()
        && ends(one) == ends(other)
}
