//! What a user sees of an import, and what is written for them: progress, summary, JSON lines, rejects files, past runs.
//!
//! Each takes facts (events, the tally, the run's account) and turns them into text; none decides anything.

pub mod account;
pub mod audience;
pub mod history;
pub mod json;
pub mod kept;
pub mod preview;
pub mod progress;
pub mod rejects;
pub mod summary;
pub mod twins;

mod rows;
