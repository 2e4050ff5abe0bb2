//! The ledger: what was sent into an account and with which outcome, kept on this machine.
//!
//! Owns the files below `STATE/ledger`, one directory per account, and the questions they answer: what a run had
//! accepted before it broke off and which form of a contact an account holds for certain ([`KnownContacts`]), what ran
//! when ([`runs`]), and which run is running now ([`RunLock`]). Reads no clock (times are handed in) and decides
//! nothing about an import.
//!
//! ```text
//! STATE/ledger/ACCOUNT/account.json          base URL, bot, label, salt; written once
//!                      lock                  shared by readers, exclusive while files are added or removed
//!                      NUMBER.RUN.seg        one per run, locked while it is being written
//!                      compacted.led         the result of all segments below a number
//!                      locks/INPUTS.lock     one run per account, inputs and shard
//! ```
//!
//! **Order.** Clocks jump, so segments are numbered when they are begun, and each names those that were being written
//! then. A segment that had ended when another began came before it; any two others ran at the same time, and where
//! they disagree about a contact, the contact counts as changed. A repeat costs a request; a wrong "unchanged" costs a
//! contact.
//!
//! **Loss.** After a kill, every entry that was written is there, except a torn last one. Only the end of a run and a
//! compaction are synced. A segment that is damaged before its end makes all that it could contradict count as
//! changed.

mod account;
mod catalogue;
mod compact;
mod entry;
mod error;
mod files;
mod history;
mod inputs_id;
mod known_contacts;
mod latest_form;
mod recorder;
mod replay;
mod run_facts;
mod run_lock;
mod scan;
mod segment;
mod takeover;

#[cfg(test)]
mod tests;

pub use account::{AccountLedger, LedgerOwner, accounts, known_accounts};
pub(crate) use compact::compact_if_worth;
pub use entry::LedgerMark;
pub(crate) use error::LedgerError;
pub(crate) use history::last_finished;
pub use history::{last_unfinished, runs};
pub use inputs_id::InputsId;
pub use known_contacts::KnownContacts;
pub(crate) use recorder::AdditionRecorder;
pub use recorder::RunRecorder;
pub use run_facts::{Completion, RunCounts, RunEnding, RunFacts, RunStart, RunState};
pub(crate) use run_lock::{LockError, RunLock};
pub use takeover::take_over;
pub(crate) use takeover::{Reliability, as_taken_over, given_up_for, has_taken_over};
