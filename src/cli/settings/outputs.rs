//! Where files are written, and that none of them is one that is read.
//!
//! Owns what makes two names one file.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::cli::args::Args;
use crate::cli::environment::Environment;
use crate::cli::state::state_directory;
use crate::report::rejects::{self, Rejects};
use crate::source::Input;

/// Where rejects go.
pub(in crate::cli) fn rejects(
    named: Option<&Path>,
    inputs: &[Input],
) -> anyhow::Result<rejects::Place> {
    let place = match named {
        None => return Ok(rejects::Place::Beside(PathBuf::new())),
        Some(path) if inputs.len() > 1 => {
            if !path.is_dir() {
                bail!(
                    "--rejects {}: with several inputs it must be a directory that exists",
                    path.display()
                );
            }
            return Ok(rejects::Place::Within(path.to_owned()));
        }
        Some(path) if path.is_dir() => rejects::Place::Within(path.to_owned()),
        Some(path) => rejects::Place::Exactly(path.to_owned()),
    };
    Ok(place)
}

/// What no output may replace, under any name.
pub(in crate::cli) struct Spared<'a> {
    inputs: &'a [Input],
    /// Files, and what a user calls them.
    files: Vec<(&'static str, PathBuf)>,
    /// Where runs are remembered.
    state: Option<PathBuf>,
}

impl<'a> Spared<'a> {
    /// What the command line reads, and what this machine remembers.
    pub(in crate::cli) fn new(
        args: &Args,
        inputs: &'a [Input],
        environment: &Environment,
    ) -> Spared<'a> {
        let mut files = Vec::new();
        let token = args.account.token_file.as_ref();
        files.extend(token.map(|file| ("the token's file", file.clone())));
        Spared {
            inputs,
            files,
            // Without one, nothing is remembered.
            state: state_directory(environment).ok(),
        }
    }

    /// One more file.
    pub(in crate::cli) fn and(mut self, what: &'static str, file: Option<&Path>) -> Spared<'a> {
        self.files.extend(file.map(|file| (what, file.to_owned())));
        self
    }

    /// Refuses an output that is one of them.
    ///
    /// # Errors
    /// Which of them it is.
    pub(in crate::cli) fn check(&self, switch: &str, path: &Path) -> anyhow::Result<()> {
        match self.role(path) {
            Some(role) => bail!(
                "{switch} {}: this is {role}: name another file",
                path.display()
            ),
            None => Ok(()),
        }
    }

    fn role(&self, path: &Path) -> Option<&'static str> {
        let output = Identity::of_path(path)?;
        let read = |input: &Input| {
            input
                .path()
                .map_or_else(Identity::of_stdin, Identity::of_path)
        };
        let is_it = |identity: Option<Identity>| identity.as_ref() == Some(&output);
        let mut files = self.files.iter();
        if self.inputs.iter().any(|input| is_it(read(input))) {
            Some("also an input")
        } else if let Some((role, _)) = files.find(|(_, file)| is_it(Identity::of_path(file))) {
            Some(role)
        } else {
            self.is_remembered(path)
                .then_some("in the directory where runs are remembered")
        }
    }

    fn is_remembered(&self, path: &Path) -> bool {
        let state = self
            .state
            .as_ref()
            .and_then(|state| state.canonicalize().ok());
        let place = resolved(path);
        state
            .zip(place)
            .is_some_and(|(state, place)| place.starts_with(state))
    }
}

/// The rejects files replace nothing that is read, nothing that is remembered, nothing but rejects, and not each other.
///
/// # Errors
/// The first that would, and what it would replace.
pub(in crate::cli) fn check_rejects(rejects: &Rejects, spared: &Spared<'_>) -> anyhow::Result<()> {
    let mut known = Vec::new();
    for path in rejects.replaced() {
        spared.check("--rejects", path)?;
        let identity = Identity::of_path(path);
        if identity.is_some() && known.contains(&identity) {
            bail!(
                "{}: two inputs would have their rejects in this one file: remove it",
                path.display()
            );
        }
        known.push(identity);
    }
    match rejects.precious() {
        Some(path) => bail!(
            "--rejects {}: there is such a file, and it holds something else than rejects: name another",
            path.display()
        ),
        None => Ok(()),
    }
}

/// The path with its links followed; of a file that does not exist yet, those of its directory.
fn resolved(path: &Path) -> Option<PathBuf> {
    let of_directory = || {
        let directory = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let directory = directory.unwrap_or(Path::new(".")).canonicalize().ok()?;
        Some(directory.join(path.file_name()?))
    };
    path.canonicalize().ok().or_else(of_directory)
}

/// What makes two names one file: links and stdin do not hide it. Devices are not files.
#[derive(PartialEq, Eq)]
enum Identity {
    #[cfg(unix)]
    Existing(u64, u64),
    Named(PathBuf),
}

impl Identity {
    /// `None` for what is not a file.
    fn of_path(path: &Path) -> Option<Identity> {
        match path.metadata() {
            Ok(metadata) if metadata.is_file() => Identity::of_file(path, &metadata),
            Ok(_) => None,
            Err(_) => resolved(path).map(Identity::Named),
        }
    }

    #[cfg(unix)]
    fn of_file(_: &Path, metadata: &Metadata) -> Option<Identity> {
        use std::os::unix::fs::MetadataExt;
        Some(Identity::Existing(metadata.dev(), metadata.ino()))
    }

    #[cfg(not(unix))]
    fn of_file(path: &Path, _: &Metadata) -> Option<Identity> {
        resolved(path).map(Identity::Named)
    }

    #[cfg(unix)]
    fn of_stdin() -> Option<Identity> {
        use std::os::fd::AsFd;
        let stdin = std::io::stdin().as_fd().try_clone_to_owned().ok()?;
        let metadata = std::fs::File::from(stdin).metadata().ok()?;
        metadata
            .is_file()
            .then(|| Identity::of_file(Path::new("-"), &metadata))
            .flatten()
    }

    #[cfg(not(unix))]
    fn of_stdin() -> Option<Identity> {
        None
    }
}
