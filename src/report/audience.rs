//! Contacts that were left out by default, or sent by `--include`, in words. Counts nothing.

use super::amounts::amounts;
use crate::hint::{INCLUDE, SUPPRESS};
use crate::tally::Tally;
use crate::units::grouped;

/// Contacts that were left out: how many, why, and which option would send them.
pub(super) fn left_out(tally: &Tally) -> Vec<String> {
    let suppressed = format!("on a list of {SUPPRESS}");
    let kinds = [
        (tally.opted_out, "opted out", Some("opted-out")),
        (
            tally.unanswered,
            "gave no answer whether they agree",
            Some("unanswered"),
        ),
        (tally.hidden, "in hidden rows", Some("hidden")),
        (tally.suppressed, suppressed.as_str(), None),
    ];
    let words = |(count, what, include): (u64, &str, Option<&str>)| {
        let switch = include.map_or_else(String::new, |value| {
            format!(" (to send: {INCLUDE} {value})")
        });
        (count > 0).then(|| format!("{} {what}{switch}", grouped(count)))
    };
    kinds.into_iter().filter_map(words).collect()
}

/// Contacts that `--include` sent.
pub(super) fn included(tally: &Tally) -> Option<String> {
    let kinds = amounts([
        (tally.sent_opted_out, "opted out or gave no answer"),
        (tally.sent_hidden, "in hidden rows"),
    ]);
    (!kinds.is_empty()).then(|| format!("{}: sent by {INCLUDE}", kinds.join(", ")))
}

/// Whether any of them were left out, or sent all the same.
pub(super) fn is_concerned(tally: &Tally) -> bool {
    tally.without_consent() + tally.hidden + tally.sent_opted_out + tally.sent_hidden > 0
}
