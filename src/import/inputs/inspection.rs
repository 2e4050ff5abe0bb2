//! What a guess would decide before anything is sent, for whoever can be asked.
//!
//! Owns what is in doubt, and what a user sees of it. Asking is for the command line.

use super::heading::likeliest_phones;
use super::{ConsentCount, Lookahead, PrepareError, PreparedInputs, opened};
use crate::import::encoder::{Encoded, Encoder};
use crate::import::{ImportOptions, preview};
use crate::mapping::{self, CensusExtent, Choice, Mapper, MappingError, OtherRefusal, Plan};
use crate::outcome::Code;
use crate::record::{Cell, Header, Record};
use crate::report::preview::Preview;
use crate::source::{self, Input};
use crate::text::shell_word;
use crate::units::{counted, grouped};
use std::collections::HashSet;
use std::sync::Arc;

/// So many records show what stands in the columns.
const SAMPLES: usize = 3;
/// So many records are looked at to tell whether a column holds phones.
const JUDGED: usize = 50;

/// A guess that would decide something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// No column is known to be the phone.
    NoPhone {
        /// The input.
        input: String,
        /// All its columns.
        columns: Vec<Choice>,
        /// The one that probably is.
        guess: Option<usize>,
    },
    /// Several columns hold phones.
    Phones {
        /// The input.
        input: String,
        /// The columns.
        columns: Vec<Choice>,
        /// The first, unless another is its equal.
        guess: Option<usize>,
    },
    /// The name is made of several columns, or may be, or no column is known to be the name.
    Name {
        /// The input.
        input: String,
        /// What it may be.
        choices: Vec<Choice>,
        /// The first, unless nothing is known to be the name.
        guess: Option<usize>,
    },
    /// Numbers without a country; nobody guesses that.
    Country {
        /// How many of the records that were looked at lack one.
        without: u64,
        /// How many were looked at.
        looked_at: u64,
        /// Such numbers.
        samples: Vec<String>,
        /// The columns that say it for other rows, as `--map country=` takes them.
        columns: Vec<String>,
    },
    /// Contacts or rows that are left out, unless a user wants them sent.
    Withheld {
        /// Which, in each input: `a.csv: 1 of 3 contacts opted out ("Opted in" = no)`.
        words: Vec<String>,
        /// How they are called.
        what: Withheld,
    },
    /// Somebody says no to e-mail or the like; the guess leaves nobody out.
    OtherRefusal {
        /// The input.
        input: String,
        /// Who, in which column.
        refusal: OtherRefusal,
    },
}

/// Contacts or rows that are left out by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Withheld {
    /// They said no.
    OptedOut,
    /// They were asked whether they agree, and gave no answer.
    Unanswered,
    /// The sheet hides them.
    Hidden,
}

/// What was asked already, however it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    /// The phone column.
    Phone,
    /// The name.
    Name,
    /// The country.
    Country,
    /// What is left out by default.
    Withheld(Withheld),
    /// This column of consent to another way.
    OtherRefusal(String),
}

impl Question {
    /// What is settled once it was asked.
    pub(crate) fn as_answered(&self) -> Answered {
        match self {
            Question::NoPhone { .. } | Question::Phones { .. } => Answered::Phone,
            Question::Name { .. } => Answered::Name,
            Question::Country { .. } => Answered::Country,
            Question::Withheld { what, .. } => Answered::Withheld(*what),
            Question::OtherRefusal { refusal, .. } => {
                Answered::OtherRefusal(refusal.column.clone())
            }
        }
    }
}

/// What there is to say before anything is sent.
pub(crate) enum Inspection {
    /// The first doubt.
    Question(Question),
    /// Everything is settled.
    Clear(Box<InspectedInputs>),
}

