//! A ledger that another owner goes on with: a token was renewed, the account is the same.

use super::*;
use Completion::Unfinished;
use Mark::{Accepted, Sent};

fn renewed() -> Owner {
    Owner {
        key: "renewed".to_owned(),
        label: "another token".to_owned(),
        ..owner()
    }
}

fn reopened(desk: &Desk, owner: &Owner) -> Account {
    Account::find(desk.state.path(), owner).unwrap().unwrap()
}

#[test]
fn who_takes_a_ledger_over_has_its_runs_and_its_acceptances() {
    let desk = Desk::new();
    desk.run("old", &[(Sent, 0, 1), (Accepted, 0, 1)], Some(Unfinished));
    let (taken, record) = take_over(desk.state.path(), &renewed(), &desk.account).unwrap();
    assert_eq!((record, taken.label()), (Record::Trusted, "another token"));
    for account in [taken, reopened(&desk, &renewed())] {
        assert_eq!(account.directory(), desk.account.directory());
        let memory = Memory::load(&account).unwrap();
        assert!(memory.is_accepted(&desk.contact(0, 1)));
        let last = last_unfinished(&account, &inputs("a.csv"), None, NOW).unwrap();
        assert_eq!(last.unwrap().start.name, "old");
    }
    let names: Vec<_> = accounts(desk.state.path()).unwrap();
    assert_eq!(names.len(), 1, "there is one ledger, not two");
}

#[test]
fn taking_over_twice_or_what_is_ones_own_changes_nothing() {
    let desk = Desk::new();
    desk.run("old", &[(Sent, 0, 1), (Accepted, 0, 1)], None);
    for _ in 0..2 {
        let (taken, record) = take_over(desk.state.path(), &renewed(), &desk.account).unwrap();
        assert_eq!(record, Record::Trusted);
        assert!(
            Memory::load(&taken)
                .unwrap()
                .is_accepted(&desk.contact(0, 1))
        );
    }
    let (own, _) = take_over(desk.state.path(), &owner(), &desk.account).unwrap();
    assert_eq!(own.directory(), desk.account.directory());
}

#[test]
fn what_the_new_owner_had_sent_makes_the_old_acceptances_doubtful() {
    for compacted in [false, true] {
        let desk = Desk::new();
        desk.run(
            "old",
            &[(Sent, 0, 1), (Accepted, 0, 1)],
            Some(Completion::Finished),
        );
        if compacted {
            assert_eq!(compact_if_worth(&desk.account, 0, NOW).unwrap(), 1);
        }
        let other = Account::open(desk.state.path(), &renewed()).unwrap();
        drop(Run::begin(&other, start("new", "b.csv")).unwrap());
        let (taken, record) = take_over(desk.state.path(), &renewed(), &desk.account).unwrap();
        let is_accepted = |account: &Account, phone| {
            let memory = Memory::load(account).unwrap();
            memory.is_accepted(&desk.contact(phone, 1))
        };
        assert_eq!(record, Record::Doubtful);
        assert!(!is_accepted(&taken, 0), "compacted: {compacted}");
        let mut run = Run::begin(&taken, start("later", "a.csv")).unwrap();
        run.record(Sent, [&desk.contact(1, 1)]).unwrap();
        run.record(Accepted, [&desk.contact(1, 1)]).unwrap();
        drop(run);
        let again = reopened(&desk, &renewed());
        assert!(is_accepted(&again, 1) && !is_accepted(&again, 0));
        compact_if_worth(&again, 0, NOW).unwrap();
        assert!(is_accepted(&again, 1) && !is_accepted(&again, 0));
    }
}

#[test]
fn a_ledger_that_is_being_written_is_not_given_up() {
    let desk = Desk::new();
    let other = Account::open(desk.state.path(), &renewed()).unwrap();
    let living = Run::begin(&other, start("new", "b.csv")).unwrap();
    let refused = take_over(desk.state.path(), &renewed(), &desk.account).unwrap_err();
    assert!(matches!(refused, LedgerError::AtWork { .. }));
    drop(living);
    take_over(desk.state.path(), &renewed(), &desk.account).unwrap();
}
