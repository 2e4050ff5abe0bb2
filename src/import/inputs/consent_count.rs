//! Counts who opted out in the consent columns of an input.
//!
//! Owns the words about it. Which records are counted is decided by `consent`.

use crate::hint::INCLUDE;
use crate::import::encoder::Encoder;
use crate::import::options::Include;
use crate::import::phone_set::PhoneSet;
use crate::mapping::{Census, CensusExtent, Consented, OtherRefusal};
use crate::record::Record;

/// What is known of the consent columns of an input.
#[derive(Default)]
pub(super) struct ConsentCount {
    /// Who opted out, and is left out: `1 of 3 contacts opted out ("Opted in" = no)`.
    pub(super) opted_out: Option<String>,
    /// Whose consent column is empty, and who is therefore left out.
    pub(super) unanswered: Option<String>,
    /// Who refused another channel, such as e-mail.
    pub(super) others: Vec<OtherRefusal>,
    /// The phones of those who opted out.
    pub(super) phones: PhoneSet,
}

impl ConsentCount {
    /// The lines that are printed before anything is sent.
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
                "{words} and {is} left out; to send: {INCLUDE} {include}"
            ))
        });
        left_out.chain(self.others.iter().map(OtherRefusal::line))
    }
}

pub(super) struct ConsentCounter<'m, 'a> {
    census: Census,
    encoder: &'m mut Encoder<'a>,
    phones: PhoneSet,
    include: Include,
}

impl<'m, 'a> ConsentCounter<'m, 'a> {
    pub(super) fn new(encoder: &'m mut Encoder<'a>, include: Include) -> ConsentCounter<'m, 'a> {
        ConsentCounter {
            census: Census::default(),
            encoder,
            phones: PhoneSet::default(),
            include,
        }
    }

    /// A row that the filter leaves out is not counted, but its opt-out holds for other rows of the phone.
    pub(super) fn note(&mut self, record: Record<'_>) {
        let encoder = &mut self.encoder;
        let (consented, header) = encoder.consented_by(record);
        if !self.include.opted_out && matches!(consented, Consented::OptedOut(_)) {
            self.phones.extend(encoder.phones(record).iter());
        }
        if encoder.takes(record) {
            let consent = encoder.consent(record.place.input, record.header());
            self.census.note(consented, &header, record);
            self.census.note_others(consent, record);
        }
    }

    pub(super) fn finish(self, extent: CensusExtent) -> ConsentCount {
        let include = self.include;
        ConsentCount {
            opted_out: self.census.opted_out(extent).filter(|_| !include.opted_out),
            unanswered: self
                .census
                .unanswered(extent)
                .filter(|_| !include.unanswered),
            others: self.census.others(extent),
            phones: self.phones,
        }
    }
}
