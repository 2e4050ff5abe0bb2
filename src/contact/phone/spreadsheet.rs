//! Numbers that passed through the number type of a spreadsheet or a program: whole, or with digits lost for good.

use super::digits::is_digits;
use super::error::PhoneError;

/// The digits of a number that passed through a spreadsheet's or a program's number type: `919876543210.0`,
/// `9.19876543210E+11` with every digit there. `None` where the text is no such number; an error where its digits are
/// gone.
pub(super) fn spreadsheet_number(text: &str) -> Option<Result<String, PhoneError>> {
    let (plus, unsigned) = match text.strip_prefix('+') {
        Some(unsigned) => ("+", unsigned),
        None => ("", text),
    };
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, ""));
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let shift = match exponent {
        "" if unsigned.len() != mantissa.len() => return None,
        "" if !fraction.is_empty() && fraction.bytes().all(|digit| digit == b'0') => 0,
        // Who wrote a `+` wrote text.
        "" if fraction.is_empty() && plus.is_empty() && is_rounded(unsigned) => 0,
        "" => return None,
        exponent => exponent_of(exponent)?,
    };
    match fraction.split_at_checked(shift) {
        Some((digits, rest)) if rest.chars().all(|c| c == '0') => {
            let number = format!("{plus}{whole}{digits}");
            Some(if is_rounded(&number) {
                Err(PhoneError::DigitsLost)
            } else {
                Ok(number)
            })
        }
        Some(_) => None,
        None => Some(Err(PhoneError::DigitsLost)),
    }
}

/// `4915120000000`: what Excel had shortened to `4.91512E+12` and then wrote out again. No phone with its calling code
/// in use ends with this many zeros.
fn is_rounded(digits: &str) -> bool {
    const SHORTEST: usize = 12;
    const KEPT: usize = 6;
    let digits = digits.trim_start_matches('+');
    let zeros = digits.len() - digits.trim_end_matches('0').len();
    digits.len() >= SHORTEST && !digits.starts_with('0') && zeros + KEPT >= digits.len()
}

fn exponent_of(text: &str) -> Option<usize> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (is_digits(digits) && digits.len() <= 3).then(|| digits.parse().ok())?
}
