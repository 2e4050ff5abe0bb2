//! Text in quotes: names in messages.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_ends_with_how_many_more_there_are() {
        assert_eq!(listed(["a", "b", "c", "d"], 2), "\"a\", \"b\" and 2 more");
        assert_eq!(listed(["a", "b"], 2), "\"a\", \"b\"");
    }
}
