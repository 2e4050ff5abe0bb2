//! Phones against 20,000 cells, libphonenumber's own answers, and every string there is.

mod differential;

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::reading::{PhoneRemark, PhoneResult};
use super::*;
use crate::contact::region::Region;

/// Region, text, and what libphonenumber answers: status, code, national number, extension, region.
const CASES: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/fixtures/phone-cases.tsv"
));
/// Region, text, and the truth in E.164; empty where the digits are gone.
const CELLS: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/fixtures/phone-cells.tsv"
));
/// Region, spelling, the truths in E.164 without `+` (none: must be refused), and the cell as a JSON string.
const SPELLINGS: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/fixtures/phone-cells-2.tsv"
));

/// What a cell gives, as one word: E.164, `doubt` or `refused`.
fn outcome(answer: &PhoneResult) -> String {
    match answer {
        Ok(reading) if reading.is_valid() => reading.phone.to_string(),
        Ok(_) => "doubt".to_owned(),
        Err(_) => "refused".to_owned(),
    }
}

fn home(text: &str) -> Home {
    if text == "-" {
        Home::Unset
    } else {
        Home::parse(text).unwrap()
    }
}

fn e164(cell: &str, country: &str) -> String {
    outcome(&read(cell, home(country)))
}

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().skip(1).map(|line| line.split('\t').collect())
}

/// Where we answer otherwise than libphonenumber: region, text, our answer, and why.
const OTHERWISE: [(&str, &str, &str, &str); 8] = [
    (
        "DE",
        "4915112345678",
        "+4915112345678",
        "the region's own calling code goes before a local number of any length",
    ),
    (
        "DE",
        "030 901820, 0171 1234567",
        "+4930901820",
        "of several numbers the first is taken",
    ),
    (
        "DE",
        "+49 30 901820 / +49 30 901821",
        "+4930901820",
        "of several numbers the first is taken",
    ),
    (
        "DE",
        "+49 30 901820 (work)",
        "+4930901820",
        "letters are no digits",
    ),
    (
        "US",
        "16502530000.0",
        "+16502530000",
        "a number column's .0 is no digit",
    ),
    (
        "US",
        "6502530000.0",
        "+16502530000",
        "a number column's .0 is no digit",
    ),
    (
        "SG",
        "006561234567",
        "+6561234567",
        "00 is tried as the way abroad first",
    ),
    (
        "-",
        "0049 30 901820",
        "+4930901820",
        "00 is the way abroad where no region is given, too",
    ),
];

#[test]
fn what_libphonenumber_reads_we_read_and_every_exception_has_its_reason() {
    let mut exceptions = 0;
    for row in rows(CASES) {
        let [region, text, status, code, national, _, number_region] = row[..] else {
            panic!("{row:?}")
        };
        let ours = read(text, home(region));
        if let Some((_, _, expected, why)) = OTHERWISE
            .iter()
            .find(|one| (one.0, one.1) == (region, text))
        {
            assert_eq!(outcome(&ours), *expected, "{region} {text}: {why}");
            exceptions += 1;
            continue;
        }
        match status {
            "0" => {
                assert_eq!(
                    outcome(&ours),
                    format!("+{code}{national}"),
                    "{region} {text}"
                );
                let ours = ours.unwrap().phone.region.map_or("001", Region::code);
                assert_eq!(ours, number_region, "{region} {text}");
            }
            "1" => assert!(!is_valid(&ours), "{region} {text}: {ours:?}"),
            _ => assert!(ours.is_err(), "{region} {text}: {ours:?}"),
        }
    }
    assert_eq!(
        exceptions,
        OTHERWISE.len(),
        "an exception is not used by any case"
    );
}

