//! What the delivery needs of the world outside: somebody who sends a body, and who records what was sent.

use std::future::Future;

use crate::batch::Batch;
use crate::event::Halt;
use crate::verdict::Verdict;

/// Carries one body to the platform and returns what became of it.
pub trait Courier: Send + Sync + 'static {
    /// Sends `body`, a JSON array of profiles, in one request.
    fn carry(&self, body: Vec<u8>) -> impl Future<Output = Verdict> + Send + 'static;

    /// Called once for each contact, before it is first sent: from then on it may have arrived.
    ///
    /// # Errors
    /// Why nothing may be sent any more: the run ends, and these contacts are unsent.
    fn depart(&self, batch: &Batch) -> Result<(), Halt>;

    /// Called for contacts that the platform accepted, before they are counted and before the next request starts.
    ///
    /// # Errors
    /// Why it cannot be recorded: the run ends, and the outcome of these contacts is unknown.
    fn arrive(&self, batch: &Batch) -> Result<(), Halt>;
}
