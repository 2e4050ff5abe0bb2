//! The inputs of an import, opened and understood.
//!
//! Owns what is reported about them before anything is sent. How they are checked is in `fit`, `heading` and
//! `consent`.

use std::path::Path;

use super::error::PrepareError;
use super::lookahead::{LOOK_AHEAD, Lookahead};
use crate::event::{InputFault, SharedError};
use crate::import::encoder::Encoder;
use crate::import::options::ImportOptions;
use crate::mapping::{Plan, Rule};
use crate::outcome::{Code, Reason};
use crate::record::{InputId, Shape};
use crate::source::{self, Input, OpenInput, SourceError};
use crate::units::{counted, grouped};

/// Inputs that are open and fit the options.
pub(crate) struct PreparedInputs {
    pub(super) inputs: Vec<Lookahead>,
    /// What they were opened from, and how.
    pub(super) origins: Vec<Input>,
    pub(super) reading: source::ReadOptions,
}

impl PreparedInputs {
    /// Opens all inputs.
    pub(super) fn open_all(
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
            let (id, name) = (InputId(index), input.name());
            let opened = prepared.open(input, id, options);
            let opened = opened.map_err(|error| PrepareError::Source {
                name: name.clone(),
                error,
            })?;
            let mut looked = Lookahead::new(name, id, opened);
            looked.is_file = input.path().is_some_and(Path::is_file);
            prepared.inputs.push(looked);
        }
        Ok(prepared)
    }

    /// An input that cannot be opened again.
    pub(super) fn of_one(input: Lookahead, reading: source::ReadOptions) -> PreparedInputs {
        PreparedInputs {
            inputs: vec![input],
            origins: Vec::new(),
            reading,
        }
    }

    fn open(
        &mut self,
        input: &Input,
        id: InputId,
        options: &ImportOptions,
    ) -> Result<OpenInput, SourceError> {
        // A pipe cannot be read a second time, so it is copied to a file first.
        let origin = if options.on_duplicate.reads_twice() {
            input.to_be_read_twice()?
        } else {
            input.clone()
        };
        let opened = source::open(&origin, id, &self.reading)?;
        self.origins.push(origin);
        Ok(opened)
    }

    /// The options, plus which columns of the inputs are not phones.
    pub(crate) fn fitted(&self, options: &ImportOptions) -> ImportOptions {
        let mut options = options.clone();
        for input in &self.inputs {
            options
                .mapping
                .not_phones
                .note(input.id, input.not_phones.clone());
        }
        options
    }

    /// Reads the inputs again from their beginnings, opening each when its turn comes. Stops at one that cannot be
    /// opened, after passing the reason to `fail`.
    pub(crate) fn reopened(
        &self,
        mut fail: impl FnMut(InputFault) + Send + 'static,
    ) -> impl Iterator<Item = Lookahead> + Send + 'static {
        let (inputs, reading) = (self.origins.clone(), self.reading.clone());
        let mut numbered = inputs.into_iter().enumerate();
        std::iter::from_fn(move || {
            let (index, input) = numbered.next()?;
            match source::open(&input, InputId(index), &reading) {
                // What can be opened again is a file.
                Ok(opened) => Some(Lookahead {
                    is_file: true,
                    ..Lookahead::new(input.name(), InputId(index), opened)
                }),
                Err(error) => {
                    fail(InputFault::Broken(input.name(), SharedError::new(error)));
                    None
                }
            }
        })
    }

    /// The names of the inputs.
    pub(crate) fn names(&self) -> Vec<String> {
        self.inputs.iter().map(|input| input.name.clone()).collect()
    }

    /// The mapping in use for each input: its name and the lines a user reads.
    pub(crate) fn plans(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.inputs
            .iter()
            .map(|input| (input.name.as_str(), input.plan.as_slice()))
    }

    /// How each input is read where no option said so: its name and the lines a user reads.
    pub(crate) fn assumed(&self) -> impl Iterator<Item = (&str, String)> {
        self.inputs.iter().flat_map(|input| {
            let lines = input.opened.assumed.lines();
            lines.into_iter().map(|line| (input.name.as_str(), line))
        })
    }

    /// The rules that would make the mapping of the first input explicit.
    pub(crate) fn pins(&self) -> &[Rule] {
        let first = self.inputs.iter().find(|input| !input.pins.is_empty());
        first.map_or(&[], |input| &input.pins)
    }

    /// How the first input is read where no option said so: options and their values.
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

    /// The shape of each input, which its rejects file repeats.
    pub(crate) fn shapes(&self) -> impl Iterator<Item = &Shape> {
        self.inputs.iter().map(|input| &input.opened.shape)
    }

    /// The size of all inputs together, where each is known.
    pub(crate) fn total(&self) -> Option<u64> {
        self.inputs.iter().map(|input| input.opened.size).sum()
    }

    /// How many bytes come before each input; a pipe, whose size is unknown, counts as none.
    pub(crate) fn offsets(&self) -> Vec<u64> {
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

    /// The names of the inputs without a record: only a header, or an empty list.
    pub(crate) fn blank(&mut self) -> Vec<String> {
        let blank = self.inputs.iter_mut().filter_map(|input| {
            input.read_ahead();
            let is_blank = input.records.is_empty() && input.broken.is_none();
            is_blank.then(|| input.name.clone())
        });
        blank.collect()
    }

    /// Whether the first record can be sent.
    ///
    /// # Errors
    /// Why it cannot.
    pub(crate) fn check(&self, options: &ImportOptions) -> Result<(), Reason> {
        let first = self.inputs.first().and_then(|input| input.records.get(0));
        first.map_or(Ok(()), |record| Encoder::new(options).check(record))
    }

    pub(crate) fn into_readers(self) -> Vec<Lookahead> {
        self.inputs
    }

    /// Reads ahead until a record has a usable phone. Fails if none has and at least one lacks only a country.
    pub(super) fn require_country(&mut self, options: &ImportOptions) -> Result<(), PrepareError> {
        let mut encoder = Encoder::new(options);
        // Over all inputs together: one usable phone shows that numbers can have their country, so others are rejected
        // singly.
        let (mut looked_at, mut without_country) = (0, 0);
        for input in &mut self.inputs {
            let mut next = 0;
            while looked_at < LOOK_AHEAD && (next < input.records.len() || input.read_ahead()) {
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
                looked_at: counted(looked_at as u64, "record"),
                without_country: grouped(without_country as u64),
            }),
            _ => Ok(()),
        }
    }

    /// The recognised country columns that all inputs have.
    pub(super) fn country_columns(&self, options: &ImportOptions) -> Vec<String> {
        let of = |input: &Lookahead| {
            let header = input.header.as_ref()?;
            let plan = Plan::without(header, &options.mapping, &input.not_phones).ok()?;
            Some(plan.country_columns())
        };
        let all: Option<Vec<Vec<String>>> = self.inputs.iter().map(of).collect();
        let Some((first, others)) = all.as_deref().and_then(<[_]>::split_first) else {
            return Vec::new();
        };
        let is_in_all = |column: &&String| others.iter().all(|other| other.contains(column));
        first.iter().filter(is_in_all).cloned().collect()
    }
}
