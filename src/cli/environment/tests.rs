//! Variables as a second, weaker command line.

use super::*;
use crate::cli::args::{Args, Command as Subcommand, OutputArg};
use crate::cli::typed::parse;
use crate::run::GivenOption;
use crate::secret::Auth;

fn argv(typed: &[&str]) -> Vec<OsString> {
    ["bp-import"]
        .iter()
        .chain(typed)
        .map(OsString::from)
        .collect()
}

fn environment(variables: &[(&str, &str)]) -> Environment {
    Environment::new(
        variables
            .iter()
            .map(|(name, value)| (name.into(), value.into())),
    )
}

/// What is meant by what was typed and what the environment says.
fn meant(typed: &[&str], variables: &[(&str, &str)]) -> Args {
    match parse(argv(typed), &environment(variables)) {
        Ok(meant) => meant.args,
        Err(ended) => panic!("{typed:?} {variables:?}: {}", ended.words),
    }
}

/// Why a variable cannot be used, and the exit code.
fn refused(typed: &[&str], variables: &[(&str, &str)]) -> (String, u8) {
    match parse(argv(typed), &environment(variables)) {
        Ok(_) => panic!("{variables:?} is taken"),
        Err(ended) => (ended.words, ended.exit.code()),
    }
}

#[test]
fn a_flag_beats_the_environment_and_that_beats_the_default() {
    let size = |typed: &[&str], variables: &[(&str, &str)]| {
        meant(typed, variables).delivery.batch_size.get()
    };
    let variable = [("BP_IMPORT_BATCH_SIZE", "7")];
    assert_eq!(size(&["a.csv"], &[]), 100);
    assert_eq!(size(&["a.csv"], &variable), 7);
    assert_eq!(size(&["a.csv", "--batch-size", "9"], &variable), 9);
    assert_eq!(size(&["--batch-size=100", "a.csv"], &variable), 100);
}

#[test]
fn a_variable_is_named_like_its_option() {
    let args = meant(
        &["a.csv"],
        &[
            ("BP_IMPORT_BASE_URL", "chat.shop.example"),
            ("BP_IMPORT_BOT_ID", "b-7"),
            ("BP_IMPORT_AUTH", "session"),
            ("BP_IMPORT_RETRY_FOR", "90s"),
            ("BP_IMPORT_OUTPUT", "json"),
            ("BP_IMPORT_TAG_SEPARATOR", "-"),
            ("BATCH_SIZE", "7"),
            ("BP_IMPORT_NO_SUCH_OPTION", "7"),
            ("bp_import_batch_size", "7"),
        ],
    );
    assert_eq!(args.account.base_url, "chat.shop.example");
    assert_eq!(args.account.bot_id.as_deref(), Some("b-7"));
    assert_eq!(args.account.auth, Auth::Session);
    assert_eq!(args.delivery.patience.retry_for.as_secs(), 90);
    assert_eq!(args.output.show.output, OutputArg::Json);
    assert_eq!(args.mapping.tag_separator.as_deref(), Some("-"));
    // Windows does not tell letters of a variable's name apart.
    let batch_size = if cfg!(windows) { 7 } else { 100 };
    assert_eq!(args.delivery.batch_size.get(), batch_size);
}

#[test]
fn switches_take_yes_and_no_in_every_spelling() {
    for (value, expected) in [
        ("1", true),
        ("true", true),
        ("yes", true),
        ("on", true),
        ("YES", true),
        ("True", true),
        (" on ", true),
        ("0", false),
        ("false", false),
        ("no", false),
        ("off", false),
        ("Off", false),
        ("", false),
    ] {
        let args = meant(&["a.csv"], &[("BP_IMPORT_DRY_RUN", value)]);
        assert_eq!(args.output.show.dry_run, expected, "{value:?}");
    }
    for value in ["2", "y", "ja", "-", " "] {
        let (words, code) = refused(&["a.csv"], &[("BP_IMPORT_DRY_RUN", value)]);
        assert_eq!(
            words,
            "error: BP_IMPORT_DRY_RUN: takes 1, true, yes or on, and 0, false, no or off"
        );
        assert_eq!(code, 2);
    }
}

#[test]
fn a_switch_that_was_typed_stays_whatever_the_environment_says() {
    for value in ["no", "yes"] {
        let args = meant(&["a.csv", "-n"], &[("BP_IMPORT_DRY_RUN", value)]);
        assert!(args.output.show.dry_run, "{value}");
    }
}

#[test]
fn what_can_be_repeated_stands_one_a_line() {
    let tags = |typed: &[&str], value| meant(typed, &[("BP_IMPORT_TAG", value)]).mapping.tag;
    assert_eq!(tags(&["a.csv"], "vip"), ["vip"]);
    assert_eq!(
        tags(&["a.csv"], "vip\nnew customer\r\na,b\n\n"),
        ["vip", "new customer", "a,b"]
    );
    assert_eq!(tags(&["a.csv"], "-x\n--y"), ["-x", "--y"]);
    assert!(tags(&["a.csv"], "\n \n").is_empty());
    let rules = meant(
        &["a.csv"],
        &[("BP_IMPORT_MAP", "name={First} {Last}\nemail=")],
    )
    .mapping
    .map;
    assert_eq!(rules.len(), 2);
}

#[test]
fn a_list_that_was_typed_replaces_that_of_the_environment_and_adds_nothing_to_it() {
    let args = meant(
        &["a.csv", "--tag", "typed"],
        &[("BP_IMPORT_TAG", "one\ntwo")],
    );
    assert_eq!(args.mapping.tag, ["typed"]);
}

