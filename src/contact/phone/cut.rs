//! Where one cell holds several numbers, or a number and words: the cuts between them.
//!
//! Owns which signs and words separate numbers, and which digits belong to the number before them.

use super::beside::{Company, against, against_alone};
use super::between::{around_word, with_word_before};
use super::clean::unwrapped;
use super::digits::is_more_than_an_area_code;
use super::error::PhoneError;
use super::spreadsheet::spreadsheet_number;
use super::unreadable::Unreadable;
use super::written::{Caveat, LONGEST, NumberForm, Separator, WrittenNumber, written};
use crate::vocabulary::is_nothing;

/// How many numbers of one cell are looked at.
const MOST: usize = 16;

/// The longest cell that is looked at, in bytes. Cutting looks back at every separator, so that a cell of 1 MB would
/// take its square.
const LONGEST_CELL: usize = MOST * LONGEST;

/// A part of a cell, and what separates it from the one before.
#[derive(Clone, Copy)]
struct CellPart<'a> {
    text: &'a str,
    behind: Separator,
}

/// What a `/` between digits is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slash {
    /// It is between two numbers, where the first is more than an area code.
    Separates,
    /// It is punctuation inside a number.
    Joins,
}

/// A part with this many digits is a number, not an extension or a remark beside one.
const FULL: usize = 7;

/// The numbers of a cleaned text, in their order; a part that holds none is an error in its place.
pub(super) fn numbers(text: &str, slash: Slash) -> WrittenNumbers {
    if text.len() > LONGEST_CELL {
        return vec![Err(Unreadable::Long.into())];
    }
    let mut fragment = false;
    let mut numbers = Vec::new();
    let parts = parts(text, slash);
    let company = match company(text, &parts) {
        Ok(company) => company,
        Err(why) => return vec![Err(why.into())],
    };
    // `read_every` compares with `full_numbers` and reports a list that is longer.
    for part in parts.into_iter().take(MOST) {
        let number = written(part.text, company);
        // After `0171, ` or `0171***, ` a bare `1234567` is no number of its own, but the rest of one that was cut.
        let is_rest = (fragment || numbers.last() == Some(&Err(Unreadable::Masked.into())))
            && number
                .as_ref()
                .is_ok_and(|written| written.form == NumberForm::Bare);
        fragment = number.as_ref().is_ok_and(WrittenNumber::is_fragment);
        let before = match is_rest {
            true => numbers.last_mut(),
            false if fragment => last_whole(&mut numbers),
            false => None,
        };
        match before {
            Some(before) => add_tail(before, &number, part.behind),
            None => numbers.push(number),
        }
    }
    numbers
}

