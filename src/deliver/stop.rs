//! The one signal that ends a run early, and why. The first reason wins.

use std::sync::{Arc, OnceLock};

use tokio::sync::Notify;

use crate::event::Halt;

/// Shared by everything that can end a run, and everything that must notice.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    halt: OnceLock<Halt>,
    wake: Notify,
}

impl Stop {
    /// Ends the run, unless it is ending already.
    pub(crate) fn set(&self, halt: Halt) {
        if self.shared.halt.set(halt).is_ok() {
            self.shared.wake.notify_waiters();
        }
    }

    /// Why the run is ending; `None` while it is not.
    pub fn halt(&self) -> Option<&Halt> {
        self.shared.halt.get()
    }

    /// Waits until the run is ending.
    pub(crate) async fn wait(&self) {
        let woken = self.shared.wake.notified();
        tokio::pin!(woken);
        // Registered before the check, so that a signal between the two is not missed.
        woken.as_mut().enable();
        if self.halt().is_none() {
            woken.await;
        }
    }
}
