//! The plan: the rules and the recognised headers, resolved against one header.
//!
//! Owns which column goes where, and tells it to the user. What is recognised is `recognised`'s; `apply` carries it out.

mod pins;
mod recognised;

pub(super) use pins::template_of;

use super::address;
use super::columns::{Columns, Found, names};
use super::consent::Consent;
use super::content::NotPhone;
use super::dotted::{known_as, own_keys};
use super::error::{self, MappingError};
use super::export;
use super::rule::{Field, Rule, reduced};
use super::source::{Part, Source, column_label};
use super::template::{Piece, Template};
use super::{AllAttributes, Options};
use crate::contact::Attribute;
use crate::record::{Header, Layout};
use crate::text::{listed, quoted};
use crate::vocabulary::{Address, Continuation, Export};
use std::collections::{BTreeMap, BTreeSet, HashMap};
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
    /// The columns that tell a record which goes on with the contact above it.
    pub(super) continuation: Option<Continues>,
    /// The addresses that names, phones and countries are of.
    pub(super) addresses: Addresses,
    /// The phone columns that are equals by their headers, where there are several.
    pub(super) equal_phones: Vec<Source>,
    /// What is not taken for a phone for what is in it.
    not_phones: BTreeMap<String, NotPhone>,
    /// What `--country` is to be typed beside, so that rows keep the country they name; empty where none is recognised.
    pub(super) country_options: String,
    /// The columns in which somebody can say no.
    consent: Consent,
    /// Of each source of phones, the columns that may have its calling code, as indices of the sources of prefixes.
    pub(super) prefixes: Vec<Vec<usize>>,
    /// The rules that were given.
    rules: Vec<Rule>,
    tags: Vec<String>,
    pub(super) used: BTreeSet<usize>,
}

/// Which goes first where a row and `--country` say where its number is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Precedence {
    /// The row: its column was mapped, or there is no `--country`.
    Row,
    /// `--country`: the column was only recognised.
    Option,
}

/// The columns by which it is known that a record goes on with the one above it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Continues {
    pub(crate) blank: usize,
    pub(crate) filled: usize,
    /// The same in all records of one contact.
    pub(crate) same: usize,
}

/// The addresses that the sources of a field are of, in the order of the sources.
#[derive(Clone, Debug)]
pub(super) struct Addresses {
    pub(crate) name: Vec<Option<Address>>,
    pub(crate) phone: Vec<Option<Address>>,
    pub(crate) country: Vec<Option<Address>>,
}

impl Addresses {
    fn of(fields: &Fields, header: &Header) -> Addresses {
        let each = |sources: &[Source]| {
            let sources = sources.iter();
            sources.map(|source| address::of(source, header)).collect()
        };
        Addresses {
            name: each(&fields.name),
            phone: each(&fields.phone),
            country: each(&fields.country),
        }
    }
}

/// Where the fields come from, the preferred source of each first.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    pub(crate) name: Vec<Source>,
    pub(crate) phone: Vec<Source>,
    pub(crate) prefix: Vec<Source>,
    pub(crate) country: Vec<Source>,
    pub(crate) email: Vec<Source>,
    pub(crate) tags: Vec<Source>,
    /// By key, no key twice.
    pub(crate) attributes: Vec<(String, Vec<Source>)>,
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
        let mut draft = Draft::new(&columns, &known, options, not_phones);
        draft.take_rules()?;
        draft.recognise()?;
        if options.all_attributes == AllAttributes::Yes {
            draft.take_the_rest()?;
        }
        if header.layout != Layout::Object && draft.fields.phone.is_empty() {
            return Err(error::no_phone_but(header, not_phones));
        }
        Ok(draft.into_plan(header))
    }

    /// The columns in which somebody can say no.
    pub(crate) fn consent(&self) -> &Consent {
        &self.consent
    }

    /// How many columns may hold the phone.
    pub(crate) fn phone_columns(&self) -> usize {
        self.fields.phone.len()
    }

    /// Whether several phone columns are equals by their headers.
    pub(crate) fn has_equal_phones(&self) -> bool {
        !self.equal_phones.is_empty()
    }

    /// The mapping in use, a line a field (`name <- "First Name" + "Last Name"`), then what every contact gets, then
    /// what is left out.
    pub(crate) fn lines(&self) -> Vec<String> {
        let fields = self.fields.each();
        let fields = fields.map(|(field, sources)| self.line(&field, sources));
        let mut lines: Vec<String> = self.export.map(export::line).into_iter().collect();
        lines.extend(fields);
        lines.extend(self.not_phones.iter().map(|(name, why)| why.line(name)));
        lines.extend(self.nameless().map(str::to_owned));
        lines.extend(self.on_every_contact());
        lines.extend(self.left_out());
        lines
    }

    /// Whether a rule fills the field.
    pub(super) fn is_given(&self, field: &Field) -> bool {
        self.rules.iter().any(|rule| rule.field == *field)
    }

    fn line(&self, field: &Field, sources: &[Source]) -> String {
        let by_labels = sources
            .iter()
            .any(|source| matches!(source, Source::Labelled { .. }));
        let note = match (field, self.precedence) {
            (Field::Phone, _) if by_labels => ", by the labels beside them",
            (Field::Country, Precedence::Option) => " (only compared: --country goes first)",
            _ => "",
        };
        format!("{field} <- {}{note}", labels(sources, &self.header))
    }

    /// That nobody will have a name, where there is a column that might be one and nobody wanted it so.
    fn nameless(&self) -> Option<&'static str> {
        let mut unused = names(&self.header).filter(|(index, _)| !self.used.contains(index));
        let is_wanted = self.fields.name.is_empty() && !self.is_given(&Field::Name);
        (is_wanted && unused.next().is_some())
            .then_some("no name is recognised: contacts go without one (--map name=COLUMN)")
    }

    fn on_every_contact(&self) -> Option<String> {
        let tags = self.tags.iter().map(|tag| format!("tag {}", quoted(tag)));
        let attributes = self
            .fixed
            .iter()
            .map(|fixed| format!("attr.{} {}", fixed.key, quoted(&fixed.value)));
        let all: Vec<String> = tags.chain(attributes).collect();
        (!all.is_empty()).then(|| format!("on every contact: {}", all.join(", ")))
    }

    fn left_out(&self) -> Option<String> {
        let unused = names(&self.header).filter(|(index, _)| !self.used.contains(index));
        let names: Vec<&str> = unused.map(|(_, name)| name).collect();
        (!names.is_empty()).then(|| format!("left out: {}", listed(names, MOST_LEFT_OUT)))
    }
}

