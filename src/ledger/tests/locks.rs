//! One run at a time, and locks that end with their process.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::*;
use crate::event::LockHolder;

const HOLDER: LockHolder = LockHolder {
    pid: 4711,
    since: NOW,
};
const STATE: &str = "BP_IMPORT_TEST_LOCKS_IN";

fn take(machine: &Machine, input: &str, shard: Option<Shard>) -> Result<RunLock, LockError> {
    RunLock::take(&machine.account, &inputs(input), shard, HOLDER)
}

#[test]
fn a_second_run_of_the_same_inputs_learns_who_is_at_work() {
    let machine = Machine::new();
    let first = take(&machine, "a.csv", None).unwrap();
    let LockError::Held(holder) = take(&machine, "a.csv", None).unwrap_err() else {
        panic!("it is held");
    };
    assert_eq!(holder, Some(HOLDER));
    let names = || everything_below(&machine.account.directory().join("locks")).len();
    assert_eq!(names(), 2);
    drop(first);
    assert_eq!(names(), 1, "nobody is named who is not at work");
    take(&machine, "a.csv", None).unwrap();
}

#[test]
fn other_inputs_and_other_shards_run_side_by_side() {
    let machine = Machine::new();
    let part = |index| format!("{index}/2").parse().ok();
    let _locks = [
        take(&machine, "a.csv", None).unwrap(),
        take(&machine, "b.csv", None).unwrap(),
        take(&machine, "a.csv", part(1)).unwrap(),
        take(&machine, "a.csv", part(2)).unwrap(),
    ];
    assert!(take(&machine, "a.csv", part(2)).is_err());
}

#[test]
fn a_lock_of_a_killed_process_does_not_block() {
    let machine = Machine::new();
    let mut child = holding_process(&machine);
    let LockError::Held(Some(holder)) = take(&machine, "a.csv", None).unwrap_err() else {
        panic!("it is held");
    };
    assert_eq!(holder.pid, child.id());
    let state = || runs(&machine.account).unwrap()[0].state;
    assert_eq!(state(), RunState::Running);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(state(), RunState::Unfinished);
    take(&machine, "a.csv", None).unwrap();
}

#[test]
fn what_a_running_run_has_recorded_can_be_read_through_other_handles() {
    let machine = Machine::new();
    let mut run = machine.begin(start("r", "a.csv"));
    machine.record(&mut run, LedgerMark::Sent, 1, 0);
    machine.record(&mut run, LedgerMark::Accepted, 1, 0);
    let bytes = fs::read(machine.segment_of("r")).unwrap();
    assert!(bytes.len() > 8);
    let listed = runs(&machine.account).unwrap();
    assert_eq!(listed[0].state, RunState::Running);
    assert!(machine.is_accepted(1, 0));
}

#[test]
fn a_lock_whose_segment_was_never_begun_is_removed_and_no_other() {
    let machine = Machine::new();
    let orphan = machine.account.directory().join("000000007.r.lock");
    fs::write(&orphan, "").unwrap();
    let run = machine.begin(start("r", "a.csv"));
    assert_eq!(machine.files(".lock").len(), 2);
    compact_if_worth(&machine.account, u64::MAX, NOW).unwrap();
    assert_eq!(machine.files(".lock").len(), 1);
    assert!(!orphan.exists());
    assert_eq!(runs(&machine.account).unwrap()[0].state, RunState::Running);
    drop(run);
}

/// This test's own program, as a process that holds the lock and a run.
fn holding_process(machine: &Machine) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "--nocapture"])
        .arg("ledger::tests::locks::a_process_that_holds_until_it_is_killed")
        .env(STATE, machine.state.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let said = lines
        .map(Result::unwrap)
        .find(|line| line.contains("holding"));
    assert!(said.is_some(), "the process ended");
    child
}

#[test]
#[ignore = "started by another test"]
fn a_process_that_holds_until_it_is_killed() {
    use std::io::Write;
    let Some(state) = std::env::var_os(STATE) else {
        return;
    };
    let account = AccountLedger::open(Path::new(&state), &owner()).unwrap();
    let holder = LockHolder {
        pid: std::process::id(),
        since: NOW,
    };
    let _lock = RunLock::take(&account, &inputs("a.csv"), None, holder).unwrap();
    let _run = RunRecorder::begin(&account, start("r", "a.csv")).unwrap();
    writeln!(std::io::stdout(), "holding").unwrap();
    std::io::stdin().read_line(&mut String::new()).unwrap();
}
