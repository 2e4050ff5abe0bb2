//! Mapping records whose headers differ: a plan a header, made when the header is first met.

use super::memo::Memo;
use super::{Mapped, MappingError, Options, Plan, flaw};
use crate::record::{Header, Record};
use std::borrow::Cow;
use std::sync::Arc;

/// Maps the records of any input; keeps the plans of the headers that it meets.
#[derive(Debug)]
pub struct Mapper<'a> {
    options: &'a Options,
    plans: Memo<Result<Plan, MappingError>>,
}

impl<'a> Mapper<'a> {
    /// A mapper that has met no header yet.
    pub fn new(options: &'a Options) -> Mapper<'a> {
        Mapper {
            options,
            plans: Memo::new(),
        }
    }

    /// The plan for a header.
    ///
    /// # Errors
    /// The mapping does not fit the header.
    pub fn plan(&mut self, header: &Arc<Header>) -> Result<&Plan, &MappingError> {
        self.plans
            .get(header, || Plan::new(header, self.options))
            .as_ref()
    }

    /// Makes a contact of a record. One whose keys the mapping does not fit is invalid by itself; that a table fits is
    /// known from its plan before the first record.
    pub fn map(&mut self, record: &Record) -> Mapped {
        let options = self.options;
        match self.plan(&record.header) {
            Ok(plan) => plan.apply(record, options),
            Err(error) => Mapped::Reject {
                reason: record
                    .flaw
                    .as_ref()
                    .map_or_else(|| error.reason(), flaw::reason),
                phone: None,
            },
        }
    }
    /// What records of one contact have in common, where one may go on with another.
    pub fn group<'r>(&mut self, record: &'r Record) -> Option<Cow<'r, str>> {
        self.plan(&record.header).ok()?.group(record)
    }
}
