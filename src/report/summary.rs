//! The summary as text: every row is in one of its counts, and it ends with one next step. Lines without content are
//! left out.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::amounts::{self, GROUPS_SHOWN, amounts, retries};
use super::audience;
use super::destination::Destination;
use super::duplicates;
use super::ended_run::EndedRun;
use super::rows;
use crate::event::Halt;
use crate::hint::LIMIT;
use crate::outcome::{Code, Outcome};
use crate::tally::{Group, Tally};
use crate::text::safe;
use crate::units::{counted, duration, grouped};

/// Regions and tags of a dry run that are named; the others are counted.
const KINDS_SHOWN: usize = 12;
/// Excel reads a phone in a CSV as a number when the file is opened by a double click: leading zeros and the plus go.
const EXCEL: &str = "a double click in Excel destroys phones: open it there with Data > From Text/CSV, all columns as text";

/// The summary, ending with a line break.
pub(crate) fn text(ended: &EndedRun) -> String {
    let mut lines = vec![headline(ended)];
    lines.extend(outcome_lines(ended));
    lines.extend(kinds(ended));
    lines.extend(warnings(ended));
    lines.extend(nothing_left(ended));
    lines.push(effort(ended));
    lines.extend(stopped(ended));
    lines.extend(next(ended));
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// The one line that `-q` prints unless the exit code is 0.
pub(crate) fn one_line(ended: &EndedRun) -> String {
    let counts = amounts(counts(&ended.tally).map(|(count, label, _)| (count, label)));
    let mut line = format!("{} read: {}", grouped(ended.read), counts.join(", "));
    if counts.is_empty() {
        line = format!("nothing read from {}", safe(&ended.inputs()));
    }
    let audience = audience::left_out(&ended.tally);
    for words in audience.into_iter().chain(audience::included(&ended.tally)) {
        let _ = write!(line, "; {words}");
    }
    // One line has room for one reason: the first, which is also the one of the exit code.
    if let Some(words) = ended.message() {
        let _ = write!(line, "; {}", safe(&words));
    }
    if let Some(elsewhere) = elsewhere(ended) {
        let _ = write!(line, "; {elsewhere}");
    }
    if let Some(next) = &ended.next {
        let _ = write!(line, "; next: {}", safe(next));
    }
    line
}

/// The line that `-q` prints even with exit code 0: opted-out contacts and hidden rows must not be left out, or sent,
/// without a word.
pub(crate) fn audience_line(ended: &EndedRun) -> Option<String> {
    audience::is_concerned(&ended.tally).then(|| one_line(ended))
}

fn headline(ended: &EndedRun) -> String {
    let read = format!(
        "{} read from {}",
        grouped(ended.read),
        safe(&ended.inputs())
    );
    match &ended.destination {
        Destination::Platform {
            host, token_from, ..
        } => {
            format!(
                "{read}, to {} (token from {})",
                safe(host),
                safe(token_from)
            )
        }
        Destination::Sandbox { .. } => {
            format!("{read}, to the sandbox inside this process: nothing left this machine")
        }
        Destination::Nowhere { .. } => format!("{read}, dry run: nothing was sent"),
    }
}

fn counts(tally: &Tally) -> [(u64, &'static str, Outcome); 7] {
    [
        (tally.accepted, "accepted", Outcome::Accepted),
        (tally.would_send, "would send", Outcome::WouldSend),
        (tally.invalid, "invalid", Outcome::Invalid),
        (tally.refused, "refused", Outcome::Refused),
        (tally.unknown, "unknown", Outcome::Unknown),
        (tally.unsent, "unsent", Outcome::Unsent),
        (tally.skipped(), "skipped", Outcome::Skipped),
    ]
}

fn outcome_lines(ended: &EndedRun) -> impl Iterator<Item = String> {
    // No count is larger than what was read: all numbers end in one column.
    let width = grouped(ended.read).len();
    let counts = counts(&ended.tally);
    amounts::lines(
        width,
        counts.map(|(count, label, outcome)| (count, label, words(ended, outcome))),
    )
}

fn words(ended: &EndedRun, outcome: Outcome) -> String {
    match outcome {
        Outcome::Accepted | Outcome::WouldSend => sent(ended, outcome),
        Outcome::Invalid => format!("not sent: {}", defects(ended)),
        Outcome::Refused => format!("the platform said no: {}", refusals(ended)),
        Outcome::Unknown => format!("{}; sending again is safe", unknowns(ended)),
        Outcome::Unsent => "not sent before the run ended".to_owned(),
        Outcome::Skipped => skips(ended),
    }
}

/// What became of the contacts that were sent, or would be, and how many of them only `--include` sent.
fn sent(ended: &EndedRun, outcome: Outcome) -> String {
    let taken = match (outcome, &ended.destination) {
        (Outcome::WouldSend, _) => "",
        (_, Destination::Sandbox { .. }) => "taken by the sandbox",
        _ => "taken by the platform (new or updated: it does not say)",
    };
    match (taken, audience::included(&ended.tally)) {
        (taken, None) => taken.to_owned(),
        ("", Some(included)) => included,
        (taken, Some(included)) => format!("{taken}; {included}"),
    }
}

/// Why their outcome is unknown; each reason with its count where there are two.
fn unknowns(ended: &EndedRun) -> String {
    let (silence, unrecorded) = (
        "sent, no answer came",
        "taken by the platform, but the ledger could not be written",
    );
    let not_recorded: u64 = groups_of(ended, Outcome::Unknown)
        .into_iter()
        .filter(|((_, code), ..)| *code == Code::NotRecorded)
        .map(|(_, _, group)| group.count)
        .sum();
    match (
        ended.tally.unknown.saturating_sub(not_recorded),
        not_recorded,
    ) {
        (_, 0) => silence.to_owned(),
        (0, _) => unrecorded.to_owned(),
        (silent, lost) => format!(
            "{} {silence}, {} {unrecorded}",
            grouped(silent),
            grouped(lost)
        ),
    }
}

fn skips(ended: &EndedRun) -> String {
    let tally = &ended.tally;
    let of_shard = ended.shard.map_or_else(String::new, |shard| {
        format!("sent by other shards (this is {shard})")
    });
    let by_filter = format!("left out by {}", ended.filters);
    let mut skips: Vec<String> = duplicates::summary(ended).into_iter().collect();
    skips.extend(audience::left_out(tally));
    skips.extend(amounts([
        (tally.filtered, by_filter.as_str()),
        (tally.resumed, "accepted by the unfinished run before"),
        (tally.unchanged, "unchanged since they were accepted"),
        (tally.other_shard, of_shard.as_str()),
    ]));
    skips.join(", ")
}

type NamedGroup<'a> = ((Outcome, Code), &'a str, &'a Group);

fn groups_of(ended: &EndedRun, outcome: Outcome) -> Vec<NamedGroup<'_>> {
    let all = ended.tally.reasons.by_count();
    all.into_iter()
        .filter(|((kind, _), ..)| *kind == outcome)
        .collect()
}

fn defects(ended: &EndedRun) -> String {
    let all = groups_of(ended, Outcome::Invalid);
    shown(&all, |((_, code), words, group)| {
        // The rows are in the rejects file; a dry run has none, so there they are named beside the switch.
        let note = match (code.switch(), ended.is_dry_run()) {
            (None, _) => rows(ended, group),
            (Some(switch), false) => switch.to_owned(),
            (Some(switch), true) => format!("{}; {switch}", rows(ended, group)),
        };
        format!("{} {} ({note})", grouped(group.count), safe(words))
    })
}

fn refusals(ended: &EndedRun) -> String {
    let all = groups_of(ended, Outcome::Refused);
    shown(&all, |(_, words, group)| {
        // The line begins with the count: repeated, a single reason would have it twice.
        let count = match all.len() {
            1 => String::new(),
            _ => format!("{} ", grouped(group.count)),
        };
        format!("{count}\"{}\" ({})", safe(words), rows(ended, group))
    })
}

/// The first groups in words, and how many contacts the others have.
fn shown(all: &[NamedGroup<'_>], words: impl Fn(&NamedGroup<'_>) -> String) -> String {
    let mut shown: Vec<String> = all.iter().take(GROUPS_SHOWN).map(words).collect();
    let others = all.iter().skip(GROUPS_SHOWN);
    let others: u64 = others.map(|(_, _, group)| group.count).sum();
    shown.extend((others > 0).then(|| format!("{} for other reasons", grouped(others))));
    shown.join(", ")
}

fn rows(ended: &EndedRun, group: &Group) -> String {
    rows::rows(&ended.inputs, &group.places, group.count)
}

/// What a dry run would send, by country, by tag and by attribute.
fn kinds(ended: &EndedRun) -> Vec<String> {
    if !ended.is_dry_run() {
        return Vec::new();
    }
    let tally = &ended.tally;
    let countries = tally
        .regions
        .iter()
        .map(|(region, count)| (country(region), *count));
    let named = |(name, count): (&String, &u64)| (safe(name).into_owned(), *count);
    [
        ("countries", most(countries)),
        ("tags", most(tally.tags.iter().map(named))),
        ("attributes", most(tally.attributes.iter().map(named))),
    ]
    .into_iter()
    .filter(|(_, list)| !list.is_empty())
    .map(|(label, list)| format!("{label}: {list}"))
    .collect()
}

fn country(region: &str) -> String {
    if region.is_empty() {
        "international".to_owned()
    } else {
        region.to_owned()
    }
}

fn most(kinds: impl Iterator<Item = (String, u64)>) -> String {
    let mut kinds: Vec<_> = kinds.collect();
    // Stable: of equal counts the alphabetical order of the maps stays.
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let more = kinds.len().saturating_sub(KINDS_SHOWN);
    let mut shown: Vec<String> = kinds
        .into_iter()
        .take(KINDS_SHOWN)
        .map(|(kind, count)| format!("{kind} {}", grouped(count)))
        .collect();
    shown.extend((more > 0).then(|| format!("{} more", grouped(more))));
    shown.join(", ")
}

fn warnings(ended: &EndedRun) -> Vec<String> {
    let of_records = ended.tally.record_warnings.by_count();
    let mut lines: Vec<String> = of_records
        .iter()
        .take(GROUPS_SHOWN)
        .map(|(_, words, group)| format!("warning: {} ({})", safe(words), often(ended, group)))
        .collect();
    let of_server = ended.tally.server_warnings.iter();
    lines.extend(of_server.map(|words| format!("the platform remarked: \"{}\"", safe(words))));
    lines
}

/// A filter that leaves out every row is more often a typing error than an intention, so it is pointed out.
fn nothing_left(ended: &EndedRun) -> Option<String> {
    let is_all = ended.read > 0 && ended.tally.filtered == ended.read;
    is_all.then(|| {
        format!(
            "warning: {} left out every row: is the value written as it stands there?",
            ended.filters
        )
    })
}

/// How often and where: `rows 3, 9`, or `1,200 times: rows 3, 9, 20, …`.
fn often(ended: &EndedRun, group: &Group) -> String {
    let rows = rows(ended, group);
    let all_named = usize::try_from(group.count).is_ok_and(|count| count == group.places.len());
    if all_named {
        rows
    } else {
        format!("{} times: {rows}", grouped(group.count))
    }
}

fn effort(ended: &EndedRun) -> String {
    let mut parts = vec![duration(ended.elapsed)];
    if !ended.is_dry_run() {
        parts.push(counted(ended.tally.requests, "request"));
    }
    parts.extend(retries(ended.tally.retries));
    parts.join(", ")
}

fn stopped(ended: &EndedRun) -> Vec<String> {
    let mut lines: Vec<String> = ended
        .explained()
        .map(|(halt, words)| format!("stopped: {}", why(halt, words)))
        .collect();
    if let Some(place) = ended.last_read {
        let file = rows::name(&ended.inputs, place);
        lines.push(format!(
            "nothing was read after row {} of {file}: later rows are in no count and no file",
            grouped(place.row)
        ));
    }
    lines
}

fn why(halt: &Halt, words: Option<String>) -> String {
    match (halt, words) {
        (_, Some(words)) => safe(&words).into_owned(),
        (Halt::Limit, None) => format!("by {LIMIT}"),
        (Halt::Interrupted, None) => "interrupted".to_owned(),
        (Halt::Terminated, None) => "terminated".to_owned(),
        (other, None) => other.as_str().to_owned(),
    }
}

fn next(ended: &EndedRun) -> Vec<String> {
    let mut lines: Vec<String> = elsewhere(ended).into_iter().collect();
    let next = ended.next.as_deref();
    lines.extend(next.map(|next| format!("next: {}", safe(next))));
    // NDJSON rejects open in no spreadsheet, and what needs no correction need not be opened at all.
    let is_table = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "csv");
    if ended.rejects.iter().any(is_table) && !sends_itself(ended) {
        lines.push(EXCEL.to_owned());
    }
    lines
}

/// Where the rest is, unless the next step is about it and names it anyway.
fn elsewhere(ended: &EndedRun) -> Option<String> {
    // Without a halt the next step gives the rejects back by name.
    let given_back = ended.halts.is_empty() && !ended.is_dry_run();
    let names: Vec<String> = ended
        .rejects
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let again = if sends_itself(ended) {
        "; the same command sends them too"
    } else {
        ""
    };
    (!names.is_empty() && !given_back).then(|| {
        format!(
            "the rows that did not arrive are in {}{again}",
            safe(&names.join(" and "))
        )
    })
}

/// Whether no row needs a correction: the same command sends what did not arrive.
fn sends_itself(ended: &EndedRun) -> bool {
    let tally = &ended.tally;
    tally.unsent + tally.unknown > 0 && tally.invalid + tally.refused == 0
}

#[cfg(test)]
pub(super) mod tests;
