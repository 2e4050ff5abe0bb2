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
    /// How columns become fields.
    pub(crate) mapping: mapping::Options,
    /// The rows to take.
    pub(crate) filter: Filter,
    /// What is sent that is left out by default.
    pub(crate) include: Include,
    /// The phones that are never sent.
    pub(crate) suppressed: Arc<PhoneSet>,
    /// Whether empty lists are sent.
    pub(crate) empty_lists: EmptyLists,
    /// What is sent of a phone that several rows have.
    pub(crate) on_duplicate: OnDuplicate,
    /// How large a batch may be.
    pub(crate) limits: Limits,
    /// How many contacts are sent at the most.
    pub(crate) limit: Option<u64>,
    /// How many errors end the run.
    pub(crate) max_errors: Option<MaxErrors>,
    /// The shard that this process sends.
    pub(crate) shard: Option<Shard>,
    /// The salt of fingerprints, where a ledger is read or written.
    pub(crate) salt: Option<Salt>,
}

/// What is sent that is left out by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Include {
    /// Contacts that opted out.
    pub(crate) opted_out: bool,
    /// Contacts whose consent column has no answer.
    pub(crate) unanswered: bool,
    /// Rows that the sheet hides.
    pub(crate) hidden: bool,
}

/// What is sent of a phone that several rows have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum OnDuplicate {
    /// The first row.
    #[default]
    First,
    /// The last row.
    Last,
    /// One contact made of all rows: a later value wins, tags and attributes are merged.
    Merge,
    /// Every row, in order.
    Send,
}

impl OnDuplicate {
    /// Whether all inputs are read once before anything is sent, to know which row of a phone is its last.
    pub(crate) fn reads_twice(self) -> bool {
        matches!(self, OnDuplicate::Last | OnDuplicate::Merge)
    }
}
