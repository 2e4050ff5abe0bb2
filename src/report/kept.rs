//! What a run leaves of itself in the ledger at its end: counts, reasons, what to do next.
//!
//! Nothing of a contact stands in it in clear. So of a refusal only code, count and rows are kept: the platform's words may
//! quote a name or an address. Why a run stopped is a word of ours, never what a server said. Of a next step the values of
//! `--only` and `--except` are left out: they single out contacts.

use serde::{Deserialize, Serialize};

use super::account::Account;
use crate::outcome::Outcome;
use crate::record::{InputId, Place};
use crate::tally::{Group, Tally};

/// The version of these fields. Readers take what they know, and do without what is missing.
const SCHEMA: u32 = 1;
/// Options whose values are cells of the input.
const OF_CONTACTS: [&str; 2] = [" --only", " --except"];
/// Stands for what was left out.
const LEFT_OUT: char = '…';

/// A run's end, as the ledger keeps it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// The version of these fields.
    pub schema: u32,
    /// The code the process ended with.
    pub exit_code: u8,
    /// Every input was read to its end.
    pub complete: bool,
    /// What stopped it, in the word that scripts read.
    pub stopped: Option<String>,
    /// Records taken.
    pub read: u64,
    /// Taken by the platform.
    pub accepted: u64,
    /// Not sent: something is wrong with them.
    pub invalid: u64,
    /// The platform said no.
    pub refused: u64,
    /// Sent, no answer.
    pub unknown: u64,
    /// Not sent.
    pub unsent: u64,
    /// Left out on purpose, by why.
    pub skipped_by: SkippedBy,
    /// How many of `skipped_by.opted_out` gave no answer.
    pub unanswered: u64,
    /// Sent by `--include`: they said no, or gave no answer.
    pub opted_out: u64,
    /// Sent by `--include`: the sheet hides their rows.
    pub hidden_rows: u64,
    /// Warnings, about records and from the platform.
    pub warnings: u64,
    /// Why records did not arrive: by outcome, the most frequent first.
    pub reasons: Vec<KeptReason>,
    /// Requests sent.
    pub requests: u64,
    /// Requests that sent a batch again.
    pub retries: u64,
    /// Wall time, to the millisecond.
    pub seconds: f64,
    /// The rejects files that were written, as the summary names them.
    pub rejects: Vec<String>,
    /// What to do next.
    pub next: Option<String>,
    /// The API's base URL.
    pub base_url: String,
    /// The bot that was named.
    pub bot_id: Option<String>,
}

/// Records that were left out on purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SkippedBy {
    /// Their phone stood in an earlier row.
    pub(crate) duplicate: u64,
    /// Accepted before in this form.
    pub(crate) unchanged: u64,
    /// Accepted by the run that this one went on with.
    pub(crate) resumed: u64,
    /// Left out by `--only` or `--except`.
    pub(crate) filtered: u64,
    /// Another process sends them.
    pub(crate) other_shard: u64,
    /// They said no, or gave no answer.
    pub(crate) opted_out: u64,
    /// The sheet hides their rows.
    pub(crate) hidden: u64,
    /// Their phones are in a list of `--suppress`.
    pub(crate) suppressed: u64,
}

/// Records that did not arrive for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptReason {
    /// The word of `bp_outcome`.
    pub(crate) outcome: String,
    /// The word of `bp_code`.
    pub(crate) code: String,
    /// In words, where they are our own.
    pub(crate) words: Option<String>,
    /// How many.
    pub(crate) count: u64,
    /// The first of them.
    pub(crate) rows: Vec<KeptRow>,
}

/// Where a record stood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct KeptRow {
    /// Which input, from 0.
    pub(crate) input: usize,
    /// Its row there.
    pub(crate) row: u64,
}

