//! What the metadata of libphonenumber says of regions, calling codes and whole phones.
//!
//! Asks the phone table first: the library costs 16 ms when it is first asked. Takes no text of a cell: how digits
//! become a phone is `parse`'s.

use rlibphonenumber::{
    PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region as LibraryRegion,
};

use super::digits::Digits;
use super::e164::Phone;
use super::table::{self, Label, main_region};
pub(super) use super::table::{calling_code, is_calling_code};
use crate::contact::region::Region;

/// Whether a phone is valid by its numbering plan.
pub(super) fn is_valid_number(phone: &Phone) -> bool {
    known(phone).is_some() || of_phone(phone).is_some_and(|number| number.is_valid())
}

fn known(phone: &Phone) -> Option<Label> {
    table::international(&Digits::of(&[&phone.prefix.to_string(), &phone.number])?)
        .map(|number| number.label)
}

/// Whether a phone's own region writes it in groups of these lengths, with this sign between.
pub(super) fn is_grouped_so(phone: &Phone, sign: char, groups: &[usize]) -> bool {
    let national = written_nationally(phone).unwrap_or_default();
    let lengths = national.split(sign).map(str::len);
    lengths.eq(groups.iter().copied())
}

/// A phone as people in its own region write it.
pub(super) fn written_nationally(phone: &Phone) -> Option<String> {
    let number = of_phone(phone)?;
    Some(number.format_as(PhoneNumberFormat::National).into_owned())
}

/// Whether a region dials abroad with more digits behind `00`, by the metadata of libphonenumber
/// (`internationalPrefix`).
pub(super) fn has_longer_exit_code(region: Region) -> bool {
    const REGIONS: [&str; 19] = [
        "AU", "BO", "BR", "CC", "CO", "CX", "GY", "HK", "ID", "KE", "KH", "KR", "MN", "NG", "SG",
        "TH", "TW", "TZ", "UG",
    ];
    REGIONS.contains(&region.code())
}

/// Whether a phone may be a mobile by its numbering plan; some plans (Mexico's) do not distinguish.
pub(super) fn may_be_mobile(phone: &Phone) -> bool {
    if let Some(label) = known(phone) {
        return label.may_be_mobile();
    }
    let kind = of_phone(phone).map(|number| number.get_type());
    matches!(
        kind,
        Some(PhoneNumberType::Mobile | PhoneNumberType::FixedLineOrMobile)
    )
}

fn of_phone(phone: &Phone) -> Option<PhoneNumber> {
    PHONE_NUMBER_UTIL.parse(phone.to_string(), None).ok()
}

/// The region of a calling code: the one at hand where it has that code, else the one the code is known for (US for
/// `+1`); `None` for an international network.
pub(super) fn region_of(code: u16, near: Option<Region>) -> Option<Region> {
    near.filter(|region| calling_code(*region) == Some(code))
        .or_else(|| main_region(code))
}

pub(super) fn of_library(region: Region) -> Option<LibraryRegion> {
    LibraryRegion::from_code(region.code()).ok()
}

pub(super) fn of_ours(region: LibraryRegion) -> Option<Region> {
    Region::from_code(&region.as_region_str())
}
