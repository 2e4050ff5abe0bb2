//! Mapping: what the columns of a record mean, and the contact that they make.
//!
//! Owns the rules of `--map`, the headers that are recognised without them, the filters on rows, and the judgement of
//! a record. Knows neither files nor the payload, does no IO and reads no clock.

mod address;
mod alias;
mod apply;
mod census;
mod choice;
mod column_choice;
mod columns;
mod consent;
mod content;
mod defect;
mod dotted;
mod error;
mod export;
mod mapped;
mod mapper;
mod memo;
mod nearest;
mod not_phone;
mod options;
mod phone_reason;
mod plan;
mod presplit_phone;
mod row_filter;
mod rule;
mod rule_error;
mod source;
mod tags;
mod template;

#[cfg(test)]
mod tests;

pub(crate) use alias::{may_be_guessed, may_be_the_phone};
pub(crate) use census::{Census, CensusExtent, OtherRefusal};
pub(crate) use choice::{SourceCell, columns};
pub(crate) use column_choice::Choice;
pub(crate) use consent::{Consent, Consented};
pub(crate) use dotted::is_in_a_list;
pub(crate) use error::{MappingError, rival_phones};
pub(crate) use mapped::{Mapped, Warning};
pub(crate) use mapper::Mapper;
pub(crate) use nearest::nearest;
pub(crate) use not_phone::{NotPhone, NotPhones};
pub(crate) use options::{AllAttributes, OnBadEmail, OnDoubtfulPhone, Options};
pub(crate) use plan::{
    Plan, keys_name_a_phone, keys_name_somebody, names_a_contact, names_a_phone,
};
pub(crate) use row_filter::{Filter, FilterError, RowCondition, RowFilter};
pub(crate) use rule::{Rule, attribute};
pub(crate) use rule_error::RuleError;
