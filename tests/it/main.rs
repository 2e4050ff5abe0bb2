//! The binary from outside: what a user types, what the API receives, what a script reads.
//!
//! One binary, topics as modules. `run` starts the program and checks what must hold in every run; `server` is the API
//! as it may misbehave; `loopback` is the
//! program's own sandbox.

mod loopback;
mod ran;
mod resume;
mod run;
mod server;

mod add;
mod bad_input;
mod chaos;
mod environment;
mod exit_codes;
mod generated;
mod halts;
mod history;
mod input;
mod luck;
mod mapping;
mod output;
mod readme;
mod rejects;
mod request;
mod sandbox;
mod selection;
mod shards;
mod signals;
mod streams;
mod verdicts;
