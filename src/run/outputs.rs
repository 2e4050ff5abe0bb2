//! Where files are written, and that none of them is one that is read.

use std::path::{Path, PathBuf};

use super::settings::{Protected, Settings};
use crate::file_name::{FileIdentity, resolved, unified_case};
use crate::hint::{REJECTS, SAVE_MAPPING};
use crate::import::PreparedInputs;
use crate::report::rejects::Rejects;
use crate::source::Input;

/// An output that would replace what must stay.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OutputError {
    /// It is a file that the run reads, or that another option names.
    #[error("{option} {}: this is {role}: name another file", .path.display())]
    Protected {
        option: &'static str,
        path: PathBuf,
        role: String,
    },
    /// Two inputs would share a rejects file.
    #[error("{}: two inputs would have their rejects in this one file: remove it", .0.display())]
    Shared(PathBuf),
    /// The file is somebody's work.
    #[error("{REJECTS} {}: there is such a file, and it holds something else than rejects: name another", .0.display())]
    Precious(PathBuf),
}

/// The rejects files of a run, and that they replace nothing else; a dry run has them only where they are named.
///
/// # Errors
/// The first that would replace what must stay.
pub(crate) fn plan_rejects(
    settings: &Settings,
    prepared: &PreparedInputs,
) -> Result<Option<Rejects>, OutputError> {
    let Some(place) = &settings.rejects else {
        return Ok(None);
    };
    let stems = settings.source.inputs().iter().map(Input::stem);
    let shapes = stems.zip(prepared.shapes().cloned()).collect();
    let rejects = Rejects::plan(shapes, place, settings.past.shard);
    check_rejects(&rejects, settings)?;
    Ok(Some(rejects))
}

impl Protected {
    /// What a path is that no output may replace: one of these, one of `others`, or an input.
    fn role(&self, path: &Path, inputs: &[Input], others: &[(String, PathBuf)]) -> Option<String> {
        let output = FileIdentity::of_path(path)?;
        let read = |input: &Input| {
            input
                .path()
                .map_or_else(FileIdentity::of_stdin, FileIdentity::of_path)
        };
        let is_it = |identity: Option<FileIdentity>| identity.as_ref() == Some(&output);
        let mut files = self.files.iter().chain(others);
        if inputs.iter().any(|input| is_it(read(input))) {
            Some("also an input".to_owned())
        } else if let Some((role, _)) = files.find(|(_, file)| is_it(FileIdentity::of_path(file))) {
            Some(role.clone())
        } else {
            self.is_remembered(path)
                .then(|| "in the directory where runs are remembered".to_owned())
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
            .is_some_and(|(state, place)| unified_case(&place).starts_with(unified_case(&state)))
    }
}

/// The file of `--save-mapping` replaces nothing that must stay, the rejects among it.
///
/// # Errors
/// What it would replace.
pub(crate) fn check_saved_mapping(
    settings: &Settings,
    rejects: Option<&Rejects>,
    file: &Path,
) -> Result<(), OutputError> {
    let role = format!("the file that {REJECTS} names");
    let rejects = rejects.into_iter().flat_map(Rejects::replaced);
    let rejects = rejects.map(|path| (role.clone(), path.to_owned()));
    check(settings, SAVE_MAPPING, file, &rejects.collect::<Vec<_>>())
}

fn check(
    settings: &Settings,
    option: &'static str,
    path: &Path,
    others: &[(String, PathBuf)],
) -> Result<(), OutputError> {
    let role = settings
        .protected
        .role(path, settings.source.inputs(), others);
    role.map_or(Ok(()), |role| {
        Err(OutputError::Protected {
            option,
            path: path.to_owned(),
            role,
        })
    })
}

/// The rejects files replace nothing that is read, nothing that is remembered, nothing but rejects, and not each other.
fn check_rejects(rejects: &Rejects, settings: &Settings) -> Result<(), OutputError> {
    let mut known = Vec::new();
    for path in rejects.replaced() {
        check(settings, REJECTS, path, &settings.protected.mappings)?;
        let identity = FileIdentity::of_path(path);
        if identity.is_some() && known.contains(&identity) {
            return Err(OutputError::Shared(path.to_owned()));
        }
        known.push(identity);
    }
    match rejects.precious() {
        Some(path) => Err(OutputError::Precious(path.to_owned())),
        None => Ok(()),
    }
}
