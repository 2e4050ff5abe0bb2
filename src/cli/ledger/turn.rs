//! A run's turn: one at a time for an account, its inputs and its shard.

use std::process;
use std::thread;
use std::time::{Duration, Instant};

use super::Wanted;
use crate::cli::clock::{shown, unix_seconds};
use crate::event::Halt;
use crate::ledger::{Account, Holder, InputsId, LockError, RunLock};
use crate::units::duration;

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
        let holder = Holder {
            pid: process::id(),
            since: unix_seconds(),
        };
        let held = match RunLock::take(account, inputs, wanted.shard, holder) {
            Ok(lock) => return Ok(lock),
            Err(LockError::Ledger(error)) => return Err(error.into()),
            Err(LockError::Held(held)) => at_work(held),
        };
        if began.elapsed() >= wanted.wait {
            return Err(Halt::Locked(given_up(&held, wanted.wait)));
        }
        if !has_said {
            wanted
                .say
                .say(&format!("{held}: waiting up to {}", duration(wanted.wait)));
            has_said = true;
        }
        thread::sleep(GLANCE.min(wanted.wait.saturating_sub(began.elapsed())));
    }
}

fn at_work(holder: Option<Holder>) -> String {
    let who = holder.map_or_else(String::new, |Holder { pid, since }| {
        format!(" (pid {pid}, since {})", shown(since))
    });
    format!("another run of this import is at work{who}")
}

fn given_up(held: &str, waited: Duration) -> String {
    if waited == Duration::ZERO {
        format!("{held}: wait for its end, or pass --wait 10m")
    } else {
        format!("{held}, and was so for {}", duration(waited))
    }
}
