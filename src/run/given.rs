//! The options that somebody gave, by whom and as what: the next command is made of them, and a mapping that is saved.
//!
//! Knows nothing of what they mean.

use crate::text::{shell_option, shell_word};

/// What every variable's name begins with.
const PREFIX: &str = "BP_IMPORT_";

/// The variable of an option.
pub(crate) fn variable(long: &str) -> String {
    format!("{PREFIX}{}", long.to_uppercase().replace('-', "_"))
}

/// Who gave an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OptionOrigin {
    CommandLine,
    Environment,
    MappingFile,
}

/// How an option is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// `--quiet`
    Switch,
    /// `--country IN`
    Value,
    /// `--tag vip --tag new`
    Repeatable,
    /// `--same-account`, or `--same-account=WHICH`
    OptionalValue,
}

/// An option that was given, once for each value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GivenOption {
    /// Its long name.
    pub(crate) long: String,
    pub(crate) origin: OptionOrigin,
    pub(crate) spelling: Spelling,
    /// Empty for a switch.
    pub(crate) value: String,
}

/// The options that were given, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given(Vec<GivenOption>);

impl Given {
    /// Takes options in the order in which they were given.
    pub(crate) fn new(options: Vec<GivenOption>) -> Given {
        Given(options)
    }

    pub(crate) fn options(&self) -> impl Iterator<Item = &GivenOption> {
        self.0.iter()
    }

    /// Who gave an option, if anybody did.
    pub(crate) fn origin(&self, long: &str) -> Option<OptionOrigin> {
        Some(self.options().find(|given| given.long == long)?.origin)
    }

    /// The values of an option that was given; of a switch, an empty one.
    pub(crate) fn values<'g>(&'g self, long: &str) -> impl Iterator<Item = &'g str> {
        let of_it = self.0.iter().filter(move |given| given.long == long);
        of_it.map(|given| given.value.as_str())
    }

    /// Adds options as if they had been typed before all others. What a file or a variable says of the same options
    /// would give way to what is typed, so it is typed, too.
    pub(crate) fn type_first(&mut self, added: Vec<GivenOption>) {
        let is_added = |given: &GivenOption| added.iter().any(|added| added.long == given.long);
        let (mut kept, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut self.0)
            .into_iter()
            .partition(|given| given.origin != OptionOrigin::CommandLine && is_added(given));
        for given in &mut kept {
            given.origin = OptionOrigin::CommandLine;
        }
        self.0 = kept.into_iter().chain(added).chain(rest).collect();
    }
}

impl GivenOption {
    /// As it is typed for a shell. A value that begins with a dash would be taken for an option without a `=`.
    pub(crate) fn typed(&self) -> String {
        let (option, value) = (format!("--{}", self.long), &self.value);
        match self.spelling {
            Spelling::Switch => option,
            Spelling::OptionalValue if value.is_empty() => option,
            Spelling::OptionalValue => shell_option(&option, value),
            Spelling::Value | Spelling::Repeatable if value.starts_with('-') => {
                shell_option(&option, value)
            }
            Spelling::Value | Spelling::Repeatable => format!("{option} {}", shell_word(value)),
        }
    }
}