#[test]
fn every_readable_cell_is_right_and_the_hopeless_are_refused() {
    let (mut readable, mut hopeless, mut refused) = (0, 0, 0);
    for row in rows(CELLS) {
        let [region, text, truth] = row[..] else {
            panic!("{row:?}")
        };
        let ours = read(text, home(region));
        if truth.is_empty() {
            hopeless += 1;
            refused += usize::from(!is_valid(&ours));
        } else {
            readable += 1;
            assert_eq!(outcome(&ours), truth, "{region} {text:?}");
        }
    }
    assert_eq!((readable, hopeless), (19_448, 552));
    // A number that lost or gained digits can happen to be another valid one.
    assert!(refused >= 543, "{refused} of {hopeless} refused");
}

/// What became of the cells of one spelling.
#[derive(Debug, Default)]
struct Score {
    readable: usize,
    right: usize,
    hopeless: usize,
    sent: Vec<String>,
    wrong: Vec<String>,
    refused: Vec<String>,
}

impl Score {
    fn count(&mut self, region: &str, truths: &str, cell: &str) {
        let answer = read(cell, home(region));
        let ours = outcome(&answer);
        let truths: Vec<&str> = truths.split_whitespace().collect();
        let seen = || format!("{region} {cell:?} {truths:?}: {ours} {answer:?}");
        if truths.is_empty() {
            self.hopeless += 1;
            self.sent.extend(is_valid(&answer).then(seen));
            return;
        }
        self.readable += 1;
        if ours
            .strip_prefix('+')
            .is_some_and(|ours| truths.contains(&ours))
        {
            self.right += 1;
        } else if is_valid(&answer) {
            self.wrong.push(seen());
        } else {
            self.refused.push(seen());
        }
    }
}

fn scores() -> BTreeMap<&'static str, Score> {
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    for line in SPELLINGS.lines().filter(|line| !line.starts_with('#')) {
        let [region, spelling, truths, cell] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line:?}")
        };
        let cell: String = serde_json::from_str(cell).unwrap();
        scores
            .entry(spelling)
            .or_default()
            .count(region, truths, &cell);
    }
    scores
}

#[test]
fn a_fresh_cell_of_any_spelling_is_right_or_refused_and_never_somebody_elses() {
    let scores = scores();
    let sum = |of: fn(&Score) -> usize| scores.values().map(of).sum::<usize>();
    let (readable, right) = (sum(|score| score.readable), sum(|score| score.right));
    let (wrong, sent) = (
        sum(|score| score.wrong.len()),
        sum(|score| score.sent.len()),
    );
    let report: String = scores.iter().map(report).collect();
    let is_good = wrong == 0 && sent <= 1 && right * 1_000 >= readable * RIGHT_PER_MILLE;
    assert!(
        is_good,
        "{report}{right} of {readable} right, {wrong} wrong, {sent} hopeless sent"
    );
}

/// How many of a thousand readable cells must be right.
const RIGHT_PER_MILLE: usize = 985;

/// What became of a spelling, and every cell that is not as it should be.
fn report((spelling, score): (&&str, &Score)) -> String {
    let cells = score.wrong.iter().chain(&score.sent).chain(&score.refused);
    let cells: String = cells.map(|cell| format!("    {cell}\n")).collect();
    format!(
        "{spelling}: {} of {} right, {} of {} hopeless sent\n{cells}",
        score.right,
        score.readable,
        score.sent.len(),
        score.hopeless
    )
}

#[test]
fn a_number_without_plus_needs_a_country() {
    let error = read("030 901820", Home::Unset).unwrap_err();
    assert_eq!(error, PhoneError::NoCountry);
    assert!(
        error.to_string().contains("--country REGION")
            && error.to_string().contains("--country intl")
    );
    assert_eq!(e164("+4930901820", "-"), "+4930901820");
    assert_eq!(e164("030 901820, +49 171 1234567", "-"), "+491711234567");
}

#[test]
fn under_intl_digits_start_with_any_calling_code() {
    assert_eq!(e164("919876543210", "intl"), "+919876543210");
    assert_eq!(e164("16502530000", "intl"), "+16502530000");
    assert_eq!(e164("0049 30 901820", "intl"), "+4930901820");
    assert_eq!(
        read("030 901820", Home::International),
        Err(Unreadable::CallingCode.into())
    );
}

