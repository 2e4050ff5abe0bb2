//! Rows of one phone, in words: which row was left out for which other one.

use super::ended_run::EndedRun;
use super::rows::name;
use crate::event::DuplicateOf;
use crate::hint::ON_DUPLICATE;
use crate::record::Place;
use crate::units::grouped;

/// How many rows were left out for another row of their phone, and the first of them; `None` without any.
pub(super) fn summary(ended: &EndedRun) -> Option<String> {
    let (inputs, tally) = (ended.inputs.as_slice(), &ended.tally);
    // One run has one `--on-duplicate`: the first duplicate tells how all of them relate.
    let relation = tally.first_duplicates.first().map(|(_, other)| *other);
    let what = match (relation, tally.duplicate) {
        (_, 0) => return None,
        (Some(DuplicateOf::Later(_)), 1) => "gives way to a later row",
        (Some(DuplicateOf::Later(_)), _) => "give way to a later row",
        (Some(DuplicateOf::Merged(_)), 1) => "is merged into a later row",
        (Some(DuplicateOf::Merged(_)), _) => "are merged into a later row",
        (_, 1) => "repeats an earlier row",
        (_, _) => "repeat an earlier row",
    };
    let mut first: Vec<String> = tally
        .first_duplicates
        .iter()
        .map(|(place, other)| {
            let file = match inputs {
                [_] => String::new(),
                _ => format!("{} ", name(inputs, *place)),
            };
            let (row, words) = (grouped(place.row), words(inputs, *place, *other));
            format!("{file}row {row} {words}")
        })
        .collect();
    if usize::try_from(tally.duplicate).is_ok_and(|count| count > first.len()) {
        first.push("…".to_owned());
    }
    let switch = match relation {
        Some(DuplicateOf::Earlier(_)) if ended.is_dry_run() => {
            format!("; {ON_DUPLICATE} last, merge or send makes another choice")
        }
        _ => String::new(),
    };
    Some(format!(
        "{} {what} ({}{switch})",
        grouped(tally.duplicate),
        first.join(", ")
    ))
}

/// `repeats row 2`; the other row's file is named where it is not the same.
pub(crate) fn words(inputs: &[String], place: Place, other: DuplicateOf) -> String {
    let verb = match other {
        DuplicateOf::Earlier(_) => "repeats",
        DuplicateOf::Later(_) => "gives way to",
        DuplicateOf::Merged(_) => "is merged into",
    };
    let other = other.place();
    let file = if other.input == place.input {
        String::new()
    } else {
        format!("{} ", name(inputs, other))
    };
    format!("{verb} {file}row {}", grouped(other.row))
}
