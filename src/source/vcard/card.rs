//! What one card says, as the cells of a row: the only place that knows calcard.
//!
//! Owns the columns, the order of phones and addresses, and which parameters make it.

use std::collections::HashMap;

use calcard::common::{IanaString, PartialDateTime};
use calcard::vcard::{
    VCard, VCardEntry, VCardParameterName, VCardParameterValue, VCardProperty, VCardValue,
};
use calcard::{Entry, Parser};

use super::property::{is_quoted_printable, names_charset, parted};
use crate::record::{BETWEEN_VALUES, Cell, Flaw, RAW_KEY};

/// The columns of every card. The last one holds the text of what is no whole card.
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
    RAW_KEY,
];

/// The columns that hold several values.
const LISTS: [&str; 4] = ["TEL", "FAX", "EMAIL", "CATEGORIES"];

/// The properties that are kept: those of the columns, and what calcard or the order of phones needs.
const KNOWN: [&str; 12] = [
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
    "X-ABLABEL",
];

/// The group that Google puts everybody into.
const EVERYBODY: &str = "myContacts";

/// Charsets that quoted-printable text is tried in where it names none.
const UNNAMED_CHARSETS: [&str; 2] = ["UTF-8", "ISO-8859-1"];

/// Whether a property is kept.
pub(super) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

/// The column that a property goes to.
pub(super) fn column_of(name: &str) -> &str {
    match name {
        "N" => "Family Name",
        name => name,
    }
}

/// Whether a header is that of a rejects file of cards.
pub(in super::super) fn is_table_of_cards(names: &[String]) -> bool {
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    has(RAW_KEY) && LISTS.into_iter().all(has)
}

/// Whether a column of such a file holds several values.
pub(in super::super) fn is_list(name: &str) -> bool {
    LISTS.contains(&name)
}

/// The cell that such a file wrote as this text.
pub(in super::super) fn list(text: &str) -> Cell {
    cell(text.split(BETWEEN_VALUES).map(str::to_owned).collect())
}

/// A card that was read.
pub(super) struct Card {
    pub(super) cells: Vec<Cell>,
    pub(super) flaw: Option<Flaw>,
}

/// The cells of what is no whole card: only its text.
pub(super) fn cells_of_broken(text: String) -> Vec<Cell> {
    let mut cells = vec![Cell::Absent; COLUMNS.len() - 1];
    cells.push(Cell::Text(text));
    cells
}

/// Reads the text of one card, each property on one line; `None` where it is none.
pub(super) fn read(text: &str) -> Option<Card> {
    let mut card = None;
    for charset in UNNAMED_CHARSETS {
        let cells = cells(&parse(&with_charset(text, charset))?);
        let garbled = garbled(&cells).filter(|_| !text.contains(char::REPLACEMENT_CHARACTER));
        let flaw = garbled.map(|column| Flaw::BadEncoding {
            column: Some(column.to_owned()),
        });
        let is_right = flaw.is_none();
        card = Some(Card { cells, flaw });
        if is_right {
            break;
        }
    }
    card
}

fn parse(text: &str) -> Option<VCard> {
    match Parser::new(&format!("{text}END:VCARD\n")).entry() {
        Entry::VCard(card) => Some(card),
        _ => None,
    }
}

/// Version 2.1 has it without its name too, which calcard does not know; said twice, it is the same.
const QUOTED: &str = ";ENCODING=QUOTED-PRINTABLE";

/// The text, with a charset named wherever quoted-printable text names none.
fn with_charset(text: &str, charset: &str) -> String {
    let mut named = String::with_capacity(text.len() + 64);
    for line in text.lines() {
        let head = parted(line.as_bytes()).0;
        let is_unnamed = is_quoted_printable(head) && !names_charset(head);
        match line.split_at_checked(head.len()) {
            Some((head, value)) if is_unnamed => {
                named.extend([head, QUOTED, ";CHARSET=", charset, value, "\n"]);
            }
            Some((head, value)) if is_quoted_printable(head.as_bytes()) => {
                named.extend([head, QUOTED, value, "\n"]);
            }
            _ => named.extend([line, "\n"]),
        }
    }
    named
}

/// The first column that holds what its charset does not have.
fn garbled(cells: &[Cell]) -> Option<&'static str> {
    let is_garbled = |text: &String| text.contains(char::REPLACEMENT_CHARACTER);
    let mut columns = COLUMNS.into_iter().zip(cells);
    let (column, _) = columns.find(|(_, cell)| match cell {
        Cell::Text(text) => is_garbled(text),
        Cell::List(texts) => texts.iter().any(is_garbled),
        Cell::Faulty(..) | Cell::Absent => false,
    })?;
    Some(column)
}

fn cells(card: &VCard) -> Vec<Cell> {
    let name = card.entries.iter().find(|entry| {
        entry.name == VCardProperty::N && texts(entry).any(|text| !text.trim().is_empty())
    });
    let part = |index: usize| {
        let part = name.and_then(|name| name.values.get(index)).and_then(text);
        part.map_or(Cell::Absent, Cell::Text)
    };
    vec![
        full_name(card),
        part(1),
        part(2),
        part(0),
        cell(phones(card, |kind| kind != Use::Machine)),
        cell(phones(card, |kind| kind == Use::Machine)),
        cell(addresses(card)),
        cell(categories(card)),
        first(card, &VCardProperty::Org),
        first(card, &VCardProperty::Title),
        first(card, &VCardProperty::Adr),
        first(card, &VCardProperty::Bday),
        first(card, &VCardProperty::Note),
        Cell::Absent,
    ]
}

/// A list without blanks; absent where nothing is left.
fn cell(mut texts: Vec<String>) -> Cell {
    texts.retain(|text| !text.trim().is_empty());
    if texts.is_empty() {
        Cell::Absent
    } else {
        Cell::List(texts)
    }
}

