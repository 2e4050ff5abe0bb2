//! Carrying out a plan: one record becomes a contact, or is invalid for a reason.

mod every;
mod fault;
mod row;

use self::row::{PhoneRow, country_not_needed};
use super::address;
use super::phone_reason;
use super::plan::{Plan, Precedence};
use super::source::{
    FieldSource, cell_text, decoded, freed, is_false, is_order_number, texts, unquoted,
};
use super::tags::{self, TagList};
use super::{Mapped, OnBadEmail, Options, Warning, defect};
use crate::contact::email::{self, EmailError};
use crate::contact::phone::{Home, Phone, PhoneError, PhoneReading};
use crate::contact::{Attribute, Contact};
use crate::hint::COUNTRY;
use crate::outcome::{Code, Reason};
use crate::record::{Cell, Defect, Record};
use crate::text::{self, is_blank, without_controls};
use crate::vocabulary::{Address, is_nothing};
use std::borrow::Cow;

impl Plan {
    /// Makes a contact of a record.
    pub(crate) fn apply(&self, record: Record<'_>, options: &Options) -> Mapped {
        let reject = |reason, phone| Mapped::Reject { reason, phone };
        let mut warnings = Vec::new();
        let (address, phone) = match self.usable_phone(record, options, &mut warnings) {
            Ok(phone) => phone,
            Err(reason) if reason.code == Code::NoPhone && self.is_continuation(record) => {
                return Mapped::Continuation(reason);
            }
            Err(reason) => return reject(reason, None),
        };
        warnings.extend(self.left_blank(record));
        warnings.extend(self.html_in(record));
        match self.email(record, options.on_bad_email, &mut warnings) {
            Ok(email) => {
                let contact = Contact {
                    phone,
                    email,
                    name: self.name(record, address),
                    tags: self.tags(record, options),
                    attributes: self.attributes(record),
                };
                match unread_in(record, &contact) {
                    Some(reason) => reject(reason, Some(contact.phone)),
                    None => Mapped::Contact { contact, warnings },
                }
            }
            Err(reason) => reject(reason, Some(phone)),
        }
    }

    fn is_continuation(&self, record: Record<'_>) -> bool {
        let is_filled = |index: usize| {
            let text = cell_text(record, index);
            text.is_some_and(|text| !is_blank(&text))
        };
        self.continuation
            .is_some_and(|by| !is_filled(by.blank) && is_filled(by.filled) && is_filled(by.same))
    }

