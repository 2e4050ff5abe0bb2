//! Why a phone cannot be sent, as the reason why its record is invalid.

use crate::contact::phone::PhoneError;
use crate::outcome::{Code, Reason};

/// The reason, with the words for this row.
pub(super) fn of(error: &PhoneError, full: String) -> Reason {
    Reason::new(code(error), error.brief(), full)
}

fn code(error: &PhoneError) -> Code {
    match error {
        PhoneError::Blank => Code::NoPhone,
        PhoneError::NoCountry => Code::PhoneNoCountry,
        PhoneError::Unreadable(_) => Code::PhoneUnreadable,
        PhoneError::TooShort { .. } => Code::PhoneTooShort,
        PhoneError::TooLong { .. } => Code::PhoneTooLong,
        PhoneError::NotValid { .. } | PhoneError::Outdated { .. } => Code::PhoneNotValid,
        PhoneError::DigitsLost => Code::PhoneDigitsLost,
    }
}