#[test]
fn a_regions_own_calling_code_is_understood_without_plus_and_no_others() {
    assert_eq!(e164("919876543210", "IN"), "+919876543210");
    assert_eq!(e164("9123456789", "IN"), "+919123456789");
    assert_eq!(e164("16502530000", "IN"), "refused");
    assert_eq!(
        read("4915112345678", home("DE")).unwrap().remark,
        Some(PhoneRemark::Ambiguous)
    );
    assert_eq!(read("919876543210", home("IN")).unwrap().remark, None);
    assert_eq!(read("1 (416) 555-0123", home("CA")).unwrap().remark, None);
    assert_eq!(
        e164("4915410423025", "DE"),
        "+4915410423025",
        "never +494915410423025"
    );
    assert_eq!(e164("091 98765 43210", "IN"), "+919876543210");
    assert_eq!(e164("091-9876543210", "IN"), "+919876543210");
    assert_ne!(
        e164("270825575", "ZA"),
        "+27825575",
        "its code and a trunk zero"
    );
    assert_eq!(e164("39 (0) 83141943", "IT"), "+39083141943");
    assert_eq!(e164("(39) (0)62851328", "IT"), "+39062851328");
}

#[test]
fn what_is_no_phone_is_refused_though_its_digits_make_a_valid_one() {
    for (cell, country) in [
        ("15/01/2024", "BE"),
        ("2024-01-20", "DE"),
        ("-40913100", "DE"),
        ("6545477861.81", "DE"),
        ("+43 648 522••••334", "AT"),
        ("4915120000000.0", "DE"),
        ("34213.8624", "PL"),
        ("78.944.024/0001-50", "NO"),
        ("29.451.454/0001-66", "DK"),
        ("17/12/12", "AT"),
        ("27/03/53", "NC"),
        ("13.04.84", "AU"),
    ] {
        assert_eq!(e164(cell, country), "refused", "{cell}");
    }
}

#[test]
fn what_words_say_against_a_number_refuses_it_wherever_they_are() {
    let refused = [
        "+91 98765 43210 (old)",
        "mother: +91 98765 43210",
        "(esposo), +91 98765 43210",
        "wrong number\n+91 98765 43210",
        "+91 98765 43210 wife +91 98765 43211",
        "+91 98765 43210 - do not call",
        "Fax, +91 98765 43210",
        "Order: +91 98765 43210",
        "Ravi, Order 98765 43210",
    ];
    for cell in refused {
        assert_eq!(e164(cell, "IN"), "refused", "{cell}");
    }
    let taken = [
        "+91 98765 43211 (old) +91 98765 43210",
        "+91 98765 43210, wife +91 98765 43211",
        "+91 98765 43210 / Fax +91 98765 43211",
        "+91 98765 43210 (WhatsApp only)",
        "98765 43210 - office",
        "Ravi 098765 43210",
        "No. HP: 98765 43210",
        "Tel # 98765 43210",
        "98765 43210 interno 3",
        "info@example.com, 98765 43210",
    ];
    for cell in taken {
        assert_eq!(e164(cell, "IN"), "+919876543210", "{cell}");
    }
}

