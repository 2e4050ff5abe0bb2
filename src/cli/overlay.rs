//! Options that come from the environment and from a mapping file: defaults for what was not typed.
//!
//! Owns that what was typed wins over the environment, and that over a file, and that a bad value is blamed on where it
//! is written. How a variable or a file spells an option is `environment`'s and `mapping_file`'s.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

use crate::run::OptionOrigin;

/// A place that says something of an option.
#[derive(Debug)]
pub(super) struct OverlaidOption {
    /// The option's long name.
    pub(super) long: String,
    /// Who is blamed for a bad value: `BP_IMPORT_RATE`, or `file.toml: rate`.
    pub(super) blame: String,
    pub(super) origin: OptionOrigin,
    /// As it would be typed; empty for a switch that is off.
    pub(super) arguments: Vec<OsString>,
}

/// The options that were not typed, with their values from elsewhere.
pub(super) struct Overlay<'c> {
    command: &'c Command,
    /// The command that is run: the import's own, or a subcommand.
    chosen: &'c Command,
    typed: ArgMatches,
    options: Vec<OverlaidOption>,
}

/// Why a value cannot be taken.
pub(super) enum Refused {
    /// A variable or a file has a value that its option does not take.
    Blamed(String),
    /// Clap's own message.
    Clap(clap::Error),
}

impl<'c> Overlay<'c> {
    pub(super) fn new(command: &'c Command, typed: ArgMatches) -> Overlay<'c> {
        let chosen = typed.subcommand_name();
        let chosen = chosen.and_then(|name| command.find_subcommand(name));
        Overlay {
            command,
            chosen: chosen.unwrap_or(command),
            typed,
            options: Vec::new(),
        }
    }

    /// The options that have no value yet, neither typed nor added.
    pub(super) fn open(&self) -> impl Iterator<Item = (&'c str, &'c Arg)> {
        let named = |arg: &'c Arg| Some((arg.get_long()?, arg));
        let options = self.chosen.get_arguments().filter_map(named);
        options.filter(|(long, arg)| !self.is_typed(long, arg) && self.origin(long).is_none())
    }

    /// An option's value, added or typed.
    pub(super) fn value(&self, long: &str) -> Option<OsString> {
        let option = self.options.iter().find(|option| option.long == long);
        let of_argument = |argument: &OsString| {
            let (_, value) = argument.to_str()?.split_once('=')?;
            Some(value.into())
        };
        match option {
            Some(option) => option.arguments.first().and_then(of_argument),
            None => {
                let mut raw = self.typed.try_get_raw(long).ok()??;
                raw.next().map(ToOwned::to_owned)
            }
        }
    }

    pub(super) fn add(&mut self, option: OverlaidOption) {
        self.options.push(option);
    }

    /// Where an option that was not typed got its value.
    pub(super) fn origin(&self, long: &str) -> Option<OptionOrigin> {
        let option = self.options.iter().find(|option| option.long == long)?;
        Some(option.origin)
    }

    pub(super) fn chosen(&self) -> &'c Command {
        self.chosen
    }

    /// Parses what was typed and what was added as one command line.
    pub(super) fn parse(&self, mut argv: Vec<OsString>) -> Result<ArgMatches, Refused> {
        // The first goes last: of two options that override each other, such as --output and --json, it wins.
        let arguments: Vec<OsString> = self
            .options
            .iter()
            .rev()
            .flat_map(|option| option.arguments.iter().cloned())
            .collect();
        if arguments.is_empty() {
            return Ok(self.typed.clone());
        }
        // Behind the name of the program and of the subcommand, before all that was typed.
        let at = if self.typed.subcommand_name().is_some() {
            2
        } else {
            1
        };
        argv.splice(at..at, arguments);
        let parsed = self.command.clone().try_get_matches_from(argv);
        parsed.map_err(|refused| self.blame(refused))
    }

    fn blame(&self, refused: clap::Error) -> Refused {
        let accused = [ContextKind::InvalidArg, ContextKind::PriorArg];
        let mut longs = accused
            .iter()
            .filter_map(|kind| long_of(refused.get(*kind)?));
        let option = longs.find_map(|long| self.options.iter().find(|option| option.long == long));
        match option {
            Some(option) => Refused::Blamed(format!("{}: {}", option.blame, words_of(&refused))),
            None => Refused::Clap(refused),
        }
    }

    /// `--json` is another way to type `--output`.
    fn is_typed(&self, long: &str, arg: &Arg) -> bool {
        let is_typed =
            |id| self.typed_of_chosen().value_source(id) == Some(ValueSource::CommandLine);
        is_typed(arg.get_id().as_str()) || (long == "output" && is_typed("json"))
    }

    fn typed_of_chosen(&self) -> &ArgMatches {
        let inner = self.typed.subcommand().map(|(_, inner)| inner);
        inner.unwrap_or(&self.typed)
    }
}

/// The option of `--batch-size <N>`.
fn long_of(accused: &ContextValue) -> Option<&str> {
    let text = match accused {
        ContextValue::String(text) => text,
        ContextValue::Strings(texts) => texts.first()?,
        _ => return None,
    };
    text.strip_prefix("--")?.split([' ', '=', '[']).next()
}

/// The reason in clap's message, without its heading and its advice about flags.
fn words_of(refused: &clap::Error) -> String {
    let text = refused.to_string();
    let first = text.lines().next().unwrap_or_default();
    first.trim_start_matches("error: ").to_owned()
}
