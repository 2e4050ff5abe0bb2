//! The language in which faults are requested, and the random choice of a request's fault.
//!
//! Owns what a fault is and when it strikes. How it looks on the wire is in `answer` and `line`.

use std::{str::FromStr, time::Duration};

use axum::http::StatusCode;

use super::quantity::{self, Numbers};

/// The language of [`Faults`], for a command's long help.
pub(crate) const FAULTS_HELP: &str = "\
Faults are a comma-separated list, as in 503:0.1,slow:0.05:2s,reject:+9112345*

  STATUS:P[:WAIT]  answer with this HTTP status (400 to 599) with probability P (0 to 1), store
                   nothing; WAIT (whole seconds, as in 2s) is its Retry-After, of which 429 and
                   503 have one of 1s without it
  reset:P          cut the connection before the contacts are read
  lost:P           store the contacts, then cut the connection before the answer
  half:P           store the contacts, then send half of the answer
  garbage:P        answer 200 with a web page, store nothing
  slow:P[:TIME]    store the contacts, then answer after TIME (1s without it)
  latency:TIME     delay every answer
  reject:NUMBER    refuse with 400 each batch that holds this number; NUMBER* or NUMBER… is
                   every number that begins so
  poison:NUMBER    likewise, with 500
  too-large:SIZE   answer 413 to bodies above this size instead of 100kB
  denied:N         answer 401 after N requests
  seed:N           another run of luck; without it every run has the same

Each request draws once for every item with a P, in the order of the list: the first that
strikes decides the answer, and delays add up. The same list, seed and order of requests gives
the same faults.";

/// The seed without `seed:N`; any fixed number would do.
const SEED: u64 = 2;

/// How long `slow:P` takes without a time.
const SLOW: Duration = Duration::from_secs(1);

/// The Retry-After of 429 and 503 without a wait of their own, in seconds.
const RETRY_AFTER: u64 = 1;

/// The default body limit of the vendor's framework, in bytes.
const BODY_LIMIT: usize = 100_000;

/// The faults that a sandbox plays, read from the language that [`FAULTS_HELP`] describes; by default, none.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Faults {
    chances: Vec<Chance>,
    latency: Option<Duration>,
    rejected: Vec<Numbers>,
    poisonous: Vec<Numbers>,
    body_limit: Option<usize>,
    denied_after: Option<u64>,
    seed: Option<u64>,
}

/// Something that strikes a request with a probability.
#[derive(Clone, Debug, PartialEq)]
struct Chance {
    odds: f64,
    strike: Strike,
}

#[derive(Clone, Debug, PartialEq)]
enum Strike {
    Ends(AnswerKind),
    Delays(Duration),
}

/// How a request ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum AnswerKind {
    /// As documented.
    Usual,
    /// This status, nothing stored; `retry_after` in seconds.
    Status {
        status: StatusCode,
        retry_after: Option<u64>,
    },
    /// The token no longer counts.
    Denied,
    /// 200 with a web page, nothing stored.
    Garbage,
    /// The connection is cut, nothing read.
    Reset,
    /// Stored, and the connection is cut.
    Lost,
    /// Stored, and half an answer.
    Half,
}

/// What happens to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fate {
    /// How it ends.
    pub(crate) ending: AnswerKind,
    /// How long its answer waits.
    pub(crate) delay: Duration,
}

/// A list of faults that was not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FaultsError {
    /// The part before the colon names nothing.
    #[error(
        "no fault is called `{kind}` (in `{item}`); there are: an HTTP status from 400 to 599, reset, lost, half, \
         garbage, slow, latency, reject, poison, too-large, denied, seed"
    )]
    Unknown {
        /// The name.
        kind: String,
        /// The item it is in.
        item: String,
    },
    /// The part after the colon is missing, or not what this fault takes.
    #[error("the fault `{item}` is not understood: write {form}")]
    Malformed {
        /// The item.
        item: String,
        /// How such a fault is written.
        form: &'static str,
    },
    /// A fault that there can be only one of.
    #[error("the fault `{item}` repeats an earlier one: leave one of them out")]
    Repeated {
        /// The second of them.
        item: String,
    },
}

impl FromStr for Faults {
    type Err = FaultsError;

