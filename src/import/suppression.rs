//! Lists of phones that are never sent (`--suppress`): read whole, or not at all.
//!
//! Owns which phones such a file names, in any form that can be imported, and a bare list of numbers without a header.

use super::PhoneSet;
use super::inputs::is_like_a_phone;
use super::maker::profile;
use crate::contact::phone::{self, Home, Phone};
use crate::mapping::{self, Mapper, OnDoubtfulPhone, Plan};
use crate::outcome::Reason;
use crate::record::{InputId, Record, Shape};
use crate::source::{self, HeaderRow, Input, Opened, SourceError};
use crate::units::{counted, grouped};
use std::sync::Arc;

/// Phones that are never sent, and what is to be said of the files they come from.
#[derive(Debug, Default)]
pub struct Suppression {
    /// The phones.
    pub phones: Arc<PhoneSet>,
    /// What a user should know of the files.
    pub warnings: Vec<String>,
}

/// Why a list of phones that are never sent cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SuppressionError {
    /// It cannot be read, or breaks off.
    #[error("--suppress {name}: {error}")]
    Source {
        /// The file.
        name: String,
        /// What is wrong with it.
        error: SourceError,
    },
    /// No column of it is known to hold phones, or several are called the same.
    #[error(
        "--suppress {name}: no one column of it is known to hold phones: call it Phone, and give each column a name of \
         its own"
    )]
    NoPhone {
        /// The file.
        name: String,
    },
    /// Several columns without names.
    #[error(
        "--suppress {name}: the first row holds a phone, so it is not a header: add a row above it that names the \
         columns (such as Phone,Name)"
    )]
    NoHeader {
        /// The file.
        name: String,
    },
    /// A row that cannot be read: it may be of somebody who must not be sent.
    #[error(
        "--suppress {name} row {row}: {why}: nothing was sent; correct or remove that row, then run again"
    )]
    Row {
        /// The file.
        name: String,
        /// The row, as a spreadsheet counts.
        row: String,
        /// What is wrong with it.
        why: String,
    },
}

/// Reads all phones of these files; local numbers are of this home.
///
/// # Errors
/// A file or a row of it cannot be read: a list is never used in part.
pub fn suppression(files: &[Input], home: Home) -> Result<Suppression, SuppressionError> {
    let mut phones = PhoneSet::default();
    let mut warnings = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let name = file.name();
        let mut warn = |words: &str| warnings.push(format!("--suppress {name}: {words}"));
        let Some(mut list) = List::open(file, InputId(index), home)? else {
            warn("warning: there is nothing in it, so it leaves out nobody");
            continue;
        };
        list.opened
            .assumed
            .lines()
            .iter()
            .for_each(|line| warn(line));
        match list.read(&mut phones)? {
            Rows { with: 0, .. } => {
                warn("warning: there are no phones in it, so it leaves out nobody")
            }
            Rows { without: 0, .. } => {}
            Rows { without, .. } => {
                let rows = counted(without, "row");
                warn(&format!("warning: {rows} without a phone leave out nobody"));
            }
        }
    }
    Ok(Suppression {
        phones: Arc::new(phones),
        warnings,
    })
}

/// The rule for a list of one column.
const ONLY_COLUMN: &str = "phone=1";

/// How many rows name somebody.
#[derive(Clone, Copy, Debug, Default)]
struct Rows {
    with: u64,
    without: u64,
}

/// A file that is open, and how its phones are found.
struct List {
    name: String,
    opened: Opened,
    options: mapping::Options,
}

/// How a list names its columns.
enum Heading {
    /// By names that are known.
    Recognised,
    /// One column, whatever it is called.
    OneColumn,
    /// The first row is a number already.
    BareList,
    /// Not at all: the first row of several columns holds a number.
    Missing,
    /// By names of which none is known to be a phone.
    Unknown,
}

