//! The dispatcher against a simulated platform, under a clock that jumps: no test waits, whatever the budget.

mod halts;
mod refusals;
mod truth;
mod waits;

use std::collections::BTreeMap;
use std::future::Future;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use tokio::time::Instant;

use crate::batch::tests::{batch, rows_in};
use crate::batch::{Batch, BatchCutter, Item, Limits};
use crate::deliver::pacer::Pace;
use crate::deliver::stop::Stop;
use crate::deliver::{Courier, DeliveryOptions, PhoneOrder};
use crate::event::{Event, Halt, Wait, WaitScope};
use crate::outcome::{Code, Outcome};
use crate::report::destination::Destination;
use crate::report::words;
use crate::secret::Auth;
use crate::verdict::{
    DeliveryFault, ServerAnswer, ServerWords, StatusLine, StrangeAnswer, Stranger, Trouble, Verdict,
};

const MINUTE: Duration = Duration::from_secs(60);
/// No run of a test takes as long: one that does hangs.
const FOR_EVER: Duration = Duration::from_secs(30 * 24 * 3_600);

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn milliseconds(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// What the platform sees of a request.
#[derive(Clone, Debug)]
struct Request {
    /// How many came before it.
    nth: usize,
    /// When it came, since the run began.
    at: Duration,
    /// The contacts in it.
    rows: Vec<u64>,
    /// The length of its body.
    bytes: usize,
}

/// A request, and what the platform answered when.
#[derive(Clone, Debug)]
struct Exchange {
    request: Request,
    /// `None`: the courier broke down before it had an answer.
    answer: Option<(Verdict, Duration)>,
}

type Decide = dyn Fn(&Request) -> Verdict + Send + Sync;
type Latency = dyn Fn(&Request) -> Duration + Send + Sync;

/// A platform that decides by what it gets, and keeps a journal.
#[derive(Clone)]
struct Platform {
    decide: Arc<Decide>,
    latency: Arc<Latency>,
    began: Instant,
    journal: Arc<Mutex<Vec<Exchange>>>,
    /// The contacts that departed, and how often.
    departed: Arc<Mutex<BTreeMap<u64, usize>>>,
    /// Contacts that may depart before the ledger cannot be written any more.
    room: usize,
    /// How many contacts arrived.
    arrived: Arc<Mutex<usize>>,
    /// Contacts that may arrive before the ledger cannot be written any more.
    memory: usize,
}

impl Platform {
    /// Answers after some 20 ms, never two at one moment.
    fn that(decide: impl Fn(&Request) -> Verdict + Send + Sync + 'static) -> Platform {
        Platform {
            decide: Arc::new(decide),
            latency: Arc::new(|request: &Request| {
                milliseconds(20) + Duration::from_micros(request.nth as u64 % 1_000)
            }),
            began: Instant::now(),
            journal: Arc::default(),
            departed: Arc::default(),
            room: usize::MAX,
            arrived: Arc::default(),
            memory: usize::MAX,
        }
    }

    fn with_room_for(self, room: usize) -> Platform {
        Platform { room, ..self }
    }

    fn with_memory_for(self, memory: usize) -> Platform {
        Platform { memory, ..self }
    }

    fn after(self, latency: impl Fn(&Request) -> Duration + Send + Sync + 'static) -> Platform {
        Platform {
            latency: Arc::new(latency),
            ..self
        }
    }

    fn open(&self, body: &[u8]) -> Request {
        let mut journal = self.journal.lock().unwrap();
        let request = Request {
            nth: journal.len(),
            at: self.began.elapsed(),
            rows: rows_in(body),
            bytes: body.len(),
        };
        let departed = self.departed.lock().unwrap();
        for row in &request.rows {
            let times = departed.get(row).copied();
            assert_eq!(
                times,
                Some(1),
                "contact {row} was sent, and departed so often"
            );
        }
        journal.push(Exchange {
            request: request.clone(),
            answer: None,
        });
        request
    }
}

impl Courier for Platform {
    fn carry(&self, body: Vec<u8>) -> impl Future<Output = Verdict> + Send + 'static {
        let platform = self.clone();
        async move {
            let request = platform.open(&body);
            let verdict = (platform.decide)(&request);
            tokio::time::sleep((platform.latency)(&request)).await;
            let answer = Some((verdict.clone(), platform.began.elapsed()));
            platform.journal.lock().unwrap()[request.nth].answer = answer;
            verdict
        }
    }

    fn depart(&self, batch: &Batch) -> Result<(), Halt> {
        let mut departed = self.departed.lock().unwrap();
        if departed.len() + batch.len() > self.room {
            return Err(disk_full());
        }
        for item in batch.items() {
            *departed.entry(item.record.place.row).or_default() += 1;
        }
        Ok(())
    }

    fn arrive(&self, batch: &Batch) -> Result<(), Halt> {
        let mut arrived = self.arrived.lock().unwrap();
        if *arrived + batch.len() > self.memory {
            return Err(disk_full());
        }
        *arrived += batch.len();
        Ok(())
    }
}

