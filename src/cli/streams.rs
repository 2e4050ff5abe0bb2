//! stdout and stderr. A closed pipe is no error: whoever closed it has seen enough.

use std::io::Write;

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

    /// Notes, warnings and errors, to stderr.
    pub(super) fn say(&self, words: &str) {
        if !words.is_empty() {
            let _ = writeln!(std::io::stderr(), "{words}");
        }
    }
}
