//! Counts in words, as the summary, the progress and past runs show them: what is zero is left out.

use crate::units::grouped;

/// Groups of reasons that a line shows; the others are counted together.
pub(super) const GROUPS_SHOWN: usize = 10;
/// The column of the words, after number and label.
const LABEL_WIDTH: usize = 11;

/// A line each: `  12 invalid    not sent: …`, with the numbers ending in a column of this width.
pub(super) fn lines<'a>(
    width: usize,
    counts: impl IntoIterator<Item = (u64, &'a str, String)>,
) -> impl Iterator<Item = String> {
    let counts = counts.into_iter().filter(|(count, ..)| *count > 0);
    counts.map(move |(count, label, words)| {
        let line = format!("{:>width$} {label:<LABEL_WIDTH$}{words}", grouped(count));
        line.trim_end().to_owned()
    })
}

/// `12 opted out`, `3 in hidden rows`
pub(super) fn amounts<'a>(counts: impl IntoIterator<Item = (u64, &'a str)>) -> Vec<String> {
    let counts = counts.into_iter().filter(|(count, _)| *count > 0);
    counts
        .map(|(count, what)| format!("{} {what}", grouped(count)))
        .collect()
}

/// `1 retry`; `None` without any.
pub(super) fn retries(count: u64) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 retry".to_owned()),
        count => Some(format!("{} retries", grouped(count))),
    }
}
