//! Where the contacts of a run go, as the reports name it. What is sent there is not decided here.

/// Where contacts go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// The platform.
    Platform {
        /// The API's base URL.
        base_url: String,
        /// Its host.
        host: String,
        /// Where the token came from.
        token_from: String,
    },
    /// The API inside this process.
    Sandbox {
        /// Its base URL.
        base_url: String,
    },
    /// Nowhere: a dry run.
    Nowhere {
        /// The base URL that would be used.
        base_url: String,
    },
}

impl Destination {
    /// The base URL, for scripts.
    pub(crate) fn base_url(&self) -> &str {
        match self {
            Destination::Platform { base_url, .. }
            | Destination::Sandbox { base_url }
            | Destination::Nowhere { base_url } => base_url,
        }
    }

    /// What messages call the other side.
    pub(super) fn host(&self) -> &str {
        match self {
            Destination::Platform { host, .. } => host,
            Destination::Sandbox { .. } => "the sandbox",
            Destination::Nowhere { .. } => "nobody",
        }
    }
}
