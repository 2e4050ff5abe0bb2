//! Sources: a template that was resolved against a header, and what it gives for one record.
//!
//! Owns blank or not, and how a text with headers in it is put together.

use super::columns::name;
use crate::record::{Cell, CellFault, CellList, Header, Record};
use crate::text::{self, inside_quotes, is_blank, one_spaced, quoted};
use crate::vocabulary::{PhoneKind, is_nothing, is_nothing_in_name, label_kind};
use std::borrow::Cow;

/// Where a field's value comes from in the records of one header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FieldSource {
    /// One column.
    Column(usize),
    /// One column, whose cells count only where they hold a digit: `Prefix` may be `+91`, or `Ms`, which as a country
    /// would be Montserrat.
    Digits(usize),
    /// A phone and the column that says of which kind it is, row by row.
    Labelled {
        /// The column of the number.
        value: usize,
        /// The column of its label.
        label: usize,
    },
    /// A phone whose area code is in a column of its own (`DDD` beside `Telefone`). The number may have it all the
    /// same.
    AfterArea {
        /// The column of the area code.
        area: usize,
        /// The column of the number.
        number: usize,
    },
    /// The parts of a name with a space between them, each from the first of its columns that has it.
    Joined(Vec<Vec<usize>>),
    /// A name that may be whole or only the part that another column has not: `Name` beside `Surname`.
    Completed {
        /// The column of the name.
        name: usize,
        /// The column of the other part.
        part: usize,
        /// Whether that part goes before the name.
        is_first: bool,
    },
    /// Text with columns in it.
    Text(Vec<TextPart>),
    /// The same text for every record.
    Constant(String),
}

/// A part of a text with columns in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TextPart {
    /// Text, unchanged.
    Text(String),
    /// The value of a column.
    Column(usize),
    /// A key that these objects do not have.
    Missing(String),
}

impl FieldSource {
    /// The texts that a record has here, without words for nothing. A list gives each of its elements. A number with
    /// an area code beside it gives both together, then itself.
    pub(crate) fn texts<'r>(&'r self, record: Record<'r>) -> impl Iterator<Item = Cow<'r, str>> {
        let with_area = match self {
            FieldSource::AfterArea { area, number } => after_area(record, *area, *number),
            _ => None,
        };
        let written = self.written(record).filter(|text| !is_nothing(text));
        with_area.map(Cow::Owned).into_iter().chain(written)
    }

    /// The texts that a record has here as they are written, words for nothing among them.
    pub(crate) fn written<'r>(&'r self, record: Record<'r>) -> impl Iterator<Item = Cow<'r, str>> {
        let (one, cell) = match self {
            FieldSource::Column(index) | FieldSource::Labelled { value: index, .. } => {
                (None, record.cell(*index))
            }
            _ => (self.text(record), None),
        };
        let texts = cell.into_iter().flat_map(Cell::texts);
        one.into_iter().chain(texts.map(Cow::Borrowed))
    }

    /// The value as one text; `None` where it says nothing. A list is joined by commas.
    pub(crate) fn text<'r>(&'r self, record: Record<'r>) -> Option<Cow<'r, str>> {
        let text = match self {
            FieldSource::Column(index)
            | FieldSource::Labelled { value: index, .. }
            | FieldSource::AfterArea { number: index, .. } => cell_text(record, *index)?,
            FieldSource::Digits(index) => {
                cell_text(record, *index).filter(|text| text.chars().any(char::is_numeric))?
            }
            FieldSource::Joined(parts) => Cow::Owned(joined(parts, record)),
            FieldSource::Completed {
                name,
                part,
                is_first,
            } => Cow::Owned(completed(record, *name, *part, *is_first)),
            FieldSource::Text(parts) => Cow::Owned(expanded(parts, record)?),
            // What was typed is meant, whatever it is.
            FieldSource::Constant(text) => return Some(Cow::Borrowed(text.as_str())),
        };
        Some(text).filter(|text| !is_nothing(text))
    }

    /// The elements of a list, where the record has one here.
    pub(crate) fn list<'r>(&self, record: Record<'r>) -> Option<CellList<'r>> {
        match self {
            FieldSource::Column(index) => match record.cell(*index)? {
                Cell::List(list) => Some(list),
                Cell::Text(_) | Cell::Faulty(..) | Cell::Absent => None,
            },
            _ => None,
        }
    }

    /// The kind of phone that a record has here: as its label says, else a primary one. `None`: one that is never
    /// sent.
    pub(crate) fn phone_kind(&self, record: Record<'_>) -> Option<PhoneKind> {
        match self {
            FieldSource::Labelled { label, .. } => {
                label_kind(&cell_text(record, *label).unwrap_or_default()).ok()
            }
            _ => Some(PhoneKind::Primary),
        }
    }

    /// What a user calls it: `"First Name" + "Last Name"`.
    pub(crate) fn label(&self, header: &Header) -> String {
        match self {
            FieldSource::Column(index)
            | FieldSource::Digits(index)
            | FieldSource::Labelled { value: index, .. } => column_label(header, *index),
            FieldSource::AfterArea { area, number } => {
                part_labels(header, [[*area].as_slice(), &[*number]].into_iter())
            }
            FieldSource::Joined(parts) => part_labels(header, parts.iter().map(Vec::as_slice)),
            FieldSource::Completed {
                name,
                part,
                is_first,
            } => {
                let (first, second) = in_order(*name, *part, *is_first);
                part_labels(header, [[first].as_slice(), &[second]].into_iter())
            }
            FieldSource::Text(parts) => quoted(
                &parts
                    .iter()
                    .map(|part| part.label(header))
                    .collect::<String>(),
            ),
            FieldSource::Constant(text) => format!("the text {}", quoted(text)),
        }
    }
}

