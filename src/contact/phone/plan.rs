//! Numbering plans: the one place that knows the phone library, a port of libphonenumber.
//!
//! Takes digits and says which phone they are. What a cell's text means is decided before, by `cell`.

use std::fmt;

use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumber, PhoneNumberFormat,
    PhoneNumberType, Region as LibraryRegion,
};

use super::error::{PhoneError, Unreadable};
use super::whatsapp::outdated;
use super::{Phone, Reading};
use crate::contact::region::Region;

/// The most digits that libphonenumber takes as a national number.
const LONGEST: u32 = 17;

/// Whose numbers a number was measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The calling code.
    pub(crate) code: u16,
    /// The region; `None` for an international network (`+800`).
    pub(crate) region: Option<Region>,
}

impl Plan {
    /// The plan of a calling code, named by the region at hand where that one has the code too (`+1` in Canada).
    fn of(code: u16, near: Option<Region>) -> Plan {
        Plan {
            code,
            region: region_of(code, near),
        }
    }

    /// The region's name, else the calling code.
    pub(crate) fn name(&self) -> String {
        self.region.map_or_else(
            || format!("+{}", self.code),
            |region| region.name().to_owned(),
        )
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.region {
            Some(region) => write!(f, "{} (+{})", region.name(), self.code),
            None => write!(f, "+{}", self.code),
        }
    }
}

/// How many digits a number of a plan may have; ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lengths(Vec<usize>);

impl Lengths {
    /// The lengths of a calling code's fixed and mobile numbers, those that can have WhatsApp. (All kinds together
    /// would say 8 to 13 for India, because of its free-call numbers.) A network that has neither: of all its numbers.
    fn of(code: u16) -> Lengths {
        let ordinary = Lengths::of_kind(code, PhoneNumberType::FixedLineOrMobile);
        if ordinary.0.is_empty() {
            Lengths::of_kind(code, PhoneNumberType::Unknown)
        } else {
            ordinary
        }
    }

    fn of_kind(code: u16, kind: PhoneNumberType) -> Lengths {
        let is_possible = |length: &u32| {
            let number = PhoneNumber {
                country_code: i32::from(code),
                national_number: 10_u64.pow(length.saturating_sub(1)),
                ..PhoneNumber::default()
            };
            let answer = PHONE_NUMBER_UTIL.is_possible_number_for_type_with_reason(&number, kind);
            answer == Ok(NumberLengthType::IsPossible)
        };
        Lengths(
            (1..=LONGEST)
                .filter(is_possible)
                .filter_map(|length| usize::try_from(length).ok())
                .collect(),
        )
    }

    /// Why a number of so many digits, which is not valid, cannot be sent, or is in doubt.
    fn judge(self, digits: usize, plan: Plan) -> PhoneError {
        if self.0.contains(&digits) {
            return PhoneError::NotValid { plan };
        }
        let lengths = self;
        if lengths.0.last().is_some_and(|longest| digits > *longest) {
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
}

impl fmt::Display for Lengths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, between @ .., last] = self.0.as_slice() else {
            return self.0.iter().try_for_each(|only| write!(f, "{only}"));
        };
        if !between.is_empty() && last - first == between.len() + 1 {
            return write!(f, "{first} to {last}");
        }
        write!(f, "{first}")?;
        between
            .iter()
            .try_for_each(|length| write!(f, ", {length}"))?;
        write!(f, " or {last}")
    }
}

/// Whether a phone is valid by its numbering plan.
pub(super) fn is_valid_number(phone: &Phone) -> bool {
    of_phone(phone).is_some_and(|number| number.is_valid())
}

/// Whether a phone's own region writes it in groups of these lengths, with this sign between.
pub(super) fn is_grouped_so(phone: &Phone, sign: char, groups: &[usize]) -> bool {
    let national = written_nationally(phone).unwrap_or_default();
    let lengths = national.split(sign).map(str::len);
    lengths.eq(groups.iter().copied())
}

/// A phone as people in its own region write it.
fn written_nationally(phone: &Phone) -> Option<String> {
    let number = of_phone(phone)?;
    Some(number.format_as(PhoneNumberFormat::National).into_owned())
}

/// Whether a region dials abroad with more digits behind `00`, by the metadata of libphonenumber (`internationalPrefix`).
pub(super) fn has_longer_exit_code(region: Region) -> bool {
    const REGIONS: [&str; 19] = [
        "AU", "BO", "BR", "CC", "CO", "CX", "GY", "HK", "ID", "KE", "KH", "KR", "MN", "NG", "SG",
        "TH", "TW", "TZ", "UG",
    ];
    REGIONS.contains(&region.code())
}

/// Whether a phone may be a mobile by its numbering plan; in some countries (Mexico) nobody can tell.
pub(super) fn may_be_mobile(phone: &Phone) -> bool {
    let kind = of_phone(phone).map(|number| number.get_type());
    matches!(
        kind,
        Some(PhoneNumberType::Mobile | PhoneNumberType::FixedLineOrMobile)
    )
}

fn of_phone(phone: &Phone) -> Option<PhoneNumber> {
    PHONE_NUMBER_UTIL.parse(phone.to_string(), None).ok()
}

