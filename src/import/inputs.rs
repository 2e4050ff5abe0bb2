//! Everything that can be known before the first request: inputs open, mappings fit, and the first records make sense.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::path::Path;
use std::sync::Arc;

mod census;
mod error;
mod heading;
mod inspection;

use census::ConsentCount;
pub(crate) use error::PrepareError;
pub(super) use heading::is_like_a_phone;
pub(crate) use inspection::{Answered, InspectedInputs, Inspection, Question, Withheld, inspect};

use super::ImportOptions;
use super::encoder::Encoder;
use crate::event::{InputFault, SharedError};
use crate::mapping::{self, Choice, NotPhone, Plan, Rule};
use crate::outcome::{Code, Reason};
use crate::record::{Header, InputId, Layout, Record, Shape};
use crate::source::{self, Cause, Encoding, Format, Input, OpenInput, SourceError};

/// So many records are looked at before anything is sent.
const LOOK_AHEAD: usize = 1_000;
/// …and so many bytes of them at the most, so that huge rows stay out of memory.
const LOOK_AHEAD_BYTES: u64 = 16_000_000;

/// Inputs that are open and fit the options.
pub(crate) struct PreparedInputs {
    inputs: Vec<Lookahead>,
    /// What they were opened from, and how.
    origins: Vec<Input>,
    reading: source::ReadOptions,
}

/// An open input, and the records that were looked at already.
pub(super) struct Lookahead {
    pub(super) name: String,
    id: InputId,
    pub(super) opened: OpenInput,
    records: VecDeque<Record>,
    /// The error that ended the looking, to be met again in its place.
    broken: Option<SourceError>,
    /// There is nothing behind what was looked at.
    ended: bool,
    /// What names its columns: of objects, the keys of the first taken together.
    header: Option<Arc<Header>>,
    plan: Vec<String>,
    /// The rules that would pin it.
    pins: Vec<Rule>,
    /// Columns with headers of phones that are not phones by what is in them.
    not_phones: BTreeMap<String, NotPhone>,
    /// Whether it is a regular file: what comes through a pipe may come slowly.
    is_file: bool,
    /// What its consent columns say.
    consent: ConsentCount,
}

impl Lookahead {
    /// The next record: first those that were looked at.
    pub(super) fn next(&mut self) -> Result<Option<Record>, SourceError> {
        if let Some(record) = self.records.pop_front() {
            return Ok(Some(record));
        }
        match self.broken.take() {
            Some(error) => Err(error),
            None => self.opened.next(),
        }
    }

    /// Reads one more record ahead; false at the end, at an error, or when enough was read.
    fn look(&mut self) -> bool {
        let enough = self.records.len() >= LOOK_AHEAD
            || self
                .records
                .back()
                .is_some_and(|record| record.bytes > LOOK_AHEAD_BYTES);
        if enough || self.broken.is_some() {
            return false;
        }
        match self.opened.next() {
            Ok(Some(record)) => self.records.push_back(record),
            Ok(None) => {
                self.ended = true;
                return false;
            }
            Err(error) => {
                self.broken = Some(error);
                return false;
            }
        }
        true
    }

    fn new(name: String, id: InputId, opened: OpenInput) -> Lookahead {
        Lookahead {
            name,
            id,
            opened,
            records: VecDeque::new(),
            broken: None,
            ended: false,
            header: None,
            plan: Vec::new(),
            pins: Vec::new(),
            not_phones: BTreeMap::new(),
            is_file: false,
            consent: ConsentCount::default(),
        }
    }
}

/// Opens all inputs and proves that the options fit them.
///
/// # Errors
/// The first thing that does not fit, in the order of the inputs.
pub(crate) fn prepare(
    inputs: &[Input],
    reading: &source::ReadOptions,
    options: &ImportOptions,
) -> Result<PreparedInputs, PrepareError> {
    let mut prepared = opened(inputs, reading, options)?;
    for input in &mut prepared.inputs {
        input.fit(options)?;
        input.refuse_rivals(options)?;
    }
    let options = &prepared.fitted(options);
    prepared.want_country(options)?;
    prepared.count_consent(options);
    Ok(prepared)
}

