//! Phones: what stands in a cell, split into calling code and national significant number.
//!
//! Owns what a cell can mean: which of its readings counts, and what makes it doubtful. `cell` cleans the text before
//! that, `plan` asks the numbering plans after it. Where the cell came from, and what becomes of a doubt, is decided elsewhere.

mod beside;
mod between;
mod cell;
mod country;
mod error;
mod home;
mod label;
mod lookalike;
mod mask;
mod plan;
mod prefix;
mod shape;
mod whatsapp;

use std::fmt;

use cell::{Caveat, Form, Separator, Slash, Written, clean, full_numbers, numbers};
pub(crate) use country::country;
pub(crate) use error::{PhoneError, Unreadable};
pub(crate) use home::Home;
pub(crate) use plan::{calling_code, warm_up};
use plan::{has_longer_exit_code, international, is_calling_code, is_grouped_so, local};
use prefix::Base;

use super::region::Region;
use crate::vocabulary::is_nothing;

/// A phone that can be sent, as E.164 splits it. Its `Display` is E.164: `+919876543210`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Phone {
    /// The country calling code, no `+`.
    pub prefix: u16,
    /// The national significant number: digits, no trunk zero (Italy keeps its own).
    pub number: String,
    /// The region the number belongs to; `None` for international networks (`+800`).
    pub region: Option<Region>,
}

impl Phone {
    /// The E.164 digits (no `+`) as one number: the key by which two contacts are the same.
    pub(crate) fn key(&self) -> u64 {
        self.number
            .bytes()
            .fold(u64::from(self.prefix), |key, digit| {
                key.wrapping_mul(10)
                    .wrapping_add(u64::from(digit.wrapping_sub(b'0')))
            })
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+{}{}", self.prefix, self.number)
    }
}

/// A phone that was read, and what is to be said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The phone.
    pub(crate) phone: Phone,
    /// `Some` where it is possible by its length, but not valid by its numbering plan: why.
    pub(crate) doubt: Option<PhoneError>,
    /// Worth a warning, although it can be sent.
    pub(crate) remark: Option<PhoneRemark>,
}

/// Something about a phone that a user should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PhoneRemark {
    /// It starts with its country's calling code and was read so, but would be a valid local number too.
    Ambiguous,
    /// The cell held several numbers: the first usable one was taken.
    Several,
}

impl fmt::Display for PhoneRemark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PhoneRemark::Ambiguous => "the phone starts with its own calling code, and could be local too: write it with +",
            PhoneRemark::Several => "the cell holds several numbers: the first usable one was taken",
        })
    }
}

type Answer = Result<Reading, PhoneError>;

/// Reads a cell that holds a phone. Of several numbers the first valid one counts.
pub(crate) fn read(cell: &str, home: Home) -> Result<Reading, PhoneError> {
    read_cell(cell, &Base::Home(home))
}

/// Reads a phone whose calling code (or region) stands in a cell of its own.
///
/// The number may be national, with or without trunk zero, or start with the calling code once more; one with `+`
/// stands for itself. Without a prefix this is [`read`].
pub(crate) fn read_parts(
    prefix_cell: &str,
    number_cell: &str,
    home: Home,
) -> Result<Reading, PhoneError> {
    read_cell(number_cell, &Base::of(prefix_cell, home))
}

/// Reads every number of a cell, where all of them count and none is the best: of a list of numbers that are not to be
/// called. None for a blank cell.
pub(crate) fn read_every(
    prefix_cell: Option<&str>,
    cell: &str,
    home: Home,
) -> Vec<Result<Reading, PhoneError>> {
    let base = prefix_cell.map_or(Base::Home(home), |prefix| Base::of(prefix, home));
    let text = clean(cell);
    if is_nothing(&text) {
        return Vec::new();
    }
    let best = read_cell(cell, &base);
    let apart = every_number(&text, Slash::Separates, &base);
    let is_one = apart.len() < 2 || best.is_err() || shape::linked(&text).is_some();
    if is_one || apart.iter().all(is_valid) {
        return if is_one { vec![best] } else { apart };
    }
    // One number with a slash in it, as `0171/2345678`.
    let joined = every_number(&text, Slash::Joins, &base);
    match joined.iter().all(Result::is_ok) {
        true => joined,
        false => apart,
    }
}

fn every_number(text: &str, slash: Slash, base: &Base) -> Vec<Answer> {
    let numbers = numbers(text, slash);
    let mut readings: Vec<Answer> = numbers
        .iter()
        .map(|number| read_number(number.as_ref().map_err(Clone::clone)?, base))
        .collect();
    // The rest of a longer list was not read.
    if full_numbers(text, slash) > readings.len() {
        readings.push(Err(Unreadable::Long.into()));
    }
    readings
}

