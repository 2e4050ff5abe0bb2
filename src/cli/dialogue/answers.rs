//! Answers of the dialogue, put into the command line as the options that a user could have typed.

use std::str::FromStr;

use anyhow::{anyhow, bail};
use clap::{CommandFactory, ValueEnum};

use super::questions::Answer;
use crate::cli::args::{Args, IncludeArg};
use crate::cli::given;
use crate::cli::typed::Typed;
use crate::contact::phone::Home;
use crate::text::shell_word;

/// The command line with these answers in it, as if they had been typed before everything else.
pub(super) fn with_answers(typed: &Typed, answers: &[Answer]) -> anyhow::Result<Typed> {
    let mut typed = typed.clone();
    let texts: Vec<(&str, &str)> = answers
        .iter()
        .map(|(option, value)| (*option, value.as_str()))
        .collect();
    let command = Args::command();
    let added = texts
        .iter()
        .map(|(option, value)| given::typed(&command, option, value));
    typed.given.type_first(added.collect());
    let Args {
        mapping,
        input,
        audience,
        country,
        ..
    } = &mut typed.args;
    let given = &typed.given;
    for (option, value) in &texts {
        match *option {
            "map" => mapping.map = parsed(given.values("map"))?,
            "only" => input.only = parsed(given.values("only"))?,
            "except" => input.except = parsed(given.values("except"))?,
            "include" => {
                let values = given.values("include");
                let values = values.map(|value| IncludeArg::from_str(value, true));
                audience.include = values
                    .collect::<Result<_, _>>()
                    .map_err(|word| anyhow!("{word}"))?;
            }
            "country" => country.country = Some(Home::parse(value)?),
            "save-mapping" => mapping.save_mapping = Some(value.into()),
            other => bail!("--{other} is no answer: this is a bug in bp-import, please report it"),
        }
    }
    Ok(typed)
}

fn parsed<'v, T>(values: impl Iterator<Item = &'v str>) -> anyhow::Result<Vec<T>>
where
    T: FromStr,
    anyhow::Error: From<T::Err>,
{
    values.map(|value| Ok(value.parse()?)).collect()
}

/// An answer as a user would type it: `--map phone="Dial me"`.
pub(super) fn as_typed((option, value): &Answer) -> String {
    match value.split_once('=') {
        Some((field, template)) if *option == "map" => {
            format!(" --map {field}={}", shell_word(template))
        }
        _ => format!(" --{option} {}", shell_word(value)),
    }
}
