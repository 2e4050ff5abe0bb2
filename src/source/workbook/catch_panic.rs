//! Turns a panic while a workbook is parsed into an error, without a message on the terminal.
//!
//! A hostile file may hit a bug in a parser that we did not write. That ends one input; other panics are bugs of ours
//! and are reported as usual.
//!
//! Owns the panic hook. Nothing else in the program may rely on catching panics.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static FENCED: Cell<bool> = const { Cell::new(false) };
}

/// The work panicked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Panicked;

/// Runs work that may panic. After a panic, the caller must not use anything that the work has changed.
pub(super) fn catch_panic<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    silence();
    FENCED.set(true);
    // Safe to assert: the work owns what it changes, and its channel is closed after a panic.
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    FENCED.set(false);
    result.map_err(|_| Panicked)
}

/// Replaces the hook once, by one that is silent inside of [`catch_panic`] and the old one elsewhere.
fn silence() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !FENCED.get() {
                previous(panic);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_answer_like_any_other() {
        assert_eq!(catch_panic(|| 7), Ok(7));
        let nothing: Vec<u8> = Vec::new();
        assert_eq!(catch_panic(|| nothing[0]), Err(Panicked));
        assert_eq!(catch_panic(|| 7), Ok(7));
    }
}
