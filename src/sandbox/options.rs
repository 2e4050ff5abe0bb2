//! What a sandbox is started with.

use std::io::Write;

use super::faults::Faults;

/// The options of a sandbox. By default it takes any free port and any token, and plays no faults.
#[derive(Default)]
pub(crate) struct SandboxOptions {
    /// The port on 127.0.0.1; 0 is any free one.
    pub(crate) port: u16,
    /// The faults it plays.
    pub(crate) faults: Faults,
    /// The only token it takes; `None` takes any that is not empty.
    pub(crate) token: Option<String>,
    /// Where each contact that it stores is written, one line of JSON each: the `userDetails` object as it was
    /// received (line breaks between its parts become blanks). Flushed before the request is answered.
    pub(crate) store: Option<Box<dyn Write + Send>>,
}
