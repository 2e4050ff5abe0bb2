//! What a user is to know before the summary, as facts; and their words.

use std::fmt;
use std::time::Duration;

use crate::event::LockHolder;
use crate::hint::{CHANGED, RESTART, SAME_ACCOUNT};
use crate::ledger::Reliability;
use crate::report::when::shown;
use crate::report::words::at_work;
use crate::units::{counted, duration, grouped};

/// Takes notices as they come.
pub(crate) type Tell<'a> = &'a dyn Fn(&Notice);

/// Something that happened before the first request, or that the counts do not show.
#[derive(Debug)]
pub(crate) enum Notice {
    /// The system has no CA certificates.
    BuiltInRoots,
    /// A list of phones that are never sent names nobody.
    SuppressesNobody(String),
    /// Something about a list of phones that are never sent.
    Suppression(String),
    /// Another run of this import holds the lock.
    Waiting {
        holder: Option<LockHolder>,
        up_to: Duration,
    },
    /// An unfinished run is resumed.
    Resumed { began: u64, accepted: usize },
    /// Part of the ledger cannot be read.
    LedgerDamaged,
    /// The ledger of another token is this account's from now on.
    TakenOver { label: String, record: Reliability },
    /// An unfinished run of these inputs is in the ledger of another token.
    UnfinishedElsewhere {
        label: String,
        began: u64,
        accepted: usize,
        option: String,
    },
    /// `--changed` has nothing to compare with.
    NothingToCompare {
        is_account_known: bool,
        /// Other ledgers of this address, and the option that takes the first over.
        others: Option<(String, String)>,
    },
    /// The inputs hold less than half of what they held last time.
    Shrunk {
        names: Vec<String>,
        now: u64,
        before: u64,
    },
}

impl Notice {
    /// Whether it is printed under `--quiet`, too.
    pub(crate) fn is_urgent(&self) -> bool {
        matches!(self, Notice::SuppressesNobody(_) | Notice::Shrunk { .. })
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::BuiltInRoots => f.write_str(
                "note: this system has no CA certificates; the host is checked against the built-in ones",
            ),
            Notice::SuppressesNobody(words) | Notice::Suppression(words) => f.write_str(words),
            Notice::Waiting { holder, up_to } => {
                write!(f, "{}: waiting up to {}", at_work(*holder), duration(*up_to))
            }
            Notice::Resumed { began, accepted } => write!(
                f,
                "going on with the run of {} that did not finish: {} ({RESTART} sends everything)",
                shown(*began),
                skipped(*accepted)
            ),
            Notice::LedgerDamaged => f.write_str(
                "warning: a part of the ledger is damaged: what it may have held is sent again",
            ),
            Notice::TakenOver { label, record } => {
                write!(
                    f,
                    "{SAME_ACCOUNT}: the ledger of {label} is this account's from now on"
                )?;
                match record {
                    Reliability::Trusted => Ok(()),
                    Reliability::Doubtful => write!(
                        f,
                        "; it does not know what was sent since without it, so {CHANGED} sends everything once more"
                    ),
                }
            }
            Notice::UnfinishedElsewhere {
                label,
                began,
                accepted,
                option,
            } => write!(
                f,
                "a run of these inputs that did not finish stands under another token ({label}; of {}, {} accepted): if \
                 it is the same account, {option} goes on with it; without it everything is sent",
                shown(*began),
                counted(*accepted as u64, "contact"),
            ),
            Notice::NothingToCompare {
                is_account_known,
                others,
            } => nothing_to_compare(f, *is_account_known, others.as_ref()),
            Notice::Shrunk { names, now, before } => shrunk(f, names, *now, *before),
        }
    }
}

fn skipped(accepted: usize) -> String {
    match accepted {
        0 => "nothing of it was accepted".to_owned(),
        1 => "1 contact it had accepted is skipped, unless it changed".to_owned(),
        many => format!(
            "{} contacts it had accepted are skipped, unless they changed",
            grouped(many as u64)
        ),
    }
}

fn nothing_to_compare(
    f: &mut fmt::Formatter<'_>,
    is_account_known: bool,
    others: Option<&(String, String)>,
) -> fmt::Result {
    let why = if is_account_known {
        "this machine has no record of this account"
    } else {
        "there is no record to compare with (a sandbox inside the process keeps none)"
    };
    write!(f, "warning: {CHANGED}: {why}, so everything is sent")?;
    match others {
        None => Ok(()),
        Some((labels, option)) => write!(
            f,
            "; if it was used under another token or name before ({labels}), {option} goes on with that record"
        ),
    }
}

fn shrunk(f: &mut fmt::Formatter<'_>, names: &[String], now: u64, before: u64) -> fmt::Result {
    let (name, question) = match names {
        [name] => (name.clone(), "is the file complete?"),
        _ => (format!("{} files", names.len()), "are the files complete?"),
    };
    write!(
        f,
        "warning: {name}: {}, the last finished run had {}: {question}",
        counted(now, "row"),
        grouped(before)
    )
}
