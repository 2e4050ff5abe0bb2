//! Cells of a spreadsheet that show no value.

use super::*;
use crate::contact::phone::Home;
use crate::record::CellFault;

fn faulty(fault: CellFault, text: &str) -> CellValue {
    CellValue::Faulty(fault, text.to_owned())
}

fn uncalculated() -> CellValue {
    faulty(CellFault::NotCalculated, "")
}

fn text(text: &str) -> CellValue {
    CellValue::Text(text.to_owned())
}

fn from_india(options: &Options) -> Options {
    Options {
        home: Home::Region(Region::parse("IN").unwrap()),
        ..options.clone()
    }
}

#[test]
fn a_phone_cell_without_a_value_is_the_reason_and_says_what_to_do() {
    for (cell, code, words) in [
        (
            uncalculated(),
            Code::NotCalculated,
            "formula without a value: open the file in Excel, save it, run again",
        ),
        (
            faulty(CellFault::ErrorValue, "#N/A"),
            Code::ErrorValue,
            "#N/A",
        ),
        (
            faulty(CellFault::UnknownFormat, "9876543210"),
            Code::UnknownFormat,
            "format the column as text",
        ),
    ] {
        let cells = vec![text("Asha"), cell];
        let options = from_india(&Options::default());
        let reason = reason(map_cells(&["Name", "Phone"], cells, &options));
        assert_eq!(reason.code, code);
        assert!(reason.full.contains(words), "{}", reason.full);
    }
}

#[test]
fn another_column_with_a_phone_still_counts() {
    let cells = vec![uncalculated(), text(INDIAN)];
    let mapped = map_cells(&["Mobile", "Work Phone"], cells, &Options::default());
    assert_eq!(number(mapped), INDIAN);
}

#[test]
fn a_local_number_is_never_from_somewhere_else_because_its_country_shows_no_value() {
    let options = from_india(&rules(&["country=Country"]));
    let names = ["Country", "Phone"];
    for fault in [
        uncalculated(),
        faulty(CellFault::ErrorValue, "#REF!"),
        faulty(CellFault::UnknownFormat, "44"),
    ] {
        let mapped = map_cells(&names, vec![fault.clone(), text("9876543210")], &options);
        let full = reason(mapped).full;
        assert!(full.starts_with("\"Country\": "), "{full}");
        let mapped = map_cells(&names, vec![fault, text("+44 7911 123456")], &options);
        assert_eq!(number(mapped), "+447911123456");
    }
}

#[test]
fn a_number_whose_calling_code_shows_no_value_is_not_sent_without_it() {
    let names = ["Country Code", "Phone"];
    for options in [
        from_india(&Options::default()),
        Options {
            home: Home::International,
            ..Options::default()
        },
        from_india(&rules(&["phone={Country Code}{Phone}"])),
    ] {
        let cells = vec![uncalculated(), text("9876543210")];
        let reason = reason(map_cells(&names, cells, &options));
        assert_eq!(reason.code, Code::NotCalculated, "{options:?}");
    }
}

#[test]
fn other_values_are_left_blank_with_a_warning_that_names_the_column() {
    let names = ["First", "Last", "Name", "Phone", "Email", "Tags", "City"];
    let cells = vec![
        text("Asha"),
        text("Rao"),
        uncalculated(),
        text(INDIAN),
        uncalculated(),
        faulty(CellFault::ErrorValue, "#N/A"),
        uncalculated(),
    ];
    let mapped = map_cells(&names, cells, &rules(&["attr.city=City"]));
    let Mapped::Contact { contact, warnings } = mapped else {
        panic!("{mapped:?}")
    };
    assert_eq!(contact.name.as_deref(), Some("Asha Rao"));
    assert_eq!((contact.email, contact.tags.len()), (None, 0));
    assert!(contact.attributes.is_empty());
    let briefs: Vec<&str> = warnings.iter().map(|it| it.brief.as_ref()).collect();
    assert_eq!(
        briefs,
        [
            "formula without a value in \"Name\", left blank",
            "formula without a value in \"Email\", left blank",
            "an error instead of a value in \"Tags\", left blank",
            "formula without a value in \"City\", left blank",
        ]
    );
    assert!(
        warnings[0]
            .full
            .ends_with("open the file in Excel, save it, run again")
    );
}

#[test]
fn an_attribute_in_a_format_that_is_not_understood_is_sent_as_it_is_stored() {
    let names = ["Phone", "Discount"];
    let cells = vec![text(INDIAN), faulty(CellFault::UnknownFormat, "0.15")];
    let contact = contact(map_cells(
        &names,
        cells,
        &rules(&["attr.discount=Discount"]),
    ));
    assert_eq!(pairs(&contact), [("discount", "0.15")]);
}
