//! What a user sees of a mapping beside the records: the cells a contact comes from, and the columns to choose from
//! where the mapping is in doubt.

use super::alias::phone_guess;
use super::column_choice::Choice;
use super::columns::{Columns, name};
use super::consent::is_consent;
use super::plan::{Plan, template_of};
use super::rule::Field;
use super::source::{FieldSource, cell_text, column_label};
use crate::record::{Header, Record, Records};
use crate::text::is_blank;
use std::sync::Arc;

/// How many records a column's samples are taken from.
const SAMPLES: usize = 3;

/// A cell that a contact comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SourceCell {
    /// The field that it fills, or would fill if one before it did not.
    pub(crate) field: String,
    /// What a user calls its column.
    pub(crate) column: String,
    /// The column's header, as it is in the input.
    pub(crate) header: String,
    /// The text in it.
    pub(crate) text: String,
}

/// All columns of a header with their indices, and the index of the one that sounds most like the phone.
pub(crate) fn columns(
    header: &Arc<Header>,
    records: &Records,
) -> (Vec<(usize, Choice)>, Option<usize>) {
    let columns = Columns::new(header);
    let choices = columns.visible().filter_map(|index| {
        let choice = of(&columns, &FieldSource::Column(index), records)?;
        Some((index, choice))
    });
    (choices.collect(), phone_guess(&columns))
}

impl Plan {
    /// The phone columns, where there are several with something in them, and neither a rule nor the product that the
    /// input comes from says which goes first.
    pub(crate) fn phone_choices(&self, records: &Records) -> Vec<Choice> {
        of_several(self.recognised(&Field::Phone, &self.fields.phone, records))
    }

    /// What the name may be made of, where several columns have a part in it, likewise: what was recognised, then each
    /// part of it alone.
    pub(crate) fn name_choices(&self, records: &Records) -> Vec<Choice> {
        let mut choices = self.recognised(&Field::Name, &self.fields.name, records);
        let parts = self.fields.name.iter().filter_map(|source| match source {
            FieldSource::Joined(_) => Some(source.columns().into_iter().map(FieldSource::Column)),
            _ => None,
        });
        let parts: Vec<FieldSource> = parts.flatten().collect();
        choices.extend(self.recognised(&Field::Name, &parts, records));
        of_several(choices)
    }

    /// The columns that may be the name, where none is recognised and no rule gives one: those with words in them.
    pub(crate) fn name_candidates(&self, records: &Records) -> Vec<Choice> {
        if self.export.is_some() || self.is_given(&Field::Name) || !self.fields.name.is_empty() {
            return Vec::new();
        }
        let columns = Columns::new(&self.header);
        let unused = columns
            .names()
            .filter(|(index, name)| !self.used.contains(index) && !is_consent(name));
        let choices =
            unused.filter_map(|(index, _)| of(&columns, &FieldSource::Column(index), records));
        // An e-mail address is made of letters too, and is not a name.
        let has_words =
            |text: &String| text.chars().any(char::is_alphabetic) && !text.contains('@');
        choices
            .filter(|choice| choice.samples.iter().any(has_words))
            .collect()
    }

    /// The columns that are recognised as the country, as `--map country=` takes them, where no rule says which it is.
    pub(crate) fn country_columns(&self) -> Vec<String> {
        if self.is_given(&Field::Country) {
            return Vec::new();
        }
        let columns = Columns::new(&self.header);
        let sources = self.fields.country.iter();
        sources
            .filter_map(|source| Some(template_of(&columns, source)?.to_string()))
            .collect()
    }

    fn recognised(&self, field: &Field, sources: &[FieldSource], records: &Records) -> Vec<Choice> {
        if self.export.is_some() || self.is_given(field) {
            return Vec::new();
        }
        let columns = Columns::new(&self.header);
        let choices = sources
            .iter()
            .filter_map(|source| of(&columns, source, records));
        choices
            .filter(|choice| !choice.samples.is_empty())
            .collect()
    }

    /// The cells that a record's contact comes from, field by field; blank ones are left out.
    pub(crate) fn cells(&self, record: Record<'_>) -> Vec<SourceCell> {
        let sources = self
            .fields
            .each()
            .flat_map(|(field, sources)| sources.iter().map(move |source| (field.clone(), source)));
        let columns = sources.flat_map(|(field, source)| {
            let columns = source.columns().into_iter();
            columns.map(move |index| (field.to_string(), index))
        });
        let cell = |(field, index)| {
            let text = cell_text(record, index).filter(|text| !is_blank(text))?;
            Some(SourceCell {
                field,
                column: column_label(&self.header, index),
                header: name(&self.header, index).to_owned(),
                text: text.into_owned(),
            })
        };
        columns.filter_map(cell).collect()
    }
}

