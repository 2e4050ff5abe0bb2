//! What a user does next after an import, in one sentence that ends with a command.

use super::command::{Again, next_command};
use super::run_ledger::{NextTime, RunLedger};
use super::settings::{ImportSource, Settings, Target};
use crate::event::Halt;
use crate::hint::{ACCOUNT, BASE_URL, INPUT_NAME, SAME_ACCOUNT, long};
use crate::import::ImportEnding;

/// The next step as one sentence that ends with a command. A single contact has none: its message says what is wrong.
pub(super) fn next_step(
    settings: &Settings,
    ending: &ImportEnding,
    ledger: &RunLedger,
) -> Option<String> {
    let next = NextStep {
        settings,
        ending,
        ledger,
    };
    if matches!(settings.source, ImportSource::Contact(_)) {
        return None;
    }
    if matches!(settings.recipient.target, Target::Nowhere { .. }) {
        let something = ending.tally.would_send > 0;
        return something.then(|| format!("send them: {}", next.same(Again::ForReal)));
    }
    match ending.halts.first() {
        Some(halt) => Some(next.after(halt)),
        None => next.after_the_end(),
    }
}

struct NextStep<'a> {
    settings: &'a Settings,
    ending: &'a ImportEnding,
    ledger: &'a RunLedger,
}

impl NextStep<'_> {
    fn after(&self, halt: &Halt) -> String {
        let next_time = self.ledger.next_time();
        let again = match halt {
            Halt::Limit => Again::Unlimited,
            _ => Again::Same,
        };
        let caveat = match next_time {
            NextTime::Unnamed => format!(
                " (from the start: a pipe has no name to go on by, unless {INPUT_NAME} gives it one)"
            ),
            NextTime::Resumes | NextTime::Forgets => String::new(),
        };
        // To the ledger a new token is another account, and everything would be sent again.
        let renewed = match halt {
            Halt::Denied(_) if self.would_be_forgotten() => format!(" {SAME_ACCOUNT}"),
            _ => String::new(),
        };
        let lead = lead(halt, next_time);
        format!("{lead}{caveat}: {}{renewed}", self.same(again))
    }

    fn after_the_end(&self) -> Option<String> {
        let (rejects, tally) = (self.rejects(), &self.ending.tally);
        let given_back = || self.run(Again::Rejects, &rejects);
        match (rejects.is_empty(), tally.invalid + tally.refused) {
            (true, _) => None,
            (false, 0) if self.ledger.next_time() == NextTime::Resumes => Some(format!(
                "what was not accepted goes with the same command: {}",
                self.same(Again::Same)
            )),
            (false, 0) => Some(format!("run: {}", given_back())),
            (false, _) => Some(format!(
                "mend {}, then run: {}",
                rejects.join(" and "),
                given_back()
            )),
        }
    }

    /// Whether a token of another name would not find what was accepted so far.
    fn would_be_forgotten(&self) -> bool {
        let given = &self.settings.typed.given;
        let tally = &self.ending.tally;
        self.ledger.next_time() == NextTime::Resumes
            && given.origin(long(ACCOUNT)).is_none()
            && given.origin(long(SAME_ACCOUNT)).is_none()
            && tally.accepted + tally.resumed > 0
    }

    fn same(&self, again: Again) -> String {
        let files = self.settings.typed.files.iter();
        let files: Vec<String> = files.map(|path| path.display().to_string()).collect();
        self.run(again, &files)
    }

    fn rejects(&self) -> Vec<String> {
        let paths = self.ending.rejects.iter();
        paths.map(|path| path.display().to_string()).collect()
    }

    fn run(&self, again: Again, inputs: &[String]) -> String {
        let typed = &self.settings.typed;
        next_command(again, &typed.given, typed.format, inputs)
    }
}

/// What is to be done before the same command can go better.
fn lead(halt: &Halt, next_time: NextTime) -> String {
    let words = match halt {
        Halt::Limit if next_time == NextTime::Resumes => "go on without the limit",
        Halt::Limit => "run it without the limit",
        Halt::Denied(_) => "with a token that works, run the same command again",
        Halt::WrongAddress(_) => {
            return format!("with the right {BASE_URL}, run the same command again");
        }
        Halt::AllRefused(_) => "once the platform takes contacts, run the same command again",
        Halt::MaxErrors(_) => {
            "mend the input or allow more errors, then run the same command again"
        }
        Halt::Input(_) => "mend the input, then run the same command again",
        Halt::Locked(_)
        | Halt::Unreachable(_)
        | Halt::Interrupted
        | Halt::Terminated
        | Halt::Output(_) => "run the same command again",
    };
    words.to_owned()
}
