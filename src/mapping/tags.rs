//! Tags: how a cell is split, and that none is repeated, however many there are.

use std::collections::HashSet;

use super::source::unguarded;
use crate::text::{inside_quotes, is_line_break, list_elements, quoted_elements, without_controls};
use crate::vocabulary::is_nothing;

/// Tags in their order, none twice.
#[derive(Debug, Default)]
pub(super) struct TagList {
    tags: Vec<String>,
    /// All of them, where they are more than a look at each would be worth.
    known: HashSet<String>,
}

impl TagList {
    /// More tags than nearly every contact has.
    const FEW: usize = 16;

    /// Adds the tags of a record: trimmed, and none that says nothing.
    pub(super) fn add<'a>(&mut self, more: impl IntoIterator<Item = &'a str>) {
        let more = more.into_iter().map(str::trim);
        more.filter(|tag| !is_nothing(tag))
            .for_each(|tag| self.add_new(tag));
    }

    /// Adds tags that somebody typed: they are meant, whatever they are.
    pub(super) fn add_typed(&mut self, typed: &[String]) {
        typed.iter().for_each(|tag| self.add_new(tag.trim()));
    }

    /// Leaves out the tags that begin with this.
    pub(super) fn remove_marked(&mut self, mark: &str) {
        self.tags.retain(|tag| !tag.starts_with(mark));
        self.known.retain(|tag| !tag.starts_with(mark));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    pub(super) fn into_tags(self) -> Vec<String> {
        self.tags
    }

    fn add_new(&mut self, tag: &str) {
        // An apostrophe or `="…"` around a tag is a spreadsheet's, not a part of it.
        let tag = unguarded(tag);
        let tag = without_controls(&tag);
        if tag.is_empty() || self.has(&tag) {
            return;
        }
        let tag = tag.into_owned();
        if self.tags.len() == TagList::FEW && self.known.is_empty() {
            self.known.extend(self.tags.iter().cloned());
        }
        if !self.known.is_empty() {
            self.known.insert(tag.clone());
        }
        self.tags.push(tag);
    }

    fn has(&self, tag: &str) -> bool {
        match self.known.is_empty() {
            true => self.tags.iter().any(|known| known == tag),
            false => self.known.contains(tag),
        }
    }
}

/// Adds the tags of a text. `None` as separator: a list that a program wrote, else any of `,` `;` `|` `:::` and line
/// breaks, and not inside quotes (`"VIP","Blog, news"`).
pub(super) fn add_split(tags: &mut TagList, text: &str, separator: Option<&str>) {
    match separator {
        None => {
            let listed = of_json(text).or_else(|| list_elements(text));
            match listed.or_else(|| quoted_elements(text, is_separator)) {
                Some(list) => tags.add(list.iter().map(String::as_str)),
                None => tags.add(split(text)),
            }
        }
        Some("") => tags.add([text]),
        Some(separator) => tags.add(text.split(separator)),
    }
}

/// The elements of a list of JSON; those that are not texts as they are written there.
fn of_json(text: &str) -> Option<Vec<String>> {
    if !text.trim_start().starts_with('[') {
        return None;
    }
    let list: Vec<serde_json::Value> = serde_json::from_str(text.trim()).ok()?;
    let texts = list.into_iter().filter_map(|tag| match tag {
        serde_json::Value::String(text) => Some(text),
        serde_json::Value::Null => None,
        other => Some(other.to_string()),
    });
    Some(texts.collect())
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    // A quote that never closes is text.
    let has_pairs = text.matches('"').count().is_multiple_of(2);
    let may_quote = has_pairs && text.trim_start().starts_with('"');
    let mut is_inside = false;
    let parts = text.split(move |c: char| {
        is_inside ^= may_quote && c == '"';
        !is_inside && is_separator(c)
    });
    // Google Contacts writes ` ::: ` between labels.
    let parts = parts.flat_map(|part| part.split(":::"));
    parts.map(|part| inside_quotes(part).unwrap_or(part))
}

fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';' | '|') || is_line_break(c)
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
            (r#"{VIP,"Big Spender"}"#, &["VIP", "Big Spender"]),
            ("['VIP', 'New']", &["VIP", "New"]),
            ("VIP;#12;#New;#13", &["VIP", "New"]),
            ("#vip;#new", &["#vip", "#new"]),
            ("[]", &[]),
            ("'VIP', Gold, “New”", &["VIP", "Gold", "New"]),
            ("'VIP','Blog, news'", &["VIP", "Blog, news"]),
            ("VIP, \"Gold\"", &["VIP", "Gold"]),
            ("\"VIP, gold\", Blog; 24:7", &["VIP, gold", "Blog", "24:7"]),
            ("a;b;#c", &["a", "b", "#c"]),
            (
                "VIP\nGold\r\nNew\u{B}Old\u{1D}a\tb",
                &["VIP", "Gold", "New", "Old", "a b"],
            ),
            ("24:7", &["24:7"]),
            ("'+1 friends, '90s", &["+1 friends", "90s"]),
            ("'t Hooft", &["'t Hooft"]),
            ("", &[]),
        ] {
            let mut tags = TagList::default();
            add_split(&mut tags, text, None);
            assert_eq!(tags.into_tags(), expected, "{text}");
        }
    }

    #[test]
    fn no_tag_is_there_twice_however_many_there_are_and_whatever_a_sheet_put_around_them() {
        let mut tags = TagList::default();
        add_split(&mut tags, "+1, '+1, =\"+1\"", None);
        assert_eq!(tags.into_tags(), ["+1"]);
        // Each compared with each would take minutes.
        let numbers = (0..200_000).map(|at| (at % 100_000).to_string());
        let cell = numbers.collect::<Vec<_>>().join(",");
        let mut tags = TagList::default();
        add_split(&mut tags, &cell, None);
        tags.add_typed(&["7".to_owned(), "new".to_owned()]);
        assert_eq!(tags.into_tags().len(), 100_001);
    }
}
