//! The account of a run that every report is made from: the tally and the facts around it.

use std::path::PathBuf;
use std::time::Duration;

use crate::event::Halt;
use crate::record::Place;
use crate::shard::Shard;
use crate::tally::Tally;

/// A run as it ended.
#[derive(Debug)]
pub struct Account {
    /// The run's name: when it began, and four letters.
    pub run: String,
    /// The part of the import that this process sent.
    pub shard: Option<Shard>,
    /// The unfinished run that it went on with.
    pub resumes: Option<String>,
    /// The inputs, as a user knows them, in order.
    pub inputs: Vec<String>,
    /// Where contacts were sent.
    pub destination: Destination,
    /// The bot that was named.
    pub bot_id: Option<String>,
    /// Records taken, as the reader numbered them.
    pub read: u64,
    /// Every input was read to its end.
    pub complete: bool,
    /// The last record that was taken, where there is more that was not.
    pub last_read: Option<Place>,
    /// What ended the run early, the first fault in time first.
    pub halts: Vec<Halt>,
    /// Wall time.
    pub elapsed: Duration,
    /// Counts and reasons.
    pub tally: Tally,
    /// The rejects files that were written.
    pub rejects: Vec<PathBuf>,
    /// Which options left rows out, for words.
    pub filters: &'static str,
    /// What to do next, one command.
    pub next: Option<String>,
    /// The code the process ends with.
    pub exit_code: u8,
}

/// Where contacts go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// The platform.
    Platform {
        /// The API's base URL.
        base_url: String,
        /// Its host.
        host: String,
        /// Where the token came from.
        token_from: String,
    },
    /// The API inside this process.
    Sandbox {
        /// Its base URL.
        base_url: String,
    },
    /// Nowhere: a dry run.
    Nowhere {
        /// The base URL that would be used.
        base_url: String,
    },
}

impl Destination {
    /// The base URL, for scripts.
    pub fn base_url(&self) -> &str {
        match self {
            Destination::Platform { base_url, .. }
            | Destination::Sandbox { base_url }
            | Destination::Nowhere { base_url } => base_url,
        }
    }
}

impl Account {
    /// Whether nothing was to be sent.
    pub fn is_dry_run(&self) -> bool {
        matches!(self.destination, Destination::Nowhere { .. })
    }

    /// The word scripts read in `stopped`.
    pub fn stopped(&self) -> Option<&'static str> {
        self.halts.first().map(Halt::as_str)
    }

    /// The inputs in one phrase.
    pub fn inputs(&self) -> String {
        phrase(&self.inputs)
    }

    /// Whether every record that was read has exactly one outcome.
    pub fn adds_up(&self) -> bool {
        self.read == self.tally.settled()
    }
}

/// Inputs in one phrase, however many there are.
pub(super) fn phrase(inputs: &[String]) -> String {
    match inputs {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, .., last] => format!("{one} … {last} ({} files)", inputs.len()),
    }
}
