//! Filling the fields that no rule names from the columns that are recognised.
//!
//! Owns which recognised column fills which field, and in which order. What a header means is `alias`'s.

use super::draft::PlanDraft;
use super::fields::Precedence;
use crate::contact::phone::Home;
use crate::mapping::MappingError;
use crate::mapping::alias::{Rank, Recognised, label_of, recognise, without_number};
use crate::mapping::error;
use crate::mapping::rule::Field;
use crate::mapping::source::FieldSource;
use crate::text::key;
use crate::vocabulary::{Meaning, PhoneKind, header};
use std::collections::HashMap;
use std::mem::discriminant;

/// A column, and as what it was recognised.
type RecognisedColumn = (usize, Recognised);

/// The source that a column makes.
type OfColumn = fn(usize) -> FieldSource;

/// The fields that are recognised, each from the columns of one meaning. Names and phones are more than that.
const FIELDS: [(Field, Meaning, OfColumn); 4] = [
    (Field::Prefix, Meaning::Prefix, FieldSource::Column),
    (Field::Prefix, Meaning::PrefixOrTitle, FieldSource::Digits),
    (Field::Email, Meaning::Email, FieldSource::Column),
    (Field::Tags, Meaning::Tags, FieldSource::Column),
];

/// The parts of a name, in the order in which they are read.
const NAME_PARTS: [Meaning; 4] = [
    Meaning::FirstName,
    Meaning::MiddleName,
    Meaning::LastName,
    Meaning::SecondLastName,
];

/// Headers of parts of a name that mean so only beside each other.
const VAGUE: [&str; 4] = ["first", "last", "given", "family"];

