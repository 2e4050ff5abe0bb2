//! Whether bytes that were looked at are all that is left of an input.

/// Where the rest of an input is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// All of it was looked at.
    Buffered,
    /// There may be more.
    Beyond,
}
