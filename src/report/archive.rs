//! What of a run's summary is archived in the ledger.
//!
//! No contact is in it in clear: a server's words may quote a name or an address, so a refusal keeps only its code, its
//! count and its rows, and why the run stopped is the word that scripts read. The values of `--only` and `--except`
//! single out contacts, so the next step goes without them.

use super::run_summary::{ReasonSummary, RunSummary};
use crate::hint::{EXCEPT, ONLY};
use crate::outcome::{Code, Outcome};
use crate::tally::{Group, Tally};
use crate::text::word_ends;

/// Options whose values are cells of the input.
const OF_CONTACTS: [&str; 2] = [ONLY, EXCEPT];
/// Takes the place of a value that was left out.
const LEFT_OUT: char = '…';

/// The summary without what is of contacts; its reasons by our own words, as `history` shows them.
pub(crate) fn archived(summary: &RunSummary, tally: &Tally) -> RunSummary {
    RunSummary {
        reasons: reasons(tally),
        message: None,
        next: summary.next.as_deref().map(without_values),
        ..summary.clone()
    }
}

/// Of invalid records the words are ours; of all others they may be a server's.
fn reasons(tally: &Tally) -> Vec<ReasonSummary> {
    // By words, not by code: `history` shows "too short for India" and "too short for Nepal" as two reasons.
    let ours = tally.reasons.by_count();
    let ours = ours
        .into_iter()
        .filter(|((outcome, _), ..)| *outcome == Outcome::Invalid)
        .map(|(kind, words, group)| ReasonSummary {
            words: Some(words.to_owned()),
            ..with_inputs(kind, group)
        });
    let theirs = tally.reasons.by_kind();
    let theirs = theirs
        .iter()
        .filter(|((outcome, _), _)| *outcome != Outcome::Invalid)
        .map(|(kind, group)| with_inputs(*kind, group));
    ours.chain(theirs).collect()
}

fn with_inputs(kind: (Outcome, Code), group: &Group) -> ReasonSummary {
    let inputs: Vec<usize> = group.places.iter().map(|place| place.input.0).collect();
    // Most imports have one input: its number in every archive would say nothing.
    let is_first = inputs.iter().all(|input| *input == 0);
    ReasonSummary {
        inputs: if is_first { Vec::new() } else { inputs },
        ..ReasonSummary::of(kind, group)
    }
}

/// A next step without what `--only` and `--except` compare with: `--only "E-mail=…"`.
fn without_values(next: &str) -> String {
    let mut kept = String::with_capacity(next.len());
    let mut rest = next;
    while let Some(at) = value_at(rest) {
        let (before, after) = rest.split_at(at);
        let (value, after) = after.split_at(word_ends(after));
        kept.push_str(before);
        kept.push_str(&without_value(value));
        rest = after;
    }
    kept + rest
}

/// Where the first value of such an option begins.
fn value_at(text: &str) -> Option<usize> {
    let begins = |option: &str| {
        text.match_indices(option)
            // Behind a space, or it is part of a value.
            .filter(|(at, _)| text.get(..*at).is_some_and(|before| before.ends_with(' ')))
            .map(|(at, _)| at + option.len())
            // `--only-once` is another option: the name must end here.
            .find(|end| {
                text.get(*end..)
                    .is_some_and(|rest| rest.starts_with([' ', '=']))
            })
            .map(|end| end + 1)
    };
    OF_CONTACTS.into_iter().filter_map(begins).min()
}

fn without_value(word: &str) -> String {
    let (header, _) = word.split_once('=').unwrap_or(("", ""));
    let quote = word.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let end = quote.map(String::from).unwrap_or_default();
    format!("{header}={LEFT_OUT}{end}")
}

#[cfg(test)]
mod tests;