/// Whether the parts of a text hold one number. An error where a part without a number says that one is not to be
/// sent.
fn company(text: &str, parts: &[CellPart<'_>]) -> Result<Company, Unreadable> {
    // Only words make a difference, and nearly no cell has any.
    if !text.contains(char::is_alphabetic) {
        return Ok(Company::Alone);
    }
    // An address is another thing, and says nothing of the number.
    let is_word = |part: &&CellPart| !part.text.contains(|c: char| c.is_ascii_digit() || c == '@');
    let company = match count_full(parts) {
        0 => return Ok(Company::Alone),
        1 => Company::Alone,
        _ => Company::Others,
    };
    let why = match company {
        Company::Alone => against_alone,
        Company::Others => against,
    };
    let mut words = parts.iter().filter(is_word);
    words
        .find_map(|part| why(part.text))
        .map_or(Ok(company), Err)
}

type WrittenNumbers = Vec<Result<WrittenNumber, PhoneError>>;

/// The last number that is not a few digits, which are no number alone behind another.
fn last_whole(numbers: &mut WrittenNumbers) -> Option<&mut Result<WrittenNumber, PhoneError>> {
    let is_whole = |number: &WrittenNumber| !number.is_fragment();
    let mut backwards = numbers.iter_mut().rev();
    backwards.find(|number| number.as_ref().is_ok_and(is_whole))
}

/// Notes on the number before some digits that it may have lost them.
fn add_tail(
    number: &mut Result<WrittenNumber, PhoneError>,
    tail: &Result<WrittenNumber, PhoneError>,
    behind: Separator,
) {
    if let (Ok(number), Ok(tail)) = (number, tail) {
        number.caveat = Some(Caveat::Tail(tail.length(), behind));
    }
}

/// How many parts of a text have as many digits as a phone, readable or not.
pub(super) fn full_numbers(text: &str, slash: Slash) -> usize {
    count_full(&parts(text, slash))
}

fn count_full(parts: &[CellPart<'_>]) -> usize {
    let digits = |part: &&CellPart| part.text.chars().filter(|c| c.is_numeric()).count();
    parts.iter().filter(|part| digits(part) >= FULL).count()
}

/// Cuts a text between its numbers. A number that a spreadsheet wrote with a decimal comma is not cut at it.
fn parts(text: &str, slash: Slash) -> Vec<CellPart<'_>> {
    let text = without_pauses(text);
    let mut part = CellPart {
        text,
        behind: Separator::Other,
    };
    if spreadsheet_number(text).is_some() {
        return vec![part];
    }
    let mut parts = Vec::new();
    while let Some((before, behind, after)) = cut(part.text, slash) {
        parts.push(CellPart {
            text: before,
            ..part
        });
        part = CellPart {
            text: after,
            behind,
        };
    }
    parts.push(part);
    parts.retain(|part| !is_nothing(unwrapped(part.text)));
    parts
}

/// A number without what a telephone dials after a pause: `…p12` and `…w12` (Android), `…,,12#`.
fn without_pauses(text: &str) -> &str {
    const MOST: usize = 9;
    let signs = text
        .trim_end_matches('#')
        .trim_end_matches(|c: char| c.is_ascii_digit());
    let number = signs.trim_end_matches(['p', 'P', 'w', 'W', ',', ';']);
    let (Some(pause), Some(dialled)) = (signs.get(number.len()..), text.get(signs.len()..)) else {
        return text;
    };
    // One comma or semicolon separates.
    let is_pause = pause.len() > 1 || pause.starts_with(['p', 'P', 'w', 'W']);
    let is_dialled = (1..=MOST).contains(&dialled.trim_end_matches('#').len());
    if is_pause && is_dialled && number.ends_with(|c: char| c.is_ascii_digit()) {
        number
    } else {
        text
    }
}

/// The first number of a text, its separator and what follows that; `None` where nothing separates.
fn cut(text: &str, slash: Slash) -> Option<(&str, Separator, &str)> {
    for (at, c) in text.char_indices() {
        let (before, from) = text.split_at_checked(at)?;
        if let Some((before, next)) = around_word(text, at) {
            return Some((before, Separator::Other, next));
        }
        let after = from.strip_prefix(c)?;
        let separates = match c {
            ',' | '|' | '\n' | '&' | '\\' => true,
            ':' => after.starts_with(':'),
            ';' => !is_parameter(after),
            '/' => slash == Slash::Separates && is_between_numbers(before, after),
            '+' => before.ends_with(is_end_of_number) && is_more_than_an_area_code(before),
            _ => false,
        };
        if separates {
            return Some(match c {
                '+' => (before, Separator::Other, with_word_before(text, before)),
                '/' => (before, Separator::Slash, after),
                _ => (before, Separator::Other, after.trim_start_matches(':')),
            });
        }
    }
    None
}

/// Whether a `/` separates two numbers; one inside `A/C` does not.
fn is_between_numbers(before: &str, after: &str) -> bool {
    if before.ends_with(char::is_alphabetic) && after.starts_with(char::is_alphabetic) {
        return false;
    }
    is_more_than_an_area_code(before) || after.trim_start().starts_with('+')
}

fn is_end_of_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, ' ' | ')')
}

/// Whether what follows a `;` is a parameter of a `tel:` URI (RFC 3966): `ext=12`, `phone-context=+49`.
fn is_parameter(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic() || c == '-')
    })
}

#[cfg(test)]
mod tests {
    use super::super::clean::clean;
    use super::*;

    fn digits(cell: &str) -> Vec<String> {
        let numbers = numbers(&clean(cell), Slash::Separates);
        numbers
            .into_iter()
            .map(|number| number.map_or_else(|error| format!("{error:?}"), |number| spelt(&number)))
            .collect()
    }

