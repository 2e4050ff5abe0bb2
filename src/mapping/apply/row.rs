//! What a row says of its phones beside their cells: where it is from, and the calling code where that is in a column
//! of its own.

use crate::contact::phone::{self, Home, Phone, PhoneError, PhoneReading};
use crate::contact::region::Region;
use crate::mapping::address;
use crate::mapping::plan::{Plan, Precedence};
use crate::mapping::source::FieldSource;
use crate::mapping::{OnDoubtfulPhone, Options, Warning};
use crate::outcome::{Code, Reason};
use crate::record::Record;
use crate::text::quoted;
use crate::vocabulary::{Address, is_nothing};
use std::borrow::Cow;

/// What a row says beside its phone cells.
pub(super) struct PhoneRow<'r> {
    prefix: Option<Cow<'r, str>>,
    pub(super) home: Home,
    /// The region that came second: of the option where the row goes first, and the other way round.
    pub(super) second: Option<Region>,
    /// A country that is not understood, where it is the row's to say.
    foreign: Option<Cow<'r, str>>,
    /// A country that is not understood, from a column or an option.
    pub(super) unknown: Option<Cow<'r, str>>,
    /// That the cell of the country or of the calling code shows no value.
    fault: Option<Reason>,
    on_doubt: OnDoubtfulPhone,
}

impl<'r> PhoneRow<'r> {
    pub(super) fn new(
        plan: &'r Plan,
        record: Record<'r>,
        options: &Options,
        source: Option<&FieldSource>,
        address: Option<Address>,
    ) -> PhoneRow<'r> {
        PhoneRow::by(plan.precedence, plan, record, options, source, address)
    }

    /// The same with a given precedence.
    pub(super) fn by(
        precedence: Precedence,
        plan: &'r Plan,
        record: Record<'r>,
        options: &Options,
        source: Option<&FieldSource>,
        address: Option<Address>,
    ) -> PhoneRow<'r> {
        let named = plan.countries(record, address);
        let countries: Vec<Option<Region>> =
            named.iter().map(|(_, cell)| country_of(cell)).collect();
        let both = || named.iter().zip(&countries);
        let mut known = both().filter_map(|((of, _), country)| Some((*of, (*country)?)));
        let first = known.next();
        let country = first.map(|(_, country)| country);
        let unknown = both().find(|(_, country)| country.is_none());
        let unknown = unknown.map(|((_, cell), _)| cell.clone());
        let is_rows_to_say = country.is_none() && precedence == Precedence::Row;
        let foreign = named.first().filter(|_| is_rows_to_say);
        let foreign = foreign.map(|(_, cell)| cell.clone());
        // That of the same address leaves no doubt.
        let is_sure = address.is_some() && first.is_some_and(|(of, _)| of == address);
        let mut others = known.map(|(_, other)| other);
        let other = others.find(|other| Some(*other) != country);
        let (home, second) = homes(plan, precedence, country, options.home);
        let prefix_fault = plan.faulty_home(&plan.fields.prefix, record);
        let country_fault = match is_rows_to_say {
            true => plan.faulty_home(&plan.fields.country, record),
            false => None,
        };
        let is_foreign = foreign.is_some() || country_fault.is_some();
        let prefix = || plan.prefix(source, record);
        PhoneRow {
            prefix: prefix_fault.is_none().then(prefix).flatten(),
            // A country in the row that we cannot read must not fall back to --country: it names another country.
            // Without its calling code a number is local.
            home: match home {
                _ if prefix_fault.is_some() => Home::Unset,
                Home::Unset | Home::Region(_) if is_foreign => Home::Unset,
                home => home,
            },
            second: second.or(other.filter(|_| !is_sure)),
            foreign,
            unknown,
            fault: prefix_fault.or(country_fault),
            on_doubt: options.on_doubtful_phone,
        }
    }

    pub(super) fn read(&self, cell: &str) -> Result<PhoneReading, PhoneError> {
        let reading = match (self.read_from(cell, self.home), self.home, self.second) {
            // What starts with no calling code, or with one too many, is local after all.
            (Err(error), Home::International, Some(country)) => {
                let local = self.read_from(cell, Home::Region(country));
                local
                    .ok()
                    .filter(|local| local.doubt.is_none())
                    .ok_or(error)?
            }
            (reading, ..) => reading?,
        };
        match (reading.doubt, self.on_doubt) {
            (Some(doubt), OnDoubtfulPhone::Reject) => Err(doubt),
            (doubt, _) => Ok(PhoneReading { doubt, ..reading }),
        }
    }

    /// All numbers of a cell.
    pub(super) fn read_every(&self, cell: &str) -> Vec<Result<PhoneReading, PhoneError>> {
        let read = |home| phone::read_every(self.prefix.as_deref(), cell, home);
        let readings = read(self.home);
        match (self.home, self.second) {
            // As in `read`.
            (Home::International, Some(country)) if readings.iter().any(Result::is_err) => {
                let local = read(Home::Region(country));
                match local.iter().all(Result::is_ok) {
                    true => local,
                    false => readings,
                }
            }
            _ => readings,
        }
    }

    /// Every phone that a cell may mean: of both countries where two read it, and of both ways to read what starts
    /// with its own calling code.
    ///
    /// # Errors
    /// One of its numbers cannot be read.
    pub(super) fn every_meaning(&self, cell: &str) -> Result<Vec<Phone>, PhoneError> {
        let mut phones = Vec::new();
        for reading in self.read_every(cell) {
            let reading = reading?;
            phones.extend(reading.others());
            phones.push(reading.phone);
        }
        let second = self.second.filter(|_| !cell.contains('+'));
        let otherwise = second
            .map(|second| phone::read_every(self.prefix.as_deref(), cell, Home::Region(second)));
        let otherwise = otherwise.into_iter().flatten().flatten();
        phones.extend(
            otherwise
                .filter(|reading| reading.doubt.is_none())
                .map(|reading| reading.phone),
        );
        Ok(phones)
    }

    /// Why the number has no country, where the row should say which.
    pub(super) fn why(&self, error: &PhoneError) -> Option<Reason> {
        match error {
            PhoneError::NoCountry => {
                let foreign = self.foreign.as_deref().map(unknown_country);
                self.fault.clone().or(foreign)
            }
            _ => None,
        }
    }

    pub(super) fn read_from(&self, cell: &str, home: Home) -> Result<PhoneReading, PhoneError> {
        match &self.prefix {
            Some(prefix) => phone::read_parts(prefix, cell, home),
            None => phone::read(cell, home),
        }
    }
}

