//! What a run that broke off had accepted, together with the runs that it went on with.

use super::account::Account;
use super::catalogue::{Files, Listed};
use super::error::LedgerError;
use super::frame::{Mark, SIZE, lead};
use super::scan::{self, Tail};
use super::table::{Slot, Table};
use crate::fingerprint::Fingerprint;

/// The contacts that a run had accepted, each in the form that was sent last.
///
/// A million take 30 MB. Of both hashes 8 bytes are kept: 16 in all must agree for a contact to be wrongly left out.
#[derive(Debug)]
pub struct Resumed {
    table: Table<Latest>,
}

/// The form of a contact that was sent last, and what became of it.
#[derive(Clone, Copy, Debug, Default)]
struct Latest {
    phone: u64,
    form: u64,
    fate: Fate,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Fate {
    /// Nothing is recorded.
    #[default]
    Blank,
    /// It may have arrived, or was refused.
    Open,
    Accepted,
}

impl Slot for Latest {
    fn key(&self) -> u64 {
        self.phone
    }

    fn is_vacant(&self) -> bool {
        self.fate == Fate::Blank
    }

    fn is_same(&self, other: &Latest) -> bool {
        self.phone == other.phone
    }
}

impl Latest {
    fn of(contact: &Fingerprint) -> Latest {
        Latest {
            phone: lead(contact.phone.0),
            form: lead(contact.json.0),
            fate: Fate::Open,
        }
    }

    /// An acceptance counts for the form that was sent last: what came before it has been overwritten, or may have been.
    fn hear(&mut self, mark: Mark, form: u64) {
        match mark {
            Mark::Sent => {
                self.form = form;
                self.fate = Fate::Open;
            }
            Mark::Accepted if self.form == form => self.fate = Fate::Accepted,
            Mark::Accepted | Mark::Refused => self.fate = Fate::Open,
        }
    }
}

impl Resumed {
    /// Reads what the run and those it continues had accepted.
    ///
    /// # Errors
    /// When a file cannot be read, or is of a newer bp-import.
    pub fn load(account: &Account, run: &str) -> Result<Resumed, LedgerError> {
        let _here = account.lock_shared()?;
        let segments = Files::of(account)?.list_all_known()?;
        let mut resumed = Resumed {
            table: Table::with_room(0),
        };
        for segment in chain(&segments, run).into_iter().rev() {
            resumed.read(segment)?;
        }
        Ok(resumed)
    }

    /// Whether the run had the contact accepted in this form, and sent no other since.
    pub fn has(&self, contact: &Fingerprint) -> bool {
        let probe = Latest::of(contact);
        let found = self.table.get(&probe);
        found.is_some_and(|latest| latest.fate == Fate::Accepted && latest.form == probe.form)
    }

    /// How many contacts it had accepted.
    pub fn accepted(&self) -> usize {
        let all = self.table.iter();
        all.filter(|latest| latest.fate == Fate::Accepted).count()
    }

    fn read(&mut self, segment: &Listed) -> Result<(), LedgerError> {
        let path = &segment.place.path;
        let Ok(mut opened) = segment.place.open()? else {
            return Ok(());
        };
        let size = opened.file.metadata().map_or(0, |metadata| metadata.len());
        let frames = usize::try_from(size).unwrap_or_default() / SIZE;
        self.table.reserve(frames / 2);
        let tail = scan::frames(&mut opened.file, opened.seal, |frames| {
            let contacts = scan::contacts(frames);
            self.table
                .look_ahead(contacts.clone().map(|(_, contact)| Latest::of(contact)));
            contacts.for_each(|(mark, contact)| {
                let latest = Latest::of(contact);
                self.table
                    .change(latest, |known| known.hear(mark, latest.form));
            });
        })
        .map_err(LedgerError::read(path))?;
        if tail == Tail::Damaged {
            self.forget();
        }
        Ok(())
    }

    /// What was lost may have overtaken everything before it. A repeat costs a request, a contact left out is lost.
    fn forget(&mut self) {
        self.table
            .iter_mut()
            .for_each(|latest| latest.fate = Fate::Open);
    }
}

/// A run's segment and those of the runs it continues, the latest first.
pub(super) fn chain<'a>(segments: &'a [Listed], run: &str) -> Vec<&'a Listed> {
    let mut found: Vec<&Listed> = Vec::new();
    let mut wanted = Some(run);
    for segment in segments.iter().rev() {
        if let Some(start) = segment.run()
            && Some(start.name.as_str()) == wanted
        {
            wanted = start.continues.as_deref();
            found.push(segment);
        }
    }
    found
}
