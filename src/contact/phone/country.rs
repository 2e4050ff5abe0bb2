//! A cell that names a country, however people and programs write it.

use super::metadata::{is_calling_code, region_of};
use crate::contact::region::Region;

/// The region that a cell names: a code of two or three letters or a name (`IN`, `IND`, `India`), a calling code
/// (`+49`, `49`), a locale (`de_DE`), or a name with its code (`India (IN)`, `+91 India`). What its parts say must
/// agree.
pub(crate) fn country(cell: &str) -> Option<Region> {
    let text = cell.trim();
    Region::parse(text)
        .or_else(|| of_calling_code(text))
        .or_else(|| of_locale(text))
        .or_else(|| of_parts(text))
}

/// Of a code that several regions share, the one that it is known for: their numbers are dialled alike.
fn of_calling_code(text: &str) -> Option<Region> {
    let digits = text.trim_start_matches('+').trim_start_matches("00");
    let is_code = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let code = is_code.then(|| digits.parse().ok())??;
    is_calling_code(code).then(|| region_of(code, None))?
}

/// A language and a region as BCP 47 and POSIX write them: `de-DE`, `pt_BR.UTF-8`.
fn of_locale(text: &str) -> Option<Region> {
    let (language, rest) = text.split_once(['_', '-'])?;
    let region = rest.split(['.', '@']).next()?;
    let is_language =
        matches!(language.len(), 2 | 3) && language.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_region = region.len() == 2 && region.bytes().all(|byte| byte.is_ascii_uppercase());
    (is_language && is_region).then(|| Region::from_code(region))?
}

fn of_parts(text: &str) -> Option<Region> {
    let separators = ['(', ')', '[', ']', ',', '/', '|'];
    let around = |part: &str| {
        part.split(" - ")
            .map(str::trim)
            .map(str::to_owned)
            .collect()
    };
    let parts: Vec<Vec<String>> = text.split(separators).map(around).collect();
    let mut named = parts
        .iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .map(|part| Region::parse(part).or_else(|| of_calling_code(part)));
    let first = named.next()??;
    let agrees = |other: Option<Region>| other == Some(first) || shares_code(other, first);
    let mut others = named.peekable();
    (others.peek().is_some() && others.all(agrees)).then_some(first)
}

/// `Canada (+1)`: a calling code says the region that it is known for.
fn shares_code(other: Option<Region>, first: Region) -> bool {
    let code = super::metadata::calling_code;
    other.is_some_and(|other| code(other) == code(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_understood_however_it_is_written() {
        for (cell, code) in [
            ("IN", Some("IN")),
            ("IND", Some("IN")),
            ("India", Some("IN")),
            ("भारत", Some("IN")),
            ("Hindistan", Some("IN")),
            ("印度", Some("IN")),
            ("+49", Some("DE")),
            ("49", Some("DE")),
            ("0049", Some("DE")),
            ("de_DE", Some("DE")),
            ("pt-BR", Some("BR")),
            ("India (IN)", Some("IN")),
            ("IN - India", Some("IN")),
            ("India (+91)", Some("IN")),
            ("Canada (+1)", Some("CA")),
            ("UK", Some("GB")),
            ("Reino Unido", Some("GB")),
            ("Великобритания", Some("GB")),
            ("Dubai", None),
            ("NGA", Some("NG")),
            ("Nga", None),
            ("Congo", None),
            ("India, Germany", None),
            ("999", None),
            ("", None),
            ("xx_YY", None),
            ("-", None),
        ] {
            assert_eq!(country(cell).map(Region::code), code, "{cell}");
        }
    }
}