fn opened(
    inputs: &[Input],
    reading: &source::ReadOptions,
    options: &ImportOptions,
) -> Result<PreparedInputs, PrepareError> {
    let mut prepared = PreparedInputs {
        inputs: Vec::with_capacity(inputs.len()),
        origins: Vec::with_capacity(inputs.len()),
        reading: reading.clone(),
    };
    for (index, input) in inputs.iter().enumerate() {
        prepared.open(input, InputId(index), options)?;
    }
    Ok(prepared)
}

/// Prepares the one record that stands in flags: names and texts.
///
/// # Errors
/// When the options do not fit it.
pub(crate) fn prepare_one(
    flags: &[(String, String)],
    options: &ImportOptions,
) -> Result<PreparedInputs, PrepareError> {
    let name = "the flags".to_owned();
    let object: serde_json::Map<String, serde_json::Value> = flags
        .iter()
        .map(|(flag, text)| (flag.clone(), text.clone().into()))
        .collect();
    let text = serde_json::Value::Object(object).to_string();
    let reading = source::ReadOptions {
        format: Some(Format::Ndjson),
        encoding: Some(Encoding::UTF_8),
        ..source::ReadOptions::default()
    };
    let opened = source::open_reader(
        &name,
        Box::new(std::io::Cursor::new(text)),
        InputId(0),
        &reading,
    )
    .map_err(|error| PrepareError::Source {
        name: name.clone(),
        error,
    })?;
    let mut input = Lookahead::new(name, InputId(0), opened);
    input.fit(options)?;
    Ok(PreparedInputs {
        inputs: vec![input],
        origins: Vec::new(),
        reading,
    })
}

impl Lookahead {
    /// Proves that mapping and filter fit this input.
    fn fit(&mut self, options: &ImportOptions) -> Result<(), PrepareError> {
        match &self.opened.shape {
            Shape::Table { header, .. } => {
                let header = header.clone();
                self.check_names(&header, options)?;
                self.fit_header(&header, options)
            }
            Shape::Objects => self.fit_objects(options),
        }
    }

    fn fit_header(
        &mut self,
        header: &Arc<Header>,
        options: &ImportOptions,
    ) -> Result<(), PrepareError> {
        self.header = Some(Arc::clone(header));
        self.judge_phones(header, options);
        let plan = match Plan::without(header, &options.mapping, &self.not_phones) {
            Ok(plan) => plan,
            Err(error) => return self.misfit(header, error, options),
        };
        let name = || self.name.clone();
        let (mut lines, pins) = (plan.lines(), plan.pins());
        lines.extend(plan.pinned());
        options
            .filter
            .sieve(header)
            .map_err(|error| PrepareError::Filter {
                name: name(),
                error,
            })?;
        self.plan = lines;
        self.pins = pins;
        Ok(())
    }

    /// Finds the columns with headers of phones that are not phones by what is in them. A pipe is read ahead for it only where
    /// there is a choice.
    fn judge_phones(&mut self, header: &Arc<Header>, options: &ImportOptions) {
        let Ok(plan) = Plan::new(header, &options.mapping) else {
            return;
        };
        if self.is_file || plan.phone_columns() > 1 {
            let records = self.first_records(header);
            self.not_phones = plan.not_phones(&records);
        }
    }

    /// Where equal columns have different numbers, nobody guesses which is the contact's.
    fn refuse_rivals(&mut self, options: &ImportOptions) -> Result<(), PrepareError> {
        let rivals = self.rival_phones(options);
        if rivals.is_empty() {
            return Ok(());
        }
        Err(PrepareError::Mapping {
            name: self.name.clone(),
            error: mapping::rival_phones(&rivals),
        })
    }

