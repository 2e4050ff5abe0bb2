//! The state of the terminal while a question is shown, and how to restore it when the process ends in between.
//!
//! The only home of the crossterm beneath inquire.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crossterm::cursor::Show;
use crossterm::event::DisableBracketedPaste;

use crate::run::Exit;

/// Said where a user does not want it sent.
pub(super) const NOTHING_SENT: &str = "nothing was sent";

/// Whether a question may be on the terminal, which is not as a shell wants it then.
static IS_ASKING: AtomicBool = AtomicBool::new(false);

/// As long as this lives, questions are asked.
pub(super) struct Asking;

impl Asking {
    /// Ends the process when its terminal is closed: no key will come any more, and the question would wait for ever.
    pub(super) fn begin() -> Asking {
        /// Nobody is in front of a terminal that is gone: half a second is soon enough.
        const POLL: Duration = Duration::from_millis(500);
        IS_ASKING.store(true, Ordering::SeqCst);
        thread::spawn(|| {
            while IS_ASKING.load(Ordering::SeqCst) {
                thread::sleep(POLL);
                if IS_ASKING.load(Ordering::SeqCst) && !is_terminal() {
                    std::process::exit(i32::from(Exit::Interrupted.code()));
                }
            }
        });
        Asking
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        IS_ASKING.store(false, Ordering::SeqCst);
    }
}

/// Gives the terminal back where a signal ends the process at a question.
pub(super) fn give_back_terminal() {
    if IS_ASKING.swap(false, Ordering::SeqCst) {
        let _ = crossterm::terminal::disable_raw_mode();
        let mut screen = std::io::stderr();
        let _ = crossterm::execute!(screen, DisableBracketedPaste, Show);
        let _ = writeln!(screen, "\n{NOTHING_SENT}");
    }
}

/// Whether somebody can be asked: both ends of the conversation are a terminal.
pub(super) fn is_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}
