//! One number as it is written in its cell, down to its digits.
//!
//! Takes off what people put around digits. Knows no numbering plan; a letter never becomes a digit.

use super::beside::{Company, against_ends, without_words};
use super::clean::unwrapped;
use super::digits::{AREA_CODE, is_digits, is_more_than_an_area_code};
use super::error::PhoneError;
use super::label::{without_extension, without_labels};
use super::lookalike;
use super::mask::{is_masked, undecorated};
use super::metadata::is_calling_code;
use super::spreadsheet::spreadsheet_number;
use super::unreadable::Unreadable;

/// The longest text that is looked at as one number, in characters; libphonenumber draws the same line.
pub(super) const LONGEST: usize = 250;

/// How a number begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberForm {
    /// With `+`: a calling code follows.
    Plus,
    /// With `00`: most likely a calling code follows.
    Zeros,
    /// With neither: its country must be known.
    Bare,
}

/// One number as it was written, down to its digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WrittenNumber {
    /// How it begins.
    pub(crate) form: NumberForm,
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

impl WrittenNumber {
    /// Whether it is too little to be a number of its own.
    pub(super) fn is_fragment(&self) -> bool {
        self.form != NumberForm::Plus && self.length() <= AREA_CODE
    }

    /// How many digits were written.
    pub(super) fn length(&self) -> usize {
        let zeros = if self.form == NumberForm::Zeros { 2 } else { 0 };
        zeros + self.digits.len()
    }
}

/// Reads one number down to its digits.
pub(super) fn written(part: &str, company: Company) -> Result<WrittenNumber, PhoneError> {
    // `nth` stops early; `count` would read all of a cell of 1 MB.
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
fn scanned(number: &str) -> Result<WrittenNumber, Unreadable> {
    match behind_code(number) {
        Some((number, code)) => Ok(WrittenNumber {
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
    // `without_extension` gives the beginning of its text.
    let extension = &with_extension[number.len()..];
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

/// The digits of a number in which only punctuation is left.
fn scan(text: &str) -> Result<WrittenNumber, Unreadable> {
    let (head, tail) = around_zero(text);
    let mut number = WrittenNumber {
        form: NumberForm::Bare,
        digits: String::with_capacity(text.len()),
        left_out: None,
        caveat: None,
    };
    push_all(&mut number, head)?;
    if let Some(tail) = tail {
        number.left_out = Some(number.digits.len());
        push_all(&mut number, tail)?;
    }
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

fn push_all(number: &mut WrittenNumber, text: &str) -> Result<(), Unreadable> {
    for c in text.chars() {
        match c {
            '0'..='9' => number.digits.push(c),
            '+' if number.digits.is_empty() => number.form = NumberForm::Plus,
            ' ' | '-' | '.' | '(' | ')' | '[' | ']' | '/' => {}
            _ => return Err(Unreadable::Letters),
        }
    }
    Ok(())
}

/// Takes the leading `00` off; behind a `+` it is a mistake for the same thing.
fn without_zeros(number: WrittenNumber) -> WrittenNumber {
    let Some(digits) = number.digits.strip_prefix("00") else {
        return number;
    };
    WrittenNumber {
        form: match number.form {
            NumberForm::Plus => NumberForm::Plus,
            NumberForm::Zeros | NumberForm::Bare => NumberForm::Zeros,
        },
        digits: digits.to_owned(),
        left_out: number.left_out.map(|at| at.saturating_sub(2)),
        caveat: number.caveat,
    }
}
