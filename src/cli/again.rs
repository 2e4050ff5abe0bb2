//! The next step of a user, as one command with this run's own options.

use std::borrow::Cow;

use clap::{Arg, ArgMatches, Command};

use super::environment::variable;
use crate::source::Format;
use crate::text::shell_word;

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
///
/// A mended phone may belong to another shard, which nobody would send it from; a ledger is taken over once.
const ABOUT_THE_INPUT: [&str; 15] = [
    "input_format",
    "encoding",
    "delimiter",
    "escape",
    "no_header",
    "sheet",
    "records",
    "input_name",
    "limit",
    "rejects",
    "dry_run",
    "restart",
    "same_account",
    "shard",
    "save_mapping",
];

impl Again {
    /// The options that the next command does without.
    fn left_out(self) -> &'static [&'static str] {
        match self {
            // To do once more what was just done is never the next step.
            Again::Same => &["restart", "save_mapping"],
            Again::ForReal => &["dry_run", "save_mapping"],
            Again::Unlimited => &["limit", "restart", "save_mapping"],
            Again::Rejects => &ABOUT_THE_INPUT,
        }
    }

    /// The format of rejects, where a mapping file would still say that of the original input.
    pub(super) fn format(self, merged: &ArgMatches) -> Option<&'static str> {
        let is_said = self == Again::Rejects && was_typed(merged, "mapping");
        let format = is_said.then(|| merged.get_one("input_format")).flatten()?;
        Some(match format {
            Format::Json | Format::Ndjson => " --input-format ndjson",
            Format::Csv | Format::Tsv | Format::Vcard | Format::Xlsx => " --input-format csv",
        })
    }

    /// What the environment would still say of those options, unset for one command: `BP_IMPORT_LIMIT= `.
    pub(super) fn unset(self, from_environment: &[String]) -> String {
        let left_out = |long: &&String| self.left_out().contains(&long.replace('-', "_").as_str());
        from_environment
            .iter()
            .filter(left_out)
            .map(|long| format!("{}= ", variable(long)))
            .collect()
    }
}

/// The command line that was typed, with other inputs where they changed. Variables of the environment still stand.
pub(super) fn command(
    again: Again,
    definition: &Command,
    typed: &ArgMatches,
    inputs: &[String],
) -> String {
    let mut words = vec![definition.get_name().to_owned()];
    words.extend(inputs.iter().map(|input| shell_word(&as_file(input))));
    words.extend(options(definition, typed, again.left_out()));
    words.join(" ")
}

/// A file whose name begins with a dash would be taken for an option.
fn as_file(input: &str) -> Cow<'_, str> {
    if input.starts_with('-') && input != "-" {
        format!("./{input}").into()
    } else {
        input.into()
    }
}

/// A value that begins with a dash would be taken for an option. One that may be missing stands behind `=`, or not at all.
fn with_value(arg: &Arg, long: &str, value: &str) -> String {
    if arg.is_require_equals_set() && value.is_empty() {
        return format!("--{long}");
    }
    let separator = if arg.is_require_equals_set() || value.starts_with('-') {
        '='
    } else {
        ' '
    };
    format!("--{long}{separator}{}", shell_word(value))
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
                    .map(|(at, value)| (at, with_value(arg, long, &value))),
            );
        } else {
            placed.extend(indices.map(|at| (at, format!("--{long}"))));
        }
    }
    placed.sort();
    placed.into_iter().map(|(_, option)| option).collect()
}

pub(super) fn was_typed(typed: &ArgMatches, id: &str) -> bool {
    typed.value_source(id) == Some(clap::parser::ValueSource::CommandLine)
}

#[cfg(test)]
mod tests;
