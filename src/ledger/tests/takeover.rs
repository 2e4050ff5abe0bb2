//! A ledger that another owner continues: a token was renewed, the account is the same.

use super::*;
use Completion::Unfinished;
use LedgerMark::{Accepted, Sent};

fn renewed() -> LedgerOwner {
    LedgerOwner {
        key: "renewed".to_owned(),
        label: "another token".to_owned(),
        ..owner()
    }
}

fn reopened(machine: &Machine, owner: &LedgerOwner) -> AccountLedger {
    AccountLedger::find(machine.state.path(), owner)
        .unwrap()
        .unwrap()
}

#[test]
fn who_takes_a_ledger_over_has_its_runs_and_its_acceptances() {
    let machine = Machine::new();
    machine.run("old", &[(Sent, 0, 1), (Accepted, 0, 1)], Some(Unfinished));
    let (taken, record) = take_over(machine.state.path(), &renewed(), &machine.account).unwrap();
    assert_eq!(
        (record, taken.label()),
        (Reliability::Trusted, "another token")
    );
    for account in [taken, reopened(&machine, &renewed())] {
        assert_eq!(account.directory(), machine.account.directory());
        let memory = KnownContacts::load(&account, None).unwrap();
        assert!(memory.is_accepted(&machine.contact(0, 1)));
        let last = last_unfinished(&account, &inputs("a.csv"), None, NOW).unwrap();
        assert_eq!(last.unwrap().start.name, "old");
    }
    let names: Vec<_> = accounts(machine.state.path()).unwrap();
    assert_eq!(names.len(), 1, "there is one ledger, not two");
}

#[test]
fn taking_over_twice_or_what_is_ones_own_changes_nothing() {
    let machine = Machine::new();
    machine.run("old", &[(Sent, 0, 1), (Accepted, 0, 1)], None);
    for _ in 0..2 {
        let (taken, record) =
            take_over(machine.state.path(), &renewed(), &machine.account).unwrap();
        assert_eq!(record, Reliability::Trusted);
        assert!(
            KnownContacts::load(&taken, None)
                .unwrap()
                .is_accepted(&machine.contact(0, 1))
        );
    }
    let (own, _) = take_over(machine.state.path(), &owner(), &machine.account).unwrap();
    assert_eq!(own.directory(), machine.account.directory());
}

#[test]
fn what_the_new_owner_had_sent_makes_the_old_acceptances_doubtful() {
    for compacted in [false, true] {
        let machine = Machine::new();
        machine.run(
            "old",
            &[(Sent, 0, 1), (Accepted, 0, 1)],
            Some(Completion::Finished),
        );
        if compacted {
            assert_eq!(compact_if_worth(&machine.account, 0, NOW).unwrap(), 1);
        }
        let other = AccountLedger::open(machine.state.path(), &renewed()).unwrap();
        drop(RunRecorder::begin(&other, start("new", "b.csv")).unwrap());
        let (taken, record) =
            take_over(machine.state.path(), &renewed(), &machine.account).unwrap();
        let is_accepted = |account: &AccountLedger, phone| {
            let memory = KnownContacts::load(account, None).unwrap();
            memory.is_accepted(&machine.contact(phone, 1))
        };
        assert_eq!(record, Reliability::Doubtful);
        assert!(!is_accepted(&taken, 0), "compacted: {compacted}");
        let mut run = RunRecorder::begin(&taken, start("later", "a.csv")).unwrap();
        run.record(Sent, [&machine.contact(1, 1)]).unwrap();
        run.record(Accepted, [&machine.contact(1, 1)]).unwrap();
        drop(run);
        let again = reopened(&machine, &renewed());
        assert!(is_accepted(&again, 1) && !is_accepted(&again, 0));
        compact_if_worth(&again, 0, NOW).unwrap();
        assert!(is_accepted(&again, 1) && !is_accepted(&again, 0));
    }
}

#[test]
fn a_ledger_that_is_being_written_is_not_given_up() {
    let machine = Machine::new();
    let other = AccountLedger::open(machine.state.path(), &renewed()).unwrap();
    let living = RunRecorder::begin(&other, start("new", "b.csv")).unwrap();
    let refused = take_over(machine.state.path(), &renewed(), &machine.account).unwrap_err();
    assert!(matches!(refused, LedgerError::AtWork { .. }));
    drop(living);
    take_over(machine.state.path(), &renewed(), &machine.account).unwrap();
}

/// A third owner.
fn third() -> LedgerOwner {
    LedgerOwner {
        key: "third".to_owned(),
        label: "a third token".to_owned(),
        ..owner()
    }
}

#[test]
fn a_takeover_of_a_ledger_that_is_taken_over_itself_is_followed_to_the_end() {
    let machine = Machine::new();
    machine.run("first", &[(Sent, 0, 1), (Accepted, 0, 1)], None);
    take_over(machine.state.path(), &renewed(), &machine.account).unwrap();
    let other = AccountLedger::open(machine.state.path(), &third()).unwrap();
    drop(RunRecorder::begin(&other, start("of-the-third", "b.csv")).unwrap());
    // The second, whose runs are in the first's ledger, says that it is the third's account.
    take_over(machine.state.path(), &renewed(), &other).unwrap();
    for owner in [owner(), renewed(), third()] {
        let account = reopened(&machine, &owner);
        assert_eq!(account.directory(), other.directory(), "{owner:?}");
    }
    assert_eq!(accounts(machine.state.path()).unwrap().len(), 1);
}

#[test]
fn nothing_is_written_into_a_ledger_that_was_given_up_meanwhile() {
    let machine = Machine::new();
    let early = AccountLedger::open(machine.state.path(), &renewed()).unwrap();
    take_over(machine.state.path(), &renewed(), &machine.account).unwrap();
    let refused = RunRecorder::begin(&early, start("late", "b.csv")).unwrap_err();
    assert!(matches!(refused, LedgerError::GivenUp { .. }), "{refused}");
    assert!(AdditionRecorder::open(&early).is_err());
    assert!(machine.files(".late.seg").is_empty());
}

#[test]
fn two_who_take_each_other_over_at_once_do_not_wait_for_each_other() {
    for _ in 0..20 {
        let machine = Machine::new();
        let other = AccountLedger::open(machine.state.path(), &renewed()).unwrap();
        let (state, one) = (machine.state.path(), &machine.account);
        std::thread::scope(|threads| {
            threads.spawn(|| drop(take_over(state, &renewed(), one)));
            threads.spawn(|| drop(take_over(state, &owner(), &other)));
        });
        let directories =
            [owner(), renewed()].map(|owner| reopened(&machine, &owner).directory().to_owned());
        assert_eq!(directories[0], directories[1]);
    }
}

#[test]
fn what_a_takeover_would_be_is_known_without_one() {
    let machine = Machine::new();
    machine.run(
        "old",
        &[(Sent, 0, 1), (Accepted, 0, 1)],
        Some(Completion::Finished),
    );
    let is_accepted = || {
        let account =
            as_taken_over(machine.state.path(), &renewed(), machine.account.clone()).unwrap();
        let memory = KnownContacts::load(&account, None).unwrap();
        memory.is_accepted(&machine.contact(0, 1))
    };
    assert!(is_accepted());
    let other = AccountLedger::open(machine.state.path(), &renewed()).unwrap();
    drop(RunRecorder::begin(&other, start("new", "b.csv")).unwrap());
    assert!(!is_accepted());
    assert!(machine.is_accepted(0, 1), "nothing was written");
}
