//! Makes an item of a record: filtered, mapped, encoded. Each worker has one.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::options::ImportOptions;
use crate::batch::Item;
use crate::contact::Attribute;
use crate::contact::phone::Phone;
use crate::event::Failure;
use crate::mapping::{Consent, Consented, Mapped, Mapper, RowFilter, Warning};
use crate::outcome::{Code, Outcome, Reason, Skip};
use crate::record::{Header, InputId, Place, Record, Remark, SharedRecord};
use crate::rejects;
use crate::units::grouped;
use crate::wire::{self, Profile};

/// What a record became, before its neighbours are considered.
pub(super) enum Encoded {
    /// Ready to be sent.
    Item(Box<Item>, Vec<Warning>),
    /// Left out, whatever became of others of its phone.
    Skipped(Skip),
    /// Invalid; with its phone, where that is not what is wrong.
    Invalid(Box<Failure>, Option<Phone>),
    /// It continues the contact above it; invalid without one.
    Continuation(Box<Failure>),
}

/// A record with its place and its outcome so far.
pub(super) struct EncodedRecord {
    pub(super) place: Place,
    /// Bytes of its input up to its end.
    pub(super) bytes: u64,
    /// What it has in common with the records that continue it.
    pub(super) group: Option<u64>,
    pub(super) encoded: Encoded,
    /// The phones of a record that says no: no other row of them may be sent. A row that the filter leaves out says
    /// no, too.
    pub(super) opted_out: Vec<Phone>,
}

/// Of each input of objects, the keys that the first have together, and what they ask: an object that lacks such a key
/// has no answer to it.
pub(super) type AskedKeys = Arc<Vec<Option<(Arc<Header>, Consent)>>>;

pub(super) struct Encoder<'a> {
    options: &'a ImportOptions,
    asked: AskedKeys,
    mapper: Mapper<'a>,
    row_filter: RowFilter<'a>,
}

/// A contact on its way into an item.
struct DraftItem {
    phone: Phone,
    tags: Vec<String>,
    attributes: Vec<String>,
    json: Vec<u8>,
    warnings: Vec<Warning>,
}

/// Why there is no draft.
struct DraftError {
    reason: Reason,
    phone: Option<Phone>,
    /// It may continue the contact above it.
    is_continuation: bool,
}

impl From<Reason> for DraftError {
    fn from(reason: Reason) -> DraftError {
        DraftError {
            reason,
            phone: None,
            is_continuation: false,
        }
    }
}

