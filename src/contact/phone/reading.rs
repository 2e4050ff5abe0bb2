//! What reading a phone gives: the phone, what is to be reported of it, and which of two readings is preferred.
//!
//! Owns no rule of how a number is read.

use std::fmt;

use super::e164::Phone;
use super::error::PhoneError;
use super::table::KnownNumber;

/// A phone that was read, and what a user should know about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PhoneReading {
    /// The phone.
    pub(crate) phone: Phone,
    /// `Some` where it is possible by its length, but not valid by its numbering plan: why.
    pub(crate) doubt: Option<PhoneError>,
    /// Worth a warning, although it can be sent.
    pub(crate) remark: Option<PhoneRemark>,
}

impl PhoneReading {
    pub(super) fn is_valid(&self) -> bool {
        self.doubt.is_none()
    }
}

/// A valid phone, of which nothing is to be reported.
impl From<KnownNumber> for PhoneReading {
    fn from(known: KnownNumber) -> PhoneReading {
        PhoneReading {
            phone: Phone {
                prefix: known.code,
                number: known.national.as_str().to_owned(),
                region: known.label.region(),
            },
            doubt: None,
            remark: None,
        }
    }
}

/// Something about a phone that a user should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PhoneRemark {
    /// It starts with its country's calling code and was read so, but would be a valid local number too.
    Ambiguous,
    /// The cell held several numbers: the first usable one was taken.
    Several,
}

impl fmt::Display for PhoneRemark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PhoneRemark::Ambiguous => "the phone starts with its own calling code, and could be local too: write it with +",
            PhoneRemark::Several => "the cell holds several numbers: the first usable one was taken",
        })
    }
}

pub(super) type PhoneResult = Result<PhoneReading, PhoneError>;

/// The first reading, unless only the second is valid, or only the second is a reading at all.
pub(super) fn prefer(first: PhoneResult, second: impl FnOnce() -> PhoneResult) -> PhoneResult {
    if is_valid(&first) {
        return first;
    }
    let second = second();
    if is_valid(&second) || first.is_err() && second.is_ok() {
        second
    } else {
        first
    }
}

pub(super) fn is_valid(answer: &PhoneResult) -> bool {
    answer.as_ref().is_ok_and(PhoneReading::is_valid)
}
