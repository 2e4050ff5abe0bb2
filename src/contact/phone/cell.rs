//! The text of a phone cell, before any numbering plan: which numbers stand in it, and how each is written.
//!
//! Takes off what spreadsheets, exports and people put around digits. Knows no country; a letter never becomes a digit.

use std::borrow::Cow;

use super::beside::{Company, against, against_alone, against_ends, without_words};
use super::between::{around_word, with_word_before};
use super::error::{PhoneError, Unreadable};
use super::label::{without_extension, without_labels};
use super::lookalike;
use super::mask::{is_bullet, is_masked, undecorated};
use super::plan::is_calling_code;
use crate::text::is_invisible;
use crate::vocabulary::is_nothing;

/// The longest text that is looked at as one number, in characters; libphonenumber draws the same line.
pub(super) const LONGEST: usize = 250;

/// How many numbers of one cell are looked at.
const MOST: usize = 16;

/// The longest cell that is looked at, in bytes. Cutting looks back at every separator, so that a cell of 1 MB would
/// take its square.
const LONGEST_CELL: usize = MOST * LONGEST;

/// More national digits than any area code has: what stands before a `/` with so many is a number of its own.
pub(super) const AREA_CODE: usize = 5;

/// How a number begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// With `+`: a calling code follows.
    Plus,
    /// With `00`: most likely a calling code follows.
    Zeros,
    /// With neither: its country must be known.
    Bare,
}

/// One number as it was written, down to its digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// How it begins.
    pub(crate) form: Form,
    /// ASCII digits, after the `+` or `00`.
    pub(crate) digits: String,
    /// Where among the digits a `(0)` was left out.
    pub(crate) left_out: Option<usize>,
    /// What its numbering plan must say before it is believed.
    pub(crate) caveat: Option<Caveat>,
}

/// Why a number is not believed for its validity alone: it may be the part of another, or no phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caveat {
    /// A sign that touches its digits may hide this many more.
    Hidden(usize),
    /// This many digits follow it and a separator: another number in short, or its own end.
    Tail(usize, Separator),
    /// It may be a date: this sign is between groups of these lengths.
    Date(char, [usize; 3]),
    /// A `+` follows its calling code, which has this many digits, so that the rest may be a number of its own.
    OwnPlus(usize),
}

/// What is between two parts of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    /// A `/`, behind which some countries write only the last digits of the next number.
    Slash,
    /// Anything else.
    Other,
}

/// A part of a cell, and what separates it from the one before.
#[derive(Clone, Copy)]
struct Part<'a> {
    text: &'a str,
    behind: Separator,
}

/// What a `/` between digits is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slash {
    /// It stands between two numbers, where the first is more than an area code.
    Separates,
    /// It is punctuation inside a number.
    Joins,
}

/// A cell's text in plain characters: ASCII digits and signs, no invisible marks, nothing around it.
pub(super) fn clean(cell: &str) -> Cow<'_, str> {
    if cell.is_ascii() && !cell.contains(|c: char| c.is_ascii_control()) {
        return Cow::Borrowed(unwrapped(cell));
    }
    let plain: String = cell
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(plain)
        .collect();
    Cow::Owned(unwrapped(&plain).to_owned())
}

/// The ASCII character that a character stands for.
fn plain(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{2212}'
        | '\u{30FC}'
        | '\u{FE58}'
        | '\u{FE63}' => '-',
        '\u{FE62}' => '+',
        '\u{60C}' | '\u{3001}' => ',',
        '\u{61B}' => ';',
        '‘' | '’' | '“' | '”' | '„' | '‚' | '´' | '«' | '»' => '\'',
        _ if c.is_whitespace() => ' ',
        _ if is_bullet(c) => '\u{2022}',
        _ => digit(c).unwrap_or(c),
    }
}

/// The ASCII digit of a decimal digit of another script (full width is dealt with before).
fn digit(c: char) -> Option<char> {
    const ZEROS: [u32; 17] = [
        0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6,
        0x0D66, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x17E0,
    ];
    let value = ZEROS
        .iter()
        .filter_map(|zero| u32::from(c).checked_sub(*zero))
        .find(|value| *value < 10)?;
    char::from_digit(value, 10)
}

