//! Where the records are in JSON documents: the documents themselves, a list somewhere inside, objects under keys of
//! their own, or columns instead of rows.
//!
//! Owns that choice, made by the shape of the documents alone. What a contact is called is the mapping's.

use crate::mapping::{keys_name_a_phone, keys_name_somebody, may_be_the_phone};

use super::SourceError;
use super::outline::{Outline, OutlinePlace};
use super::records_path::{PathStep, RecordsPath};
use crate::rejects::is_own_column;
use crate::units::counted;

mod columns;
mod keys;

use keys::{HOLDERS, is_id};

pub(super) use columns::{HEADS, ROWS};

/// Where the records are, and how they are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FoundRecords {
    /// The way to them.
    pub(super) path: RecordsPath,
    /// How they are there.
    pub(super) form: RecordForm,
    /// Others that have phones and are not read.
    pub(super) others: Vec<OtherList>,
}

/// How records are at the end of a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum RecordForm {
    /// Each in an object of its own.
    #[default]
    Objects,
    /// Turned round or cut up: columns that hold one value of each, or a header and rows.
    Columns,
}

/// Something with phones that is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OtherList {
    /// The way to it.
    pub(crate) path: RecordsPath,
    /// How many objects it is.
    pub(crate) objects: u64,
}

impl OtherList {
    /// What it is, in a few words.
    pub(super) fn line(&self) -> String {
        let option = self.path.option();
        if self.path.is_document() {
            return format!("a phone outside of the list ({option})");
        }
        let objects = counted(self.objects, "object");
        format!("list {} ({objects} with phones: {option})", self.path)
    }
}

/// Somewhere records may be.
struct Candidate {
    path: RecordsPath,
    form: RecordForm,
    objects: u64,
    has_phone: bool,
}

/// Where the records are that a user named, or that are the only ones.
pub(super) fn find(
    outline: &Outline,
    wanted: Option<&RecordsPath>,
) -> Result<FoundRecords, SourceError> {
    let all = Search::of(outline);
    match wanted {
        Some(path) => all.named(path),
        None => all.only(),
    }
}

/// Whether the records of lines are not the lines, but within them. A line of a rejects file is a record.
pub(super) fn is_within(first_line: &Outline, wanted: Option<&RecordsPath>) -> bool {
    let document = first_line.document();
    let is_own = first_line
        .under(document)
        .any(|child| is_own_column(&child.key));
    let is_record = is_own || wanted.is_none() && is_alone(first_line);
    let all = Search::of(first_line);
    !is_record
        && match wanted {
            Some(path) => !path.is_document() && all.named(path).is_ok(),
            None => all.with_phones().next().is_some(),
        }
}

/// Whether a list is the document, and as far as it was seen nothing but its elements can be the records: then what
/// comes behind need not be looked at.
pub(super) fn is_plain_list(outline: &Outline) -> bool {
    let all = Search::of(outline).candidates;
    let is_document = |it: &Candidate| it.path.is_document() && it.form == RecordForm::Objects;
    outline.document().objects == 0 && all.iter().all(is_document)
}

struct Search<'a> {
    outline: &'a Outline,
    candidates: Vec<Candidate>,
    /// Ways to objects that may be several contacts, or parts of one.
    doubtful: Vec<RecordsPath>,
}