    /// The phone columns that are equals by their headers and have different numbers.
    fn rival_phones(&mut self, options: &ImportOptions) -> Vec<Choice> {
        let Some(header) = self.header.clone() else {
            return Vec::new();
        };
        match Plan::without(&header, &options.mapping, &self.not_phones) {
            Ok(plan) if plan.has_equal_phones() => plan.rivals(&self.first_records(&header)),
            _ => Vec::new(),
        }
    }

    /// Objects have no header: the keys of their first records, taken together, are judged as if they were one.
    fn fit_objects(&mut self, options: &ImportOptions) -> Result<(), PrepareError> {
        while self.look() {}
        if let Some(error) = self.broken.take_if(|error| error.cause() == Cause::Usage) {
            return Err(PrepareError::Source {
                name: self.name.clone(),
                error,
            });
        }
        let names = self.keys();
        if names.is_empty() {
            return Ok(());
        }
        let header = Arc::new(Header {
            layout: Layout::Keys,
            names,
        });
        self.fit_header(&header, options)
    }

    /// The keys that were met so far, in that order; objects that go through as they are have none to map.
    fn keys(&self) -> Vec<String> {
        let mut seen = HashSet::new();
        let mapped = self
            .records
            .iter()
            .filter(|record| record.defect.is_none() && !Encoder::passes_through(record));
        let keys = mapped.flat_map(|record| &record.header.names);
        // One object calls it `phone`, another `Phone`: each is mapped by its own.
        keys.filter(|key| seen.insert(key.trim().to_lowercase()))
            .cloned()
            .collect()
    }
}

impl PreparedInputs {
    fn open(
        &mut self,
        input: &Input,
        id: InputId,
        options: &ImportOptions,
    ) -> Result<(), PrepareError> {
        let name = input.name();
        let opened = self.try_open(input, id, options);
        let opened = opened.map_err(|error| PrepareError::Source {
            name: name.clone(),
            error,
        })?;
        let mut looked = Lookahead::new(name, id, opened);
        looked.is_file = input.path().is_some_and(Path::is_file);
        self.inputs.push(looked);
        Ok(())
    }

    fn try_open(
        &mut self,
        input: &Input,
        id: InputId,
        options: &ImportOptions,
    ) -> Result<OpenInput, SourceError> {
        let origin = if options.on_duplicate.reads_twice() {
            input.to_be_read_twice()?
        } else {
            input.clone()
        };
        let opened = source::open(&origin, id, &self.reading)?;
        self.origins.push(origin);
        Ok(opened)
    }

    /// The options with what was found out about the inputs' columns.
    pub(super) fn fitted(&self, options: &ImportOptions) -> ImportOptions {
        let mut options = options.clone();
        for input in &self.inputs {
            options
                .mapping
                .not_phones
                .note(input.id, input.not_phones.clone());
        }
        options
    }

