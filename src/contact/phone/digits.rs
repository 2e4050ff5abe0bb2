//! Counting digits: what is too short for a number of its own.

/// More national digits than any area code has: text before a `/` with more digits is a number of its own.
pub(super) const AREA_CODE: usize = 5;

/// Whether a text has more digits than any area code.
pub(super) fn is_more_than_an_area_code(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let with_code = text.contains('+') || digits.starts_with("00");
    let national = digits.trim_start_matches('0').len();
    // Two digits are the usual length of a calling code.
    national.saturating_sub(if with_code { 2 } else { 0 }) > AREA_CODE
}

pub(super) fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}
