//! What is in a column, against what its header says: a column of yes and no, or of one number that is in most rows,
//! is not the contacts' phone, whatever it is called.
//!
//! Owns that judgement and which columns are equals by their headers. How far an input is read for it is the import's.

use super::choice;
use super::column_choice::Choice;
use super::columns::Columns;
use super::not_phone::NotPhone;
use super::plan::Plan;
use super::rule::Field;
use super::source::FieldSource;
use crate::record::{Record, Records};
use crate::vocabulary::{ConsentAnswer, consent_answer};
use std::collections::{BTreeMap, HashMap};

/// A number that fewer rows share may be a family's.
const FEWEST_ROWS: usize = 3;

/// Fewer digits are an extension or a count.
const FEWEST_DIGITS: usize = 7;

impl Plan {
    /// The recognised phone columns that are not the contacts' phones by what these records have in them.
    pub(crate) fn not_phones(&self, records: &Records) -> BTreeMap<String, NotPhone> {
        if self.is_given(&Field::Phone) {
            return BTreeMap::new();
        }
        let columns = self.fields.phone.iter().filter_map(|source| match source {
            FieldSource::Column(index) => Some((*index, source)),
            _ => None,
        });
        let judged = columns.filter_map(|(index, source)| {
            let name = self.header.names.get(index)?.clone();
            Some((name, judge(source, records)?))
        });
        judged.collect()
    }

    /// The phone columns that are equals by their headers, where they have different numbers in one of these records:
    /// nothing says which one is the contact's.
    pub(crate) fn rivals(&self, records: &Records) -> Vec<Choice> {
        let Some((first, others)) = self.equal_phones.split_first() else {
            return Vec::new();
        };
        let differs =
            |other: &&FieldSource| records.iter().any(|record| differ(first, other, record));
        let rivals: Vec<&FieldSource> = others.iter().filter(differs).collect();
        if rivals.is_empty() {
            return Vec::new();
        }
        let columns = Columns::new(&self.header);
        let all = [first].into_iter().chain(rivals);
        all.filter_map(|source| choice::of(&columns, source, records))
            .collect()
    }

    /// The column that is an equal of the one taken, and has another number in this record.
    pub(super) fn rival_in(&self, taken: &FieldSource, record: Record<'_>) -> Option<&FieldSource> {
        if !self.equal_phones.contains(taken) {
            return None;
        }
        let mut others = self.equal_phones.iter().filter(|other| *other != taken);
        others.find(|other| differ(taken, other, record))
    }
}

fn judge(source: &FieldSource, records: &Records) -> Option<NotPhone> {
    let texts = records.iter().flat_map(|record| source.texts(record));
    let mut filled = 0;
    let mut yes_or_no = 0;
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for text in texts {
        filled += 1;
        yes_or_no += usize::from(says_yes_or_no(&text));
        // A program repeats its own number in one spelling; people write one number in several.
        if digits(&text).len() >= FEWEST_DIGITS {
            *numbers.entry(text.trim().to_owned()).or_default() += 1;
        }
    }
    let most = numbers.values().max().copied().unwrap_or_default();
    // All of them: one real number among yes and no makes it a column of phones.
    if filled > 0 && yes_or_no == filled {
        Some(NotPhone::YesOrNo)
    } else if most >= FEWEST_ROWS && most * 2 > filled {
        Some(NotPhone::OneNumber)
    } else {
        None
    }
}

fn says_yes_or_no(text: &str) -> bool {
    // A phone with a word beside it is a phone.
    digits(text).len() < FEWEST_DIGITS
        && !matches!(
            consent_answer(text),
            ConsentAnswer::Nothing | ConsentAnswer::Moment | ConsentAnswer::Other
        )
}

/// Whether two columns have numbers in a record that are not the same number, with or without its calling code.
fn differ(one: &FieldSource, other: &FieldSource, record: Record<'_>) -> bool {
    let number = |source: &FieldSource| {
        let mut texts = source.texts(record).map(|text| digits(&text));
        texts.find(|digits| digits.len() >= FEWEST_DIGITS)
    };
    match (number(one), number(other)) {
        (Some(one), Some(other)) => {
            // Trunk zeros and calling codes are in front: the ends of one number are the same.
            let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
            !one.ends_with(other) && !other.ends_with(one)
        }
        _ => false,
    }
}

fn digits(text: &str) -> String {
    text.chars()
        .filter_map(|c| c.to_digit(10))
        .filter_map(|digit| char::from_digit(digit, 10))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::Options;
    use crate::mapping::tests::table_of;

    fn judged(names: &[&str], rows: &[&[&str]]) -> Vec<(String, NotPhone)> {
        let (header, records) = table_of(names, rows);
        let plan = Plan::new(&header, &Options::default()).unwrap();
        plan.not_phones(&records).into_iter().collect()
    }

    #[test]
    fn what_is_in_a_column_tells_that_it_is_not_the_contacts_phone() {
        let own = "+91 22 6123 4567";
        let one = |name: &str, why| vec![(name.to_owned(), why)];
        for (rows, expected) in [
            (
                &[&["yes", "1"][..], &["no", "2"]][..],
                one("WhatsApp", NotPhone::YesOrNo),
            ),
            (
                &[&["x", "1"], &["", "2"]],
                one("WhatsApp", NotPhone::YesOrNo),
            ),
            (
                &[&[own, "1"], &[own, "2"], &[own, "3"]],
                one("WhatsApp", NotPhone::OneNumber),
            ),
            (
                &[&[own, "1"], &["02261234568", "2"], &[own, "3"], &[own, "4"]],
                one("WhatsApp", NotPhone::OneNumber),
            ),
            (&[&[own, "1"], &[own, "2"]], vec![]),
            (
                &[
                    &[own, "1"],
                    &["02261234568", "2"],
                    &[own, "3"],
                    &["02261234569", "4"],
                ],
                vec![],
            ),
            (&[&["", "1"], &["", "2"]], vec![]),
            (&[&["yes", "1"], &["+91 98765 43210", "2"]], vec![]),
        ] {
            assert_eq!(judged(&["WhatsApp", "Phone"], rows), expected, "{rows:?}");
        }
    }

    #[test]
    fn equal_headers_are_rivals_only_where_a_row_has_different_numbers() {
        let rivals = |names: &[&str], rows: &[&[&str]]| {
            let (header, records) = table_of(names, rows);
            let plan = Plan::new(&header, &Options::default()).unwrap();
            let rivals = plan.rivals(&records).into_iter();
            rivals.map(|choice| choice.template).collect::<Vec<_>>()
        };
        let two = [&["+91 98765 43210", "98765 43211"][..]];
        assert_eq!(
            rivals(&["Phone", "Telephone"], &two),
            ["Phone", "Telephone"]
        );
        assert_eq!(
            rivals(&["Mobile", "Mobile No"], &two),
            ["Mobile", "Mobile No"]
        );
        assert!(rivals(&["Phone 1", "Phone 2"], &two).is_empty());
        assert!(rivals(&["Mobile", "Phone"], &two).is_empty());
        assert!(rivals(&["Billing Phone", "Shipping Phone"], &two).is_empty());
        let same = [&["+91 98765 43210", "09876543210"][..]];
        assert!(rivals(&["Phone", "Telephone"], &same).is_empty());
        let apart = [&["+91 98765 43210", ""][..], &["", "98765 43211"]];
        assert!(rivals(&["Phone", "Telephone"], &apart).is_empty());
    }
}
