//! Comments are in plain English: words and phrases that a reader would have to read twice are banned in them.
//!
//! Messages are not looked at, nor is the help of options, which clap takes from doc comments.

use std::collections::BTreeMap;

use super::imports::literal;
use super::rust_files;

/// What no comment says, in lower case, and what it says instead.
const BANNED: &[(&str, &str)] = &[
    ("stands", "is, appears"),
    ("stood", "was"),
    ("stand in", "are in"),
    ("stand under", "are under"),
    ("stand beside", "are beside"),
    ("stand there", "are there"),
    ("so many", "N, this many"),
    ("whoever", "who, the caller"),
    ("is none", "is not a …"),
    ("for want of better", "as the lesser evil"),
    ("nobody knows", "is unknown"),
    ("by whose leave", "with whose permission"),
    ("go on with", "resume, continue"),
    ("goes on with", "resumes, continues"),
    ("gone on with", "resumed, continued"),
    ("leaves at once", "stops now"),
    ("remarked", "warned"),
    ("mend", "fix, correct"),
    ("mends", "fixes, corrects"),
    ("mended", "fixed, corrected"),
    ("is told before", "is reported first"),
];

/// Plain English, although it contains what is banned: a character stands for another.
const ALLOWED: &[&str] = &["stands for"];

/// The help of options: users read it, so that it changes with the messages.
const HELP: &str = "src/cli/args/";

#[test]
fn comments_are_plain_english() {
    let mut files = rust_files("src");
    files.append(&mut rust_files("tests"));
    let mut wrong: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let read = files.iter().filter(|(path, _)| {
        // The list of what is banned is in this one.
        !path.starts_with(HELP) && !path.ends_with("floors/comments.rs")
    });
    for (path, code) in read {
        let found = accents(code);
        if !found.is_empty() {
            wrong.insert(path, found);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What is banned and yet in the comments of a file, with what to write instead.
fn accents(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for comment in comments(code) {
        let mut plain = format!(" {} ", words(&comment));
        for allowed in ALLOWED {
            plain = plain.replace(&format!(" {allowed} "), " … ");
        }
        let is_in = |phrase: &str| plain.contains(&format!(" {phrase} "));
        for (phrase, instead) in BANNED.iter().filter(|(phrase, _)| is_in(phrase)) {
            found.push(format!("{phrase} ({instead}): {}", comment.trim()));
        }
    }
    found
}

/// The words of a text in lower case, with one space between them.
fn words(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '-'));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// The comments of a file; lines of one that follow each other are one text, for a phrase may be broken in two.
fn comments(code: &str) -> Vec<String> {
    let mut comments: Vec<String> = Vec::new();
    let mut rest = code;
    let mut follows = false;
    while let Some(first) = rest.chars().next() {
        let length = literal(rest).unwrap_or(first.len_utf8());
        if rest.starts_with("//") {
            let text = rest[..length].trim_start_matches(['/', '!']);
            match comments.last_mut().filter(|_| follows) {
                Some(comment) => comment.push_str(text),
                None => comments.push(text.to_owned()),
            }
            follows = true;
        } else if !first.is_whitespace() {
            follows = false;
        }
        rest = &rest[length..];
    }
    comments
}

#[test]
fn a_banned_word_is_found_in_comments_only() {
    assert_eq!(accents("let a = 1; // It stands here.").len(), 1);
    assert_eq!(
        accents("/// Limits.\n/// So\n/// many rows.\nfn f() {}").len(),
        1
    );
    assert_eq!(accents("//! A row that is none, mended.").len(), 2);
    for clear in [
        "let a = \"it stands // so many\";",
        "// It understands.\nfn stands() {}",
        "// So\nlet many = 1;",
        "// `a` stands for another, a stand-in.",
    ] {
        assert_eq!(accents(clear), [""; 0], "{clear}");
    }
}
