//! Moments, for a user and for a script: always UTC, so that runs of several machines can be compared.

use jiff::Timestamp;

/// `2026-11-22 09:30 UTC`, in a sentence.
pub(crate) fn shown(seconds: u64) -> String {
    moment(seconds).map_or_else(
        || "an unknown time".to_owned(),
        |moment| moment.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    )
}

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
    moment(seconds).map_or_else(
        || "?".to_owned(),
        |moment| moment.strftime(pattern).to_string(),
    )
}

fn moment(seconds: u64) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(seconds).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_to_the_minute() {
        assert_eq!(shown(1_795_339_845), "2026-11-22 09:30 UTC");
        assert_eq!(shown(u64::MAX), "an unknown time");
    }
}
