//! Which phone of a row counts, and why none does.

use super::*;

#[test]
fn the_first_usable_phone_wins_by_rank_whatever_the_order_of_the_columns() {
    let names = [
        "Other Phone",
        "Home Phone",
        "Work Phone",
        "Phone",
        "Mobile",
        "WhatsApp",
    ];
    for (cells, expected) in [
        (["", "", "", "", "", INDIAN], INDIAN),
        ([AMERICAN, "", "", "", INDIAN, ""], INDIAN),
        ([AMERICAN, "", "", "", INDIAN, "see notes"], INDIAN),
        ([AMERICAN, "", "", INDIAN, TOO_SHORT, "\u{200b} "], INDIAN),
        ([AMERICAN, "", INDIAN, "", "", ""], INDIAN),
        ([AMERICAN, INDIAN, "", DOUBTFUL, "", ""], INDIAN),
        ([INDIAN, "", "", "", "", ""], INDIAN),
    ] {
        assert_eq!(
            number(map(&names, &cells, &Options::default())),
            expected,
            "{cells:?}"
        );
    }
}

#[test]
fn without_a_usable_phone_the_reason_is_that_of_the_best_one() {
    let names = ["Phone", "Mobile"];
    let error = phone_error(TOO_SHORT);
    let reason = reason(map(&names, &["see notes", TOO_SHORT], &Options::default()));
    assert_eq!(
        reason,
        Reason {
            code: Code::PhoneTooShort,
            brief: error.brief(),
            full: format!("\"Mobile\": {error}")
        }
    );
}

#[test]
fn every_trouble_with_a_phone_has_its_code() {
    for (cell, code) in [
        ("", Code::NoPhone),
        ("9876543210", Code::PhoneNoCountry),
        ("see notes", Code::PhoneUnreadable),
        (TOO_SHORT, Code::PhoneTooShort),
        ("+9198765432101234", Code::PhoneTooLong),
        (DOUBTFUL, Code::PhoneNotValid),
        ("9.19877E+11", Code::PhoneDigitsLost),
    ] {
        assert_eq!(
            reason(map(&["Phone"], &[cell], &Options::default())).code,
            code,
            "{cell}"
        );
    }
}

