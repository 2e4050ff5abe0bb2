//! How the choices of the modules are typed: their words, and what `--help` says of each.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::api::credentials::Auth;
use crate::import::OnDuplicate;
use crate::mapping::{OnBadEmail, OnDoubtfulPhone};
use crate::wire::EmptyLists;

fn choice(word: &'static str, help: &'static str) -> Option<PossibleValue> {
    Some(PossibleValue::new(word).help(help))
}

impl ValueEnum for Auth {
    fn value_variants<'a>() -> &'a [Auth] {
        &[Auth::Key, Auth::Session]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Auth::Key => choice("key", "A platform access token"),
            Auth::Session => choice("session", "A web-session token"),
        }
    }
}

impl ValueEnum for OnDuplicate {
    fn value_variants<'a>() -> &'a [OnDuplicate] {
        &[
            OnDuplicate::First,
            OnDuplicate::Last,
            OnDuplicate::Merge,
            OnDuplicate::Send,
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            OnDuplicate::First => choice("first", "The first row; the others repeat it"),
            OnDuplicate::Last => choice("last", "The last row: the input is read twice"),
            OnDuplicate::Merge => choice(
                "merge",
                "One contact of all rows: later values win, tags add up; read twice",
            ),
            OnDuplicate::Send => choice(
                "send",
                "Every row in turn, each after the answer to the one before",
            ),
        }
    }
}

impl ValueEnum for EmptyLists {
    fn value_variants<'a>() -> &'a [EmptyLists] {
        &[EmptyLists::Send, EmptyLists::Omit]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            EmptyLists::Send => choice("send", "As []"),
            EmptyLists::Omit => choice("omit", "Not at all"),
        }
    }
}

impl ValueEnum for OnBadEmail {
    fn value_variants<'a>() -> &'a [OnBadEmail] {
        &[OnBadEmail::Drop, OnBadEmail::Reject]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            OnBadEmail::Drop => choice("drop", "It goes without the e-mail"),
            OnBadEmail::Reject => choice("reject", "The row is invalid"),
        }
    }
}

impl ValueEnum for OnDoubtfulPhone {
    fn value_variants<'a>() -> &'a [OnDoubtfulPhone] {
        &[OnDoubtfulPhone::Reject, OnDoubtfulPhone::Send]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            OnDoubtfulPhone::Reject => choice("reject", "The row is invalid"),
            OnDoubtfulPhone::Send => choice("send", "It goes, with a warning"),
        }
    }
}
