//! The wall clock, and how its times are shown.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

/// Now, in seconds since the epoch; 0 if the clock is set before it.
pub(crate) fn unix_seconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap_or_default().as_secs()
}

/// A run's name, and the moment it is made of.
#[derive(Clone, Debug)]
pub(crate) struct RunName {
    /// The time, and four letters that tell two of one second apart.
    pub(crate) name: String,
    /// The same time, in seconds since the epoch.
    pub(crate) began: u64,
}

impl RunName {
    /// The name of a run that begins now.
    pub(crate) fn now() -> RunName {
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
