//! Who says no in the consent columns, counted before anything is sent.
//!
//! Owns how far an input is read for that: text in a file to its end, any other as far as it was looked ahead.
//! What is a no is the mapping's.

use super::{Lookahead, Options};
use crate::mapping::{Census, Extent, No, Sifter};
use crate::record::{InputId, Record, Shape};
use crate::source::{self, Input};

impl Lookahead {
    /// Counts who says no, of the whole input where it can be read twice.
    pub(super) fn count_noes(
        &mut self,
        input: &Input,
        id: InputId,
        reading: &source::Options,
        options: &Options,
    ) {
        if !self.asks_for_consent() {
            return;
        }
        // A pipe gives what it holds only once; to unpack or to parse a workbook twice takes too long.
        let again = self.opened.size.is_some();
        let of_file = || of_file(input, id, reading, options);
        self.noes = again.then(of_file).flatten().unwrap_or_else(|| {
            while self.look() {}
            let extent = if self.ended {
                Extent::Whole
            } else {
                Extent::First
            };
            of_records(&self.records, extent, options)
        });
    }

    fn asks_for_consent(&self) -> bool {
        match &self.opened.shape {
            Shape::Table { header, .. } => Census::has_questions(header),
            Shape::Objects => self
                .records
                .iter()
                .any(|record| Census::has_questions(&record.header)),
        }
    }
}

/// What a user is told of the noes of a whole file; `None` where it cannot be read a second time to its end.
fn of_file(
    input: &Input,
    id: InputId,
    reading: &source::Options,
    options: &Options,
) -> Option<Vec<No>> {
    let mut opened = source::open(input, id, reading).ok()?;
    let mut count = Count::new(options);
    while let Some(record) = opened.next().ok()? {
        count.note(&record);
    }
    Some(count.census.noes(Extent::Whole))
}

/// What a user is told of the noes among the records that were looked at.
fn of_records<'r>(
    records: impl IntoIterator<Item = &'r Record>,
    extent: Extent,
    options: &Options,
) -> Vec<No> {
    let mut count = Count::new(options);
    records.into_iter().for_each(|record| count.note(record));
    count.census.noes(extent)
}

struct Count<'a> {
    census: Census,
    sifter: Sifter<'a>,
}

impl Count<'_> {
    fn new(options: &Options) -> Count<'_> {
        Count {
            census: Census::default(),
            sifter: Sifter::new(&options.filter),
        }
    }

    /// Whoever is left out anyway does not count.
    fn note(&mut self, record: &Record) {
        if self.sifter.takes(record) {
            self.census.note(record);
        }
    }
}
