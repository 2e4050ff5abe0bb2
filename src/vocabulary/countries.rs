//! Regions and what they are called. The names are in `countries.txt`.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::file::{WordSection, sections};
use crate::text::folded;

static SECTIONS: LazyLock<Vec<WordSection>> =
    LazyLock::new(|| sections(include_str!("countries.txt")));

/// The codes of all regions that have telephones, ascending, each with its English name.
pub(crate) fn country_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    let english = SECTIONS.iter().filter(|section| section.name == "name");
    let lines = english.flat_map(|section| section.lines.iter());
    lines.filter_map(|line| Some((line.key, *line.words.first()?)))
}

/// The code of the region that a name means, in any of the languages, or a code of three letters. Those are in
/// capitals: `Nga` is Russia in Vietnamese, and NGA Nigeria.
pub(crate) fn country_code(name: &str) -> Option<&'static str> {
    let named = NAMES.get(&comparable(name)).copied();
    named.or_else(|| CODES.get(name.trim()).copied())
}

static CODES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let codes = SECTIONS.iter().filter(|section| section.name == "code");
    let lines = codes.flat_map(|section| section.lines.iter());
    lines
        .filter_map(|line| Some((*line.words.first()?, line.key)))
        .collect()
});

/// A country column is looked up once a row.
static NAMES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let names = SECTIONS.iter().filter(|section| section.name != "code");
    let lines = names.flat_map(|section| section.lines.iter());
    lines
        .flat_map(|line| line.words.iter().map(|name| (comparable(name), line.key)))
        .collect()
});

/// A name without what people write differently: case, accents, spaces, punctuation, `the`, `and`, `St.`. Andorra's
/// code is nothing but such a word.
pub(super) fn comparable(name: &str) -> String {
    let folded = folded(name);
    let words = || folded.split(|c: char| !c.is_alphanumeric());
    let telling: String = words()
        .filter(|word| !matches!(*word, "the" | "and"))
        .map(|word| if word == "st" { "saint" } else { word })
        .collect();
    if telling.is_empty() {
        words().collect()
    } else {
        telling
    }
}
