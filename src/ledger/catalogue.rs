//! The catalogue: which segments an account has, in which order they stand, and what was compacted before them.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::account::Account;
use super::error::LedgerError;
use super::files::{self, Hold};
use super::history::RunFacts;
use super::run::Start;
use super::segment::{self, Foreign, Opened};

const EXTENSION: &str = ".seg";
pub(super) const COMPACTED: &str = "compacted.led";

/// The header of a segment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Heading {
    pub(super) number: u64,
    /// The segments whose writers lived when this one was begun.
    pub(super) alive: Vec<u64>,
    /// Whose it is; none for what `add` sends.
    pub(super) run: Option<Start>,
    /// Since which start of the system its writer lived, where the system says so.
    #[serde(default)]
    pub(super) boot: Option<String>,
}

/// The header of what was compacted.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Base {
    /// It stands for all segments below this number; where such a file is left, it counts no more.
    pub(super) before: u64,
    /// What segments below this number accepted may have been overtaken by something that was lost.
    pub(super) distrusted_before: u64,
    /// The takeover that was known when this was compacted.
    #[serde(default)]
    pub(super) doubted_before: u64,
    /// What ran, the oldest first.
    pub(super) runs: Vec<RunFacts>,
}

/// A segment's file, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) number: u64,
    pub(super) run: String,
    pub(super) path: PathBuf,
}

/// The files of an account. Only to be used while the account's lock is held.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) base: Base,
    /// The segments, the oldest first.
    pub(super) segments: Vec<Place>,
    /// Segments that count no more: a compaction was killed before it removed them.
    pub(super) leftovers: Vec<Place>,
    /// The number of the next segment.
    pub(super) next: u64,
    /// What segments below this number accepted may have been overtaken elsewhere.
    pub(super) doubted_before: u64,
    /// What was compacted can no longer be read.
    pub(super) is_base_damaged: bool,
}

/// A segment whose header was read.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) place: Place,
    pub(super) heading: Result<Heading, Foreign>,
    /// The first segment that was begun after this one had ended, as far as headers tell.
    pub(super) until: u64,
}

impl Place {
    pub(super) fn new(directory: &Path, number: u64, run: &str) -> Place {
        Place {
            number,
            run: run.to_owned(),
            path: directory.join(format!("{number:09}.{run}{EXTENSION}")),
        }
    }

    fn of(directory: &Path, file: &str) -> Option<Place> {
        let (number, run) = file.strip_suffix(EXTENSION)?.split_once('.')?;
        Some(Place {
            number: number.parse().ok()?,
            run: run.to_owned(),
            path: directory.join(file),
        })
    }

    pub(super) fn open(&self) -> Result<Result<Opened<Heading>, Foreign>, LedgerError> {
        segment::open(&self.path)
    }

    /// Whether the segment's writer lives.
    pub(super) fn hold(&self) -> Result<Hold, LedgerError> {
        let ask = || files::hold(&File::open(&self.path)?);
        ask().map_err(LedgerError::read(&self.path))
    }
}

impl Files {
    pub(super) fn of(account: &Account) -> Result<Files, LedgerError> {
        let directory = account.directory();
        let names = files::names(directory)?;
        let mut places: Vec<Place> = names
            .iter()
            .filter_map(|name| Place::of(directory, name))
            .collect();
        places.sort_unstable_by_key(|place| place.number);
        let highest = places.last().map_or(0, |place| place.number);
        let found = base(directory)?;
        let is_base_damaged = found.is_none();
        let base = found.unwrap_or_else(|| Base {
            distrusted_before: highest.saturating_add(1),
            ..Base::default()
        });
        let next = base.before.max(highest.saturating_add(1));
        let counting = places.partition_point(|place| place.number < base.before);
        let segments = places.split_off(counting);
        Ok(Files {
            base,
            segments,
            leftovers: places,
            next,
            doubted_before: account.doubted_before(),
            is_base_damaged,
        })
    }

    /// Whether nothing was ever recorded.
    pub(super) fn is_blank(&self) -> bool {
        self.segments.is_empty() && self.base.before == 0 && self.base.distrusted_before == 0
    }

    /// Whether a run is at work.
    pub(super) fn is_written(&self) -> Result<bool, LedgerError> {
        for place in &self.segments {
            if place.hold()? == Hold::Held {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Reads the headers, and tells from them which segments had ended when others began.
    pub(super) fn list(&self) -> Result<Vec<Listed>, LedgerError> {
        let mut listed = Vec::with_capacity(self.segments.len());
        for place in &self.segments {
            listed.push(Listed {
                place: place.clone(),
                heading: place.open()?.map(|opened| opened.header),
                until: self.next,
            });
        }
        note_ends(&mut listed);
        Ok(listed)
    }

    /// As `list`, for those who cannot do without a segment that they do not understand.
    pub(super) fn list_all_known(&self) -> Result<Vec<Listed>, LedgerError> {
        let listed = self.list()?;
        let newer = listed
            .iter()
            .find(|listed| matches!(listed.heading, Err(Foreign::Newer)));
        match newer {
            Some(Listed { place, .. }) => Err(LedgerError::Newer {
                path: place.path.clone(),
            }),
            None => Ok(listed),
        }
    }
}

impl Listed {
    /// Whether the system stopped before this run could end: then its last records may be gone although they were
    /// written, with what they would have overtaken. What `add` sends waits for the disk each time.
    pub(super) fn may_lack_its_end(&self) -> Result<bool, LedgerError> {
        let Ok(Heading {
            run: Some(_),
            boot: Some(boot),
            ..
        }) = &self.heading
        else {
            return Ok(false);
        };
        let is_of_now = files::boot().as_ref() == Some(boot);
        Ok(!is_of_now && self.place.hold()? == Hold::Free)
    }

    /// The run whose segment it is, if that can be told.
    pub(super) fn run(&self) -> Option<&Start> {
        self.heading.as_ref().ok()?.run.as_ref()
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

/// A damaged header takes with it what it stood for: nothing that still lies about can be relied on.
fn base(directory: &Path) -> Result<Option<Base>, LedgerError> {
    let path = directory.join(COMPACTED);
    if !path.exists() {
        return Ok(Some(Base::default()));
    }
    match segment::open::<Base>(&path)? {
        Ok(opened) => Ok(Some(opened.header)),
        Err(Foreign::Newer) => Err(LedgerError::Newer { path }),
        Err(Foreign::Damaged) => Ok(None),
    }
}

fn note_ends(segments: &mut [Listed]) {
    let mut open: Vec<usize> = Vec::new();
    for at in 0..segments.len() {
        let Some(Listed { place, heading, .. }) = segments.get(at) else {
            return;
        };
        if let Ok(Heading { alive, .. }) = heading {
            let begun = place.number;
            let alive: HashSet<u64> = alive.iter().copied().collect();
            open.retain(|earlier| match segments.get_mut(*earlier) {
                Some(earlier) if !alive.contains(&earlier.place.number) => {
                    earlier.until = begun;
                    false
                }
                _ => true,
            });
        }
        open.push(at);
    }
}