/// Without what spreadsheets put around a number to keep it text: `'+49…`, `="+49…"`, `=+49…`, `[+49…]`.
fn unwrapped(text: &str) -> &str {
    text.trim_matches(|c: char| {
        let is_picture = matches!(c, '☎' | '✆' | '📞' | '📱');
        is_picture
            || c.is_whitespace()
            || matches!(c, '\'' | '"' | '`' | '=' | '<' | '>' | '{' | '}')
    })
}

/// Digits from which on a part is a number, and not what stands beside one.
const FULL: usize = 7;

/// The numbers of a cleaned text, in their order; a part that holds none is an error in its place.
pub(super) fn numbers(text: &str, slash: Slash) -> Numbers {
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
    for part in parts.into_iter().take(MOST) {
        let number = written(part.text, company);
        // After `0171, ` or `0171***, ` a bare `1234567` is no number of its own, but the rest of one that was cut.
        let is_rest = (fragment || numbers.last() == Some(&Err(Unreadable::Masked.into())))
            && number
                .as_ref()
                .is_ok_and(|written| written.form == Form::Bare);
        fragment = number.as_ref().is_ok_and(Written::is_fragment);
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

/// Whether the parts of a text hold one number. An error where a part without a number says that one is not to be sent.
fn company(text: &str, parts: &[Part<'_>]) -> Result<Company, Unreadable> {
    // Only words ask for it, and nearly no cell has some.
    if !text.contains(char::is_alphabetic) {
        return Ok(Company::Alone);
    }
    // An address is another thing, and says nothing of the number.
    let is_word = |part: &&Part| !part.text.contains(|c: char| c.is_ascii_digit() || c == '@');
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

type Numbers = Vec<Result<Written, PhoneError>>;

/// The last number that is not a few digits, which are no number alone behind another.
fn last_whole(numbers: &mut Numbers) -> Option<&mut Result<Written, PhoneError>> {
    let is_whole = |number: &Written| !number.is_fragment();
    let mut backwards = numbers.iter_mut().rev();
    backwards.find(|number| number.as_ref().is_ok_and(is_whole))
}

/// Notes on the number before some digits that it may have lost them.
fn add_tail(
    number: &mut Result<Written, PhoneError>,
    tail: &Result<Written, PhoneError>,
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

fn count_full(parts: &[Part<'_>]) -> usize {
    let digits = |part: &&Part| part.text.chars().filter(|c| c.is_numeric()).count();
    parts.iter().filter(|part| digits(part) >= FULL).count()
}

impl Written {
    /// Whether it is too little to be a number of its own.
    pub(super) fn is_fragment(&self) -> bool {
        self.form != Form::Plus && self.length() <= AREA_CODE
    }

    /// How many digits were written.
    fn length(&self) -> usize {
        let zeros = if self.form == Form::Zeros { 2 } else { 0 };
        zeros + self.digits.len()
    }
}

/// Cuts a text between its numbers. A number that a spreadsheet wrote with a decimal comma is not cut at it.
fn parts(text: &str, slash: Slash) -> Vec<Part<'_>> {
    let text = without_pauses(text);
    let mut part = Part {
        text,
        behind: Separator::Other,
    };
    if spreadsheet_number(text).is_some() {
        return vec![part];
    }
    let mut parts = Vec::new();
    while let Some((before, behind, after)) = cut(part.text, slash) {
        parts.push(Part {
            text: before,
            ..part
        });
        part = Part {
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

/// Whether a text has more digits than any area code.
pub(super) fn is_more_than_an_area_code(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let with_code = text.contains('+') || digits.starts_with("00");
    let national = digits.trim_start_matches('0').len();
    // Two digits are the usual length of a calling code.
    national.saturating_sub(if with_code { 2 } else { 0 }) > AREA_CODE
}

/// Reads one number down to its digits.
pub(super) fn written(part: &str, company: Company) -> Result<Written, PhoneError> {
    if part.chars().nth(LONGEST).is_some() {
        return Err(Unreadable::Long.into());
    }
    let (part, parameters) = part.split_once(';').unwrap_or((part, ""));
    if is_masked(unwrapped(part)) {
        return Err(Unreadable::Masked.into());
    }
    if let Some(why) = against_ends(part) {
        return Err(why.into());
    }
    let (part, hidden) = bare_number(part, company)?;
    if let Some(why) = lookalike::of(part, false) {
        return Err(why.into());
    }
    if let Some(digits) = spreadsheet_number(part) {
        return Ok(scan(&digits?)?);
    }
    let number = without_extension(part)?;
    let hidden = hidden + touching_extension(number, part);
    let mut written = match context(parameters)? {
        Some(context) if !number.contains('+') => scan(&format!("{context}{number}"))?,
        _ => scanned(number)?,
    };
    written.caveat = match hidden {
        0 => written.caveat.or_else(|| {
            lookalike::possible_date(part).map(|(sign, groups)| Caveat::Date(sign, groups))
        }),
        hidden => Some(Caveat::Hidden(hidden)),
    };
    Ok(written)
}

/// The digits of a number; what is before a `+` inside it is a calling code.
fn scanned(number: &str) -> Result<Written, Unreadable> {
    match behind_code(number) {
        Some((number, code)) => Ok(Written {
            caveat: Some(Caveat::OwnPlus(code)),
            ..scan(&number)?
        }),
        None => scan(number),
    }
}

/// A number without words and decoration around it, and how many digits the decoration may hide.
fn bare_number(part: &str, company: Company) -> Result<(&str, usize), Unreadable> {
    let (part, outside) = undecorated(unwrapped(part));
    let (part, inside) = undecorated(without_labels(part));
    let part = without_words(without_labels(part), company)?;
    Ok((without_count(with_code_once(part)), outside + inside))
}

/// The fewest digits of a group that people write at a number's end.
const GROUP: usize = 3;

/// `901820x12`: an extension, unless its `x` is a hidden digit and what follows are the number's last.
fn touching_extension(number: &str, with_extension: &str) -> usize {
    let extension = with_extension.get(number.len()..).unwrap_or_default();
    let touches = number.ends_with(|c: char| c.is_ascii_digit());
    match extension.strip_prefix(['x', 'X']) {
        Some(digits) if touches => 1 + digits.len(),
        // `+598 2123 x763`: what is this short has no extension of a whole group.
        Some(digits) if digits.trim().len() >= GROUP && !is_more_than_an_area_code(number) => {
            1 + digits.trim().len()
        }
        _ => 0,
    }
}

/// `+52 +52 1 …`: a form had the calling code before the number, and so had the number.
fn with_code_once(text: &str) -> &str {
    let doubled = || {
        let (code, again) = text.strip_prefix('+')?.split_once('+')?;
        let code = code.trim_end();
        let is_doubled = is_code(code) && again.starts_with(code);
        is_doubled.then(|| text.get(text.len() - again.len() - 1..))?
    };
    doubled().unwrap_or(text)
}

/// `52+786…`: a calling code, a `+` and the number. Its digits in one, and how many the code has.
fn behind_code(text: &str) -> Option<(String, usize)> {
    let (code, number) = text.split_once('+')?;
    let code = code.trim_end();
    is_code(code).then(|| (format!("+{code}{number}"), code.len()))
}

fn is_code(text: &str) -> bool {
    const LONGEST: usize = 3;
    text.len() <= LONGEST && is_digits(text) && text.parse().is_ok_and(is_calling_code)
}

/// `… (1)`: a digit in brackets behind a whole number counts the numbers.
fn without_count(text: &str) -> &str {
    let counted = || {
        let inside = text.strip_suffix([')', ']'])?;
        let (number, count) = inside.rsplit_once(['(', '['])?;
        let is_count = count.len() == 1 && is_digits(count);
        (is_count && is_more_than_an_area_code(number)).then(|| number.trim_end())
    };
    counted().unwrap_or(text)
}

/// The `phone-context` of a `tel:` URI, where it is a calling code; a domain name says nothing about the digits.
fn context(parameters: &str) -> Result<Option<&str>, Unreadable> {
    const NAME: &str = "phone-context=";
    let value = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_at_checked(NAME.len())?;
        name.eq_ignore_ascii_case(NAME).then_some(value)
    });
    match value {
        Some(value) if value.starts_with('+') => scan(value).map(|_| Some(value)),
        _ => Ok(None),
    }
}

/// The digits of a number that passed through a spreadsheet's or a program's number type: `919876543210.0`,
/// `9.19876543210E+11` with every digit there. `None` where the text is no such number; an error where its digits are gone.
fn spreadsheet_number(text: &str) -> Option<Result<String, PhoneError>> {
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
/// that anybody has ends with so many zeros.
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

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The digits of a number in which only punctuation is left.
fn scan(text: &str) -> Result<Written, Unreadable> {
    let (head, tail) = around_zero(text);
    let mut number = digits_of(head)?;
    let left_out = tail.map(|_| number.digits.len());
    for c in tail.unwrap_or_default().chars() {
        push(&mut number, c)?;
    }
    number.left_out = left_out;
    if number.digits.is_empty() {
        return Err(Unreadable::NoDigits);
    }
    Ok(without_zeros(number))
}

/// Parts a number at the `(0)` of `+44 (0)20 …`, which is dialled only inside the country.
fn around_zero(text: &str) -> (&str, Option<&str>) {
    // Three searches would cost more than all the rest, and most numbers have no bracket.
    if !text.contains(['(', '[']) {
        return (text, None);
    }
    let parted = ["(0)", "( 0 )", "[0]"]
        .iter()
        .find_map(|zero| text.split_once(zero));
    match parted {
        Some((head, tail)) if head.contains(|c: char| c.is_ascii_digit()) => (head, Some(tail)),
        _ => (text, None),
    }
}

fn digits_of(text: &str) -> Result<Written, Unreadable> {
    let mut number = Written {
        form: Form::Bare,
        digits: String::with_capacity(text.len()),
        left_out: None,
        caveat: None,
    };
    for c in text.chars() {
        push(&mut number, c)?;
    }
    Ok(number)
}

fn push(number: &mut Written, c: char) -> Result<(), Unreadable> {
    match c {
        '0'..='9' => number.digits.push(c),
        '+' if number.digits.is_empty() => number.form = Form::Plus,
        ' ' | '-' | '.' | '(' | ')' | '[' | ']' | '/' => {}
        _ => return Err(Unreadable::Letters),
    }
    Ok(())
}

/// Takes the leading `00` off; behind a `+` it is a mistake for the same thing.
fn without_zeros(number: Written) -> Written {
    let Some(digits) = number.digits.strip_prefix("00") else {
        return number;
    };
    let form = if number.form == Form::Plus {
        Form::Plus
    } else {
        Form::Zeros
    };
    let left_out = number.left_out.map(|at| at.saturating_sub(2));
    Written {
        form,
        digits: digits.to_owned(),
        left_out,
        caveat: number.caveat,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(cell: &str) -> Vec<String> {
        let numbers = numbers(&clean(cell), Slash::Separates);
        numbers
            .into_iter()
            .map(|number| number.map_or_else(|error| format!("{error:?}"), |number| spelt(&number)))
            .collect()
    }

    fn spelt(number: &Written) -> String {
        let start = match number.form {
            Form::Plus => "+",
            Form::Zeros => "00",
            Form::Bare => "",
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
                &["+4930901820", "Unreadable { why: Fax }"],
            ),
            (
                "Tel. 030 901820 Fax 030 901821",
                &["030901820", "Unreadable { why: Fax }"],
            ),
            (
                "T 030901820 F 030901821",
                &["030901820", "Unreadable { why: Fax }"],
            ),
            (
                "+4930901820 or +4930901821",
                &["+4930901820", "+4930901821"],
            ),
            ("030 901820 und 0171 1234567", &["030901820", "01711234567"]),
            (
                "030 901820 Fax No. 030 901821",
                &["030901820", "Unreadable { why: Fax }"],
            ),
            (
                "030 901820 Fax-Nr.: 030 901821",
                &["030901820", "Unreadable { why: Fax }"],
            ),
            (
                "030 901821 Fax 030 901820 Büro",
                &["Unreadable { why: Fax }", "030901820"],
            ),
            (
                "030 901820 wife mobile 0171 1234567",
                &["Unreadable { why: Letters }"],
            ),
            (
                "030 901821 Fax / 030 901820",
                &["Unreadable { why: Fax }", "030901820"],
            ),
            (
                "Tel/Fax +4930901820 / Fax +4930901821",
                &["Unreadable { why: Fax }", "Unreadable { why: Fax }"],
            ),
            (
                "030 901820 Mobil: 0171 1234567",
                &["030901820", "01711234567"],
            ),
            (
                "+49 30 901820 (Fax: +49 30 901821)",
                &["+4930901820", "Unreadable { why: Fax }"],
            ),
            (
                "030 901820 Faks +49 30 901821",
                &["030901820", "Unreadable { why: Fax }"],
            ),
            (
                "+49 30 901821 (Fax) +49 30 901820",
                &["Unreadable { why: Fax }", "+4930901820"],
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
    fn what_stands_for_nothing_is_nothing() {
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
