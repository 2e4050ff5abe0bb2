//! What an import is given: a file, or the standard input.
//!
//! Owns what they are called, and their opening. What is in them is for the others to say.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::SourceError;
use super::change_detector::ChangeDetector;
use super::packed::inner_name;
use super::spool::{self, SpooledCopy};

/// What stdin is called where it has no name.
const STDIN: &str = "stdin";

/// Where records come from.
#[derive(Clone, Debug)]
pub(crate) struct Input(Origin);

#[derive(Clone, Debug)]
enum Origin {
    File(PathBuf),
    Stdin {
        name: String,
    },
    /// What came from one of them.
    Copy {
        name: String,
        copy: SpooledCopy,
    },
}

impl Input {
    /// A file.
    pub(crate) fn file(path: impl Into<PathBuf>) -> Input {
        Input(Origin::File(path.into()))
    }

    /// The standard input.
    pub(crate) fn stdin() -> Input {
        Input::named_stdin(STDIN)
    }

    /// The standard input under a name, by which it is known again.
    pub(crate) fn named_stdin(name: impl Into<String>) -> Input {
        Input(Origin::Stdin { name: name.into() })
    }

    /// The file's path; stdin has none.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.0 {
            Origin::File(path) => Some(path),
            Origin::Stdin { .. } | Origin::Copy { .. } => None,
        }
    }

    /// What messages call it: the path as it was given, or stdin's name.
    pub(crate) fn name(&self) -> String {
        match &self.0 {
            Origin::File(path) => path.display().to_string(),
            Origin::Stdin { name } | Origin::Copy { name, .. } => name.clone(),
        }
    }

    /// What a rejects file is named after: the file's name without its extensions, or `stdin`.
    pub(crate) fn stem(&self) -> String {
        let name = self.path().and_then(Path::file_name);
        let stem = name.and_then(|name| {
            let name = name.to_string_lossy();
            let stem = Path::new(inner_name(&name)).file_stem()?;
            Some(stem.to_string_lossy().into_owned())
        });
        stem.unwrap_or_else(|| "stdin".to_owned())
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> Result<Bytes, SourceError> {
        match &self.0 {
            Origin::Stdin { .. } => Ok(Bytes {
                reader: Box::new(io::stdin()),
                size: None,
                change_detector: None,
            }),
            Origin::File(path) => bytes_of_file(path),
            Origin::Copy { copy, .. } => Ok(Bytes {
                reader: Box::new(copy.reader()),
                size: Some(copy.size),
                change_detector: None,
            }),
        }
    }

    /// The same input where it can be read from its beginning as often as is needed; a pipe is copied to its end for
    /// that, into a file that other users cannot read.
    ///
    /// # Errors
    /// Where it cannot be opened, read to its end, or copied.
    pub(crate) fn to_be_read_twice(&self) -> Result<Input, SourceError> {
        let Bytes { reader, size, .. } = self.bytes()?;
        // A regular file can be opened again.
        if size.is_some() {
            return Ok(self.clone());
        }
        let name = self.name();
        let copy = spool::keep(reader)?;
        Ok(Input(Origin::Copy { name, copy }))
    }
}

/// The bytes of an input.
pub(super) struct Bytes {
    pub(super) reader: Box<dyn Read + Send>,
    /// How many they are, where it is a regular file.
    pub(super) size: Option<u64>,
    /// Finds out at their end whether that file was changed meanwhile.
    pub(super) change_detector: Option<ChangeDetector>,
}

fn bytes_of_file(path: &Path) -> Result<Bytes, SourceError> {
    let file = File::open(path).map_err(SourceError::unopened(path))?;
    let (size, change_detector) = match file.metadata() {
        // Opening a directory succeeds on Unix; reading it fails with a message that helps nobody.
        Ok(metadata) if metadata.is_dir() => return Err(SourceError::Directory),
        Ok(metadata) if metadata.is_file() => {
            let detector = ChangeDetector::new(&file, path, &metadata);
            let detector = detector.map_err(SourceError::Unreadable)?;
            (Some(metadata.len()), Some(detector))
        }
        // A pipe or a device; Windows has no metadata of NUL.
        Ok(_) | Err(_) => (None, None),
    };
    Ok(Bytes {
        size,
        reader: Box::new(file),
        change_detector,
    })
}
