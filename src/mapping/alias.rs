//! The columns that are recognised by their headers, without a rule.
//!
//! Owns which of several columns goes first. What headers mean is [`crate::vocabulary`]'s.

use std::collections::HashMap;

use super::columns::Columns;
use super::consent;
use super::nearest::is_slip;
use crate::text::{key, words};
use crate::vocabulary::{
    self, Address, ColumnKind, Export, Meaning, PhoneKind, PhoneWord, address_of, is_address_word,
    phone_names, phone_word, sounds_like_a_phone, sounds_like_another,
};

/// A recognised column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Recognised {
    /// What it holds.
    pub(crate) meaning: Meaning,
    /// Its place among the columns of the same meaning: the lowest is preferred.
    pub(crate) rank: Rank,
}

/// A place among columns of one meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    /// Of phones; the same for all else.
    pub(crate) kind: Option<PhoneKind>,
    /// Of phones: the least likely of the kinds that its header names beside the first.
    nuance: Option<PhoneKind>,
    /// The address that a phone belongs to; one of none goes first.
    address: Option<Address>,
    /// Sections of the vocabulary: an export's before those of any file.
    line: usize,
    /// `2` of `Phone 2 - Value`.
    pub(crate) number: u16,
}

impl Rank {
    /// Whether the words of two headers give no reason to prefer one of the columns.
    pub(crate) fn is_equal_in_words(self, other: Rank) -> bool {
        (self.kind, self.nuance, self.address, self.line)
            == (other.kind, other.nuance, other.address, other.line)
    }
}

/// What an export's own headers mean, by their keys.
type ExportIndex = HashMap<String, (Meaning, usize)>;

fn index(export: &Export) -> ExportIndex {
    let lines = export.columns.iter().enumerate();
    lines
        .flat_map(|(line, (meaning, names))| {
            names.iter().map(move |name| (key(name), (*meaning, line)))
        })
        .collect()
}

