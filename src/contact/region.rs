//! Regions: the two-letter codes of ISO 3166-1, and the region that a text names.
//!
//! The names are the vocabulary's; which calling code a region has is the phone module's to say.

use std::fmt;
use std::sync::LazyLock;

use crate::vocabulary::{country_code, country_names};

/// A region that has telephones: a country, or a territory with a code of its own. In memory it is its place among
/// all regions, ascending by code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(u8);

impl Region {
    /// The region that a text names: its code of two or three letters, or its name in English or one of the
    /// vocabulary's languages, in any case, with or without accents and punctuation. `UK` is `GB`, and `Holland` is
    /// `NL`.
    pub(crate) fn parse(text: &str) -> Option<Region> {
        let text = text.trim();
        Region::from_code(&text.to_ascii_uppercase())
            .or_else(|| Region::from_code(country_code(text)?))
    }

    /// The region of a code in capital letters.
    pub(crate) fn from_code(code: &str) -> Option<Region> {
        let at = REGIONS
            .binary_search_by(|(known, _)| known.cmp(&code))
            .ok()?;
        u8::try_from(at).ok().map(Region)
    }

    /// The region at a place among all regions, ascending by code.
    pub(super) fn at(place: u8) -> Region {
        Region(place)
    }

    /// Its place among all regions, ascending by code.
    pub(super) fn place(self) -> u8 {
        self.0
    }

    /// Every region, by code.
    #[cfg(test)]
    pub(crate) fn all() -> impl Iterator<Item = Region> {
        (0..REGIONS.len()).filter_map(|at| u8::try_from(at).ok().map(Region))
    }

    /// The code: two capital letters.
    pub(crate) fn code(self) -> &'static str {
        self.entry().0
    }

    /// The English name, without an article.
    pub(crate) fn name(self) -> &'static str {
        self.entry().1
    }

    fn entry(self) -> (&'static str, &'static str) {
        REGIONS
            .get(usize::from(self.0))
            .copied()
            .unwrap_or_default()
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Region({})", self.code())
    }
}

/// The code and name of every region, ascending by code, so that a code is found by bisection.
static REGIONS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| country_names().collect());

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<&'static str> {
        Region::parse(text).map(Region::code)
    }

    #[test]
    fn a_region_is_named_by_its_code_or_its_english_name_in_any_case() {
        let cases = [
            ("IN", "IN"),
            ("in", "IN"),
            ("  De ", "DE"),
            ("india", "IN"),
            ("UNITED KINGDOM", "GB"),
            ("uk", "GB"),
            ("England", "GB"),
            ("Great Britain", "GB"),
            ("usa", "US"),
            ("U.S.A.", "US"),
            ("the United States of America", "US"),
            ("UAE", "AE"),
            ("Holland", "NL"),
            ("The Netherlands", "NL"),
            ("korea", "KR"),
            ("South Korea", "KR"),
            ("Korea, Republic of", "KR"),
            ("Russian Federation", "RU"),
            ("Czech Republic", "CZ"),
            ("czechia", "CZ"),
            ("Ivory Coast", "CI"),
            ("Cote d’Ivoire", "CI"),
            ("Turkey", "TR"),
            ("TURKIYE", "TR"),
            ("Türki̇ye", "TR"),
            ("Viet Nam", "VN"),
            ("St. Lucia", "LC"),
            ("Trinidad & Tobago", "TT"),
            ("bosnia-herzegovina", "BA"),
            ("Sao Tome and Principe", "ST"),
            ("Guinea Bissau", "GW"),
            ("NA", "NA"),
        ];
        for (text, expected) in cases {
            assert_eq!(code(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_text_that_names_no_region_gives_none() {
        for text in [
            "", " ", "-", "91", "+91", "intl", "ZZ", "AQ", "Indja", "the", "é", "I N D I",
        ] {
            assert_eq!(code(text), None, "{text:?}");
        }
    }

    #[test]
    fn every_code_and_every_name_leads_back_to_its_region() {
        for region in Region::all() {
            assert_eq!(Region::parse(region.code()), Some(region));
            assert_eq!(
                Region::parse(region.name()),
                Some(region),
                "{}",
                region.name()
            );
            assert_eq!(region.to_string(), region.code());
        }
    }
}
