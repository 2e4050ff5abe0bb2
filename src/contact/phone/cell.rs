//! A whole cell: which of its numbers counts, where it holds several.
//!
//! Owns what is tried on the text as a whole: links, lookalikes, a slash that separates or joins.

use super::clean::clean;
use super::cut::{Slash, full_numbers, numbers};
use super::error::PhoneError;
use super::lookalike;
use super::number::read_number;
use super::plain;
use super::prefix::DialContext;
use super::reading::{PhoneReading, PhoneRemark, PhoneResult, is_valid, prefer};
use super::shape;
use super::unreadable::Unreadable;
use crate::vocabulary::is_nothing;

pub(super) fn read_cell(cell: &str, context: &DialContext) -> PhoneResult {
    plain::read(cell, context).map_or_else(|| read_any(cell, context), Ok)
}

/// The long way, which reads everything and knows all reasons.
pub(super) fn read_any(cell: &str, context: &DialContext) -> PhoneResult {
    let text = clean(cell);
    if is_nothing(&text) {
        return Err(PhoneError::Blank);
    }
    if let Some(number) = shape::linked(&text) {
        return first_valid(&number, Slash::Joins, context);
    }
    // A longer dash before a number is a bullet.
    let has_minus = cell.trim_start().starts_with(['-', '\u{2212}']);
    // Before any number is read: a date or an amount is often a valid phone of somebody else.
    if let Some(why) = lookalike::of(&text, has_minus) {
        return Err(why.into());
    }
    if let Some(digits) = lookalike::without_thousands(&text) {
        let answer = first_valid(&digits, Slash::Separates, context);
        return prefer(answer, || Err(Unreadable::Thousands.into()));
    }
    let apart = first_valid(&text, Slash::Separates, context);
    if is_valid(&apart) || apart == Err(Unreadable::NotWhole.into()) {
        return apart;
    }
    let joined = match text.contains('/') {
        true => prefer(apart, || first_valid(&text, Slash::Joins, context)),
        false => apart,
    };
    prefer(joined, || first_of_pair(&text, context))
}

/// Two numbers with only a dash or wide space between them, which is punctuation in one that is valid as a whole.
fn first_of_pair(text: &str, context: &DialContext) -> PhoneResult {
    let read = |text| first_valid(text, Slash::Joins, context);
    // Words may belong to either of the two.
    if text.contains(char::is_alphabetic) {
        return Err(PhoneError::Blank);
    }
    for between in [" - ", "  "] {
        let Some((first, second)) = text.split_once(between) else {
            continue;
        };
        let first = read(first);
        if is_valid(&first) && is_valid(&read(second)) {
            return first.map(|reading| PhoneReading {
                remark: Some(PhoneRemark::Several),
                ..reading
            });
        }
    }
    Err(PhoneError::Blank)
}

/// The first valid number of a cell; without one the first doubtful, and without that the first one's error.
fn first_valid(text: &str, slash: Slash, context: &DialContext) -> PhoneResult {
    let numbers = numbers(text, slash);
    let mut readings = numbers
        .iter()
        .map(|number| read_number(number.as_ref().map_err(Clone::clone)?, context));
    let first = readings.next().unwrap_or(Err(PhoneError::Blank));
    let mut reading = readings.fold(first, |kept, next| prefer(kept, || next))?;
    let count = numbers
        .iter()
        .flatten()
        .filter(|number| !number.is_fragment())
        .count();
    // A number that is unreadable because of the words beside it counts too: the user must know that there were
    // several.
    if count > 1 || (numbers.len() > 1 && full_numbers(text, slash) > 1) {
        reading.remark = reading.remark.or(Some(PhoneRemark::Several));
    }
    Ok(reading)
}

pub(super) fn every_number(text: &str, slash: Slash, context: &DialContext) -> Vec<PhoneResult> {
    let numbers = numbers(text, slash);
    let mut readings: Vec<PhoneResult> = numbers
        .iter()
        .map(|number| read_number(number.as_ref().map_err(Clone::clone)?, context))
        .collect();
    // The rest of a longer list was not read.
    if full_numbers(text, slash) > readings.len() {
        readings.push(Err(Unreadable::Long.into()));
    }
    readings
}
