//! Lists of phones that are never sent (`--suppress`).
//!
//! Owns which phones such a file names: any file that can be imported, or a bare list of numbers without a header. In
//! doubt, a list is refused as a whole: a phone that is missed would be messaged against its owner's will.

mod error;
mod parts;

use super::encoder::profile;
use super::phone_columns::is_like_a_phone;
use super::phone_set::PhoneSet;
use crate::contact::phone::{self, Home, Phone};
use crate::hint::SUPPRESS;
use crate::mapping::{self, Mapper, OnDoubtfulPhone, Plan};
use crate::outcome::Reason;
use crate::record::{Cell, InputId, Record, Records, Shape};
use crate::source::{HeaderRow, Input, OpenInput, SourceError, WorkbookError};
use crate::units::{counted, grouped};
use parts::{ListPart, parts};
use std::sync::Arc;

pub(crate) use error::SuppressionError;

/// Phones that are never sent, and the warnings about the files they come from.
#[derive(Debug, Default)]
pub(crate) struct Suppression {
    /// The phones.
    pub(crate) phones: Arc<PhoneSet>,
    /// Warnings about the files.
    pub(crate) warnings: Vec<String>,
    /// Warnings that a file leaves out nobody. Printed even with `--quiet`: such a file is most likely the wrong one.
    pub(crate) of_nobody: Vec<String>,
}

