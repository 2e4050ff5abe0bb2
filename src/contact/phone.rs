//! Phones: what is in a cell, split into calling code and national significant number.
//!
//! A cell goes through `clean` (plain characters), `cut` (its numbers), `written` (the digits of one), `number` (which
//! of its readings counts) and `parse` (the phone library); `cell` chooses among its numbers. Most cells take a shorter
//! way: `plain` reads them in one pass, and `table` knows that their numbers are valid. Where the cell came from, and
//! what becomes of a doubt, is decided elsewhere.

mod beside;
mod between;
mod cell;
mod clean;
mod country;
mod cut;
mod digits;
mod e164;
mod error;
mod home;
mod label;
mod lookalike;
mod mask;
mod metadata;
mod number;
mod numbering_plan;
mod parse;
mod plain;
mod prefix;
mod reading;
mod shape;
mod spreadsheet;
mod table;
mod unreadable;
mod whatsapp;
mod written;

pub(crate) use country::country;
pub use e164::Phone;
pub(crate) use error::PhoneError;
pub(crate) use home::Home;
pub(crate) use reading::PhoneReading;
pub(crate) use unreadable::Unreadable;

use cell::{every_number, read_cell};
use clean::clean;
use cut::Slash;
use digits::is_digits;
use metadata::is_calling_code;
use parse::international;
use prefix::DialContext;
use reading::is_valid;

use crate::vocabulary::is_nothing;

/// Reads a cell that holds a phone. Of several numbers the first valid one counts.
pub(crate) fn read(cell: &str, home: Home) -> Result<PhoneReading, PhoneError> {
    read_cell(cell, &DialContext::Home(home))
}

/// Reads a phone whose calling code (or region) is in a cell of its own.
///
/// The number may be national, with or without trunk zero, or start with the calling code once more; one with `+`
/// is taken as it is. Without a prefix this is [`read`].
pub(crate) fn read_parts(
    prefix_cell: &str,
    number_cell: &str,
    home: Home,
) -> Result<PhoneReading, PhoneError> {
    read_cell(number_cell, &DialContext::of(prefix_cell, home))
}

/// Reads every number of a cell, where all of them count and none is the best: of a list of numbers that are not to be
/// called. None for a blank cell.
pub(crate) fn read_every(
    prefix_cell: Option<&str>,
    cell: &str,
    home: Home,
) -> Vec<Result<PhoneReading, PhoneError>> {
    let context = prefix_cell.map_or(DialContext::Home(home), |prefix| {
        DialContext::of(prefix, home)
    });
    if let Some(only) = plain::read(cell, &context) {
        return vec![Ok(only)];
    }
    let text = clean(cell);
    if is_nothing(&text) {
        return Vec::new();
    }
    let best = read_cell(cell, &context);
    let apart = every_number(&text, Slash::Separates, &context);
    let is_one = apart.len() < 2 || best.is_err() || shape::linked(&text).is_some();
    if is_one || apart.iter().all(is_valid) {
        return if is_one { vec![best] } else { apart };
    }
    // One number with a slash in it, as `0171/2345678`.
    let joined = every_number(&text, Slash::Joins, &context);
    match joined.iter().all(Result::is_ok) {
        true => joined,
        false => apart,
    }
}

/// Reads prefix and number of a profile that goes to the platform unchanged: both must be exactly what the platform
/// joins. A doubtful phone is the caller's to decide about.
pub(crate) fn read_presplit(prefix: &str, number: &str) -> Result<PhoneReading, PhoneError> {
    if number.is_empty() {
        return Err(PhoneError::Blank);
    }
    let is_code = prefix.parse().is_ok_and(is_calling_code);
    if !is_digits(prefix)
        || !is_digits(number)
        || prefix.is_empty()
        || number.len() > written::LONGEST
    {
        return Err(Unreadable::NotSplit.into());
    }
    if !is_code {
        return Err(Unreadable::CallingCode.into());
    }
    let reading = international(&format!("{prefix}{number}"), None)?;
    // The library also drops a trunk zero, which the platform would send: only an unchanged number is safe.
    match reading.phone.prefix.to_string() == prefix && reading.phone.number == number {
        true => Ok(reading),
        false => Err(Unreadable::NotSplit.into()),
    }
}

#[cfg(test)]
mod tests;