impl Plan {
    /// What a row says of the calling code of the phones of a source.
    fn prefix<'r>(
        &'r self,
        phone: Option<&FieldSource>,
        record: Record<'r>,
    ) -> Option<Cow<'r, str>> {
        let at = self
            .fields
            .phone
            .iter()
            .position(|source| Some(source) == phone);
        let Some(going) = at.and_then(|at| self.prefixes.get(at)) else {
            let mut all = self.fields.prefix.iter();
            return all.find_map(|source| source.texts(record).next());
        };
        let mut sources = going.iter().filter_map(|at| self.fields.prefix.get(*at));
        sources.find_map(|source| source.texts(record).next())
    }

    /// The countries that a row names and the addresses they are of, that of the phone's own address first.
    fn countries<'r>(
        &'r self,
        record: Record<'r>,
        address: Option<Address>,
    ) -> Vec<(Option<Address>, Cow<'r, str>)> {
        let addresses = &self.addresses.country;
        let order = address::order(addresses, address).into_iter();
        let sources =
            order.filter_map(|at| Some((*addresses.get(at)?, self.fields.country.get(at)?)));
        sources
            .flat_map(|(of, source)| source.written(record).map(move |text| (of, text)))
            .filter(|(_, text)| !is_nothing(text) || Region::parse(text).is_some())
            .collect()
    }
}

/// The region that a cell names. `NA` is Namibia, and what people write where they know no country: it could be
/// either.
fn country_of(cell: &str) -> Option<Region> {
    phone::country(cell).filter(|_| !is_nothing(cell))
}

/// What a row's local numbers are, and the region that reads them second.
fn homes(
    plan: &Plan,
    precedence: Precedence,
    country: Option<Region>,
    option: Home,
) -> (Home, Option<Region>) {
    let has_calling_codes = plan.export.is_some_and(|export| export.has_calling_codes);
    match (option, country, precedence) {
        // An export that writes calling codes says more than a country.
        (Home::Unset, country, _) if has_calling_codes => (Home::International, country),
        (option, None, _) => (option, None),
        (Home::Region(second), Some(country), Precedence::Row) => {
            let second = Some(second).filter(|second| *second != country);
            (Home::Region(country), second)
        }
        (_, Some(country), Precedence::Row) => (Home::Region(country), None),
        (option, Some(country), Precedence::Option) => {
            let second = Some(country).filter(|country| option != Home::Region(*country));
            (option, second)
        }
    }
}

/// That the country of a row is not understood, though its phone does not need it.
pub(super) fn country_not_needed(name: &str) -> Warning {
    const LONGEST: usize = 40;
    let name: String = name.trim().chars().take(LONGEST).collect();
    let name = quoted(&name);
    Warning::new(
        format!("country not understood: {name}"),
        format!("{name} is not a country that is understood; this phone did not need it"),
    )
}

/// That the country of a row is not understood.
fn unknown_country(name: &str) -> Reason {
    Reason::new(
        Code::PhoneNoCountry,
        "country not understood",
        format!(
            "{} is not a country that is understood: write its ISO code (such as DE) or its English name",
            quoted(name)
        ),
    )
}
