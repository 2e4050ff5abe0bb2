//! Lists of phones that are never sent (`--suppress`): read whole, or not at all.
//!
//! Owns which phones such a file names, in any form that can be imported, and a bare list of numbers without a header.

mod parts;

use super::PhoneSet;
use super::encoder::profile;
use super::inputs::is_like_a_phone;
use crate::contact::phone::{self, Home, Phone};
use crate::mapping::{self, Mapper, OnDoubtfulPhone, Plan};
use crate::outcome::Reason;
use crate::record::{Cell, InputId, Record, Shape};
use crate::source::{self, HeaderRow, Input, OpenInput, SourceError, WorkbookError};
use crate::units::{counted, grouped};
use parts::{Part, parts};
use std::sync::Arc;

/// Phones that are never sent, and what is to be said of the files they come from.
#[derive(Debug, Default)]
pub(crate) struct Suppression {
    /// The phones.
    pub(crate) phones: Arc<PhoneSet>,
    /// What a user should know of the files.
    pub(crate) warnings: Vec<String>,
    /// That a file leaves out nobody: said even where little is.
    pub(crate) of_nobody: Vec<String>,
}

/// Why a list of phones that are never sent cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SuppressionError {
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
pub(crate) fn suppression(files: &[Input], home: Home) -> Result<Suppression, SuppressionError> {
    let mut phones = PhoneSet::default();
    let (mut warnings, mut of_nobody) = (Vec::new(), Vec::new());
    for (index, file) in files.iter().enumerate() {
        let warn = |words: &str| format!("--suppress {}: warning: {words}", file.name());
        match read_file(file, InputId(index), home, &mut phones)? {
            Rows { parts: 0, .. } => {
                of_nobody.push(warn("there is nothing in it, so it leaves out nobody"));
            }
            Rows { with: 0, .. } => {
                of_nobody.push(warn("there are no phones in it, so it leaves out nobody"));
            }
            Rows { without: 0, .. } => {}
            Rows { without, .. } => {
                let rows = counted(without, "row");
                warnings.push(warn(&format!("{rows} without a phone leave out nobody")));
            }
        }
    }
    Ok(Suppression {
        phones: Arc::new(phones),
        warnings,
        of_nobody,
    })
}

/// Reads all parts of a file.
fn read_file(
    file: &Input,
    id: InputId,
    home: Home,
    phones: &mut PhoneSet,
) -> Result<Rows, SuppressionError> {
    let name = file.name();
    let failed = |error| SuppressionError::Source {
        name: file.name(),
        error,
    };
    // It is opened anew for each of its parts, and where its first row turns out to be a number.
    let file = file.to_be_read_twice().map_err(failed)?;
    let parts = parts(&file, id)?;
    let is_one = parts.len() == 1;
    let mut rows = Rows::default();
    let mut is_unknown = false;
    for part in parts {
        let Some(mut list) = List::open(&file, id, part, home)? else {
            continue;
        };
        rows.parts += 1;
        let of_part = list.read(phones)?;
        is_unknown |= list.is_unknown(of_part) && (is_one || of_part.with == 0);
        rows.add(of_part);
    }
    match is_unknown && (is_one || rows.with == 0) {
        true => Err(SuppressionError::NoPhone { name }),
        false => Ok(rows),
    }
}

/// What was read of a file.
#[derive(Clone, Copy, Debug, Default)]
struct Rows {
    /// Sheets or lists that hold something.
    parts: u64,
    /// Rows that name somebody.
    with: u64,
    /// Rows that do not.
    without: u64,
}

impl Rows {
    fn add(&mut self, other: Rows) {
        self.with += other.with;
        self.without += other.without;
    }
}

/// A file that is open, and how its phones are found.
struct List {
    name: String,
    opened: OpenInput,
    heading: Heading,
    options: mapping::Options,
    /// The same without a header, where something is above or beside the table.
    around: Option<Around>,
}

