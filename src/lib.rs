//! bp-import imports WhatsApp contacts into BotPenguin and accounts for every row.
//!
//! This page is the map of the code. `cargo doc --document-private-items --open` follows its links.
//!
//! # How a contact flows
//!
//! ```text
//! Input -source::open-> Records, a chunk in one piece of memory; a Record is a view of one
//!   -encoder: consent, filter-> mapping -> Contact or reason -wire-> opted out, unanswered, hidden, suppressed?
//!   -> Item {record, phone, JSON, fingerprint}
//!   -selector, in row order: opted out in another row? duplicate? other shard? in the ledger already?
//!   -> Batch -api::client-> Verdict -deliver::policy-> Step -> Event
//!   -> ledger, then tally, then rejects file and progress
//!   -> ImportEnding -> RunOutcome {summary, exit code}
//! ```
//!
//! Objects that have the API's own shape go past the mapping, unchanged (`wire/profile.rs`). Which row of a phone is
//! sent is decided in `import/duplicates.rs`; `last` and `merge` read the inputs twice.
//!
//! One command line goes down the floors once and comes back once: [`cli`] resolves what was typed, the environment
//! and a mapping file into one [`run::Settings`]; [`run`] takes lock and ledger, finds the run to resume, and runs the
//! import; [`import`] is the pipeline. [`report`] makes the texts, `cli::printer` decides how much of them is printed
//! and where. `cli/environment.rs` turns any variable into its option, `cli/overlay.rs` ranks typed > environment >
//! mapping file. What can be known before the first request is checked before it: inputs open, mappings fit, outputs
//! can be written.
//!
//! Threads of an import, joined by bounded channels: `import::workers::reader` reads, the workers map and encode
//! chunks, `import::selector` decides in row order which contacts are sent, `import::delivery` sends them on one
//! current-thread tokio runtime and records an acceptance before it sends again, and the calling thread is the
//! `import::collector`.
//!
//! **Conservation**: read = accepted + would_send + invalid + refused + skipped + unknown + unsent. The selector
//! counts the records it takes (`read`), the tally counts outcomes, `run::conclusion` compares them, and a difference
//! is printed as a bug with exit code 1.
//!
//! **On disk**: a contact is marked as sent before its first request, and as accepted or refused after the answer and
//! before it is counted (`import/run_log.rs`; the bytes are in `ledger/entry.rs`, order and loss are explained in
//! [`ledger`]).
//!
//! # The floors
//!
//! A module uses only lower floors, and no two files use each other in a circle; `tests/floors.rs` proves both, and
//! that each outside crate is named only in its home.
//!
//! | floor | modules |
//! | --- | --- |
//! | cli | [`cli`]: what was typed, settings, questions, printing, exit. [`bench`]: stages one at a time, for benchmarks |
//! | run | [`run`]: the use case, for an import and for a single contact |
//! | import | [`import`]: the pipeline; the only module that knows all of the floor below |
//! | parts | [`source`]: inputs to records. [`api`]: one request. [`deliver`]: batches, retries, pace, halts. [`ledger`]: what was sent. [`report`]: what a user sees |
//! | counts | [`tally`]: events to counts and reasons |
//! | events | [`event`]: the language between the work and those who watch it |
//! | batches | [`batch`]: items cut by count and exact bytes |
//! | meaning | [`mapping`]: a record to a contact. [`wire`]: a contact to JSON. [`shard`]: which process sends it |
//! | contacts | [`contact`], [`entries`] (JSON objects in order), [`rejects`] (our rejects files' columns), [`fingerprint`], [`secret`], [`verdict`] |
//! | facts | [`record`], [`outcome`], [`digest`], [`hash_table`], [`private_file`], [`units`], [`vocabulary`] (every word about people's files), [`sandbox`] (the fake API, which uses nothing of ours) |
//! | ground | [`text`] (blank, fold, quote, safe to print), [`hint`] (names of options), [`file_name`] (one file or two, devices) |
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
//! | outcome | what became of a record: accepted, would_send, invalid, refused, skipped, unknown, unsent; that of a run is `run::RunOutcome` |
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
//! | rejects file | the rows that did not arrive, to be corrected and imported: [`rejects`] names its columns, `report/rejects.rs` writes it, `source/rejects.rs` recognises it |
//! | notice | what is printed before the first request |
//!
//! # Where a change goes
//!
//! The first lines of each file say what it owns and what it does not.
//!
//! - **A format**: a variant of [`source::Format`] with its name, a reader beside `source/csv.rs` that fills
//!   [`record::Records`], and a variant of `source/opened.rs`. A text format is recognised in `source/sniff.rs`, a
//!   binary one in `source.rs::open_plain`, before it could be taken for text. Then the format of its rejects
//!   (`run/command.rs`) and the help.
//! - **A language**: words in `vocabulary/*.txt`: phones (headers and labels of phones), headers (all others), labels,
//!   consent, countries, nothing, addresses; and the language in `LANGUAGES` of `vocabulary/tests.rs`, which checks
//!   that a word has one meaning.
//! - **Newer phone metadata**: `tests/phone_table/generate.py` writes the table; its first lines say how. Then the digest
//!   and the title that it prints (`contact/phone/table.rs` and its tests), the version in `table/NOTICE`, and in
//!   `contact/phone/tests/newer.tsv` what is valid by the table and not yet by the library.
//! - **An option**: a field in `cli/args/` with its help; its value in `cli/settings.rs` (how inputs are read:
//!   `cli/inputs.rs`; the account: `cli/recipient.rs`; `add` makes its own settings in `cli/add.rs`); its meaning in
//!   the module that uses it; `KEPT` in `cli/mapping_file.rs` if a mapping has it; its name in [`hint`] if a message
//!   names it. The variable, the next command and the completions follow.
//! - **An HTTP status**: `api/reply.rs`. Any other 5xx already means that the batch may have arrived.
//! - **A verdict**: [`verdict::Verdict`], classified in `api/reply.rs` and `api/client.rs`; what it leads to in
//!   `deliver/policy.rs`; what it shows of batch and run in `deliver/dispatcher/answers.rs` (`note`); its
//!   [`verdict::DeliveryFault`] is worded in `report/words.rs`.
//! - **A reason code**: a variant of [`outcome::Code`] with its word; for phones `contact/phone/error.rs` and
//!   `mapping/phone_reason.rs`; the README's list.
//! - **A reason to leave rows out**: `outcome::Skip`, `tally.rs`, `report/run_summary.rs`, `report/summary.rs`.
//! - **What is on disk**: a change of an entry is a new `VERSION` in `ledger/segment.rs`, and `tests/it/earlier.rs`
//!   must still pass.
//! - **A message**: `report/words.rs` for halts, `run/notice.rs` for what is printed before; errors are defined beside
//!   the function that returns them.
//!
//! # Tests
//!
//! Unit tests are inline where they are short, else in `tests.rs` beside the file; what crosses modules or asserts
//! what a user sees runs the real binary in `tests/it` (one module a topic; `server.rs` is an API that misbehaves on
//! purpose). `tests/floors.rs` reads the source. No test uses a network beyond loopback. Unit tests do not wait for a
//! real clock: times are handed in. Those of the binary wait where a signal must come in between. Golden files in
//! `tests/golden` and the scripts in `completions` are compared by `tests/it/generated.rs`, which says how to renew
//! them. All of it runs in about two and a half minutes on two cores; `.ci/run` adds formatting, clippy, this
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
#[doc(hidden)]
pub mod bench;
pub mod cli;
pub mod contact;
pub mod deliver;
mod digest;
mod entries;
pub mod event;
mod file_name;
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
