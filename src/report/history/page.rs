//! One run's page: the facts, the counts as its summary showed them, and what is left to do.

use super::past_run::{PastRun, RecordCounts, RunStage};
use crate::hint::{EXCEPT, INCLUDE, ONLY};
use crate::report::amounts::{self, GROUPS_SHOWN, amounts, retries};
use crate::report::ended_run::phrase;
use crate::report::rows::rows;
use crate::report::run_summary::{ReasonSummary, RunSummary};
use crate::report::when;
use crate::text::safe;
use crate::units::{counted, duration, grouped};

/// The column of the facts, after their labels.
const FACT_WIDTH: usize = 13;

/// A run's page, ending with a line break.
pub(crate) fn page(past: &PastRun) -> String {
    let facts = facts(past)
        .into_iter()
        .map(|(label, fact)| format!("{label:<FACT_WIDTH$}{}", safe(&fact)));
    let mut lines: Vec<String> = facts.collect();
    lines.extend(match (&past.stage, past.archive()) {
        (RunStage::Unreadable, _) => {
            vec!["what this run wrote is damaged, or a newer bp-import wrote it".to_owned()]
        }
        (_, Some(archive)) => counts(archive, &past.inputs),
        (_, None) => records(past),
    });
    lines.extend(past.next().map(|next| format!("next: {}", safe(next))));
    lines.join("\n") + "\n"
}

fn facts(past: &PastRun) -> Vec<(&'static str, String)> {
    let rejects = past.archive().map(|archive| archive.rejects.join(" and "));
    let inputs = match past.stage {
        RunStage::Unreadable => None,
        _ => Some(phrase(&past.inputs)),
    };
    let facts = [
        ("run", Some(past.run.clone())),
        ("began", past.began.map(when::second)),
        ("ended", ended(past)),
        ("inputs", inputs),
        ("shard", past.shard.map(|shard| shard.to_string())),
        ("account", Some(account(past))),
        ("continues", past.continues.clone()),
        ("followed by", past.followed_by.clone()),
        ("outcome", Some(outcome(past))),
        ("rejects", rejects.filter(|names| !names.is_empty())),
    ];
    facts
        .into_iter()
        .filter_map(|(label, fact)| Some((label, fact?)))
        .collect()
}

fn ended(past: &PastRun) -> Option<String> {
    let end = when::second(past.end()?.at);
    Some(match past.took() {
        Some(took) => format!("{end}, after {}", duration(took)),
        None => end,
    })
}

fn account(past: &PastRun) -> String {
    let words = past.account.words();
    match &past.account.bot {
        Some(bot) => format!("{words}, bot {bot}"),
        None => words,
    }
}

fn outcome(past: &PastRun) -> String {
    let words = past.outcome();
    match past.archive() {
        Some(archive) => format!("{words} (exit code {})", archive.exit_code),
        None => words,
    }
}

fn counts(archive: &RunSummary, inputs: &[String]) -> Vec<String> {
    let width = grouped(archive.read).len();
    let why = |outcome: &str| reasons(archive, outcome, inputs);
    let mut lines = vec![format!("{} read", grouped(archive.read))];
    lines.extend(amounts::lines(
        width,
        [
            (archive.accepted, "accepted", included(archive)),
            (archive.invalid, "invalid", why("invalid")),
            (archive.refused, "refused", why("refused")),
            (archive.unknown, "unknown", why("unknown")),
            (archive.unsent, "unsent", why("unsent")),
            (archive.skipped_by.total(), "skipped", skips(archive)),
        ],
    ));
    lines.push(effort(archive));
    lines
}

/// The counts of what was recorded contact by contact, for a run that archived no summary.
fn records(past: &PastRun) -> Vec<String> {
    let RecordCounts {
        sent,
        accepted,
        refused,
        unknown,
    } = past.recorded;
    let (open, words) = match past.stage {
        RunStage::Running => ("under way", ""),
        _ => (
            "unknown",
            "nothing was recorded of an answer; sending again is safe",
        ),
    };
    let mut lines = vec![format!("{} sent", grouped(sent))];
    lines.extend(amounts::lines(
        grouped(sent).len(),
        [
            (accepted, "accepted", String::new()),
            (refused, "refused", String::new()),
            (unknown, open, words.to_owned()),
        ],
    ));
    lines
}

fn reasons(archive: &RunSummary, outcome: &str, inputs: &[String]) -> String {
    let all: Vec<&ReasonSummary> = archive
        .reasons
        .iter()
        .filter(|reason| reason.outcome == outcome)
        .collect();
    let shown = all.iter().take(GROUPS_SHOWN);
    let mut shown: Vec<String> = shown.map(|reason| group(reason, inputs)).collect();
    let others = all.iter().skip(GROUPS_SHOWN).map(|reason| reason.count);
    let others = others.fold(0, u64::saturating_add);
    if others > 0 {
        shown.push(format!("{} for other reasons", grouped(others)));
    }
    shown.join(", ")
}

/// `31 phone too short for India (rows 6, 19, 20, …)`
fn group(reason: &ReasonSummary, inputs: &[String]) -> String {
    let group = format!("{} {}", grouped(reason.count), words(reason));
    match reason.places().as_slice() {
        [] => group,
        places => format!("{group} ({})", rows(inputs, places, reason.count)),
    }
}

/// A reason in words: those in the archive, or ours in place of a server's.
fn words(reason: &ReasonSummary) -> String {
    let ours = match reason.code.as_str() {
        "refused" => "the platform said no",
        "too_large" => "too large for the platform",
        "no_answer" => "sent, no answer came",
        "not_sent" => "not sent before the run ended",
        "not_recorded" => "taken by the platform, which could not be recorded",
        code => code,
    };
    safe(reason.words.as_deref().unwrap_or(ours)).into_owned()
}

/// What `--include` sent.
fn included(archive: &RunSummary) -> String {
    let included = amounts([
        (archive.opted_out, "opted out"),
        (archive.hidden_rows, "in hidden rows"),
    ]);
    match included.as_slice() {
        [] => String::new(),
        all => format!("{} (sent by {INCLUDE})", all.join(", ")),
    }
}

fn skips(archive: &RunSummary) -> String {
    let by = archive.skipped_by;
    let filtered = format!("left out by {ONLY} or {EXCEPT}");
    let skips = amounts([
        (by.duplicate, "repeated an earlier row"),
        (by.resumed, "accepted by the run it went on with"),
        (by.unchanged, "unchanged since they were accepted"),
        (by.filtered, filtered.as_str()),
        (by.other_shard, "sent by other shards"),
        // `opted_out` includes those without an answer; archives before `unanswered` count them all as opted out.
        (by.opted_out.saturating_sub(archive.unanswered), "opted out"),
        (archive.unanswered, "gave no answer whether they agree"),
        (by.hidden, "in hidden rows"),
        (by.suppressed, "on a suppression list"),
    ]);
    skips.join(", ")
}

fn effort(archive: &RunSummary) -> String {
    let mut parts = vec![counted(archive.requests, "request")];
    parts.extend(retries(archive.retries));
    if archive.warnings > 0 {
        parts.push(counted(archive.warnings, "warning"));
    }
    parts.join(", ")
}