#[test]
fn an_empty_variable_is_unset() {
    let empty = [
        ("BP_IMPORT_BATCH_SIZE", ""),
        ("BP_IMPORT_COUNTRY", ""),
        ("BP_IMPORT_TAG", ""),
        ("BP_IMPORT_BASE_URL", ""),
        ("BP_IMPORT_QUIET", ""),
    ];
    let args = meant(&["a.csv"], &empty);
    assert_eq!(args.delivery.batch_size.get(), 100);
    assert!(
        args.country.country.is_none() && args.mapping.tag.is_empty() && !args.output.show.quiet
    );
    assert_eq!(environment(&empty).text("BP_IMPORT_TAG").unwrap(), None);
}

#[test]
fn a_bad_value_is_blamed_on_its_variable() {
    for (name, value) in [
        ("BP_IMPORT_BATCH_SIZE", "0"),
        ("BP_IMPORT_BATCH_SIZE", "many"),
        ("BP_IMPORT_BATCH_BYTES", "90 bananas"),
        ("BP_IMPORT_CONCURRENCY", "65"),
        ("BP_IMPORT_TIMEOUT", "0"),
        ("BP_IMPORT_COUNTRY", "Narnia"),
        ("BP_IMPORT_AUTH", "password"),
        ("BP_IMPORT_MAX_ERRORS", "101%"),
        ("BP_IMPORT_MAP", "name"),
        ("BP_IMPORT_PROGRESS", "loud"),
    ] {
        let (words, code) = refused(&["a.csv"], &[(name, value)]);
        assert!(words.starts_with(&format!("error: {name}: ")), "{words}");
        assert!(!words.contains('\n') && words.contains(value), "{words}");
        assert_eq!(code, 2, "{name}");
    }
}

#[test]
fn a_bad_value_does_no_harm_where_the_option_was_typed() {
    let args = meant(
        &["a.csv", "--batch-size", "9"],
        &[("BP_IMPORT_BATCH_SIZE", "many")],
    );
    assert_eq!(args.delivery.batch_size.get(), 9);
}

#[test]
fn json_that_was_typed_beats_the_output_of_the_environment() {
    let variables = [("BP_IMPORT_OUTPUT", "text")];
    assert!(meant(&["a.csv", "--json"], &variables).output.show.json);
    let args = meant(&["a.csv", "--output", "json"], &variables);
    assert_eq!(args.output.show.output, OutputArg::Json);
}

#[test]
fn what_only_makes_sense_typed_is_not_taken_from_the_environment() {
    let args = meant(
        &["a.csv"],
        &[("BP_IMPORT_HELP", "1"), ("BP_IMPORT_VERSION", "1")],
    );
    assert_eq!(args.files, [std::path::PathBuf::from("a.csv")]);
}

#[test]
fn output_in_the_environment_beats_json_there() {
    let variables = [("BP_IMPORT_JSON", "1"), ("BP_IMPORT_OUTPUT", "text")];
    let show = meant(&["a.csv"], &variables).output.show;
    assert!(!show.json && show.output == OutputArg::Text);
}

#[test]
fn json_for_short_can_stand_in_the_environment_too() {
    let variables = [("BP_IMPORT_JSON", "1")];
    assert!(meant(&["a.csv"], &variables).output.show.json);
    let args = meant(&["a.csv", "--output", "text"], &variables);
    assert!(!args.output.show.json && args.output.show.output == OutputArg::Text);
}

#[test]
fn commands_take_their_options_from_the_environment_too() {
    let variables = [
        ("BP_IMPORT_TAG", "vip\nnew"),
        ("BP_IMPORT_COUNTRY", "IN"),
        ("BP_IMPORT_PORT", "7"),
    ];
    let Some(Subcommand::Add(add)) = meant(&["add", "--phone", "98"], &variables).command else {
        panic!("no add");
    };
    assert_eq!(add.tag, ["vip", "new"]);
    assert!(add.country.country.is_some());
    let Some(Subcommand::Sandbox(sandbox)) = meant(&["sandbox"], &variables).command else {
        panic!("no sandbox");
    };
    assert_eq!(sandbox.port, 7);
}

#[test]
fn files_and_everything_else_that_was_typed_stay() {
    let args = meant(
        &["a.csv", "--country", "IN", "--", "-b.csv"],
        &[("BP_IMPORT_TAG", "vip"), ("BP_IMPORT_DRY_RUN", "yes")],
    );
    let files: Vec<_> = args
        .files
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    assert_eq!(files, ["a.csv", "-b.csv"]);
    assert!(args.output.show.dry_run && args.country.country.is_some());
    assert_eq!(args.mapping.tag, ["vip"]);
}

#[test]
fn it_is_known_which_options_came_from_the_environment() {
    let variables = [
        ("BP_IMPORT_TOKEN_FILE", "t"),
        ("BP_IMPORT_BATCH_SIZE", "7"),
        ("BP_IMPORT_QUIET", "no"),
    ];
    let typed = parse(
        argv(&["a.csv", "--batch-size", "9"]),
        &environment(&variables),
    );
    assert_eq!(
        typed.ok().map(|typed| {
            let of_it = |given: &&GivenOption| given.origin == OptionOrigin::Environment;
            let given = typed.given.options().filter(of_it);
            given.map(|given| given.long.clone()).collect::<Vec<_>>()
        }),
        Some(vec!["token-file".to_owned()])
    );
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_refused_by_its_name() {
    use std::os::unix::ffi::OsStringExt;
    let garbled = OsString::from_vec(vec![b'a', 0xff]);
    let environment = Environment::new([("BP_IMPORT_TOKEN".into(), garbled)]);
    let error = environment.text("BP_IMPORT_TOKEN").unwrap_err();
    assert_eq!(error.to_string(), "BP_IMPORT_TOKEN: is no text (UTF-8)");
}
