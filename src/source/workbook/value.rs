//! The value of a cell as text: numbers with all their digits, dates in ISO 8601. Pure.

use std::borrow::Cow;

use calamine::{Data, DataRef, ExcelDateTime};

/// The first serial number that is no day any more: 10000-01-01. What is larger was never a date, but a phone in a
/// column with a date's format.
const END_OF_DAYS: f64 = 2_958_466.0;
/// From here on a spreadsheet itself has lost digits.
const EXACT: f64 = 1e21;
const SECONDS_A_DAY: f64 = 86_400.0;

/// The text of a streamed cell.
pub(super) fn streamed<'a>(value: &'a DataRef<'_>) -> Cow<'a, str> {
    match value {
        DataRef::SharedString(text) => Cow::Borrowed(text),
        DataRef::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(text(&Data::from(other.clone())).into_owned()),
    }
}

/// The text of a cell; an error such as `#REF!` is blank, since nobody wants to be called that.
pub(super) fn text(value: &Data) -> Cow<'_, str> {
    match value {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            Cow::Borrowed(text)
        }
        Data::Int(number) => Cow::Owned(number.to_string()),
        Data::Float(value) => Cow::Owned(number(*value)),
        Data::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
        Data::DateTime(moment) => Cow::Owned(time(moment)),
        Data::Error(_) | Data::Empty => Cow::Borrowed(""),
    }
}

/// All digits, never an exponent; a fraction as Excel shows it, with 15 digits.
fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if value.abs() >= EXACT {
        return format!("{value:E}");
    }
    if value.fract() == 0.0 {
        return format!("{value}");
    }
    let rounded = format!("{value:.14e}").parse().unwrap_or(value);
    format!("{rounded}")
}

fn time(moment: &ExcelDateTime) -> String {
    let serial = moment.as_f64();
    if !(0.0..END_OF_DAYS).contains(&serial) {
        return number(serial);
    }
    if moment.is_duration() {
        return duration(serial);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let clock = format!("{hour:02}:{minute:02}:{second:02}");
    match (serial < 1.0, (hour, minute, second) == (0, 0, 0)) {
        (true, _) => clock,
        (false, true) => date,
        (false, false) => format!("{date}T{clock}"),
    }
}

fn duration(days: f64) -> String {
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
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn a_phone_that_is_a_number_keeps_all_its_digits() {
        let cases = [
            (919_876_543_210.0, "919876543210"),
            (9.198_765_432_1e11, "919876543210"),
            (123_456_789_012_345.0, "123456789012345"),
            (999_999_999_999_999.0, "999999999999999"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (98_765.5, "98765.5"),
            (0.1 + 0.2, "0.3"),
            (-5.0, "-5"),
            (-0.0, "0"),
            (1e20, "100000000000000000000"),
            (1e21, "1E21"),
        ];
        for (value, expected) in cases {
            assert_eq!(text(&Data::Float(value)), expected);
        }
    }

    fn dated(serial: f64, kind: ExcelDateTimeType) -> String {
        text(&Data::DateTime(ExcelDateTime::new(serial, kind, false))).into_owned()
    }

    #[test]
    fn dates_are_iso() {
        let date = |serial| dated(serial, ExcelDateTimeType::DateTime);
        assert_eq!(date(45_413.0), "2024-05-01");
        assert_eq!(date(45_413.5), "2024-05-01T12:00:00");
        assert_eq!(date(0.75), "18:00:00");
        assert_eq!(dated(1.5625, ExcelDateTimeType::TimeDelta), "37:30:00");
    }

    #[test]
    fn a_phone_in_a_column_with_a_dates_format_stays_a_phone() {
        let date = |serial| dated(serial, ExcelDateTimeType::DateTime);
        assert_eq!(date(919_876_543_210.0), "919876543210");
        assert_eq!(date(9_876_543_210.0), "9876543210");
        assert_eq!(date(-1.0), "-1");
    }

    #[test]
    fn truths_are_words_and_errors_are_blank() {
        assert_eq!(text(&Data::Bool(true)), "true");
        assert_eq!(text(&Data::Error(calamine::CellErrorType::NA)), "");
        assert_eq!(streamed(&DataRef::SharedString("#N/A")), "#N/A");
    }
}
