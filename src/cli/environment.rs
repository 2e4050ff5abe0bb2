//! The environment as a second, weaker command line: `BP_IMPORT_BATCH_SIZE` is `--batch-size`.
//!
//! Owns how variables become arguments; which value wins is thereby settled before anybody reads one.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

/// What every variable's name begins with.
const PREFIX: &str = "BP_IMPORT_";
/// Switches that only make sense where they are typed.
const TYPED_ONLY: [&str; 2] = ["help", "version"];

/// The variables of a process, as they were when it began.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: BTreeMap<OsString, OsString>,
}

/// Why a variable cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {words}")]
pub(crate) struct VariableError {
    name: String,
    words: String,
}

/// Arguments with those of the environment among them.
#[derive(Debug)]
pub(crate) struct Overlaid {
    pub(crate) argv: Vec<OsString>,
    /// The long names of the options that the environment set.
    pub(crate) names: Vec<String>,
}

impl Environment {
    /// Takes the variables of a process.
    pub fn new(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Environment {
        Environment {
            variables: variables.into_iter().collect(),
        }
    }

    /// A variable's value as text; empty is unset.
    ///
    /// # Errors
    /// When it is no text.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, VariableError> {
        let Some(value) = self.variables.get(std::ffi::OsStr::new(name)) else {
            return Ok(None);
        };
        let text = value
            .to_str()
            .ok_or_else(|| error(name, "is no text (UTF-8)"))?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// Whether it says anything of an option, be it `no`.
    pub(super) fn says(&self, arg: &Arg) -> bool {
        let text = arg.get_long().map(|long| self.text(&variable(long)));
        matches!(text, Some(Ok(Some(_))))
    }

    /// Puts what the environment says behind what was typed: only options that were not typed.
    pub(crate) fn overlay(
        &self,
        command: &Command,
        argv: Vec<OsString>,
        matches: &ArgMatches,
    ) -> Result<Overlaid, VariableError> {
        let (chosen, matches, at) = match matches.subcommand() {
            Some((name, inner)) => (command.find_subcommand(name).unwrap_or(command), inner, 2),
            None => (command, matches, 1),
        };
        let mut overlaid = Overlaid {
            argv,
            names: Vec::new(),
        };
        for arg in chosen.get_arguments() {
            let Some(long) = arg.get_long().filter(|long| !TYPED_ONLY.contains(long)) else {
                continue;
            };
            if matches.value_source(arg.get_id().as_str()) == Some(ValueSource::CommandLine)
                || typed_json(long, matches)
            {
                continue;
            }
            self.overlay_one(command, arg, long, at, &mut overlaid)?;
        }
        Ok(overlaid)
    }

    fn overlay_one(
        &self,
        command: &Command,
        arg: &Arg,
        long: &str,
        at: usize,
        overlaid: &mut Overlaid,
    ) -> Result<(), VariableError> {
        let name = variable(long);
        let Some(text) = self.text(&name)? else {
            return Ok(());
        };
        let arguments = arguments(arg, long, text).map_err(|words| error(&name, &words))?;
        if arguments.is_empty() {
            return Ok(());
        }
        let mut argv = overlaid.argv.clone();
        argv.splice(at..at, arguments);
        // Tried one by one, so that a bad value is blamed on its variable and not on a flag nobody typed.
        if let Err(refused) = command.clone().try_get_matches_from(&argv) {
            return Err(error(&name, &words_of(&refused)));
        }
        overlaid.argv = argv;
        overlaid.names.push(long.to_owned());
        Ok(())
    }
}

/// The variable of an option.
pub(super) fn variable(long: &str) -> String {
    format!("{PREFIX}{}", long.to_uppercase().replace('-', "_"))
}

/// `--json` is a way to type `--output`.
fn typed_json(long: &str, matches: &ArgMatches) -> bool {
    long == "output" && matches.value_source("json") == Some(ValueSource::CommandLine)
}

fn arguments(arg: &Arg, long: &str, text: &str) -> Result<Vec<OsString>, String> {
    match arg.get_action() {
        ArgAction::SetTrue => Ok(if yes_or_no(text)? {
            vec![format!("--{long}").into()]
        } else {
            Vec::new()
        }),
        ArgAction::Append => {
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            Ok(lines
                .map(|line| format!("--{long}={line}").into())
                .collect())
        }
        _ => Ok(vec![format!("--{long}={text}").into()]),
    }
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "0" | "false" | "no" | "off" => Ok(false),
        _ => Err("takes 1, true, yes or on, and 0, false, no or off".to_owned()),
    }
}

/// The reason in clap's message, without its heading and its advice about flags.
pub(super) fn words_of(refused: &clap::Error) -> String {
    let text = refused.to_string();
    let first = text.lines().next().unwrap_or_default();
    first.trim_start_matches("error: ").to_owned()
}

fn error(name: &str, words: &str) -> VariableError {
    VariableError {
        name: name.to_owned(),
        words: words.to_owned(),
    }
}

#[cfg(test)]
mod tests;
