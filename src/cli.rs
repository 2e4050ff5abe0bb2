//! The command line: what was typed (`args`), what it means (`settings`), and what the process says and returns.
//!
//! The only home of clap, and with `main.rs` of anyhow. Holds no logic of an import.

pub(crate) mod args;
pub mod environment;

mod add;
mod dialogue;
mod given;
mod history;
mod import;
mod inputs;
mod mapping_file;
mod overlay;
mod printer;
mod recipient;
mod sandbox;
mod settings;
mod signals;
mod state;
mod streams;

use std::ffi::OsString;
use std::path::Path;

use clap::{CommandFactory, FromArgMatches};

use crate::run::{Exit, Given};
use crate::text::safe_lines;
use args::{Args, Command};
use environment::Environment;
use overlay::{Overlay, Refused};
use streams::Streams;

/// The whole process but for its edges: arguments and environment in, exit code out.
pub fn main(argv: Vec<OsString>, environment: &Environment) -> u8 {
    let streams = Streams;
    match parse(argv, environment) {
        Ok(typed) => run(&typed, environment, &streams).code(),
        Err(ended) => {
            streams.say(&ended.words);
            ended.exit.code()
        }
    }
}

/// What was typed, with what the environment and a mapping file add.
#[derive(Clone)]
pub(crate) struct Typed {
    pub(crate) args: Args,
    /// The same options as texts, by whom they were given: for the command that is to be run next.
    pub(crate) given: Given,
}

/// The end of a process that never began its work.
pub(crate) struct Ended {
    pub(crate) words: String,
    exit: Exit,
}

impl Ended {
    fn usage(words: impl std::fmt::Display) -> Ended {
        Ended {
            words: safe_lines(&format!("error: {words}")),
            exit: Exit::Usage,
        }
    }
}

/// What was typed, with all that is laid behind it.
pub(crate) fn parse(argv: Vec<OsString>, environment: &Environment) -> Result<Typed, Ended> {
    let command = Args::command();
    let typed = command.clone().try_get_matches_from(&argv);
    let typed = typed.map_err(|error| clap_says(&error))?;
    let mut overlay = Overlay::new(&command, typed);
    environment.overlay(&mut overlay).map_err(Ended::usage)?;
    if let Some(file) = overlay.value("mapping") {
        mapping_file::overlay(Path::new(&file), &mut overlay).map_err(Ended::usage)?;
    }
    let matches = overlay.parse(argv).map_err(|refused| match refused {
        Refused::Blamed(words) => Ended::usage(words),
        Refused::Clap(error) => clap_says(&error),
    })?;
    Ok(Typed {
        args: Args::from_arg_matches(&matches).map_err(|error| clap_says(&error))?,
        given: given::given(overlay.chosen(), &matches, |long| overlay.origin(long)),
    })
}

/// Help and version go to stdout, with code 0; clap knows.
fn clap_says(error: &clap::Error) -> Ended {
    let _ = error.print();
    let exit = if error.use_stderr() {
        Exit::Usage
    } else {
        Exit::Done
    };
    Ended {
        words: String::new(),
        exit,
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
