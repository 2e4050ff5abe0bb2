//! A plan while it is made: what the rules take, and what is left for recognition.

use super::fields::{ContinuationColumns, Fields};
use crate::hint::MAP;
use crate::mapping::columns::{ColumnMatch, Columns};
use crate::mapping::dotted::own_keys;
use crate::mapping::error::{self, MappingError};
use crate::mapping::export;
use crate::mapping::not_phone::NotPhone;
use crate::mapping::options::Options;
use crate::mapping::rule::{Field, Rule, reduced};
use crate::mapping::source::{FieldSource, TextPart, column_label, labels};
use crate::mapping::template::{Template, TemplatePiece};
use crate::record::Layout;
use crate::vocabulary::Export;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A plan while it is made.
pub(super) struct PlanDraft<'a> {
    pub(super) columns: &'a Columns<'a>,
    /// The same columns by the names that they are recognised by.
    pub(super) known: &'a Columns<'a>,
    pub(super) options: &'a Options,
    pub(super) export: Option<&'static Export>,
    pub(super) fields: Fields,
    /// Columns that fill a field.
    pub(super) used: BTreeSet<usize>,
    pub(super) not_phones: &'a BTreeMap<String, NotPhone>,
    pub(super) equal_phones: Vec<FieldSource>,
    pub(super) prefixes: Vec<Vec<usize>>,
    /// Columns that a rule takes for a field, so that nothing else is recognised in them.
    pub(super) spoken_for: BTreeSet<usize>,
}

impl<'a> PlanDraft<'a> {
    pub(super) fn new(
        columns: &'a Columns<'a>,
        known: &'a Columns<'a>,
        options: &'a Options,
        not_phones: &'a BTreeMap<String, NotPhone>,
    ) -> PlanDraft<'a> {
        PlanDraft {
            columns,
            known,
            options,
            not_phones,
            equal_phones: Vec::new(),
            prefixes: Vec::new(),
            export: export::of(&Columns::new(&own_keys(columns.header))),
            fields: Fields::default(),
            used: BTreeSet::new(),
            spoken_for: BTreeSet::new(),
        }
    }

    pub(super) fn take_rules(&mut self) -> Result<(), MappingError> {
        for rule in &self.options.rules {
            if let Some(source) = self.source(rule)? {
                self.fields.push(&rule.field, source);
            }
        }
        Ok(())
    }

    fn source(&mut self, rule: &Rule) -> Result<Option<FieldSource>, MappingError> {
        Ok(match &rule.template {
            Template::LeaveOut => None,
            Template::Constant(text) => Some(FieldSource::Constant(text.clone())),
            Template::Header(name) => self.column(rule, name)?.map(FieldSource::Column),
            Template::Text(pieces) => {
                let parts: Result<_, _> =
                    pieces.iter().map(|piece| self.part(rule, piece)).collect();
                Some(FieldSource::Text(parts?))
            }
        })
    }

    fn part(&mut self, rule: &Rule, piece: &TemplatePiece) -> Result<TextPart, MappingError> {
        Ok(match piece {
            TemplatePiece::Text(text) => TextPart::Text(text.clone()),
            TemplatePiece::Header(name) => self
                .column(rule, name)?
                .map_or_else(|| TextPart::Missing(name.clone()), TextPart::Column),
        })
    }

    /// `None` where an object does not have the key: a later one may.
    fn column(&mut self, rule: &Rule, name: &str) -> Result<Option<usize>, MappingError> {
        match self.columns.find(name) {
            ColumnMatch::One(index) => {
                self.used.insert(index);
                // An attribute may share its column with a field: `--map attr.raw=Phone` leaves it the phone.
                if !matches!(rule.field, Field::Attribute(_)) {
                    self.spoken_for.insert(index);
                }
                Ok(Some(index))
            }
            ColumnMatch::Several(first, second) => {
                Err(error::duplicate(self.columns, &rule.field, first, second))
            }
            ColumnMatch::Nothing if self.columns.header.layout == Layout::Object => Ok(None),
            ColumnMatch::Nothing => Err(error::missing(self.columns, rule, name)),
        }
    }

    /// Makes an attribute of every column that is not used yet.
    pub(super) fn take_the_rest(&mut self) -> Result<(), MappingError> {
        let rules = self
            .fields
            .attributes
            .iter()
            .map(|(key, of)| (key.clone(), self.rule_label(key, of)));
        let mut owners: HashMap<String, String> = rules.collect();
        let mut unused: Vec<usize> = self.columns.visible().collect();
        unused.retain(|index| !self.used.contains(index));
        for index in unused {
            // The API takes only letters and digits in keys, so two headers may give one key.
            let key = reduced(self.columns.name(index));
            if key.is_empty() {
                return Err(error::no_key(self.columns, index));
            }
            if self.is_fixed(&key) || self.is_left_out(&key) {
                continue;
            }
            let label = column_label(self.columns.header, index);
            if let Some(first) = owners.insert(key.clone(), label) {
                return Err(error::clash(self.columns, &key, first, index));
            }
            self.used.insert(index);
            self.fields
                .attributes
                .push((key, vec![FieldSource::Column(index)]));
        }
        Ok(())
    }

    fn rule_label(&self, key: &str, sources: &[FieldSource]) -> String {
        format!(
            "{} ({MAP} attr.{key})",
            labels(sources, self.columns.header)
        )
    }

    pub(super) fn is_fixed(&self, key: &str) -> bool {
        self.options.attributes.iter().any(|fixed| fixed.key == key)
    }

    fn is_left_out(&self, key: &str) -> bool {
        let is_of_key = |field: &Field| matches!(field, Field::Attribute(named) if named == key);
        let mut rules = self.options.rules.iter();
        rules.any(|rule| rule.template == Template::LeaveOut && is_of_key(&rule.field))
    }

    pub(super) fn country_options(&self) -> String {
        if self.is_named(&Field::Country) {
            return String::new();
        }
        let columns = self.fields.country.iter().flat_map(FieldSource::columns);
        columns
            .map(|index| format!(" {MAP} country={}", self.columns.reference(index)))
            .collect()
    }

    pub(super) fn continuation(&self) -> Option<ContinuationColumns> {
        let by = self.export?.continuation?;
        let column = |name: &str| match self.columns.find(name) {
            ColumnMatch::One(index) => Some(index),
            ColumnMatch::Several(..) | ColumnMatch::Nothing => None,
        };
        Some(ContinuationColumns {
            blank: column(by.blank)?,
            filled: column(by.filled)?,
            same: column(by.same)?,
        })
    }
}
