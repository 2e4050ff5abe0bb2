//! The columns of one header, found by the names that users write.
//!
//! Owns when two names are the same. Columns that bp-import added to a rejects file are not there.

use super::template::Template;
use crate::record::{Header, Layout};
use crate::rejects::is_own_column;
use crate::text::shell_word;

/// The columns of one header.
pub(super) struct Columns<'h> {
    /// The header as it is in the input.
    pub(crate) header: &'h Header,
    spelled: Vec<String>,
}

/// What a name finds in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ColumnMatch {
    /// One column.
    One(usize),
    /// More than one: the first two.
    Several(usize, usize),
    /// No column.
    Nothing,
}

impl<'h> Columns<'h> {
    /// Folds the names of a header once.
    pub(crate) fn new(header: &'h Header) -> Columns<'h> {
        Columns {
            header,
            spelled: header.names.iter().map(|name| spelled(name)).collect(),
        }
    }

    /// The indices of the columns that are there to be used.
    pub(crate) fn visible(&self) -> impl Iterator<Item = usize> {
        self.names().map(|(index, _)| index)
    }

    /// The visible columns and their names, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = (usize, &'h str)> + use<'h> {
        names(self.header)
    }

    /// A column's name as it is in the input.
    pub(crate) fn name(&self, index: usize) -> &'h str {
        name(self.header, index)
    }

    /// A column's name without regard to case, surrounding space and what separates its words.
    pub(crate) fn spelled(&self, index: usize) -> &str {
        self.spelled.get(index).map_or("", String::as_str)
    }

    /// Finds a column: by its very name, else without regard to case and separators, else with its words run
    /// together (`FirstName`), else by its number.
    pub(crate) fn find(&self, wanted: &str) -> ColumnMatch {
        let spelled = spelled(wanted);
        let loose = loose(&spelled);
        // From the strictest comparison to the loosest, so that `name` is found beside `Name`.
        let same_name = self.found(|index| self.name(index) == wanted);
        same_name
            .or_else(|| self.found(|index| self.spelled(index) == spelled))
            .or_else(|| self.found(|index| self::loose(self.spelled(index)) == loose))
            .or_else(|| self.numbered(wanted).map(ColumnMatch::One))
            .unwrap_or(ColumnMatch::Nothing)
    }

    fn found(&self, is_it: impl Fn(usize) -> bool) -> Option<ColumnMatch> {
        let mut hits = self.visible().filter(|index| is_it(*index));
        let first = hits.next()?;
        Some(hits.next().map_or(ColumnMatch::One(first), |second| {
            ColumnMatch::Several(first, second)
        }))
    }

    /// Objects have no column numbers: the order of their keys means nothing.
    fn numbered(&self, wanted: &str) -> Option<usize> {
        let index = column_number(wanted)?.checked_sub(1)?;
        let is_there =
            self.header.layout == Layout::Table && self.visible().any(|column| column == index);
        is_there.then_some(index)
    }

    /// How a template names this column, ready for a shell: by its name where that finds it, else by its number.
    pub(crate) fn reference(&self, index: usize) -> String {
        let name = self.name(index);
        let template = Template::Header(name.to_owned()).to_string();
        // A name with braces, or with `=` before it, must be read back as the same name.
        let means_it = self.find(name) == ColumnMatch::One(index)
            && Template::parse(&template)
                .is_ok_and(|read| read == Template::Header(name.to_owned()));
        if means_it || self.header.layout != Layout::Table {
            shell_word(&template)
        } else {
            (index + 1).to_string()
        }
    }
}

/// The visible columns of a header and their names, in order.
pub(super) fn names(header: &Header) -> impl Iterator<Item = (usize, &str)> {
    let names = header.names.iter().map(String::as_str).enumerate();
    names.filter(|(_, name)| !is_own_column(name))
}

/// A column's name as it is in the input.
pub(super) fn name(header: &Header, index: usize) -> &str {
    header.names.get(index).map_or("", String::as_str)
}

/// The number that a text is, where it is nothing but digits.
pub(super) fn column_number(text: &str) -> Option<usize> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// A name lowercased, its words separated by single spaces.
fn spelled(name: &str) -> String {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower
        .split(is_separator)
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '_' | '-')
}

/// A spelled name with its words run together.
pub(super) fn loose(spelled: &str) -> String {
    spelled.split(' ').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(names: &[&str]) -> Header {
        Header {
            layout: Layout::Table,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn a_column_is_found_whatever_its_case_and_separators() {
        let header = table(&[
            "First Name",
            "phone_number",
            "E-mail",
            "LASTNAME",
            "  City ",
        ]);
        let columns = Columns::new(&header);
        for (wanted, index) in [
            ("first name", 0),
            ("FIRST_NAME", 0),
            ("Phone Number", 1),
            ("email", 2),
            ("Last-Name", 3),
            ("city", 4),
            ("5", 4),
        ] {
            assert_eq!(columns.find(wanted), ColumnMatch::One(index), "{wanted}");
        }
        for wanted in ["first", "6", "0", "+1", ""] {
            assert_eq!(columns.find(wanted), ColumnMatch::Nothing, "{wanted}");
        }
    }

    #[test]
    fn a_header_that_is_literally_a_number_wins_over_the_column_of_that_number() {
        let header = table(&["a", "b", "1"]);
        assert_eq!(Columns::new(&header).find("1"), ColumnMatch::One(2));
        assert_eq!(Columns::new(&header).find("2"), ColumnMatch::One(1));
    }

    #[test]
    fn the_exact_name_decides_between_columns_that_are_alike() {
        let header = table(&["phone", "Phone", "PHONE "]);
        let columns = Columns::new(&header);
        assert_eq!(columns.find("Phone"), ColumnMatch::One(1));
        assert_eq!(columns.find("pHone"), ColumnMatch::Several(0, 1));
    }

    #[test]
    fn columns_of_a_rejects_file_are_not_there() {
        let header = table(&["Phone", "bp_row", "bp_reason"]);
        let columns = Columns::new(&header);
        assert_eq!(columns.find("bp_row"), ColumnMatch::Nothing);
        assert_eq!(columns.find("2"), ColumnMatch::Nothing);
        assert_eq!(columns.visible().collect::<Vec<_>>(), [0]);
    }

    #[test]
    fn an_object_has_no_column_numbers() {
        let header = Header {
            layout: Layout::Object,
            names: vec!["a".into(), "b".into()],
        };
        assert_eq!(Columns::new(&header).find("2"), ColumnMatch::Nothing);
    }

    #[test]
    fn a_column_is_referred_to_by_its_number_where_its_name_does_not_find_it() {
        let header = table(&["Phone Number", "", "City", "City", "=x", "{y}"]);
        let columns = Columns::new(&header);
        let references: Vec<String> = (0..6).map(|index| columns.reference(index)).collect();
        assert_eq!(
            references,
            ["\"Phone Number\"", "2", "3", "4", "\" =x\"", "\"{{y}}\""]
        );
    }
}
