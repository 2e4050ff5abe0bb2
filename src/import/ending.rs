//! How an import ended, and how far its inputs were read.

use std::path::PathBuf;

use crate::event::Halt;
use crate::record::Place;
use crate::tally::Tally;

/// How an import ended.
#[derive(Debug)]
pub(crate) struct ImportEnding {
    /// Records taken, as the reader numbered them: the tally is checked against it.
    pub(crate) read: u64,
    /// Every input was read to its end.
    pub(crate) complete: bool,
    /// The last record that was taken, where there is more that was not.
    pub(crate) last_read: Option<Place>,
    /// What ended it early, the first in time first.
    pub(crate) halts: Vec<Halt>,
    /// Counts and reasons.
    pub(crate) tally: Tally,
    /// The rejects files that were written.
    pub(crate) rejects: Vec<PathBuf>,
}

/// What the selector took.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// Records taken, by the reader's numbers.
    pub(super) read: u64,
    /// Every input was read to its end.
    pub(super) complete: bool,
    /// The last record taken.
    pub(super) last: Option<Place>,
    /// `--limit` was reached, and there was more.
    pub(super) limited: bool,
}

impl Selection {
    /// What `--limit` ended, as a halt.
    pub(super) fn halt(&self) -> Option<Halt> {
        self.limited.then_some(Halt::Limit)
    }
}