impl<'a> Search<'a> {
    fn of(outline: &'a Outline) -> Search<'a> {
        let mut search = Search {
            outline,
            candidates: Vec::new(),
            doubtful: Vec::new(),
        };
        search.visit(outline.document(), &RecordsPath::default());
        search
    }

    fn visit(&mut self, place: &OutlinePlace, path: &RecordsPath) {
        if columns::is_turned(self.outline, place) {
            let is_surely = columns::names_a_phone(self.outline, place);
            self.add(path, RecordForm::Columns, place.longest.max(1), is_surely);
            return;
        }
        if place.lists > 0 {
            self.visit_list(place, path);
        }
        if place.objects > 0 {
            self.visit_object(place, path);
        }
    }

    fn visit_list(&mut self, place: &OutlinePlace, path: &RecordsPath) {
        let element = self.outline.element(place);
        let known = self.candidates.len();
        // An empty list of contacts is a correct export of none, not a reason to look elsewhere.
        if place.longest == 0 && is_holder(path) {
            return self.add(path, RecordForm::Objects, 0, false);
        }
        // A list that holds one object whose values are columns holds as many records as those have values.
        if element.objects == 1 && columns::is_turned(self.outline, element) {
            return self.visit(element, &path.then(PathStep::Each));
        }
        if is_contact(self.outline, element) {
            return self.add(path, RecordForm::Objects, element.objects, true);
        }
        self.visit(element, &path.then(PathStep::Each));
        let within = self.candidates.get(known..).unwrap_or_default();
        let has_phones_within = within.iter().any(|candidate| candidate.has_phone);
        // People without a phone of their own, whose lists have some, may be the contacts as well as what they list.
        if element.objects > 0 && (!has_phones_within || is_somebody(self.outline, element)) {
            self.candidates
                .truncate(known + if has_phones_within { within.len() } else { 0 });
            self.add(
                path,
                RecordForm::Objects,
                element.objects,
                has_phones_within,
            );
        }
    }

    fn visit_object(&mut self, place: &OutlinePlace, path: &RecordsPath) {
        if is_profile(self.outline, place) {
            return;
        }
        if is_keyed(self.outline, place) {
            let count = self.outline.under(place).map(|child| child.objects).sum();
            return self.add(&path.then(PathStep::Each), RecordForm::Objects, count, true);
        }
        if are_several(self.outline, place) && path.steps().all(|step| *step != PathStep::Each) {
            self.doubtful.push(path.then(PathStep::Each));
        }
        for child in self.outline.under(place) {
            self.visit(child, &path.then(PathStep::Key(child.key.clone())));
        }
    }

    fn add(&mut self, path: &RecordsPath, form: RecordForm, objects: u64, has_phone: bool) {
        self.candidates.push(Candidate {
            path: path.clone(),
            form,
            objects,
            has_phone,
        });
    }

    fn with_phones(&self) -> impl Iterator<Item = &Candidate> {
        self.candidates
            .iter()
            .filter(|candidate| candidate.has_phone)
    }

    /// Where a user says they are.
    fn named(&self, path: &RecordsPath) -> Result<FoundRecords, SourceError> {
        let places = at(self.outline, self.outline.document(), path, 0);
        if places.is_empty() {
            return Err(SourceError::NoRecords {
                path: path.clone(),
                lists: self.candidates.iter().map(|it| it.path.clone()).collect(),
            });
        }
        let is_turned = places
            .iter()
            .all(|place| columns::is_turned(self.outline, place));
        let form = match is_turned {
            true => RecordForm::Columns,
            false => RecordForm::Objects,
        };
        Ok(self.found(path, form))
    }

    /// Where they are by themselves.
    fn only(&self) -> Result<FoundRecords, SourceError> {
        let is_alone = is_alone(self.outline);
        // Whose phone is only in a list of other people may be meant as well as they.
        let is_somebody = self.outline.document().objects > 0 && self.is_somebody();
        let phones: Vec<&Candidate> = self.with_phones().collect();
        let has_holders = phones.iter().any(|it| is_holder(&it.path));
        match phones.as_slice() {
            [one] if self.is_around(one, is_alone) => Ok(self.found(&one.path, one.form)),
            // Who has a phone is a contact, whatever else it holds.
            _ if is_alone && !has_holders => Ok(self.document()),
            // A message to the agent instead of the customer is worse than a question.
            [one] if !is_alone && !is_somebody && is_of_others(&one.path) => {
                let path = one.path.clone();
                Err(SourceError::ListOfOthers { path })
            }
            [one] if !is_alone && !is_somebody => Ok(self.found(&one.path, one.form)),
            [] => self.without_phones(),
            [..] => {
                let document = (is_alone || is_somebody).then(RecordsPath::default);
                let paths = phones.iter().map(|it| it.path.clone());
                let lists = paths.chain(document).collect();
                Err(SourceError::SeveralLists { lists })
            }
        }
    }

    fn is_somebody(&self) -> bool {
        let document = self.outline.document();
        !columns::is_turned(self.outline, document)
            && !is_keyed(self.outline, document)
            && is_somebody(self.outline, document)
    }

    /// Whether a document that is like a contact is only what a list of contacts is in: one that is called so, and not
    /// one in each of several contacts.
    fn is_around(&self, list: &Candidate, is_alone: bool) -> bool {
        is_holder(&list.path) && (self.outline.document().objects == 1 || !is_alone)
    }

    /// Nothing has a phone by its keys: the mapping is to say what is missing.
    fn without_phones(&self) -> Result<FoundRecords, SourceError> {
        let document = self.outline.document();
        let is_one = document.objects > 0 && self.is_somebody();
        if let Some(path) = self.doubtful.first() {
            return Err(SourceError::KeyedObjects { path: path.clone() });
        }
        match self.candidates.as_slice() {
            _ if is_one => Ok(self.document()),
            [] => Ok(self.document()),
            [one] => Ok(self.found(&one.path, one.form)),
            all => Err(SourceError::SeveralLists {
                lists: all.iter().map(|it| it.path.clone()).collect(),
            }),
        }
    }

    fn document(&self) -> FoundRecords {
        self.found(&RecordsPath::default(), RecordForm::Objects)
    }

    fn found(&self, path: &RecordsPath, form: RecordForm) -> FoundRecords {
        FoundRecords {
            path: path.clone(),
            form,
            others: self.others(path),
        }
    }

    /// What else has phones; lists inside of the records are part of them.
    fn others(&self, path: &RecordsPath) -> Vec<OtherList> {
        let document = self.outline.document();
        let around = (!path.is_document() && is_alone(self.outline)).then(|| OtherList {
            path: RecordsPath::default(),
            objects: document.objects,
        });
        let lists = self
            .with_phones()
            .filter(|other| !is_same(&other.path, path));
        let lists = lists.map(|other| OtherList {
            path: other.path.clone(),
            objects: other.objects,
        });
        around.into_iter().chain(lists).collect()
    }
}

/// Whether a list is called after people who are not the contacts: sellers, agents, relatives.
fn is_of_others(path: &RecordsPath) -> bool {
    let name = path.last_key().unwrap_or_default();
    !may_be_the_phone(&format!("{name} phone"))
}

/// Whether one path leads to what the other does: to a list, to its elements or into them.
fn is_same(other: &RecordsPath, path: &RecordsPath) -> bool {
    let keys = |path: &RecordsPath| -> Vec<PathStep> {
        path.steps()
            .filter(|step| **step != PathStep::Each)
            .cloned()
            .collect()
    };
    other == path || !path.is_document() && keys(path).starts_with(&keys(other))
}

/// The places that a path leads to.
fn at<'a>(
    outline: &'a Outline,
    place: &'a OutlinePlace,
    path: &RecordsPath,
    step: usize,
) -> Vec<&'a OutlinePlace> {
    let under = outline.under(place);
    let next: Vec<&OutlinePlace> = match path.step(step) {
        None => return vec![place],
        Some(PathStep::Key(key)) => under.filter(|child| child.key == *key).collect(),
        // In an empty list nothing contradicts the rest of the path.
        Some(PathStep::Each) if place.lists > 0 && place.longest == 0 => return vec![place],
        Some(PathStep::Each) if place.lists > 0 => vec![outline.element(place)],
        Some(PathStep::Each) => under.collect(),
    };
    next.into_iter()
        .flat_map(|place| at(outline, place, path, step + 1))
        .collect()
}

