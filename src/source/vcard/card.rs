//! Turns the text of one card into the cells of a row: the only place that uses calcard.
//!
//! Owns the columns and the order of names and addresses. `phones` orders the phones.

use std::collections::HashMap;

use calcard::common::{IanaString, PartialDateTime};
use calcard::vcard::{
    VCard, VCardEntry, VCardParameterName, VCardParameterValue, VCardProperty, VCardValue,
};
use calcard::{Entry, Parser};

use super::phones::{self, CardPhones, PhoneProperty, PropertyKind, UNPREFERRED};
use crate::record::CellValue;
use crate::rejects::{self, BETWEEN_VALUES};

/// The columns of every card. The last one holds the text of a damaged card.
pub(super) const COLUMNS: [&str; 14] = [
    "FN",
    "Given Name",
    "Additional Name",
    "Family Name",
    "TEL",
    "FAX",
    "EMAIL",
    "CATEGORIES",
    "ORG",
    "TITLE",
    "ADR",
    "BDAY",
    "NOTE",
    rejects::RAW,
];

/// The columns whose cells hold several values.
const LISTS: [&str; 4] = ["TEL", "FAX", "EMAIL", "CATEGORIES"];

/// The properties that are kept: those of the columns, those that `phones` looks at, and `VERSION`, by which calcard
/// chooses the syntax. Pictures and sounds are dropped while their lines are read.
const KNOWN: [&str; 17] = [
    "FN",
    "N",
    "TEL",
    "EMAIL",
    "CATEGORIES",
    "ORG",
    "TITLE",
    "ADR",
    "BDAY",
    "NOTE",
    "VERSION",
    "URL",
    AGENT,
    LABEL,
    "IMPP",
    "X-SOCIALPROFILE",
    "SOCIALPROFILE",
];

/// The property whose value is a card.
pub(super) const AGENT: &str = "AGENT";

/// Apple's label for the properties of a group: `item1.X-ABLabel:WhatsApp` belongs to `item1.TEL`.
const LABEL: &str = "X-ABLABEL";

/// How the names of properties for a WhatsApp number begin: `X-WHATSAPP`, `X-WHATSAPP-ID`.
const WHATSAPP: &str = "X-WHATSAPP";

/// The group into which Google Contacts puts every contact: as a tag it would say nothing.
const EVERYBODY: &str = "myContacts";

/// Whether a property is kept.
pub(super) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name) || name.starts_with(WHATSAPP)
}

/// The index of the column that a property goes to, if any.
pub(super) fn column_of(name: &str) -> Option<usize> {
    let column = match name {
        // Its components go to three columns; a defect is reported for the first of them.
        "N" => "Family Name",
        name => name,
    };
    COLUMNS.iter().position(|known| *known == column)
}

/// Whether a header is that of a rejects file written from cards.
pub(crate) fn is_table_of_cards(names: &[String]) -> bool {
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    has(rejects::RAW) && LISTS.into_iter().all(has)
}

/// Whether a column of such a file holds several values.
pub(crate) fn is_list(name: &str) -> bool {
    LISTS.contains(&name)
}

/// The cell that was written to such a file as this text.
pub(crate) fn list(text: &str) -> CellValue {
    cell(text.split(BETWEEN_VALUES).map(str::to_owned).collect())
}

/// The cells of a damaged card: only its text.
pub(super) fn cells_of_broken(text: String) -> Vec<CellValue> {
    let mut cells = vec![CellValue::Absent; COLUMNS.len() - 1];
    cells.push(CellValue::Text(text));
    cells
}

/// The cells of a card's text, which has one property on each line and no `END`; `None` where calcard sees no card.
pub(super) fn read(text: &str) -> Option<Vec<CellValue>> {
    match Parser::new(&format!("{text}END:VCARD\n")).entry() {
        Entry::VCard(card) => Some(cells(&card)),
        _ => None,
    }
}