/// Reads all phones of these files; `home` is the country of local numbers.
///
/// # Errors
/// A file or a row of it cannot be read: a list is never used in part.
pub(crate) fn suppression(files: &[Input], home: Home) -> Result<Suppression, SuppressionError> {
    let mut phones = PhoneSet::default();
    let (mut warnings, mut of_nobody) = (Vec::new(), Vec::new());
    for (index, file) in files.iter().enumerate() {
        let warn = |words: &str| format!("{SUPPRESS} {}: warning: {words}", file.name());
        match read_file(file, InputId(index), home, &mut phones)? {
            RowCount { parts: 0, .. } => {
                of_nobody.push(warn("there is nothing in it, so it leaves out nobody"));
            }
            RowCount { with: 0, .. } => {
                of_nobody.push(warn("there are no phones in it, so it leaves out nobody"));
            }
            RowCount { without: 0, .. } => {}
            RowCount { without, .. } => {
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
) -> Result<RowCount, SuppressionError> {
    let name = file.name();
    let failed = |error| SuppressionError::Source {
        name: file.name(),
        error,
    };
    // It is opened again for each of its parts, and again where its first row turns out to be a number.
    let file = file.to_be_read_twice().map_err(failed)?;
    let parts = parts(&file, id)?;
    let is_one = parts.len() == 1;
    let mut rows = RowCount::default();
    let mut is_unknown = false;
    for part in parts {
        let Some(mut list) = PhoneList::open(&file, id, &part, home)? else {
            continue;
        };
        rows.parts += 1;
        let of_part = list.read(phones)?;
        // One sheet of several may hold notes; it is an error only if no sheet has a phone.
        is_unknown |= list.is_unknown(of_part) && (is_one || of_part.with == 0);
        rows.add(of_part);
    }
    match is_unknown && (is_one || rows.with == 0) {
        true => Err(SuppressionError::NoPhone { name }),
        false => Ok(rows),
    }
}

/// How many rows of a file name somebody.
#[derive(Clone, Copy, Debug, Default)]
struct RowCount {
    /// Sheets or lists that are not empty.
    parts: u64,
    /// Rows with a phone.
    with: u64,
    /// Rows without one.
    without: u64,
}

impl RowCount {
    fn add(&mut self, other: RowCount) {
        self.with += other.with;
        self.without += other.without;
    }
}

/// A file that is open, and how its phones are found.
struct PhoneList {
    name: String,
    opened: OpenInput,
    heading: ListHeading,
    options: mapping::Options,
    /// The cells above or next to the table, if there are any.
    around: Option<CellsAround>,
}

/// The same file read without a header, for the cells above the header or next to the table: phones in them count,
/// too.
struct CellsAround {
    opened: OpenInput,
    /// The last row above the header.
    above: u64,
    /// Whether there can be cells next to the table.
    is_sheet: bool,
}

/// How a list names its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ListHeading {
    /// By known names.
    Recognised,
    /// One column, by its number from 1, whatever it is called.
    OneColumn(usize),
    /// Not at all: the first row is a number already, in this column, from 1.
    BareList(usize),
    /// Not at all: the first row of several columns holds a number.
    Missing,
    /// By names, none of which is known to be a phone.
    Unknown,
}

impl PhoneList {
    /// `None` if the part is empty.
    fn open(
        file: &Input,
        id: InputId,
        part: &ListPart,
        home: Home,
    ) -> Result<Option<PhoneList>, SuppressionError> {
        let open = |header| part.open(file, id, header);
        let name = part.name.clone();
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
            above => Some(CellsAround {
                opened: open(HeaderRow::None).map_err(failed)?,
                above: above.unwrap_or(0),
                is_sheet,
            }),
        };
        let opened = match heading {
            // Read again without a header, so that the first row counts, too.
            ListHeading::BareList(_) | ListHeading::Unknown => {
                open(HeaderRow::None).map_err(failed)?
            }
            ListHeading::Recognised | ListHeading::OneColumn(_) => opened,
            ListHeading::Missing => return Err(SuppressionError::NoHeader { name }),
        };
        Ok(Some(PhoneList {
            name,
            opened,
            heading,
            options: options(heading, home),
            around,
        }))
    }

    /// Whether it is unknown which columns hold phones.
    fn is_unknown(&self, rows: RowCount) -> bool {
        let are_objects = self.opened.shape == Shape::Objects;
        self.heading == ListHeading::Unknown || are_objects && rows.with == 0 && rows.without > 0
    }

    /// Reads the list to its end.
    fn read(&mut self, phones: &mut PhoneSet) -> Result<RowCount, SuppressionError> {
        let options = self.options.clone();
        let mut mapper = Mapper::new(&options);
        let mut rows = RowCount {
            with: self.read_around(phones)?,
            ..RowCount::default()
        };
        let mut records = Records::default();
        while let Some(record) = read_on(&self.name, &mut self.opened, &mut records)? {
            let named = self.named(record, &mut mapper, &options)?;
            match named.is_empty() {
                true => rows.without += 1,
                false => rows.with += 1,
            }
            phones.extend(named.iter());
        }
        Ok(rows)
    }

    /// Reads the cells above the header and next to the table; returns how many rows above it have a phone.
    fn read_around(&mut self, phones: &mut PhoneSet) -> Result<u64, SuppressionError> {
        let Some(mut around) = self.around.take() else {
            return Ok(0);
        };
        let above = options_of_any_column(&self.options);
        let mut above_it = Mapper::new(&above);
        // No `home` here: this reads the rows of the table again, as if they had no columns. A local number whose
        // country is in a column was read with that country already; here it would get the one of --country and leave
        // out a stranger.
        let beside = options_of_any_column(&mapping::Options::default());
        let mut beside_it = Mapper::new(&beside);
        let mut with = 0;
        let mut records = Records::default();
        while let Some(record) = read_on(&self.name, &mut around.opened, &mut records)? {
            if record.place.row <= around.above {
                let named = self.named(record, &mut above_it, &above)?;
                with += u64::from(!named.is_empty());
                phones.extend(named.iter());
            } else if around.is_sheet {
                // What is wrong with a row of the table is reported when the table itself is read.
                let named = phones_of(record, &mut beside_it, &beside);
                phones.extend(named.unwrap_or_default().iter());
            } else {
                break;
            }
        }
        Ok(with)
    }

    /// The phones of a record. A record without any is an error if a cell looks like one.
    fn named(
        &self,
        record: Record<'_>,
        mapper: &mut Mapper<'_>,
        options: &mapping::Options,
    ) -> Result<Vec<Phone>, SuppressionError> {
        let wrong = |why| SuppressionError::Row {
            name: self.name.clone(),
            row: grouped(record.place.row),
            why,
        };
        let named = phones_of(record, mapper, options).map_err(|reason| wrong(reason.full))?;
        match named.is_empty() && record.cells().iter().any(is_unread_phone) {
            true => Err(wrong(UNREAD.to_owned())),
            false => Ok(named),
        }
    }
}

/// The next record of a list; `name` is the part that it is in.
fn read_on<'r>(
    name: &str,
    opened: &mut OpenInput,
    records: &'r mut Records,
) -> Result<Option<Record<'r>>, SuppressionError> {
    records.clear();
    let read = opened.read(records);
    read.map_err(|error| SuppressionError::Source {
        name: name.to_owned(),
        error,
    })?;
    Ok(records.last())
}

