//! The parts of a plan: the sources of each field, and what is known about them together.

use crate::mapping::address;
use crate::mapping::rule::Field;
use crate::mapping::source::FieldSource;
use crate::record::Header;
use crate::vocabulary::Address;

/// Which goes first where a row and `--country` say where its number is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::mapping) enum Precedence {
    /// The row: its column was mapped, or there is no `--country`.
    Row,
    /// `--country`: the column was only recognised.
    Option,
}

/// The columns by which a record that continues the one above it is known.
#[derive(Clone, Copy, Debug)]
pub(in crate::mapping) struct ContinuationColumns {
    pub(crate) blank: usize,
    pub(crate) filled: usize,
    /// The same in all records of one contact.
    pub(crate) same: usize,
}

/// The addresses that the sources of a field are of, in the order of the sources.
#[derive(Clone, Debug)]
pub(in crate::mapping) struct Addresses {
    pub(crate) name: Vec<Option<Address>>,
    pub(crate) phone: Vec<Option<Address>>,
    pub(crate) country: Vec<Option<Address>>,
}

impl Addresses {
    pub(super) fn of(fields: &Fields, header: &Header) -> Addresses {
        let each = |sources: &[FieldSource]| {
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
pub(in crate::mapping) struct Fields {
    pub(crate) name: Vec<FieldSource>,
    pub(crate) phone: Vec<FieldSource>,
    pub(crate) prefix: Vec<FieldSource>,
    pub(crate) country: Vec<FieldSource>,
    pub(crate) email: Vec<FieldSource>,
    pub(crate) tags: Vec<FieldSource>,
    /// By key, no key twice.
    pub(crate) attributes: Vec<(String, Vec<FieldSource>)>,
}

impl Fields {
    pub(in crate::mapping) fn each(&self) -> impl Iterator<Item = (Field, &[FieldSource])> {
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
    pub(super) fn holds(&self, index: usize) -> bool {
        let sources = [
            &self.name,
            &self.phone,
            &self.prefix,
            &self.country,
            &self.email,
        ];
        let mut sources = sources.into_iter().flatten();
        sources.any(|source| *source == FieldSource::Column(index))
    }

    pub(super) fn push(&mut self, field: &Field, source: FieldSource) {
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

    fn push_attribute(&mut self, key: &str, source: FieldSource) {
        match self.attributes.iter_mut().find(|(known, _)| known == key) {
            Some((_, sources)) => sources.push(source),
            None => self.attributes.push((key.to_owned(), vec![source])),
        }
    }
}
