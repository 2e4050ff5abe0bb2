//! Writing: a run's own segment, and the one that `add` shares.

use std::fs::{File, OpenOptions};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::account::Account;
use super::catalogue::{Files, Heading, Place};
use super::error::LedgerError;
use super::files::{self, Hold};
use super::frame::{Frame, Mark, SIZE};
use super::inputs_id::InputsId;
use super::segment::{self, Segment};
use crate::fingerprint::Fingerprint;
use crate::shard::Shard;

/// The name of segments that hold what `add` sent.
const ADDED: &str = "add";
/// A run's name is a part of a file's name.
const LONGEST_NAME: usize = 100;

/// What is known of a run when it begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// Its name: letters, digits, dots, dashes, underscores. Where it is taken, `-2` and so on is added.
    pub name: String,
    /// When it began, in seconds since the epoch.
    pub began: u64,
    /// The inputs, as they are shown.
    pub inputs: Vec<String>,
    /// Which inputs these are; without it the run cannot be resumed.
    pub inputs_id: Option<InputsId>,
    /// The part that it sends.
    pub shard: Option<Shard>,
    /// The run that it goes on with.
    pub continues: Option<String>,
}

/// Whether anything is left to be done by a later run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Completion {
    /// Nothing: the next run of these inputs begins anew.
    Finished,
    /// It was halted or interrupted, or contacts are unsent or unknown: the next run goes on with it.
    Unfinished,
}

/// What is known of a run when it ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// When it ended, in seconds since the epoch.
    pub ended: u64,
    /// Whether anything is left to do.
    pub completion: Completion,
    /// Counts, reasons and the like, as the caller writes and reads them: kept as it is.
    pub summary: String,
}

/// A run that writes its segment, which is locked until this is dropped.
#[derive(Debug)]
pub struct Run {
    name: String,
    directory: PathBuf,
    segment: Segment,
}

impl Run {
    /// Begins a run's segment.
    ///
    /// # Errors
    /// When it cannot be written, or the name cannot be a file's.
    pub fn begin(account: &Account, start: Start) -> Result<Run, LedgerError> {
        check_name(&start.name)?;
        let _alone = account.lock_alone()?;
        let files = Files::of(account)?;
        let name = free_name(&files, &start.name);
        let start = Start {
            name: name.clone(),
            ..start
        };
        let segment = begin(account, &files, &name, Some(start))?;
        let directory = account.directory().to_owned();
        Ok(Run {
            name,
            directory,
            segment,
        })
    }

    /// The run's name, as it turned out.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Records the same of several contacts, in one write. `Sent` belongs before they are first sent; `Accepted` before
    /// it is counted or shown.
    ///
    /// # Errors
    /// When they cannot be written: then nothing is recorded of any of them, and a later attempt may succeed.
    pub fn record<'a>(
        &mut self,
        mark: Mark,
        contacts: impl IntoIterator<Item = &'a Fingerprint>,
    ) -> Result<(), LedgerError> {
        record(&mut self.segment, mark, contacts)
    }

    /// Records the run's end, and waits until everything is on the disk.
    ///
    /// # Errors
    /// When it cannot be written: then the run counts as unfinished.
    pub fn end(mut self, ending: &Ending) -> Result<(), LedgerError> {
        let facts = serde_json::to_vec(ending).map_err(|error| LedgerError::Write {
            path: self.segment.path().to_owned(),
            error: error.into(),
        })?;
        self.segment.end(&facts)?;
        files::sync_directory(&self.directory).map_err(LedgerError::write(&self.directory))
    }
}

/// What `add` sends: appended to a segment that one after the other shares, without reading what is there.
///
/// It is locked until this is dropped, which is to outlive the request: its fate belongs into the same segment.
#[derive(Debug)]
pub(crate) struct Additions {
    segment: Segment,
}

impl Additions {
    /// Goes on with the account's newest segment, if it is one of additions that nobody writes, or begins one.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn open(account: &Account) -> Result<Additions, LedgerError> {
        let _alone = account.lock_alone()?;
        let files = Files::of(account)?;
        let joined = match files.segments.last() {
            Some(newest) if newest.run == ADDED => join(newest)?,
            _ => None,
        };
        let segment = match joined {
            Some(segment) => segment,
            None => begin(account, &files, ADDED, None)?,
        };
        Ok(Additions { segment })
    }

    /// Records something of a contact: `Sent` before it is sent, and then its fate.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn record(&mut self, mark: Mark, contact: &Fingerprint) -> Result<(), LedgerError> {
        record(&mut self.segment, mark, [contact])?;
        match mark {
            // No end follows that would be waited for: that it was sent must outlast the power.
            Mark::Sent => self.segment.settle(),
            Mark::Accepted | Mark::Refused => Ok(()),
        }
    }
}

fn record<'a>(
    segment: &mut Segment,
    mark: Mark,
    contacts: impl IntoIterator<Item = &'a Fingerprint>,
) -> Result<(), LedgerError> {
    let frame = |contact: &Fingerprint| Frame::Contact(mark, *contact);
    segment.append(contacts.into_iter().map(frame))
}

fn begin(
    account: &Account,
    files: &Files,
    name: &str,
    run: Option<Start>,
) -> Result<Segment, LedgerError> {
    let mut alive = Vec::new();
    for place in &files.segments {
        if place.hold()? == Hold::Held {
            alive.push(place.number);
        }
    }
    let place = Place::new(account.directory(), files.next, name);
    let heading = Heading {
        number: files.next,
        alive,
        run,
        boot: files::boot(),
    };
    segment::create(place.path, &heading)
}

/// Only the newest segment may be joined: what is appended must not come before what began meanwhile.
fn join(place: &Place) -> Result<Option<Segment>, LedgerError> {
    let Ok(opened) = place.open()? else {
        return Ok(None);
    };
    if opened.header.run.is_some() {
        return Ok(None);
    }
    let attempt = || {
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .open(&place.path)?;
        Ok(match files::take(&file)? {
            Hold::Free => Some(file),
            Hold::Held => None,
        })
    };
    let file = attempt().map_err(LedgerError::write(&place.path))?;
    let begins = opened.begins;
    file.map(|file| {
        let length = cut_torn_tail(&file, begins).map_err(LedgerError::write(&place.path))?;
        Ok(Segment::new(place.path.clone(), file, opened.seal, length))
    })
    .transpose()
}

/// A killed writer may have left a part of a frame, after which no frame would be read.
fn cut_torn_tail(file: &File, begins: u64) -> std::io::Result<u64> {
    let length = file.metadata()?.len();
    let frame = u64::try_from(SIZE).unwrap_or(u64::MAX);
    let torn = length.saturating_sub(begins) % frame;
    if torn > 0 {
        file.set_len(length - torn)?;
    }
    Ok(length - torn)
}

fn check_name(name: &str) -> Result<(), LedgerError> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(is_plain) {
        return Err(LedgerError::Name(name.to_owned()));
    }
    Ok(())
}

fn free_name(files: &Files, wanted: &str) -> String {
    let is_taken = |name: &str| {
        name == ADDED
            || files.segments.iter().any(|place| place.run == name)
            || files.base.runs.iter().any(|run| run.start.name == name)
    };
    if !is_taken(wanted) {
        return wanted.to_owned();
    }
    let numbered = |count: u64| format!("{wanted}-{count}");
    (2..)
        .map(numbered)
        .find(|name| !is_taken(name))
        .unwrap_or_default()
}