    fn spelt(number: &WrittenNumber) -> String {
        let start = match number.form {
            NumberForm::Plus => "+",
            NumberForm::Zeros => "00",
            NumberForm::Bare => "",
        };
        format!("{start}{}", number.digits)
    }

    #[test]
    fn what_surrounds_a_number_is_taken_off() {
        let cases = [
            (" +49 30 901820 ", "+4930901820"),
            ("'+4930901820", "+4930901820"),
            ("=\"+4930901820\"", "+4930901820"),
            ("=+4930901820", "+4930901820"),
            ("“030 901820”", "030901820"),
            ("\u{202A}+49 30 901820\u{202C}", "+4930901820"),
            ("\u{FEFF}+49\u{A0}30\u{200B}901820", "+4930901820"),
            ("tel:+49-30-901820", "+4930901820"),
            ("TEL:+49-30-901820;ext=12", "+4930901820"),
            ("tel:030-901820;phone-context=+49", "+49030901820"),
            ("tel:030-901820;phone-context=example.com", "030901820"),
            (";phone-context=+49tel:", "Letters"),
            ("+49 30 901820 (work)", "+4930901820"),
            ("Mobile: 0171 1234567", "01711234567"),
            ("p:+4930901820", "+4930901820"),
            ("(+86) 131 2345 4831", "+8613123454831"),
            ("0091 98765 43210", "00919876543210"),
            ("+0049 30 901820", "+4930901820"),
            ("０９０－１２３４－５６７８", "09012345678"),
            ("٠١٠٠١٢٣٤٥٦٧", "01001234567"),
            ("۰۵۰ ۱۲۳ ۴۵۶۷", "0501234567"),
            ("+44 (0)20 7183 8750", "+442071838750"),
            ("0044 ( 0 ) 20 7183 8750", "00442071838750"),
            ("(0)171 1234567", "01711234567"),
            ("030/901820", "030901820"),
            ("+49 (30) 901820 x123", "+4930901820"),
            ("(201) 555-5708 ext. 3795", "2015555708"),
            ("030 901820 #5", "030901820"),
            ("+49 30 901820 (1)", "+4930901820"),
            ("(+49 30 90182 0)", "+4930901820"),
            ("(0 6 6 9 9 3 2 0 6 2 2 1)", "066993206221"),
            ("(201) 555-0123 (ext 5)", "2015550123"),
            ("0178 8993553 [2]", "01788993553"),
            ("+49 +49 30 901820", "+4930901820"),
            ("+49+4930901820", "+4930901820"),
        ];
        for (cell, expected) in cases {
            let found = digits(cell);
            assert!(
                found.len() == 1 && found.iter().all(|one| one.contains(expected)),
                "{cell:?}: {found:?}"
            );
        }
    }

    #[test]
    fn a_number_from_a_number_column_is_whole_or_refused() {
        let cases = [
            ("919876543210.0", "919876543210"),
            ("919876543210.00", "919876543210"),
            ("919876543210,0", "919876543210"),
            ("+919876543210.0", "+919876543210"),
            ("9.19876543210E+11", "919876543210"),
            ("9.198765432100E+11", "919876543210"),
            ("9,19876543210e11", "919876543210"),
            ("9.19E+12", "DigitsLost"),
            ("9.19877E+11", "DigitsLost"),
            ("9,19877E+11", "DigitsLost"),
            ("49e10", "DigitsLost"),
            ("9.198765432101E+11", "Unreadable"),
            ("9.19E-12", "Unreadable"),
            ("4915120000000", "DigitsLost"),
            ("4915120000000.0", "DigitsLost"),
            ("4915123000000", "4915123000000"),
            ("18005000000", "18005000000"),
            ("08033000000", "08033000000"),
            ("919913000000", "DigitsLost"),
            ("+919800000000", "+919800000000"),
            ("9.19E", "Unreadable"),
            ("650.253.0000", "6502530000"),
        ];
        for (cell, expected) in cases {
            let found = digits(cell);
            assert!(
                found.len() == 1 && found.iter().all(|one| one.starts_with(expected)),
                "{cell:?}: {found:?}"
            );
        }
    }

