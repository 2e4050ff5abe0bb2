//! What happened, in the words of a user: why a run ended, what keeps it waiting, why a contact did not arrive.
//!
//! The one place where these facts become text. It decides nothing. A server's text is not made safe for a terminal
//! here: that is done where it is printed.

use std::time::Duration;

use super::destination::Destination;
use super::when;
use crate::event::{
    Failure, Halt, InputFault, LockFault, LockHolder, MaxErrors, OutputFault, TooManyErrors,
    Unreachable,
};
use crate::hint::{AUTH, BASE_URL, MAX_ERRORS, ON_DUPLICATE, RETRY_FOR, TIMEOUT, WAIT};
use crate::secret::Auth;
use crate::units::{duration, grouped, size};
use crate::verdict::{
    CertificateFault, ConnectionFault, CutBody, DeliveryFault, StrangeAnswer, Stranger,
};

/// Why a run ended, and what to do about it; `None` where a user asked for it.
pub(crate) fn halt(halt: &Halt, destination: &Destination, auth: Auth) -> Option<String> {
    let host = destination.host();
    Some(match halt {
        Halt::Input(fault) => input(fault),
        Halt::Unreachable(why) => format!("no way through to {host}: {}", unreachable(why)),
        Halt::Denied(said) => denied(said.as_str(), destination, auth),
        Halt::WrongAddress(who) => format!(
            "{host} does not answer like the BotPenguin API ({}): check {BASE_URL}",
            stranger(who)
        ),
        Halt::AllRefused(said) => format!(
            "{host} refuses every contact: \"{}\"; nothing more was sent",
            said.as_str()
        ),
        Halt::MaxErrors(errors) => too_many(errors),
        Halt::Output(OutputFault::Unwritable(error)) => error.to_string(),
        Halt::Output(OutputFault::SenderLost) => {
            "the sending thread broke down: this is a bug".to_owned()
        }
        Halt::Locked(LockFault::Ledger(error)) => error.to_string(),
        Halt::Locked(LockFault::Run(holder, waited)) => locked(*holder, *waited),
        // A user asked for these: there is nothing to explain.
        Halt::Limit | Halt::Interrupted | Halt::Terminated => return None,
    })
}

/// The server's limit of bytes was learnt.
pub(crate) fn capped(bytes: usize) -> String {
    format!(
        "larger requests fail here: from now on they stay below {}",
        size(bytes)
    )
}

/// The whole reason of a record that did not arrive.
pub(crate) fn reason(failure: &Failure) -> String {
    let full = &failure.reason.full;
    match &failure.fault {
        None => full.clone(),
        Some(why) => format!("{full}: {}", fault(why)),
    }
}

/// What kept a request from a clear answer: `503 Service Unavailable`.
pub(crate) fn fault(fault: &DeliveryFault) -> String {
    match fault {
        DeliveryFault::Status(line, None) => line.to_string(),
        DeliveryFault::Status(line, Some(cut)) => format!("{line}{}", cut_body(*cut)),
        DeliveryFault::NoAnswer(waited) => {
            format!("no answer within {} ({TIMEOUT})", duration(*waited))
        }
        DeliveryFault::Connection(fault) => connection(*fault).to_owned(),
        DeliveryFault::Unresolved(host) => format!("the name {host} does not resolve"),
        DeliveryFault::Untrusted(host, why) => format!(
            "the certificate of {host} is not trusted ({})",
            certificate(*why)
        ),
        DeliveryFault::Stranger(who) => stranger(who),
        DeliveryFault::RequestLost => "the request was lost inside bp-import".to_owned(),
    }
}

/// What answers instead of the API.
pub(crate) fn stranger(stranger: &Stranger) -> String {
    let line = stranger.line;
    let with = match &stranger.sent {
        None => return line.to_string(),
        Some(StrangeAnswer::Redirect(host)) => {
            return format!("{line}, a redirect to {}", host.as_str());
        }
        Some(StrangeAnswer::Blank) => "an empty body",
        Some(StrangeAnswer::WebPage) => "a web page",
        Some(StrangeAnswer::OtherJson) => "JSON that says neither success nor failure",
        Some(StrangeAnswer::NotJson) => "something that is not the API's JSON",
    };
    format!("{line}, but with {with}")
}