    /// Blanks around items and empty items mean nothing; an empty list is no faults.
    fn from_str(list: &str) -> Result<Faults, FaultsError> {
        let mut faults = Faults::default();
        for item in list
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
        {
            faults.add(item)?;
        }
        Ok(faults)
    }
}

impl Faults {
    fn add(&mut self, item: &str) -> Result<(), FaultsError> {
        let (kind, argument) = item.split_once(':').unwrap_or((item, ""));
        match kind {
            "latency" => {
                let latency = understood(quantity::duration(argument), item, LATENCY_FORM)?;
                set_once(&mut self.latency, latency, item)?;
            }
            "too-large" => {
                let limit = understood(quantity::size(argument), item, SIZE_FORM)?;
                set_once(&mut self.body_limit, limit, item)?;
            }
            "denied" => {
                let after = understood(argument.parse().ok(), item, DENIED_FORM)?;
                set_once(&mut self.denied_after, after, item)?;
            }
            "seed" => {
                let seed = understood(argument.parse().ok(), item, SEED_FORM)?;
                set_once(&mut self.seed, seed, item)?;
            }
            "reject" => self
                .rejected
                .push(understood(Numbers::read(argument), item, REJECT_FORM)?),
            "poison" => {
                self.poisonous
                    .push(understood(Numbers::read(argument), item, POISON_FORM)?)
            }
            _ => self.chances.push(Chance::read(kind, argument, item)?),
        }
        Ok(())
    }

    /// The largest body that is read, in bytes.
    pub(super) fn body_limit(&self) -> usize {
        self.body_limit.unwrap_or(BODY_LIMIT)
    }

    /// Whether a batch with `number` (prefix and number joined) is refused.
    pub(super) fn rejects(&self, number: &str) -> bool {
        self.rejected.iter().any(|numbers| numbers.include(number))
    }

    /// Whether a batch with `number` (prefix and number joined) breaks the server.
    pub(super) fn is_poisoned_by(&self, number: &str) -> bool {
        self.poisonous.iter().any(|numbers| numbers.include(number))
    }
}

fn understood<T>(value: Option<T>, item: &str, form: &'static str) -> Result<T, FaultsError> {
    value.ok_or_else(|| FaultsError::Malformed {
        item: item.to_owned(),
        form,
    })
}

fn set_once<T>(place: &mut Option<T>, value: T, item: &str) -> Result<(), FaultsError> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(FaultsError::Repeated {
            item: item.to_owned(),
        }),
    }
}

const LATENCY_FORM: &str = "latency:TIME, as in latency:50ms";
const SIZE_FORM: &str = "too-large:SIZE, as in too-large:50kB";
const DENIED_FORM: &str = "denied:N, a whole number, as in denied:20";
const SEED_FORM: &str = "seed:N, a whole number, as in seed:42";
const REJECT_FORM: &str = "reject:NUMBER with the country calling code, as in reject:+911234567890, or \
     reject:+9112* for every number that begins so";
const POISON_FORM: &str = "poison:NUMBER with the country calling code, as in poison:+911234567890, or \
     poison:+9112* for every number that begins so";
const STATUS_FORM: &str = "STATUS:P with a probability from 0 to 1, as in 503:0.1, or \
     STATUS:P:WAIT in whole seconds, as in 429:0.05:2s";
const SLOW_FORM: &str =
    "slow:P with a probability from 0 to 1, as in slow:0.1, or slow:P:TIME, as in slow:0.1:2s";
const CUT_FORM: &str = "its name and a probability from 0 to 1, as in reset:0.05";

impl Chance {
    fn read(kind: &str, argument: &str, item: &str) -> Result<Chance, FaultsError> {
        let (odds, extra) = match argument.split_once(':') {
            Some((odds, extra)) => (odds, Some(extra)),
            None => (argument, None),
        };
        let (strike, form) = match kind {
            "reset" => (plain(AnswerKind::Reset, extra), CUT_FORM),
            "lost" => (plain(AnswerKind::Lost, extra), CUT_FORM),
            "half" => (plain(AnswerKind::Half, extra), CUT_FORM),
            "garbage" => (plain(AnswerKind::Garbage, extra), CUT_FORM),
            "slow" => (
                extra
                    .map_or(Some(SLOW), quantity::duration)
                    .map(Strike::Delays),
                SLOW_FORM,
            ),
            _ => (status(failing_status(kind, item)?, extra), STATUS_FORM),
        };
        let chance = quantity::probability(odds).zip(strike);
        let (odds, strike) = understood(chance, item, form)?;
        Ok(Chance { odds, strike })
    }
}