#[test]
fn a_number_whose_end_may_be_missing_is_refused() {
    for (cell, country) in [
        ("+91 98765 43210 | 12", "IN"),
        ("+49 30 901820, 21", "DE"),
        ("+49 30 901820; 5", "DE"),
        ("+91 98765 43210/11", "IN"),
        ("+49 1512 3456|789", "DE"),
        ("+49 30 901820, 4567", "DE"),
        ("+49 30 901820x12", "DE"),
        ("+49 30 901820*", "DE"),
        ("+49 30 901\u{2022}20", "DE"),
        ("0171 123***4, 5678901", "DE"),
        ("96550051X75", "KW"),
        ("8351701710#", "RU"),
        ("2153 7 | 315", "UY"),
        ("+39 06 6982/331", "IT"),
    ] {
        assert_eq!(e164(cell, country), "refused", "{cell}");
    }
    let whole = [
        ("+49 30 901820/21", "DE", "+4930901820"),
        ("+39 06 6982/33", "IT", "+39066982"),
        ("27.03.53", "NC", "+687270353"),
        ("+1 201 555 0123x12", "US", "+12015550123"),
        ("+1 201 555 0123*", "US", "+12015550123"),
        ("+91 98765 43210, 4567", "IN", "+919876543210"),
    ];
    for (cell, country, expected) in whole {
        assert_eq!(e164(cell, country), expected, "{cell}");
    }
}

#[test]
fn a_pause_and_what_is_dialled_after_it_are_not_part_of_the_number() {
    for cell in [
        "+12015550123p12",
        "+12015550123w5",
        "+1 201 555 0123,,12#",
        "+12015550123;;12",
        "+12015550123pp12",
    ] {
        assert_eq!(e164(cell, "US"), "+12015550123", "{cell}");
    }
    assert_eq!(e164("+12015550123,5", "US"), "refused");
}

#[test]
fn a_regions_own_exit_code_is_read_or_refused_and_never_somebody_elses() {
    let cases = [
        ("001 65 6123 4567", "SG", "+6561234567"),
        ("0065 6123 4567", "SG", "+6561234567"),
        ("011 91 98765 43210", "US", "+919876543210"),
        ("0011 91 98765 43210", "AU", "+919876543210"),
        ("010 91 98765 43210", "JP", "+919876543210"),
        ("001 91 98765 43210", "KR", "+919876543210"),
        ("00700 91 98765 43210", "KR", "+919876543210"),
        ("001 91 98765 43210", "HK", "+919876543210"),
        ("001 91 98765 43210", "TH", "+919876543210"),
        ("8 10 91 98765 43210", "RU", "+919876543210"),
        ("008 91 98765 43210", "ID", "+919876543210"),
        ("012 91 98765 43210", "IL", "+919876543210"),
        ("0015 91 98765 43210", "BR", "+919876543210"),
        ("000 91 98765 43210", "KE", "+919876543210"),
        ("009 91 98765 43210", "NG", "+919876543210"),
        ("00573014372855", "CO", "+573014372855"),
        ("009 57 301 4372855", "CO", "+573014372855"),
        ("00913254401821", "NG", "refused"),
    ];
    for (cell, country, expected) in cases {
        assert_eq!(e164(cell, country), expected, "{country} {cell}");
    }
}

#[test]
fn no_exit_code_that_the_library_knows_is_taken_for_a_calling_code() {
    let national = "91 98765 43210";
    for region in Region::all().filter(|region| !metadata::has_longer_exit_code(*region)) {
        for digit in 0..10 {
            let cell = format!("00{digit}{national}");
            let library = parse::local(&cell, region);
            let is_abroad = library.is_ok_and(|reading| {
                reading.is_valid() && reading.phone.to_string() == "+919876543210"
            });
            assert!(!is_abroad, "{region} dials 00{digit}");
        }
    }
}

#[test]
fn two_numbers_with_a_dash_or_a_wide_space_between_are_two() {
    for (cell, country, expected) in [
        ("(02) 617-5789 - 096 404 0465", "EC", "+59326175789"),
        ("014 717 2148  089 946 9473", "TH", "+66147172148"),
    ] {
        let reading = read(cell, home(country)).unwrap();
        assert_eq!(reading.phone.to_string(), expected, "{cell}");
        assert_eq!(reading.remark, Some(PhoneRemark::Several), "{cell}");
    }
    assert_eq!(e164("030 - 901820", "DE"), "+4930901820");
}

