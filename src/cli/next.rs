//! What a user does next after an import, in one sentence that ends with a command.

use super::Typed;
use super::again::{Again, command};
use super::frame::Frame;
use super::ledger::{Footing, RunLedger};
use crate::event::Halt;
use crate::import::ImportEnding;
use crate::report::destination::Destination;

/// Said where the same command cannot go on with what was done.
const FROM_THE_START: &str =
    " (from the start: a pipe has no name to go on by, unless --input-name gives it one)";
/// Goes with a token that replaces another.
const SAME_ACCOUNT: &str = " --same-account";

/// One command that goes on from here.
pub(super) fn next_step(
    typed: &Typed,
    ending: &ImportEnding,
    frame: &Frame<'_>,
    ledger: &RunLedger,
) -> Option<String> {
    let next = Next {
        typed,
        ending,
        ledger,
    };
    if matches!(frame.destination, Destination::Nowhere { .. }) {
        let something = ending.tally.would_send > 0;
        return something.then(|| format!("send them: {}", next.same(Again::ForReal)));
    }
    match ending.halts.first() {
        Some(halt) => Some(next.after(halt)),
        None => next.after_the_end(),
    }
}

struct Next<'a> {
    typed: &'a Typed,
    ending: &'a ImportEnding,
    ledger: &'a RunLedger,
}

impl Next<'_> {
    fn after(&self, halt: &Halt) -> String {
        let footing = self.ledger.footing();
        let again = match halt {
            Halt::Limit => Again::Unlimited,
            _ => Again::Same,
        };
        let caveat = match footing {
            Footing::Unnamed => FROM_THE_START,
            Footing::GoesOn | Footing::Forgets => "",
        };
        // A new token is another account to the ledger, unless it is told otherwise.
        let renewed = match halt {
            Halt::Denied(_) if self.would_be_forgotten() => SAME_ACCOUNT,
            _ => "",
        };
        let lead = lead(halt, footing);
        format!("{lead}{caveat}: {}{renewed}", self.same(again))
    }

    fn after_the_end(&self) -> Option<String> {
        let (rejects, tally) = (self.rejects(), &self.ending.tally);
        let given_back = || self.run(Again::Rejects, &rejects);
        match (rejects.is_empty(), tally.invalid + tally.refused) {
            (true, _) => None,
            (false, 0) if self.ledger.footing() == Footing::GoesOn => Some(format!(
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
        let account = &self.typed.args.account;
        let tally = &self.ending.tally;
        self.ledger.footing() == Footing::GoesOn
            && account.account.is_none()
            && account.same_account.is_none()
            && tally.accepted + tally.resumed > 0
    }

    fn same(&self, again: Again) -> String {
        let files = self.typed.args.files.iter();
        let files: Vec<String> = files.map(|path| path.display().to_string()).collect();
        self.run(again, &files)
    }

    fn rejects(&self) -> Vec<String> {
        let paths = self.ending.rejects.iter();
        paths.map(|path| path.display().to_string()).collect()
    }

    fn run(&self, again: Again, inputs: &[String]) -> String {
        let format = self.typed.args.input.input_format;
        command(again, &self.typed.given, format, inputs)
    }
}

/// What is to be done before the same command can go better.
fn lead(halt: &Halt, footing: Footing) -> &'static str {
    match halt {
        Halt::Limit if footing == Footing::GoesOn => "go on without the limit",
        Halt::Limit => "run it without the limit",
        Halt::Denied(_) => "with a token that works, run the same command again",
        Halt::WrongAddress(_) => "with the right --base-url, run the same command again",
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
    }
}
