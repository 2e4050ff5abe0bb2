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
            brief: error.brief(),
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

#[test]
fn a_country_counts_only_where_it_is_mapped_and_the_option_fills_its_gaps() {
    let names = ["Phone", "Country"];
    let home = Home::Region(Region::parse("US").unwrap());
    let mapped = Options {
        home,
        ..rules(&["country=Country"])
    };
    assert_eq!(
        number(map(&names, &["9876543210", "India"], &mapped)),
        INDIAN
    );
    assert_eq!(number(map(&names, &["2015550123", ""], &mapped)), AMERICAN);
    let unmapped = Options {
        home,
        ..Options::default()
    };
    assert_eq!(
        number(map(&names, &["2015550123", "India"], &unmapped)),
        AMERICAN
    );
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
        rejected.full.contains("\"Neverland\" is no country"),
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