#[test]
fn a_calling_code_before_a_plus_is_the_numbers_own() {
    let cases = [
        ("91+9876543210", "IN", "+919876543210"),
        ("52+7865551234", "MX", "+527865551234"),
        ("91+919876543210", "IN", "+919876543210"),
        ("91 +98765 43210", "-", "+919876543210"),
    ];
    for (cell, country, expected) in cases {
        assert_eq!(e164(cell, country), expected, "{cell}");
    }
}

#[test]
fn a_whatsapp_link_says_its_number_whatever_the_country() {
    for cell in ["https://wa.me/919876543210", "919876543210@c.us"] {
        for country in ["-", "DE", "IN"] {
            assert_eq!(e164(cell, country), "+919876543210", "{cell} {country}");
        }
    }
}

#[test]
fn italy_keeps_its_zero_and_others_lose_theirs() {
    let cases = [
        ("06 698 12345", "IT", 39, "0669812345"),
        ("+39 (0)6 698 12345", "-", 39, "0669812345"),
        ("0039 (0)347 123 4567", "-", 39, "3471234567"),
        ("+44 (0)20 7183 8750", "-", 44, "2071838750"),
        ("098765 43210", "IN", 91, "9876543210"),
    ];
    for (cell, country, prefix, number) in cases {
        let phone = read(cell, home(country)).unwrap().phone;
        assert_eq!(
            (phone.prefix, phone.number.as_str()),
            (prefix, number),
            "{cell}"
        );
    }
}

#[test]
fn of_several_numbers_the_first_valid_one_is_taken_with_a_warning() {
    let several = [
        ("+4930901820 ::: +4930901821", "+4930901820"),
        ("03, +49 30 901820; 030 901821", "+4930901820"),
        ("030901820\n01711234567", "+4930901820"),
        ("999999999999, 0171 1234567", "+491711234567"),
    ];
    for (cell, expected) in several {
        let reading = read(cell, home("DE")).unwrap();
        assert_eq!(reading.phone.to_string(), expected, "{cell:?}");
        assert_eq!(reading.remark, Some(PhoneRemark::Several), "{cell:?}");
    }
    assert_eq!(read("030/901820", home("DE")).unwrap().remark, None);
    assert_eq!(e164("(212) 555/1234", "US"), "+12125551234");
    assert_eq!(e164("0171, 1234567", "DE"), "refused");
}

#[test]
fn a_reason_is_one_that_a_person_understands() {
    let cases = [
        (
            "98765 43",
            "IN",
            "phone too short for India",
            "too short for India (+91): 7 digits of 10",
        ),
        (
            "+91 98765 43",
            "-",
            "phone too short for India",
            "too short for India (+91): 7 digits of 10",
        ),
        (
            "9198765432 1",
            "IN",
            "phone too short for India",
            "too short for India (+91): 9 digits of 10",
        ),
        (
            "+91 98765 432109",
            "-",
            "phone too long for India",
            "too long for India (+91): 11 digits where 10 are possible",
        ),
        (
            "+1 416 555",
            "CA",
            "phone too short for Canada",
            "too short for Canada (+1): 6 digits of 10",
        ),
        (
            "911",
            "IN",
            "phone too short for India",
            "too short for India (+91): 3 digits of 10",
        ),
        (
            "+49 123456789012345678",
            "-",
            "phone too long for Germany",
            "too long for Germany (+49): 18 digits where 5 to 15 are possible",
        ),
        (
            "+1 123 456 7890",
            "-",
            "phone not valid for United States",
            "not valid for United States (+1): a number may have so many digits, but the numbering plan has none like it",
        ),
        (
            "+999 12345678",
            "DE",
            "phone with no known calling code",
            "starts with no country's calling code",
        ),
        (
            "call me",
            "DE",
            "not a phone",
            "not a phone: there are letters or signs that a phone does not have: leave only the number",
        ),
        (
            "123",
            "-",
            "not a phone",
            "not a phone: there are too few digits for any country",
        ),
        ("-", "DE", "no phone", "no phone"),
    ];
    for (cell, country, brief, full) in cases {
        let answer = read(cell, home(country));
        let error = answer.map_or_else(|error| error, |reading| reading.doubt.unwrap());
        assert_eq!(
            (error.brief().as_str(), error.to_string().as_str()),
            (brief, full),
            "{cell:?}"
        );
    }
}

