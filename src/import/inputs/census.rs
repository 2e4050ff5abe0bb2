//! Who says no in the consent columns, found out before anything is sent.
//!
//! Owns how far an input is read for that: text in a file to its end, any other as far as it was looked ahead.
//! What is a no is the mapping's.

use super::{ImportOptions, Lookahead, PreparedInputs};
use crate::import::encoder::{AskedKeys, Encoder};
use crate::import::{Include, PhoneSet};
use crate::mapping::{Census, CensusExtent, Consented, OtherRefusal};
use crate::record::{InputId, Layout, Record, Shape};
use crate::source::{self, Input};
use std::sync::Arc;

/// What is known of the consent columns of an input.
#[derive(Default)]
pub(in crate::import) struct ConsentCount {
    /// Who opted out, and is left out: `1 of 3 contacts opted out ("Opted in" = no)`.
    pub(super) opted_out: Option<String>,
    /// Who was asked, gave no answer, and is left out.
    pub(super) unanswered: Option<String>,
    /// Who said no to another way of being written to.
    pub(super) others: Vec<OtherRefusal>,
    /// The phones of those who opted out.
    phones: PhoneSet,
}

impl ConsentCount {
    /// What a user reads about it before anything is sent.
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
        let left_out = [
            (&self.opted_out, "opted-out"),
            (&self.unanswered, "unanswered"),
        ];
        let left_out = left_out.into_iter().filter_map(|(words, include)| {
            let words = words.as_ref()?;
            let is = if words.starts_with("1 of ") {
                "is"
            } else {
                "are"
            };
            Some(format!(
                "{words} and {is} left out; to send: --include {include}"
            ))
        });
        left_out.chain(self.others.iter().map(OtherRefusal::line))
    }
}

impl PreparedInputs {
    /// Counts who says no in each input, and notes their phones.
    pub(super) fn count_consent(&mut self, options: &ImportOptions) {
        let asked = self.asked_keys(options);
        let origins = self.origins.iter().enumerate();
        for (looked, (index, input)) in self.inputs.iter_mut().zip(origins) {
            let encoder = Encoder::asking(options, &asked);
            looked.count_consent(
                input,
                InputId(index),
                &self.reading,
                encoder,
                options.include,
            );
        }
    }

    /// What the first objects of each input are asked, taken together.
    pub(in crate::import) fn asked_keys(&self, options: &ImportOptions) -> AskedKeys {
        let mut encoder = Encoder::new(options);
        let asked = |input: &Lookahead| {
            let keys = input.header.clone()?;
            let consent = encoder.consent(input.id, &keys).clone();
            (keys.layout == Layout::Keys && consent.is_asked()).then_some((keys, consent))
        };
        Arc::new(self.inputs.iter().map(asked).collect())
    }

    /// The phones of those who opted out, as far as the inputs were read for them.
    pub(in crate::import) fn opted_out(&mut self) -> PhoneSet {
        let mut phones = PhoneSet::default();
        for input in &mut self.inputs {
            phones.absorb(std::mem::take(&mut input.consent.phones));
        }
        phones
    }
}

impl Lookahead {
    /// Counts who says no, of the whole input where it can be read twice.
    fn count_consent(
        &mut self,
        input: &Input,
        id: InputId,
        reading: &source::ReadOptions,
        mut encoder: Encoder<'_>,
        include: Include,
    ) {
        if !self.asks_for_consent(&mut encoder) {
            return;
        }
        // A pipe gives what it holds only once; to unpack or to parse a workbook twice takes too long.
        let again = self.opened.size.is_some();
        let of_file = again.then(|| of_file(input, id, reading, Count::new(&mut encoder, include)));
        self.consent = of_file.flatten().unwrap_or_else(|| {
            while self.look() {}
            let extent = if self.ended {
                CensusExtent::Whole
            } else {
                CensusExtent::First
            };
            let mut count = Count::new(&mut encoder, include);
            self.records.iter().for_each(|record| count.note(record));
            count.finish(extent)
        });
    }

    fn asks_for_consent(&self, encoder: &mut Encoder<'_>) -> bool {
        match &self.opened.shape {
            Shape::Table { header, .. } => encoder.consent(self.id, header).is_asked(),
            Shape::Objects => self
                .records
                .iter()
                .any(|record| encoder.consent(self.id, &record.header).is_asked()),
        }
    }
}

/// What a whole file says; `None` where it cannot be read a second time to its end.
fn of_file(
    input: &Input,
    id: InputId,
    reading: &source::ReadOptions,
    mut count: Count<'_, '_>,
) -> Option<ConsentCount> {
    let mut opened = source::open(input, id, reading).ok()?;
    while let Some(record) = opened.next().ok()? {
        count.note(&record);
    }
    Some(count.finish(CensusExtent::Whole))
}

struct Count<'m, 'a> {
    census: Census,
    encoder: &'m mut Encoder<'a>,
    phones: PhoneSet,
    include: Include,
}

impl<'m, 'a> Count<'m, 'a> {
    fn new(encoder: &'m mut Encoder<'a>, include: Include) -> Count<'m, 'a> {
        Count {
            census: Census::default(),
            encoder,
            phones: PhoneSet::default(),
            include,
        }
    }

    /// A row that the filter leaves out is not counted, but its no counts for the others of its phone.
    fn note(&mut self, record: &Record) {
        let encoder = &mut self.encoder;
        let (consented, header) = encoder.consented_by(record);
        if !self.include.opted_out && matches!(consented, Consented::OptedOut(_)) {
            self.phones.extend(encoder.phones(record).iter());
        }
        if encoder.takes(record) {
            let consent = encoder.consent(record.place.input, &record.header);
            self.census.note(consented, &header, record);
            self.census.note_others(consent, record);
        }
    }

    fn finish(self, extent: CensusExtent) -> ConsentCount {
        let Include {
            opted_out,
            unanswered,
            ..
        } = self.include;
        ConsentCount {
            opted_out: self.census.opted_out(extent).filter(|_| !opted_out),
            unanswered: self.census.unanswered(extent).filter(|_| !unanswered),
            others: self.census.others(extent),
            phones: self.phones,
        }
    }
}
