//! Finds what a guess would decide before anything is sent, so that a user can be asked instead.
//!
//! Owns which questions are open, and the preview that is shown when none is. Asking is the command line's.

use std::collections::HashSet;
use std::sync::Arc;

use super::consent_count::ConsentCount;
use super::error::PrepareError;
use super::lookahead::Lookahead;
use super::prepared::PreparedInputs;
use super::question::{Answered, Question, Withheld};
use crate::import::encoder::{Encoded, Encoder};
use crate::import::options::ImportOptions;
use crate::import::phone_columns::likeliest_phones;
use crate::import::preview;
use crate::mapping::{self, CensusExtent, Choice, Mapper, MappingError, Plan};
use crate::outcome::Code;
use crate::record::{Header, Record};
use crate::report::preview::Preview;
use crate::source::{self, Input};
use crate::units::{counted, grouped};

/// How many examples are shown of a column, and how many contacts in the preview.
const SAMPLES: usize = 3;

/// What an inspection comes to.
pub(crate) enum Inspection {
    /// The first open question.
    Question(Question),
    /// No question is open.
    Clear(Box<InspectedInputs>),
}

/// What would be sent of the records that were read ahead.
pub(crate) struct InspectedInputs {
    /// The inputs, and how they are understood.
    pub(crate) prepared: PreparedInputs,
    /// The first contacts as they would be sent.
    pub(crate) contacts: Vec<Preview>,
    /// Records that were read ahead.
    pub(crate) looked_at: u64,
    /// How many of them can be sent.
    pub(crate) sendable: u64,
    /// How many of them are invalid.
    pub(crate) invalid: u64,
    /// Whether they are all there are.
    pub(crate) extent: CensusExtent,
}

/// Finds the first question that was not answered yet.
///
/// # Errors
/// A mistake that no answer can correct.
pub(crate) fn inspect(
    inputs: &[Input],
    reading: &source::ReadOptions,
    options: &ImportOptions,
    answered: &[Answered],
) -> Result<Inspection, PrepareError> {
    let mut prepared = PreparedInputs::open_all(inputs, reading, options)?;
    let is_open = |question: Answered| !answered.contains(&question);
    // An answer applies to all inputs, and a column of one may be missing in another.
    let may_ask = inputs.len() == 1 && is_open(Answered::Phone);
    for input in &mut prepared.inputs {
        if let Some(question) = input.unfit(options, may_ask)? {
            return Ok(Inspection::Question(question));
        }
    }
    let mut questions = Vec::new();
    for input in &mut prepared.inputs {
        questions.extend(input.questions(options));
    }
    let options = &prepared.fitted(options);
    questions.extend(prepared.country_question(options));
    prepared.count_consent(options);
    questions.extend(prepared.consent_questions());
    questions.extend(prepared.hidden_question(options));
    let open = questions
        .into_iter()
        .find(|question| is_open(question.as_answered()));
    Ok(match open {
        Some(question) => Inspection::Question(question),
        None => Inspection::Clear(Box::new(prepared.inspected(options))),
    })
}

impl PreparedInputs {
    fn country_question(&mut self, options: &ImportOptions) -> Option<Question> {
        let mut encoder = Encoder::new(options);
        let (mut without, mut looked_at, mut samples) = (0, 0, Vec::new());
        for input in &mut self.inputs {
            while input.read_ahead() {}
            for record in input.records.iter() {
                looked_at += 1;
                if encoder.phone_of(record) == Err(Code::PhoneNoCountry) {
                    without += 1;
                    samples.extend(phone_cell(record, options).filter(|_| samples.len() < SAMPLES));
                }
            }
        }
        (without > 0).then(|| Question::Country {
            without,
            looked_at,
            samples,
            columns: self.country_columns(options),
        })
    }

    fn consent_questions(&self) -> Vec<Question> {
        let withheld = |what, words: fn(&ConsentCount) -> Option<&String>| {
            let each = self.inputs.iter().filter_map(|input| {
                let words = words(&input.consent)?;
                Some(format!("{}: {words}", input.name))
            });
            self::withheld(what, each.collect())
        };
        let opted_out = withheld(Withheld::OptedOut, |count| count.opted_out.as_ref());
        let unanswered = withheld(Withheld::Unanswered, |count| count.unanswered.as_ref());
        let others = self.inputs.iter().flat_map(|input| {
            let refusals = input.consent.others.iter().cloned();
            refusals.map(|refusal| Question::OtherRefusal {
                input: input.name.clone(),
                refusal,
            })
        });
        opted_out
            .into_iter()
            .chain(unanswered)
            .chain(others)
            .collect()
    }

