//! Rejects files: every record that did not arrive, in a form that can be corrected and imported again.
//!
//! One an input, made when there is something to put in, written row by row as it happens. With `source/csv`'s crate
//! sibling, the only home of the csv crate.

mod existing;
mod form;

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use self::existing::{is_precious, is_precious_file};
use self::form::{encoded, is_own, line, row};
use crate::event::Failure;
use crate::file_name::{CLOSE_IT, HELD_OPEN, is_device, is_held_open, names_device, unified_case};
use crate::hint::REJECTS;
use crate::private_file;
use crate::record::Shape;
use crate::rejects::{BOM, COLUMNS, file_name};
use crate::shard::Shard;

/// The most files that are claimed for a run; of more inputs, two runs may still write one file.
const MOST_CLAIMS: usize = 200;
/// The most names that are tried for a rejects file, so that a search for a free one has an end.
const MOST_NAMES: u64 = 10_000;
/// Why a file with something else in it is left alone.
const PRECIOUS: &str = "it holds something else than rejects";

/// Where rejects go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RejectsPlace {
    /// `STEM.rejected.csv` in this directory; nothing that exists is overwritten.
    Beside(PathBuf),
    /// This file, for the only input. It is replaced, and removed when there are no rejects; never where it holds
    /// something else.
    Exactly(PathBuf),
    /// `STEM.rejected.csv` in this directory, replaced, and removed when there are no rejects.
    Within(PathBuf),
}

/// Why rejects cannot be kept.
#[derive(Debug, thiserror::Error)]
#[error("{}: the rejects file cannot be written ({why}): {remedy}", .path.display())]
pub(crate) struct RejectsError {
    path: PathBuf,
    why: String,
    remedy: String,
}

impl RejectsError {
    fn of_another_run(path: &Path) -> RejectsError {
        RejectsError {
            remedy: format!("wait for its end, or name another with {REJECTS}"),
            ..RejectsError::new(path, "another run writes it")
        }
    }

    fn new(path: &Path, why: &str) -> RejectsError {
        RejectsError {
            path: path.to_owned(),
            why: why.to_owned(),
            remedy: format!("make room or name another with {REJECTS}"),
        }
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> RejectsError + '_ {
    move |error| {
        let failed = RejectsError::new(path, &reason(&error));
        match is_held_open(&error) {
            true => RejectsError {
                remedy: CLOSE_IT.to_owned(),
                ..failed
            },
            false => failed,
        }
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        _ if is_held_open(error) => HELD_OPEN.to_owned(),
        io::ErrorKind::PermissionDenied => "no permission".to_owned(),
        io::ErrorKind::NotFound => "there is no such directory".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => error.to_string(),
    }
}

/// The rejects files of a run, one an input.
#[derive(Debug)]
pub(crate) struct Rejects {
    files: Vec<RejectsFile>,
}

#[derive(Debug)]
struct RejectsFile {
    shape: Shape,
    name: Name,
    /// The file of a name that was given, once it is proved: no other run writes it.
    claim: Option<File>,
    open: Option<Open>,
}

/// How a rejects file is named once it is needed.
#[derive(Debug)]
enum Name {
    /// The first free one of `STEM.rejected.csv`, `STEM.rejected-2.csv`, …
    Free {
        directory: PathBuf,
        stem: String,
        shard: Option<Shard>,
    },
    Given(PathBuf),
}

#[derive(Debug)]
struct Open {
    path: PathBuf,
    sink: Sink,
}

/// Rows or lines, each written at once and whole.
#[derive(Debug)]
struct Sink {
    file: File,
    /// The delimiter of a table; objects have none.
    delimiter: Option<u8>,
    /// Bytes that are known to be whole.
    whole: u64,
}

impl Rejects {
    /// Names a file an input (stem and shape); no two inputs share one, and no two shards.
    pub(crate) fn plan(
        inputs: Vec<(String, Shape)>,
        place: &RejectsPlace,
        shard: Option<Shard>,
    ) -> Rejects {
        let mut files: Vec<RejectsFile> = Vec::with_capacity(inputs.len());
        for (stem, shape) in inputs {
            let name = name(place, stem, &shape, shard, &files);
            files.push(RejectsFile {
                name,
                shape,
                claim: None,
                open: None,
            });
        }
        Rejects { files }
    }

