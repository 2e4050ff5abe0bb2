//! The wall clock, and how its times are shown.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

/// Now, in seconds since the epoch. A clock before it stands at it.
pub(super) fn unix_seconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}

/// A time for people: `2026-11-22 09:30 UTC`.
pub(super) fn shown(seconds: u64) -> String {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).map_or_else(
        |_| "an unknown time".to_owned(),
        |time| time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    )
}

/// A name for a run that begins now: the time, and four letters that tell two of one second apart.
pub(super) fn run_name() -> String {
    let now = Timestamp::now().strftime("%Y-%m-%dT%H-%M-%SZ");
    format!("{now}-{:04x}", fastrand::u16(..))
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
