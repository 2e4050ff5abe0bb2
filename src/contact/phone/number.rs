//! One number of a cell: which of its possible readings counts, and what makes it doubtful.
//!
//! Owns the order in which readings are tried. `written` brought the number down to its digits; `parse` asks the
//! library.

use super::digits::AREA_CODE;
use super::e164::Phone;
use super::error::PhoneError;
use super::home::Home;
use super::metadata::{calling_code, has_longer_exit_code, is_grouped_so};
use super::parse::{international, local};
use super::prefix::DialContext;
use super::reading::{PhoneReading, PhoneRemark, PhoneResult, is_valid, prefer};
use super::unreadable::Unreadable;
use super::written::{Caveat, NumberForm, Separator, WrittenNumber};
use crate::contact::region::Region;

/// Reads one number; where it is not valid without its `(0)`, with it (Italy dials it from abroad too).
pub(super) fn read_number(number: &WrittenNumber, context: &DialContext) -> PhoneResult {
    let form = match is_own_code_before_zero(number, context) {
        true => NumberForm::Plus,
        false => number.form,
    };
    let reading = read_digits(form, &number.digits, context);
    let left_out = number
        .left_out
        .and_then(|at| number.digits.split_at_checked(at));
    let reading = match left_out {
        Some((head, tail)) => prefer(reading, || {
            read_digits(form, &format!("{head}0{tail}"), context)
        }),
        None => reading,
    };
    match number.caveat {
        None => reading,
        Some(Caveat::OwnPlus(code)) => with_code_before(reading, number, code),
        Some(caveat) => believed(reading?, number, caveat, context),
    }
}

/// `52+786…`: the code belongs to the digits behind the plus, unless they are a number of their own.
fn with_code_before(reading: PhoneResult, number: &WrittenNumber, code: usize) -> PhoneResult {
    // `001+2…` loses its zeros to the form, so the digits may be fewer than the code had.
    let rest = number.digits.get(code..).unwrap_or_default();
    let own = international(rest, None);
    match is_valid(&reading) && is_valid(&own) {
        true => Err(Unreadable::Ambiguous.into()),
        false => prefer(reading, || own),
    }
}

