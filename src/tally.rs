//! Counts of a run: events in, counts out, and whether the counts add up.
//!
//! Owns conservation: `read = accepted + would_send + invalid + refused + skipped + unknown + unsent`. Does no IO and
//! reads no clock.

use std::collections::{BTreeMap, HashMap};

use crate::batch::Item;
use crate::contact::region::Region;
use crate::event::{DuplicateOf, Event, Failure};
use crate::mapping::Warning;
use crate::outcome::{Code, Outcome, Skip};
use crate::record::Place;
use crate::text::mask;

/// Rows that a group of reasons names, in the summary and in the JSON line.
pub(crate) const ROWS_NAMED: usize = 3;
/// Different reasons that are kept apart; further ones are counted by code alone. Bounds memory where a server quotes
/// the contact in every refusal.
const GROUPS_KEPT: usize = 200;
/// Different tags, and attributes, that a dry run counts. Bounds memory where every row has a tag of its own.
const KINDS_KEPT: usize = 200;

/// Counts of a run.
#[derive(Debug, Default)]
pub struct Tally {
    /// Taken by the platform.
    pub accepted: u64,
    /// Would be sent, were this no dry run.
    pub would_send: u64,
    /// Not sent: something is wrong with them.
    pub invalid: u64,
    /// Refused by the platform.
    pub refused: u64,
    /// Sent, no answer.
    pub unknown: u64,
    /// Not sent.
    pub unsent: u64,
    /// Left out: another row has the same phone.
    pub duplicate: u64,
    /// The first of these, and the rows that they were left out for.
    pub first_duplicates: Vec<(Place, DuplicateOf)>,
    /// Left out by `--only` or `--except`.
    pub filtered: u64,
    /// Left out: accepted by the unfinished run that this one resumes.
    pub resumed: u64,
    /// Left out: accepted before in this form.
    pub unchanged: u64,
    /// Left out: another process sends them.
    pub other_shard: u64,
    /// Left out: they opted out.
    pub opted_out: u64,
    /// Left out: a column asks whether they agree, and has no answer.
    pub unanswered: u64,
    /// Left out: the sheet hides their rows.
    pub hidden: u64,
    /// Left out: their phones are in a list of `--suppress`.
    pub suppressed: u64,
    /// Sent by `--include`, or would be: they opted out, or gave no answer.
    pub sent_opted_out: u64,
    /// Sent by `--include`, or would be: the sheet hides their rows.
    pub sent_hidden: u64,
    /// Warnings, about records and from the platform.
    pub warnings: u64,
    /// Requests sent.
    pub requests: u64,
    /// Requests that sent a batch again.
    pub retries: u64,
    /// Reasons of failed records, and of warnings.
    pub reasons: Groups<(Outcome, Code)>,
    /// Warnings about records.
    pub record_warnings: Groups<()>,
    /// The first warnings of the platform about batches that it accepted, digits masked.
    pub server_warnings: Vec<String>,
    /// Contacts by region, for a dry run; the empty text is an international network.
    pub regions: BTreeMap<String, u64>,
    /// Contacts by tag, for a dry run.
    pub tags: BTreeMap<String, u64>,
    /// Contacts by the key of an attribute, for a dry run.
    pub attributes: BTreeMap<String, u64>,
}

impl Tally {
    /// Takes an event into account.
    pub fn note(&mut self, event: &Event) {
        match event {
            Event::Accepted(items) => {
                self.accepted += count(items.len());
                self.sent(items);
            }
            Event::WouldSend(items) => {
                self.would_send(items);
                self.sent(items);
            }
            Event::Skipped(skip) => *self.skips(*skip) += 1,
            Event::Duplicate(place, other) => self.repeated(*place, *other),
            Event::Failed(failure) => self.failed(failure),
            Event::Warned(place, warning) => self.warned(*place, warning),
            Event::ServerWarned(words) => self.server_warned(words.as_str()),
            Event::Requested => self.requests += 1,
            Event::Retried => self.retries += 1,
            Event::Waiting(_)
            | Event::Capped(_)
            | Event::BrokeOff(_)
            | Event::LookedThrough(..) => {}
        }
    }

    fn skips(&mut self, skip: Skip) -> &mut u64 {
        match skip {
            Skip::Filtered => &mut self.filtered,
            Skip::Resumed => &mut self.resumed,
            Skip::Unchanged => &mut self.unchanged,
            Skip::OtherShard => &mut self.other_shard,
            Skip::OptedOut => &mut self.opted_out,
            Skip::Unanswered => &mut self.unanswered,
            Skip::Hidden => &mut self.hidden,
            Skip::Suppressed => &mut self.suppressed,
        }
    }

    /// Contacts that only `--include` sends, and the rows that were merged into contacts. The contacts themselves are
    /// counted as accepted.
    fn sent(&mut self, items: &[Item]) {
        for item in items {
            self.sent_opted_out += u64::from(item.without_consent);
            self.sent_hidden += u64::from(item.is_hidden());
            let united = DuplicateOf::Merged(item.record.place);
            for other in &item.merged {
                self.repeated(other.place, united);
            }
        }
    }

    fn repeated(&mut self, place: Place, other: DuplicateOf) {
        self.duplicate += 1;
        if self.first_duplicates.len() < ROWS_NAMED {
            self.first_duplicates.push((place, other));
        }
    }

    fn would_send(&mut self, items: &[Item]) {
        self.would_send += count(items.len());
        for item in items {
            let region = item.phone.region.map_or("", Region::code);
            count_one(&mut self.regions, region, usize::MAX);
            count_each(&mut self.tags, &item.tags);
            count_each(&mut self.attributes, &item.attributes);
        }
    }

