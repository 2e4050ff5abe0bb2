//! stdout and stderr. A closed pipe is no error: whoever closed it has seen enough.

use std::io::{IsTerminal, Write};

/// The process's streams.
#[derive(Clone, Copy, Debug)]
pub(super) struct Streams;

impl Streams {
    /// Results, to stdout.
    pub(super) fn print(&self, text: &str) {
        let mut stdout = std::io::stdout().lock();
        let _ = stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush());
    }

    /// Whether whoever reads stdout sees stderr beside it.
    pub(super) fn are_one_screen(&self) -> bool {
        std::io::stdout().is_terminal() && std::io::stderr().is_terminal()
    }

    /// Notes, warnings and errors, to stderr.
    pub(super) fn say(&self, words: &str) {
        if !words.is_empty() {
            let _ = writeln!(std::io::stderr(), "{words}");
        }
    }
}
