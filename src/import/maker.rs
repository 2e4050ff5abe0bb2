//! Makes an item of a record: filtered, mapped, encoded. Each worker has one.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::Options;
use crate::batch::Item;
use crate::contact::Attribute;
use crate::contact::phone::Phone;
use crate::event::Failure;
use crate::mapping::{Consent, Consented, Mapped, Mapper, Sifter, Warning};
use crate::outcome::{Code, Outcome, Reason, Skip};
use crate::record::{CUT_MARK, Cell, Defect, FAULT_MARK, Header, InputId, Record, Remark};
use crate::units::grouped;
use crate::wire::{self, Profile};

/// What a record became, before its neighbours are considered.
pub(super) enum Made {
    /// Ready to be sent.
    Item(Box<Item>, Vec<Warning>),
    /// Left out, whatever became of others of its phone.
    LeftOut(Skip),
    /// Invalid; with its phone, where that is not what is wrong.
    Invalid(Box<Failure>, Option<Phone>),
    /// It goes on with the contact above it; invalid where there is none.
    Continuation(Box<Failure>),
}

/// A record that was made something of.
pub(super) struct MadeOf {
    pub(super) made: Made,
    /// The phones of a record that says no: no other row of them may be sent. A row that the filter leaves out says no, too.
    pub(super) opted_out: Vec<Phone>,
}

/// Of each input of objects, the keys that the first have together, and what they ask: an object that lacks such a key
/// has no answer to it.
pub(super) type AskedKeys = Arc<Vec<Option<(Arc<Header>, Consent)>>>;

