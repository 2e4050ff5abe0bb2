//! The mapping in use as the rules that would pin it: what was guessed becomes explicit.

use super::{Plan, Precedence};
use crate::hint::MAP;
use crate::mapping::columns::{ColumnMatch, Columns};
use crate::mapping::rule::{Field, Rule};
use crate::mapping::source::{FieldSource, TextPart};
use crate::mapping::template::{Template, TemplatePiece};
use crate::record::Layout;
use crate::text::{is_invisible, shell_word};

impl Plan {
    /// The rules that make this mapping of any input with these columns: those that were given, then one for each
    /// source that was recognised. A field that no rule can say stays recognised: phones that go by the labels beside
    /// them, names of parts that may be in either of two columns, and a country that only comes second.
    pub(crate) fn pins(&self) -> Vec<Rule> {
        let given = self.rules.iter().cloned();
        given.chain(self.guesses()).collect()
    }

    /// What was recognised, as the options that would pin it: `--map name=Name --map phone="Mobile Phone"`.
    pub(crate) fn pinned(&self) -> Option<String> {
        let pins = self.guesses();
        let pins = pins.iter().map(|rule| {
            format!(
                " {MAP} {}={}",
                rule.field,
                shell_word(&rule.template.to_string())
            )
        });
        let all: String = pins.collect();
        (!all.is_empty()).then(|| format!("as options:{all}"))
    }

    fn guesses(&self) -> Vec<Rule> {
        let columns = Columns::new(&self.header);
        let recognised = self
            .fields
            .each()
            .filter(|(field, _)| !self.is_given(field))
            // `--all-attributes` makes these again; rules for them would only be noise.
            .filter(|(field, _)| !matches!(field, Field::Attribute(_)))
            .filter(|(field, _)| *field != Field::Country || self.precedence == Precedence::Row)
            .filter_map(|(field, sources)| pins_of(&columns, &field, sources));
        recognised.flatten().collect()
    }
}

/// `None` if no rule can express one of the sources.
fn pins_of(columns: &Columns<'_>, field: &Field, sources: &[FieldSource]) -> Option<Vec<Rule>> {
    let rule = |source| {
        let template = template_of(columns, source)?;
        let field = field.clone();
        Some(Rule { field, template })
    };
    sources.iter().map(rule).collect()
}

/// What `--map FIELD=` takes for a source; `None` if no rule can express it.
pub(in crate::mapping) fn template_of(
    columns: &Columns<'_>,
    source: &FieldSource,
) -> Option<Template> {
    match source {
        FieldSource::Column(index) => Some(Template::Header(named(columns, *index))),
        FieldSource::Joined(parts) => Some(Template::Text(joined(columns, parts)?)),
        FieldSource::Constant(text) => Some(Template::Constant(text.clone())),
        FieldSource::Text(parts) => {
            let pieces = parts.iter().map(|part| piece(columns, part));
            Some(Template::Text(pieces.collect()))
        }
        FieldSource::Digits(_)
        | FieldSource::Labelled { .. }
        | FieldSource::AfterArea { .. }
        | FieldSource::Completed { .. } => None,
    }
}

/// `None` where a part has a second column to fall back on.
fn joined(columns: &Columns<'_>, parts: &[Vec<usize>]) -> Option<Vec<TemplatePiece>> {
    let mut pieces = Vec::new();
    for part in parts {
        let [index] = part.as_slice() else {
            return None;
        };
        if !pieces.is_empty() {
            pieces.push(TemplatePiece::Text(" ".to_owned()));
        }
        pieces.push(TemplatePiece::Header(named(columns, *index)));
    }
    Some(pieces)
}

fn piece(columns: &Columns<'_>, part: &TextPart) -> TemplatePiece {
    match part {
        TextPart::Text(text) => TemplatePiece::Text(text.clone()),
        TextPart::Column(index) => TemplatePiece::Header(named(columns, *index)),
        TextPart::Missing(name) => TemplatePiece::Header(name.clone()),
    }
}

/// A column's name where that finds it in a template, else its number.
fn named(columns: &Columns<'_>, index: usize) -> String {
    let name = columns.name(index);
    let finds_it = columns.find(name) == ColumnMatch::One(index)
        && name.trim() == name
        && !name.is_empty()
        && !name.contains(['{', '}'])
        // What a terminal does not show as it is cannot be copied from it.
        && !name.chars().any(|c| c.is_control() || is_invisible(c));
    // The keys of objects have no numbers; space around one does not keep it from being found.
    if finds_it || columns.header.layout != Layout::Table {
        name.trim().to_owned()
    } else {
        (index + 1).to_string()
    }
}
