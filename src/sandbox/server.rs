//! What happens to a request, from its head to its answer.
//!
//! Owns the order of things: fault, body, sender, shape, store, answer. The parts know nothing of each other.

use std::{
    future::{self, IntoFuture},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, HttpBody},
    extract::{ConnectInfo, Request, State},
    http::{StatusCode, request::Parts},
    response::Response,
    routing::post,
};
use tokio::{net::TcpListener, sync::watch, time};

use super::{
    Options, Report,
    answer::{self, Refusal, Yes},
    faults::{Ending, Fate, Faults, Luck},
    inbox::Inbox,
    line::{Cutter, Lines},
    sender,
    shape::{self, Contact},
};

/// How long answers under way may take once the sandbox is told to stop.
const GRACE: Duration = Duration::from_secs(1);

/// How much of a body is taken off the line at most, in bytes. What is over the limit is read and dropped, as the
/// vendor's framework does: a client that is still sending would not see the answer otherwise.
const READ_AT_MOST: usize = 16_000_000;

/// What all requests share.
pub(super) struct Sandbox {
    faults: Faults,
    token: Option<String>,
    day: Mutex<Day>,
}

/// What changes from request to request.
struct Day {
    luck: Luck,
    inbox: Inbox,
}

/// Serves until `open` ends, and a moment longer for answers under way.
pub(super) async fn serve(listener: TcpListener, sandbox: Arc<Sandbox>, open: watch::Receiver<()>) {
    let routes = Router::new()
        .route("/inbox/users/import", post(import).fallback(wrong_method))
        .fallback(wrong_address)
        .with_state(sandbox)
        .into_make_service_with_connect_info::<Cutter>();
    let serving = axum::serve(Lines(listener), routes)
        .with_graceful_shutdown(ended(open.clone()))
        .into_future();
    let too_late = async {
        ended(open).await;
        time::sleep(GRACE).await;
    };
    tokio::select! {
        // It ends only when it was told to, and never with an error.
        _ = serving => {}
        () = too_late => {}
    }
}

async fn ended(mut open: watch::Receiver<()>) {
    while open.changed().await.is_ok() {}
}

async fn wrong_method(State(sandbox): State<Arc<Sandbox>>) -> Response {
    sandbox.day().inbox.report.strays += 1;
    answer::wrong_method()
}

async fn wrong_address(State(sandbox): State<Arc<Sandbox>>) -> Response {
    sandbox.day().inbox.report.strays += 1;
    answer::wrong_address()
}

async fn import(
    State(sandbox): State<Arc<Sandbox>>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    request: Request,
) -> Response {
    let fate = sandbox.receive();
    if fate.ending == Ending::Reset {
        cutter.reset();
        // Any answer does: the line is cut when its first byte is written.
        return answer::garbage();
    }
    let (head, body) = request.into_parts();
    let upload = read(body, sandbox.faults.body_limit()).await;
    let response = sandbox.answer(&fate.ending, &head, &upload);
    if !fate.delay.is_zero() {
        time::sleep(fate.delay).await;
    }
    match fate.ending {
        Ending::Lost => cutter.reset(),
        Ending::Half => cutter.withhold(half_of_the_body(&response)),
        _ => {}
    }
    response
}

fn half_of_the_body(response: &Response) -> usize {
    let length = response.body().size_hint().exact().unwrap_or_default();
    usize::try_from(length.div_ceil(2)).unwrap_or(usize::MAX)
}

/// How a body arrived.
enum Upload {
    Whole(Vec<u8>),
    TooLarge,
    /// The client went away within it.
    Broken,
}

async fn read(mut body: Body, limit: usize) -> Upload {
    let mut bytes = Vec::new();
    let mut length = 0_usize;
    while let Some(frame) = future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await
    {
        let Ok(frame) = frame else {
            return Upload::Broken;
        };
        let Ok(part) = frame.into_data() else {
            continue;
        };
        length = length.saturating_add(part.len());
        if length <= limit {
            bytes.extend_from_slice(&part);
        } else if length > READ_AT_MOST.max(limit) {
            break;
        }
    }
    if length <= limit {
        Upload::Whole(bytes)
    } else {
        Upload::TooLarge
    }
}

impl Sandbox {
    /// A sandbox that has received nothing.
    pub(super) fn new(options: Options) -> Sandbox {
        let day = Day {
            luck: Luck::new(&options.faults),
            inbox: Inbox::new(options.store),
        };
        Sandbox {
            faults: options.faults,
            token: options.token,
            day: Mutex::new(day),
        }
    }

    /// What it has received so far.
    pub(super) fn report(&self) -> Report {
        self.day().inbox.report.clone()
    }

    fn day(&self) -> MutexGuard<'_, Day> {
        self.day.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request and draws its fate.
    fn receive(&self) -> Fate {
        let mut day = self.day();
        let fate = day.luck.draw();
        day.inbox.report.requests += 1;
        if fate.ending != Ending::Usual {
            day.inbox.report.spoiled += 1;
        }
        fate
    }

    fn answer(&self, ending: &Ending, head: &Parts, upload: &Upload) -> Response {
        match ending {
            Ending::Status {
                status,
                retry_after,
            } => answer::fault(*status, *retry_after),
            Ending::Garbage => answer::garbage(),
            Ending::Denied => answer::no(&Refusal::because(
                StatusCode::UNAUTHORIZED,
                "this token is no longer valid",
            )),
            Ending::Usual | Ending::Lost | Ending::Half | Ending::Reset => {
                match self.take(head, upload) {
                    Ok(envelope) => answer::yes(envelope),
                    Err(refusal) => {
                        self.day().inbox.report.refused += 1;
                        answer::no(&refusal)
                    }
                }
            }
        }
    }

    /// The documented course. The size comes first, because the framework looks at it before the API does.
    fn take(&self, head: &Parts, upload: &Upload) -> Result<Yes, Refusal> {
        let body = match upload {
            Upload::Whole(body) => body,
            Upload::TooLarge => {
                return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, Vec::new()));
            }
            Upload::Broken => {
                return Err(Refusal::because(
                    StatusCode::BAD_REQUEST,
                    "the body broke off",
                ));
            }
        };
        sender::check(head, self.token.as_deref())?;
        let contacts = shape::contacts(body)?;
        self.judge(&contacts)?;
        self.day().inbox.take(&contacts).map_err(|_| {
            Refusal::because(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the store cannot be written",
            )
        })
    }

    /// The faults that lie in the contacts. What is refused is refused before it can do harm.
    fn judge(&self, contacts: &[Contact<'_>]) -> Result<(), Refusal> {
        let holds = |bad: &dyn Fn(&str) -> bool| {
            contacts
                .iter()
                .any(|contact| bad(&contact.number.to_string()))
        };
        if holds(&|number| self.faults.rejects(number)) {
            return Err(Refusal::because(
                StatusCode::BAD_REQUEST,
                "phone is blacklisted",
            ));
        }
        if holds(&|number| self.faults.is_poisoned_by(number)) {
            return Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, Vec::new()));
        }
        Ok(())
    }
}
