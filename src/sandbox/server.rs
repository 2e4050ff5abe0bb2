//! What happens to a request, from its head to its answer.
//!
//! Owns the order of the steps: fault, body, sender, shape, store, answer. The steps do not know each other.

use std::future::{self, IntoFuture};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::post;
use tokio::{net::TcpListener, sync::watch, time};

use super::answer::{self, Refusal, Yes};
use super::faults::{AnswerKind, Fate, Faults, Luck};
use super::inbox::Inbox;
use super::line::{Cutter, Lines};
use super::options::SandboxOptions;
use super::report::SandboxReport;
use super::sender;
use super::shape::{self, Contact};

/// How long requests in flight may take once the sandbox is stopped.
const GRACE: Duration = Duration::from_secs(1);

/// The most bytes of a body that are read. What is over the body limit is read and dropped, as the vendor's framework
/// does: a client that is still sending would not see the answer otherwise.
const READ_AT_MOST: usize = 16_000_000;

/// What all requests share.
pub(super) struct Sandbox {
    faults: Faults,
    token: Option<String>,
    state: Mutex<SandboxState>,
}

/// What changes from request to request.
struct SandboxState {
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
        // axum's server ends only after the shutdown signal, and never with an error.
        _ = serving => {}
        () = too_late => {}
    }
}

async fn ended(mut open: watch::Receiver<()>) {
    // Nothing is ever sent: this ends with an error once `Running` has dropped the sender.
    while open.changed().await.is_ok() {}
}

async fn wrong_method(State(sandbox): State<Arc<Sandbox>>) -> Response {
    sandbox.state().inbox.report.strays += 1;
    answer::wrong_method()
}

async fn wrong_address(State(sandbox): State<Arc<Sandbox>>) -> Response {
    sandbox.state().inbox.report.strays += 1;
    answer::wrong_address()
}

async fn import(
    State(sandbox): State<Arc<Sandbox>>,
    ConnectInfo(cutter): ConnectInfo<Cutter>,
    request: Request,
) -> Response {
    let fate = sandbox.receive();
    if fate.ending == AnswerKind::Reset {
        cutter.reset();
        // The answer does not matter: the connection is cut before its first byte is written.
        return answer::garbage();
    }
    let (head, body) = request.into_parts();
    let upload = read(body, sandbox.faults.body_limit()).await;
    // Answered, and stored, before the delay: a client that gives up waiting leaves its contacts stored.
    let response = sandbox.answer(&fate.ending, &head, &upload);
    if !fate.delay.is_zero() {
        time::sleep(fate.delay).await;
    }
    match fate.ending {
        AnswerKind::Lost => cutter.reset(),
        AnswerKind::Half => cutter.withhold(half_of_the_body(&response)),
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
        // Read and dropped up to here, so that a client which is still sending sees the 413.
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
    pub(super) fn new(options: SandboxOptions) -> Sandbox {
        let state = SandboxState {
            luck: Luck::new(&options.faults),
            inbox: Inbox::new(options.store),
        };
        Sandbox {
            faults: options.faults,
            token: options.token,
            state: Mutex::new(state),
        }
    }

    /// What it has received so far.
    pub(super) fn report(&self) -> SandboxReport {
        self.state().inbox.report.clone()
    }

    fn state(&self) -> MutexGuard<'_, SandboxState> {
        // A panic in another request is no reason to stop answering: each count in it is usable for itself.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request and draws its fate.
    fn receive(&self) -> Fate {
        let mut state = self.state();
        let fate = state.luck.draw();
        state.inbox.report.requests += 1;
        if fate.ending != AnswerKind::Usual {
            state.inbox.report.spoiled += 1;
        }
        fate
    }

    fn answer(&self, ending: &AnswerKind, head: &Parts, upload: &Upload) -> Response {
        match ending {
            AnswerKind::Status {
                status,
                retry_after,
            } => answer::fault(*status, *retry_after),
            AnswerKind::Garbage => answer::garbage(),
            AnswerKind::Denied => answer::no(&Refusal::because(
                StatusCode::UNAUTHORIZED,
                "this token is no longer valid",
            )),
            AnswerKind::Usual | AnswerKind::Lost | AnswerKind::Half | AnswerKind::Reset => {
                match self.take(head, upload) {
                    Ok(envelope) => answer::yes(envelope),
                    Err(refusal) => {
                        self.state().inbox.report.refused += 1;
                        answer::no(&refusal)
                    }
                }
            }
        }
    }

    /// Handles a request as documented. The size is checked first, as the framework does before the API sees the body.
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
        self.state().inbox.take(&contacts).map_err(|_| {
            Refusal::because(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the store cannot be written",
            )
        })
    }

    /// The faults of certain contacts. `reject` is checked before `poison`: a refused batch is not processed.
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