fn plain(ending: AnswerKind, extra: Option<&str>) -> Option<Strike> {
    extra.is_none().then_some(Strike::Ends(ending))
}

fn status(status: StatusCode, wait: Option<&str>) -> Option<Strike> {
    let retry_after = match wait {
        Some(wait) => Some(whole_seconds(quantity::duration(wait)?)?),
        // Both may carry it (RFC 6585, section 4; RFC 9110, section 15.6.4).
        None => [429, 503].contains(&status.as_u16()).then_some(RETRY_AFTER),
    };
    Some(Strike::Ends(AnswerKind::Status {
        status,
        retry_after,
    }))
}

fn whole_seconds(wait: Duration) -> Option<u64> {
    (wait.subsec_nanos() == 0).then_some(wait.as_secs())
}

fn failing_status(kind: &str, item: &str) -> Result<StatusCode, FaultsError> {
    StatusCode::from_bytes(kind.as_bytes())
        .ok()
        .filter(|status| status.is_client_error() || status.is_server_error())
        .ok_or_else(|| FaultsError::Unknown {
            kind: kind.to_owned(),
            item: item.to_owned(),
        })
}

/// Draws the fate of one request after the other.
pub(super) struct Luck {
    chances: Vec<Chance>,
    latency: Duration,
    denied_after: Option<u64>,
    drawn: u64,
    generator: fastrand::Rng,
}

impl Luck {
    /// Starts the generator for these faults.
    pub(super) fn new(faults: &Faults) -> Luck {
        Luck {
            chances: faults.chances.clone(),
            latency: faults.latency.unwrap_or_default(),
            denied_after: faults.denied_after,
            drawn: 0,
            generator: fastrand::Rng::with_seed(faults.seed.unwrap_or(SEED)),
        }
    }

    /// The fate of the next request. Every chance draws a number even if an earlier one struck: otherwise a fault
    /// would shift the random sequence of all later requests.
    pub(super) fn draw(&mut self) -> Fate {
        let mut struck = None;
        let mut delay = self.latency;
        for chance in &self.chances {
            if self.generator.f64() >= chance.odds {
                continue;
            }
            match &chance.strike {
                Strike::Delays(time) => delay = delay.saturating_add(*time),
                Strike::Ends(ending) => struck = struck.or(Some(ending)),
            }
        }
        let ending = struck.cloned();
        self.drawn += 1;
        Fate {
            // A fault strikes even after `denied:N`: the token is only looked at where no fault did.
            ending: ending.unwrap_or_else(|| self.without_a_strike()),
            delay,
        }
    }

