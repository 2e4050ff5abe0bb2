//! What headers mean in any file. Phones are understood by their words, see `phones`; the others are whole headers, in
//! `headers.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::file::{WordSection, sections};
use super::phones::PhoneKind;
use crate::text::key;

/// What a recognised column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
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
    /// An area code, to be put before the number.
    AreaCode,
    /// Where the contact is from.
    Country,
    /// An e-mail address.
    Email,
    /// Tags.
    Tags,
    /// Nothing of a contact, although the header sounds like it.
    Nothing,
}

const FILE: &str = include_str!("headers.txt");

static INDEX: LazyLock<HashMap<String, (Meaning, usize)>> = LazyLock::new(|| {
    let sections = sections(FILE);
    // The number of the section is the rank: of one meaning, the file has the preferred section first.
    let lines = sections.iter().enumerate();
    let words = lines.filter_map(|(line, section)| Some((line, meaning(section.name)?, section)));
    words
        .flat_map(|(line, meaning, section)| {
            section
                .words()
                .map(move |word| (key(word), (meaning, line)))
        })
        .collect()
});

/// The meaning that a section of a file is called by.
pub(super) fn meaning(section: &str) -> Option<Meaning> {
    Some(match section {
        "name" => Meaning::Name,
        "first-name" => Meaning::FirstName,
        "middle-name" => Meaning::MiddleName,
        "last-name" => Meaning::LastName,
        "second-last-name" => Meaning::SecondLastName,
        "prefix" => Meaning::Prefix,
        "prefix-or-title" => Meaning::PrefixOrTitle,
        "area-code" => Meaning::AreaCode,
        "country" => Meaning::Country,
        "email" => Meaning::Email,
        "tags" => Meaning::Tags,
        "nothing" => Meaning::Nothing,
        _ => return None,
    })
}

/// What a header means, and its place among those of the same meaning, by its [`key`]; phones apart.
pub(crate) fn header(key: &str) -> Option<(Meaning, usize)> {
    INDEX.get(key).copied()
}

/// What headers that may be the phone have in them, the likeliest first: enough for a hint, never for a choice.
pub(crate) fn sounds_like_a_phone() -> impl Iterator<Item = &'static str> {
    hints("sounds-like-a-phone")
}

/// Words that say that a header is of something else than a phone, whatever else it sounds like.
pub(crate) fn sounds_like_another() -> impl Iterator<Item = &'static str> {
    hints("sounds-like-another")
}

fn hints(name: &'static str) -> impl Iterator<Item = &'static str> {
    static SECTIONS: LazyLock<Vec<WordSection>> = LazyLock::new(|| sections(FILE));
    let of_name = SECTIONS.iter().filter(move |section| section.name == name);
    of_name.flat_map(WordSection::words)
}
