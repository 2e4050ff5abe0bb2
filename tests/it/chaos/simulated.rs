//! The delivery against the platform, under a clock that jumps: hours of bad weather in a moment.

use std::future::Future;
use std::num::NonZeroUsize;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use bp_import::api::reply::{Body, Reply, classify};
use bp_import::batch::{Batch, BatchCutter, Item, Limits};
use bp_import::contact::phone::Phone;
use bp_import::deliver::pacer::{Concurrency, Pace};
use bp_import::deliver::stop::Stop;
use bp_import::deliver::{Courier, DeliveryOptions, PhoneOrder, deliver};
use bp_import::event::{Event, Halt};
use bp_import::outcome::Outcome;
use bp_import::record::{Header, InputId, Layout, Place, RecordFacts, Records, SharedRecord};
use bp_import::tally::Tally;
use bp_import::verdict::{ConnectionFault, CutBody, DeliveryFault, Trouble, Verdict};
use fastrand::Rng;
use tokio::time::sleep;

use super::platform::{Answer, Book, Conduct, Platform};
use super::script::{ALL, Script};
use super::{Outcomes, check, check_that_it_was_chaos};

const SEEDS: u64 = 200;
/// The budget of a batch.
const RETRY_FOR: Duration = Duration::from_secs(3_600);
/// The client's timeout.
const TIMEOUT: Duration = Duration::from_secs(30);
/// No run takes as long: one that does hangs.
const FOR_EVER: Duration = Duration::from_secs(7 * 24 * 3_600);

#[test]
fn whatever_the_server_does_everything_acceptable_is_accepted_and_exactly_the_poisoned_refused() {
    let seeds: Vec<u64> = (0..SEEDS).collect();
    // Two threads: more would starve the tests that run at the same time and measure real time.
    let books: Vec<Book> = thread::scope(|threads| {
        let runs = seeds.chunks(seeds.len() / 2);
        let running: Vec<_> = runs
            .map(|seeds| threads.spawn(|| seeds.iter().map(|seed| survive(*seed)).collect()))
            .collect();
        let ended = running.into_iter().map(|thread| thread.join().unwrap());
        ended.flat_map(|books: Vec<Book>| books).collect()
    });
    check_that_it_was_chaos(&books, &ALL, 100);
}

/// One run; checks what came of it.
fn survive(seed: u64) -> Book {
    let script = Arc::new(Script::wild(seed));
    let platform = Platform::new(&script);
    let (events, stop) = run(&script, &platform);
    let book = platform.book();
    let mut tally = Tally::default();
    events.iter().for_each(|event| tally.note(event));
    check(&script, &book, &outcomes(&events, seed));
    assert_eq!(stop.halt(), None, "seed {seed}");
    assert_eq!(tally.settled(), script.contacts as u64, "seed {seed}");
    assert_eq!(tally.requests, book.entries.len() as u64, "seed {seed}");
    book
}

fn run(script: &Script, platform: &Platform) -> (Vec<Event>, Stop) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let (events, told) = mpsc::sync_channel(64);
        let watcher = thread::spawn(move || told.into_iter().collect());
        let (batches, intake) = tokio::sync::mpsc::channel(4);
        let all = batches_of(script);
        tokio::spawn(async move {
            for batch in all {
                batches.send(batch).await.unwrap();
            }
        });
        let stop = Stop::default();
        let courier = Simulated(platform.clone());
        let work = deliver(courier, options(script), intake, events, stop.clone());
        let ended = tokio::time::timeout(FOR_EVER, work).await;
        assert!(ended.is_ok(), "the run hangs, seed {}", script.seed);
        (watcher.join().unwrap(), stop)
    })
}

/// As an import would have them; one in three finds out how many requests at once are good.
fn options(script: &Script) -> DeliveryOptions {
    let senders = NonZeroUsize::new(script.dice(0).usize(1..=8)).unwrap();
    let concurrency = match script.seed % 3 {
        0 => Concurrency::Auto,
        _ => Concurrency::Fixed(senders),
    };
    DeliveryOptions {
        pace: Pace {
            concurrency,
            rate: None,
        },
        retry_for: RETRY_FOR,
        hold: 4 * script.batch_size * concurrency.most(),
        order: PhoneOrder::Any,
        seed: script.seed,
    }
}