/// What is above the header of a table, or beside the table in its sheet.
struct Around {
    opened: OpenInput,
    /// The last row above the header.
    above: u64,
    /// Whether there are cells beside the table.
    is_sheet: bool,
}

/// How a list names its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heading {
    /// By names that are known.
    Recognised,
    /// One column, by its number from 1, whatever it is called.
    OneColumn(usize),
    /// The first row is a number already, in this column.
    BareList(usize),
    /// Not at all: the first row of several columns holds a number.
    Missing,
    /// By names of which none is known to be a phone.
    Unknown,
}

impl List {
    /// `None` where there is nothing in it.
    fn open(
        file: &Input,
        id: InputId,
        part: Part,
        home: Home,
    ) -> Result<Option<List>, SuppressionError> {
        let Part { name, reading } = part;
        let open = |header| {
            let reading = source::ReadOptions {
                header,
                ..reading.clone()
            };
            source::open(file, id, &reading)
        };
        let failed = |error| SuppressionError::Source {
            name: name.clone(),
            error,
        };
        let opened = match open(HeaderRow::First) {
            Err(error) if is_blank(&error) => return Ok(None),
            opened => opened.map_err(failed)?,
        };
        let heading = heading(&opened, home);
        let is_sheet = opened.sheet.is_some();
        let around = match opened.assumed.banner {
            None if !is_sheet => None,
            above => Some(Around {
                opened: open(HeaderRow::None).map_err(failed)?,
                above: above.unwrap_or_default(),
                is_sheet,
            }),
        };
        let opened = match heading {
            Heading::BareList(_) | Heading::Unknown => open(HeaderRow::None).map_err(failed)?,
            Heading::Recognised | Heading::OneColumn(_) => opened,
            Heading::Missing => return Err(SuppressionError::NoHeader { name }),
        };
        Ok(Some(List {
            name,
            opened,
            heading,
            options: options(heading, home),
            around,
        }))
    }

    /// Whether nothing says which of its columns hold phones.
    fn is_unknown(&self, rows: Rows) -> bool {
        let are_objects = self.opened.shape == Shape::Objects;
        self.heading == Heading::Unknown || are_objects && rows.with == 0 && rows.without > 0
    }

    /// Reads the list to its end.
    fn read(&mut self, phones: &mut PhoneSet) -> Result<Rows, SuppressionError> {
        let options = self.options.clone();
        let mut mapper = Mapper::new(&options);
        let mut rows = Rows {
            with: self.read_around(phones)?,
            ..Rows::default()
        };
        while let Some(record) = self.next()? {
            let named = self.named(&record, &mut mapper, &options)?;
            match named.is_empty() {
                true => rows.without += 1,
                false => rows.with += 1,
            }
            phones.extend(named.iter());
        }
        Ok(rows)
    }

    /// Reads what is above the header and beside the table, and says how many rows above it name somebody.
    fn read_around(&mut self, phones: &mut PhoneSet) -> Result<u64, SuppressionError> {
        let Some(mut around) = self.around.take() else {
            return Ok(0);
        };
        let above = options_of_any_column(&self.options);
        let mut above_it = Mapper::new(&above);
        // Whose country is in a column is read from the table; here it would be taken for one of --country.
        let beside = options_of_any_column(&mapping::Options::default());
        let mut beside_it = Mapper::new(&beside);
        let mut with = 0;
        while let Some(record) = self.read_on(&mut around.opened)? {
            if record.place.row <= around.above {
                let named = self.named(&record, &mut above_it, &above)?;
                with += u64::from(!named.is_empty());
                phones.extend(named.iter());
            } else if around.is_sheet {
                let named = phones_of(&record, &mut beside_it, &beside);
                phones.extend(named.unwrap_or_default().iter());
            } else {
                break;
            }
        }
        Ok(with)
    }

