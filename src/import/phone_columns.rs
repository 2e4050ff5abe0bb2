//! Which columns hold phones, by what is in them rather than by their headers.

use super::options::ImportOptions;
use crate::contact::phone::{self, PhoneError};
use crate::mapping::{is_in_a_list, may_be_guessed};
use crate::record::{Header, Layout, Records};

/// Whether a text is a phone for sure. A header that holds one is not a header.
pub(super) fn is_phone(text: &str, options: &ImportOptions) -> bool {
    phone::read(text, options.mapping.home).is_ok_and(|reading| reading.doubt.is_none())
}

/// Whether a text looks like a phone, whose country is unknown.
pub(super) fn is_like_a_phone(text: &str) -> bool {
    // Fewer digits are more likely a year, an id or a postcode.
    const FEWEST: usize = 7;
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let mut all = text.trim().trim_matches('\'').chars();
    digits >= FEWEST && all.all(|c| c.is_ascii_digit() || " +-().".contains(c))
}

/// The indices of the columns in which the most records have something like a phone and at most a fifth has anything
/// else: several if they tie. A column whose header says that it is not the contact's phone is left out.
pub(super) fn likeliest_phones(
    header: &Header,
    records: &Records,
    options: &ImportOptions,
) -> Vec<usize> {
    let share = |index: &usize| {
        let texts = records
            .iter()
            .filter_map(|record| record.cell(*index)?.text())
            .filter(|text| !text.trim().is_empty());
        let (mut filled, mut sure, mut like) = (0, 0, 0);
        for text in texts {
            filled += 1;
            match phone::read(text, options.mapping.home) {
                Ok(reading) if reading.doubt.is_none() => sure += 1,
                Ok(_) | Err(PhoneError::NoCountry) => like += 1,
                Err(_) => {}
            }
        }
        ((sure + like) * 10 >= filled * 8 && filled > 0).then_some((sure, like))
    };
    // `phones.0` is one of several phones: suggesting it would leave the others out.
    let is_element = |name: &str| header.layout != Layout::Table && is_in_a_list(name);
    let names = header.names.iter().enumerate();
    let columns = names.filter(|(_, name)| may_be_guessed(name) && !is_element(name));
    let judged: Vec<_> = columns
        .filter_map(|(index, _)| Some((share(&index)?, index)))
        .collect();
    let most = judged.iter().map(|(share, _)| *share).max();
    let best = judged.iter().filter(|(share, _)| Some(*share) == most);
    best.map(|(_, index)| *index).collect()
}

/// The first column, from 1, whose text passes the test.
pub(super) fn column_of<'a>(
    mut texts: impl Iterator<Item = &'a str>,
    is_it: impl Fn(&str) -> bool,
) -> Option<usize> {
    texts.position(is_it).map(|index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_alone_may_be_a_phone_and_names_with_digits_are_none() {
        for (text, is_like) in [
            ("9876543210", true),
            ("+91 98765 43210", true),
            ("'(022) 1234-567", true),
            ("Phone 2", false),
            ("2026-01", false),
            ("9876543210 (home)", false),
            ("", false),
        ] {
            assert_eq!(is_like_a_phone(text), is_like, "{text}");
        }
    }
}
