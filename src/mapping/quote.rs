//! How headers and values stand in messages and in commands that a user can copy.

/// A text in double quotes.
pub(super) fn shown(text: &str) -> String {
    format!("\"{text}\"")
}

/// Names in double quotes: the first `most` of them, and how many more there are.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>, most: usize) -> String {
    let mut names = names.into_iter();
    let first: Vec<String> = names.by_ref().take(most).map(shown).collect();
    let more = names.count();
    match more {
        0 => first.join(", "),
        _ => format!("{} and {more} more", first.join(", ")),
    }
}

/// A text as a shell takes it for one word.
pub(crate) fn argument(text: &str) -> String {
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else if text.contains(['"', '$', '`', '\\', '!']) {
        format!("'{}'", text.replace('\'', r"'\''"))
    } else {
        shown(text)
    }
}

fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '@' | ':' | '/')
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
    fn an_argument_can_be_copied_into_a_shell() {
        for (text, argument_of_it) in [
            ("Phone", "Phone"),
            ("Phone Number", "\"Phone Number\""),
            ("", "\"\""),
            ("cost $", "'cost $'"),
            ("say \"it's\"", r#"'say "it'\''s"'"#),
        ] {
            assert_eq!(argument(text), argument_of_it);
        }
    }
}
