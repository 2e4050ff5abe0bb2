//! What a user sees of an import, and what is written for them: progress, summary, JSON lines, rejects files and past
//! runs.
//!
//! Each takes facts (events, the tally, a run that has ended) and turns them into text; none decides anything.

pub(crate) mod archive;
pub(crate) mod destination;
pub(crate) mod duplicates;
pub(crate) mod ended_run;
pub(crate) mod history;
pub(crate) mod preview;
pub(crate) mod progress;
pub(crate) mod rejects;
pub(crate) mod run_summary;
pub(crate) mod summary;
pub(crate) mod words;

mod amounts;
mod audience;
mod rows;
pub(crate) mod when;
