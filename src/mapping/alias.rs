//! The headers that are recognised without a rule.
//!
//! Owns how a header is compared with the tables, and which of several columns goes first. The tables are data: `table`
//! has the headers that mean the same in any file, `export` those of one product.

mod table;

use super::columns::Columns;
use super::consent;
use super::export::Export;
use super::nearest::is_slip;
use crate::contact::accent::without_accent;
use std::collections::HashMap;
use std::sync::LazyLock;
use table::{ALIASES, LABELS};

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
    /// A part of a name, where two families give it.
    SecondLastName,
    /// A phone.
    Phone(PhoneKind),
    /// A country calling code, or a country.
    Prefix,
    /// A country calling code, or the title before a name.
    PrefixOrTitle,
    /// Where the contact is from.
    Country,
    /// An e-mail address.
    Email,
    /// Tags.
    Tags,
    /// Nothing of a contact, although the header sounds like it.
    Nothing,
}

/// Kinds of phones, the likeliest to have WhatsApp first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PhoneKind {
    Whatsapp,
    Mobile,
    Primary,
    Work,
    Home,
    Other,
}

/// A recognised column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Recognised {
    /// What it holds.
    pub meaning: Meaning,
    /// Its place among the columns of the same meaning: the lowest is preferred.
    pub rank: Rank,
}

/// A place among columns of one meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    /// Of phones; the same for all else.
    kind: Option<PhoneKind>,
    /// Lines of the tables: an export's before those of any file.
    line: usize,
    /// `2` of `Phone 2 - Value`.
    number: u16,
}

/// What headers that sound like a phone have in them, the likeliest first.
const SOUNDS_OF_PHONES: [&str; 15] = [
    "whatsapp", "mobile", "phone", "fone", "cell", "msisdn", "celular", "handy", "móvil", "movil",
    "telef", "tel", "sms", "number", "contact",
];

/// What such headers do not have in them.
const SOUNDS_OF_OTHERS: [&str; 11] = [
    "label", "type", "code", "country", "ext", "date", "consent", "opt", "name", "mail", "fax",
];

/// A table by the keys of its headers.
type Index = HashMap<String, (Meaning, usize)>;

static RECOGNISED: LazyLock<Index> = LazyLock::new(|| index(ALIASES));

fn index(table: &[(Meaning, &[&str])]) -> Index {
    let lines = table.iter().enumerate();
    lines
        .flat_map(|(line, (meaning, names))| {
            names.iter().map(move |name| (key(name), (*meaning, line)))
        })
        .collect()
}

/// A header as the tables are searched for it: lowercase letters and digits, without accents.
pub(super) fn key(name: &str) -> String {
    name.chars()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .map(without_accent)
        .collect()
}

/// The columns that are recognised by their headers, in the header's order. A consent column is none of them.
pub(super) fn recognise(
    columns: &Columns<'_>,
    export: Option<&Export>,
) -> Vec<(usize, Recognised)> {
    let own = index(export.map(|export| export.columns).unwrap_or_default());
    let recognised = columns.names().filter_map(|(index, name)| {
        let found = look_up(&own, name).or_else(|| {
            let found = look_up(&RECOGNISED, name)?;
            Some(found.after(own.len()))
        });
        found
            .filter(|found| found.meaning != Meaning::Nothing && !consent::is_consent(name))
            .map(|found| (index, found))
    });
    let mut recognised: Vec<(usize, Recognised)> = recognised.collect();
    read_surnames(&mut recognised, columns);
    recognised
}

/// German calls the surname `Name` beside a `Vorname`, unless another column is the surname.
fn read_surnames(recognised: &mut [(usize, Recognised)], columns: &Columns<'_>) {
    let is_called = |index: usize, wanted: &str| {
        let mut names = columns.names();
        names.any(|(at, name)| at == index && key(name) == wanted)
    };
    let has = |meaning: Meaning, wanted: Option<&str>| {
        recognised.iter().any(|(index, found)| {
            found.meaning == meaning && wanted.is_none_or(|wanted| is_called(*index, wanted))
        })
    };
    if !has(Meaning::FirstName, Some("vorname")) || has(Meaning::LastName, None) {
        return;
    }
    for (index, found) in recognised {
        if found.meaning == Meaning::Name && is_called(*index, "name") {
            found.meaning = Meaning::LastName;
        }
    }
}

