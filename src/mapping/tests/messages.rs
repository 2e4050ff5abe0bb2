//! The mapping in use, as a user reads it.

use super::*;

#[test]
fn the_mapping_in_use_is_told_line_by_line() {
    for (names, expected) in [
        (
            &[
                "First Name",
                "Last Name",
                "Phone",
                "E-mail",
                "Tags",
                "Notes",
                "Birthday",
            ][..],
            &[
                r#"name <- "First Name" + "Last Name""#,
                r#"phone <- "Phone""#,
                r#"email <- "E-mail""#,
                r#"tags <- "Tags""#,
                r#"left out: "Notes", "Birthday""#,
            ][..],
        ),
        (
            &[
                "Home Phone",
                "Phone",
                "Mobile",
                "WhatsApp Number",
                "full_name",
                "surname",
            ],
            &[
                r#"name <- "full_name", else "surname""#,
                r#"phone <- "WhatsApp Number", else "Mobile", else "Phone", else "Home Phone""#,
            ],
        ),
        (
            &[
                "Name",
                "Country Code",
                "Phone Number",
                "Country",
                "bp_row",
                "bp_reason",
            ],
            &[
                r#"name <- "Name""#,
                r#"phone <- "Phone Number""#,
                r#"prefix <- "Country Code""#,
                r#"country <- "Country""#,
            ],
        ),
        (
            &["Name", "Email", "Billing Name", "Phone"],
            &[
                "looks like a Shopify orders export",
                r#"name <- "Billing Name", else "Name""#,
                r#"phone <- "Phone""#,
                r#"email <- "Email""#,
            ],
        ),
        (
            &["Name", "Email", "Financial Status", "Billing Name", "Phone"],
            &[
                "looks like a Shopify orders export",
                r#"name <- "Billing Name""#,
                r#"phone <- "Phone""#,
                r#"email <- "Email""#,
                r#"left out: "Name", "Financial Status""#,
            ],
        ),
        (
            &[
                "Phone 2 - Value",
                "Phone 1 - Label",
                "Phone 1 - Value",
                "Labels",
                "First Name",
            ],
            &[
                "looks like a Google Contacts export",
                r#"name <- "First Name""#,
                r#"phone <- "Phone 1 - Value", else "Phone 2 - Value", by the labels beside them"#,
                r#"tags <- "Labels""#,
            ],
        ),
        (
            &["FIRSTNAME", "LASTNAME", "SMS"],
            &[
                "looks like a Brevo export: numbers without + start with their calling code",
                r#"name <- "FIRSTNAME" + "LASTNAME""#,
                r#"phone <- "SMS""#,
            ],
        ),
        (
            &["FIRSTNAME", "LASTNAME", "WHATSAPP"],
            &[
                r#"name <- "FIRSTNAME" + "LASTNAME""#,
                r#"phone <- "WHATSAPP""#,
            ],
        ),
    ] {
        assert_eq!(lines(names, &Options::default()), expected, "{names:?}");
    }
}

#[test]
fn rules_are_told_as_what_they_became() {
    let names = ["Who", "City", "Tel", "Spare", "Email", "Country"];
    let options = Options {
        tags: vec!["import".into()],
        attributes: vec![fixed("source", "shop")],
        ..rules(&[
            "name={Who} ({City})",
            "phone=tel",
            "phone=4",
            "email=",
            "country=country",
            "attr.lang==en",
            "tags==a",
        ])
    };
    assert_eq!(
        lines(&names, &options),
        [
            r#"name <- "{Who} ({City})""#,
            r#"phone <- "Tel", else "Spare""#,
            r#"country <- "Country""#,
            r#"tags <- the text "a""#,
            r#"attr.lang <- the text "en""#,
            r#"on every contact: tag "import", attr.source "shop""#,
            r#"left out: "Email""#,
        ]
    );
}

