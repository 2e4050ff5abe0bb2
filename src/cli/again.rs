//! The next step of a user, as one command with this run's own options.

use clap::{ArgMatches, Command};

use crate::report::screen::shell_word;

/// What the next command is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// The same inputs, once more.
    Same,
    /// The same inputs, for real.
    ForReal,
    /// The same inputs, without a limit.
    Unlimited,
    /// The rejects files instead of the inputs.
    Rejects,
}

/// Options that are never repeated when rejects are given back: they were about the original input.
const ABOUT_THE_INPUT: [&str; 4] = ["input_format", "limit", "rejects", "dry_run"];

/// The command line that was typed, with other inputs where they changed. Variables of the environment still stand.
pub(super) fn command(
    again: Again,
    definition: &Command,
    typed: &ArgMatches,
    inputs: &[String],
) -> String {
    let left_out: &[&str] = match again {
        Again::Same => &[],
        Again::ForReal => &["dry_run"],
        Again::Unlimited => &["limit"],
        Again::Rejects => &ABOUT_THE_INPUT,
    };
    let mut words = vec![definition.get_name().to_owned()];
    words.extend(inputs.iter().map(|input| shell_word(input)));
    words.extend(options(definition, typed, left_out));
    words.join(" ")
}

/// The options that were typed, in the order they were typed.
fn options(definition: &Command, typed: &ArgMatches, left_out: &[&str]) -> Vec<String> {
    let mut placed: Vec<(usize, String)> = Vec::new();
    for arg in definition
        .get_arguments()
        .filter(|arg| !left_out.contains(&arg.get_id().as_str()))
    {
        let id = arg.get_id().as_str();
        let (Some(long), true) = (arg.get_long(), was_typed(typed, id)) else {
            continue;
        };
        let values = typed
            .get_raw(id)
            .into_iter()
            .flatten()
            .map(|value| value.to_string_lossy());
        let indices = typed.indices_of(id).into_iter().flatten();
        if arg.get_action().takes_values() {
            placed.extend(
                indices
                    .zip(values)
                    .map(|(at, value)| (at, format!("--{long} {}", shell_word(&value)))),
            );
        } else {
            placed.extend(indices.map(|at| (at, format!("--{long}"))));
        }
    }
    placed.sort();
    placed.into_iter().map(|(_, option)| option).collect()
}

fn was_typed(typed: &ArgMatches, id: &str) -> bool {
    typed.value_source(id) == Some(clap::parser::ValueSource::CommandLine)
}
