//! Progress on stderr: a bar on a terminal, plain lines off it. The only home of indicatif.
//!
//! Holds no state of the import: it reads the tally each time and keeps nothing of it.

use std::io::Write;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::amounts::amounts;
use super::words;
use crate::event::Wait;
use crate::tally::Tally;
use crate::text::safe;
use crate::units::{duration, grouped};

/// Off a terminal a line comes this often.
const PLAIN_EVERY: Duration = Duration::from_secs(30);
/// No estimate before this much time and this part of the input: from less, it would jump.
const ETA_AFTER: (Duration, f64) = (Duration::from_secs(3), 0.02);
/// Without a known total there is no position to show, so that one only spins.
const BAR: &str = "{bar:12.green} {percent:>3}% {wide_msg}";
const SPINNER: &str = "{spinner} {wide_msg}";
/// Shown in the first of two readings.
const LOOKING_THROUGH: &str = "looking for phones that stand in several rows";

/// How progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProgressMode {
    /// A bar that is redrawn.
    Bar,
    /// A line now and then.
    Plain,
    /// Nothing.
    None,
}

/// What is shown beside the counts: how far the input is read, and why sending waits.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProgressState {
    /// Bytes of all inputs whose records have an outcome.
    pub(crate) bytes: u64,
    /// The last wait that was announced, and when it is over.
    pub(crate) wait: Option<(Wait, Option<Instant>)>,
    /// Bytes that the first of two readings has passed; `None` outside of it.
    pub(crate) looked_through: Option<u64>,
}

/// Progress of one run.
pub(crate) struct Progress {
    output: ProgressOutput,
    total: Option<u64>,
    began: Instant,
}

enum ProgressOutput {
    Bar(ProgressBar),
    Plain { last: Instant },
    None,
}

impl Progress {
    /// Starts at `now`; `total` is the size of all inputs in bytes, where it is known.
    pub(crate) fn new(mode: ProgressMode, total: Option<u64>, now: Instant) -> Progress {
        let output = match mode {
            ProgressMode::Bar => ProgressOutput::Bar(bar(total)),
            ProgressMode::Plain => ProgressOutput::Plain { last: now },
            ProgressMode::None => ProgressOutput::None,
        };
        Progress {
            output,
            total: total.filter(|total| *total > 0),
            began: now,
        }
    }

    /// Shows the counts so far.
    pub(crate) fn show(&mut self, tally: &Tally, state: &ProgressState, now: Instant) {
        match &mut self.output {
            ProgressOutput::Bar(bar) => {
                bar.set_position(state.looked_through.unwrap_or(state.bytes));
                bar.set_message(line(tally, state, self.total, self.began, now));
                bar.tick();
            }
            ProgressOutput::Plain { last }
                if now.saturating_duration_since(*last) >= PLAIN_EVERY =>
            {
                *last = now;
                let line = line(tally, state, self.total, self.began, now);
                print(&format!("so far: {line}"));
            }
            ProgressOutput::Plain { .. } | ProgressOutput::None => {}
        }
    }

    /// Prints a line above the bar, or on its own without a bar.
    pub(crate) fn say(&self, words: &str) {
        self.beside(|| print(words));
    }

    /// Hides the bar while something else is printed.
    pub(crate) fn beside(&self, print: impl FnOnce()) {
        match &self.output {
            ProgressOutput::Bar(bar) => bar.suspend(print),
            ProgressOutput::Plain { .. } | ProgressOutput::None => print(),
        }
    }

    /// Prints a note above the bar, unless progress is off.
    pub(crate) fn note(&self, words: &str) {
        if !matches!(self.output, ProgressOutput::None) {
            self.say(&format!("note: {words}"));
        }
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        if let ProgressOutput::Bar(bar) = &self.output {
            bar.finish_and_clear();
        }
    }
}

fn bar(total: Option<u64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr_with_hz(10));
    let template = if total.is_some_and(|total| total > 0) {
        BAR
    } else {
        SPINNER
    };
    // The templates are constants that a test renders; were one broken, the default style is no reason to fail.
    bar.set_style(
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    bar
}

/// A closed stderr is no reason to fail an import.
fn print(words: &str) {
    let _ = writeln!(std::io::stderr(), "{words}");
}

/// The line beside the bar.
fn line(
    tally: &Tally,
    state: &ProgressState,
    total: Option<u64>,
    began: Instant,
    now: Instant,
) -> String {
    if state.looked_through.is_some() {
        return LOOKING_THROUGH.to_owned();
    }
    // While nothing is sent, a rate and a time left would only be wrong.
    if let Some((wait, left)) = waiting(state, now) {
        return format!(
            "{}, waiting {}: {}",
            counts(tally),
            duration(rounded(left)),
            safe(&words::fault(&wait.why))
        );
    }
    let elapsed = now.saturating_duration_since(began);
    let mut line = counts(tally);
    if let Some(rate) = rate(tally.settled(), elapsed) {
        line.push_str(&format!(", {}/s", grouped(rate)));
    }
    // Where contacts are left unsent the run is ending, and what is left is not worked off.
    if tally.unsent == 0
        && let Some(left) = eta(state.bytes, total, elapsed)
    {
        line.push_str(&format!(", {} left", duration(rounded(left))));
    }
    line
}

/// A wait that is not over yet, and what is left of it.
fn waiting(state: &ProgressState, now: Instant) -> Option<(&Wait, Duration)> {
    let (wait, until) = state.wait.as_ref()?;
    let left = until.map_or(wait.lasts, |until| until.saturating_duration_since(now));
    (left > Duration::ZERO).then_some((wait, left))
}

fn counts(tally: &Tally) -> String {
    let done = tally.accepted + tally.would_send;
    let mut counts = vec![format!("{} accepted", grouped(done))];
    counts.extend(amounts([
        (tally.errors(), "rejected"),
        (tally.unsent, "unsent"),
    ]));
    counts.join(", ")
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a rate for the eye"
)]
fn rate(settled: u64, elapsed: Duration) -> Option<u64> {
    let seconds = elapsed.as_secs_f64();
    let rate = (settled as f64 / seconds).round() as u64;
    // In the first second a single batch looks like thousands a second.
    (seconds >= 1.0 && rate > 0).then_some(rate)
}

#[expect(clippy::cast_precision_loss, reason = "an estimate for the eye")]
fn eta(bytes: u64, total: Option<u64>, elapsed: Duration) -> Option<Duration> {
    let part = bytes as f64 / total? as f64;
    let meaningful = elapsed >= ETA_AFTER.0 && (ETA_AFTER.1..1.0).contains(&part);
    meaningful.then(|| elapsed.mul_f64((1.0 - part) / part))
}

/// Whole seconds: what is left of a wait is not worth a decimal.
fn rounded(left: Duration) -> Duration {
    Duration::from_secs(
        left.as_millis()
            .div_ceil(1_000)
            .try_into()
            .unwrap_or(u64::MAX),
    )
}

#[cfg(test)]
mod tests;
