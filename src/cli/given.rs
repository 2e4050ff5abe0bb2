//! The options of a parsed command line as texts, by whom they were given.

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::run::{Given, GivenOption, OptionOrigin, Spelling};

/// The options on a command line; `origin` knows those that were not typed.
pub(super) fn given(
    chosen: &Command,
    matches: &ArgMatches,
    origin: impl Fn(&str) -> Option<OptionOrigin>,
) -> Given {
    let matches = matches.subcommand().map_or(matches, |(_, inner)| inner);
    let mut placed: Vec<(usize, GivenOption)> = Vec::new();
    for arg in chosen.get_arguments() {
        let id = arg.get_id().as_str();
        let is_given = matches.value_source(id) == Some(ValueSource::CommandLine);
        let (Some(long), true) = (arg.get_long(), is_given) else {
            continue;
        };
        let option = |value: &str| GivenOption {
            long: long.to_owned(),
            origin: origin(long).unwrap_or(OptionOrigin::CommandLine),
            spelling: spelling(arg),
            value: value.to_owned(),
        };
        let places = matches.indices_of(id).into_iter().flatten();
        if spelling(arg) == Spelling::Switch {
            placed.extend(places.map(|place| (place, option(""))));
        } else {
            let values = matches.get_raw(id).into_iter().flatten();
            let values = values.map(|value| option(&value.to_string_lossy()));
            placed.extend(places.zip(values));
        }
    }
    placed.sort_by_key(|(place, _)| *place);
    Given::new(placed.into_iter().map(|(_, given)| given).collect())
}

/// An option as if it had been typed.
pub(super) fn typed(chosen: &Command, long: &str, value: &str) -> GivenOption {
    GivenOption {
        long: long.to_owned(),
        origin: OptionOrigin::CommandLine,
        spelling: option(chosen, long).map_or(Spelling::Value, spelling),
        value: value.to_owned(),
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
