//! The mapping in use, as a user is told of it.

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
                r#"left out: "Country""#,
            ],
        ),
        (
            &["Name", "Email", "Billing Name", "Phone"],
            &[
                r#"phone <- "Phone""#,
                r#"email <- "Email""#,
                r#"left out: "Name", "Billing Name""#,
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
    assert!(lines[1].ends_with(r#""c19" and 10 more"#), "{}", lines[1]);
}
