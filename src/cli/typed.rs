//! The command line, parsed: what was typed, with what the environment and a mapping file add.

use std::ffi::OsString;
use std::path::Path;

use clap::{CommandFactory, FromArgMatches};

use super::args::Args;
use super::environment::Environment;
use super::overlay::{Overlay, Refused};
#[cfg(windows)]
use super::wildcards;
use super::{given, mapping_file};
use crate::run::{Exit, Given};
use crate::text::safe_lines;

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
    pub(super) exit: Exit,
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
    let args = Args::from_arg_matches(&matches).map_err(|error| clap_says(&error))?;
    #[cfg(windows)]
    let args = Args {
        files: wildcards::expanded(args.files),
        ..args
    };
    Ok(Typed {
        args,
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
