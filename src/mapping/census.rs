//! The census: how many say no in the consent columns of an input, or give no answer.
//!
//! Owns the counts and their wording. `consent` decides what a no is.

use super::columns::{ColumnMatch, Columns, name};
use super::consent::{Consent, Consented};
use crate::hint::{EXCEPT, ONLY, long};
use crate::record::{Header, Layout, Record};
use crate::text::{quoted, shell_word};
use crate::units::grouped;
use crate::vocabulary::{ConsentQuestion, consent_question, is_word_of_consent};
use std::collections::BTreeMap;

/// How many different values a message names.
const VALUES_NAMED: usize = 4;

/// How far the records of an input were counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CensusExtent {
    /// To its end.
    Whole,
    /// Only the first of them.
    First,
}

/// A column in which contacts refuse another channel than WhatsApp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OtherRefusal {
    /// The column, as options name it.
    pub(crate) column: String,
    /// The same in words: `812 of 3,412 say no in "Accepts Email Marketing"`.
    pub(crate) words: String,
    /// The options that leave them out (`only`, `except`), and their values.
    pub(crate) options: Vec<(&'static str, String)>,
    count: u64,
}

impl OtherRefusal {
    /// The line that a user reads: `812 of 3,412 say no in "Accepts Email Marketing"; --except "…" leaves them out`.
    pub(crate) fn line(&self) -> String {
        let options: Vec<String> = self
            .options
            .iter()
            .map(|(option, condition)| format!("--{option} {}", shell_word(condition)))
            .collect();
        let leave = if options.len() == 1 {
            "leaves"
        } else {
            "leave"
        };
        let them = if self.count == 1 { "it" } else { "them" };
        format!("{}; {} {leave} {them} out", self.words, options.join(" "))
    }
}

/// Counts what the records of an input say in its consent columns.
#[derive(Debug, Default)]
pub(crate) struct Census {
    rows: u64,
    opted_out: Vec<ColumnAnswers>,
    unanswered: Vec<ColumnAnswers>,
    others: Vec<ColumnAnswers>,
}

/// The answers of one kind in one column.
#[derive(Debug)]
struct ColumnAnswers {
    name: String,
    /// How `--except` names it.
    reference: String,
    count: u64,
    /// The values that mean it, by their keys.
    values: BTreeMap<String, String>,
}

impl Census {
    /// Takes a record into account, by the column of this header that says what it says.
    pub(crate) fn note(&mut self, consented: Consented, header: &Header, record: Record<'_>) {
        self.rows += 1;
        match consented {
            Consented::OptedOut(index) => add(&mut self.opted_out, header, record, index),
            Consented::Unanswered(index) => add(&mut self.unanswered, header, record, index),
            Consented::Yes => {}
        }
    }

    /// Takes into account what a record says no to that is not sent here.
    pub(crate) fn note_others(&mut self, consent: &Consent, record: Record<'_>) {
        for index in consent.other_refusals(record) {
            add(&mut self.others, record.header(), record, index);
        }
    }

    /// The contacts that opted out: `1 of 3 contacts opted out ("Opted in" = no)`; `None` if there are none.
    pub(crate) fn opted_out(&self, extent: CensusExtent) -> Option<String> {
        self.counted(&self.opted_out, extent, "opted out")
    }

    /// Those who gave no answer: `2 of 3 contacts gave no answer ("Opted in" = "", pending)`.
    pub(crate) fn unanswered(&self, extent: CensusExtent) -> Option<String> {
        self.counted(&self.unanswered, extent, "gave no answer")
    }

    fn counted(
        &self,
        columns: &[ColumnAnswers],
        extent: CensusExtent,
        what: &str,
    ) -> Option<String> {
        let count: u64 = columns.iter().map(|said| said.count).sum();
        let values: Vec<String> = columns.iter().map(ColumnAnswers::shown).collect();
        let contacts = match (extent, self.rows) {
            (CensusExtent::Whole, 1) => "contact",
            _ => "contacts",
        };
        let (some, rows, values) = (grouped(count), self.rows(extent), values.join("; "));
        (count > 0).then(|| format!("{some} of {rows} {contacts} {what} ({values})"))
    }

