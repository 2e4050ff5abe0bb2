//! Which form counts: the order of events, within a run and across runs.

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;

use super::*;
use Completion::Finished;
use LedgerMark::{Accepted, Refused, Sent};

#[test]
fn only_the_latest_form_counts_and_only_if_it_was_accepted() {
    type Runs = &'static [&'static [(LedgerMark, u64)]];
    // Marks of runs one after the other, each of phone 0; the form that counts in the end.
    let cases: &[(Runs, Option<u64>)] = &[
        (&[], None),
        (&[&[(Sent, 1)]], None),
        (&[&[(Sent, 1), (Accepted, 1)]], Some(1)),
        (&[&[(Sent, 1), (Refused, 1)]], None),
        (&[&[(Sent, 1), (Accepted, 1)], &[(Sent, 2)]], None),
        (
            &[&[(Sent, 1), (Accepted, 1)], &[(Sent, 2), (Refused, 2)]],
            None,
        ),
        (
            &[&[(Sent, 1), (Accepted, 1)], &[(Sent, 2), (Accepted, 2)]],
            Some(2),
        ),
        (
            &[
                &[(Sent, 1), (Accepted, 1)],
                &[(Sent, 2)],
                &[(Sent, 1), (Accepted, 1)],
            ],
            Some(1),
        ),
        (&[&[(Sent, 1), (Accepted, 1)], &[(Sent, 1)]], None),
        (&[&[(Sent, 1)], &[(Sent, 1), (Accepted, 1)]], Some(1)),
        // Within one run: one after the other, and both at once.
        (
            &[&[(Sent, 1), (Accepted, 1), (Sent, 2), (Accepted, 2)]],
            Some(2),
        ),
        (
            &[&[(Sent, 1), (Sent, 2), (Accepted, 1), (Accepted, 2)]],
            None,
        ),
        (
            &[&[(Sent, 1), (Sent, 2), (Accepted, 2), (Accepted, 1)]],
            None,
        ),
        // What cannot be: an acceptance of what was never sent.
        (&[&[(Accepted, 1)]], None),
        (&[&[(Sent, 1), (Accepted, 2)]], None),
    ];
    for (runs, expected) in cases {
        let machine = Machine::new();
        for marks in *runs {
            let marks: Vec<_> = marks.iter().map(|(mark, form)| (*mark, 0, *form)).collect();
            machine.run("r", &marks, Some(Finished));
        }
        let counting = machine.accepted().remove(&0);
        assert_eq!(counting, *expected, "{runs:?}");
    }
}

#[test]
fn forms_of_two_runs_side_by_side_are_in_doubt_until_a_later_run() {
    let machine = Machine::new();
    let mut one = machine.begin(start("one", "a.csv"));
    let mut two = machine.begin(start("two", "b.csv"));
    for (run, form) in [(&mut two, 2), (&mut one, 1)] {
        machine.record(run, Sent, 0, form);
        machine.record(run, Accepted, 0, form);
    }
    for run in [&mut one, &mut two] {
        machine.record(run, Sent, 1, 0);
        machine.record(run, Accepted, 1, 0);
    }
    assert_eq!(machine.accepted(), BTreeMap::from([(1, 0)]));
    drop((one, two));
    assert_eq!(machine.accepted(), BTreeMap::from([(1, 0)]));
    machine.run("three", &[(Sent, 0, 1), (Accepted, 0, 1)], Some(Finished));
    assert_eq!(machine.accepted(), BTreeMap::from([(0, 1), (1, 0)]));
}

#[test]
fn a_run_that_lasts_long_does_not_overtake_one_that_began_after_it() {
    let machine = Machine::new();
    let mut long = machine.begin(start("long", "a.csv"));
    machine.record(&mut long, Sent, 0, 1);
    machine.run("short", &[(Sent, 0, 2), (Accepted, 0, 2)], Some(Finished));
    machine.record(&mut long, Accepted, 0, 1);
    drop(long);
    assert!(machine.accepted().is_empty());
}

