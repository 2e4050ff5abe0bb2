//! The way to the API, opened: a client, or none in a dry run, and the sandbox where it is inside the process.

use std::time::Duration;

use super::settings::{DeliverySettings, Recipient, Target};
use crate::api::client::{Client, ClientError, Roots};
use crate::api::credentials::{BaseUrl, Credentials, CredentialsError};
use crate::import::Delivery;
use crate::report::destination::Destination;
use crate::sandbox::{self, Running, SandboxError};
use crate::secret::{Auth, Token, TokenError};

/// The token of a sandbox of ours is no secret.
const SANDBOX_TOKEN: &str = "sandbox-token";

/// Why there is no way to send.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectionError {
    /// The client cannot be made.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The embedded API does not start.
    #[error("the sandbox does not start: {0}")]
    Sandbox(#[from] SandboxError),
    /// Its address is not one: a bug.
    #[error("the sandbox has no address: {0}")]
    Address(#[from] CredentialsError),
    /// Its token is not one: a bug.
    #[error("the sandbox's token: {0}")]
    Token(#[from] TokenError),
}

/// A way to send that is open.
pub(super) struct Connection {
    pub(super) destination: Destination,
    /// `None`: a dry run.
    client: Option<Box<Client>>,
    /// The system has no CA certificates.
    pub(super) has_built_in_roots: bool,
    /// Lives as long as the run.
    pub(super) sandbox: Option<Running>,
}

/// Opens it.
///
/// # Errors
/// When the client cannot be made, or the sandbox does not start.
pub(super) fn connect(
    recipient: &Recipient,
    timeout: Duration,
) -> Result<Connection, ConnectionError> {
    let destination = recipient.target.unconnected();
    match &recipient.target {
        Target::Nowhere { .. } => Ok(Connection {
            destination,
            client: None,
            has_built_in_roots: false,
            sandbox: None,
        }),
        Target::Sandbox => embedded(timeout),
        Target::Platform { credentials, .. } => {
            let (client, roots) = Client::new(credentials, timeout)?;
            Ok(Connection {
                destination,
                client: Some(Box::new(client)),
                has_built_in_roots: roots == Roots::BuiltIn,
                sandbox: None,
            })
        }
    }
}

fn embedded(timeout: Duration) -> Result<Connection, ConnectionError> {
    let running = sandbox::start(sandbox::SandboxOptions {
        token: Some(SANDBOX_TOKEN.to_owned()),
        ..sandbox::SandboxOptions::default()
    })?;
    let base_url = running.base_url();
    let credentials = Credentials {
        base: BaseUrl::parse(&base_url)?,
        token: Token::new(SANDBOX_TOKEN)?,
        auth: Auth::Key,
        bot_id: None,
    };
    let (client, _) = Client::new(&credentials, timeout)?;
    Ok(Connection {
        destination: Destination::Sandbox { base_url },
        client: Some(Box::new(client)),
        has_built_in_roots: false,
        sandbox: Some(running),
    })
}

impl Connection {
    /// How to deliver over it.
    pub(super) fn delivery(&self, settings: &DeliverySettings) -> Delivery {
        match &self.client {
            None => Delivery::Rehearse,
            Some(client) => Delivery::Post {
                client: client.clone(),
                pace: settings.pace,
                retry_for: settings.retry_for,
                seed: fastrand::u64(..),
            },
        }
    }
}
