//! A loopback API that behaves as the vendor's documents say, to try imports on, with faults on demand.
//!
//! Owns the life of that server: its port, its thread, its counts. Uses nothing else of this crate: a fake that shares
//! our types agrees with our bugs. It prints nothing.

mod answer;
mod faults;
mod inbox;
mod line;
mod quantity;
mod sender;
mod server;
mod shape;
mod store;

#[cfg(test)]
mod tests;

use std::{
    io::{self, Write},
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    thread::{self, JoinHandle},
};

use tokio::{
    net::TcpListener,
    runtime::{Builder, Runtime},
    sync::watch,
};

pub(crate) use self::faults::{FAULTS_HELP, Faults};
use self::server::Sandbox;
pub(crate) use self::store::open_store;

/// What a sandbox is started with; the default takes any free port and any token, and plays no faults.
#[derive(Default)]
pub(crate) struct Options {
    /// The port on 127.0.0.1; 0 is any free one.
    pub(crate) port: u16,
    /// The faults it plays.
    pub(crate) faults: Faults,
    /// The only token it takes; `None` takes any that is not empty.
    pub(crate) token: Option<String>,
    /// Where each contact that it stores is written, one line of JSON each: the `userDetails` object as it was received
    /// (line breaks between its parts become blanks). Flushed before the request is answered.
    pub(crate) store: Option<Box<dyn Write + Send>>,
}

/// Why a sandbox could not be started.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SandboxError {
    /// The port is taken, or may not be opened.
    #[error(
        "port {port} of this machine cannot be opened: {source}; choose another port, or 0 for any free one"
    )]
    Port {
        /// The port that was asked for.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The system gave it no thread, or no timers and sockets to run on.
    #[error("the sandbox cannot run on this machine: {0}")]
    System(#[from] io::Error),
}

/// What a sandbox has met so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Report {
    /// Posts to the import address, whatever came of them.
    pub(crate) requests: u64,
    /// Requests to any other address, or by another method.
    pub(crate) strays: u64,
    /// Posts whose contacts were stored, answered or not.
    pub(crate) stored: u64,
    /// Posts that a fault of luck, or `denied`, kept from their usual answer (those that were only slow are not among
    /// them).
    pub(crate) spoiled: u64,
    /// Posts that were read and not stored: wrong token, shape or size, a number that `reject` or `poison` names, or a
    /// store that cannot be written.
    pub(crate) refused: u64,
    /// Contacts that were new.
    pub(crate) created: u64,
    /// Contacts that were there already: the same prefix and number.
    pub(crate) updated: u64,
    /// Why the store could not be written; the posts it happened to were answered with 500 and count for nothing.
    pub(crate) store_error: Option<String>,
}

/// A sandbox at work; dropping it stops it.
pub(crate) struct Running {
    address: SocketAddr,
    sandbox: Arc<Sandbox>,
    /// Its end is the sign to stop.
    open: Option<watch::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// A port that is open, and not served yet: connections to it wait.
pub(crate) struct Bound {
    runtime: Runtime,
    listener: TcpListener,
    address: SocketAddr,
}

/// Opens the port and serves from a thread of its own until the answer is stopped or dropped.
///
/// # Errors
/// The port cannot be opened, or the system is out of threads or sockets.
pub(crate) fn start(options: Options) -> Result<Running, SandboxError> {
    bind(options.port)?.serve(options)
}

/// Opens a port, before anything else is touched.
///
/// # Errors
/// It cannot be opened, or the system is out of sockets.
pub(crate) fn bind(port: u16) -> Result<Bound, SandboxError> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let (listener, address) =
        listen(&runtime, port).map_err(|source| SandboxError::Port { port, source })?;
    Ok(Bound {
        runtime,
        listener,
        address,
    })
}

impl Bound {
    /// Serves from a thread of its own until the answer is stopped or dropped; the port of the options is not looked at.
    ///
    /// # Errors
    /// The system is out of threads.
    pub(crate) fn serve(self, options: Options) -> Result<Running, SandboxError> {
        let Bound {
            runtime,
            listener,
            address,
        } = self;
        let sandbox = Arc::new(Sandbox::new(options));
        let (open, opened) = watch::channel(());
        let serving = server::serve(listener, Arc::clone(&sandbox), opened);
        let thread = thread::Builder::new()
            .name("sandbox".to_owned())
            .spawn(move || runtime.block_on(serving))?;
        Ok(Running {
            address,
            sandbox,
            open: Some(open),
            thread: Some(thread),
        })
    }
}

fn listen(runtime: &Runtime, port: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    // Not `block_on`: the caller may be inside a runtime of its own.
    let _inside = runtime.enter();
    Ok((TcpListener::from_std(listener)?, address))
}

impl Running {
    /// The base URL to import to, without a slash at its end.
    pub(crate) fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it has met so far.
    pub(crate) fn report(&self) -> Report {
        self.sandbox.report()
    }

    /// Takes no more connections, lets the answers under way finish for up to a second, and tells what it met.
    pub(crate) fn stop(mut self) -> Report {
        self.close();
        self.report()
    }

    fn close(&mut self) {
        drop(self.open.take());
        if let Some(thread) = self.thread.take() {
            // A panic on that thread has been told already, and nothing depends on its end.
            let _ = thread.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.close();
    }
}
