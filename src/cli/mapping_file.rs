//! Mapping files: options in TOML, under their long names.
//!
//! Owns the file's form. What an option means is for the command line to say: a value in a file is an argument that
//! nobody typed.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::Path;

use clap::{Arg, Command};
use toml::{Table, Value};

use super::given::{option, spelling};
use super::overlay::{OverlaidOption, Overlay};
use crate::run::{Given, OptionOrigin, Spelling};
use crate::source::read_small_text;

/// The options that a mapping file keeps, in the order in which they are written.
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
    #[error("{file}: the mapping cannot be read: {}", what_to_do(.file, .error))]
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

fn what_to_do(file: &str, error: &std::io::Error) -> String {
    match error.kind() {
        // Windows only says that there is no permission.
        _ if Path::new(file).is_dir() => "this is a directory: name the file in it".to_owned(),
        ErrorKind::NotFound => "there is no such file: check its name".to_owned(),
        ErrorKind::PermissionDenied => "no permission: make it readable".to_owned(),
        ErrorKind::InvalidData => "this is no UTF-8: save it as UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

/// Lays what a mapping file says behind what was typed and what the environment says.
///
/// # Errors
/// A file that cannot be read or is no mapping, or a value in a form that its option does not have.
pub(super) fn overlay(file: &Path, overlay: &mut Overlay<'_>) -> Result<(), MappingFileError> {
    let name = file.display().to_string();
    for (key, value) in &read(file, &name)? {
        if !KEPT.contains(&key.as_str()) {
            return Err(MappingFileError::UnknownKey {
                file: name,
                key: key.clone(),
            });
        }
        let Some((_, arg)) = overlay.open().find(|(long, _)| long == key) else {
            continue;
        };
        let bad = |words: String| MappingFileError::BadValue {
            file: name.clone(),
            key: key.clone(),
            words,
        };
        let arguments = arguments(arg, key, value).map_err(bad)?;
        overlay.add(OverlaidOption {
            long: key.clone(),
            blame: format!("{name}: {key}"),
            origin: OptionOrigin::MappingFile,
            arguments,
        });
    }
    Ok(())
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
    let text = read_small_text(file).map_err(|error| MappingFileError::Unreadable {
        file: name.to_owned(),
        error,
    })?;
    text.parse()
        .map_err(|error: toml::de::Error| MappingFileError::NoToml {
            file: name.to_owned(),
            words: error.message().to_owned(),
        })
}

fn arguments(arg: &Arg, key: &str, value: &Value) -> Result<Vec<OsString>, String> {
    let with = |value: &Value| text(value).map(|text| format!("--{key}={text}").into());
    match (spelling(arg), value) {
        (Spelling::Switch, Value::Boolean(true)) => Ok(vec![format!("--{key}").into()]),
        (Spelling::Switch, Value::Boolean(false)) => Ok(Vec::new()),
        (Spelling::Switch, _) => Err("takes true or false".to_owned()),
        (Spelling::Repeatable, Value::Array(values)) => values.iter().map(with).collect(),
        (Spelling::Repeatable, _) => Err("takes a list, as in [\"a\", \"b\"]".to_owned()),
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

/// What was guessed about the input that a mapping was made for.
pub(super) struct Guessed {
    /// The rules that pin what was recognised, those that were given among them.
    pub(super) rules: Vec<String>,
    /// Options on how the input is read, and their values.
    pub(super) reading: Vec<(&'static str, String)>,
}

/// The mapping in force as TOML: the options that were given, however, and what was guessed as the options that pin it.
pub(super) fn in_force(command: &Command, given: &Given, guessed: &Guessed) -> String {
    let of_reading = |key: &str| {
        let mut pins = guessed.reading.iter();
        pins.find(|(option, _)| *option == key)
            .map(|(_, value)| Value::String(value.clone()))
    };
    let mut kept = String::new();
    for key in KEPT {
        let value = match key {
            "map" => Some(list(guessed.rules.clone())),
            _ => of_reading(key).or_else(|| value(option(command, key)?, given)),
        };
        kept.extend(value.map(|value| format!("{key} = {value}\n")));
    }
    kept
}

/// An option's value where somebody gave one.
fn value(arg: &Arg, given: &Given) -> Option<Value> {
    let long = arg.get_long()?;
    given.origin(long)?;
    let mut texts: Vec<String> = given.values(long).map(str::to_owned).collect();
    match spelling(arg) {
        Spelling::Switch => Some(Value::Boolean(true)),
        Spelling::Repeatable => Some(list(texts)),
        Spelling::Value | Spelling::OptionalValue => texts.pop().map(Value::String),
    }
}

fn list(texts: Vec<String>) -> Value {
    Value::Array(texts.into_iter().map(Value::String).collect())
}