/// A single candidate leaves nothing to choose.
fn of_several(mut choices: Vec<Choice>) -> Vec<Choice> {
    if choices.len() == 1 {
        choices.clear();
    }
    choices
}

/// `None` if no rule can express it.
pub(super) fn of(columns: &Columns<'_>, source: &FieldSource, records: &Records) -> Option<Choice> {
    let samples = records.iter().filter_map(|record| source.text(record));
    Some(Choice {
        template: template_of(columns, source)?.to_string(),
        label: source.label(columns.header),
        samples: samples
            .take(SAMPLES)
            .map(|text| text.into_owned())
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::Options;
    use crate::record::DraftRecord;

    fn records(names: &[&str], rows: &[&[&str]]) -> (Arc<Header>, Records) {
        let header = Header::of_table(names);
        let record = |values: &&[&str]| DraftRecord::of_table(&header, values);
        let records = rows.iter().map(record).collect();
        (header, records)
    }

    fn plan(header: &Arc<Header>, rules: &[&str]) -> Plan {
        let options = Options {
            rules: rules.iter().map(|rule| rule.parse().unwrap()).collect(),
            ..Options::default()
        };
        Plan::new(header, &options).unwrap()
    }

    fn labels(choices: &[Choice]) -> Vec<(&str, &str)> {
        let both = choices.iter();
        both.map(|choice| (choice.template.as_str(), choice.label.as_str()))
            .collect()
    }

    #[test]
    fn every_column_is_shown_with_what_is_in_it() {
        let (header, records) = records(
            &["Who", "Tel. 2", "bp_row"],
            &[&["Asha", "98765 43210", "2"], &["Ben", "", "3"]],
        );
        let (choices, guess) = columns(&header, &records);
        let labelled: Vec<(usize, &str)> = choices
            .iter()
            .map(|(index, choice)| (*index, choice.label.as_str()))
            .collect();
        assert_eq!(labelled, [(0, "\"Who\""), (1, "\"Tel. 2\"")]);
        assert_eq!(choices[1].1.samples, ["98765 43210"]);
        assert_eq!(guess, Some(1));
    }

    #[test]
    fn several_phones_are_a_choice_unless_only_one_of_them_is_filled_or_it_was_said() {
        let names = ["Phone", "Mobile"];
        let (header, both) = records(&names, &[&["1", "2"]]);
        let choices = plan(&header, &[]).phone_choices(&both);
        assert_eq!(
            labels(&choices),
            [("Mobile", "\"Mobile\""), ("Phone", "\"Phone\"")]
        );
        let (_, one) = records(&names, &[&["1", ""]]);
        assert_eq!(plan(&header, &[]).phone_choices(&one), []);
        assert_eq!(plan(&header, &["phone=Phone"]).phone_choices(&both), []);
    }

    #[test]
    fn a_name_of_several_columns_is_a_choice_and_a_plain_one_is_none() {
        let (header, rows) = records(&["First", "Last", "Phone"], &[&["Asha", "Rao", "1"]]);
        let choices = plan(&header, &[]).name_choices(&rows);
        assert_eq!(
            labels(&choices),
            [
                ("{First} {Last}", "\"First\" + \"Last\""),
                ("First", "\"First\""),
                ("Last", "\"Last\""),
            ]
        );
        assert_eq!(choices[0].samples, ["Asha Rao"]);
        let (header, rows) = records(&["Name", "Phone"], &[&["Asha", "1"]]);
        assert_eq!(plan(&header, &[]).name_choices(&rows), []);
    }

    #[test]
    fn the_columns_of_a_known_product_are_no_choice() {
        let names = ["First Name", "Last Name", "Mobile Phone", "Primary Phone"];
        let (header, rows) = records(&names, &[&["Asha", "Rao", "1", "2"]]);
        let plan = plan(&header, &[]);
        assert_eq!(
            (plan.phone_choices(&rows), plan.name_choices(&rows)),
            (vec![], vec![])
        );
    }

    #[test]
    fn a_contact_is_shown_beside_the_cells_it_comes_from() {
        let (header, rows) = records(
            &["First", "Last", "Phone", "Notes"],
            &[&["Asha", "", " 98765", "x"]],
        );
        let cells = plan(&header, &["attr.note=see {Notes}"]).cells(rows.get(0).unwrap());
        let cells: Vec<String> = cells
            .iter()
            .map(|cell| format!("{} {} {}", cell.field, cell.column, cell.text))
            .collect();
        assert_eq!(
            cells,
            [
                "name \"First\" Asha",
                "phone \"Phone\"  98765",
                "attr.note \"Notes\" x"
            ]
        );
    }
}
