//! Finds out who opted out in the consent columns, before anything is sent.
//!
//! Owns how far an input is read for that: a text file to its end, any other input as far as it was read ahead. What
//! counts as an opt-out is the mapping's.

use std::sync::Arc;

use super::consent_count::{ConsentCount, ConsentCounter};
use super::lookahead::Lookahead;
use super::prepared::PreparedInputs;
use crate::import::encoder::{AskedKeys, Encoder};
use crate::import::options::{ImportOptions, Include};
use crate::import::phone_set::PhoneSet;
use crate::mapping::CensusExtent;
use crate::record::{InputId, Layout, Records, Shape};
use crate::source::{self, Input};

impl PreparedInputs {
    /// Counts who opted out in each input, and notes their phones.
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

    /// The consent keys of the first objects of each input, taken together.
    pub(crate) fn asked_keys(&self, options: &ImportOptions) -> AskedKeys {
        let mut encoder = Encoder::new(options);
        let asked = |input: &Lookahead| {
            let keys = input.header.clone()?;
            let consent = encoder.consent(input.id, &keys).clone();
            (keys.layout == Layout::Keys && consent.is_asked()).then_some((keys, consent))
        };
        Arc::new(self.inputs.iter().map(asked).collect())
    }

    /// The phones of those who opted out, as far as the inputs were read for them.
    pub(crate) fn opted_out(&mut self) -> PhoneSet {
        let mut phones = PhoneSet::default();
        for input in &mut self.inputs {
            phones.absorb(std::mem::take(&mut input.consent.phones));
        }
        phones
    }
}

impl Lookahead {
    /// Counts who opted out: in the whole input, if it can be read twice.
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
        // A pipe can be read only once, and unpacking or parsing a workbook twice takes too long. What is not known
        // here is found by the workers, row by row: then only rows before an opt-out of the same phone are sent.
        let again = self.opened.size.is_some();
        let of_file = again.then(|| {
            of_file(
                input,
                id,
                reading,
                ConsentCounter::new(&mut encoder, include),
            )
        });
        self.consent = of_file.flatten().unwrap_or_else(|| {
            while self.read_ahead() {}
            let extent = if self.ended {
                CensusExtent::Whole
            } else {
                CensusExtent::First
            };
            let mut count = ConsentCounter::new(&mut encoder, include);
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
                .any(|record| encoder.consent(self.id, record.header()).is_asked()),
        }
    }
}

/// The count of a whole file; `None` if it cannot be read a second time to its end.
fn of_file(
    input: &Input,
    id: InputId,
    reading: &source::ReadOptions,
    mut count: ConsentCounter<'_, '_>,
) -> Option<ConsentCount> {
    let mut opened = source::open(input, id, reading).ok()?;
    let mut records = Records::default();
    while opened.read(&mut records).ok()? {
        records.iter().for_each(|record| count.note(record));
        records.clear();
    }
    Some(count.finish(CensusExtent::Whole))
}
