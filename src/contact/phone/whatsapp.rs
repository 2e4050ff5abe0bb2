//! Where WhatsApp and the numbering plan write one number differently: Argentina, Brazil, Mexico.
//!
//! Owns the likely other form, for words only: what is sent is always the number in the cell. The rules are
//! those of WhatsApp's page on international numbers (Argentina: a 9 after +54; Mexico: a 1 after +52) and of Anatel's
//! resolution 553 (Brazilian mobiles have nine digits).

use super::e164::Phone;
use super::error::{FormerFormat, PhoneError};
use super::metadata::{is_valid_number, may_be_mobile};
use super::numbering_plan::NumberingPlan;
use std::fmt;

/// How WhatsApp may know a valid number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OtherForm {
    inserted: &'static str,
    likely: Phone,
}

impl OtherForm {
    /// A few words that many rows share.
    pub(crate) fn brief(&self) -> String {
        format!(
            "phone that WhatsApp may know as +{} {} …",
            self.likely.prefix, self.inserted
        )
    }
}

impl fmt::Display for OtherForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "sent as it is, but a mobile of this country may be known to WhatsApp with a {} after +{}: {}",
            self.inserted, self.likely.prefix, self.likely
        )
    }
}

impl Phone {
    /// The form by which WhatsApp may know this valid number, where it is likely another one.
    pub(crate) fn other_form(&self) -> Option<OtherForm> {
        let inserted = match (self.prefix, self.number.len()) {
            (54, 10) if !self.number.starts_with('9') => "9",
            (52, 10) if may_be_mobile(self) => "1",
            _ => return None,
        };
        let likely = self.with_number(format!("{inserted}{}", self.number));
        // Mexico's plan no longer has numbers with the 1, so validity says nothing there. In Argentina only a mobile is
        // valid with the 9.
        (self.prefix == 52 || is_valid_number(&likely)).then_some(OtherForm { inserted, likely })
    }

    fn with_number(&self, number: String) -> Phone {
        Phone {
            number,
            ..self.clone()
        }
    }
}

/// What makes a number of these countries not valid that was one once, and the number that it probably is.
pub(super) fn outdated(phone: &Phone, plan: NumberingPlan) -> Option<PhoneError> {
    let (former, number) = match phone.prefix {
        55 => (FormerFormat::NinthDigit, with_ninth_digit(&phone.number)?),
        52 => (FormerFormat::FormerOne, without_one(&phone.number)?),
        _ => return None,
    };
    let likely = phone.with_number(number);
    is_valid_number(&likely).then(|| PhoneError::Outdated {
        plan,
        former,
        likely: Box::new(likely),
    })
}

/// Area code and eight digits of a mobile, which begin with 6 to 9.
fn with_ninth_digit(number: &str) -> Option<String> {
    let (area, mobile) = number.split_at_checked(2)?;
    let is_mobile = mobile.len() == 8 && mobile.starts_with(['6', '7', '8', '9']);
    is_mobile.then(|| format!("{area}9{mobile}"))
}

fn without_one(number: &str) -> Option<String> {
    let rest = number.strip_prefix('1')?;
    (rest.len() == 10).then(|| rest.to_owned())
}
