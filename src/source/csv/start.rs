//! The first bytes of a table, by which its dialect is found out.
//!
//! A leaf below `dialect` and `dialect::writing`, which judge them.

use crate::source::rest::Rest;

/// The beginning of a table.
#[derive(Clone, Copy)]
pub(crate) struct TableStart<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) rest: Rest,
}
