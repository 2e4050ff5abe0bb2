//! What a run came to, in the one shape that is kept and printed: the JSON line of `--output json`, the archive in the
//! ledger, and what `history` reads back. The fields, their order and their words are a promise to scripts.
//!
//! What is left out of the archive is decided in `archive`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ended_run::EndedRun;
use crate::outcome::{Code, Outcome};
use crate::record::{InputId, Place};
use crate::tally::{Group, Tally};

/// The version of these fields. Readers take what they know, and do without what is missing.
const SCHEMA: u32 = 1;

/// What a run came to. Archives of earlier versions lack some fields: those have their defaults then.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct RunSummary {
    /// What kind of JSON line this is.
    pub(crate) event: String,
    /// The version of these fields.
    pub(crate) schema: u32,
    /// The run's name.
    pub(crate) run: String,
    /// The code the process ends with.
    pub(crate) exit_code: u8,
    /// Every input was read to its end.
    pub(crate) complete: bool,
    /// What stopped it, in the word that scripts read.
    pub(crate) stopped: Option<String>,
    /// Nothing was to be sent.
    pub(crate) dry_run: bool,
    /// Records taken.
    pub(crate) read: u64,
    /// Accepted by the platform.
    pub(crate) accepted: u64,
    /// Would be sent, were this no dry run.
    pub(crate) would_send: u64,
    /// Not sent: something is wrong with them.
    pub(crate) invalid: u64,
    /// Refused by the platform.
    pub(crate) refused: u64,
    /// Left out on purpose. Archives of earlier versions lack it: `skipped_by` has the sum.
    pub(crate) skipped: u64,
    /// Sent, no answer.
    pub(crate) unknown: u64,
    /// Not sent.
    pub(crate) unsent: u64,
    /// Left out on purpose, by why.
    pub(crate) skipped_by: SkippedBy,
    /// How many of `skipped_by.opted_out` gave no answer.
    pub(crate) unanswered: u64,
    /// Sent by `--include`: they opted out, or gave no answer.
    pub(crate) opted_out: u64,
    /// Sent by `--include`: the sheet hides their rows.
    pub(crate) hidden_rows: u64,
    /// Warnings, about records and from the platform.
    pub(crate) warnings: u64,
    /// Why records did not arrive.
    pub(crate) reasons: Vec<ReasonSummary>,
    /// Requests sent.
    pub(crate) requests: u64,
    /// Requests that sent a batch again.
    pub(crate) retries: u64,
    /// Wall time, to the millisecond.
    pub(crate) seconds: f64,
    /// The API's base URL.
    pub(crate) base_url: String,
    /// Always `null`.
    pub(crate) profile: Option<String>,
    /// The unfinished run that it resumed.
    pub(crate) resumes: Option<String>,
    /// The part of the import that it sent: `2/4`.
    pub(crate) shard: Option<String>,
    /// The bot that was named.
    pub(crate) bot_id: Option<String>,
    /// The rejects files that were written.
    pub(crate) rejects: Vec<String>,
    /// Contacts by country, of a dry run; the empty text is an international network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) countries: Option<BTreeMap<String, u64>>,
    /// Contacts by tag, of a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tags: Option<BTreeMap<String, u64>>,
    /// Contacts by attribute, of a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attributes: Option<BTreeMap<String, u64>>,
    /// The inputs, as a user knows them, in order.
    pub(crate) inputs: Vec<String>,
    /// What stopped it, in words.
    pub(crate) message: Option<String>,
    /// What to do next.
    pub(crate) next: Option<String>,
}

/// Records that were left out on purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SkippedBy {
    /// Another row has their phone.
    pub(crate) duplicate: u64,
    /// Accepted before in this form.
    pub(crate) unchanged: u64,
    /// Accepted by the run that this one resumed.
    pub(crate) resumed: u64,
    /// Left out by `--only` or `--except`.
    pub(crate) filtered: u64,
    /// Another process sends them.
    pub(crate) other_shard: u64,
    /// They opted out, or gave no answer.
    pub(crate) opted_out: u64,
    /// The sheet hides their rows.
    pub(crate) hidden: u64,
    /// Their phones are in a list of `--suppress`.
    pub(crate) suppressed: u64,
}

/// Records that did not arrive for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, from = "ReadReason")]
pub(crate) struct ReasonSummary {
    /// The word for the outcome.
    pub(crate) outcome: String,
    /// The word for the reason.
    pub(crate) code: String,
    /// In words: only in the archive, and only where they are our own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) words: Option<String>,
    /// How many.
    pub(crate) count: u64,
    /// The rows of the first of them.
    pub(crate) rows: Vec<u64>,
    /// Which input each of these rows is in, from 0: only in the archive, and only where it is not the first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) inputs: Vec<usize>,
}

/// A reason as any version wrote it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ReadReason {
    outcome: String,
    code: String,
    words: Option<String>,
    count: u64,
    rows: Vec<ReadRow>,
    inputs: Vec<usize>,
}

/// A row as it is written now, or with its input, as it was before.
#[derive(Deserialize)]
#[serde(untagged)]
enum ReadRow {
    Row(u64),
    Place { input: usize, row: u64 },
}