fn accepted() -> Verdict {
    Verdict::Accepted {
        warnings: Vec::new(),
    }
}

fn answer(status: u16, words: &str) -> ServerAnswer {
    ServerAnswer::new(status, words)
}

fn refused(words: &str) -> Verdict {
    Verdict::Refused(answer(400, words))
}

fn too_large() -> Verdict {
    Verdict::TooLarge(answer(413, "413 Content Too Large"))
}

fn stranger(status: u16) -> Verdict {
    Verdict::WrongAddress(web_page(status))
}

fn denied() -> Verdict {
    Verdict::Denied(answer(401, "invalid token"))
}

fn disk_full() -> Halt {
    Halt::unwritable(std::io::Error::other("the disk is full"))
}

fn web_page(status: u16) -> Stranger {
    Stranger {
        line: StatusLine { status, phrase: "" },
        sent: Some(StrangeAnswer::WebPage),
    }
}

fn status(status: u16, phrase: &'static str) -> DeliveryFault {
    DeliveryFault::Status(StatusLine { status, phrase }, None)
}

fn trouble(fault: DeliveryFault, retry_after: Option<Duration>) -> Trouble {
    Trouble { fault, retry_after }
}

fn unresolved() -> DeliveryFault {
    DeliveryFault::Unresolved("api.example".to_owned())
}

fn busy() -> Verdict {
    Verdict::Busy(trouble(status(503, "Service Unavailable"), None))
}

fn busy_for(asked: Duration) -> Verdict {
    Verdict::Busy(trouble(status(429, "Too Many Requests"), Some(asked)))
}

fn unclear() -> Verdict {
    Verdict::Unclear(trouble(status(500, "Internal Server Error"), None))
}

/// `count` batches of `size` contacts, numbered from 1.
fn batches(count: u64, size: u64) -> Vec<Batch> {
    let first = |nth: u64| nth * size + 1;
    (0..count)
        .map(|nth| batch(first(nth)..first(nth + 1), 40))
        .collect()
}

fn senders(count: usize) -> DeliveryOptions {
    DeliveryOptions {
        pace: Pace::fixed(NonZeroUsize::new(count).unwrap()),
        retry_for: 5 * MINUTE,
        hold: 1_600,
        order: PhoneOrder::Any,
        seed: 7,
    }
}

/// What a contact came to, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fate {
    outcome: Outcome,
    code: Option<Code>,
    words: String,
}

/// A run that is over.
struct Run {
    fates: BTreeMap<u64, Fate>,
    events: Vec<Event>,
    journal: Vec<Exchange>,
    halt: Option<Halt>,
    took: Duration,
}

impl Run {
    /// The contacts that came to this, in order.
    fn rows(&self, outcome: Outcome) -> Vec<u64> {
        let came_to = |(row, fate): (&u64, &Fate)| (fate.outcome == outcome).then_some(*row);
        self.fates.iter().filter_map(came_to).collect()
    }

