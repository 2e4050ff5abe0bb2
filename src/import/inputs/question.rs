//! What a user may be asked before anything is sent.

use crate::mapping::{Choice, OtherRefusal};

/// A guess that would decide something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// No column is known to be the phone.
    NoPhone {
        /// The input.
        input: String,
        /// All its columns.
        columns: Vec<Choice>,
        /// The one that probably is.
        guess: Option<usize>,
    },
    /// Several columns hold phones.
    Phones {
        /// The input.
        input: String,
        /// The columns.
        columns: Vec<Choice>,
        /// The first, unless another is its equal.
        guess: Option<usize>,
    },
    /// The name is made of several columns, or may be, or no column is known to be the name.
    Name {
        /// The input.
        input: String,
        /// What it may be.
        choices: Vec<Choice>,
        /// The first, unless nothing is known to be the name.
        guess: Option<usize>,
    },
    /// Numbers without a country; nobody guesses that.
    Country {
        /// How many of the records that were looked at lack one.
        without: u64,
        /// How many were looked at.
        looked_at: u64,
        /// Such numbers.
        samples: Vec<String>,
        /// The columns that say it for other rows, as `--map country=` takes them.
        columns: Vec<String>,
    },
    /// Contacts or rows that are left out, unless a user wants them sent.
    Withheld {
        /// Which, in each input: `a.csv: 1 of 3 contacts opted out ("Opted in" = no)`.
        words: Vec<String>,
        /// How they are called.
        what: Withheld,
    },
    /// Somebody says no to e-mail or the like; the guess leaves nobody out.
    OtherRefusal {
        /// The input.
        input: String,
        /// Who, in which column.
        refusal: OtherRefusal,
    },
}

/// Contacts or rows that are left out by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Withheld {
    /// They said no.
    OptedOut,
    /// They were asked whether they agree, and gave no answer.
    Unanswered,
    /// The sheet hides them.
    Hidden,
}

/// What was asked already, however it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    /// The phone column.
    Phone,
    /// The name.
    Name,
    /// The country.
    Country,
    /// What is left out by default.
    Withheld(Withheld),
    /// This column of consent to another way.
    OtherRefusal(String),
}

impl Question {
    /// What is settled once it was asked.
    pub(crate) fn as_answered(&self) -> Answered {
        match self {
            Question::NoPhone { .. } | Question::Phones { .. } => Answered::Phone,
            Question::Name { .. } => Answered::Name,
            Question::Country { .. } => Answered::Country,
            Question::Withheld { what, .. } => Answered::Withheld(*what),
            Question::OtherRefusal { refusal, .. } => {
                Answered::OtherRefusal(refusal.column.clone())
            }
        }
    }
}
