//! Past runs, as a user and a script see them: the list, one run's page, and JSON lines.
//!
//! Takes what a ledger tells of each run, in order; asks no ledger and no clock, and decides nothing.

mod json;
mod list;
mod page;
mod past_run;

pub(crate) use json::line;
pub(crate) use list::list;
pub(crate) use page::page;
pub(crate) use past_run::{AccountName, PastRun, RecordCounts, RunEnd, RunStage, SameCommand};

#[cfg(test)]
mod tests;