    /// What records of one contact have in common, where one may continue another.
    pub(crate) fn group<'r>(&self, record: Record<'r>) -> Option<Cow<'r, str>> {
        cell_text(record, self.continuation?.same)
    }

    /// The first name, those of the phone's own address before the others.
    fn name(&self, record: Record<'_>, address: Option<Address>) -> Option<String> {
        let order = address::order(&self.addresses.name, address);
        let sources = order.iter().filter_map(|at| self.fields.name.get(*at));
        let mut texts = sources.flat_map(|source| source.texts(record).map(decoded));
        let name = texts
            .find(|text| !is_nothing(text) && !is_order_number(text) && !is_false(record, text))?;
        Some(freed(name))
    }

    fn usable_phone(
        &self,
        record: Record<'_>,
        options: &Options,
        warnings: &mut Vec<Warning>,
    ) -> Result<(Option<Address>, Phone), Reason> {
        match &record.defect {
            // Unreadable bytes in a value that decides nothing about the phone must not cost the contact.
            Some(Defect::UnreadValue { .. }) if !self.has_unread_phone(record) => {
                self.phone(record, options, warnings)
            }
            Some(defect) => Err(defect::reason(defect)),
            None => self.phone(record, options, warnings),
        }
    }

    /// Whether bytes were not read of what decides which number is sent.
    fn has_unread_phone(&self, record: Record<'_>) -> bool {
        let fields = &self.fields;
        let sources = [&fields.phone, &fields.prefix, &fields.country];
        let mut sources = sources.into_iter().flatten();
        sources.any(|source| source.texts(record).any(|text| is_unread(&text)))
    }

    /// The first valid phone; else, where doubtful ones are sent, the first of them.
    fn phone(
        &self,
        record: Record<'_>,
        options: &Options,
        warnings: &mut Vec<Warning>,
    ) -> Result<(Option<Address>, Phone), Reason> {
        // Both are kept while another column may still have a valid phone.
        let mut doubtful = None;
        let mut trouble = None;
        for (address, source, cell) in self.phones(record) {
            let row = PhoneRow::new(self, record, options, Some(source), address);
            match row.read(&cell) {
                Ok(reading) if reading.doubt.is_none() => {
                    warnings.extend(row.unknown.as_deref().map(country_not_needed));
                    warnings.extend(
                        self.rival_in(source, record)
                            .map(|rival| self.beside(source, rival)),
                    );
                    warnings.extend(self.differently(&row, source, &cell, &reading, options));
                    return Ok((address, self.taken(source, reading, warnings)));
                }
                Ok(reading) => doubtful = doubtful.or(Some((address, source, reading))),
                Err(PhoneError::Blank) => {}
                Err(error) => trouble = trouble.or(Some((row.why(&error), source, error))),
            }
        }
        match (doubtful, trouble) {
            (Some((address, source, reading)), _) => {
                Ok((address, self.taken(source, reading, warnings)))
            }
            (None, Some((Some(reason), ..))) => Err(reason),
            (None, Some((_, source, error))) => Err(self.wrong_phone(source, &error)),
            (None, None) => Err(self.faulty_phone(record).unwrap_or_else(|| self.no_phone())),
        }
    }

    /// The cells that may hold a phone, the likeliest kind first, each with the address that it is of; a fax may not.
    /// Where a part of a number shows no value, the rest of it is another number.
    fn phones<'r>(
        &'r self,
        record: Record<'r>,
    ) -> impl Iterator<Item = (Option<Address>, &'r FieldSource, Cow<'r, str>)> {
        let sources = self.fields.phone.iter().zip(&self.addresses.phone);
        let has_faults = record.has_faults();
        let is_whole =
            move |source: &FieldSource| !has_faults || fault::of_source(source, record).is_none();
        let whole = sources.filter(move |(source, _)| is_whole(source));
        let cells = whole.flat_map(|(source, address)| {
            let kind = source.phone_kind(record);
            let texts = source.texts(record);
            texts.filter_map(move |text| Some((kind?, *address, source, text)))
        });
        let mut cells: Vec<_> = cells.collect();
        // The sort is stable: columns of one kind keep the plan's order.
        cells.sort_by_key(|(kind, ..)| *kind);
        cells
            .into_iter()
            .map(|(_, address, source, cell)| (address, source, cell))
    }

    /// That the country which came second reads the same cell as another valid number.
    fn differently(
        &self,
        row: &PhoneRow<'_>,
        source: &FieldSource,
        cell: &str,
        reading: &PhoneReading,
        options: &Options,
    ) -> Option<Warning> {
        let second = row.second.filter(|_| !cell.contains('+'))?;
        let other = row.read_from(cell, Home::Region(second)).ok()?;
        if other.doubt.is_some() || other.phone == reading.phone {
            return None;
        }
        let (first, then) = match (self.precedence, row.home) {
            (_, Home::International) => ("its calling code", "the row's country"),
            (Precedence::Row, _) if options.home == Home::Unset => {
                ("the row's country", "its other country")
            }
            (Precedence::Row, _) => ("the row's country", COUNTRY),
            (Precedence::Option, _) => (COUNTRY, "the row's country"),
        };
        let words = format!(
            "read by {first}, but {then} ({}) makes another valid number of it: write it with +",
            second.name()
        );
        Some(Warning::new(
            format!("phone that {first} and {then} read differently"),
            self.of(source, &words),
        ))
    }

    /// That an equal column has another number in this row.
    fn beside(&self, taken: &FieldSource, rival: &FieldSource) -> Warning {
        let words = format!(
            "taken, though {} has another number",
            rival.label(&self.header)
        );
        Warning::new(
            "another column that may be the phone has another number",
            self.of(taken, &words),
        )
    }

    fn taken(
        &self,
        source: &FieldSource,
        reading: PhoneReading,
        warnings: &mut Vec<Warning>,
    ) -> Phone {
        if let Some(doubt) = &reading.doubt {
            warnings.push(Warning::new(doubt.brief(), self.of(source, doubt)));
        }
        if let Some(form) = reading.phone.other_form() {
            warnings.push(Warning::new(form.brief(), self.of(source, &form)));
        }
        if let Some(remark) = &reading.remark {
            warnings.push(Warning::new(remark.to_string(), self.of(source, remark)));
        }
        reading.phone
    }

    fn wrong_phone(&self, source: &FieldSource, error: &PhoneError) -> Reason {
        let mut full = self.of(source, error);
        if *error == PhoneError::NoCountry && !self.country_options.is_empty() {
            full.push_str("; together with");
            full.push_str(&self.country_options);
            full.push_str(" it is only for rows that name none");
        }
        phone_reason::of(error, full)
    }

    fn no_phone(&self) -> Reason {
        let looked_in: Vec<String> = self
            .fields
            .phone
            .iter()
            .map(|source| source.label(&self.header))
            .collect();
        let brief = "no phone".to_owned();
        let full = match looked_in.as_slice() {
            [] => brief.clone(),
            _ => format!("{brief} in {}", looked_in.join(", ")),
        };
        Reason::new(Code::NoPhone, brief, full)
    }

    /// The first usable address; else the trouble of the first that is not blank.
    fn email(
        &self,
        record: Record<'_>,
        on_bad: OnBadEmail,
        warnings: &mut Vec<Warning>,
    ) -> Result<Option<String>, Reason> {
        let mut trouble = None;
        for (source, cell) in texts(&self.fields.email, record) {
            match email::read(&unquoted(decoded(cell))) {
                Ok(reading) => {
                    let warning = |remark| Warning::new(remark, self.of(source, &remark));
                    warnings.extend(reading.remarks.into_iter().map(warning));
                    return Ok(Some(reading.address));
                }
                Err(EmailError::Blank) => {}
                Err(error) => trouble = trouble.or(Some((source, error))),
            }
        }
        let Some((source, error)) = trouble else {
            return Ok(None);
        };
        let (brief, full) = (error.brief(), self.of(source, &error));
        match on_bad {
            OnBadEmail::Reject => Err(Reason::new(Code::BadEmail, brief, full)),
            OnBadEmail::Drop => {
                warnings.push(Warning::new(format!("{brief} left out"), full));
                Ok(None)
            }
        }
    }

    fn tags(&self, record: Record<'_>, options: &Options) -> Vec<String> {
        let mut found = TagList::default();
        for source in &self.fields.tags {
            if let Some(list) = source.list(record) {
                list.iter()
                    .for_each(|tag| found.add([&*text::decoded(tag)]));
            } else if let Some(text) = source.text(record).filter(|text| !is_false(record, text)) {
                tags::add_split(&mut found, &decoded(text), options.tag_separator.as_deref());
            }
            if let Some(mark) = self.export.and_then(|export| export.system_tag) {
                found.remove_marked(mark);
            }
            // The other sources are alternatives, not additions.
            if !found.is_empty() {
                break;
            }
        }
        found.add_typed(&options.tags);
        found.into_tags()
    }

    /// That a text of this record was written as in HTML. Attributes are sent as they are.
    fn html_in(&self, record: Record<'_>) -> Option<Warning> {
        if !record.cells().iter().any(holds_ampersand) {
            return None;
        }
        let fields = &self.fields;
        let read = [&fields.name, &fields.phone, &fields.email, &fields.tags];
        let mut sources = read.into_iter().flatten();
        let is_html = |text: Cow<'_, str>| matches!(text::decoded(&text), Cow::Owned(_));
        let source = sources.find(|source| source.texts(record).any(is_html))?;
        let words = "characters written as in HTML, such as &amp;, were decoded";
        Some(Warning::new(words, self.of(source, &words)))
    }

    fn attributes(&self, record: Record<'_>) -> Vec<Attribute> {
        let values = self.fields.attributes.iter().filter_map(|(key, sources)| {
            let value = sources.iter().find_map(|source| source.text(record))?;
            Some(Attribute {
                key: key.clone(),
                value: match without_controls(&value) {
                    Cow::Owned(clean) => clean,
                    Cow::Borrowed(_) => value.into_owned(),
                },
            })
        });
        values.chain(self.fixed.iter().cloned()).collect()
    }

    /// Words about a value, after what a user calls its column.
    fn of(&self, source: &FieldSource, words: &impl std::fmt::Display) -> String {
        format!("{}: {words}", source.label(&self.header))
    }
}

/// Most records have none, and need no look at their fields.
fn holds_ampersand(cell: Cell<'_>) -> bool {
    cell.texts().any(|text| text.contains('&'))
}

/// Why a contact is not sent that would hold what was not read. A cell that is not sent may be unreadable.
fn unread_in(record: Record<'_>, contact: &Contact) -> Option<Reason> {
    let defect = record.defect.as_ref()?;
    let mut texts = contact
        .name
        .iter()
        .chain(&contact.email)
        .chain(&contact.tags);
    let mut values = contact.attributes.iter().map(|attribute| &attribute.value);
    let is_sent = texts.any(|text| is_unread(text)) || values.any(|text| is_unread(text));
    is_sent.then(|| defect::reason(defect))
}

/// U+FFFD is in the place of bytes that were not read.
fn is_unread(text: &str) -> bool {
    text.contains(char::REPLACEMENT_CHARACTER)
}
