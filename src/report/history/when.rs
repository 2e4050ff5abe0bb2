//! Moments, for a user and for a script: always UTC, so that runs of several machines can be compared.

use jiff::Timestamp;

/// `2026-11-22 09:30`
pub(super) fn minute(seconds: u64) -> String {
    format(seconds, "%Y-%m-%d %H:%M")
}

/// `2026-11-22 09:30:05 UTC`
pub(super) fn second(seconds: u64) -> String {
    format(seconds, "%Y-%m-%d %H:%M:%S UTC")
}

/// `2026-11-22T09:30:05Z` (RFC 3339)
pub(super) fn rfc3339(seconds: u64) -> String {
    format(seconds, "%Y-%m-%dT%H:%M:%SZ")
}

fn format(seconds: u64, pattern: &str) -> String {
    let moment = i64::try_from(seconds).ok();
    moment
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .map_or_else(
            || "?".to_owned(),
            |moment| moment.strftime(pattern).to_string(),
        )
}
