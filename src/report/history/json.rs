//! A past run for scripts: the fields of the summary, and the state of the run. The fields are a promise.

use serde::Serialize;

use super::past_run::{PastRun, RunStage};
use crate::record::Place;
use crate::report::run_summary::{ReasonSummary, RunSummary, SkippedBy};
use crate::report::when;
use crate::tally::ROWS_NAMED;

/// The version of these fields.
const SCHEMA: u32 = 1;

/// What is unknown of a run is `null`: a killed one archived no summary.
#[derive(Serialize)]
struct RunLine<'a> {
    event: &'static str,
    schema: u32,
    run: &'a str,
    state: &'static str,
    began: Option<String>,
    ended: Option<String>,
    inputs: &'a [String],
    shard: Option<String>,
    account: &'a str,
    resumes: Option<&'a str>,
    followed_by: Option<&'a str>,
    exit_code: Option<u8>,
    complete: Option<bool>,
    stopped: Option<&'a str>,
    dry_run: bool,
    sent: Option<u64>,
    read: Option<u64>,
    accepted: Option<u64>,
    would_send: u64,
    invalid: Option<u64>,
    refused: Option<u64>,
    skipped: Option<u64>,
    unknown: Option<u64>,
    unsent: Option<u64>,
    skipped_by: Option<SkippedBy>,
    unanswered: Option<u64>,
    opted_out: Option<u64>,
    hidden_rows: Option<u64>,
    warnings: Option<u64>,
    reasons: Vec<ReasonLine<'a>>,
    requests: Option<u64>,
    retries: Option<u64>,
    seconds: Option<f64>,
    base_url: &'a str,
    profile: Option<&'a str>,
    bot_id: Option<&'a str>,
    rejects: &'a [String],
    next: Option<&'a str>,
}

#[derive(Serialize)]
struct ReasonLine<'a> {
    outcome: &'a str,
    code: &'a str,
    count: u64,
    rows: Vec<u64>,
}

/// A past run as one line, without its line break.
pub(crate) fn line(past: &PastRun) -> serde_json::Result<String> {
    let archive = past.archive();
    serde_json::to_string(&RunLine {
        event: "run",
        schema: SCHEMA,
        run: &past.run,
        state: past.state(),
        began: past.began.map(when::rfc3339),
        ended: past.end().map(|end| when::rfc3339(end.at)),
        inputs: &past.inputs,
        shard: past.shard.map(|shard| shard.to_string()),
        account: &past.account.label,
        resumes: past.continues.as_deref(),
        followed_by: past.followed_by.as_deref(),
        exit_code: archive.map(|archive| archive.exit_code),
        complete: archive.map(|archive| archive.complete),
        stopped: archive.and_then(|archive| archive.stopped.as_deref()),
        dry_run: false,
        sent: recorded(past).then_some(past.recorded.sent),
        read: archive.map(|archive| archive.read),
        accepted: known(past, |it| it.accepted, past.recorded.accepted),
        would_send: 0,
        invalid: archive.map(|archive| archive.invalid),
        refused: known(past, |it| it.refused, past.recorded.refused),
        skipped: archive.map(|archive| archive.skipped_by.total()),
        unknown: known(past, |it| it.unknown, past.recorded.unknown),
        unsent: archive.map(|archive| archive.unsent),
        skipped_by: archive.map(|archive| archive.skipped_by),
        unanswered: archive.map(|archive| archive.unanswered),
        opted_out: archive.map(|archive| archive.opted_out),
        hidden_rows: archive.map(|archive| archive.hidden_rows),
        warnings: archive.map(|archive| archive.warnings),
        reasons: archive.map(reasons).unwrap_or_default(),
        requests: archive.map(|archive| archive.requests),
        retries: archive.map(|archive| archive.retries),
        seconds: past.took().map(|took| took.as_secs_f64()),
        base_url: &past.account.base_url,
        profile: None,
        bot_id: past.account.bot.as_deref(),
        rejects: archive.map_or(&[], |archive| archive.rejects.as_slice()),
        next: past.next(),
    })
}

fn recorded(past: &PastRun) -> bool {
    !matches!(past.stage, RunStage::Unreadable)
}

/// A count of the archive; a killed run has none, but its records were counted.
fn known(past: &PastRun, archived: fn(&RunSummary) -> u64, recorded_count: u64) -> Option<u64> {
    let archive = past.archive().map(archived);
    archive.or_else(|| recorded(past).then_some(recorded_count))
}

/// Joined by outcome and code, as in the summary: words are for people.
fn reasons(archive: &RunSummary) -> Vec<ReasonLine<'_>> {
    // Not a map: scripts see the kinds in the order of the archive.
    let mut kinds: Vec<(&str, &str)> = Vec::new();
    for reason in &archive.reasons {
        let kind = (reason.outcome.as_str(), reason.code.as_str());
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let joined = |(outcome, code)| joined(archive, outcome, code);
    kinds.into_iter().map(joined).collect()
}

fn joined<'a>(archive: &'a RunSummary, outcome: &'a str, code: &'a str) -> ReasonLine<'a> {
    let same = archive.reasons.iter();
    let same = same.filter(|reason| reason.outcome == outcome && reason.code == code);
    let count = same.clone().map(|reason| reason.count);
    let mut places: Vec<Place> = same.flat_map(ReasonSummary::places).collect();
    places.sort_unstable();
    ReasonLine {
        outcome,
        code,
        count: count.fold(0, u64::saturating_add),
        rows: places
            .iter()
            .take(ROWS_NAMED)
            .map(|place| place.row)
            .collect(),
    }
}