    /// The inputs from their beginnings, each opened when its turn comes; the first that cannot be is told to `fail`.
    pub(super) fn once_more(
        &self,
        mut fail: impl FnMut(InputFault) + Send + 'static,
    ) -> impl Iterator<Item = Lookahead> + Send + 'static {
        let (inputs, reading) = (self.origins.clone(), self.reading.clone());
        let mut numbered = inputs.into_iter().enumerate();
        std::iter::from_fn(move || {
            let (index, input) = numbered.next()?;
            match source::open(&input, InputId(index), &reading) {
                Ok(opened) => Some(Lookahead::new(input.name(), InputId(index), opened)),
                Err(error) => {
                    fail(InputFault::Broken(input.name(), SharedError::new(error)));
                    None
                }
            }
        })
    }

    /// What the inputs are called.
    pub(super) fn names(&self) -> Vec<String> {
        self.inputs.iter().map(|input| input.name.clone()).collect()
    }

    /// The mapping in use for each input: its name and the lines a user reads.
    pub(crate) fn plans(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.inputs
            .iter()
            .map(|input| (input.name.as_str(), input.plan.as_slice()))
    }

    /// What was found out about each input that nobody said: its name and a line a user reads.
    pub(crate) fn assumed(&self) -> impl Iterator<Item = (&str, String)> {
        self.inputs.iter().flat_map(|input| {
            let lines = input.opened.assumed.lines();
            lines.into_iter().map(|line| (input.name.as_str(), line))
        })
    }

    /// The rules that would pin the mapping of the first input.
    pub(crate) fn pins(&self) -> &[Rule] {
        let first = self.inputs.iter().find(|input| !input.pins.is_empty());
        first.map_or(&[], |input| &input.pins)
    }

    /// How the first input is read, as far as that was found out: options and their values.
    pub(crate) fn guesses(&self) -> Vec<(&'static str, String)> {
        let first = self.inputs.first();
        first.map_or_else(Vec::new, |input| input.opened.assumed.options())
    }

    /// What the consent columns of each input say: its name and the lines a user reads.
    pub(crate) fn consent(&self) -> impl Iterator<Item = (&str, String)> {
        self.inputs.iter().flat_map(|input| {
            let lines = input.consent.lines();
            lines.map(|line| (input.name.as_str(), line))
        })
    }

    /// What a rejects file of each input needs.
    pub(crate) fn shapes(&self) -> impl Iterator<Item = &Shape> {
        self.inputs.iter().map(|input| &input.opened.shape)
    }

    /// The size of all inputs together, where each is known.
    pub(crate) fn total(&self) -> Option<u64> {
        self.inputs.iter().map(|input| input.opened.size).sum()
    }

    /// Where each input begins among the bytes of all.
    pub(super) fn offsets(&self) -> Vec<u64> {
        let mut sum = 0;
        self.inputs
            .iter()
            .map(|input| {
                let offset = sum;
                sum += input.opened.size.unwrap_or(0);
                offset
            })
            .collect()
    }

    /// The names of the inputs that have a header and nothing below it, or a list without an element.
    pub(crate) fn blank(&mut self) -> Vec<String> {
        let blank = |input: &mut Lookahead| {
            input.look();
            input.records.is_empty() && input.broken.is_none()
        };
        self.inputs
            .iter_mut()
            .filter_map(|input| blank(input).then(|| input.name.clone()))
            .collect()
    }

    /// Whether the first record can be sent.
    ///
    /// # Errors
    /// Why it cannot.
    pub(crate) fn check(&self, options: &ImportOptions) -> Result<(), Reason> {
        let first = self.inputs.first().and_then(|input| input.records.front());
        first.map_or(Ok(()), |record| Encoder::new(options).check(record))
    }

    pub(super) fn into_readers(self) -> Vec<Lookahead> {
        self.inputs
    }

    /// Looks until a record has a usable phone; where none has and one lacks only a country, the user is to say which.
    fn want_country(&mut self, options: &ImportOptions) -> Result<(), PrepareError> {
        let mut encoder = Encoder::new(options);
        let (mut looked_at, mut without_country) = (0, 0);
        for input in &mut self.inputs {
            let mut next = 0;
            while looked_at < LOOK_AHEAD && (next < input.records.len() || input.look()) {
                let Some(record) = input.records.get(next) else {
                    break;
                };
                next += 1;
                looked_at += 1;
                match encoder.phone_of(record) {
                    Ok(()) => return Ok(()),
                    Err(Code::PhoneNoCountry) => without_country += 1,
                    Err(_) => {}
                }
            }
        }
        match self.inputs.first() {
            Some(first) if without_country > 0 => Err(PrepareError::NoCountry {
                columns: self.country_columns(options),
                name: first.name.clone(),
                looked_at: crate::units::counted(looked_at as u64, "record"),
                without_country: crate::units::grouped(without_country as u64),
            }),
            _ => Ok(()),
        }
    }
}
