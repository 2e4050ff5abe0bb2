//! A run's turn: one at a time for an account, its inputs and its shard.

use std::process;
use std::thread;
use std::time::{Duration, Instant};

use super::Wanted;
use crate::cli::clock::unix_seconds;
use crate::event::{Halt, LockFault, LockHolder};
use crate::ledger::{Account, InputsId, LockError, RunLock};
use crate::report::words;

/// How soon it is noticed that another run has ended.
const GLANCE: Duration = Duration::from_millis(100);

/// Takes the import's lock, or waits for it as long as is wanted.
pub(super) fn turn(
    account: &Account,
    inputs: &InputsId,
    wanted: &Wanted<'_>,
) -> Result<RunLock, Halt> {
    let began = Instant::now();
    let mut has_said = false;
    loop {
        let holder = LockHolder {
            pid: process::id(),
            since: unix_seconds(),
        };
        let held = match RunLock::take(account, inputs, wanted.shard, holder) {
            Ok(lock) => return Ok(lock),
            Err(LockError::Ledger(error)) => return Err(error.into()),
            Err(LockError::Held(held)) => held,
        };
        if began.elapsed() >= wanted.wait {
            return Err(Halt::Locked(LockFault::Run(held, wanted.wait)));
        }
        if !has_said {
            wanted.say.say(&words::waits_for(held, wanted.wait));
            has_said = true;
        }
        thread::sleep(GLANCE.min(wanted.wait.saturating_sub(began.elapsed())));
    }
}
