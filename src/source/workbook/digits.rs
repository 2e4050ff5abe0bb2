//! The digits of a stored number as text. Pure.

/// Numbers from here on are shown with an exponent: a spreadsheet stores 15 digits, so that the others are lost already.
const EXACT: f64 = 1e21;

/// All digits of a number without an exponent. A fraction has 15 digits, as in Excel.
pub(super) fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if value.abs() >= EXACT {
        return format!("{value:E}");
    }
    if value.fract() == 0.0 {
        return format!("{value}");
    }
    // 0.1 + 0.2 is 0.30000000000000004 as a float, and 0.3 in the sheet.
    let rounded = format!("{value:.14e}").parse().unwrap_or(value);
    format!("{rounded}")
}

#[cfg(test)]
mod tests {
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
            assert_eq!(number(value), expected);
        }
    }
}
