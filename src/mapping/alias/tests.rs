//! Headers that are recognised, and headers that must not be.

use super::super::export;
use super::*;
use crate::record::{Header, Layout};

fn header(names: &[&str]) -> Header {
    Header {
        layout: Layout::Table,
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    }
}

#[test]
fn no_date_note_address_or_consent_column_is_taken_for_anything() {
    let names = [
        "Birthday",
        "Created At",
        "Date",
        "Notes",
        "Note",
        "Description",
        "Address",
        "City",
        "Zip",
        "Street",
        "Billing Name",
        "Accepts WhatsApp Marketing",
        "WhatsApp Opted",
        "Email Opt Out",
        "Unsubscribed",
        "Phone Type",
        "Phone Consent",
        "Company",
        "Title",
        "Job Title",
        "Record ID",
        "",
    ];
    assert_eq!(recognise(&Columns::new(&header(&names)), None), []);
}

#[test]
fn fn_is_a_whole_name_only_beside_the_phone_of_a_vcard() {
    for (names, count) in [(&["FN", "TEL"][..], 2), (&["fn", "ln", "phone"], 1)] {
        let header = header(names);
        let columns = Columns::new(&header);
        let found = recognise(&columns, export::of(&columns));
        assert_eq!(found.len(), count, "{names:?}");
    }
}

#[test]
fn the_likeliest_column_is_guessed_as_the_phone() {
    for (names, guess) in [
        (&["Name", "Phnoe Number"][..], Some(1)),
        (&["Contact Info", "Telefonnummer"], Some(1)),
        (&["Phone 1 - Label", "Phone 1 - Value"], Some(1)),
        (&["Contact Name", "Contact Info"], Some(1)),
        (&["SMS", "Number of orders"], Some(0)),
        (&["Hotel", "City", "Miscellaneous"], None),
    ] {
        assert_eq!(
            phone_guess(&Columns::new(&header(names))),
            guess,
            "{names:?}"
        );
    }
}

#[test]
fn a_header_is_known_whatever_its_case_accents_punctuation_and_number() {
    let meaning = |name: &str| {
        let header = header(&[name]);
        let found = recognise(&Columns::new(&header), None);
        found.first().map(|(_, found)| found.meaning)
    };
    for (name, expected) in [
        ("  PHONE_number ", Meaning::Phone(PhoneKind::Primary)),
        ("Phone 3 - Value", Meaning::Phone(PhoneKind::Primary)),
        ("Mobile Phone 2", Meaning::Phone(PhoneKind::Mobile)),
        ("WhatsApp No.", Meaning::Phone(PhoneKind::Whatsapp)),
        ("Telefono movil", Meaning::Phone(PhoneKind::Mobile)),
        ("Tél. mobile", Meaning::Phone(PhoneKind::Mobile)),
        ("E-mail 2 Address", Meaning::Email),
        ("Prénom", Meaning::FirstName),
        ("Country/Region", Meaning::Country),
    ] {
        assert_eq!(meaning(name), Some(expected), "{name}");
    }
    for name in ["Name 2", "Phone 123 - Value", "Address 1", "Tag 2"] {
        assert_eq!(meaning(name), None, "{name}");
    }
}
