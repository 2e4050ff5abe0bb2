//! The table against the library's own lists, and against what it was made to be.

use std::cell::Cell;

use super::*;
use crate::digest::{hex, sha256};
use rlibphonenumber::PHONE_NUMBER_UTIL;

const BYTES: &[u8] = include_bytes!("numbers.bin");
/// Of the file that the generator wrote, as it printed it.
const DIGEST: &str = "5963dbcd4273f95b6d73e731650401924003272feed66f032910314e179878a5";

fn known(digits: &str) -> Option<KnownNumber> {
    international(&Digits::of(&[digits]).unwrap())
}

fn at_home(digits: &str, region: &str) -> Option<String> {
    let region = Region::from_code(region).unwrap();
    let number = national(&Digits::of(&[digits]).unwrap(), region)?;
    Some(format!("+{} {}", number.code, number.national.as_str()))
}

#[test]
fn the_table_is_what_its_generator_wrote_from_the_metadata_it_names() {
    assert_eq!(hex(&sha256(&[BYTES])), DIGEST);
    let title = BYTES[8..TITLE].split(|byte| *byte == 0).next().unwrap();
    assert_eq!(str::from_utf8(title).unwrap(), METADATA);
}

#[test]
fn regions_and_calling_codes_are_the_librarys() {
    assert_eq!(TABLE.regions.len(), Region::all().count() + 1);
    for region in Region::all() {
        assert_eq!(
            TABLE.region(region).unwrap()[..2],
            *region.code().as_bytes()
        );
        let library = rlibphonenumber::Region::from_code(region.code()).unwrap();
        let code = PHONE_NUMBER_UTIL.get_country_code_for_region(library);
        assert_eq!(calling_code(region).map(i32::from), code, "{region}");
    }
    for code in 0..2_000 {
        let library = PHONE_NUMBER_UTIL.get_region_for_country_code(i32::from(code));
        assert_eq!(is_calling_code(code), library.is_some(), "{code}");
        let library = library.and_then(|region| Region::from_code(&region.as_region_str()));
        assert_eq!(main_region(code), library, "{code}");
    }
}

#[test]
fn a_valid_number_is_known_with_its_region_and_whether_it_may_be_a_mobile() {
    for (digits, code, region, mobile) in [
        ("919876543210", 91, Some("IN"), true),
        ("911123456789", 91, Some("IN"), false),
        ("16502530000", 1, Some("US"), true),
        ("14165550123", 1, Some("CA"), true),
        ("390669812345", 39, Some("VA"), false),
        ("80012345678", 800, None, false),
        ("4915123456789", 49, Some("DE"), true),
    ] {
        let number = known(digits).unwrap();
        assert_eq!(number.code, code);
        assert_eq!(number.label.region().map(Region::code), region, "{digits}");
        assert_eq!(number.label.may_be_mobile(), mobile, "{digits}");
    }
    for digits in [
        "",
        "9",
        "91",
        "91987654321",
        "9198765432100",
        "0919876543210",
        "99912345678",
    ] {
        assert!(known(digits).is_none(), "{digits}");
    }
}

#[test]
fn national_digits_are_read_as_their_region_dials_them() {
    for (digits, region, expected) in [
        ("9876543210", "IN", Some("+91 9876543210")),
        ("09876543210", "IN", Some("+91 9876543210")),
        ("919876543210", "IN", Some("+91 9876543210")),
        ("0919876543210", "IN", Some("+91 9876543210")),
        ("9123456789", "IN", Some("+91 9123456789")),
        ("0301234567", "DE", Some("+49 301234567")),
        ("0669812345", "IT", Some("+39 0669812345")),
        ("06201234567", "HU", Some("+36 201234567")),
        ("89161234567", "RU", Some("+7 9161234567")),
        ("4601234", "AG", Some("+1 2684601234")),
        ("0111523456789", "AR", Some("+54 91123456789")),
        ("01123456789", "AR", Some("+54 1123456789")),
        ("0119155512", "BR", None),
        ("011961234567", "BR", Some("+55 11961234567")),
        ("01144201234567", "US", None),
        ("270825575", "ZA", None),
    ] {
        assert_eq!(
            at_home(digits, region).as_deref(),
            expected,
            "{region} {digits}"
        );
    }
}

thread_local! {
    static IS_LEFT_OUT: Cell<bool> = const { Cell::new(false) };
}

/// Whether numbers are looked up as if the table knew none.
pub(super) fn is_left_out() -> bool {
    IS_LEFT_OUT.get()
}

/// What something gives without the table.
pub(in crate::contact::phone) fn without_table<T>(act: impl FnOnce() -> T) -> T {
    IS_LEFT_OUT.set(true);
    let given = act();
    IS_LEFT_OUT.set(false);
    given
}

/// A node of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::contact::phone) struct Node(u16);

impl Node {
    pub(in crate::contact::phone) fn international() -> Node {
        Node(TABLE.international)
    }

    /// Of the ways in which a region reads national digits.
    pub(in crate::contact::phone) fn readings(region: Region) -> Vec<Node> {
        let readings = TABLE.readings_of(region).unwrap().iter();
        readings
            .map(|[.., low, high]| Node(u16::from_le_bytes([*low, *high])))
            .collect()
    }

    pub(in crate::contact::phone) fn codes() -> Vec<u16> {
        (0..1_000).filter(|code| is_calling_code(*code)).collect()
    }

    pub(in crate::contact::phone) fn child(self, digit: u8) -> Option<Node> {
        TABLE.child(self.0, digit - b'0').map(Node)
    }

    pub(in crate::contact::phone) fn behind(self, digits: &str) -> Option<Node> {
        digits.bytes().try_fold(self, Node::child)
    }

    pub(in crate::contact::phone) fn is_accepted(self) -> bool {
        TABLE.label(self.0).is_some()
    }

    /// The shortest digits that it accepts.
    pub(in crate::contact::phone) fn shortest_end(self) -> String {
        let mut next = vec![(self, String::new())];
        loop {
            if let Some((_, end)) = next.iter().find(|(node, _)| node.is_accepted()) {
                return end.clone();
            }
            let step = |(node, end): &(Node, String)| {
                (b'0'..=b'9').find_map(|digit| {
                    Some((node.child(digit)?, format!("{end}{}", char::from(digit))))
                })
            };
            next = next.iter().filter_map(step).collect();
        }
    }
}
