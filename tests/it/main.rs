//! The binary from outside: what a user types, what the API receives, what a script reads.
//!
//! One binary, topics as modules. `run` starts the program and checks what must hold in every run; `server` is the API
//! as it may misbehave, `gate` one that keeps a run waiting; `loopback` is the program's own sandbox; `terminal` is
//! one that it asks questions on; `remembered` is what
//! runs leave in the ledger.

mod gate;
mod loopback;
mod ran;
mod remembered;
mod run;
mod server;
mod terminal;

mod add;
mod audience;
mod bad_input;
mod cases;
mod chaos;
mod dialogue;
mod duplicates;
mod earlier;
mod environment;
mod exit_codes;
mod exports;
mod full_disk;
mod generated;
mod halts;
mod history;
mod input;
mod kills;
mod luck;
mod mapping;
mod mapping_file;
mod nights;
mod output;
mod overlap;
mod readme;
mod rejects;
mod request;
mod resume;
mod sandbox;
mod selection;
mod shards;
mod signals;
mod streams;
mod text;
mod vcard;
mod verdicts;
mod workbook;
