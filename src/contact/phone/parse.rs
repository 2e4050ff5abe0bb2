//! Digits to a phone, by the phone table or libphonenumber, or to the reason why they are not one.
//!
//! What a cell's text means is decided before, by `written` and `number`.

use rlibphonenumber::{PHONE_NUMBER_UTIL, ParseError, PhoneNumber};

use super::digits::Digits;
use super::e164::Phone;
use super::error::PhoneError;
use super::metadata::{calling_code, is_calling_code, of_library, of_ours};
use super::numbering_plan::{Lengths, NumberingPlan};
use super::reading::PhoneReading;
use super::table;
use super::unreadable::Unreadable;
use super::whatsapp::outdated;
use crate::contact::region::Region;

/// Digits that start with a calling code; `near` is the region to name where it shares that code.
pub(super) fn international(
    digits: &str,
    near: Option<Region>,
) -> Result<PhoneReading, PhoneError> {
    // Made of newer metadata than the library's; what it does not know is the library's to judge.
    if let Some(known) = Digits::of(&[digits]).and_then(|digits| table::international(&digits)) {
        return Ok(known.into());
    }
    by_library(digits, near)
}

fn by_library(digits: &str, near: Option<Region>) -> Result<PhoneReading, PhoneError> {
    let (code, national) = split_code(digits).ok_or(Unreadable::CallingCode)?;
    let parsed = PHONE_NUMBER_UTIL.parse(format!("+{digits}"), None);
    read(parsed, NumberingPlan::of(code, near), national.len())
}

/// Digits as they are dialled inside a region.
pub(super) fn local(digits: &str, region: Region) -> Result<PhoneReading, PhoneError> {
    let code = calling_code(region).ok_or(Unreadable::CallingCode)?;
    let parsed = PHONE_NUMBER_UTIL.parse(digits, of_library(region));
    let region = Some(region);
    let plan = NumberingPlan { code, region };
    read(parsed, plan, digits.trim_start_matches('0').len())
}

/// Calling code and rest. No calling code is the beginning of another, so the first that fits is the only one.
fn split_code(digits: &str) -> Option<(u16, &str)> {
    (1..=3).find_map(|length| {
        let (code, national) = digits.split_at_checked(length)?;
        let code = code
            .parse()
            .ok()
            .filter(|code| !digits.starts_with('0') && is_calling_code(*code))?;
        Some((code, national))
    })
}

/// What the library's answer means; plan and digits are for the words, where it gave no number.
fn read(
    parsed: Result<PhoneNumber, ParseError>,
    plan: NumberingPlan,
    digits: usize,
) -> Result<PhoneReading, PhoneError> {
    let number = parsed.map_err(|error| why(&error, plan, digits))?;
    let prefix = u16::try_from(number.country_code).map_err(|_| Unreadable::CallingCode)?;
    // A number with the region's way of dialling abroad (`011 44 …`) belongs to another plan.
    let plan = if prefix == plan.code {
        plan
    } else {
        NumberingPlan::of(prefix, None)
    };
    let phone = Phone {
        prefix,
        number: number.get_national_significant_number(),
        region: plan.region,
    };
    if number.is_valid() {
        let region = number.get_region_code().and_then(of_ours);
        return Ok(PhoneReading {
            phone: Phone { region, ..phone },
            doubt: None,
            remark: None,
        });
    }
    let why = || judge(Lengths::of(prefix), phone.number.len(), plan);
    match outdated(&phone, plan).unwrap_or_else(why) {
        doubt @ (PhoneError::NotValid { .. } | PhoneError::Outdated { .. }) => Ok(PhoneReading {
            phone,
            doubt: Some(doubt),
            remark: None,
        }),
        error => Err(error),
    }
}

fn why(error: &ParseError, plan: NumberingPlan, digits: usize) -> PhoneError {
    match error {
        ParseError::InvalidCountryCode => Unreadable::CallingCode.into(),
        ParseError::NotANumber(_) => Unreadable::Fragment.into(),
        ParseError::TooShortAfterIdd | ParseError::TooShortNsn | ParseError::TooLongNsn => {
            judge(Lengths::of(plan.code), digits, plan)
        }
    }
}

/// Why a number of this many digits, which is not valid, cannot be sent, or is in doubt.
fn judge(lengths: Lengths, digits: usize, plan: NumberingPlan) -> PhoneError {
    if lengths.contains(digits) {
        return PhoneError::NotValid { plan };
    }
    if lengths.longest().is_some_and(|longest| digits > longest) {
        PhoneError::TooLong {
            plan,
            digits,
            lengths,
        }
    } else {
        PhoneError::TooShort {
            plan,
            digits,
            lengths,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::metadata::region_of;
    use super::*;

    #[test]
    fn the_table_of_regions_is_the_librarys() {
        let mut library: Vec<String> = PHONE_NUMBER_UTIL
            .get_supported_regions()
            .map(|region| region.to_string())
            .collect();
        library.sort();
        let ours: Vec<&str> = Region::all().map(Region::code).collect();
        assert_eq!(ours, library);
    }

    #[test]
    fn every_region_has_a_calling_code() {
        for region in Region::all() {
            let code = calling_code(region).unwrap();
            assert!(
                is_calling_code(code) && region_of(code, None).is_some(),
                "{region}"
            );
        }
    }

    #[test]
    fn a_calling_code_is_told_from_what_follows() {
        assert_eq!(split_code("919876543210"), Some((91, "9876543210")));
        assert_eq!(split_code("16502530000"), Some((1, "6502530000")));
        assert_eq!(split_code("9715012"), Some((971, "5012")));
        assert_eq!(split_code("99912345678"), None);
        assert_eq!(split_code("0171"), None);
        assert_eq!(split_code(""), None);
    }
}
