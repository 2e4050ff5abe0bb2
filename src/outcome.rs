//! What becomes of a record, and why: the outcomes, the codes that scripts read, and the reason in words.
//!
//! Owns the words that scripts read for them. Decides nothing.

use crate::hint::{COUNTRY, ON_BAD_EMAIL, ON_DOUBTFUL_PHONE};
use std::fmt;

/// What became of a record. Every record that was read ends in exactly one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Taken by the platform.
    Accepted,
    /// Would be sent, were this no dry run.
    WouldSend,
    /// Not sent: something about it is wrong.
    Invalid,
    /// The platform refused it.
    Refused,
    /// Left out on purpose.
    Skipped,
    /// Sent, and no answer came.
    Unknown,
    /// Not sent: the run ended before its turn, or the platform was too busy for too long.
    Unsent,
}

impl Outcome {
    /// The word that scripts read.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Outcome::Accepted => "accepted",
            Outcome::WouldSend => "would_send",
            Outcome::Invalid => "invalid",
            Outcome::Refused => "refused",
            Outcome::Skipped => "skipped",
            Outcome::Unknown => "unknown",
            Outcome::Unsent => "unsent",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a record was left out on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skip {
    /// Left out by `--only` or `--except`.
    Filtered,
    /// The unfinished run that this one resumes had it accepted.
    Resumed,
    /// Accepted before in the form that would be sent now (`--changed`).
    Unchanged,
    /// Another process sends it (`--shard`).
    OtherShard,
    /// A consent column says no, in its row or in another one of its phone.
    OptedOut,
    /// A column that asks whether they agreed says neither yes nor no.
    Unanswered,
    /// The sheet hides its row.
    Hidden,
    /// Its phone is in a list of `--suppress`.
    Suppressed,
}

/// Why a record is invalid, refused, unknown or unsent, as scripts read it: in a rejects file and in `reasons[].code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// No phone in any phone column.
    NoPhone,
    /// A local number, and nothing says of which country.
    PhoneNoCountry,
    /// Nothing in the cell reads as a phone.
    PhoneUnreadable,
    /// Fewer digits than any number of its country.
    PhoneTooShort,
    /// More digits than any number of its country.
    PhoneTooLong,
    /// Possible by its length, not valid by its country's numbering plan.
    PhoneNotValid,
    /// A spreadsheet turned the number into `9.19E+11`: the digits are gone.
    PhoneDigitsLost,
    /// No e-mail address by its syntax.
    BadEmail,
    /// More cells than the header has columns.
    SurplusCells,
    /// Bytes that are no character in the input's encoding.
    BadEncoding,
    /// A cell over the limit.
    CellTooLarge,
    /// A quoted cell that holds other rows.
    SwallowedRows,
    /// A backslash that may escape what follows it, or be text.
    AmbiguousEscape,
    /// A formula that was never calculated, where the phone should be.
    NotCalculated,
    /// An error value of a spreadsheet, where the phone should be.
    ErrorValue,
    /// A number whose format shows other digits than are stored.
    UnknownFormat,
    /// A vCard that is not whole, or text that belongs to none.
    BadVcard,
    /// A line or an element that is no JSON object.
    BadJson,
    /// Two columns would become one attribute.
    AttributeClash,
    /// The platform refused it.
    Refused,
    /// Too large for the platform, even alone.
    TooLarge,
    /// Sent, and no answer came.
    NoAnswer,
    /// Not sent before the run ended.
    NotSent,
    /// The platform took it, and the ledger could not record it.
    NotRecorded,
}

impl Code {
    /// The word that scripts read.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            // Scripts compare these words: a new reason gets a new word, and no word is changed.
            Code::NoPhone => "no_phone",
            Code::PhoneNoCountry => "phone_no_country",
            Code::PhoneUnreadable => "phone_unreadable",
            Code::PhoneTooShort => "phone_too_short",
            Code::PhoneTooLong => "phone_too_long",
            Code::PhoneNotValid => "phone_not_valid",
            Code::PhoneDigitsLost => "phone_digits_lost",
            Code::BadEmail => "bad_email",
            Code::SurplusCells => "surplus_cells",
            Code::BadEncoding => "bad_encoding",
            Code::CellTooLarge => "cell_too_large",
            Code::SwallowedRows => "swallowed_rows",
            Code::AmbiguousEscape => "ambiguous_escape",
            Code::NotCalculated => "not_calculated",
            Code::ErrorValue => "error_value",
            Code::UnknownFormat => "unknown_format",
            Code::BadVcard => "bad_vcard",
            Code::BadJson => "bad_json",
            Code::AttributeClash => "attribute_clash",
            Code::Refused => "refused",
            Code::TooLarge => "too_large",
            Code::NoAnswer => "no_answer",
            Code::NotSent => "not_sent",
            Code::NotRecorded => "not_recorded",
        }
    }

    /// Those of cells that show no value.
    pub(crate) const OF_FAULTS: [Code; 3] =
        [Code::NotCalculated, Code::ErrorValue, Code::UnknownFormat];

    /// The switch that would send such a contact all the same, as the summary names it.
    pub(crate) fn switch(self) -> Option<String> {
        match self {
            Code::PhoneNoCountry => Some(format!("{COUNTRY} says where local numbers are from")),
            Code::PhoneNotValid => {
                Some(format!("{ON_DOUBTFUL_PHONE} send sends them all the same"))
            }
            Code::BadEmail => Some(format!("{ON_BAD_EMAIL} drop sends them without it")),
            // No option helps the others: their rows have to be corrected.
            _ => None,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A record's reason, in the two depths that a user meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// For scripts.
    pub(crate) code: Code,
    /// A few words that many rows share (`phone too short for India`): groups in the summary. No contact's data.
    pub(crate) brief: String,
    /// The whole reason for this row (`too short for India (+91): 7 digits of 10`): the rejects file.
    pub(crate) full: String,
}

impl Reason {
    pub(crate) fn new(code: Code, brief: impl Into<String>, full: impl Into<String>) -> Reason {
        Reason {
            code,
            brief: brief.into(),
            full: full.into(),
        }
    }

    /// A reason whose full words are its brief ones.
    pub(crate) fn plain(code: Code, brief: impl Into<String>) -> Reason {
        let brief = brief.into();
        Reason::new(code, brief.clone(), brief)
    }
}
