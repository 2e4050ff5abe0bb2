//! The headers that are recognised without a rule, as data.
//!
//! A new export is new lines in `ALIASES`; names are written with single spaces and match whatever their case and
//! separators.

use super::columns::{Columns, loose};
use super::nearest::is_slip;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a recognised column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A whole name.
    Name,
    /// A part of a name.
    FirstName,
    /// A part of a name.
    MiddleName,
    /// A part of a name.
    LastName,
    /// A phone.
    Phone,
    /// A country calling code, or a country.
    Prefix,
    /// A country calling code, or the title before a name.
    PrefixOrTitle,
    /// An e-mail address.
    Email,
    /// Tags.
    Tags,
}

/// A recognised column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Recognised {
    /// What it holds.
    pub meaning: Meaning,
    /// Its place among the columns of the same meaning: the lowest is preferred.
    pub rank: usize,
}

/// What headers mean, the preferred ones of each meaning first; those of one line are equals.
const ALIASES: &[(Meaning, &[&str])] = &[
    (Meaning::Name, &["user provided name", "full name", "fn"]),
    (Meaning::Name, &["name"]),
    (Meaning::Name, &["display name"]),
    (Meaning::Name, &["contact name", "customer name"]),
    (Meaning::FirstName, &["first name", "first"]),
    (Meaning::FirstName, &["given name"]),
    (Meaning::MiddleName, &["middle name", "additional name"]),
    (Meaning::LastName, &["last name", "last"]),
    (Meaning::LastName, &["family name", "surname"]),
    (
        Meaning::Phone,
        &[
            "whatsapp",
            "whatsapp number",
            "whatsapp no",
            "whatsapp no.",
            "whatsapp phone",
            "whatsapp phone number",
            "whatsapp mobile",
            "whatsapp mobile number",
        ],
    ),
    (
        Meaning::Phone,
        &[
            "mobile",
            "mobile phone",
            "mobile number",
            "mobile phone number",
            "mobile no",
            "mobile no.",
            "cell",
            "cell phone",
            "cell number",
            "cell phone number",
            "msisdn",
        ],
    ),
    (
        Meaning::Phone,
        &[
            "phone",
            "phone number",
            "phone no",
            "phone no.",
            "telephone",
            "telephone number",
            "tel",
            "primary phone",
            "primary phone number",
            "contact number",
            "contact no",
            "contact no.",
            "contact phone",
            "contact phone number",
        ],
    ),
    (
        Meaning::Phone,
        &[
            "work phone",
            "work phone number",
            "business phone",
            "business phone number",
        ],
    ),
    (Meaning::Phone, &["home phone", "home phone number"]),
    (Meaning::Phone, &["other phone", "other phone number"]),
    (
        Meaning::Prefix,
        &[
            "country code",
            "phone country code",
            "calling code",
            "country calling code",
            "dial code",
            "dialing code",
            "phone prefix",
        ],
    ),
    (Meaning::PrefixOrTitle, &["prefix"]),
    (
        Meaning::Email,
        &[
            "email",
            "email address",
            "email id",
            "mail",
            "primary email",
        ],
    ),
    (Meaning::Tags, &["tags", "tag"]),
    (Meaning::Tags, &["labels", "label"]),
    (Meaning::Tags, &["groups", "categories", "lists"]),
];

/// In a file with one of these columns a plain `Name` is the number of an order, not a person's.
const MARKS_OF_ORDERS: [&str; 2] = ["billing name", "shipping name"];

/// Only beside this column, as in a vCard, is `FN` a whole name; advertisers' lists call the first name so.
const MARK_OF_CARDS: &str = "tel";

/// What headers that sound like a phone have in them, the likeliest first.
const SOUNDS_OF_PHONES: [&str; 15] = [
    "whatsapp", "mobile", "phone", "fone", "cell", "msisdn", "celular", "handy", "móvil", "movil",
    "telef", "tel", "sms", "number", "contact",
];