/// Whether the objects here are contacts by their own keys.
fn is_contact(outline: &Outline, place: &OutlinePlace) -> bool {
    place.objects > 0
        && (is_profile(outline, place) || keys_name_a_phone(&borrowed(&leaves(outline, place))))
}

/// Whether a document is a contact itself. A list of phones alone does not make it one: it may list contacts.
fn is_alone(outline: &Outline) -> bool {
    let document = outline.document();
    let leaves = leaves(outline, document);
    let own = || own_leaves(&leaves);
    document.objects > 0
        && !columns::is_turned(outline, document)
        && !is_keyed(outline, document)
        && is_contact(outline, document)
        && (is_profile(outline, document)
            || keys_name_a_phone(&own())
            || keys_name_somebody(&own()))
}

/// Whether the objects here are people, whether or not they have a phone.
fn is_somebody(outline: &Outline, place: &OutlinePlace) -> bool {
    keys_name_somebody(&own_leaves(&leaves(outline, place)))
}

/// The leaves outside of lists of objects.
fn own_leaves(leaves: &[String]) -> Vec<&str> {
    let leaves = leaves.iter().map(String::as_str);
    leaves.filter(|leaf| !leaf.contains(".0.")).collect()
}

/// Whether the objects here have the API's own form.
fn is_profile(outline: &Outline, place: &OutlinePlace) -> bool {
    let mut keys = outline.under(place);
    keys.any(|child| {
        let mut inner = outline.under(child);
        child.key == "profile" && inner.any(|inner| inner.key == "userDetails")
    })
}