impl RunSummary {
    /// What a run that has ended came to.
    pub(crate) fn of(ended: &EndedRun) -> RunSummary {
        let tally = &ended.tally;
        let of_dry_run = |kinds: &BTreeMap<String, u64>| ended.is_dry_run().then(|| kinds.clone());
        let rejects = ended.rejects.iter();
        RunSummary {
            event: "summary".to_owned(),
            schema: SCHEMA,
            run: ended.run.clone(),
            exit_code: ended.exit_code,
            complete: ended.complete,
            stopped: ended.stopped().map(ToOwned::to_owned),
            dry_run: ended.is_dry_run(),
            read: ended.read,
            accepted: tally.accepted,
            would_send: tally.would_send,
            invalid: tally.invalid,
            refused: tally.refused,
            skipped: tally.skipped(),
            unknown: tally.unknown,
            unsent: tally.unsent,
            skipped_by: SkippedBy::of(tally),
            unanswered: tally.unanswered,
            opted_out: tally.sent_opted_out,
            hidden_rows: tally.sent_hidden,
            warnings: tally.warnings,
            reasons: reasons(tally),
            requests: tally.requests,
            retries: tally.retries,
            seconds: (ended.elapsed.as_secs_f64() * 1_000.0).round() / 1_000.0,
            base_url: ended.destination.base_url().to_owned(),
            // Schema 1 has the field; nothing fills it.
            profile: None,
            resumes: ended.resumes.clone(),
            shard: ended.shard.map(|shard| shard.to_string()),
            bot_id: ended.bot_id.clone(),
            rejects: rejects.map(|path| path.display().to_string()).collect(),
            countries: of_dry_run(&tally.regions),
            tags: of_dry_run(&tally.tags),
            attributes: of_dry_run(&tally.attributes),
            inputs: ended.inputs.clone(),
            message: ended.message(),
            next: ended.next.clone(),
        }
    }

    /// As one line, without its line break.
    #[expect(
        clippy::expect_used,
        reason = "all keys are strings and no field can fail"
    )]
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a summary is JSON")
    }

    /// What a run archived, by whichever version; `None` where it is something else.
    pub(crate) fn from_json(json: &str) -> Option<RunSummary> {
        serde_json::from_str(json).ok()
    }

    /// Records that were meant to arrive, and did not or may not have.
    pub(crate) fn missing(&self) -> u64 {
        [self.invalid, self.refused, self.unknown, self.unsent]
            .into_iter()
            // An archive may be damaged: its numbers must not overflow.
            .fold(0, u64::saturating_add)
    }
}

impl SkippedBy {
    fn of(tally: &Tally) -> SkippedBy {
        SkippedBy {
            duplicate: tally.duplicate,
            unchanged: tally.unchanged,
            resumed: tally.resumed,
            filtered: tally.filtered,
            other_shard: tally.other_shard,
            opted_out: tally.without_consent(),
            hidden: tally.hidden,
            suppressed: tally.suppressed,
        }
    }

    /// All of them.
    pub(crate) fn total(&self) -> u64 {
        [
            self.duplicate,
            self.unchanged,
            self.resumed,
            self.filtered,
            self.other_shard,
            self.opted_out,
            self.hidden,
            self.suppressed,
        ]
        .into_iter()
        .fold(0, u64::saturating_add)
    }
}

fn reasons(tally: &Tally) -> Vec<ReasonSummary> {
    let kinds = tally.reasons.by_kind().into_iter();
    kinds
        .map(|(kind, group)| ReasonSummary::of(kind, &group))
        .collect()
}

impl ReasonSummary {
    /// A group of failures, as scripts read it.
    pub(super) fn of((outcome, code): (Outcome, Code), group: &Group) -> ReasonSummary {
        ReasonSummary {
            outcome: outcome.as_str().to_owned(),
            code: code.as_str().to_owned(),
            words: None,
            count: group.count,
            rows: group.places.iter().map(|place| place.row).collect(),
            inputs: Vec::new(),
        }
    }

    /// Where the first of them are.
    pub(crate) fn places(&self) -> Vec<Place> {
        // Rows without an input are in the first one.
        let inputs = self.inputs.iter().copied().chain(std::iter::repeat(0));
        let place = |(row, input): (&u64, usize)| Place {
            input: InputId(input),
            row: *row,
        };
        self.rows.iter().zip(inputs).map(place).collect()
    }
}

impl From<ReadReason> for ReasonSummary {
    fn from(read: ReadReason) -> ReasonSummary {
        let (mut rows, mut inputs) = (Vec::new(), read.inputs);
        for row in read.rows {
            match row {
                ReadRow::Row(row) => rows.push(row),
                ReadRow::Place { input, row } => {
                    rows.push(row);
                    inputs.push(input);
                }
            }
        }
        ReasonSummary {
            outcome: read.outcome,
            code: read.code,
            words: read.words,
            count: read.count,
            rows,
            inputs,
        }
    }
}

#[cfg(test)]
mod tests;
