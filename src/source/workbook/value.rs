//! The value of a cell as text: numbers with all their digits, dates in ISO 8601. Pure.
//!
//! Owns how a number becomes text. `number_format` decides what its format adds to it.

use std::borrow::Cow;

use super::digits::number;
use super::number_format::{DisplayedNumber, NumberFormat};
use crate::record::CellFault;

/// The serial number of 10000-01-01; the last date of a spreadsheet is one day before. A larger number was never a
/// date, but is a phone in a column with the format of a date.
const END_OF_DAYS: f64 = 2_958_466.0;
const SECONDS_A_DAY: f64 = 86_400.0;
/// Days from 1899-12-30, day 0 of all serial numbers after February 1900, to 1970-01-01.
const DAYS_TO_1970: i64 = 25_569;
/// The 29th of February 1900, which did not exist: Lotus 1-2-3 counted it, and Excel followed. Earlier serial numbers
/// are one day off.
const NO_DAY: f64 = 60.0;
/// Days between the two date systems (ECMA-376 part 1, 18.17.4.1).
const DAYS_TO_1904: f64 = 1_462.0;

/// The day from which a workbook counts (ECMA-376 part 1, 18.17.4.1, "date base").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum DateSystem {
    #[default]
    Of1900,
    /// Excel for the Macintosh until 2008 (`date1904`).
    Of1904,
}

/// The value of a cell as a reader hands it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CellContent<'a> {
    Text(Cow<'a, str>),
    /// The cell shows no usable value; with what the file stores.
    Fault(CellFault, Cow<'a, str>),
}

impl<'a> CellContent<'a> {
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> CellContent<'a> {
        CellContent::Text(text.into())
    }

    pub(super) fn fault(fault: CellFault, text: impl Into<Cow<'a, str>>) -> CellContent<'a> {
        CellContent::Fault(fault, text.into())
    }

    /// Whether the cell is blank. A fault is not: the user must hear of it.
    pub(super) fn is_blank(&self) -> bool {
        matches!(self, CellContent::Text(text) if text.trim().is_empty())
    }
}

/// A number as its format shows it.
pub(super) fn formatted(
    value: f64,
    format: &NumberFormat,
    date_system: DateSystem,
) -> CellContent<'static> {
    match format.show(value) {
        DisplayedNumber::Stored => CellContent::text(number(value)),
        DisplayedNumber::Text(text) => CellContent::text(text),
        DisplayedNumber::Date => CellContent::text(date(value, date_system)),
        DisplayedNumber::Duration => CellContent::text(duration(value)),
        DisplayedNumber::Unknown => CellContent::fault(CellFault::UnknownFormat, number(value)),
    }
}

/// A Boolean value as text.
pub(super) fn boolean(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

fn date(value: f64, date_system: DateSystem) -> String {
    if !(0.0..END_OF_DAYS).contains(&value) {
        return number(value);
    }
    // Rounded, since a fraction of a day is rarely exact: 12:00:00 may be stored as 11:59:59.999.
    let seconds = (value * SECONDS_A_DAY).round();
    let (day, second) = ((seconds / SECONDS_A_DAY).floor(), seconds % SECONDS_A_DAY);
    let clock = clock(second);
    match (value < 1.0, second == 0.0) {
        (true, _) => clock,
        (false, true) => calendar(day, date_system),
        (false, false) => format!("{}T{clock}", calendar(day, date_system)),
    }
}

fn clock(second: f64) -> String {
    let part = |unit: f64, of: f64| (second / unit).floor() % of;
    format!(
        "{:02}:{:02}:{:02}",
        part(3600.0, 24.0),
        part(60.0, 60.0),
        part(1.0, 60.0)
    )
}

fn calendar(serial: f64, date_system: DateSystem) -> String {
    let day = match date_system {
        DateSystem::Of1904 => serial + DAYS_TO_1904,
        DateSystem::Of1900 if serial < NO_DAY => serial + 1.0,
        DateSystem::Of1900 if serial == NO_DAY => return "1900-02-29".to_owned(),
        DateSystem::Of1900 => serial,
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole number of days before the year 10000"
    )]
    let (year, month, day) = civil(day as i64 - DAYS_TO_1970);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Year, month and day of a count of days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    // Years are counted from March, so that the leap day is the last day of a year.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

fn duration(days: f64) -> String {
    if !(0.0..END_OF_DAYS).contains(&days) {
        return number(days);
    }
    let seconds = (days * SECONDS_A_DAY).round();
    let (hours, rest) = ((seconds / 3600.0).floor(), seconds % 3600.0);
    format!(
        "{hours}:{:02}:{:02}",
        (rest / 60.0).floor(),
        (rest % 60.0).floor()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_iso() {
        for (serial, expected) in [
            (45_413.0, "2024-05-01"),
            (45_413.5, "2024-05-01T12:00:00"),
            (45_412.999_999_9, "2024-05-01"),
            (0.75, "18:00:00"),
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (60.0, "1900-02-29"),
            (61.0, "1900-03-01"),
            (36_585.0, "2000-02-29"),
            (2_958_465.0, "9999-12-31"),
        ] {
            assert_eq!(date(serial, DateSystem::Of1900), expected, "{serial}");
        }
        assert_eq!(date(43_951.0, DateSystem::Of1904), "2024-05-01");
        assert_eq!(duration(1.5625), "37:30:00");
    }

    #[test]
    fn a_phone_in_a_column_with_a_dates_format_stays_a_phone() {
        for (value, expected) in [
            (919_876_543_210.0, "919876543210"),
            (9_876_543_210.0, "9876543210"),
            (-1.0, "-1"),
        ] {
            assert_eq!(date(value, DateSystem::Of1900), expected);
            assert_eq!(duration(value), expected);
        }
    }

    #[test]
    fn a_number_whose_format_is_not_understood_is_a_fault_that_keeps_its_digits() {
        let percent = NumberFormat::parse("0%");
        assert_eq!(
            formatted(0.15, &percent, DateSystem::Of1900),
            CellContent::fault(CellFault::UnknownFormat, "0.15")
        );
        let plus = NumberFormat::parse("\\+0");
        assert_eq!(
            formatted(6_591_234_567.0, &plus, DateSystem::Of1900),
            CellContent::text("+6591234567")
        );
    }
}
