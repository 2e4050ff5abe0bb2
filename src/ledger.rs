//! The ledger: what was sent into an account, and what became of it, kept on this machine.
//!
//! Owns the files below `STATE/ledger`, a directory an account, and the questions they answer: what a run had accepted
//! before it broke off and which form of a contact an account holds for sure ([`Memory`]), what ran when
//! ([`runs`]), and who runs now ([`RunLock`]). Reads no clock (times are handed in) and decides nothing about an import.
//!
//! ```text
//! STATE/ledger/ACCOUNT/account.json          base URL, bot, label, salt; written once
//!                      lock                  shared while reading, exclusive while files come and go
//!                      NUMBER.RUN.seg        one a run, locked while it lives
//!                      compacted.led         what all segments below a number came to
//!                      locks/INPUTS.lock     one run an account, inputs and shard
//! ```
//!
//! **Order.** Clocks jump, so segments are numbered when they are begun, and each names those that were alive then. A
//! segment that had ended when another began came before it; any two others ran side by side, and where they disagree
//! about a contact, the contact counts as changed. A repeat costs a request; a wrong "unchanged" costs a contact.
//!
//! **Loss.** A kill leaves every record that was written, but for a torn last one. Only the end of a run and a compaction
//! wait for the disk. A segment that is damaged before its end makes all that it could contradict count as changed.

mod account;
mod catalogue;
mod compact;
mod error;
mod files;
mod frame;
mod history;
mod inputs_id;
mod memory;
mod run;
mod run_lock;
mod scan;
mod segment;

#[cfg(test)]
mod tests;

pub use account::{Account, Owner, accounts, known_accounts, take_over};
pub(crate) use account::{Record, as_taken_over, given_up_for, has_taken_over};
pub(crate) use compact::compact_if_worth;
pub(crate) use error::LedgerError;
pub use frame::Mark;
pub(crate) use history::last_finished;
pub use history::{Counts, RunFacts, RunState, last_unfinished, runs};
pub use inputs_id::InputsId;
pub use memory::Memory;
pub(crate) use run::Additions;
pub use run::{Completion, Ending, Run, Start};
pub(crate) use run_lock::{LockError, RunLock};