    fn requests(&self) -> usize {
        self.journal.len()
    }

    fn count(&self, matches: impl Fn(&Event) -> bool) -> usize {
        self.events.iter().filter(|event| matches(event)).count()
    }

    fn halt_words(&self) -> String {
        let sandbox = Destination::Sandbox {
            base_url: String::new(),
        };
        let words = |halt| words::halt(halt, &sandbox, Auth::Key);
        self.halt.as_ref().and_then(words).unwrap()
    }
}

/// Delivers the batches to the platform, and proves that every contact has exactly one outcome.
async fn deliver(platform: Platform, options: DeliveryOptions, batches: Vec<Batch>) -> Run {
    deliver_until(platform, options, batches, Stop::default()).await
}

async fn deliver_until(
    platform: Platform,
    options: DeliveryOptions,
    batches: Vec<Batch>,
    stop: Stop,
) -> Run {
    let all: Vec<u64> = batches
        .iter()
        .flat_map(|batch| rows_in(&batch.encode()))
        .collect();
    let (began, journal) = (platform.began, Arc::clone(&platform.journal));
    let (events, seen) = mpsc::sync_channel(100_000);
    let (batches_in, intake) = tokio::sync::mpsc::channel(2);
    tokio::spawn(async move {
        for batch in batches {
            batches_in.send(batch).await.unwrap();
        }
    });
    let work = crate::deliver::deliver(platform, options, intake, events, stop.clone());
    let ended = tokio::time::timeout(FOR_EVER, work).await;
    assert!(ended.is_ok(), "the run hangs");
    let events: Vec<Event> = seen.into_iter().collect();
    let journal = journal.lock().unwrap().clone();
    let run = Run {
        fates: fates(&events),
        events,
        journal,
        halt: stop.halt().cloned(),
        took: began.elapsed(),
    };
    assert_eq!(run.fates.keys().copied().collect::<Vec<_>>(), all);
    assert_eq!(
        run.count(|event| matches!(event, Event::Requested)),
        run.requests(),
        "every request is told"
    );
    run
}

fn fates(events: &[Event]) -> BTreeMap<u64, Fate> {
    let mut fates = BTreeMap::new();
    let mut settle = |row: u64, fate: Fate| {
        let twice = fates.insert(row, fate);
        assert_eq!(twice, None, "row {row} has a second outcome");
    };
    for event in events {
        match event {
            Event::Accepted(items) => items.iter().for_each(|item| {
                let fate = Fate {
                    outcome: Outcome::Accepted,
                    code: None,
                    words: String::new(),
                };
                settle(item.record.place.row, fate);
            }),
            Event::Failed(failure) => {
                let fate = Fate {
                    outcome: failure.outcome,
                    code: Some(failure.reason.code),
                    words: words::reason(failure),
                };
                settle(failure.record.place.row, fate);
            }
            _ => {}
        }
    }
    fates
}

#[tokio::test(start_paused = true)]
async fn what_is_accepted_is_sent_once() {
    let run = deliver(Platform::that(|_| accepted()), senders(4), batches(10, 100)).await;
    assert_eq!(run.rows(Outcome::Accepted).len(), 1_000);
    assert_eq!((run.requests(), run.halt), (10, None));
}