/// Reads prefix and number of a profile that goes to the platform unchanged: both must be exactly what the platform
/// joins. A doubtful phone is the caller's to decide about.
pub(crate) fn read_presplit(prefix: &str, number: &str) -> Result<Reading, PhoneError> {
    if number.is_empty() {
        return Err(PhoneError::Blank);
    }
    let is_code = prefix.parse().is_ok_and(is_calling_code);
    let are_digits = prefix
        .bytes()
        .chain(number.bytes())
        .all(|byte| byte.is_ascii_digit());
    if !are_digits || prefix.is_empty() || number.len() > cell::LONGEST {
        return Err(Unreadable::NotSplit.into());
    }
    if !is_code {
        return Err(Unreadable::CallingCode.into());
    }
    let reading = international(&format!("{prefix}{number}"), None)?;
    let is_same = reading.phone.prefix.to_string() == prefix && reading.phone.number == number;
    if is_same {
        Ok(reading)
    } else {
        Err(Unreadable::NotSplit.into())
    }
}

fn read_cell(cell: &str, base: &Base) -> Answer {
    let text = clean(cell);
    if is_nothing(&text) {
        return Err(PhoneError::Blank);
    }
    if let Some(number) = shape::linked(&text) {
        return first_valid(&number, Slash::Joins, base);
    }
    // A longer dash before a number is a bullet.
    let has_minus = cell.trim_start().starts_with(['-', '\u{2212}']);
    if let Some(why) = lookalike::of(&text, has_minus) {
        return Err(why.into());
    }
    if let Some(digits) = lookalike::without_thousands(&text) {
        let answer = first_valid(&digits, Slash::Separates, base);
        return prefer(answer, || Err(Unreadable::Thousands.into()));
    }
    let apart = first_valid(&text, Slash::Separates, base);
    if is_valid(&apart) || apart == Err(Unreadable::NotWhole.into()) {
        return apart;
    }
    let joined = match text.contains('/') {
        true => prefer(apart, || first_valid(&text, Slash::Joins, base)),
        false => apart,
    };
    prefer(joined, || first_of_pair(&text, base))
}

/// Two numbers with only a dash or wide space between them, which is punctuation in one that is valid as a whole.
fn first_of_pair(text: &str, base: &Base) -> Answer {
    let read = |text| first_valid(text, Slash::Joins, base);
    // Words may belong to either of the two.
    if text.contains(char::is_alphabetic) {
        return Err(PhoneError::Blank);
    }
    for between in [" - ", "  "] {
        let Some((first, second)) = text.split_once(between) else {
            continue;
        };
        let first = read(first);
        if is_valid(&first) && is_valid(&read(second)) {
            return first.map(|reading| Reading {
                remark: Some(PhoneRemark::Several),
                ..reading
            });
        }
    }
    Err(PhoneError::Blank)
}

/// The first valid number of a cell; without one the first doubtful, and without that the first one's error.
fn first_valid(text: &str, slash: Slash, base: &Base) -> Answer {
    let numbers = numbers(text, slash);
    let mut readings = numbers
        .iter()
        .map(|number| read_number(number.as_ref().map_err(Clone::clone)?, base));
    let first = readings.next().unwrap_or(Err(PhoneError::Blank));
    let mut reading = readings.fold(first, |kept, next| prefer(kept, || next))?;
    let count = numbers
        .iter()
        .flatten()
        .filter(|number| !number.is_fragment())
        .count();
    // One that nobody can read for what stands beside it is a number all the same.
    if count > 1 || (numbers.len() > 1 && full_numbers(text, slash) > 1) {
        reading.remark = reading.remark.or(Some(PhoneRemark::Several));
    }
    Ok(reading)
}

/// Reads one number; where it is not valid without its `(0)`, with it (Italy dials it from abroad too).
fn read_number(number: &Written, base: &Base) -> Answer {
    let form = match is_own_code_before_zero(number, base) {
        true => Form::Plus,
        false => number.form,
    };
    let reading = read_digits(form, &number.digits, base);
    let left_out = number
        .left_out
        .and_then(|at| number.digits.split_at_checked(at));
    let reading = match left_out {
        Some((head, tail)) => prefer(reading, || {
            read_digits(form, &format!("{head}0{tail}"), base)
        }),
        None => reading,
    };
    match number.caveat {
        None => reading,
        Some(Caveat::OwnPlus(code)) => with_code_before(reading, number, code),
        Some(caveat) => believed(reading?, number, caveat, base),
    }
}