    fn failed(&mut self, failure: &Failure) {
        match failure.outcome {
            Outcome::Invalid => self.invalid += 1,
            Outcome::Refused => self.refused += 1,
            Outcome::Unknown => self.unknown += 1,
            Outcome::Unsent => self.unsent += 1,
            // These are no failures: events of their own count them.
            Outcome::Accepted | Outcome::WouldSend | Outcome::Skipped => return,
        }
        self.reasons.add(
            (failure.outcome, failure.reason.code),
            &failure.reason.brief,
            failure.record.place,
        );
    }

    fn warned(&mut self, place: Place, warning: &Warning) {
        self.warnings += 1;
        self.record_warnings.add((), &warning.brief, place);
    }

    fn server_warned(&mut self, words: &str) {
        self.warnings += 1;
        let words = mask(words);
        // All are counted, three are shown: a server may warn about every contact in words of its own.
        let is_new = !self.server_warnings.iter().any(|known| *known == words);
        if self.server_warnings.len() < ROWS_NAMED && is_new {
            self.server_warnings.push(words.into_owned());
        }
    }

    /// Left out on purpose.
    pub(crate) fn skipped(&self) -> u64 {
        self.duplicate
            + self.filtered
            + self.resumed
            + self.unchanged
            + self.other_shard
            + self.without_consent()
            + self.hidden
            + self.suppressed
    }

    /// Left out: they opted out, or gave no answer.
    pub(crate) fn without_consent(&self) -> u64 {
        self.opted_out + self.unanswered
    }

    /// Every record that has an outcome.
    pub fn settled(&self) -> u64 {
        self.accepted
            + self.would_send
            + self.invalid
            + self.refused
            + self.skipped()
            + self.unknown
            + self.unsent
    }

    /// What `--max-errors` counts.
    pub(crate) fn errors(&self) -> u64 {
        self.invalid + self.refused + self.unknown
    }

    /// Whether some contacts did not arrive that were meant to.
    pub(crate) fn has_failures(&self) -> bool {
        self.errors() + self.unsent > 0
    }
}

fn count_each(counts: &mut BTreeMap<String, u64>, names: &[String]) {
    for name in names {
        count_one(counts, name, KINDS_KEPT);
    }
}

/// Counts a name that is known, or is one of the first.
fn count_one(counts: &mut BTreeMap<String, u64>, name: &str, most: usize) {
    if let Some(count) = counts.get_mut(name) {
        *count += 1;
    } else if counts.len() < most {
        counts.insert(name.to_owned(), 1);
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Occurrences of one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Group {
    /// How often.
    pub(crate) count: u64,
    /// The first places, in the order they were met.
    pub(crate) places: Vec<Place>,
    /// How many groups there were when this one was met first. Breaks ties, so that two runs print the same order
    /// although the map has none.
    order: usize,
}

impl Group {
    fn add(&mut self, place: Place) {
        self.count += 1;
        if self.places.len() < ROWS_NAMED {
            self.places.push(place);
        }
    }
}

/// Reasons, grouped by their kind and their words with digits masked.
#[derive(Debug)]
pub struct Groups<K> {
    groups: HashMap<K, HashMap<String, Group>>,
    /// How many there are.
    count: usize,
}

impl<K> Default for Groups<K> {
    fn default() -> Self {
        Groups {
            groups: HashMap::new(),
            count: 0,
        }
    }
}

impl<K: Copy + Eq + std::hash::Hash + Ord> Groups<K> {
    fn add(&mut self, kind: K, words: &str, place: Place) {
        let groups = self.groups.entry(kind).or_default();
        let words = mask(words);
        let words = match groups.contains_key(words.as_ref()) {
            // A reason that is known already keeps its own group, however late its next row comes.
            false if self.count >= GROUPS_KEPT => "other reasons",
            _ => words.as_ref(),
        };
        // Nearly all are known, and cost no text of their own.
        if let Some(group) = groups.get_mut(words) {
            return group.add(place);
        }
        let mut group = Group {
            order: self.count,
            ..Group::default()
        };
        group.add(place);
        groups.insert(words.to_owned(), group);
        self.count += 1;
    }

    /// The groups, the most frequent first, with their kind and words.
    pub(crate) fn by_count(&self) -> Vec<(K, &str, &Group)> {
        let kinds = self.groups.iter();
        let mut groups: Vec<_> = kinds
            .flat_map(|(kind, groups)| {
                let groups = groups.iter();
                groups.map(|(words, group)| (*kind, words.as_str(), group))
            })
            .collect();
        groups.sort_by_key(|(_, _, group)| (std::cmp::Reverse(group.count), group.order));
        groups
    }

    /// The groups joined by kind, in the order of the kinds: count and first places.
    pub(crate) fn by_kind(&self) -> Vec<(K, Group)> {
        let mut kinds: BTreeMap<K, Group> = BTreeMap::new();
        for (kind, groups) in &self.groups {
            let joined = kinds.entry(*kind).or_default();
            for group in groups.values() {
                joined.count += group.count;
                joined.places.extend(&group.places);
            }
        }
        for group in kinds.values_mut() {
            // The groups come in the order of a hash map: without sorting, two runs would name different rows.
            group.places.sort_unstable();
            group.places.truncate(ROWS_NAMED);
        }
        kinds.into_iter().collect()
    }
}

#[cfg(test)]
mod tests;
