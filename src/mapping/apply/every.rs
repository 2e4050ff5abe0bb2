//! All phones of a record, of whatever kind: what a list of phones that are never sent names.

use super::fault;
use super::row::PhoneRow;
use crate::contact::phone::{Phone, PhoneError};
use crate::mapping::Options;
use crate::mapping::address;
use crate::mapping::alias::{may_be_the_phone, may_hold_phones};
use crate::mapping::columns::{name, names};
use crate::mapping::defect;
use crate::mapping::phone_reason;
use crate::mapping::plan::{Plan, Precedence};
use crate::mapping::source::FieldSource;
use crate::outcome::Reason;
use crate::record::{Cell, Record};
use crate::vocabulary::Address;

impl Plan {
    /// Every phone of a record: of all columns that hold phones, faxes among them, and all numbers of each cell.
    ///
    /// # Errors
    /// Something in one of these columns cannot be read as a phone.
    pub(crate) fn every_phone(
        &self,
        record: Record<'_>,
        options: &Options,
    ) -> Result<Vec<Phone>, Reason> {
        if let Some(defect) = &record.defect {
            return Err(defect::reason(defect));
        }
        let mut phones = Vec::new();
        for (source, address) in self.every_phone_source() {
            if let Some((fault, text)) = fault::of_source(&source, record) {
                return Err(defect::fault(fault, text));
            }
            let row = PhoneRow::by(
                Precedence::Row,
                self,
                record,
                options,
                Some(&source),
                address,
            );
            for cell in source.texts(record) {
                let meant = row.every_meaning(&cell);
                phones.extend(meant.map_err(|error| self.wrong(&source, &error))?);
            }
        }
        phones.extend(self.plain_phones(record, options));
        Ok(phones)
    }

    /// The phones of a contact in all columns and cells that may hold one, whatever else is wrong with the record.
    pub(crate) fn own_phones(&self, record: Record<'_>, options: &Options) -> Vec<Phone> {
        let mut phones = Vec::new();
        for (source, address) in self.own_phone_source() {
            let row = PhoneRow::new(self, record, options, Some(&source), address);
            let cells = source.texts(record);
            let readings = cells.flat_map(|cell| row.read_every(&cell));
            phones.extend(readings.filter_map(Result::ok).map(|reading| reading.phone));
        }
        // The first of several numbers of a cell may be read where not all of them are.
        phones.extend(
            self.phone(record, options, &mut Vec::new())
                .ok()
                .map(|(_, phone)| phone),
        );
        phones
    }

    /// Phone columns that a rule chose one of are the contact's all the same; those of other people are not.
    fn own_phone_source(&self) -> Vec<(FieldSource, Option<Address>)> {
        let is_own = |source: &FieldSource| {
            let mut columns = source.columns().into_iter();
            self.fields.phone.contains(source)
                || columns.all(|index| may_be_the_phone(name(&self.header, index)))
        };
        let all = self.every_phone_source().into_iter();
        all.filter(|(source, _)| is_own(source)).collect()
    }

    /// What reads as a phone in a column that is not known to hold any.
    fn plain_phones(&self, record: Record<'_>, options: &Options) -> Vec<Phone> {
        let row = PhoneRow::by(Precedence::Row, self, record, options, None, None);
        let cells = texts_of(record).filter(|cell| has_digits_of_a_phone(cell));
        let readings = cells.flat_map(|cell| row.read_every(cell));
        readings
            .filter_map(Result::ok)
            .filter(|reading| reading.doubt.is_none())
            .map(|reading| reading.phone)
            .collect()
    }

    /// The phones of a contact, and what else is a phone by its name.
    fn every_phone_source(&self) -> Vec<(FieldSource, Option<Address>)> {
        let known = self.fields.phone.iter().cloned();
        let mut all: Vec<_> = known.zip(self.addresses.phone.iter().copied()).collect();
        let others = names(&self.header)
            .filter(|(index, name)| !self.used.contains(index) && may_hold_phones(name))
            .map(|(index, _)| {
                let source = FieldSource::Column(index);
                let address = address::of(&source, &self.header);
                (source, address)
            });
        all.extend(others);
        all
    }

    fn wrong(&self, source: &FieldSource, error: &PhoneError) -> Reason {
        phone_reason::of(error, format!("{}: {error}", source.label(&self.header)))
    }
}

/// The texts of all cells.
fn texts_of(record: Record<'_>) -> impl Iterator<Item = &str> {
    record.cells().iter().flat_map(Cell::texts)
}

/// Whether there are enough digits for a phone with its area code.
fn has_digits_of_a_phone(text: &str) -> bool {
    const FEWEST: usize = 8;
    text.chars().filter(|c| c.is_numeric()).count() >= FEWEST
}
