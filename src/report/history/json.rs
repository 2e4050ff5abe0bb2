//! A past run for scripts: the fields of the summary, and where the run stands. The fields are a promise.

use serde::Serialize;

use super::{Past, Stage};
use crate::report::kept::{Kept, KeptRow, SkippedBy};
use crate::report::when;

/// The version of these fields.
const SCHEMA: u32 = 1;
/// How many rows a reason names.
const ROWS_NAMED: usize = 3;

/// What nobody knows of a run is `null`: a killed one said nothing of what it read.
#[derive(Serialize)]
struct Line<'a> {
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
    reasons: Vec<Reason<'a>>,
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
struct Reason<'a> {
    outcome: &'a str,
    code: &'a str,
    count: u64,
    rows: Vec<u64>,
}

/// The counts that a killed run has, too: of its records.
struct Counts {
    accepted: Option<u64>,
    refused: Option<u64>,
    unknown: Option<u64>,
}

/// A past run as one line, without its line break.
///
/// # Errors
/// None that a run can meet: all keys are texts and all numbers finite.
pub(crate) fn line(past: &Past) -> serde_json::Result<String> {
    let kept = past.kept();
    let counts = counts(past);
    serde_json::to_string(&Line {
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
        exit_code: kept.map(|kept| kept.exit_code),
        complete: kept.map(|kept| kept.complete),
        stopped: kept.and_then(|kept| kept.stopped.as_deref()),
        dry_run: false,
        sent: recorded(past).then_some(past.recorded.sent),
        read: kept.map(|kept| kept.read),
        accepted: counts.accepted,
        would_send: 0,
        invalid: kept.map(|kept| kept.invalid),
        refused: counts.refused,
        skipped: kept.map(|kept| kept.skipped_by.total()),
        unknown: counts.unknown,
        unsent: kept.map(|kept| kept.unsent),
        skipped_by: kept.map(|kept| kept.skipped_by),
        unanswered: kept.map(|kept| kept.unanswered),
        opted_out: kept.map(|kept| kept.opted_out),
        hidden_rows: kept.map(|kept| kept.hidden_rows),
        warnings: kept.map(|kept| kept.warnings),
        reasons: kept.map(reasons).unwrap_or_default(),
        requests: kept.map(|kept| kept.requests),
        retries: kept.map(|kept| kept.retries),
        seconds: past.took().map(|took| took.as_secs_f64()),
        base_url: &past.account.base_url,
        profile: None,
        bot_id: past.account.bot.as_deref(),
        rejects: kept.map_or(&[], |kept| kept.rejects.as_slice()),
        next: past.next(),
    })
}

fn recorded(past: &Past) -> bool {
    !matches!(past.stage, Stage::Unreadable)
}

fn counts(past: &Past) -> Counts {
    let of_records = |count: u64| recorded(past).then_some(count);
    let kept = past.kept();
    let or = |said: fn(&Kept) -> u64, count: u64| kept.map(said).or_else(|| of_records(count));
    Counts {
        accepted: or(|kept| kept.accepted, past.recorded.accepted),
        refused: or(|kept| kept.refused, past.recorded.refused),
        unknown: or(|kept| kept.unknown, past.recorded.unknown),
    }
}

/// Joined by outcome and code, as in the summary: words are for people.
fn reasons(kept: &Kept) -> Vec<Reason<'_>> {
    let mut kinds: Vec<(&str, &str)> = Vec::new();
    for reason in &kept.reasons {
        let kind = (reason.outcome.as_str(), reason.code.as_str());
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let joined = |(outcome, code)| joined(kept, outcome, code);
    kinds.into_iter().map(joined).collect()
}

fn joined<'a>(kept: &'a Kept, outcome: &'a str, code: &'a str) -> Reason<'a> {
    let same = kept.reasons.iter();
    let same = same.filter(|reason| reason.outcome == outcome && reason.code == code);
    let count = same.clone().map(|reason| reason.count);
    let mut rows: Vec<KeptRow> = same
        .flat_map(|reason| reason.rows.iter().copied())
        .collect();
    rows.sort_unstable();
    Reason {
        outcome,
        code,
        count: count.fold(0, u64::saturating_add),
        rows: rows.iter().take(ROWS_NAMED).map(|row| row.row).collect(),
    }
}
