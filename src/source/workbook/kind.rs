//! Tells what a container is by its content: a workbook, or a file that is refused with a message naming its kind.
//!
//! Owns the detection. Names and extensions are ignored: downloads and mail programs change them.

use std::fs::File;
use std::io::{BufReader, Read, Seek};

use zip::ZipArchive;

use super::biff;
use super::compound_file::{self, CompoundFile};
use super::error::WorkbookError;
use crate::source::{Foreign, SourceError};

/// The formats that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WorkbookKind {
    /// .xlsx, .xlsm and .xltx
    Xlsx,
    /// .xls
    Xls,
    /// .ods
    Ods,
}

const OPEN_DOCUMENT: &[u8] = b"application/vnd.oasis.opendocument.";
const OPEN_SPREADSHEET: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// Parts, in lower case, by which other formats in a zip are recognised.
const FOREIGN_PARTS: [(&str, Foreign); 6] = [
    ("xl/workbook.bin", Foreign::BinaryWorkbook),
    ("word/document.xml", Foreign::Document),
    ("ppt/presentation.xml", Foreign::Slides),
    ("index/document.iwa", Foreign::Iwork),
    ("index.zip", Foreign::Iwork),
    ("index.xml", Foreign::Iwork),
];

/// Streams by which other compound files are recognised.
const FOREIGN_STREAMS: [(&str, Foreign); 3] = [
    ("WordDocument", Foreign::Document),
    ("PowerPoint Document", Foreign::Slides),
    ("__substg1.0_", Foreign::Mail),
];

/// Detects the format of a container.
pub(super) fn detect(file: &mut File) -> Result<WorkbookKind, SourceError> {
    let mut magic = [0; compound_file::MAGIC.len()];
    // A file shorter than the signature is not a compound file, and no error yet.
    let begins = file.read_exact(&mut magic);
    file.rewind().map_err(SourceError::Unreadable)?;
    if begins.is_ok() && magic == compound_file::MAGIC {
        detect_compound(file)
    } else {
        detect_zip(file)
    }
}

fn detect_zip(file: &mut File) -> Result<WorkbookKind, SourceError> {
    let Ok(mut archive) = ZipArchive::new(BufReader::new(&mut *file)) else {
        return Err(damaged(file));
    };
    let names: Vec<String> = archive
        .file_names_raw()
        .map(|name| {
            String::from_utf8_lossy(name)
                .to_ascii_lowercase()
                .replace('\\', "/")
        })
        .collect();
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    if has("encrypted-package") {
        return Err(WorkbookError::Password.into());
    }
    // Not only `workbook.xml`: the name is up to the program that wrote the file.
    let is_book = |name: &String| name.starts_with("xl/workbook") && name.ends_with(".xml");
    if names.iter().any(is_book) {
        return Ok(WorkbookKind::Xlsx);
    }
    let foreign = FOREIGN_PARTS.iter().find(|(name, _)| has(name));
    match mimetype(&mut archive).as_slice() {
        mime if mime.starts_with(OPEN_SPREADSHEET) => Ok(WorkbookKind::Ods),
        mime if mime.starts_with(OPEN_DOCUMENT) => Err(SourceError::Foreign(Foreign::Document)),
        _ => Err(SourceError::Foreign(
            foreign.map_or(Foreign::Zip, |(_, what)| *what),
        )),
    }
}

fn mimetype<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Vec<u8> {
    let mut mime = Vec::new();
    if let Ok(part) = archive.by_name("mimetype") {
        // One that cannot be read counts as missing: other parts still show what the file is.
        let _ = part.take(100).read_to_end(&mut mime);
    }
    mime
}

/// The error for a zip without its directory, which is at its end: the file is cut off. Its first parts still show
/// what it was meant to be.
fn damaged(file: &mut File) -> SourceError {
    let mut start = Vec::new();
    if file.rewind().is_err() || file.take(4096).read_to_end(&mut start).is_err() {
        return SourceError::Foreign(Foreign::Zip);
    }
    let holds = |name: &[u8]| start.windows(name.len()).any(|window| window == name);
    if holds(b"xl/") || holds(b"[Content_Types].xml") || holds(OPEN_SPREADSHEET) {
        WorkbookError::DAMAGED.into()
    } else {
        SourceError::Foreign(Foreign::Zip)
    }
}

fn detect_compound(file: &mut File) -> Result<WorkbookKind, SourceError> {
    let mut bytes = Vec::new();
    file.take(biff::FILE_LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(SourceError::Unreadable)?;
    if bytes.len() as u64 > biff::FILE_LIMIT {
        return Err(WorkbookError::TooLarge("it is an old Office file of more than 32 MB").into());
    }
    // A password turns any Office file into a compound file around the encrypted one (MS-OFFCRYPTO 2.3.4.4).
    let compound = CompoundFile::open(&bytes)?;
    if compound.has("EncryptedPackage") {
        return Err(WorkbookError::Password.into());
    }
    if compound.stream("Workbook").is_some() || compound.stream("Book").is_some() {
        biff::check(&bytes)?;
        return Ok(WorkbookKind::Xls);
    }
    let foreign = FOREIGN_STREAMS.iter().find(|(name, _)| compound.has(name));
    Err(SourceError::Foreign(
        foreign.map_or(Foreign::OldOffice, |(_, what)| *what),
    ))
}