    fn without_a_strike(&self) -> AnswerKind {
        match self.denied_after {
            Some(after) if self.drawn > after => AnswerKind::Denied,
            _ => AnswerKind::Usual,
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn fates(list: &str, count: usize) -> Vec<Fate> {
        let mut luck = Luck::new(&list.parse().unwrap());
        (0..count).map(|_| luck.draw()).collect()
    }

    fn first_fate(list: &str) -> Fate {
        fates(list, 1).remove(0)
    }

    fn status_of(code: u16, retry_after: Option<u64>) -> AnswerKind {
        AnswerKind::Status {
            status: StatusCode::from_u16(code).unwrap(),
            retry_after,
        }
    }

    #[test]
    fn each_item_says_how_a_request_ends() {
        for (list, ending) in [
            ("", AnswerKind::Usual),
            (" , ,", AnswerKind::Usual),
            ("reset:0", AnswerKind::Usual),
            ("reset:1", AnswerKind::Reset),
            ("lost:1.0", AnswerKind::Lost),
            ("half:1", AnswerKind::Half),
            ("garbage:1", AnswerKind::Garbage),
            ("503:1", status_of(503, Some(1))),
            ("429:1", status_of(429, Some(1))),
            ("429:1:0s", status_of(429, Some(0))),
            ("502:1", status_of(502, None)),
            ("502:1:1m30s", status_of(502, Some(90))),
            ("denied:0", AnswerKind::Denied),
            ("denied:1", AnswerKind::Usual),
            (" 500:1 , 503:1 ", status_of(500, None)),
            ("500:0,503:1", status_of(503, Some(1))),
            ("denied:0,reset:1", AnswerKind::Reset),
        ] {
            assert_eq!(first_fate(list).ending, ending, "{list}");
        }
    }

    #[test]
    fn delays_add_up_and_leave_the_ending_alone() {
        for (list, millis) in [
            ("slow:1", 1_000),
            ("slow:1:2s", 2_000),
            ("latency:50ms", 50),
            ("latency:50ms,slow:1:10ms,slow:1:5ms", 65),
        ] {
            assert_eq!(
                first_fate(list),
                Fate {
                    ending: AnswerKind::Usual,
                    delay: Duration::from_millis(millis)
                },
                "{list}"
            );
        }
    }

    #[test]
    fn numbers_and_sizes_are_kept() {
        let faults: Faults = "reject:+911*,reject:+4477,poison:+1*,too-large:50kB"
            .parse()
            .unwrap();
        assert!(faults.rejects("9112") && faults.rejects("4477") && !faults.rejects("44778"));
        assert!(faults.is_poisoned_by("1555") && !faults.is_poisoned_by("9112"));
        assert_eq!(faults.body_limit(), 50_000);
        assert_eq!(Faults::default().body_limit(), 100_000);
    }

    #[test]
    fn what_is_not_understood_is_named_with_its_remedy() {
        for (list, words) in [
            (
                "503:0.1,flaky:0.1",
                "no fault is called `flaky` (in `flaky:0.1`); there are: an HTTP status",
            ),
            ("Reset:0.1", "no fault is called `Reset`"),
            ("200:0.1", "no fault is called `200`"),
            ("600:0.1", "no fault is called `600`"),
            ("0.1", "no fault is called `0.1`"),
            ("503", "the fault `503` is not understood: write STATUS:P"),
            (
                "503:2",
                "the fault `503:2` is not understood: write STATUS:P with a probability from 0 to 1",
            ),
            ("503:0.1:1500ms", "in whole seconds"),
            ("reset:", "the fault `reset:` is not understood"),
            ("reset:0.1:2s", "the fault `reset:0.1:2s` is not understood"),
            ("slow:0.1:2", "write slow:P"),
            ("latency:soon", "write latency:TIME"),
            ("reject:911-2", "write reject:NUMBER"),
            ("poison:", "write poison:NUMBER"),
            ("too-large:huge", "write too-large:SIZE"),
            ("denied:-1", "write denied:N"),
            ("seed:x", "write seed:N"),
            ("seed:1,seed:2", "the fault `seed:2` repeats an earlier one"),
            (
                "latency:1s,latency:1s",
                "the fault `latency:1s` repeats an earlier one",
            ),
        ] {
            let error = list.parse::<Faults>().unwrap_err().to_string();
            assert!(error.contains(words), "{list}: {error}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_faults_and_another_seed_others() {
        let list = "503:0.3,reset:0.2,slow:0.5";
        assert_eq!(fates(list, 200), fates(list, 200));
        assert_eq!(fates("503:0.3,seed:7", 200), fates("seed:7,503:0.3", 200));
        assert_ne!(fates("503:0.3,seed:7", 200), fates("503:0.3,seed:8", 200));
    }

    #[test]
    fn a_fault_strikes_about_as_often_as_it_was_asked_to() {
        let struck = fates("reset:0.1", 10_000)
            .iter()
            .filter(|fate| fate.ending == AnswerKind::Reset)
            .count();
        assert!((900..1_100).contains(&struck), "{struck} of 10,000");
    }

    #[test]
    fn a_fault_that_strikes_does_not_shift_the_luck_of_later_requests() {
        let alone = fates("503:0,reset:0.3", 100);
        let hidden = fates("503:0.5,reset:0.3", 100);
        let shown = hidden
            .iter()
            .zip(&alone)
            .filter(|(fate, _)| fate.ending == AnswerKind::Reset);
        assert!(shown.clone().count() > 0);
        assert!(shown.into_iter().all(|(fate, alone)| fate == alone));
    }

    #[test]
    fn the_help_names_every_fault() {
        for kind in [
            "STATUS",
            "reset",
            "lost",
            "half",
            "garbage",
            "slow",
            "latency",
            "reject",
            "poison",
            "too-large",
            "denied",
            "seed",
        ] {
            assert!(FAULTS_HELP.contains(&format!("\n  {kind}:")), "{kind}");
        }
    }
}