    fn rows(&self, extent: CensusExtent) -> String {
        match extent {
            CensusExtent::Whole => grouped(self.rows),
            CensusExtent::First => format!("the first {}", grouped(self.rows)),
        }
    }

    /// The columns of other channels in which contacts refused.
    pub(crate) fn others(&self, extent: CensusExtent) -> Vec<OtherRefusal> {
        let rows = self.rows(extent);
        let refusal = |said: &ColumnAnswers| {
            let verb = if said.count == 1 { "says" } else { "say" };
            let (count, name) = (grouped(said.count), quoted(&said.name));
            OtherRefusal {
                column: said.reference.clone(),
                words: format!("{count} of {rows} {verb} no in {name}"),
                options: said.options(),
                count: said.count,
            }
        };
        self.others.iter().map(refusal).collect()
    }
}

/// How a condition names a column: by its name where that finds it, else by its number.
fn reference(header: &Header, index: usize) -> String {
    let columns = Columns::new(header);
    let name = columns.name(index);
    let finds_it = columns.find(name) == ColumnMatch::One(index) && !name.contains('=');
    if finds_it || header.layout != Layout::Table {
        name.to_owned()
    } else {
        (index + 1).to_string()
    }
}

fn add(all: &mut Vec<ColumnAnswers>, header: &Header, record: Record<'_>, index: usize) {
    let name = name(header, index);
    // An object may lack the key.
    let at = match header.layout {
        Layout::Keys => record.header().names.iter().position(|own| own == name),
        Layout::Table | Layout::Object => Some(index),
    };
    let value = at.and_then(|at| record.cell(at)?.text());
    let value = value.unwrap_or_default();
    // Of one name twice, the second is another column.
    let known = all.iter_mut().find(|said| said.is_of(header, index, name));
    if let Some(said) = known {
        return said.add(value);
    }
    let mut said = ColumnAnswers {
        name: name.to_owned(),
        reference: reference(header, index),
        count: 0,
        values: BTreeMap::new(),
    };
    said.add(value);
    all.push(said);
}

impl ColumnAnswers {
    fn is_of(&self, header: &Header, index: usize, name: &str) -> bool {
        self.name == name
            && (header.layout != Layout::Table
                || self.reference == self.name
                || self.reference == (index + 1).to_string())
    }

    fn add(&mut self, value: &str) {
        self.count += 1;
        let folded = value.trim().to_lowercase();
        if self.values.len() < VALUES_NAMED || self.values.contains_key(&folded) {
            self.values
                .entry(folded)
                .or_insert_with(|| value.trim().to_owned());
        }
    }

    /// `"Opted in" = no, 0`
    fn shown(&self) -> String {
        let value = |value: &String| match value.as_str() {
            "" => "blank".to_owned(),
            value => shown(value),
        };
        let mut values: Vec<String> = Vec::new();
        for shown in self.values.values().map(value) {
            // All answers that are not understood have the same words.
            if !values.contains(&shown) {
                values.push(shown);
            }
        }
        format!("{} = {}", quoted(&self.name), values.join(", "))
    }

    /// The options that leave them out, and their values.
    fn options(&self) -> Vec<(&'static str, String)> {
        if consent_question(&self.name) == Some(ConsentQuestion::RefusedSince) {
            return vec![(long(ONLY), format!("{}=", self.reference))];
        }
        let except = |value| (long(EXCEPT), format!("{}={value}", self.reference));
        self.values.values().map(except).collect()
    }
}

