//! The stages that a contact goes through, one at a time, for `tests/bench`.
//!
//! A way in for benchmarks only, and no part of what this crate is for: it lets nothing out but sizes, by which a
//! stage's result is used.

use std::io::Cursor;

use crate::contact::Contact;
use crate::contact::email;
use crate::contact::phone::{self, Home};
use crate::fingerprint::Salt;
use crate::mapping::{Mapped, Mapper, Options};
use crate::record::{InputId, Records};
use crate::source::{self, OpenInput, ReadOptions};
use crate::wire::{self, EmptyLists};

/// Contacts as a table, at all their stages.
pub struct Contacts {
    csv: Vec<u8>,
    records: Records,
    contacts: Vec<Contact>,
    jsons: Vec<Vec<u8>>,
}

impl Contacts {
    /// Reads a table; what cannot be sent of it is left out.
    pub fn of(csv: &str) -> Contacts {
        let csv = csv.as_bytes().to_vec();
        let options = Options::default();
        let mut mapper = Mapper::new(&options);
        let mut input = open(&csv);
        let mut records = Records::default();
        while input
            .as_mut()
            .is_some_and(|input| input.read(&mut records).is_ok_and(|read| read))
        {}
        let mapped = records.iter().map(|record| mapper.map(record));
        let contacts: Vec<Contact> = mapped.filter_map(contact).collect();
        let jsons = contacts.iter().map(encode).collect();
        Contacts {
            csv,
            records,
            contacts,
            jsons,
        }
    }

    /// How many could be sent.
    pub fn count(&self) -> usize {
        self.contacts.len()
    }

    /// Reads a row.
    pub fn row(&self) -> impl FnMut() -> usize {
        let mut input = open(&self.csv);
        let mut records = Records::default();
        move || loop {
            records.clear();
            let read = input.as_mut().map(|input| input.read(&mut records));
            match (read, records.last()) {
                (_, Some(record)) => return record.cells().len(),
                (_, None) => input = open(&self.csv),
            }
        }
    }

    /// Maps a row.
    pub fn mapping(&self, options: &'static BenchOptions) -> impl FnMut() -> usize {
        let mut mapper = Mapper::new(&options.0);
        let mut records = self.records.iter().cycle();
        move || {
            let mapped = records.next().map(|record| mapper.map(record));
            mapped
                .and_then(contact)
                .map_or(0, |contact| contact.tags.len())
        }
    }

    /// Encodes a contact.
    pub fn encoding(&self) -> impl FnMut() -> usize {
        let mut contacts = self.contacts.iter().cycle();
        move || contacts.next().map_or(0, |contact| encode(contact).len())
    }

    /// Hashes a contact.
    pub fn fingerprint(&self) -> impl FnMut() -> usize {
        let salt = Salt::random().ok();
        let mut contacts = self.contacts.iter().zip(&self.jsons).cycle();
        move || {
            let hashed = contacts.next().and_then(|(contact, json)| {
                let fingerprint = salt?.fingerprint(contact.phone.key(), json);
                Some(fingerprint.json.0.len())
            });
            hashed.unwrap_or_default()
        }
    }
}

/// What a user asked of the mapping: nothing.
#[derive(Default)]
pub struct BenchOptions(Options);

/// Reads a phone cell; the number of digits behind its calling code, or 0 where it has no valid phone.
///
/// `country` is a value of `--country`, or nothing.
pub fn phone(cell: &str, country: Option<Country>) -> usize {
    let reading = phone::read(cell, country.map_or(Home::Unset, |country| country.0));
    let valid = reading.ok().filter(|reading| reading.doubt.is_none());
    valid.map_or(0, |reading| reading.phone.number.len())
}

/// What numbers without a calling code are.
#[derive(Clone, Copy)]
pub struct Country(Home);

impl Country {
    /// Reads a value of `--country`.
    pub fn parse(text: &str) -> Option<Country> {
        Home::parse(text).ok().map(Country)
    }
}

/// Reads an e-mail cell; the address's length, or 0.
pub fn email(cell: &str) -> usize {
    email::read(cell).map_or(0, |reading| reading.address.len())
}

fn open(csv: &[u8]) -> Option<OpenInput> {
    let reader = Box::new(Cursor::new(csv.to_vec()));
    source::open_reader("contacts.csv", reader, InputId(0), &ReadOptions::default()).ok()
}

fn contact(mapped: Mapped) -> Option<Contact> {
    match mapped {
        Mapped::Contact { contact, .. } => Some(contact),
        Mapped::Reject { .. } | Mapped::Continuation(_) => None,
    }
}

fn encode(contact: &Contact) -> Vec<u8> {
    wire::encode(contact, EmptyLists::Send)
}
