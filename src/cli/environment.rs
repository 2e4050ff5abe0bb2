//! The environment as a second, weaker command line: `BP_IMPORT_BATCH_SIZE` is `--batch-size`.
//!
//! Owns how a variable spells an option. That what was typed wins is `overlay`'s.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::Arg;

use super::given::spelling;
use super::overlay::{OverlaidOption, Overlay};
use crate::run::{OptionOrigin, Spelling, variable};

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

impl Environment {
    /// Takes the variables of a process.
    pub fn new(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Environment {
        // To Windows `bp_import_token` is the same variable.
        let name = |name: OsString| match cfg!(windows) {
            true => name.to_ascii_uppercase(),
            false => name,
        };
        let variables = variables.into_iter();
        Environment {
            variables: variables.map(|(it, value)| (name(it), value)).collect(),
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

    /// Lays what the variables say behind what was typed.
    ///
    /// # Errors
    /// A variable that is no text, or a switch's that is neither yes nor no.
    pub(super) fn overlay(&self, overlay: &mut Overlay<'_>) -> Result<(), VariableError> {
        let mut overlaid = Vec::new();
        for (long, arg) in overlay
            .open()
            .filter(|(long, _)| !TYPED_ONLY.contains(long))
        {
            let name = variable(long);
            if let Some(text) = self.text(&name)? {
                let arguments = arguments(arg, long, text).map_err(|words| error(&name, &words))?;
                overlaid.push(OverlaidOption {
                    long: long.to_owned(),
                    blame: name,
                    origin: OptionOrigin::Environment,
                    arguments,
                });
            }
        }
        overlaid.into_iter().for_each(|option| overlay.add(option));
        Ok(())
    }
}

fn arguments(arg: &Arg, long: &str, text: &str) -> Result<Vec<OsString>, String> {
    match spelling(arg) {
        Spelling::Switch => Ok(if yes_or_no(text)? {
            vec![format!("--{long}").into()]
        } else {
            Vec::new()
        }),
        Spelling::Repeatable => {
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            Ok(lines
                .map(|line| format!("--{long}={line}").into())
                .collect())
        }
        Spelling::Value | Spelling::OptionalValue => Ok(vec![format!("--{long}={text}").into()]),
    }
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "0" | "false" | "no" | "off" => Ok(false),
        _ => Err("takes 1, true, yes or on, and 0, false, no or off".to_owned()),
    }
}

fn error(name: &str, words: &str) -> VariableError {
    VariableError {
        name: name.to_owned(),
        words: words.to_owned(),
    }
}

#[cfg(test)]
mod tests;