fn entries<'c>(card: &'c VCard, name: &'c VCardProperty) -> impl Iterator<Item = &'c VCardEntry> {
    card.entries.iter().filter(move |entry| entry.name == *name)
}

/// The name that is preferred, of those that say something.
fn full_name(card: &VCard) -> Cell {
    let names =
        entries(card, &VCardProperty::Fn).map(|entry| (preference(entry), texts(entry).collect()));
    let mut names = in_order(names.collect()).into_iter();
    let name = names.find(|name| !name.trim().is_empty());
    name.map_or(Cell::Absent, Cell::Text)
}

/// The first of these properties that says something, its parts as one text.
fn first(card: &VCard, name: &VCardProperty) -> Cell {
    let whole = |entry: &VCardEntry| {
        let parts: Vec<String> = texts(entry)
            .filter(|part| !part.trim().is_empty())
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    };
    entries(card, name)
        .find_map(whole)
        .map_or(Cell::Absent, Cell::Text)
}

fn texts(entry: &VCardEntry) -> impl Iterator<Item = String> {
    entry.values.iter().filter_map(text)
}

fn text(value: &VCardValue) -> Option<String> {
    match value {
        VCardValue::Text(text) => Some(text.clone()),
        VCardValue::Component(texts) => Some(texts.join(" ")),
        VCardValue::PartialDateTime(date) => Some(iso(date)),
        // Text that is not of its charset.
        VCardValue::Binary(data) => Some(String::from_utf8_lossy(&data.data).into_owned()),
        // A number has lost its plus sign and its zeros.
        VCardValue::Integer(_)
        | VCardValue::Float(_)
        | VCardValue::Boolean(_)
        | VCardValue::Sex(_)
        | VCardValue::GramGender(_)
        | VCardValue::Kind(_) => None,
    }
}

/// A date as ISO 8601 writes it; a birthday without its year keeps a dash for it.
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

fn addresses(card: &VCard) -> Vec<String> {
    let found = entries(card, &VCardProperty::Email)
        .map(|entry| (preference(entry), texts(entry).collect()));
    in_order(found.collect())
}

/// The phones of these kinds, the likeliest for WhatsApp first: the order in which they are tried.
fn phones(card: &VCard, is_wanted: impl Fn(Use) -> bool) -> Vec<String> {
    let labels = labels(card);
    let found = entries(card, &VCardProperty::Tel).filter_map(|entry| {
        let label = entry.group.as_ref().and_then(|group| labels.get(group));
        let kind = Use::of(entry, label.map(String::as_str));
        is_wanted(kind).then(|| ((kind, preference(entry)), texts(entry).collect()))
    });
    in_order(found.collect())
}

fn in_order<R: Ord + Copy>(mut ranked: Vec<(R, Vec<String>)>) -> Vec<String> {
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().flat_map(|(_, texts)| texts).collect()
}

/// What Apple calls the properties of a group (`item1.X-ABLabel:WhatsApp`).
fn labels(card: &VCard) -> HashMap<String, String> {
    let is_label = |entry: &&VCardEntry| match &entry.name {
        VCardProperty::Other(name) => name.eq_ignore_ascii_case("X-ABLABEL"),
        _ => false,
    };
    let labels = card.entries.iter().filter(is_label);
    labels
        .filter_map(|entry| Some((entry.group.clone()?, texts(entry).next()?)))
        .collect()
}

/// What a phone is for, the likeliest for WhatsApp first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    WhatsApp,
    Cell,
    Preferred,
    Other,
    /// A fax or a pager: no phone.
    Machine,
}

impl Use {
    fn of(entry: &VCardEntry, label: Option<&str>) -> Use {
        let mut words: Vec<String> = entry
            .params
            .iter()
            .filter_map(|p| word(&p.name, &p.value))
            .collect();
        let label = label.map(str::to_lowercase);
        let is_fax = label.as_deref().is_some_and(labels_fax);
        words.extend(label.filter(|_| !is_fax));
        let says = |known: &[&str]| {
            words
                .iter()
                .any(|word| known.iter().any(|known| word.contains(known)))
        };
        if says(&["whatsapp"]) {
            Use::WhatsApp
        } else if says(&["cell", "mobile", "iphone"]) {
            Use::Cell
        } else if is_fax
            || words.iter().any(|word| word == "fax" || word == "pager") && !says(&["voice"])
        {
            Use::Machine
        } else if preference(entry) < UNPREFERRED {
            Use::Preferred
        } else {
            Use::Other
        }
    }
}

/// Whether a label is that of a fax, as Apple writes it (`_$!<WorkFAX>!$_`) or in words; Halifax is a town.
fn labels_fax(label: &str) -> bool {
    const KINDS: [&str; 5] = ["fax", "workfax", "homefax", "otherfax", "pager"];
    let mut words = label.split(|c: char| !c.is_alphanumeric());
    words.any(|word| KINDS.contains(&word))
}

/// A parameter as the one word that it is, `TYPE=` or not.
fn word(name: &VCardParameterName, value: &VCardParameterValue) -> Option<String> {
    match (name, value) {
        (VCardParameterName::Type, VCardParameterValue::Type(kind)) => {
            Some(kind.as_str().to_lowercase())
        }
        (VCardParameterName::Type, VCardParameterValue::Text(text)) => Some(text.to_lowercase()),
        (VCardParameterName::Other(name), VCardParameterValue::Null) => Some(name.to_lowercase()),
        _ => None,
    }
}

/// Behind every `PREF` of RFC 6350 (1 to 100).
const UNPREFERRED: u32 = 1_000;

/// How much a property is preferred, the most first: `PREF=1`, or `TYPE=PREF` without a number.
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