impl PlanDraft<'_> {
    /// Fills the fields that no rule names from the columns that no rule for another field uses; an attribute leaves a
    /// column what it is.
    pub(super) fn recognise(&mut self) -> Result<(), MappingError> {
        let mut recognised = recognise(self.known, self.export);
        recognised.retain(|(index, found)| {
            let is_phone = matches!(found.meaning, Meaning::Phone(_));
            let is_not = is_phone && self.not_phones.contains_key(self.columns.name(*index));
            !is_not && !self.spoken_for.contains(index)
        });
        // Everything below takes the preferred column of a meaning first; equals keep the order of the file.
        recognised.sort_by_key(|(index, recognised)| (recognised.rank, *index));
        if !self.is_named(&Field::Name) {
            self.take_names(&recognised)?;
        }
        if !self.is_named(&Field::Phone) {
            self.take_phones(&recognised)?;
        }
        for (field, meaning, source) in FIELDS {
            if !self.is_named(&field) {
                self.take_all(&field, &of_meaning(&recognised, meaning), source)?;
            }
        }
        if !self.is_named(&Field::Country) {
            self.take_countries(&recognised);
        }
        self.prefixes = self.pair_prefixes(&recognised);
        Ok(())
    }

    /// The calling codes that go with each phone: of its own kind and number (`WhatsApp Country Code`), else those
    /// that name no kind. What a rule names goes with all.
    fn pair_prefixes(&self, recognised: &[RecognisedColumn]) -> Vec<Vec<usize>> {
        let all = || (0..self.fields.prefix.len()).collect::<Vec<usize>>();
        let rank = |source: &FieldSource| match source.columns().as_slice() {
            [.., column] => rank_of(recognised, *column),
            [] => None,
        };
        let codes: Vec<Option<Rank>> = self.fields.prefix.iter().map(rank).collect();
        let of_phone = |phone: &FieldSource| {
            let Some(phone) = rank(phone).filter(|_| !self.is_named(&Field::Prefix)) else {
                return all();
            };
            let going = |goes: &dyn Fn(Rank) -> bool| -> Vec<usize> {
                let known = codes.iter().enumerate();
                known
                    .filter(|(_, code)| code.is_none_or(goes))
                    .map(|(at, _)| at)
                    .collect()
            };
            // One calling code goes with every phone, whatever its number.
            let numbered = codes.len() > 1;
            let is_of_number = |code: Rank| !numbered || code.number == phone.number;
            let own = going(&|code| code.kind == phone.kind && is_of_number(code));
            match own.is_empty() {
                true => going(&|code| code.kind.is_none() && is_of_number(code)),
                false => own,
            }
        };
        self.fields.phone.iter().map(of_phone).collect()
    }

    pub(super) fn is_named(&self, field: &Field) -> bool {
        self.options.rules.iter().any(|rule| rule.field == *field)
    }

    /// A country that was only recognised gives way to `--country`.
    pub(super) fn precedence(&self) -> Precedence {
        if self.options.home == Home::Unset || self.is_named(&Field::Country) {
            Precedence::Row
        } else {
            Precedence::Option
        }
    }

    fn take_all(
        &mut self,
        field: &Field,
        columns: &[usize],
        source: OfColumn,
    ) -> Result<(), MappingError> {
        self.refuse_twins(field, columns)?;
        self.used.extend(columns);
        for index in columns {
            self.fields.push(field, source(*index));
        }
        Ok(())
    }

    fn take_phones(&mut self, recognised: &[RecognisedColumn]) -> Result<(), MappingError> {
        let columns = of_meaning(recognised, Meaning::Phone(PhoneKind::Primary));
        self.refuse_twins(&Field::Phone, &columns)?;
        let is_own = |value: &usize| !self.is_another_persons(*value, recognised);
        let columns: Vec<usize> = columns.into_iter().filter(is_own).collect();
        for value in columns {
            let source = self.phone_source(value, recognised);
            self.used.extend(source.columns());
            self.fields.phone.push(source);
        }
        self.equal_phones = self.equal_phones(recognised);
        Ok(())
    }

    /// `Phone 2` beside `Name 2` is the phone of a second person, and no other phone of the first.
    fn is_another_persons(&self, phone: usize, recognised: &[RecognisedColumn]) -> bool {
        let number = rank_of(recognised, phone).map_or(1, |rank| rank.number);
        let is_name = |name: &str| {
            let numbered = without_number(name).filter(|(_, own)| *own == number);
            let meaning = numbered.and_then(|(bare, _)| header(&key(&bare)));
            matches!(meaning, Some((Meaning::Name | Meaning::FirstName, _)))
        };
        number > 1 && self.export.is_none() && self.known.names().any(|(_, name)| is_name(name))
    }

    /// A phone column, with the one that says which kind of phone it is, or the one that has its area code.
    fn phone_source(&self, number: usize, recognised: &[RecognisedColumn]) -> FieldSource {
        if let Some(label) = label_of(self.known, number) {
            return FieldSource::Labelled {
                value: number,
                label,
            };
        }
        let areas = of_meaning(recognised, Meaning::AreaCode);
        let before = areas.iter().copied().filter(|area| *area < number).max();
        let area = before.or(areas.first().copied().filter(|_| areas.len() == 1));
        match area {
            Some(area) => FieldSource::AfterArea { area, number },
            None => FieldSource::Column(number),
        }
    }

    /// The best phone columns, where several are equals by the words of their headers. An export ranks its own, and
    /// columns that differ only by a number are in order.
    fn equal_phones(&self, recognised: &[RecognisedColumn]) -> Vec<FieldSource> {
        if self.export.is_some() {
            return Vec::new();
        }
        let phones = of_meaning(recognised, Meaning::Phone(PhoneKind::Primary));
        let rank = |index: &usize| rank_of(recognised, *index);
        let Some((first, best)) = phones
            .first()
            .and_then(|first| Some((*first, rank(first)?)))
        else {
            return Vec::new();
        };
        let stem = |index: usize| {
            let name = self.known.name(index);
            key(&without_number(name).map_or_else(|| name.to_owned(), |(bare, _)| bare))
        };
        let is_equal = |index: &usize| rank(index).is_some_and(|rank| rank.is_equal_in_words(best));
        let others = phones
            .iter()
            .copied()
            .filter(|index| is_equal(index) && stem(*index) != stem(first));
        let others: Vec<FieldSource> = others.map(FieldSource::Column).collect();
        match others.is_empty() {
            true => Vec::new(),
            false => [FieldSource::Column(first)]
                .into_iter()
                .chain(others)
                .collect(),
        }
    }

    /// The first of several columns of one name is as good as any: they are only asked for a country.
    fn take_countries(&mut self, recognised: &[RecognisedColumn]) {
        let columns = of_meaning(recognised, Meaning::Country);
        self.used.extend(&columns);
        self.fields
            .country
            .extend(columns.into_iter().map(FieldSource::Column));
    }

    /// Whole names, and parts joined to one, in the order of the tables: some exports have the parts first.
    fn take_names(&mut self, recognised: &[RecognisedColumn]) -> Result<(), MappingError> {
        let whole = of_meaning(recognised, Meaning::Name);
        self.refuse_twins(&Field::Name, &whole)?;
        let parts = self.name_parts(recognised)?;
        self.used.extend(whole.iter().chain(parts.iter().flatten()));
        let mut names: Vec<(Option<Rank>, FieldSource)> = whole
            .iter()
            .map(|index| {
                let source = self.completed(*index, recognised, &parts);
                (rank_of(recognised, *index), source)
            })
            .collect();
        let is_completed = |source: &FieldSource| matches!(source, FieldSource::Completed { .. });
        // A completed name has the only part in it already.
        if !names.iter().any(|(_, source)| is_completed(source)) {
            names.extend(joined_name(recognised, parts));
        }
        names.sort_by_key(|(rank, _)| *rank);
        self.fields
            .name
            .extend(names.into_iter().map(|(_, source)| source));
        Ok(())
    }

    /// The parts of a name in their order, the columns of each in theirs.
    fn name_parts(&self, recognised: &[RecognisedColumn]) -> Result<Vec<Vec<usize>>, MappingError> {
        let mut parts = Vec::new();
        for meaning in NAME_PARTS {
            let columns = of_meaning(recognised, meaning);
            self.refuse_twins(&Field::Name, &columns)?;
            parts.extend(Some(columns).filter(|columns| !columns.is_empty()));
        }
        Ok(parts)
    }

    /// A column that is called no more than `Name` beside the one part of a name that there is: it may hold the other.
    fn completed(
        &self,
        name: usize,
        recognised: &[RecognisedColumn],
        parts: &[Vec<usize>],
    ) -> FieldSource {
        let is_bare = self.export.is_none() && key(self.known.name(name)) == "name";
        let [part] = parts.concat()[..] else {
            return FieldSource::Column(name);
        };
        // `First` and `Last` alone may be anything: a date, a rank.
        let is_vague = VAGUE.contains(&key(self.known.name(part)).as_str());
        let found = recognised.iter().find(|(at, _)| *at == part);
        match found.map(|(_, found)| found.meaning) {
            Some(meaning @ (Meaning::FirstName | Meaning::LastName)) if is_bare && !is_vague => {
                FieldSource::Completed {
                    name,
                    part,
                    is_first: meaning == Meaning::FirstName,
                }
            }
            _ => FieldSource::Column(name),
        }
    }

    fn refuse_twins(&self, field: &Field, columns: &[usize]) -> Result<(), MappingError> {
        let mut seen = HashMap::new();
        for second in columns {
            if let Some(first) = seen.insert(self.columns.spelled(*second), *second) {
                return Err(error::duplicate(self.columns, field, first, *second));
            }
        }
        Ok(())
    }
}

fn joined_name(
    recognised: &[RecognisedColumn],
    parts: Vec<Vec<usize>>,
) -> Option<(Option<Rank>, FieldSource)> {
    let columns = parts.iter().flatten();
    let rank = columns
        .filter_map(|index| rank_of(recognised, *index))
        .min();
    match parts.as_slice() {
        [] => None,
        [only] if only.len() == 1 => only
            .first()
            .map(|index| (rank, FieldSource::Column(*index))),
        _ => Some((rank, FieldSource::Joined(parts))),
    }
}

/// The columns of a meaning; of phones, those of every kind.
fn of_meaning(recognised: &[RecognisedColumn], meaning: Meaning) -> Vec<usize> {
    recognised
        .iter()
        .filter(|(_, found)| discriminant(&found.meaning) == discriminant(&meaning))
        .map(|(index, _)| *index)
        .collect()
}

fn rank_of(recognised: &[RecognisedColumn], column: usize) -> Option<Rank> {
    recognised
        .iter()
        .find(|(index, _)| *index == column)
        .map(|(_, found)| found.rank)
}
