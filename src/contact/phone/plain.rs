//! The fast way: a cell that holds one number in plain digits and punctuation, of which the phone table knows that it
//! is valid.
//!
//! Gives only what the long way (`cell`) gives too, and that without a doubt or a remark; `tests/differential.rs`
//! compares them. What a check of the long way might refuse or change is left to it: a sign that may hide a digit, a
//! date, an amount, a card.

use super::digits::{AREA_CODE, Digits};
use super::home::Home;
use super::metadata::has_longer_exit_code;
use super::prefix::DialContext;
use super::reading::PhoneReading;
use super::table::{self, KnownNumber};
use super::written::NumberForm;

/// The longest cell that is looked at, in bytes.
const LONGEST: usize = 40;

/// The most digits: payment cards have 16, and no phone in use has more than 15.
const MOST_DIGITS: usize = 15;

/// The phone of a plain cell, if the table knows it.
pub(super) fn read(cell: &str, context: &DialContext) -> Option<PhoneReading> {
    let number = PlainNumber::of(cell)?;
    let known = match number.form {
        NumberForm::Plus => table::international(&number.digits)?,
        NumberForm::Zeros => {
            // Where some other way abroad begins with 00 too, both readings have to be compared.
            let region = context.region();
            if region.is_some_and(has_longer_exit_code) {
                return None;
            }
            table::international(&number.digits)?
        }
        NumberForm::Bare => number.bare(context)?,
    };
    Some(known.into())
}

/// A number in a plain cell.
struct PlainNumber {
    form: NumberForm,
    /// The digits after the `+` or `00`.
    digits: Digits,
    /// How many digits are before a `(0)` that was left out.
    left_out: Option<usize>,
}

impl PlainNumber {
    fn of(cell: &str) -> Option<PlainNumber> {
        let scan = Scan::of(cell)?;
        let digits = scan.digits;
        let has_zeros = digits.as_bytes().starts_with(b"00");
        let (form, digits) = match (scan.has_plus, has_zeros) {
            // `+00` is a mistake for either.
            (true, true) => return None,
            (true, false) => (NumberForm::Plus, digits),
            (false, true) => (NumberForm::Zeros, digits.without_first(2)),
            (false, false) => (NumberForm::Bare, digits),
        };
        let left_out = scan.left_out;
        let number = PlainNumber {
            form,
            digits,
            left_out,
        };
        scan.is_surely_a_phone().then_some(number)
    }

    /// Digits without `+` and `00`, as `number::bare` reads them.
    fn bare(&self, context: &DialContext) -> Option<KnownNumber> {
        match context {
            // `39 (0) 83141943`: as `number::is_own_code_before_zero`.
            _ if self.left_out.is_some() && self.has_own_code(context) => {
                table::international(&self.digits)
            }
            DialContext::Home(Home::Region(region)) => table::national(&self.digits, *region),
            DialContext::Home(Home::International) => table::international(&self.digits),
            DialContext::Lead { digits: lead, .. } => {
                table::international(&Digits::of(&[lead, self.digits.as_str()])?)
            }
            DialContext::Home(Home::Unset) | DialContext::Unreadable => None,
        }
    }

    /// Whether the digits before a `(0)` that was left out are the calling code of the region at hand.
    fn has_own_code(&self, context: &DialContext) -> bool {
        let head = self.left_out.and_then(|at| self.digits.first(at).number());
        head.is_some() && head == context.region().and_then(table::calling_code)
    }
}

/// A plain cell after one pass over its bytes.
#[derive(Default)]
struct Scan {
    digits: Digits,
    has_plus: bool,
    left_out: Option<usize>,
    dots: usize,
    /// Whether there is punctuation other than full stops and brackets.
    has_other_signs: bool,
    /// The lengths of the first groups of digits.
    groups: [usize; 3],
    group_count: usize,
}

