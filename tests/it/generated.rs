//! Files that the program writes about itself: completions and help. `BLESS=1 cargo test --test it` renews them.

use std::fs;
use std::path::Path;

use crate::run::Folder;

/// Asserts that a file of the repository is what the binary prints; with `BLESS=1`, makes it so.
fn assert_generated(path: &str, arguments: &[&str]) {
    let ran = Folder::new()
        .bp(arguments.iter().copied())
        .without_token()
        .run();
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:#?}");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("BLESS").is_some_and(|value| value == "1") {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &ran.stdout).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == ran.stdout,
        "{path} is not what `bp-import {}` prints: run `BLESS=1 cargo test --test it generated`, and look at the difference",
        arguments.join(" ")
    );
}

#[test]
fn completions_are_kept_equal() {
    for (file, shell) in [
        ("bp-import.bash", "bash"),
        ("_bp-import", "zsh"),
        ("bp-import.fish", "fish"),
        ("_bp-import.ps1", "powershell"),
        ("bp-import.elv", "elvish"),
    ] {
        assert_generated(&format!("completions/{file}"), &["completions", shell]);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    let kept = fs::read_dir(folder).unwrap().count();
    assert_eq!(kept, 5, "a completion is left over");
}

#[test]
fn the_help_is_kept_equal() {
    assert_generated("tests/golden/help.txt", &["--help"]);
    assert_generated("tests/golden/short-help.txt", &["-h"]);
}

#[test]
fn the_short_help_is_short() {
    let ran = Folder::new().bp(["-h"]).run();
    let options = ran
        .stdout
        .lines()
        .filter(|line| line.trim_start().starts_with('-'));
    assert!((8..=20).contains(&options.count()), "{}", ran.stdout);
}

#[test]
fn the_help_breaks_no_line_in_its_middle() {
    for arguments in [
        &["--help"][..],
        &["-h"],
        &["add", "--help"],
        &["sandbox", "--help"],
        &["history", "--help"],
    ] {
        let ran = Folder::new().bp(arguments.iter().copied()).run();
        let lines: Vec<_> = ran.stdout.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            assert!(line.chars().count() <= 100, "{line}");
            // A text that is wrapped twice has a stub of a line between two full ones.
            let length = |at: usize| lines.get(at).map_or(0, |line| line.chars().count());
            let between = index > 0 && length(index - 1) > 80 && length(index + 1) > 60;
            let goes_on = line.trim_start().starts_with(char::is_lowercase) && !line.ends_with('.');
            let stub = (1..50).contains(&length(index)) && goes_on && between;
            assert!(!stub, "{arguments:?}: {line}");
        }
    }
}

#[test]
fn every_exit_code_is_in_the_help() {
    let help = Folder::new().bp(["--help"]).run().stdout;
    for code in ["0 ", "1 ", "2 ", "3 ", "4 ", "5 ", "6 ", "7 ", "130 "] {
        assert!(
            help.lines().any(|line| line.trim_start().starts_with(code)),
            "{code}"
        );
    }
    assert!(help.contains("143"));
}