/// The header as it stands, else without what stands in brackets behind it: `Full name (required)`.
fn look_up(index: &Index, name: &str) -> Option<Recognised> {
    const NOTES: [&str; 6] = [
        "required",
        "optional",
        "mandatory",
        "pflichtfeld",
        "obligatorio",
        "obligatoire",
    ];
    // Any other note may say that it is somebody else's: `Phone (spouse)`.
    let bare = || {
        name.split_once('(')
            .filter(|(_, note)| NOTES.contains(&key(note).as_str()))
    };
    look_up_whole(index, name).or_else(|| look_up_whole(index, bare()?.0))
}

/// The header as it stands, else that of a phone or an e-mail without its number.
fn look_up_whole(index: &Index, name: &str) -> Option<Recognised> {
    let key = key(name);
    let known = index.get(&key).or_else(|| index.get(plain_whatsapp(&key)?));
    if let Some((meaning, line)) = known {
        return Some(Recognised::new(*meaning, *line, 1));
    }
    // `1.phone` is the phone of one of several contacts that are called by numbers.
    let is_keyed = name
        .split_once('.')
        .is_some_and(|(first, _)| first.bytes().all(|byte| byte.is_ascii_digit()));
    let (key, number) = without_number(&key).filter(|_| !is_keyed)?;
    let (meaning, line) = index.get(&key)?;
    matches!(meaning, Meaning::Phone(_) | Meaning::Email)
        .then(|| Recognised::new(*meaning, *line, number))
}

/// `WhatsApp Nr`, `Numero WhatsApp`, `WA`: however it is put, it is the same number.
fn plain_whatsapp(key: &str) -> Option<&'static str> {
    const PLAIN: &str = "whatsapp";
    const WORDS: [&str; 20] = [
        "",
        "cell",
        "contact",
        "contactno",
        "contactnumber",
        "handy",
        "mobil",
        "mobile",
        "no",
        "nr",
        "num",
        "number",
        "numero",
        "numerode",
        "nummer",
        "phone",
        "phonenumber",
        "tel",
        "telefon",
        "telefonnummer",
    ];
    let rest = match key.split_once(PLAIN) {
        Some((before, after)) => format!("{before}{after}"),
        None => key.strip_prefix("wa")?.to_owned(),
    };
    WORDS.contains(&rest.as_str()).then_some(PLAIN)
}

impl Recognised {
    fn new(meaning: Meaning, line: usize, number: u16) -> Recognised {
        let kind = match meaning {
            Meaning::Phone(kind) => Some(kind),
            _ => None,
        };
        let rank = Rank { kind, line, number };
        Recognised { meaning, rank }
    }

    fn after(self, lines: usize) -> Recognised {
        let line = self.rank.line + lines;
        Recognised {
            rank: Rank { line, ..self.rank },
            ..self
        }
    }
}

/// A key without the one number of up to two digits in it, and that number.
fn without_number(key: &str) -> Option<(String, u16)> {
    let is_digit = |c: char| c.is_ascii_digit();
    let start = key.find(is_digit)?;
    let (before, rest) = key.split_at_checked(start)?;
    let end = rest.find(|c: char| !is_digit(c)).unwrap_or(rest.len());
    let (digits, after) = rest.split_at_checked(end)?;
    let is_only = digits.len() <= 2 && !after.contains(is_digit);
    is_only.then(|| Some((format!("{before}{after}"), digits.parse().ok()?)))?
}

/// The column that says what kind of number stands in this one: `Phone 1 - Label` beside `Phone 1 - Value`.
pub(super) fn label_of(columns: &Columns<'_>, value: usize) -> Option<usize> {
    let value = key(columns.name(value));
    let stem = value.strip_suffix("value")?;
    let wanted = ["label", "type"].map(|word| format!("{stem}{word}"));
    let mut names = columns.names();
    names
        .find(|(_, name)| wanted.contains(&key(name)))
        .map(|(index, _)| index)
}

/// The kind of phone that a label names; `None` for one that is no phone (a fax). A label that says nothing is that of a
/// primary phone.
pub(super) fn kind_of_label(label: &str) -> Option<PhoneKind> {
    let label = key(label);
    let named = LABEL_WORDS
        .iter()
        .find(|(word, _)| label.contains(word.as_str()));
    named.map_or(Some(PhoneKind::Primary), |(_, kind)| *kind)
}

static LABEL_WORDS: LazyLock<Vec<(String, Option<PhoneKind>)>> = LazyLock::new(|| {
    let lines = LABELS.iter();
    lines
        .flat_map(|(kind, words)| words.iter().map(move |word| (key(word), *kind)))
        .collect()
});

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
        .filter(|(meaning, _)| matches!(meaning, Meaning::Phone(_)));
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
            && !consent::is_consent(spelled)
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
mod tests;