#[test]
fn a_row_without_a_phone_says_where_it_was_looked_for() {
    let reason = reason(map(&["Phone", "Mobile"], &["", " "], &Options::default()));
    assert_eq!(
        (reason.brief.as_str(), reason.full.as_str()),
        ("no phone", r#"no phone in "Mobile", "Phone""#)
    );
}

#[test]
fn a_doubtful_phone_is_sent_only_on_request_and_with_a_warning() {
    let send = Options {
        on_doubtful_phone: OnDoubtfulPhone::Send,
        ..Options::default()
    };
    let error = phone_error(DOUBTFUL);
    let mapped = map(&["Phone", "Mobile"], &[TOO_SHORT, DOUBTFUL], &send);
    assert_eq!(
        warnings(mapped.clone()),
        [Warning {
            brief: error.brief().into(),
            full: format!("\"Mobile\": {error}")
        }]
    );
    assert_eq!(number(mapped), DOUBTFUL);
    assert_eq!(
        number(map(&["Phone", "Mobile"], &[INDIAN, DOUBTFUL], &send)),
        INDIAN
    );
}

#[test]
fn a_prefix_and_a_number_in_two_columns_are_one_phone() {
    let names = ["Country Code", "Phone Number"];
    for (cells, expected) in [
        (["+91", "9876543210"], INDIAN),
        (["91", "9876543210"], INDIAN),
        (["", INDIAN], INDIAN),
        (["IN", "9876543210"], INDIAN),
    ] {
        assert_eq!(
            number(map(&names, &cells, &Options::default())),
            expected,
            "{cells:?}"
        );
    }
}

#[test]
fn a_prefix_that_is_a_title_is_no_country() {
    let options = Options {
        home: Home::Region(Region::parse("IN").unwrap()),
        ..Options::default()
    };
    for title in ["Dr.", "Ms", "Mr"] {
        assert_eq!(
            number(map(&["Prefix", "Phone"], &[title, "9876543210"], &options)),
            INDIAN,
            "{title}"
        );
    }
    assert_eq!(
        number(map(&["Prefix", "Phone"], &["+1", "2015550123"], &options)),
        AMERICAN
    );
}

fn from(home: &str, options: Options) -> Options {
    Options {
        home: Home::Region(Region::parse(home).unwrap()),
        ..options
    }
}

#[test]
fn a_mapped_country_goes_before_the_option_and_a_recognised_one_after_it() {
    let names = ["Phone", "Country"];
    let mapped = || rules(&["country=Country"]);
    let recognised = Options::default;
    for (cells, options, expected) in [
        (["9876543210", "India"], from("US", mapped()), INDIAN),
        (["2015550123", ""], from("US", mapped()), AMERICAN),
        (["9876543210", "भारत"], recognised(), INDIAN),
        (["2015550123", "India"], from("US", recognised()), AMERICAN),
        (
            ["2015550123", "Neverland"],
            from("US", recognised()),
            AMERICAN,
        ),
    ] {
        assert_eq!(number(map(&names, &cells, &options)), expected, "{cells:?}");
    }
}

#[test]
fn a_number_that_is_valid_and_another_one_by_the_second_country_is_flagged() {
    let names = ["Phone", "Country"];
    let mapped = from("IN", rules(&["country=Country"]));
    let recognised = from("IN", Options::default());
    let american = from("US", rules(&["country=Country"]));
    for (cell, country, options, words) in [
        ("9876543210", "IN", &american, None),
        (
            "7012345678",
            "US",
            &recognised,
            Some("--country, but the row's country (United States)"),
        ),
        (
            "7012345678",
            "US",
            &mapped,
            Some("the row's country, but --country (India)"),
        ),
        ("+91 7012345678", "US", &recognised, None),
        ("7012345678", "IN", &recognised, None),
        ("7012345678", "", &mapped, None),
    ] {
        let told = warnings(map(&names, &[cell, country], options));
        assert_eq!(
            told.len(),
            usize::from(words.is_some()),
            "{cell} {country}: {told:?}"
        );
        let full = told.first().map_or("", |warning| warning.full.as_str());
        assert!(full.contains(words.unwrap_or_default()), "{full}");
    }
}

#[test]
fn the_label_of_each_row_says_which_of_its_phones_is_the_best() {
    let names = [
        "Phone 1 - Label",
        "Phone 1 - Value",
        "Phone 2 - Label",
        "Phone 2 - Value",
    ];
    for (cells, expected) in [
        (["Work", AMERICAN, "Mobile", INDIAN], INDIAN),
        (["Mobile", INDIAN, "Work", AMERICAN], INDIAN),
        (["Mobile", AMERICAN, "WhatsApp", INDIAN], INDIAN),
        (["Mobile", TOO_SHORT, "Home", INDIAN], INDIAN),
        (["Work Fax", AMERICAN, "Other", INDIAN], INDIAN),
        (["", INDIAN, "Home", AMERICAN], INDIAN),
    ] {
        assert_eq!(
            number(map(&names, &cells, &Options::default())),
            expected,
            "{cells:?}"
        );
    }
    let fax = reason(map(
        &names,
        &["Home Fax", INDIAN, "", ""],
        &Options::default(),
    ));
    assert_eq!(fax.code, Code::NoPhone);
}

#[test]
fn a_number_that_whatsapp_may_know_otherwise_is_sent_as_it_is_and_flagged() {
    for (cell, likely) in [
        ("+54 11 2345-6789", Some("+5491123456789")),
        ("+54 9 11 2345-6789", None),
        ("+52 55 1234 5678", Some("+5215512345678")),
        ("+52 800 123 4567", None),
        ("+55 11 96123-4567", None),
        (INDIAN, None),
    ] {
        let mapped = map(&["Phone"], &[cell], &Options::default());
        let digits: String = cell.chars().filter(|c| !" -".contains(*c)).collect();
        assert_eq!(number(mapped.clone()), digits);
        let told = warnings(mapped);
        assert_eq!(
            told.len(),
            usize::from(likely.is_some()),
            "{cell}: {told:?}"
        );
        assert!(
            told.iter()
                .all(|told| told.full.ends_with(likely.unwrap_or_default()))
        );
        assert!(told.iter().all(|told| !told.brief.contains("2345")));
    }
}

#[test]
fn an_outdated_number_is_invalid_and_its_reason_says_what_it_probably_is() {
    for (cell, brief, likely) in [
        (
            "+55 11 8765-4321",
            "its ninth digit is missing",
            "+5511987654321",
        ),
        (
            "+52 1 55 1234 5678",
            "it still has the 1 after +52",
            "+525512345678",
        ),
    ] {
        let wrong = reason(map(&["Phone"], &[cell], &Options::default()));
        assert_eq!(wrong.code, Code::PhoneNotValid, "{cell}");
        assert!(wrong.brief.ends_with(brief), "{}", wrong.brief);
        assert!(wrong.full.ends_with(likely), "{}", wrong.full);
        let send = Options {
            on_doubtful_phone: OnDoubtfulPhone::Send,
            ..Options::default()
        };
        let digits: String = cell.chars().filter(|c| !" -".contains(*c)).collect();
        assert_eq!(number(map(&["Phone"], &[cell], &send)), digits);
    }
}

#[test]
fn a_country_that_nobody_can_read_is_not_taken_for_the_usual_one() {
    let mapped = Options {
        home: Home::Region(Region::parse("US").unwrap()),
        ..rules(&["country=Country"])
    };
    let rejected = reason(map(
        &["Phone", "Country"],
        &["2015550123", "Neverland"],
        &mapped,
    ));
    assert_eq!(rejected.code, Code::PhoneNoCountry);
    assert!(
        rejected.full.contains("\"Neverland\" is not a country"),
        "{}",
        rejected.full
    );
    let international = map(
        &["Phone", "Country"],
        &["+1 201 555 0123", "Neverland"],
        &mapped,
    );
    assert_eq!(number(international), AMERICAN);
}

#[test]
fn the_phones_of_a_list_are_candidates_in_order() {
    let cells = vec![list(&["", TOO_SHORT, INDIAN, AMERICAN])];
    assert_eq!(
        number(map_cells(&["Phone"], cells, &Options::default())),
        INDIAN
    );
}