impl<'a> Encoder<'a> {
    pub(super) fn new(options: &'a ImportOptions) -> Encoder<'a> {
        Encoder {
            options,
            asked: AskedKeys::default(),
            mapper: Mapper::new(&options.mapping),
            row_filter: RowFilter::new(&options.filter),
        }
    }

    /// An encoder that knows what objects are asked.
    pub(super) fn asking(options: &'a ImportOptions, asked: &AskedKeys) -> Encoder<'a> {
        Encoder {
            asked: Arc::clone(asked),
            ..Encoder::new(options)
        }
    }

    /// Whether the record is one of the API's own objects, which go through as they are.
    pub(super) fn passes_through(record: Record<'_>) -> bool {
        profile(record).is_some()
    }

    /// Makes what it can of a record, and keeps what the others of its phone need to know.
    pub(super) fn encode(&mut self, shared: SharedRecord) -> EncodedRecord {
        let record = shared.get();
        let (place, bytes, group) = (record.place, record.bytes, self.group(record));
        let consented = self.consented(record);
        let opted_out = match consented {
            Consented::OptedOut(_) => self.phones(record),
            Consented::Unanswered(_) | Consented::Yes => Vec::new(),
        };
        let encoded = match self.row_filter.takes(record) {
            true => self.encoded(shared, consented),
            false => Encoded::Skipped(Skip::Filtered),
        };
        EncodedRecord {
            place,
            bytes,
            group,
            encoded,
            opted_out,
        }
    }

    fn encoded(&mut self, shared: SharedRecord, consented: Consented) -> Encoded {
        let record = shared.get();
        match self.draft(record) {
            Ok(draft) => match self.skip(&draft.phone, consented, record) {
                Some(skip) => Encoded::Skipped(skip),
                None => self.item(shared, draft, consented),
            },
            Err(error) => match self.skip_unsent(&error, consented, record) {
                Some(skip) => Encoded::Skipped(skip),
                None => failed(shared, error),
            },
        }
    }

    /// Why a record is left out that cannot be sent either. Its rejects file would not say that it was hidden; there
    /// it would be corrected and sent. What a defective row answers may be another column's.
    fn skip_unsent(
        &self,
        error: &DraftError,
        consented: Consented,
        record: Record<'_>,
    ) -> Option<Skip> {
        let include = self.options.include;
        match consented {
            _ if error.is_continuation => None,
            Consented::OptedOut(_) if !include.opted_out && record.defect.is_none() => {
                Some(Skip::OptedOut)
            }
            _ => (record.hidden && !include.hidden).then_some(Skip::Hidden),
        }
    }

    /// The columns of a header in which somebody can say no.
    pub(super) fn consent(&mut self, of: InputId, header: &Arc<Header>) -> &Consent {
        self.mapper.consent(of, header)
    }

    /// What a record says about being written to.
    fn consented(&mut self, record: Record<'_>) -> Consented {
        self.consented_by(record).0
    }

    /// The same, and the header of which a column says it.
    pub(super) fn consented_by(&mut self, record: Record<'_>) -> (Consented, Arc<Header>) {
        let own = self
            .consent(record.place.input, record.header())
            .of_record(record);
        let asked = self
            .asked
            .get(record.place.input.0)
            .and_then(Option::as_ref);
        let is_asked = own == Consented::Yes
            && record.defect.is_none()
            && !(asked.is_some() && Encoder::passes_through(record));
        let asked = asked.filter(|_| is_asked);
        match asked {
            Some((keys, consent)) => (consent.of_object(keys, record), Arc::clone(keys)),
            None => (own, Arc::clone(record.header())),
        }
    }

    /// Whether the filter takes a record.
    pub(super) fn takes(&mut self, record: Record<'_>) -> bool {
        self.row_filter.takes(record)
    }

    /// All phones of a record that says no, as far as they can be read.
    pub(super) fn phones(&mut self, record: Record<'_>) -> Vec<Phone> {
        match profile(record) {
            Some(profile) => {
                let options = &self.options.mapping;
                let whole = |it: Profile<'_>| options.presplit_phone(&it.prefix, &it.number).ok();
                let whole = profile.ok().and_then(whole);
                whole.map(|(phone, _)| phone).into_iter().collect()
            }
            None => self.mapper.own_phones(record),
        }
    }

    /// Why a contact is not sent that could be, in the order in which it is counted.
    fn skip(&self, phone: &Phone, consented: Consented, record: Record<'_>) -> Option<Skip> {
        let include = self.options.include;
        match consented {
            Consented::OptedOut(_) if !include.opted_out => Some(Skip::OptedOut),
            Consented::Unanswered(_) if !include.unanswered => Some(Skip::Unanswered),
            _ if record.hidden && !include.hidden => Some(Skip::Hidden),
            _ if self.options.suppressed.has(phone) => Some(Skip::Suppressed),
            _ => None,
        }
    }

    fn item(&self, record: SharedRecord, draft: DraftItem, consented: Consented) -> Encoded {
        let DraftItem {
            phone,
            tags,
            attributes,
            json,
            mut warnings,
        } = draft;
        warnings.extend(record.remark.as_ref().map(remark));
        let salt = self.options.salt.as_ref();
        let fingerprint = salt.map(|salt| salt.fingerprint(phone.key(), &json));
        let item = Item {
            record,
            merged: Vec::new(),
            phone,
            tags,
            attributes,
            json,
            fingerprint,
            without_consent: consented != Consented::Yes,
        };
        Encoded::Item(Box::new(item), warnings)
    }

    /// What records of one contact have in common, where one may continue another; hashed.
    fn group(&mut self, record: Record<'_>) -> Option<u64> {
        let group = self.mapper.group(record)?;
        let mut hash = DefaultHasher::new();
        group.trim().hash(&mut hash);
        Some(hash.finish())
    }

    /// Whether the record can be sent, and if not, why.
    pub(super) fn check(&mut self, record: Record<'_>) -> Result<(), Reason> {
        let error = self.draft(record).err();
        error.map_or(Ok(()), |error| Err(error.reason))
    }

    /// Whether the record has a usable phone, and if not, why.
    pub(super) fn phone_of(&mut self, record: Record<'_>) -> Result<(), Code> {
        match self.draft(record).map_err(|error| error.reason.code) {
            Ok(_) | Err(Code::BadEmail | Code::AttributeClash) => Ok(()),
            Err(code) => Err(code),
        }
    }

    fn draft(&mut self, record: Record<'_>) -> Result<DraftItem, DraftError> {
        if let Some(reason) = rejects::still_invalid(record) {
            return Err(reason.into());
        }
        match profile(record) {
            Some(profile) => Ok(self.passed(profile)?),
            None => self.mapped(record),
        }
    }

    fn mapped(&mut self, record: Record<'_>) -> Result<DraftItem, DraftError> {
        match self.mapper.map(record) {
            Mapped::Contact { contact, warnings } => {
                let json = wire::encode(&contact, self.options.empty_lists);
                Ok(DraftItem {
                    phone: contact.phone,
                    tags: contact.tags,
                    attributes: keys(contact.attributes),
                    json,
                    warnings,
                })
            }
            Mapped::Reject { reason, phone } => Err(DraftError {
                reason,
                phone,
                is_continuation: false,
            }),
            Mapped::Continuation(reason) => Err(DraftError {
                is_continuation: true,
                ..reason.into()
            }),
        }
    }
}

impl Encoder<'_> {
    /// One of the API's own objects: its phone is checked, its bytes stay.
    fn passed(
        &self,
        profile: Result<Profile<'_>, wire::ProfileError>,
    ) -> Result<DraftItem, Reason> {
        let profile = profile.map_err(|error| error.reason())?;
        let options = &self.options.mapping;
        let (phone, warnings) = options.presplit_phone(&profile.prefix, &profile.number)?;
        let json = profile.encode(&options.tags, &options.attributes);
        let own = profile.attribute_keys.iter().map(ToString::to_string);
        let fixed = options.attributes.iter().map(|fixed| fixed.key.clone());
        let mut attributes: Vec<String> = own.chain(fixed).collect();
        attributes.sort_unstable();
        attributes.dedup();
        let mut tags: Vec<String> = profile.tags.iter().map(ToString::to_string).collect();
        tags.extend(
            options
                .tags
                .iter()
                .filter(|tag| !profile.tags.contains(&tag.as_str().into()))
                .cloned(),
        );
        Ok(DraftItem {
            phone,
            tags,
            attributes,
            json,
            warnings,
        })
    }
}

fn failed(record: SharedRecord, error: DraftError) -> Encoded {
    let failure = Box::new(Failure {
        record,
        outcome: Outcome::Invalid,
        reason: error.reason,
        fault: None,
        fingerprint: None,
    });
    if error.is_continuation {
        Encoded::Continuation(failure)
    } else {
        Encoded::Invalid(failure, error.phone)
    }
}

fn keys(attributes: Vec<Attribute>) -> Vec<String> {
    attributes.into_iter().map(|of| of.key).collect()
}

/// The record as one of the API's own objects, where it is one.
pub(super) fn profile(record: Record<'_>) -> Option<Result<Profile<'_>, wire::ProfileError>> {
    match (&record.defect, record.raw()) {
        (None, Some(raw)) => wire::profile(raw),
        _ => None,
    }
}

fn remark(remark: &Remark) -> Warning {
    match remark {
        Remark::LongQuotedCell { line, lines } => Warning::new(
            "a quoted cell spans many lines: is a quote missing?",
            format!(
                "the quoted cell that opens in line {} spans {} lines: is a quote missing?",
                grouped(*line),
                grouped(*lines)
            ),
        ),
    }
}

#[cfg(test)]
mod tests;
