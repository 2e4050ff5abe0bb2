//! Makes an item of a record: filtered, mapped, encoded. Each worker has one.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::Options;
use crate::batch::Item;
use crate::contact::Attribute;
use crate::contact::phone::Phone;
use crate::event::Failure;
use crate::mapping::{Mapped, Mapper, Sifter, Warning};
use crate::outcome::{Code, Outcome, Reason};
use crate::record::{CUT_MARK, Cell, Flaw, Record, Remark};
use crate::units::grouped;
use crate::wire::{self, Profile};

/// What a record became, before its neighbours are considered.
pub(super) enum Made {
    /// Ready to be sent.
    Item(Box<Item>, Vec<Warning>),
    /// Left out by the filter.
    Filtered,
    /// Invalid; with its phone, where that is not what is wrong.
    Invalid(Box<Failure>, Option<Phone>),
    /// It goes on with the contact above it; invalid where there is none.
    Continuation(Box<Failure>),
}

pub(super) struct Maker<'a> {
    options: &'a Options,
    mapper: Mapper<'a>,
    sifter: Sifter<'a>,
}

/// A contact on its way into an item.
struct Draft {
    phone: Phone,
    tags: Vec<String>,
    attributes: Vec<String>,
    json: Vec<u8>,
    warnings: Vec<Warning>,
}

/// Why there is no draft.
struct Misfit {
    reason: Reason,
    phone: Option<Phone>,
    kind: Kind,
}

/// What a record is that makes no contact.
enum Kind {
    Invalid,
    Continuation,
}

impl From<Reason> for Misfit {
    fn from(reason: Reason) -> Misfit {
        Misfit {
            reason,
            phone: None,
            kind: Kind::Invalid,
        }
    }
}

impl<'a> Maker<'a> {
    pub(super) fn new(options: &'a Options) -> Maker<'a> {
        Maker {
            options,
            mapper: Mapper::new(&options.mapping),
            sifter: Sifter::new(&options.filter),
        }
    }

    /// Whether the record is one of the API's own objects, which go through as they are.
    pub(super) fn passes_through(record: &Record) -> bool {
        profile(record).is_some()
    }

    pub(super) fn make(&mut self, record: Record) -> Made {
        if !self.sifter.takes(&record) {
            return Made::Filtered;
        }
        match self.draft(&record) {
            Ok(Draft {
                phone,
                tags,
                attributes,
                json,
                mut warnings,
            }) => {
                warnings.extend(record.remark.as_ref().map(remark));
                let salt = self.options.salt.as_ref();
                let fingerprint = salt.map(|salt| salt.fingerprint(phone.key(), &json));
                Made::Item(
                    Box::new(Item {
                        record,
                        twins: Vec::new(),
                        phone,
                        tags,
                        attributes,
                        json,
                        fingerprint,
                    }),
                    warnings,
                )
            }
            Err(Misfit {
                reason,
                phone,
                kind,
            }) => {
                let failure = Box::new(Failure {
                    record,
                    outcome: Outcome::Invalid,
                    reason,
                    fingerprint: None,
                });
                match kind {
                    Kind::Invalid => Made::Invalid(failure, phone),
                    Kind::Continuation => Made::Continuation(failure),
                }
            }
        }
    }

    /// What records of one contact have in common, where one may go on with another; hashed.
    pub(super) fn group(&mut self, record: &Record) -> Option<u64> {
        let group = self.mapper.group(record)?;
        let mut hash = DefaultHasher::new();
        group.trim().hash(&mut hash);
        Some(hash.finish())
    }

    /// Whether the record can be sent, and if not, why.
    pub(super) fn check(&mut self, record: &Record) -> Result<(), Reason> {
        let misfit = self.draft(record).err();
        misfit.map_or(Ok(()), |misfit| Err(misfit.reason))
    }

    /// Whether the record has a usable phone, and if not, why.
    pub(super) fn phone_of(&mut self, record: &Record) -> Result<(), Code> {
        match self.draft(record).map_err(|misfit| misfit.reason.code) {
            Ok(_) | Err(Code::BadEmail | Code::AttributeClash) => Ok(()),
            Err(code) => Err(code),
        }
    }

    fn draft(&mut self, record: &Record) -> Result<Draft, Misfit> {
        if let Some(reason) = unmended(record) {
            return Err(reason.into());
        }
        match profile(record) {
            Some(profile) => Ok(self.passed(profile)?),
            None => self.mapped(record),
        }
    }

    fn mapped(&mut self, record: &Record) -> Result<Draft, Misfit> {
        match self.mapper.map(record) {
            Mapped::Contact { contact, warnings } => {
                let json = wire::encode(&contact, self.options.empty_lists);
                Ok(Draft {
                    phone: contact.phone,
                    tags: contact.tags,
                    attributes: keys(contact.attributes),
                    json,
                    warnings,
                })
            }
            Mapped::Reject { reason, phone } => Err(Misfit {
                reason,
                phone,
                kind: Kind::Invalid,
            }),
            Mapped::Continuation(reason) => Err(Misfit {
                kind: Kind::Continuation,
                ..reason.into()
            }),
        }
    }
}

impl Maker<'_> {
    /// One of the API's own objects: its phone is checked, its bytes stay.
    fn passed(&self, profile: Result<Profile<'_>, wire::ProfileError>) -> Result<Draft, Reason> {
        let profile = profile.map_err(|error| error.reason())?;
        let options = &self.options.mapping;
        let (phone, warnings) = options.whole_phone(&profile.prefix, &profile.number)?;
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
        Ok(Draft {
            phone,
            tags,
            attributes,
            json,
            warnings,
        })
    }
}

fn keys(attributes: Vec<Attribute>) -> Vec<String> {
    attributes.into_iter().map(|of| of.key).collect()
}

/// A row of a rejects file that came back as it was: its cells are readable now, but they are not what stood there. What
/// could still not be read of a card is judged as in the card itself.
fn unmended(record: &Record) -> Option<Reason> {
    if let Some(Flaw::UnreadValue { .. }) = record.flaw {
        return None;
    }
    let column = record
        .header
        .names
        .iter()
        .position(|name| name == "bp_code")?;
    let code = record.cells.get(column)?.text()?;
    let holds = |mark: &str| {
        record.cells.iter().any(|cell| match cell {
            Cell::Text(text) => text.contains(mark),
            Cell::List(texts) => texts.iter().any(|text| text.contains(mark)),
            Cell::Faulty(..) | Cell::Absent => false,
        })
    };
    if code == Code::BadEncoding.as_str() && holds("\u{fffd}") {
        Some(Reason::plain(
            Code::BadEncoding,
            "a cell still holds \u{fffd} for a character that could not be read",
        ))
    } else if code == Code::CellTooLarge.as_str() && holds(CUT_MARK) {
        Some(Reason::plain(
            Code::CellTooLarge,
            "a cell still holds only its beginning",
        ))
    } else {
        None
    }
}

fn profile(record: &Record) -> Option<Result<Profile<'_>, wire::ProfileError>> {
    match (&record.flaw, &record.raw) {
        (None, Some(raw)) => wire::profile(raw),
        _ => None,
    }
}

fn remark(remark: &Remark) -> Warning {
    match remark {
        Remark::LongQuotedCell { line, lines } => Warning {
            brief: "a quoted cell spans many lines: is a quote missing?".to_owned(),
            full: format!(
                "the quoted cell that opens in line {} spans {} lines: is a quote missing?",
                grouped(*line),
                grouped(*lines)
            ),
        },
    }
}