impl List {
    /// `None` where there is nothing in it.
    fn open(file: &Input, id: InputId, home: Home) -> Result<Option<List>, SuppressionError> {
        let name = file.name();
        let failed = |error| SuppressionError::Source {
            name: file.name(),
            error,
        };
        // It is opened anew where its first row turns out to be a number.
        let file = file.to_be_read_twice().map_err(failed)?;
        let open = |header| {
            let reading = source::Options {
                header,
                ..source::Options::default()
            };
            source::open(&file, id, &reading)
        };
        let opened = match open(HeaderRow::First) {
            Err(SourceError::Empty) => return Ok(None),
            opened => opened.map_err(failed)?,
        };
        let (opened, rule) = match heading(&opened, home) {
            Heading::Recognised => (opened, None),
            Heading::OneColumn => (opened, Some(ONLY_COLUMN)),
            Heading::BareList => (open(HeaderRow::None).map_err(failed)?, Some(ONLY_COLUMN)),
            Heading::Missing => return Err(SuppressionError::NoHeader { name }),
            Heading::Unknown => return Err(SuppressionError::NoPhone { name }),
        };
        let options = mapping::Options {
            rules: rule
                .and_then(|rule| rule.parse().ok())
                .into_iter()
                .collect(),
            home,
            on_doubtful_phone: OnDoubtfulPhone::Send,
            ..mapping::Options::default()
        };
        Ok(Some(List {
            name,
            opened,
            options,
        }))
    }

    /// Reads the list to its end.
    fn read(&mut self, phones: &mut PhoneSet) -> Result<Rows, SuppressionError> {
        let options = self.options.clone();
        let mut mapper = Mapper::new(&options);
        let mut rows = Rows::default();
        while let Some(record) = self.next()? {
            let named = phones_of(&record, &mut mapper, &options);
            let named = named.map_err(|reason| self.wrong(&record, reason))?;
            match named.is_empty() {
                true => rows.without += 1,
                false => rows.with += 1,
            }
            phones.extend(named.iter());
        }
        if rows.with == 0 && rows.without > 0 && self.opened.shape == Shape::Objects {
            return Err(SuppressionError::NoPhone {
                name: self.name.clone(),
            });
        }
        Ok(rows)
    }

    fn next(&mut self) -> Result<Option<Record>, SuppressionError> {
        self.opened
            .next()
            .map_err(|error| SuppressionError::Source {
                name: self.name.clone(),
                error,
            })
    }

    fn wrong(&self, record: &Record, reason: Reason) -> SuppressionError {
        SuppressionError::Row {
            name: self.name.clone(),
            row: grouped(record.place.row),
            why: reason.full,
        }
    }
}

fn heading(opened: &Opened, home: Home) -> Heading {
    let Shape::Table { header, .. } = &opened.shape else {
        return Heading::Recognised;
    };
    let is_number = |name: &str| is_like_a_phone(name) || phone::read(name, home).is_ok();
    let named: Vec<&String> = header
        .names
        .iter()
        .filter(|name| !name.trim().is_empty())
        .collect();
    match named.as_slice() {
        [only] if is_number(only) => Heading::BareList,
        names if names.iter().any(|name| is_number(name)) => Heading::Missing,
        _ if Plan::new(header, &mapping::Options::default()).is_ok() => Heading::Recognised,
        [only] if !only.contains(|c: char| c.is_numeric()) => Heading::OneColumn,
        _ => Heading::Unknown,
    }
}

/// All phones of a record.
fn phones_of(
    record: &Record,
    mapper: &mut Mapper<'_>,
    options: &mapping::Options,
) -> Result<Vec<Phone>, Reason> {
    if let Some(profile) = profile(record) {
        let profile = profile.map_err(|error| error.reason())?;
        let (phone, _) = options.whole_phone(&profile.prefix, &profile.number)?;
        return Ok(vec![phone]);
    }
    match mapper.plan(record.place.input, &record.header) {
        Ok(plan) => plan.every_phone(record, options),
        Err(error) => Err(error.reason()),
    }
}