/// How many columns the line of those that are left out names.
const MOST_LEFT_OUT: usize = 20;

fn labels(sources: &[Source], header: &Header) -> String {
    let labels: Vec<String> = sources.iter().map(|source| source.label(header)).collect();
    labels.join(", else ")
}

impl Fields {
    pub(super) fn each(&self) -> impl Iterator<Item = (Field, &[Source])> {
        let plain = [
            (Field::Name, &self.name),
            (Field::Phone, &self.phone),
            (Field::Prefix, &self.prefix),
            (Field::Country, &self.country),
            (Field::Email, &self.email),
            (Field::Tags, &self.tags),
        ];
        let attributes = self
            .attributes
            .iter()
            .map(|(key, sources)| (Field::Attribute(key.clone()), sources));
        plain
            .into_iter()
            .chain(attributes)
            .filter(|(_, of)| !of.is_empty())
            .map(|(field, of)| (field, of.as_slice()))
    }

    /// Whether a name, a phone or what belongs to them is taken from a column.
    fn holds(&self, index: usize) -> bool {
        let sources = [
            &self.name,
            &self.phone,
            &self.prefix,
            &self.country,
            &self.email,
        ];
        let mut sources = sources.into_iter().flatten();
        sources.any(|source| *source == Source::Column(index))
    }

    fn push(&mut self, field: &Field, source: Source) {
        match field {
            Field::Name => self.name.push(source),
            Field::Phone => self.phone.push(source),
            Field::Prefix => self.prefix.push(source),
            Field::Country => self.country.push(source),
            Field::Email => self.email.push(source),
            Field::Tags => self.tags.push(source),
            Field::Attribute(key) => self.push_attribute(key, source),
        }
    }

    fn push_attribute(&mut self, key: &str, source: Source) {
        match self.attributes.iter_mut().find(|(known, _)| known == key) {
            Some((_, sources)) => sources.push(source),
            None => self.attributes.push((key.to_owned(), vec![source])),
        }
    }
}

/// A plan while it is made.
struct Draft<'a> {
    columns: &'a Columns<'a>,
    /// The same columns by the names that they are recognised by.
    known: &'a Columns<'a>,
    options: &'a Options,
    export: Option<&'static Export>,
    fields: Fields,
    /// Columns that stand for something.
    used: BTreeSet<usize>,
    not_phones: &'a BTreeMap<String, NotPhone>,
    equal_phones: Vec<Source>,
    prefixes: Vec<Vec<usize>>,
    /// Columns that a rule takes for a field, so that nothing else is recognised in them.
    spoken_for: BTreeSet<usize>,
}

