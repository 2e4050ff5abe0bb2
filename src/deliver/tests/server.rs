//! A server that behaves as servers do under load, as data; it takes time by the runtime's clock.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

use crate::batch::Batch;
use crate::deliver::Courier;
use crate::event::Halt;
use crate::verdict::{ConnectionFault, DeliveryFault, ServerAnswer, Trouble, Verdict};

/// The client's timeout.
const TIMEOUT: Duration = Duration::from_secs(30);
/// What it takes to be sent away.
const BRUSH_OFF: Duration = Duration::from_millis(10);

/// A server.
#[derive(Clone, Copy)]
pub(super) struct Server {
    pub(super) latency: Latency,
    pub(super) load: Load,
    /// What is wrong with it for a while.
    pub(super) fault: Option<Fault>,
}

/// How long an answer takes where there is no load.
#[derive(Clone, Copy)]
pub(super) enum Latency {
    Constant(Duration),
    /// Evenly spread around a mean, by this part of it.
    Jittered(Duration, f64),
    /// Short as a rule, now and then very long.
    Exponential(Duration),
    /// By the bytes of the body.
    PerByte(Duration),
    /// The one before this moment, the other from it on.
    Changing(Duration, Duration, Duration),
}

/// What requests do to each other.
#[derive(Clone, Copy)]
pub(super) enum Load {
    /// Nothing.
    Free,
    /// Requests served at once; the others wait in line.
    Queues(usize),
    /// Requests served at once; the others are answered 429, with this order to wait.
    SendsAway(usize, Option<Duration>),
    /// Up to this many slow nothing down; above it all get slower, by the square.
    Knee(usize),
}

/// What is wrong from one moment to another.
#[derive(Clone, Copy)]
pub(super) struct Fault {
    pub(super) from: Duration,
    pub(super) until: Duration,
    pub(super) kind: Kind,
}

/// What can be wrong.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// Everything is answered 429, with this order to wait.
    TooMany(Option<Duration>),
    /// No connection is made.
    NoConnection,
    /// This part of all answers is 503.
    Sometimes(f64),
    /// Nothing is ever answered.
    Silent,
    /// The token is not taken.
    Denies,
}

impl Fault {
    pub(super) fn hits(&self, at: Duration) -> bool {
        (self.from..self.until).contains(&at)
    }
}

/// What a server saw of a request.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    pub(super) at: Duration,
    pub(super) bytes: usize,
    /// Requests in flight, this one among them.
    pub(super) in_flight: usize,
    pub(super) sent_away: bool,
}

/// A server at work.
#[derive(Clone)]
pub(super) struct Simulated {
    server: Server,
    began: Instant,
    state: Arc<Mutex<State>>,
    places: Arc<Semaphore>,
}

struct State {
    active: usize,
    seen: Vec<Seen>,
    chance: fastrand::Rng,
}

impl Simulated {
    pub(super) fn new(server: Server) -> Simulated {
        let places = match server.load {
            Load::Queues(places) => places,
            _ => Semaphore::MAX_PERMITS,
        };
        Simulated {
            server,
            began: Instant::now(),
            state: Arc::new(Mutex::new(State {
                active: 0,
                seen: Vec::new(),
                chance: fastrand::Rng::with_seed(11),
            })),
            places: Arc::new(Semaphore::new(places)),
        }
    }

    /// All requests so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.state().seen.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    async fn answer(self, bytes: usize) -> Verdict {
        let at = self.began.elapsed();
        let in_flight = {
            let mut state = self.state();
            state.active += 1;
            state.active
        };
        let trouble = self.trouble(at, in_flight);
        self.state().seen.push(Seen {
            at,
            bytes,
            in_flight,
            sent_away: matches!(trouble, Some(Verdict::Busy(_))),
        });
        let verdict = match trouble {
            Some(verdict) => self.fail(verdict).await,
            None => self.serve(at, in_flight, bytes).await,
        };
        self.state().active -= 1;
        verdict
    }

    async fn fail(&self, verdict: Verdict) -> Verdict {
        let unanswered = matches!(verdict, Verdict::Unclear(_));
        sleep(if unanswered { TIMEOUT } else { BRUSH_OFF }).await;
        verdict
    }

    async fn serve(&self, at: Duration, in_flight: usize, bytes: usize) -> Verdict {
        let _place = self.places.acquire().await.unwrap();
        let takes = self.takes(at, in_flight, bytes);
        sleep(takes.min(TIMEOUT)).await;
        if takes > TIMEOUT {
            return unanswered();
        }
        Verdict::Accepted {
            warnings: Vec::new(),
        }
    }

    fn trouble(&self, at: Duration, in_flight: usize) -> Option<Verdict> {
        if let Load::SendsAway(places, wait) = self.server.load
            && in_flight > places
        {
            return Some(busy(wait));
        }
        let fault = self.server.fault.filter(|fault| fault.hits(at))?;
        match fault.kind {
            Kind::TooMany(wait) => Some(busy(wait)),
            Kind::NoConnection => Some(busy(None)),
            Kind::Sometimes(part) => {
                let thrown = self.state().chance.f64();
                (thrown < part).then(|| busy(None))
            }
            Kind::Silent => Some(unanswered()),
            Kind::Denies => Some(Verdict::Denied(ServerAnswer::new(401, "invalid token"))),
        }
    }

    fn takes(&self, at: Duration, in_flight: usize, bytes: usize) -> Duration {
        let chance = self.state().chance.f64();
        let alone = match self.server.latency {
            Latency::Constant(latency) => latency,
            Latency::Jittered(mean, part) => mean.mul_f64(1.0 + part * (2.0 * chance - 1.0)),
            Latency::Exponential(mean) => mean.mul_f64(-(1.0 - chance).ln()),
            Latency::PerByte(latency) => latency * u32::try_from(bytes).unwrap(),
            Latency::Changing(before, when, _) if at < when => before,
            Latency::Changing(_, _, after) => after,
        };
        match self.server.load {
            Load::Knee(free) if in_flight > free => {
                alone.mul_f64((in_flight as f64 / free as f64).powi(2))
            }
            _ => alone,
        }
    }
}

fn busy(retry_after: Option<Duration>) -> Verdict {
    Verdict::Busy(Trouble {
        fault: DeliveryFault::Connection(ConnectionFault::Refused),
        retry_after,
    })
}

fn unanswered() -> Verdict {
    Verdict::Unclear(Trouble {
        fault: DeliveryFault::NoAnswer(Duration::from_secs(30)),
        retry_after: None,
    })
}

impl Courier for Simulated {
    fn carry(&self, body: Vec<u8>) -> impl Future<Output = Verdict> + Send + 'static {
        self.clone().answer(body.len())
    }

    fn depart(&self, _: &Batch) -> Result<(), Halt> {
        Ok(())
    }

    fn arrive(&self, _: &Batch) -> Result<(), Halt> {
        Ok(())
    }
}