fn cells(card: &VCard) -> Vec<CellValue> {
    // An `N` of separators only is no name; another one may follow.
    let name = card.entries.iter().find(|entry| {
        entry.name == VCardProperty::N && texts(entry).any(|text| !text.trim().is_empty())
    });
    let part = |index: usize| {
        let part = name.and_then(|name| name.values.get(index)).and_then(text);
        part.map_or(CellValue::Absent, CellValue::Text)
    };
    let CardPhones { phones, faxes } = phones(card);
    vec![
        full_name(card),
        part(1),
        part(2),
        part(0),
        cell(phones),
        cell(faxes),
        cell(by_preference(card, &VCardProperty::Email)),
        cell(categories(card)),
        first(card, &VCardProperty::Org),
        first(card, &VCardProperty::Title),
        first(card, &VCardProperty::Adr),
        first(card, &VCardProperty::Bday),
        first(card, &VCardProperty::Note),
        CellValue::Absent,
    ]
}

/// The texts that are not blank; absent without any.
fn cell(mut texts: Vec<String>) -> CellValue {
    texts.retain(|text| !text.trim().is_empty());
    if texts.is_empty() {
        CellValue::Absent
    } else {
        CellValue::List(texts)
    }
}

fn entries<'c>(card: &'c VCard, name: &'c VCardProperty) -> impl Iterator<Item = &'c VCardEntry> {
    card.entries.iter().filter(move |entry| entry.name == *name)
}

/// The most preferred name that is not blank.
fn full_name(card: &VCard) -> CellValue {
    let mut names = by_preference(card, &VCardProperty::Fn).into_iter();
    let name = names.find(|name| !name.trim().is_empty());
    name.map_or(CellValue::Absent, CellValue::Text)
}

/// The first property of this name that is not blank, its components as one text.
fn first(card: &VCard, name: &VCardProperty) -> CellValue {
    let whole = |entry: &VCardEntry| {
        let parts: Vec<String> = texts(entry)
            .filter(|part| !part.trim().is_empty())
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    };
    entries(card, name)
        .find_map(whole)
        .map_or(CellValue::Absent, CellValue::Text)
}

fn texts(entry: &VCardEntry) -> impl Iterator<Item = String> {
    entry.values.iter().filter_map(text)
}

fn text(value: &VCardValue) -> Option<String> {
    match value {
        VCardValue::Text(text) => Some(text.clone()),
        VCardValue::Component(texts) => Some(texts.join(" ")),
        VCardValue::PartialDateTime(date) => Some(iso(date)),
        // A Base64 value whose bytes are not UTF-8.
        VCardValue::Binary(data) => Some(String::from_utf8_lossy(&data.data).into_owned()),
        // calcard parsed it as a number: leading zeros and a plus sign are gone, and so it is no phone.
        VCardValue::Integer(_)
        | VCardValue::Float(_)
        | VCardValue::Boolean(_)
        | VCardValue::Sex(_)
        | VCardValue::GramGender(_)
        | VCardValue::Kind(_) => None,
    }
}

/// A date in ISO 8601; `--05-01` for a birthday without its year (RFC 6350, section 4.3.1).
fn iso(date: &PartialDateTime) -> String {
    let year = date
        .year
        .map_or("-".to_owned(), |year| format!("{year:04}"));
    let rest = [date.month, date.day].into_iter().flatten();
    let parts = std::iter::once(year).chain(rest.map(|part| format!("{part:02}")));
    parts.collect::<Vec<_>>().join("-")
}

fn categories(card: &VCard) -> Vec<String> {
    let all = entries(card, &VCardProperty::Categories).flat_map(texts);
    all.filter(|category| category.trim() != EVERYBODY)
        .collect()
}

/// The texts of all properties of a name, the most preferred first.
fn by_preference(card: &VCard, name: &VCardProperty) -> Vec<String> {
    let mut ranked: Vec<&VCardEntry> = entries(card, name).collect();
    ranked.sort_by_key(|entry| preference(entry));
    ranked.into_iter().flat_map(texts).collect()
}

/// The numbers of a card, the likeliest to be on WhatsApp first.
fn phones(card: &VCard) -> CardPhones {
    let labels = labels(card);
    let lines = card.entries.iter().filter_map(|entry| {
        let kind = property_kind(&entry.name)?;
        let label = entry.group.as_ref().and_then(|group| labels.get(group));
        Some(phone_properties(entry, kind, label.map(String::as_str)))
    });
    phones::ordered(lines.flatten())
}