/// What such headers do not have in them.
const SOUNDS_OF_OTHERS: [&str; 11] = [
    "label", "type", "code", "country", "ext", "date", "consent", "opt", "name", "mail", "fax",
];

static RECOGNISED: LazyLock<HashMap<String, Recognised>> = LazyLock::new(|| {
    let lines = ALIASES.iter().enumerate();
    lines
        .flat_map(|(rank, (meaning, names))| {
            let recognised = Recognised {
                meaning: *meaning,
                rank,
            };
            names.iter().map(move |name| (loose(name), recognised))
        })
        .collect()
});

/// The columns that are recognised by their headers, in the header's order.
pub(super) fn recognise(columns: &Columns<'_>) -> Vec<(usize, Recognised)> {
    let orders = is_of_orders(columns);
    let cards = columns
        .visible()
        .any(|index| columns.spelled(index) == MARK_OF_CARDS);
    let recognised = columns.visible().filter_map(|index| {
        let spelled = columns.spelled(index);
        let is_other_name = orders && spelled == "name" || !cards && spelled == "fn";
        let found = RECOGNISED.get(&loose(spelled)).copied();
        found.filter(|_| !is_other_name).map(|found| (index, found))
    });
    recognised.collect()
}

fn is_of_orders(columns: &Columns<'_>) -> bool {
    let marks = MARKS_OF_ORDERS.map(loose);
    columns
        .visible()
        .any(|index| marks.contains(&loose(columns.spelled(index))))
}

/// The column that is probably the phone, where none is recognised as one: a slip in a known name, or one that sounds
/// like a phone.
pub(super) fn phone_guess(columns: &Columns<'_>) -> Option<usize> {
    let slip = columns
        .visible()
        .find(|index| is_slip_of_a_phone(columns.spelled(*index)));
    slip.or_else(|| {
        SOUNDS_OF_PHONES
            .iter()
            .find_map(|sound| column_with(columns, sound))
    })
}

fn is_slip_of_a_phone(spelled: &str) -> bool {
    let phones = ALIASES
        .iter()
        .filter(|(meaning, _)| *meaning == Meaning::Phone);
    let mut known = phones
        .flat_map(|(_, names)| names.iter().copied())
        .filter(|name| name.len() >= SHORTEST_SLIP);
    spelled.len() >= SHORTEST_SLIP && known.any(|name| is_slip(spelled, name))
}

/// A slip in a shorter word makes too many other words.
const SHORTEST_SLIP: usize = 5;

fn column_with(columns: &Columns<'_>, sound: &str) -> Option<usize> {
    columns.visible().find(|index| {
        let spelled = columns.spelled(*index);
        has_sound(spelled, sound)
            && !SOUNDS_OF_OTHERS
                .iter()
                .any(|other| spelled.split(' ').any(|word| word == *other))
    })
}

/// A short sound begins a word; a long one may stand anywhere.
fn has_sound(spelled: &str, sound: &str) -> bool {
    const LONG: usize = 5;
    (sound.len() >= LONG && spelled.contains(sound))
        || spelled.split(' ').any(|word| word.starts_with(sound))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Header, Layout};

    fn header(names: &[&str]) -> Header {
        Header {
            layout: Layout::Table,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn every_alias_means_one_thing() {
        let written: usize = ALIASES.iter().map(|(_, names)| names.len()).sum();
        assert_eq!(RECOGNISED.len(), written);
    }

    #[test]
    fn no_country_date_note_address_or_consent_column_is_taken_for_anything() {
        let names = [
            "Country",
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
        assert_eq!(recognise(&Columns::new(&header(&names))), []);
    }

    #[test]
    fn fn_is_a_whole_name_only_beside_the_phone_of_a_vcard() {
        for (names, count) in [(&["FN", "TEL"][..], 2), (&["fn", "ln", "phone"], 1)] {
            let found = recognise(&Columns::new(&header(names)));
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
}