/// What would be sent of the records that were looked at.
pub(crate) struct InspectedInputs {
    /// The inputs, and how they are understood.
    pub(crate) prepared: PreparedInputs,
    /// The first contacts as they would be sent.
    pub(crate) contacts: Vec<Preview>,
    /// Records that were looked at.
    pub(crate) looked_at: u64,
    /// Those that can be sent.
    pub(crate) sendable: u64,
    /// Those that something is wrong with.
    pub(crate) invalid: u64,
    /// Whether there is nothing behind them.
    pub(crate) extent: CensusExtent,
}

/// Looks for the first doubt that was not settled.
///
/// # Errors
/// What cannot be settled by an answer.
pub(crate) fn inspect(
    inputs: &[Input],
    reading: &source::ReadOptions,
    options: &ImportOptions,
    answered: &[Answered],
) -> Result<Inspection, PrepareError> {
    let mut prepared = opened(inputs, reading, options)?;
    let is_open = |question: Answered| !answered.contains(&question);
    // An answer goes for all inputs, and may fit but one of them.
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
            while input.look() {}
            for record in &input.records {
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

    /// The recognised country columns that all inputs have.
    pub(super) fn country_columns(&self, options: &ImportOptions) -> Vec<String> {
        let of = |input: &Lookahead| {
            let header = input.header.as_ref()?;
            let plan = Plan::without(header, &options.mapping, &input.not_phones).ok()?;
            Some(plan.country_columns())
        };
        let all: Option<Vec<Vec<String>>> = self.inputs.iter().map(of).collect();
        let all = all.unwrap_or_default();
        let Some((first, others)) = all.split_first() else {
            return Vec::new();
        };
        let is_in_all = |column: &&String| others.iter().all(|other| other.contains(column));
        first.iter().filter(is_in_all).cloned().collect()
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
            while input.look() {}
            let taken = input.records.iter().filter(|record| encoder.takes(record));
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
            while input.look() {}
            if !input.ended {
                extent = CensusExtent::First;
            }
            for record in &input.records {
                looked_at += 1;
                match encoder.encode(record.clone()).encoded {
                    Encoded::Item(item, _) if opted_out.has(&item.phone) => {}
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
    /// The doubt that keeps the options from fitting this input, where an answer would make them fit.
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

    /// The columns that hold phones, ready for a shell, whatever they are called: several where they are equals in that.
    pub(super) fn phones_by_content(
        &mut self,
        header: &Arc<Header>,
        options: &ImportOptions,
    ) -> Vec<String> {
        let records = self.first_records(header);
        let likeliest = likeliest_phones(header, &records, options);
        let (columns, _) = mapping::columns(header, &records);
        let choices = columns
            .iter()
            .filter(|(index, _)| likeliest.contains(index));
        choices
            .map(|(_, choice)| shell_word(&choice.template))
            .collect()
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

    /// The first records, their cells in the order of a header: that of objects is put together from several.
    pub(super) fn first_records(&mut self, header: &Arc<Header>) -> Vec<Record> {
        while self.records.len() < JUDGED && self.look() {}
        let records = self.records.iter().take(JUDGED);
        records.map(|record| aligned(record, header)).collect()
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

fn aligned(record: &Record, header: &Arc<Header>) -> Record {
    let mut record = record.clone();
    if !Arc::ptr_eq(&record.header, header) {
        let own = Arc::clone(&record.header);
        let cell = |name: &String| {
            let at = own.names.iter().position(|own| own == name)?;
            record.cells.get(at).cloned()
        };
        record.cells = header
            .names
            .iter()
            .map(|name| cell(name).unwrap_or(Cell::Absent))
            .collect();
        record.header = Arc::clone(header);
    }
    record
}

fn phone_cell(record: &Record, options: &ImportOptions) -> Option<String> {
    let mut mapper = Mapper::new(&options.mapping);
    let cells = mapper
        .plan(record.place.input, &record.header)
        .ok()?
        .cells(record);
    let phone = cells.into_iter().find(|cell| cell.field == "phone");
    phone.map(|cell| cell.text)
}