impl FieldSource {
    /// The columns that it looks into.
    pub(crate) fn columns(&self) -> Vec<usize> {
        match self {
            FieldSource::Column(index) | FieldSource::Digits(index) => vec![*index],
            FieldSource::Labelled { value, label } => vec![*label, *value],
            FieldSource::AfterArea { area, number } => vec![*area, *number],
            FieldSource::Joined(parts) => parts.concat(),
            FieldSource::Completed { name, part, .. } => vec![*name, *part],
            FieldSource::Text(parts) => parts.iter().filter_map(TextPart::column).collect(),
            FieldSource::Constant(_) => Vec::new(),
        }
    }
}

/// A name and its other part in the order in which they are read.
fn in_order<T>(name: T, part: T, is_first: bool) -> (T, T) {
    if is_first { (part, name) } else { (name, part) }
}

/// Parts as a user calls them, the columns of each as alternatives.
fn part_labels<'a>(header: &Header, parts: impl Iterator<Item = &'a [usize]>) -> String {
    let part = |columns: &[usize]| {
        let labels: Vec<String> = columns
            .iter()
            .map(|index| column_label(header, *index))
            .collect();
        labels.join(" or ")
    };
    parts.map(part).collect::<Vec<_>>().join(" + ")
}

impl TextPart {
    fn column(&self) -> Option<usize> {
        match self {
            TextPart::Column(index) => Some(*index),
            TextPart::Text(_) | TextPart::Missing(_) => None,
        }
    }

    fn label(&self, header: &Header) -> String {
        match self {
            TextPart::Text(text) => text.clone(),
            TextPart::Column(index) => format!("{{{}}}", name(header, *index)),
            TextPart::Missing(name) => format!("{{{name}}}"),
        }
    }
}

/// A number behind its area code; `None` where either is missing, or the number says that it is whole.
fn after_area(record: Record<'_>, area: usize, number: usize) -> Option<String> {
    let area = cell_text(record, area)?;
    let number = cell_text(record, number)?;
    let is_code = !area.trim().is_empty() && area.trim().bytes().all(|byte| byte.is_ascii_digit());
    // A trunk zero is dialled before an area code, and so is what follows it.
    let is_whole =
        number.contains('+') || number.trim_start().trim_start_matches('(').starts_with('0');
    (is_code && !is_whole && !is_nothing(&number)).then(|| format!("{} {number}", area.trim()))
}

/// The texts that a record has in several sources, each with its source.
pub(super) fn texts<'r>(
    sources: &'r [FieldSource],
    record: Record<'r>,
) -> impl Iterator<Item = (&'r FieldSource, Cow<'r, str>)> {
    sources
        .iter()
        .flat_map(move |source| source.texts(record).map(move |text| (source, text)))
}

/// What a user calls several sources, the preferred one first.
pub(super) fn labels(sources: &[FieldSource], header: &Header) -> String {
    let labels: Vec<String> = sources.iter().map(|source| source.label(header)).collect();
    labels.join(", else ")
}

/// What a user calls a column: its name, or its number where it has none.
pub(super) fn column_label(header: &Header, index: usize) -> String {
    match name(header, index) {
        blank if is_blank(blank) => format!("column {}", index + 1),
        name => quoted(name),
    }
}

