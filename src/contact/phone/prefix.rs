//! The column that holds the calling code, where prefix and number are in separate columns.

use super::beside::Company;
use super::clean::clean;
use super::digits::is_digits;
use super::home::Home;
use super::metadata::{is_calling_code, region_of};
use super::written::{NumberForm, WrittenNumber, written};
use crate::contact::region::Region;
use crate::vocabulary::is_nothing;

/// What digits without `+` or `00` are, by all that is known of their row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DialContext {
    /// What `--country`, or the row, says.
    Home(Home),
    /// They follow these digits: an international network's code, or `1868` for Trinidad and Tobago.
    Lead {
        /// Calling code, and perhaps an area code.
        digits: String,
        /// The region whose local numbers they may be all the same.
        region: Option<Region>,
    },
    /// The column should say it, and is unreadable.
    Unreadable,
}

impl DialContext {
    /// What the prefix column says: `91`, `+91`, `0091`, `91.0`, `(+91)`, `IN`, `India (+91)`. A blank one leaves it
    /// to `home`.
    pub(super) fn of(cell: &str, home: Home) -> DialContext {
        DialContext::of_plain_code(cell, home.region())
            .unwrap_or_else(|| DialContext::of_any(cell, home))
    }

    /// `91`, `+91`: what nearly every such column has, in every row.
    fn of_plain_code(cell: &str, near: Option<Region>) -> Option<DialContext> {
        const LONGEST: usize = 3;
        let digits = cell.strip_prefix('+').unwrap_or(cell);
        let is_plain = is_digits(digits) && digits.len() <= LONGEST && !digits.starts_with('0');
        let code = is_plain.then(|| digits.parse().ok())??;
        let region = region_of(code, near).filter(|_| is_calling_code(code))?;
        Some(DialContext::Home(Home::Region(region)))
    }

    fn of_any(cell: &str, home: Home) -> DialContext {
        let text = clean(cell);
        if is_nothing(&text) {
            return DialContext::Home(home);
        }
        if let Some(region) = Region::parse(&text) {
            return DialContext::Home(Home::Region(region));
        }
        DialContext::of_code(&text, home.region())
            .or_else(|| DialContext::of_name_and_code(&text, home.region()))
            .unwrap_or(DialContext::Unreadable)
    }

    fn of_code(text: &str, near: Option<Region>) -> Option<DialContext> {
        let WrittenNumber { digits, form, .. } = written(text, Company::Others).ok()?;
        // No calling code begins with 0: it is the code of an area, or of a network (045 in Finland is not +45).
        if form == NumberForm::Bare && digits.starts_with('0') {
            return None;
        }
        let code = digits.parse().ok().filter(|code| is_calling_code(*code));
        match code.and_then(|code| region_of(code, near)) {
            Some(region) => Some(DialContext::Home(Home::Region(region))),
            None if code.is_some() => Some(DialContext::Lead {
                digits,
                region: None,
            }),
            None if digits.len() == 4 && digits.starts_with('1') => Some(DialContext::Lead {
                digits,
                region: region_of(1, near),
            }),
            None => None,
        }
    }

    /// `India (+91)`, `+91 India`: what lists of countries in web forms leave.
    fn of_name_and_code(text: &str, near: Option<Region>) -> Option<DialContext> {
        let name = text.trim_matches(|c: char| c.is_ascii_digit() || " +()[]-".contains(c));
        let named = Region::parse(name);
        let context = DialContext::of_code(&text.replace(name, " "), named.or(near))?;
        let agree = named.is_some_and(|region| context == DialContext::Home(Home::Region(region)));
        (agree || text.contains('+')).then_some(context)
    }

    /// The region whose way of dialling applies, where one is known.
    pub(super) fn region(&self) -> Option<Region> {
        match self {
            DialContext::Home(home) => home.region(),
            DialContext::Lead { region, .. } => *region,
            DialContext::Unreadable => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(code: &str) -> DialContext {
        DialContext::Home(Home::Region(Region::parse(code).unwrap()))
    }

    #[test]
    fn a_calling_code_or_a_country_is_read_however_it_is_written() {
        let cells = [
            "91",
            "+91",
            "'+91",
            "0091",
            "91.0",
            "(+91)",
            " 91 ",
            "=\"91\"",
            "９１",
            "IN",
            "india",
            "India (+91)",
            "+91 India",
            "IN +91",
            "IN 91",
        ];
        for cell in cells {
            assert_eq!(DialContext::of(cell, Home::Unset), region("IN"), "{cell}");
        }
    }

    #[test]
    fn a_blank_prefix_leaves_it_to_the_country_of_the_import() {
        for cell in ["", " ", "-", "n/a", "NA", "null"] {
            assert_eq!(
                DialContext::of(cell, Home::International),
                DialContext::Home(Home::International),
                "{cell}"
            );
        }
    }

    #[test]
    fn a_shared_calling_code_is_the_region_at_hand() {
        let canada = Home::parse("CA").unwrap();
        assert_eq!(DialContext::of("+1", canada), region("CA"));
        assert_eq!(DialContext::of("+1", Home::Unset), region("US"));
        assert_eq!(DialContext::of("Canada (+1)", Home::Unset), region("CA"));
        assert_eq!(
            DialContext::of("USA/Canada (+1)", Home::Unset),
            region("US")
        );
    }

    #[test]
    fn a_code_without_a_region_of_its_own_leads_the_number() {
        let lead = |digits: &str, region| DialContext::Lead {
            digits: digits.to_owned(),
            region,
        };
        assert_eq!(DialContext::of("+800", Home::Unset), lead("800", None));
        assert_eq!(
            DialContext::of("1-868", Home::Unset),
            lead("1868", Region::parse("US"))
        );
    }

    #[test]
    fn anything_else_is_unreadable() {
        for cell in ["0", "999", "abc", "abc91", "12345", "91, 92", "IN 44", "+"] {
            let expected = if cell == "+" {
                DialContext::Home(Home::Unset)
            } else {
                DialContext::Unreadable
            };
            assert_eq!(DialContext::of(cell, Home::Unset), expected, "{cell}");
        }
    }

    #[test]
    fn a_plain_code_is_read_at_once_as_it_is_read_at_length() {
        let homes = [
            Home::Unset,
            Home::International,
            Home::Region(Region::parse("CA").unwrap()),
            Home::Region(Region::parse("GB").unwrap()),
        ];
        for code in 0..1_100 {
            for cell in [format!("{code}"), format!("+{code}"), format!("0{code}")] {
                for home in homes {
                    let at_once = DialContext::of_plain_code(&cell, home.region());
                    let at_length = DialContext::of_any(&cell, home);
                    assert!(at_once.is_none_or(|at_once| at_once == at_length), "{cell}");
                }
            }
        }
    }
}
