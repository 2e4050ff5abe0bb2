//! bp-import imports WhatsApp contacts into BotPenguin and accounts for every row.
//!
//! This page is the map of the code. `cargo doc --document-private-items --open` follows its links.
//!
//! # How a contact flows
//!
//! ```text
//! Input -source::open-> Record -mapping-> Contact or reason -wire-> Item {record, phone, JSON, fingerprint}
//!   -> filtered? opted out, hidden, suppressed? -> duplicate? -> other shard? -> in the ledger already?
//!   -> Batch -api::client-> Verdict -deliver::policy-> Step -> Event
//!   -> ledger, then tally, then rejects file and progress
//!   -> ImportEnding -> Outcome {summary, exit code}
//! ```
//!
//! One command line goes down the floors once and comes back once: [`cli`] resolves what was typed, the environment and a
//! mapping file into one [`run::Settings`]; [`run`] takes lock and ledger, finds the run to resume, and runs the import;
//! [`import`] is the pipeline; the outcome is printed by `cli::printer`. What can be known before the first request is
//! checked before it: inputs open, mappings fit, outputs can be written.
//!
//! Threads of an import, joined by bounded channels: `import::workers::reader` reads, the workers map and encode chunks,
//! `import::selector` decides in row order which contacts are sent, `import::delivery` sends them on one current-thread
//! tokio runtime and records an acceptance before it sends again, and the calling thread is the `import::collector`.
//!
//! **Conservation**: read = accepted + would_send + invalid + refused + skipped + unknown + unsent. The reader counts on
//! its own, `run::conclusion` compares, and a difference is printed as a bug with exit code 1.
//!
//! # The floors
//!
//! A module uses only lower floors, and no two files use each other in a circle; `tests/floors.rs` proves both, and that
//! each outside crate is named only in its home.
//!
//! | floor | modules |
//! | --- | --- |
//! | cli | [`cli`]: what was typed, settings, questions, printing, exit |
//! | run | [`run`]: the use case, for an import and for a single contact |
//! | import | [`import`]: the pipeline; the only module that knows all of the floor below |
//! | parts | [`source`]: inputs to records. [`api`]: one request. [`deliver`]: batches, retries, pace, halts. [`ledger`]: what was sent. [`report`]: what a user sees |
//! | counts | [`tally`]: events to counts and reasons |
//! | events | [`event`]: the language between the work and those who watch it |
//! | batches | [`batch`]: items cut by count and exact bytes |
//! | meaning | [`mapping`]: a record to a contact. [`wire`]: a contact to JSON. [`shard`]: which process sends it |
//! | contacts | [`contact`], [`entries`] (JSON objects in order), [`rejects`] (our rejects files' columns), [`fingerprint`], [`secret`], [`verdict`] |
//! | facts | [`record`], [`outcome`], [`digest`], [`hash_table`], [`units`], [`vocabulary`] (every word about people's files), [`sandbox`] (the fake API, which uses nothing of ours) |
//! | ground | [`text`] (blank, fold, quote, safe to print), [`hint`] (names of options), [`private_file`] |
//!
//! # Words
//!
//! | word | meaning |
//! | --- | --- |
//! | record | a row of a table, an object, a card; with its [`record::Place`]: input and row |
//! | contact | what is sent of a record: name, phone, e-mail, tags, attributes |
//! | item | a contact that is encoded, with its record and its fingerprint |
//! | calling code, national number | the two parts of an E.164 phone: 91 and 9876543210 |
//! | region | an ISO 3166 country, as libphonenumber numbers it |
//! | home | the region that local numbers are from (`--country`) |
//! | plan | [`mapping::Plan`]: which columns of one header fill which fields |
//! | rule | one `--map FIELD=TEMPLATE` |
//! | meaning | what a recognised header says its column is |
//! | consent column | a column that says whether a contact may be written to |
//! | defect | why a record cannot be read whole, although its input is read on |
//! | reason, code | why a contact is not sent, in words and as scripts read it |
//! | outcome | what became of a record: accepted, invalid, refused, skipped, unknown, unsent |
//! | batch | the items of one request, within both limits |
//! | verdict | what an answer of the server means |
//! | step | what [`deliver`] does about a verdict |
//! | policy | the pure function from verdict to step |
//! | pacer | how many requests are in flight, and when the next may start |
//! | budget | how long a batch is retried (`--retry-for`) |
//! | probe | a part of a batch that is sent alone to find what is at fault |
//! | mass refusal | every contact refused for one reason: the run halts |
//! | halt | what ends a run early |
//! | event | a fact that the work tells the collector |
//! | tally | the counts of a run |
//! | ledger | what this machine sent to an account, in segments of entries |
//! | fingerprint | a keyed hash of phone and payload, so that the ledger holds no contact |
//! | salt | the key of an account's fingerprints |
//! | resume | the same command skips what an unfinished run had accepted |
//! | takeover | a new token's ledger continues an old one's (`--same-account`) |
//! | shard | one of N processes that share an import |
//! | rejects file | the rows that did not arrive, to be corrected and imported |
//! | notice | what is printed before the first request |
//!
//! # Where a change goes
//!
//! - **A format**: a variant of [`source::Format`], its name there, its beginning in `source/sniff.rs`, and a reader beside
//!   `source/csv.rs` that yields [`record::Record`]s; `source.rs` opens it. Nothing above `source` changes.
//! - **A language**: words in `vocabulary/*.txt` (headers, labels, consent, countries), and nothing else. `vocabulary/tests.rs`
//!   checks that a word has one meaning.
//! - **An option**: a field in `cli/args/` with its help, its meaning in the module that uses it, one line in
//!   `cli/settings.rs`; its name in [`hint`] only if a message names it. Environment, next command and completions follow.
//! - **A verdict**: [`verdict::Verdict`], classified in `api/reply.rs`, what it leads to in `deliver/policy.rs`, its
//!   words in `report/words.rs`. The compiler names the places.
//! - **A reason code**: a variant of [`outcome::Code`] with its word for scripts, made where the fault is found.
//! - **A message**: `report/words.rs` for halts, `run/notice.rs` for what is printed before; errors are defined beside the
//!   function that returns them.
//!
//! # Tests
//!
//! Unit tests are inline where they are short, else in `tests.rs` beside the file; what crosses modules or asserts what a
//! user sees runs the real binary in `tests/it` (one module a topic; `server.rs` is an API that misbehaves on purpose).
//! `tests/floors.rs` reads the source. No test uses a network beyond loopback or waits for a real clock: times are handed in.
//! Golden files in `tests/golden` and the scripts in `completions` are compared by `tests/it/generated.rs`, which says how
//! to renew them. All of it runs in about two and a half minutes on two cores; `.ci/run` adds formatting, clippy, this
//! documentation and the README's first command.

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
mod digest;
mod entries;
pub mod event;
mod fingerprint;
mod hash_table;
mod hint;
mod import;
pub mod ledger;
mod mapping;
pub mod outcome;
mod private_file;
pub mod record;
mod rejects;
mod report;
mod run;
mod sandbox;
mod secret;
mod shard;
mod source;
pub mod tally;
mod text;
pub mod units;
pub mod verdict;
mod vocabulary;
mod wire;
