//! The plan: the rules and the recognised headers, resolved against one header.
//!
//! Owns which column goes where, and tells it to the user. What is recognised is `recognised`'s; `apply` carries it
//! out.

mod draft;
mod fields;
mod lines;
mod pins;
mod recognised;

pub(super) use fields::{Fields, Precedence};
pub(super) use pins::template_of;

use self::draft::PlanDraft;
use self::fields::{Addresses, ContinuationColumns};
use super::columns::Columns;
use super::consent::Consent;
use super::dotted::known_as;
use super::error::{self, MappingError};
use super::not_phone::NotPhone;
use super::options::{AllAttributes, Options};
use super::rule::{Field, Rule};
use super::source::FieldSource;
use crate::contact::Attribute;
use crate::record::{Header, Layout};
use crate::vocabulary::Export;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Which columns of one header go where.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(super) header: Arc<Header>,
    pub(super) fields: Fields,
    /// The attributes for every contact, none twice.
    pub(super) fixed: Vec<Attribute>,
    /// The product that the input seems to come from.
    pub(super) export: Option<&'static Export>,
    /// Which goes first where a row and `--country` say where its number is from.
    pub(super) precedence: Precedence,
    /// The columns by which a record that continues the contact above it is known.
    pub(super) continuation: Option<ContinuationColumns>,
    /// The addresses that names, phones and countries are of.
    pub(super) addresses: Addresses,
    /// The phone columns that are equals by their headers, where there are several.
    pub(super) equal_phones: Vec<FieldSource>,
    /// What is not taken for a phone for what is in it.
    not_phones: BTreeMap<String, NotPhone>,
    /// What `--country` is to be typed beside, so that rows keep the country they name; empty where none is
    /// recognised.
    pub(super) country_options: String,
    /// The columns in which somebody can say no.
    pub(super) consent: Consent,
    /// Of each source of phones, the columns that may have its calling code, as indices of the sources of prefixes.
    pub(super) prefixes: Vec<Vec<usize>>,
    /// The rules that were given.
    rules: Vec<Rule>,
    tags: Vec<String>,
    pub(super) used: BTreeSet<usize>,
}

/// Whether these are the names of a contact's columns: a phone and a name are among them.
pub(crate) fn names_a_contact(names: &[&str]) -> bool {
    plan_of(Layout::Table, names).is_some_and(|plan| !plan.fields.name.is_empty())
}

/// Whether a phone is among the names of these columns.
pub(crate) fn names_a_phone(names: &[&str]) -> bool {
    plan_of(Layout::Table, names).is_some()
}

/// Whether a phone is among the keys of these objects, dotted paths for what is nested.
pub(crate) fn keys_name_a_phone(keys: &[&str]) -> bool {
    plan_of(Layout::Keys, keys).is_some()
}

/// Whether a name or an e-mail address is among the keys of these objects.
pub(crate) fn keys_name_somebody(keys: &[&str]) -> bool {
    // A plan needs a phone to exist; one is added so that the other fields are judged without it.
    let with_phone: Vec<&str> = keys.iter().copied().chain(["phone"]).collect();
    let plan = plan_of(Layout::Keys, &with_phone).or_else(|| plan_of(Layout::Keys, keys));
    plan.is_some_and(|plan| !(plan.fields.name.is_empty() && plan.fields.email.is_empty()))
}

fn plan_of(layout: Layout, names: &[&str]) -> Option<Plan> {
    let header = Header {
        layout,
        names: names.iter().map(|name| short(name).to_owned()).collect(),
    };
    Plan::new(&Arc::new(header), &Options::default()).ok()
}

/// A text that is too long to name a column, as one that names none: every row above a table is tried as its header.
fn short(name: &str) -> &str {
    const LONGEST: usize = 200;
    if name.len() > LONGEST { "" } else { name }
}

impl Plan {
    /// Resolves the mapping against a header.
    ///
    /// # Errors
    /// A rule names a column that is not there (in a table), two columns have the name that is needed, two would
    /// become one attribute, or no column of a table holds the phone.
    pub(crate) fn new(header: &Arc<Header>, options: &Options) -> Result<Plan, MappingError> {
        Plan::without(header, options, &BTreeMap::new())
    }

    /// The same, where some columns are known not to be phones.
    ///
    /// # Errors
    /// As [`Plan::new`].
    pub(crate) fn without(
        header: &Arc<Header>,
        options: &Options,
        not_phones: &BTreeMap<String, NotPhone>,
    ) -> Result<Plan, MappingError> {
        let columns = Columns::new(header);
        let known_as = known_as(header);
        let known = Columns::new(&known_as);
        let mut draft = PlanDraft::new(&columns, &known, options, not_phones);
        draft.take_rules()?;
        draft.recognise()?;
        if options.all_attributes == AllAttributes::Yes {
            draft.take_the_rest()?;
        }
        if header.layout != Layout::Object && draft.fields.phone.is_empty() {
            return Err(error::no_phone_but(header, not_phones));
        }
        Ok(Plan::of_draft(draft, header))
    }

    /// How many columns may hold the phone.
    pub(crate) fn phone_columns(&self) -> usize {
        self.fields.phone.len()
    }

    /// Whether several phone columns are equals by their headers.
    pub(crate) fn has_equal_phones(&self) -> bool {
        !self.equal_phones.is_empty()
    }

    fn of_draft(mut draft: PlanDraft<'_>, header: &Arc<Header>) -> Plan {
        // Taken out, because `is_fixed` needs the whole draft.
        let mut attributes = std::mem::take(&mut draft.fields.attributes);
        attributes.retain(|(key, _)| !draft.is_fixed(key));
        draft.fields.attributes = attributes;
        let country_options = draft.country_options();
        Plan {
            country_options,
            continuation: draft.continuation(),
            export: draft.export,
            precedence: draft.precedence(),
            rules: draft.options.rules.clone(),
            header: Arc::clone(header),
            addresses: Addresses::of(&draft.fields, header),
            consent: Consent::of(header, |index| draft.fields.holds(index)),
            fields: draft.fields,
            fixed: last_of_each_key(&draft.options.attributes),
            tags: draft.options.tags.clone(),
            used: draft.used,
            equal_phones: draft.equal_phones,
            prefixes: draft.prefixes,
            not_phones: draft.not_phones.clone(),
        }
    }

    /// Whether a rule fills the field.
    pub(super) fn is_given(&self, field: &Field) -> bool {
        self.rules.iter().any(|rule| rule.field == *field)
    }
}

fn last_of_each_key(attributes: &[Attribute]) -> Vec<Attribute> {
    let mut kept: Vec<Attribute> = Vec::new();
    for attribute in attributes {
        kept.retain(|earlier| earlier.key != attribute.key);
        kept.push(attribute.clone());
    }
    kept
}