#[tokio::test(start_paused = true)]
async fn no_more_requests_are_in_flight_than_there_are_senders() {
    for count in [1, 3, 4] {
        let run = deliver(
            Platform::that(|_| accepted()),
            senders(count),
            batches(12, 5),
        )
        .await;
        let in_flight = |at: Duration| {
            let flies = |exchange: &&Exchange| {
                let (_, answered) = exchange.answer.clone().unwrap();
                exchange.request.at <= at && at < answered
            };
            run.journal.iter().filter(flies).count()
        };
        let most = run
            .journal
            .iter()
            .map(|exchange| in_flight(exchange.request.at))
            .max();
        assert_eq!(most, Some(count));
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_taken_is_written_down_before_the_next_request_starts() {
    let written = Arc::new(Mutex::new(Vec::new()));
    let mut platform = Platform::that(|_| accepted());
    let (arrived, seen) = (Arc::clone(&platform.arrived), Arc::clone(&written));
    platform.decide = Arc::new(move |_| {
        seen.lock().unwrap().push(*arrived.lock().unwrap());
        accepted()
    });
    deliver(platform, senders(1), batches(4, 5)).await;
    assert_eq!(*written.lock().unwrap(), [0, 5, 10, 15]);
}

#[tokio::test(start_paused = true)]
async fn an_import_of_nothing_sends_nothing() {
    let run = deliver(Platform::that(|_| accepted()), senders(4), Vec::new()).await;
    assert_eq!(
        (run.requests(), run.took, run.halt),
        (0, Duration::ZERO, None)
    );
}

#[tokio::test(start_paused = true)]
async fn the_same_answers_at_the_same_moments_make_the_same_run() {
    let busy_at_first = || {
        let platform = Platform::that(|request| {
            if request.nth % 3 == 0 {
                busy_for(Duration::ZERO)
            } else {
                accepted()
            }
        });
        platform.after(|_| milliseconds(20))
    };
    let mut runs = Vec::new();
    for _ in 0..20 {
        let run = deliver(busy_at_first(), senders(4), batches(40, 1)).await;
        let rows = run
            .journal
            .into_iter()
            .map(|exchange| exchange.request.rows);
        runs.push(rows.collect::<Vec<_>>());
    }
    runs.dedup();
    assert_eq!(runs.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_the_platform_warns_of_is_passed_on() {
    let remarking = Platform::that(|request| Verdict::Accepted {
        warnings: vec![ServerWords::new(format!("batch {} noted", request.nth))],
    });
    let run = deliver(remarking, senders(1), batches(2, 3)).await;
    let noted = |words: &'static str| move |event: &Event| matches!(event, Event::ServerWarned(said) if said.as_str() == words);
    assert_eq!(run.count(noted("batch 0 noted")), 1);
    assert_eq!(run.count(noted("batch 1 noted")), 1);
}

#[tokio::test(start_paused = true)]
async fn a_courier_that_breaks_down_loses_nothing() {
    let clumsy = Platform::that(|request| match request.nth {
        1 | 2 => panic!("a bug in the courier"),
        _ => accepted(),
    });
    let run = deliver(clumsy, senders(2), batches(6, 10)).await;
    assert_eq!(run.rows(Outcome::Accepted).len(), 60);
    assert_eq!(run.count(|event| matches!(event, Event::Retried)), 2);
}

#[tokio::test(start_paused = true)]
async fn what_a_broken_courier_had_in_hand_may_have_arrived() {
    let broken = Platform::that(|request| {
        assert!(!request.rows.contains(&5), "a bug in the courier");
        accepted()
    });
    let run = deliver(broken, senders(2), batches(4, 3)).await;
    assert_eq!(run.rows(Outcome::Unknown), [5]);
    assert_eq!(run.rows(Outcome::Accepted).len(), 11);
}

#[tokio::test(start_paused = true)]
async fn no_more_is_taken_in_than_may_be_held() {
    let options = DeliveryOptions {
        hold: 40,
        ..senders(2)
    };
    let taken = Arc::new(Mutex::new(0));
    let platform = Platform::that(|_| busy());
    let (events, _seen) = mpsc::sync_channel(10_000);
    let (batches_in, intake) = tokio::sync::mpsc::channel(1);
    let stop = Stop::default();
    let counted = Arc::clone(&taken);
    tokio::spawn(async move {
        for batch in batches(100, 10) {
            batches_in.send(batch).await.unwrap();
            *counted.lock().unwrap() += 1;
        }
    });
    let dispatcher = tokio::spawn(crate::deliver::deliver(
        platform, options, intake, events, stop,
    ));
    tokio::time::sleep(MINUTE).await;
    // Four batches are held, and one lies in the channel.
    assert_eq!(*taken.lock().unwrap(), 5);
    dispatcher.abort();
}
