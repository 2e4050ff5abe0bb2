//! What an import is to do: filled in by the command line, read by every stage of the pipeline.

use std::sync::Arc;

use super::phone_set::PhoneSet;
use crate::batch::Limits;
use crate::event::MaxErrors;
use crate::fingerprint::Salt;
use crate::mapping::{self, Filter};
use crate::shard::Shard;
use crate::wire::EmptyLists;

/// What an import does with its records.
#[derive(Clone, Debug)]
pub(crate) struct ImportOptions {
    /// Columns to fields.
    pub(crate) mapping: mapping::Options,
    /// The rows to take.
    pub(crate) filter: Filter,
    /// What is sent although it is left out by default.
    pub(crate) include: Include,
    /// The phones that are never sent.
    pub(crate) suppressed: Arc<PhoneSet>,
    /// Lists without an element.
    pub(crate) empty_lists: EmptyLists,
    /// What is sent of a phone that stands in several rows.
    pub(crate) on_duplicate: OnDuplicate,
    /// How large a batch may be.
    pub(crate) limits: Limits,
    /// So many contacts are sent, and no more.
    pub(crate) limit: Option<u64>,
    /// So many errors end the run.
    pub(crate) max_errors: Option<MaxErrors>,
    /// The part that this process sends.
    pub(crate) shard: Option<Shard>,
    /// What fingerprints are made with, where a ledger is asked or kept.
    pub(crate) salt: Option<Salt>,
}

/// What is sent although it is left out by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Include {
    /// Contacts that opted out.
    pub(crate) opted_out: bool,
    /// Contacts that were asked whether they agree, and gave no answer.
    pub(crate) unanswered: bool,
    /// Rows that the sheet hides.
    pub(crate) hidden: bool,
}

/// What is sent of a phone that stands in several rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum OnDuplicate {
    /// The first row.
    #[default]
    First,
    /// The last row.
    Last,
    /// One contact made of all rows: what is said later counts, tags and attributes are united.
    Merge,
    /// Every row, one after the other.
    Send,
}

impl OnDuplicate {
    /// Whether all inputs are read once before anything is sent: only their end tells which row is the last.
    pub(crate) fn reads_twice(self) -> bool {
        matches!(self, OnDuplicate::Last | OnDuplicate::Merge)
    }
}
