//! The census: how many say no in the consent columns of an input.
//!
//! Owns the count and how a user is told. What a no is, is `consent`'s.

use super::columns::{Columns, Found, names};
use super::consent::{Asks, asks};
use super::memo::Memo;
use crate::record::{Header, Layout, Record};
use crate::text::{quoted, shell_word};
use crate::units::grouped;
use std::collections::BTreeMap;

/// So many different values are named in a message.
const VALUES_NAMED: usize = 4;

/// How far the records of an input were counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// To its end.
    Whole,
    /// Only the first of them.
    First,
}

/// A column in which somebody said no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct No {
    /// The column, as options name it.
    pub column: String,
    /// How many.
    pub count: u64,
    /// The same in words: `812 of 3,412 say no in "Accepts WhatsApp Marketing"`.
    pub words: String,
    /// The options that leave them out (`only`, `except`), and their values.
    pub options: Vec<(&'static str, String)>,
}

impl No {
    /// What a user is told: `812 of 3,412 say no in "Accepts WhatsApp Marketing"; --except "…" leaves them out`.
    pub fn line(&self) -> String {
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

/// Counts who says no in the consent columns of an input.
#[derive(Debug)]
pub struct Census {
    columns: Memo<Vec<Question>>,
    rows: u64,
    noes: Vec<Noes>,
}

/// A consent column of one header.
#[derive(Debug)]
struct Question {
    index: usize,
    asks: Asks,
    /// How `--except` names it.
    reference: String,
}

/// Who said no in one column.
#[derive(Debug)]
struct Noes {
    name: String,
    reference: String,
    asks: Asks,
    count: u64,
    /// The values that said it, by their keys.
    values: BTreeMap<String, String>,
}

impl Default for Census {
    fn default() -> Census {
        Census {
            columns: Memo::new(),
            rows: 0,
            noes: Vec::new(),
        }
    }
}

impl Census {
    /// Whether a header has a column in which somebody can say no.
    pub fn has_questions(header: &Header) -> bool {
        !questions(header).is_empty()
    }

    /// Takes a record into account.
    pub fn note(&mut self, record: &Record) {
        self.rows += 1;
        let header = &record.header;
        for question in self.columns.get(header, || questions(header)) {
            let value = record
                .cells
                .get(question.index)
                .and_then(|cell| cell.text());
            if let Some(value) = value.filter(|value| question.asks.says_no(value)) {
                let name = super::columns::name(header, question.index);
                add(&mut self.noes, name, question, value);
            }
        }
    }

    /// The columns in which somebody said no.
    pub fn noes(&self, extent: Extent) -> Vec<No> {
        let rows = self.rows(extent);
        let no = |noes: &Noes| No {
            column: noes.reference.clone(),
            count: noes.count,
            words: noes.words(&rows),
            options: noes.options(),
        };
        self.noes.iter().map(no).collect()
    }

    fn rows(&self, extent: Extent) -> String {
        match extent {
            Extent::Whole => grouped(self.rows),
            Extent::First => format!("the first {}", grouped(self.rows)),
        }
    }
}

fn questions(header: &Header) -> Vec<Question> {
    let columns = Columns::new(header);
    names(header)
        .filter_map(|(index, name)| {
            let asks = asks(name).filter(|asks| *asks != Asks::Circumstance)?;
            let reference = reference(&columns, index);
            Some(Question {
                index,
                asks,
                reference,
            })
        })
        .collect()
}

/// How a condition names a column: by its name where that finds it, else by its number.
fn reference(columns: &Columns<'_>, index: usize) -> String {
    let name = columns.name(index);
    let finds_it = columns.find(name) == Found::One(index) && !name.contains('=');
    if finds_it || columns.header.layout != Layout::Table {
        name.to_owned()
    } else {
        (index + 1).to_string()
    }
}

fn add(all: &mut Vec<Noes>, name: &str, question: &Question, value: &str) {
    let known = all
        .iter_mut()
        .find(|noes| noes.reference == question.reference);
    if let Some(noes) = known {
        return noes.add(value);
    }
    let mut noes = Noes {
        name: name.to_owned(),
        reference: question.reference.clone(),
        asks: question.asks,
        count: 0,
        values: BTreeMap::new(),
    };
    noes.add(value);
    all.push(noes);
}

impl Noes {
    fn add(&mut self, value: &str) {
        self.count += 1;
        let folded = value.trim().to_lowercase();
        if self.values.len() < VALUES_NAMED || self.values.contains_key(&folded) {
            self.values
                .entry(folded)
                .or_insert_with(|| value.trim().to_owned());
        }
    }

    /// `812 of 3,412 say no in "Accepts WhatsApp Marketing"`.
    fn words(&self, rows: &str) -> String {
        let verb = if self.count == 1 { "says" } else { "say" };
        let (count, name) = (grouped(self.count), quoted(&self.name));
        format!("{count} of {rows} {verb} no in {name}")
    }

    /// The options that leave them out, and their values.
    fn options(&self) -> Vec<(&'static str, String)> {
        if self.asks == Asks::RefusedSince {
            return vec![("only", format!("{}=", self.reference))];
        }
        let except = |value| ("except", format!("{}={value}", self.reference));
        self.values.values().map(except).collect()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::record::{Cell, InputId, Place};
    use std::sync::Arc;

    fn census(name: &str, values: &[&str]) -> Vec<String> {
        let header = Arc::new(Header {
            layout: Layout::Table,
            names: vec!["Phone".to_owned(), name.to_owned()],
        });
        let mut census = Census::default();
        for value in values {
            census.note(&Record {
                place: Place {
                    input: InputId(0),
                    row: 2,
                },
                header: Arc::clone(&header),
                cells: vec![Cell::Absent, Cell::Text((*value).to_owned())],
                raw: None,
                hidden: false,
                flaw: None,
                remark: None,
                bytes: 0,
            });
        }
        census.noes(Extent::Whole).iter().map(No::line).collect()
    }

    #[test]
    fn the_noes_are_counted_and_the_way_to_leave_them_out_is_named() {
        for (name, values, expected) in [
            (
                "Accepts WhatsApp Marketing",
                &["yes", "no", "No ", "", "maybe"][..],
                "2 of 5 say no in \"Accepts WhatsApp Marketing\"; --except \"Accepts WhatsApp Marketing=no\" leaves them out",
            ),
            (
                "Unsubscribed",
                &["TRUE", "FALSE", ""],
                "1 of 3 says no in \"Unsubscribed\"; --except Unsubscribed=TRUE leaves it out",
            ),
            (
                "Consent",
                &["0", "unsubscribed", "yes"],
                "2 of 3 say no in \"Consent\"; --except Consent=0 --except Consent=unsubscribed leave them out",
            ),
            (
                "Unsubscribed At",
                &["2024-01-01", "2024-02-01", " "],
                "2 of 3 say no in \"Unsubscribed At\"; --only \"Unsubscribed At=\" leaves them out",
            ),
            (
                "a=b consent",
                &["no"],
                "1 of 1 says no in \"a=b consent\"; --except 2=no leaves it out",
            ),
        ] {
            assert_eq!(census(name, values), [expected]);
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
            assert_eq!(census(name, &[value, ""]), Vec::<String>::new(), "{name}");
        }
    }

    #[test]
    fn what_leaves_them_out_is_understood_as_a_condition() {
        let header = Header {
            layout: Layout::Table,
            names: vec!["Opted in".into(), "Opted in".into()],
        };
        assert!(Census::has_questions(&header));
        let references: Vec<String> = questions(&header)
            .into_iter()
            .map(|of| of.reference)
            .collect();
        assert_eq!(references, ["1", "2"]);
        let condition: super::super::Condition = "1=no".parse().unwrap();
        assert_eq!(
            (condition.header.as_str(), condition.value.as_str()),
            ("1", "no")
        );
    }
}
