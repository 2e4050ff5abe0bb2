//! Mapping records whose headers differ: a plan a header, made when the header is first met.

use super::memo::Memo;
use super::{Consent, Mapped, MappingError, Options, Plan, defect};
use crate::contact::phone::Phone;
use crate::record::{Header, InputId, Record};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// Maps the records of any input; keeps the plans of the headers that it meets.
#[derive(Debug)]
pub(crate) struct Mapper<'a> {
    options: &'a Options,
    /// By input, since what is in their columns may differ where their headers do not.
    plans: HashMap<InputId, Memo<Result<Plan, MappingError>>>,
}

impl<'a> Mapper<'a> {
    /// A mapper that has met no header yet.
    pub(crate) fn new(options: &'a Options) -> Mapper<'a> {
        Mapper {
            options,
            plans: HashMap::new(),
        }
    }

    /// The plan for a header of an input.
    ///
    /// # Errors
    /// The mapping does not fit the header.
    pub(crate) fn plan(
        &mut self,
        of: InputId,
        header: &Arc<Header>,
    ) -> Result<&Plan, &MappingError> {
        // Headers of objects differ from record to record: a plan is made once for each and kept.
        let plans = self.plans.entry(of).or_insert_with(Memo::new);
        let make = || match self.options.not_phones.of(of) {
            Some(not_phones) => Plan::without(header, self.options, not_phones),
            None => Plan::new(header, self.options),
        };
        plans.get(header, make).as_ref()
    }

    /// Makes a contact of a record. One whose keys the mapping does not fit is invalid by itself; that a table fits is
    /// known from its plan before the first record.
    pub(crate) fn map(&mut self, record: Record<'_>) -> Mapped {
        let options = self.options;
        match self.plan(record.place.input, record.header()) {
            Ok(plan) => plan.apply(record, options),
            Err(error) => Mapped::Reject {
                reason: record
                    .defect
                    .as_ref()
                    .map_or_else(|| error.reason(), defect::reason),
                phone: None,
            },
        }
    }

    /// The columns in which somebody can say no; none where the mapping does not fit the header.
    pub(crate) fn consent(&mut self, of: InputId, header: &Arc<Header>) -> &Consent {
        static NOT_ASKED: Consent = Consent::not_asked();
        self.plan(of, header)
            .map_or(&NOT_ASKED, |plan| &plan.consent)
    }

    /// All phones of a contact, as far as they can be read.
    pub(crate) fn own_phones(&mut self, record: Record<'_>) -> Vec<Phone> {
        let options = self.options;
        let plan = self.plan(record.place.input, record.header());
        plan.map_or_else(|_| Vec::new(), |plan| plan.own_phones(record, options))
    }

    /// What records of one contact have in common, where one may continue another.
    pub(crate) fn group<'r>(&mut self, record: Record<'r>) -> Option<Cow<'r, str>> {
        self.plan(record.place.input, record.header())
            .ok()?
            .group(record)
    }
}
