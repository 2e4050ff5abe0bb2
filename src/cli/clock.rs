//! The wall clock, and the run's name that is made of it.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

/// Now, in seconds since the epoch. A clock before it stands at it.
pub(super) fn unix_seconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}

/// A run's name, and the moment it is made of.
#[derive(Clone, Debug)]
pub(super) struct RunName {
    /// The time, and four letters that tell two of one second apart.
    pub(super) name: String,
    /// The same time, in seconds since the epoch.
    pub(super) began: u64,
}

impl RunName {
    /// The name of a run that begins now.
    pub(super) fn now() -> RunName {
        let began = unix_seconds();
        let seconds = i64::try_from(began).unwrap_or_default();
        let time = Timestamp::from_second(seconds).unwrap_or_default();
        let time = time.strftime("%Y-%m-%dT%H-%M-%SZ");
        RunName {
            name: format!("{time}-{:04x}", fastrand::u16(..)),
            began,
        }
    }
}