#[test]
fn a_wide_table_does_not_fill_the_screen_with_what_is_left_out() {
    let names: Vec<String> = std::iter::once("phone".to_owned())
        .chain((0..30).map(|i| format!("c{i}")))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let lines = lines(&names, &Options::default());
    assert!(
        lines[1].starts_with("no name is recognised"),
        "{}",
        lines[1]
    );
    assert!(lines[2].ends_with(r#""c19" and 10 more"#), "{}", lines[2]);
}

#[test]
fn a_country_that_was_only_recognised_is_told_to_come_second() {
    let options = Options {
        home: Home::Region(Region::parse("IN").unwrap()),
        ..Options::default()
    };
    let country = |options: &Options| lines(&["Phone", "Country"], options)[1].clone();
    assert_eq!(
        country(&options),
        r#"country <- "Country" (only compared: --country goes first)"#
    );
    let mapped = Options {
        home: options.home,
        ..rules(&["country=Country"])
    };
    assert_eq!(country(&mapped), r#"country <- "Country""#);
}

#[test]
fn the_mapping_in_use_can_be_said_as_rules_that_give_the_same_mapping() {
    let names = [
        "First Name",
        "Last Name",
        "Display Name",
        "Mobile",
        "Phone",
        "E-mail",
        "Labels",
        "Country Code",
    ];
    let guessed = Plan::new(&table(&names), &rules(&["attr.city==Pune"])).unwrap();
    let pins: Vec<String> = guessed.pins().iter().map(ToString::to_string).collect();
    assert_eq!(
        pins,
        [
            "attr.city==Pune",
            "name={First Name} {Last Name}",
            "name=Display Name",
            "phone=Mobile",
            "phone=Phone",
            "prefix=Country Code",
            "email=E-mail",
            "tags=Labels",
        ]
    );
    let pins: Vec<&str> = pins.iter().map(String::as_str).collect();
    let pinned = Plan::new(&table(&names), &rules(&pins)).unwrap();
    assert_eq!(pinned.pins(), guessed.pins());
}

#[test]
fn what_was_recognised_is_told_as_options_and_what_was_said_is_not_repeated() {
    let names = ["First Name", "Last Name", "Mobile Phone", "Town"];
    let told = |given: &[&str], all_attributes| {
        let options = Options {
            all_attributes,
            ..rules(given)
        };
        Plan::new(&table(&names), &options).unwrap().pinned()
    };
    assert_eq!(
        told(&[], AllAttributes::Yes).as_deref(),
        Some(r#"as options: --map name="{First Name} {Last Name}" --map phone="Mobile Phone""#)
    );
    assert_eq!(told(&["name=", "phone=3"], AllAttributes::No), None);
}

#[test]
fn the_parts_of_a_name_are_joined_whatever_they_are_called() {
    for (names, expected) in [
        (
            &["Vorname", "Name", "Telefon"][..],
            r#"name <- "Vorname" + "Name""#,
        ),
        (
            &["Name", "Vorname", "Nachname", "Telefon"],
            r#"name <- "Name", else "Vorname" + "Nachname""#,
        ),
        (
            &["First Name", "Name", "Phone"],
            r#"name <- "First Name" + "Name""#,
        ),
        (
            &["Name", "Surname", "Phone"],
            r#"name <- "Name" + "Surname""#,
        ),
        (
            &["Full Name", "Surname", "Phone"],
            r#"name <- "Full Name", else "Surname""#,
        ),
        (
            &["First Name", "Given Name", "Surname", "Last Name", "Phone"],
            r#"name <- "First Name" or "Given Name" + "Last Name" or "Surname""#,
        ),
        (
            &["Nombre", "Apellido 1", "Apellido 2", "Teléfono"],
            r#"name <- "Nombre" + "Apellido 1" + "Apellido 2""#,
        ),
    ] {
        let lines = lines(names, &Options::default());
        assert!(lines.iter().any(|line| line == expected), "{lines:?}");
    }
}
