//! Names, e-mail, tags and attributes.

use super::*;

#[test]
fn a_whole_name_wins_over_its_parts_and_spaces_vanish() {
    let names = ["Phone", "Last Name", "Middle Name", "First Name", "Name"];
    for (cells, expected) in [
        ([INDIAN, "Rao", "K.", "Asha", " A. Rao "], Some("A. Rao")),
        ([INDIAN, "Rao", "K.", "Asha", ""], Some("Asha K. Rao")),
        (
            [INDIAN, " Rao ", "", "Asha  Devi", " "],
            Some("Asha Devi Rao"),
        ),
        ([INDIAN, "Rao", "", "", ""], Some("Rao")),
        ([INDIAN, "", " ", "", ""], None),
    ] {
        assert_eq!(
            contact(map(&names, &cells, &Options::default()))
                .name
                .as_deref(),
            expected,
            "{cells:?}"
        );
    }
}

#[test]
fn a_rule_goes_before_what_is_recognised() {
    let names = ["Name", "Nick", "Phone"];
    let cells = ["Asha", "Ash", INDIAN];
    for (rule, expected) in [
        (&["name=nick"][..], Some("Ash")),
        (&["name="], None),
        (&["name==Friend"], Some("Friend")),
        (&["name={Nick} {{{Name}}}"], Some("Ash {Asha}")),
        (&["name={Nick}  of   {name} "], Some("Ash of Asha")),
        (&["attr.x=Name"], Some("Asha")),
        (&["name=2"], Some("Ash")),
    ] {
        assert_eq!(
            contact(map(&names, &cells, &rules(rule))).name.as_deref(),
            expected,
            "{rule:?}"
        );
    }
}

#[test]
fn a_field_mapped_twice_takes_the_first_usable_value() {
    let options = rules(&[
        "name=Nick",
        "name=Name",
        "name==Friend",
        "email=Work",
        "email=Home",
    ]);
    let names = ["Nick", "Name", "Phone", "Work", "Home"];
    let both = contact(map(
        &names,
        &["", "Asha", INDIAN, "nonsense", "a@example.com"],
        &options,
    ));
    assert_eq!(
        (both.name.as_deref(), both.email.as_deref()),
        (Some("Asha"), Some("a@example.com"))
    );
    let neither = contact(map(&names, &["", " ", INDIAN, "", ""], &options));
    assert_eq!(
        (neither.name.as_deref(), neither.email.as_deref()),
        (Some("Friend"), None)
    );
}

#[test]
fn a_template_whose_columns_are_all_blank_is_blank() {
    let options = rules(&["name=Mr {First} {Last}"]);
    let names = ["First", "Last", "Phone"];
    assert_eq!(
        contact(map(&names, &["", " ", INDIAN], &options)).name,
        None
    );
    assert_eq!(
        contact(map(&names, &["", "Rao", INDIAN], &options))
            .name
            .as_deref(),
        Some("Mr Rao")
    );
}

#[test]
fn a_wrong_email_is_dropped_with_a_warning_or_makes_the_row_invalid() {
    let names = ["Phone", "Email"];
    let cells = [INDIAN, "nonsense"];
    let reject = Options {
        on_bad_email: OnBadEmail::Reject,
        ..Options::default()
    };
    let wrong = reason(map(&names, &cells, &reject));
    assert_eq!(
        (wrong.code, wrong.brief.as_str()),
        (Code::BadEmail, "wrong e-mail")
    );
    assert!(wrong.full.starts_with("\"Email\": "), "{}", wrong.full);
    let dropped = map(&names, &cells, &Options::default());
    assert_eq!(contact(dropped.clone()).email, None);
    assert_eq!(warnings(dropped).len(), 1);
    assert_eq!(
        contact(map(&names, &[INDIAN, " "], &Options::default())).email,
        None
    );
}