    #[test]
    fn several_numbers_in_a_cell_are_told_apart() {
        let cases: &[(&str, &[&str])] = &[
            (
                "+4930901820 ::: +4930901821",
                &["+4930901820", "+4930901821"],
            ),
            ("030 901820, 0171 1234567", &["030901820", "01711234567"]),
            ("030901820;01711234567", &["030901820", "01711234567"]),
            (
                "+4930901820;ext=5;+4930901821",
                &["+4930901820", "+4930901821"],
            ),
            ("0171, 1234567, 030 901820", &["0171", "030901820"]),
            (
                "+49 30 901820 / +49 30 901821",
                &["+4930901820", "+4930901821"],
            ),
            ("+49 30 901820/21", &["+4930901820"]),
            ("48264 / +247 48264", &["48264", "+24748264"]),
            ("030/901820/0171/1234567", &["030901820", "01711234567"]),
            ("030 901820\n0171 1234567", &["030901820", "01711234567"]),
            ("+4930901820 +4930901821", &["+4930901820", "+4930901821"]),
            ("0171, 1234567", &["0171"]),
            ("12, +4930901820", &["12", "+4930901820"]),
            (
                "Tel +4930901820 Fax +4930901821",
                &["+4930901820", "Unreadable(Fax)"],
            ),
            (
                "Tel. 030 901820 Fax 030 901821",
                &["030901820", "Unreadable(Fax)"],
            ),
            ("T 030901820 F 030901821", &["030901820", "Unreadable(Fax)"]),
            (
                "+4930901820 or +4930901821",
                &["+4930901820", "+4930901821"],
            ),
            ("030 901820 und 0171 1234567", &["030901820", "01711234567"]),
            (
                "030 901820 Fax No. 030 901821",
                &["030901820", "Unreadable(Fax)"],
            ),
            (
                "030 901820 Fax-Nr.: 030 901821",
                &["030901820", "Unreadable(Fax)"],
            ),
            (
                "030 901821 Fax 030 901820 Büro",
                &["Unreadable(Fax)", "030901820"],
            ),
            (
                "030 901820 wife mobile 0171 1234567",
                &["Unreadable(Letters)"],
            ),
            (
                "030 901821 Fax / 030 901820",
                &["Unreadable(Fax)", "030901820"],
            ),
            (
                "Tel/Fax +4930901820 / Fax +4930901821",
                &["Unreadable(Fax)", "Unreadable(Fax)"],
            ),
            (
                "030 901820 Mobil: 0171 1234567",
                &["030901820", "01711234567"],
            ),
            (
                "+49 30 901820 (Fax: +49 30 901821)",
                &["+4930901820", "Unreadable(Fax)"],
            ),
            (
                "030 901820 Faks +49 30 901821",
                &["030901820", "Unreadable(Fax)"],
            ),
            (
                "+49 30 901821 (Fax) +49 30 901820",
                &["Unreadable(Fax)", "+4930901820"],
            ),
            (
                "030 901820 (Mobil 0171 1234567)",
                &["030901820", "01711234567"],
            ),
        ];
        for (cell, expected) in cases {
            assert_eq!(digits(cell), *expected, "{cell:?}");
        }
    }

    #[test]
    fn letters_never_become_digits() {
        let cells = [
            "1-800-FLOWERS",
            "call me",
            "+49 30 901820 abc",
            "ID12345678",
            "Order 1234567890",
            "1234O56789",
            "*123#",
        ];
        for cell in cells {
            assert_eq!(
                numbers(&clean(cell), Slash::Separates),
                [Err(Unreadable::Letters.into())],
                "{cell:?}"
            );
        }
    }

    #[test]
    fn what_means_nothing_is_nothing() {
        for cell in [
            "", "  ", "-", "--", "—", "n/a", "N/A", "#N/A", "null", "NULL", "(none)", "NaN", "\\N",
            ".", "\u{200B}",
        ] {
            assert!(is_nothing(&clean(cell)), "{cell:?}");
        }
        for cell in ["0", "unknown", "####", "call office"] {
            assert!(!is_nothing(&clean(cell)), "{cell:?}");
        }
    }
}