fn batches_of(script: &Script) -> Vec<Batch> {
    let mut cutter = BatchCutter::new(Limits {
        items: NonZeroUsize::new(script.batch_size).unwrap(),
        bytes: 100_000,
    });
    let mut batches: Vec<Batch> = (0..script.contacts)
        .filter_map(|contact| cutter.push(item(contact)))
        .collect();
    batches.extend(cutter.finish());
    batches
}

/// The contact of this number, in some 100 bytes.
fn item(contact: usize) -> Item {
    let header = Header {
        layout: Layout::Table,
        names: Vec::new(),
    };
    let place = Place {
        input: InputId(0),
        row: contact as u64,
    };
    let mut records = Records::default();
    records.finish(&Arc::new(header), RecordFacts::new(place, 0));
    Item {
        record: Arc::new(records).shared().next().unwrap(),
        phone: Phone {
            prefix: 91,
            number: format!("98765{contact:05}"),
            region: None,
        },
        merged: Vec::new(),
        tags: Vec::new(),
        attributes: Vec::new(),
        json: format!("[{contact},\"{}\"]", "x".repeat(60 + contact % 50)).into_bytes(),
        fingerprint: None,
        without_consent: false,
    }
}

fn contacts_in(body: &[u8]) -> Vec<usize> {
    let contacts: Vec<(usize, &str)> = serde_json::from_slice(body).unwrap();
    contacts.into_iter().map(|(contact, _)| contact).collect()
}

/// What the events say; each contact in one of them.
fn outcomes(events: &[Event], seed: u64) -> Outcomes {
    let mut outcomes = Outcomes::default();
    let mut settled = 0;
    for event in events {
        let (set, records): (_, Vec<&SharedRecord>) = match event {
            Event::Accepted(items) => (
                &mut outcomes.accepted,
                items.iter().map(|item| &item.record).collect(),
            ),
            Event::Failed(failure) => {
                let set = match failure.outcome {
                    Outcome::Refused => &mut outcomes.refused,
                    Outcome::Unknown => &mut outcomes.unknown,
                    Outcome::Unsent => &mut outcomes.unsent,
                    other => panic!("{other}, seed {seed}"),
                };
                (set, vec![&failure.record])
            }
            _ => continue,
        };
        settled += records.len();
        let number = |record: &&SharedRecord| usize::try_from(record.place.row).unwrap();
        set.extend(records.iter().map(number));
    }
    assert_eq!(outcomes.len(), settled, "a second outcome, seed {seed}");
    outcomes
}

/// The platform, as a courier finds it.
struct Simulated(Platform);

impl Courier for Simulated {
    fn carry(&self, body: Vec<u8>) -> impl Future<Output = Verdict> + Send + 'static {
        let (conduct, mut dice) = self.0.receive(contacts_in(&body), body.len());
        async move {
            sleep(takes(&conduct, &mut dice)).await;
            verdict(conduct)
        }
    }

    fn depart(&self, _: &Batch) -> Result<(), Halt> {
        Ok(())
    }

    fn arrive(&self, _: &Batch) -> Result<(), Halt> {
        Ok(())
    }
}

fn takes(conduct: &Conduct, dice: &mut Rng) -> Duration {
    match conduct {
        Conduct::Stalls => TIMEOUT,
        Conduct::IsNotThere => Duration::from_millis(1),
        _ => Duration::from_millis(dice.u64(10..3_000)),
    }
}

/// What the client makes of it.
fn verdict(conduct: Conduct) -> Verdict {
    let trouble = |fault: DeliveryFault| Trouble {
        fault,
        retry_after: None,
    };
    match conduct {
        Conduct::Says(answer) => {
            let body = Body::Whole(answer.body.clone().into_bytes());
            judged(&answer, body)
        }
        Conduct::SaysHalf(answer) => judged(&answer, Body::Cut(CutBody::Broken)),
        Conduct::Cuts => {
            Verdict::Unclear(trouble(DeliveryFault::Connection(ConnectionFault::Broke)))
        }
        Conduct::Stalls => {
            Verdict::Unclear(trouble(DeliveryFault::NoAnswer(Duration::from_secs(30))))
        }
        Conduct::IsNotThere => {
            Verdict::Busy(trouble(DeliveryFault::Connection(ConnectionFault::Refused)))
        }
    }
}

fn judged(answer: &Answer, body: Body) -> Verdict {
    let reply = Reply {
        status: answer.status,
        phrase: "",
        retry_after: answer.retry_after.map(|seconds| seconds.to_string()),
        redirect: None,
        body,
    };
    classify(&reply, jiff::Timestamp::UNIX_EPOCH)
}
