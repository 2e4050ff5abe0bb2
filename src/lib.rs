//! bp-import: imports WhatsApp contacts into BotPenguin and accounts for every row.

#![cfg_attr(
    not(test),
    warn(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

pub mod api;
pub mod batch;
pub mod contact;
pub mod deliver;
pub mod entries;
pub mod event;
pub mod import;
pub mod mapping;
pub mod outcome;
pub mod record;
pub mod report;
pub mod sandbox;
pub mod secret;
pub mod source;
pub mod tally;
pub mod units;
pub mod verdict;
pub mod wire;
