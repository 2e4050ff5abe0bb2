//! The lock of an import: one run at a time for an account, its inputs and its shard.

use std::process;
use std::thread;
use std::time::{Duration, Instant};

use super::clock::unix_seconds;
use super::notice::{Notice, Tell};
use super::settings::Past;
use crate::event::{Halt, LockFault, LockHolder};
use crate::ledger::{AccountLedger, InputsId, LockError, RunLock};

/// How soon it is noticed that another run has ended: well below what a user would call waiting.
const POLL: Duration = Duration::from_millis(100);

/// Takes the import's lock, or waits for it as long as is wanted.
///
/// # Errors
/// When another run still holds it, or it cannot be taken at all.
pub(super) fn take(
    account: &AccountLedger,
    inputs: &InputsId,
    past: &Past,
    tell: Tell<'_>,
) -> Result<RunLock, Halt> {
    let began = Instant::now();
    let mut has_told = false;
    loop {
        let own = LockHolder {
            pid: process::id(),
            since: unix_seconds(),
        };
        let holder = match RunLock::take(account, inputs, past.shard, own) {
            Ok(lock) => return Ok(lock),
            Err(LockError::Ledger(error)) => return Err(error.into()),
            Err(LockError::Held(holder)) => holder,
        };
        if began.elapsed() >= past.wait {
            return Err(Halt::Locked(LockFault::Run(holder, past.wait)));
        }
        if !has_told {
            tell(&Notice::Waiting {
                holder,
                up_to: past.wait,
            });
            has_told = true;
        }
        thread::sleep(POLL.min(past.wait.saturating_sub(began.elapsed())));
    }
}
