//! A plan as a user reads it: a line a field, what every contact gets, and what is left out.

use super::{Plan, Precedence};
use crate::hint::{COUNTRY, MAP};
use crate::mapping::columns::names;
use crate::mapping::export;
use crate::mapping::rule::Field;
use crate::mapping::source::{FieldSource, labels};
use crate::text::{listed, quoted};

/// How many columns the line of those that are left out names.
const MOST_LEFT_OUT: usize = 20;

impl Plan {
    /// The mapping in use, a line a field (`name <- "First Name" + "Last Name"`), then what every contact gets, then
    /// what is left out.
    pub(crate) fn lines(&self) -> Vec<String> {
        let fields = self.fields.each();
        let fields = fields.map(|(field, sources)| self.line(&field, sources));
        let mut lines: Vec<String> = self.export.map(export::line).into_iter().collect();
        lines.extend(fields);
        lines.extend(self.not_phones.iter().map(|(name, why)| why.line(name)));
        lines.extend(self.nameless());
        lines.extend(self.on_every_contact());
        lines.extend(self.left_out());
        lines
    }

    fn line(&self, field: &Field, sources: &[FieldSource]) -> String {
        let by_labels = sources
            .iter()
            .any(|source| matches!(source, FieldSource::Labelled { .. }));
        let note = match (field, self.precedence) {
            (Field::Phone, _) if by_labels => ", by the labels beside them".to_owned(),
            (Field::Country, Precedence::Option) => {
                format!(" (only compared: {COUNTRY} goes first)")
            }
            _ => String::new(),
        };
        format!("{field} <- {}{note}", labels(sources, &self.header))
    }

    /// The warning that contacts will have no name, unless a rule asked for that or no column is left that might be
    /// one.
    fn nameless(&self) -> Option<String> {
        let mut unused = names(&self.header).filter(|(index, _)| !self.used.contains(index));
        let is_wanted = self.fields.name.is_empty() && !self.is_given(&Field::Name);
        (is_wanted && unused.next().is_some())
            .then(|| format!("no name is recognised: contacts go without one ({MAP} name=COLUMN)"))
    }

    fn on_every_contact(&self) -> Option<String> {
        // What is on every contact is in no column, so only this line shows it before the import.
        let tags = self.tags.iter().map(|tag| format!("tag {}", quoted(tag)));
        let attributes = self
            .fixed
            .iter()
            .map(|fixed| format!("attr.{} {}", fixed.key, quoted(&fixed.value)));
        let all: Vec<String> = tags.chain(attributes).collect();
        (!all.is_empty()).then(|| format!("on every contact: {}", all.join(", ")))
    }

    fn left_out(&self) -> Option<String> {
        let unused = names(&self.header).filter(|(index, _)| !self.used.contains(index));
        let names: Vec<&str> = unused.map(|(_, name)| name).collect();
        (!names.is_empty()).then(|| format!("left out: {}", listed(names, MOST_LEFT_OUT)))
    }
}