/// `52+786…`: the code belongs to the digits behind the plus, unless they are a number of their own.
fn with_code_before(reading: Answer, number: &Written, code: usize) -> Answer {
    let rest = number.digits.get(code..).unwrap_or_default();
    let own = international(rest, None);
    match is_valid(&reading) && is_valid(&own) {
        true => Err(Unreadable::Ambiguous.into()),
        false => prefer(reading, || own),
    }
}

/// A reading, unless its numbering plan bears out what may be wrong with it.
fn believed(reading: Reading, number: &Written, caveat: Caveat, base: &Base) -> Answer {
    let phone = &reading.phone;
    let is_part = |digits| may_be_part(number, digits, base);
    let doubt = match caveat {
        Caveat::Hidden(digits) => is_part(digits).then_some(Unreadable::Masked),
        Caveat::Tail(digits, Separator::Slash) if is_short_alternative(digits, phone) => None,
        Caveat::Tail(digits, _) => {
            (digits <= SHORT_TAIL || is_part(digits)).then_some(Unreadable::NotWhole)
        }
        Caveat::Date(sign, groups) => {
            (!is_grouped_so(phone, sign, &groups)).then_some(Unreadable::Date)
        }
        Caveat::OwnPlus(_) => None,
    };
    doubt.map_or(Ok(reading), |why| Err(why.into()))
}

/// Whether a number with that many more digits would be possible by its length.
fn may_be_part(number: &Written, digits: usize, base: &Base) -> bool {
    let longer = format!("{}{}", number.digits, "0".repeat(digits));
    read_digits(number.form, &longer, base).is_ok()
}

/// The digits behind a separator that are never a number of their own.
const SHORT_TAIL: usize = 3;

/// `030 901820/21`: in Germany and Italy the last digits of a second number may follow the first.
fn is_short_alternative(digits: usize, phone: &Phone) -> bool {
    const LONGEST: usize = 2;
    digits <= LONGEST && matches!(phone.prefix, 39 | 49)
}

/// `39 (0) 83141943`: what stands before a zero that is dialled only inside the country is the country's code.
fn is_own_code_before_zero(number: &Written, base: &Base) -> bool {
    let head = number.left_out.and_then(|at| number.digits.get(..at));
    let own = base.region().and_then(calling_code);
    number.form == Form::Bare
        && own.is_some()
        && head.map(str::parse).is_some_and(|head| head.ok() == own)
}

fn read_digits(form: Form, digits: &str, base: &Base) -> Answer {
    match form {
        Form::Plus => from_abroad(digits, base.region()),
        Form::Zeros => after_zeros(digits, base.region()),
        Form::Bare => bare(digits, base),
    }
}

/// Digits behind `+` or `00`. Colombia's trunk zero is left out too (`+57 0 301…`): libphonenumber knows it only before the
/// codes of carriers.
fn from_abroad(digits: &str, region: Option<Region>) -> Answer {
    let reading = international(digits, region);
    match digits.strip_prefix("570") {
        Some(national) => prefer(reading, || international(&format!("57{national}"), region)),
        None => reading,
    }
}

/// `00` is the way abroad nearly everywhere; where it is not, the region's own reading may still be valid. Where both are
/// (`005 73…` in Colombia, which has 005 and 00), the one with the region's own calling code is taken, else neither.
fn after_zeros(digits: &str, region: Option<Region>) -> Answer {
    let abroad = from_abroad(digits, region);
    let Some(region) = region else {
        return abroad;
    };
    let own = || local(&format!("00{digits}"), region);
    if !has_longer_exit_code(region) {
        return prefer(abroad, own);
    }
    match (abroad, own()) {
        (Ok(abroad), Ok(own))
            if abroad.is_valid() && own.is_valid() && abroad.phone != own.phone =>
        {
            let code = calling_code(region);
            let mut ours = [abroad, own]
                .into_iter()
                .filter(|reading| Some(reading.phone.prefix) == code);
            match (ours.next(), ours.next()) {
                (Some(only), None) => Ok(only),
                _ => Err(Unreadable::Ambiguous.into()),
            }
        }
        (abroad, own) => prefer(abroad, || own),
    }
}

fn bare(digits: &str, base: &Base) -> Answer {
    match base {
        Base::Home(Home::Region(region)) => local_or_own(digits, *region),
        Base::Lead {
            digits: lead,
            region,
        } => after_lead(lead, digits, *region),
        Base::Unreadable => Err(Unreadable::Prefix.into()),
        Base::Home(_) if digits.len() <= cell::AREA_CODE => Err(Unreadable::Fragment.into()),
        Base::Home(Home::International) => international(digits, None),
        Base::Home(Home::Unset) => Err(PhoneError::NoCountry),
    }
}