    fn hidden_question(&mut self, options: &ImportOptions) -> Option<Question> {
        if options.include.hidden {
            return None;
        }
        let mut encoder = Encoder::new(options);
        let mut words = Vec::new();
        for input in &mut self.inputs {
            while input.read_ahead() {}
            let taken = input.records.iter().filter(|record| encoder.takes(*record));
            let (mut hidden, mut all) = (0, 0);
            for record in taken {
                all += 1;
                hidden += u64::from(record.hidden);
            }
            let first = if input.ended { "" } else { "the first " };
            let (hides, rows) = (grouped(hidden), counted(all, "row"));
            words.extend(
                (hidden > 0)
                    .then(|| format!("{}: the sheet hides {hides} of {first}{rows}", input.name)),
            );
        }
        withheld(Withheld::Hidden, words)
    }

    fn inspected(mut self, options: &ImportOptions) -> InspectedInputs {
        let (mut looked_at, mut sendable, mut invalid) = (0, 0, 0);
        let (mut contacts, mut phones) = (Vec::new(), HashSet::new());
        let mut encoder = Encoder::new(options);
        let opted_out = self.opted_out();
        let mut extent = CensusExtent::Whole;
        for input in &mut self.inputs {
            while input.read_ahead() {}
            if !input.ended {
                extent = CensusExtent::First;
            }
            for record in input.records.shared() {
                looked_at += 1;
                match encoder.encode(record).encoded {
                    Encoded::Item(item, _) if opted_out.has(&item.phone) => {}
                    // Counted once per phone, as an import sends it once.
                    Encoded::Item(item, _) if phones.insert(item.phone.key()) => {
                        sendable += 1;
                        if contacts.len() < SAMPLES {
                            contacts.push(preview::of(&item, options));
                        }
                    }
                    Encoded::Invalid(..) => invalid += 1,
                    Encoded::Item(..) | Encoded::Skipped(_) | Encoded::Continuation(_) => {}
                }
            }
        }
        InspectedInputs {
            prepared: self,
            contacts,
            looked_at,
            sendable,
            invalid,
            extent,
        }
    }
}

impl Lookahead {
    /// The question whose answer would make the options fit this input, if there is one.
    fn unfit(
        &mut self,
        options: &ImportOptions,
        may_ask: bool,
    ) -> Result<Option<Question>, PrepareError> {
        let error = match self.fit(options) {
            Ok(()) => return Ok(None),
            Err(error) => error,
        };
        let is_about_the_phone = matches!(
            error,
            PrepareError::NoNames { .. }
                | PrepareError::Mapping {
                    error: MappingError::NoPhone { .. } | MappingError::NotTheirs { .. },
                    ..
                }
        );
        match self.header.clone() {
            Some(header) if is_about_the_phone && may_ask => {
                Ok(Some(self.no_phone(&header, options)))
            }
            _ => Err(error),
        }
    }

    fn no_phone(&mut self, header: &Arc<Header>, options: &ImportOptions) -> Question {
        let records = self.first_records(header);
        let (columns, sounding) = mapping::columns(header, &records);
        let likeliest = match likeliest_phones(header, &records, options).as_slice() {
            [] => sounding,
            [only] => Some(*only),
            _ => None,
        };
        Question::NoPhone {
            input: self.name.clone(),
            guess: columns
                .iter()
                .position(|(index, _)| Some(*index) == likeliest),
            columns: columns.into_iter().map(|(_, choice)| choice).collect(),
        }
    }

    fn questions(&mut self, options: &ImportOptions) -> Vec<Question> {
        let Some(header) = self.header.clone() else {
            return Vec::new();
        };
        let records = self.first_records(&header);
        let Ok(plan) = Plan::without(&header, &options.mapping, &self.not_phones) else {
            return Vec::new();
        };
        let input = || self.name.clone();
        let rivals = plan.rivals(&records);
        let phones = of_several(plan.phone_choices(&records), |columns| Question::Phones {
            input: input(),
            columns,
            guess: rivals.is_empty().then_some(0),
        });
        let name = of_several(plan.name_choices(&records), |choices| Question::Name {
            input: input(),
            choices,
            guess: Some(0),
        });
        let nameless = of_several(plan.name_candidates(&records), |choices| Question::Name {
            input: input(),
            choices,
            guess: None,
        });
        phones.into_iter().chain(name).chain(nameless).collect()
    }
}

fn withheld(what: Withheld, words: Vec<String>) -> Option<Question> {
    (!words.is_empty()).then_some(Question::Withheld { words, what })
}

fn of_several(
    choices: Vec<Choice>,
    question: impl FnOnce(Vec<Choice>) -> Question,
) -> Option<Question> {
    (!choices.is_empty()).then(|| question(choices))
}

fn phone_cell(record: Record<'_>, options: &ImportOptions) -> Option<String> {
    let mut mapper = Mapper::new(&options.mapping);
    let cells = mapper
        .plan(record.place.input, record.header())
        .ok()?
        .cells(record);
    let phone = cells.into_iter().find(|cell| cell.field == "phone");
    phone.map(|cell| cell.text)
}
