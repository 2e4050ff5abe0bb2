//! The options that somebody gave, by whom and as what: for the command that is to be run next, and for a mapping that
//! is saved. Knows nothing of what they mean.

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::text::shell_word;

/// Who gave an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
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
    pub(crate) origin: Origin,
    pub(crate) spelling: Spelling,
    /// Empty for a switch.
    pub(crate) value: String,
}

/// The options that were given, in their order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given(Vec<GivenOption>);

impl Given {
    /// The options that a command line holds; `origin` tells of those that nobody typed.
    pub(super) fn of(
        chosen: &Command,
        matches: &ArgMatches,
        origin: impl Fn(&str) -> Option<Origin>,
    ) -> Given {
        let matches = matches.subcommand().map_or(matches, |(_, inner)| inner);
        let mut placed: Vec<(usize, GivenOption)> = Vec::new();
        for arg in chosen.get_arguments() {
            let id = arg.get_id().as_str();
            let is_given = matches.value_source(id) == Some(ValueSource::CommandLine);
            let (Some(long), true) = (arg.get_long(), is_given) else {
                continue;
            };
            let given = |value: &str| GivenOption {
                long: long.to_owned(),
                origin: origin(long).unwrap_or(Origin::CommandLine),
                spelling: spelling(arg),
                value: value.to_owned(),
            };
            let places = matches.indices_of(id).into_iter().flatten();
            if spelling(arg) == Spelling::Switch {
                placed.extend(places.map(|place| (place, given(""))));
            } else {
                let values = matches.get_raw(id).into_iter().flatten();
                let values = values.map(|value| given(&value.to_string_lossy()));
                placed.extend(places.zip(values));
            }
        }
        placed.sort_by_key(|(place, _)| *place);
        Given(placed.into_iter().map(|(_, given)| given).collect())
    }

    pub(crate) fn options(&self) -> impl Iterator<Item = &GivenOption> {
        self.0.iter()
    }

    /// Who gave an option, if anybody did.
    pub(crate) fn origin(&self, long: &str) -> Option<Origin> {
        Some(self.options().find(|given| given.long == long)?.origin)
    }

    /// The values of an option that was given; of a switch, an empty one.
    pub(crate) fn values<'g>(&'g self, long: &str) -> impl Iterator<Item = &'g str> {
        let of_it = self.0.iter().filter(move |given| given.long == long);
        of_it.map(|given| given.value.as_str())
    }

    /// Adds options as if they had been typed before all others. What a file or a variable says of the same options
    /// would give way to what is typed, so it is typed, too.
    pub(super) fn type_first(&mut self, chosen: &Command, options: &[(&str, &str)]) {
        let is_added = |given: &GivenOption| options.iter().any(|(long, _)| *long == given.long);
        let (mut kept, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut self.0)
            .into_iter()
            .partition(|given| given.origin != Origin::CommandLine && is_added(given));
        for given in &mut kept {
            given.origin = Origin::CommandLine;
        }
        let added = options.iter().map(|(long, value)| GivenOption {
            long: (*long).to_owned(),
            origin: Origin::CommandLine,
            spelling: option(chosen, long).map_or(Spelling::Value, spelling),
            value: (*value).to_owned(),
        });
        self.0 = kept.into_iter().chain(added).chain(rest).collect();
    }
}

impl GivenOption {
    /// As it is typed for a shell. A value that begins with a dash would be taken for an option without a `=`.
    pub(crate) fn typed(&self) -> String {
        let (long, value) = (&self.long, &self.value);
        match self.spelling {
            Spelling::Switch => format!("--{long}"),
            Spelling::OptionalValue if value.is_empty() => format!("--{long}"),
            Spelling::OptionalValue => format!("--{long}={}", shell_word(value)),
            Spelling::Value | Spelling::Repeatable if value.starts_with('-') => {
                format!("--{long}={}", shell_word(value))
            }
            Spelling::Value | Spelling::Repeatable => format!("--{long} {}", shell_word(value)),
        }
    }
}

/// The option of a long name.
pub(super) fn option<'c>(command: &'c Command, long: &str) -> Option<&'c Arg> {
    let mut options = command.get_arguments();
    options.find(|arg| arg.get_long() == Some(long))
}

/// How an option is typed.
pub(super) fn spelling(arg: &Arg) -> Spelling {
    match arg.get_action() {
        ArgAction::Append => Spelling::Repeatable,
        action if !action.takes_values() => Spelling::Switch,
        _ if arg.is_require_equals_set() => Spelling::OptionalValue,
        _ => Spelling::Value,
    }
}
