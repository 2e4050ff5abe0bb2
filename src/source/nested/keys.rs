//! What keys show: ids that programs generate, and the names of lists of contacts.

/// Whether a key is an id that a program generated, not a word; `contact1` counts as an id.
pub(super) fn is_id(key: &str) -> bool {
    let digits = key.chars().filter(char::is_ascii_digit).count();
    let lower = key.chars().filter(|c| c.is_lowercase()).count();
    let stem = key.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '_' | '-' | ' '));
    let stem = stem.to_lowercase();
    let is_numbered = HOLDERS
        .iter()
        .any(|word| *word == stem || word.strip_suffix('s') == Some(&stem));
    digits > 0
        && (digits == key.len() || digits * 2 >= lower || key.starts_with('-') || is_numbered)
}

/// What lists of contacts are called.
pub(super) const HOLDERS: [&str; 17] = [
    "contacts",
    "users",
    "customers",
    "clients",
    "people",
    "persons",
    "members",
    "leads",
    "subscribers",
    "records",
    "items",
    "results",
    "rows",
    "entries",
    "edges",
    "data",
    "list",
];
