//! Where files are written, and that none of them is one that is read.
//!
//! Owns what makes two names one file.

use std::path::{Path, PathBuf};

use anyhow::bail;

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

/// The rejects files spare what is read: see [`spare`].
pub(in crate::cli) fn spare_inputs(
    rejects: &Rejects,
    inputs: &[Input],
    token_file: Option<&Path>,
) -> anyhow::Result<()> {
    let mut replaced = rejects.replaced();
    replaced.try_for_each(|path| spare("--rejects", path, inputs, token_file))
}

/// An output that is also read from is refused: an input under any name, stdin's file, the token's.
pub(in crate::cli) fn spare(
    switch: &str,
    path: &Path,
    inputs: &[Input],
    token_file: Option<&Path>,
) -> anyhow::Result<()> {
    let Some(output) = Identity::of_path(path) else {
        return Ok(());
    };
    let read = |input: &Input| {
        input
            .path()
            .map_or_else(Identity::of_stdin, Identity::of_path)
    };
    if inputs
        .iter()
        .any(|input| read(input).as_ref() == Some(&output))
    {
        bail!(
            "{switch} {}: this is also an input: name another file",
            path.display()
        );
    }
    if token_file.and_then(Identity::of_path).as_ref() == Some(&output) {
        bail!(
            "{switch} {}: this is the token's file: name another",
            path.display()
        );
    }
    Ok(())
}

/// What makes two names one file: links and stdin do not hide it.
#[derive(PartialEq, Eq)]
struct Identity(#[cfg(unix)] (u64, u64), #[cfg(not(unix))] PathBuf);

impl Identity {
    #[cfg(unix)]
    fn of_path(path: &Path) -> Option<Identity> {
        path.metadata()
            .ok()
            .filter(std::fs::Metadata::is_file)
            .map(|metadata| Identity::of(&metadata))
    }

    #[cfg(unix)]
    fn of_stdin() -> Option<Identity> {
        use std::os::fd::AsFd;
        let stdin = std::io::stdin().as_fd().try_clone_to_owned().ok()?;
        let metadata = std::fs::File::from(stdin).metadata().ok()?;
        metadata.is_file().then(|| Identity::of(&metadata))
    }

    #[cfg(unix)]
    fn of(metadata: &std::fs::Metadata) -> Identity {
        use std::os::unix::fs::MetadataExt;
        Identity((metadata.dev(), metadata.ino()))
    }

    #[cfg(not(unix))]
    fn of_path(path: &Path) -> Option<Identity> {
        path.canonicalize().ok().map(Identity)
    }

    #[cfg(not(unix))]
    fn of_stdin() -> Option<Identity> {
        None
    }
}
