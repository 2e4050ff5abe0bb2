//! The next command: what was typed, and a shell reads it back.

use clap::{CommandFactory, FromArgMatches};

use super::*;
use crate::cli::args::Args;
use crate::cli::environment::Environment;
use crate::cli::typed::{Typed, parse};

fn typed(words: &[&str]) -> Typed {
    typed_with(words, &Environment::default())
}

fn typed_with(words: &[&str], environment: &Environment) -> Typed {
    let words = ["bp-import"].iter().chain(words).map(Into::into);
    match parse(words.collect(), environment) {
        Ok(typed) => typed,
        Err(ended) => panic!("{}", ended.words),
    }
}

/// The next command after these words, for these inputs.
fn next(again: Again, words: &[&str], inputs: &[&str]) -> String {
    let inputs: Vec<String> = inputs.iter().map(|input| (*input).to_owned()).collect();
    let typed = typed(words);
    next_command(again, &typed.given, typed.args.input.input_format, &inputs)
}

#[test]
fn the_same_command_holds_the_inputs_and_the_options_in_their_order() {
    let words = [
        "a.csv",
        "--tag",
        "vip",
        "--country=IN",
        "b.csv",
        "--tag",
        "new",
        "-n",
    ];
    assert_eq!(
        next(Again::Same, &words, &["a.csv", "b.csv"]),
        "bp-import a.csv b.csv --tag vip --country IN --tag new --dry-run"
    );
}

#[test]
fn defaults_are_not_repeated() {
    assert_eq!(next(Again::Same, &["a.csv"], &["a.csv"]), "bp-import a.csv");
    assert_eq!(next(Again::Same, &[], &[]), "bp-import");
}

#[test]
fn what_is_done_for_real_or_without_a_limit_leaves_that_out() {
    let words = ["a.csv", "-n", "--limit", "5", "--country", "IN"];
    assert_eq!(
        next(Again::ForReal, &words, &["a.csv"]),
        "bp-import a.csv --limit 5 --country IN"
    );
    assert_eq!(
        next(Again::Unlimited, &words, &["a.csv"]),
        "bp-import a.csv --dry-run --country IN"
    );
}

#[test]
fn rejects_are_given_back_without_what_was_about_the_input() {
    let words = [
        "a.json",
        "--input-format",
        "json",
        "--limit",
        "5",
        "--rejects",
        "bad.csv",
        "--country",
        "IN",
        "--sandbox",
        "--on-bad-email=drop",
    ];
    assert_eq!(
        next(Again::Rejects, &words, &["bad.csv"]),
        "bp-import bad.csv --country IN --sandbox --on-bad-email drop"
    );
}

#[test]
fn a_mapping_is_kept_and_nothing_is_saved_again() {
    let folder = tempfile::tempdir().unwrap();
    let mapping = folder.path().join("old.toml");
    std::fs::write(&mapping, "tag = []").unwrap();
    let old = mapping.to_str().unwrap();
    let words = [
        "a.csv",
        "-n",
        "--save-mapping",
        "new.toml",
        "--mapping",
        old,
    ];
    for (again, rest) in [
        (Again::Same, " --dry-run"),
        (Again::ForReal, ""),
        (Again::Unlimited, " --dry-run"),
        (Again::Rejects, ""),
    ] {
        let expected = format!("bp-import a.csv{rest} --mapping {}", shell_word(old));
        assert_eq!(next(again, &words, &["a.csv"]), expected);
    }
}

#[test]
fn rejects_are_given_back_as_what_they_are_whatever_a_mapping_says_of_the_input() {
    let folder = tempfile::tempdir().unwrap();
    let mapping = folder.path().join("m.toml");
    let mapped = ["--mapping", mapping.to_str().unwrap()];
    for (format, expected) in [
        ("json", " --input-format ndjson"),
        ("xlsx", " --input-format csv"),
    ] {
        std::fs::write(&mapping, format!("input-format = \"{format}\"")).unwrap();
        let again = next(Again::Rejects, &mapped, &["r.csv"]);
        assert!(again.ends_with(expected), "{again}");
        assert!(!next(Again::Same, &mapped, &["a"]).contains("--input-format"));
    }
    std::fs::write(&mapping, "input-format = \"vcard\"").unwrap();
    let variable = ("BP_IMPORT_MAPPING".into(), mapping.clone().into_os_string());
    let typed = typed_with(&["a.vcf"], &Environment::new([variable]));
    let inputs = ["r.csv".to_owned()];
    let format = typed.args.input.input_format;
    assert_eq!(
        next_command(Again::Rejects, &typed.given, format, &inputs),
        "bp-import r.csv --input-format csv"
    );
    std::fs::write(&mapping, "tag = []").unwrap();
    for words in [&mapped[..], &["--input-format", "json"]] {
        assert!(!next(Again::Rejects, words, &["r.csv"]).contains("--input-format"));
    }
}