#[test]
fn a_number_that_excel_shortened_says_how_to_export_again() {
    for cell in ["9.19E+12", "9.19877E+11", "9,19877E+11"] {
        let error = read(cell, home("IN")).unwrap_err();
        assert_eq!(error, PhoneError::DigitsLost, "{cell}");
        assert!(error.to_string().contains("column as text"));
    }
    assert_eq!(e164("9.19876543210E+11", "IN"), "+919876543210");
    assert_eq!(e164("919876543210.0", "IN"), "+919876543210");
}

#[test]
fn a_possible_number_that_is_not_valid_is_a_doubt_and_keeps_its_digits() {
    let reading = read("+1 123 456 7890", Home::Unset).unwrap();
    assert_eq!(reading.phone.to_string(), "+11234567890");
    assert_eq!(reading.phone.region.map(Region::code), Some("US"));
    assert!(matches!(reading.doubt, Some(PhoneError::NotValid { .. })));
}

#[test]
fn prefix_and_number_in_two_columns_are_one_phone() {
    let india = [
        ("91", "98765 43210"),
        ("+91", "098765 43210"),
        ("'+91", "919876543210"),
        ("0091", "9876543210.0"),
        ("91.0", "+91 98765 43210"),
        ("(+91)", "0091 98765 43210"),
        ("IN", "9876543210"),
        ("India", "98765-43210"),
        ("44", "+91 98765 43210"),
        ("rubbish", "+91 98765 43210"),
        ("", "98765 43210"),
        ("n/a", "98765 43210"),
    ];
    for (prefix, number) in india {
        assert_eq!(
            outcome(&read_parts(prefix, number, home("IN"))),
            "+919876543210",
            "{prefix} {number}"
        );
    }
    let others = [
        ("39", "06 698 12345", "+390669812345"),
        ("49", "0171 1234567", "+491711234567"),
        ("1", "(416) 555-0123", "+14165550123"),
        ("1-868", "291 1234", "+18682911234"),
        ("1868", "868 291 1234", "+18682911234"),
        ("800", "1234 5678", "+80012345678"),
        ("+800", "800 1234 5678", "+80012345678"),
        ("7", "8 912 345-67-89", "+79123456789"),
    ];
    for (prefix, number, expected) in others {
        assert_eq!(
            outcome(&read_parts(prefix, number, Home::Unset)),
            expected,
            "{prefix} {number}"
        );
    }
}

#[test]
fn a_prefix_column_that_says_nothing_useful_is_named_in_the_reason() {
    let error = read_parts("rubbish", "98765 43210", home("IN")).unwrap_err();
    assert_eq!(error, Unreadable::Prefix.into());
    assert_eq!(read_parts("91", "", Home::Unset), Err(PhoneError::Blank));
    assert_eq!(
        read_parts("", "98765 43210", Home::Unset),
        Err(PhoneError::NoCountry)
    );
    let error = read_parts("91", "98765", Home::Unset).unwrap_err();
    assert_eq!(
        error.to_string(),
        "too short for India (+91): 5 digits of 10"
    );
}

/// A profile's phone, where a doubtful one is an error.
fn whole(prefix: &str, number: &str) -> Result<Phone, PhoneError> {
    let reading = read_presplit(prefix, number)?;
    reading.doubt.map_or(Ok(reading.phone), Err)
}