    /// The files that will be replaced, or removed when there are no rejects.
    pub(crate) fn replaced(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().filter_map(|file| match &file.name {
            Name::Given(path) => Some(path.as_path()),
            Name::Free { .. } => None,
        })
    }

    /// The first file that holds something else than rejects: it would be lost.
    pub(crate) fn precious(&self) -> Option<&Path> {
        // One that cannot be read is found out by `prove`.
        self.replaced()
            .find(|path| is_precious(path).unwrap_or(false))
    }

    /// Proves that the files can be written, before anything is sent and without harm to what they hold.
    ///
    /// # Errors
    /// When one of them cannot be.
    pub(crate) fn prove(&mut self) -> Result<(), RejectsError> {
        // Each claim is an open file, of which a process may have some thousand.
        let keeps_claims = self.files.len() <= MOST_CLAIMS;
        for file in &mut self.files {
            file.prove()?;
            file.claim = file.claim.take().filter(|_| keeps_claims);
        }
        Ok(())
    }

    /// Writes a record that did not arrive.
    ///
    /// # Errors
    /// When the file cannot be written: the record is then in no file.
    pub(crate) fn write(&mut self, failure: &Failure) -> Result<(), RejectsError> {
        match self.files.get_mut(failure.record.place.input.0) {
            Some(file) => file.write(failure),
            None => Ok(()),
        }
    }

