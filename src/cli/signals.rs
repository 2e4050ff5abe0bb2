//! Ctrl-C and SIGTERM: the first ends the run in order, the second at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::asking::give_back_terminal;
use crate::deliver::stop::Stop;
use crate::event::Halt;
use crate::run::Exit;

/// What listens for signals.
#[derive(Clone, Debug, Default)]
pub(super) struct Signals {
    /// Set by the first signal.
    pub(super) stop: Stop,
    /// Whether there is anything to put in order yet.
    has_begun: Arc<AtomicBool>,
}

impl Signals {
    /// From here on a signal ends the run in order.
    pub(super) fn begin(&self) {
        self.has_begun.store(true, Ordering::SeqCst);
    }
}

/// Listens for the rest of the process. Where the system gives no handler, signals do what they do anyway.
pub(super) fn listen() -> Signals {
    let listened = Signals::default();
    let Signals { stop, has_begun } = listened.clone();
    thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
        else {
            return;
        };
        runtime.block_on(async {
            let Ok(mut signals) = SystemSignals::new() else {
                return;
            };
            let _kept = full_files_are_errors();
            let first = signals.next().await;
            if !has_begun.load(Ordering::SeqCst) {
                leave(&first);
            }
            stop.set(first.clone());
            signals.next().await;
            // The first fault in time decides the code.
            leave(&first);
        });
    });
    listened
}

/// As safe as `kill -9`: nothing is put in order.
fn leave(halt: &Halt) {
    give_back_terminal();
    let code = Exit::of(halt).map_or(1, Exit::code);
    std::process::exit(i32::from(code));
}

/// A file that outgrows what the system allows (`ulimit -f`) is an error of that write, and not the end of the process.
#[cfg(unix)]
fn full_files_are_errors() -> std::io::Result<tokio::signal::unix::Signal> {
    use tokio::signal::unix::{SignalKind, signal};
    /// SIGXFSZ has this number on Linux, the BSDs and macOS.
    const FILE_SIZE_EXCEEDED: i32 = 25;
    signal(SignalKind::from_raw(FILE_SIZE_EXCEEDED))
}

#[cfg(not(unix))]
fn full_files_are_errors() {}

#[cfg(unix)]
struct SystemSignals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl SystemSignals {
    fn new() -> std::io::Result<SystemSignals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(SystemSignals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) -> Halt {
        tokio::select! {
            _ = self.interrupt.recv() => Halt::Interrupted,
            _ = self.terminate.recv() => Halt::Terminated,
        }
    }
}

#[cfg(not(unix))]
struct SystemSignals;

#[cfg(not(unix))]
impl SystemSignals {
    fn new() -> std::io::Result<SystemSignals> {
        Ok(SystemSignals)
    }

    async fn next(&mut self) -> Halt {
        let _ = tokio::signal::ctrl_c().await;
        Halt::Interrupted
    }
}
