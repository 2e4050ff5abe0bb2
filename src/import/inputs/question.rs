//! What a user may be asked before anything is sent.
//!
//! Owns the facts that a question needs. The command line owns its words.

use crate::mapping::{Choice, OtherRefusal};

/// A question whose answer a guess would decide otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// No column is known to be the phone.
    NoPhone {
        /// The input.
        input: String,
        /// All its columns.
        columns: Vec<Choice>,
        /// The most likely one.
        guess: Option<usize>,
    },
    /// Several columns hold phones.
    Phones {
        /// The input.
        input: String,
        /// The columns.
        columns: Vec<Choice>,
        /// The first, unless another is equally likely.
        guess: Option<usize>,
    },
    /// The name is, or may be, made of several columns, or no column is known to be the name.
    Name {
        /// The input.
        input: String,
        /// What it may be.
        choices: Vec<Choice>,
        /// The first, unless no column is known to be the name.
        guess: Option<usize>,
    },
    /// Numbers without a country, which is never guessed.
    Country {
        /// How many of the records lack one.
        without: u64,
        /// How many records were read ahead.
        looked_at: u64,
        /// Examples of such numbers.
        samples: Vec<String>,
        /// The country columns that other rows have filled in, as `--map country=` takes them.
        columns: Vec<String>,
    },
    /// Contacts or rows that are left out, unless a user wants them sent.
    Withheld {
        /// Which, in each input: `a.csv: 1 of 3 contacts opted out ("Opted in" = no)`.
        words: Vec<String>,
        /// Why they are left out.
        what: Withheld,
    },
    /// Somebody refused another channel, such as e-mail; without an answer nobody is left out for it.
    OtherRefusal {
        /// The input.
        input: String,
        /// How many, and in which column.
        refusal: OtherRefusal,
    },
}

/// Contacts or rows that are left out by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Withheld {
    /// They opted out.
    OptedOut,
    /// Their consent column has no answer.
    Unanswered,
    /// The sheet hides them.
    Hidden,
}

/// A question that was asked already, whatever the answer was.
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
    /// This column of consent to another channel.
    OtherRefusal(String),
}

impl Question {
    /// What to remember once it was asked.
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
