//! Filters: which rows are taken, whatever becomes of them (`--only`, `--except`).
//!
//! Owns the comparison of a cell with what a user wrote. Counts nothing.

use super::columns::{ColumnMatch, Columns};
use super::memo::Memo;
use super::nearest::{did_you_mean, nearest};
use crate::hint::{EXCEPT, ONLY};
use crate::record::{Cell, Defect, Header, Layout, Record};
use crate::text::is_blank;
use std::fmt;
use std::str::FromStr;

/// `HEADER=VALUE`: a column and what it must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowCondition {
    /// The column's name, or its number.
    pub(crate) header: String,
    /// The value: without surrounding space, whatever its case. Blank: a blank cell.
    pub(crate) value: String,
}

/// Why a text is no condition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is no condition: write HEADER=VALUE, as in City=Pune")]
pub(crate) struct RowConditionError {
    /// What was written.
    pub(crate) text: String,
}

impl FromStr for RowCondition {
    type Err = RowConditionError;

    fn from_str(text: &str) -> Result<RowCondition, RowConditionError> {
        let (header, value) = text.split_once('=').unwrap_or_default();
        match header.trim() {
            "" => Err(RowConditionError {
                text: text.to_owned(),
            }),
            header => Ok(RowCondition {
                header: header.to_owned(),
                value: value.trim().to_owned(),
            }),
        }
    }
}

impl fmt::Display for RowCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.header, self.value)
    }
}

/// The rows to take or to leave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Those of one column are alternatives; of each column named, one must hold.
    pub(crate) only: Vec<RowCondition>,
    /// None of these may hold.
    pub(crate) except: Vec<RowCondition>,
}

/// Why a filter does not fit a header.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FilterError {
    /// It names a column that is not there.
    #[error("no column is called \"{wanted}\"{}; correct {switch} \"{condition}\"", did_you_mean(.nearest.as_deref()))]
    MissingColumn {
        /// The name in the condition.
        wanted: String,
        /// The header that was probably meant.
        nearest: Option<String>,
        /// The switch: `--only` or `--except`.
        switch: &'static str,
        /// The condition.
        condition: String,
    },
    /// Two columns have its name.
    #[error(
        "two columns are called \"{name}\" ({first} and {second}); say which one by its number: {switch} \"{first}={value}\""
    )]
    DuplicateHeader {
        /// The name.
        name: String,
        /// The first column of that name, counted from 1.
        first: usize,
        /// The second.
        second: usize,
        /// The switch: `--only` or `--except`.
        switch: &'static str,
        /// The value that was asked for.
        value: String,
    },
}

impl Filter {
    /// Resolves the filter against a header. A key that objects do not have holds nothing.
    ///
    /// # Errors
    /// A condition names a column that is not there (in a table), or a name that two columns have.
    pub(crate) fn resolve(&self, header: &Header) -> Result<HeaderFilter, FilterError> {
        let columns = Columns::new(header);
        let mut resolved = HeaderFilter::default();
        for condition in &self.only {
            let test = ColumnTest::new(&columns, ONLY, condition)?;
            match resolved
                .only
                .iter_mut()
                .find(|alternatives| alternatives.iter().any(|known| known.column == test.column))
            {
                Some(alternatives) => alternatives.push(test),
                None => resolved.only.push(vec![test]),
            }
        }
        for condition in &self.except {
            resolved
                .except
                .push(ColumnTest::new(&columns, EXCEPT, condition)?);
        }
        Ok(resolved)
    }
}

/// A filter that was resolved against one header.
#[derive(Clone, Debug, Default)]
pub(crate) struct HeaderFilter {
    only: Vec<Vec<ColumnTest>>,
    except: Vec<ColumnTest>,
}

impl HeaderFilter {
    /// Whether the row is taken. One whose columns are unknown has nothing to compare: it is taken, and so accounted
    /// for as invalid.
    pub(crate) fn takes(&self, record: Record<'_>) -> bool {
        let is_incomparable = match &record.defect {
            None | Some(Defect::UnreadValue { .. }) => false,
            Some(Defect::BadEncoding { column } | Defect::CellTooLarge { column }) => {
                column.is_none()
            }
            Some(_) => true,
        };
        let only_holds = || {
            let mut only = self.only.iter();
            only.all(|alternatives| alternatives.iter().any(|test| test.holds(record)))
        };
        is_incomparable || only_holds() && !self.except.iter().any(|test| test.holds(record))
    }
}

/// A condition on a column of one header.
#[derive(Clone, Debug)]
struct ColumnTest {
    /// `None`: a key that these objects do not have.
    column: Option<usize>,
    value: String,
}

impl ColumnTest {
    fn new(
        columns: &Columns<'_>,
        switch: &'static str,
        condition: &RowCondition,
    ) -> Result<ColumnTest, FilterError> {
        let column = match columns.find(&condition.header) {
            ColumnMatch::One(index) => Some(index),
            ColumnMatch::Several(first, second) => {
                return Err(FilterError::DuplicateHeader {
                    name: columns.name(first).to_owned(),
                    first: first + 1,
                    second: second + 1,
                    switch,
                    value: condition.value.clone(),
                });
            }
            ColumnMatch::Nothing if columns.header.layout == Layout::Object => None,
            ColumnMatch::Nothing => {
                let names = columns.names().map(|(_, name)| name);
                return Err(FilterError::MissingColumn {
                    wanted: condition.header.clone(),
                    nearest: nearest(&condition.header, names).map(str::to_owned),
                    switch,
                    condition: condition.to_string(),
                });
            }
        };
        Ok(ColumnTest {
            column,
            value: condition.value.clone(),
        })
    }

    fn holds(&self, record: Record<'_>) -> bool {
        self.column.is_some_and(|index| match record.cell(index) {
            Some(Cell::Text(text)) => is_same(text, &self.value),
            Some(Cell::List(list)) => list.iter().any(|text| is_same(text, &self.value)),
            // A user may well ask for the rows with an error in them.
            Some(Cell::Faulty(_, text)) => is_same(text, &self.value),
            Some(Cell::Absent) | None => self.value.is_empty(),
        })
    }
}

fn is_same(cell: &str, value: &str) -> bool {
    let lower = |text: &str| {
        text.trim()
            .chars()
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    match value {
        "" => is_blank(cell),
        // Exact matches first: lowercasing allocates, and most values are typed as they are in the file.
        value if value == cell.trim() => true,
        value => lower(cell) == lower(value),
    }
}

/// Filters the records of any input; keeps what it worked out for the headers that it meets.
#[derive(Debug)]
pub(crate) struct RowFilter<'a> {
    filter: &'a Filter,
    resolved: Memo<Result<HeaderFilter, FilterError>>,
}

impl<'a> RowFilter<'a> {
    /// A filter that has met no header yet.
    pub(crate) fn new(filter: &'a Filter) -> RowFilter<'a> {
        RowFilter {
            filter,
            resolved: Memo::new(),
        }
    }

    /// Whether the row is taken. One whose keys the filter does not fit is taken, so that it is accounted for; that a
    /// table fits is known from `Filter::resolve` before the first record.
    pub(crate) fn takes(&mut self, record: Record<'_>) -> bool {
        let resolved = self
            .resolved
            .get(record.header(), || self.filter.resolve(record.header()));
        resolved
            .as_ref()
            .map_or(true, |resolved| resolved.takes(record))
    }
}
