//! The name that was probably meant: edit distance.

use strsim::generic_levenshtein as distance;

/// The candidate that is nearest to what was typed, where one is near enough to be meant.
pub(crate) fn nearest<'a>(
    typed: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let typed = folded(typed);
    let limit = typed.len().div_ceil(3).min(MOST_EDITS);
    candidates
        .into_iter()
        .filter_map(|candidate| Some((within(&typed, &folded(candidate), limit)?, candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The end of a message about a wrong name: what was probably meant, if anything was.
pub(super) fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!(" (did you mean \"{name}\"?)"))
}

/// Whether a name is another one with a slip in it: one edit to five letters.
pub(super) fn is_slip(typed: &str, name: &str) -> bool {
    let (typed, name) = (folded(typed), folded(name));
    let limit = typed.len().min(name.len()) / 5;
    // The lengths first: the distance is at least their difference, and costs more.
    typed.len().abs_diff(name.len()) <= limit && distance(&typed, &name) <= limit
}

/// More edits than this are another name.
const MOST_EDITS: usize = 4;

fn folded(text: &str) -> Vec<char> {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The distance, unless it is above the limit. A name that begins or ends with the whole of the other is near, too:
/// `Phone` for `Phone Number`.
fn within(typed: &Vec<char>, candidate: &Vec<char>, limit: usize) -> Option<usize> {
    if typed.len() >= SHORTEST_BEGINNING
        && (candidate.starts_with(typed) || candidate.ends_with(typed))
    {
        return Some(limit);
    }
    // Each insertion is an edit: names whose lengths differ by more need no matrix.
    if typed.len().abs_diff(candidate.len()) > limit {
        return None;
    }
    Some(distance(typed, candidate)).filter(|distance| *distance <= limit)
}

/// Shorter beginnings are part of too many names.
const SHORTEST_BEGINNING: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_name_and_nonsense_finds_none() {
        let names = ["Phone Number", "First Name", "E-mail"];
        for (typed, expected) in [
            ("Phone Nubmer", Some("Phone Number")),
            ("Phone", Some("Phone Number")),
            ("firstname", Some("First Name")),
            ("email", Some("E-mail")),
            ("Birthday", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, names), expected, "{typed}");
        }
    }
}
