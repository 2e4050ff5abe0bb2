//! Ctrl-C, SIGTERM and a window that is closed: the first ends the run in order, the second at once.

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

#[cfg(windows)]
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

#[cfg(windows)]
struct SystemSignals {
    interrupt: tokio::signal::windows::CtrlC,
    interrupt_hard: tokio::signal::windows::CtrlBreak,
    close: tokio::signal::windows::CtrlClose,
    log_off: tokio::signal::windows::CtrlLogoff,
    shut_down: tokio::signal::windows::CtrlShutdown,
}

#[cfg(windows)]
impl SystemSignals {
    fn new() -> std::io::Result<SystemSignals> {
        use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown};
        Ok(SystemSignals {
            interrupt: ctrl_c()?,
            interrupt_hard: ctrl_break()?,
            close: ctrl_close()?,
            log_off: ctrl_logoff()?,
            shut_down: ctrl_shutdown()?,
        })
    }

    /// Where the window is closed the system ends the process after some five seconds, whatever it is doing
    /// ("HandlerRoutine", learn.microsoft.com). What was not put in order until then is as after a kill.
    async fn next(&mut self) -> Halt {
        tokio::select! {
            _ = self.interrupt.recv() => Halt::Interrupted,
            _ = self.interrupt_hard.recv() => Halt::Interrupted,
            _ = self.close.recv() => Halt::Terminated,
            _ = self.log_off.recv() => Halt::Terminated,
            _ = self.shut_down.recv() => Halt::Terminated,
        }
    }
}