#[test]
fn tags_are_split_trimmed_and_not_repeated() {
    let options = |separator: Option<&str>| Options {
        tags: vec!["all".into(), "vip".into()],
        tag_separator: separator.map(str::to_owned),
        ..Options::default()
    };
    for (cell, separator, expected) in [
        (
            "vip, new ;a b|vip,,",
            None,
            &["vip", "new", "a b", "all"][..],
        ),
        ("", None, &["all", "vip"]),
        ("a,b / c", Some("/"), &["a,b", "c", "all", "vip"]),
        ("a,b", Some(""), &["a,b", "all", "vip"]),
        (" | ", None, &["all", "vip"]),
    ] {
        let contact = contact(map(
            &["Phone", "Tags"],
            &[INDIAN, cell],
            &options(separator),
        ));
        assert_eq!(contact.tags, expected, "{cell}");
    }
}

#[test]
fn the_elements_of_a_list_are_tags_as_they_are() {
    let cells = vec![
        CellValue::Text(INDIAN.into()),
        list(&["a,b", " c ", "", "a,b"]),
    ];
    assert_eq!(
        contact(map_cells(&["Phone", "Tags"], cells, &Options::default())).tags,
        ["a,b", "c"]
    );
}

#[test]
fn a_list_gives_its_first_element_as_a_name_and_all_of_them_as_an_attribute() {
    let options = rules(&["name=names", "attr.names=names"]);
    let cells = vec![CellValue::Text(INDIAN.into()), list(&["", "Asha", "Ash"])];
    let contact = contact(map_cells(&["Phone", "names"], cells, &options));
    assert_eq!(contact.name.as_deref(), Some("Asha"));
    assert_eq!(pairs(&contact), [("names", "Asha, Ash")]);
}

#[test]
fn an_attribute_of_every_contact_wins_over_a_column() {
    let options = Options {
        attributes: vec![
            fixed("city", "Goa"),
            fixed("source", "a"),
            fixed("source", "b"),
        ],
        ..all_attributes(rules(&["attr.age=Years", "attr.city=Town"]))
    };
    let names = ["Phone", "Years", "Town", "Source", "Zip Code", "bp_row"];
    let contact = contact(map(
        &names,
        &[INDIAN, " 07 ", "Pune", "csv", "411 001", "3"],
        &options,
    ));
    assert_eq!(
        pairs(&contact),
        [
            ("age", " 07 "),
            ("zipcode", "411 001"),
            ("city", "Goa"),
            ("source", "b")
        ]
    );
}

#[test]
fn every_unused_column_becomes_an_attribute_unless_it_is_blank_or_left_out() {
    let options = all_attributes(rules(&["attr.notes=", "email="]));
    let names = ["Phone", "Notes", "Email", "Home-Town", "Größe", "Empty"];
    let contact = contact(map(
        &names,
        &[INDIAN, "x", "a@b.example", "Pune", "5", " "],
        &options,
    ));
    assert_eq!(
        pairs(&contact),
        [("email", "a@b.example"), ("hometown", "Pune"), ("gre", "5")]
    );
}

#[test]
fn of_several_addresses_in_a_cell_the_first_usable_one_is_taken_and_said() {
    for (cell, several) in [
        ("a@example.com ::: b@example.com", true),
        ("nonsense, a@example.com; b@example.com", true),
        ("a@example.com", false),
    ] {
        let mapped = map(&["Phone", "Email"], &[INDIAN, cell], &Options::default());
        assert_eq!(
            contact(mapped.clone()).email.as_deref(),
            Some("a@example.com")
        );
        assert_eq!(warnings(mapped).len(), usize::from(several), "{cell}");
    }
}

