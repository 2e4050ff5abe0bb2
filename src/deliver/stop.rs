//! The one signal that ends a run early, and why: whoever is first decides.

use std::sync::{Arc, OnceLock};

use tokio::sync::Notify;

use crate::event::Halt;

/// Shared by all that can end a run, and all that must notice.
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
        // Registered before the look, so that a signal between the two is not missed.
        woken.as_mut().enable();
        if self.halt().is_none() {
            woken.await;
        }
    }
}
