//! JSON lines for scripts (`--output json`): one object a line, the summary last. The fields are a promise.

use std::collections::BTreeMap;

use serde::Serialize;

use super::account::Account;
use crate::outcome::{Code, Outcome};
use crate::tally::Group;

/// The version of the summary's fields.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Summary<'a> {
    event: &'static str,
    schema: u32,
    run: &'a str,
    exit_code: u8,
    complete: bool,
    stopped: Option<&'static str>,
    dry_run: bool,
    read: u64,
    accepted: u64,
    would_send: u64,
    invalid: u64,
    refused: u64,
    skipped: u64,
    unknown: u64,
    unsent: u64,
    skipped_by: SkippedBy,
    /// How many of `skipped_by.opted_out` gave no answer.
    unanswered: u64,
    /// How many `--include` sent.
    opted_out: u64,
    hidden_rows: u64,
    warnings: u64,
    reasons: Vec<ReasonLine>,
    requests: u64,
    retries: u64,
    seconds: f64,
    base_url: &'a str,
    profile: Option<&'a str>,
    resumes: Option<&'a str>,
    shard: Option<String>,
    bot_id: Option<&'a str>,
    rejects: Vec<String>,
    /// Contacts by country (the empty text is an international network), by tag and by attribute: of a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    countries: Option<&'a BTreeMap<String, u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<&'a BTreeMap<String, u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributes: Option<&'a BTreeMap<String, u64>>,
    inputs: &'a [String],
    message: Option<String>,
    next: Option<&'a str>,
}

#[derive(Serialize)]
struct SkippedBy {
    duplicate: u64,
    unchanged: u64,
    resumed: u64,
    filtered: u64,
    other_shard: u64,
    /// Those who said no, and those of whom no answer is known.
    opted_out: u64,
    hidden: u64,
    suppressed: u64,
}

#[derive(Serialize)]
struct ReasonLine {
    outcome: &'static str,
    code: &'static str,
    count: u64,
    rows: Vec<u64>,
}

/// The summary as one line.
///
/// # Errors
/// None that a run can meet: all keys are strings and all numbers finite.
pub(crate) fn summary(account: &Account) -> serde_json::Result<String> {
    let tally = &account.tally;
    serde_json::to_string(&Summary {
        event: "summary",
        schema: SCHEMA,
        run: &account.run,
        exit_code: account.exit_code,
        complete: account.complete,
        stopped: account.stopped(),
        dry_run: account.is_dry_run(),
        read: account.read,
        accepted: tally.accepted,
        would_send: tally.would_send,
        invalid: tally.invalid,
        refused: tally.refused,
        skipped: tally.skipped(),
        unknown: tally.unknown,
        unsent: tally.unsent,
        skipped_by: SkippedBy {
            duplicate: tally.duplicate,
            unchanged: tally.unchanged,
            resumed: tally.resumed,
            filtered: tally.filtered,
            other_shard: tally.other_shard,
            opted_out: tally.without_consent(),
            hidden: tally.hidden,
            suppressed: tally.suppressed,
        },
        unanswered: tally.unanswered,
        opted_out: tally.sent_opted_out,
        hidden_rows: tally.sent_hidden,
        warnings: tally.warnings,
        reasons: tally
            .reasons
            .by_kind()
            .into_iter()
            .map(reason_line)
            .collect(),
        requests: tally.requests,
        retries: tally.retries,
        seconds: (account.elapsed.as_secs_f64() * 1_000.0).round() / 1_000.0,
        base_url: account.destination.base_url(),
        profile: None,
        resumes: account.resumes.as_deref(),
        shard: account.shard.map(|shard| shard.to_string()),
        bot_id: account.bot_id.as_deref(),
        rejects: account
            .rejects
            .iter()
            .map(|path| path.display().to_string())
            .collect(),
        countries: account.is_dry_run().then_some(&tally.regions),
        tags: account.is_dry_run().then_some(&tally.tags),
        attributes: account.is_dry_run().then_some(&tally.attributes),
        inputs: &account.inputs,
        message: account.message(),
        next: account.next.as_deref(),
    })
}

fn reason_line(((outcome, code), group): ((Outcome, Code), Group)) -> ReasonLine {
    let rows = group.places.iter().map(|place| place.row).collect();
    ReasonLine {
        outcome: outcome.as_str(),
        code: code.as_str(),
        count: group.count,
        rows,
    }
}

#[cfg(test)]
mod tests;
