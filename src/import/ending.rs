//! How an import ended, and how far its inputs were read.

use std::path::PathBuf;

use crate::event::Halt;
use crate::record::Place;
use crate::tally::Tally;

/// How an import ended.
#[derive(Debug)]
pub(crate) struct ImportEnding {
    /// Records taken, counted by the reader: the tally is compared with it.
    pub(crate) read: u64,
    /// Every input was read to its end.
    pub(crate) complete: bool,
    /// The last record that was taken, if there are more that were not.
    pub(crate) last_read: Option<Place>,
    /// What ended it early, in the order of time.
    pub(crate) halts: Vec<Halt>,
    /// Counts and reasons.
    pub(crate) tally: Tally,
    /// The rejects files that were written.
    pub(crate) rejects: Vec<PathBuf>,
}

/// How far the selector read the inputs.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// Records taken, counted by the reader.
    pub(super) read: u64,
    /// Every input was read to its end.
    pub(super) complete: bool,
    /// The last record taken.
    pub(super) last: Option<Place>,
    /// `--limit` was reached, and there was more.
    pub(super) limited: bool,
}

impl Selection {
    /// The halt of a run that `--limit` ended.
    pub(super) fn halt(&self) -> Option<Halt> {
        self.limited.then_some(Halt::Limit)
    }
}