fn property_kind(name: &VCardProperty) -> Option<PropertyKind> {
    match name {
        VCardProperty::Tel => Some(PropertyKind::Phone),
        VCardProperty::Impp | VCardProperty::Socialprofile => Some(PropertyKind::Service),
        VCardProperty::Url => Some(PropertyKind::Link),
        VCardProperty::Other(name) => match name.to_ascii_uppercase() {
            name if name == "X-SOCIALPROFILE" => Some(PropertyKind::Service),
            name if name.starts_with(WHATSAPP) => Some(PropertyKind::WhatsApp),
            _ => None,
        },
        _ => None,
    }
}

fn phone_properties<'c>(
    entry: &'c VCardEntry,
    kind: PropertyKind,
    label: Option<&'c str>,
) -> impl Iterator<Item = PhoneProperty<'c>> {
    let preference = preference(entry);
    texts(entry).map(move |text| PhoneProperty {
        kind,
        value: text,
        words: words(entry),
        label,
        waid: parameter(entry, "WAID"),
        preference,
    })
}

/// Apple's labels by the names of their groups.
fn labels(card: &VCard) -> HashMap<String, String> {
    let is_label = |entry: &&VCardEntry| match &entry.name {
        VCardProperty::Other(name) => name.eq_ignore_ascii_case(LABEL),
        _ => false,
    };
    let labels = card.entries.iter().filter(is_label);
    labels
        .filter_map(|entry| Some((entry.group.clone()?, texts(entry).next()?)))
        .collect()
}

/// The words among the parameters of a property: its types and its service.
fn words(entry: &VCardEntry) -> Vec<String> {
    let words = entry.params.iter();
    words.filter_map(|p| word(&p.name, &p.value)).collect()
}

/// The value of a parameter that calcard does not know, by its name.
fn parameter<'c>(entry: &'c VCardEntry, name: &str) -> Option<&'c str> {
    let mut parameters = entry.params.iter();
    parameters.find_map(|parameter| match (&parameter.name, &parameter.value) {
        (VCardParameterName::Other(other), VCardParameterValue::Text(text))
            if other.eq_ignore_ascii_case(name) =>
        {
            Some(text.as_str())
        }
        _ => None,
    })
}

/// A type or a service as one word. vCard 2.1 writes types without `TYPE=`, which calcard gives as an unknown name.
fn word(name: &VCardParameterName, value: &VCardParameterValue) -> Option<String> {
    match (name, value) {
        (VCardParameterName::Type, VCardParameterValue::Type(kind)) => {
            Some(kind.as_str().to_lowercase())
        }
        (VCardParameterName::Type, VCardParameterValue::Text(text)) => Some(text.to_lowercase()),
        (VCardParameterName::Other(name), VCardParameterValue::Null) => Some(name.to_lowercase()),
        (VCardParameterName::ServiceType, VCardParameterValue::Text(text)) => {
            Some(text.to_lowercase())
        }
        (VCardParameterName::Other(name), VCardParameterValue::Text(text))
            if name.eq_ignore_ascii_case("X-SERVICE-TYPE") =>
        {
            Some(text.to_lowercase())
        }
        _ => None,
    }
}

/// The rank of a property, 1 being the most preferred: `PREF=1`, or `TYPE=PREF` of versions before 4.0.
fn preference(entry: &VCardEntry) -> u32 {
    let preferences =
        entry
            .params
            .iter()
            .map(|parameter| match (&parameter.name, &parameter.value) {
                (VCardParameterName::Pref, VCardParameterValue::Integer(rank)) => {
                    (*rank).min(UNPREFERRED)
                }
                (VCardParameterName::Pref, _) => 1,
                (name, value) => match word(name, value).as_deref() {
                    Some("pref") => 1,
                    _ => UNPREFERRED,
                },
            });
    preferences.min().unwrap_or(UNPREFERRED)
}
