//! All phones of a record, of whatever kind: what a list of phones that are never sent names.

use super::code;
use super::row::PhoneRow;
use crate::contact::phone::{Phone, PhoneError};
use crate::mapping::Options;
use crate::mapping::address;
use crate::mapping::alias::may_hold_phones;
use crate::mapping::columns::names;
use crate::mapping::flaw;
use crate::mapping::plan::Plan;
use crate::mapping::source::Source;
use crate::outcome::Reason;
use crate::record::{Cell, Record};
use crate::vocabulary::Address;

impl Plan {
    /// Every phone of a record: of all columns that hold phones, faxes among them, and all numbers of each cell.
    ///
    /// # Errors
    /// Something in one of these columns cannot be read as a phone.
    pub fn every_phone(&self, record: &Record, options: &Options) -> Result<Vec<Phone>, Reason> {
        if let Some(flaw) = &record.flaw {
            return Err(flaw::reason(flaw));
        }
        let mut phones = Vec::new();
        for (source, address) in self.every_phone_source() {
            if let Some(reason) = faulty(&source, record) {
                return Err(reason);
            }
            let row = PhoneRow::new(self, record, options, &source, address);
            for cell in source.texts(record) {
                for reading in row.read_every(&cell) {
                    let reading = reading.map_err(|error| self.wrong(&source, &error))?;
                    phones.push(reading.phone);
                }
            }
        }
        Ok(phones)
    }

    /// The phones of a contact, and what else is a phone by its name.
    fn every_phone_source(&self) -> Vec<(Source, Option<Address>)> {
        let known = self.fields.phone.iter().cloned();
        let mut all: Vec<_> = known.zip(self.addresses.phone.iter().copied()).collect();
        let others = names(&self.header)
            .filter(|(index, name)| !self.used.contains(index) && may_hold_phones(name))
            .map(|(index, _)| {
                let source = Source::Column(index);
                let address = address::of(&source, &self.header);
                (source, address)
            });
        all.extend(others);
        all
    }

    fn wrong(&self, source: &Source, error: &PhoneError) -> Reason {
        Reason {
            code: code(error),
            brief: error.brief(),
            full: format!("{}: {error}", source.label(&self.header)),
        }
    }
}

/// Why a cell shows no value.
fn faulty(source: &Source, record: &Record) -> Option<Reason> {
    let mut cells = source.columns().into_iter();
    cells.find_map(|index| match record.cells.get(index)? {
        Cell::Faulty(fault, text) => Some(flaw::fault(*fault, text)),
        _ => None,
    })
}