const UNREAD: &str =
    "a cell that looks like a phone is not read as one (write it with + and its calling code)";

/// Whether a cell looks like a phone although it was not read as one.
fn is_unread_phone(cell: Cell<'_>) -> bool {
    // A date has eight digits (2026-01-31).
    const FEWEST: usize = 9;
    let has_enough = |text: &str| text.chars().filter(char::is_ascii_digit).count() >= FEWEST;
    let is_phone = |text: &str| has_enough(text) && is_like_a_phone(text);
    cell.texts().any(is_phone)
}

fn is_blank(error: &SourceError) -> bool {
    matches!(
        error,
        SourceError::Empty | SourceError::Workbook(WorkbookError::Blank { .. })
    )
}

fn options(heading: ListHeading, home: Home) -> mapping::Options {
    let column = match heading {
        ListHeading::OneColumn(column) | ListHeading::BareList(column) => Some(column),
        ListHeading::Unknown => Some(1),
        ListHeading::Recognised | ListHeading::Missing => None,
    };
    let rule = column.and_then(|column| format!("phone={column}").parse().ok());
    let options = mapping::Options {
        rules: rule.into_iter().collect(),
        home,
        on_doubtful_phone: OnDoubtfulPhone::Send,
        ..mapping::Options::default()
    };
    match heading {
        ListHeading::Unknown => options_of_any_column(&options),
        _ => options,
    }
}

/// Options that map no column to the phone, so that every cell that reads as one counts.
fn options_of_any_column(options: &mapping::Options) -> mapping::Options {
    let rule = "phone==-".parse().ok();
    mapping::Options {
        rules: rule.into_iter().collect(),
        ..options.clone()
    }
}

fn heading(opened: &OpenInput, home: Home) -> ListHeading {
    let Shape::Table { header, .. } = &opened.shape else {
        return ListHeading::Recognised;
    };
    let is_number = |name: &str| is_like_a_phone(name) || phone::read(name, home).is_ok();
    let named: Vec<(usize, &String)> = (1..)
        .zip(&header.names)
        .filter(|(_, name)| !name.trim().is_empty())
        .collect();
    match named.as_slice() {
        [(column, only)] if is_number(only) => ListHeading::BareList(*column),
        names if names.iter().any(|(_, name)| is_number(name)) => ListHeading::Missing,
        _ if Plan::new(header, &mapping::Options::default()).is_ok() => ListHeading::Recognised,
        [(column, only)] if !only.contains(|c: char| c.is_numeric()) => {
            ListHeading::OneColumn(*column)
        }
        _ => ListHeading::Unknown,
    }
}

/// All phones of a record.
fn phones_of(
    record: Record<'_>,
    mapper: &mut Mapper<'_>,
    options: &mapping::Options,
) -> Result<Vec<Phone>, Reason> {
    if let Some(profile) = profile(record) {
        let profile = profile.map_err(|error| error.reason())?;
        let (phone, _) = options.presplit_phone(&profile.prefix, &profile.number)?;
        return Ok(vec![phone]);
    }
    match mapper.plan(record.place.input, record.header()) {
        Ok(plan) => plan.every_phone(record, options),
        Err(error) => Err(error.reason()),
    }
}
