//! Tags: how a cell is split, and that none is repeated.

use super::source::unguarded;
use crate::vocabulary::is_nothing;

/// Adds the tags of a text. `None` as separator: a list of JSON, else any of `,` `;` `|` `:::`, and not inside quotes
/// (`"VIP","Blog, news"`).
pub(super) fn add_split(tags: &mut Vec<String>, text: &str, separator: Option<&str>) {
    let list = || serde_json::from_str::<Vec<serde_json::Value>>(text.trim()).ok();
    match separator {
        None if text.trim_start().starts_with('[')
            && let Some(list) = list() =>
        {
            let texts = list.iter().filter_map(|tag| match tag {
                serde_json::Value::String(text) => Some(text.clone()),
                serde_json::Value::Null => None,
                other => Some(other.to_string()),
            });
            let texts: Vec<String> = texts.collect();
            add(tags, texts.iter().map(String::as_str));
        }
        None => add(tags, split(text)),
        Some("") => add(tags, [text]),
        Some(separator) => add(tags, text.split(separator)),
    }
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    let parts = if text.trim_start().starts_with('"') {
        outside_quotes(text)
    } else {
        text.split(is_separator).collect()
    };
    // Google Contacts writes ` ::: ` between labels.
    parts.into_iter().flat_map(|part| part.split(":::"))
}

fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';' | '|')
}

/// The parts of a list whose tags are in quotes, as Mailchimp writes them. A quote that never closes is text.
fn outside_quotes(text: &str) -> Vec<&str> {
    if !text.matches('"').count().is_multiple_of(2) {
        return text.split(is_separator).collect();
    }
    let mut inside = false;
    let parts = text.split(|c: char| {
        inside ^= c == '"';
        !inside && is_separator(c)
    });
    parts.map(|part| part.trim().trim_matches('"')).collect()
}

/// Adds the tags of a record: trimmed, none twice, and none that says nothing.
pub(super) fn add<'a>(tags: &mut Vec<String>, more: impl IntoIterator<Item = &'a str>) {
    let more = more.into_iter().map(str::trim);
    for tag in more.filter(|tag| !is_nothing(tag)) {
        add_new(tags, tag);
    }
}

/// Adds tags that somebody typed: they are meant, whatever they are.
pub(super) fn add_typed(tags: &mut Vec<String>, typed: &[String]) {
    for tag in typed {
        add_new(tags, tag.trim());
    }
}

fn add_new(tags: &mut Vec<String>, tag: &str) {
    if !tag.is_empty() && !tags.iter().any(|known| known == tag) {
        // An apostrophe or `="…"` around a tag is a spreadsheet's, not a part of it.
        tags.push(unguarded(tag.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_of_tags_is_split_as_exports_write_them() {
        for (text, expected) in [
            ("VIP, Blog;a|b", &["VIP", "Blog", "a", "b"][..]),
            ("VIP ::: Blog", &["VIP", "Blog"]),
            (r#""VIP","Blog""#, &["VIP", "Blog"]),
            (r#""VIP, gold","Blog""#, &["VIP, gold", "Blog"]),
            (r#""VIP"#, &["\"VIP"]),
            (r#""VIP""#, &["VIP"]),
            (r#"["VIP","Blog, news"]"#, &["VIP", "Blog, news"]),
            (r#"["a",1,null]"#, &["a", "1"]),
            ("[VIP], Blog", &["[VIP]", "Blog"]),
            ("24:7", &["24:7"]),
            ("'+1 friends, '90s", &["+1 friends", "90s"]),
            ("'t Hooft", &["'t Hooft"]),
            ("", &[]),
        ] {
            let mut tags = Vec::new();
            add_split(&mut tags, text, None);
            assert_eq!(tags, expected, "{text}");
        }
    }
}
