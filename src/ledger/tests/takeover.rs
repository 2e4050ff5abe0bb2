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
        let memory = Memory::load(&account, None).unwrap();
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
            Memory::load(&taken, None)
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
            let memory = Memory::load(account, None).unwrap();
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

/// A third owner.
fn third() -> Owner {
    Owner {
        key: "third".to_owned(),
        label: "a third token".to_owned(),
        ..owner()
    }
}

#[test]
fn who_stood_for_a_ledger_that_is_taken_over_itself_is_followed_to_the_end() {
    let desk = Desk::new();
    desk.run("first", &[(Sent, 0, 1), (Accepted, 0, 1)], None);
    take_over(desk.state.path(), &renewed(), &desk.account).unwrap();
    let other = Account::open(desk.state.path(), &third()).unwrap();
    drop(Run::begin(&other, start("of-the-third", "b.csv")).unwrap());
    // The second, which stands in the first's ledger, says that it is the third's account.
    take_over(desk.state.path(), &renewed(), &other).unwrap();
    for owner in [owner(), renewed(), third()] {
        let account = reopened(&desk, &owner);
        assert_eq!(account.directory(), other.directory(), "{owner:?}");
    }
    assert_eq!(accounts(desk.state.path()).unwrap().len(), 1);
}

#[test]
fn nobody_writes_into_a_ledger_that_was_given_up_meanwhile() {
    let desk = Desk::new();
    let early = Account::open(desk.state.path(), &renewed()).unwrap();
    take_over(desk.state.path(), &renewed(), &desk.account).unwrap();
    let refused = Run::begin(&early, start("late", "b.csv")).unwrap_err();
    assert!(matches!(refused, LedgerError::GivenUp { .. }), "{refused}");
    assert!(Additions::open(&early).is_err());
    assert!(desk.files(".late.seg").is_empty());
}

#[test]
fn two_who_take_each_other_over_at_once_do_not_wait_for_each_other() {
    for _ in 0..20 {
        let desk = Desk::new();
        let other = Account::open(desk.state.path(), &renewed()).unwrap();
        let (state, one) = (desk.state.path(), &desk.account);
        std::thread::scope(|threads| {
            threads.spawn(|| drop(take_over(state, &renewed(), one)));
            threads.spawn(|| drop(take_over(state, &owner(), &other)));
        });
        let directories =
            [owner(), renewed()].map(|owner| reopened(&desk, &owner).directory().to_owned());
        assert_eq!(directories[0], directories[1]);
    }
}

#[test]
fn what_a_takeover_would_be_is_told_without_one() {
    let desk = Desk::new();
    desk.run(
        "old",
        &[(Sent, 0, 1), (Accepted, 0, 1)],
        Some(Completion::Finished),
    );
    let is_accepted = || {
        let account = as_taken_over(desk.state.path(), &renewed(), desk.account.clone()).unwrap();
        let memory = Memory::load(&account, None).unwrap();
        memory.is_accepted(&desk.contact(0, 1))
    };
    assert!(is_accepted());
    let other = Account::open(desk.state.path(), &renewed()).unwrap();
    drop(Run::begin(&other, start("new", "b.csv")).unwrap());
    assert!(!is_accepted());
    assert!(desk.is_accepted(0, 1), "nothing was written");
}
