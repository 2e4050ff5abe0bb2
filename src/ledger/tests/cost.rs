//! What the ledger costs. `cargo test --release --lib ledger::tests::cost -- --ignored --nocapture --test-threads 1`

use std::io::Write;
use std::time::{Duration, Instant};

use super::*;
use Completion::{Finished, Unfinished};
use LedgerMark::{Accepted, Sent};

const CONTACTS: u64 = 1_000_000;
const BATCH: usize = 100;

/// Times on the clock and on the processor: other work on the machine shows in the first only.
#[derive(Default)]
struct Watch {
    took: Duration,
    worked: Duration,
}

impl Watch {
    fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let (began, before) = (Instant::now(), worked());
        let result = work();
        self.took += began.elapsed();
        self.worked += worked().saturating_sub(before);
        result
    }

    fn say(&self, what: &str) {
        let Watch { took, worked } = self;
        let peak = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let peak = peak.lines().find(|line| line.starts_with("VmHWM"));
        let peak = peak.unwrap_or_default();
        writeln!(
            std::io::stdout(),
            "{what}: {took:.0?}, at work {worked:.0?}; {peak}"
        )
        .unwrap();
    }
}

fn worked() -> Duration {
    let all = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = all.split(' ').next().and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.unwrap_or_default())
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let mut watch = Watch::default();
    let result = watch.time(work);
    watch.say(what);
    result
}

/// Records a million contacts, batch by batch; never all of them in memory.
fn fill(machine: &Machine, name: &str, completion: Completion) {
    let mut run = machine.begin(start(name, "a.csv"));
    let mut watch = Watch::default();
    for first in (0..CONTACTS).step_by(10_000) {
        let contacts: Vec<_> = (first..first + 10_000)
            .map(|phone| machine.contact(phone, 0))
            .collect();
        watch.time(|| {
            for batch in contacts.chunks(BATCH) {
                run.record(Sent, batch).unwrap();
                run.record(Accepted, batch).unwrap();
            }
        });
    }
    watch.time(|| run.end(&ending(completion)).unwrap());
    watch.say("recording a million, each sent and accepted, and the disk");
}

#[test]
#[ignore = "measures"]
fn a_million_contacts() {
    let machine = Machine::new();
    let json = [b'x'; 250];
    timed("hashing a million of 250 bytes", || {
        let hash = |phone| machine.account.salt().fingerprint(phone, &json);
        std::hint::black_box((0..CONTACTS).fold(0, |sum, phone| sum ^ hash(phone).json.0[0]))
    });
    fill(&machine, "r", Unfinished);

    let probes = [0, CONTACTS / 2, CONTACTS - 1, CONTACTS].map(|phone| machine.contact(phone, 0));
    let load = |what: &str| {
        let memory = timed(what, || {
            KnownContacts::load(&machine.account, None).unwrap()
        });
        let known = probes.each_ref().map(|probe| memory.is_accepted(probe));
        assert_eq!(known, [true, true, true, false]);
    };
    load("loading the memory");
    let resumed = timed("loading what is resumed", || {
        KnownContacts::load(&machine.account, Some("r")).unwrap()
    });
    assert!(resumed.is_resumed(&probes[2]) && !resumed.is_resumed(&probes[3]));
    drop(resumed);
    fill(&machine, "s", Finished);
    load("loading the memory of two runs");
    timed("compacting two runs", || {
        assert_eq!(compact_if_worth(&machine.account, 0, NOW).unwrap(), 2);
    });
    load("loading the memory, compacted");
}

#[test]
#[ignore = "measures"]
fn a_thousand_added_singly() {
    let machine = Machine::new();
    timed("adding a thousand singly", || {
        for phone in 0..1_000 {
            let contact = machine.contact(phone, 0);
            let mut additions = AdditionRecorder::open(&machine.account).unwrap();
            additions.record(Sent, &contact).unwrap();
            additions.record(Accepted, &contact).unwrap();
        }
    });
}
