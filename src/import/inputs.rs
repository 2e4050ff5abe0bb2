//! Everything that can be known before the first request: inputs are opened, mappings fit them, first records make
//! sense.
//!
//! Owns the order of these checks. How a file is read is the source's, what a column means is the mapping's.

mod consent;
mod consent_count;
mod error;
mod fit;
mod heading;
mod inspection;
mod lookahead;
mod prepared;
mod question;

pub(crate) use error::PrepareError;
pub(crate) use inspection::{InspectedInputs, Inspection, inspect};
pub(super) use lookahead::Lookahead;
pub(crate) use prepared::PreparedInputs;
pub(crate) use question::{Answered, Question, Withheld};

use super::options::ImportOptions;
use crate::record::InputId;
use crate::source::{self, Encoding, Format, Input};

/// Opens all inputs and proves that the options fit them.
///
/// # Errors
/// The first thing that does not fit, in the order of the inputs.
pub(crate) fn prepare(
    inputs: &[Input],
    reading: &source::ReadOptions,
    options: &ImportOptions,
) -> Result<PreparedInputs, PrepareError> {
    let mut prepared = PreparedInputs::open_all(inputs, reading, options)?;
    for input in &mut prepared.inputs {
        input.fit(options)?;
        input.refuse_rivals(options)?;
    }
    let options = &prepared.fitted(options);
    prepared.require_country(options)?;
    prepared.count_consent(options);
    Ok(prepared)
}

/// Prepares the one record of `add`, given as names of flags and their texts.
///
/// # Errors
/// When the options do not fit it.
pub(crate) fn prepare_one(
    flags: &[(String, String)],
    options: &ImportOptions,
) -> Result<PreparedInputs, PrepareError> {
    let name = "the flags".to_owned();
    let object: serde_json::Map<String, serde_json::Value> = flags
        .iter()
        .map(|(flag, text)| (flag.clone(), text.clone().into()))
        .collect();
    let text = serde_json::Value::Object(object).to_string();
    let reading = source::ReadOptions {
        format: Some(Format::Ndjson),
        encoding: Some(Encoding::UTF_8),
        ..source::ReadOptions::default()
    };
    let opened = source::open_reader(
        &name,
        Box::new(std::io::Cursor::new(text)),
        InputId(0),
        &reading,
    )
    .map_err(|error| PrepareError::Source {
        name: name.clone(),
        error,
    })?;
    let mut input = Lookahead::new(name, InputId(0), opened);
    input.fit(options)?;
    Ok(PreparedInputs::of_one(input, reading))
}