#[test]
fn a_profiles_phone_must_already_be_what_the_platform_joins() {
    assert_eq!(
        whole("91", "9876543210").unwrap().to_string(),
        "+919876543210"
    );
    assert_eq!(
        whole("39", "0669812345").unwrap().to_string(),
        "+390669812345"
    );
    let not_split = PhoneError::from(Unreadable::NotSplit);
    for (prefix, number) in [
        ("91", "09876543210"),
        ("+91", "9876543210"),
        ("91", "98765 43210"),
        ("9", "19876543210"),
        ("", "919876543210"),
    ] {
        let error = whole(prefix, number).unwrap_err();
        assert!(
            error == not_split || error == Unreadable::CallingCode.into(),
            "{prefix} {number}: {error:?}"
        );
    }
    assert_eq!(whole("91", "09876543210"), Err(not_split));
    assert_eq!(whole("91", ""), Err(PhoneError::Blank));
    assert_eq!(
        whole("999", "12345678"),
        Err(Unreadable::CallingCode.into())
    );
    assert!(matches!(
        whole("91", "98765"),
        Err(PhoneError::TooShort { .. })
    ));
    assert!(matches!(
        whole("1", "1234567890"),
        Err(PhoneError::NotValid { .. })
    ));
    assert!(read_presplit("1", "1234567890").unwrap().doubt.is_some());
}

#[test]
fn two_phones_have_one_key_only_where_they_are_the_same() {
    let key = |cell: &str| read(cell, home("IN")).unwrap().phone.key();
    assert_eq!(key("98765 43210"), 919_876_543_210);
    assert_eq!(key("98765 43210"), key("+91 98765-43210"));
    assert_eq!(key("+39 06 698 12345"), 390_669_812_345);
}

#[test]
fn words_never_hold_the_number() {
    for (region, cell) in rows(CASES)
        .chain(rows(CELLS).take(2_000))
        .map(|row| (row[0], row[1]))
    {
        let Err(error) = read(cell, home(region)) else {
            continue;
        };
        let digits: String = cell.chars().filter(char::is_ascii_digit).collect();
        let words = format!("{error} {}", error.brief());
        assert!(digits.len() < 5 || !words.contains(&digits), "{words}");
    }
}

#[test]
fn an_overlong_cell_is_refused_and_takes_no_time() {
    for cell in [
        "1/".repeat(500_000),
        "+1".repeat(500_000),
        ";a".repeat(500_000),
        "9".repeat(300),
    ] {
        assert_eq!(read(&cell, home("IN")), Err(Unreadable::Long.into()));
        assert!(read_parts(&cell, "98765 43210", home("IN")).is_err());
    }
}

#[test]
fn the_librarys_known_panic_is_out_of_reach() {
    for cell in [
        ";phone-context=+1tel:",
        ";phone-context=tel:",
        "tel:;phone-context=+49;ext=1",
    ] {
        assert!(read(cell, home("DE")).is_err(), "{cell}");
    }
}

fn homes() -> impl Strategy<Value = Home> {
    let regions: Vec<Region> = Region::all().collect();
    prop_oneof![
        Just(Home::Unset),
        Just(Home::International),
        proptest::sample::select(regions).prop_map(Home::Region)
    ]
}