#[test]
fn some_exports_have_the_parts_of_a_name_before_the_whole_of_it() {
    for (names, expected) in [
        (
            &[
                "First Name",
                "Last Name",
                "Display Name",
                "Mobile Number",
                "Phone",
            ][..],
            "A B",
        ),
        (
            &["FirstName", "LastName", "Name", "MobilePhone", "Phone"],
            "A B",
        ),
        (
            &[
                "Given Name",
                "Family Name",
                "Name",
                "Group Membership",
                "Phone",
            ],
            "C",
        ),
        (
            &[
                "First Name",
                "Last Name",
                "Organization Name",
                "Labels",
                "Phone 1 - Value",
            ],
            "A B",
        ),
    ] {
        let cells = ["A", "B", "C", "", INDIAN];
        let name = contact(map(names, &cells, &Options::default())).name;
        assert_eq!(name.as_deref(), Some(expected), "{names:?}");
        let only_whole = contact(map(names, &["", "", "C", "", INDIAN], &Options::default())).name;
        assert_eq!(only_whole.as_deref(), Some("C"), "{names:?}");
    }
}

fn name_of(names: &[&str], cells: &[&str]) -> String {
    let name = contact(map(names, cells, &Options::default())).name;
    name.unwrap_or_else(|| "-".to_owned())
}

#[test]
fn a_name_beside_one_part_of_it_is_taken_whole() {
    let first = ["First Name", "Name", "Phone"];
    let last = ["Name", "Surname", "Phone"];
    for (names, cells, expected) in [
        (first, ["Asha", "Rao", INDIAN], "Asha Rao"),
        (first, ["Asha", "Asha Rao", INDIAN], "Asha Rao"),
        (first, ["", "Rao", INDIAN], "Rao"),
        (first, ["Asha", "", INDIAN], "Asha"),
        (last, ["Asha", "Rao", INDIAN], "Asha Rao"),
        (last, ["Asha Rao", "RAO", INDIAN], "Asha Rao"),
        (last, ["Asha Rao", "2024-05-01", INDIAN], "Asha Rao"),
        (last, ["Asha", "4", INDIAN], "Asha"),
        (last, ["Rao-Meier", "Meier", INDIAN], "Rao-Meier"),
        (last, ["#1001", "Rao", INDIAN], "Rao"),
        (last, ["Asha", "NULL", INDIAN], "Asha"),
        (["Name", "Last", "Phone"], ["Asha", "2024", INDIAN], "Asha"),
        (last, ["", "Rao", INDIAN], "Rao"),
    ] {
        assert_eq!(name_of(&names, &cells), expected, "{names:?} {cells:?}");
    }
}

#[test]
fn a_part_of_a_name_may_stand_in_either_of_two_columns() {
    let names = ["Given Name", "First Name", "Surname", "Last Name", "Phone"];
    for (cells, expected) in [
        (["A", "", "Z", "", INDIAN], "A Z"),
        (["", "B", "", "Y", INDIAN], "B Y"),
        (["A", "B", "Z", "", INDIAN], "B Z"),
        (["A", "NULL", "Z", "#N/A", INDIAN], "A Z"),
        (["=\"A\"", "", " \"Z\"", "", INDIAN], "A Z"),
    ] {
        assert_eq!(name_of(&names, &cells), expected, "{cells:?}");
    }
    let shop = [
        "user_email",
        "display_name",
        "first_name",
        "billing_first_name",
        "billing_last_name",
        "billing_phone",
    ];
    let cells = ["a@example.com", "ann77", "", "Ann", "Bee", INDIAN];
    assert_eq!(name_of(&shop, &cells), "Ann Bee");
}

#[test]
fn a_column_of_somebody_else_is_not_taken_for_the_contacts_own() {
    let names = ["Name", "Mobile (Spouse)", "Phone (Fax)", "Mobile"];
    let row = ["Asha", "+919876543211", "+919876543212", INDIAN];
    assert_eq!(number(map(&names, &row, &Options::default())), INDIAN);
    let noted = ["Full name (required)", "Phone (optional)"];
    let contact = contact(map(&noted, &["Asha", INDIAN], &Options::default()));
    assert_eq!(contact.name.as_deref(), Some("Asha"));
    let flags = ["Customer", "Phone"];
    assert_eq!(name_of(&flags, &["yes", INDIAN]), "-");
}