/// A cell as one text: a list is joined by commas.
pub(super) fn cell_text(record: Record<'_>, index: usize) -> Option<Cow<'_, str>> {
    match record.cell(index)? {
        Cell::Text(text) => Some(Cow::Borrowed(text)),
        Cell::List(list) => {
            let elements: Vec<&str> = list.iter().filter(|text| !is_nothing(text)).collect();
            Some(Cow::Owned(elements.join(", ")))
        }
        // The sheet shows it otherwise, but it is a value; phones are kept from it before.
        Cell::Faulty(CellFault::UnknownFormat, text) => Some(Cow::Borrowed(text)),
        Cell::Faulty(..) | Cell::Absent => None,
    }
}

/// The parts of a name in their order. What may be a word for nothing is a name beside a part that is surely one.
fn joined(parts: &[Vec<usize>], record: Record<'_>) -> String {
    let columns = || parts.iter().flatten();
    let is_sure = columns().any(|index| part_of_name(record, *index, is_nothing).is_some());
    let says_nothing = if is_sure {
        is_nothing_in_name
    } else {
        is_nothing
    };
    let mut text = String::with_capacity(ROOM);
    for columns in parts {
        let part = columns
            .iter()
            .find_map(|index| part_of_name(record, *index, says_nothing));
        push_squeezed(&mut text, " ");
        push_squeezed(&mut text, &part.unwrap_or_default());
    }
    trimmed(text)
}

/// What a cell says of a name, without what a spreadsheet puts around it.
fn part_of_name(
    record: Record<'_>,
    index: usize,
    says_nothing: impl Fn(&str) -> bool,
) -> Option<String> {
    let text = cell_text(record, index)?;
    let is_name = !says_nothing(&text) && !is_order_number(&text) && !is_false(record, &text);
    is_name.then(|| freed(text))
}

/// A name as it is meant: on one line, without the space and the quotes around it, and the guards of a spreadsheet.
pub(super) fn freed(text: Cow<'_, str>) -> String {
    let text = unquoted(text);
    let text = unguarded(&text);
    // Straight double quotes are the syntax of CSV: what is left of them was meant.
    let inside = inside_quotes(&text).filter(|_| !text.trim_start().starts_with('"'));
    one_spaced(inside.unwrap_or(&text)).into_owned()
}

/// The name as it is where it has more than one word, or the other part in it; else both. A part that has digits is
/// not a name.
fn completed(record: Record<'_>, name: usize, part: usize, is_first: bool) -> String {
    let name = part_of_name(record, name, is_nothing).unwrap_or_default();
    let says_nothing = if name.is_empty() {
        is_nothing
    } else {
        is_nothing_in_name
    };
    let part =
        part_of_name(record, part, says_nothing).filter(|part| !part.chars().any(char::is_numeric));
    let Some(part) = part else {
        return name;
    };
    let letters = |text: &str| -> String {
        text.chars()
            .flat_map(char::to_lowercase)
            .filter(|c| c.is_alphanumeric())
            .collect()
    };
    let is_whole = name.trim().contains(char::is_whitespace)
        || !name.is_empty() && letters(&name).contains(&letters(&part));
    if is_whole {
        return name;
    }
    let (first, second) = in_order(name, part, is_first);
    trimmed(format!("{first} {second}"))
}

/// What Odoo and PHP write in JSON where there is no text. In a table, it is one.
pub(super) fn is_false(record: Record<'_>, text: &str) -> bool {
    record.raw().is_some() && text == "false"
}

/// `#1001`, what shops call an order.
pub(super) fn is_order_number(text: &str) -> bool {
    let digits = text.trim().strip_prefix('#');
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// A text with the characters that are meant by HTML such as `&amp;`.
pub(super) fn decoded(text: Cow<'_, str>) -> Cow<'_, str> {
    match text::decoded(&text) {
        Cow::Owned(decoded) => Cow::Owned(decoded),
        Cow::Borrowed(_) => text,
    }
}

/// `, "Asha Rao"`: a space before the quote keeps a CSV reader from taking it for one.
pub(super) fn unquoted(text: Cow<'_, str>) -> Cow<'_, str> {
    let inner = text
        .trim_start()
        .strip_prefix('"')
        .filter(|_| text.starts_with(char::is_whitespace))
        .and_then(|rest| rest.trim_end().strip_suffix('"'));
    match inner {
        Some(inner) => Cow::Owned(inner.replace("\"\"", "\"")),
        None => text,
    }
}

/// `None` where every column in it is blank: the text round them says nothing then.
fn expanded(parts: &[TextPart], record: Record<'_>) -> Option<String> {
    let mut text = String::with_capacity(ROOM);
    let mut says_something = false;
    for part in parts {
        match part {
            TextPart::Text(literal) => push_squeezed(&mut text, literal),
            TextPart::Column(index) => {
                let value = cell_text(record, *index)
                    .filter(|value| !is_nothing(value))
                    .unwrap_or_default();
                says_something |= !value.is_empty();
                push_squeezed(&mut text, &value);
            }
            TextPart::Missing(_) => {}
        }
    }
    says_something.then(|| trimmed(text))
}

/// Appends a text, but no space after a space or at the beginning.
fn push_squeezed(to: &mut String, text: &str) {
    for c in text.chars() {
        if c != ' ' || !(to.is_empty() || to.ends_with(' ')) {
            to.push(c);
        }
    }
}

/// A text without surrounding space.
pub(super) fn trimmed(mut text: String) -> String {
    text.truncate(text.trim_end().len());
    let leading = text.len() - text.trim_start().len();
    text.drain(..leading);
    text
}

/// A text without what keeps a spreadsheet from counting with it: the apostrophe before `+57…` or `=…`, and `="…"`
/// around it. The apostrophe of `'t Hooft` stays.
pub(super) fn unguarded(text: &str) -> Cow<'_, str> {
    let formula = text.trim().strip_prefix("=\"");
    if let Some(inner) = formula.and_then(|rest| rest.strip_suffix('"')) {
        return inner.replace("\"\"", "\"").into();
    }
    let is_guarded = |rest: &&str| {
        rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '=' | '+' | '-' | '@'))
    };
    let guarded = text.trim_start().strip_prefix('\'').filter(is_guarded);
    guarded.unwrap_or(text).into()
}

/// Enough for most names, so that they are not moved while they grow.
const ROOM: usize = 48;