fn cut_body(cut: CutBody) -> String {
    match cut {
        CutBody::Endless => " with an endless answer".to_owned(),
        CutBody::Broken => ", and the connection broke in mid-answer".to_owned(),
        CutBody::Late => format!(", and an answer that did not end in time ({TIMEOUT})"),
    }
}

fn connection(fault: ConnectionFault) -> &'static str {
    match fault {
        ConnectionFault::Refused => "connection refused",
        ConnectionFault::Broke => "the connection broke",
        ConnectionFault::TimedOut => "no connection in time",
        ConnectionFault::NoRoute => "the network is not reachable",
        ConnectionFault::Failed => "the connection failed",
        ConnectionFault::NotMade => "no connection",
    }
}

fn certificate(fault: CertificateFault) -> &'static str {
    match fault {
        CertificateFault::Expired => "it has expired",
        CertificateFault::NotYetValid => "it is not valid yet: check this machine's clock",
        CertificateFault::OtherHost => "it was made for another host",
        CertificateFault::UnknownIssuer => "nobody this machine knows has signed it",
        CertificateFault::Revoked => "it was withdrawn",
        CertificateFault::Unsound => "it is not sound",
    }
}

fn input(fault: &InputFault) -> String {
    match fault {
        InputFault::Broken(name, error) => format!("{name}: {error}"),
        InputFault::Changed(name) => format!(
            "{name}: it changed while it was read, and {ON_DUPLICATE} has read it twice: run again once it is whole"
        ),
        InputFault::Unprepared(error) => error.to_string(),
    }
}

fn unreachable(why: &Unreachable) -> String {
    match why {
        Unreachable::AtOnce(why) => fault(why),
        Unreachable::BudgetSpent(why) => {
            format!("{}, for longer than {RETRY_FOR} allows", fault(why))
        }
        Unreachable::AskedTooLong(why, asked) => format!(
            "{}, and asks to wait {}, longer than {RETRY_FOR}",
            fault(why),
            duration(*asked)
        ),
        Unreachable::NoResources => {
            "the system gives no resources for network connections".to_owned()
        }
    }
}

fn denied(said: &str, destination: &Destination, auth: Auth) -> String {
    let host = destination.host();
    let token = match destination {
        Destination::Platform { token_from, .. } => format!("the token from {token_from}"),
        Destination::Sandbox { .. } | Destination::Nowhere { .. } => "the token".to_owned(),
    };
    let other = match auth {
        Auth::Key => format!("one copied from the browser needs {AUTH} session"),
        Auth::Session => format!("an access token made under API Tokens needs {AUTH} key"),
    };
    format!(
        "{host} does not take {token} (it says \"{said}\"): making a new token kills the old one, and {other}"
    )
}

fn too_many(errors: &TooManyErrors) -> String {
    let allowed = match errors.allowed {
        MaxErrors::Count(most) => grouped(most),
        MaxErrors::Share(most) => format!("{}%", most * 100.0),
    };
    format!(
        "{} of {} rows are invalid, refused or unknown: more than {MAX_ERRORS} {allowed} allows",
        grouped(errors.errors),
        grouped(errors.settled)
    )
}

fn locked(holder: Option<LockHolder>, waited: Duration) -> String {
    let held = at_work(holder);
    if waited == Duration::ZERO {
        format!("{held}: wait for its end, or pass {WAIT} 10m")
    } else {
        format!("{held}, and was so for {}", duration(waited))
    }
}

/// Which run it is that holds the lock.
pub(crate) fn at_work(holder: Option<LockHolder>) -> String {
    let who = holder.map_or_else(String::new, |LockHolder { pid, since }| {
        format!(" (pid {pid}, since {})", when::shown(since))
    });
    format!("another run of this import is at work{who}")
}

#[cfg(test)]
mod tests;
