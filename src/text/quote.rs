//! Text in quotes: names in messages, and words of a command that a user can paste into a shell.

/// A text in double quotes.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// Names in double quotes: the first `most` of them, and how many more there are.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>, most: usize) -> String {
    let mut names = names.into_iter();
    let first: Vec<String> = names.by_ref().take(most).map(quoted).collect();
    let more = names.count();
    match more {
        0 => first.join(", "),
        _ => format!("{} and {more} more", first.join(", ")),
    }
}

/// A text as a shell takes it for one word: quoted only where it must be, and with double quotes where they are
/// enough, as people write them.
pub(crate) fn shell_word(text: &str) -> String {
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else if text.contains(['"', '$', '`', '\\', '!']) {
        // A shell takes these signs for its own inside double quotes, too.
        format!("'{}'", text.replace('\'', r"'\''"))
    } else {
        quoted(text)
    }
}

/// Whether a shell takes a character for itself, wherever it is in a word.
fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || "-_./:=,@%+".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_ends_with_how_many_more_there_are() {
        assert_eq!(listed(["a", "b", "c", "d"], 2), "\"a\", \"b\" and 2 more");
        assert_eq!(listed(["a", "b"], 2), "\"a\", \"b\"");
    }

    #[test]
    fn a_shell_reads_the_word_back() {
        for (text, word) in [
            ("customers.csv", "customers.csv"),
            ("Phone Number", "\"Phone Number\""),
            ("it's", "\"it's\""),
            ("phone=Tel. #", "\"phone=Tel. #\""),
            ("", "\"\""),
            ("cost $", "'cost $'"),
            ("say \"it's\"", r#"'say "it'\''s"'"#),
        ] {
            assert_eq!(shell_word(text), word);
        }
    }
}