impl<'a> Draft<'a> {
    fn new(
        columns: &'a Columns<'a>,
        known: &'a Columns<'a>,
        options: &'a Options,
        not_phones: &'a BTreeMap<String, NotPhone>,
    ) -> Draft<'a> {
        Draft {
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

    fn take_rules(&mut self) -> Result<(), MappingError> {
        for rule in &self.options.rules {
            if let Some(source) = self.source(rule)? {
                self.fields.push(&rule.field, source);
            }
        }
        Ok(())
    }

    fn source(&mut self, rule: &Rule) -> Result<Option<Source>, MappingError> {
        Ok(match &rule.template {
            Template::LeaveOut => None,
            Template::Constant(text) => Some(Source::Constant(text.clone())),
            Template::Header(name) => self.column(rule, name)?.map(Source::Column),
            Template::Text(pieces) => {
                let parts: Result<_, _> =
                    pieces.iter().map(|piece| self.part(rule, piece)).collect();
                Some(Source::Text(parts?))
            }
        })
    }

    fn part(&mut self, rule: &Rule, piece: &Piece) -> Result<Part, MappingError> {
        Ok(match piece {
            Piece::Text(text) => Part::Text(text.clone()),
            Piece::Header(name) => self
                .column(rule, name)?
                .map_or_else(|| Part::Missing(name.clone()), Part::Column),
        })
    }

    /// `None` where an object does not have the key: a later one may.
    fn column(&mut self, rule: &Rule, name: &str) -> Result<Option<usize>, MappingError> {
        match self.columns.find(name) {
            Found::One(index) => {
                self.used.insert(index);
                if !matches!(rule.field, Field::Attribute(_)) {
                    self.spoken_for.insert(index);
                }
                Ok(Some(index))
            }
            Found::Several(first, second) => {
                Err(error::duplicate(self.columns, &rule.field, first, second))
            }
            Found::Nothing if self.columns.header.layout == Layout::Object => Ok(None),
            Found::Nothing => Err(error::missing(self.columns, rule, name)),
        }
    }

    /// Makes an attribute of every column that is not used yet.
    fn take_the_rest(&mut self) -> Result<(), MappingError> {
        let rules = self
            .fields
            .attributes
            .iter()
            .map(|(key, of)| (key.clone(), self.rule_label(key, of)));
        let mut owners: HashMap<String, String> = rules.collect();
        for index in self
            .columns
            .visible()
            .filter(|index| !self.used.contains(index))
            .collect::<Vec<_>>()
        {
            let key = reduced(self.columns.name(index));
            if key.is_empty() {
                return Err(error::no_key(self.columns, index));
            }
            if self.is_unwanted(&key) {
                continue;
            }
            let label = column_label(self.columns.header, index);
            if let Some(first) = owners.insert(key.clone(), label) {
                return Err(error::clash(self.columns, &key, first, index));
            }
            self.used.insert(index);
            self.fields
                .attributes
                .push((key, vec![Source::Column(index)]));
        }
        Ok(())
    }

    fn rule_label(&self, key: &str, sources: &[Source]) -> String {
        format!(
            "{} (--map attr.{key})",
            labels(sources, self.columns.header)
        )
    }

    /// Whether a user left this attribute out, or gave every contact a value of it.
    fn is_unwanted(&self, key: &str) -> bool {
        self.is_fixed(key) || self.is_left_out(key)
    }

    fn is_fixed(&self, key: &str) -> bool {
        self.options.attributes.iter().any(|fixed| fixed.key == key)
    }

    fn is_left_out(&self, key: &str) -> bool {
        let of_key = |rule: &&Rule| matches!(&rule.field, Field::Attribute(named) if named == key);
        self.options
            .rules
            .iter()
            .filter(of_key)
            .any(|rule| rule.template == Template::LeaveOut)
    }

    fn country_options(&self) -> String {
        let is_given = |rule: &Rule| rule.field == Field::Country;
        if self.options.rules.iter().any(is_given) {
            return String::new();
        }
        let columns = self.fields.country.iter().flat_map(Source::columns);
        columns
            .map(|index| format!(" --map country={}", self.columns.reference(index)))
            .collect()
    }

    fn continuation(&self) -> Option<Continues> {
        let Continuation {
            blank,
            filled,
            same,
        } = self.export?.continuation?;
        let column = |name: &str| match self.columns.find(name) {
            Found::One(index) => Some(index),
            Found::Several(..) | Found::Nothing => None,
        };
        Some(Continues {
            blank: column(blank)?,
            filled: column(filled)?,
            same: column(same)?,
        })
    }

    fn into_plan(mut self, header: &Arc<Header>) -> Plan {
        let mut attributes = std::mem::take(&mut self.fields.attributes);
        attributes.retain(|(key, _)| !self.is_fixed(key));
        self.fields.attributes = attributes;
        let country_options = self.country_options();
        Plan {
            country_options,
            continuation: self.continuation(),
            export: self.export,
            precedence: self.precedence(),
            rules: self.options.rules.clone(),
            header: Arc::clone(header),
            addresses: Addresses::of(&self.fields, header),
            consent: Consent::of(header, |index| self.fields.holds(index)),
            fields: self.fields,
            fixed: last_of_each_key(&self.options.attributes),
            tags: self.options.tags.clone(),
            used: self.used,
            equal_phones: self.equal_phones,
            prefixes: self.prefixes,
            not_phones: self.not_phones.clone(),
        }
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