/// From so many digits on a number that starts with its own calling code is hardly ever local.
const WITH_CODE: usize = 12;

/// Local digits, or digits that start with the region's own calling code without saying so.
///
/// Never another region's code: a doubled digit would make many a local number a stranger's abroad.
fn local_or_own(digits: &str, region: Region) -> Answer {
    let local = local(digits, region);
    let starts_with_own =
        calling_code(region).is_some_and(|code| digits.starts_with(&code.to_string()));
    if !starts_with_own {
        // What is not too long may be a local number with a digit too many, or a wrong one.
        return match &local {
            Err(PhoneError::TooLong { .. }) => prefer(local, || after_trunk_zero(digits, region)),
            _ => local,
        };
    }
    let own = international(digits, Some(region));
    match (own, local) {
        // `270825575` in South Africa is what Excel leaves of 027 082 5575; a calling code without a plus, but with a trunk
        // zero behind it, is rare.
        (Ok(own), Ok(local)) if local.is_valid() && has_lost_zero(&own.phone, digits) => {
            Ok(Reading {
                remark: Some(PhoneRemark::Ambiguous),
                ..local
            })
        }
        (Ok(own), Ok(local)) if own.is_valid() && local.is_valid() && own.phone != local.phone => {
            Ok(Reading {
                remark: Some(PhoneRemark::Ambiguous),
                ..own
            })
        }
        // The plan as it is known has no such number abroad, but plans grow: what is as long as a number with its calling
        // code is not taken for a local one that a permissive plan allows.
        (Ok(own), Ok(local)) if local.is_valid() && own.phone != local.phone => {
            if digits.len() >= WITH_CODE {
                return Ok(own);
            }
            Ok(Reading {
                remark: Some(PhoneRemark::Ambiguous),
                ..local
            })
        }
        // Too long to be local, so it is measured as what follows the calling code.
        (own, Err(PhoneError::TooLong { .. })) => own,
        (own, local) => prefer(local, || own),
    }
}

/// Whether a phone was read by leaving out a zero behind its calling code.
fn has_lost_zero(phone: &Phone, digits: &str) -> bool {
    digits.len() > phone.prefix.to_string().len() + phone.number.len()
}

/// `091 98765 43210`: a trunk zero before the region's own calling code is never dialled, but often written.
fn after_trunk_zero(digits: &str, region: Region) -> Answer {
    let own = digits.strip_prefix('0').filter(|rest| {
        calling_code(region).is_some_and(|code| rest.starts_with(&code.to_string()))
    });
    let own = own.filter(|rest| rest.len() >= WITH_CODE);
    match own.map(|rest| international(rest, Some(region))) {
        Some(Ok(reading)) if reading.is_valid() => Ok(reading),
        _ => Err(PhoneError::Blank),
    }
}

fn after_lead(lead: &str, digits: &str, region: Option<Region>) -> Answer {
    let led = international(&format!("{lead}{digits}"), region);
    match region {
        Some(region) => prefer(led, || local_or_own(digits, region)),
        None if digits.starts_with(lead) => prefer(led, || international(digits, None)),
        None => led,
    }
}

/// The first reading, unless only the second is valid, or only the second is a reading at all.
fn prefer(first: Answer, second: impl FnOnce() -> Answer) -> Answer {
    if is_valid(&first) {
        return first;
    }
    let second = second();
    if is_valid(&second) || first.is_err() && second.is_ok() {
        second
    } else {
        first
    }
}

fn is_valid(answer: &Answer) -> bool {
    answer.as_ref().is_ok_and(Reading::is_valid)
}

impl Reading {
    fn is_valid(&self) -> bool {
        self.doubt.is_none()
    }

    /// The other valid numbers that digits without a plus may mean which start with their own calling code: with the code
    /// as a part of a local number, and without it.
    pub(crate) fn others(&self) -> impl Iterator<Item = Phone> {
        let is_open = self.remark == Some(PhoneRemark::Ambiguous) || !self.is_valid();
        let Phone { prefix, number, .. } = &self.phone;
        let as_local = is_open.then(|| format!("{prefix}{prefix}{number}"));
        let starts_with_code = number.starts_with(&prefix.to_string());
        let as_own = (is_open && starts_with_code).then(|| number.clone());
        let digits = [as_local, as_own].into_iter().flatten();
        digits
            .filter_map(|digits| international(&digits, None).ok())
            .filter(Reading::is_valid)
            .map(|reading| reading.phone)
    }
}

#[cfg(test)]
mod tests;