/// Whether the objects here are not records, but hold one under each of their keys.
fn is_keyed(outline: &Outline, place: &OutlinePlace) -> bool {
    /// Fewer objects under keys of their own are parts of one contact.
    const FEWEST: usize = 2;
    let children = || outline.under(place);
    let are_objects =
        children().all(|child| child.objects > 0 && child.lists == 0 && child.filled == 0);
    // Objects of one contact that are called by words (`billing`, `shipping_2`) are its addresses.
    are_objects
        && children().count() >= FEWEST
        && children().all(|child| is_id(&child.key))
        && children().any(|child| is_contact(outline, child))
}

/// Whether more than one of the objects under the keys here is a contact by its own keys.
fn are_several(outline: &Outline, place: &OutlinePlace) -> bool {
    let children = outline.under(place).filter(|child| child.objects > 0);
    children
        .filter(|child| is_contact(outline, child))
        .nth(1)
        .is_some()
}

fn is_holder(path: &RecordsPath) -> bool {
    let last = path.last_key().unwrap_or_default().to_lowercase();
    HOLDERS.contains(&last.as_str())
}

/// Keys of the values of the objects here, dotted paths for what is nested, as `flat` calls them.
fn leaves(outline: &Outline, place: &OutlinePlace) -> Vec<String> {
    let mut all = Vec::new();
    for child in outline.under(place) {
        add_leaves(outline, child, &child.key, &mut all);
    }
    all
}

/// More keys than a record may have need not be looked at.
const MOST_LEAVES: usize = 16_384;

fn add_leaves(outline: &Outline, place: &OutlinePlace, path: &str, all: &mut Vec<String>) {
    if all.len() >= MOST_LEAVES || columns::is_turned(outline, place) {
        return;
    }
    let element = outline.element(place);
    if place.filled > 0 || element.filled > 0 {
        all.push(path.to_owned());
    }
    for child in outline.under(place) {
        add_leaves(outline, child, &format!("{path}.{}", child.key), all);
    }
    for child in outline.under(element) {
        add_leaves(outline, child, &format!("{path}.0.{}", child.key), all);
    }
}

fn borrowed(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

#[cfg(test)]
mod tests;
