//! Why a cell gives no phone, in words for a summary and in words for a row. No words hold the number
//! itself; only an outdated one is shown, in the form that it probably has now.

use super::e164::Phone;
use super::numbering_plan::{Lengths, NumberingPlan};
use super::unreadable::Unreadable;
use crate::hint::COUNTRY;
use crate::units::counted;
use std::fmt;

/// Why a cell gives no phone. Its `Display` is the whole reason; [`PhoneError::brief`] is what many rows share.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PhoneError {
    /// The cell is blank, or holds what tools write for nothing (`-`, `n/a`, `null`).
    #[error("no phone")]
    Blank,
    /// A number without `+` or `00`, and no country was given for it.
    #[error(
        "starts with neither + nor 00, so its country is not known: pass {COUNTRY} REGION (IN, Germany, …) \
         where such numbers are local, or {COUNTRY} intl where they start with their calling code"
    )]
    NoCountry,
    /// Nothing in the cell reads as a phone.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Fewer digits than a number of its plan has.
    #[error("too short for {plan}: {} of {lengths}", counted(*.digits as u64, "digit"))]
    TooShort {
        /// Whose numbers it was measured by.
        plan: NumberingPlan,
        /// Digits found, without calling code and trunk zero.
        digits: usize,
        /// Digits that are possible.
        lengths: Lengths,
    },
    /// More digits than a number of its plan has.
    #[error("too long for {plan}: {} where {lengths} are possible", counted(*.digits as u64, "digit"))]
    TooLong {
        /// Whose numbers it was measured by.
        plan: NumberingPlan,
        /// Digits found, without calling code and trunk zero.
        digits: usize,
        /// Digits that are possible.
        lengths: Lengths,
    },
    /// Possible by its length, not valid by its numbering plan.
    #[error(
        "not valid for {plan}: a number may have so many digits, but the numbering plan has none like it"
    )]
    NotValid {
        /// Whose numbering plan has no such number.
        plan: NumberingPlan,
    },
    /// As it was valid once: the numbering plan has changed since, and it probably is another number now.
    #[error("not valid for {plan}: {former}; probably it is {likely}")]
    Outdated {
        /// Whose numbering plan has changed.
        plan: NumberingPlan,
        /// What is outdated about it.
        former: FormerFormat,
        /// The number that it probably is.
        likely: Box<Phone>,
    },
    /// A spreadsheet wrote the number as `9.19E+11`.
    #[error(
        "Excel shortened the number to the form 9.19E+11 and its last digits are gone: go back to the original, format the column \
         as text (or open the file with Data > From Text and make the column text) and export again"
    )]
    DigitsLost,
}

impl PhoneError {
    /// A few words that many rows share: no contact's data.
    pub(crate) fn brief(&self) -> String {
        match self {
            PhoneError::Blank => "no phone".to_owned(),
            PhoneError::NoCountry => "phone without a country".to_owned(),
            PhoneError::Unreadable(why) => why.brief().to_owned(),
            PhoneError::TooShort { plan, .. } => format!("phone too short for {}", plan.name()),
            PhoneError::TooLong { plan, .. } => format!("phone too long for {}", plan.name()),
            PhoneError::NotValid { plan } => format!("phone not valid for {}", plan.name()),
            PhoneError::Outdated { plan, former, .. } => {
                format!("phone not valid for {}: {}", plan.name(), former.brief())
            }
            PhoneError::DigitsLost => "phone lost its digits in Excel".to_owned(),
        }
    }
}

/// What is outdated about a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FormerFormat {
    /// A Brazilian mobile of eight digits: since 2016 it has a ninth before them.
    NinthDigit,
    /// A Mexican mobile with the 1 that was dialled until 2019.
    FormerOne,
}

impl FormerFormat {
    /// A few words that many rows share.
    fn brief(self) -> &'static str {
        match self {
            FormerFormat::NinthDigit => "its ninth digit is missing",
            FormerFormat::FormerOne => "it still has the 1 after +52",
        }
    }
}

impl fmt::Display for FormerFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FormerFormat::NinthDigit => "a mobile has nine digits after the area code, and its first, a 9, is missing",
            FormerFormat::FormerOne => {
                "the 1 after +52 is no longer part of the number, though WhatsApp may still know it so"
            }
        })
    }
}
