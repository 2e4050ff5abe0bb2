//! The binary from outside: what a user types, what the API receives, what a script reads.
//!
//! One binary, topics as modules. Scaffolding: `run` starts the program in a folder of its own and `result` checks what
//! must hold in every run; `server` is the API as it may misbehave or keep a run waiting, `loopback` the program's own
//! sandbox as a process; `terminal` is one that it asks questions on; `remembered` reads what runs leave in the ledger.

mod loopback;
mod remembered;
mod result;
mod run;
mod server;
mod terminal;

mod add;
mod audience;
mod bad_input;
mod cases;
mod changed;
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
mod mapping;
mod mapping_file;
mod output;
mod overlap;
mod random_faults;
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
