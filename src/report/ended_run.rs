//! What is known of a run when it has ended: the tally and the facts around it. All its reports are made from it.

use std::path::PathBuf;
use std::time::Duration;

use super::destination::Destination;
use super::words;
use crate::event::Halt;
use crate::record::Place;
use crate::secret::Auth;
use crate::shard::Shard;
use crate::tally::Tally;

/// A run that has ended.
#[derive(Debug)]
pub(crate) struct EndedRun {
    /// The run's name: when it began, and four letters.
    pub(crate) run: String,
    /// The part of the import that this process sent.
    pub(crate) shard: Option<Shard>,
    /// The unfinished run that it resumed.
    pub(crate) resumes: Option<String>,
    /// The inputs, as a user knows them, in order.
    pub(crate) inputs: Vec<String>,
    /// Where contacts were sent.
    pub(crate) destination: Destination,
    /// How its token proves itself.
    pub(crate) auth: Auth,
    /// The bot that was named.
    pub(crate) bot_id: Option<String>,
    /// Records taken, as the reader numbered them.
    pub(crate) read: u64,
    /// Every input was read to its end.
    pub(crate) complete: bool,
    /// The last record that was taken, where there is more that was not.
    pub(crate) last_read: Option<Place>,
    /// What ended the run early, the first fault in time first.
    pub(crate) halts: Vec<Halt>,
    /// Wall time.
    pub(crate) elapsed: Duration,
    /// Counts and reasons.
    pub(crate) tally: Tally,
    /// The rejects files that were written.
    pub(crate) rejects: Vec<PathBuf>,
    /// Which options left rows out, for words.
    pub(crate) filters: String,
    /// What to do next, one command.
    pub(crate) next: Option<String>,
    /// The code the process ends with.
    pub(crate) exit_code: u8,
}

impl EndedRun {
    /// Whether nothing was to be sent.
    pub(crate) fn is_dry_run(&self) -> bool {
        matches!(self.destination, Destination::Nowhere { .. })
    }

    /// The word scripts read in `stopped`.
    pub(crate) fn stopped(&self) -> Option<&'static str> {
        self.halts.first().map(Halt::as_str)
    }

    /// What ended the run early, each with its words.
    pub(crate) fn explained(&self) -> impl Iterator<Item = (&Halt, Option<String>)> {
        let words = |halt| words::halt(halt, &self.destination, self.auth);
        self.halts.iter().map(move |halt| (halt, words(halt)))
    }

    /// The words of the first fault that has any.
    pub(crate) fn message(&self) -> Option<String> {
        self.explained().find_map(|(_, words)| words)
    }

    /// The inputs in one phrase.
    pub(crate) fn inputs(&self) -> String {
        phrase(&self.inputs)
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