/// The columns that are recognised by their headers, in the header's order. Consent columns are left out.
pub(super) fn recognise(
    columns: &Columns<'_>,
    export: Option<&Export>,
) -> Vec<(usize, Recognised)> {
    let own = export.map(index).unwrap_or_default();
    let recognised = columns.names().filter_map(|(index, name)| {
        let found = look_up(&own, name)?;
        let is_of_a_contact = found.meaning != Meaning::Nothing && !consent::is_consent(name);
        is_of_a_contact.then_some((index, found))
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

/// What a header means: in the export that it is of, else in any file; as it is written, else without a remark in
/// brackets behind it: `Full name (required)`. Any other words there may say that it is somebody else's: `Name
/// (spouse)`.
fn look_up(own: &ExportIndex, name: &str) -> Option<Recognised> {
    look_up_whole(own, name).or_else(|| {
        let (bare, remark) = name.split_once('(')?;
        let changes_nothing = phone_word(remark) == Some(PhoneWord::Note);
        changes_nothing.then(|| look_up_whole(own, bare))?
    })
}

fn look_up_whole(own: &ExportIndex, name: &str) -> Option<Recognised> {
    let known = |name: &str| {
        let name = key(name);
        let anywhere = || vocabulary::header(&name).map(|(found, line)| (found, line + own.len()));
        own.get(&name).copied().or_else(anywhere)
    };
    if let Some((meaning, line)) = known(name) {
        return Some(Recognised::new(meaning, line, 1));
    }
    let (bare, number) = without_number(name).unwrap_or_else(|| (name.to_owned(), 1));
    if is_keyed(name) {
        return None;
    }
    // `Name 2` may be a second person's: only these columns are numbered for one contact.
    match known(&bare) {
        Some((
            meaning @ (Meaning::Phone(_) | Meaning::Email | Meaning::AreaCode | Meaning::Prefix),
            line,
        )) => Some(Recognised::new(meaning, line, number)),
        _ => phone(&bare, number, own.len()),
    }
}

/// `1.phone` is the phone of one of several contacts that are called by numbers.
fn is_keyed(name: &str) -> bool {
    name.split_once('.')
        .is_some_and(|(first, _)| first.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A header that its words make a phone's. The address that it names does not keep it from being one.
fn phone(name: &str, number: u16, line: usize) -> Option<Recognised> {
    let address = address_of(name).filter(|address| address.is_an_orders());
    let column = match (vocabulary::column(name), address) {
        // Whose it is may be in the word of the address itself: a delivery man.
        (never @ ColumnKind::Never(_), _) => never,
        (_, Some(_)) => vocabulary::column(&without_address(name)),
        (column, None) => column,
    };
    let (meaning, kind, nuance) = match column {
        ColumnKind::Phone { kind, nuance } => (Meaning::Phone(kind), Some(kind), Some(nuance)),
        ColumnKind::Code(kind) => (Meaning::Prefix, kind, None),
        ColumnKind::Never(_) | ColumnKind::Unknown => return None,
    };
    Some(Recognised {
        meaning,
        rank: Rank {
            kind,
            nuance,
            address,
            line,
            number,
        },
    })
}

/// The words of a header but those that only name an address.
fn without_address(name: &str) -> String {
    let words = words(name).into_iter();
    let others = words.filter(|word| !is_address_word(word));
    others.collect::<Vec<_>>().join(" ")
}

impl Recognised {
    fn new(meaning: Meaning, line: usize, number: u16) -> Recognised {
        let kind = match meaning {
            Meaning::Phone(kind) => Some(kind),
            _ => None,
        };
        let rank = Rank {
            kind,
            nuance: None,
            address: None,
            line,
            number,
        };
        Recognised { meaning, rank }
    }
}

/// A header without the one number of up to two digits in it, and that number.
pub(super) fn without_number(name: &str) -> Option<(String, u16)> {
    let is_digit = |c: char| c.is_ascii_digit();
    let start = name.find(is_digit)?;
    let (before, rest) = name.split_at_checked(start)?;
    let end = rest.find(|c: char| !is_digit(c)).unwrap_or(rest.len());
    let (digits, after) = rest.split_at_checked(end)?;
    let is_only = digits.len() <= 2 && !after.contains(is_digit);
    is_only.then(|| Some((format!("{before} {after}"), digits.parse().ok()?)))?
}

/// The column that says what kind of number is in this one: `Phone 1 - Label` beside `Phone 1 - Value`.
pub(super) fn label_of(columns: &Columns<'_>, value: usize) -> Option<usize> {
    let value = key(columns.name(value));
    let stems = ["", "value", "number", "no"];
    let stems = stems.iter().filter_map(|ending| value.strip_suffix(ending));
    let wanted: Vec<String> = stems
        .flat_map(|stem| ["label", "type"].map(|word| format!("{stem}{word}")))
        .collect();
    let mut names = columns.names();
    names
        .find(|(_, name)| wanted.contains(&key(name)))
        .map(|(index, _)| index)
}

/// Whether a column may be taken for the phone by a guess: nothing in its header says that it is a fax, somebody
/// else's, an old one, or of consent.
pub(crate) fn may_be_the_phone(name: &str) -> bool {
    !matches!(vocabulary::column(name), ColumnKind::Never(_)) && !consent::is_consent(name)
}

/// Whether a column may be guessed to be the phone by what is in it: its header is not of an order, an account or the
/// like.
pub(crate) fn may_be_guessed(name: &str) -> bool {
    let is_of_another = words(name)
        .iter()
        .any(|word| sounds_like_another().any(|other| other == word));
    may_be_the_phone(name) && !is_of_another
}

/// The column that is probably the phone, where none is recognised as one: a slip in a known name, or one that sounds
/// like a phone.
pub(super) fn phone_guess(columns: &Columns<'_>) -> Option<usize> {
    let candidates: Vec<usize> = columns
        .names()
        .filter(|(index, name)| may_be_the_phone(name) && !is_of_another(columns.spelled(*index)))
        .map(|(index, _)| index)
        .collect();
    let first = |is_it: &dyn Fn(&str) -> bool| {
        let mut candidates = candidates.iter().copied();
        candidates.find(|index| is_it(columns.spelled(*index)))
    };
    first(&is_slip_of_a_phone)
        .or_else(|| sounds_like_a_phone().find_map(|sound| first(&|name| has_sound(name, sound))))
}

/// Whether a column holds phones by its name, be it a fax, an old one or somebody else's: a list of phones that are
/// never sent names them, too.
pub(super) fn may_hold_phones(name: &str) -> bool {
    // `Seller` alone is somebody else, and not a phone.
    let is_a_phone = |word: &String| {
        matches!(
            phone_word(word),
            Some(
                PhoneWord::Phone
                    | PhoneWord::Fax
                    | PhoneWord::Kind(PhoneKind::Whatsapp | PhoneKind::Mobile)
            )
        )
    };
    vocabulary::column(name) != ColumnKind::Unknown
        && !consent::is_consent(name)
        && words(name).iter().any(is_a_phone)
}

fn is_slip_of_a_phone(spelled: &str) -> bool {
    let mut known = phone_names().filter(|name| name.len() >= SHORTEST_SLIP);
    spelled.len() >= SHORTEST_SLIP && known.any(|name| is_slip(spelled, name))
}

/// A slip in a shorter word makes too many other words.
const SHORTEST_SLIP: usize = 5;

fn is_of_another(spelled: &str) -> bool {
    let mut words = spelled.split(' ');
    words.any(|word| sounds_like_another().any(|other| other == word))
}

/// A short sound begins a word; a long one may be anywhere.
fn has_sound(spelled: &str, sound: &str) -> bool {
    const LONG: usize = 5;
    (sound.len() >= LONG && spelled.contains(sound))
        || spelled.split(' ').any(|word| word.starts_with(sound))
}

#[cfg(test)]
mod tests;
