//! The tests of mapping as a whole, by topic, and what they share.

mod faults;
mod fields;
mod filters;
mod messages;
mod misfits;
mod phones;
mod properties;
mod records;
mod rules;

use super::*;
use crate::contact::phone::{Home, PhoneError, read};
use crate::contact::region::Region;
use crate::contact::{Attribute, Contact};
use crate::outcome::{Code, Reason};
use crate::record::{CellValue, Defect, DraftRecord, Header, Layout, Records};
use std::sync::Arc;

const INDIAN: &str = "+919876543210";
const AMERICAN: &str = "+12015550123";
/// Possible by its length, but no area code begins with 222.
const DOUBTFUL: &str = "+12222222222";
const TOO_SHORT: &str = "+91987654";

fn header(layout: Layout, names: &[&str]) -> Arc<Header> {
    Arc::new(Header {
        layout,
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    })
}

fn table(names: &[&str]) -> Arc<Header> {
    header(Layout::Table, names)
}

/// A table's header and its records.
pub(super) fn table_of(names: &[&str], rows: &[&[&str]]) -> (Arc<Header>, Records) {
    let header = table(names);
    let records = rows.iter().map(|cells| record(&header, texts(cells)));
    (Arc::clone(&header), records.collect())
}

fn record(header: &Arc<Header>, cells: Vec<CellValue>) -> DraftRecord {
    DraftRecord::new(header, cells)
}

fn texts(cells: &[&str]) -> Vec<CellValue> {
    cells
        .iter()
        .map(|text| CellValue::Text((*text).to_owned()))
        .collect()
}

fn list(elements: &[&str]) -> CellValue {
    CellValue::List(elements.iter().map(|text| (*text).to_owned()).collect())
}

fn rules(rules: &[&str]) -> Options {
    Options {
        rules: rules.iter().map(|rule| rule.parse().unwrap()).collect(),
        ..Options::default()
    }
}

fn all_attributes(options: Options) -> Options {
    Options {
        all_attributes: AllAttributes::Yes,
        ..options
    }
}

fn fixed(key: &str, value: &str) -> Attribute {
    Attribute {
        key: key.into(),
        value: value.into(),
    }
}

fn map(names: &[&str], cells: &[&str], options: &Options) -> Mapped {
    map_cells(names, texts(cells), options)
}

fn map_cells(names: &[&str], cells: Vec<CellValue>, options: &Options) -> Mapped {
    let header = table(names);
    Plan::new(&header, options)
        .unwrap()
        .apply(record(&header, cells).shared().get(), options)
}

fn contact(mapped: Mapped) -> Contact {
    match mapped {
        Mapped::Contact { contact, .. } => contact,
        Mapped::Reject { reason, .. } | Mapped::Continuation(reason) => panic!("{reason:?}"),
    }
}

fn warnings(mapped: Mapped) -> Vec<Warning> {
    match mapped {
        Mapped::Contact { warnings, .. } => warnings,
        Mapped::Reject { reason, .. } | Mapped::Continuation(reason) => panic!("{reason:?}"),
    }
}

fn reason(mapped: Mapped) -> Reason {
    match mapped {
        Mapped::Reject { reason, .. } | Mapped::Continuation(reason) => reason,
        Mapped::Contact { contact, .. } => panic!("{contact:?}"),
    }
}

fn number(mapped: Mapped) -> String {
    let phone = contact(mapped).phone;
    format!("+{}{}", phone.prefix, phone.number)
}

fn pairs(contact: &Contact) -> Vec<(&str, &str)> {
    contact
        .attributes
        .iter()
        .map(|attribute| (attribute.key.as_str(), attribute.value.as_str()))
        .collect()
}

fn lines(names: &[&str], options: &Options) -> Vec<String> {
    Plan::new(&table(names), options).unwrap().lines()
}

fn refusal(names: &[&str], options: &Options) -> String {
    Plan::new(&table(names), options).unwrap_err().to_string()
}

fn phone_error(cell: &str) -> PhoneError {
    read(cell, Home::Unset).map_or_else(|error| error, |reading| reading.doubt.unwrap())
}
