//! stdout and stderr. A closed pipe is not an error: `bp-import … | head` must not fail.

use std::io::{self, IsTerminal, Write};

/// The process's streams.
#[derive(Clone, Copy, Debug)]
pub(super) struct Streams;

impl Streams {
    /// Results, to stdout.
    ///
    /// # Errors
    /// When they cannot be written, a closed pipe aside.
    pub(super) fn print(&self, text: &str) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        match stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush())
        {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written,
        }
    }

    /// Whether stdout and stderr are the same screen, so that a message on both would be seen twice.
    pub(super) fn are_one_screen(&self) -> bool {
        io::stdout().is_terminal() && io::stderr().is_terminal()
    }

    /// Notes, warnings and errors, to stderr.
    pub(super) fn say(&self, words: &str) {
        if !words.is_empty() {
            let _ = writeln!(io::stderr(), "{words}");
        }
    }
}