impl Scan {
    /// Reads the bytes of a cell that begins with a digit, a bracket or a `+` and ends with a digit.
    fn of(cell: &str) -> Option<Scan> {
        let text = cell.trim_ascii();
        // A spreadsheet's mark of a text.
        let text = text.strip_prefix('\'').unwrap_or(text).as_bytes();
        let (first, last) = (text.first()?, text.last()?);
        let begins = first.is_ascii_digit() || matches!(first, b'+' | b'(');
        if !begins || !last.is_ascii_digit() || text.len() > LONGEST {
            return None;
        }
        let mut scan = Scan::default();
        let mut before = b' ';
        let mut rest = text;
        while let Some((byte, after)) = rest.split_first() {
            rest = scan.take(before, *byte, after)?;
            before = *byte;
        }
        Some(scan)
    }

    /// Takes a byte; what follows it, or `None` where the cell is not plain.
    fn take<'a>(&mut self, before: u8, byte: u8, after: &'a [u8]) -> Option<&'a [u8]> {
        match byte {
            b'0'..=b'9' => self.take_digit(before, byte)?,
            b'+' if before == b' ' && self.is_empty() => self.has_plus = true,
            b'(' => return self.open(after),
            b')' => {}
            b' ' => self.has_other_signs = true,
            // Twice the same sign may be in the place of digits.
            b'-' if before != byte => self.has_other_signs = true,
            b'.' if before != byte => self.dots += 1,
            b'/' if self.is_in_area_code() => self.has_other_signs = true,
            _ => return None,
        }
        Some(after)
    }

    /// Behind more digits than an area code has, a `/` separates two numbers. A `(0)` counts there.
    fn is_in_area_code(&self) -> bool {
        self.digits.len() + usize::from(self.left_out.is_some()) <= AREA_CODE
    }

    fn is_empty(&self) -> bool {
        !self.has_plus && self.digits.len() == 0
    }

    fn take_digit(&mut self, before: u8, digit: u8) -> Option<()> {
        if !before.is_ascii_digit() {
            self.group_count += 1;
        }
        if let Some(length) = self.groups.get_mut(self.group_count.wrapping_sub(1)) {
            *length += 1;
        }
        self.digits.push(digit).then_some(())
    }

    /// A bracket: one with only a zero in it, behind other digits, is left out.
    fn open<'a>(&mut self, after: &'a [u8]) -> Option<&'a [u8]> {
        match after {
            [b'0', b')', rest @ ..] if self.digits.len() > 0 && self.left_out.is_none() => {
                self.left_out = Some(self.digits.len());
                Some(rest)
            }
            [b'0', b')', ..] | [b' ', ..] => None,
            _ => Some(after),
        }
    }

    /// Whether nothing but a phone is written so: as `lookalike`, `spreadsheet` and `written` see it.
    fn is_surely_a_phone(&self) -> bool {
        // A cut-off number, and no number at all.
        let is_whole = self.has_plus || self.digits.len() > AREA_CODE;
        is_whole
            && !self.may_be_a_card()
            && !self.may_be_rounded()
            && !self.may_be_a_date()
            && self.has_only_plain_dots()
    }

    /// American Express has 15 digits, which begin with 34 or 37.
    fn may_be_a_card(&self) -> bool {
        let digits = self.digits.as_bytes();
        digits.len() > MOST_DIGITS || digits.len() == MOST_DIGITS && digits.starts_with(b"3")
    }

    /// A spreadsheet's number whose last digits are gone ends with six zeros.
    fn may_be_rounded(&self) -> bool {
        !self.has_plus && self.digits.as_bytes().ends_with(b"000000")
    }

    /// Day, month and year are three groups of at most two digits, the year of two or four.
    fn may_be_a_date(&self) -> bool {
        let is_part = |length: &usize| matches!(length, 1 | 2 | 4);
        !self.has_plus && self.group_count == 3 && self.groups.iter().all(is_part)
    }

    /// One full stop is a decimal point, three are in an address on the internet; with other signs they are in tax
    /// numbers and in the coordinates of places.
    fn has_only_plain_dots(&self) -> bool {
        self.dots == 0 || !self.has_other_signs && !matches!(self.dots, 1 | 3)
    }
}
