//! Mappings that do not fit a header, and what a user reads about it.

use super::*;

#[test]
fn a_mapping_that_does_not_fit_says_what_to_do() {
    for (names, options, words) in [
        (
            &["Name", "Phone Number"][..],
            rules(&["phone=Phone Nubmer"]),
            r#"no column is called "Phone Nubmer" (did you mean "Phone Number"?); a fixed text is written --map phone=="Phone Nubmer""#,
        ),
        (
            &["Phone"],
            rules(&["country=IN"]),
            r#"no column is called "IN"; a fixed text is written --map country==IN"#,
        ),
        (
            &["Phone", "First"],
            rules(&["name={Frist} {Last}"]),
            r#"no column is called "Frist" (did you mean "First"?); braces that are meant as text are doubled: {{ and }}"#,
        ),
        (
            &["Phone", "Name"],
            rules(&["name=3"]),
            r#"no column is called "3"; the columns are 1 to 2"#,
        ),
        (
            &["Phone", "Name", "Phone"],
            Options::default(),
            r#"two columns are called "Phone" (1 and 3); say which one by its number: --map phone=1"#,
        ),
        (
            &["First Name", "Phone", "first_name"],
            Options::default(),
            r#"two columns are called "First Name" (1 and 3); say which one by its number: --map name=1"#,
        ),
        (
            &["Phone", "City", "CITY"],
            rules(&["attr.city=city"]),
            r#"two columns are called "City" (2 and 3); say which one by its number: --map attr.city=2"#,
        ),
        (
            &["Name", "Contact Info", "City"],
            Options::default(),
            r#"no phone column among "Name", "Contact Info", "City"; say which one it is: --map phone="Contact Info""#,
        ),
        (
            &["City"],
            Options::default(),
            r#"no phone column among "City"; say which one it is: --map phone="HEADER""#,
        ),
        (
            &[],
            Options::default(),
            r#"no phone column among no columns; say which one it is: --map phone="HEADER""#,
        ),
        (
            &["Phone"],
            rules(&["phone="]),
            r#"no phone column among "Phone"; say which one it is: --map phone=Phone"#,
        ),
        (
            &["Phone", "Home Town", "home_town"],
            all_attributes(Options::default()),
            r#""Home Town" and "home_town" would both become attr.hometown; give one another key: --map attr.hometown2=home_town"#,
        ),
        (
            &["Phone", "City", "City"],
            all_attributes(Options::default()),
            r#""City" and "City" would both become attr.city; give one another key: --map attr.city2=3"#,
        ),
        (
            &["Phone", "Town", "City"],
            all_attributes(rules(&["attr.city=Town"])),
            r#""Town" (--map attr.city) and "City" would both become attr.city; give one another key: --map attr.city2=City"#,
        ),
        (
            &["Phone", "備考"],
            all_attributes(Options::default()),
            r#""備考" gives no attribute key (letters a to z and digits); name one: --map attr.KEY=備考"#,
        ),
        (
            &["Phone", " "],
            all_attributes(Options::default()),
            r#"column 2 gives no attribute key (letters a to z and digits); name one: --map attr.KEY=2"#,
        ),
    ] {
        assert_eq!(refusal(names, &options), words);
    }
}

#[test]
fn a_table_without_a_phone_lists_at_most_twenty_headers() {
    let names: Vec<String> = (0..25).map(|i| format!("c{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert!(refusal(&names, &Options::default()).contains(r#""c19" and 5 more;"#));
}

#[test]
fn a_duplicated_header_that_nothing_needs_is_no_error() {
    let names = ["Phone", "Notes", "Notes", "", ""];
    assert!(Plan::new(&table(&names), &Options::default()).is_ok());
    let mapped_by_number = rules(&["phone=3"]);
    assert!(Plan::new(&table(&["Phone", "City", "Phone"]), &mapped_by_number).is_ok());
}
