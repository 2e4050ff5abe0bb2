//! What the sandbox received: counts, the numbers it has seen, and the store.
//!
//! Keeps no contact: 8 bytes a number, so that a million contacts stay small.

use std::collections::HashSet;
use std::io::{self, Write};

use super::{answer::Yes, report::SandboxReport, shape::Contact};

/// Everything that was received.
pub(super) struct Inbox {
    numbers: HashSet<u64>,
    store: Option<Box<dyn Write + Send>>,
    /// The counts; the server adds its own to them.
    pub(crate) report: SandboxReport,
}

impl Inbox {
    /// An empty one.
    pub(super) fn new(store: Option<Box<dyn Write + Send>>) -> Inbox {
        Inbox {
            numbers: HashSet::new(),
            store,
            report: SandboxReport::default(),
        }
    }

    /// Stores all contacts of a batch, and returns which form of success to answer with: the two alternate.
    ///
    /// # Errors
    /// The store cannot be written: then none of them is counted, though some may be in it.
    pub(super) fn take(&mut self, contacts: &[Contact<'_>]) -> io::Result<Yes> {
        // Before any count: what could not be stored was not received.
        if let Err(error) = self.write(contacts) {
            self.report
                .store_error
                .get_or_insert_with(|| error.to_string());
            return Err(error);
        }
        contacts.iter().for_each(|contact| self.count(contact));
        self.report.stored += 1;
        // Alternating, so that an import of two batches meets both documented forms.
        Ok(if self.report.stored % 2 == 1 {
            Yes::Status
        } else {
            Yes::Success
        })
    }

    fn count(&mut self, contact: &Contact<'_>) {
        if self.numbers.insert(contact.number) {
            self.report.created += 1;
        } else {
            self.report.updated += 1;
        }
    }

    fn write(&mut self, contacts: &[Contact<'_>]) -> io::Result<()> {
        let Some(store) = &mut self.store else {
            return Ok(());
        };
        let mut lines = Vec::new();
        for contact in contacts {
            lines.extend(contact.details.get().bytes().map(without_line_break));
            lines.push(b'\n');
        }
        store.write_all(&lines)?;
        store.flush()
    }
}

/// Line breaks in JSON are only between its tokens (RFC 8259, section 2), where a blank means the same.
fn without_line_break(byte: u8) -> u8 {
    if matches!(byte, b'\n' | b'\r') {
        b' '
    } else {
        byte
    }
}