#[test]
fn what_is_added_singly_counts_in_its_order() {
    let machine = Machine::new();
    let add = |form| {
        let mut additions = AdditionRecorder::open(&machine.account).unwrap();
        let contact = machine.contact(0, form);
        additions.record(Sent, &contact).unwrap();
        additions.record(Accepted, &contact).unwrap();
        additions
    };
    drop(add(1));
    drop(add(2));
    assert_eq!(machine.files(".add.seg").len(), 1);
    assert!(machine.is_accepted(0, 2));
    machine.run("r", &[(Sent, 0, 1), (Accepted, 0, 1)], Some(Finished));
    assert!(machine.is_accepted(0, 1));
    drop(add(2));
    assert_eq!(machine.files(".add.seg").len(), 2);
    assert!(machine.is_accepted(0, 2));
    // Two at once have a segment each.
    let (one, two) = (add(1), add(1));
    assert_eq!(machine.files(".add.seg").len(), 3);
    drop((one, two));
    assert!(machine.is_accepted(0, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Runs one after the other, each contact once in each: exactly the last word on each phone counts.
    #[test]
    fn runs_in_order_say_exactly_what_the_last_word_was(
        runs in proptest::collection::vec(
            proptest::collection::btree_map(0..PHONES, (0..FORMS, 0..3u8), 0..6), 0..6),
        compact_after in 0..6usize,
    ) {
        let machine = Machine::new();
        let mut model = BTreeMap::new();
        for (at, contacts) in runs.iter().enumerate() {
            let mut marks: Vec<_> = contacts.iter().map(|(phone, (form, _))| (Sent, *phone, *form)).collect();
            for (phone, (form, fate)) in contacts {
                model.remove(phone);
                match fate {
                    0 => {}
                    1 => marks.push((Refused, *phone, *form)),
                    _ => {
                        marks.push((Accepted, *phone, *form));
                        model.insert(*phone, *form);
                    }
                }
            }
            machine.run("r", &marks, Some(Finished));
            if at == compact_after {
                compact_if_worth(&machine.account, 0, NOW).unwrap();
            }
        }
        prop_assert_eq!(machine.accepted(), model);
    }

    /// Runs, additions, kills and compactions in any order, against a platform that keeps what arrives: whatever the
    /// ledger calls accepted is what the platform holds, and nothing is under way that could change it. A compaction
    /// changes no answer.
    #[test]
    fn whatever_counts_as_accepted_is_what_the_platform_holds(seed in any::<u64>()) {
        World::new(seed).live(60);
    }
}

/// Something that was sent, and is not answered yet.
struct UnderWay {
    writer: u64,
    phone: u64,
    form: u64,
    has_arrived: bool,
}

enum Writer {
    RunRecorder(RunRecorder),
    Adding(AdditionRecorder),
}

struct World {
    machine: Machine,
    chance: fastrand::Rng,
    writers: HashMap<u64, Writer>,
    names: u64,
    under_way: Vec<UnderWay>,
    platform: BTreeMap<u64, u64>,
}

impl World {
    fn new(seed: u64) -> World {
        World {
            machine: Machine::new(),
            chance: fastrand::Rng::with_seed(seed),
            writers: HashMap::new(),
            names: 0,
            under_way: Vec::new(),
            platform: BTreeMap::new(),
        }
    }

    fn live(&mut self, steps: usize) {
        for _ in 0..steps {
            match self.chance.u8(..20) {
                0..=1 => self.begin(),
                2..=8 => self.send(),
                9..=10 => self.arrive(),
                11..=16 => self.answer(),
                17..=18 => self.leave(),
                _ => self.compact(),
            }
            self.check();
        }
    }

    fn begin(&mut self) {
        if self.writers.len() > 3 {
            return;
        }
        self.names += 1;
        let writer = if self.chance.u8(..4) == 0 {
            Writer::Adding(AdditionRecorder::open(&self.machine.account).unwrap())
        } else {
            let input = format!("{}.csv", self.chance.u8(..2));
            Writer::RunRecorder(self.machine.begin(start("r", &input)))
        };
        self.writers.insert(self.names, writer);
    }

    fn any_writer(&mut self) -> Option<u64> {
        let mut writers: Vec<u64> = self.writers.keys().copied().collect();
        writers.sort_unstable();
        self.chance.choice(writers)
    }

    fn send(&mut self) {
        let Some(writer) = self.any_writer() else {
            return;
        };
        let (phone, form) = (self.chance.u64(..PHONES), self.chance.u64(..FORMS));
        self.record(writer, Sent, phone, form);
        self.under_way.push(UnderWay {
            writer,
            phone,
            form,
            has_arrived: false,
        });
    }

    fn record(&mut self, writer: u64, mark: LedgerMark, phone: u64, form: u64) {
        let contact = self.machine.contact(phone, form);
        match self.writers.get_mut(&writer).unwrap() {
            Writer::RunRecorder(run) => run.record(mark, [&contact]).unwrap(),
            Writer::Adding(additions) => additions.record(mark, &contact).unwrap(),
        }
    }

    fn any_under_way(&mut self) -> Option<usize> {
        (!self.under_way.is_empty()).then(|| self.chance.usize(..self.under_way.len()))
    }

    fn arrive(&mut self) {
        if let Some(at) = self.any_under_way()
            && !self.under_way[at].has_arrived
        {
            self.under_way[at].has_arrived = true;
            let UnderWay { phone, form, .. } = self.under_way[at];
            self.platform.insert(phone, form);
        }
    }

    fn answer(&mut self) {
        let Some(at) = self.any_under_way() else {
            return;
        };
        let sent = self.under_way.swap_remove(at);
        if !sent.has_arrived && self.chance.u8(..4) == 0 {
            self.record(sent.writer, Refused, sent.phone, sent.form);
            return;
        }
        if !sent.has_arrived {
            self.platform.insert(sent.phone, sent.form);
        }
        self.record(sent.writer, Accepted, sent.phone, sent.form);
    }

    /// A writer ends or is killed: what it had under way arrives or does not, and no answer is seen.
    fn leave(&mut self) {
        let Some(name) = self.any_writer() else {
            return;
        };
        let (lost, kept) = std::mem::take(&mut self.under_way)
            .into_iter()
            .partition(|sent| sent.writer == name);
        self.under_way = kept;
        for UnderWay {
            phone,
            form,
            has_arrived,
            ..
        } in lost
        {
            if !has_arrived && self.chance.bool() {
                self.platform.insert(phone, form);
            }
        }
        if let Some(Writer::RunRecorder(run)) = self.writers.remove(&name)
            && self.chance.bool()
        {
            run.end(&ending(Finished)).unwrap();
        }
    }

    fn compact(&mut self) {
        let before = self.machine.accepted();
        let now = if self.chance.bool() { NOW } else { NOW * 2 };
        compact_if_worth(&self.machine.account, 0, now).unwrap();
        assert_eq!(self.machine.accepted(), before);
    }

    fn check(&self) {
        for (phone, form) in self.machine.accepted() {
            assert_eq!(self.platform.get(&phone), Some(&form));
            let other = self
                .under_way
                .iter()
                .find(|sent| sent.phone == phone && sent.form != form && !sent.has_arrived);
            assert!(other.is_none(), "another form is under way");
        }
    }
}