    /// The phones of a record. One that names none may not hold something like a phone, either.
    fn named(
        &self,
        record: &Record,
        mapper: &mut Mapper<'_>,
        options: &mapping::Options,
    ) -> Result<Vec<Phone>, SuppressionError> {
        let wrong = |why| SuppressionError::Row {
            name: self.name.clone(),
            row: grouped(record.place.row),
            why,
        };
        let named = phones_of(record, mapper, options).map_err(|reason| wrong(reason.full))?;
        match named.is_empty() && record.cells.iter().any(is_unread_phone) {
            true => Err(wrong(UNREAD.to_owned())),
            false => Ok(named),
        }
    }

    fn next(&mut self) -> Result<Option<Record>, SuppressionError> {
        let next = self.opened.next();
        next.map_err(|error| self.broken(error))
    }

    fn read_on(&self, opened: &mut OpenInput) -> Result<Option<Record>, SuppressionError> {
        opened.next().map_err(|error| self.broken(error))
    }

    fn broken(&self, error: SourceError) -> SuppressionError {
        SuppressionError::Source {
            name: self.name.clone(),
            error,
        }
    }
}

const UNREAD: &str =
    "a cell that looks like a phone is not read as one (write it with + and its calling code)";

/// Whether a cell of a record without phones may be one all the same. A date has eight digits.
fn is_unread_phone(cell: &Cell) -> bool {
    const FEWEST: usize = 9;
    let has_enough = |text: &str| text.chars().filter(char::is_ascii_digit).count() >= FEWEST;
    let is_phone = |text: &str| has_enough(text) && is_like_a_phone(text);
    match cell {
        Cell::Text(text) => is_phone(text),
        Cell::List(texts) => texts.iter().any(|text| is_phone(text)),
        Cell::Faulty(..) | Cell::Absent => false,
    }
}

fn is_blank(error: &SourceError) -> bool {
    matches!(
        error,
        SourceError::Empty | SourceError::Workbook(WorkbookError::Blank { .. })
    )
}

fn options(heading: Heading, home: Home) -> mapping::Options {
    let column = match heading {
        Heading::OneColumn(column) | Heading::BareList(column) => Some(column),
        Heading::Unknown => Some(1),
        Heading::Recognised | Heading::Missing => None,
    };
    let rule = column.and_then(|column| format!("phone={column}").parse().ok());
    let options = mapping::Options {
        rules: rule.into_iter().collect(),
        home,
        on_doubtful_phone: OnDoubtfulPhone::Send,
        ..mapping::Options::default()
    };
    match heading {
        Heading::Unknown => options_of_any_column(&options),
        _ => options,
    }
}

/// Options by which no column is a phone's: what reads as one is one.
fn options_of_any_column(options: &mapping::Options) -> mapping::Options {
    let rule = "phone==-".parse().ok();
    mapping::Options {
        rules: rule.into_iter().collect(),
        ..options.clone()
    }
}

fn heading(opened: &OpenInput, home: Home) -> Heading {
    let Shape::Table { header, .. } = &opened.shape else {
        return Heading::Recognised;
    };
    let is_number = |name: &str| is_like_a_phone(name) || phone::read(name, home).is_ok();
    let named: Vec<(usize, &String)> = (1..)
        .zip(&header.names)
        .filter(|(_, name)| !name.trim().is_empty())
        .collect();
    match named.as_slice() {
        [(column, only)] if is_number(only) => Heading::BareList(*column),
        names if names.iter().any(|(_, name)| is_number(name)) => Heading::Missing,
        _ if Plan::new(header, &mapping::Options::default()).is_ok() => Heading::Recognised,
        [(column, only)] if !only.contains(|c: char| c.is_numeric()) => Heading::OneColumn(*column),
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
        let (phone, _) = options.presplit_phone(&profile.prefix, &profile.number)?;
        return Ok(vec![phone]);
    }
    match mapper.plan(record.place.input, &record.header) {
        Ok(plan) => plan.every_phone(record, options),
        Err(error) => Err(error.reason()),
    }
}
