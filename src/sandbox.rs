//! A loopback API that behaves as the vendor's documents say, to try imports on, with faults on demand.
//!
//! Owns the life of that server: its port, its thread, its counts. Uses nothing else of this crate: a fake that shares
//! our types agrees with our bugs. It prints nothing.

mod answer;
mod faults;
mod inbox;
mod line;
mod options;
mod quantity;
mod report;
mod sender;
mod server;
mod shape;
mod store;

#[cfg(test)]
mod tests;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

pub(crate) use self::faults::{FAULTS_HELP, Faults};
pub(crate) use self::options::SandboxOptions;
pub(crate) use self::report::SandboxReport;
use self::server::Sandbox;
pub(crate) use self::store::open_store;

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
        /// The system's error.
        source: io::Error,
    },
    /// The system has no thread, timer or socket for it.
    #[error("the sandbox cannot run on this machine: {0}")]
    System(#[from] io::Error),
}

/// A running sandbox; dropping it stops it.
pub(crate) struct Running {
    address: SocketAddr,
    sandbox: Arc<Sandbox>,
    /// Dropping it stops the server.
    open: Option<watch::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// A port that is open, and not served yet: connections to it wait.
pub(crate) struct Bound {
    runtime: Runtime,
    listener: TcpListener,
    address: SocketAddr,
}

/// Opens the port and serves from a thread of its own until [`Running`] is stopped or dropped.
///
/// # Errors
/// The port cannot be opened, or the system is out of threads or sockets.
pub(crate) fn start(options: SandboxOptions) -> Result<Running, SandboxError> {
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
    /// Serves from a thread of its own until [`Running`] is stopped or dropped. Ignores the port of the options.
    ///
    /// # Errors
    /// The system is out of threads.
    pub(crate) fn serve(self, options: SandboxOptions) -> Result<Running, SandboxError> {
        let (runtime, address) = (self.runtime, self.address);
        let sandbox = Arc::new(Sandbox::new(options));
        let (open, opened) = watch::channel(());
        let serving = server::serve(self.listener, Arc::clone(&sandbox), opened);
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

    /// What it has received so far.
    pub(crate) fn report(&self) -> SandboxReport {
        self.sandbox.report()
    }

    /// Takes no more connections, lets requests in flight finish for up to a second, and returns what it received.
    pub(crate) fn stop(mut self) -> SandboxReport {
        self.close();
        self.report()
    }

    fn close(&mut self) {
        // Called by `stop`, and again by `Drop`: then nothing is left to take.
        drop(self.open.take());
        if let Some(thread) = self.thread.take() {
            // A panic on that thread was printed by its hook, and nothing depends on its result.
            let _ = thread.join();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.close();
    }
}