pub(super) struct Maker<'a> {
    options: &'a Options,
    asked: AskedKeys,
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
            asked: AskedKeys::default(),
            mapper: Mapper::new(&options.mapping),
            sifter: Sifter::new(&options.filter),
        }
    }

    /// A maker that knows what objects are asked.
    pub(super) fn asking(options: &'a Options, asked: &AskedKeys) -> Maker<'a> {
        Maker {
            asked: Arc::clone(asked),
            ..Maker::new(options)
        }
    }

    /// Whether the record is one of the API's own objects, which go through as they are.
    pub(super) fn passes_through(record: &Record) -> bool {
        profile(record).is_some()
    }

    pub(super) fn make(&mut self, record: Record) -> Made {
        self.make_of(record).made
    }

    /// Makes what it can of a record, and keeps what the others of its phone need to know.
    pub(super) fn make_of(&mut self, record: Record) -> MadeOf {
        let consented = self.consented(&record);
        let opted_out = match consented {
            Consented::OptedOut(_) => self.phones(&record),
            Consented::Unanswered(_) | Consented::Yes => Vec::new(),
        };
        let made = match self.sifter.takes(&record) {
            true => self.made(record, consented),
            false => Made::LeftOut(Skip::Filtered),
        };
        MadeOf { made, opted_out }
    }

    fn made(&mut self, record: Record, consented: Consented) -> Made {
        match self.draft(&record) {
            Ok(draft) => match self.skip(&draft.phone, consented, &record) {
                Some(skip) => Made::LeftOut(skip),
                None => self.item(record, draft, consented),
            },
            Err(misfit) => match self.skip_unsent(&misfit, consented, &record) {
                Some(skip) => Made::LeftOut(skip),
                None => failed(record, misfit),
            },
        }
    }

    /// Why a record is left out that cannot be sent either. Its rejects file would not say that it was hidden; there it would be
    /// corrected and sent. What a defective row answers may be another column's.
    fn skip_unsent(&self, misfit: &Misfit, consented: Consented, record: &Record) -> Option<Skip> {
        let include = self.options.include;
        match (&misfit.kind, consented) {
            (Kind::Continuation, _) => None,
            (_, Consented::OptedOut(_)) if !include.opted_out && record.defect.is_none() => {
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
    fn consented(&mut self, record: &Record) -> Consented {
        self.consented_by(record).0
    }

    /// The same, and the header of which a column says it.
    pub(super) fn consented_by(&mut self, record: &Record) -> (Consented, Arc<Header>) {
        let own = self
            .consent(record.place.input, &record.header)
            .of_record(record);
        let asked = self
            .asked
            .get(record.place.input.0)
            .and_then(Option::as_ref);
        let is_asked = own == Consented::Yes
            && record.defect.is_none()
            && !(asked.is_some() && Maker::passes_through(record));
        let asked = asked.filter(|_| is_asked);
        match asked {
            Some((keys, consent)) => (consent.of_object(keys, record), Arc::clone(keys)),
            None => (own, Arc::clone(&record.header)),
        }
    }

    /// Whether the filter takes a record.
    pub(super) fn takes(&mut self, record: &Record) -> bool {
        self.sifter.takes(record)
    }

    /// All phones of a record that says no, as far as they can be read.
    pub(super) fn phones(&mut self, record: &Record) -> Vec<Phone> {
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
    fn skip(&self, phone: &Phone, consented: Consented, record: &Record) -> Option<Skip> {
        let include = self.options.include;
        match consented {
            Consented::OptedOut(_) if !include.opted_out => Some(Skip::OptedOut),
            Consented::Unanswered(_) if !include.unanswered => Some(Skip::Unanswered),
            _ if record.hidden && !include.hidden => Some(Skip::Hidden),
            _ if self.options.suppressed.has(phone) => Some(Skip::Suppressed),
            _ => None,
        }
    }

    fn item(&self, record: Record, draft: Draft, consented: Consented) -> Made {
        let Draft {
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
            twins: Vec::new(),
            phone,
            tags,
            attributes,
            json,
            fingerprint,
            without_consent: consented != Consented::Yes,
        };
        Made::Item(Box::new(item), warnings)
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
        Ok(Draft {
            phone,
            tags,
            attributes,
            json,
            warnings,
        })
    }
}

fn failed(record: Record, misfit: Misfit) -> Made {
    let failure = Box::new(Failure {
        record,
        outcome: Outcome::Invalid,
        reason: misfit.reason,
        fingerprint: None,
    });
    match misfit.kind {
        Kind::Invalid => Made::Invalid(failure, misfit.phone),
        Kind::Continuation => Made::Continuation(failure),
    }
}

fn keys(attributes: Vec<Attribute>) -> Vec<String> {
    attributes.into_iter().map(|of| of.key).collect()
}

/// A row of a rejects file that came back as it was: its cells are readable now, but they are not what stood there. What
/// could still not be read of a card is judged as in the card itself.
fn unmended(record: &Record) -> Option<Reason> {
    if let Some(Defect::UnreadValue { .. }) = record.defect {
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
        let fault = fault(code).filter(|_| holds(FAULT_MARK))?;
        Some(Reason::plain(
            fault,
            "a cell is still marked as not what the sheet shows: write what is right, or clear it",
        ))
    }
}

/// The code of a cell that showed no value.
fn fault(word: &str) -> Option<Code> {
    let mut faults = Code::OF_FAULTS.into_iter();
    faults.find(|code| code.as_str() == word)
}

/// The record as one of the API's own objects, where it is one.
pub(super) fn profile(record: &Record) -> Option<Result<Profile<'_>, wire::ProfileError>> {
    match (&record.defect, &record.raw) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Limits;
    use crate::import::{Include, OnDuplicate, PhoneSet};
    use crate::mapping::{self, Filter};
    use crate::record::Layout;
    use crate::wire::EmptyLists;
    use proptest::prelude::*;
    use proptest::sample::select;
    use std::num::NonZeroUsize;

    const PHONE: &str = "+919876543210";

    fn options(include: Include, suppressed: PhoneSet) -> Options {
        Options {
            mapping: mapping::Options::default(),
            filter: Filter::default(),
            include,
            suppressed: Arc::new(suppressed),
            empty_lists: EmptyLists::Send,
            on_duplicate: OnDuplicate::First,
            limits: Limits {
                items: NonZeroUsize::MIN,
                bytes: 90_000,
            },
            limit: None,
            max_errors: None,
            shard: None,
            salt: None,
        }
    }

    fn record(phone: &str, opted_in: &str, hidden: bool) -> Record {
        let header = Header::of_table(&["Phone", "Opted in"]);
        Record {
            hidden,
            ..Record::of_table(&header, &[phone, opted_in])
        }
    }

    fn fate(record: Record, include: Include, suppressed: PhoneSet) -> String {
        let options = options(include, suppressed);
        match Maker::new(&options).make(record) {
            Made::Item(item, _) => format!("sent, hidden: {}", item.is_hidden()),
            Made::LeftOut(skip) => format!("{skip:?}"),
            Made::Invalid(..) => "invalid".to_owned(),
            Made::Continuation(_) => "continuation".to_owned(),
        }
    }

    #[test]
    fn who_is_left_out_is_not_given_back_to_be_corrected() {
        let none = Include::default();
        let all = Include {
            opted_out: true,
            unanswered: true,
            hidden: true,
        };
        for (opted_in, hidden, include, expected) in [
            ("no", false, none, "OptedOut"),
            ("yes", true, none, "Hidden"),
            ("", true, none, "Hidden"),
            ("yes", false, none, "invalid"),
            ("no", false, all, "invalid"),
            ("yes", true, all, "invalid"),
        ] {
            let record = record("12", opted_in, hidden);
            let fate = fate(record, include, PhoneSet::default());
            assert_eq!(fate, expected, "{opted_in} {hidden}");
        }
        let mut defective = record(PHONE, "no", false);
        defective.defect = Some(Defect::SurplusCells {
            found: 3,
            expected: 2,
        });
        assert_eq!(
            fate(defective.clone(), none, PhoneSet::default()),
            "invalid"
        );
        defective.hidden = true;
        assert_eq!(fate(defective, none, PhoneSet::default()), "Hidden");
    }

    #[test]
    fn a_record_is_left_out_for_the_first_reason_in_order() {
        let listed = || {
            let mut phones = PhoneSet::default();
            let phone = phone_of(PHONE);
            phones.extend(phone.iter());
            phones
        };
        let (none, all) = (
            Include::default(),
            Include {
                opted_out: true,
                unanswered: true,
                hidden: true,
            },
        );
        for (opted_in, hidden, suppressed, include, expected) in [
            (
                "yes",
                false,
                PhoneSet::default(),
                none,
                "sent, hidden: false",
            ),
            ("yes", true, PhoneSet::default(), none, "Hidden"),
            ("yes", true, PhoneSet::default(), all, "sent, hidden: true"),
            ("no", true, listed(), none, "OptedOut"),
            ("", true, listed(), none, "Unanswered"),
            ("yes", true, listed(), none, "Hidden"),
            ("yes", false, listed(), none, "Suppressed"),
            ("no", true, listed(), all, "Suppressed"),
        ] {
            let record = record(PHONE, opted_in, hidden);
            assert_eq!(
                fate(record, include, suppressed),
                expected,
                "{opted_in} {hidden}"
            );
        }
        let invalid = record("+91 12", "no", true);
        assert_eq!(fate(invalid, all, PhoneSet::default()), "invalid");
    }

    fn phone_of(text: &str) -> Option<Phone> {
        let reading = crate::contact::phone::read(text, crate::contact::phone::Home::Unset);
        reading.ok().map(|reading| reading.phone)
    }

    /// A table out of the vocabulary: one phone is the contact's own, the others never are.
    #[derive(Clone, Debug)]
    struct Tried {
        names: Vec<String>,
        cells: Vec<String>,
        says_yes: bool,
        hidden: bool,
    }

    const STRANGE: &str = "+91 22 6123 4567";

    fn tried() -> impl Strategy<Value = Tried> {
        use crate::vocabulary::{phone_words, words_for_nothing, words_of_answer};
        let own = [phone_words("mobile"), phone_words("phone")].concat();
        let never = ["fax", "stranger", "outdated"].map(phone_words).concat();
        let answers = ["yes", "no"].map(words_of_answer);
        let replies = [(answers[0].clone(), true), (answers[1].clone(), false)];
        let reply = select(replies.to_vec())
            .prop_flat_map(|(words, says_yes)| (select(words), Just(says_yes)));
        let nothing = select(words_for_nothing());
        let order = Just((0..6).collect::<Vec<usize>>()).prop_shuffle();
        let words = (select(own), select(never.clone()), select(never), nothing);
        (words, reply, any::<bool>(), order).prop_map(
            |(words, (reply, says_yes), hidden, order)| {
                let (own, never, second, nothing) = words;
                let columns = [
                    (own.to_owned(), PHONE.to_owned()),
                    (format!("{never} phone"), STRANGE.to_owned()),
                    (format!("phone ({second})"), STRANGE.to_owned()),
                    ("WhatsApp opt-in".to_owned(), reply.to_owned()),
                    ("Full name".to_owned(), nothing.to_owned()),
                    ("Tags".to_owned(), nothing.to_owned()),
                ];
                let column = |at: &usize| columns[*at].clone();
                let (names, cells) = order.iter().map(column).unzip();
                Tried {
                    names,
                    cells,
                    says_yes,
                    hidden,
                }
            },
        )
    }

    proptest! {
        #[test]
        fn no_fax_no_stranger_no_word_for_nothing_and_nobody_who_said_no_is_sent(tried in tried()) {
            let record = Record {
                header: Arc::new(Header { layout: Layout::Table, names: tried.names.clone() }),
                cells: tried.cells.iter().cloned().map(Cell::Text).collect(),
                ..record(PHONE, "", tried.hidden)
            };
            let options = options(Include::default(), PhoneSet::default());
            let made = Maker::new(&options).make(record);
            if tried.says_yes && !tried.hidden {
                let Made::Item(item, _) = made else {
                    panic!("not sent: {tried:?}");
                };
                let sent = String::from_utf8(item.json.clone()).unwrap();
                prop_assert_eq!(item.phone.to_string(), PHONE, "{}", sent);
                prop_assert!(!sent.contains("userProvidedName") && sent.contains("\"tags\":[]"), "{}", sent);
            } else {
                prop_assert!(matches!(made, Made::LeftOut(Skip::OptedOut | Skip::Hidden)), "{tried:?}");
            }
        }
    }
}