/// Texts that look like phones and their URIs, in any order.
fn phoneish() -> impl Strategy<Value = String> {
    const PIECES: [&str; 31] = [
        "tel:",
        ";phone-context=",
        ";ext=",
        ";isub=",
        "+",
        "00",
        "0",
        "(0)",
        "x",
        "#",
        "ext. ",
        " ::: ",
        ",",
        ";",
        "/",
        "-",
        ".",
        " ",
        "(",
        ")",
        "E+11",
        "91",
        "49",
        "+1",
        "９",
        "٠",
        "\u{202A}",
        "\u{A0}",
        "'",
        "=",
        "\"",
    ];
    let piece = prop_oneof![
        proptest::sample::select(&PIECES[..]).prop_map(str::to_owned),
        "[0-9]{1,12}"
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Valid numbers of every region: the truths of the cells and the library's examples, with other last digits.
fn valid_phones() -> impl Strategy<Value = Phone> {
    let truths = rows(CELLS)
        .map(|row| row[2].to_owned())
        .filter(|truth| !truth.is_empty());
    let examples = Region::all()
        .filter_map(example)
        .map(|phone| phone.to_string());
    let starts = prop_oneof![
        proptest::sample::select(truths.collect::<Vec<_>>()),
        proptest::sample::select(examples.collect::<Vec<_>>()),
    ];
    (starts, 0_u32..1_000).prop_filter_map("not valid", |(start, tail)| {
        let start = start.get(..start.len() - 3)?;
        let reading = read(&format!("{start}{tail:03}"), Home::Unset).ok()?;
        reading.is_valid().then_some(reading.phone)
    })
}

proptest! {
    #[test]
    fn any_text_gives_an_answer(cell in "\\PC{0,40}", prefix in "\\PC{0,6}", home in homes()) {
        let _ = read(&cell, home);
        let _ = read_parts(&prefix, &cell, home);
        let _ = whole(&prefix, &cell);
    }

    #[test]
    fn any_text_that_looks_like_a_phone_gives_an_answer(cell in phoneish(), prefix in phoneish(), home in homes()) {
        for answer in [read(&cell, home), read_parts(&prefix, &cell, home)] {
            if let Ok(reading) = answer.as_ref() && reading.is_valid() {
                prop_assert_eq!(e164(&reading.phone.to_string(), "-"), reading.phone.to_string());
            }
        }
    }

    #[test]
    fn a_valid_phone_reads_back_from_its_e164_text_and_from_its_parts(phone in valid_phones()) {
        prop_assert_eq!(&read(&phone.to_string(), Home::Unset).unwrap().phone, &phone);
        prop_assert_eq!(whole(&phone.prefix.to_string(), &phone.number), Ok(phone.clone()));
    }

    #[test]
    fn a_valid_phone_is_the_same_however_it_is_written(phone in valid_phones(), at in 1_usize..8) {
        let (head, tail) = phone.number.split_at(at.min(phone.number.len()));
        let prefix = phone.prefix;
        let home = Home::Region(phone.region.unwrap());
        let spellings = [
            format!("00{prefix}{head}{tail}"),
            format!("+{prefix} {head} {tail}"),
            format!("+{prefix}-{head}.{tail}"),
            format!("(+{prefix}) {head}-{tail}"),
            format!("tel:+{prefix}-{head}-{tail};ext=12"),
            format!("'+{prefix}{head}{tail} x12"),
        ];
        for spelling in spellings {
            prop_assert_eq!(e164(&spelling, "-"), phone.to_string(), "{}", spelling);
        }
        prop_assert_eq!(outcome(&read(&format!("{prefix}{head}{tail}"), Home::International)), phone.to_string());
        prop_assert_eq!(outcome(&read_parts(&prefix.to_string(), &phone.number, Home::Unset)), phone.to_string());
        let local = read(&metadata::written_nationally(&phone).unwrap(), home).unwrap();
        prop_assert!(local.phone == phone || local.remark == Some(PhoneRemark::Ambiguous), "{:?}", local);
    }
}

#[test]
fn a_number_that_is_passed_over_for_the_words_beside_it_is_reported() {
    for (cell, several) in [
        ("+919876543216 (old) +12015550123", true),
        ("+919876543216 Asha +919876543217", true),
        ("+919876543216x;+12015550123", true),
        ("+919876543216 / home", false),
        ("+919876543216, 5 pm", false),
    ] {
        let reading = read(cell, Home::Unset).unwrap();
        let is_told = reading.remark == Some(PhoneRemark::Several);
        assert_eq!(is_told, several, "{cell}: {reading:?}");
    }
}

/// A phone that the library gives as a region's example.
fn example(region: Region) -> Option<Phone> {
    let number = rlibphonenumber::PHONE_NUMBER_UTIL
        .get_example_number(metadata::of_library(region)?)
        .ok()?;
    let reading = international(number.to_string().trim_start_matches('+'), None).ok()?;
    Some(reading.phone)
}
