//! The command line: what was typed (`args`), what it means (`settings`), and what the process says and returns.
//!
//! The only home of clap, and with `main.rs` of anyhow. Holds no logic of an import.

pub(crate) mod args;
pub mod environment;

mod add;
mod asking;
mod dialogue;
mod given;
mod history;
mod import;
mod inputs;
mod mapping_file;
mod overlay;
mod own_window;
mod printer;
mod recipient;
mod sandbox;
mod settings;
mod signals;
mod state;
mod streams;
pub(crate) mod typed;
#[cfg(windows)]
mod wildcards;

use std::ffi::OsString;

use clap::CommandFactory;

use crate::run::Exit;
use crate::text::safe_lines;
use args::{Args, Command};
use environment::Environment;
use own_window::OwnWindow;
use streams::Streams;
use typed::{Typed, parse};

/// The whole process but for its edges: arguments and environment in, exit code out.
pub fn main(argv: Vec<OsString>, environment: &Environment) -> u8 {
    let streams = Streams;
    // Dropped last: it waits until its user has read everything.
    let window = OwnWindow::of(&argv, streams);
    let argv = match &window {
        Some(window) => window.completed(argv),
        None => argv,
    };
    match parse(argv, environment) {
        Ok(typed) => run(&typed, environment, &streams).code(),
        Err(ended) => {
            streams.say(&ended.words);
            ended.exit.code()
        }
    }
}

fn run(typed: &Typed, environment: &Environment, streams: &Streams) -> Exit {
    let result = match &typed.args.command {
        None => import::run(typed, environment, streams),
        Some(Command::Add(add)) => add::run(add, typed, environment, streams),
        Some(Command::Sandbox(options)) => sandbox::run(options, streams),
        Some(Command::History(options)) => history::run(options, environment, streams),
        Some(Command::Completions { shell }) => {
            let printed = streams.print(&completions(*shell));
            printed.map(|()| Exit::Done).map_err(Into::into)
        }
    };
    result.unwrap_or_else(|error| {
        streams.say(&safe_lines(&format!("error: {error:#}")));
        Exit::Usage
    })
}

/// The completion script of a shell, as it is committed in `completions/`.
pub(crate) fn completions(shell: clap_complete::Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "bp-import", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