#[test]
#[cfg_attr(windows, ignore = "it is about a POSIX shell")]
fn words_are_quoted_for_a_shell_where_they_must_be() {
    let words = [
        "--map",
        "name={First} {Last}",
        "--tag",
        "it's",
        "--attr",
        "note=a\"b$c",
    ];
    assert_eq!(
        next(Again::Same, &words, &["my file.csv"]),
        r#"bp-import "my file.csv" --map "name={First} {Last}" --tag "it's" --attr 'note=a"b$c'"#
    );
}

/// The words of a command as a POSIX shell splits them: quotes, backslashes outside of them, blanks.
fn split(command: &str) -> Vec<String> {
    let (mut words, mut word, mut inside) = (Vec::new(), None::<String>, None);
    let mut rest = command.chars();
    while let Some(c) = rest.next() {
        match (c, inside) {
            ('\'' | '"', None) => {
                inside = Some(c);
                word.get_or_insert_default();
            }
            (quote, Some(open)) if quote == open => inside = None,
            ('$' | '`' | '\\', Some('"')) => panic!("{command}: {c} in double quotes"),
            (_, Some(_)) => word.get_or_insert_default().push(c),
            ('\\', None) => word.get_or_insert_default().extend(rest.next()),
            (' ', None) => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// What a command means, options and inputs.
fn meaning(words: impl IntoIterator<Item = String>) -> Result<String, String> {
    let matches = Args::command()
        .try_get_matches_from(words)
        .map_err(|error| error.to_string())?;
    let args = Args::from_arg_matches(&matches).map_err(|error| error.to_string())?;
    Ok(format!("{args:?}"))
}

fn check_round_trip(words: &[&str], inputs: &[&str]) {
    let command = next(Again::Same, words, inputs);
    let typed = ["bp-import"]
        .iter()
        .chain(words)
        .map(|word| (*word).to_owned());
    assert_eq!(meaning(split(&command)), meaning(typed), "{command}");
}

#[test]
#[cfg_attr(windows, ignore = "it is about a POSIX shell")]
fn a_shell_that_runs_the_command_does_what_was_typed() {
    check_round_trip(
        &[
            "a b.csv", "--tag", "", "--tag", " ", "--tag", "\\", "--tag", "''",
        ],
        &["a b.csv"],
    );
    check_round_trip(
        &["*.csv", "--only", "City=São Paulo", "--only", "A=$(x);&|<>"],
        &["*.csv"],
    );
    check_round_trip(
        &["a.csv", "-nv", "--json", "--max-errors", "2%"],
        &["a.csv"],
    );
    check_round_trip(
        &["-", "--batch-bytes", "90KiB", "--retry-for", "1h30m"],
        &["-"],
    );
    check_round_trip(
        &["./add", "--map", "phone=1", "--map", "email="],
        &["./add"],
    );
    check_round_trip(
        &["a.csv", "--tag-separator", "-", "--all-attributes"],
        &["a.csv"],
    );
    check_round_trip(
        &[
            "a.csv",
            "--tag",
            "~",
            "--tag",
            "#x",
            "--tag",
            "!y",
            "--tag",
            "two\nlines",
        ],
        &["a.csv"],
    );
}

#[test]
fn a_value_that_begins_with_a_dash_stays_a_value() {
    check_round_trip(&["a.csv", "--tag=-vip", "--tag-separator=--"], &["a.csv"]);
}

#[test]
fn an_input_that_begins_with_a_dash_stays_an_input() {
    let words = ["--country", "IN", "--", "-a.csv"];
    let command = next(Again::Same, &words, &["-a.csv"]);
    assert_eq!(command, "bp-import ./-a.csv --country IN");
}

#[test]
fn a_value_that_may_be_missing_is_repeated_as_it_was_typed() {
    for option in [
        "--same-account",
        "--same-account=4f2a",
        "--same-account=\"my shop\"",
    ] {
        let typed = option.replace('"', "");
        let expected = format!("bp-import a.csv {option} --tag vip");
        let words = ["a.csv", &typed, "--tag", "vip"];
        assert_eq!(next(Again::Same, &words, &["a.csv"]), expected);
        assert_eq!(
            next(Again::Rejects, &words, &["r.csv"]),
            "bp-import r.csv --tag vip"
        );
    }
}