    /// Closes the files and gives the paths of those that hold something: a device such as /dev/null does not.
    ///
    /// # Errors
    /// When a file that was named and stayed empty cannot be removed.
    pub(crate) fn finish(self) -> Result<Vec<PathBuf>, RejectsError> {
        let mut written = Vec::new();
        for file in self.files {
            match (file.open, file.name) {
                (Some(open), _) if is_device(&open.path) => {}
                (Some(open), _) => written.push(open.path),
                // Its claim, if it has one, ends after that: a run that waits for it makes a new file.
                (None, Name::Given(path)) => remove(&path)?,
                (None, Name::Free { .. }) => {}
            }
        }
        Ok(written)
    }
}

fn name(
    place: &RejectsPlace,
    stem: String,
    shape: &Shape,
    shard: Option<Shard>,
    taken: &[RejectsFile],
) -> Name {
    match place {
        RejectsPlace::Beside(directory) => Name::Free {
            directory: directory.clone(),
            stem,
            shard,
        },
        RejectsPlace::Exactly(path) => Name::Given(of_shard(path, shard)),
        RejectsPlace::Within(directory) => {
            let is_free = |path: &PathBuf| {
                !taken
                    .iter()
                    .any(|file| matches!(&file.name, Name::Given(other) if unified_case(other) == unified_case(path)))
            };
            let mut candidates =
                (1..).map(|attempt| directory.join(numbered(&stem, shape, shard, attempt)));
            Name::Given(
                candidates
                    .find(is_free)
                    .unwrap_or_else(|| directory.join(&stem)),
            )
        }
    }
}

/// Only a file of ours is removed: `--rejects /dev/null` is a way to want none.
fn remove(path: &Path) -> Result<(), RejectsError> {
    match path.metadata() {
        Ok(metadata) if metadata.is_file() && !is_precious(path).map_err(failed(path))? => {
            match path.is_symlink() {
                // Without the link the old rejects would stay where it leads.
                true => replace(path).map(drop),
                false => std::fs::remove_file(path),
            }
            .map_err(failed(path))
        }
        _ => Ok(()),
    }
}

/// The file at a name that was given, emptied.
fn replace(path: &Path) -> io::Result<File> {
    private_file::replace(path, spare_precious)
}

/// The same of a file that is open.
fn emptied(mut file: File) -> io::Result<File> {
    private_file::empty(&mut file, spare_precious)?;
    Ok(file)
}

fn spare_precious(file: &mut File) -> io::Result<()> {
    match is_precious_file(file)? {
        true => Err(io::Error::other(PRECIOUS)),
        false => Ok(()),
    }
}

/// All shards of an import are given the same name; each writes beside it, or they would replace each other's.
fn of_shard(path: &Path, shard: Option<Shard>) -> PathBuf {
    // A device such as /dev/null has no neighbours to write to: all shards share it.
    let (Some(shard), Some(stem), false) = (shard, path.file_stem(), is_device(path)) else {
        return path.to_owned();
    };
    let mut name = stem.to_owned();
    name.push(format!(".{}", shard.in_file_name()));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

fn numbered(stem: &str, shape: &Shape, shard: Option<Shard>, attempt: u64) -> String {
    let part = shard.map(Shard::in_file_name);
    // Windows takes `com1.rejected.csv` for the device, too.
    let stem = match names_device(stem) {
        true => format!("_{stem}"),
        false => stem.to_owned(),
    };
    file_name(&stem, shape, part.as_deref(), attempt)
}

impl RejectsFile {
    /// Opens what will be written, without harm to what it holds.
    fn prove(&mut self) -> Result<(), RejectsError> {
        match &self.name {
            Name::Given(path) if is_pipe(path) => Err(RejectsError::new(path, "it is a pipe")),
            Name::Given(path) if is_precious(path).map_err(failed(path))? => {
                Err(RejectsError::new(path, PRECIOUS))
            }
            // To append nothing leaves what it holds.
            Name::Given(path) if is_device(path) => private_file::options()
                .append(true)
                .open(path)
                .map(drop)
                .map_err(failed(path)),
            Name::Given(path) => {
                let claim = private_file::claim(path).map_err(failed(path))?;
                self.claim = Some(claim.ok_or_else(|| RejectsError::of_another_run(path))?);
                Ok(())
            }
            Name::Free { .. } => {
                // Only the directory is proved: a file of this name may be there when the first row comes.
                let (path, file) = self.create()?;
                drop(file);
                std::fs::remove_file(&path).map_err(failed(&path))
            }
        }
    }

    fn create(&mut self) -> Result<(PathBuf, File), RejectsError> {
        match &self.name {
            Name::Given(path) => {
                let file = match self.claim.take() {
                    Some(claim) => emptied(claim),
                    None => replace(path),
                };
                Ok((path.clone(), file.map_err(failed(path))?))
            }
            Name::Free {
                directory,
                stem,
                shard,
            } => create_free(directory, stem, &self.shape, *shard),
        }
    }

    fn write(&mut self, failure: &Failure) -> Result<(), RejectsError> {
        if self.open.is_none() {
            let (path, file) = self.create()?;
            let sink = Sink::begin(&self.shape, file).map_err(failed(&path))?;
            self.open = Some(Open { path, sink });
        }
        match &mut self.open {
            Some(open) => open.sink.write(failure).map_err(failed(&open.path)),
            None => Ok(()),
        }
    }
}

fn create_free(
    directory: &Path,
    stem: &str,
    shape: &Shape,
    shard: Option<Shard>,
) -> Result<(PathBuf, File), RejectsError> {
    let mut attempt = 1;
    loop {
        let path = directory.join(numbered(stem, shape, shard, attempt));
        match private_file::options()
            .write(true)
            .create_new(true)
            .open(&path)
        {
            Ok(file) => return Ok((path, file)),
            // `create_new` decides: a check beforehand would race with another run in the same directory.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < MOST_NAMES => {
                attempt += 1;
            }
            Err(error) => return Err(failed(&path)(error)),
        }
    }
}

/// Opening a pipe would wait for its reader.
#[cfg(unix)]
fn is_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    path.metadata()
        .is_ok_and(|metadata| metadata.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_pipe(_: &Path) -> bool {
    false
}

impl Sink {
    fn begin(shape: &Shape, file: File) -> io::Result<Sink> {
        let mut sink = Sink {
            file,
            delimiter: None,
            whole: 0,
        };
        if let Shape::Table { header, delimiter } = shape {
            sink.delimiter = Some(*delimiter);
            let own = header.names.iter().filter(|name| is_own(name));
            let mut head = BOM.to_vec();
            head.extend(encoded(own.map(String::as_str).chain(COLUMNS), *delimiter)?);
            sink.append(&head)?;
        }
        Ok(sink)
    }

    fn write(&mut self, failure: &Failure) -> io::Result<()> {
        match self.delimiter {
            Some(delimiter) => self.append(&encoded(row(failure), delimiter)?),
            None => self.append(line(failure)?.as_bytes()),
        }
    }

    /// A row that does not fit is taken back: half a phone is another phone.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let written = self.file.write_all(bytes);
        match written {
            Ok(()) => self.whole += u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Err(_) => self.file.set_len(self.whole)?,
        }
        written
    }
}

#[cfg(test)]
mod tests;