/// A value that is not a word of consent may be anything: a note on somebody.
fn shown(value: &str) -> String {
    match is_word_of_consent(value) {
        true => value.to_owned(),
        false => "an answer that is not understood".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{CellValue, DraftRecord};
    use std::sync::Arc;

    fn census(name: &str, values: &[&str]) -> Census {
        let header = Arc::new(Header {
            layout: Layout::Table,
            names: vec!["Phone".to_owned(), name.to_owned()],
        });
        let consent = Consent::of(&header, |_| false);
        let mut census = Census::default();
        for value in values {
            let cells = vec![CellValue::Absent, CellValue::Text((*value).to_owned())];
            let record = DraftRecord::new(&header, cells).shared();
            census.note(consent.of_record(record.get()), &header, record.get());
            census.note_others(&consent, record.get());
        }
        census
    }

    fn others(name: &str, values: &[&str]) -> Vec<String> {
        let census = census(name, values);
        let others = census.others(CensusExtent::Whole);
        others.iter().map(OtherRefusal::line).collect()
    }

    #[test]
    fn who_opted_out_and_who_gave_no_answer_is_counted_apart() {
        let values = ["yes", "no", "No ", "0", "", "pending"];
        let counted = census("Opted in", &values);
        assert_eq!(
            counted.opted_out(CensusExtent::Whole).as_deref(),
            Some("3 of 6 contacts opted out (\"Opted in\" = 0, no)")
        );
        assert_eq!(
            counted.unanswered(CensusExtent::First).as_deref(),
            Some("2 of the first 6 contacts gave no answer (\"Opted in\" = blank, pending)")
        );
        let long = census("Opted in", &["she said that she would think about it"]);
        assert_eq!(
            long.unanswered(CensusExtent::Whole).as_deref(),
            Some("1 of 1 contact gave no answer (\"Opted in\" = an answer that is not understood)")
        );
    }

    #[test]
    fn a_no_to_another_way_is_counted_and_the_way_to_leave_them_out_is_named() {
        for (name, values, expected) in [
            (
                "Accepts Email Marketing",
                &["yes", "no", "No ", "", "maybe"][..],
                "2 of 5 say no in \"Accepts Email Marketing\"; --except \"Accepts Email Marketing=no\" leaves them out",
            ),
            (
                "Email Unsubscribed",
                &["TRUE", "FALSE", ""],
                "1 of 3 says no in \"Email Unsubscribed\"; --except \"Email Unsubscribed=TRUE\" leaves it out",
            ),
            (
                "SMS Consent",
                &["0", "unsubscribed", "yes"],
                "2 of 3 say no in \"SMS Consent\"; --except \"SMS Consent=0\" --except \"SMS Consent=unsubscribed\" leave them out",
            ),
            (
                "Email Unsubscribed At",
                &["2024-01-01", "2024-02-01", " "],
                "2 of 3 say no in \"Email Unsubscribed At\"; --only \"Email Unsubscribed At=\" leaves them out",
            ),
            (
                "a=b email consent",
                &["no"],
                "1 of 1 says no in \"a=b email consent\"; --except 2=no leaves it out",
            ),
        ] {
            assert_eq!(others(name, values), [expected]);
        }
    }

    #[test]
    fn where_nobody_says_no_nothing_is_told() {
        for (name, value) in [
            ("Accepts SMS Marketing", "yes"),
            ("Unsubscribed", "no"),
            ("OPTIN_TIME", "0"),
            ("City", "no"),
        ] {
            let census = census(name, &[value, value]);
            assert_eq!(census.opted_out(CensusExtent::Whole), None, "{name}");
            assert_eq!(census.unanswered(CensusExtent::Whole), None, "{name}");
            assert!(census.others(CensusExtent::Whole).is_empty(), "{name}");
        }
    }

    #[test]
    fn a_column_whose_name_is_not_its_own_is_named_by_its_number() {
        let header = Header {
            layout: Layout::Table,
            names: vec!["Email opt-in".into(), "Email opt-in".into()],
        };
        assert_eq!(reference(&header, 0), "1");
        assert_eq!(reference(&header, 1), "2");
    }
}