#[test]
fn the_number_of_an_order_is_no_name() {
    let names = ["Name", "Billing Name", "Phone"];
    assert_eq!(name_of(&names, &["#1001", "", INDIAN]), "-");
    assert_eq!(name_of(&names, &["Asha", "", INDIAN]), "Asha");
    assert_eq!(name_of(&names, &["#1001", "Asha", INDIAN]), "Asha");
}

#[test]
fn name_and_country_go_with_the_phone_of_their_address() {
    let names = [
        "Billing Name",
        "Billing Phone",
        "Billing Country",
        "Shipping Name",
        "Shipping Phone",
        "Shipping Country",
        "Lineitem name",
    ];
    for (cells, name, phone) in [
        (
            ["Ana", "", "DE", "Gift", "06 12 34 56 78", "FR", "Hat"],
            "Gift",
            "+33612345678",
        ),
        (
            ["Ana", "0171 1234567", "DE", "Gift", "", "FR", "Hat"],
            "Ana",
            "+491711234567",
        ),
        (
            ["Ana", "", "", "", "+33612345678", "", "Hat"],
            "Ana",
            "+33612345678",
        ),
    ] {
        let mapped = map(&names, &cells, &Options::default());
        assert_eq!(warnings(mapped.clone()), [], "{cells:?}");
        let contact = contact(mapped);
        assert_eq!(
            (contact.name.as_deref(), contact.phone.to_string()),
            (Some(name), phone.to_owned())
        );
    }
    let names = [
        "Home Phone",
        "Business Country/Region",
        "Home Country/Region",
        "Mobile Phone",
    ];
    let row = ["06 12 34 56 78", "Germany", "France", ""];
    assert_eq!(
        number(map(&names, &row, &Options::default())),
        "+33612345678"
    );
    let unsure = map(
        &["Phone", "Billing Country", "Shipping Country"],
        &["06 12 34 56 78", "DE", "FR"],
        &Options::default(),
    );
    let warned = warnings(unsure);
    assert_eq!(
        warned[0].brief,
        "phone that the row's country and its other country read differently"
    );
}

#[test]
fn a_number_of_brevo_that_starts_with_no_code_is_read_by_the_rows_country() {
    let names = ["EMAIL", "FIRSTNAME", "SMS", "COUNTRY"];
    let read =
        |sms: &str, country: &str| map(&names, &["", "A", sms, country], &Options::default());
    assert_eq!(number(read("919876543210", "IN")), INDIAN.replace(' ', ""));
    assert_eq!(number(read("0612345678", "FR")), "+33612345678");
    let both = read("6591234567", "IN");
    assert_eq!(number(both.clone()), "+6591234567");
    assert_eq!(warnings(both).len(), 1, "an Indian number too");
}

#[test]
fn the_tags_that_google_made_are_no_tags() {
    let cell = "* myContacts ::: Friends ::: * starred";
    let tags = |name: &str| {
        let names = ["Phone 1 - Value", name];
        contact(map(&names, &[INDIAN, cell], &Options::default())).tags
    };
    assert_eq!(tags("Labels"), ["Friends"]);
    assert_eq!(tags("Group Membership"), ["Friends"]);
    let elsewhere = map(
        &["Phone", "Labels"],
        &[INDIAN, "* star"],
        &Options::default(),
    );
    assert_eq!(contact(elsewhere).tags, ["* star"]);
}

#[test]
fn a_column_of_consent_is_nothing_else_but_an_attribute_where_all_are_wanted() {
    let names = ["Phone", "SMS Opted In", "Accepts WhatsApp Marketing"];
    let cells = [INDIAN, "yes", "no"];
    assert!(pairs(&contact(map(&names, &cells, &Options::default()))).is_empty());
    let all = contact(map(&names, &cells, &all_attributes(Options::default())));
    assert_eq!(
        pairs(&all),
        [("smsoptedin", "yes"), ("acceptswhatsappmarketing", "no")]
    );
}
