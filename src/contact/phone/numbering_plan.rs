//! Numbering plans, as far as a message needs them: whose numbers they are, and how long these may be.

use std::fmt;

use rlibphonenumber::{NumberLengthType, PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberType};

use super::metadata::region_of;
use crate::contact::region::Region;

/// The most digits that libphonenumber takes as a national number.
const LONGEST: u32 = 17;

/// Whose numbers a number was measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NumberingPlan {
    /// The calling code.
    pub(crate) code: u16,
    /// The region; `None` for an international network (`+800`).
    pub(crate) region: Option<Region>,
}

impl NumberingPlan {
    /// The plan of a calling code, named by the region at hand where that one has the code too (`+1` in Canada).
    pub(super) fn of(code: u16, near: Option<Region>) -> NumberingPlan {
        NumberingPlan {
            code,
            region: region_of(code, near),
        }
    }

    /// The region's name, else the calling code.
    pub(crate) fn name(&self) -> String {
        self.region.map_or_else(
            || format!("+{}", self.code),
            |region| region.name().to_owned(),
        )
    }
}

impl fmt::Display for NumberingPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.region {
            Some(region) => write!(f, "{} (+{})", region.name(), self.code),
            None => write!(f, "+{}", self.code),
        }
    }
}

/// How many digits a number of a plan may have; ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lengths(Vec<usize>);

impl Lengths {
    /// The lengths of a calling code's fixed and mobile numbers, those that can have WhatsApp. (All kinds together
    /// would say 8 to 13 for India, because of its free-call numbers.) A network that has neither: of all its numbers.
    pub(super) fn of(code: u16) -> Lengths {
        let ordinary = Lengths::of_kind(code, PhoneNumberType::FixedLineOrMobile);
        if ordinary.0.is_empty() {
            Lengths::of_kind(code, PhoneNumberType::Unknown)
        } else {
            ordinary
        }
    }

    fn of_kind(code: u16, kind: PhoneNumberType) -> Lengths {
        // The library has no list of lengths, only a check of one number: 10^(n-1) is one with n digits.
        let is_possible = |length: &u32| {
            let number = PhoneNumber {
                country_code: i32::from(code),
                national_number: 10_u64.pow(length.saturating_sub(1)),
                ..PhoneNumber::default()
            };
            let answer = PHONE_NUMBER_UTIL.is_possible_number_for_type_with_reason(&number, kind);
            answer == Ok(NumberLengthType::IsPossible)
        };
        Lengths(
            (1..=LONGEST)
                .filter(is_possible)
                .filter_map(|length| usize::try_from(length).ok())
                .collect(),
        )
    }

    pub(super) fn contains(&self, digits: usize) -> bool {
        self.0.contains(&digits)
    }

    /// The most digits that a number may have.
    pub(super) fn longest(&self) -> Option<usize> {
        self.0.last().copied()
    }
}

impl fmt::Display for Lengths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, between @ .., last] = self.0.as_slice() else {
            return self.0.iter().try_for_each(|only| write!(f, "{only}"));
        };
        if !between.is_empty() && last - first == between.len() + 1 {
            return write!(f, "{first} to {last}");
        }
        write!(f, "{first}")?;
        between
            .iter()
            .try_for_each(|length| write!(f, ", {length}"))?;
        write!(f, " or {last}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn possible_lengths_are_one_a_choice_or_a_range() {
        let words = |lengths: &[usize]| Lengths(lengths.to_vec()).to_string();
        assert_eq!(words(&[10]), "10");
        assert_eq!(words(&[9, 10]), "9 or 10");
        assert_eq!(words(&[9, 11]), "9 or 11");
        assert_eq!(words(&[9, 10, 11]), "9 to 11");
        assert_eq!(words(&[8, 10, 12]), "8, 10 or 12");
    }

    #[test]
    fn lengths_are_those_of_fixed_and_mobile_numbers() {
        assert_eq!(Lengths::of(91), Lengths(vec![10]));
        assert_eq!(Lengths::of(1), Lengths(vec![10]));
        assert_eq!(Lengths::of(800), Lengths(vec![8]));
    }
}
