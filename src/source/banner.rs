//! Which of the first rows of a table names its columns: what stands above that row is a banner. Pure.
//!
//! Owns the rule, for text and for workbooks alike.

use std::collections::HashSet;

/// Rows that are looked at for the header.
pub(super) const HEAD: usize = 50;
/// Digits that no name of a column has.
const NUMBER: usize = 5;

/// A row, as far as it is looked at for the header.
pub(super) struct Line<'a> {
    number: u64,
    /// Up to the last that is not blank.
    texts: Vec<&'a str>,
}

impl<'a> Line<'a> {
    pub(super) fn new(number: u64, texts: impl IntoIterator<Item = &'a str>) -> Line<'a> {
        let mut texts: Vec<&str> = texts.into_iter().map(str::trim).collect();
        let last = texts.iter().rposition(|text| !text.is_empty());
        texts.truncate(last.map_or(0, |last| last + 1));
        Line { number, texts }
    }

    /// A name for every column, each another, and none of them a phone, a date or an address.
    fn reads_as_header(&self) -> bool {
        let is_name = |text: &str| !text.is_empty() && !text.contains('@') && digits(text) < NUMBER;
        let mut seen = HashSet::new();
        self.texts
            .iter()
            .all(|text| is_name(text) && seen.insert(text.to_lowercase()))
    }

    fn holds_a_number(&self) -> bool {
        self.texts.iter().any(|text| digits(text) >= NUMBER)
    }
}

fn digits(text: &str) -> usize {
    text.chars().filter(|c| c.is_numeric()).count()
}

/// What stands above a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Banner {
    /// Lines above the header.
    pub(super) lines: usize,
    /// The last row above it.
    pub(super) last: u64,
}

/// The banner above a header, where there is one: the first rows have fewer columns than the table, the first that has all
/// of them reads as a header, and what follows does not.
pub(super) fn above_header(head: &[Line<'_>]) -> Option<Banner> {
    let widths: Vec<usize> = head.iter().map(|line| line.texts.len()).collect();
    let (width, _) = commonest(&widths)?;
    let at = widths.iter().position(|own| *own >= width)?;
    let above = head.get(at.checked_sub(1)?)?;
    let below = head.get(at + 1..)?;
    let header = head.get(at)?;
    let fits = width > 1 && header.reads_as_header() && below.iter().any(Line::holds_a_number);
    fits.then_some(Banner {
        lines: at,
        // Blank rows between the two belong to neither.
        last: above.number.max(header.number - 1),
    })
}

/// The number that stands there most often, the larger of two, and how often.
pub(super) fn commonest(numbers: &[usize]) -> Option<(usize, usize)> {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable();
    let runs = sorted.chunk_by(|one, other| one == other);
    let counted = runs.filter_map(|run| Some((*run.first()?, run.len())));
    counted.max_by_key(|(number, count)| (*count, *number))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHONE: &str = "+91 98765 43210";

    fn banner(rows: &[(u64, &[&'static str])]) -> Option<(usize, u64)> {
        let lines: Vec<Line> = rows
            .iter()
            .map(|(number, texts)| Line::new(*number, texts.iter().copied()))
            .collect();
        above_header(&lines).map(|banner| (banner.lines, banner.last))
    }

    #[test]
    fn the_header_stands_below_a_banner_but_not_below_a_phone() {
        let header: &[&str] = &["Name", "Phone"];
        let row: &[&str] = &["Ann", PHONE];
        let title: &[&str] = &["Customers of May", "", " "];
        let dated: &[&str] = &["Exported", "2024-05-01"];
        assert_eq!(banner(&[(1, header), (2, row)]), None);
        assert_eq!(banner(&[(1, title), (3, header), (4, row)]), Some((1, 2)));
        assert_eq!(banner(&[(1, title), (2, row), (3, row)]), None);
        assert_eq!(banner(&[(1, &["Phone"]), (2, &[PHONE, "new"])]), None);
        assert_eq!(banner(&[(1, title), (2, header)]), None);
        let wide: &[&str] = &["Name", "Phone", "Tags"];
        let full: &[&str] = &["Ann", PHONE, "a"];
        let below = [(1, dated), (2, wide), (3, full), (4, full)];
        assert_eq!(banner(&below), Some((1, 1)));
        assert_eq!(banner(&[]), None);
    }
}
