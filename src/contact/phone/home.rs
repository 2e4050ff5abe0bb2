//! What `--country` says: where numbers without `+` or `00` are from.

use super::metadata::{is_calling_code, region_of};
use crate::contact::region::Region;

/// What a number without `+` or `00` is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Home {
    /// No country was given: such a number is invalid.
    #[default]
    Unset,
    /// It starts with its calling code (`--country intl`).
    International,
    /// It is local to this region.
    Region(Region),
}

impl Home {
    /// Reads a value of `--country`: a region's code or English name, or `intl`, in any case.
    pub(crate) fn parse(text: &str) -> Result<Home, HomeError> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("intl") {
            return Ok(Home::International);
        }
        Region::parse(text)
            .map(Home::Region)
            .ok_or_else(|| HomeError::of(text))
    }

    /// The region, where there is one.
    pub(super) fn region(self) -> Option<Region> {
        match self {
            Home::Region(region) => Some(region),
            Home::Unset | Home::International => None,
        }
    }
}

/// Why a text says no country.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HomeError {
    /// A calling code, where the region is asked for (several regions may share one).
    #[error("\"{text}\" is a calling code: did you mean {region} ({})?", region.name())]
    CallingCode {
        /// The text.
        text: String,
        /// The region that the code is known for.
        region: Region,
    },
    /// Neither a code nor a name.
    #[error(
        "\"{text}\" is no region: give an ISO code (IN), an English name (India), \
         or intl where numbers start with their calling code"
    )]
    Unknown {
        /// The text.
        text: String,
    },
}

impl HomeError {
    fn of(text: &str) -> HomeError {
        let digits = text.trim_start_matches(['+', '0']);
        let code = digits.parse().ok().filter(|code| is_calling_code(*code));
        let text = text.to_owned();
        match code.and_then(|code| region_of(code, None)) {
            Some(region) => HomeError::CallingCode { text, region },
            None => HomeError::Unknown { text },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_a_code_a_name_or_intl_in_any_case() {
        let india = Home::Region(Region::parse("IN").unwrap());
        for text in ["IN", "in", "India", "INDIA", " in "] {
            assert_eq!(Home::parse(text), Ok(india), "{text}");
        }
        assert_eq!(Home::parse("Intl"), Ok(Home::International));
        assert_eq!(Home::default(), Home::Unset);
    }

    #[test]
    fn a_calling_code_is_refused_and_its_region_named() {
        let cases = [
            ("91", "\"91\" is a calling code: did you mean IN (India)?"),
            ("+91", "\"+91\" is a calling code: did you mean IN (India)?"),
            (
                "0044",
                "\"0044\" is a calling code: did you mean GB (United Kingdom)?",
            ),
            (
                "1",
                "\"1\" is a calling code: did you mean US (United States)?",
            ),
        ];
        for (text, words) in cases {
            assert_eq!(Home::parse(text).unwrap_err().to_string(), words);
        }
    }

    #[test]
    fn any_other_text_is_refused_and_what_is_taken_is_said() {
        for text in ["", "Indja", "ZZ", "800", "999", "-", "99999999999999999999"] {
            let words = Home::parse(text).unwrap_err().to_string();
            assert!(
                words.starts_with(&format!("\"{text}\" is no region: give an ISO code (IN)")),
                "{words}"
            );
            assert!(words.contains("intl"));
        }
    }
}
