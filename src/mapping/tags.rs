//! Tags: how a cell is split, and that none stands twice.

/// Adds the tags of a text. `None` as separator: any of `,` `;` `|`.
pub(super) fn add_split(tags: &mut Vec<String>, text: &str, separator: Option<&str>) {
    match separator {
        None => add(tags, text.split([',', ';', '|'])),
        Some("") => add(tags, [text]),
        Some(separator) => add(tags, text.split(separator)),
    }
}

/// Adds tags as they are: only trimmed, and none twice.
pub(super) fn add<'a>(tags: &mut Vec<String>, more: impl IntoIterator<Item = &'a str>) {
    for tag in more.into_iter().map(str::trim) {
        if !tag.is_empty() && !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
}