impl Kept {
    /// What may be kept of a run that has ended.
    pub(crate) fn of(account: &Account) -> Kept {
        let tally = &account.tally;
        Kept {
            schema: SCHEMA,
            exit_code: account.exit_code,
            complete: account.complete,
            stopped: account.stopped().map(ToOwned::to_owned),
            read: account.read,
            accepted: tally.accepted,
            invalid: tally.invalid,
            refused: tally.refused,
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
            seconds: (account.elapsed.as_secs_f64() * 1_000.0).round() / 1_000.0,
            rejects: account
                .rejects
                .iter()
                .map(|path| path.display().to_string())
                .collect(),
            next: account.next.as_deref().map(without_values),
            base_url: account.destination.base_url().to_owned(),
            bot_id: account.bot_id.clone(),
        }
    }

    /// As the ledger keeps it.
    pub fn to_json(&self) -> String {
        // All keys are texts and all numbers finite: nothing of it can fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What a run kept, by whichever version; nothing where it is something else.
    pub(crate) fn from_json(json: &str) -> Option<Kept> {
        serde_json::from_str(json).ok()
    }

    /// Records that were meant to arrive, and did not for all that is known.
    pub(crate) fn missing(&self) -> u64 {
        [self.invalid, self.refused, self.unknown, self.unsent]
            .into_iter()
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

impl KeptReason {
    /// Where the first of them stood.
    pub(crate) fn places(&self) -> Vec<Place> {
        let place = |row: &KeptRow| Place {
            input: InputId(row.input),
            row: row.row,
        };
        self.rows.iter().map(place).collect()
    }
}

/// What is wrong with invalid records is said in words of ours; of all others the words may be a server's.
fn reasons(tally: &Tally) -> Vec<KeptReason> {
    let ours = tally.reasons.by_count();
    let ours = ours
        .into_iter()
        .filter(|((outcome, _), ..)| *outcome == Outcome::Invalid)
        .map(|((outcome, code), words, group)| {
            reason(outcome.as_str(), code.as_str(), Some(words), group)
        });
    let theirs = tally.reasons.by_kind();
    let theirs = theirs
        .iter()
        .filter(|((outcome, _), _)| *outcome != Outcome::Invalid)
        .map(|((outcome, code), group)| reason(outcome.as_str(), code.as_str(), None, group));
    ours.chain(theirs).collect()
}

fn reason(outcome: &str, code: &str, words: Option<&str>, group: &Group) -> KeptReason {
    let row = |place: &Place| KeptRow {
        input: place.input.0,
        row: place.row,
    };
    KeptReason {
        outcome: outcome.to_owned(),
        code: code.to_owned(),
        words: words.map(ToOwned::to_owned),
        count: group.count,
        rows: group.places.iter().map(row).collect(),
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
            .map(|(at, _)| at + option.len())
            .find(|end| {
                text.get(*end..)
                    .is_some_and(|rest| rest.starts_with([' ', '=']))
            })
            .map(|end| end + 1)
    };
    OF_CONTACTS.into_iter().filter_map(begins).min()
}

/// Where the first word ends, as a shell reads it: a quoted space ends none.
fn word_ends(text: &str) -> usize {
    let (mut inside, mut escaped) = (None, false);
    for (at, c) in text.char_indices() {
        match (c, inside) {
            _ if escaped => escaped = false,
            ('\\', None) => escaped = true,
            ('\'' | '"', None) => inside = Some(c),
            (quote, Some(open)) if quote == open => inside = None,
            (' ', None) => return at,
            _ => {}
        }
    }
    text.len()
}

fn without_value(word: &str) -> String {
    let (header, _) = word.split_once('=').unwrap_or(("", ""));
    let quote = word.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let end = quote.map(String::from).unwrap_or_default();
    format!("{header}={LEFT_OUT}{end}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::summary::tests::{accepted, account, failures, repeated, requests, skipped};
    use super::*;
    use crate::event::{Event, Halt};
    use crate::outcome::{Code, Skip};
    use crate::text::shell_word;
    use crate::verdict::ServerWords;

    const EMAIL: &str = "asha.rao@example.com";

    fn ended() -> Account {
        let mut events = vec![accepted(5)];
        let short = "phone too short for India";
        events.extend(failures(
            Outcome::Invalid,
            Code::PhoneTooShort,
            short,
            6..10,
        ));
        events.extend(failures(Outcome::Refused, Code::Refused, EMAIL, [77]));
        events.extend(failures(Outcome::Unknown, Code::NoAnswer, EMAIL, [80]));
        events.extend(repeated(2));
        events.extend(skipped(1, Skip::Filtered));
        events.push(Event::Remarked(ServerWords::new(format!(
            "{EMAIL} was merged"
        ))));
        events.extend(requests(3, 1));
        Account {
            halts: vec![Halt::AllRefused(ServerWords::new(format!(
                "\"{EMAIL} is taken\""
            )))],
            rejects: vec!["customers.rejected.csv".into()],
            next: Some(format!(
                "run: bp-import a.csv --only \"E mail={EMAIL}\" --tag vip"
            )),
            exit_code: 6,
            ..account(events)
        }
    }

    #[test]
    fn what_was_kept_is_read_back() {
        let kept = Kept::of(&ended());
        assert_eq!(Kept::from_json(&kept.to_json()), Some(kept.clone()));
        assert_eq!((kept.read, kept.accepted, kept.missing()), (14, 5, 6));
        assert_eq!(kept.skipped_by.total(), 3);
        assert_eq!(kept.stopped.as_deref(), Some("all_refused"));
        assert_eq!((kept.requests, kept.retries, kept.seconds), (3, 1, 41.2));
        let read = [kept.accepted, kept.missing(), kept.skipped_by.total()];
        assert_eq!(kept.read, read.iter().sum::<u64>());
    }

    #[test]
    fn an_e_mail_in_what_a_server_says_is_not_kept() {
        let json = Kept::of(&ended()).to_json();
        assert!(!json.contains("asha"), "{json}");
        assert!(!json.contains("example.com"), "{json}");
    }

    #[test]
    fn reasons_of_ours_keep_their_words_and_those_of_others_their_count_and_rows() {
        let told: Vec<_> = Kept::of(&ended())
            .reasons
            .into_iter()
            .map(|reason| {
                let rows: Vec<u64> = reason.rows.iter().map(|row| row.row).collect();
                (reason.code, reason.words, reason.count, rows)
            })
            .collect();
        let short = Some("phone too short for India".to_owned());
        assert_eq!(
            told,
            [
                ("phone_too_short".to_owned(), short, 4, vec![6, 7, 8]),
                ("refused".to_owned(), None, 1, vec![77]),
                ("no_answer".to_owned(), None, 1, vec![80]),
            ]
        );
    }

    #[test]
    fn what_another_version_kept_is_read_as_far_as_it_is_known() {
        let newer =
            r#"{"schema":9,"accepted":7,"mood":"fine","skipped_by":{"tired":1,"resumed":2}}"#;
        let kept = Kept::from_json(newer).unwrap();
        assert_eq!((kept.accepted, kept.read), (7, 0));
        assert_eq!(kept.skipped_by.resumed, 2);
        for foreign in ["", "text", "7", r#"{"accepted":"many"}"#] {
            assert_eq!(Kept::from_json(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_next_step_keeps_which_column_is_compared_and_not_with_what() {
        for (next, kept) in [
            ("run: bp-import a.csv", "run: bp-import a.csv"),
            (
                "run: bp-import a.csv --only Town=Pune --tag vip",
                "run: bp-import a.csv --only Town=… --tag vip",
            ),
            (
                r"mend it's.csv, then run: bp-import 'it'\''s.csv' --except 'Full name=Asha O'\''Rao' --only=-x=1",
                r"mend it's.csv, then run: bp-import 'it'\''s.csv' --except 'Full name=…' --only=-x=…",
            ),
            ("bp-import --only-once a=b", "bp-import --only-once a=b"),
        ] {
            assert_eq!(without_values(next), kept);
        }
    }

    proptest! {
        #[test]
        fn no_value_that_rows_are_compared_with_is_kept(
            file in "[a-z' ]{1,8}", name in "[A-Z' =]{1,8}", value in "[0-9@' ]{0,12}",
        ) {
            let word = shell_word(&format!("{name}={value}7@7"));
            let next = format!("run: bp-import {} --only {word} --tag vip", shell_word(&file));
            prop_assert!(!without_values(&next).contains(['7', '@']), "{}", without_values(&next));
        }
    }
}
