//! What travels from the reader through a worker to the selector.

use crate::event::Halt;
use crate::record::InputId;

/// What travels from the reader to the selector.
pub(crate) enum Chunk<R> {
    /// Records in order; `first` is the number of the first among all records, from 0.
    Records { first: u64, records: R },
    /// An input broke off here.
    Broken(InputId, Halt),
    /// All inputs were read as far as they go.
    End,
}
