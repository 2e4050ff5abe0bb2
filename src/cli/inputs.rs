//! The inputs of an import: files that were named, or stdin.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use anyhow::bail;

use super::args::Args;
use crate::ledger::InputsId;
use crate::report::rejects::RejectsPlace;
use crate::source::{HeaderRow, Input, ReadOptions, SheetChoice};

/// The inputs that were named, or stdin where it is no terminal.
///
/// # Errors
/// No input, stdin twice, or a name for a stdin that is not read.
pub(super) fn inputs(args: &Args) -> anyhow::Result<Vec<Input>> {
    let (files, stdin) = (&args.files, args.input.input_name.as_deref());
    let is_stdin = |path: &&PathBuf| path.as_path() == Path::new("-");
    if files.is_empty() && std::io::stdin().is_terminal() {
        bail!("no input: name a file, or pipe contacts in (bp-import --help shows how)");
    }
    if files.iter().filter(is_stdin).count() > 1 {
        bail!("stdin (-) can be read only once");
    }
    let read_stdin = || stdin.map_or_else(Input::stdin, Input::named_stdin);
    if files.is_empty() {
        return Ok(vec![read_stdin()]);
    }
    if stdin.is_some() && !files.iter().any(|path| is_stdin(&path)) {
        bail!(
            "--input-name names stdin, which is not read here: leave it out, or add - to the files"
        );
    }
    let input = |path: &PathBuf| match is_stdin(&path) {
        true => read_stdin(),
        false => Input::file(path),
    };
    Ok(files.iter().map(input).collect())
}

/// Identifies the inputs for the ledger: `None` if one of them has no identity, such as a pipe without a name.
pub(super) fn inputs_id(inputs: &[Input], stdin: Option<&str>) -> Option<InputsId> {
    let identity = |input: &Input| match (input.path(), stdin) {
        (Some(path), _) => path
            .canonicalize()
            .ok()
            .filter(|path| path.is_file())
            .map(PathBuf::into_os_string),
        // No path is canonicalised to this: it is not absolute.
        (None, Some(name)) => Some(format!("-/{name}").into()),
        (None, None) => None,
    };
    let identities: Option<Vec<OsString>> = inputs.iter().map(identity).collect();
    identities.map(|identities| InputsId::of(&identities))
}

/// How inputs are read.
pub(super) fn reading(args: &Args) -> ReadOptions {
    let (input, mapping) = (&args.input, &args.mapping);
    ReadOptions {
        format: input.input_format,
        encoding: input.text.encoding,
        delimiter: input.text.delimiter,
        escape: input.text.escape,
        header: if input.text.no_header {
            HeaderRow::None
        } else {
            HeaderRow::First
        },
        sheet: input.sheet.clone(),
        pick: match (mapping.map.is_empty(), input.text.no_header) {
            (true, false) => SheetChoice::Contacts,
            _ => SheetChoice::First,
        },
        records: input.records.clone(),
    }
}

/// Where rejects go. A dry run writes them only where they are asked for.
///
/// # Errors
/// Several inputs, and a name that is no directory.
pub(super) fn rejects(args: &Args, inputs: &[Input]) -> anyhow::Result<Option<RejectsPlace>> {
    let place = match &args.output.rejects {
        None if args.output.show.dry_run => return Ok(None),
        None => RejectsPlace::Beside(PathBuf::new()),
        Some(path) if path.is_dir() => RejectsPlace::Within(path.clone()),
        Some(path) if inputs.len() > 1 => bail!(
            "--rejects {}: with several inputs it must be a directory that exists",
            path.display()
        ),
        Some(path) => RejectsPlace::Exactly(path.clone()),
    };
    Ok(Some(place))
}
