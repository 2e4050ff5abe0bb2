//! bp-import: imports WhatsApp contacts into BotPenguin and accounts for every row.
//!
//! The modules stand on floors; each uses only those below its own, and `tests/floors.rs` proves it:
//!
//! | floor | modules |
//! | --- | --- |
//! | 9 | [`cli`]: what was typed, what it means, exit codes |
//! | 8 | [`run`]: the use case, for an import and for a single contact: account, lock, ledger, conclusion |
//! | 7 | [`import`]: one import from end to end; the only pipeline module that knows the others |
//! | 6 | [`source`], [`api`], [`deliver`], [`ledger`], [`report`]: inputs, the one call, delivery, what was sent, what a user sees |
//! | 5 | [`tally`]: events to counts |
//! | 4 | [`event`]: the language between the work and those who watch it |
//! | 3 | [`batch`]: items cut by count and exact bytes |
//! | 2 | [`mapping`], [`wire`], [`shard`]: records to contacts, contacts to JSON, whose part they are |
//! | 1 | [`contact`], [`entries`], [`rejects`], [`fingerprint`], [`secret`], [`verdict`] |
//! | 0 | [`digest`], [`record`], [`outcome`], [`hash_table`], [`units`], every word about people's files ([`vocabulary`]), and the [`sandbox`], which uses nothing of ours |
//! |   | below them [`text`]: what is blank, the same, safe to show |

#![warn(unreachable_pub)]
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
pub mod cli;
pub mod contact;
pub mod deliver;
pub(crate) mod digest;
pub(crate) mod entries;
pub mod event;
pub(crate) mod fingerprint;
pub(crate) mod hash_table;
pub(crate) mod hint;
pub(crate) mod import;
pub mod ledger;
pub(crate) mod mapping;
pub mod outcome;
pub(crate) mod private_file;
pub mod record;
pub(crate) mod rejects;
pub(crate) mod report;
mod run;
pub(crate) mod sandbox;
pub(crate) mod secret;
pub(crate) mod shard;
pub(crate) mod source;
pub mod tally;
pub(crate) mod text;
pub mod units;
pub mod verdict;
pub(crate) mod vocabulary;
pub(crate) mod wire;
