//! A run that has ended: its output, what its summary counts, and what must hold in every run.

use serde_json::Value;

use crate::run::sorted;

/// The fields whose sum is `read`.
const OUTCOMES: [&str; 7] = [
    "accepted",
    "would_send",
    "invalid",
    "refused",
    "skipped",
    "unknown",
    "unsent",
];

/// A run that has ended.
#[derive(Debug)]
pub struct RunResult {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
    #[expect(dead_code, reason = "shown when an assertion fails")]
    pub told: String,
}

impl RunResult {
    /// The summary of a run with `--json`: the last line of stdout.
    pub fn summary(&self) -> Value {
        let line = self.stdout.lines().last();
        let line = line.unwrap_or_else(|| panic!("no summary: {self:?}"));
        let summary: Value =
            serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {self:?}"));
        assert_eq!(summary["event"], "summary", "{self:?}");
        summary
    }

    /// A count of the summary.
    pub fn count(&self, field: &str) -> u64 {
        let summary = self.summary();
        summary[field]
            .as_u64()
            .unwrap_or_else(|| panic!("no {field} in {summary}"))
    }

    /// The code, and the counts that are not zero: `3: 10 read, 9 accepted, 1 invalid`.
    pub fn account(&self) -> String {
        let counts = std::iter::once("read").chain(OUTCOMES).filter_map(|field| {
            let count = self.count(field);
            (count > 0).then(|| format!("{count} {field}"))
        });
        format!("{}: {}", self.code, counts.collect::<Vec<_>>().join(", "))
    }

    /// Asserts code and counts; a failure shows the whole output.
    pub fn assert(self, account: &str) -> RunResult {
        assert_eq!(self.account(), account, "{self:#?}");
        self
    }

    /// Asserts code, counts and what stopped the run.
    pub fn assert_stopped(self, account: &str, stopped: &str) -> RunResult {
        assert_eq!(self.summary()["stopped"], stopped, "{self:#?}");
        self.assert(account)
    }

    /// Asserts that the command line is wrong, and that the message says these words.
    pub fn assert_usage(self, words: &[&str]) -> RunResult {
        assert_eq!(self.code, 2, "{self:#?}");
        assert_eq!(self.stdout, "", "{self:#?}");
        self.assert_says(words)
    }

    /// Asserts that stderr says these words.
    pub fn assert_says(self, words: &[&str]) -> RunResult {
        for word in words {
            assert!(self.stderr.contains(word), "no {word:?} in {self:#?}");
        }
        self
    }

    /// The rejects files that the summary names, with slashes on every system.
    pub fn rejects(&self) -> Vec<String> {
        let summary = self.summary();
        let names = summary["rejects"].as_array().unwrap();
        names
            .iter()
            .map(|name| name.as_str().unwrap().replace('\\', "/"))
            .collect()
    }

    /// The codes of the reasons, each with its count: `bad_email 2`.
    pub fn reasons(&self) -> Vec<String> {
        let summary = self.summary();
        let reasons = summary["reasons"].as_array().unwrap();
        let reason =
            |reason: &Value| format!("{} {}", reason["code"].as_str().unwrap(), reason["count"]);
        sorted(reasons.iter().map(reason).collect())
    }

    /// What to do next, from either form of the summary.
    pub fn next(&self) -> String {
        let lines = self.stdout.lines().chain(self.stderr.lines());
        let from_text = lines
            .filter_map(|line| Some(line.split_once("next: ")?.1.to_owned()))
            .next();
        from_text.unwrap_or_else(|| self.summary()["next"].as_str().unwrap().to_owned())
    }

    /// What must hold in every run.
    pub fn check(&self, token: &str) {
        assert!(
            !self.stderr.contains("panicked") && ![1, 101].contains(&self.code),
            "{self:#?}"
        );
        let all = format!("{}{}", self.stdout, self.stderr);
        assert!(!all.contains(token), "the token shows: {self:#?}");
        assert!(
            !all.contains('\u{1b}'),
            "coloured off a terminal: {self:#?}"
        );
        self.check_json();
        self.check_text();
    }

    /// Whatever looks like a summary in JSON must add up.
    fn check_json(&self) {
        for line in self
            .stdout
            .lines()
            .filter(|line| line.contains("\"event\":\"summary\""))
        {
            let summary: Value = serde_json::from_str(line).unwrap();
            let sum: u64 = OUTCOMES
                .iter()
                .map(|field| summary[field].as_u64().unwrap())
                .sum();
            assert_eq!(summary["read"].as_u64(), Some(sum), "{self:#?}");
            assert_eq!(
                summary["exit_code"].as_i64(),
                Some(i64::from(self.code)),
                "{self:#?}"
            );
        }
    }

    /// Whatever looks like a summary in text must add up.
    fn check_text(&self) {
        let mut lines = self
            .stdout
            .lines()
            .skip_while(|line| read_from(line).is_none());
        let Some(read) = lines.next().and_then(read_from) else {
            return;
        };
        let sum: u64 = lines.map_while(outcome).sum();
        assert_eq!(read, sum, "{self:#?}");
    }
}

/// The count of `3,412 read from customers.csv, …`.
fn read_from(line: &str) -> Option<u64> {
    let (count, rest) = line.split_once(' ')?;
    rest.starts_with("read from ")
        .then(|| number(count))
        .flatten()
}

/// The count of `  37 invalid    not sent: …`.
fn outcome(line: &str) -> Option<u64> {
    let (count, label) = line.trim_start().split_once(' ')?;
    let known = OUTCOMES
        .iter()
        .any(|field| label.starts_with(&field.replace('_', " ")));
    known.then(|| number(count)).flatten()
}

fn number(text: &str) -> Option<u64> {
    text.replace(',', "").parse().ok()
}
