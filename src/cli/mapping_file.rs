//! Mapping files: options in TOML, under their long names.
//!
//! Owns the file's form. What an option means is for the command line to say: a value in a file is an argument that
//! nobody typed.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::Path;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};
use toml::{Table, Value};

/// The options that a mapping file keeps, in the order in which they stand there.
const KEPT: [&str; 20] = [
    "input-format",
    "sheet",
    "records",
    "delimiter",
    "escape",
    "encoding",
    "no-header",
    "map",
    "country",
    "tag",
    "attr",
    "tag-separator",
    "all-attributes",
    "empty-lists",
    "on-bad-email",
    "on-doubtful-phone",
    "on-duplicate",
    "only",
    "except",
    "include",
];

/// Why a mapping file cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum MappingFileError {
    /// It cannot be read.
    #[error("{file}: the mapping cannot be read: {}", what_to_do(.error))]
    Unreadable { file: String, error: std::io::Error },
    /// It is no TOML.
    #[error("{file}: the mapping is no TOML: {words}")]
    NoToml { file: String, words: String },
    /// A key that is no option of a mapping.
    #[error("{file}: \"{key}\" is nothing that a mapping says; it has {}", KEPT.join(", "))]
    UnknownKey { file: String, key: String },
    /// A value that its option does not take.
    #[error("{file}: {key}: {words}")]
    BadValue {
        file: String,
        key: String,
        words: String,
    },
}

fn what_to_do(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file: check its name".to_owned(),
        ErrorKind::IsADirectory => "this is a directory: name the file in it".to_owned(),
        ErrorKind::PermissionDenied => "no permission: make it readable".to_owned(),
        ErrorKind::InvalidData => "this is no UTF-8: save it as UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

/// Puts what a mapping file says behind what was typed: only options that are not there yet.
pub(super) fn overlay(
    file: &Path,
    command: &Command,
    mut argv: Vec<OsString>,
    is_said: impl Fn(&Arg) -> bool,
) -> Result<Vec<OsString>, MappingFileError> {
    let name = file.display().to_string();
    for (key, value) in &read(file, &name)? {
        let arg = option(command, key).ok_or_else(|| MappingFileError::UnknownKey {
            file: name.clone(),
            key: key.clone(),
        })?;
        if is_said(arg) {
            continue;
        }
        let bad = |words: String| MappingFileError::BadValue {
            file: name.clone(),
            key: key.clone(),
            words,
        };
        let mut with_it = argv.clone();
        with_it.splice(1..1, arguments(arg, key, value).map_err(bad)?);
        // Tried one by one, so that a bad value is blamed on the file and not on a flag nobody typed.
        if let Err(refused) = command.clone().try_get_matches_from(&with_it) {
            return Err(bad(super::environment::words_of(&refused)));
        }
        argv = with_it;
    }
    Ok(argv)
}

/// Whether a file holds nothing but what a mapping says.
pub(super) fn is_one(file: &Path) -> bool {
    let table = read(file, "");
    // One of comments only may be anybody's.
    let is_empty = || file.metadata().is_ok_and(|metadata| metadata.len() == 0);
    table.is_ok_and(|table| {
        table.keys().all(|key| KEPT.contains(&key.as_str())) && (!table.is_empty() || is_empty())
    })
}

fn read(file: &Path, name: &str) -> Result<Table, MappingFileError> {
    let text = std::fs::read_to_string(file).map_err(|error| MappingFileError::Unreadable {
        file: name.to_owned(),
        error,
    })?;
    text.parse()
        .map_err(|error: toml::de::Error| MappingFileError::NoToml {
            file: name.to_owned(),
            words: error.message().to_owned(),
        })
}

fn option<'c>(command: &'c Command, key: &str) -> Option<&'c Arg> {
    let is_kept = KEPT.contains(&key);
    command
        .get_arguments()
        .find(|arg| is_kept && arg.get_long() == Some(key))
}

fn arguments(arg: &Arg, key: &str, value: &Value) -> Result<Vec<OsString>, String> {
    let with = |value: &Value| text(value).map(|text| format!("--{key}={text}").into());
    match (arg.get_action(), value) {
        (ArgAction::SetTrue, Value::Boolean(true)) => Ok(vec![format!("--{key}").into()]),
        (ArgAction::SetTrue, Value::Boolean(false)) => Ok(Vec::new()),
        (ArgAction::SetTrue, _) => Err("takes true or false".to_owned()),
        (ArgAction::Append, Value::Array(values)) => values.iter().map(with).collect(),
        (ArgAction::Append, _) => Err("takes a list, as in [\"a\", \"b\"]".to_owned()),
        (_, value) => Ok(vec![with(value)?]),
    }
}

fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Integer(number) => Ok(number.to_string()),
        _ => Err("takes a text in quotes".to_owned()),
    }
}

/// What was found out about the input a mapping is of, and nobody said.
pub(super) struct Guessed {
    /// The rules that pin what was recognised, those that were given among them.
    pub(super) rules: Vec<String>,
    /// Options on how the input is read, and their values.
    pub(super) reading: Vec<(&'static str, String)>,
}

/// The mapping in force as TOML: the options that were given, however, and what was guessed as the options that pin it.
pub(super) fn in_force(command: &Command, merged: &ArgMatches, guessed: &Guessed) -> String {
    let of_reading = |key: &str| {
        let mut pins = guessed.reading.iter();
        pins.find(|(option, _)| *option == key)
            .map(|(_, value)| Value::String(value.clone()))
    };
    let mut kept = String::new();
    for key in KEPT {
        let value = match key {
            "map" => Some(list(guessed.rules.clone())),
            _ => of_reading(key).or_else(|| given(option(command, key)?, merged)),
        };
        kept.extend(value.map(|value| format!("{key} = {value}\n")));
    }
    kept
}

/// An option's value where somebody gave one.
fn given(arg: &Arg, merged: &ArgMatches) -> Option<Value> {
    let id = arg.get_id().as_str();
    if merged.value_source(id) != Some(ValueSource::CommandLine) {
        return None;
    }
    let raw = merged.get_raw(id).into_iter().flatten();
    let mut texts: Vec<String> = raw
        .map(|value| value.to_string_lossy().into_owned())
        .collect();
    match arg.get_action() {
        ArgAction::SetTrue => Some(Value::Boolean(true)),
        ArgAction::Append => Some(list(texts)),
        _ => texts.pop().map(Value::String),
    }
}

fn list(texts: Vec<String>) -> Value {
    Value::Array(texts.into_iter().map(Value::String).collect())
}
