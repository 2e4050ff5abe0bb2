//! Whether a table's first row names its columns, and what is reported if it does not.
//!
//! Owns the errors about columns without names. Which row is the first is decided by the source.

use std::sync::Arc;

use super::error::PrepareError;
use super::lookahead::Lookahead;
use crate::hint::MAP;
use crate::import::options::ImportOptions;
use crate::import::phone_columns::{column_of, is_like_a_phone, is_phone, likeliest_phones};
use crate::mapping::{self, MappingError};
use crate::record::{Header, Shape};
use crate::source::HeaderRow;
use crate::text::shell_word;

impl Lookahead {
    /// Refuses a header that holds a phone: it is the first contact, which would be lost.
    pub(super) fn refuse_name(
        &self,
        header: &Header,
        is_phone: impl Fn(&str) -> bool,
    ) -> Result<(), PrepareError> {
        let names = header.names.iter().map(String::as_str);
        match column_of(names, is_phone) {
            Some(column) if self.opened.header == HeaderRow::First => Err(PrepareError::NoHeader {
                name: self.name.clone(),
                column,
            }),
            Some(_) | None => Ok(()),
        }
    }

    /// Why a mapping does not fit, with the advice that helps if columns have no names.
    pub(super) fn mapping_error(
        &mut self,
        header: &Arc<Header>,
        mut error: MappingError,
        options: &ImportOptions,
    ) -> Result<(), PrepareError> {
        if let MappingError::OtherSeparator { separator, .. } = &error
            && self.is_separated_by(*separator)
        {
            let name = self.name.clone();
            return Err(PrepareError::QuotedLines { name });
        }
        if let MappingError::NoPhone { guess, .. } = &mut error {
            self.refuse_name(header, is_like_a_phone)?;
            self.check_numbers(options)?;
            // The cells of a column say more than its name.
            let likeliest = self.phones_by_content(header, options);
            if !likeliest.is_empty() {
                *guess = likeliest.join(&format!(" or {MAP} phone="));
            }
        }
        Err(PrepareError::Mapping {
            name: self.name.clone(),
            error,
        })
    }

    /// The columns that most likely hold phones by their cells, quoted for a shell: several if they tie.
    fn phones_by_content(&mut self, header: &Arc<Header>, options: &ImportOptions) -> Vec<String> {
        let records = self.first_records(header);
        let likeliest = likeliest_phones(header, &records, options);
        let (columns, _) = mapping::columns(header, &records);
        let choices = columns
            .iter()
            .filter(|(index, _)| likeliest.contains(index));
        choices
            .map(|(_, choice)| shell_word(&choice.template))
            .collect()
    }

    /// Whether this is the separator the table was read with. If a header cell holds it nevertheless, each line is in
    /// quotes as a whole.
    fn is_separated_by(&self, separator: char) -> bool {
        match &self.opened.shape {
            Shape::Table { delimiter, .. } => char::from(*delimiter) == separator,
            Shape::Objects => false,
        }
    }

    /// Without a header, no column is guessed: the user must name the phone's.
    fn check_numbers(&mut self, options: &ImportOptions) -> Result<(), PrepareError> {
        if self.opened.header == HeaderRow::First {
            return Ok(());
        }
        self.read_ahead();
        let first = self.records.get(0);
        let texts = || {
            let cells = first.into_iter().flat_map(|record| record.cells().iter());
            cells.map(|cell| cell.text().unwrap_or_default())
        };
        let sure = column_of(texts(), |text| is_phone(text, options));
        Err(PrepareError::NoNames {
            name: self.name.clone(),
            column: sure.or_else(|| column_of(texts(), is_like_a_phone)),
        })
    }
}
