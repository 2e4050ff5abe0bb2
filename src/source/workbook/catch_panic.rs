//! A fence around a parser of other people: a panic in it is an error, and says nothing on the terminal.
//!
//! Owns the panic hook. Nothing else in the program may rely on catching panics.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static FENCED: Cell<bool> = const { Cell::new(false) };
}

/// What a panic within the fence leaves behind.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Panicked;

/// Runs what may panic; afterwards nothing that it touched is used again.
pub(super) fn catch_panic<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    silence();
    FENCED.set(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    FENCED.set(false);
    result.map_err(|_| Panicked)
}

/// Panics outside the fence are told as ever.
fn silence() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let told = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !FENCED.get() {
                told(panic);
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
