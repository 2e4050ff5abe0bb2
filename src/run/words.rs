//! Faults in a user's words: what happened, and what to do about it.

use crate::api::credentials::Auth;
use crate::event::Halt;
use crate::report::account::Destination;

/// The halt with all that a user needs in order to go on.
pub(super) fn explained(halt: Halt, destination: &Destination, auth: Auth) -> Halt {
    let host = match destination {
        Destination::Platform { host, .. } => host.as_str(),
        Destination::Sandbox { .. } => "the sandbox",
        Destination::Nowhere { .. } => "nobody",
    };
    match halt {
        Halt::Denied(said) => Halt::Denied(denied(&said, host, destination, auth)),
        Halt::WrongAddress(said) => Halt::WrongAddress(format!(
            "{host} does not answer like the BotPenguin API ({said}): check --base-url"
        )),
        Halt::Unreachable(said) => Halt::Unreachable(format!("no way through to {host}: {said}")),
        Halt::AllRefused(said) => Halt::AllRefused(format!(
            "{host} refuses every contact: \"{said}\"; nothing more was sent"
        )),
        Halt::Input(_)
        | Halt::MaxErrors(_)
        | Halt::Limit
        | Halt::Interrupted
        | Halt::Terminated
        | Halt::Output(_)
        | Halt::Locked(_) => halt,
    }
}

fn denied(said: &str, host: &str, destination: &Destination, auth: Auth) -> String {
    let token = match destination {
        Destination::Platform { token_from, .. } => format!("the token from {token_from}"),
        Destination::Sandbox { .. } | Destination::Nowhere { .. } => "the token".to_owned(),
    };
    let other = match auth {
        Auth::Key => "one copied from the browser needs --auth session",
        Auth::Session => "an access token made under API Tokens needs --auth key",
    };
    format!(
        "{host} does not take {token} (it says \"{said}\"): making a new token kills the old one, and {other}"
    )
}
