//! Which of the first rows of a table names its columns: the rows above it are a banner. Pure.
//!
//! Owns the rule, for text and for workbooks alike.

use std::collections::HashSet;

use crate::mapping::{names_a_contact, names_a_phone};
use crate::record::{Header, Layout};

/// Columns of a table, as in Excel.
pub(super) const COLUMN_LIMIT: usize = 16_384;

/// Rows that are looked at for the header.
pub(super) const HEAD: usize = 50;
/// Digits that no name of a column has.
pub(super) const NUMBER: usize = 5;
/// Digits from which a text is a phone, unless it is a date.
const PHONE: usize = 7;

/// Whether a table has a row that names its columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum HeaderRow {
    /// The first row of the table.
    #[default]
    First,
    /// None: columns go by their numbers. A rejects file has one all the same.
    None,
}

/// The header of a table that has none: columns are called by their numbers, from 1.
pub(super) fn numbered(columns: usize) -> Header {
    Header {
        layout: Layout::Table,
        names: (1..=columns.min(COLUMN_LIMIT))
            .map(|number| number.to_string())
            .collect(),
    }
}

/// A row, as far as it is looked at for the header.
pub(super) struct HeadLine<'a> {
    number: u64,
    /// Up to the last that is not blank.
    texts: Vec<&'a str>,
}

impl<'a> HeadLine<'a> {
    pub(super) fn new(number: u64, texts: impl IntoIterator<Item = &'a str>) -> HeadLine<'a> {
        let mut texts: Vec<&str> = texts.into_iter().map(str::trim).collect();
        let last = texts.iter().rposition(|text| !text.is_empty());
        texts.truncate(last.map_or(0, |last| last + 1));
        HeadLine { number, texts }
    }

    /// A name for every column, each another, and none of them a phone, a date or an address.
    fn reads_as_header(&self) -> bool {
        // A row of contacts must not be taken for a header: it would be lost in silence.
        let is_name = |text: &str| !text.is_empty() && !text.contains('@') && digits(text) < NUMBER;
        let mut seen = HashSet::new();
        self.texts
            .iter()
            .all(|text| is_name(text) && seen.insert(text.to_lowercase()))
    }

    fn holds_a_number(&self) -> bool {
        self.texts.iter().any(|text| digits(text) >= NUMBER)
    }

    /// Whether this row may be a contact.
    fn holds_a_phone(&self) -> bool {
        self.texts.iter().any(|text| {
            let words = text.split_whitespace().filter(|word| !is_date(word));
            words.map(digits).sum::<usize>() >= PHONE
        })
    }
}

/// `2026-11-22`, `22.11.2026`, `11/22/26`, with or without a time behind a T.
pub(super) fn is_date(word: &str) -> bool {
    let date = word.split('T').next().unwrap_or(word);
    let parts: Vec<&str> = date.split(['-', '/', '.']).collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let is_numeric = parts
        .iter()
        .all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    is_numeric
        && matches!(
            lengths.as_slice(),
            [4, 1..=2, 1..=2] | [1..=2, 1..=2, 2 | 4]
        )
}

/// How many digits a text has.
pub(super) fn digits(text: &str) -> usize {
    text.chars().filter(|c| c.is_numeric()).count()
}

/// What is above a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Banner {
    /// Lines above the header.
    pub(super) lines: usize,
    /// The last row above it.
    pub(super) last: u64,
}

/// The banner above a header, where there is one: the first rows have fewer columns than the table and no phone in
/// them, the first that has all columns reads as a header, and what follows does not. Of two rows with all columns the
/// one that names a contact's is the header. What may be a contact is never passed over.
pub(super) fn above_header(head: &[HeadLine<'_>]) -> Option<Banner> {
    let widths: Vec<usize> = head.iter().map(|line| line.texts.len()).collect();
    let (width, _) = commonest(&widths)?;
    let first = widths.iter().position(|own| *own >= width)?;
    let at = named(head, first).unwrap_or(first);
    let (passed_over, _) = head.split_at_checked(at)?;
    let above = passed_over.last()?;
    let below = head.get(at + 1..)?;
    let header = head.get(at)?;
    // With one column each title would be a header; a phone above the header would be skipped unseen.
    let fits = width > 1
        && header.reads_as_header()
        && below.iter().any(HeadLine::holds_a_number)
        && !passed_over.iter().any(HeadLine::holds_a_phone);
    fits.then_some(Banner {
        lines: at,
        // Blank rows between the two belong to neither.
        last: above.number.max(header.number - 1),
    })
}

/// The row below the first with all columns that names those of a contact, where that one names no phone.
fn named(head: &[HeadLine<'_>], first: usize) -> Option<usize> {
    if names_a_phone(&head.get(first)?.texts) {
        return None;
    }
    let lines = head.iter().enumerate().skip(first + 1);
    let mut named = lines.filter(|(_, line)| names_a_contact(&line.texts));
    named.next().map(|(at, _)| at)
}

/// The number that occurs most often, the larger of two, and how often.
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

    #[test]
    fn a_banner_as_wide_as_the_table_is_passed_over_and_no_contact_is() {
        let header: &[&str] = &["Name", "Mobile", "Dept"];
        let contact: &[&str] = &["Asha", PHONE, "X"];
        let banner_row: &[&str] = &["Sales team", "Phone list", "2026"];
        assert_eq!(
            banner(&[(1, banner_row), (2, header), (3, contact)]),
            Some((1, 1))
        );
        assert_eq!(banner(&[(1, contact), (2, header), (3, contact)]), None);
        let unknown: &[&str] = &["Who", "Kind", "Reach"];
        let half: &[&str] = &["Asha", "Mobile", ""];
        assert_eq!(banner(&[(1, unknown), (2, half), (3, contact)]), None);
    }

    fn banner(rows: &[(u64, &[&'static str])]) -> Option<(usize, u64)> {
        let lines: Vec<HeadLine> = rows
            .iter()
            .map(|(number, texts)| HeadLine::new(*number, texts.iter().copied()))
            .collect();
        above_header(&lines).map(|banner| (banner.lines, banner.last))
    }

    #[test]
    fn the_header_is_below_a_banner_but_not_below_a_phone() {
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

    #[test]
    fn what_may_be_a_contact_is_never_passed_over() {
        let wide: &[&str] = &["Name", "Phone", "Tags"];
        let full: &[&str] = &["Ann", PHONE, "a"];
        for above in [
            &["Asha", PHONE][..],
            &["919876543210"],
            &["Call 1800 123 4567"],
            &["020-7183-8750", "Ben"],
        ] {
            let head: &[&str] = &["Name", "Phone"];
            let rows = [(1, head), (2, above), (3, wide), (4, full), (5, full)];
            assert_eq!(banner(&rows), None, "{above:?}");
        }
        for above in [
            "as of 22.11.2026",
            "2026-11-22T09:30",
            "11/22/26 12:30",
            "412 rows",
        ] {
            let rows: [(u64, &[&'static str]); 4] =
                [(1, &[above]), (2, wide), (3, full), (4, full)];
            assert_eq!(banner(&rows), Some((1, 1)), "{above:?}");
        }
    }
}