/// A reading, unless its numbering plan bears out what may be wrong with it.
fn believed(
    reading: PhoneReading,
    number: &WrittenNumber,
    caveat: Caveat,
    context: &DialContext,
) -> PhoneResult {
    let phone = &reading.phone;
    let is_part = |digits| may_be_part(number, digits, context);
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
fn may_be_part(number: &WrittenNumber, digits: usize, context: &DialContext) -> bool {
    let longer = format!("{}{}", number.digits, "0".repeat(digits));
    read_digits(number.form, &longer, context).is_ok()
}

/// The digits behind a separator that are never a number of their own.
const SHORT_TAIL: usize = 3;

/// `030 901820/21`: in Germany and Italy the last digits of a second number may follow the first.
fn is_short_alternative(digits: usize, phone: &Phone) -> bool {
    const LONGEST: usize = 2;
    digits <= LONGEST && matches!(phone.prefix, 39 | 49)
}

/// `39 (0) 83141943`: digits before a zero that is dialled only inside the country are the country's code.
fn is_own_code_before_zero(number: &WrittenNumber, context: &DialContext) -> bool {
    let head = number.left_out.and_then(|at| number.digits.get(..at));
    let own = context.region().and_then(calling_code);
    number.form == NumberForm::Bare
        && own.is_some()
        && head.map(str::parse).is_some_and(|head| head.ok() == own)
}

fn read_digits(form: NumberForm, digits: &str, context: &DialContext) -> PhoneResult {
    match form {
        NumberForm::Plus => from_abroad(digits, context.region()),
        NumberForm::Zeros => after_zeros(digits, context.region()),
        NumberForm::Bare => bare(digits, context),
    }
}

/// Digits behind `+` or `00`. Colombia's trunk zero is left out too (`+57 0 301…`): libphonenumber knows it only
/// before the codes of carriers.
fn from_abroad(digits: &str, region: Option<Region>) -> PhoneResult {
    let reading = international(digits, region);
    match digits.strip_prefix("570") {
        Some(national) => prefer(reading, || international(&format!("57{national}"), region)),
        None => reading,
    }
}

/// `00` is the way abroad nearly everywhere; where it is not, the region's own reading may still be valid. Where both
/// are (`005 73…` in Colombia, which has 005 and 00), the one with the region's own calling code is taken, else
/// neither.
fn after_zeros(digits: &str, region: Option<Region>) -> PhoneResult {
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

fn bare(digits: &str, context: &DialContext) -> PhoneResult {
    match context {
        DialContext::Home(Home::Region(region)) => local_or_own(digits, *region),
        DialContext::Lead {
            digits: lead,
            region,
        } => after_lead(lead, digits, *region),
        DialContext::Unreadable => Err(Unreadable::Prefix.into()),
        DialContext::Home(_) if digits.len() <= AREA_CODE => Err(Unreadable::Fragment.into()),
        DialContext::Home(Home::International) => international(digits, None),
        DialContext::Home(Home::Unset) => Err(PhoneError::NoCountry),
    }
}

/// A number of this many digits that starts with its own calling code is hardly ever local.
const WITH_CODE: usize = 12;

/// Local digits, or digits that start with the region's own calling code without saying so.
///
/// Never another region's code: a doubled digit would make many a local number a stranger's abroad.
fn local_or_own(digits: &str, region: Region) -> PhoneResult {
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
    let ambiguous = |reading: PhoneReading| PhoneReading {
        remark: Some(PhoneRemark::Ambiguous),
        ..reading
    };
    match (own, local) {
        // `270825575` in South Africa is what Excel leaves of 027 082 5575; a calling code without a plus, but with a
        // trunk zero behind it, is rare.
        (Ok(own), Ok(local)) if local.is_valid() && has_lost_zero(&own.phone, digits) => {
            Ok(ambiguous(local))
        }
        (Ok(own), Ok(local)) if own.is_valid() && local.is_valid() && own.phone != local.phone => {
            Ok(ambiguous(own))
        }
        // The plan as it is known has no such number abroad, but plans grow: what is as long as a number with its
        // calling code is not taken for a local one that a permissive plan allows.
        (Ok(own), Ok(local)) if local.is_valid() && own.phone != local.phone => {
            if digits.len() >= WITH_CODE {
                Ok(own)
            } else {
                Ok(ambiguous(local))
            }
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
fn after_trunk_zero(digits: &str, region: Region) -> PhoneResult {
    let own = digits.strip_prefix('0').filter(|rest| {
        calling_code(region).is_some_and(|code| rest.starts_with(&code.to_string()))
    });
    let own = own.filter(|rest| rest.len() >= WITH_CODE);
    match own.map(|rest| international(rest, Some(region))) {
        Some(Ok(reading)) if reading.is_valid() => Ok(reading),
        _ => Err(PhoneError::Blank),
    }
}

fn after_lead(lead: &str, digits: &str, region: Option<Region>) -> PhoneResult {
    let led = international(&format!("{lead}{digits}"), region);
    match region {
        Some(region) => prefer(led, || local_or_own(digits, region)),
        None if digits.starts_with(lead) => prefer(led, || international(digits, None)),
        None => led,
    }
}

impl PhoneReading {
    /// The other valid numbers that digits without a plus may mean which start with their own calling code: with the
    /// code as a part of a local number, and without it.
    pub(crate) fn others(&self) -> impl Iterator<Item = Phone> {
        let is_open = self.remark == Some(PhoneRemark::Ambiguous) || !self.is_valid();
        let Phone { prefix, number, .. } = &self.phone;
        let as_local = is_open.then(|| format!("{prefix}{prefix}{number}"));
        let starts_with_code = number.starts_with(&prefix.to_string());
        let as_own = (is_open && starts_with_code).then(|| number.clone());
        let digits = [as_local, as_own].into_iter().flatten();
        digits
            .filter_map(|digits| international(&digits, None).ok())
            .filter(PhoneReading::is_valid)
            .map(|reading| reading.phone)
    }
}