/// Pays what the first number of a process costs (16 ms for the metadata and its patterns); to be called on a thread.
pub(crate) fn warm_up() {
    let _ = international("4930901820", None);
}

/// The calling code of a region; `None` only where the library does not know the region.
pub(crate) fn calling_code(region: Region) -> Option<u16> {
    let code = PHONE_NUMBER_UTIL.get_country_code_for_region(of_library(region)?)?;
    u16::try_from(code).ok()
}

/// Whether a calling code is in use, by a region or by an international network.
pub(super) fn is_calling_code(code: u16) -> bool {
    PHONE_NUMBER_UTIL
        .get_region_for_country_code(i32::from(code))
        .is_some()
}

/// The region of a calling code: the one at hand where it has that code, else the one the code is known for (US for
/// `+1`); `None` for an international network.
pub(super) fn region_of(code: u16, near: Option<Region>) -> Option<Region> {
    near.filter(|region| calling_code(*region) == Some(code))
        .or_else(|| {
            PHONE_NUMBER_UTIL
                .get_region_for_country_code(i32::from(code))
                .and_then(of_ours)
        })
}

/// Digits that start with a calling code; `near` is the region to name where it shares that code.
pub(super) fn international(digits: &str, near: Option<Region>) -> Result<Reading, PhoneError> {
    let (code, national) = split_code(digits).ok_or(Unreadable::CallingCode)?;
    let parsed = PHONE_NUMBER_UTIL.parse(format!("+{digits}"), None);
    read(parsed, Plan::of(code, near), national.len())
}

/// Digits as they are dialled inside a region.
pub(super) fn local(digits: &str, region: Region) -> Result<Reading, PhoneError> {
    let code = calling_code(region).ok_or(Unreadable::CallingCode)?;
    let parsed = PHONE_NUMBER_UTIL.parse(digits, of_library(region));
    read(
        parsed,
        Plan {
            code,
            region: Some(region),
        },
        digits.trim_start_matches('0').len(),
    )
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
    plan: Plan,
    digits: usize,
) -> Result<Reading, PhoneError> {
    let number = parsed.map_err(|error| why(&error, plan, digits))?;
    let prefix = u16::try_from(number.country_code).map_err(|_| Unreadable::CallingCode)?;
    // A number with the region's way of dialling abroad (`011 44 …`) belongs to another plan.
    let plan = if prefix == plan.code {
        plan
    } else {
        Plan::of(prefix, None)
    };
    let phone = Phone {
        prefix,
        number: number.get_national_significant_number(),
        region: plan.region,
    };
    if number.is_valid() {
        let region = number.get_region_code().and_then(of_ours);
        return Ok(Reading {
            phone: Phone { region, ..phone },
            doubt: None,
            remark: None,
        });
    }
    let why = || Lengths::of(prefix).judge(phone.number.len(), plan);
    match outdated(&phone, plan).unwrap_or_else(why) {
        doubt @ (PhoneError::NotValid { .. } | PhoneError::Outdated { .. }) => Ok(Reading {
            phone,
            doubt: Some(doubt),
            remark: None,
        }),
        error => Err(error),
    }
}

fn why(error: &ParseError, plan: Plan, digits: usize) -> PhoneError {
    match error {
        ParseError::InvalidCountryCode => Unreadable::CallingCode.into(),
        ParseError::NotANumber(_) => Unreadable::Fragment.into(),
        ParseError::TooShortAfterIdd | ParseError::TooShortNsn | ParseError::TooLongNsn => {
            Lengths::of(plan.code).judge(digits, plan)
        }
    }
}

fn of_library(region: Region) -> Option<LibraryRegion> {
    LibraryRegion::from_code(region.code()).ok()
}

fn of_ours(region: LibraryRegion) -> Option<Region> {
    Region::from_code(&region.as_region_str())
}

/// A phone as people in its own region write it.
#[cfg(test)]
pub(super) fn as_dialled_locally(phone: &Phone) -> String {
    written_nationally(phone).unwrap()
}

/// A phone that the library gives as a region's example.
#[cfg(test)]
pub(super) fn example(region: Region) -> Option<Phone> {
    let number = PHONE_NUMBER_UTIL
        .get_example_number(of_library(region)?)
        .ok()?;
    let reading = international(number.to_string().trim_start_matches('+'), None).ok()?;
    Some(reading.phone)
}

#[cfg(test)]
mod tests {
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
    fn possible_lengths_are_one_a_choice_or_a_range() {
        let words = |lengths: &[usize]| Lengths(lengths.to_vec()).to_string();
        assert_eq!(words(&[10]), "10");
        assert_eq!(words(&[9, 10]), "9 or 10");
        assert_eq!(words(&[9, 11]), "9 or 11");
        assert_eq!(words(&[9, 10, 11]), "9 to 11");
        assert_eq!(words(&[8, 10, 12]), "8, 10 or 12");
    }

    #[test]
    fn lengths_are_those_of_fixed_and_mobile_numbers() {
        assert_eq!(Lengths::of(91), Lengths(vec![10]));
        assert_eq!(Lengths::of(1), Lengths(vec![10]));
        assert_eq!(Lengths::of(800), Lengths(vec![8]));
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
